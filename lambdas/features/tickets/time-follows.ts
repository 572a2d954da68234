import type { CustomerId, OrganisationId } from '../../http/ids.ts';
import { type Change, type Records, StaleVersion, type Stored } from '../../platform/records.ts';
import { invoicePointers } from '../invoices/invoice.ts';
import { isLapsed, monthIn } from '../invoices/month.ts';
import { billableKey, billedOn, nextLeaving } from './billable-time.ts';
import { ENTRIES_MAX, entryEntityOf, type TicketTime, type ticketEntryEntity } from './ticket.ts';
import { putToAccount, type StoredTicket } from './ticketing.ts';

/** In one change: each is three writes and two conditions at most, beside those of the ticket. */
export const MOVED_PER_CHANGE = 12;

/** An entry of time, as it is and as it is to be. */
export interface TimeMoved {
  readonly stored: Stored<typeof ticketEntryEntity>;
  readonly before: TicketTime;
  readonly after: TicketTime;
}

/** Time of the customer left at the same moment: what was read is looked at again. */
export class LeftBeside extends Error {
  override readonly name = 'LeftBeside';
}

/**
 * The billable time of a ticket that somebody else pays for than the ticket's customer, or nobody, and that no invoice
 * holds yet, a draft included: it goes where the ticket goes. What has been invoiced stays, and so does what has lapsed.
 * Three round trips, and one where there is none.
 */
export async function timeThatFollows(
  { ref: { owner }, value }: StoredTicket,
  customerId: CustomerId | undefined,
  today: string,
  records: Records,
): Promise<readonly TimeMoved[]> {
  const { controller } = owner;
  if (controller === 'operator') return [];
  const range = { prefix: `${value.id}#`, limit: ENTRIES_MAX };
  const { items } = await records.list(entryEntityOf(owner) as typeof ticketEntryEntity, owner, range);
  const elsewhere = items.flatMap((stored) => {
    const before = stored.value;
    if (before.kind !== 'time' || !before.isBillable || before.billedTo === customerId) return [];
    return isLapsed(monthIn(before.billedOn ?? before.day), today) ? [] : [{ stored, before }];
  });
  if (elsewhere.length === 0) return [];
  const invoiced = await invoicedMonths(
    controller,
    elsewhere.map(({ before }) => before),
    records,
  );
  const left = elsewhere.filter(({ before }) => !invoiced.has(monthOfPayer(before)));
  const days = left.map(({ before }) => before.day);
  const dayOf = await billedOn(records, controller, days, today);
  return left.map(({ stored, before }) => {
    const { billedTo: _to, billedOn: _on, ...time } = before;
    const after = customerId === undefined ? time : { ...time, billedTo: customerId, billedOn: dayOf(before.day) };
    return { stored, before, after };
  });
}

/** Moves them in the change of their ticket, or before it. Throws {@link LeftBeside}. */
export async function moveTime(
  change: Change,
  organisationId: OrganisationId,
  ticket: StoredTicket['value'],
  moves: readonly TimeMoved[],
  records: Records,
): Promise<void> {
  const payers = new Set(moves.flatMap(({ before }) => before.billedTo ?? []));
  const leavings = await Promise.all([...payers].map((payer) => nextLeaving(records, organisationId, payer)));
  for (const leaving of leavings) change.point(leaving, { ifNew: () => new LeftBeside('Time left at this moment') });
  const guarded = new Set<string>();
  for (const { stored, before, after } of moves) {
    change.put(stored.ref, after, { version: stored.version });
    const { billedTo, billedOn: day } = before;
    if (billedTo !== undefined && day !== undefined) {
      change.unpoint(billableKey(organisationId, billedTo, day, before.id));
      const month = invoicePointers.inRun(organisationId, monthIn(day), billedTo);
      // Once for each month: a transaction names no row twice.
      if (!guarded.has(month.sk)) change.requireAbsent(month, () => new StaleVersion('It has been invoiced'));
      guarded.add(month.sk);
    }
  }
  putToAccount(
    change,
    organisationId,
    ticket,
    moves.map(({ after }) => after),
  );
}

const monthOfPayer = ({ billedTo, billedOn: day }: TicketTime) => `${billedTo}#${day && monthIn(day)}`;

/** For which customers and months, of those that pay for such time, there is an invoice. */
async function invoicedMonths(organisationId: OrganisationId, times: readonly TicketTime[], records: Records) {
  const paid = times.flatMap((time) => {
    const { billedTo, billedOn: day } = time;
    if (billedTo === undefined || day === undefined) return [];
    return [{ name: monthOfPayer(time), key: invoicePointers.inRun(organisationId, monthIn(day), billedTo) }];
  });
  const distinct = [...new Map(paid.map((one) => [one.name, one])).values()];
  const rows = await records.pointersAt(distinct.map(({ key }) => key));
  return new Set(distinct.filter((_, i) => rows[i] !== undefined).map(({ name }) => name));
}
