import type { PersonId } from '../../http/ids.ts';
import { dayIn } from '../../platform/calendar.ts';
import { type AttendanceDay, emptyDay } from '../attendance/attendance-day.ts';
import { isPlacedOn, type Placement } from '../people/person.ts';
import { isChangeable, type OpeningDays, openingOn } from './opening.ts';
import { type StandingWeek, type Times, usualTimesOn } from './standing-week.ts';

/** What becomes of a child's days, decided purely. */

/** When somebody says that the child comes. */
export interface Wanted extends Times {
  readonly by: PersonId;
}

export interface Planner {
  /** Staff, and the clock: the cut-off binds guardians alone. */
  readonly mayAlways: boolean;
  readonly opening: OpeningDays;
  readonly timeZone: string;
  readonly now: Date;
  readonly placements: readonly Placement[];
}

/** Why a day was left as it is, or what became of it. */
export const outcomes = [
  'set',
  'cleared',
  'unchanged',
  'changed-by-hand',
  'absent',
  'has-been-there',
  'not-placed',
  'closed',
  'over',
  'behind-cut-off',
] as const;
export type Outcome = (typeof outcomes)[number];

export interface Planned {
  readonly day: string;
  readonly outcome: Outcome;
  /** The day as it shall be; absent where nothing changes. */
  readonly after?: AttendanceDay;
}

/** Sets the times of a day, or empties it, whatever it holds: what somebody said of this very day. */
export function plan(
  day: string,
  now: AttendanceDay | undefined,
  wanted: Wanted | undefined,
  planner: Planner,
): Planned {
  if (day < dayIn(planner.timeZone, planner.now)) return { day, outcome: 'over' };
  if (areSame(now?.expected, wanted)) return { day, outcome: 'unchanged' };
  if (wanted && openingOn(planner.opening, day).kind === 'closed') return { day, outcome: 'closed' };
  const { opening, timeZone, mayAlways } = planner;
  if (!mayAlways && !isChangeable(opening, timeZone, day, planner.now)) return { day, outcome: 'behind-cut-off' };
  return changed(day, now, wanted);
}

/** The same for many days at once: an absence, a stay and a day without a place are left alone. */
export function planGently(
  day: string,
  now: AttendanceDay | undefined,
  wanted: Wanted | undefined,
  planner: Planner,
): Planned {
  if (wanted && !mayCome(planner.placements, day)) return { day, outcome: 'not-placed' };
  const planned = plan(day, now, wanted, planner);
  if (!planned.after || !now) return planned;
  if (now.absence) return { day, outcome: 'absent' };
  return now.stays.length > 0 ? { day, outcome: 'has-been-there' } : planned;
}

/**
 * Enters a standing week into a day. `was` and `is` are the standing weeks before and now: a day that is not as the one
 * before would have had it was changed by hand, and stays so. A day that holds nothing at all has been changed by nobody.
 */
export function fill(
  day: string,
  now: AttendanceDay | undefined,
  was: readonly StandingWeek[],
  is: readonly StandingWeek[],
  planner: Planner,
): Planned {
  const [before, usual] = [usualTimesOn(was, day), usualTimesOn(is, day)];
  const isUntouched = now === undefined || (before !== undefined && areSame(now.expected, before));
  const planned = planGently(day, now, usual, planner);
  return planned.after && !isUntouched ? { day, outcome: 'changed-by-hand' } : planned;
}

/** Enters the standing week into a day that has no times, by command: whoever emptied it wants it filled after all. */
export const fillAnew = (
  day: string,
  now: AttendanceDay | undefined,
  versions: readonly StandingWeek[],
  planner: Planner,
): Planned =>
  now?.expected ? { day, outcome: 'changed-by-hand' } : planGently(day, now, usualTimesOn(versions, day), planner);

/**
 * A day that was left empty on purpose: the clock must not enter the standing week there. It then holds an empty record,
 * because somebody has been at it.
 */
export const leaveEmpty = (planned: Planned, now: AttendanceDay | undefined, isUsual: boolean): Planned =>
  planned.outcome === 'unchanged' && now === undefined && isUsual
    ? { ...planned, after: emptyDay(planned.day) }
    : planned;

/** Reports a child absent on one day of many; a day that has had the child, or on which nobody comes, is left alone. */
export function planAbsence(
  day: string,
  now: AttendanceDay | undefined,
  said: Pick<NonNullable<AttendanceDay['absence']>, 'reason' | 'by'>,
  planner: Planner,
): Planned {
  if (day < dayIn(planner.timeZone, planner.now)) return { day, outcome: 'over' };
  if (openingOn(planner.opening, day).kind === 'closed') return { day, outcome: 'closed' };
  if (!mayCome(planner.placements, day)) return { day, outcome: 'not-placed' };
  if (now && now.stays.length > 0) return { day, outcome: 'has-been-there' };
  if (now?.absence?.reason === said.reason) return { day, outcome: 'unchanged' };
  const absence = { ...said, at: planner.now.toISOString() };
  return { day, outcome: 'set', after: { ...(now ?? emptyDay(day)), absence } };
}

/** Whoever has left all groups does not come; a club may have none. */
export const mayCome = (placements: readonly Placement[], day: string): boolean =>
  placements.length === 0 || placements.some((placement) => isPlacedOn(placement, day));

function changed(day: string, now: AttendanceDay | undefined, wanted: Wanted | undefined): Planned {
  const { expected: _, ...rest } = now ?? emptyDay(day);
  if (!wanted) return { day, outcome: 'cleared', after: rest };
  const { from, until, by } = wanted;
  const expected = { from, ...(until !== undefined && { until }), by };
  return { day, outcome: 'set', after: { ...rest, expected } };
}

const areSame = (one: Times | undefined, other: Times | undefined): boolean =>
  one?.from === other?.from && one?.until === other?.until;
