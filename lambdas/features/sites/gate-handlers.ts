import type { Call, Language } from '../../http/call.ts';
import { PageProblem } from '../../http/page-problem.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import { dayIn } from '../../platform/calendar.ts';
import { settled } from '../../platform/records.ts';
import { deadLinkPage } from '../links/dead-link.ts';
import { page } from '../links/page.ts';
import { doneAtGate, gatePage, gatePath, isWrong, readAtGate } from './gate.ts';
import { arrival, depart, lately, type SiteOfHouse, type SiteStore } from './handlers.ts';
import type { siteGateRoutes } from './routes.ts';
import { hasJustLeft, isAtWork, isCodeOf, type OnSite, presentAmong, saysTheSame } from './site.ts';

type GateStore = Pick<SiteStore, 'find' | 'entries' | 'entryId' | 'saveEntry'>;
type Params = Parameters<ReturnType<typeof siteGateHandlers>['showSiteGate']>[0]['params'];

export const siteGateHandlers = (sites: GateStore): HandlersFor<typeof siteGateRoutes, Call> => ({
  async showSiteGate({ params }, call) {
    const { site } = await behind(sites, params, call);
    return page(gatePage({ site: site.value, action: actionOf(params) }, call.language), call.language);
  },

  async passSiteGate({ params, body }, call) {
    const found = await behind(sites, params, call);
    const { do: does, ...typed } = body;
    const { language } = call;
    const again = { site: found.site.value, action: actionOf(params), typed };
    const who = readAtGate(typed, dayIn(found.timeZone, call.now));
    if (isWrong(who)) throw new PageProblem(who.slug, page(gatePage({ ...again, does }, language, who), language));
    if (does === undefined) {
      const nothing = { slug: 'malformed-request', fields: [] } as const;
      throw new PageProblem('malformed-request', page(gatePage(again, language, nothing), language));
    }
    try {
      const pass = does === 'in' ? comeIn : goOut;
      await settled(() => pass(sites, found, who, call));
    } catch (error) {
      throw asPage(error, again, language);
    }
    return page(doneAtGate(does, language), language);
  },
});

const actionOf = ({ organisationId, siteId, code }: Params) => gatePath(organisationId, siteId, code);

/** One answer for a wrong code, a site that is gone and works that are over: a page that is not there. */
async function behind(sites: GateStore, { organisationId, siteId, code }: Params, call: Call): Promise<SiteOfHouse> {
  const found = await sites.find(organisationId, siteId, call);
  if (!found || !isCodeOf(found.site.value, code)) throw deadLinkPage(call);
  if (!isAtWork(found.site.value, dayIn(found.timeZone, call.now))) throw deadLinkPage(call);
  return found;
}

/** Pressed twice, it is one line, and the second press is answered as the first. */
async function comeIn(sites: GateStore, found: SiteOfHouse, who: OnSite, call: Call): Promise<void> {
  const came = await lately(sites, found, call);
  const there = presentAmong(valuesOf(came), who, call.now);
  if (there && saysTheSame(there, who)) return;
  const entry = await arrival(sites, found, { who, came, registeredBy: 'code' }, call);
  await sites.saveEntry(found.organisationId, entry, undefined, call, undefined);
}

async function goOut(sites: GateStore, found: SiteOfHouse, who: OnSite, call: Call): Promise<void> {
  const came = await lately(sites, found, call);
  const there = presentAmong(valuesOf(came), who, call.now);
  const before = came.find(({ value }) => value.id === there?.id);
  if (before) return void (await depart(sites, found.organisationId, before, call));
  if (!hasJustLeft(valuesOf(came), who, call.now)) throw new Problem('site-entry-not-found');
}

const valuesOf = <T>(stored: readonly { readonly value: T }[]): readonly T[] => stored.map(({ value }) => value);

function asPage(error: unknown, again: Parameters<typeof gatePage>[0], language: Language): unknown {
  if (!(error instanceof Problem)) return error;
  const { slug } = error;
  if (slug !== 'already-on-site' && slug !== 'site-entry-not-found' && slug !== 'too-many') return error;
  return new PageProblem(slug, page(gatePage(again, language, slug), language), { cause: error });
}
