import { type CustomerId, type OrganisationId, TicketEntryId, TicketId } from '../../http/ids.ts';
import type { Pointer, PointerKey, Records } from '../../platform/records.ts';
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
const billableKey = (organisationId: OrganisationId, customerId: CustomerId, day: string, id: TicketEntryId) =>
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

/**
 * The day that work is invoiced by: today, where invoices of its own month have been asked for already. Nobody looks at
 * that month again, and what was put down late would be paid for by nobody.
 */
export async function billedOn(
  records: Pick<Records, 'pointersAt'>,
  organisationId: OrganisationId,
  day: string,
  today: string,
): Promise<string> {
  const [run] = await records.pointersAt([runKey(organisationId, day.slice(0, 'yyyy-mm'.length))]);
  return run ? today : day;
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
