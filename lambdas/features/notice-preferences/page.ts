import type { Language } from '../../http/call.ts';
import type { PageField, PageWords } from '../links/page.ts';
import { type Category, categories } from '../notices/notice.ts';
import {
  type EmailWish,
  emailWishes,
  type FurtherChannel,
  type NoticePreferences,
  type Wishes,
  weekdays,
} from '../notices/preferences.ts';
import { reasons } from './necessary.ts';
import type { NoticeForm } from './routes.ts';
import { texts } from './words.ts';

/** What the page shows: settings alone, and nobody's name. */
interface Shown {
  readonly wishes: Wishes;
  readonly reachedBy: readonly FurtherChannel[];
  readonly version: number;
}
type Outcome = 'asked' | 'saved' | 'stale-version' | 'messages-must-reach';

/** The numbers of mails a day that can be chosen; another that was said elsewhere stands beside them. */
const MAILS_PER_DAY = [1, 3, 5, 10, 20, 50];
const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

export function preferencesPage(shown: Shown, token: string, language: Language, outcome: Outcome): PageWords {
  const words = texts[language];
  const { title, paragraphs } = words.outcome[outcome];
  return {
    title,
    paragraphs: [...paragraphs, ...words.explained],
    forms: [{ action: `/l/${token}/notice-preferences`, fields: fieldsOf(shown, language), button: words.save }],
    notes: { heading: words.necessary, lines: Object.values(reasons).map((reason) => reason[language]) },
  };
}

function fieldsOf({ wishes, reachedBy, version }: Shown, language: Language): PageField[] {
  const words = texts[language];
  const { quietHours, digest, mailsPerDayMax } = wishes;
  return [
    { kind: 'hidden', name: 'version', value: String(version) },
    ...categories.map((category): PageField => {
      const chosen = wishes.categories[category].email;
      const offered = emailWishes.filter(
        (wish) => wish !== 'off' || chosen === 'off' || mayBeOff(category, wishes, reachedBy),
      );
      const options = offered.map((value) => ({ value, label: words.wishes[value] }));
      return { kind: 'choice', name: category, label: words.categories[category], options, chosen };
    }),
    choice(
      'quietFrom',
      words.quietFrom,
      [{ value: 'none', label: words.noQuietHours }, ...times(quietHours?.from ?? '21:00', language)],
      quietHours?.from ?? 'none',
    ),
    choice('quietUntil', words.quietUntil, times(quietHours?.until ?? '07:00', language), quietHours?.until ?? '07:00'),
    choice(
      'digestHour',
      words.digestHour,
      HOURS.map((hour) => ({ value: String(hour), label: clock(`${pad(hour)}:00`, language) })),
      String(digest.hour),
    ),
    choice(
      'digestWeekday',
      words.digestWeekday,
      weekdays.map((day) => ({ value: day, label: words.weekdays[day] })),
      digest.weekday,
    ),
    choice('mailsPerDayMax', words.mailsPerDayMax, numbers(mailsPerDayMax), String(mailsPerDayMax)),
  ];
}

/** What the form says; what it does not ask (SMS, push, the zone) stays as it was. */
export function preferencesIn(
  form: NoticeForm,
  { categories: before, necessary }: Wishes,
  timeZone: string | undefined,
): NoticePreferences {
  const { quietFrom, quietUntil, digestHour, digestWeekday, mailsPerDayMax } = form;
  const isQuiet = quietFrom !== 'none' && quietFrom !== quietUntil;
  return {
    categories: Object.fromEntries(
      categories.map((category) => [category, { ...before[category], email: form[category] satisfies EmailWish }]),
    ),
    necessary: { ...necessary },
    ...(isQuiet && { quietHours: { from: quietFrom, until: quietUntil } }),
    ...(timeZone !== undefined && { timeZone }),
    digest: { hour: Number(digestHour), weekday: digestWeekday },
    mailsPerDayMax: Number(mailsPerDayMax),
  };
}

const mayBeOff = (category: Category, { categories: wishes }: Wishes, reachedBy: readonly FurtherChannel[]) =>
  category !== 'messages' || reachedBy.some((channel) => wishes.messages[channel] === 'at-once');

const choice = (
  name: string,
  label: string,
  options: readonly { readonly value: string; readonly label: string }[],
  chosen: string,
): PageField => ({ kind: 'choice', name, label, options, chosen });

/** Whole hours, and the time that was said elsewhere if it is none. */
function times(said: string, language: Language) {
  const all = [...new Set([...HOURS.map((hour) => `${pad(hour)}:00`), said])].sort();
  return all.map((value) => ({ value, label: clock(value, language) }));
}
const clock = (time: string, language: Language) => (language === 'nb' ? time.replace(':', '.') : time);
const pad = (hour: number) => String(hour).padStart(2, '0');

const numbers = (said: number) =>
  [...new Set([...MAILS_PER_DAY, said])]
    .sort((a, b) => a - b)
    .map((value) => ({ value: String(value), label: String(value) }));
