import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Place, placeOf } from '../../../lambdas/features/erasure/erasure.ts';
import { ownerOf } from '../../../lambdas/features/people/person.ts';
import type { ErasureId, PersonId } from '../../../lambdas/http/ids.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aWorld, isAllowedToStay, type World } from '../erasure/world.ts';
import { aHouse, type House } from './world.ts';

let db: TestDynamoDb;
let world: World;
let house: House;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());
beforeEach(async () => {
  world = await aWorld(db);
  house = await aHouse(db, {}, world.store);
  house.at('2026-09-01T08:00:00Z');
});

/** Lets the erasure worker do what the sweep has ordered about somebody. */
async function erase(personId: PersonId): Promise<void> {
  for (const { sk, attributes } of await house.orders(personId)) {
    await world.run(placeOf(sk as ErasureId, attributes) as Place);
  }
}
const states = async (personId: PersonId) => house.records().keyStates(ownerOf(house.organisationId, personId));

describe('a child that has left', () => {
  it('loses its picture after a month and everything after six, by the worker that alone destroys keys', async () => {
    const groupId = await house.group();
    const childId = await house.person({ placements: [{ groupId, from: '2024-08-01', until: '2026-08-31' }] });
    await house.picture(childId);

    house.at('2026-10-01T01:15:00Z');
    expect(await house.sweep()).toMatchObject({ shredded: 1, failed: 0 });
    await erase(childId);
    expect(await house.sees(childId)).toEqual({ person: true, picture: false });
    expect((await world.rows('core')).filter(({ sk }) => sk === 'PICTURE')).toEqual([]);
    // The child may come back, and have a picture again.
    await house.picture(childId);
    expect(await house.sees(childId)).toEqual({ person: true, picture: true });
    // It has not come back, so that the walk of the week after finds the picture, and the next run takes it.
    house.at('2026-10-08T01:15:00Z');
    expect(await house.sweep()).toMatchObject({ mended: 1, failed: 0 });
    house.at('2026-10-09T01:15:00Z');
    expect(await house.sweep()).toMatchObject({ shredded: 1, failed: 0 });
    await erase(childId);
    expect(await house.sees(childId)).toEqual({ person: true, picture: false });
    expect((await world.rows('core')).filter(({ sk }) => sk === 'PICTURE')).toEqual([]);

    house.at('2027-03-01T02:15:00Z');
    expect(await house.sweep()).toMatchObject({ erased: 1, failed: 0 });
    await erase(childId);
    expect(await house.sees(childId)).toEqual({ person: false, picture: false });
    const keys = await states(childId);
    for (const retentionClass of ['person', 'membership', 'photo', 'attendance'] as const) {
      expect(keys.get(retentionClass), retentionClass).toBe('ERASED');
    }
    expect((await world.naming(childId)).filter((row) => !isAllowedToStay(row))).toEqual([]);
    expect(await house.sweep()).toMatchObject({ erased: 0, failed: 0 });
  });
});
