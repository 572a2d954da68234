import * as z from 'zod';
import type { RoleCaller } from '../../http/call.ts';
import { GroupId, PersonId } from '../../http/ids.ts';
import { type PersonRecord, PersonRecord as PersonRecordSchema } from '../people/person.ts';
import { AttendanceDay, boundsOf, Instant, STAYS_MAX, Stay, stateOf, states } from './attendance-day.ts';
import { asOf } from './decisions.ts';

/**
 * What each audience sees of a day: one explicit schema each. Who of the staff held the door, and who corrected what,
 * stays between the organisation and its staff.
 */
const shape = AttendanceDay.shape;
const common = {
  day: shape.day,
  timeZone: z.string().meta({ description: "The organisation's zone, in which the day is a day." }),
  state: z.enum(states),
  since: Instant.optional().meta({ description: 'Since when the child is in or out.' }),
};
const addressed = {
  personId: PersonId,
  version: z.int().min(1).meta({ description: 'The version that `If-Match` takes; 1 for a day without anything.' }),
};

/** The times, and nobody's id: for a guardian, or the member itself. */
export const OwnDay = z
  .strictObject({
    ...common,
    expected: shape.expected.unwrap().omit({ by: true }).optional(),
    absence: shape.absence.unwrap().pick({ reason: true }).optional(),
    stays: z.array(Stay.omit({ checkedInBy: true, checkedOutBy: true })).max(STAYS_MAX),
  })
  .meta({ id: 'OwnAttendanceDay' });
type OwnDay = z.output<typeof OwnDay>;

const DayForGuardian = z.strictObject({ shownTo: z.literal('guardian'), ...addressed, ...OwnDay.shape });
const DayForStaff = z.strictObject({
  shownTo: z.literal('organisation'),
  ...addressed,
  ...common,
  expected: shape.expected,
  absence: shape.absence,
  stays: shape.stays,
  corrections: shape.corrections,
  missedArrivalToldAt: shape.missedArrivalToldAt,
});
export const Attendance = z
  .discriminatedUnion('shownTo', [DayForStaff, DayForGuardian])
  .meta({ id: 'Attendance', description: 'One child on one day. How much is shown depends on the role.' });
export type Attendance = z.output<typeof Attendance>;

/** A child on a group's list. No field for an address, nor for whether it is protected. */
export const GroupEntry = z
  .strictObject({
    personId: PersonId,
    firstName: PersonRecordSchema.shape.firstName,
    lastName: PersonRecordSchema.shape.lastName,
    expected: shape.expected.unwrap().omit({ by: true }).optional(),
    state: common.state,
    since: common.since,
  })
  .meta({ id: 'GroupEntry' });
export type GroupEntry = z.output<typeof GroupEntry>;

/** Who is or was in one group; what is beyond has to be looked for under People. */
export const GROUP_MEMBERS_MAX = 1000;
export const GroupList = z
  .strictObject({
    groupId: GroupId,
    day: shape.day,
    timeZone: common.timeZone,
    items: z.array(GroupEntry).max(GROUP_MEMBERS_MAX),
  })
  .meta({ id: 'GroupList' });

/** A day as it is now, in its zone. */
export interface Seen {
  readonly day: AttendanceDay;
  readonly timeZone: string;
  readonly now: string;
}

export function ownDay({ day, timeZone, now }: Seen): OwnDay {
  const { expected, absence, stays, ...rest } = asOf(day, now, boundsOf(timeZone, day.day));
  return {
    day: day.day,
    timeZone,
    ...stateOf({ ...rest, expected, absence, stays }),
    ...(expected && { expected: timesOf(expected) }),
    ...(absence && { absence: { reason: absence.reason } }),
    stays: stays.map(({ checkedInBy: _, checkedOutBy: __, ...times }) => times),
  };
}

export function attendanceFor(caller: RoleCaller, personId: PersonId, version: number, seen: Seen): Attendance {
  // Guardians of the child, and members about themselves.
  if (caller.role === 'guardian' || caller.role === 'member')
    return { shownTo: 'guardian', personId, version, ...ownDay(seen) };
  const day = asOf(seen.day, seen.now, boundsOf(seen.timeZone, seen.day.day));
  return { shownTo: 'organisation', personId, version, timeZone: seen.timeZone, ...stateOf(day), ...day };
}

export function groupEntry({ id, firstName, lastName }: PersonRecord, { day, timeZone, now }: Seen): GroupEntry {
  const present = asOf(day, now, boundsOf(timeZone, day.day));
  return {
    personId: id,
    firstName,
    lastName,
    ...(present.expected && { expected: timesOf(present.expected) }),
    ...stateOf(present),
  };
}

const timesOf = ({ by: _, ...times }: NonNullable<AttendanceDay['expected']>) => times;
