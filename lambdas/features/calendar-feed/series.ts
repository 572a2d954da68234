import { daysAfter, instantOf } from '../../platform/calendar.ts';
import type { CalendarEvent } from '../calendar/event.ts';
import { keptRule, movedTo, type Occurrence } from '../calendar/occurrences.ts';
import { dayNumber, dayOfNumber, daysOfRule } from '../calendar/recurrence.ts';
import { type Rule, ruleText } from '../calendar/rule.ts';
import { type EventText, type Start, utc, type When } from '../icalendar/calendar.ts';
import { OSLO } from '../icalendar/oslo.ts';

/** What is told of an event, or of an occurrence that is otherwise than the others. */
export type Told = Pick<EventText, 'summary' | 'description' | 'location' | 'isTransparent'>;
/** An event or an occurrence, as far as it is told. */
export interface Tellable {
  readonly title: string;
  readonly description?: string | undefined;
  readonly place?: string | undefined;
  readonly bring: readonly string[];
  readonly allDay: boolean;
}
export type Telling = (what: Tellable) => Told;

/**
 * The occurrences of one event that may be seen, as iCalendar has them: exactly those, also where only some of a series
 * may be seen. As one rule where every reader understands it alike, else one by one. `seen` is not empty, each of the
 * event. Pure.
 */
export function textsOf(event: CalendarEvent, seen: readonly Occurrence[], telling: Telling): EventText[] {
  const inOrder = seen.toSorted((one, other) => one.of.localeCompare(other.of));
  const rule = keptRule(event);
  if (!rule) return inOrder.map((occurrence) => single(event, event.id, occurrence, telling));
  const days = daysOfRule(
    rule,
    dayNumber(event.when.from.slice(0, 10)),
    dayNumber(inOrder[0]!.of),
    dayNumber(inOrder.at(-1)!.of),
  );
  const ruleDays = days.map(dayOfNumber);
  const isOfRule = inOrder.every(({ of }) => ruleDays.includes(of));
  if (!isOfRule || !isReadAlike(event)) {
    return inOrder.map((occurrence) => single(event, `${event.id}-${occurrence.of}`, occurrence, telling));
  }
  return asRule(event, rule, ruleDays, inOrder, telling);
}

const single = (event: CalendarEvent, uid: string, occurrence: Occurrence, telling: Telling): EventText => ({
  uid,
  ...revisionOf(event),
  ...telling(occurrence),
  when: whenOf(occurrence),
});

/** From the first that may be seen to the last, without those between that may not, and those that were moved apart. */
function asRule(
  event: CalendarEvent,
  rule: Rule,
  ruleDays: readonly string[],
  seen: readonly Occurrence[],
  telling: Telling,
): EventText[] {
  const [first, last] = [seen[0]!.of, seen.at(-1)!.of];
  const seenDays = new Set(seen.map(({ of }) => of));
  const when = movedTo(event.when, first);
  const startOn = (day: string): Start =>
    when.kind === 'all-day' ? { day } : { inOslo: `${day}${when.from.slice(10)}` };
  const series: EventText = {
    uid: event.id,
    ...revisionOf(event),
    ...telling({ ...event, allDay: when.kind === 'all-day' }),
    when: when.kind === 'all-day' ? { days: when } : { inOslo: when },
    rule: untilIn(rule, last, when.kind === 'all-day' ? undefined : when.from.slice(11)),
    exceptions: ruleDays.filter((day) => !seenDays.has(day)).map(startOn),
  };
  const overrides = seen.filter(({ isOverridden }) => isOverridden);
  return [
    series,
    ...overrides.map((one) => ({ ...single(event, event.id, one, telling), insteadOf: startOn(one.of) })),
  ];
}

const revisionOf = ({ updatedAt, sequence }: CalendarEvent) => ({ revisedAt: new Date(updatedAt), sequence });

/** Of times in a zone, UNTIL is an instant in UTC (RFC 5545, section 3.3.10): the start of the last one. */
function untilIn(rule: Rule, lastDay: string, startTime: string | undefined): string {
  const { until: _, ...endless } = rule;
  const until = startTime === undefined ? lastDay.replaceAll('-', '') : utc(instantOf(OSLO, lastDay, startTime));
  return `${ruleText(endless)};UNTIL=${until}`;
}

/**
 * Where readers of a series differ: a zone that we send no VTIMEZONE of; times in the hour that a change of the clock
 * skips or doubles; and spans over that hour, whose ends a reader keeps on the clock or keeps apart.
 */
function isReadAlike({ when, timeZone }: CalendarEvent): boolean {
  if (when.kind === 'all-day') return true;
  const [from, until] = [when.from.slice(11), when.until.slice(11)];
  const isWithinDay = when.from.slice(0, 10) === when.until.slice(0, 10);
  return timeZone === OSLO && isWithinDay && (from >= CHANGED_HOUR.end || until < CHANGED_HOUR.start);
}

/** In Oslo the clock is changed in this hour of the night. */
const CHANGED_HOUR = { start: '02:00', end: '03:00' };
const isClear = (localTime: string): boolean => {
  const time = localTime.slice(11);
  return time < CHANGED_HOUR.start || time >= CHANGED_HOUR.end;
};

function whenOf({ allDay, firstDay, lastDay, from, until, startsAt, endsAt, timeZone }: Occurrence): When {
  if (allDay) return { days: { from: firstDay, until: lastDay } };
  const isLocal = timeZone === OSLO && isClear(from) && isClear(until);
  return isLocal ? { inOslo: { from, until } } : { instants: { from: new Date(startsAt), until: new Date(endsAt) } };
}

/** The days whose events are told: from the beginning of last month, so that the calendar changes with the month at most. */
export function windowAround(today: string): { readonly from: string; readonly to: string } {
  const lastOfBefore = daysAfter(`${today.slice(0, 7)}-01`, -1);
  return { from: `${lastOfBefore.slice(0, 7)}-01`, to: daysAfter(`${today.slice(0, 7)}-01`, DAYS_AHEAD) };
}
const DAYS_AHEAD = 245;
