import type * as z from 'zod';
import type { CalendarEventId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import { daysAfter } from '../../platform/calendar.ts';
import { type CalendarEvent, type EventFields, EXCEPTIONS_MAX, OVERRIDES_MAX, type Override } from './event.ts';
import { firstDayOf, keptRule, movedTo, occurrenceOn } from './occurrences.ts';
import { dayNumber, dayOfNumber, daysOfRule } from './recurrence.ts';
import { ruleText } from './rule.ts';
import { demandTimes, settledEvent } from './writes.ts';

/** An item of the table holds 400 KB: of those the rest is for days left out, files, and texts of the series itself. */
const SERIES_BYTES_MAX = 320 * 1024;

/** What one may change; `null` takes a field away. Pure decisions: none of them touches a table. */
export type EventChanges = {
  readonly [K in keyof z.output<typeof EventFields>]?: z.output<typeof EventFields>[K] | null | undefined;
};

/** The whole series, or an event that does not recur. Days that the new rule does not fall on leave nothing behind. */
export function changedAll(event: CalendarEvent, changes: EventChanges, now: Date): CalendarEvent {
  return withFittingDays(touched(settledEvent(merged(event, changes)), now));
}

/** One occurrence of a series. */
export function changedOne(event: CalendarEvent, of: string, changes: EventChanges, now: Date): CalendarEvent {
  demandOccurrence(event, of);
  if (changes.when) demandTimes(changes.when);
  const before = event.overrides.find((override) => override.of === of);
  const { title, description, place, bring, when } = changes;
  const given = { title, description, place, bring, when };
  // What is taken away from one occurrence is as in the series again.
  const override = Object.fromEntries(
    Object.entries({ ...before, ...defined(given), of }).filter(([, value]) => value !== null),
  ) as unknown as Override;
  const overrides = [...event.overrides.filter((other) => other.of !== of), override];
  if (overrides.length > OVERRIDES_MAX) {
    throw new Problem('too-many', `At most ${OVERRIDES_MAX} occurrences otherwise than their series.`);
  }
  const after = { ...event, overrides: overrides.sort(byDay) };
  if (Buffer.byteLength(JSON.stringify(after)) > SERIES_BYTES_MAX) {
    throw new Problem('too-many', 'More text of single days than one series holds: split it.');
  }
  return touched(after, now);
}

/** The series ends before a day, and a series of its own goes on from there with the changes. */
export function changedFollowing(
  event: CalendarEvent,
  of: string,
  changes: EventChanges,
  id: CalendarEventId,
  now: Date,
): { readonly earlier: CalendarEvent; readonly later: CalendarEvent } {
  demandOccurrence(event, of);
  const at = now.toISOString();
  const later = merged(
    {
      ...event,
      id,
      when: movedTo(event.when, of),
      exceptions: event.exceptions.filter((day) => day > of),
      overrides: event.overrides.filter((override) => override.of > of),
      // A file has one home: those attached stay with the earlier part.
      files: [],
      sequence: 0,
      createdAt: at,
      updatedAt: at,
      follows: event.id,
    },
    changes,
  );
  return { earlier: endedBefore(event, of, now), later: withFittingDays(settledEvent(later)) };
}

export const cancelledAll = (event: CalendarEvent, now: Date): CalendarEvent =>
  touched({ ...event, cancelled: true }, now);

/** One that did not happen, or will not. The last one left takes its series with it. */
export function cancelledOne(event: CalendarEvent, of: string, now: Date): CalendarEvent {
  demandOccurrence(event, of);
  const exceptions = [...event.exceptions, of].sort();
  if (exceptions.length > EXCEPTIONS_MAX) throw new Problem('too-many', `At most ${EXCEPTIONS_MAX} days left out.`);
  const overrides = event.overrides.filter((override) => override.of !== of);
  const after = { ...event, exceptions, overrides };
  return isEmpty(after) ? cancelledAll(event, now) : touched(after, now);
}

export function cancelledFollowing(event: CalendarEvent, of: string, now: Date): CalendarEvent {
  demandOccurrence(event, of);
  return of === firstDayOf(event.when) ? cancelledAll(event, now) : endedBefore(event, of, now);
}

/** The day of an event that does not recur is its own. */
export const recurs = ({ rule }: Pick<CalendarEvent, 'rule'>): boolean => rule !== undefined;

function endedBefore(event: CalendarEvent, of: string, now: Date): CalendarEvent {
  const rule = keptRule(event);
  if (!rule || of <= firstDayOf(event.when)) throw new Problem('wrong-state', 'It begins there: change all of it.');
  const start = dayNumber(firstDayOf(event.when));
  // Its UNTIL is a day on which it happens, however long ago that was.
  const last = daysOfRule({ ...rule, until: daysAfter(of, -1) }, start, start, dayNumber(of)).at(-1)!;
  return withFittingDays(touched({ ...event, rule: ruleText({ ...rule, until: dayOfNumber(last) }) }, now));
}

function demandOccurrence(event: CalendarEvent, of: string): void {
  if (!occurrenceOn(event, of)) throw new Problem('event-not-found');
}

function merged(event: CalendarEvent, changes: EventChanges): CalendarEvent {
  const { title, description, place, bring, when, rule, invitation } = changes;
  const given = defined({ title, description, place, bring, when, rule, invitation });
  const all = Object.entries({ ...event, ...given }).filter(([, value]) => value !== null);
  return Object.fromEntries(all) as unknown as CalendarEvent;
}

const defined = <T extends object>(fields: T): Partial<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;

const touched = (event: CalendarEvent, now: Date): CalendarEvent => ({
  ...event,
  sequence: event.sequence + 1,
  updatedAt: now.toISOString(),
});

/** Without exceptions and overrides of days that the rule does not have any more. */
function withFittingDays(event: CalendarEvent): CalendarEvent {
  const base = { ...event, exceptions: [], overrides: [] };
  const isThere = (of: string) => occurrenceOn(base, of) !== undefined;
  const fitting = {
    ...event,
    exceptions: event.exceptions.filter(isThere),
    overrides: event.overrides.filter(({ of }) => isThere(of)),
  };
  if (isEmpty(fitting)) throw new Problem('rule-refused', 'Every day of it was left out.');
  return fitting;
}

/** A series with an end, of which every day is left out. */
function isEmpty(event: CalendarEvent): boolean {
  const rule = keptRule(event);
  const left = new Set(event.exceptions);
  if (!rule) return left.has(firstDayOf(event.when));
  if (rule.until === undefined) return false;
  const start = dayNumber(firstDayOf(event.when));
  return daysOfRule(rule, start, start, dayNumber(rule.until)).every((day) => left.has(dayOfNumber(day)));
}

const byDay = (one: { of: string }, other: { of: string }) => one.of.localeCompare(other.of);
