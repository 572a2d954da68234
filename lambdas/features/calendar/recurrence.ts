import type { Rule } from './rule.ts';
import { refused } from './rule.ts';

/**
 * Which days a rule falls on. Days are whole numbers (days since 1970-01-01): no zone, no clock, no DST comes into it,
 * whatever the process's zone is. Time of day and zone are put on afterwards (occurrences.ts).
 *
 * Ours, because the days of a rule without hours are a page of arithmetic that jumps straight to the range asked for.
 * `rrule-temporal` brings a Temporal with all calendars (180 KB in every bundle that reads an event, 31 ms of cold start)
 * and 80–200 µs for each expansion; the tests compare every occurrence with it and with `ical.js`.
 */

/** How far after its start a rule with an end may reach. One without an end has no last day, and is read by jumping. */
export const HORIZON_DAYS = 10 * 366;

const MILLISECONDS_PER_DAY = 86_400_000;

export const dayNumber = (day: string): number => Date.parse(`${day}T00:00:00Z`) / MILLISECONDS_PER_DAY;
export const dayOfNumber = (number: number): string =>
  new Date(number * MILLISECONDS_PER_DAY).toISOString().slice(0, 10);

/**
 * The days of a rule from one day to another, both included, in order; `start` is the event's first day. Looks at the
 * periods of that range alone, however long ago the event began: so a COUNT must have been made an UNTIL before.
 */
export function daysOfRule(rule: Rule, start: number, from: number, to: number): number[] {
  if (rule.count !== undefined) throw new Error('A COUNT is made an UNTIL when the event is written');
  return daysWithoutEnd(rule, start, from, Math.min(to, rule.until === undefined ? to : dayNumber(rule.until)));
}

/**
 * The rule as it is kept: a COUNT becomes the UNTIL that it means, and an UNTIL the last day that the rule falls on.
 * Throws `rule-refused` when the event's own start is not its first occurrence (RFC 5545 leaves open what that means, and
 * calendars do not agree), or when its end lies beyond the horizon.
 */
export function settledRule(rule: Rule, start: number): Rule {
  const { count, until, ...endless } = rule;
  if (daysWithoutEnd(endless, start, start, start).length === 0) {
    throw refused('The event begins on a day that the rule does not fall on.');
  }
  if (count === undefined && until === undefined) return rule;
  const horizon = start + HORIZON_DAYS;
  const lastAsked = until === undefined ? horizon : dayNumber(until);
  if (lastAsked > horizon) throw refused('The end lies more than ten years ahead.');
  const days = daysWithoutEnd(endless, start, start, lastAsked);
  const last = days[(count ?? days.length) - 1];
  if (last === undefined) {
    throw refused(count === undefined ? 'The rule ends before it begins.' : 'The end lies more than ten years ahead.');
  }
  return { ...endless, until: dayOfNumber(last) };
}

function daysWithoutEnd(rule: Rule, start: number, from: number, to: number): number[] {
  const days: number[] = [];
  const { indexOf, firstDay, daysOf } = periodsOf(rule, start);
  const first = Math.max(from, start);
  // Periods lie `interval` apart, counted from the one that the event begins in.
  for (let n = Math.max(0, Math.floor(indexOf(first) / rule.interval)); firstDay(n * rule.interval) <= to; n++) {
    for (const day of picked(daysOf(n * rule.interval), rule)) if (day >= first && day <= to) days.push(day);
  }
  return days;
}

/** The rule's days, weeks, months or years, numbered from the one that holds the event's start. */
interface Periods {
  indexOf(day: number): number;
  firstDay(index: number): number;
  /** In order, each once; not yet picked from by BYSETPOS. */
  daysOf(index: number): number[];
}

function periodsOf(rule: Rule, start: number): Periods {
  switch (rule.frequency) {
    case 'DAILY':
      return {
        indexOf: (day) => day - start,
        firstDay: (index) => start + index,
        daysOf: (index) => [start + index].filter((day) => isPicked(day, rule)),
      };
    case 'WEEKLY':
      return weeksOf(rule, start);
    case 'MONTHLY':
      return monthsOf(rule, start, 1);
    case 'YEARLY':
      return monthsOf(rule, start, 12);
  }
}

function weeksOf({ byDay, byMonth, weekStart }: Rule, start: number): Periods {
  const afterWeekStart = (weekday: number) => (weekday - weekStart + 7) % 7;
  const first = start - afterWeekStart(weekdayOf(start));
  const wanted = byDay.length > 0 ? byDay.map(({ weekday }) => weekday) : [weekdayOf(start)];
  const offsets = wanted.map(afterWeekStart).sort((one, other) => one - other);
  return {
    indexOf: (day) => Math.floor((day - first) / 7),
    firstDay: (index) => first + 7 * index,
    daysOf: (index) => offsets.map((offset) => first + 7 * index + offset).filter((day) => isIn(byMonth, monthOf(day))),
  };
}

/** Periods of one month, or of a year of twelve. */
function monthsOf(rule: Rule, start: number, length: 1 | 12): Periods {
  const began = new Date(start * MILLISECONDS_PER_DAY);
  const year = began.getUTCFullYear();
  const firstMonth = length === 12 ? 0 : began.getUTCMonth();
  // A year without BYMONTH has the month that the event began in.
  const months = length === 12 && rule.byMonth.length === 0 ? [began.getUTCMonth() + 1] : rule.byMonth;
  const dayOfMonth = began.getUTCDate();
  return {
    indexOf(day) {
      const date = new Date(day * MILLISECONDS_PER_DAY);
      return Math.floor(((date.getUTCFullYear() - year) * 12 + date.getUTCMonth() - firstMonth) / length);
    },
    firstDay: (index) => firstOfMonth(year, firstMonth + index * length),
    daysOf(index) {
      const days: number[] = [];
      for (let month = firstMonth + index * length; month < firstMonth + (index + 1) * length; month++) {
        if (isIn(months, (month % 12) + 1)) days.push(...daysOfMonth(rule, year, month, dayOfMonth));
      }
      return days;
    },
  };
}

/** Month counts from 0 and may run over the year's end. */
const firstOfMonth = (year: number, month: number): number => Date.UTC(year, month, 1) / MILLISECONDS_PER_DAY;

function daysOfMonth({ byDay, byMonthDay }: Rule, year: number, month: number, dayOfStart: number): number[] {
  const first = firstOfMonth(year, month);
  const length = firstOfMonth(year, month + 1) - first;
  const isWanted = (dayOfMonth: number): boolean => {
    if (byDay.length === 0 && byMonthDay.length === 0) return dayOfMonth === dayOfStart;
    const fromEnd = dayOfMonth - length - 1;
    if (byMonthDay.length > 0 && !byMonthDay.includes(dayOfMonth) && !byMonthDay.includes(fromEnd)) return false;
    if (byDay.length === 0) return true;
    const weekday = weekdayOf(first + dayOfMonth - 1);
    const [nth, nthFromEnd] = [Math.ceil(dayOfMonth / 7), -Math.ceil(-fromEnd / 7)];
    return byDay.some(
      (by) => by.weekday === weekday && (by.nth === undefined || by.nth === nth || by.nth === nthFromEnd),
    );
  };
  const days: number[] = [];
  for (let dayOfMonth = 1; dayOfMonth <= length; dayOfMonth++) {
    if (isWanted(dayOfMonth)) days.push(first + dayOfMonth - 1);
  }
  return days;
}

/** For a rule of days, where every BY part only leaves days out. */
const isPicked = (day: number, { byDay, byMonth }: Rule): boolean =>
  isIn(byMonth, monthOf(day)) && (byDay.length === 0 || byDay.some(({ weekday }) => weekday === weekdayOf(day)));

/** BYSETPOS: the first, the last … of a period's days; all of them without it. */
function picked(days: readonly number[], { bySetPos }: Rule): readonly number[] {
  if (bySetPos.length === 0) return days;
  return days.filter((_, i) => bySetPos.includes(i + 1) || bySetPos.includes(i - days.length));
}

const isIn = (wanted: readonly number[], value: number): boolean => wanted.length === 0 || wanted.includes(value);
const monthOf = (day: number): number => new Date(day * MILLISECONDS_PER_DAY).getUTCMonth() + 1;
/** 1970-01-01 was a Thursday. */
const weekdayOf = (day: number): number => ((((day + 3) % 7) + 7) % 7) + 1;
