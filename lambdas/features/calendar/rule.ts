import { Problem } from '../../http/problem.ts';

/** The parts of RFC 5545, section 3.3.10, that an event may have: whatever picks days, and nothing that picks hours. */
export const frequencies = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'] as const;
type Frequency = (typeof frequencies)[number];

/** Monday first, as in ISO 8601: the index plus one is the weekday's number. */
const weekdays = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;

const RULE_CHARACTERS_MAX = 300;
const INTERVAL_MAX = 100;
const COUNT_MAX = 1000;
const POSITIONS_MAX = 10;

/** A weekday (1 is Monday), and which of them in the month: the second, the last; every one when `nth` is absent. */
export interface WeekdayOfRule {
  readonly weekday: number;
  readonly nth?: number;
}

export interface Rule {
  readonly frequency: Frequency;
  readonly interval: number;
  /** At most one of the two. `until` is a day (`YYYY-MM-DD`), itself included. */
  readonly count?: number;
  readonly until?: string;
  readonly byDay: readonly WeekdayOfRule[];
  readonly byMonthDay: readonly number[];
  readonly byMonth: readonly number[];
  readonly bySetPos: readonly number[];
  /** The first day of the week (WKST), 1 to 7. */
  readonly weekStart: number;
}

/**
 * Reads an RRULE (without its name, `FREQ=WEEKLY;BYDAY=MO`). Throws `rule-refused` for what the RFC forbids and for what
 * is not taken here: times of day, weeks and days of a year, weekdays counted over a year.
 *
 * @param lastDayOf the day of the event's zone that an UNTIL given as an instant (`…T220000Z`) still includes
 */
export function parseRule(text: string, lastDayOf: (instant: Date) => string): Rule {
  if (text.length > RULE_CHARACTERS_MAX) throw refused(`At most ${RULE_CHARACTERS_MAX} characters.`);
  const parts = new Map<string, string>();
  for (const part of text.split(';')) {
    const [, name, value] = /^([A-Z]+)=([A-Z0-9,+-]+)$/.exec(part) ?? [];
    if (name === undefined || value === undefined || !isPartName(name)) throw refused(`Not a part of a rule: ${part}`);
    if (parts.has(name)) throw refused(`${name} stands there twice.`);
    parts.set(name, value);
  }
  const value = (name: PartName) => parts.get(name);
  const frequency = frequencies.find((known) => known === value('FREQ'));
  if (!frequency) throw refused(`FREQ is one of ${frequencies.join(', ')}.`);
  const rule: Rule = {
    frequency,
    interval: value('INTERVAL') === undefined ? 1 : integer('INTERVAL', value('INTERVAL')!, 1, INTERVAL_MAX),
    ...(value('COUNT') !== undefined && { count: integer('COUNT', value('COUNT')!, 1, COUNT_MAX) }),
    ...(value('UNTIL') !== undefined && { until: untilDay(value('UNTIL')!, lastDayOf) }),
    byDay: list(value('BYDAY')).map(weekdayOfRule),
    byMonthDay: list(value('BYMONTHDAY')).map((day) => signed('BYMONTHDAY', day, 31)),
    byMonth: list(value('BYMONTH')).map((month) => integer('BYMONTH', month, 1, 12)),
    bySetPos: list(value('BYSETPOS')).map((position) => signed('BYSETPOS', position, 366)),
    weekStart: weekdayNumber(value('WKST') ?? 'MO'),
  };
  demandSense(rule);
  return rule;
}

/** The rule as text again, in one order of its parts; an UNTIL is the last day (`20261218`). */
export function ruleText(rule: Rule): string {
  const { frequency, interval, count, until, byDay, byMonthDay, byMonth, bySetPos, weekStart } = rule;
  const parts: [PartName, string | number][] = [['FREQ', frequency]];
  if (interval !== 1) parts.push(['INTERVAL', interval]);
  if (count !== undefined) parts.push(['COUNT', count]);
  if (until !== undefined) parts.push(['UNTIL', until.replaceAll('-', '')]);
  if (byMonth.length > 0) parts.push(['BYMONTH', inOrder(byMonth).join()]);
  if (byMonthDay.length > 0) parts.push(['BYMONTHDAY', inOrder(byMonthDay).join()]);
  if (byDay.length > 0) {
    parts.push(['BYDAY', byDay.map(({ weekday, nth }) => `${nth ?? ''}${weekdays[weekday - 1]}`).join()]);
  }
  if (bySetPos.length > 0) parts.push(['BYSETPOS', inOrder(bySetPos).join()]);
  if (weekStart !== 1) parts.push(['WKST', weekdays[weekStart - 1]!]);
  return parts.map(([name, value]) => `${name}=${value}`).join(';');
}

/** Some calendars read months and days in the order given. */
const inOrder = (numbers: readonly number[]): number[] => [...numbers].sort((one, other) => one - other);

export const refused = (detail: string) => new Problem('rule-refused', detail);

const partNames = ['FREQ', 'INTERVAL', 'COUNT', 'UNTIL', 'BYDAY', 'BYMONTHDAY', 'BYMONTH', 'BYSETPOS', 'WKST'] as const;
type PartName = (typeof partNames)[number];
const isPartName = (name: string): name is PartName => partNames.some((known) => known === name);

const list = (value: string | undefined): string[] => {
  const items = value?.split(',') ?? [];
  if (new Set(items).size !== items.length) throw refused(`A value stands there twice: ${value}`);
  return items;
};

function integer(name: PartName, value: string, min: number, max: number): number {
  const number = /^\d{1,4}$/.test(value) ? Number(value) : Number.NaN;
  if (!(number >= min && number <= max)) throw refused(`${name} is ${min} to ${max}.`);
  return number;
}

function signed(name: PartName, value: string, max: number): number {
  const [, sign, digits = ''] = /^([+-]?)(\d{1,3})$/.exec(value) ?? [];
  const number = integer(name, digits, 1, max);
  return sign === '-' ? -number : number;
}

function weekdayNumber(name: string): number {
  const index = (weekdays as readonly string[]).indexOf(name);
  if (index < 0) throw refused(`A weekday is one of ${weekdays.join(', ')}.`);
  return index + 1;
}

function weekdayOfRule(value: string): WeekdayOfRule {
  const [, nth = '', name = ''] = /^([+-]?\d{1,2})?([A-Z]{2})$/.exec(value) ?? [];
  const weekday = weekdayNumber(name);
  return nth === '' ? { weekday } : { weekday, nth: signed('BYDAY', nth, 5) };
}

/** A day (`20261218`), or an instant in UTC: then the last day of the event's zone on which an occurrence still begins. */
function untilDay(value: string, lastDayOf: (instant: Date) => string): string {
  const [, year, month, day, time] = /^(\d{4})(\d{2})(\d{2})(T\d{6}Z)?$/.exec(value) ?? [];
  const date = `${year}-${month}-${day}`;
  const clock = time === undefined ? '00:00:00' : `${time.slice(1, 3)}:${time.slice(3, 5)}:${time.slice(5, 7)}`;
  const instant = new Date(`${date}T${clock}Z`);
  const isReal = !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(`${date}T${clock}`);
  if (!isReal) throw refused('UNTIL is a day (20261218) or an instant in UTC (20261218T220000Z).');
  return time === undefined ? date : lastDayOf(instant);
}

/**
 * What the RFC forbids, what it leaves unclear, and what implementations do not agree on (ical.js 2.2 among them): a rule
 * that we keep goes out in calendar feeds, and has to mean the same to whoever reads it.
 */
function demandSense({ frequency, count, until, byDay, byMonthDay, byMonth, bySetPos }: Rule): void {
  if (count !== undefined && until !== undefined) throw refused('COUNT or UNTIL, not both.');
  const isCounted = byDay.some(({ nth }) => nth !== undefined);
  const isMonthly = frequency === 'MONTHLY' || frequency === 'YEARLY';
  if (isCounted && !isMonthly) throw refused(`${frequency} takes weekdays without a number.`);
  if (!isMonthly && byMonthDay.length > 0) throw refused(`${frequency} takes no BYMONTHDAY: MONTHLY does.`);
  if (frequency === 'YEARLY' && byMonth.length === 0 && byDay.length + byMonthDay.length > 0) {
    throw refused('YEARLY takes BYDAY and BYMONTHDAY with BYMONTH only.');
  }
  if (frequency === 'MONTHLY' && byMonth.length > 0) throw refused('MONTHLY takes no BYMONTH: YEARLY does.');
  if (frequency === 'YEARLY' && byMonthDay.some((day) => day < 0)) {
    throw refused('YEARLY counts BYMONTHDAY from the first of the month.');
  }
  if (byDay.length > 0 && byMonthDay.length > 0) throw refused('BYDAY or BYMONTHDAY, not both.');
  if (bySetPos.length === 0) return;
  if (frequency !== 'MONTHLY' || byDay.length === 0 || isCounted) {
    throw refused('BYSETPOS goes with MONTHLY and weekdays without a number.');
  }
  if (bySetPos.length > POSITIONS_MAX) throw refused(`At most ${POSITIONS_MAX} positions.`);
}
