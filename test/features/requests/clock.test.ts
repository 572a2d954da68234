import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { erasureEntity } from '../../../lambdas/features/erasure/erasure.ts';
import { exportRef } from '../../../lambdas/features/exports/export.ts';
import { concludeRequest, type Outcome } from '../../../lambdas/features/requests/outcome.ts';
import { requestPointers } from '../../../lambdas/features/requests/request.ts';
import type { ExportId, PersonId, RequestId } from '../../../lambdas/http/ids.ts';
import type { Owner } from '../../../lambdas/platform/entity.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aWorld, type World } from './world.ts';

let db: TestDynamoDb;
let world: World;
let admin: Awaited<ReturnType<World['as']>>;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());
beforeEach(async () => {
  world = await aWorld(db);
  admin = await world.as('administrator');
});

const warnings = async () =>
  (await world.told(world.ownerOf(admin.personId))).filter((template) => template === 'request-due').length;

async function anErasure() {
  const kari = await world.as('guardian');
  const { body } = await kari.client.askForRight({ body: { controller: world.organisationId, right: 'erasure' } });
  return { kari, id: body.id, owner: world.ownerOf(kari.personId) };
}

async function conclude(owner: Owner, id: RequestId, outcome: Outcome) {
  const records = world.records();
  const stored = (await world.stored(owner, id))!;
  const change = records.change().activity({ event: 'test.concluded', subject: owner });
  concludeRequest(change, stored, outcome, world.store.now());
  await change.commit();
}

async function copyIs(state: 'awaiting-redaction' | 'failed', owner: Owner, exportId: ExportId) {
  const records = world.records();
  const { ref, value, version } = (await records.get(exportRef(owner, exportId)))!;
  const change = records.change().put(ref, { ...value, state }, { version });
  await change.activity({ event: 'test.prepared', subject: owner }).commit();
}

describe('an open request', () => {
  it('is warned of 14, 7 and 2 days before its end, to those who decide, once each', async () => {
    await anErasure();
    // Due at the end of 23 December: the days begin on 9, 16 and 21 December.
    for (const [count, before, at] of [
      [1, '2026-12-09T22:59:59Z', '2026-12-09T23:00:00Z'],
      [2, '2026-12-16T22:59:59Z', '2026-12-16T23:00:00Z'],
      [3, '2026-12-21T22:59:59Z', '2026-12-21T23:00:00Z'],
    ] as const) {
      world.at(before);
      expect(await world.tick()).toMatchObject({ warned: 0, failed: 0 });
      world.at(at);
      expect(await world.tick()).toMatchObject({ warned: 1, failed: 0 });
      expect(await world.tick()).toMatchObject({ warned: 0, failed: 0 });
      expect(await warnings()).toBe(count);
    }
  });

  it('is warned of once by two clocks at the same moment, and once after the clock stood still', async () => {
    await anErasure();
    world.at('2026-12-22T12:00:00Z');
    const ticks = await Promise.all([world.tick(), world.tick(), world.tick()]);
    expect(ticks.reduce((sum, { warned }) => sum + warned, 0)).toBe(1);
    expect(ticks.every(({ failed }) => failed === 0)).toBe(true);
    expect(await warnings()).toBe(1);
  });

  it('is shown as overdue from its end on, told once, and alarmed every day (ALL-02)', async () => {
    const { kari, id } = await anErasure();
    const isOverdue = async () =>
      (await (await world.again(kari)).getMyRequest({ params: { requestId: id } })).body.isOverdue;
    world.at('2026-12-23T22:59:59Z');
    await world.tick();
    expect(await isOverdue()).toBe(false);
    world.at('2026-12-23T23:00:00Z');
    expect(await isOverdue()).toBe(true);
    expect(await world.tick()).toMatchObject({ overdue: 1, failed: 0 });
    expect(world.lines).toEqual([{ event: 'request-overdue', requestId: id }]);
    world.at('2026-12-24T22:59:59Z');
    expect(await world.tick()).toMatchObject({ overdue: 0 });
    world.at('2026-12-24T23:00:00Z');
    expect(await world.tick()).toMatchObject({ overdue: 1 });
    const told = await world.told(world.ownerOf(admin.personId));
    expect(told.filter((template) => template === 'request-overdue')).toHaveLength(1);
  });

  it('is not warned of once it has been answered', async () => {
    const { kari, id } = await anErasure();
    await kari.client.withdrawRequest({ params: { requestId: id } });
    world.at('2026-12-22T12:00:00Z');
    expect(await world.tick()).toMatchObject({ warned: 0, overdue: 0, failed: 0 });
    expect(await warnings()).toBe(0);
  });

  it('is warned of anew before the end that an extension has moved', async () => {
    const { id } = await anErasure();
    world.at('2026-12-10T12:00:00Z');
    expect(await world.tick()).toMatchObject({ warned: 1 });
    const params = { organisationId: world.organisationId, requestId: id };
    const body = { reason: 'complexity', words: 'Mye.' } as const;
    await (await world.again(admin)).extendRequest({ params, body });
    world.at('2026-12-22T12:00:00Z');
    expect(await world.tick()).toMatchObject({ warned: 0 });
    world.at('2027-02-09T23:00:00Z');
    expect(await world.tick()).toMatchObject({ warned: 1 });
  });
});

describe('what is carried out', () => {
  it('is answered when it is done, and stands among what is closed', async () => {
    const kari = await world.as('guardian');
    const { body } = await kari.client.askForRight({ body: { controller: world.organisationId, right: 'access' } });
    const owner = world.ownerOf(kari.personId);
    await conclude(owner, body.id, 'verifying');
    expect((await world.stored(owner, body.id)).value.state).toBe('verifying');
    await conclude(owner, body.id, 'done');
    expect((await world.stored(owner, body.id)).value).toMatchObject({
      state: 'answered',
      closedAt: world.store.now().toISOString(),
    });
    const params = { organisationId: world.organisationId };
    const { items } = (await admin.client.listRequests({ params, query: { show: 'closed' } })).body;
    expect(items).toMatchObject([{ id: body.id, state: 'answered' }]);
    await conclude(owner, body.id, 'incomplete');
    expect((await world.stored(owner, body.id)).value.state).toBe('answered');
  });

  it('waits for the organisation where others’ data has to be taken out of a copy first, and says so', async () => {
    const kari = await world.as('guardian');
    const { body } = await kari.client.askForRight({ body: { controller: world.organisationId, right: 'access' } });
    const owner = world.ownerOf(kari.personId);
    world.at('2026-11-23T07:14:59Z');
    expect(await world.tick()).toMatchObject({ looked: 0 });
    world.at('2026-11-23T07:15:00Z');
    expect(await world.tick()).toMatchObject({ looked: 1, failed: 0 });
    expect((await world.stored(owner, body.id)).value.state).toBe('executing');
    await copyIs('awaiting-redaction', owner, body.exportId!);
    world.at('2026-11-23T07:30:00Z');
    await world.tick();
    const request = (await (await world.again(kari)).getMyRequest({ params: { requestId: body.id } })).body;
    expect(request).toMatchObject({ state: 'awaiting-decision', waitsFor: 'redaction' });
    expect(await world.told(world.ownerOf(admin.personId))).toEqual(['request-to-decide']);
    const params = { organisationId: world.organisationId, requestId: body.id };
    const approved = (await world.again(admin)).approveRequest({ params, body: {} });
    await expect(approved).rejects.toMatchObject({ slug: 'wrong-state' });
    await conclude(owner, body.id, 'done');
    expect((await world.stored(owner, body.id)).value.state).toBe('answered');
  });

  it('is incomplete where a part fails: never done, told once, alarmed every hour until it is', async () => {
    const kari = await world.as('guardian');
    const { body } = await kari.client.askForRight({ body: { controller: world.organisationId, right: 'access' } });
    const owner = world.ownerOf(kari.personId);
    await conclude(owner, body.id, 'incomplete');
    const params = { requestId: body.id };
    expect((await kari.client.getMyRequest({ params })).body).toMatchObject({
      state: 'incomplete',
      waitsFor: 'another-try',
    });
    for (const at of ['2026-11-23T08:00:00Z', '2026-11-23T09:00:00Z']) {
      world.at(at);
      expect(await world.tick()).toMatchObject({ incomplete: 1, failed: 0 });
      expect(await world.tick()).toMatchObject({ incomplete: 0, failed: 0 });
    }
    expect(world.lines.map(({ event }) => event)).toEqual(['request-incomplete', 'request-incomplete']);
    expect(await world.told(world.accountOf(kari))).toEqual(['request-received', 'request-incomplete']);
    await conclude(owner, body.id, 'done');
    expect((await world.stored(owner, body.id)).value).toMatchObject({ state: 'answered' });
  });

  it('orders a copy anew that the worker gave up, and asks for no second one while that is made', async () => {
    const kari = await world.as('guardian');
    const { body } = await kari.client.askForRight({ body: { controller: world.organisationId, right: 'access' } });
    const owner = world.ownerOf(kari.personId);
    await copyIs('failed', owner, body.exportId!);
    await conclude(owner, body.id, 'incomplete');
    world.at('2026-11-23T08:00:00Z');
    await world.tick();
    const again = (await world.stored(owner, body.id)).value;
    expect(again).toMatchObject({ state: 'incomplete', exportId: expect.not.stringMatching(body.exportId!) });
    world.at('2026-11-23T09:00:00Z');
    await world.tick();
    expect((await world.stored(owner, body.id)).value.exportId).toBe(again.exportId);
    await copyIs('awaiting-redaction', owner, again.exportId!);
    world.at('2026-11-23T10:00:00Z');
    await world.tick();
    expect((await world.stored(owner, body.id)).value.state).toBe('awaiting-decision');
  });
});

describe('what was said in a request', () => {
  it('is destroyed with the request’s own key 30 days after the final answer, and the entry stays', async () => {
    const { kari, id, owner } = await anErasure();
    await kari.client.withdrawRequest({ params: { requestId: id } });
    world.at('2026-12-23T22:59:59Z');
    expect(await world.tick()).toMatchObject({ textsErased: 0, failed: 0 });
    world.at('2026-12-23T23:00:00Z');
    expect(await world.tick()).toMatchObject({ textsErased: 1, failed: 0 });
    const erasures = await world.records().list(erasureEntity, owner);
    expect(erasures.items.map(({ value }) => value)).toMatchObject([{ cause: 'retention', state: 'ordered' }]);
    const { value } = await world.stored(owner, id);
    expect(value).toMatchObject({ state: 'withdrawn', textErasedAt: '2026-12-23T23:00:00.000Z' });
    expect(value.nextAt).toBeUndefined();
    expect(await world.tick()).toMatchObject({ looked: 0 });
  });
});

describe('an erasure that is taken back while the clock carries it out', () => {
  it('is either taken back or ordered, never both', async () => {
    const runs = await Promise.all([0, 1, 2, 3].map(() => anErasure()));
    for (const { id } of runs) {
      const params = { organisationId: world.organisationId, requestId: id };
      await admin.client.planErasure({ params });
      await admin.client.approveRequest({ params, body: {} });
    }
    world.at('2026-11-26T07:00:00Z');
    const clients = await Promise.all(runs.map(({ kari }) => world.again(kari)));
    const [, ...answers] = await Promise.allSettled([
      world.tick(),
      ...runs.map(({ id }, i) => clients[i]!.withdrawRequest({ params: { requestId: id } })),
    ]);
    for (const [i, { id, owner }] of runs.entries()) {
      const { state, erasureId } = (await world.stored(owner, id)).value;
      const isWithdrawn = answers[i]!.status === 'fulfilled';
      expect([state, erasureId !== undefined]).toEqual(isWithdrawn ? ['withdrawn', false] : ['executing', true]);
      expect((await world.read(owner.subject as PersonId)) !== undefined).toBe(isWithdrawn);
    }
  });
});

describe('the clock', () => {
  it('drops a row that leads to nothing, and goes on with the others when one fails', async () => {
    const { id, owner } = await anErasure();
    const { controller } = owner;
    const nextAt = '2026-11-23T07:00:00.000Z';
    const records = world.records();
    const change = records.change().activity({ event: 'test.prepared', subject: owner });
    const stray = requestPointers.due(id, nextAt);
    const broken = {
      ...requestPointers.due(id, '2026-11-23T06:00:00.000Z'),
      attributes: { controller, subject: 'nobody' },
    };
    await change
      .point({ ...stray, attributes: { controller, subject: owner.subject } })
      .point(broken)
      .commit();
    world.at('2026-12-09T23:00:00Z');
    expect(await world.tick()).toMatchObject({ looked: 3, failed: 1, warned: 1 });
    expect(world.lines).toMatchObject([{ event: 'request-tick-failed', requestId: id, error: 'Error' }]);
    expect(await world.records().pointersAt([stray])).toEqual([undefined]);
  });

  it('leaves what it has no time for to the next run', async () => {
    await anErasure();
    world.at('2026-12-09T23:00:00Z');
    expect(await world.tick(false)).toMatchObject({ looked: 0 });
    expect(await world.tick()).toMatchObject({ looked: 1, warned: 1 });
  });
});
