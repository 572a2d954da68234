import type { TimeClockEntry } from './work-day.ts';

type Hours = Pick<TimeClockEntry, 'startedAt' | 'endedAt' | 'breaks'>;

/** Whole minutes of work, without breaks; seconds begun are not counted. 0 while the end is not known. Pure. */
export function minutesOf(hours: Hours): number {
  if (hours.endedAt === undefined) return 0;
  const all = millisecondsBetween(hours.startedAt, hours.endedAt);
  return Math.floor((all - breakMillisecondsOf(hours)) / 60_000);
}

/** Whole minutes of breaks that have ended. Pure. */
export const breakMinutesOf = (hours: Hours): number => Math.floor(breakMillisecondsOf(hours) / 60_000);

const breakMillisecondsOf = ({ breaks }: Hours): number =>
  breaks.reduce((sum, { from, until }) => sum + (until === undefined ? 0 : millisecondsBetween(from, until)), 0);

/** What passes between two instants: a night when clocks are moved is as long as it is. */
const millisecondsBetween = (from: string, until: string) => Date.parse(until) - Date.parse(from);
