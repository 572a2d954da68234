import type * as z from 'zod';
import type { CalendarEventId, OrganisationId } from '../../http/ids.ts';
import { pointer } from '../../http/pointer.ts';
import { Problem } from '../../http/problem.ts';
import { dayIn, timeOfDayIn } from '../../platform/calendar.ts';
import type { Change, Stored } from '../../platform/records.ts';
import { releaseFile } from '../files/claim.ts';
import type { KeptFile } from '../files/file.ts';
import { pointersOf } from './calendar-index.ts';
import {
  type CalendarEvent,
  EVENT_DAYS_MAX,
  type EventFields,
  type EventRef,
  type EventScope,
  type EventTimes,
  eventOwner,
  eventRefOf,
} from './event.ts';
import { firstDayOf, lengthInDays } from './occurrences.ts';
import { dayNumber, settledRule } from './recurrence.ts';
import { parseRule, ruleText } from './rule.ts';

export type StoredEvent = Stored<EventRef['entity']>;
export type EventInput = z.output<typeof EventFields>;

/** A new event. Throws `malformed-request` for times that cannot be, `rule-refused` for a rule that cannot. */
export function newCalendarEvent(
  fields: EventInput,
  about: {
    readonly id: CalendarEventId;
    readonly scope: EventScope;
    readonly timeZone: string;
    readonly files?: readonly KeptFile[];
    readonly follows?: CalendarEventId;
  },
  now: Date,
): CalendarEvent {
  const at = now.toISOString();
  const { files = [], ...place } = about;
  return settledEvent({
    ...fields,
    ...place,
    exceptions: [],
    overrides: [],
    files: [...files],
    sequence: 0,
    createdAt: at,
    updatedAt: at,
  });
}

/** With its rule as it is kept; throws like {@link newCalendarEvent}. */
export function settledEvent(event: CalendarEvent): CalendarEvent {
  demandTimes(event.when);
  if (event.rule === undefined) return event;
  const rule = parseRule(event.rule, (instant) => lastDayBefore(event, instant));
  return { ...event, rule: ruleText(settledRule(rule, dayNumber(firstDayOf(event.when)))) };
}

/** The last day on which an occurrence begins no later than an instant. */
function lastDayBefore({ when, timeZone }: Pick<CalendarEvent, 'when' | 'timeZone'>, instant: Date): string {
  const day = dayIn(timeZone, instant);
  const isLater = when.kind === 'timed' && when.from.slice(11) > timeOfDayIn(timeZone, instant);
  return isLater ? dayIn(timeZone, new Date(instant.getTime() - 24 * 60 * 60 * 1000)) : day;
}

export function demandTimes(when: EventTimes): void {
  const isBackwards = when.kind === 'timed' ? when.until <= when.from : when.until < when.from;
  if (isBackwards) throw malformed('until', 'Not after `from`.');
  if (lengthInDays(when) >= EVENT_DAYS_MAX) throw malformed('until', `At most ${EVENT_DAYS_MAX} days.`);
}

const malformed = (field: string, detail: string) =>
  new Problem('malformed-request', undefined, { errors: [{ pointer: pointer('body', 'when', field), detail }] });

/** Three writes. The change still needs its activity record. */
export function putNewEvent(change: Change, organisationId: OrganisationId, event: CalendarEvent): void {
  change.put(eventRefOf(organisationId, event.scope, event.id), event, 'new');
  for (const row of pointersOf(organisationId, event)) change.point(row);
}

/** Conditioned on the version that was read; the index follows. */
export function replaceEvent(
  change: Change,
  organisationId: OrganisationId,
  before: StoredEvent,
  after: CalendarEvent,
): void {
  change.put(before.ref, after, { version: before.version });
  const rows = pointersOf(organisationId, after);
  for (const row of rows) change.point(row);
  for (const row of pointersOf(organisationId, before.value)) {
    if (rows.every(({ sk }) => sk !== row.sk)) change.unpoint(row);
  }
}

export function removeEvent(change: Change, organisationId: OrganisationId, stored: StoredEvent, now: Date): void {
  const { value } = stored;
  change.remove(stored.ref, { version: stored.version });
  for (const row of pointersOf(organisationId, value)) change.unpoint(row);
  for (const file of value.files) releaseFile(change, file, { owner: eventOwner(organisationId, value.scope) }, now);
}
