import * as z from 'zod';
import type { RoleCaller } from '../../http/call.ts';
import { GroupId, LogEntryId, PersonId } from '../../http/ids.ts';
import { Instant } from '../attendance/attendance-day.ts';
import { PersonRecord, PlainDate } from '../people/person.ts';
import { ContentForGuardian, forGuardian, HealthContent, isHealth, PlainContent } from './content.ts';
import { countsOf, LogCounts } from './day-summary.ts';
import { CORRECTIONS_MAX, type LogEntry, type StoredEntry, VisibleTo } from './entry.ts';

/** Of each sort, health or not: what is beyond is found by asking for fewer days. */
export const ENTRIES_MAX = 500;
/** Children that one bulk entry is about: five writes each, and a hundred in a transaction. */
export const CHILDREN_MAX = 18;
/** Placed in one group on one day: more are no group that anybody could look after. */
export const GROUP_CHILDREN_MAX = 60;

const By = z.strictObject({ by: PersonId, at: Instant });
const content = z.discriminatedUnion('kind', [...PlainContent.options, ...HealthContent.options]);

const addressed = {
  id: LogEntryId,
  personId: PersonId,
  day: PlainDate,
  version: z.int().min(1).meta({ description: 'The version that `If-Match` takes.' }),
};

const EntryForStaff = z.strictObject({
  shownTo: z.literal('organisation'),
  ...addressed,
  content,
  isHealth: z.boolean(),
  visibleTo: VisibleTo,
  by: PersonId,
  createdAt: Instant,
  confirmed: By.optional(),
  corrections: z
    .array(
      z.strictObject({
        at: Instant,
        by: PersonId,
        before: z.strictObject({ content, visibleTo: VisibleTo, confirmed: By.optional() }),
      }),
    )
    .max(CORRECTIONS_MAX),
  removed: By.optional(),
});
/** Who of the staff wrote it, gave or confirmed something stays between the organisation and its staff. */
const EntryForGuardian = z.strictObject({
  shownTo: z.literal('guardian'),
  ...addressed,
  content: ContentForGuardian,
  isConfirmed: z.boolean().meta({ description: 'A second member of staff vouches for it.' }),
  isCorrected: z.boolean(),
});
export const LogEntryView = z
  .discriminatedUnion('shownTo', [EntryForStaff, EntryForGuardian])
  .meta({ id: 'LogEntry', description: 'One entry about one child. How much is shown depends on the role.' });
export type LogEntryView = z.output<typeof LogEntryView>;

export const ChildLog = z
  .strictObject({
    personId: PersonId,
    timeZone: z.string(),
    /** By the time at which each happened. */
    items: z.array(LogEntryView).max(2 * ENTRIES_MAX),
    isCutShort: z.boolean().meta({ description: 'There was more: ask for fewer days.' }),
  })
  .meta({ id: 'ChildLog' });

export const DaySummary = z
  .strictObject({ personId: PersonId, day: PlainDate, timeZone: z.string(), ...LogCounts.shape })
  .meta({ id: 'ChildDaySummary', description: 'What the caller may see of a day, in numbers.' });

const { sleeps, minutesAsleep, asleepSince, meals, nappies } = LogCounts.shape;
const GroupLogEntry = z
  .strictObject({
    personId: PersonId,
    firstName: PersonRecord.shape.firstName,
    lastName: PersonRecord.shape.lastName,
    sleeps,
    minutesAsleep,
    asleepSince,
    meals,
    lastMealAt: Instant.optional(),
    nappies,
    lastNappyAt: Instant.optional(),
  })
  .meta({ id: 'GroupLogEntry' });
type GroupLogEntry = z.output<typeof GroupLogEntry>;

/** Who has slept and eaten: no notes, and nothing of anybody's health. */
export const GroupLog = z
  .strictObject({
    groupId: GroupId,
    day: PlainDate,
    timeZone: z.string(),
    items: z.array(GroupLogEntry).max(GROUP_CHILDREN_MAX),
  })
  .meta({ id: 'GroupLog' });

const isGuardian = ({ role }: RoleCaller) => role !== 'leader' && role !== 'staff';

/** Staff see all of it; a guardian what is for guardians and has not been taken away. Pure. */
export const maySee = (caller: RoleCaller, { visibleTo, removed }: LogEntry): boolean =>
  !isGuardian(caller) || (visibleTo === 'guardians' && removed === undefined);

export function entryFor(caller: RoleCaller, personId: PersonId, { value, version }: StoredEntry): LogEntryView {
  const { id, day } = value;
  if (isGuardian(caller)) {
    return {
      shownTo: 'guardian',
      id,
      personId,
      day,
      version,
      content: forGuardian(value.content),
      isConfirmed: value.confirmed !== undefined,
      isCorrected: value.corrections.length > 0,
    };
  }
  const isAboutHealth = isHealth(value.content);
  const corrections = [...value.corrections];
  return { shownTo: 'organisation', ...value, corrections, personId, version, isHealth: isAboutHealth };
}

export function groupLogEntry(
  { id, firstName, lastName }: PersonRecord,
  entries: readonly LogEntry[],
  timeZone: string,
  now: Date,
): GroupLogEntry {
  const counts = countsOf(entries, timeZone, now);
  const last = (kind: string) => {
    const times = entries.flatMap(({ content: each, removed }) => (each.kind === kind && !removed ? [each.at] : []));
    return times.sort().at(-1);
  };
  const [lastMealAt, lastNappyAt] = [last('meal'), last('nappy')];
  return {
    personId: id,
    firstName,
    lastName,
    sleeps: counts.sleeps,
    minutesAsleep: counts.minutesAsleep,
    ...(counts.asleepSince !== undefined && { asleepSince: counts.asleepSince }),
    meals: counts.meals,
    ...(lastMealAt !== undefined && { lastMealAt }),
    nappies: counts.nappies,
    ...(lastNappyAt !== undefined && { lastNappyAt }),
  };
}
