import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RoleName } from '../../../lambdas/access/roles.ts';
import type { Custody } from '../../../lambdas/features/custody/custody.ts';
import { custodyHandlers } from '../../../lambdas/features/custody/handlers.ts';
import { custodyRoutes } from '../../../lambdas/features/custody/routes.ts';
import { custodyStore } from '../../../lambdas/features/custody/store.ts';
import { weekdays } from '../../../lambdas/features/reservations/days.ts';
import type { Client } from '../../../lambdas/http/client.ts';
import type { PersonId } from '../../../lambdas/http/ids.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aService, someoneWith } from '../../support/service.ts';
import { anId } from '../../support/store.ts';
import { aKindergarten, type Kindergarten } from '../attendance/kindergarten.ts';

let db: TestDynamoDb;
let house: Kindergarten;
let childId: PersonId;
let [mother, father]: PersonId[] = [];
let leader: Client<typeof custodyRoutes>;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());
beforeEach(async () => {
  house = await aKindergarten(db);
  house.at('2026-11-23T07:00:00Z');
  childId = await house.person({ placements: [{ groupId: await house.group(), from: '2026-08-17' }] });
  [mother, father] = [await house.guardian(childId), await house.guardian(childId)];
  leader = await as('leader');
});

const refused = (slug: string) => ({ name: 'ProblemError', slug });
async function as(role: RoleName, wanted: Parameters<typeof someoneWith>[3] = {}) {
  const service = aService(house.store, custodyRoutes, custodyHandlers(custodyStore));
  return service.as(await someoneWith(house.store, house.organisationId, role, wanted));
}
const of = (personId = childId) => ({ organisationId: house.organisationId, personId });
const week = (home: 'first' | 'second') => ({ days: weekdays.map(() => home) });
const turns = (fields: Partial<Custody> = {}): Custody => ({
  homes: { first: [mother!], second: [father!] },
  from: '2026-11-23',
  weeks: [week('first'), week('second')],
  exceptions: [],
  ...fields,
});
const query = { from: '2026-11-29', to: '2026-11-30' };

describe('two homes', () => {
  it('are read whole by staff, and by each guardian as the days with themselves alone', async () => {
    const set = await leader.setCustody({ params: of(), body: turns(), ifMatch: 1 });
    expect(set.body).toMatchObject({ shownTo: 'organisation', version: 2, custody: turns() });
    const staff = await as('staff');
    expect((await staff.getCustody({ params: of(), query })).body).toMatchObject({ custody: turns() });
    const seen = async (personId: PersonId) =>
      (await (await as('guardian', { personId })).getCustody({ params: of(), query })).body;
    const [hers, his] = [await seen(mother!), await seen(father!)];
    expect(hers).toMatchObject({
      shownTo: 'guardian',
      days: [
        { day: '2026-11-29', withMe: true },
        { day: '2026-11-30', withMe: false },
      ],
    });
    expect(his).toMatchObject({ days: [{ withMe: false }, { withMe: true }] });
    expect(JSON.stringify(hers)).not.toContain(father);
    expect(await house.activities(childId)).toEqual(expect.arrayContaining(['custody.set', 'person.seen']));
  });

  it('are said nothing of before they are set, and after they have been removed', async () => {
    const guardian = await as('guardian', { personId: mother! });
    const days = [{ day: '2026-11-29' }, { day: '2026-11-30' }];
    const before = await guardian.getCustody({ params: of(), query });
    expect(before.body).toMatchObject({ version: 1, days });
    await leader.removeCustody({ params: of(), ifMatch: 1 });
    await leader.setCustody({ params: of(), body: turns(), ifMatch: 1 });
    await expect(leader.removeCustody({ params: of(), ifMatch: 1 })).rejects.toMatchObject(refused('stale-version'));
    await expect(leader.setCustody({ params: of(), body: turns(), ifMatch: 1 })).rejects.toMatchObject(
      refused('stale-version'),
    );
    await leader.removeCustody({ params: of(), ifMatch: 2 });
    const after = await guardian.getCustody({ params: of(), query });
    expect(after.body).toEqual(before.body);
  });

  it('are of guardians of the child, each in one home, with days in their order', async () => {
    const wrong: Partial<Custody>[] = [
      { homes: { first: [mother!], second: [anId('per')] } },
      { homes: { first: [mother!], second: [mother!] } },
      { until: '2026-11-01' },
      { exceptions: [{ from: '2026-12-24', until: '2026-12-23', home: 'first' }] },
    ];
    for (const fields of wrong) {
      const set = leader.setCustody({ params: of(), body: turns(fields), ifMatch: 1 });
      await expect(set).rejects.toMatchObject(refused('malformed-request'));
    }
    const long = leader.getCustody({ params: of(), query: { from: '2026-01-01', to: '2026-12-31' } });
    await expect(long).rejects.toMatchObject(refused('malformed-request'));
    expect(await house.activities(childId)).not.toContain('custody.set');
  });

  it('are set by whoever manages people, and read by whoever decides for the child', async () => {
    await leader.setCustody({ params: of(), body: turns(), ifMatch: 1 });
    const change = { params: of(), body: turns(), ifMatch: 2 };
    const guardian = await as('guardian', { personId: father! });
    const staff = await as('staff');
    for (const client of [guardian, staff]) {
      await expect(client.setCustody(change)).rejects.toMatchObject(refused('not-allowed'));
      await expect(client.removeCustody({ params: of(), ifMatch: 2 })).rejects.toMatchObject(refused('not-allowed'));
    }
    const blocked = await house.guardian(childId);
    await house.block(childId, blocked);
    const outsiders = [
      await as('guardian', { personId: blocked }),
      await as('guardian', { personId: await house.guardian(childId, { rights: 'information-only' }) }),
      await as('guardian', { personId: await house.guardian(childId, { rights: 'pick-up-only' }) }),
      await as('guardian', { personId: await house.guardian(childId, { until: '2026-11-01' }) }),
      await as('guardian', { personId: await house.guardian(await house.person()) }),
      await as('staff', { scope: { kind: 'group', id: await house.group() } }),
    ];
    for (const outsider of outsiders) {
      const read = outsider.getCustody({ params: of(), query });
      await expect(read).rejects.toMatchObject(refused('person-not-found'));
    }
    const elsewhere = await as('leader', { scope: { kind: 'group', id: await house.group() } });
    await expect(elsewhere.setCustody(change)).rejects.toMatchObject(refused('person-not-found'));
    const gone = elsewhere.removeCustody({ params: of(), ifMatch: 2 });
    await expect(gone).rejects.toMatchObject(refused('person-not-found'));
    const other = await aKindergarten(db, {}, house.store);
    const service = aService(house.store, custodyRoutes, custodyHandlers(custodyStore));
    const foreign = service.as(await someoneWith(house.store, other.organisationId, 'leader'));
    await expect(foreign.getCustody({ params: of(), query })).rejects.toMatchObject(refused('organisation-not-found'));
  });

  it('are a child’s: nobody else has them', async () => {
    for (const personId of [father!, anId('per')]) {
      const asked = [
        leader.getCustody({ params: of(personId), query }),
        leader.setCustody({ params: of(personId), body: turns(), ifMatch: 1 }),
        leader.removeCustody({ params: of(personId), ifMatch: 1 }),
      ];
      for (const answer of await Promise.allSettled(asked)) {
        expect(answer).toMatchObject({ status: 'rejected', reason: refused('person-not-found') });
      }
    }
  });
});
