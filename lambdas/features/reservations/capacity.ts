import type { Times } from './standing-week.ts';

/**
 * The Norwegian norm of staff (Barnehageloven § 26): at least one for three children under three years, and one for six
 * who are older. A child counts as older from August of the year in which it becomes three.
 */
const CHILDREN_PER_STAFF_UNDER_THREE = 3;
const CHILDREN_PER_STAFF_OVER_THREE = 6;
const AUGUST = '08';

const MINUTES_PER_SLOT = 30;
const SLOTS = (24 * 60) / MINUTES_PER_SLOT;

export interface ExpectedChild {
  readonly birthDate: string | undefined;
  /** When the child is expected; one who is absent, or of whom nobody said when, has none. */
  readonly times: Times | undefined;
}

export interface HalfHour {
  readonly from: string;
  readonly underThree: number;
  readonly overThree: number;
  readonly staffNeeded: number;
  readonly staffPlanned: number;
  /** How many more would be needed. */
  readonly short: number;
}

/** Whether a child counts as over three on a day. Of whom no date of birth is held, the more careful is supposed. */
export function countsAsOverThree(birthDate: string | undefined, day: string): boolean {
  if (birthDate === undefined) return false;
  const turnsThree = Number(birthDate.slice(0, 4)) + 3;
  const [year, month] = [Number(day.slice(0, 4)), day.slice(5, 7)];
  return year > turnsThree || (year === turnsThree && month >= AUGUST);
}

export const staffNeededFor = (underThree: number, overThree: number): number =>
  Math.ceil(
    // In sixths of one, so that nothing is lost to rounding before the end.
    (underThree * (CHILDREN_PER_STAFF_OVER_THREE / CHILDREN_PER_STAFF_UNDER_THREE) + overThree) /
      CHILDREN_PER_STAFF_OVER_THREE,
  );

/**
 * Children expected at some time of each half hour, against staff planned for the whole of it. Half hours with neither
 * are left out. `closesAt`: when a child leaves of whom nobody said when; one that comes later stays half an hour.
 */
export function capacityOn(
  day: string,
  children: readonly ExpectedChild[],
  periods: readonly { readonly from: string; readonly until: string; readonly staff: number }[],
  closesAt: string,
): HalfHour[] {
  const present = children.flatMap(({ times, birthDate }) =>
    times
      ? [{ isOverThree: countsAsOverThree(birthDate, day), from: minutes(times.from), until: leaving(times, closesAt) }]
      : [],
  );
  return Array.from({ length: SLOTS }, (_, i) => i * MINUTES_PER_SLOT).flatMap((start) => {
    const end = start + MINUTES_PER_SLOT;
    const there = present.filter(({ from, until }) => from < end && until > start);
    const overThree = there.filter(({ isOverThree }) => isOverThree).length;
    const underThree = there.length - overThree;
    const staffPlanned = periods
      .filter(({ from, until }) => minutes(from) <= start && minutes(until) >= end)
      .reduce((all, { staff }) => all + staff, 0);
    if (there.length === 0 && staffPlanned === 0) return [];
    const staffNeeded = staffNeededFor(underThree, overThree);
    const short = Math.max(0, staffNeeded - staffPlanned);
    return [{ from: timeOfDay(start), underThree, overThree, staffNeeded, staffPlanned, short }];
  });
}

function leaving({ from, until }: Times, closesAt: string): number {
  if (until !== undefined) return minutes(until);
  return Math.max(minutes(closesAt), minutes(from) + MINUTES_PER_SLOT);
}

const minutes = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
const timeOfDay = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
