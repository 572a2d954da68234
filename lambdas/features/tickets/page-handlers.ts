import type { Call } from '../../http/call.ts';
import { freeText } from '../../http/free-text.ts';
import { RequestId, TicketId } from '../../http/ids.ts';
import { PageProblem } from '../../http/page-problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import { deadLinkPage } from '../links/dead-link.ts';
import type { LinkPage } from '../links/handlers.ts';
import { findLink, type Link } from '../links/link.ts';
import { page } from '../links/page.ts';
import type { TicketStore } from './handlers.ts';
import { ANSWER_CHARACTERS_MAX, askingPage, erasedPage, type LinkedTicket, ticketPage } from './page.ts';
import type { ticketPageRoutes } from './page-routes.ts';
import type { StoredTicket } from './ticketing.ts';

const Answer = freeText({ max: ANSWER_CHARACTERS_MAX }).min(1);

type Linked = Pick<TicketStore, 'findOwn' | 'entries' | 'house' | 'add'>;

/** The page of a ticket's link. What was written is shown when its button is pressed: a mail scanner only looks. */
export const ticketLinkPage =
  (store: Linked): LinkPage =>
  async (link, token, call, isPressed) => {
    if (!isPressed) return askingPage(call.language);
    const found = await linked(store, link, call);
    return found && ticketPage(found.linked, token, call.language);
  };

export const ticketPageHandlers = (
  store: Linked,
  endOutsiders: (stored: StoredTicket, call: Call) => Promise<void>,
): HandlersFor<typeof ticketPageRoutes, Call> => ({
  async answerLinkedTicket({ params: { token }, body }, call) {
    const { language } = call;
    const link = await findLink(call.records, token);
    const found = link?.purpose === 'answer-ticket' ? await linked(store, link, call) : undefined;
    if (!found) throw deadLinkPage(call);
    if (body.do === 'erase') {
      if (!found.linked.isOutsiders) throw refusedPage('wrong-state', found.linked, token, call);
      await endOutsiders(found.stored, call);
      return page(erasedPage(language), language);
    }
    const typed = Answer.safeParse(body.text ?? '');
    if (!typed.success) {
      const isForbidden = typed.error.issues.some((issue) => issue.code === 'custom');
      throw refusedPage(isForbidden ? 'forbidden-content' : 'malformed-request', found.linked, token, call);
    }
    await write(store, found, typed.data, token, call);
    const after = link && (await linked(store, link, call));
    if (!after) throw deadLinkPage(call);
    return page(ticketPage(after.linked, token, language), language);
  },
});

interface Found {
  readonly stored: StoredTicket;
  readonly linked: LinkedTicket;
}

/** Undefined when it is erased, its owner has restricted it, or the link was given out before its addresses were renewed. */
async function linked(store: Linked, { owner, about = '' }: Link, call: Call): Promise<Found | undefined> {
  const [ticketId, epoch] = about.split('#');
  const id = TicketId.safeParse(ticketId);
  const [stored, house] = await Promise.all([
    id.success ? store.findOwn(owner, id.data, call) : undefined,
    store.house(owner.controller, call),
  ]);
  if (!stored || !house || String(stored.value.mailEpoch) !== epoch) return undefined;
  const entries = await store.entries(owner, stored.value.id, call);
  const isOutsiders = RequestId.safeParse(owner.subject).success;
  return { stored, linked: { ticket: stored.value, entries, timeZone: house.timeZone, isOutsiders } };
}

async function write(store: Linked, { stored, linked }: Found, text: string, token: string, call: Call) {
  const at = call.now.toISOString();
  try {
    await store.add(
      stored,
      (id) => ({ kind: 'message', id, at, by: 'requester', channel: 'link', text, files: [] }),
      [],
      call,
      () => undefined,
    );
  } catch (error) {
    if (!isRefusal(error)) throw error;
    throw refusedPage(error.slug, linked, token, call);
  }
}

const isRefusal = (error: unknown): error is { readonly slug: 'wrong-state' | 'too-many' } =>
  error instanceof Error && 'slug' in error && (error.slug === 'wrong-state' || error.slug === 'too-many');

const refusedPage = (
  slug: ConstructorParameters<typeof PageProblem>[0],
  linked: LinkedTicket,
  token: string,
  { language }: Call,
) => new PageProblem(slug, page(ticketPage(linked, token, language, true), language));
