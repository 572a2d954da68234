import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { roleRef } from '../../../lambdas/features/access/role.ts';
import { erasureRef } from '../../../lambdas/features/erasure/erasure.ts';
import { ownerOf } from '../../../lambdas/features/people/person.ts';
import { legalHoldEntity } from '../../../lambdas/features/requests/hold.ts';
import { eraseOn } from '../../../lambdas/features/retention/due-index.ts';
import { roleStore } from '../../../lambdas/features/roles/store.ts';
import type { ErasureId, PersonId } from '../../../lambdas/http/ids.ts';
import { classesOf, restrictable } from '../../../lambdas/platform/entity.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aCall, anId } from '../../support/store.ts';
import { aHouse, type House } from './world.ts';

let db: TestDynamoDb;
let house: House;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());
beforeEach(async () => {
  house = await aHouse(db);
  house.at('2026-09-01T08:00:00Z');
});

/** A child that was here until the end of August 2026; its picture is due on 1 October, itself on 1 March. */
const LAST_DAY = '2026-08-31';
async function leaver(): Promise<PersonId> {
  const groupId = await house.group();
  return house.person({ placements: [{ groupId, from: '2024-08-01', until: LAST_DAY }] });
}
const record = async (personId: PersonId, id: string) =>
  (await house.records().get(erasureRef({ id: id as ErasureId, holder: ownerOf(house.organisationId, personId) })))
    ?.value;

describe('a person who has left', () => {
  it('is erased six months after the last placement ended, and not a day before (SM-11, FW-14)', async () => {
    const childId = await leaver();
    house.at('2027-02-28T22:59:59Z');
    expect(await house.sweep()).toMatchObject({ erased: 0, failed: 0 });
    expect(await house.orders(childId)).toEqual([]);

    house.at('2027-02-28T23:00:01Z');
    expect(await house.sweep()).toMatchObject({ erased: 1, failed: 0, lines: [] });
    const [order] = await house.orders(childId);
    expect(await record(childId, order!.sk)).toMatchObject({ cause: 'retention', state: 'ordered' });
    const closed = restrictable.filter((retentionClass) => classesOf(childId).includes(retentionClass));
    expect(await house.records().keyStates(ownerOf(house.organisationId, childId))).toEqual(
      new Map([
        ...closed.map((retentionClass) => [retentionClass, 'RESTRICTED'] as const),
        ['consent', 'ACTIVE'] as const,
      ]),
    );
  });

  it('is ordered once, also when the sweep runs twice', async () => {
    const childId = await leaver();
    house.at('2027-03-01T02:15:00Z');
    await house.sweep();
    expect(await house.sweep()).toMatchObject({ erased: 0, failed: 0 });
    expect(await house.orders(childId)).toHaveLength(1);
  });

  it('is seen by nobody from the second on which the term is over, before any sweep', async () => {
    const childId = await leaver();
    house.at('2027-02-25T02:15:00Z');
    await house.sweep();
    house.at('2027-02-28T22:59:59Z');
    expect(await house.sees(childId)).toMatchObject({ person: true });
    house.at('2027-02-28T23:00:00Z');
    expect(await house.sees(childId)).toMatchObject({ person: false });
    expect(await house.sweep()).toMatchObject({ erased: 1, failed: 0 });
  });

  it('stays hidden after a change of name, and is there again after a new placement', async () => {
    const childId = await leaver();
    const groupId = await house.group();
    house.at('2027-02-25T02:15:00Z');
    await house.sweep();
    await house.rename(childId, 'Eva');
    house.at('2027-02-28T23:00:01Z');
    expect(await house.sees(childId)).toMatchObject({ person: false });

    house.at('2027-02-28T22:00:00Z');
    await house.place(childId, [
      { groupId, from: '2024-08-01', until: LAST_DAY },
      { groupId, from: '2027-02-28' },
    ]);
    house.at('2027-03-02T02:15:00Z');
    expect(await house.sees(childId)).toMatchObject({ person: true });
    expect(await house.sweep()).toMatchObject({ erased: 0 });
    expect(await house.orders(childId)).toEqual([]);
  });

  it('is kept while a legal hold is in force, and while a restriction is (Art. 17(3), 18)', async () => {
    const [held, restricted] = [await leaver(), await leaver()];
    const owner = ownerOf(house.organisationId, held);
    const id = anId('hld');
    await house
      .records()
      .change()
      .put(
        { entity: legalHoldEntity, owner, key: id },
        { id, personId: held, basis: 'legal-claim', since: '2026-09-01T08:00:00.000Z', by: anId('per') },
        'new',
      )
      .keys({ do: 'restrict', owner: ownerOf(house.organisationId, restricted), retentionClass: 'person' })
      .activity({ event: 'hold.set', subject: owner })
      .commit();
    house.at('2027-03-01T02:15:00Z');
    expect(await house.sweep()).toMatchObject({ erased: 0, held: 2, failed: 0 });
    expect(await house.sees(held)).toMatchObject({ person: true });
    expect([...(await house.orders(held)), ...(await house.orders(restricted))]).toEqual([]);
  });

  it('goes later when the last day is moved, and leaves no row in the index', async () => {
    const groupId = await house.group();
    const childId = await leaver();
    await house.place(childId, [{ groupId, from: '2024-08-01', until: '2026-09-30' }]);
    house.at('2027-03-01T02:15:00Z');
    expect(await house.sweep()).toMatchObject({ erased: 0 });
    house.at('2027-03-31T02:15:00Z');
    expect(await house.sweep()).toMatchObject({ erased: 1 });
    expect(await house.rows()).toEqual([expect.objectContaining({ sk: 'WALK' })]);
  });
});

describe('a picture', () => {
  it('is shredded one month after the placement ended, while the person stays', async () => {
    const childId = await leaver();
    await house.picture(childId);
    house.at('2026-09-30T21:59:59Z');
    expect(await house.sweep()).toMatchObject({ shredded: 0 });
    expect(await house.sees(childId)).toEqual({ person: true, picture: true });

    house.at('2026-09-30T22:00:01Z');
    expect(await house.sees(childId)).toEqual({ person: true, picture: false });
    expect(await house.sweep()).toMatchObject({ shredded: 1, erased: 0, failed: 0 });
    const [order] = await house.orders(childId);
    expect(await record(childId, order!.sk)).toMatchObject({ cause: 'retention', retentionClasses: ['photo'] });
    expect(await house.read(childId)).toMatchObject({ firstName: 'Åse' });
    expect(await house.sweep()).toMatchObject({ shredded: 0 });
  });

  it('that nobody ever put needs no order', async () => {
    const childId = await leaver();
    house.at('2026-10-01T02:15:00Z');
    expect(await house.sweep()).toMatchObject({ shredded: 0, failed: 0 });
    expect(await house.orders(childId)).toEqual([]);
  });
});

describe('whoever has not left', () => {
  it('is kept: inactivity is not leaving, and neither is having been registered alone (SM-11)', async () => {
    const groupId = await house.group();
    const ids = [await house.person(), await house.person({ placements: [{ groupId, from: '2019-08-01' }] })];
    house.at('2036-01-07T02:15:00Z');
    expect(await house.sweep()).toMatchObject({ erased: 0, held: 0, failed: 0 });
    for (const id of ids) expect(await house.sees(id)).toMatchObject({ person: true });
  });

  it('is staff whose last placement is over and who still has a role', async () => {
    const groupId = await house.group();
    const staffId = await house.person({
      kind: 'staff',
      placements: [{ groupId, from: '2019-08-01', until: LAST_DAY }],
    });
    const role = await house.role(staffId, 'staff');
    house.at('2027-03-01T02:15:00Z');
    expect(await house.sweep()).toMatchObject({ erased: 0, failed: 0 });

    const call = aCall(house.store);
    const before = (await call.records.get(roleRef(house.organisationId, staffId, role.id)))!;
    await roleStore.save(before, { ...role, state: 'ended', validUntil: '2027-03-01' }, undefined, call);
    house.at('2027-09-01T21:59:59Z');
    expect(await house.sweep()).toMatchObject({ erased: 0, failed: 0 });
    house.at('2027-09-01T22:00:01Z');
    expect(await house.sweep()).toMatchObject({ erased: 1, failed: 0 });
  });

  it('is a guardian while one child is there, and no longer six months after the last one left', async () => {
    const groupId = await house.group();
    const [first, second] = [await leaver(), await house.person({ placements: [{ groupId, from: '2024-08-01' }] })];
    const guardianId = await house.person({ kind: 'guardian' });
    await house.role(guardianId, 'guardian', { scope: { kind: 'person', id: guardianId } });
    await house.link(first, guardianId);
    await house.link(second, guardianId);
    house.at('2027-03-01T02:15:00Z');
    await house.sweep();
    expect(await house.orders(guardianId)).toEqual([]);

    await house.place(second, [{ groupId, from: '2024-08-01', until: '2027-03-01' }]);
    // Nobody wrote a row for the guardian: the walk through the people finds that it is missing.
    house.at('2027-03-08T02:15:00Z');
    expect(await house.sweep()).toMatchObject({ mended: 1 });
    house.at('2027-09-02T02:15:00Z');
    await house.sweep();
    expect(await house.orders(guardianId)).toHaveLength(1);
  });
});

describe('the weekly walk', () => {
  it('puts back a row that went missing, once in a week', async () => {
    const childId = await leaver();
    const [row] = await house.rows();
    await house
      .records()
      .change()
      .unpoint(row!)
      .activity({ event: 'test.lost', subject: ownerOf(house.organisationId, childId) })
      .commit();
    expect(await house.sweep()).toMatchObject({ mended: 1 });
    expect(await house.rows()).toContainEqual(expect.objectContaining({ sk: row!.sk }));
    expect(await house.sweep()).toMatchObject({ mended: 0 });
  });

  it('goes on in the next run where time ran out', async () => {
    await leaver();
    let calls = 0;
    // Time for the organisation and its first step, not for the walk.
    await house.sweep(() => ++calls < 3);
    const swept = await house.sweep();
    expect(swept.failed).toBe(0);
    expect((await house.rows()).find(({ sk }) => sk === 'WALK')?.attributes).toMatchObject({ isDone: true });
  });
});

describe('what was put down for a day', () => {
  it('is ordered from that day on, and not before: evidence three years after it last mattered', async () => {
    const childId = await house.person();
    const owner = ownerOf(house.organisationId, childId);
    const change = house.records().change();
    eraseOn(change, { owner, classes: ['attendance'] }, '2029-11-02');
    await change.activity({ event: 'test.prepared', subject: owner }).commit();
    house.at('2029-11-01T22:59:59Z');
    expect(await house.sweep()).toMatchObject({ shredded: 0 });
    house.at('2029-11-01T23:00:01Z');
    expect(await house.sweep()).toMatchObject({ shredded: 1, failed: 0 });
    const [order] = await house.orders(childId);
    expect(await record(childId, order!.sk)).toMatchObject({ retentionClasses: ['attendance'] });
  });
});

describe('one organisation', () => {
  it('that fails does not keep the others waiting', async () => {
    const other = await aHouse(db, {}, house.store);
    const childId = await other.person({
      placements: [{ groupId: await other.group(), from: '2024-08-01', until: LAST_DAY }],
    });
    const { pk } = (await leaver().then(() => house.rows()))[0]!;
    await house
      .records()
      .change()
      .point({ table: 'core', pk, sk: 'DUE#2020-01-01#nobody' })
      .activity({ event: 'test.broken', subject: ownerOf(house.organisationId, childId) })
      .commit();
    house.at('2027-03-01T02:15:00Z');
    expect(await house.sweep()).toMatchObject({ organisations: 2, erased: 2, failed: 1, lines: [{ error: 'Error' }] });
  });
});
