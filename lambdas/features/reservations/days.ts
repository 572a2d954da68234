import { daysAfter } from '../../platform/calendar.ts';

const MILLISECONDS_PER_DAY = 24 * 60 * 60 * 1000;

/** As ISO weeks have them. */
export const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
export type Weekday = (typeof weekdays)[number];

/** Days after Monday, 0 to 6. Days have no zone, so this is counting alone: 1 January 1970 was a Thursday. */
export const daysAfterMonday = (day: string): number => (Date.parse(day) / MILLISECONDS_PER_DAY + 3) % 7;
export const weekdayOf = (day: string): Weekday => weekdays[daysAfterMonday(day)]!;

export const mondayOf = (day: string): string => daysAfter(day, -daysAfterMonday(day));

/** Whole days from one to the other; negative when the second is earlier. */
export const daysFrom = (from: string, to: string): number =>
  (Date.parse(to) - Date.parse(from)) / MILLISECONDS_PER_DAY;

/** Both included; none when the last is before the first. */
export const eachDay = (from: string, until: string): string[] =>
  Array.from({ length: Math.max(0, daysFrom(from, until) + 1) }, (_, i) => daysAfter(from, i));
