import * as z from 'zod';
import { type OrganisationId, PersonId } from '../../http/ids.ts';
import { daysAfter, instantOf } from '../../platform/calendar.ts';
import { entity } from '../../platform/entity.ts';
import { ownerOf, PlainDate } from '../people/person.ts';

/** Stays of one child on one day: in and out again this often is a mistake. */
export const STAYS_MAX = 20;
/** Corrections are never dropped, so a day that has had this many takes no more. */
export const CORRECTIONS_MAX = 50;

/** How far back staff may still enter a stay or an absence that nobody entered on its day. */
export const DAYS_BACK_MAX = 31;

/** Days of one child in one answer. */
export const DAYS_MAX = 31;

export const Instant = z.iso.datetime();
export const TimeOfDay = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
  .meta({ id: 'TimeOfDay', description: "HH:MM in the organisation's zone.", examples: ['08:15'] });
/** Counts from 1 within the day, and is never used again. */
export const StayId = z
  .string()
  .regex(/^[1-9]\d?$/)
  .meta({ id: 'StayId', description: 'Tells the stays of one day apart.', examples: ['1'] });

/**
 * Codes, no free text. None of them says that a child is ill: who is expected can be known without health data
 * (GDPR Art. 9; CE-03), and what else a guardian wants to say is said to a person.
 */
export const absenceReasons = ['holiday', 'other'] as const;
export const correctionReasons = ['forgotten', 'wrong-time', 'wrong-child'] as const;

export const Stay = z.strictObject({
  id: StayId,
  checkedInAt: Instant,
  checkedInBy: PersonId,
  /** Absent while the child is there. */
  checkedOutAt: Instant.optional(),
  checkedOutBy: PersonId.optional(),
  /** Nobody checked the child out: the stay ended with the day. */
  closedBySystem: z.literal(true).optional(),
});
export type Stay = z.output<typeof Stay>;

const Times = z.strictObject({ checkedInAt: Instant, checkedOutAt: Instant.optional() });
export const Correction = z.strictObject({
  at: Instant,
  by: PersonId,
  reason: z.enum(correctionReasons),
  stayId: StayId,
  /** Absent when the stay was entered afterwards. */
  before: Times.optional(),
  /** Absent when the stay was taken away. */
  after: Times.optional(),
});

export const AttendanceDay = z.strictObject({
  day: PlainDate,
  expected: z.strictObject({ from: TimeOfDay, until: TimeOfDay.optional(), by: PersonId }).optional(),
  absence: z.strictObject({ reason: z.enum(absenceReasons), by: PersonId, at: Instant }).optional(),
  /** In the order of their beginning. */
  stays: z.array(Stay).max(STAYS_MAX),
  corrections: z.array(Correction).max(CORRECTIONS_MAX),
  /** When the guardians were asked where the child is: once a day at most. */
  missedArrivalToldAt: Instant.optional(),
});
export type AttendanceDay = z.output<typeof AttendanceDay>;

/** One child on one local day of one organisation (FW-03). */
export const attendanceDayEntity = entity({
  name: 'attendance-day',
  table: 'core',
  sortKey: 'DAY',
  schema: AttendanceDay,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to know who is expected, who is there and since when',
  legalBasis: 'controllers-agreement',
  article9: 'none',
  source: 'controller',
  retentionClass: 'attendance',
  exported: 'portable',
  onErasure: 'delete',
});

export const attendanceDayRef = (organisationId: OrganisationId, personId: PersonId, day: string) =>
  ({ entity: attendanceDayEntity, owner: ownerOf(organisationId, personId), key: day }) as const;

/** Rows of ids and instants that the clock finds children by; the sealed days stay the truth. */
export const attendancePointers = {
  /** A child that is checked in. Attribute: `day`, the local day of the stay. */
  open: (organisationId: OrganisationId, personId: PersonId) =>
    ({ table: 'core', pk: `${organisationId}#OPEN`, sk: personId }) as const,
  /**
   * A child that is awaited on a day and has not come. Attribute: `expectedAtEpochSeconds`. All days lie together, so
   * that a clock that has stood still finds the old ones too.
   */
  expected: (organisationId: OrganisationId, day: string, personId: PersonId | '') =>
    ({ table: 'core', pk: `${organisationId}#EXPECTED`, sk: `${day}#${personId}` }) as const,
};

export const emptyDay = (day: string): AttendanceDay => ({ day, stays: [], corrections: [] });

/** 00:00 and 24:00 of a local day, as instants: 23, 24 or 25 hours apart. */
export interface DayBounds {
  readonly start: string;
  readonly end: string;
}
export const boundsOf = (timeZone: string, day: string): DayBounds => ({
  start: instantOf(timeZone, day).toISOString(),
  end: instantOf(timeZone, daysAfter(day, 1)).toISOString(),
});

export const openStayOf = ({ stays }: AttendanceDay): Stay | undefined =>
  stays.find(({ checkedOutAt }) => checkedOutAt === undefined);

/** Expected, and nothing has been seen or heard of the child; the guardians have not been asked either. */
export const isAwaited = ({ expected, absence, stays, missedArrivalToldAt }: AttendanceDay): boolean =>
  expected !== undefined && absence === undefined && stays.length === 0 && missedArrivalToldAt === undefined;

export const states = ['expected', 'in', 'out', 'absent', 'unknown'] as const;
export type AttendanceState = (typeof states)[number];

/** Where the child is as far as we know, and since when (`in` and `out` only). */
export function stateOf(day: AttendanceDay): { readonly state: AttendanceState; readonly since?: string } {
  const open = openStayOf(day);
  if (open) return { state: 'in', since: open.checkedInAt };
  const left = day.stays.at(-1)?.checkedOutAt;
  if (left !== undefined) return { state: 'out', since: left };
  if (day.absence) return { state: 'absent' };
  return { state: day.expected ? 'expected' : 'unknown' };
}
