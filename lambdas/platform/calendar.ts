import { Temporal } from 'temporal-polyfill';

/** Days, weeks and terms as people mean them: in a zone, by the calendar (design, section 1, *Time*). */

/** The day (`YYYY-MM-DD`) that it is in a zone at an instant. */
export const dayIn = (timeZone: string, at: Date): string => zoned(timeZone, at).toPlainDate().toString();

/** The time of day (`HH:MM`) in a zone at an instant. */
export const timeOfDayIn = (timeZone: string, at: Date): string =>
  zoned(timeZone, at).toPlainTime().toString({ smallestUnit: 'minute' });

/** The instant at which a time of a day is in a zone; in the hour that DST skips, the one after it. */
export const instantOf = (timeZone: string, day: string, timeOfDay = '00:00'): Date =>
  new Date(
    Temporal.PlainDate.from(day).toZonedDateTime({ timeZone, plainTime: Temporal.PlainTime.from(timeOfDay) })
      .epochMilliseconds,
  );

export const daysAfter = (day: string, days: number): string => Temporal.PlainDate.from(day).add({ days }).toString();

/** Calendar months after an instant, ending at 24:00 of that local day: 31 January plus one is 28 or 29 February. */
export function endOfTerm(timeZone: string, from: Date, months: number): Date {
  const lastDay = zoned(timeZone, from).toPlainDate().add({ months });
  return new Date(lastDay.add({ days: 1 }).toZonedDateTime(timeZone).epochMilliseconds);
}

/** The seven days of an ISO week (`2026-W47`), Monday first; undefined for a week that the year does not have. */
export function daysOfWeek(week: string): string[] | undefined {
  const parts = /^(\d{4})-W(\d{2})$/.exec(week);
  if (!parts) return undefined;
  const [year, number] = [Number(parts[1]), Number(parts[2])];
  // 4 January is always in week 1 (ISO 8601).
  const fourth = Temporal.PlainDate.from({ year, month: 1, day: 4 });
  const monday = fourth.subtract({ days: fourth.dayOfWeek - 1 }).add({ weeks: number - 1 });
  if (number < 1 || monday.weekOfYear !== number) return undefined;
  return Array.from({ length: 7 }, (_, i) => monday.add({ days: i }).toString());
}

export function weekOf(day: string): string {
  const date = Temporal.PlainDate.from(day);
  return `${date.yearOfWeek}-W${String(date.weekOfYear).padStart(2, '0')}`;
}

const zoned = (timeZone: string, at: Date) =>
  Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone);
