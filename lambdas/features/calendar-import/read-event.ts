import ICAL from 'ical.js';
import { Problem } from '../../http/problem.ts';
import { dayIn, daysAfter, timeOfDayIn } from '../../platform/calendar.ts';
import { CalendarEvent, type EventTimes, EXCEPTIONS_MAX, OVERRIDES_MAX, type Override } from '../calendar/event.ts';
import { occurrenceOn } from '../calendar/occurrences.ts';
import { type EventInput, newCalendarEvent } from '../calendar/writes.ts';
import type { EventLines } from './read-calendar.ts';
import { zoneOf } from './time-zones.ts';

export const refusals = [
  'unreadable',
  'no-uid',
  'no-start',
  'no-title',
  'bad-end',
  'unknown-time-zone',
  'recurs-in-utc',
  'rule',
  'dates-apart',
  'no-such-occurrence',
  'too-many',
  'forbidden-content',
  'repeated',
] as const;

/** Why one event of a file cannot be taken in. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly reason: (typeof refusals)[number];
  constructor(reason: (typeof refusals)[number], detail?: string) {
    super(detail ?? reason);
    this.reason = reason;
  }
}

/** One VEVENT, understood; times on the wall clock of `timeZone`. */
export interface ReadEvent {
  readonly index: number;
  readonly uid: string;
  /** The day of the rule that it stands in for. */
  readonly of: string | undefined;
  readonly isCancelled: boolean;
  /** Somebody's own, and not for those who read this calendar. */
  readonly isPrivate: boolean;
  readonly timeZone: string;
  readonly fields: EventInput;
  readonly exceptions: readonly string[];
}

/** A property as `ical.js` gives it (jCal, RFC 7265): name, parameters, type, values. */
type Property = readonly [string, Readonly<Record<string, unknown>>, string, ...unknown[]];

const TITLE_CHARACTERS_MAX = 120;
const PLACE_CHARACTERS_MAX = 200;
const DESCRIPTION_CHARACTERS_MAX = 2000;

/** Throws {@link Refused}. `own` is the zone of times that name none. */
export function readEvent({ index, lines }: EventLines, own: string): ReadEvent {
  const properties = parsed(lines);
  const all = (name: string) => properties.filter(([known]) => known === name);
  const one = (name: string): Property | undefined => {
    const found = all(name);
    if (found.length > 1) throw new Refused('unreadable', `${name.toUpperCase()} stands there twice.`);
    return found[0];
  };
  if (all('rdate').length + all('exrule').length > 0)
    throw new Refused('dates-apart', 'RDATE and EXRULE are not taken.');
  const uid = text(one('uid'));
  if (uid === '') throw new Refused('no-uid');
  const start = one('dtstart');
  if (!start) throw new Refused('no-start');
  const from = timeOf(start, own);
  const rule = one('rrule');
  if (rule && from.isUtc)
    throw new Refused('recurs-in-utc', 'A series needs a zone, or it would move with the clocks.');
  const title = shortened(oneLineOf(text(one('summary'))), TITLE_CHARACTERS_MAX);
  const place = shortened(oneLineOf(text(one('location'))), PLACE_CHARACTERS_MAX);
  const description = shortened(plain(text(one('description'))), DESCRIPTION_CHARACTERS_MAX);
  const of = one('recurrence-id');
  if (of && 'range' in of[1]) throw new Refused('no-such-occurrence', 'RANGE is not taken.');
  if (title === '' && !of) throw new Refused('no-title');
  return {
    index,
    uid,
    of: of && timeOf(of, from.timeZone).day,
    isCancelled: text(one('status')).toUpperCase() === 'CANCELLED',
    isPrivate: ['PRIVATE', 'CONFIDENTIAL'].includes(text(one('class')).toUpperCase()),
    timeZone: from.timeZone,
    fields: {
      title,
      ...(description !== '' && { description }),
      ...(place !== '' && { place }),
      bring: [],
      when: timesOf(from, one('dtend'), one('duration')),
      ...(rule && { rule: ruleOf(rule) }),
    },
    exceptions: all('exdate').flatMap((property) =>
      property.slice(3).map((_, i) => timeOf(property, from.timeZone, i).day),
    ),
  };
}

function parsed(lines: readonly string[]): Property[] {
  try {
    const [, , components] = ICAL.parse(
      ['BEGIN:VCALENDAR', 'BEGIN:VEVENT', ...lines, 'END:VEVENT', 'END:VCALENDAR'].join('\r\n'),
    ) as [string, unknown, [string, Property[]][]];
    const properties = components[0]?.[1] ?? [];
    for (const [name, parameters, type] of properties) {
      if (typeof name !== 'string' || typeof parameters !== 'object' || typeof type !== 'string')
        throw new Error('No jCal');
    }
    return properties;
  } catch {
    // Not the parser's own words: they quote the text.
    throw new Refused('unreadable', 'A line of it cannot be read.');
  }
}

interface Time {
  readonly day: string;
  /** `HH:MM`; absent for a day. */
  readonly time: string | undefined;
  readonly timeZone: string;
  readonly isUtc: boolean;
}

function timeOf([, parameters, , ...values]: Property, own: string, at = 0): Time {
  const value = String(values[at]);
  const [, day, time, isUtc] = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}):\d{2}(Z)?)?$/.exec(value) ?? [];
  if (day === undefined || !isReal(day, time)) throw new Refused('unreadable', 'A date or time cannot be read.');
  if (isUtc) {
    const instant = new Date(value);
    return { day: dayIn(own, instant), time: timeOfDayIn(own, instant), timeZone: own, isUtc: true };
  }
  const tzid = parameters['tzid'];
  const timeZone = time === undefined || tzid === undefined ? own : zoneOf(String(tzid), own);
  if (timeZone === undefined) throw new Refused('unknown-time-zone', 'Its TZID is no name of this zone that we know.');
  return { day, time, timeZone, isUtc: false };
}

function isReal(day: string, time = '00:00'): boolean {
  const instant = new Date(`${day}T${time}:00Z`);
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(`${day}T${time}`);
}

function timesOf(from: Time, end: Property | undefined, duration: Property | undefined): EventTimes {
  if (from.time === undefined) {
    const until = end ? daysAfter(timeOf(end, from.timeZone).day, -1) : daysAfter(from.day, daysIn(duration) - 1);
    // Some write the last day itself, and mean it.
    return { kind: 'all-day', from: from.day, until: [from.day, until].sort().at(-1)! };
  }
  const begins = `${from.day}T${from.time}`;
  const ends = end ? timeOf(end, from.timeZone) : undefined;
  if (ends) {
    if (ends.time === undefined || ends.timeZone !== from.timeZone)
      throw new Refused('bad-end', 'Its end is in another zone.');
    return { kind: 'timed', from: begins, until: `${ends.day}T${ends.time}` };
  }
  const minutes = minutesIn(duration);
  if (minutes <= 0) throw new Refused('bad-end', 'It has no end.');
  // On the wall clock, as a time of a day is meant.
  return {
    kind: 'timed',
    from: begins,
    until: new Date(Date.parse(`${begins}Z`) + minutes * 60_000).toISOString().slice(0, 16),
  };
}

const MINUTES_OF_DAY = 24 * 60;
const MINUTES_MAX = 62 * MINUTES_OF_DAY;

/** RFC 5545, section 3.3.6; 0 where there is none. */
function minutesIn(duration: Property | undefined): number {
  if (!duration) return 0;
  const parts = /^\+?P(?:(\d{1,4})W)?(?:(\d{1,4})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,5})M)?(?:\d{1,5}S)?)?$/.exec(
    String(duration[3]),
  );
  if (!parts) throw new Refused('bad-end', 'Its DURATION cannot be read.');
  const [weeks = 0, days = 0, hours = 0, minutes = 0] = parts.slice(1, 5).map((part) => Number(part ?? 0));
  return Math.min(MINUTES_MAX, (weeks * 7 + days) * MINUTES_OF_DAY + hours * 60 + minutes);
}
const daysIn = (duration: Property | undefined) => Math.max(1, Math.ceil(minutesIn(duration) / MINUTES_OF_DAY));

function ruleOf([, , , value]: Property): string {
  try {
    return ICAL.Recur.fromData(value as Parameters<typeof ICAL.Recur.fromData>[0]).toString();
  } catch {
    throw new Refused('rule', 'The rule cannot be read.');
  }
}

const text = (property: Property | undefined): string => (typeof property?.[3] === 'string' ? property[3] : '');
/** As our own texts are: no control characters, and nothing that turns the direction of what stands around it. */
const plain = (value: string) =>
  value
    .toWellFormed()
    .replace(/[^\P{Cc}\n\t]|[\u202A-\u202E\u2066-\u2069]/gu, '')
    .normalize('NFC')
    .trim();
const oneLineOf = (value: string) => plain(value.replace(/[\n\t\p{Zl}\p{Zp}]+/gu, ' '));
function shortened(value: string, max: number): string {
  if (value.length <= max) return value;
  // Not within a character of two halves.
  return `${value
    .slice(0, max - 1)
    .replace(/[\uD800-\uDBFF]$/, '')
    .trimEnd()}…`;
}

/** All VEVENTs of one UID as one event of ours; undefined where nothing of it is to be taken in. Throws {@link Refused}. */
export function eventOf(
  same: readonly ReadEvent[],
  about: Pick<CalendarEvent, 'id' | 'scope'>,
  now: Date,
): CalendarEvent | undefined {
  const [master, ...twins] = same.filter(({ of }) => of === undefined);
  if (!master) throw new Refused('no-such-occurrence', 'The series that it belongs to is not in the file.');
  if (twins.length > 0) throw new Refused('repeated', 'Another event has the same UID.');
  if (master.isCancelled || master.isPrivate) return undefined;
  const series = ofOurs(() => newCalendarEvent(master.fields, { ...about, timeZone: master.timeZone }, now));
  const others = same.filter((one) => one.of !== undefined);
  const exceptions = [
    ...master.exceptions,
    ...others.filter((one) => one.isCancelled || one.isPrivate).map(({ of }) => of!),
  ];
  const overrides = others.filter((one) => !one.isCancelled && !one.isPrivate).map((one) => overrideOf(one, master));
  const daysOut = [...new Set(exceptions)];
  if (daysOut.length > EXCEPTIONS_MAX) throw new Refused('too-many', `At most ${EXCEPTIONS_MAX} days left out.`);
  if (overrides.length > OVERRIDES_MAX)
    throw new Refused('too-many', `At most ${OVERRIDES_MAX} occurrences otherwise.`);
  if (new Set(overrides.map(({ of }) => of)).size < overrides.length) throw new Refused('repeated');
  const isOfSeries = (day: string) => occurrenceOn(series, day) !== undefined;
  if (!overrides.every(({ of }) => isOfSeries(of))) throw new Refused('no-such-occurrence');
  const days = daysOut.filter(isOfSeries).sort();
  const event = CalendarEvent.safeParse({ ...series, exceptions: days, overrides });
  if (event.success) return event.data;
  const isForbidden = event.error.issues.some(
    (issue) => issue.code === 'custom' && issue.params?.['slug'] === 'forbidden-content',
  );
  throw new Refused(
    isForbidden ? 'forbidden-content' : 'unreadable',
    isForbidden ? 'A card or identity number.' : undefined,
  );
}

function overrideOf(
  { of, timeZone, fields: { title, description, place, when } }: ReadEvent,
  master: ReadEvent,
): Override {
  if (timeZone !== master.timeZone)
    throw new Refused('unknown-time-zone', 'An occurrence is in another zone than its series.');
  return {
    of: of!,
    ...(title !== '' && title !== master.fields.title && { title }),
    ...(description !== undefined && description !== master.fields.description && { description }),
    ...(place !== undefined && place !== master.fields.place && { place }),
    when,
  };
}

/** What the calendar itself refuses, in the words of a file. */
function ofOurs(make: () => CalendarEvent): CalendarEvent {
  try {
    return make();
  } catch (thrown) {
    if (!(thrown instanceof Problem)) throw thrown;
    if (thrown.slug === 'rule-refused') throw new Refused('rule', thrown.message);
    throw new Refused('bad-end', 'It ends before it begins, or lasts too long.');
  }
}
