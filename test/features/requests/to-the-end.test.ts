import { afterAll, beforeAll, expect, it } from 'vitest';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aWorld as aWorldOfErasures } from '../erasure/world.ts';
import { aWorld } from './world.ts';

let db: TestDynamoDb;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());

it('an erasure that was asked for and approved is carried out, answered, and told at the address that was', async () => {
  const erasures = await aWorldOfErasures(db);
  const world = await aWorld(db, 'kindergarten', erasures);
  const admin = await world.as('administrator');
  const kari = await world.as('guardian', { email: 'kari@example.no' });
  const { body: request } = await kari.client.askForRight({
    body: { controller: world.organisationId, right: 'erasure', text: 'Slett meg.' },
  });
  const params = { organisationId: world.organisationId, requestId: request.id };
  const { erasureId } = (await admin.client.approveRequest({ params, body: {} })).body;

  const owner = world.ownerOf(kari.personId);
  const place = { id: erasureId!, owner, holder: owner };
  await erasures.run(place);
  const { fencedAt, accountErasureId } = await erasures.erasure(place);
  expect(fencedAt).toBeDefined();
  // It was the account's last person: the account goes first.
  const account = world.accountOf(kari);
  await erasures.run({ id: accountErasureId!, owner: account, holder: account });
  world.at('2026-11-23T07:01:00Z');
  await erasures.run(place);
  expect(await world.read(kari.personId, world.records())).toBeUndefined();

  const answered = (await admin.client.getRequest({ params })).body;
  expect(answered).toMatchObject({ state: 'answered', erasureId, right: 'erasure' });
  const told = (await world.letters()).filter(({ to }) => to === 'kari@example.no');
  expect(told.some(({ text }) => text.includes('/l/'))).toBe(true);
  for (const { text } of told) expect(text).not.toContain('Slett meg.');
});

it('a legal hold put after the approval keeps the worker from it until it is lifted', async () => {
  const erasures = await aWorldOfErasures(db);
  const world = await aWorld(db, 'kindergarten', erasures);
  const admin = await world.as('administrator');
  const kari = await world.as('guardian');
  const { body: request } = await kari.client.askForRight({
    body: { controller: world.organisationId, right: 'erasure' },
  });
  const params = { organisationId: world.organisationId, requestId: request.id };
  const { erasureId } = (await admin.client.approveRequest({ params, body: {} })).body;
  const { body: hold } = await admin.client.putHold({
    params: { organisationId: world.organisationId },
    body: { personId: kari.personId, basis: 'court-order' },
  });
  const owner = world.ownerOf(kari.personId);
  const place = { id: erasureId!, owner, holder: owner };
  expect(await erasures.run(place)).toBe('waiting');
  expect(await world.read(kari.personId, world.records())).toBeDefined();

  await admin.client.liftHold({ params: { organisationId: world.organisationId, holdId: hold.id } });
  world.at('2026-11-23T09:00:00Z');
  await erasures.run(place);
  expect(await world.read(kari.personId, world.records())).toBeUndefined();
});
