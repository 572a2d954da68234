import { type Category, categories } from '../notices/notice.ts';
import { noticePreferencesEntity } from '../notices/preferences.ts';
import { type EntityWords, words } from './field-words-type.ts';
import { from, until, weekdays } from './shared-words.ts';

const byFurther = {
  codes: { 'at-once': { nb: 'med en gang', en: 'at once' }, off: { nb: 'nei', en: 'no' } },
} as const;
const sms = { nb: 'SMS', en: 'SMS', ...byFurther } as const;
const push = { nb: 'Varsel i appen', en: 'Notification in the app', ...byFurther } as const;
const email = {
  nb: 'E-post',
  en: 'E-mail',
  codes: {
    'at-once': { nb: 'med en gang', en: 'at once' },
    daily: { nb: 'samlet én gang om dagen', en: 'gathered once a day' },
    weekly: { nb: 'samlet én gang i uken', en: 'gathered once a week' },
    off: { nb: 'slått av', en: 'turned off' },
  },
} as const;
const named: Readonly<Record<Category, { readonly nb: string; readonly en: string }>> = {
  arrivals: { nb: 'Når barnet er krysset inn', en: 'When the child is checked in' },
  'daily-summary': { nb: 'Oppsummering av barnets dag', en: 'Summary of the child’s day' },
  reminders: { nb: 'Påminnelser', en: 'Reminders' },
  messages: { nb: 'Beskjed om meldinger og oppslag', en: 'Word of messages and announcements' },
  'organisation-news': { nb: 'Nytt fra virksomheten', en: 'News from the organisation' },
  newsletter: { nb: 'Nyhetsbrev', en: 'Newsletter' },
  surveys: { nb: 'Spørreundersøkelser', en: 'Surveys' },
};
const wishesByCategory = Object.fromEntries(
  categories.map((category) => [category, { ...named[category], fields: { email, sms, push } }]),
) as {
  readonly [C in Category]: (typeof named)[C] & {
    readonly fields: { email: typeof email; sms: typeof sms; push: typeof push };
  };
};

export const noticePreferenceWords: readonly EntityWords[] = [
  words(
    noticePreferencesEntity,
    { nb: 'Hvilke meldinger du vil ha, og når', en: 'Which messages you wish, and when' },
    {
      categories: { nb: 'Hva slags', en: 'Which kind', fields: wishesByCategory },
      necessary: { nb: 'Det som ikke kan slås av', en: 'What cannot be turned off', fields: { sms, push } },
      quietHours: { nb: 'Stilletid', en: 'Quiet hours', fields: { from, until } },
      timeZone: { nb: 'Tidssone', en: 'Time zone' },
      digest: {
        nb: 'Det som er samlet, kommer',
        en: 'What is gathered comes',
        fields: {
          hour: { nb: 'Time', en: 'Hour' },
          weekday: {
            nb: 'Ukedag',
            en: 'Weekday',
            codes: weekdays,
          },
        },
      },
      mailsPerDayMax: { nb: 'E-poster om dagen', en: 'E-mails a day' },
    },
  ),
];
