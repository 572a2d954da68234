import * as z from 'zod';
import { CustomerId, type OrganisationId, PersonId, TimeClockEntryId, TimesheetId } from '../../http/ids.ts';
import { entity } from '../../platform/entity.ts';
import { ownerOf, PlainDate } from '../people/person.ts';

/** In and out again this often in one day is a mistake. */
export const ENTRIES_MAX = 20;
export const BREAKS_MAX = 10;
/** Corrections are never dropped, so a day that has had this many takes no more. */
export const CORRECTIONS_MAX = 50;
/** Days of one employee in one answer. */
export const DAYS_MAX = 62;
/** How long after it was made a device without a network may still hand in a stamp. */
export const OFFLINE_HOURS_MAX = 72;
/** How far back hours may be corrected or entered. */
export const DAYS_BACK_MAX = 366;
/** Nobody works longer than this at a stretch (Working Environment Act, section 10-6(8): 13 hours): a stamp is missing. */
export const STINT_HOURS_MAX = 24;

export const Instant = z.iso.datetime();
/** As the device's own clock and zone said it: RFC 3339 with an offset. */
export const DeviceInstant = z.iso.datetime({ offset: true }).meta({
  id: 'DeviceInstant',
  description: 'RFC 3339 with the offset of the device.',
  examples: ['2026-11-23T07:02:11+01:00'],
});

/** Codes, no free text: why hours were changed needs no story. */
export const correctionReasons = ['forgotten', 'wrong-time', 'wrong-customer', 'agreed'] as const;

export const Break = z.strictObject({
  from: Instant,
  /** Absent while it lasts. */
  until: Instant.optional(),
});

/** One stretch of work: from a stamp in to a stamp out. */
export const TimeClockEntry = z.strictObject({
  id: TimeClockEntryId,
  startedAt: Instant,
  /** Absent while it lasts, and when `isUnended`. */
  endedAt: Instant.optional(),
  breaks: z.array(Break).max(BREAKS_MAX),
  /** Whom the work was done for, where it is said. */
  customerId: CustomerId.optional(),
  /** Nobody stamped out: the hours are not known until somebody corrects them. */
  isUnended: z.literal(true).optional(),
  /** What the device said, for stamps that came later than they were made. */
  device: z.strictObject({ startedAt: DeviceInstant.optional(), endedAt: DeviceInstant.optional() }).optional(),
});
export type TimeClockEntry = z.output<typeof TimeClockEntry>;

const Hours = TimeClockEntry.pick({ startedAt: true, endedAt: true, breaks: true, customerId: true });
export const Correction = z.strictObject({
  at: Instant,
  by: PersonId,
  reason: z.enum(correctionReasons),
  entryId: TimeClockEntryId,
  /** Absent when the hours were entered afterwards. */
  before: Hours.optional(),
  /** Absent when they were taken away. */
  after: Hours.optional(),
});

/** One employee on one local day of one organisation. What runs past midnight belongs to the day on which it began. */
export const WorkDay = z.strictObject({
  day: PlainDate,
  /** In the order of their beginning. */
  entries: z.array(TimeClockEntry).max(ENTRIES_MAX),
  corrections: z.array(Correction).max(CORRECTIONS_MAX),
  /** The time sheet that this day has been approved in: nothing of it changes while it is there. */
  approvedIn: TimesheetId.optional(),
  /** When the employee was asked whether a stamp is missing: once a day at most. */
  askedAt: Instant.optional(),
});
export type WorkDay = z.output<typeof WorkDay>;

export const workDayEntity = entity({
  name: 'work-day',
  table: 'core',
  sortKey: 'WORK-DAY',
  schema: WorkDay,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to know who worked when, and to pay for it',
  // The Working Environment Act (arbeidsmiljøloven), section 10-7: how much each has worked stands in a record.
  legalBasis: 'legal-obligation',
  article9: 'none',
  source: 'data-subject',
  retentionClass: 'attendance',
  exported: 'portable',
  onErasure: 'delete',
});
export const workDayRef = (organisationId: OrganisationId, personId: PersonId, day: string) =>
  ({ entity: workDayEntity, owner: ownerOf(organisationId, personId), key: day }) as const;

export const emptyDay = (day: string): WorkDay => ({ day, entries: [], corrections: [] });

export const timeClockPointers = {
  /** Who is at work. Attributes: `day`, the local day of the stamp in, and `since`. */
  clockedIn: (organisationId: OrganisationId, personId: PersonId | '') =>
    ({ table: 'core', pk: `${organisationId}#CLOCKED-IN`, sk: personId }) as const,
};

export const openEntryOf = ({ entries }: WorkDay): TimeClockEntry | undefined =>
  entries.find(({ endedAt, isUnended }) => endedAt === undefined && !isUnended);
