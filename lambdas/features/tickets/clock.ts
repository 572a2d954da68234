import type { Call } from '../../http/call.ts';
import { OrganisationId, RequestId, type TicketId } from '../../http/ids.ts';
import type { ControllerId } from '../../platform/entity.ts';
import { errorName } from '../../platform/error-name.ts';
import { Closed, type Pointer, StaleVersion } from '../../platform/records.ts';
import { endCorrections } from '../corrections/clock.ts';
import { releaseFile } from '../files/claim.ts';
import { organisationPointers } from '../organisations/organisation.ts';
import { holdsOn } from '../requests/hold.ts';
import { pointersIn, type Walk } from '../walks/pointers-in.ts';
import { endOutsidersTicket } from './outsiders.ts';
import { dueKey, ownerIn, rowsTo, ticketIdIn } from './rows.ts';
import { entryEntityOf, moved, nextAt, type TicketEntry, ticketRef } from './ticket.ts';
import { houseOf, type StoredTicket, saveTicket, subjectOf } from './ticketing.ts';

/** Entries that are removed at once: each has at most ten files of three writes. */
const ENTRIES_PER_CHANGE = 3;

export interface TicketClock extends Walk {
  /** A fresh one for each ticket; it sees what is restricted, so that nothing of that is taken for gone. */
  openCall(): Call;
  log(line: { readonly event: string; readonly error?: string }): void;
}
interface TicketsTicked {
  closed: number;
  erased: number;
  held: number;
  failed: number;
}

/** Closes what was resolved and not taken up again, and erases what has been closed for its term. Repeating it changes nothing more. */
export async function tickTickets(clock: TicketClock): Promise<TicketsTicked> {
  const ticked: TicketsTicked = { closed: 0, erased: 0, held: 0, failed: 0 };
  await tickController('operator', clock, ticked);
  for await (const { sk } of pointersIn(organisationPointers.all('' as OrganisationId), clock)) {
    const organisationId = OrganisationId.safeParse(sk).data;
    if (!organisationId) continue;
    await tickController(organisationId, clock, ticked);
    ticked.erased += await endCorrections(organisationId, clock);
  }
  return ticked;
}

async function tickController(controller: ControllerId, clock: TicketClock, ticked: TicketsTicked): Promise<void> {
  const { table, pk } = dueKey(controller, '', '');
  // `~` sorts after the id, so that what is due this very millisecond is in.
  const due = { from: '0', to: `${clock.openCall().now.toISOString()}~` };
  for await (const row of pointersIn({ table, pk }, clock, due)) {
    try {
      const done = await look(controller, row, clock);
      if (done) ticked[done]++;
    } catch (error) {
      // Somebody else was faster, or an erasure was: the next run looks at what they did.
      if (error instanceof StaleVersion || error instanceof Closed) continue;
      ticked.failed++;
      clock.log({ event: 'ticket-tick-failed', error: errorName(error) });
    }
  }
}

async function look(controller: ControllerId, row: Pointer, clock: TicketClock) {
  const call = clock.openCall();
  const owner = ownerIn(controller, row);
  const stored = await call.records.get(ticketRef(owner, ticketIdIn(row)));
  if (!stored || nextAt(stored.value) === undefined) {
    await call.records
      .change()
      .unpoint(row)
      .activity({ event: 'ticket.row-dropped', subject: subjectOf(owner) })
      .commit();
    return undefined;
  }
  if (stored.value.state === 'resolved') return close(stored, call);
  const [holds, keys] = await Promise.all([holdsOn(call.records, owner), call.records.keyStates(owner)]);
  // A legal hold, or a restriction: whoever asked for it may need it for a claim (Art. 18(2)).
  if (holds.length > 0 || keys.get('ticket') === 'RESTRICTED') return 'held';
  if (RequestId.safeParse(owner.subject).success) await endOutsidersTicket(stored, 'retention', call);
  else await eraseTicket(stored, clock);
  return 'erased';
}

async function close(stored: StoredTicket, call: Call) {
  const { owner } = stored.ref;
  const house = await houseOf(call.records, owner.controller);
  if (!house) return undefined;
  const after = moved(stored.value, 'closed', house, call.now);
  const change = call.records.change();
  saveTicket(change, stored, after);
  const subject = subjectOf(owner);
  await change
    .activity({ event: 'ticket.changed', subject, about: [after.id], detail: { state: after.state } })
    .commit();
  return 'closed';
}

/** The entries first and the ticket last: what is interrupted is found again by the ticket's row. */
async function eraseTicket({ ref: { owner }, value: { id } }: StoredTicket, clock: TicketClock): Promise<void> {
  for (;;) {
    const call = clock.openCall();
    const { items } = await call.records.list(entryEntityOf(owner), owner, {
      prefix: `${id}#`,
      limit: ENTRIES_PER_CHANGE,
    });
    const change = call.records.change();
    for (const { ref, value, version } of items) {
      change.remove(ref, { version });
      for (const file of filesIn(value)) releaseFile(change, file, { owner }, call.now);
    }
    const about: TicketId[] = [id];
    if (items.length > 0) {
      await change.activity({ event: 'ticket.emptied', subject: subjectOf(owner), about }).commit();
      continue;
    }
    const last = await call.records.get(ticketRef(owner, id));
    if (!last) return;
    change.remove(last.ref, { version: last.version });
    for (const row of rowsTo(owner, last.value)) change.unpoint(row);
    const detail = { cause: 'retention' };
    await change.activity({ event: 'ticket.ended', subject: subjectOf(owner), about, detail }).commit();
    return;
  }
}

const filesIn = (entry: TicketEntry) => (entry.kind === 'message' ? entry.files : []);
