import { type CustomerId, type OrganisationId, TicketEntryId, TicketId } from '../../http/ids.ts';
import type { Pointer, PointerKey, Records } from '../../platform/records.ts';
import { monthIn } from '../invoices/month.ts';
import { runKey } from '../invoices/run.ts';

/** Entries of one customer and one period: more than anybody works in a month, times a hundred. */
const ENTRIES_MAX = 20_000;
const PAGE_ITEMS = 500;

/** Time that was spent on a customer's ticket, and is to be paid for. Ids, a day and minutes: about nobody. */
interface BillableTime {
  readonly ticketId: TicketId;
  /** As people call the ticket. */
  readonly ticketNumber: string;
  readonly entryId: TicketEntryId;
  /** The day that it is invoiced by, in the organisation's zone. */
  readonly day: string;
  readonly minutes: number;
}

/**
 * `<org>#BILLABLE-TIME` / `<cus>#<day>#<tme>`: what is to be paid for, without who asked and who did it, so that it
 * stays when they are erased (CE-12). Attributes: `ticketId`, `number`, `minutes`.
 */
export const billableKey = (organisationId: OrganisationId, customerId: CustomerId, day: string, id: TicketEntryId) =>
  ({
    table: 'core',
    pk: `${organisationId}#BILLABLE-TIME`,
    sk: `${customerId}#${day}#${id}`,
  }) as const satisfies PointerKey;

export const billableRow = (
  organisationId: OrganisationId,
  customerId: CustomerId,
  { ticketId, ticketNumber, entryId, day, minutes }: BillableTime,
): Pointer => ({
  ...billableKey(organisationId, customerId, day, entryId),
  attributes: { ticketId, number: ticketNumber, minutes },
});

const DIGITS = 9;
/**
 * `LEFT#<cus>#<n>`: that time has left a customer, for the n-th time. Whoever has read a customer's time to invoice it
 * needs the next of these not to be there; it is read before the time is.
 */
export async function nextLeaving(
  records: Pick<Records, 'pointers'>,
  organisationId: OrganisationId,
  customerId: CustomerId,
): Promise<PointerKey> {
  const { table, pk } = billableKey(organisationId, customerId, '', '' as TicketEntryId);
  const prefix = `LEFT#${customerId}#`;
  const { items } = await records.pointers(table, pk, { prefix, limit: 1, newestFirst: true });
  const last = Number(items[0]?.sk.slice(prefix.length) ?? 0);
  return { table, pk, sk: `${prefix}${String(last + 1).padStart(DIGITS, '0')}` };
}

/**
 * The days that work of some days is invoiced by: today, where invoices of its own month have been asked for already.
 * Nobody looks at that month again, and what was put down late would be paid for by nobody. One round trip.
 */
export async function billedOn(
  records: Pick<Records, 'pointersAt'>,
  organisationId: OrganisationId,
  days: readonly string[],
  today: string,
): Promise<(day: string) => string> {
  const months = [...new Set(days.map(monthIn))];
  const runs = await records.pointersAt(months.map((month) => runKey(organisationId, month)));
  const asked = new Set(months.filter((_, i) => runs[i] !== undefined));
  return (day) => (asked.has(monthIn(day)) ? today : day);
}

/**
 * Billable time on a customer's tickets, from one day to another, both included; in the order of the days. One round trip
 * for each 500 entries. Throws beyond {@link ENTRIES_MAX} rather than leaving any out.
 */
export async function billableTime(
  records: Pick<Records, 'pointers'>,
  organisationId: OrganisationId,
  customerId: CustomerId,
  from: string,
  until: string,
): Promise<BillableTime[]> {
  const { table, pk } = billableKey(organisationId, customerId, from, '' as TicketEntryId);
  const range = { from: `${customerId}#${from}`, to: `${customerId}#${until}#~`, limit: PAGE_ITEMS };
  const found: BillableTime[] = [];
  for (let after: string | undefined; ; ) {
    const { items, next } = await records.pointers(table, pk, { ...range, ...(after !== undefined && { after }) });
    found.push(...items.map(timeOf));
    if (found.length > ENTRIES_MAX) throw new Error(`More than ${ENTRIES_MAX} entries of billable time`);
    if (next === undefined) return found;
    after = next;
  }
}

function timeOf({ sk, attributes = {} }: Pointer): BillableTime {
  const [, day = '', entryId] = sk.split('#');
  return {
    ticketId: TicketId.parse(attributes['ticketId']),
    ticketNumber: String(attributes['number']),
    entryId: TicketEntryId.parse(entryId),
    day,
    minutes: Number(attributes['minutes']),
  };
}
