import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { grantRole } from '../../../lambdas/features/access/grant-role.ts';
import type { RoleRecord } from '../../../lambdas/features/access/role.ts';
import {
  DEPARTMENTS_MAX,
  departmentRef,
  GROUPS_MAX,
  type Organisation,
} from '../../../lambdas/features/organisations/organisation.ts';
import { groupRef } from '../../../lambdas/features/people/writes.ts';
import { ROLES_OF_PERSON_MAX } from '../../../lambdas/features/roles/administration.ts';
import type { DepartmentId, GroupId, RoleId } from '../../../lambdas/http/ids.ts';
import type { Change } from '../../../lambdas/platform/records.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { anOrganisation, aPerson, type SignedIn, someoneWith } from '../../support/service.ts';
import { anId } from '../../support/store.ts';
import { aWorld, type World } from './world.ts';

let dynamoDb: TestDynamoDb;
let world: World;
let organisation: Organisation;
let administrator: SignedIn;

beforeAll(async () => {
  dynamoDb = await startDynamoDb();
});
afterAll(() => dynamoDb.stop());
beforeEach(async () => {
  world = await aWorld(dynamoDb);
  organisation = await anOrganisation(world.store);
  administrator = await someoneWith(world.store, organisation.id, 'administrator');
});

const inOrg = () => ({ organisationId: organisation.id });
const admin = () => world.as(administrator);
const department = async (name: string) => (await admin().createDepartment({ params: inOrg(), body: { name } })).body;
const group = async (name: string) => (await admin().createGroup({ params: inOrg(), body: { name } })).body;

/** Written past the routes: so many requests would take long. */
async function writeEach(count: number, write: (change: Change, number: number) => void): Promise<void> {
  const PER_CHANGE = 25;
  for (let first = 0; first < count; first += PER_CHANGE) {
    const change = world.records().change();
    for (let number = first; number < Math.min(count, first + PER_CHANGE); number++) write(change, number);
    const subject = { controller: organisation.id, subject: organisation.id };
    await change.activity({ event: 'organisation.changed', subject }).commit();
  }
}

describe('a department', () => {
  const rename = (departmentId: DepartmentId, name: string) =>
    admin().changeDepartment({ params: { ...inOrg(), departmentId }, body: { name }, ifMatch: 1 });

  it('takes no name that another one has, neither at first nor later', async () => {
    await department('Små');
    const { id } = await department('Store');
    const before = await world.written();
    await expect(department('SMÅ')).rejects.toMatchObject({ slug: 'name-taken' });
    await expect(rename(id, 'små')).rejects.toMatchObject({ slug: 'name-taken' });
    expect(await world.written()).toEqual(before);
  });

  it('is not added to as many as there may be', async () => {
    await writeEach(DEPARTMENTS_MAX - 1, (change, number) => {
      const id = anId('dep');
      change.put(departmentRef(organisation.id, id), { id, name: `Avdeling ${number}`, state: 'open' }, 'new');
    });
    await department('Den siste');
    const before = await world.written();
    await expect(department('Én til')).rejects.toMatchObject({ slug: 'too-many' });
    expect(await world.written()).toEqual(before);
  });
});

describe('a group', () => {
  const move = (groupId: GroupId, departmentId: DepartmentId) =>
    admin().changeGroup({ params: { ...inOrg(), groupId }, body: { departmentId }, ifMatch: 1 });

  it('is not added to as many as there may be', async () => {
    await writeEach(GROUPS_MAX - 1, (change, number) => {
      const id = anId('grp');
      change.put(groupRef(organisation.id, id), { id, name: `Gruppe ${number}`, state: 'open' }, 'new');
    });
    await group('Den siste');
    const before = await world.written();
    await expect(group('Én til')).rejects.toMatchObject({ slug: 'too-many' });
    expect(await world.written()).toEqual(before);
  });

  it('moves to no department that is not there, or closed', async () => {
    const { id } = await group('Maur');
    const closed = await department('Små');
    await admin().changeDepartment({
      params: { ...inOrg(), departmentId: closed.id },
      body: { state: 'closed' },
      ifMatch: 1,
    });
    const before = await world.written();
    await expect(move(id, anId('dep'))).rejects.toMatchObject({ slug: 'department-not-found' });
    await expect(move(id, closed.id)).rejects.toMatchObject({ slug: 'wrong-state' });
    expect(await world.written()).toEqual(before);
  });
});

describe('a role', () => {
  const staff = async () => {
    const { id: personId } = await aPerson(world.store, organisation.id, { kind: 'staff' });
    return someoneWith(world.store, organisation.id, 'staff', { personId });
  };

  it('is not given to someone who holds as many as anyone may', async () => {
    const { accountId, personId } = await staff();
    await writeEach(ROLES_OF_PERSON_MAX - 2, (change) => {
      const scope = { kind: 'group', id: anId('grp') } as const;
      const held = {
        id: anId('rol'),
        personId,
        role: 'staff',
        scope,
        validFrom: '2026-01-01',
        state: 'active',
      } as const;
      grantRole(change, organisation.id, held, accountId);
    });
    const give = async (name: string) => {
      const scope = { kind: 'group', id: (await group(name)).id } as const;
      return () => admin().giveRole({ params: inOrg(), body: { personId, role: 'staff', scope } });
    };
    const [last, oneMore] = [await give('Maur'), await give('Bie')];
    await last();
    const before = await world.written();
    await expect(oneMore()).rejects.toMatchObject({ slug: 'too-many' });
    expect(await world.written()).toEqual(before);
  });

  it('is not narrowed to a department or group that is not there', async () => {
    const { role: roleId } = await staff();
    const narrow = (scope: RoleRecord['scope']) =>
      admin().changeRole({ params: { ...inOrg(), roleId }, body: { scope }, ifMatch: 1 });
    const before = await world.written();
    await expect(narrow({ kind: 'department', id: anId('dep') })).rejects.toMatchObject({
      slug: 'department-not-found',
    });
    await expect(narrow({ kind: 'group', id: anId('grp') })).rejects.toMatchObject({ slug: 'group-not-found' });
    expect(await world.written()).toEqual(before);
  });

  it('is not confirmed when it is not there, has ended, or is another organisation’s', async () => {
    const { role: ended } = await staff();
    await admin().endRole({ params: { ...inOrg(), roleId: ended } });
    const { role: elsewhere } = await someoneWith(world.store, (await anOrganisation(world.store)).id, 'staff');
    const before = await world.written();
    for (const roleId of [anId('rol'), ended, elsewhere]) {
      await expect(admin().confirmRole({ params: { ...inOrg(), roleId } })).rejects.toMatchObject({
        slug: 'role-not-found',
      });
    }
    expect(await world.written()).toEqual(before);
  });
});

describe('a platform role', () => {
  it('is not confirmed when it is not there, is an organisation’s, or is not suspended', async () => {
    const operator = await someoneWith(world.store, 'operator', 'platform-operator');
    const support = await someoneWith(world.store, 'operator', 'platform-support');
    const confirm = (roleId: RoleId) => world.as(operator).confirmPlatformRole({ params: { roleId } });
    const before = await world.written();
    await expect(confirm(anId('rol'))).rejects.toMatchObject({ slug: 'role-not-found' });
    await expect(confirm(administrator.role)).rejects.toMatchObject({ slug: 'role-not-found' });
    await expect(confirm(support.role)).rejects.toMatchObject({ slug: 'wrong-state' });
    expect(await world.written()).toEqual(before);
  });
});

describe('the reset of an only administrator’s second factor', () => {
  it('is not begun in a role that the caller does not have, nor in an organisation that is not there', async () => {
    const support = await someoneWith(world.store, 'operator', 'platform-support');
    const colleague = await someoneWith(world.store, 'operator', 'platform-support');
    const ask = (caller: SignedIn, organisationId = organisation.id) =>
      world.as(caller).requestSecondFactorReset({ body: { organisationId, personId: administrator.personId } });
    const before = await world.written();
    await expect(ask({ ...support, role: colleague.role })).rejects.toMatchObject({ slug: 'organisation-not-found' });
    // Where there is no organisation there is no such person: the handler tells the two not apart.
    await expect(ask(support, anId('org'))).rejects.toMatchObject({ slug: 'person-not-found' });
    expect(await world.written()).toEqual(before);
  });
});
