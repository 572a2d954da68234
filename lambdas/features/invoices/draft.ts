import type { Call } from '../../http/call.ts';
import { CustomerId, type OrganisationId, OrganisationId as OrganisationIdSchema } from '../../http/ids.ts';
import { dayIn } from '../../platform/calendar.ts';
import type { EntityDeclaration } from '../../platform/entity.ts';
import { type PointerKey, StaleVersion, settled } from '../../platform/records.ts';
import { type Issuer, issuerOwner } from '../billing/issuer.ts';
import { ore } from '../billing/money.ts';
import { billingPlanRef } from '../billing/plan.ts';
import { type Line, rate, totalsOf, type Usage } from '../billing/rating.ts';
import { type Customer, customerEntity } from '../customers/customer.ts';
import type { BillingClock } from '../metering/clock.ts';
import { countsIn, meterPointers } from '../metering/meter.ts';
import {
  type Organisation,
  organisationOwner,
  organisationPointers,
  organisationRef,
} from '../organisations/organisation.ts';
import { type CustomerAgreement, customerAgreementRef } from '../platform-staff/customer-agreement.ts';
import { listFor, PRICE_LISTS_MAX, type PriceList, priceListEntity } from '../price-lists/price-list.ts';
import { billableTime, nextLeaving } from '../tickets/billable-time.ts';
import { pointersIn } from '../walks/pointers-in.ts';
import { endJob } from './end-job.ts';
import { type Invoice, invoicePointers, type Recipient, type RecipientId } from './invoice.ts';
import { monthOf } from './month.ts';
import { timeZoneOf } from './recipients.ts';
import { type InvoiceRun, runIn, runKey, runRow } from './run.ts';
import { addInvoice } from './writes.ts';

/** Customers that are read at once. */
const CUSTOMERS_PER_PAGE = 50;
/** Tickets with a line of their own: a document must fit into a row (400 KB); those beyond share a line. */
const TICKET_LINES_MAX = 250;

/** Whom an issuer invoices, and what they used in the month; undefined when there is nothing to know of them. */
interface Billed {
  readonly recipient: Recipient;
  readonly usage: Usage;
  /** What would be there if some of it were somebody else's by now. */
  readonly unless?: PointerKey;
}

/**
 * Makes the drafts of a month that are not there yet, each in a transaction of its own: the row of the recipient's month
 * is its condition. So it can be repeated, and run twice at once, without a double. True when all were looked at. One
 * that fails keeps no other waiting: it is thrown when the others are made, and the job is done again.
 */
export async function draftRun(issuer: Issuer, period: string, clock: BillingClock): Promise<boolean> {
  const call = clock.openCall();
  const [asked] = await call.records.pointersAt([runKey(issuer, period)]);
  const list = await listInForce(issuer, period, call);
  const timeZone = await timeZoneOf(issuer, call);
  const count = { drafted: 0, existing: 0, nothing: 0 };
  const failures: unknown[] = [];
  if (list) {
    for await (const recipientId of recipientsOf(issuer, clock)) {
      try {
        count[await draftOne(issuer, recipientId, { period, list, timeZone }, clock)]++;
      } catch (error) {
        failures.push(error);
      }
    }
  }
  if (failures.length > 0) throw failures[0];
  if (!clock.hasTimeLeft()) return false;
  const last = clock.openCall();
  const [row] = await last.records.pointersAt([runKey(issuer, period)]);
  if (!row) return true;
  // Asked for again meanwhile, perhaps for somebody who had been passed by then: the job stays, and is done once more.
  if (runIn(row).requestedAt !== (asked && runIn(asked).requestedAt)) return false;
  const run: InvoiceRun = { ...runIn(row), state: 'drafted', ...count };
  const record = { event: 'invoice-run.drafted', detail: { period, ...count } } as const;
  await endJob(last.records.change().point(runRow(issuer, run)), { do: 'draft', issuer, period }, record);
  return true;
}

async function listInForce(issuer: Issuer, period: string, { records }: Call): Promise<PriceList | undefined> {
  const { items } = await records.list(priceListEntity, issuerOwner(issuer), { limit: PRICE_LISTS_MAX });
  return listFor(
    items.map(({ value }) => value),
    period,
  );
}

async function* recipientsOf(issuer: Issuer, clock: BillingClock): AsyncGenerator<RecipientId> {
  if (issuer === 'operator') {
    for await (const { sk } of pointersIn(organisationPointers.all('' as OrganisationId), clock)) {
      const id = OrganisationIdSchema.safeParse(sk).data;
      if (id !== undefined) yield id;
    }
    return;
  }
  for (let after: string | undefined; clock.hasTimeLeft(); ) {
    const range = { limit: CUSTOMERS_PER_PAGE, ...(after !== undefined && { after }) };
    const page = await clock
      .openCall()
      .records.list(customerEntity as EntityDeclaration, organisationOwner(issuer), range);
    for (const { ref } of page.items) {
      if (!clock.hasTimeLeft()) return;
      yield CustomerId.parse(ref.key);
    }
    if (page.next === undefined) return;
    after = page.next;
  }
}

interface Month {
  readonly period: string;
  readonly list: PriceList;
  readonly timeZone: string;
}

class AlreadyMade extends Error {
  override readonly name = 'AlreadyMade';
}

/** Time that goes to another customer at this moment is looked at again. */
const draftOne = (...of: Parameters<typeof draftOnce>) => settled(() => draftOnce(...of));

async function draftOnce(
  issuer: Issuer,
  recipientId: RecipientId,
  { period, list, timeZone }: Month,
  clock: BillingClock,
): Promise<'drafted' | 'existing' | 'nothing'> {
  const call = clock.openCall();
  const key = invoicePointers.inRun(issuer, period, recipientId);
  const [existing] = await call.records.pointersAt([key]);
  if (existing) return 'existing';
  const billed = await billedOf(issuer, recipientId, period, list, call);
  const lines = billed ? rate(list, billed.usage, billed.recipient.language) : [];
  if (!billed || lines.length === 0) return 'nothing';
  const invoice = draftOf(billed.recipient, lines, list, { period, createdOn: dayIn(timeZone, call.now) }, call);
  const change = call.records.change();
  addInvoice(change, issuer, invoice, timeZone);
  change
    .point(
      { ...key, attributes: { invoiceId: invoice.id } },
      { ifNew: () => new AlreadyMade('Another run was faster') },
    )
    .activity({
      event: 'invoice.drafted',
      subject: issuerOwner(issuer),
      about: [invoice.id, recipientId],
      detail: { period, lines: lines.length },
    });
  if (billed.unless) change.requireAbsent(billed.unless, () => new StaleVersion('Time has left this customer'));
  try {
    await change.commit();
    return 'drafted';
  } catch (error) {
    if (error instanceof AlreadyMade) return 'existing';
    throw error;
  }
}

const draftOf = (
  recipient: Recipient,
  lines: Line[],
  { id, seller, paymentDays, kid, reminderFeeOre }: PriceList,
  when: Pick<Invoice, 'period' | 'createdOn'>,
  call: Call,
): Invoice => ({
  id: call.newId('ivc'),
  kind: 'invoice',
  state: 'draft',
  recipient,
  seller,
  priceListId: id,
  ...when,
  paymentDays,
  kidAlgorithm: kid,
  reminderFeeOre,
  lines,
  totals: totalsOf(lines),
  credited: [],
  creditedOre: ore(0),
  payments: [],
  reminders: [],
});

const billedOf = (
  issuer: Issuer,
  recipientId: RecipientId,
  period: string,
  list: PriceList,
  call: Call,
): Promise<Billed | undefined> =>
  issuer === 'operator'
    ? organisationBilled(OrganisationIdSchema.parse(recipientId), period, call)
    : customerBilled(issuer, CustomerId.parse(recipientId), period, list, call);

async function organisationBilled(
  organisationId: OrganisationId,
  period: string,
  { records }: Call,
): Promise<Billed | undefined> {
  const { from, until, days: daysInMonth } = monthOf(period);
  const range = { from: meterPointers.day(organisationId, from).sk, to: meterPointers.day(organisationId, until).sk };
  const [[agreement, organisation], counted] = await Promise.all([
    records.together([customerAgreementRef(organisationId), organisationRef(organisationId)]),
    records.pointers('core', meterPointers.day(organisationId, from).pk, range),
  ]);
  if (!agreement || !organisation) return undefined;
  const served = daysServed(agreement.value, from, until);
  const days = counted.items.filter(({ sk }) => served.includes(sk.slice(sk.indexOf('#') + 1))).map(countsIn);
  return {
    recipient: organisationRecipient(organisation.value, agreement.value),
    usage: { days, daysInMonth, daysInService: served.length, plan: [], work: [] },
  };
}

/** The days of the month on which an agreement was in force. Pure. */
function daysServed(
  { startsOn, endsOn }: { readonly startsOn: string; readonly endsOn?: string | undefined },
  from: string,
  until: string,
): string[] {
  const month = from.slice(0, 'yyyy-mm'.length);
  const last = Number(until.slice('yyyy-mm-'.length));
  return Array.from({ length: last }, (_, i) => `${month}-${String(i + 1).padStart(2, '0')}`).filter(
    (day) => startsOn <= day && (endsOn === undefined || day <= endsOn),
  );
}

const organisationRecipient = (
  { id, language }: Organisation,
  { companyName, organisationNumber, postalAddress }: CustomerAgreement,
): Recipient => ({ id, name: companyName, organisationNumber, address: postalAddress, language });

async function customerBilled(
  organisationId: OrganisationId,
  customerId: CustomerId,
  period: string,
  { items }: PriceList,
  { records }: Call,
): Promise<Billed | undefined> {
  const { from, until, days: daysInMonth } = monthOf(period);
  const unless = await nextLeaving(records, organisationId, customerId);
  const [[customer, plan, organisation], entries] = await Promise.all([
    records.together([
      { entity: customerEntity, owner: organisationOwner(organisationId), key: customerId },
      billingPlanRef(organisationId, customerId),
      organisationRef(organisationId),
    ]),
    billableTime(records, organisationId, customerId, from, until),
  ]);
  if (!customer || !organisation) return undefined;
  const { language, timeZone } = organisation.value;
  const { endedAt } = customer.value;
  // Registered late, a customer is served all the same; who has ended pays for nothing that came after.
  const endsOn = endedAt === undefined ? undefined : dayIn(timeZone, new Date(endedAt));
  const hourly = items.find(({ charge }) => charge.by === 'hour')?.code;
  const byTicket = [...Map.groupBy(entries, ({ ticketNumber }) => ticketNumber)].map(([number, ofTicket]) => ({
    code: hourly ?? '',
    text: language === 'nb' ? `sak ${number}` : `ticket ${number}`,
    minutes: minutesIn(ofTicket),
  }));
  const further = byTicket.slice(TICKET_LINES_MAX);
  const furtherText = language === 'nb' ? `${further.length} saker til` : `${further.length} further tickets`;
  const work = [
    ...byTicket.slice(0, TICKET_LINES_MAX),
    ...(further.length > 0 ? [{ code: hourly ?? '', text: furtherText, minutes: minutesIn(further) }] : []),
  ];
  return {
    unless,
    recipient: customerRecipient(customer.value, language),
    usage: {
      days: [],
      daysInMonth,
      daysInService: daysServed({ startsOn: from, endsOn }, from, until).length,
      plan: plan?.value.items ?? [],
      work,
    },
  };
}

const minutesIn = (times: readonly { readonly minutes: number }[]) =>
  times.reduce((sum, { minutes }) => sum + minutes, 0);

const customerRecipient = (
  { id, name, organisationNumber, address: street, postcode, city }: Customer,
  language: 'nb' | 'en',
): Recipient => ({
  id,
  name,
  language,
  ...(organisationNumber !== undefined && { organisationNumber }),
  ...(street !== undefined && postcode !== undefined && city !== undefined && { address: { street, postcode, city } }),
});
