/**
 * A calendar file, taken apart before a parser sees it: bounded in size, lines, nesting and events, and reduced to the
 * properties that we take. It walks the text once, whatever is in it.
 */

export const CALENDAR_CHARACTERS_MAX = 240_000;
export const EVENTS_MAX = 500;
const LINES_MAX = 50_000;
/** Unfolded. */
const LINE_CHARACTERS_MAX = 10_000;
/** VCALENDAR, VEVENT, VALARM, and one to spare. */
const NESTING_MAX = 4;

export const dropped = ['attendees', 'organizers', 'alarms', 'attachments', 'others'] as const;
export type Dropped = Record<(typeof dropped)[number], number>;

export interface EventLines {
  /** Its place among the events of the file, from 0. */
  readonly index: number;
  /** Unfolded content lines of the properties that we take. */
  readonly lines: readonly string[];
}

export type ReadCalendar =
  | { readonly outcome: 'read'; readonly events: readonly EventLines[]; readonly dropped: Dropped }
  | { readonly outcome: 'unreadable'; readonly reason: string };

const taken: ReadonlySet<string> = new Set([
  'UID',
  'DTSTART',
  'DTEND',
  'DURATION',
  'SUMMARY',
  'DESCRIPTION',
  'LOCATION',
  'RRULE',
  'RDATE',
  'EXRULE',
  'EXDATE',
  'RECURRENCE-ID',
  'STATUS',
  'CLASS',
]);
const countedAs: Readonly<Record<string, keyof Dropped>> = {
  ATTENDEE: 'attendees',
  ORGANIZER: 'organizers',
  ATTACH: 'attachments',
};
/** What says nothing that anybody would miss. */
const silent: ReadonlySet<string> = new Set(['DTSTAMP', 'CREATED', 'LAST-MODIFIED', 'SEQUENCE', 'TRANSP', 'PRIORITY']);

export function readCalendar(text: string): ReadCalendar {
  const lines = text
    .replace(/^\uFEFF/, '')
    .replace(/\r?\n[ \t]/g, '')
    .split(/\r?\n|\r/);
  if (lines.length > LINES_MAX) return unreadable(`More than ${LINES_MAX} lines.`);
  const counts: Dropped = { attendees: 0, organizers: 0, alarms: 0, attachments: 0, others: 0 };
  const events: { index: number; lines: string[] }[] = [];
  const open: string[] = [];
  let isOver = false;
  for (const line of lines) {
    if (line === '') continue;
    if (line.length > LINE_CHARACTERS_MAX) return unreadable(`A line of more than ${LINE_CHARACTERS_MAX} characters.`);
    const name = /^[A-Za-z0-9-]+/.exec(line)?.[0].toUpperCase() ?? '';
    const isMark = name === 'BEGIN' || name === 'END';
    const component = isMark
      ? line
          .slice(name.length + 1)
          .trim()
          .toUpperCase()
      : '';
    if (isOver || (open.length === 0 && component !== 'VCALENDAR')) return unreadable('Not one VCALENDAR.');
    if (name === 'BEGIN') {
      if (open.length === NESTING_MAX) return unreadable(`Components nested more than ${NESTING_MAX} deep.`);
      open.push(component);
      if (component === 'VALARM') counts.alarms++;
      if (component !== 'VEVENT') continue;
      if (open.length !== 2) return unreadable('A VEVENT within another component.');
      if (events.length === EVENTS_MAX) return unreadable(`More than ${EVENTS_MAX} events.`);
      events.push({ index: events.length, lines: [] });
    } else if (name === 'END') {
      if (open.pop() !== component) return unreadable('A component ends that did not begin.');
      isOver = open.length === 0;
    } else if (open.length === 2 && open[1] === 'VEVENT') {
      if (taken.has(name)) events.at(-1)!.lines.push(line);
      else if (!silent.has(name)) counts[countedAs[name] ?? 'others']++;
    }
  }
  return isOver ? { outcome: 'read', events, dropped: counts } : unreadable('It does not end.');
}

const unreadable = (reason: string): ReadCalendar => ({ outcome: 'unreadable', reason });
