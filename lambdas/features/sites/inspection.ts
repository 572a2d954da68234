import type { Call, Language } from '../../http/call.ts';
import type { HandlersFor } from '../../http/route.ts';
import { dayIn, daysAfter } from '../../platform/calendar.ts';
import { csvOf } from '../exports/csv.ts';
import { deadLinkPage } from '../links/dead-link.ts';
import type { LinkPage } from '../links/handlers.ts';
import type { Link } from '../links/link.ts';
import type { PageWords } from '../links/page.ts';
import { dayAndTime } from '../notices/instants.ts';
import type { inspectionRoutes } from './routes.ts';
import { CSV, type Site, type SiteEntry } from './site.ts';

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
  const present = entries.filter(({ outAt, day }) => outAt === undefined && day === dayIn(timeZone, now)).length;
  return {
    title: words.title,
    paragraphs: [
      `${site.name}, ${site.address}. ${words.client}: ${site.client}.`,
      words.count(present),
      words.until(dayAndTime(expiresAt, timeZone, language)),
    ],
    table: {
      caption: words.caption(DAYS_SHOWN),
      columns: words.columns,
      rows: entries.toReversed().map((entry) => Object.values(lineOf(entry, listed, language))),
    },
    forms: [{ action: `/l/${token}/site-list`, fields: [], button: words.file }],
  };
}

function lineOf(entry: SiteEntry, { timeZone }: SiteListed, language: Language): Record<string, string> {
  const words = texts[language];
  const { firstName, lastName, birthDate, employer, hseCardNumber, inAt, outAt } = entry;
  const cells = [
    `${lastName}, ${firstName}`,
    birthDate,
    employer.name,
    employer.organisationNumber,
    hseCardNumber ?? words.none,
    dayAndTime(inAt, timeZone, language),
    outAt === undefined ? words.there : dayAndTime(outAt, timeZone, language),
  ];
  return Object.fromEntries(words.columns.map((column, i) => [column, cells[i]!]));
}

const texts = {
  nb: {
    title: 'Oversiktsliste',
    ask: 'Siden viser hvem som arbeider på byggeplassen (byggherreforskriften § 15). Hver åpning blir registrert.',
    show: 'Vis listen',
    client: 'Byggherre',
    count: (present: number) => `Registrert som kommet i dag og ikke gått: ${present}.`,
    until: (when: string) => `Lenken virker til ${when}.`,
    caption: (days: number) => `De siste ${days} dagene, nyeste først`,
    columns: ['Navn', 'Fødselsdato', 'Arbeidsgiver', 'Organisasjonsnummer', 'HMS-kort', 'Kom', 'Gikk'],
    none: 'ikke oppgitt',
    there: 'ikke registrert',
    file: 'Last ned hele listen (CSV)',
  },
  en: {
    title: 'Site list',
    ask: 'The page shows who works on the site (byggherreforskriften, section 15). Every opening is recorded.',
    show: 'Show the list',
    client: 'Client',
    count: (present: number) => `Registered as having come today and not left: ${present}.`,
    until: (when: string) => `The link works until ${when}.`,
    caption: (days: number) => `The last ${days} days, newest first`,
    columns: ['Name', 'Date of birth', 'Employer', 'Organisation number', 'HSE card', 'Came', 'Left'],
    none: 'not given',
    there: 'not registered',
    file: 'Download the whole list (CSV)',
  },
} as const;
