import type { Call, Language } from '../../http/call.ts';
import { PageProblem } from '../../http/page-problem.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import type { Change } from '../../platform/records.ts';
import { findLink, type Link, type Purpose, useLink } from './link.ts';
import { page } from './page.ts';
import type { linkRoutes } from './routes.ts';
import { asking, deadLink, invitation, refused } from './words.ts';

/** An invitation is accepted by a signed-in account, elsewhere; every other purpose has an effect. */
type ActingPurpose = Exclude<Purpose, 'accept-invitation'>;

/**
 * Does what a link is for. `use` uses the link up (a decline may be repeated): the effect adds its writes and its
 * activity record and commits. A `Problem` that it throws leaves the link as it was.
 */
export type LinkEffect = (link: Link, use: Change, call: Call) => Promise<void>;

export const linkHandlers = (
  effects: Readonly<Record<ActingPurpose, LinkEffect>>,
): HandlersFor<typeof linkRoutes, Call> => ({
  async showLink({ params }, call) {
    const link = await findLink(call.records, params.token);
    if (!link) throw dead(call);
    return page(askingWords(link, params.token, call.language), call.language);
  },

  async useLink({ params }, call) {
    const link = await findLink(call.records, params.token);
    if (!link) throw dead(call);
    if (link.purpose === 'accept-invitation') {
      return page(askingWords(link, params.token, call.language), call.language);
    }
    await effects[link.purpose](link, usedUp(link, call), call).catch((error: unknown) => {
      throw asPage(error, call);
    });
    return page(asking[link.purpose][call.language].done, call.language);
  },
});

/** A mail program may press decline before its reader does, and the reader should not find a dead link. */
const usedUp = (link: Link, { records }: Call): Change =>
  link.purpose === 'decline-notices' ? records.change() : useLink(records.change(), link);

const askingWords = (link: Link, token: string, language: Language) =>
  link.purpose === 'accept-invitation' ? invitation[language](token) : asking[link.purpose][language].ask;

const dead = ({ language }: Call) => new PageProblem('link-not-found', page(deadLink[language], language));

function asPage(error: unknown, call: Call): unknown {
  if (!(error instanceof Problem)) return error;
  if (error.slug === 'link-not-found') return dead(call);
  return new PageProblem(error.slug, page(refused[call.language], call.language), { cause: error });
}
