import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { rolePointers, roleRef } from '../../../lambdas/features/access/role.ts';
import type { Organisation } from '../../../lambdas/features/organisations/organisation.ts';
import { end } from '../../../lambdas/features/roles/last-one.ts';
import { roleStore } from '../../../lambdas/features/roles/store.ts';
import type { PersonId } from '../../../lambdas/http/ids.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { anOrganisation, aPerson, type SignedIn, someoneWith } from '../../support/service.ts';
import { aCall, anId } from '../../support/store.ts';
import { aWorld, type World } from '../organisations/world.ts';

let dynamoDb: TestDynamoDb;
let world: World;
let organisation: Organisation;
let administrator: SignedIn;
let staff: SignedIn;

beforeAll(async () => {
  dynamoDb = await startDynamoDb();
});
afterAll(() => dynamoDb.stop());
beforeEach(async () => {
  world = await aWorld(dynamoDb);
  organisation = await anOrganisation(world.store);
  administrator = await employee('administrator', 'Siri');
  staff = await employee('staff', 'Ola');
});

async function employee(
  role: 'administrator' | 'staff',
  firstName: string,
  kind: 'staff' | 'member' = 'staff',
): Promise<SignedIn> {
  const { id: personId } = await aPerson(world.store, organisation.id, { kind, firstName });
  return someoneWith(world.store, organisation.id, role, { personId });
}
const inOrg = () => ({ organisationId: organisation.id });
const admin = () => world.as(administrator);
const whole = { kind: 'organisation' } as const;
const give = (personId: PersonId, role: 'administrator' | 'leader' | 'staff' | 'member' | 'guardian', scope = {}) =>
  admin().giveRole({ params: inOrg(), body: { personId, role, scope: { ...whole, ...scope } } });
const endRole = (roleId: SignedIn['role'], by = admin()) => by.endRole({ params: { ...inOrg(), roleId } });
async function suspend(who: SignedIn) {
  const stored = await world.records().get(roleRef(organisation.id, who.personId, who.role));
  await world
    .records()
    .change()
    .put(stored!.ref, { ...stored!.value, state: 'suspended' }, { version: stored!.version })
    .activity({ event: 'role.suspended', subject: stored!.ref.owner })
    .commit();
}

describe('the roles of an organisation', () => {
  it('are listed with who holds them, page by page', async () => {
    const first = (await admin().listRoles({ params: inOrg(), query: { limit: 1 } })).body;
    const rest = (await admin().listRoles({ params: inOrg(), query: { cursor: first.next! } })).body;
    const items = [...first.items, ...rest.items];
    expect(items.map(({ id }) => id).sort()).toEqual([administrator.role, staff.role].sort());
    const held = items.find(({ id }) => id === staff.role);
    expect(held).toMatchObject({ title: 'ansatt', person: { firstName: 'Ola', lastName: 'Olstad' }, version: 1 });
  });

  it('are given to a person with an account, who finds the role at once', async () => {
    const { body, etag } = await give(staff.personId, 'leader');
    expect(body).toMatchObject({
      role: 'leader',
      title: 'styrer',
      validFrom: '2026-11-23',
      state: 'active',
      version: 1,
    });
    expect(etag).toBe('"1"');
    const [pointer] = await world
      .records()
      .pointersAt([rolePointers.ofAccount(staff.accountId, organisation.id, body.id)]);
    expect(pointer?.attributes).toEqual({ personId: staff.personId });
    expect(await world.events(organisation.id, staff.personId)).toContain('role.given');
  });

  it('are not given to a child, to nobody, to someone without an account, or twice', async () => {
    const child = await aPerson(world.store, organisation.id);
    const grownUp = await aPerson(world.store, organisation.id, { kind: 'staff' });
    const before = await world.written();
    await expect(give(child.id, 'staff')).rejects.toMatchObject({ slug: 'wrong-state' });
    await expect(give(anId('per'), 'staff')).rejects.toMatchObject({ slug: 'person-not-found' });
    await expect(give(grownUp.id, 'staff')).rejects.toMatchObject({ slug: 'wrong-state' });
    await expect(give(staff.personId, 'staff')).rejects.toMatchObject({ slug: 'wrong-state' });
    expect(await world.written()).toEqual(before);
  });

  it('are not given over a person whom a block keeps from the one who gives, whichever person they are there', async () => {
    const [member, behind] = [await employee('staff', 'Kim', 'member'), await employee('staff', 'Liv', 'member')];
    const body = { basis: 'court-order', since: '2026-11-01' } as const;
    const parent = await aPerson(world.store, organisation.id, { kind: 'member' });
    const mine = world.as(
      await someoneWith(world.store, organisation.id, 'administrator', { otherPersonIds: [parent.id] }),
    );
    await admin().blockPerson({ params: { ...inOrg(), personId: member.personId, otherId: parent.id }, body });
    await admin().blockPerson({ params: { ...inOrg(), personId: parent.id, otherId: behind.personId }, body });
    await admin().blockPerson({ params: { ...inOrg(), personId: parent.id, otherId: administrator.personId }, body });
    const before = await world.written();
    for (const { personId } of [member, behind]) {
      const giving = mine.giveRole({ params: inOrg(), body: { personId, role: 'leader', scope: whole } });
      await expect(giving).rejects.toMatchObject({ slug: 'person-not-found' });
    }
    await expect(give(parent.id, 'member')).rejects.toMatchObject({ slug: 'person-not-found' });
    expect(await world.written()).toEqual(before);
  });

  it('are given in a scope that the role can have, and that is there', async () => {
    const { id: groupId } = (await admin().createGroup({ params: inOrg(), body: { name: 'Maur' } })).body;
    const { body } = await give(staff.personId, 'staff', { kind: 'group', id: groupId });
    expect(body.scope).toEqual({ kind: 'group', id: groupId });
    const before = await world.written();
    const department = { kind: 'department', id: anId('dep') };
    await expect(give(staff.personId, 'leader', department)).rejects.toMatchObject({ slug: 'department-not-found' });
    const nobodysGroup = { kind: 'group', id: anId('grp') };
    await expect(give(staff.personId, 'staff', nobodysGroup)).rejects.toMatchObject({ slug: 'group-not-found' });
    const oneGroup = { kind: 'group', id: groupId };
    await expect(give(staff.personId, 'administrator', oneGroup)).rejects.toMatchObject({ slug: 'wrong-state' });
    const wrongKind = { kind: 'department', id: groupId };
    await expect(give(staff.personId, 'staff', wrongKind)).rejects.toMatchObject({ slug: 'wrong-state' });
    const another = { kind: 'person', id: administrator.personId };
    await expect(give(staff.personId, 'guardian', another)).rejects.toMatchObject({ slug: 'wrong-state' });
    // A kindergarten has no members.
    await expect(give(staff.personId, 'member')).rejects.toMatchObject({ slug: 'wrong-state' });
    expect(await world.written()).toEqual(before);
  });

  it('are nobody’s to give but an administrator’s', async () => {
    const body = { personId: staff.personId, role: 'administrator', scope: whole } as const;
    const before = await world.written();
    await expect(world.as(staff).giveRole({ params: inOrg(), body })).rejects.toMatchObject({ slug: 'not-allowed' });
    expect(await world.written()).toEqual(before);
  });
});

describe('a change of a role', () => {
  it('counts from the next request', async () => {
    const groups = () => world.as(staff).listGroups({ params: inOrg() });
    await groups();
    await endRole(staff.role);
    await expect(groups()).rejects.toMatchObject({ slug: 'organisation-not-found' });
    expect((await admin().listRoles({ params: inOrg() })).body.items.map(({ id }) => id)).toEqual([administrator.role]);
    expect(await world.roleOf(organisation.id, staff.personId, staff.role)).toMatchObject({
      state: 'ended',
      validUntil: '2026-11-23',
    });
  });

  it('moves its validity, and takes a last day away', async () => {
    const params = { ...inOrg(), roleId: staff.role };
    const limited = await admin().changeRole({ params, body: { validUntil: '2026-11-30' }, ifMatch: 1 });
    expect(limited.body).toMatchObject({ validUntil: '2026-11-30', version: 2 });
    const open = await admin().changeRole({ params, body: { validUntil: null }, ifMatch: 2 });
    expect(open.body).not.toHaveProperty('validUntil');
    await admin().changeRole({ params, body: { validFrom: '2026-11-24' }, ifMatch: 3 });
    await expect(world.as(staff).listGroups({ params: inOrg() })).rejects.toMatchObject({ status: 404 });
  });

  it('is refused over a version that was not read, before its first day, and for a role that is not there', async () => {
    const before = await world.written();
    const change = (ifMatch: number, body: object, roleId = staff.role) =>
      admin().changeRole({ params: { ...inOrg(), roleId }, body, ifMatch });
    await expect(change(2, { validUntil: '2026-11-30' })).rejects.toMatchObject({ slug: 'stale-version' });
    await expect(change(1, { validUntil: '2026-01-01' })).rejects.toMatchObject({ slug: 'wrong-state' });
    await expect(change(1, {}, anId('rol'))).rejects.toMatchObject({ slug: 'role-not-found' });
    await expect(endRole(anId('rol'))).rejects.toMatchObject({ slug: 'role-not-found' });
    expect(await world.written()).toEqual(before);
  });
});

describe('the last administrator', () => {
  it('stays: neither ended, nor given a last day', async () => {
    const before = await world.written();
    await expect(endRole(administrator.role)).rejects.toMatchObject({ slug: 'last-administrator' });
    const params = { ...inOrg(), roleId: administrator.role };
    await expect(admin().changeRole({ params, body: { validUntil: '2027-01-01' }, ifMatch: 1 })).rejects.toMatchObject({
      slug: 'last-administrator',
    });
    expect(await world.written()).toEqual(before);
  });

  it('is not replaced by one who is suspended or about to leave', async () => {
    const second = await employee('administrator', 'Eva');
    await suspend(second);
    await expect(endRole(administrator.role)).rejects.toMatchObject({ slug: 'last-administrator' });
    const third = await employee('administrator', 'Per');
    const params = { ...inOrg(), roleId: third.role };
    await admin().changeRole({ params, body: { validUntil: '2026-12-24' }, ifMatch: 1 });
    await expect(endRole(administrator.role)).rejects.toMatchObject({ slug: 'last-administrator' });
  });

  it('goes when there is another', async () => {
    const second = await employee('administrator', 'Eva');
    await endRole(administrator.role, world.as(second));
    await expect(admin().listRoles({ params: inOrg() })).rejects.toMatchObject({ status: 404 });
  });

  it('is left over when two end each other at the same moment', async () => {
    const second = await employee('administrator', 'Eva');
    // Both have read that there is another before either of them writes.
    const arrived: (() => void)[] = [];
    const together = {
      ...roleStore,
      async save(...change: Parameters<typeof roleStore.save>) {
        await new Promise<void>((go) => {
          arrived.push(go);
          if (arrived.length >= 2) for (const next of arrived) next();
        });
        await roleStore.save(...change);
      },
    };
    const endNow = ({ role }: SignedIn) => end(together, organisation.id, role, '2026-11-23', aCall(world.store));
    const ends = await Promise.allSettled([endNow(second), endNow(administrator)]);
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(ends.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { slug: 'last-administrator' } });
    const left = await Promise.all(
      [administrator, second].map(({ personId, role }) => world.roleOf(organisation.id, personId, role)),
    );
    expect(left.map((role) => role?.state).sort()).toEqual(['active', 'ended']);
  });
});

describe('a suspended role', () => {
  it('is closed until an administrator confirms it', async () => {
    await suspend(staff);
    const groups = () => world.as(staff).listGroups({ params: inOrg() });
    await expect(groups()).rejects.toMatchObject({ slug: 'role-suspended' });
    const confirmed = await admin().confirmRole({ params: { ...inOrg(), roleId: staff.role } });
    expect(confirmed.body).toMatchObject({ state: 'active', version: 3 });
    expect((await groups()).status).toBe(200);
    expect(await world.events(organisation.id, staff.personId)).toContain('role.confirmed');
  });

  it('is not confirmed by the one who holds it, and an active one not at all', async () => {
    const { body: own } = await give(administrator.personId, 'leader');
    await suspend({ ...administrator, role: own.id });
    const before = await world.written();
    for (const roleId of [own.id, staff.role]) {
      await expect(admin().confirmRole({ params: { ...inOrg(), roleId } })).rejects.toMatchObject({
        slug: 'wrong-state',
      });
    }
    expect(await world.written()).toEqual(before);
  });
});
