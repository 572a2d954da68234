import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { groupEntity, organisationOwner } from '../../../lambdas/features/organisations/organisation.ts';
import { personHandlers } from '../../../lambdas/features/people/handlers.ts';
import { blockEntity, guardianLinkEntity, ownerOf, type PersonKind } from '../../../lambdas/features/people/person.ts';
import { personRoutes } from '../../../lambdas/features/people/routes.ts';
import { personStore } from '../../../lambdas/features/people/store.ts';
import { Guardian, Person } from '../../../lambdas/features/people/views.ts';
import type { Call, RoleCaller } from '../../../lambdas/http/call.ts';
import type { GroupId, OrganisationId, PersonId } from '../../../lambdas/http/ids.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { anOrganisation } from '../../support/service.ts';
import { aCall, anId, aStore, type TestStore } from '../../support/store.ts';

let dynamoDb: TestDynamoDb;
let store: TestStore;
let organisationId: OrganisationId;
const people = personHandlers(personStore);

beforeAll(async () => {
  dynamoDb = await startDynamoDb();
});
afterAll(() => dynamoDb.stop());
beforeEach(async () => {
  store = await aStore(dynamoDb.client, await dynamoDb.createTables(), []);
  organisationId = (await anOrganisation(store)).id;
});

const asRole = (role: Partial<RoleCaller> = {}): Call => aCall(store, { role: 'leader', organisationId, ...role });
const inOrg = () => ({ organisationId });

let seed = 0;
type NewPerson = Parameters<typeof people.createPerson>[0]['body'];
const aPerson = (kind: PersonKind, fields: Partial<NewPerson> = {}): NewPerson => ({
  kind,
  firstName: 'Kari',
  lastName: `Nordmann ${++seed}`,
  language: 'nb',
  protectedAddress: false,
  ...fields,
});
async function create(kind: PersonKind, fields: Partial<NewPerson> = {}) {
  const input = { params: inOrg(), query: undefined, body: aPerson(kind, fields), ifMatch: undefined };
  return Person.parse(await people.createPerson(input, asRole()));
}
const get = (personId: PersonId, call = asRole()) =>
  people.getPerson({ params: { ...inOrg(), personId }, query: undefined, body: undefined, ifMatch: undefined }, call);
type Changes = Parameters<typeof people.changePerson>[0]['body'];
const change = (personId: PersonId, ifMatch: number, body: Changes) =>
  people.changePerson({ params: { ...inOrg(), personId }, query: undefined, body, ifMatch }, asRole());
const ofGuardian = (guardianId: PersonId) => ({
  guardianId,
  relation: 'mother' as const,
  rights: 'parental-responsibility' as const,
  livesWith: true,
  from: '2026-08-17',
});
const link = (personId: PersonId, guardianId: PersonId, call = asRole()) =>
  people.linkGuardian(
    { params: { ...inOrg(), personId }, query: undefined, body: ofGuardian(guardianId), ifMatch: undefined },
    call,
  );
const block = (personId: PersonId, otherId: PersonId) =>
  people.blockPerson(
    {
      params: { ...inOrg(), personId, otherId },
      query: undefined,
      body: { basis: 'court-order', since: '2026-11-01' },
      ifMatch: undefined,
    },
    asRole(),
  );
const guardiansOf = (personId: PersonId, call = asRole()) =>
  people.listGuardians(
    { params: { ...inOrg(), personId }, query: undefined, body: undefined, ifMatch: undefined },
    call,
  );
const place = (personId: PersonId, groupId: GroupId, ifMatch: number, from = '2026-08-17', until?: string) =>
  people.placePerson(
    {
      params: { ...inOrg(), personId, groupId, from },
      query: undefined,
      body: until === undefined ? {} : { until },
      ifMatch,
    },
    asRole(),
  );
type ListQuery = Partial<Parameters<typeof people.listPeople>[0]['query']>;
const list = (query: ListQuery = {}, call = asRole()) =>
  people.listPeople({ params: inOrg(), query: { limit: 25, ...query }, body: undefined, ifMatch: undefined }, call);

const idsOf = (page: { readonly items: readonly { readonly id: string }[] }) =>
  page.items.map(({ id }) => id as PersonId);

async function aGroup(name: string): Promise<GroupId> {
  const id = anId('grp');
  const owner = organisationOwner(organisationId);
  await asRole()
    .records.change()
    .put({ entity: groupEntity, owner, key: id }, { id, name, state: 'open' }, 'new')
    .activity({ event: 'group.created', subject: owner })
    .commit();
  return id;
}

async function activityOf(personId: PersonId) {
  const { Items = [] } = await dynamoDb.client.send(
    new QueryCommand({
      TableName: store.tableNames.activity,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: `${organisationId}#${personId}` } },
    }),
  );
  return Items.map((item) => item['event']?.S);
}

describe('a person', () => {
  it('is kept with the fields of its kind (KP-04, KP-05, KP-06)', async () => {
    const child = await create('child', { birthDate: '2023-02-01', note: 'Liker trær' });
    const guardian = await create('guardian', { email: 'a@example.no', address: 'Veien 1', postcode: '0315' });
    const staff = await create('staff', { email: 's@example.no', phone: '+4790000000', position: 'Styrer' });
    expect(await get(child.id)).toEqual(child);
    expect(await get(guardian.id)).toMatchObject({ address: 'Veien 1', postcode: '0315', version: 1 });
    expect(await get(staff.id)).toMatchObject({ position: 'Styrer', phone: '+4790000000' });
    expect(await activityOf(child.id)).toEqual(['person.created']);
  });

  it('is refused a field that is not held about its kind without consent (FW-02)', async () => {
    await expect(create('child', { address: 'Veien 1' })).rejects.toMatchObject({
      slug: 'malformed-request',
      extensions: { errors: [{ pointer: '#/body/address' }] },
    });
    const staff = await create('staff');
    await expect(change(staff.id, 1, { birthDate: '1990-01-01' })).rejects.toMatchObject({ slug: 'malformed-request' });
    expect((await list()).items).toHaveLength(1);
  });

  it('has its fields changed and emptied at any time, but keeps its names (FW-02)', async () => {
    const guardian = await create('guardian', { email: 'a@example.no', phone: '+4790000000', note: 'x' });
    const changed = await change(guardian.id, 1, { phone: null, note: null, email: null, firstName: 'Kine' });
    expect(changed).toMatchObject({ firstName: 'Kine', version: 2 });
    const read = await get(guardian.id);
    for (const field of ['phone', 'note', 'email']) expect(read).not.toHaveProperty(field);
    expect(personRoutes.changePerson.body.safeParse({ firstName: null }).success).toBe(false);
    expect(personRoutes.changePerson.body.safeParse({ phone: null }).success).toBe(true);
    expect(personRoutes.changePerson.body.safeParse({ placements: [] }).success).toBe(false);
  });

  it('is not changed over a version that nobody saw, and nothing is written', async () => {
    const { id } = await create('staff');
    await change(id, 1, { position: 'Vikar' });
    await expect(change(id, 1, { position: 'Styrer' })).rejects.toMatchObject({ slug: 'stale-version' });
    expect(await get(id)).toMatchObject({ position: 'Vikar', version: 2 });
  });

  it('writes nothing when nothing changes', async () => {
    const { id } = await create('staff', { position: 'Vikar' });
    expect(await change(id, 1, { position: 'Vikar' })).toMatchObject({ version: 1 });
    expect(await activityOf(id)).toEqual(['person.created']);
  });

  it('is unknown in another organisation', async () => {
    const { id } = await create('child');
    const elsewhere = { organisationId: anId('org'), personId: id };
    const input = { params: elsewhere, query: undefined, body: undefined, ifMatch: undefined };
    await store.ring.create(elsewhere.organisationId);
    await expect(people.getPerson(input, asRole())).rejects.toMatchObject({ slug: 'person-not-found' });
  });
});

describe('an e-mail address', () => {
  it('belongs to one grown-up of the organisation, whatever its case', async () => {
    await create('guardian', { email: 'Silje.Ruud@example.no' });
    await expect(create('staff', { email: 'silje.ruud@EXAMPLE.no' })).rejects.toMatchObject({ slug: 'email-taken' });
    expect((await list({ kind: 'staff' })).items).toEqual([]);
  });

  it('is free again once it has been given up', async () => {
    const first = await create('guardian', { email: 'a@example.no' });
    await change(first.id, 1, { email: 'b@example.no' });
    const second = await create('staff', { email: 'a@example.no' });
    await expect(change(second.id, 1, { email: 'b@example.no' })).rejects.toMatchObject({ slug: 'email-taken' });
    await change(first.id, 2, { email: null });
    expect(await change(second.id, 1, { email: 'b@example.no' })).toMatchObject({ email: 'b@example.no' });
  });

  it('goes to one of ten who ask at once', async () => {
    const asked = await Promise.allSettled(
      Array.from({ length: 10 }, () => create('guardian', { email: 'a@example.no' })),
    );
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await list()).items).toHaveLength(1);
  });
});

describe('two children of the same name and birthday', () => {
  const twin = { firstName: 'Ola', lastName: 'Dal', birthDate: '2023-02-01' };

  it('are both taken, also when they come at once', async () => {
    await Promise.all([create('child', twin), create('child', twin), create('child', twin)]);
    expect((await list({ kind: 'child' })).items).toHaveLength(3);
  });

  it('do not stand in each other’s way when one is renamed', async () => {
    const first = await create('child', twin);
    const second = await create('child', twin);
    const value = 'child|ola dal|2023-02-01';
    expect(await change(second.id, 1, { firstName: 'Per' })).toMatchObject({ firstName: 'Per' });
    expect(await asRole().records.find(organisationId, 'import-row', value)).toBe(first.id);
    await change(first.id, 1, { firstName: 'Pål' });
    expect(await asRole().records.find(organisationId, 'import-row', value)).toBeUndefined();
  });
});

describe('a link to a guardian', () => {
  it('is made, listed, changed and taken away', async () => {
    const [child, guardian] = await Promise.all([create('child'), create('guardian', { phone: '+4790000000' })]);
    expect(await link(child.id, guardian.id)).toMatchObject({ version: 1 });
    expect((await guardiansOf(child.id)).items).toMatchObject([
      { shownTo: 'organisation', guardianId: guardian.id, phone: '+4790000000', rights: 'parental-responsibility' },
    ]);
    const { guardianId, ...terms } = ofGuardian(guardian.id);
    const params = { ...inOrg(), personId: child.id, guardianId };
    const body = { ...terms, rights: 'pick-up-only' as const };
    const changing = (ifMatch: number) =>
      people.changeGuardianLink({ params, query: undefined, body, ifMatch }, asRole());
    expect(await changing(1)).toMatchObject({ rights: 'pick-up-only', version: 2 });
    await expect(changing(1)).rejects.toMatchObject({ slug: 'stale-version' });
    await people.unlinkGuardian({ params, query: undefined, body: undefined, ifMatch: 2 }, asRole());
    expect((await guardiansOf(child.id)).items).toEqual([]);
    await expect(changing(2)).rejects.toMatchObject({ slug: 'person-not-found' });
    expect(await activityOf(child.id)).toEqual([
      'person.created',
      'guardian.linked',
      'guardian.link-changed',
      'guardian.unlinked',
    ]);
  });

  it('is made once', async () => {
    const [child, guardian] = await Promise.all([create('child'), create('guardian')]);
    await link(child.id, guardian.id);
    await expect(link(child.id, guardian.id)).rejects.toMatchObject({ slug: 'already-linked' });
  });

  it('needs a child and a grown-up of the organisation', async () => {
    const [child, other, guardian] = await Promise.all([create('child'), create('child'), create('guardian')]);
    for (const [one, two] of [
      [child.id, other.id],
      [guardian.id, other.id],
      [child.id, child.id],
      [child.id, anId('per')],
      [anId('per'), guardian.id],
    ] as const) {
      await expect(link(one, two)).rejects.toMatchObject({ slug: 'person-not-found' });
    }
    expect((await guardiansOf(child.id)).items).toEqual([]);
  });

  it('shows a guardian no contact details of the other (KP-05)', async () => {
    const [child, mother, father] = await Promise.all([
      create('child', { note: 'Om barnet' }),
      create('guardian', { email: 'mor@example.no' }),
      create('guardian', { email: 'far@example.no', phone: '+4790000000', address: 'Veien 1' }),
    ]);
    await link(child.id, mother.id);
    await link(child.id, father.id);
    const asMother = asRole({ role: 'guardian', personId: mother.id, scope: { kind: 'person', id: mother.id } });
    const { items } = await guardiansOf(child.id, asMother);
    expect(items.find(({ guardianId }) => guardianId === father.id)).toEqual({
      shownTo: 'guardian',
      guardianId: father.id,
      firstName: 'Kari',
      lastName: father.lastName,
      relation: 'mother',
    });
    expect(items.find(({ guardianId }) => guardianId === mother.id)).toMatchObject({ email: 'mor@example.no' });
    expect(items.map((item) => Guardian.safeParse(item).success)).toEqual([true, true]);
  });
});

describe('a block between a child and a grown-up', () => {
  it('takes the link away with it, and no new one can be made', async () => {
    const [child, guardian] = await Promise.all([create('child'), create('guardian')]);
    await link(child.id, guardian.id);
    expect(await block(child.id, guardian.id)).toMatchObject({ personId: guardian.id, version: 1 });
    expect((await guardiansOf(child.id)).items).toEqual([]);
    await expect(link(child.id, guardian.id)).rejects.toMatchObject({ slug: 'blocked' });
    const children = await asRole().records.pointers('core', `${organisationId}#${guardian.id}`, { prefix: 'CHILD#' });
    expect(children.items).toEqual([]);
    expect(await activityOf(child.id)).toContain('block.set');
  });

  it('wins every race against a link', async () => {
    const child = await create('child');
    const guardians = await Promise.all(Array.from({ length: 8 }, () => create('guardian')));
    await Promise.all(
      guardians.flatMap(({ id }) => [
        link(child.id, id).catch((error) => expect(error).toMatchObject({ slug: 'blocked' })),
        block(child.id, id),
      ]),
    );
    const { records } = asRole();
    const owner = ownerOf(organisationId, child.id);
    expect((await records.list(blockEntity, owner)).items).toHaveLength(8);
    expect((await records.list(guardianLinkEntity, owner)).items).toEqual([]);
  });

  it('takes away a link that was made while it was being set', async () => {
    const [child, guardian] = await Promise.all([create('child'), create('guardian')]);
    const call = asRole();
    let reads = 0;
    const together: Call['records']['together'] = async (refs) => {
      const stored = await call.records.together(refs);
      // The first read is about the persons, the second about what stands between them.
      if (++reads === 2) await link(child.id, guardian.id);
      return stored;
    };
    await people.blockPerson(
      {
        params: { ...inOrg(), personId: child.id, otherId: guardian.id },
        query: undefined,
        body: { basis: 'organisation', since: '2026-11-01' },
        ifMatch: undefined,
      },
      { ...call, records: { ...call.records, together } },
    );
    expect(reads).toBe(3);
    expect((await guardiansOf(child.id)).items).toEqual([]);
  });

  it('can be changed, listed and lifted, and then no link comes back', async () => {
    const [child, guardian] = await Promise.all([create('child'), create('guardian')]);
    await link(child.id, guardian.id);
    await block(child.id, guardian.id);
    expect(await block(child.id, guardian.id)).toMatchObject({ version: 2 });
    const params = { ...inOrg(), personId: child.id };
    const listed = await people.listBlocks({ params, query: undefined, body: undefined, ifMatch: undefined }, asRole());
    expect(listed.items).toMatchObject([{ personId: guardian.id, basis: 'court-order', version: 2 }]);
    const lift = () =>
      people.liftBlock(
        { params: { ...params, otherId: guardian.id }, query: undefined, body: undefined, ifMatch: undefined },
        asRole(),
      );
    await lift();
    await lift();
    expect((await guardiansOf(child.id)).items).toEqual([]);
    expect(await link(child.id, guardian.id)).toMatchObject({ version: 1 });
    expect((await activityOf(child.id)).filter((event) => event === 'block.lifted')).toHaveLength(1);
  });

  it('keeps the child out of the list of the one it keeps away', async () => {
    const [child, other, carer] = await Promise.all([create('child'), create('child'), create('staff')]);
    await block(child.id, carer.id);
    const asCarer = asRole({ role: 'staff', personId: carer.id });
    expect((await list({ kind: 'child' }, asCarer)).items.map(({ id }) => id)).toEqual([other.id]);
  });

  it('needs a child and a grown-up', async () => {
    const [child, other] = await Promise.all([create('child'), create('child')]);
    await expect(block(child.id, other.id)).rejects.toMatchObject({ slug: 'person-not-found' });
    await expect(block(child.id, child.id)).rejects.toMatchObject({ slug: 'person-not-found' });
  });
});

describe('what is shown of a person', () => {
  const protectedFields = { address: 'Hemmelig vei 1', postcode: '0315', protectedAddress: true };

  it('holds a protected address for the management and the person alone', async () => {
    const { id } = await create('guardian', protectedFields);
    const staff = await get(id, asRole({ role: 'staff' }));
    expect(JSON.stringify(staff)).not.toMatch(/Hemmelig|0315/);
    expect(staff).toMatchObject({ shownTo: 'staff', protectedAddress: true });
    for (const role of [{ role: 'administrator' }, { role: 'leader' }, { role: 'guardian', personId: id }] as const) {
      expect(await get(id, asRole(role))).toMatchObject({ address: 'Hemmelig vei 1', postcode: '0315' });
    }
  });

  it('is an ordinary address for staff as well', async () => {
    const { id } = await create('guardian', { address: 'Veien 1', postcode: '0315' });
    expect(await get(id, asRole({ role: 'staff' }))).toMatchObject({ address: 'Veien 1', postcode: '0315' });
  });

  it('is, to a guardian, the child without notes and protection', async () => {
    const { id } = await create('child', { note: 'Notat', protectedAddress: true, birthDate: '2023-01-01' });
    const shown = await get(id, asRole({ role: 'guardian' }));
    expect(Object.keys(shown).sort()).not.toContain('note');
    expect(shown).not.toHaveProperty('protectedAddress');
    expect(shown).toMatchObject({ shownTo: 'guardian', birthDate: '2023-01-01' });
  });

  it('leaves the notes about colleagues to the management (KP-06)', async () => {
    const { id } = await create('staff', { note: 'Samtale i mars' });
    expect(await get(id, asRole({ role: 'staff' }))).not.toHaveProperty('note', 'Samtale i mars');
    expect(await get(id, asRole({ role: 'staff', personId: id }))).toMatchObject({ note: 'Samtale i mars' });
  });

  it('matches its schema for every role', async () => {
    const { id } = await create('member', { ...protectedFields, email: 'm@example.no', note: 'x' });
    for (const role of ['administrator', 'leader', 'staff', 'guardian'] as const) {
      expect(Person.safeParse(JSON.parse(JSON.stringify(await get(id, asRole({ role }))))).success).toBe(true);
    }
  });
});

describe('a placement', () => {
  it('begins, ends, and shows in the list of the group', async () => {
    const [groupId, { id }] = await Promise.all([aGroup('Blåveis'), create('child')]);
    expect(await place(id, groupId, 1)).toMatchObject({ placements: [{ groupId, from: '2026-08-17' }], version: 2 });
    expect((await list({ groupId })).items.map((person) => person.id)).toEqual([id]);
    expect(await place(id, groupId, 2, '2026-08-17', '2027-06-30')).toMatchObject({
      placements: [{ groupId, from: '2026-08-17', until: '2027-06-30' }],
    });
  });

  it('needs a group, keeps its days in order and never overlaps itself', async () => {
    const [groupId, { id }] = await Promise.all([aGroup('Blåveis'), create('child')]);
    await expect(place(id, anId('grp'), 1)).rejects.toMatchObject({ slug: 'group-not-found' });
    await expect(place(id, groupId, 1, '2026-08-17', '2026-08-16')).rejects.toMatchObject({ slug: 'wrong-state' });
    await place(id, groupId, 1);
    await expect(place(id, groupId, 2, '2026-10-01')).rejects.toMatchObject({ slug: 'wrong-state' });
    await expect(place(id, groupId, 1, '2027-10-01')).rejects.toMatchObject({ slug: 'stale-version' });
    expect(await get(id)).toMatchObject({ version: 2 });
  });

  it('is one of at most fifty', async () => {
    const [groupId, { id }] = await Promise.all([aGroup('Blåveis'), create('child')]);
    for (let n = 0; n < 50; n++) {
      const day = `${2000 + n}-01-01`;
      await place(id, groupId, n + 1, day, day);
    }
    await expect(place(id, groupId, 51, '2060-01-01')).rejects.toMatchObject({ slug: 'too-many' });
  });
});

describe('the list of people', () => {
  it('comes in pages that together hold each once, in two waves of reads', async () => {
    await Promise.all(Array.from({ length: 7 }, () => create('child')));
    await create('guardian');
    const seen: PersonId[] = [];
    let cursor: string | undefined;
    do {
      const call = asRole();
      const page = await list({ kind: 'child', limit: 3, ...(cursor !== undefined && { cursor }) }, call);
      expect(call.records.roundTrips).toBe(2);
      seen.push(...idsOf(page));
      cursor = page.next;
    } while (cursor !== undefined);
    expect(seen).toHaveLength(7);
    expect(new Set(seen).size).toBe(7);
    expect((await list()).items).toHaveLength(8);
  });

  it('merges the groups of a department, each person once', async () => {
    const departmentId = anId('dep');
    const groups = await Promise.all([aGroup('A'), aGroup('B')]);
    const owner = organisationOwner(organisationId);
    for (const id of groups) {
      const ref = { entity: groupEntity, owner, key: id } as const;
      await asRole()
        .records.change()
        .put(ref, { id, name: 'X', departmentId, state: 'open' }, { version: 1 })
        .activity({ event: 'group.changed', subject: owner })
        .commit();
    }
    const children = await Promise.all(Array.from({ length: 5 }, () => create('child')));
    for (const [i, { id }] of children.entries()) await place(id, groups[i % 2]!, 1);
    await place(children[0]!.id, groups[1]!, 2);
    await create('child');
    const asStaff = () => asRole({ role: 'staff', scope: { kind: 'department', id: departmentId } });
    const seen: PersonId[] = [];
    let cursor: string | undefined;
    do {
      const page = await list({ limit: 2, ...(cursor !== undefined && { cursor }) }, asStaff());
      seen.push(...idsOf(page));
      cursor = page.next;
    } while (cursor !== undefined);
    expect(seen.sort()).toEqual(children.map(({ id }) => id).sort());
  });

  it('gives staff of a group that group, and no other (SM-02)', async () => {
    const [ours, theirs] = await Promise.all([aGroup('A'), aGroup('B')]);
    const [child, other] = await Promise.all([create('child'), create('child')]);
    await place(child.id, ours, 1);
    await place(other.id, theirs, 1);
    const asStaff = () => asRole({ role: 'staff', scope: { kind: 'group', id: ours } });
    expect((await list({}, asStaff())).items.map(({ id }) => id)).toEqual([child.id]);
    expect((await list({ groupId: ours }, asStaff())).items).toHaveLength(1);
    await expect(list({ groupId: theirs }, asStaff())).rejects.toMatchObject({ slug: 'group-not-found' });
    expect((await list({}, asRole({ role: 'staff', scope: { kind: 'person', id: other.id } }))).items).toEqual([]);
  });

  it('holds no way to reach anybody', async () => {
    await create('guardian', { email: 'a@example.no', phone: '+4790000000', address: 'Veien 1', note: 'x' });
    expect(JSON.stringify(await list())).not.toMatch(/example|4790000000|Veien/);
  });
});
