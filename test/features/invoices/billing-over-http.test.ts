import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { issuerOwner } from '../../../lambdas/features/billing/issuer.ts';
import { ore } from '../../../lambdas/features/billing/money.ts';
import { type Customer, contactKey, customerRef } from '../../../lambdas/features/customers/customer.ts';
import type { CreditWanted } from '../../../lambdas/features/invoices/decisions.ts';
import { draftRun } from '../../../lambdas/features/invoices/draft.ts';
import { CREDIT_NOTES_MAX, invoicePointers, listed, PAYMENTS_MAX } from '../../../lambdas/features/invoices/invoice.ts';
import { invoiceStore } from '../../../lambdas/features/invoices/store.ts';
import { viewOf } from '../../../lambdas/features/invoices/views.ts';
import { findInvoice, saveInvoice } from '../../../lambdas/features/invoices/writes.ts';
import { countsIn, meterPointers } from '../../../lambdas/features/metering/meter.ts';
import { conclude } from '../../../lambdas/features/notices/conclude.ts';
import { noticeEntity, queueNotice } from '../../../lambdas/features/notices/notice.ts';
import { accepted } from '../../../lambdas/features/notices/progress.ts';
import { organisationOwner } from '../../../lambdas/features/organisations/organisation.ts';
import { ownerOf } from '../../../lambdas/features/people/person.ts';
import { type NewPriceList, priceListRef } from '../../../lambdas/features/price-lists/price-list.ts';
import { billableRow, nextLeaving } from '../../../lambdas/features/tickets/billable-time.ts';
import { ticketStore } from '../../../lambdas/features/tickets/store.ts';
import { findTicket } from '../../../lambdas/features/tickets/ticketing.ts';
import type { CustomerId, InvoiceId, OrganisationId, PersonId } from '../../../lambdas/http/ids.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { anOrganisation, aPerson } from '../../support/service.ts';
import { anId } from '../../support/store.ts';
import { customersPriceList, operatorsPriceList } from './price-lists.ts';
import { aBillingHouse, type House } from './world.ts';

let db: TestDynamoDb;
let house: House;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());
beforeEach(async () => {
  house = await aBillingHouse(db);
});

const october = { period: '2026-10' };
const slugOf = async (call: Promise<unknown>) =>
  (await call.then(
    () => undefined,
    (error: unknown) => error,
  )) as { problem?: { type: string }; status?: number } | undefined;
const refused = async (call: Promise<unknown>, slug: string) => {
  const error = await slugOf(call);
  expect(JSON.stringify(error)).toContain(slug);
};

/** October of the operator's, numbered and sent. */
async function anIssued(): Promise<InvoiceId> {
  await house.publish();
  await house.operator().startOperatorInvoiceRun({ body: october });
  await house.work();
  await house.operator().approveOperatorInvoiceRun({ params: { month: '2026-10' } });
  await house.work();
  const [row] = (await house.operator().listOperatorInvoices()).body.items;
  return row!.id as InvoiceId;
}
const see = async (invoiceId: InvoiceId) => {
  const stored = await findInvoice('operator', invoiceId, house.clock.openCall());
  return viewOf(stored!.value, stored!.version);
};

async function linkOf(personId: PersonId) {
  const { items } = await house.records().list(noticeEntity, ownerOf(house.organisationId, personId));
  return items.flatMap(({ value: { content } }) =>
    content.template === 'invoice-ready' || content.template === 'invoice-reminder' ? [content] : [],
  );
}

describe('a month of the operator’s', () => {
  it('SM-06: is drafted, approved, numbered, mailed, and paid', async () => {
    const invoiceId = await anIssued();
    const invoice = await see(invoiceId);
    expect(invoice).toMatchObject({
      state: 'issued',
      number: 1,
      issuedOn: '2026-11-02',
      dueOn: '2026-11-16',
      kid: '0000000018',
      // 1499.00 + 20 at 24.90 + 10 at 19.90 + 12 at 0.55
      totals: { netOre: 149_900 + 49_800 + 19_900 + 660, vatOre: 55_065, payableOre: 275_325 },
      outstandingOre: 275_325,
    });
    expect(await linkOf(house.boss.id)).toMatchObject([{ template: 'invoice-ready' }]);

    const paid = await house.operator().recordOperatorPayment({
      params: { invoiceId },
      body: { paidOn: '2026-11-02', amountOre: ore(275_325) },
    });
    expect(paid.body).toMatchObject({ state: 'paid', outstandingOre: 0 });
    const open = invoicePointers.open('operator', invoiceId);
    expect(await house.records().pointersAt([open])).toEqual([undefined]);
  });

  it('is not made twice, however often it is asked for', async () => {
    await house.publish();
    for (let round = 0; round < 3; round++) {
      await house.operator().startOperatorInvoiceRun({ body: october });
      await Promise.all([house.work(), house.work()]);
    }
    expect((await house.operator().listOperatorInvoices()).body.items).toHaveLength(1);
    expect((await house.operator().listOperatorInvoiceRuns()).body.items).toMatchObject([
      { period: '2026-10', state: 'drafted', drafted: 0, existing: 1 },
    ]);
  });

  it('is looked through once more when it is asked for while the worker is at it', async () => {
    await house.publish();
    const ask = () => house.operator().startOperatorInvoiceRun({ body: october });
    await ask();
    const askedAgain = () => {
      const call = house.clock.openCall();
      const list: typeof call.records.list = async (...wanted) => {
        house.at('2026-11-02T08:00:01Z');
        await ask();
        return call.records.list(...wanted);
      };
      return { ...call, records: { ...call.records, list } };
    };
    expect(await draftRun('operator', '2026-10', { ...house.clock, openCall: askedAgain })).toBe(false);
    const states = async () =>
      (await house.operator().listOperatorInvoiceRuns()).body.items.map(({ state, existing }) => [state, existing]);
    expect(await states()).toEqual([['drafting', 0]]);
    expect(await house.work()).toEqual({ done: 1, failed: 0 });
    expect(await states()).toEqual([['drafted', 1]]);
  });

  it('is approved once, however often and whenever that is asked for', async () => {
    const { operator, store } = house;
    const approved = async () => {
      const { items } = await house.records().activityLog.ofSubject(issuerOwner('operator'), { limit: 100 });
      return items.filter(({ event }) => event === 'invoice-run.approved').length;
    };
    const approve = (idempotencyKey: string) =>
      operator().approveOperatorInvoiceRun({ params: { month: '2026-10' }, idempotencyKey });
    await house.publish();
    await operator().startOperatorInvoiceRun({ body: october });
    await house.work();
    const both = await Promise.allSettled([approve('one'), approve('other')]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const { reason } = both.find(({ status }) => status === 'rejected') as PromiseRejectedResult;
    expect(JSON.stringify(reason)).toContain('wrong-state');
    expect(await approved()).toBe(1);
    // Two workers at once: one says that it is done.
    await Promise.all([house.work(), house.work()]);
    const { items } = await house.records().activityLog.ofSubject(issuerOwner('operator'), { limit: 100 });
    expect(items.filter(({ event }) => event === 'invoice-run.issued')).toHaveLength(1);

    // Asked for anew there is something to approve again; this time the answer is lost after it was written.
    house.at('2026-11-02T08:00:01Z');
    await operator().startOperatorInvoiceRun({ body: october });
    await house.work();
    const { transact } = store.dynamo;
    const isApproval = (items: unknown) => JSON.stringify(items).includes('APPROVED#');
    store.dynamo.transact = async (items, token) => {
      await transact(items, token);
      if (isApproval(items)) throw new Error('cut off');
    };
    await expect(approve('third')).rejects.toThrow();
    store.dynamo.transact = transact;
    expect((await approve('third')).body).toMatchObject({ period: '2026-10', existing: 1 });
    await refused(approve('fourth'), 'wrong-state');
    expect(await approved()).toBe(2);
  });

  it('is made again when its draft was put aside', async () => {
    await house.publish();
    await house.operator().startOperatorInvoiceRun({ body: october });
    await house.work();
    const [draft] = (await house.operator().listOperatorInvoices()).body.items;
    const params = { invoiceId: draft!.id as InvoiceId };
    await house.operator().changeOperatorInvoiceState({ params, body: { state: 'put-aside' }, ifMatch: 1 });
    await refused(house.operator().getOperatorInvoice({ params }), 'invoice-not-found');
    await house.operator().startOperatorInvoiceRun({ body: october });
    await house.work();
    const [again] = (await house.operator().listOperatorInvoices()).body.items;
    expect(again?.id).not.toBe(draft?.id);
    await house.operator().changeOperatorInvoiceState({
      params: { invoiceId: again!.id as InvoiceId },
      body: { state: 'approved' },
      ifMatch: 1,
    });
    await house.work();
    expect(await see(again!.id as InvoiceId)).toMatchObject({ state: 'issued', number: 1 });
  });

  it('waits for a price list and for its end, and knows whose invoice is whose', async () => {
    const operator = house.operator();
    await refused(operator.startOperatorInvoiceRun({ body: october }), 'no-price-list');
    await house.publish();
    await refused(operator.startOperatorInvoiceRun({ body: { period: '2026-11' } }), 'wrong-state');
    await refused(operator.approveOperatorInvoiceRun({ params: { month: '2026-10' } }), 'wrong-state');
    const invoiceId = await anIssued();
    const { organisationId } = house;
    const received = await house.ours().listReceivedInvoices({ params: { organisationId } });
    expect(received.body.items).toMatchObject([{ id: invoiceId, number: 1 }]);
    const params = { organisationId, invoiceId };
    expect((await house.ours().getReceivedInvoice({ params })).body.number).toBe(1);
    expect((await house.ours().fetchReceivedInvoice({ params })).body).toBeTruthy();
    const other = await anOrganisation(house.store);
    const stranger = house.as(await house.someone('administrator', other.id));
    const foreign = { organisationId: other.id, invoiceId };
    await refused(stranger.getReceivedInvoice({ params: foreign }), 'invoice-not-found');
    await refused(stranger.fetchReceivedInvoice({ params: foreign }), 'invoice-not-found');
    const asIssuer = { organisationId, invoiceId };
    await refused(house.ours().getInvoice({ params: asIssuer }), 'invoice-not-found');
  });

  it('is reminded of twice at most, by the days of the law, with its fee', async () => {
    const invoiceId = await anIssued();
    house.at('2026-11-29T08:00:00Z');
    expect(await house.look()).toEqual({ reminded: 0, issued: 0 });
    house.at('2026-11-30T08:00:00Z');
    expect(await house.look()).toMatchObject({ reminded: 1 });
    expect(await house.look()).toMatchObject({ reminded: 0 });
    expect((await see(invoiceId)).outstandingOre).toBe(275_325 + 3_500);
    house.at('2026-12-15T08:00:00Z');
    expect(await house.look()).toMatchObject({ reminded: 1 });
    house.at('2027-02-15T08:00:00Z');
    expect(await house.look()).toMatchObject({ reminded: 0 });
    expect((await see(invoiceId)).reminders.map(({ on, payBy }) => [on, payBy])).toEqual([
      ['2026-11-30', '2026-12-14'],
      ['2026-12-15', '2026-12-29'],
    ]);
    expect((await linkOf(house.boss.id)).map(({ template }) => template)).toEqual([
      'invoice-ready',
      'invoice-reminder',
      'invoice-reminder',
    ]);
  });
});

describe('what was issued', () => {
  it('is credited in parts and never twice, each note with a number of its own', async () => {
    const invoiceId = await anIssued();
    const params = { invoiceId };
    const operator = house.operator();
    const part = { reason: 'To medlemmer for mye', lines: [{ line: 2, quantityThousandths: 2_000 }] };
    const first = (await operator.creditOperatorInvoice({ params, body: part })).body;
    expect(first).toMatchObject({ kind: 'credit-note', totals: { netOre: 4_980, vatOre: 1_245, payableOre: 6_225 } });
    expect((await see(invoiceId)).outstandingOre).toBe(275_325 - 6_225);
    const tooMuch = { reason: 'Mer', lines: [{ line: 2, quantityThousandths: 18_001 }] };
    await refused(operator.creditOperatorInvoice({ params, body: tooMuch }), 'credit-too-large');
    await operator.creditOperatorInvoice({ params, body: { reason: 'Alt' } });
    await refused(operator.creditOperatorInvoice({ params, body: { reason: 'Igjen' } }), 'wrong-state');
    expect(await see(invoiceId)).toMatchObject({ state: 'credited', outstandingOre: 0, creditedOre: 275_325 });
    await refused(
      operator.recordOperatorPayment({ params, body: { paidOn: '2026-11-02', amountOre: ore(1) } }),
      'wrong-state',
    );
    await house.work();
    const rows = (await operator.listOperatorInvoices()).body.items;
    expect(rows.map(({ number }) => number).sort()).toEqual([1, 2, 3]);
  });

  it('stays as it was sent: PDF and EHF, the same octets each time', async () => {
    const params = { invoiceId: await anIssued() };
    const pdf = async () => (await house.operator().fetchOperatorInvoice({ params })).body.content;
    expect(await pdf()).toEqual(await pdf());
    expect(
      Buffer.from((await pdf()) as Uint8Array)
        .subarray(0, 5)
        .toString(),
    ).toBe('%PDF-');
    const xml = await house.operator().fetchOperatorInvoice({ params, query: { format: 'xml' } });
    expect(xml.body.content).toContain('<cbc:ID>1</cbc:ID>');
  });

  it('is opened by the link of its mail, when its button is pressed', async () => {
    await anIssued();
    const [{ parameters } = { parameters: { token: '' } }] = await linkOf(house.boss.id);
    const answer = await house.send(`https://vern.test/l/${parameters.token}/invoice`, { method: 'POST' });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/pdf']);
    const dead = await house.send(`https://vern.test/l/${'x'.repeat(32)}/invoice`, { method: 'POST' });
    expect(dead.status).toBe(404);
    // Whoever was mailed runs the place no more.
    const { items } = await house.records().pointers('core', `${house.organisationId}#ROLES`);
    const role = items.find(({ attributes }) => attributes?.['personId'] === house.boss.id)!;
    await prepared(house.records().change().unpoint(role));
    const late = await house.send(`https://vern.test/l/${parameters.token}/invoice`, { method: 'POST' });
    expect(late.status).toBe(404);
  });

  it('is opened by a customer’s contact, and by nobody who is a contact no more', async () => {
    const { organisationId, customer, contact } = house;
    await house.publishOurs();
    await house.ours().startInvoiceRun({ params: { organisationId }, body: october });
    await house.work();
    await house.ours().approveInvoiceRun({ params: { organisationId, month: '2026-10' } });
    await house.work();
    const [{ parameters } = { parameters: { token: '' } }] = await linkOf(contact.id);
    const opened = () => house.send(`https://vern.test/l/${parameters.token}/invoice`, { method: 'POST' });
    expect((await opened()).status).toBe(200);
    await prepared(
      house
        .records()
        .change()
        .unpoint(contactKey(organisationId, customer.id, contact.id)),
    );
    expect((await opened()).status).toBe(404);
  });
});

describe('an organisation and its customers', () => {
  it('invoices the plan and the hours of tickets, to contacts alone', async () => {
    const { organisationId, customer } = house;
    await house.publishOurs();
    await house.plan([
      { code: 'support', count: 2 },
      { code: 'lunch', count: 1 },
    ]);
    const ours = house.ours();
    const params = { organisationId };
    await ours.startInvoiceRun({ params, body: october });
    await house.work();
    const approved = await ours.approveInvoiceRun({ params: { organisationId, month: '2026-10' } });
    expect(approved.body).toMatchObject({ period: '2026-10', drafted: 1 });
    await house.work();
    const [row] = (await ours.listInvoices({ params })).body.items;
    const invoice = (await ours.getInvoice({ params: { organisationId, invoiceId: row!.id as InvoiceId } })).body;
    // 2 at 990.00; 123.45; 95 minutes are 1.583 hours at 1200.00
    expect(invoice.lines.map(({ text, netOre }) => [text, netOre])).toEqual([
      ['Driftsavtale', 198_000],
      ['Lunsjmøte', 12_345],
      ['Arbeid: sak 1007', 189_960],
    ]);
    expect(invoice.totals).toMatchObject({ netOre: 400_305, vatOre: 96_990 + 1_852, payableOre: 499_147 });
    expect(await linkOf(house.contact.id)).toHaveLength(1);
    expect(await linkOf(house.boss.id)).toHaveLength(0);
    const xml = await ours.fetchInvoice({
      params: { organisationId, invoiceId: row!.id as InvoiceId },
      query: { format: 'xml' },
    });
    expect(xml.body.content).toContain('Fjord &amp; Sønner AS');
    expect(customer.name).toBe('Fjord & Sønner AS');

    const body = { reason: 'Feil pris' };
    const at = { organisationId, invoiceId: row!.id as InvoiceId };
    await ours.creditInvoice({ params: at, body });
    await house.work();
    expect((await ours.getInvoice({ params: at })).body).toMatchObject({ state: 'credited', outstandingOre: 0 });
    await refused(ours.recordPayment({ params: at, body: { paidOn: '2026-11-02', amountOre: ore(1) } }), 'wrong-state');
  });

  it('is paid to the øre for time that was put down before its ticket had a customer, or had another one', async () => {
    const { organisationId, customer, contact } = house;
    const other: Customer = { ...customer, id: anId('cus'), name: 'Vik AS' };
    await house.publishOurs();
    await prepared(house.records().change().put(customerRef(organisationId, other.id), other, 'new'));
    const ticketId = anId('tck');
    const open = () => house.clock.openCall();
    const stored = async () => (await findTicket(open().records, organisationId, ticketId))!;
    const enter = async (minutes: number, day: string) =>
      ticketStore.add(
        await stored(),
        (id) => ({
          kind: 'time',
          id,
          at: '2026-11-02T08:00:00Z',
          personId: house.boss.id,
          day,
          minutes,
          isBillable: true,
        }),
        [],
        open(),
        () => undefined,
      );
    const goTo = async (customerId: CustomerId) => {
      const before = await stored();
      await ticketStore.save(before, { ...before.value, customerId }, open());
    };
    await ticketStore.open(
      ownerOf(organisationId, contact.id),
      { id: ticketId, title: 'Nettet', channel: 'staff', language: 'nb' },
      { text: 'Nede', fileIds: [], by: 'requester' },
      open(),
      () => undefined,
    );
    await prepared(
      house
        .records()
        .change()
        .unpoint(contactKey(organisationId, customer.id, contact.id)),
    );
    const netOf = async (recipientId: CustomerId) => {
      const { items } = await house.records().pointers('core', invoicePointers.all(organisationId, '').pk);
      const ids = items.filter(({ attributes }) => attributes?.['recipientId'] === recipientId).map(({ sk }) => sk);
      const found = await Promise.all(ids.map((id) => findInvoice(organisationId, id as InvoiceId, open())));
      return found.map((one) => one!.value.totals.netOre);
    };
    const run = async (period: string) => {
      await house.ours().startInvoiceRun({ params: { organisationId }, body: { period } });
      expect(await house.work()).toMatchObject({ failed: 0 });
    };

    await enter(20, '2026-10-20');
    await goTo(other.id);
    await enter(25, '2026-10-21');
    await run('2026-10');
    // 45 minutes at 1200.00 for the one; the other’s own 95 minutes of another ticket.
    expect([await netOf(other.id), await netOf(customer.id)]).toEqual([[90_000], [189_960]]);
    await enter(10, '2026-10-22');
    await goTo(customer.id);
    house.at('2026-12-01T08:00:00Z');
    // Its role of yesterday’s session is over: the worker’s part alone.
    const november = { period: '2026-11', state: 'drafting', requestedAt: '2026-12-01T08:00:00.000Z' } as const;
    await invoiceStore.startRun(organisationId, { ...november, drafted: 0, existing: 0, nothing: 0 }, open());
    expect(await house.work()).toMatchObject({ failed: 0 });
    // Ten minutes are 0.167 hours: late for October, and so in November, for whoever the ticket is by then.
    expect([await netOf(other.id), await netOf(customer.id)]).toEqual([[90_000], [189_960, 20_040]]);
  });

  it('pays for no time that leaves for another customer while its draft is made', async () => {
    const { organisationId, customer } = house;
    await house.publishOurs();
    let reads = 0;
    const leaving = () => {
      const call = house.clock.openCall();
      const pointers: typeof call.records.pointers = async (table, pk, range) => {
        const page = await call.records.pointers(table, pk, range);
        if (range?.from === undefined || !pk.endsWith('#BILLABLE-TIME') || reads++ > 0) return page;
        const change = call.records.change();
        for (const row of page.items) change.unpoint(row);
        change.point(await nextLeaving(call.records, organisationId, customer.id));
        await prepared(change);
        return page;
      };
      return { ...call, records: { ...call.records, pointers } };
    };
    await house.ours().startInvoiceRun({ params: { organisationId }, body: october });
    expect(await draftRun(organisationId, '2026-10', { ...house.clock, openCall: leaving })).toBe(true);
    expect(reads).toBe(2);
    expect((await house.ours().listInvoices({ params: { organisationId } })).body.items).toEqual([]);
  });

  it('takes off the days after a customer has ended, and charges nothing for the months after', async () => {
    const { organisationId, customer } = house;
    const params = { organisationId };
    await house.publishOurs();
    await house.plan([{ code: 'support', count: 2 }]);
    const ended = { ...customer, endedAt: '2026-10-11T22:30:00.000Z' };
    // Half past midnight on the 12th in Oslo: twelve of 31 days, to thousandths.
    await prepared(house.records().change().put(customerRef(organisationId, customer.id), ended, { version: 1 }));
    await house.ours().startInvoiceRun({ params, body: october });
    await house.work();
    const [row] = (await house.ours().listInvoices({ params })).body.items;
    const { lines } = (await house.ours().getInvoice({ params: { ...params, invoiceId: row!.id as InvoiceId } })).body;
    expect(lines.map(({ text, quantityThousandths }) => [text, quantityThousandths])).toEqual([
      ['Driftsavtale', 774],
      ['Arbeid: sak 1007', 1_583],
    ]);
    house.at('2026-12-01T08:00:00Z');
    const november = { period: '2026-11', state: 'drafting', requestedAt: house.store.now().toISOString() } as const;
    const run = { ...november, drafted: 0, existing: 0, nothing: 0 };
    await invoiceStore.startRun(organisationId, run, house.clock.openCall());
    await house.work();
    const runs = await invoiceStore.runs(organisationId, house.clock.openCall());
    expect(runs[0]).toMatchObject({ period: '2026-11', drafted: 0, nothing: 1 });
  });

  it('charges no fee for a reminder that nobody is sent', async () => {
    const { organisationId, customer, contact } = house;
    await house.publishOurs();
    const params = { organisationId };
    await house.ours().startInvoiceRun({ params, body: october });
    await house.work();
    await house.ours().approveInvoiceRun({ params: { organisationId, month: '2026-10' } });
    await house.work();
    const [row] = (await house.ours().listInvoices({ params })).body.items;
    const contactRow = contactKey(organisationId, customer.id, contact.id);
    await prepared(house.records().change().unpoint(contactRow));
    house.at('2027-01-15T08:00:00Z');
    expect(await house.look()).toMatchObject({ reminded: 0 });
    const stored = await findInvoice(organisationId, row!.id as InvoiceId, house.clock.openCall());
    expect(stored?.value).toMatchObject({ state: 'issued', reminders: [] });
  });

  it('makes and issues an invoice of more tickets than have a line each', async () => {
    const { organisationId, customer } = house;
    await house.publishOurs();
    for (let begin = 0; begin < 420; begin += 70) {
      const change = house.records().change();
      for (let i = begin; i < begin + 70; i++) change.point(worked(organisationId, customer.id, `A${1000 + i}`, 60));
      await prepared(change);
    }
    const params = { organisationId };
    await house.ours().startInvoiceRun({ params, body: october });
    await house.work();
    await house.ours().approveInvoiceRun({ params: { organisationId, month: '2026-10' } });
    expect(await house.work()).toMatchObject({ failed: 0 });
    const [row] = (await house.ours().listInvoices({ params })).body.items;
    const at = { organisationId, invoiceId: row!.id as InvoiceId };
    const { state, lines } = (await house.ours().getInvoice({ params: at })).body;
    expect(state).toBe('issued');
    expect(lines.at(-1)).toMatchObject({ text: 'Arbeid: 171 saker til' });
    // 420 hours, and the 95 minutes of another ticket.
    const thousandths = lines.filter(({ unit }) => unit === 'hour').map((line) => line.quantityThousandths);
    expect(thousandths.reduce((sum, one) => sum + one, 0)).toBe(420_000 + 1_583);
  });

  it('makes the drafts of all others when one customer’s cannot be made', async () => {
    const { organisationId, customer } = house;
    await house.publishOurs();
    const other = { ...customer, id: anId('cus'), name: 'Vik AS' };
    const broken = { ...worked(organisationId, customer.id, 'A1', 60), attributes: { ticketId: 'none' } };
    const change = house.records().change().put(customerRef(organisationId, other.id), other, 'new').point(broken);
    await prepared(change.point(worked(organisationId, other.id, 'A2', 60)));
    await house.ours().startInvoiceRun({ params: { organisationId }, body: october });
    expect(await house.work()).toMatchObject({ failed: 1 });
    const drafts = (await house.ours().listInvoices({ params: { organisationId } })).body.items;
    expect(drafts).toMatchObject([{ recipientId: other.id, state: 'draft' }]);
  });
});

const worked = (organisationId: OrganisationId, customerId: CustomerId, ticketNumber: string, minutes: number) =>
  billableRow(organisationId, customerId, {
    ...{ ticketId: anId('tck'), ticketNumber, entryId: anId('tme'), day: '2026-10-15', minutes },
  });
const prepared = (change: ReturnType<ReturnType<House['records']>['change']>) =>
  change.activity({ event: 'test.prepared', subject: organisationOwner(house.organisationId) }).commit();

/** The same refusals, whoever issues. */
const sides = {
  'an organisation': () => {
    const { organisationId } = house;
    const [ours, params] = [house.ours(), { organisationId }];
    const at = (invoiceId: InvoiceId) => ({ params: { organisationId, invoiceId } });
    return {
      issuer: organisationId,
      list: customersPriceList,
      publish: (body: NewPriceList) => ours.publishPriceList({ params, body }),
      start: (period: string) => ours.startInvoiceRun({ params, body: { period } }),
      approve: (month: string) => ours.approveInvoiceRun({ params: { organisationId, month } }),
      get: (id: InvoiceId) => ours.getInvoice(at(id)),
      change: (id: InvoiceId, ifMatch: number) =>
        ours.changeInvoiceState({ ...at(id), body: { state: 'approved' }, ifMatch }),
      credit: (id: InvoiceId, body: CreditWanted) => ours.creditInvoice({ ...at(id), body: copied(body) }),
      pay: (id: InvoiceId, paidOn: string) => ours.recordPayment({ ...at(id), body: { paidOn, amountOre: ore(1) } }),
      fetch: (id: InvoiceId) => ours.fetchInvoice(at(id)),
    };
  },
  'the operator': () => {
    const operator = house.operator();
    const at = (invoiceId: InvoiceId) => ({ params: { invoiceId } });
    return {
      issuer: 'operator' as const,
      list: operatorsPriceList,
      publish: (body: NewPriceList) => operator.publishOperatorPriceList({ body }),
      start: (period: string) => operator.startOperatorInvoiceRun({ body: { period } }),
      approve: (month: string) => operator.approveOperatorInvoiceRun({ params: { month } }),
      get: (id: InvoiceId) => operator.getOperatorInvoice(at(id)),
      change: (id: InvoiceId, ifMatch: number) =>
        operator.changeOperatorInvoiceState({ ...at(id), body: { state: 'approved' }, ifMatch }),
      credit: (id: InvoiceId, body: CreditWanted) => operator.creditOperatorInvoice({ ...at(id), body: copied(body) }),
      pay: (id: InvoiceId, paidOn: string) =>
        operator.recordOperatorPayment({ ...at(id), body: { paidOn, amountOre: ore(1) } }),
      fetch: (id: InvoiceId) => operator.fetchOperatorInvoice(at(id)),
    };
  },
};
const copied = ({ reason, lines }: CreditWanted) => ({ reason, ...(lines && { lines: [...lines] }) });
const CARD = '4539 1488 0343 6467';

describe.each(Object.entries(sides))('%s', (_, side) => {
  it('publishes no price list that begins too early, holds a card number, or is one too many', async () => {
    const { issuer, list, publish } = side();
    await refused(publish({ ...list, validFrom: '2026-09' }), 'wrong-state');
    const card = { ...list.items[0]!, name: { nb: CARD, en: 'Card' } };
    await refused(publish({ ...list, items: [card] }), 'forbidden-content');
    for (let round = 0; round < 4; round++) {
      const change = house.records().change();
      for (let i = 0; i < 50; i++) {
        const published = { ...list, id: anId('plv'), publishedAt: '2026-11-02T08:00:00Z' };
        change.put(priceListRef(issuer, published), published, 'new');
      }
      await change.activity({ event: 'test.prepared', subject: issuerOwner(issuer) }).commit();
    }
    await refused(publish(list), 'too-many');
  });

  it('makes no invoices of a month that is not over or has no prices, and approves none that are not made', async () => {
    const { start, approve } = side();
    await refused(start('2026-10'), 'no-price-list');
    await refused(start('2026-11'), 'wrong-state');
    await refused(approve('2026-10'), 'wrong-state');
  });

  it('finds no invoice that is not there', async () => {
    const { get, change, credit, pay, fetch } = side();
    const id = anId('ivc');
    const credited = () => credit(id, { reason: 'Feil' });
    const calls = [() => get(id), () => change(id, 1), credited, () => pay(id, '2026-11-02'), () => fetch(id)];
    for (const call of calls) await refused(call(), 'invoice-not-found');
  });

  it('neither approves, credits nor takes as paid what its state does not allow', async () => {
    const { issuer, list, publish, start, change, credit, pay, fetch } = side();
    await publish(list);
    await house.plan([{ code: 'support', count: 1 }]);
    await start('2026-10');
    await house.work();
    const [draft] = (await house.records().pointers('core', invoicePointers.all(issuer, '').pk)).items;
    const id = draft!.sk as InvoiceId;
    await refused(credit(id, { reason: 'For tidlig' }), 'wrong-state');
    await refused(pay(id, '2026-11-02'), 'wrong-state');
    await refused(fetch(id), 'invoice-not-found');
    await change(id, 1);
    await refused(change(id, 2), 'wrong-state');
    await house.work();
    await refused(credit(id, { reason: CARD }), 'forbidden-content');
    await refused(
      credit(id, { reason: 'Finnes ikke', lines: [{ line: 9, quantityThousandths: 1 }] }),
      'credit-too-large',
    );
    await refused(pay(id, '2026-11-03'), 'wrong-state');

    const call = house.clock.openCall();
    const stored = await findInvoice(issuer, id, call);
    const payment = { paidOn: '2026-11-02', amountOre: ore(1), recordedAt: '2026-11-02T08:00:00Z' };
    const full = {
      ...stored!.value,
      payments: Array.from({ length: PAYMENTS_MAX }, () => payment),
      credited: Array.from({ length: CREDIT_NOTES_MAX }, () => ({
        creditNoteId: anId('ivc'),
        line: 1,
        quantityThousandths: 1,
        netOre: ore(1),
      })),
    };
    const change50 = call.records.change();
    saveInvoice(change50, issuer, stored!, full, 'Europe/Oslo');
    await change50.activity({ event: 'test.prepared', subject: issuerOwner(issuer) }).commit();
    await refused(pay(id, '2026-11-02'), 'too-many');
    await refused(credit(id, { reason: 'Én til' }), 'too-many');
  });
});

describe('an organisation alone', () => {
  it('prices nothing that Vern meters, and has a plan for customers that are there', async () => {
    const { organisationId, customer } = house;
    const ours = house.ours();
    const params = { organisationId };
    await refused(ours.publishPriceList({ params, body: operatorsPriceList }), 'wrong-state');
    const noCustomer = { organisationId, customerId: anId('cus') };
    await refused(ours.getBillingPlan({ params: noCustomer }), 'customer-not-found');
    await refused(
      ours.changeBillingPlan({ params: noCustomer, body: { items: [] }, ifMatch: 1 }),
      'customer-not-found',
    );
    await house.plan([{ code: 'support', count: 1 }]);
    await refused(house.plan([]), 'stale-version');
    const plan = await ours.getBillingPlan({ params: { organisationId, customerId: customer.id } });
    expect(plan.body).toEqual({ items: [{ code: 'support', count: 1 }], version: 2 });
    expect((await ours.listPriceLists({ params })).body.items).toEqual([]);
    expect((await ours.listInvoiceRuns({ params })).body.items).toEqual([]);
    expect((await house.operator().listOperatorPriceLists()).body.items).toEqual([]);
  });

  it('sends a customer without an organisation number a PDF, and nothing by Peppol', async () => {
    const { organisationId, customer } = house;
    const stored = await house.records().get(customerRef(organisationId, customer.id));
    const { organisationNumber: _, ...withoutNumber } = stored!.value;
    await house
      .records()
      .change()
      .put(stored!.ref, withoutNumber, { version: 1 })
      .activity({ event: 'test.prepared', subject: issuerOwner(organisationId) })
      .commit();
    await house.publishOurs();
    const ours = house.ours();
    await ours.startInvoiceRun({ params: { organisationId }, body: october });
    await house.work();
    await ours.approveInvoiceRun({ params: { organisationId, month: '2026-10' } });
    await house.work();
    const [row] = (await ours.listInvoices({ params: { organisationId } })).body.items;
    const params = { organisationId, invoiceId: row!.id as InvoiceId };
    await refused(ours.fetchInvoice({ params, query: { format: 'xml' } }), 'no-electronic-invoice');
    expect((await ours.fetchInvoice({ params })).body.contentType).toBe('application/pdf');
  });
});

describe('metering', () => {
  it('counts a day once, by ids alone, and forgets the SMS that it counted', async () => {
    const { organisationId, records } = house;
    house.at('2026-11-03T00:30:00Z');
    const text = meterPointers.text(organisationId, '2026-11-02T12:00:00.000Z', anId('ntc'));
    await records()
      .change()
      .point(text)
      .activity({ event: 'test.prepared', subject: { controller: 'operator', subject: 'operator' } })
      .commit();
    await aPerson(house.store, organisationId, { kind: 'member' });
    expect(await house.meter()).toEqual({ counted: 1 });
    await aPerson(house.store, organisationId, { kind: 'member' });
    expect(await house.meter()).toEqual({ counted: 0 });
    const [row, left] = await records().pointersAt([meterPointers.day(organisationId, '2026-11-02'), text]);
    // The contact, and the one who came before the count; staff are not what is priced.
    expect(row && countsIn(row)).toEqual({ members: 2, devices: 0, messages: 1 });
    expect(left).toBeUndefined();
  });
});

describe('an SMS', () => {
  it('is put down for the meter when it has gone out, once, and a mail is not', async () => {
    const { organisationId, records, boss } = house;
    const { table, pk } = meterPointers.text(organisationId, '', '');
    for (const channel of ['email', 'sms'] as const) {
      const call = house.clock.openCall();
      const parameters = { token: 'x'.repeat(32), expiresAt: '2026-12-01T08:00:00.000Z', kind: 'invoice' } as const;
      const change = call.records.change();
      const to = ownerOf(organisationId, boss.id);
      queueNotice(change, { to, template: 'invoice-ready', parameters, channel }, call);
      await change.activity({ event: 'test.prepared', subject: to }).commit();
    }
    const { items } = await records().list(noticeEntity, ownerOf(organisationId, boss.id));
    const outbox = { log: () => {} };
    for (const stored of items) {
      const sent = accepted(stored.value, '2026-11-02T08:00:00.000Z');
      await conclude(stored, sent, house.clock.openCall(), outbox);
      const again = (await records().get(stored.ref))!;
      await conclude(again, { ...again.value, state: 'delivered' }, house.clock.openCall(), outbox);
    }
    const rows = (await records().pointers(table, pk)).items;
    const [sms] = items.filter(({ value }) => value.channel === 'sms');
    expect(rows.map(({ sk }) => sk)).toEqual([`2026-11-02T08:00:00.000Z#${sms?.value.id}`]);
  });
});

describe('a row of the list', () => {
  it('holds ids, codes, days and amounts, and names nobody', async () => {
    const invoice = await see(await anIssued());
    const { version: _, outstandingOre: __, ...value } = invoice;
    expect(JSON.stringify(listed('operator', value as never))).not.toMatch(/Nordlys|Storgata|9747/);
  });
});
