import type { Call } from '../../http/call.ts';
import { PageProblem } from '../../http/page-problem.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import type { Change } from '../../platform/records.ts';
import { deadLinkPage } from './dead-link.ts';
import { findLink, type Link, type Purpose, useLink } from './link.ts';
import { type PageWords, page } from './page.ts';
import type { linkRoutes } from './routes.ts';
import { invitation, refused, wordsFor } from './words.ts';

/** These open a page that leads on: an invitation is accepted by a signed-in account, the others have forms of their own. */
const leadingOn = [
  'accept-invitation',
  'claim-answer',
  'read-dpo-thread',
  'notice-preferences',
  'read-statement',
  'own-form',
  'answer-ticket',
  'read-invoice',
  'answer-survey',
  'read-survey-results',
  'inspect-site',
  'acknowledge-alarm',
] as const satisfies readonly Purpose[];
type LeadingPurpose = (typeof leadingOn)[number];
/** Every other purpose has an effect. */
type ActingPurpose = Exclude<Purpose, LeadingPurpose>;

/**
 * Does what a link is for. `use` uses the link up (a decline may be repeated): the effect adds its writes and its
 * activity record and commits. A `Problem` that it throws leaves the link as it was.
 */
export type LinkEffect = (link: Link, use: Change, call: Call) => Promise<void>;

/**
 * What the page of a link that leads on says, looked at or after its button was pressed (mail scanners only look);
 * undefined when what it led to is gone. Changes nothing but, once pressed, what its page asks about (an alarm is taken).
 */
export type LinkPage = (link: Link, token: string, call: Call, isPressed: boolean) => Promise<PageWords | undefined>;

export const linkHandlers = (
  effects: Readonly<Record<ActingPurpose, LinkEffect>>,
  leading: Readonly<Record<Exclude<LeadingPurpose, 'accept-invitation'>, LinkPage>>,
): HandlersFor<typeof linkRoutes, Call> => {
  const invite: LinkPage = async (_link, token, { language }) => invitation[language](token);
  const pages: Readonly<Record<LeadingPurpose, LinkPage>> = { ...leading, 'accept-invitation': invite };
  return {
    async showLink({ params }, call) {
      const link = await linkOf(params.token, call);
      const { purpose } = link;
      if (leadsOn(purpose)) return leadOn(pages[purpose], link, params.token, call, false);
      return page(wordsFor({ ...link, purpose }, call.language).ask, call.language);
    },

    async useLink({ params }, call) {
      const link = await linkOf(params.token, call);
      const { purpose } = link;
      if (leadsOn(purpose)) return leadOn(pages[purpose], link, params.token, call, true);
      await effects[purpose](link, usedUp(link, call), call).catch((error: unknown) => {
        throw asPage(error, call);
      });
      return page(wordsFor({ ...link, purpose }, call.language).done, call.language);
    },
  };
};

const leadsOn = (purpose: Purpose): purpose is LeadingPurpose => leadingOn.some((leading) => leading === purpose);

async function linkOf(token: string, call: Call): Promise<Link> {
  const link = await findLink(call.records, token);
  if (!link) throw deadLinkPage(call);
  return link;
}

async function leadOn(linkPage: LinkPage, link: Link, token: string, call: Call, isPressed: boolean) {
  const words = await linkPage(link, token, call, isPressed);
  if (!words) throw deadLinkPage(call);
  return page(words, call.language);
}

/** A mail program may press these before its reader does (RFC 8058), and the reader should not find a dead link. */
const pressedAgain: readonly Purpose[] = ['decline-notices', 'unsubscribe'];
const usedUp = (link: Link, { records }: Call): Change =>
  pressedAgain.includes(link.purpose) ? records.change() : useLink(records.change(), link);

function asPage(error: unknown, call: Call): unknown {
  if (!(error instanceof Problem)) return error;
  if (error.slug === 'link-not-found') return deadLinkPage(call);
  return new PageProblem(error.slug, page(refused[call.language], call.language), { cause: error });
}
