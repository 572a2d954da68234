import * as z from 'zod';
import { LogEntryId, type OrganisationId, PersonId } from '../../http/ids.ts';
import { daysAfter, instantOf } from '../../platform/calendar.ts';
import { entity, type Owner } from '../../platform/entity.ts';
import type { Pointer, Stored } from '../../platform/records.ts';
import { Instant } from '../attendance/attendance-day.ts';
import { ownerOf, PlainDate } from '../people/person.ts';
import { HealthContent, type LogContent, PlainContent } from './content.ts';

/** Corrections are never dropped, so an entry that has had this many takes no more. */
export const CORRECTIONS_MAX = 20;

export const VisibleTo = z.enum(['guardians', 'staff']).meta({
  description: '`guardians`: those who may know of the child, and staff. `staff`: staff alone.',
});

const By = z.strictObject({ by: PersonId, at: Instant });

const entryOf = <C extends z.ZodType>(content: C) =>
  z.strictObject({
    id: LogEntryId,
    /** The organisation's local day on which it happened or began. */
    day: PlainDate,
    content,
    visibleTo: VisibleTo,
    by: PersonId,
    createdAt: Instant,
    /** A second member of staff vouches for it. */
    confirmed: By.optional(),
    /** What stood there before, the oldest first. */
    corrections: z
      .array(
        z.strictObject({
          at: Instant,
          by: PersonId,
          before: z.strictObject({ content, visibleTo: VisibleTo, confirmed: By.optional() }),
        }),
      )
      .max(CORRECTIONS_MAX),
    /** Taken away after the time in which its author may undo it: staff still see that it stood there. */
    removed: By.optional(),
  });

const PlainEntry = entryOf(PlainContent);
const HealthEntry = entryOf(HealthContent);
export type LogEntry = Omit<z.output<typeof PlainEntry>, 'content' | 'corrections'> & {
  readonly content: LogContent;
  readonly corrections: readonly Correction[];
};
export interface Correction {
  readonly at: string;
  readonly by: PersonId;
  readonly before: Pick<LogEntry, 'content' | 'visibleTo' | 'confirmed'>;
}

const ofAChild = {
  table: 'core',
  schemaVersion: 1,
  ourRole: 'processor',
  legalBasis: 'controllers-agreement',
  source: 'controller',
  retentionClass: 'daily-life',
  exported: 'copy',
  onErasure: 'delete',
} as const;

/** One entry about one child (KP-04): in the child's partition, under its day. */
export const logEntryEntity = entity({
  ...ofAChild,
  name: 'log-entry',
  sortKey: 'LOG',
  schema: PlainEntry,
  purpose: 'to tell guardians and staff how a child’s day was',
  article9: 'none',
});

/** Medicine, incidents and notes on health. The sort key says nothing of that: keys are not sealed. */
export const healthEntryEntity = entity({
  ...ofAChild,
  name: 'health-entry',
  sortKey: 'CARE',
  schema: HealthEntry,
  purpose: 'to look after a child that needs medicine or was hurt, and to tell its guardians',
  article9: 'health-or-social-care',
});

type LogEntity = typeof logEntryEntity | typeof healthEntryEntity;
export type StoredEntry = Pick<Stored<LogEntity>, 'version'> & { readonly value: LogEntry };

export const keyOfEntry = (day: string, id: LogEntryId | '') => `${day}#${id}`;
export const logEntryRef = (organisationId: OrganisationId, childId: PersonId, day: string, id: LogEntryId) =>
  ({ entity: logEntryEntity, owner: ownerOf(organisationId, childId), key: keyOfEntry(day, id) }) as const;
export const healthEntryRef = (organisationId: OrganisationId, childId: PersonId, day: string, id: LogEntryId) =>
  ({ entity: healthEntryEntity, owner: ownerOf(organisationId, childId), key: keyOfEntry(day, id) }) as const;

const HOURS_AFTER_THE_DAY = 24;

/** Rows of ids, days and instants; the sealed entries stay the truth. */
export const logPointers = {
  /** That a child sleeps. Attribute: `entry`, day and id of the sleep. In the child's partition. */
  asleep: ({ controller, subject }: Owner) =>
    ({ table: 'core', pk: `${controller}#${subject}`, sk: 'ASLEEP' }) as const,
  /** Whose guardians may have something to be told of a day; gone a day after it. */
  today: (organisationId: OrganisationId, timeZone: string, day: string, childId: PersonId | ''): Pointer => ({
    table: 'transient',
    pk: `${organisationId}#LOG-DAY#${day}`,
    sk: childId,
    expiresAtEpochSeconds: afterTheDay(timeZone, day),
  }),
  /** That the guardians of a child were told of a day. */
  told: ({ controller, subject }: Owner, timeZone: string, day: string): Pointer => ({
    table: 'transient',
    pk: `${controller}#${subject}`,
    sk: `LOG-TOLD#${day}`,
    expiresAtEpochSeconds: afterTheDay(timeZone, day),
  }),
};

/** 24:00 of a local day. */
export const endOf = (timeZone: string, day: string): Date => instantOf(timeZone, daysAfter(day, 1));

const afterTheDay = (timeZone: string, day: string) =>
  Math.floor(endOf(timeZone, day).getTime() / 1000) + HOURS_AFTER_THE_DAY * 3600;
