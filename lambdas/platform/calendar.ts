// The functions, not the classes: they leave 32 KB of calendars and classes out of nearly every bundle.
import * as Calendar from 'temporal-polyfill/fns/Calendar';
import * as Instant from 'temporal-polyfill/fns/Instant';
import * as PlainDate from 'temporal-polyfill/fns/PlainDate';
import * as PlainTime from 'temporal-polyfill/fns/PlainTime';
import * as ZonedDateTime from 'temporal-polyfill/fns/ZonedDateTime';

/** Days, weeks and terms as people mean them: in a zone, by the calendar (design, section 1, *Time*). */

/** The day (`YYYY-MM-DD`) that it is in a zone at an instant. */
export const dayIn = (timeZone: string, at: Date): string => PlainDate.toString(localDate(timeZone, at));

/** The time of day (`HH:MM`) in a zone at an instant. */
export const timeOfDayIn = (timeZone: string, at: Date): string =>
  PlainTime.toString(ZonedDateTime.toPlainTime(zoned(timeZone, at)), { smallestUnit: 'minute' });

/** The instant at which a time of a day is in a zone; in the hour that DST skips, the one after it. */
export const instantOf = (timeZone: string, day: string, timeOfDay = '00:00'): Date =>
  new Date(
    PlainDate.toZonedDateTime(date(day), { timeZone, plainTime: PlainTime.fromString(timeOfDay) }).epochMilliseconds,
  );

export const daysAfter = (day: string, days: number): string => PlainDate.toString(PlainDate.addDays(date(day), days));

/** Calendar months after an instant, ending at 24:00 of that local day: 31 January plus one is 28 or 29 February. */
export function endOfTerm(timeZone: string, from: Date, months: number): Date {
  const lastDay = PlainDate.addMonths(localDate(timeZone, from), months);
  return new Date(PlainDate.toZonedDateTime(PlainDate.addDays(lastDay, 1), timeZone).epochMilliseconds);
}

/** The seven days of an ISO week (`2026-W47`), Monday first; undefined for a week that the year does not have. */
export function daysOfWeek(week: string): string[] | undefined {
  const parts = /^(\d{4})-W(\d{2})$/.exec(week);
  if (!parts) return undefined;
  const [year, number] = [Number(parts[1]), Number(parts[2])];
  // 4 January is always in week 1 (ISO 8601).
  const fourth = PlainDate.create(year, 1, 4);
  const monday = PlainDate.addDays(fourth, 1 - PlainDate.dayOfWeek(fourth) + 7 * (number - 1));
  if (number < 1 || PlainDate.weekOfYear(monday) !== number) return undefined;
  return Array.from({ length: 7 }, (_, i) => PlainDate.toString(PlainDate.addDays(monday, i)));
}

export function weekOf(day: string): string {
  const on = date(day);
  return `${PlainDate.yearOfWeek(on)}-W${String(PlainDate.weekOfYear(on)).padStart(2, '0')}`;
}

const date = (day: string) => PlainDate.fromString(day, Calendar.getISO);
const localDate = (timeZone: string, at: Date) => ZonedDateTime.toPlainDate(zoned(timeZone, at));
const zoned = (timeZone: string, at: Date) =>
  Instant.toZonedDateTimeISO(Instant.fromEpochMilliseconds(at.getTime()), timeZone);
