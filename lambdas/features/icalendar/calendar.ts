import { daysAfter } from '../../platform/calendar.ts';
import { contentLines, escaped } from './content-lines.ts';
import { OSLO, osloTimeZone } from './oslo.ts';

/** When an event is: whole days (both included), local times in Oslo (`2026-10-25T08:15`), or instants. */
export type When =
  | { readonly days: { readonly from: string; readonly until: string } }
  | { readonly inOslo: { readonly from: string; readonly until: string } }
  | { readonly instants: { readonly from: Date; readonly until?: Date } };

/** The start of an occurrence as the rule has it: a day, or a local time in Oslo. */
export type Start = { readonly day: string } | { readonly inOslo: string };

/** One VEVENT (RFC 5545, section 3.6.1). */
export interface EventText {
  /** The same for ever, and for all overrides of one event; what comes before the `@`. */
  readonly uid: string;
  /** When the information was last revised: without a METHOD that is what DTSTAMP says (section 3.8.7.2). */
  readonly revisedAt: Date;
  readonly sequence?: number;
  readonly summary: string;
  readonly description?: string;
  readonly location?: string;
  readonly when: When;
  /** A RECUR value (section 3.3.10), with UNTIL as a day for whole days and in UTC else. */
  readonly rule?: string;
  readonly exceptions?: readonly Start[];
  /** The occurrence of the rule that this stands in for (RECURRENCE-ID). */
  readonly insteadOf?: Start;
  /** Takes up no time: nobody is shown as busy. */
  readonly isTransparent?: true;
  readonly isCancelled?: true;
}

export interface CalendarText {
  /** What made it: `Calendar 1`. */
  readonly product: string;
  /** What a calendar app calls it (RFC 7986, section 5.1; most apps read the older X-WR-CALNAME). */
  readonly name?: string;
  /** How long a calendar app should wait before it looks again (RFC 7986, section 5.7). */
  readonly refreshedEveryHours?: number;
  readonly events: readonly EventText[];
}

/** A calendar as text (RFC 5545): folded, ended by CRLF, with the VTIMEZONE that its local times are in. */
export function calendarText({ product, name, refreshedEveryHours, events }: CalendarText): string {
  const isLocal = events.some(
    ({ when, exceptions = [] }) => 'inOslo' in when || exceptions.some((one) => 'inOslo' in one),
  );
  return contentLines([
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    `PRODID:-//Vern//${product}//EN`,
    'CALSCALE:GREGORIAN',
    ...(name === undefined ? [] : [`NAME:${escaped(name)}`, `X-WR-CALNAME:${escaped(name)}`]),
    ...(refreshedEveryHours === undefined ? [] : refreshing(`PT${refreshedEveryHours}H`)),
    ...(isLocal ? osloTimeZone : []),
    ...events.flatMap(eventLines),
    'END:VCALENDAR',
  ]);
}

/** Apple and Google go by the one, Outlook by the other. */
const refreshing = (every: string) => [`REFRESH-INTERVAL;VALUE=DURATION:${every}`, `X-PUBLISHED-TTL:${every}`];

const eventLines = (event: EventText): string[] => [
  'BEGIN:VEVENT',
  `UID:${escaped(event.uid)}@vern`,
  `DTSTAMP:${utc(event.revisedAt)}`,
  ...(event.insteadOf ? [startLine('RECURRENCE-ID', event.insteadOf)] : []),
  ...whenLines(event.when),
  ...(event.rule === undefined ? [] : [`RRULE:${event.rule}`]),
  // One line each: Outlook drops all but the first of a list.
  ...(event.exceptions ?? []).map((start) => startLine('EXDATE', start)),
  `SUMMARY:${escaped(event.summary)}`,
  ...(event.description === undefined ? [] : [`DESCRIPTION:${escaped(event.description)}`]),
  ...(event.location === undefined ? [] : [`LOCATION:${escaped(event.location)}`]),
  ...(event.sequence === undefined ? [] : [`SEQUENCE:${event.sequence}`]),
  ...(event.isCancelled ? ['STATUS:CANCELLED'] : []),
  ...(event.isTransparent ? ['TRANSP:TRANSPARENT'] : []),
  'END:VEVENT',
];

function whenLines(when: When): string[] {
  // The end of whole days is the day after the last (section 3.6.1).
  if ('days' in when) {
    return [startLine('DTSTART', { day: when.days.from }), startLine('DTEND', { day: daysAfter(when.days.until, 1) })];
  }
  if ('inOslo' in when) {
    return [startLine('DTSTART', { inOslo: when.inOslo.from }), startLine('DTEND', { inOslo: when.inOslo.until })];
  }
  const { from, until } = when.instants;
  return [`DTSTART:${utc(from)}`, ...(until === undefined ? [] : [`DTEND:${utc(until)}`])];
}

const startLine = (name: string, start: Start) =>
  'day' in start ? `${name};VALUE=DATE:${basicDay(start.day)}` : `${name};TZID=${OSLO}:${basicTime(start.inOslo)}`;

/** `20261123T071200Z`. */
export const utc = (at: Date): string =>
  `${at.toISOString().slice(0, 'yyyy-mm-ddThh:mm:ss'.length).replace(/[-:]/g, '')}Z`;
/** `20261123`. */
const basicDay = (day: string) => day.replaceAll('-', '');
/** `20261123T081200` for `2026-11-23T08:12`. */
const basicTime = (local: string) => `${local.replace(/[-:]/g, '')}00`;
