import type { Call } from '../../http/call.ts';
import { JSON_DOCUMENT } from '../../http/content.ts';
import { PageProblem } from '../../http/page-problem.ts';
import type { Problem } from '../../http/problem.ts';
import type { Content, HandlersFor } from '../../http/route.ts';
import type { Owner } from '../../platform/entity.ts';
import type { Stored } from '../../platform/records.ts';
import { deadLinkPage } from '../links/dead-link.ts';
import type { LinkPage } from '../links/handlers.ts';
import type { Link } from '../links/link.ts';
import { type PageWords, page } from '../links/page.ts';
import {
  CLAIM_KEPT_SECONDS,
  type Claim,
  type claimEntity,
  isOpenedBy,
  mailingPausedUntil,
  tryCode,
  withMailedCode,
} from './claim.ts';
import type { claimRoutes } from './routes.ts';
import {
  answerPage,
  type ClaimedAnswer,
  claimPage,
  codeRefusedPage,
  codeSentPage,
  downloadPage,
  noMoreCodesPage,
  nothingToFetchPage,
  waitPage,
} from './words.ts';

/** No further code is mailed for this claim: later than any claim lives. */
const NEVER_SECONDS = CLAIM_KEPT_SECONDS;

export interface ClaimStore {
  /** The claim that a claim link leads to; undefined for any other link, and when the claim is gone. */
  ofLink(link: Link, call: Call): Promise<Stored<typeof claimEntity> | undefined>;
  /** The same by the link's secret. */
  ofToken(token: string, call: Call): Promise<Stored<typeof claimEntity> | undefined>;
  /** Stores the claim with its code, and queues the mail with it, in one transaction. */
  mailCode(stored: Stored<typeof claimEntity>, mailed: ReturnType<typeof withMailedCode>, call: Call): Promise<void>;
  /** Stores what a try has made of the claim. Of tries at one moment only one counts and is answered. */
  saveTry(stored: Stored<typeof claimEntity>, after: Claim, wasRight: boolean, call: Call): Promise<void>;
  recordCertificateFetch(stored: Stored<typeof claimEntity>, call: Call): Promise<void>;
}

/** What has become of the request: read from those who carry it out. */
export interface ClaimedAnswers {
  /** Undefined when the request is gone. */
  answerOf(claim: Claim, owner: Owner, call: Call): Promise<ClaimedAnswer | undefined>;
  /** A link that works for at most a minute; undefined when there is no copy to be fetched. */
  copyOf(claim: Claim, owner: Owner, call: Call): Promise<{ readonly url: string } | undefined>;
  certificateOf(claim: Claim, owner: Owner, call: Call): Promise<Content | undefined>;
}

export const claimHandlers = (claims: ClaimStore, answers: ClaimedAnswers): HandlersFor<typeof claimRoutes, Call> => ({
  async sendClaimCode({ params: { token } }, call) {
    const stored = await claimOf(claims, token, call);
    const { value: claim } = stored;
    if (claim.codeTravels === 'handed-over') return show(codeSentPage(claim, token, call.language), call);
    const paused = mailingPausedUntil(claim, call.now);
    if (paused === 'for-good') throw tooMany(noMoreCodesPage(call.language), NEVER_SECONDS, call);
    if (paused) throw tooMany(waitPage(token, call.language), (paused.getTime() - call.now.getTime()) / 1000, call);
    await claims.mailCode(stored, withMailedCode(claim, call.now), call);
    return show(codeSentPage(claim, token, call.language), call);
  },

  async openClaim({ params: { token }, body }, call) {
    const stored = await claimOf(claims, token, call);
    const { claim: after, pass } = tryCode(stored.value, body.code, call.now);
    // Stored before anything is answered: whoever sends many tries at once has each of them counted.
    await claims.saveTry(stored, after, pass !== undefined, call);
    if (pass === undefined) throw refused(stored.value, token, call);
    const answer = await answers.answerOf(after, stored.ref.owner, call);
    if (!answer) throw deadLinkPage(call);
    return show(answerPage(answer, token, pass, call.language), call);
  },

  async downloadClaim({ params: { token }, body }, call) {
    const stored = await openedClaim(claims, token, body.pass, call);
    const copy = await answers.copyOf(stored.value, stored.ref.owner, call);
    if (!copy) throw nothing(call);
    return show(downloadPage(copy.url, call.language), call);
  },

  async getClaimedCertificate({ params: { token }, body }, call) {
    const stored = await openedClaim(claims, token, body.pass, call);
    const certificate = await answers.certificateOf(stored.value, stored.ref.owner, call);
    if (!certificate) throw nothing(call);
    if (certificate.contentType !== JSON_DOCUMENT) throw new Error('A certificate is a JSON document');
    // Before it leaves: a read that matters is never unrecorded (SM-05).
    await claims.recordCertificateFetch(stored, call);
    return certificate;
  },
});

/** The page of a claim link: looked at only, it mails nothing and opens nothing. */
export const claimLinkPage =
  (claims: ClaimStore): LinkPage =>
  async (link, token, call) => {
    const stored = await claims.ofLink(link, call);
    return stored && claimPage(stored.value, token, call.language);
  };

async function claimOf(claims: ClaimStore, token: string, call: Call) {
  const stored = await claims.ofToken(token, call);
  if (!stored) throw deadLinkPage(call);
  return stored;
}

async function openedClaim(claims: ClaimStore, token: string, pass: string, call: Call) {
  const stored = await claimOf(claims, token, call);
  if (!isOpenedBy(stored.value, pass, call.now)) throw refused(stored.value, token, call);
  return stored;
}

const show = (words: PageWords, { language }: Call) => page(words, language);
const refused = (claim: Claim, token: string, call: Call): Problem =>
  new PageProblem('claim-code-refused', show(codeRefusedPage(claim, token, call.language), call));
const tooMany = (words: PageWords, retryAfterSeconds: number, call: Call): Problem =>
  new PageProblem('too-many-requests', show(words, call), { retryAfterSeconds });
const nothing = (call: Call): Problem =>
  new PageProblem('nothing-to-fetch', show(nothingToFetchPage(call.language), call));
