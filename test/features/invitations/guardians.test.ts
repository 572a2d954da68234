import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type GuardianLink,
  guardianLinkEntity,
  ownerOf,
  peoplePointers,
} from '../../../lambdas/features/people/person.ts';
import type { OrganisationId, PersonId } from '../../../lambdas/http/ids.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { anOrganisation, aPerson, type SignedIn, someoneWith } from '../../support/service.ts';
import { aWorld, type World } from '../accounts/world.ts';

let db: TestDynamoDb;
let world: World;
let organisationId: OrganisationId;
let leader: SignedIn;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());
beforeEach(async () => {
  world = await aWorld(db);
  organisationId = (await anOrganisation(world.store)).id;
  leader = await someoneWith(world.store, organisationId, 'leader');
});

let people = 0;
async function aGuardian(
  link: Partial<GuardianLink> | 'none' = {},
  email: string | 'none' = `g${++people}@example.no`,
) {
  const guardian = await aPerson(world.store, organisationId, {
    kind: 'guardian',
    ...(email !== 'none' && { email }),
  });
  if (link === 'none') return guardian.id;
  const child = await aPerson(world.store, organisationId);
  const value: GuardianLink = {
    guardianId: guardian.id,
    relation: 'mother',
    rights: 'parental-responsibility',
    livesWith: true,
    from: '2020-01-01',
    ...link,
  };
  const owner = ownerOf(organisationId, child.id);
  await world
    .records()
    .change()
    .put({ entity: guardianLinkEntity, owner, key: guardian.id }, value, 'new')
    .point(peoplePointers.child(organisationId, guardian.id, child.id))
    .activity({ event: 'guardian.linked', subject: owner })
    .commit();
  return guardian.id;
}
const invite = (query = {}, as = leader) => world.service.as(as).inviteGuardians({ params: { organisationId }, query });
const outcomesOf = async () =>
  Object.fromEntries((await invite()).body.items.map(({ personId, outcome }) => [personId, outcome]));
const letters = async (personId: PersonId) => (await world.noticesTo(ownerOf(organisationId, personId))).length;

describe('all guardians at once', () => {
  it('are invited when they have a child to see and no account; nobody is mailed twice', async () => {
    const [mother, informed] = [await aGuardian(), await aGuardian({ rights: 'information-only' })];
    const [picksUp, former] = [await aGuardian({ rights: 'pick-up-only' }), await aGuardian({ until: '2026-01-01' })];
    const [childless, silent, here] = [await aGuardian('none'), await aGuardian({}, 'none'), await aGuardian()];
    await someoneWith(world.store, organisationId, 'guardian', { personId: here });
    expect(await letters(mother)).toBe(0);
    const expected = {
      [mother]: 'invited',
      [informed]: 'invited',
      [picksUp]: 'no-child',
      [former]: 'no-child',
      [childless]: 'no-child',
      [silent]: 'no-address',
      [here]: 'has-account',
    };
    expect(await outcomesOf()).toEqual(expected);
    expect(await outcomesOf()).toEqual({ ...expected, [mother]: 'already-invited', [informed]: 'already-invited' });
    expect(await letters(mother)).toBe(1);
    for (const personId of [picksUp, former, childless, silent, here]) expect(await letters(personId)).toBe(0);
  });

  it('come page by page, and are invited anew when two weeks have passed', async () => {
    const ids = [await aGuardian(), await aGuardian(), await aGuardian()].sort();
    const first = (await invite({ limit: 2 })).body;
    const second = (await invite({ limit: 2, cursor: first.next })).body;
    expect([...first.items, ...second.items].map(({ personId }) => personId)).toEqual(ids);
    expect(second.next).toBeUndefined();
    world.pass(15 * 24 * 60 * 60);
    leader = await someoneWith(world.store, organisationId, 'leader');
    expect(Object.values(await outcomesOf())).toEqual(['invited', 'invited', 'invited']);
  });

  it('are the management’s to invite', async () => {
    const staff = await someoneWith(world.store, organisationId, 'staff');
    await expect(invite({}, staff)).rejects.toMatchObject({ slug: 'not-allowed' });
  });

  it('are not invited where no role is for them', async () => {
    organisationId = (await anOrganisation(world.store, { profile: 'workplace' })).id;
    leader = await someoneWith(world.store, organisationId, 'leader');
    await aGuardian();
    await expect(invite()).rejects.toMatchObject({ slug: 'wrong-state' });
  });
});
