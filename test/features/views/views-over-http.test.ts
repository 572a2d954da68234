import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ownerOf } from '../../../lambdas/features/people/person.ts';
import { viewHandlers } from '../../../lambdas/features/views/handlers.ts';
import { viewRoutes } from '../../../lambdas/features/views/routes.ts';
import { viewStore } from '../../../lambdas/features/views/store.ts';
import type { PersonId } from '../../../lambdas/http/ids.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aService, type SignedIn, someoneWith } from '../../support/service.ts';
import { anId } from '../../support/store.ts';
import { aWorld, by, NOW, type World } from '../activity/world.ts';

let db: TestDynamoDb;
let world: World;
let service: ReturnType<typeof viewService>;
let childId: PersonId;
let mother: SignedIn;
let leader: SignedIn;
const viewService = () => aService(world.store, viewRoutes, viewHandlers(viewStore));
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());
beforeEach(async () => {
  world = await aWorld(db);
  service = viewService();
  childId = await world.person();
  mother = await world.guardianOf(childId);
  leader = await world.colleague('leader');
});

const refused = (slug: string) => ({ name: 'ProblemError', slug });
type Query = NonNullable<NonNullable<Parameters<ReturnType<typeof service.as>['listViews']>[0]>['query']>;
const looks = async (reader: SignedIn, query: Query = {}, personId = childId) => {
  const params = { organisationId: world.organisationId, personId };
  return (await service.as(reader).listViews({ params, query })).body;
};
const seen = (who: SignedIn, event: `${string}.${string}` = 'child-log.seen', personId = childId) =>
  world.happened(event, ownerOf(world.organisationId, personId), by(who));

describe('who has looked at my child', () => {
  it('is told of staff by name and by the role that families know, when, and at what', async () => {
    await seen(leader, 'photos.seen');
    expect(await looks(mother)).toEqual({
      items: [
        {
          organisationId: world.organisationId,
          personId: childId,
          day: '2026-11-23',
          at: new Date(NOW).toISOString(),
          kind: 'photos',
          by: { kind: 'person', name: 'Kari Nordmann', role: 'leader', title: 'styrer' },
          sentence: 'Kari Nordmann (styrer) så bildene av Emil Olstad.',
        },
      ],
    });
  });

  it('is told of another guardian by role and day: no name, no id, no hour', async () => {
    const father = await world.guardianOf(childId, { relation: 'father' });
    await seen(father, 'attendance.seen');
    const { items } = await looks(mother);
    expect(items).toEqual([
      {
        organisationId: world.organisationId,
        personId: childId,
        day: '2026-11-23',
        kind: 'attendance',
        by: { kind: 'person', role: 'guardian', title: 'foresatt' },
        sentence: 'Noen med rollen foresatt så oppmøtet til Emil Olstad.',
      },
    ]);
    for (const theirs of [father.personId, father.accountId, father.role, 'Anne']) {
      expect(JSON.stringify(items)).not.toContain(theirs);
    }
  });

  it('is told of oneself as you, without one’s own reading of the list', async () => {
    await seen(mother, 'attendance.seen');
    await looks(mother);
    const { items } = await looks(mother);
    expect(items.map(({ kind, by: { kind: who } }) => [kind, who])).toEqual([['attendance', 'you']]);
  });

  it('is told of the erased as former users, and of the operator’s staff as such', async () => {
    const teacher = await world.colleague('staff');
    const support = await someoneWith(world.store, 'operator', 'platform-support');
    await seen(teacher);
    world.at('2026-11-23T07:01:00Z');
    await seen(support, 'person.seen');
    await world.erase(teacher.personId);
    const { items } = await looks(mother);
    expect(items.map(({ by: who }) => who)).toEqual([
      { kind: 'operator-staff', role: 'platform-support' },
      { kind: 'former-user' },
    ]);
  });

  it('names nobody whom a block keeps from the child, nor whoever has restricted their data', async () => {
    const kept = await world.colleague('staff', 'Ola');
    const restricted = await world.colleague('staff', 'Per');
    await world.block(childId, kept.personId);
    await world.restrict(restricted.personId);
    await seen(kept);
    await seen(restricted);
    const { items } = await looks(mother);
    expect(items.map(({ by: who }) => who)).toEqual(Array(2).fill({ kind: 'person', role: 'staff', title: 'ansatt' }));
    expect(JSON.stringify(items)).not.toMatch(/Ola|Per/);
  });

  it('holds looks alone, and none that are not a guardian’s to know', async () => {
    await seen(leader, 'attendance.checked-in');
    await seen(leader, 'request.seen');
    await seen(leader, 'block.set');
    expect((await looks(mother)).items).toEqual([]);
  });

  it('leaves to a child what the child has looked at by itself', async () => {
    const child = await world.someone('member', { personId: childId, scope: { kind: 'person', id: childId } });
    await seen(child, 'attendance.seen');
    expect((await looks(mother)).items).toEqual([]);
  });

  it('can be asked for by day and kind, page by page', async () => {
    for (const [minute, event] of ['attendance.seen', 'photos.seen', 'attendance.seen', 'attendance.seen'].entries()) {
      world.at(`2026-11-2${minute}T07:00:00Z`);
      await seen(leader, event as 'photos.seen');
    }
    world.at(NOW);
    const wanted = { kind: 'attendance', from: '2026-11-20', to: '2026-11-22', limit: 1 } as const;
    const first = await looks(mother, wanted);
    expect(first.items.map(({ day }) => day)).toEqual(['2026-11-22']);
    const second = await looks(mother, { ...wanted, cursor: first.next! });
    expect(second.items.map(({ day }) => day)).toEqual(['2026-11-20']);
    expect(second.next).toBeUndefined();
    await expect(looks(mother, { ...wanted, kind: 'photos', cursor: first.next! })).rejects.toMatchObject(
      refused('malformed-request'),
    );
  });
});

describe('the list of looks', () => {
  it.each([
    ['a guardian who is only informed', { rights: 'information-only' }],
    ['one who only picks up', { rights: 'pick-up-only' }],
    ['one who was a guardian', { until: '2026-11-22' }],
  ] as const)('is nothing for %s', async (_, link) => {
    await expect(looks(await world.guardianOf(childId, link))).rejects.toMatchObject(refused('person-not-found'));
  });

  it('is nothing for whom a block keeps away, for staff, for another’s guardian, or from elsewhere', async () => {
    const father = await world.guardianOf(childId);
    await world.block(childId, father.personId);
    const others = [father, await world.colleague('staff'), await world.guardianOf(await world.person())];
    for (const other of others) {
      await expect(looks(other)).rejects.toMatchObject(refused('person-not-found'));
    }
    await expect(looks(leader)).rejects.toMatchObject(refused('not-allowed'));
    await expect(looks(mother, {}, anId('per'))).rejects.toMatchObject(refused('person-not-found'));
  });

  it('is the privacy officer’s, with what only the officer may know; and the read is recorded', async () => {
    const officer = await world.colleague('privacy-officer', 'Odd');
    await seen(leader, 'request.seen');
    expect((await looks(officer)).items.map(({ kind }) => kind)).toEqual(['requests']);
    const { items } = await looks(mother);
    expect(items.map(({ kind, by: { name } }) => [kind, name])).toEqual([['views', 'Odd Nordmann']]);
  });

  it('is a right that a restriction takes from nobody (Art. 18(2))', async () => {
    await seen(leader);
    await world.restrict(childId);
    expect((await looks(mother)).items).toHaveLength(1);
  });

  it('is one’s own in every organisation, without a role', async () => {
    const self = ownerOf(world.organisationId, mother.personId);
    await world.happened('person.seen', self, by(leader));
    await seen(leader);
    const api = service.as({ token: mother.token });
    const { body } = await api.listMyViews({ query: {} });
    expect(body.items).toMatchObject([
      {
        personId: mother.personId,
        kind: 'person',
        by: { name: 'Kari Nordmann' },
        sentence: 'Kari Nordmann (styrer) så opplysningene om deg.',
      },
    ]);
    expect((await api.listMyViews({ query: { organisationId: anId('org') } })).body.items).toEqual([]);
  });
});
