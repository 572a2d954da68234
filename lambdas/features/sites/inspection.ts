import type { Call, Language } from '../../http/call.ts';
import type { HandlersFor } from '../../http/route.ts';
import { daysAfter } from '../../platform/calendar.ts';
import { csvOf } from '../exports/csv.ts';
import { deadLinkPage } from '../links/dead-link.ts';
import type { LinkPage } from '../links/handlers.ts';
import type { Link } from '../links/link.ts';
import type { PageWords } from '../links/page.ts';
import { dayAndTime, timeOfDay } from '../notices/instants.ts';
import type { inspectionRoutes } from './routes.ts';
import { CSV, isThere, type Site, type SiteEntry } from './site.ts';

/** What an inspector first wants to see; the file holds all days. */
const DAYS_SHOWN = 7;

export interface SiteListed {
  readonly site: Site;
  readonly timeZone: string;
  /** By arrival. */
  readonly entries: readonly SiteEntry[];
}
export interface InspectionStore {
  /** Undefined for any other link, and when the site is gone. */
  linkOf(token: string, call: Call): Promise<Link | undefined>;
  /** Records the opening before the list leaves (SM-05). `from`: the first day, or the first one there is. */
  open(
    link: Link,
    as: 'page' | 'file',
    from: (today: string) => string | undefined,
    call: Call,
  ): Promise<SiteListed | undefined>;
}

/** The page of an inspection's link. The list is shown when its button is pressed: a mail scanner only looks. */
export const inspectionPage =
  (store: InspectionStore): LinkPage =>
  async (link, token, call, isPressed) => {
    const { language } = call;
    if (!isPressed) return inspectionAsking(language);
    const listed = await store.open(link, 'page', (today) => daysAfter(today, 1 - DAYS_SHOWN), call);
    return listed && inspectionList(listed, { token, expiresAt: link.expiresAt, now: call.now }, language);
  };

export const inspectionHandlers = (store: InspectionStore): HandlersFor<typeof inspectionRoutes, Call> => ({
  async downloadSiteList({ params: { token } }, call) {
    const link = await store.linkOf(token, call);
    const listed = link && (await store.open(link, 'file', () => undefined, call));
    if (!listed) throw deadLinkPage(call);
    const { site, entries } = listed;
    const lines = entries.map((entry) => lineOf(entry, listed, call.language));
    return {
      contentType: CSV,
      content: csvOf(
        lines.length > 0 ? lines : [Object.fromEntries(texts[call.language].columns.map((one) => [one, '']))],
      ),
      filename: `site-list-${site.id}.csv`,
    };
  },
});

export const inspectionAsking = (language: Language): PageWords => ({
  title: texts[language].title,
  paragraphs: [texts[language].ask],
  button: texts[language].show,
});

export function inspectionList(
  listed: SiteListed,
  { token, expiresAt, now }: { readonly token: string; readonly expiresAt: string; readonly now: Date },
  language: Language,
): PageWords {
  const words = texts[language];
  const { site, entries, timeZone } = listed;
  const present = entries.filter((entry) => isThere(entry, now)).length;
  return {
    title: words.title,
    paragraphs: [
      `${site.name}, ${site.address}. ${words.client}: ${site.client}.`,
      words.count(present),
      words.until(dayAndTime(expiresAt, timeZone, language)),
      ...(entries.length > 0 ? [] : [words.nobody(DAYS_SHOWN)]),
    ],
    ...(entries.length > 0 && {
      table: {
        caption: words.caption(DAYS_SHOWN),
        columns: words.columns,
        rows: entries.toReversed().map((entry) => cellsOf(entry, listed, language, onPage)),
      },
    }),
    forms: [{ action: `/l/${token}/site-list`, fields: [], button: words.file }],
  };
}

function lineOf(entry: SiteEntry, listed: SiteListed, language: Language): Record<string, string> {
  const cells = cellsOf(entry, listed, language, inFile);
  return Object.fromEntries(texts[language].columns.map((column, i) => [column, cells[i]!]));
}

function cellsOf(entry: SiteEntry, { timeZone }: SiteListed, language: Language, say: Saying): string[] {
  const words = texts[language];
  const { firstName, lastName, birthDate, employer, hseCardNumber, inAt, outAt } = entry;
  return [
    `${lastName}, ${firstName}`,
    say.day(birthDate, language),
    employer.name,
    employer.organisationNumber,
    hseCardNumber ?? words.none,
    say.instant(inAt, timeZone, language),
    outAt === undefined ? words.there : say.instant(outAt, timeZone, language),
  ];
}

/** How days and instants are said. */
interface Saying {
  readonly day: (day: string, language: Language) => string;
  readonly instant: (instant: string, timeZone: string, language: Language) => string;
}
const inFile: Saying = { day: (day) => day, instant: dayAndTime };
/** As short as a phone is narrow: `29. feb. 1988`, and of these days `22. nov. kl. 07.00`. */
const onPage: Saying = {
  day: (day, language) => dateWords(`${day}T12:00:00Z`, 'UTC', language, { year: 'numeric' }),
  instant: (instant, timeZone, language) =>
    `${dateWords(instant, timeZone, language)} ${texts[language].at} ${timeOfDay(instant, timeZone, language)}`,
};
const dateWords = (instant: string, timeZone: string, language: Language, more: Intl.DateTimeFormatOptions = {}) =>
  new Intl.DateTimeFormat(language === 'nb' ? 'nb-NO' : 'en-GB', {
    day: 'numeric',
    month: 'short',
    timeZone,
    ...more,
  }).format(new Date(instant));

const texts = {
  nb: {
    title: 'Oversiktsliste',
    ask: 'Siden viser hvem som arbeider på byggeplassen (byggherreforskriften § 15). Hver åpning blir registrert.',
    show: 'Vis listen',
    client: 'Byggherre',
    count: (present: number) => `Registrert som kommet og ikke gått: ${present}.`,
    until: (when: string) => `Lenken virker til ${when}.`,
    caption: (days: number) => `De siste ${days} dagene, nyeste først`,
    nobody: (days: number) => `Ingen er registrert de siste ${days} dagene. Filen har hele listen.`,
    columns: ['Navn', 'Fødselsdato', 'Arbeidsgiver', 'Organisasjonsnummer', 'HMS-kort', 'Kom', 'Gikk'],
    none: 'ikke oppgitt',
    there: 'ikke registrert',
    at: 'kl.',
    file: 'Last ned hele listen (CSV)',
  },
  en: {
    title: 'Site list',
    ask: 'The page shows who works on the site (byggherreforskriften, section 15). Every opening is recorded.',
    show: 'Show the list',
    client: 'Client',
    count: (present: number) => `Registered as having come and not left: ${present}.`,
    until: (when: string) => `The link works until ${when}.`,
    caption: (days: number) => `The last ${days} days, newest first`,
    nobody: (days: number) => `Nobody was registered in the last ${days} days. The file has the whole list.`,
    columns: ['Name', 'Date of birth', 'Employer', 'Organisation number', 'HSE card', 'Came', 'Left'],
    none: 'not given',
    there: 'not registered',
    at: 'at',
    file: 'Download the whole list (CSV)',
  },
} as const;
