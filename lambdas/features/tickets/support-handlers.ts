import type { Call } from '../../http/call.ts';
import { decodeCursor, encodeCursor, type List } from '../../http/cursor.ts';
import { TicketId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import type { Owner } from '../../platform/entity.ts';
import { accountOwner } from '../accounts/account.ts';
import type { TicketStore } from './handlers.ts';
import type { mySupportRoutes, platformSupportRoutes } from './support-routes.ts';
import { moved, respondBy } from './ticket.ts';
import type { StoredTicket } from './ticketing.ts';
import { lineOf, ownLineOf, ownTicketView, ticketView } from './views.ts';

/** What one account may have waiting at the operator: more is a program's doing. */
const OPEN_MAX = 20;

export const mySupportHandlers = (store: TicketStore): HandlersFor<typeof mySupportRoutes, Call> => ({
  async openSupportTicket({ body: { title, text } }, call) {
    const owner = callersOwn(call);
    const { tickets } = await store.ownOf(owner, { limit: 100 }, call);
    if (tickets.filter(({ state }) => state !== 'closed').length >= OPEN_MAX) {
      throw new Problem('too-many', `At most ${OPEN_MAX} that are not closed.`);
    }
    const wanted = { id: call.newId('tck'), title, channel: 'app', language: call.language } as const;
    const first = { text, fileIds: [], by: 'requester' } as const;
    return store.open(owner, wanted, first, call, ({ id, number, state }) => ({ id, number, state }));
  },

  async listSupportTickets({ query: { cursor, limit } }, call) {
    const owner = callersOwn(call);
    const list: List = { name: 'support-tickets', filter: { account: owner.subject } };
    const after = cursor === undefined ? undefined : decodeCursor(list, cursor, TicketId);
    const page = await store.ownOf(owner, { limit, ...(after !== undefined && { after }) }, call);
    return {
      items: page.tickets.map(ownLineOf),
      ...(page.next !== undefined && { next: encodeCursor(list, page.next) }),
    };
  },

  async getSupportTicket({ params: { ticketId } }, call) {
    const stored = await own(store, ticketId, call);
    return ownTicketView(stored.value, await store.entries(stored.ref.owner, ticketId, call));
  },

  async answerSupportTicket({ params: { ticketId }, body: { text } }, call) {
    const stored = await own(store, ticketId, call);
    const at = call.now.toISOString();
    return store.add(
      stored,
      (id) => ({ kind: 'message', id, at, by: 'requester', channel: 'app', text, files: [] }),
      [],
      call,
      (id, { state }) => ({ id, state }),
    );
  },
});

export const platformSupportHandlers = (store: TicketStore): HandlersFor<typeof platformSupportRoutes, Call> => ({
  async listSupportQueue({ query: { cursor, limit, ...filter } }, call) {
    const list: List = { name: 'support-queue', filter };
    const after = cursor === undefined ? undefined : decodeCursor(list, cursor, TicketId);
    const page = await store.list('operator', filter, { limit, ...(after !== undefined && { after }) }, call);
    return {
      items: page.tickets.map((ticket) => lineOf(ticket, call.now)),
      ...(page.next !== undefined && { next: encodeCursor(list, page.next) }),
    };
  },

  async readSupportTicket({ params: { ticketId } }, call) {
    const stored = await atOperator(store, ticketId, call);
    const entries = await store.entries(stored.ref.owner, ticketId, call);
    await store.recordReading(stored, call);
    const { id, number, title, state, priority, openedAt, updatedAt, respondBy, isLate, ...rest } = ticketView(
      stored,
      entries,
      call.now,
    );
    const line = { id, number, title, state, priority, openedAt, updatedAt, respondBy, isLate };
    return { ...line, entries: rest.entries, version: rest.version };
  },

  async changeSupportTicket({ params: { ticketId }, body: { state, priority }, ifMatch }, call) {
    const stored = await atOperator(store, ticketId, call);
    if (stored.version !== ifMatch) throw new Problem('stale-version');
    const before = stored.value;
    const house = await store.house('operator', call);
    const changed = {
      ...before,
      updatedAt: call.now.toISOString(),
      ...(priority && { priority, respondBy: respondBy(before.openedAt, priority) }),
    };
    const after = state && house ? moved(changed, state, house, call.now) : changed;
    await store.save(stored, after, call);
    return { ...lineOf(after, call.now), version: stored.version + 1 };
  },

  async addSupportEntry({ params: { ticketId }, body: { kind, text } }, call) {
    const stored = await atOperator(store, ticketId, call);
    const personId = call.role?.personId;
    if (!personId) throw new Error('A route for roles without one');
    const common = { at: call.now.toISOString(), personId, text };
    return store.add(
      stored,
      (id) =>
        kind === 'note' ? { kind, id, ...common } : { kind, id, ...common, by: 'staff', channel: 'app', files: [] },
      [],
      call,
      (id, { state }) => ({ id, state }),
    );
  },
});

function callersOwn({ account }: Call): Owner {
  if (!account) throw new Error('A route for accounts without one');
  return accountOwner(account.accountId);
}

async function own(store: TicketStore, id: TicketId, call: Call): Promise<StoredTicket> {
  const stored = await store.findOwn(callersOwn(call), id, call);
  if (!stored) throw new Problem('ticket-not-found');
  return stored;
}

async function atOperator(store: TicketStore, id: TicketId, call: Call): Promise<StoredTicket> {
  const stored = await store.find('operator', id, call);
  if (!stored) throw new Problem('ticket-not-found');
  return stored;
}
