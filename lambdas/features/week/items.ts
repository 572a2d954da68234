import type { Language } from '../../http/call.ts';
import { dayIn, timeOfDayIn } from '../../platform/calendar.ts';
import { clockWords, dayWords, pageWords } from './page-words.ts';
import type { WeekDay, WeekEvent } from './week.ts';

/** One line of a day, in words; the kind decides how it looks, and never says what the words do not. */
export interface Item {
  readonly kind: 'closed' | 'attendance' | 'home' | 'answer' | 'event' | 'bring';
  /** Words, figures and words, in this order. */
  readonly lead?: string;
  readonly time?: Times;
  readonly text?: string;
}

/** On a wall clock, as the language writes it. */
export interface Times {
  readonly from: string;
  readonly until?: string;
}

/** All that is said of one person's day, the most important first. Pure. */
export function itemsOf(day: WeekDay, language: Language): Item[] {
  return [
    ...openingItems(day, language),
    ...attendanceItems(day, language),
    ...homeItems(day, language),
    ...answerItems(day, language),
    ...day.events.flatMap((event) => eventItems(event, day, language)),
  ];
}

function openingItems({ opening, closure }: WeekDay, language: Language): Item[] {
  const words = pageWords[language];
  if (opening === 'open') return [];
  const said = { closed: words.closed, 'must-answer': words.answerDay, 'reduced-staff': words.fewerStaff }[opening];
  return [{ kind: 'closed', text: closure === undefined ? said : `${said}: ${closure}` }];
}

/** What was, once there is something; until then what is expected. */
function attendanceItems(day: WeekDay, language: Language): Item[] {
  const words = pageWords[language];
  const clock = (instant: string) => clockWords(timeOfDayIn(day.timeZone, new Date(instant)), language);
  if (day.stays.length > 0) {
    return day.stays.map(({ checkedInAt, checkedOutAt }): Item => {
      const from = clock(checkedInAt);
      if (checkedOutAt === undefined) return { kind: 'attendance', lead: words.came, time: { from } };
      return { kind: 'attendance', lead: words.wasThere, time: { from, until: clock(checkedOutAt) } };
    });
  }
  if (day.absence) return [{ kind: 'attendance', text: words.absent[day.absence.reason] }];
  if (!day.expected) return [];
  const { from, until } = day.expected;
  return [{ kind: 'attendance', lead: words.expected, time: timesOf(from, until, language) }];
}

function homeItems({ home }: WeekDay, language: Language): Item[] {
  const words = pageWords[language];
  if (home === undefined) return [];
  return [{ kind: 'home', text: home === 'with-me' ? words.withMe : words.notWithMe }];
}

function answerItems({ answerBefore, home, timeZone }: WeekDay, language: Language): Item[] {
  if (answerBefore === undefined || home === 'not-with-me') return [];
  const { day, time } = deadlineWords(answerBefore, timeZone, language, 'short');
  return [{ kind: 'answer', text: pageWords[language].answerBefore(day, time) }];
}

export function deadlineWords(instant: string, timeZone: string, language: Language, style: 'short' | 'long') {
  const at = new Date(instant);
  return {
    day: dayWords(dayIn(timeZone, at), language, style),
    time: clockWords(timeOfDayIn(timeZone, at), language),
  };
}

function eventItems(event: WeekEvent, { day, timeZone }: WeekDay, language: Language): Item[] {
  const { title, place, bring } = event;
  const words = pageWords[language];
  const zone = event.timeZone === timeZone || event.allDay ? undefined : words.timesIn(event.timeZone);
  const beside = [place, zone].filter((part) => part !== undefined);
  return [
    { kind: 'event', ...timesOn(event, day, language), text: [title, ...beside].join(', ') },
    ...(bring.length > 0 ? [{ kind: 'bring', text: `${words.bring} ${bring.join(', ')}` } as const] : []),
  ];
}

/** Of what goes on over midnight, the part that falls on the day. */
function timesOn({ allDay, from, until }: WeekEvent, day: string, language: Language): Pick<Item, 'lead' | 'time'> {
  if (allDay) return {};
  const words = pageWords[language];
  const [begins, ends] = [from.startsWith(day), until.startsWith(day)];
  const [first, last] = [from.slice('YYYY-MM-DDT'.length), until.slice('YYYY-MM-DDT'.length)];
  if (begins && ends) return { time: timesOf(first, first === last ? undefined : last, language) };
  if (begins) return { lead: words.from, time: timesOf(first, undefined, language) };
  return ends ? { lead: words.until, time: timesOf(last, undefined, language) } : {};
}

const timesOf = (from: string, until: string | undefined, language: Language): Times => ({
  from: clockWords(from, language),
  ...(until !== undefined && { until: clockWords(until, language) }),
});

/** The whole line, as it is counted on paper. */
export const wordsOf = ({ lead, time, text }: Item): string =>
  [lead, time && [time.from, time.until].filter(isThere).join('–'), text].filter(isThere).join(' ');
const isThere = (part: string | undefined): part is string => part !== undefined;
