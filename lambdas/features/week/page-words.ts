import type { Language } from '../../http/call.ts';

const locale: Readonly<Record<Language, string>> = { nb: 'nb-NO', en: 'en-GB' };

/** Days as words; a day has no zone, so every process says the same. */
export function dayWords(day: string, language: Language, style: 'short' | 'long'): string {
  const format: Intl.DateTimeFormatOptions =
    style === 'short' ? { weekday: 'short', day: 'numeric' } : { weekday: 'long', day: 'numeric', month: 'long' };
  return new Intl.DateTimeFormat(locale[language], { ...format, timeZone: 'UTC' }).format(noonOf(day));
}

/** `16.–22. november 2026` */
export const rangeWords = (from: string, to: string, language: Language): string =>
  new Intl.DateTimeFormat(locale[language], { dateStyle: 'long', timeZone: 'UTC' }).formatRange(
    noonOf(from),
    noonOf(to),
  );

const noonOf = (day: string) => new Date(`${day}T12:00:00Z`);

/** A time of a day (`HH:MM`) as the language writes it. */
export const clockWords = (time: string, language: Language): string =>
  language === 'nb' ? time.replace(':', '.') : time;

/** `Emil, Nora og Åse` */
export const listWords = (names: readonly string[], language: Language): string =>
  new Intl.ListFormat(locale[language], { type: 'conjunction' }).format(names);

interface PageWords {
  readonly week: (number: string) => string;
  readonly who: string;
  readonly waiting: string;
  readonly messages: (count: number, organisation: string) => string;
  readonly answer: (organisation: string, names: string, day: string, time: string) => string;
  readonly closed: string;
  readonly answerDay: string;
  readonly fewerStaff: string;
  readonly expected: string;
  readonly from: string;
  readonly until: string;
  readonly came: string;
  readonly wasThere: string;
  readonly absent: Readonly<Record<'holiday' | 'other', string>>;
  readonly withMe: string;
  readonly notWithMe: string;
  readonly answerBefore: (day: string, time: string) => string;
  readonly bring: string;
  readonly me: string;
  readonly timesIn: (zone: string) => string;
  readonly more: (count: number) => string;
  readonly moreRows: (count: number) => string;
  readonly nobody: string;
  readonly made: (when: string) => string;
  readonly print: string;
}

export const pageWords: Readonly<Record<Language, PageWords>> = {
  nb: {
    week: (number) => `Uke ${number}`,
    who: 'Hvem',
    waiting: 'Venter på deg',
    messages: (count, organisation) => `${count} ${count === 1 ? 'melding' : 'meldinger'} fra ${organisation}`,
    answer: (organisation, names, day, time) => `Si fra til ${organisation} om ${names} før ${day} kl. ${time}`,
    closed: 'Stengt',
    answerDay: 'Må meldes',
    fewerStaff: 'Færre ansatte',
    expected: 'Ventet',
    from: 'fra',
    until: 'til',
    came: 'Kom',
    wasThere: 'Var der',
    absent: { holiday: 'Fri', other: 'Fravær' },
    withMe: 'Hos meg',
    notWithMe: 'Ikke hos meg',
    answerBefore: (day, time) => `Si fra før ${day} kl. ${time}`,
    bring: 'Ta med:',
    me: 'meg',
    timesIn: (zone) => `Tider i ${zone}`,
    more: (count) => `+ ${count} til`,
    moreRows: (count) => `+ ${count} til, som det ikke er plass til på ett ark.`,
    nobody: 'Det er ingen å vise denne uken.',
    made: (when) => `Slik uken så ut ${when}.`,
    print: 'Siden kan skrives ut på ett ark. Lenken til den virker bare noen få minutter.',
  },
  en: {
    week: (number) => `Week ${number}`,
    who: 'Who',
    waiting: 'Waiting for you',
    messages: (count, organisation) => `${count} ${count === 1 ? 'message' : 'messages'} from ${organisation}`,
    answer: (organisation, names, day, time) => `Tell ${organisation} about ${names} before ${day} at ${time}`,
    closed: 'Closed',
    answerDay: 'Answer needed',
    fewerStaff: 'Fewer staff',
    expected: 'Expected',
    from: 'from',
    until: 'until',
    came: 'Came',
    wasThere: 'There',
    absent: { holiday: 'Day off', other: 'Absent' },
    withMe: 'With me',
    notWithMe: 'Not with me',
    answerBefore: (day, time) => `Answer before ${day} at ${time}`,
    bring: 'Bring:',
    me: 'me',
    timesIn: (zone) => `Times in ${zone}`,
    more: (count) => `+ ${count} more`,
    moreRows: (count) => `+ ${count} more, for which one sheet has no room.`,
    nobody: 'There is nobody to show this week.',
    made: (when) => `As the week was on ${when}.`,
    print: 'The page can be printed on one sheet. The link to it works for a few minutes only.',
  },
};
