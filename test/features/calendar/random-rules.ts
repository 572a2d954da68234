import fc from 'fast-check';
import type { CalendarEvent } from '../../../lambdas/features/calendar/event.ts';
import { dayNumber, dayOfNumber, settledRule } from '../../../lambdas/features/calendar/recurrence.ts';
import { parseRule, type Rule, ruleText } from '../../../lambdas/features/calendar/rule.ts';
import type { CalendarEventId } from '../../../lambdas/http/ids.ts';

/** A series as a client sends it, and as it is kept. */
export interface RandomSeries {
  /** The RRULE as it was sent, COUNT and all. */
  readonly sent: string;
  readonly event: CalendarEvent;
}

const DAYS_LOOKED_FOR_A_START = 400;
const weekdays = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
const some = <T>(of: fc.Arbitrary<T>, max: number) =>
  fc.option(fc.uniqueArray(of, { minLength: 1, maxLength: max }), { nil: undefined });

/** ical.js reads them in the order given. */
const inOrder = (numbers: number[] | undefined) => numbers?.sort((one, other) => one - other);

const parts = fc.record({
  frequency: fc.constantFrom('DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'),
  interval: fc.integer({ min: 1, max: 5 }),
  end: fc.oneof(
    fc.constant({}),
    fc.record({ count: fc.integer({ min: 1, max: 40 }) }),
    fc.record({ untilAfterDays: fc.integer({ min: 0, max: 700 }) }),
  ) as fc.Arbitrary<{ count?: number; untilAfterDays?: number }>,
  weekdays: some(fc.constantFrom(...weekdays), 4),
  counted: some(
    fc.tuple(fc.constantFrom(1, 2, 3, 4, 5, -1, -2, -5), fc.constantFrom(...weekdays)).map(([n, day]) => `${n}${day}`),
    3,
  ),
  monthDays: some(fc.oneof(fc.integer({ min: 1, max: 31 }), fc.integer({ min: -31, max: -1 })), 4).map(inOrder),
  prefersMonthDays: fc.boolean(),
  months: some(fc.integer({ min: 1, max: 12 }), 4).map(inOrder),
  positions: some(fc.constantFrom(1, 2, 3, -1, -2), 2),
  weekStart: fc.constantFrom('', 'MO', 'SU'),
  // Around Oslo's DST changes, a year's end and a leap day.
  near: fc.constantFrom('2026-10-25', '2027-03-28', '2027-10-31', '2026-12-31', '2028-02-29'),
  shift: fc.integer({ min: -9, max: 9 }),
  // Inside the hour that DST skips or repeats as well.
  time: fc.constantFrom('00:00', '01:59', '02:00', '02:30', '03:00', '08:15', '23:30'),
});
type Parts = typeof parts extends fc.Arbitrary<infer T> ? T : never;

/** Always the same ones: the seed is fixed. */
export function randomSeries(count: number): RandomSeries[] {
  const series: RandomSeries[] = [];
  for (const drawn of fc.sample(parts, { numRuns: count * 2, seed: 20_261_025 })) {
    const one = seriesOf(drawn);
    if (one) series.push(one);
    if (series.length === count) break;
  }
  return series;
}

/** Undefined where no series begins near that day, or it would reach beyond the horizon: what a client gets refused. */
function seriesOf(drawn: Parts): RandomSeries | undefined {
  const text = withoutEnd(drawn);
  const endless = parseRule(text, () => '');
  const near = dayNumber(drawn.near) + drawn.shift;
  for (let start = near; start < near + DAYS_LOOKED_FOR_A_START; start++) {
    if (!settled(endless, start)) continue;
    const { count, untilAfterDays } = drawn.end;
    const until =
      untilAfterDays === undefined ? '' : `;UNTIL=${dayOfNumber(start + untilAfterDays).replaceAll('-', '')}`;
    const sent = `${text}${count === undefined ? '' : `;COUNT=${count}`}${until}`;
    const kept = settled(
      parseRule(sent, () => ''),
      start,
    );
    return kept && { sent, event: anEvent(dayOfNumber(start), drawn.time, ruleText(kept)) };
  }
  return undefined;
}

function withoutEnd({ frequency, interval, weekStart, ...by }: Parts): string {
  const isMonthly = frequency === 'MONTHLY' || frequency === 'YEARLY';
  const months = frequency === 'MONTHLY' ? undefined : by.months;
  // ical.js makes 31 April the first of May, where the RFC leaves it out.
  const monthDays = frequency === 'YEARLY' ? by.monthDays?.filter((day) => day > 0 && day < 29) : by.monthDays;
  const isPicking = by.positions && frequency === 'MONTHLY' && by.weekdays && !by.prefersMonthDays;
  const byDay = isMonthly && !isPicking ? (by.counted ?? by.weekdays) : by.weekdays;
  const picks: string[] = [];
  if (frequency === 'YEARLY' && !months) return `FREQ=YEARLY;INTERVAL=${interval}`;
  if (byDay && !(isMonthly && by.prefersMonthDays)) picks.push(`BYDAY=${byDay}`);
  else if (monthDays?.length && isMonthly) picks.push(`BYMONTHDAY=${monthDays}`);
  if (isPicking) picks.push(`BYSETPOS=${by.positions}`);
  return [
    `FREQ=${frequency}`,
    `INTERVAL=${interval}`,
    ...(months ? [`BYMONTH=${months}`] : []),
    ...picks,
    ...(weekStart ? [`WKST=${weekStart}`] : []),
  ].join(';');
}

function settled(rule: Rule, start: number): Rule | undefined {
  try {
    return settledRule(rule, start);
  } catch {
    return undefined;
  }
}

const anEvent = (day: string, time: string, rule: string): CalendarEvent => ({
  id: 'cal_01jd8m3v5c2w7x9y4z6a8b0c1d' as CalendarEventId,
  title: 'Turdag',
  bring: [],
  scope: { kind: 'organisation' },
  when: { kind: 'timed', from: `${day}T${time}`, until: `${day}T23:45` },
  rule,
  timeZone: 'Europe/Oslo',
  exceptions: [],
  overrides: [],
  files: [],
  sequence: 0,
  createdAt: '2026-09-01T08:00:00Z',
  updatedAt: '2026-09-01T08:00:00Z',
});
