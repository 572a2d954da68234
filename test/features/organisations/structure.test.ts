import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Organisation } from '../../../lambdas/features/organisations/organisation.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { anOrganisation, type SignedIn, someoneWith } from '../../support/service.ts';
import { anId } from '../../support/store.ts';
import { aWorld, type World } from './world.ts';

let dynamoDb: TestDynamoDb;
let world: World;
let organisation: Organisation;
let leader: SignedIn;

beforeAll(async () => {
  dynamoDb = await startDynamoDb();
});
afterAll(() => dynamoDb.stop());
beforeEach(async () => {
  world = await aWorld(dynamoDb);
  organisation = await anOrganisation(world.store);
  leader = await someoneWith(world.store, organisation.id, 'leader');
});

const inOrg = () => ({ organisationId: organisation.id });
const as = () => world.as(leader);
const department = async (name: string) => (await as().createDepartment({ params: inOrg(), body: { name } })).body;
const group = async (name: string, departmentId?: Awaited<ReturnType<typeof department>>['id']) =>
  (await as().createGroup({ params: inOrg(), body: { name, ...(departmentId && { departmentId }) } })).body;

describe('departments and groups', () => {
  it('are created, listed and read back by version', async () => {
    const small = await department('Små');
    const bees = await group('Maur', small.id);
    expect(bees).toMatchObject({ name: 'Maur', departmentId: small.id, state: 'open', version: 1 });
    expect((await as().listDepartments({ params: inOrg() })).body.items).toEqual([small]);
    expect((await as().listGroups({ params: inOrg() })).body.items).toEqual([bees]);
  });

  it('have a name of their own, whatever its case; a department and a group may share one', async () => {
    await group('Blåveis');
    await department('Blåveis');
    const before = await world.written();
    await expect(group('BLÅVEIS')).rejects.toMatchObject({ slug: 'name-taken' });
    // The same letters, written with a combining ring.
    await expect(group('Bla\u030aveis')).rejects.toMatchObject({ slug: 'name-taken' });
    expect(await world.written()).toEqual(before);
  });

  it('may have a name that another organisation uses', async () => {
    await group('Blåveis');
    const other = await anOrganisation(world.store);
    const stranger = await someoneWith(world.store, other.id, 'leader');
    const created = await world
      .as(stranger)
      .createGroup({ params: { organisationId: other.id }, body: { name: 'Blåveis' } });
    expect(created.status).toBe(201);
  });

  it('keep one name apart also when two take it at once', async () => {
    const both = await Promise.allSettled([group('Maur'), group('Maur')]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect((await as().listGroups({ params: inOrg() })).body.items).toHaveLength(1);
  });

  it('give an old name back when they are renamed or closed, and claim it again when reopened', async () => {
    const { id } = await group('Maur');
    const params = { ...inOrg(), groupId: id };
    await as().changeGroup({ params, body: { name: 'Bie' }, ifMatch: 1 });
    const second = await group('Maur');
    await as().changeGroup({ params: { ...inOrg(), groupId: second.id }, body: { state: 'closed' }, ifMatch: 1 });
    await as().changeGroup({ params, body: { name: 'Maur' }, ifMatch: 2 });
    await expect(
      as().changeGroup({ params: { ...inOrg(), groupId: second.id }, body: { state: 'open' }, ifMatch: 2 }),
    ).rejects.toMatchObject({ slug: 'name-taken' });
  });

  it('may change the case of their own name', async () => {
    const { id } = await group('maur');
    const changed = await as().changeGroup({ params: { ...inOrg(), groupId: id }, body: { name: 'Maur' }, ifMatch: 1 });
    expect(changed.body).toMatchObject({ name: 'Maur', version: 2 });
    await expect(group('MAUR')).rejects.toMatchObject({ slug: 'name-taken' });
  });

  it('refuse a department that is not there or closed, and close no department over an open group', async () => {
    const small = await department('Små');
    const { id } = await group('Maur', small.id);
    const params = { ...inOrg(), departmentId: small.id };
    const before = await world.written();
    await expect(as().changeDepartment({ params, body: { state: 'closed' }, ifMatch: 1 })).rejects.toMatchObject({
      slug: 'wrong-state',
    });
    await expect(group('Bie', anId('dep'))).rejects.toMatchObject({ slug: 'department-not-found' });
    expect(await world.written()).toEqual(before);

    const moved = await as().changeGroup({
      params: { ...inOrg(), groupId: id },
      body: { departmentId: null },
      ifMatch: 1,
    });
    expect(moved.body).not.toHaveProperty('departmentId');
    await as().changeDepartment({ params, body: { state: 'closed' }, ifMatch: 1 });
    await expect(group('Bie', small.id)).rejects.toMatchObject({ slug: 'wrong-state' });
  });

  it('are not there for a group id that nobody has, nor over a version that was not read', async () => {
    const { id } = await group('Maur');
    const body = { name: 'Bie' };
    await expect(
      as().changeGroup({ params: { ...inOrg(), groupId: anId('grp') }, body, ifMatch: 1 }),
    ).rejects.toMatchObject({ slug: 'group-not-found' });
    await expect(as().changeGroup({ params: { ...inOrg(), groupId: id }, body, ifMatch: 7 })).rejects.toMatchObject({
      slug: 'stale-version',
    });
    await expect(
      as().changeDepartment({ params: { ...inOrg(), departmentId: anId('dep') }, body, ifMatch: 1 }),
    ).rejects.toMatchObject({ slug: 'department-not-found' });
  });

  it('are not shown to guardians, and not changed by staff', async () => {
    const guardian = await someoneWith(world.store, organisation.id, 'guardian');
    const staff = await someoneWith(world.store, organisation.id, 'staff');
    await expect(world.as(guardian).listGroups({ params: inOrg() })).rejects.toMatchObject({ slug: 'not-allowed' });
    expect((await world.as(staff).listGroups({ params: inOrg() })).body.items).toEqual([]);
    await expect(world.as(staff).createGroup({ params: inOrg(), body: { name: 'Maur' } })).rejects.toMatchObject({
      slug: 'not-allowed',
    });
  });
});
