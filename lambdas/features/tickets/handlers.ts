import type { Call, RoleCaller } from '../../http/call.ts';
import { decodeCursor, encodeCursor, type List } from '../../http/cursor.ts';
import { type CustomerId, type OrganisationId, type PersonId, TicketId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor, InputOf } from '../../http/route.ts';
import { dayIn } from '../../platform/calendar.ts';
import type { ControllerId, Owner } from '../../platform/entity.ts';
import type { Customer } from '../customers/customer.ts';
import type { UploadedFile } from '../files/file.ts';
import { isLapsed, monthIn } from '../invoices/month.ts';
import { ownerOf } from '../people/person.ts';
import type { ownTicketRoutes, ticketRoutes } from './routes.ts';
import type { TicketSettings } from './settings.ts';
import { closedSettings, intakeLocalPart } from './settings.ts';
import { moved, respondBy, type Ticket, type TicketEntry, type TicketMessage, type TicketState } from './ticket.ts';
import type { House, StoredTicket } from './ticketing.ts';
import { lineOf, ownLineOf, ownTicketView, ticketView } from './views.ts';

/** What chooses the lines of a list; read from rows of ids, so nothing is opened that is not listed. */
export interface TicketFilter {
  readonly show: 'open' | 'all';
  readonly state?: TicketState | undefined;
  readonly assigneeId?: PersonId | undefined;
  readonly customerId?: CustomerId | undefined;
  readonly number?: string | undefined;
}
/** A message that is written by somebody signed in. */
export interface Writing {
  readonly text: string;
  readonly fileIds: readonly UploadedFile['id'][];
}

export interface TicketStore {
  open<A>(
    owner: Owner,
    wanted: Pick<Ticket, 'id' | 'title' | 'channel' | 'language'> & Partial<Pick<Ticket, 'customerId' | 'priority'>>,
    first: Writing & Pick<TicketMessage, 'by' | 'personId'>,
    call: Call,
    answer: (ticket: Ticket) => A,
  ): Promise<A>;
  /** The newest first. */
  list(
    controller: ControllerId,
    filter: TicketFilter,
    range: { readonly limit: number; readonly after?: string },
    call: Call,
  ): Promise<{ readonly tickets: readonly Ticket[]; readonly next?: TicketId }>;
  /** The newest first. */
  ownOf(
    owner: Owner,
    range: { readonly limit: number; readonly after?: string },
    call: Call,
  ): Promise<{ readonly tickets: readonly Ticket[]; readonly next?: TicketId }>;
  find(controller: ControllerId, id: TicketId, call: Call): Promise<StoredTicket | undefined>;
  findOwn(owner: Owner, id: TicketId, call: Call): Promise<StoredTicket | undefined>;
  /** In the order in which they were written. */
  entries(owner: Owner, id: TicketId, call: Call): Promise<readonly TicketEntry[]>;
  /** Before anything of it leaves (SM-05). */
  recordReading(stored: StoredTicket, call: Call): Promise<void>;
  /** Adds an entry, and tells whose turn it is. */
  add<A>(
    stored: StoredTicket,
    entry: (id: TicketEntry['id'], files: TicketMessage['files']) => TicketEntry,
    fileIds: Writing['fileIds'],
    call: Call,
    answer: (id: TicketEntry['id'], after: Ticket) => A,
  ): Promise<A>;
  save(stored: StoredTicket, after: Ticket, call: Call): Promise<void>;
  house(controller: ControllerId, call: Call): Promise<House | undefined>;
  customer(organisationId: OrganisationId, id: CustomerId, call: Call): Promise<Customer | undefined>;
  isPerson(organisationId: OrganisationId, id: PersonId, call: Call): Promise<boolean>;
  settings(organisationId: OrganisationId, call: Call): Promise<{ value: TicketSettings; version: number } | undefined>;
  saveSettings(organisationId: OrganisationId, settings: TicketSettings, before: number, call: Call): Promise<void>;
}

export const ticketHandlers = (store: TicketStore, inboundDomain: string): HandlersFor<typeof ticketRoutes, Call> => ({
  async createTicket({ params: { organisationId }, body }, call) {
    const { requesterId, title, text, priority, customerId, fileIds } = body;
    if (!(await store.isPerson(organisationId, requesterId, call))) throw new Problem('person-not-found');
    const id = call.newId('tck');
    const { language } = call;
    const wanted = {
      ...{ id, title, language, channel: 'staff' as const },
      ...(priority && { priority }),
      ...(customerId && { customerId }),
    };
    // What was said on the telephone is the requester's, written down by whoever took the call.
    const first = { text, fileIds, by: 'requester', personId: callerOf(call).personId } as const;
    return store.open(ownerOf(organisationId, requesterId), wanted, first, call, openedView);
  },

  async listTickets({ params: { organisationId }, query: { cursor, limit, ...filter } }, call) {
    const list: List = { name: 'tickets', filter: { organisationId, ...filter } };
    const after = cursor === undefined ? undefined : decodeCursor(list, cursor, TicketId);
    const page = await store.list(organisationId, filter, { limit, ...(after !== undefined && { after }) }, call);
    return {
      items: page.tickets.map((ticket) => lineOf(ticket, call.now)),
      ...(page.next !== undefined && { next: encodeCursor(list, page.next) }),
    };
  },

  async getTicket({ params }, call) {
    const stored = await existing(store, params, call);
    const { owner } = stored.ref;
    const entries = await store.entries(owner, stored.value.id, call);
    await store.recordReading(stored, call);
    return ticketView(stored, entries, call.now);
  },

  async changeTicket({ params, body, ifMatch }, call) {
    const stored = await existing(store, params, call);
    if (stored.version !== ifMatch) throw new Problem('stale-version');
    const after = await changedTicket(store, stored, params.organisationId, body, call);
    await store.save(stored, after, call);
    return { ...lineOf(after, call.now), version: stored.version + 1 };
  },

  async addTicketEntry({ params, body }, call) {
    const stored = await existing(store, params, call);
    const house = await store.house(params.organisationId, call);
    const common = { at: call.now.toISOString(), personId: callerOf(call).personId };
    const fileIds = body.kind === 'message' ? body.fileIds : [];
    const today = dayIn(house?.timeZone ?? 'Europe/Oslo', call.now);
    if (body.kind === 'time') demandInvoicable(body, today);
    return store.add(
      stored,
      (id, files) => {
        if (body.kind === 'note') return { kind: 'note', id, ...common, text: body.text };
        if (body.kind === 'message') {
          return { kind: 'message', id, ...common, by: 'staff', channel: 'app', text: body.text, files };
        }
        const { minutes, isBillable, text } = body;
        const day = body.day ?? today;
        return { kind: 'time', id, ...common, day, minutes, isBillable, ...(text !== undefined && { text }) };
      },
      fileIds,
      call,
      (id, { state }) => ({ id, state }),
    );
  },

  async getTicketSettings({ params: { organisationId } }, call) {
    const stored = await store.settings(organisationId, call);
    const settings = stored?.value ?? closedSettings;
    return settingsView(organisationId, settings, (stored?.version ?? 0) + 1, inboundDomain);
  },

  async setTicketSettings({ params: { organisationId }, body, ifMatch }, call) {
    const version = ((await store.settings(organisationId, call))?.version ?? 0) + 1;
    if (version !== ifMatch) throw new Problem('stale-version');
    await store.saveSettings(organisationId, body, version - 1, call);
    return settingsView(organisationId, body, version + 1, inboundDomain);
  },
});

export const ownTicketHandlers = (store: TicketStore): HandlersFor<typeof ownTicketRoutes, Call> => ({
  async openOwnTicket({ params: { organisationId }, body: { title, text, fileIds } }, call) {
    const wanted = { id: call.newId('tck'), title, channel: 'app', language: call.language } as const;
    const owner = ownerOf(organisationId, callerOf(call).personId);
    return store.open(owner, wanted, { text, fileIds, by: 'requester' }, call, openedView);
  },

  async listOwnTickets({ params: { organisationId }, query: { cursor, limit } }, call) {
    const { personId } = callerOf(call);
    const list: List = { name: 'own-tickets', filter: { organisationId, personId } };
    const after = cursor === undefined ? undefined : decodeCursor(list, cursor, TicketId);
    const range = { limit, ...(after !== undefined && { after }) };
    const page = await store.ownOf(ownerOf(organisationId, personId), range, call);
    return {
      items: page.tickets.map(ownLineOf),
      ...(page.next !== undefined && { next: encodeCursor(list, page.next) }),
    };
  },

  async getOwnTicket({ params: { organisationId, ticketId } }, call) {
    const owner = ownerOf(organisationId, callerOf(call).personId);
    const stored = await store.findOwn(owner, ticketId, call);
    if (!stored) throw new Problem('ticket-not-found');
    return ownTicketView(stored.value, await store.entries(owner, ticketId, call));
  },

  async answerOwnTicket({ params: { organisationId, ticketId }, body: { text, fileIds } }, call) {
    const owner = ownerOf(organisationId, callerOf(call).personId);
    const stored = await store.findOwn(owner, ticketId, call);
    if (!stored) throw new Problem('ticket-not-found');
    return answerAsRequester(store, stored, { text, fileIds }, call);
  },
});

/** A day that was typed wrong would be paid for by nobody: its month comes never, or is looked at no more. */
function demandInvoicable({ day = '', isBillable }: { day?: string | undefined; isBillable: boolean }, today: string) {
  if (day > today) throw new Problem('wrong-state', 'Nobody has worked in the future.');
  if (day !== '' && isBillable && isLapsed(monthIn(day), today)) {
    throw new Problem('wrong-state', 'What is three years old is invoiced no more.');
  }
}

/** What whoever asked writes again, signed in. */
const answerAsRequester = (store: TicketStore, stored: StoredTicket, { text, fileIds }: Writing, call: Call) =>
  store.add(
    stored,
    (id, files) => ({
      kind: 'message',
      id,
      at: call.now.toISOString(),
      by: 'requester',
      channel: 'app',
      text,
      files,
    }),
    fileIds,
    call,
    (id, { state }) => ({ id, state }),
  );

function callerOf({ role }: Call): RoleCaller {
  if (!role) throw new Error('A route for roles without one');
  return role;
}

async function existing(
  store: TicketStore,
  { organisationId, ticketId }: { readonly organisationId: OrganisationId; readonly ticketId: TicketId },
  call: Call,
): Promise<StoredTicket> {
  const found = await store.find(organisationId, ticketId, call);
  if (!found) throw new Problem('ticket-not-found');
  return found;
}

async function changedTicket(
  store: TicketStore,
  { value: before }: StoredTicket,
  organisationId: OrganisationId,
  body: InputOf<(typeof ticketRoutes)['changeTicket']>['body'],
  call: Call,
): Promise<Ticket> {
  const { state, assigneeId, customerId, renewMailAddress } = body;
  const [house, customer] = await Promise.all([
    store.house(organisationId, call),
    customerId || before.customerId
      ? store.customer(organisationId, (customerId ?? before.customerId)!, call)
      : undefined,
  ]);
  if (customerId && (!customer || customer.endedAt !== undefined)) throw new Problem('customer-not-found');
  if (assigneeId && !(await store.isPerson(organisationId, assigneeId, call))) throw new Problem('person-not-found');
  const named = { title: body.title, priority: body.priority, assigneeId, customerId };
  const changes = Object.entries(named).filter(([, value]) => value !== undefined);
  const merged = Object.entries({ ...before, ...Object.fromEntries(changes) }).filter(([, value]) => value !== null);
  const after = Object.fromEntries(merged) as Ticket;
  const hours = after.customerId === undefined ? undefined : customer?.responseHours;
  const changed: Ticket = {
    ...after,
    updatedAt: call.now.toISOString(),
    respondBy: respondBy(before.openedAt, after.priority, hours),
    mailEpoch: before.mailEpoch + (renewMailAddress ? 1 : 0),
  };
  return state && house ? moved(changed, state, house, call.now) : changed;
}

const settingsView = (organisationId: OrganisationId, settings: TicketSettings, version: number, domain: string) => ({
  ...settings,
  ...(settings.takesMail && { intakeAddress: `${intakeLocalPart(organisationId)}@${domain}` }),
  version,
});

const openedView = ({ id, number, state }: Ticket) => ({ id, number, state });
