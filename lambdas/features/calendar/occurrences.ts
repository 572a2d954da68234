import type { CalendarEventId } from '../../http/ids.ts';
import { daysAfter, instantOf } from '../../platform/calendar.ts';
import type { CalendarEvent, EventTimes, Override } from './event.ts';
import { dayNumber, dayOfNumber, daysOfRule } from './recurrence.ts';
import { parseRule, type Rule } from './rule.ts';

/** What happens once: an event, or one time of a series. */
export interface Occurrence {
  readonly eventId: CalendarEventId;
  /** Tells it from the others of its series: the day on which the rule has it, also when it was moved. */
  readonly of: string;
  readonly allDay: boolean;
  /** In the event's zone, both included. */
  readonly firstDay: string;
  readonly lastDay: string;
  /** All-day: days, both included. Timed: on a wall clock in the event's zone (`YYYY-MM-DDTHH:MM`). */
  readonly from: string;
  readonly until: string;
  /** The same as instants; of days, 00:00 of the first and 24:00 of the last. */
  readonly startsAt: string;
  readonly endsAt: string;
  readonly timeZone: string;
  readonly title: string;
  readonly description?: string;
  readonly place?: string;
  readonly bring: readonly string[];
  /** It is otherwise than its series. */
  readonly isOverridden: boolean;
}

/** The parts of an event that its occurrences follow from. */
export type Recurring = Pick<
  CalendarEvent,
  'id' | 'title' | 'description' | 'place' | 'bring' | 'when' | 'rule' | 'exceptions' | 'overrides' | 'timeZone'
> & { readonly cancelled?: true | undefined };

/**
 * What happens from one day to another (both included, in the event's zone), in the order of its beginning; nothing of
 * an event that was cancelled. Pure, and the same in every process: DST is the event's zone's. In the hour that DST skips
 * a time means the one after it, in the hour that comes twice the first. An event as long as `until` minus `from` on the
 * wall clock stays so: from 22:00 to 06:00 is that in every night.
 */
export function occurrencesOf(event: Recurring, from: string, to: string): Occurrence[] {
  if (event.cancelled) return [];
  const overrides = new Map(event.overrides.map((override) => [override.of, override]));
  const exceptions = new Set(event.exceptions);
  const found: Occurrence[] = [];
  for (const of of daysOf(event, daysAfter(from, -lengthInDays(event.when)), to)) {
    if (!exceptions.has(of) && !overrides.has(of)) found.push(occurrenceOf(event, of, undefined));
  }
  // Wherever one was moved to, it is found there.
  for (const [of, override] of overrides) if (!exceptions.has(of)) found.push(occurrenceOf(event, of, override));
  return found
    .filter(({ firstDay, lastDay }) => firstDay <= to && from <= lastDay)
    .sort((one, other) => one.startsAt.localeCompare(other.startsAt) || one.of.localeCompare(other.of));
}

/** The one occurrence of a day (as its rule has it); undefined when there is none, or it was cancelled. */
export function occurrenceOn(event: Recurring, of: string): Occurrence | undefined {
  if (event.cancelled || event.exceptions.includes(of) || !daysOf(event, of, of).includes(of)) return undefined;
  return occurrenceOf(
    event,
    of,
    event.overrides.find((override) => override.of === of),
  );
}

/** The last day of the last occurrence; undefined for a series without an end. */
export function lastDayOf(event: Pick<Recurring, 'when' | 'rule' | 'overrides'>): string | undefined {
  const rule = keptRule(event);
  if (rule && rule.until === undefined) return undefined;
  const last = daysAfter(rule?.until ?? firstDayOf(event.when), lengthInDays(event.when));
  const moved = event.overrides.flatMap(({ when }) => (when ? [dayIn(when.until)] : []));
  return [last, ...moved].sort().at(-1)!;
}

export const firstDayOf = ({ from }: EventTimes): string => dayIn(from);
/** 0 for what ends on the day that it begins. */
export const lengthInDays = ({ from, until }: EventTimes): number => dayNumber(dayIn(until)) - dayNumber(dayIn(from));

/** The event's rule as it is kept: its UNTIL is a day, so no zone is asked. */
export const keptRule = ({ rule }: Pick<Recurring, 'rule'>): Rule | undefined =>
  rule === undefined ? undefined : parseRule(rule, (instant) => instant.toISOString().slice(0, 10));

/** The days on which the event's rule has it, exceptions and overrides included. */
function daysOf(event: Pick<Recurring, 'when' | 'rule'>, from: string, to: string): string[] {
  const first = firstDayOf(event.when);
  const rule = keptRule(event);
  if (!rule) return from <= first && first <= to ? [first] : [];
  return daysOfRule(rule, dayNumber(first), dayNumber(from), dayNumber(to)).map(dayOfNumber);
}

function occurrenceOf(event: Recurring, of: string, override: Override | undefined): Occurrence {
  const { description, place } = { ...event, ...override };
  const when = override?.when ?? movedTo(event.when, of);
  const [firstDay, lastDay] = [dayIn(when.from), dayIn(when.until)];
  return {
    eventId: event.id,
    of,
    allDay: when.kind === 'all-day',
    firstDay,
    lastDay,
    from: when.from,
    until: when.until,
    ...instantsOf(when, event.timeZone),
    timeZone: event.timeZone,
    title: override?.title ?? event.title,
    ...(description !== undefined && { description }),
    ...(place !== undefined && { place }),
    bring: override?.bring ?? event.bring,
    isOverridden: override !== undefined,
  };
}

/** The same times, from another first day on. */
export function movedTo(when: EventTimes, firstDay: string): EventTimes {
  const lastDay = daysAfter(firstDay, lengthInDays(when));
  return { ...when, from: firstDay + when.from.slice(10), until: lastDay + when.until.slice(10) };
}

function instantsOf(when: EventTimes, timeZone: string): { startsAt: string; endsAt: string } {
  if (when.kind === 'all-day') {
    const [start, end] = [instantOf(timeZone, when.from), instantOf(timeZone, daysAfter(when.until, 1))];
    return { startsAt: start.toISOString(), endsAt: end.toISOString() };
  }
  const [start, end] = [when.from, when.until].map((at) => instantOf(timeZone, dayIn(at), at.slice(11)));
  // A short one inside the hour that DST skips would end before it began: it is as long as on any other day.
  const onTheClock = Date.parse(`${when.until}Z`) - Date.parse(`${when.from}Z`);
  const endsAt = end! < start! ? new Date(start!.getTime() + onTheClock) : end!;
  return { startsAt: start!.toISOString(), endsAt: endsAt.toISOString() };
}

const dayIn = (dayOrTime: string): string => dayOrTime.slice(0, 10);
