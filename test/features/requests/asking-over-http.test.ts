import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { anId } from '../../support/store.ts';
import { aWorld, refused, type World } from './world.ts';

let db: TestDynamoDb;
let world: World;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());
beforeEach(async () => {
  world = await aWorld(db);
});

const controllerOf = () => ({ controller: world.organisationId });

describe('access and portability (KP-14, FW-13)', () => {
  it.each(['access', 'portability'] as const)('%s is carried out at once, by whoever is told so', async (right) => {
    const kari = await world.as('guardian');
    const { body } = await kari.client.askForRight({ body: { ...controllerOf(), right } });
    expect(body).toMatchObject({ right, state: 'executing', subject: kari.personId, isOverdue: false });
    expect(body.exportId).toMatch(/^exp_/);
    expect(body.dueAt).toBe('2026-12-23T23:00:00.000Z');
    expect(await world.told(world.accountOf(kari))).toEqual(['request-received']);
    const { items } = (await kari.client.listMyRequests()).body;
    expect(items).toEqual([body]);
  });
});

describe('a restriction', () => {
  it('closes the person at the key row from this moment, and opens again when it is taken back', async () => {
    const admin = await world.as('administrator');
    const kari = await world.as('guardian');
    const { body } = await kari.client.askForRight({ body: { ...controllerOf(), right: 'restriction' } });
    expect(body).toMatchObject({ state: 'awaiting-decision', isInForce: true });
    expect(await world.read(kari.personId)).toBeUndefined();
    expect(await world.read(kari.personId, world.records())).toBeDefined();
    expect(await world.ledger()).toMatchObject([{ kind: 'restriction', subject: kari.personId, about: body.id }]);
    expect(await world.told(world.ownerOf(admin.personId))).toEqual(['request-to-decide']);

    const params = { requestId: body.id };
    const withdrawn = await kari.client.withdrawRequest({ params });
    expect(withdrawn.body).toMatchObject({ state: 'withdrawn', isInForce: false });
    expect(await world.read(kari.personId)).toBeDefined();
    expect((await world.ledger()).map(({ kind }) => kind)).toEqual(['restriction', 'restriction-lifted']);
  });
});

describe('a request', () => {
  it('is nobody else’s to see', async () => {
    const [kari, ola] = [await world.as('guardian'), await world.as('guardian')];
    const { body } = await kari.client.askForRight({ body: { ...controllerOf(), right: 'access' } });
    const params = { requestId: body.id };
    await expect(ola.client.getMyRequest({ params })).rejects.toMatchObject(refused('request-not-found'));
    const elsewhere = { controller: anId('org'), right: 'access' } as const;
    await expect(ola.client.askForRight({ body: elsewhere })).rejects.toMatchObject(refused('organisation-not-found'));
  });
});
