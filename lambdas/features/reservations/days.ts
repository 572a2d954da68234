import { daysAfter } from '../../platform/calendar.ts';

const MILLISECONDS_PER_DAY = 24 * 60 * 60 * 1000;

/** 1 is Monday, 7 is Sunday (ISO 8601). Days have no zone, so this is counting alone. */
export const weekdayOf = (day: string): number => ((Date.parse(day) / MILLISECONDS_PER_DAY + 3) % 7) + 1;

export const mondayOf = (day: string): string => daysAfter(day, 1 - weekdayOf(day));

/** Whole days from one to the other; negative when the second is earlier. */
export const daysFrom = (from: string, to: string): number =>
  (Date.parse(to) - Date.parse(from)) / MILLISECONDS_PER_DAY;

/** Both included; none when the last is before the first. */
export const eachDay = (from: string, until: string): string[] =>
  Array.from({ length: Math.max(0, daysFrom(from, until) + 1) }, (_, i) => daysAfter(from, i));
