import { readFileSync } from 'node:fs';
import { agreementDocument } from '../../lambdas/features/agreements/agreement.ts';
import { renderHtml } from '../../lambdas/features/agreements/html.ts';
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
import { contractHandlers } from '../../lambdas/features/contract/handlers.ts';
import type { Message, Thread } from '../../lambdas/features/data-protection-officer/thread.ts';
import { askingPage, threadPage } from '../../lambdas/features/data-protection-officer/words.ts';
import type { Purpose } from '../../lambdas/features/links/link.ts';
import { type PageWords, page } from '../../lambdas/features/links/page.ts';
import { asking, deadLink, invitation, refused } from '../../lambdas/features/links/words.ts';
import { preferencesPage } from '../../lambdas/features/notice-preferences/page.ts';
import { letterHtml } from '../../lambdas/features/notices/letter.ts';
import { letterFor } from '../../lambdas/features/notices/letters.ts';
import type { Template } from '../../lambdas/features/notices/notice.ts';
import { wishesOf } from '../../lambdas/features/notices/preferences.ts';
import { statementOf } from '../../lambdas/features/statements/compose.ts';
import { statementChangePage } from '../../lambdas/features/statements/link-words.ts';
import { weekPage } from '../../lambdas/features/week/page.ts';
import type { Language } from '../../lambdas/http/call.ts';
import { HTML, type RichContent } from '../../lambdas/http/content.ts';
import type { OpenApiDocument } from '../../lambdas/http/openapi-types.ts';
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
    listProblems: await handlers.listProblems(nothing, call),
    getProblem: await handlers.getProblem({ ...nothing, params: { slug: 'link-not-found' } }, call),
  };
}
export const contractRouteIds = ['getReference', 'listProblems', 'getProblem'] as const;

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
