import type { Language } from '../../http/call.ts';
import { type Tag, tags } from '../../http/route.ts';
import type { Chart } from './chart.ts';
import { SHOWN_MIN, type Statistics } from './statistics.ts';

export const chartNames = ['people-per-day', 'uses-by-module', 'browsers'] as const;
export type ChartName = (typeof chartNames)[number];

/** Rows of a chart; what is used less stands in the table. */
const ROWS_MAX = 15;

/** A chart of the statistics, in words as well. Pure. */
export function chartOf(name: ChartName, statistics: Statistics, language: Language): Chart {
  const say = words[language];
  switch (name) {
    case 'people-per-day': {
      const known = statistics.days.flatMap(({ people }) => (people === undefined ? [] : [people]));
      return {
        title: say.people,
        description: say.peopleDescribed(known, statistics.days.length),
        as: 'columns',
        bars: statistics.days.map(({ day, people }) => ({
          label: dayOnAxis(day, language),
          ...(people !== undefined && { value: people }),
        })),
      };
    }
    case 'uses-by-module': {
      const bars = statistics.modules
        .slice(0, ROWS_MAX)
        .map(({ module, uses }) => ({ label: moduleWords(module, language), value: uses }));
      return { title: say.modules, description: say.listed(bars, ''), as: 'rows', bars };
    }
    case 'browsers': {
      const bars = statistics.browsers
        .slice(0, ROWS_MAX)
        .map(({ browser, version, percent }) => ({ label: browserWords(browser, version, language), value: percent }));
      return { title: say.browsers, description: say.listed(bars, ' %'), unit: ' %', as: 'rows', bars };
    }
  }
}

const dayOnAxis = (day: string, language: Language): string => {
  const [, month = '', dayOfMonth = ''] = day.split('-').map(Number);
  return language === 'nb' ? `${dayOfMonth}.${month}.` : `${dayOfMonth}/${month}`;
};

export const browserWords = (browser: string, version: string, language: Language): string =>
  browser === 'other' ? words[language].otherBrowser : `${browser} ${version}`;

/** The contract’s own groups of functions, by the name that people know. */
const modules: Readonly<Record<Tag, string>> = {
  Contract: 'Kontrakten',
  Joining: 'Innmelding og lenker',
  Me: 'Egen konto',
  Organisations: 'Virksomheten',
  People: 'Personer',
  Imports: 'Innlesing',
  Attendance: 'Oppmøte',
  Calendar: 'Kalender',
  'Child log': 'Barnelogg',
  Files: 'Filer og dokumenter',
  Messages: 'Meldinger',
  Notices: 'Beskjeder og utsendinger',
  Workplace: 'Timer, kurs og byggeplasser',
  Safety: 'Trygghet og alarmer',
  Tickets: 'Saker og kunder',
  Billing: 'Faktura',
  Integrations: 'Programmer og systemer',
  Enquiries: 'Skjemaer og henvendelser',
  Usage: 'Bruk og statistikk',
  Requests: 'Rettigheter',
  Registers: 'Registre',
  Activity: 'Aktivitetslogg',
  Consents: 'Samtykker og erklæringer',
  Retention: 'Lagringstid',
  Platform: 'Drift',
};
export const moduleWords = (module: string, language: Language): string =>
  language === 'nb' && Object.hasOwn(tags, module) ? modules[module as Tag] : module;

type Bars = readonly { readonly label: string; readonly value: number }[];

const words = {
  nb: {
    people: 'Brukere per dag',
    peopleDescribed: (known: readonly number[], days: number) =>
      known.length === 0
        ? `Ingen av ${days} dager hadde ${SHOWN_MIN} brukere eller flere.`
        : `${known.length} av ${days} dager vises, med fra ${Math.min(...known)} til ${Math.max(...known)} brukere. De andre hadde færre enn ${SHOWN_MIN}.`,
    modules: 'Bruk per område',
    browsers: 'Nettlesere',
    otherBrowser: 'andre',
    listed: (bars: Bars, unit: string) =>
      bars.length === 0
        ? `Ingenting er brukt av ${SHOWN_MIN} eller flere.`
        : `${bars.map(({ label, value }) => `${label}: ${value}${unit}`).join('. ')}.`,
  },
  en: {
    people: 'Users per day',
    peopleDescribed: (known: readonly number[], days: number) =>
      known.length === 0
        ? `None of ${days} days had ${SHOWN_MIN} users or more.`
        : `${known.length} of ${days} days are shown, with from ${Math.min(...known)} to ${Math.max(...known)} users. The others had fewer than ${SHOWN_MIN}.`,
    modules: 'Use by area',
    browsers: 'Browsers',
    otherBrowser: 'others',
    listed: (bars: Bars, unit: string) =>
      bars.length === 0
        ? `Nothing was used by ${SHOWN_MIN} or more.`
        : `${bars.map(({ label, value }) => `${label}: ${value}${unit}`).join('. ')}.`,
  },
} as const;
