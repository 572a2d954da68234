import { timeOfDayIn, weekOf } from '../../platform/calendar.ts';
import { minutesOf } from '../time-clock/minutes.ts';
import type { TimeClockEntry, WorkDay } from '../time-clock/work-day.ts';
import { weekdayOf } from './arrangement.ts';

/**
 * What the Working Environment Act (arbeidsmiljøloven) says of working time, by the section that says it. They are pointed
 * out and forbid nothing: agreements and exceptions (sections 10-5 and 10-12) are for people to know.
 */
export const limits = {
  'day-over-13-hours': 'section 10-6(8)',
  'week-over-10-hours-overtime': 'section 10-6(4)',
  'rest-under-11-hours': 'section 10-8(1)',
  'week-rest-under-35-hours': 'section 10-8(2)',
  'no-break': 'section 10-9(1)',
  'break-under-30-minutes': 'section 10-9(1)',
  'sunday-work': 'section 10-10',
  'night-work': 'section 10-11',
} as const;
export type Limit = keyof typeof limits;

export interface Warning {
  readonly limit: Limit;
  /** The day on which it was passed, or the last one of its week. */
  readonly day: string;
}

const HOUR = 60;
const ORDINARY_DAY = 9 * HOUR;
const ORDINARY_WEEK = 40 * HOUR;
const TOTAL_DAY_MAX = 13 * HOUR;
const OVERTIME_WEEK_MAX = 10 * HOUR;
const DAILY_REST_MIN = 11 * HOUR;
const WEEKLY_REST_MIN = 35 * HOUR;
const WITHOUT_BREAK_MAX = 5.5 * HOUR;
const LONG_DAY = 8 * HOUR;
const LONG_DAY_BREAK_MIN = 30;
const NIGHT = { from: '21:00', until: '06:00' };
const WEEK_MILLISECONDS = 7 * 24 * HOUR * 60_000;

type Day = Pick<WorkDay, 'day' | 'entries'>;
const ended = (entries: readonly TimeClockEntry[]) =>
  entries.flatMap((entry) => (entry.endedAt === undefined ? [] : [{ ...entry, endedAt: entry.endedAt }]));
const minutesOn = ({ entries }: Day) => entries.reduce((sum, entry) => sum + minutesOf(entry), 0);

/**
 * Minutes beyond the law's own limits of ordinary hours, 9 a day and 40 a week (section 10-4(1), 10-6(1)). A week counts
 * where its Sunday lies, so that each counts once however periods cut it: `days` begin six days before `from`. Pure.
 */
export function overtimeMinutes(
  days: readonly Day[],
  { from, to }: { readonly from: string; readonly to: string },
): number {
  let overtime = 0;
  for (const [, week] of Map.groupBy(days, ({ day }) => weekOf(day))) {
    const sunday = sundayOf(week[0]!.day);
    if (sunday < from || sunday > to) continue;
    overtime += overtimeOf(week);
  }
  return overtime;
}

function overtimeOf(week: readonly Day[]): number {
  const minutes = week.map(minutesOn);
  const byDay = minutes.reduce((sum, one) => sum + Math.max(0, one - ORDINARY_DAY), 0);
  const byWeek = minutes.reduce((sum, one) => sum + one, 0) - ORDINARY_WEEK;
  return Math.max(byDay, byWeek, 0);
}

/** What of these days an employer should look at. `days` begin a week before `from`, for what a week holds. Pure. */
export function warningsOf(
  days: readonly Day[],
  { from, to, timeZone }: { readonly from: string; readonly to: string; readonly timeZone: string },
): Warning[] {
  const sorted = [...days].sort((one, other) => (one.day < other.day ? -1 : 1));
  const found: Warning[] = [];
  let lastEnd: string | undefined;
  for (const one of sorted) {
    const entries = ended(one.entries);
    const first = entries[0];
    if (!first) continue;
    const worked = minutesOn(one);
    const warn = (limit: Limit, isSo: boolean) => isSo && found.push({ limit, day: one.day });
    warn('day-over-13-hours', worked > TOTAL_DAY_MAX);
    warn('rest-under-11-hours', lastEnd !== undefined && minutesBetween(lastEnd, first.startedAt) < DAILY_REST_MIN);
    warn('no-break', longestWithoutBreak(entries) > WITHOUT_BREAK_MAX);
    warn('break-under-30-minutes', worked >= LONG_DAY && restIn(entries) < LONG_DAY_BREAK_MIN);
    warn('sunday-work', weekdayOf(one.day) === 7);
    warn(
      'night-work',
      entries.some((entry) => isAtNight(entry, timeZone)),
    );
    lastEnd = entries.at(-1)?.endedAt;
  }
  for (const [, week] of Map.groupBy(sorted, ({ day }) => weekOf(day))) {
    const day = sundayOf(week[0]!.day);
    if (overtimeOf(week) > OVERTIME_WEEK_MAX) found.push({ limit: 'week-over-10-hours-overtime', day });
  }
  found.push(...weeksWithoutRest(sorted));
  return found.filter(({ day }) => day >= from && day <= to);
}

/** Seven days in a row in which nobody rested for 35 hours on end: said of the day on which they are over. */
function weeksWithoutRest(days: readonly Day[]): Warning[] {
  const stretches = days.flatMap(({ day, entries }) => ended(entries).map((entry) => ({ day, ...entry })));
  let since = stretches[0]?.startedAt;
  const found: Warning[] = [];
  for (const [i, { startedAt, endedAt, day }] of stretches.entries()) {
    const before = stretches[i - 1]?.endedAt;
    if (before !== undefined && minutesBetween(before, startedAt) >= WEEKLY_REST_MIN) since = startedAt;
    if (since !== undefined && Date.parse(endedAt) - Date.parse(since) > WEEK_MILLISECONDS) {
      found.push({ limit: 'week-rest-under-35-hours', day });
      since = startedAt;
    }
  }
  return found;
}

/** Minutes of breaks, and between stretches of the same day. */
function restIn(
  entries: readonly {
    readonly startedAt: string;
    readonly endedAt: string;
    readonly breaks: TimeClockEntry['breaks'];
  }[],
) {
  return entries.reduce((sum, { startedAt, breaks }, i) => {
    const before = entries[i - 1]?.endedAt;
    const between = before === undefined ? 0 : minutesBetween(before, startedAt);
    const taken = breaks.reduce(
      (all, { from, until }) => all + (until === undefined ? 0 : minutesBetween(from, until)),
      0,
    );
    return sum + between + taken;
  }, 0);
}

function longestWithoutBreak(
  entries: readonly {
    readonly startedAt: string;
    readonly endedAt: string;
    readonly breaks: TimeClockEntry['breaks'];
  }[],
): number {
  let longest = 0;
  for (const { startedAt, endedAt, breaks } of entries) {
    let since = startedAt;
    for (const { from, until } of breaks) {
      longest = Math.max(longest, minutesBetween(since, from));
      since = until ?? from;
    }
    longest = Math.max(longest, minutesBetween(since, endedAt));
  }
  return longest;
}

/** Work between 21:00 and 06:00 (section 10-11(1)); what is longer than a night holds a part of one. */
function isAtNight(
  { startedAt, endedAt }: { readonly startedAt: string; readonly endedAt: string },
  timeZone: string,
): boolean {
  if (minutesBetween(startedAt, endedAt) > 15 * HOUR) return true;
  const [begins, ends] = [timeOfDayIn(timeZone, new Date(startedAt)), timeOfDayIn(timeZone, new Date(endedAt))];
  const isNight = (time: string) => time >= NIGHT.from || time < NIGHT.until;
  return isNight(begins) || (isNight(ends) && ends !== NIGHT.from) || begins > ends;
}

const minutesBetween = (from: string, until: string) => (Date.parse(until) - Date.parse(from)) / 60_000;

function sundayOf(day: string): string {
  const date = new Date(`${day}T12:00:00Z`);
  date.setUTCDate(date.getUTCDate() + 7 - weekdayOf(day));
  return date.toISOString().slice(0, 'yyyy-mm-dd'.length);
}
