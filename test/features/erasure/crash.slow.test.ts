import { type DynamoDBClient, PutItemCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Place } from '../../../lambdas/features/erasure/erasure.ts';
import { grownUpIdentity } from '../../../lambdas/features/people/identity.ts';
import { guardianLinkEntity, ownerOf, peoplePointers } from '../../../lambdas/features/people/person.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aPerson, someoneWith } from '../../support/service.ts';
import { aCall } from '../../support/store.ts';
import { aWorld, isAllowedToStay, nothingToRestore, type World } from './world.ts';

let db: TestDynamoDb;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());

/** A client that the worker's process dies under: from its nth write on nothing goes through, until it is mended. */
function aDyingClient(client: DynamoDBClient) {
  const state = { writes: 0, diesAt: Number.POSITIVE_INFINITY };
  const send = async (command: never) => {
    const isWrite =
      (command as object) instanceof TransactWriteItemsCommand || (command as object) instanceof PutItemCommand;
    if (isWrite) state.writes++;
    if (state.writes >= state.diesAt) throw new Error('the process was killed');
    return client.send(command);
  };
  return { state, client: { send } as unknown as Pick<DynamoDBClient, 'send'> };
}

async function aGuardianWithAccount(world: World): Promise<{ place: Place; ids: string[] }> {
  const { store, organisationId } = world;
  const email = 'kari@example.no';
  const child = await aPerson(store, organisationId);
  const guardian = await aPerson(store, organisationId, { kind: 'guardian', email });
  const { accountId, sub } = await someoneWith(store, organisationId, 'guardian', {
    personId: guardian.id,
    scope: { kind: 'person', id: guardian.id },
  });
  world.users.users.set(email, { sub, signedIn: true, totp: false });
  world.suppression.addresses.add(email);
  const owner = ownerOf(organisationId, guardian.id);
  const identity = grownUpIdentity(guardian)!;
  await aCall(store)
    .records.change()
    .claim(organisationId, identity.kind, identity.value, guardian.id, () => new Error('taken'))
    .put(
      { entity: guardianLinkEntity, owner: ownerOf(organisationId, child.id), key: guardian.id },
      {
        guardianId: guardian.id,
        relation: 'father',
        rights: 'parental-responsibility',
        livesWith: true,
        from: '2026-01-01',
      },
      'new',
    )
    .point(peoplePointers.child(organisationId, guardian.id, child.id))
    .activity({ event: 'guardian.linked', subject: owner })
    .commit();
  return { place: await world.order({ owner, cause: 'request' }), ids: [guardian.id, accountId] };
}

/** As the schedule does it: again and again, later each time. */
async function runToTheEnd(world: World, place: Place, rounds = 40): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    const { accountId, accountErasureId } = await world.erasure(place);
    if (accountId && accountErasureId) {
      const owner = { controller: 'operator', subject: accountId } as const;
      await world.run({ id: accountErasureId, owner, holder: owner });
    }
    if ((await world.run(place)) === 'closed') return;
    // Later than any pause between two tries, and at last later than AWS could restore.
    world.store.clock = new Date(world.store.clock.getTime() + 2 * 60 * 60_000);
    if (round > 2) world.recovery = nothingToRestore(world.store.clock.toISOString());
  }
  throw new Error('It did not come to its end');
}

describe('a worker that dies', () => {
  it('KP-12: between any two of its writes is taken up again, and ends as one that lived', async () => {
    const healthy = aDyingClient(db.client);
    const whole = await aWorld(db, healthy.client);
    const { place } = await aGuardianWithAccount(whole);
    healthy.state.writes = 0;
    await runToTheEnd(whole, place);
    const { writes } = healthy.state;
    expect(writes).toBeGreaterThan(20);

    for (let diesAt = 1; diesAt <= writes; diesAt++) {
      const mortal = aDyingClient(db.client);
      const world = await aWorld(db, mortal.client);
      const { place: mine, ids } = await aGuardianWithAccount(world);
      mortal.state.writes = 0;
      mortal.state.diesAt = diesAt;
      await runToTheEnd(world, mine).catch(() => undefined);
      mortal.state.diesAt = Number.POSITIVE_INFINITY;
      await runToTheEnd(world, mine);
      const { tracesId } = await world.erasure(mine);
      const left = (await world.naming(...ids, tracesId!)).filter((row) => !isAllowedToStay(row));
      expect(left, `killed at write ${diesAt}`).toEqual([]);
      expect(await world.rows('lookup'), `killed at write ${diesAt}`).toEqual([]);
      expect([...world.suppression.addresses], `killed at write ${diesAt}`).toEqual([]);
      expect(world.users.users.size, `killed at write ${diesAt}`).toBe(0);
      expect(await world.erasure(mine), `killed at write ${diesAt}`).toMatchObject({ state: 'certified' });
    }
  }, 300_000);
});
