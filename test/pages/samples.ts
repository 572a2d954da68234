import { readFileSync } from 'node:fs';
import { agreementDocument } from '../../lambdas/features/agreements/agreement.ts';
import { renderHtml } from '../../lambdas/features/agreements/html.ts';
import { alarmPage } from '../../lambdas/features/alarms/link-words.ts';
import type { Claim } from '../../lambdas/features/claims/claim.ts';
import {
  answerPage,
  claimPage,
  codeRefusedPage,
  codeSentPage,
  downloadPage,
  noMoreCodesPage,
  nothingToFetchPage,
  waitPage,
} from '../../lambdas/features/claims/words.ts';
import type { ConsentPurpose } from '../../lambdas/features/consents/purpose.ts';
import { contractHandlers } from '../../lambdas/features/contract/handlers.ts';
import type { Message, Thread } from '../../lambdas/features/data-protection-officer/thread.ts';
import { askingPage, threadPage } from '../../lambdas/features/data-protection-officer/words.ts';
import { distributionPage } from '../../lambdas/features/distribution/page.ts';
import { askingPage as askingForOwn, gonePage, type Own, ownPage } from '../../lambdas/features/forms/own-handlers.ts';
import {
  enquiryPage,
  eventPage,
  type FormHouse,
  newsletterPage,
  noFormPage,
  sentPage,
} from '../../lambdas/features/forms/pages.ts';
import { askingPage as askingForInvoice, invoicePage } from '../../lambdas/features/invoices/link-page.ts';
import { deadLink } from '../../lambdas/features/links/dead-link.ts';
import type { Purpose } from '../../lambdas/features/links/link.ts';
import { type PageWords, page } from '../../lambdas/features/links/page.ts';
import { asking, invitation, refused } from '../../lambdas/features/links/words.ts';
import { preferencesPage } from '../../lambdas/features/notice-preferences/page.ts';
import { letterHtml } from '../../lambdas/features/notices/letter.ts';
import { letterFor } from '../../lambdas/features/notices/letters.ts';
import type { Template } from '../../lambdas/features/notices/notice.ts';
import { wishesOf } from '../../lambdas/features/notices/preferences.ts';
import type { OpenEvent } from '../../lambdas/features/open-events/open-event.ts';
import { doneAtGate, gatePage } from '../../lambdas/features/sites/gate.ts';
import { inspectionAsking, inspectionList, type SiteListed } from '../../lambdas/features/sites/inspection.ts';
import type { Site, SiteEntry } from '../../lambdas/features/sites/site.ts';
import { statementOf } from '../../lambdas/features/statements/compose.ts';
import { statementChangePage } from '../../lambdas/features/statements/link-words.ts';
import { statisticsPage } from '../../lambdas/features/statistics/page.ts';
import type { Statistics } from '../../lambdas/features/statistics/statistics.ts';
import type { Survey } from '../../lambdas/features/surveys/survey.ts';
import { closedPage, questionsPage, resultsPage, thanksPage } from '../../lambdas/features/surveys/words.ts';
import {
  askingPage as askingForTicket,
  erasedPage,
  type LinkedTicket,
  ticketPage,
} from '../../lambdas/features/tickets/page.ts';
import { weekPage } from '../../lambdas/features/week/page.ts';
import type { Language } from '../../lambdas/http/call.ts';
import { HTML, type RichContent } from '../../lambdas/http/content.ts';
import type { OpenApiDocument } from '../../lambdas/http/openapi-types.ts';
import { anIssuedInvoice } from '../features/invoices/sample.ts';
import { factsBut, samples } from '../features/notices/letter-samples.ts';
import { aFullWeek } from '../features/week/weeks.ts';
import { anId } from '../support/store.ts';
import type { Exhibit } from './check.ts';

/** The states of a page by name: its words, where it is one of the small pages of ours, or itself. */
type Drawn = Readonly<Record<string, PageWords | RichContent>>;
type Drawing = (language: Language) => Drawn;

const TOKEN = 'vTq3Xn0cRr1mB7yWzJ4sKd9LfHgPaEuQ';
const NOW = new Date('2026-11-22T08:00:00Z');
const claim: Claim = { requestId: anId('req'), subject: anId('per'), codeTravels: 'by-mail', codesMailed: 0 };
const thread: Thread = {
  id: anId('dpo'),
  state: 'open',
  language: 'nb',
  messages: 2,
  lastBy: 'officer',
  startedAt: NOW.toISOString(),
  lastAt: NOW.toISOString(),
};
const messages: readonly Message[] = [
  { by: 'person', text: 'Hvem har sett opplysningene mine?', at: NOW.toISOString() },
  { by: 'officer', text: 'Det finner du i loggen din.\n\nSi gjerne fra om noe er uklart.', at: NOW.toISOString() },
];
const wishes = wishesOf(undefined, ['arrivals'], { timeZone: 'Europe/Oslo', reachedBy: [] });
const organisation = { name: 'Solbakken barnehage', profile: 'kindergarten', timeZone: 'Europe/Oslo' } as const;

const house: FormHouse = { id: anId('org'), name: 'Solbakken barnehage', timeZone: 'Europe/Oslo' };
/** Two weeks, with a day of fewer than ten, and none at the weekends. */
const statistics: Statistics = {
  from: '2026-11-09',
  until: '2026-11-22',
  days: [41, 44, 38, 47, 29, 0, 0, 43, 45, 0, 48, 31, 0, 0].map((people, i) => ({
    day: `2026-11-${String(9 + i).padStart(2, '0')}`,
    ...(people > 0 && { people }),
  })),
  modules: [
    { module: 'Attendance', uses: 812 },
    { module: 'Messages', uses: 377 },
  ],
  functions: [
    { module: 'Attendance', function: 'checkIn', uses: 812 },
    { module: 'Messages', function: 'listThreads', uses: 377 },
  ],
  browsers: [
    { browser: 'Chrome', version: '131', percent: 64 },
    { browser: 'other', version: '', percent: 36 },
  ],
};
const openEvent: OpenEvent = {
  id: anId('opn'),
  state: 'open',
  title: { nb: 'Åpen dag', en: 'Open day' },
  description: { nb: 'Kom og se barnehagen.', en: 'Come and see the kindergarten.' },
  place: 'Solbakken 3',
  from: '2026-12-05T09:00:00.000Z',
  until: '2026-12-05T12:00:00.000Z',
  signUpUntil: '2026-12-04T12:00:00.000Z',
  places: 40,
  taken: 12,
  waiting: 0,
  asks: { phone: true, address: true },
};
const newsletter = {
  id: anId('pur'),
  textVersion: 1,
  holdsSinceTextVersion: 1,
  state: 'open',
  since: NOW.toISOString(),
  text: { nb: 'Vi sender deg nyhetsbrev på e-post.', en: 'We send you our newsletter by e-mail.' },
} as unknown as ConsentPurpose;
const own: Own = {
  house,
  email: 'kari@example.org',
  sent: {
    form: 'sign-up',
    event: openEvent,
    signUp: {
      id: anId('sgn'),
      openEventId: openEvent.id,
      name: 'Kari Nordmann',
      email: 'kari@example.org',
      language: 'nb',
      people: 2,
      state: 'place',
      at: NOW.toISOString(),
      dueAt: '2027-01-05T12:00:00.000Z',
    } as Extract<Own['sent'], { form: 'sign-up' }>['signUp'],
  },
};
const both = (words: string) => ({ nb: words, en: words });
const survey: Survey = {
  id: anId('svy'),
  title: both('Hvordan trives dere?'),
  questions: [
    {
      kind: 'choice',
      asked: both('Hvor ofte leser du meldingene?'),
      options: ['Hver dag', 'Hver uke', 'Vet ikke'].map(both),
    },
    {
      kind: 'scale',
      asked: both('Hvor fornøyd er du?'),
      steps: 5,
      lowest: both('Misfornøyd'),
      highest: both('Fornøyd'),
    },
    { kind: 'text', asked: both('Hva kan bli bedre?') },
  ],
  closesOn: '2026-12-20',
  timeZone: 'Europe/Oslo',
  state: 'open',
  createdAt: NOW.toISOString(),
};
const tried = { form: { q1: '1' }, refused: { missing: [1], forbidden: [2] } } as unknown as Parameters<
  typeof questionsPage
>[3];
const job = { state: 'running' } as Parameters<typeof distributionPage>[0];
const progress = {
  queued: 40_000,
  sent: 20_000,
  delivered: 38_000,
  failed: 200,
  skipped: 1800,
  percentage: 60,
  countedAt: NOW.toISOString(),
};

const linkedTicket: LinkedTicket = {
  ticket: {
    id: anId('tck'),
    number: '261122-7KQ4',
    title: 'Skriveren virker ikke',
    state: 'waiting-on-customer',
    priority: 'normal',
    channel: 'mail',
    language: 'nb',
    openedAt: NOW.toISOString(),
    updatedAt: NOW.toISOString(),
    respondBy: NOW.toISOString(),
    entries: 2,
    mailEpoch: 0,
  },
  entries: [
    {
      kind: 'message',
      id: anId('tme'),
      at: NOW.toISOString(),
      by: 'requester',
      channel: 'mail',
      text: 'Den blinker rødt.',
      files: [],
    },
    {
      kind: 'message',
      id: anId('tme'),
      at: NOW.toISOString(),
      by: 'staff',
      channel: 'app',
      text: 'Har du prøvd å slå den av og på?',
      files: [],
    },
  ],
  timeZone: 'Europe/Oslo',
  isOutsiders: false,
};

const site: Site = {
  id: anId('sit'),
  name: 'Nytt bad på Solbakken',
  address: 'Solbakken 3, 0150 Oslo',
  client: 'Solbakken borettslag',
  employer: { name: 'Byggmester Berg AS', organisationNumber: '974760673' },
  worksFrom: '2026-11-01',
  worksUntil: '2026-12-18',
  takesPosition: false,
  dueAt: '2027-06-18T22:00:00.000Z',
};
const onSite: SiteEntry = {
  id: anId('ste'),
  siteId: site.id,
  firstName: 'Kim',
  lastName: 'Nowak',
  birthDate: '1988-02-29',
  employer: { name: 'Nowak Bygg', organisationNumber: '974760673' },
  hseCardNumber: '1234567',
  day: '2026-11-22',
  inAt: '2026-11-22T06:00:00.000Z',
  registeredBy: 'code',
};
const siteListed: SiteListed = {
  site,
  timeZone: 'Europe/Oslo',
  entries: [
    { ...onSite, outAt: '2026-11-22T07:00:00.000Z' },
    { ...onSite, firstName: 'Alexandra', lastName: 'Breiset-Nordengen' },
  ],
};
const siteGate = { site, action: `/o/${anId('org')}/sites/${site.id}/${TOKEN}` } as const;

/** What the link of a purpose shows that leads on; the purposes that a press fulfils are found in {@link asking}. */
const leadingOn: Readonly<Partial<Record<Purpose, Drawing>>> = {
  'accept-invitation': (language) => ({ asked: invitation[language](TOKEN) }),
  'claim-answer': (language) => ({
    'by-mail': claimPage(claim, TOKEN, language),
    'handed-over': claimPage({ ...claim, codeTravels: 'handed-over' }, TOKEN, language),
  }),
  'read-dpo-thread': (language) => ({
    asked: askingPage(language),
    shown: threadPage(thread, messages, TOKEN, language),
    closed: threadPage({ ...thread, state: 'closed' }, messages, TOKEN, language),
  }),
  'read-statement': (language) => ({
    named: statementChangePage(
      {
        reasons: ['narrows-rights', 'longer-term'],
        changed: ['Hvor lenge opplysningene blir lagret', 'Kamera ved porten'],
        removed: ['Bilder'],
        wholeText: '/v1/organisations/org_01jd8m3v5c2w7x9y4z6a8b0c1d/statement/page?language=nb',
      },
      language,
    ),
    hidden: statementChangePage({ reasons: ['new-purpose'], changed: [], removed: [] }, language),
  }),
  'read-invoice': (language) => ({
    asked: askingForInvoice(language),
    shown: invoicePage(anIssuedInvoice(), TOKEN, language),
  }),
  'own-form': (language) => ({ asked: askingForOwn(language), shown: ownPage(own, TOKEN, language) }),
  'answer-ticket': (language) => ({
    asked: askingForTicket(language),
    shown: ticketPage(linkedTicket, TOKEN, language),
    closed: ticketPage({ ...linkedTicket, ticket: { ...linkedTicket.ticket, state: 'closed' } }, TOKEN, language),
    outsiders: ticketPage({ ...linkedTicket, isOutsiders: true }, TOKEN, language),
  }),
  'answer-survey': (language) => ({
    asked: questionsPage(survey, TOKEN, language),
    closed: closedPage(language),
  }),
  'read-survey-results': (language) => ({
    few: resultsPage(survey, { questions: [] }, language),
    counted: resultsPage(
      survey,
      {
        answers: 24,
        questions: [
          {
            kind: 'counts',
            counts: [
              { options: [0], count: 14 },
              { options: [1, 2], count: 10 },
            ],
          },
          { kind: 'counts', counts: [{ options: [0, 1, 2, 3, 4], count: 24 }] },
          { kind: 'texts' },
        ],
      },
      language,
    ),
  }),
  'acknowledge-alarm': (language) => ({
    waiting: alarmPage('waiting', true, language),
    device: alarmPage('waiting', false, language),
    yours: alarmPage('yours', true, language),
    taken: alarmPage('taken', true, language),
    over: alarmPage('over', true, language),
  }),
  'inspect-site': (language) => ({
    asked: inspectionAsking(language),
    list: inspectionList(siteListed, { token: TOKEN, expiresAt: '2026-11-22T12:00:00.000Z', now: NOW }, language),
    empty: inspectionList(
      { ...siteListed, entries: [] },
      { token: TOKEN, expiresAt: '2026-11-22T12:00:00.000Z', now: NOW },
      language,
    ),
  }),
  'notice-preferences': (language) => ({
    asked: preferencesPage({ wishes, reachedBy: [], version: 1 }, TOKEN, language, 'asked'),
  }),
};

const isActing = (purpose: Purpose): purpose is keyof typeof asking => Object.hasOwn(asking, purpose);

/** Undefined where a purpose has no sample yet. */
export function pagesOfPurpose(purpose: Purpose, language: Language): Drawn | undefined {
  if (!isActing(purpose)) return leadingOn[purpose]?.(language);
  const { ask, done } = asking[purpose][language];
  return { asked: ask, done };
}

/** Drawn by the one renderer of legal documents, like the agreement. */
const likeTheAgreement: Drawing = (language) => ({
  document: renderHtml(agreementDocument('kindergarten', language, { name: organisation.name })),
});

/** What each route that gives a page gives, beside the pages of links. */
export const pagesOfRoutes: Readonly<Record<string, Drawing>> = {
  showLink: (language) => ({ dead: deadLink[language] }),
  useLink: (language) => ({ refused: refused[language] }),
  showSiteGate: (language) => ({ asked: gatePage(siteGate, language) }),
  passSiteGate: (language) => ({
    in: doneAtGate('in', language),
    out: doneAtGate('out', language),
    wrong: gatePage({ ...siteGate, typed: { firstName: 'Kim' } }, language, {
      slug: 'malformed-request',
      fields: ['birthDate', 'organisationNumber'],
    }),
    there: gatePage(siteGate, language, 'already-on-site'),
    'not-there': gatePage(siteGate, language, 'site-entry-not-found'),
    full: gatePage(siteGate, language, 'too-many'),
  }),
  sendClaimCode: (language) => ({
    sent: codeSentPage(claim, TOKEN, language),
    wait: waitPage(TOKEN, language),
    'no-more': noMoreCodesPage(language),
  }),
  openClaim: (language) => ({
    answer: answerPage(
      { right: 'erasure', outcome: 'carried-out', copy: 'ready', certificate: 'ready' },
      TOKEN,
      TOKEN,
      language,
    ),
    refused: codeRefusedPage(claim, TOKEN, language),
  }),
  downloadClaim: (language) => ({
    copy: downloadPage('https://downloads.example/copy.zip', language),
    nothing: nothingToFetchPage(language),
  }),
  answerDpoByLink: (language) => ({ refused: threadPage(thread, messages, TOKEN, language, true) }),
  putNoticePreferencesByLink: (language) => ({
    saved: preferencesPage({ wishes, reachedBy: [], version: 2 }, TOKEN, language, 'saved'),
    stale: preferencesPage({ wishes, reachedBy: [], version: 2 }, TOKEN, language, 'stale-version'),
    silent: preferencesPage({ wishes, reachedBy: ['sms'], version: 2 }, TOKEN, language, 'messages-must-reach'),
  }),
  answerSurvey: (language) => ({
    again: questionsPage(survey, TOKEN, language, tried),
    thanks: thanksPage(language),
  }),
  answerLinkedTicket: (language) => ({
    refused: ticketPage(linkedTicket, TOKEN, language, true),
    gone: erasedPage(language),
  }),
  changeOwnForm: (language) => ({
    refused: ownPage(own, TOKEN, language, { slug: 'malformed-request', fields: ['text'] }),
    gone: gonePage(language),
  }),
  showNewsletterForm: (language) => ({
    asked: newsletterPage(house, newsletter, language),
    none: noFormPage(language),
  }),
  subscribeToNewsletter: (language) => ({
    refused: newsletterPage(house, newsletter, language, { slug: 'malformed-request', fields: ['email'] }),
    sent: sentPage(language),
  }),
  showEnquiryForm: (language) => ({ asked: enquiryPage(house, language) }),
  enquire: (language) => ({ refused: enquiryPage(house, language, { slug: 'forbidden-content', fields: ['text'] }) }),
  showSignUpForm: (language) => ({
    asked: eventPage(house, openEvent, NOW, language),
    over: eventPage(house, openEvent, new Date('2026-12-06T08:00:00Z'), language),
  }),
  signUpForOpenEvent: (language) => ({
    refused: eventPage(house, openEvent, NOW, language, { slug: 'malformed-request', fields: ['name', 'people'] }),
  }),
  showDistribution: (language) => ({
    running: distributionPage(job, progress, language),
    done: distributionPage({ ...job, state: 'done' }, { ...progress, percentage: 100, queued: 0 }, language),
  }),
  getStatisticsPage: (language) => ({ weeks: statisticsPage(statistics, house.name, language) }),
  showWeek: (language) => ({ week: weekPage(aFullWeek(2, 2, 2), NOW, language) }),
  getAgreementPage: likeTheAgreement,
  getOrganisationStatementPage: (language) => ({
    statement: renderHtml(statementOf(organisation, undefined, language, NOW)),
  }),
  listSubProcessors: likeTheAgreement,
  getBreachNotification: likeTheAgreement,
  getIncidentNotification: likeTheAgreement,
  getProcessingActivitiesPage: likeTheAgreement,
};

/** The contract is for programmers, and in English. */
async function contractPages(): Promise<Readonly<Record<string, RichContent>>> {
  const document = JSON.parse(
    readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8'),
  ) as OpenApiDocument;
  const signIn = { region: 'eu-west-1', userPoolId: 'eu-west-1_sample', clientId: 'sample' };
  const handlers = contractHandlers({ document, publicUrl: 'https://api.vern.example', signIn } as never);
  const nothing = { params: undefined, query: undefined, body: undefined, ifMatch: undefined };
  const call = { now: NOW };
  return {
    getReference: await handlers.getReference(nothing, call),
    getReferenceOfArea: await handlers.getReferenceOfArea({ ...nothing, params: { area: 'attendance' } }, call),
    listProblems: await handlers.listProblems(nothing, call),
    getProblem: await handlers.getProblem({ ...nothing, params: { slug: 'link-not-found' } }, call),
  };
}
export const contractRouteIds = ['getReference', 'getReferenceOfArea', 'listProblems', 'getProblem'] as const;

/** One that only tells, one with a button and until when, one that gathers, and one with words of an organisation. */
const letters = ['checked-in', 'invitation', 'digest', 'job-news'] as const satisfies readonly Template[];

export const drawn = (one: PageWords | RichContent, language: Language): RichContent =>
  'contentType' in one ? one : page(one, language);

/** Everything that a person may meet of ours in a browser or a mail program. */
export async function exhibits(everyPurpose: readonly Purpose[], languages: readonly Language[]): Promise<Exhibit[]> {
  const all: Exhibit[] = [];
  const hang = (place: string, states: Drawn, language: Language) => {
    for (const [state, one] of Object.entries(states)) {
      all.push({ name: `${place}.${state}.${language}`, content: drawn(one, language), kind: 'page' });
    }
  };
  for (const language of languages) {
    for (const purpose of everyPurpose) hang(purpose, pagesOfPurpose(purpose, language) ?? {}, language);
    for (const [id, drawing] of Object.entries(pagesOfRoutes)) {
      if (drawing !== likeTheAgreement || id === 'getAgreementPage') hang(id, drawing(language), language);
    }
    for (const template of letters) {
      const content = letterHtml(letterFor(samples[template], factsBut({ language })));
      all.push({ name: `letter-${template}.${language}`, content: { contentType: HTML, content }, kind: 'letter' });
    }
  }
  for (const [id, content] of Object.entries(await contractPages()))
    all.push({ name: `${id}.en`, content, kind: 'page' });
  return all;
}
