import { Temporal } from 'temporal-polyfill';

export interface ScheduleExpression {
  /**
   * The latest moment after `since` and not after `until` at which the schedule is due, or nothing.
   * All in milliseconds of the epoch; `anchor` is when the schedule was made: rates count from there.
   */
  latestDue(since: number, until: number, anchor: number): number | undefined;
}

const unitMilliseconds: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * Reads `rate(…)`, `cron(…)` and `at(…)` (EventBridge Scheduler user guide, "Schedule types"). Cron and at are in the zone's
 * local time; a time that a change to summer time leaves out is skipped. Throws for anything else.
 */
export function scheduleExpression(text: string, zone = 'UTC'): ScheduleExpression {
  const [, kind, body = ''] = /^(rate|cron|at)\((.+)\)$/.exec(text.trim()) ?? [];
  if (kind === 'rate') return rate(body, text);
  if (kind === 'at') return at(body, zone);
  if (kind === 'cron') return cron(body, zone, text);
  throw new Error(`${text} is no schedule expression`);
}

function rate(body: string, text: string): ScheduleExpression {
  const [, count = '', unit = ''] = /^(\d+) (minute|hour|day)s?$/.exec(body) ?? [];
  const period = Number(count) * (unitMilliseconds[unit] ?? 0);
  if (!(period > 0)) throw new Error(`${text} is no schedule expression`);
  return {
    latestDue(since, until, anchor) {
      const due = anchor + Math.floor((until - anchor) / period) * period;
      return due > since && due > anchor ? due : undefined;
    },
  };
}

function at(body: string, zone: string): ScheduleExpression {
  const due = Temporal.PlainDateTime.from(body).toZonedDateTime(zone).epochMilliseconds;
  return { latestDue: (since, until) => (due > since && due <= until ? due : undefined) };
}

/** Nobody runs a clock back further than this to find the last due moment: `cron(0 0 29 2 ? *)` is due every fourth year. */
const DAYS_BACK_MAX = 5 * 366;

function cron(body: string, zone: string, text: string): ScheduleExpression {
  const fields = body.trim().split(/\s+/);
  if (fields.length !== 6) throw new Error(`${text}: cron has six fields`);
  const [minuteField = '', hourField = '', dayField = '', monthField = '', weekdayField = '', yearField = ''] = fields;
  const minutes = values(minuteField, 0, 59, text).reverse();
  const hours = values(hourField, 0, 23, text).reverse();
  const months = new Set(values(named(monthField, monthNames, 1), 1, 12, text));
  const isDay = dayRule(dayField, weekdayField, text);
  const years = yearField === '*' ? undefined : new Set(values(yearField, 1970, 2199, text));
  return {
    latestDue(since, until) {
      let day = Temporal.Instant.fromEpochMilliseconds(until).toZonedDateTimeISO(zone).toPlainDate();
      const first = Temporal.Instant.fromEpochMilliseconds(since).toZonedDateTimeISO(zone).toPlainDate();
      for (let back = 0; back <= DAYS_BACK_MAX && Temporal.PlainDate.compare(day, first) >= 0; back += 1) {
        if (months.has(day.month) && (!years || years.has(day.year)) && isDay(day)) {
          for (const hour of hours) {
            for (const minute of minutes) {
              const due = instantOf(day.toPlainDateTime({ hour, minute }), zone);
              if (due === undefined || due > until) continue;
              return due > since ? due : undefined;
            }
          }
        }
        day = day.subtract({ days: 1 });
      }
      return undefined;
    },
  };
}

/** Nothing for a local time that the day does not have; the first of the two in autumn. */
function instantOf(local: Temporal.PlainDateTime, zone: string): number | undefined {
  const zoned = local.toZonedDateTime(zone, { disambiguation: 'earlier' });
  return zoned.toPlainDateTime().equals(local) ? zoned.epochMilliseconds : undefined;
}

const monthNames = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const weekdayNames = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

function dayRule(dayField: string, weekdayField: string, text: string): (day: Temporal.PlainDate) => boolean {
  if ((dayField === '?') === (weekdayField === '?')) throw new Error(`${text}: one of day and weekday must be ?`);
  if (dayField === 'L') return (day) => day.day === day.daysInMonth;
  if (dayField !== '?') {
    const days = new Set(values(dayField, 1, 31, text));
    return (day) => days.has(day.day);
  }
  const field = named(weekdayField, weekdayNames, 1);
  // 1 is Sunday here and 7 in ISO 8601; `2#1` is the first Monday, `6L` the last Friday.
  const weekdayOf = (day: Temporal.PlainDate) => (day.dayOfWeek % 7) + 1;
  const [, nthWeekday, nth] = /^(\d)#(\d)$/.exec(field) ?? [];
  if (nthWeekday) return (day) => weekdayOf(day) === Number(nthWeekday) && Math.ceil(day.day / 7) === Number(nth);
  const [, lastWeekday] = /^(\d)L$/.exec(field) ?? [];
  if (lastWeekday) return (day) => weekdayOf(day) === Number(lastWeekday) && day.day + 7 > day.daysInMonth;
  const weekdays = new Set(values(field, 1, 7, text));
  return (day) => weekdays.has(weekdayOf(day));
}

function named(field: string, names: readonly string[], first: number): string {
  return field.toUpperCase().replace(/[A-Z]{3}/g, (name) => {
    const index = names.indexOf(name);
    return index < 0 ? name : String(index + first);
  });
}

/** The numbers of a field such as `*`, `1,15`, `8-17`, `0/10` or `8-18/2`, ascending. */
function values(field: string, min: number, max: number, text: string): number[] {
  const found = new Set<number>();
  for (const part of field.split(',')) {
    const [, range = '', step] = /^(\*|\d+(?:-\d+)?)(?:\/(\d+))?$/.exec(part) ?? [];
    const [from = Number.NaN, to = step ? max : from] = range === '*' ? [min, max] : range.split('-').map(Number);
    if (!(from >= min && to <= max && from <= to)) throw new Error(`${text}: ${field} is out of range`);
    for (let value = from; value <= to; value += Number(step ?? 1)) found.add(value);
  }
  return [...found].sort((left, right) => left - right);
}
