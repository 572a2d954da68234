import { DeleteItemCommand, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { issuerOwner } from '../../../lambdas/features/billing/issuer.ts';
import { billingPlanRef } from '../../../lambdas/features/billing/plan.ts';
import { type Customer, customerRef } from '../../../lambdas/features/customers/customer.ts';
import { placeOf } from '../../../lambdas/features/erasure/erasure.ts';
import { sweepErasures } from '../../../lambdas/features/erasure/run.ts';
import { bringNumbersBack } from '../../../lambdas/features/invoices/after-restore.ts';
import { documentRef, invoicePointers } from '../../../lambdas/features/invoices/invoice.ts';
import { issueInvoice } from '../../../lambdas/features/invoices/issue.ts';
import { addInvoice, approve, findInvoice } from '../../../lambdas/features/invoices/writes.ts';
import { ownerOf, personEntity } from '../../../lambdas/features/people/person.ts';
import { sweepRetention } from '../../../lambdas/features/retention/sweep.ts';
import type { CustomerId, ErasureId, InvoiceId } from '../../../lambdas/http/ids.ts';
import type { Pointer } from '../../../lambdas/platform/records.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aCall, anId } from '../../support/store.ts';
import { aWorld, type World } from '../erasure/world.ts';
import { sweepOn } from '../retention/world.ts';
import { aBillingHouse, type House } from './world.ts';

let db: TestDynamoDb;
let world: World;
let house: House;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());
beforeEach(async () => {
  world = await aWorld(db);
  house = await aBillingHouse(db, world.store);
});

const period = '2026-10';
const INVOICES = 8;
const RUNS_AT_ONCE = 4;

/** So many customers with something to pay, their invoices of October approved. */
async function approvedInvoices(): Promise<InvoiceId[]> {
  const { organisationId, customer } = house;
  await house.publishOurs();
  const change = house.records().change();
  for (let i = 1; i < INVOICES; i++) {
    const another: Customer = { ...customer, id: anId('cus') as CustomerId, name: `Kunde ${i}` };
    change
      .put(customerRef(organisationId, another.id), another, 'new')
      .put(billingPlanRef(organisationId, another.id), { items: [{ code: 'support', count: i }] }, 'new');
  }
  await change.activity({ event: 'test.prepared', subject: issuerOwner(organisationId) }).commit();
  const params = { organisationId };
  await house.ours().startInvoiceRun({ params, body: { period } });
  await house.work();
  const ids: InvoiceId[] = [];
  for (const { sk } of await rowsOf(invoicePointers.all(organisationId, '').pk)) {
    const call = aCall(house.store);
    ids.push(sk as InvoiceId);
    await approve(organisationId, (await findInvoice(organisationId, sk as InvoiceId, call))!, 'Europe/Oslo', call);
  }
  return ids;
}
const rowsOf = async (pk: string): Promise<readonly Pointer[]> =>
  (await house.records().pointers('core', pk, { limit: 100 })).items;

/** A process that dies while it writes: before its transaction has gone out, or when the answer is on its way. */
function crashingCall(dies: (call: number) => 'before' | 'after' | undefined) {
  let calls = 0;
  return () => {
    const { store } = house;
    const dynamo: typeof store.dynamo = {
      ...store.dynamo,
      async transact(items, token) {
        const moment = dies(calls++);
        if (moment === 'before') throw new Crash();
        await store.dynamo.transact(items, token);
        if (moment === 'after') throw new Crash();
      },
    };
    return aCall({ ...store, dynamo, now: () => store.now() } as typeof store);
  };
}
class Crash extends Error {}

describe('numbers', () => {
  it(`SM-06: of ${INVOICES} invoices that ${RUNS_AT_ONCE} runs issue at once, crashing again and again, have no gap and no double`, async () => {
    const ids = await approvedInvoices();
    expect(ids).toHaveLength(INVOICES);
    let crashes = 0;
    const run = async (seed: number) => {
      // Every third write of this run dies, by turns before and after it was done.
      const openCall = crashingCall((call) =>
        (call + seed) % 3 === 0 ? ((call + seed) % 2 === 0 ? 'before' : 'after') : undefined,
      );
      for (const id of ids) {
        for (let isDone = false; !isDone; ) {
          try {
            await issueInvoice(house.organisationId, id, openCall);
            isDone = true;
          } catch (error) {
            if (!(error instanceof Crash)) throw error;
            crashes++;
          }
        }
      }
    };
    await Promise.all(Array.from({ length: RUNS_AT_ONCE }, (_, i) => run(i)));
    expect(crashes).toBeGreaterThan(INVOICES / 4);

    const { organisationId } = house;
    const numbers = await rowsOf(invoicePointers.number(organisationId, 1).pk);
    expect(numbers.map(({ sk }) => Number(sk))).toEqual(Array.from({ length: INVOICES }, (_, i) => i + 1));
    expect(new Set(numbers.map(({ attributes }) => attributes?.['invoiceId']))).toEqual(new Set(ids));
    for (const { sk, attributes } of numbers) {
      const id = attributes?.['invoiceId'] as InvoiceId;
      const call = aCall(house.store);
      const stored = await findInvoice(organisationId, id, call);
      expect(stored?.value).toMatchObject({ state: 'issued', number: Number(sk) });
      const document = await call.records.get(documentRef(organisationId, id));
      expect(document?.value.sha256).toBe(attributes?.['sha256']);
      expect(document?.value.xml).toContain(`<cbc:ID>${Number(sk)}</cbc:ID>`);
    }
    expect(await house.work()).toEqual({ done: 0, failed: 0 });
  });

  it('are each issuer’s own', async () => {
    await house.publish();
    await house.publishOurs();
    await house.operator().startOperatorInvoiceRun({ body: { period } });
    await house.ours().startInvoiceRun({ params: { organisationId: house.organisationId }, body: { period } });
    await house.work();
    await house.operator().approveOperatorInvoiceRun({ params: { month: period } });
    await house.ours().approveInvoiceRun({ params: { organisationId: house.organisationId, month: period } });
    expect(await house.work()).toEqual({ done: 2, failed: 0 });
    for (const issuer of ['operator', house.organisationId] as const) {
      expect((await rowsOf(invoicePointers.number(issuer, 1).pk)).map(({ sk }) => sk)).toEqual(['000000001']);
    }
  });

  it('are taken up by the daily look when their job was lost', async () => {
    const [first] = await approvedInvoices();
    const { items } = await house.records().pointers('transient', 'BILLING-JOBS');
    const change = house.records().change();
    for (const job of items) change.unpoint(job);
    await change.activity({ event: 'test.prepared', subject: issuerOwner(house.organisationId) }).commit();
    expect(await house.look()).toEqual({ reminded: 0, issued: INVOICES });
    expect((await findInvoice(house.organisationId, first!, aCall(house.store)))?.value.state).toBe('issued');
  });
});

describe('a restore', () => {
  /** Core as it lies there, to be put back: what a backup holds of it. */
  const scanned = async () =>
    (await db.client.send(new ScanCommand({ TableName: house.store.tableNames.core }))).Items ?? [];
  async function putBack(items: Awaited<ReturnType<typeof scanned>>) {
    const TableName = house.store.tableNames.core;
    for (const { pk, sk } of await scanned()) {
      await db.client.send(new DeleteItemCommand({ TableName, Key: { pk: pk!, sk: sk! } }));
    }
    for (const Item of items) await db.client.send(new PutItemCommand({ TableName, Item }));
  }

  it('gives no number twice: those after the backup are kept by the log, with their invoices where these are there', async () => {
    const { organisationId } = house;
    const openCall = () => aCall(house.store);
    const ids = await approvedInvoices();
    const [before, after, late] = [ids[0]!, ids[1]!, ids[2]!];
    await issueInvoice(organisationId, before, openCall);
    const backup = await scanned();
    const since = house.store.now();
    house.at('2026-11-05T08:00:00Z');
    await issueInvoice(organisationId, after, openCall);
    const sent = await openCall().records.get(documentRef(organisationId, after));
    const anew = { ...(await findInvoice(organisationId, late, openCall()))!.value, id: anId('ivc') as InvoiceId };
    const change = house.records().change();
    addInvoice(change, organisationId, anew, 'Europe/Oslo');
    await change.activity({ event: 'test.prepared', subject: issuerOwner(organisationId) }).commit();
    await issueInvoice(organisationId, anew.id, openCall);

    await putBack(backup);
    house.at('2026-11-09T08:00:00Z');
    expect((await findInvoice(organisationId, after, openCall()))?.value.state).toBe('approved');
    const restored = (hasTimeLeft = () => true) => bringNumbersBack(organisationId, since, { openCall, hasTimeLeft });
    expect(await restored(() => false)).toEqual({ isDone: false, numbers: 1, lost: 0 });
    expect(await restored()).toEqual({ isDone: true, numbers: 1, lost: 1 });
    expect(await restored()).toEqual({ isDone: true, numbers: 0, lost: 0 });

    expect(await house.look()).toMatchObject({ issued: INVOICES - 1 });
    const kept = (await findInvoice(organisationId, after, openCall()))?.value;
    expect(kept).toMatchObject({ state: 'issued', number: 2, issuedOn: '2026-11-05', dueOn: '2026-11-19' });
    expect((await openCall().records.get(documentRef(organisationId, after)))?.value).toEqual(sent?.value);
    const numbers = await rowsOf(invoicePointers.number(organisationId, 1).pk);
    expect(numbers.map(({ sk }) => Number(sk))).toEqual(Array.from({ length: INVOICES + 1 }, (_, i) => i + 1));
    expect(numbers.slice(0, 3).map(({ attributes }) => attributes?.['invoiceId'])).toEqual([before, after, anew.id]);
    expect(new Set(numbers.map(({ attributes }) => attributes?.['invoiceId']))).toEqual(new Set([...ids, anew.id]));
    // What was said twice of a number by now is one number, at the next restore as well.
    expect(
      (await rowsOf(invoicePointers.open(organisationId, '').pk)).some(({ attributes }) => attributes?.['number']),
    ).toBe(false);
    await putBack(backup);
    expect(await restored()).toEqual({ isDone: true, numbers: INVOICES, lost: 1 });
  });
});

describe('an invoice', () => {
  const issueOne = async () => {
    await house.publish();
    await house.operator().startOperatorInvoiceRun({ body: { period } });
    await house.work();
    await house.operator().approveOperatorInvoiceRun({ params: { month: period } });
    await house.work();
    const [row] = await rowsOf(invoicePointers.all('operator', '').pk);
    return row!.sk as InvoiceId;
  };
  const issueOurs = async () => {
    const { organisationId } = house;
    await house.publishOurs();
    await house.ours().startInvoiceRun({ params: { organisationId }, body: { period } });
    await house.work();
    await house.ours().approveInvoiceRun({ params: { organisationId, month: period } });
    await house.work();
    const [row] = await rowsOf(invoicePointers.all(organisationId, '').pk);
    return row!.sk as InvoiceId;
  };
  const sweepAt = async (instant: string) => {
    house.at(instant);
    const swept = await sweepRetention(sweepOn(house.store).sweep);
    expect(swept.failed).toBe(0);
    for (const { sk, attributes } of (await house.records().pointers('rights', 'ERASURES')).items) {
      const place = placeOf(sk as ErasureId, attributes);
      if (place) await world.run(place);
    }
  };
  const isThere = async (issuer: 'operator' | typeof house.organisationId, id: InvoiceId) => ({
    invoice: (await findInvoice(issuer, id, aCall(house.store))) !== undefined,
    document: (await aCall(house.store).records.get(documentRef(issuer, id))) !== undefined,
  });

  it('AT-08: stays through the erasure of whom it was mailed to', async () => {
    const id = await issueOurs();
    const owner = ownerOf(house.organisationId, house.contact.id);
    await world.run(await world.order({ owner, cause: 'request' }));
    expect(await house.records().get({ entity: personEntity, owner })).toBeUndefined();
    expect(await isThere(house.organisationId, id)).toEqual({ invoice: true, document: true });
    expect(await world.naming(house.contact.id)).not.toContainEqual(
      expect.objectContaining({ pk: expect.stringContaining(id) }),
    );
  });

  it('AT-08: is kept five years after the accounting year, and is gone the day after; its number is never given again', async () => {
    const theirs = await issueOne();
    const ours = await issueOurs();
    const { organisationId } = house;
    await sweepAt('2031-12-31T12:00:00Z');
    expect(await isThere('operator', theirs)).toEqual({ invoice: true, document: true });
    await sweepAt('2032-01-01T12:00:00Z');
    expect(await isThere('operator', theirs)).toEqual({ invoice: false, document: false });
    expect(await isThere(organisationId, ours)).toEqual({ invoice: false, document: false });
    const left = await world.naming(theirs, ours);
    const places = left.filter(({ table }) => table === 'core').map(({ pk }) => pk);
    expect(places.sort()).toEqual([`${organisationId}#INVOICE-NUMBERS`, 'operator#INVOICE-NUMBERS'].sort());
  });

  it('KP-11: goes with the organisation that sent it, at the end of its agreement; those that it got stay', async () => {
    const theirs = await issueOne();
    const ours = await issueOurs();
    const { organisationId } = house;
    const owner = issuerOwner(organisationId);
    const place = await world.order({ owner, cause: 'agreement-end' });
    for (let round = 0; round < 12 && (await world.erasure(place)).state !== 'answered'; round++) {
      expect(await sweepErasures(world.eraser)).toMatchObject({ failed: 0 });
      house.at(new Date(house.store.clock.getTime() + 5 * 60_000).toISOString());
    }
    expect(await world.erasure(place)).toMatchObject({ state: 'answered', failures: 0 });
    expect(await isThere(organisationId, ours)).toEqual({ invoice: false, document: false });
    expect((await world.rows('core')).filter(({ pk }) => String(pk).startsWith(organisationId))).toEqual([]);
    expect((await world.rows('core')).filter(({ pk }) => pk === 'operator#METERED')).toEqual([]);
    expect(await isThere('operator', theirs)).toEqual({ invoice: true, document: true });
  });
});
