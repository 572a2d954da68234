import type { Call } from '../../http/call.ts';
import { type OrganisationId, TicketId } from '../../http/ids.ts';
import { dayIn } from '../../platform/calendar.ts';
import type { ControllerId } from '../../platform/entity.ts';
import type { Change, Pointer } from '../../platform/records.ts';
import { customerRef } from '../customers/customer.ts';
import { keptFrom } from '../people/blocks.ts';
import { personRef } from '../people/writes.ts';
import { billedOn } from './billable-time.ts';
import type { TicketFilter, TicketStore } from './handlers.ts';
import { numberKey, ownerIn, ticketIdIn, ticketKey } from './rows.ts';
import { ticketSettingsRef } from './settings.ts';
import { ENTRIES_MAX, entryEntityOf, type Ticket, type TicketEntry, ticketRef } from './ticket.ts';
import {
  addEntry,
  claimAll,
  findTicket,
  houseOf,
  openTicket,
  placeOf,
  type StoredTicket,
  saveTicket,
  subjectOf,
  tellRequester,
  tellStaff,
  uploadsFor,
} from './ticketing.ts';
import { LeftBeside, MOVED_PER_CHANGE, moveTime, timeThatFollows } from './time-follows.ts';

/** Rows that are gone through for one page of a filtered list: whoever looks for more names what they look for. */
const ROWS_MAX = 2_000;
const ROWS_PER_READ = 200;
/** A change that met another's is made again. */
const TRIES_MAX = 5;

export const ticketStore: TicketStore = {
  async open(owner, wanted, { text, fileIds, by, personId }, call, answer) {
    const house = await houseOf(call.records, owner.controller);
    if (!house) throw new Error('An organisation without its record');
    const uploader = call.role?.personId;
    const uploads =
      uploader && owner.controller !== 'operator'
        ? await uploadsFor(fileIds, owner.controller, uploader, call.records)
        : [];
    const change = call.records.change();
    const id = call.newId('tme');
    const files = claimAll(change, uploads, placeOf(owner, wanted.id, id));
    const ticket = await openTicket(
      change,
      owner,
      wanted,
      { id, text, by, files, ...(personId && { personId }) },
      call,
    );
    // What a program has opened nobody who works here has seen.
    const isSeen = wanted.channel === 'staff' && call.role?.role !== 'integration';
    if (!isSeen) await tellStaff(change, owner, ticket, house.timeZone, call);
    const about = [ticket.id, ...(ticket.customerId ? [ticket.customerId] : [])];
    return change
      .activity({ event: 'ticket.opened', subject: owner, about, detail: { channel: wanted.channel } })
      .commit(answer(ticket));
  },

  async list(controller, filter, { limit, after }, call) {
    const { records } = call;
    const blocked = await keptFrom(call);
    const rows: Pointer[] = [];
    let last = filter.number === undefined ? after : undefined;
    let next: TicketId | undefined;
    for (let read = 0; ; ) {
      const page =
        filter.number === undefined
          ? await rowsAfter(controller, last, records)
          : await rowOf(controller, filter.number, records);
      read += page.items.length;
      for (const row of page.items) {
        last = row.sk;
        if (isWanted(row, filter) && !blocked.has(ownerIn(controller, row).subject)) rows.push(row);
        if (rows.length < limit) continue;
        next = ticketIdIn(row);
        break;
      }
      if (next !== undefined) break;
      if (page.next === undefined) break;
      if (read >= ROWS_MAX) {
        next = TicketId.parse(last);
        break;
      }
    }
    const stored = await records.getMany(rows.map((row) => ticketRef(ownerIn(controller, row), ticketIdIn(row))));
    return {
      tickets: stored.flatMap((one) => (one ? [one.value as Ticket] : [])),
      ...(next !== undefined && { next }),
    };
  },

  async ownOf(owner, { limit, after }, { records }) {
    const { entity } = ticketRef(owner, '' as TicketId);
    const range = { limit, newestFirst: true, ...(after !== undefined && { after }) };
    const { items, next } = await records.list(entity, owner, range);
    return { tickets: items.map(({ value }) => value), ...(next !== undefined && { next: TicketId.parse(next) }) };
  },

  async find(controller, id, call) {
    const [stored, blocked] = await Promise.all([findTicket(call.records, controller, id), keptFrom(call)]);
    return stored && !blocked.has(stored.ref.owner.subject) ? stored : undefined;
  },
  findOwn: (owner, id, { records }) => records.get(ticketRef(owner, id)),

  async entries(owner, id, { records }) {
    const range = { prefix: `${id}#`, limit: ENTRIES_MAX };
    return (await records.list(entryEntityOf(owner), owner, range)).items.map(({ value }) => value);
  },

  async recordReading({ ref, value }, { records }) {
    await records
      .change()
      .activity({ event: 'ticket.seen', subject: subjectOf(ref.owner), about: [value.id] })
      .commit();
  },

  async add(stored, entry, fileIds, call, answer) {
    const { owner } = stored.ref;
    const { controller } = owner;
    const uploader = call.role?.personId;
    const uploads =
      uploader && controller !== 'operator' ? await uploadsFor(fileIds, controller, uploader, call.records) : [];
    const house = await houseOf(call.records, controller);
    const change = call.records.change();
    const id = call.newId('tme');
    const wanted = entry(id, claimAll(change, uploads, placeOf(owner, stored.value.id, id)));
    const written = house ? await paidFor(wanted, stored, dayIn(house.timeZone, call.now), call.records) : wanted;
    const after = addEntry(change, stored, written);
    if (written.kind === 'message' && written.by === 'staff') tellRequester(change, owner, after, call);
    const isTheirTurn = written.kind === 'message' && written.by === 'requester';
    // Once until staff answer: they have been told already that it is their turn.
    if (isTheirTurn && house && isNews(stored.value)) await tellStaff(change, owner, after, house.timeZone, call);
    return change
      .activity({
        event: eventOf[written.kind],
        subject: subjectOf(owner),
        about: [after.id],
        detail: { state: after.state },
      })
      .commit(answer(id, after));
  },

  async save(stored, after, call) {
    for (let tries = 1; ; tries++) {
      try {
        return await saveOnce(stored, after, call);
      } catch (error) {
        if (!(error instanceof LeftBeside) || tries >= TRIES_MAX) throw error;
      }
    }
  },

  house: (controller, { records }) => houseOf(records, controller),
  customer: async (organisationId, id, { records }) => (await records.get(customerRef(organisationId, id)))?.value,
  async isPerson(organisationId, id, call) {
    const [person, blocked] = await Promise.all([call.records.get(personRef(organisationId, id)), keptFrom(call)]);
    return person !== undefined && !blocked.has(id);
  },
  settings: (organisationId: OrganisationId, { records }: Call) => records.get(ticketSettingsRef(organisationId)),

  async saveSettings(organisationId, settings, before, { records }) {
    const ref = ticketSettingsRef(organisationId);
    await records
      .change()
      .put(ref, settings, before === 0 ? 'new' : { version: before })
      .activity({ event: 'ticket-settings.changed', subject: ref.owner, detail: { ...settings } })
      .commit();
  },
};

/** The ticket as it is now; the time on it that no invoice holds goes with its customer. */
async function saveOnce(stored: StoredTicket, after: Ticket, { records, now }: Call): Promise<void> {
  const { owner } = stored.ref;
  const { controller } = owner;
  const { state, priority, customerId, id } = after;
  const house = await houseOf(records, controller);
  const today = dayIn(house?.timeZone ?? 'Europe/Oslo', now);
  let moves = await timeThatFollows(stored, customerId, today, records);
  const movedBy = async (change: Change, some: typeof moves) => {
    if (some.length > 0 && controller !== 'operator') await moveTime(change, controller, after, some, records);
    const about = [id, ...(some.length > 0 && customerId ? [customerId] : [])];
    const detail = { state, priority, ...(some.length > 0 && { timeMoved: some.length }) };
    await change.activity({ event: 'ticket.changed', subject: subjectOf(owner), about, detail }).commit();
  };
  // What is cut off in between is gone on with by the next change of the ticket: it still has its version.
  for (; moves.length > MOVED_PER_CHANGE; moves = moves.slice(MOVED_PER_CHANGE)) {
    await movedBy(records.change(), moves.slice(0, MOVED_PER_CHANGE));
  }
  const change = records.change();
  saveTicket(change, stored, after);
  await movedBy(change, moves);
}

/** Time that is to be paid for says by whom, and on which day. */
async function paidFor(entry: TicketEntry, { ref, value }: StoredTicket, today: string, records: Call['records']) {
  const { customerId } = value;
  const { controller } = ref.owner;
  if (entry.kind !== 'time' || !entry.isBillable || customerId === undefined || controller === 'operator') return entry;
  const dayOf = await billedOn(records, controller, [entry.day], today);
  return { ...entry, billedTo: customerId, billedOn: dayOf(entry.day) };
}

const eventOf = { message: 'ticket.answered', note: 'ticket.noted', time: 'ticket.time-entered' } as const;
const isNews = ({ state }: Ticket) => state === 'waiting-on-customer' || state === 'resolved';

function rowsAfter(controller: ControllerId, after: string | undefined, records: Call['records']) {
  const { table, pk } = ticketKey(controller, '');
  const range = { limit: ROWS_PER_READ, newestFirst: true, ...(after !== undefined && { after }) };
  return records.pointers(table, pk, range);
}

/** The one ticket that is called so. */
async function rowOf(controller: ControllerId, number: string, records: Call['records']) {
  const [named] = await records.pointersAt([numberKey(controller, number)]);
  const id = TicketId.safeParse(named?.attributes?.['ticketId']);
  const [row] = id.success ? await records.pointersAt([ticketKey(controller, id.data)]) : [];
  return { items: row ? [row] : [], next: undefined };
}

function isWanted(
  { attributes = {} }: Pointer,
  { show, state, assigneeId, customerId, number }: TicketFilter,
): boolean {
  // What is called by its number is meant, closed or not.
  if (show === 'open' && number === undefined && state === undefined && attributes['state'] === 'closed') return false;
  if (state !== undefined && attributes['state'] !== state) return false;
  if (assigneeId !== undefined && attributes['assigneeId'] !== assigneeId) return false;
  return customerId === undefined || attributes['customerId'] === customerId;
}
