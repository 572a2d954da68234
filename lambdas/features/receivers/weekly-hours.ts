import * as z from 'zod';
import { dayIn, daysAfter, instantOf } from '../../platform/calendar.ts';
import { weekdayOf, weekdays } from '../reservations/days.ts';

/** Stretches of one week: more is a mistake. */
const STRETCHES_MAX = 50;
/** Whatever comes next in a week that is not empty comes within so many days, the one of today and of next week included. */
const DAYS_AHEAD_MAX = 8;

const Beginning = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);
const End = z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/);

const Stretch = z
  .strictObject({
    days: z
      .array(z.enum(weekdays))
      .min(1)
      .max(weekdays.length)
      .refine((days) => new Set(days).size === days.length, 'Each day once.')
      .meta({ description: 'The days on which it begins.' }),
    from: Beginning.meta({ examples: ['22:00'] }),
    until: End.meta({ description: 'Not after `from`: on the next day.', examples: ['06:00'] }),
  })
  .meta({ id: 'WeeklyStretch' });

/** Hours of every week in the organisation's zone: `22:00` to `06:00` goes over midnight, `24:00` is the day's end. */
export const WeeklyHours = z
  .array(Stretch)
  .min(1)
  .max(STRETCHES_MAX)
  .meta({ id: 'WeeklyHours', description: "Wall-clock times in the organisation's zone; absent means always." });
export type WeeklyHours = z.output<typeof WeeklyHours>;

/** Whether an instant lies in the hours; each stretch holds its beginning and not its end. Absent hours are all hours. */
export const isWithin = (hours: WeeklyHours | undefined, at: Date, timeZone: string): boolean =>
  hours === undefined ||
  // Yesterday's may go over midnight.
  spansFrom(hours, daysAfter(dayIn(timeZone, at), -1), 2, timeZone).some(({ from, until }) => from <= at && at < until);

/** The first instant, this one included, that lies in the hours; every week has one. */
export function nextWithin(hours: WeeklyHours | undefined, at: Date, timeZone: string): Date {
  if (hours === undefined || isWithin(hours, at, timeZone)) return at;
  const later = spansFrom(hours, dayIn(timeZone, at), DAYS_AHEAD_MAX, timeZone)
    .map(({ from }) => from.getTime())
    .filter((from) => from > at.getTime());
  // A stretch that DST swallows this week comes again the week after.
  if (later.length === 0) return nextWithin(hours, instantOf(timeZone, daysAfter(dayIn(timeZone, at), 7)), timeZone);
  return new Date(Math.min(...later));
}

interface Span {
  readonly from: Date;
  readonly until: Date;
}

/** As instants, so that a night of 23 or 25 hours is as long as it is. */
function spansFrom(hours: WeeklyHours, firstDay: string, days: number, timeZone: string): Span[] {
  return Array.from({ length: days }, (_, i) => daysAfter(firstDay, i)).flatMap((day) =>
    hours
      .filter((stretch) => stretch.days.includes(weekdayOf(day)))
      .map(({ from, until }) => {
        const isNextDay = until <= from || until === '24:00';
        const end = instantOf(timeZone, isNextDay ? daysAfter(day, 1) : day, until === '24:00' ? '00:00' : until);
        return { from: instantOf(timeZone, day, from), until: end };
      })
      .filter(({ from, until }) => from < until),
  );
}
