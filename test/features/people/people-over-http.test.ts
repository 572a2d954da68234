import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RoleName } from '../../../lambdas/access/roles.ts';
import { groupEntity, organisationOwner } from '../../../lambdas/features/organisations/organisation.ts';
import { personHandlers } from '../../../lambdas/features/people/handlers.ts';
import { LINKS_MAX, ownerOf, PLACEMENTS_MAX } from '../../../lambdas/features/people/person.ts';
import { personRoutes } from '../../../lambdas/features/people/routes.ts';
import { personStore } from '../../../lambdas/features/people/store.ts';
import type { Client } from '../../../lambdas/http/client.ts';
import type { GroupId, OrganisationId, PersonId } from '../../../lambdas/http/ids.ts';
import { classesOf } from '../../../lambdas/platform/entity.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { anOrganisation, aPerson, aService, someoneWith } from '../../support/service.ts';
import { aCall, anId, aStore, type TestStore } from '../../support/store.ts';

let dynamoDb: TestDynamoDb;
let store: TestStore;
let organisationId: OrganisationId;
let leader: Client<typeof personRoutes>;

beforeAll(async () => {
  dynamoDb = await startDynamoDb();
});
afterAll(() => dynamoDb.stop());
beforeEach(async () => {
  store = await aStore(dynamoDb.client, await dynamoDb.createTables(), ['operator']);
  organisationId = (await anOrganisation(store)).id;
  leader = await as('leader');
});

async function as(role: RoleName, wanted: Parameters<typeof someoneWith>[3] = {}) {
  return aService(store, personRoutes, personHandlers(personStore)).as(
    await someoneWith(store, organisationId, role, wanted),
  );
}
const of = (personId: PersonId) => ({ organisationId, personId });
const refused = (slug: string) => ({ name: 'ProblemError', slug });
const child = (wanted: Parameters<typeof aPerson>[2] = {}) => aPerson(store, organisationId, wanted);
const grownUp = () => aPerson(store, organisationId, { kind: 'guardian', firstName: 'Kari' });
const terms = {
  relation: 'mother',
  rights: 'parental-responsibility',
  livesWith: true,
  from: '2026-08-17',
} as const;
const basis = { basis: 'court-order', since: '2026-11-01' } as const;

async function aGroup(): Promise<GroupId> {
  const id = anId('grp');
  const owner = organisationOwner(organisationId);
  await aCall(store)
    .records.change()
    .put({ entity: groupEntity, owner, key: id }, { id, name: 'Blåveis', state: 'open' }, 'new')
    .activity({ event: 'group.created', subject: owner })
    .commit();
  return id;
}

describe('a person, over HTTP', () => {
  it('KP-12 an answer that was stored for a repeated request dies with the one it is about', async () => {
    const body = { kind: 'guardian', firstName: 'Kari', lastName: 'Dal' } as const;
    const request = { params: { organisationId }, body, idempotencyKey: 'a-fresh-key-0002' };
    const { body: created } = await leader.createPerson(request);
    expect((await leader.createPerson(request)).body).toEqual(created);
    const owner = ownerOf(organisationId, created.id);
    const change = aCall(store).records.change().activity({ event: 'person.erased', subject: owner });
    for (const retentionClass of classesOf(owner.subject)) change.keys({ do: 'erase', owner, retentionClass });
    await change.commit();
    await expect(leader.createPerson(request)).rejects.toMatchObject(refused('answer-closed'));
  });

  it('is registered once however often the request is sent, read and changed by version (KP-05)', async () => {
    const body = { kind: 'guardian', firstName: 'Kari', lastName: 'Dal', email: 'kari@example.no' } as const;
    const request = { params: { organisationId }, body, idempotencyKey: 'a-fresh-key-0001' };
    const [first, again] = [await leader.createPerson(request), await leader.createPerson(request)];
    expect(again.body).toEqual(first.body);
    expect((await leader.listPeople({ params: { organisationId } })).body.items).toHaveLength(1);

    const params = of(first.body.id);
    const { etag, body: read } = await leader.getPerson({ params });
    expect(read).toEqual(first.body);
    const changed = await leader.changePerson({ params, ifMatch: etag!, body: { phone: '+4790000000', email: null } });
    expect(changed.body).toMatchObject({ phone: '+4790000000', version: 2 });
    const stale = leader.changePerson({ params, ifMatch: etag!, body: { phone: null } });
    await expect(stale).rejects.toMatchObject(refused('stale-version'));
  });

  it('is refused an e-mail address that another has', async () => {
    const body = { kind: 'staff', firstName: 'Kari', lastName: 'Dal' } as const;
    const create = (email?: string) =>
      leader.createPerson({ params: { organisationId }, body: { ...body, ...(email && { email }) } });
    await create('kari@example.no');
    await expect(create('KARI@example.no')).rejects.toMatchObject(refused('email-taken'));
    const { body: other } = await create();
    const changing = { params: of(other.id), ifMatch: 1, body: { email: 'kari@example.no' } };
    await expect(leader.changePerson(changing)).rejects.toMatchObject(refused('email-taken'));
  });

  it('that is not there is 404 on every route', async () => {
    const params = of(anId('per'));
    const [guardianId, otherId, groupId] = [anId('per'), anId('per'), anId('grp')];
    const asked = [
      leader.getPerson({ params }),
      leader.changePerson({ params, ifMatch: 1, body: {} }),
      leader.placePerson({ params: { ...params, groupId, from: '2026-08-17' }, ifMatch: 1, body: {} }),
      leader.listGuardians({ params }),
      leader.linkGuardian({ params, body: { ...terms, guardianId } }),
      leader.changeGuardianLink({ params: { ...params, guardianId }, ifMatch: 1, body: terms }),
      leader.unlinkGuardian({ params: { ...params, guardianId }, ifMatch: 1 }),
      leader.listBlocks({ params }),
      leader.blockPerson({ params: { ...params, otherId }, body: basis }),
      leader.liftBlock({ params: { ...params, otherId } }),
    ];
    for (const answer of await Promise.allSettled(asked)) {
      expect(answer).toMatchObject({ status: 'rejected', reason: refused('person-not-found') });
    }
  });

  it('is managed by nobody but the management', async () => {
    const { id } = await child();
    for (const role of ['staff', 'guardian'] as const) {
      const client = await as(role);
      await expect(client.changePerson({ params: of(id), ifMatch: 1, body: {} })).rejects.toMatchObject(
        refused('not-allowed'),
      );
    }
  });
});

describe('a guardian, over HTTP', () => {
  it('sees the child and the other guardian’s name, and nothing once a block stands between them', async () => {
    const [olaf, mother, father] = await Promise.all([child(), grownUp(), grownUp()]);
    const params = of(olaf.id);
    for (const { id: guardianId } of [mother, father])
      await leader.linkGuardian({ params, body: { ...terms, guardianId } });
    const asMother = await as('guardian', { personId: mother.id, scope: { kind: 'person', id: mother.id } });
    expect((await asMother.getPerson({ params })).body).toMatchObject({ shownTo: 'guardian', firstName: 'Emil' });
    const { items } = (await asMother.listGuardians({ params })).body;
    expect(items.map(({ shownTo }) => shownTo).sort()).toEqual(['guardian', 'organisation']);
    await expect(asMother.getPerson({ params: of(father.id) })).rejects.toMatchObject(refused('person-not-found'));

    await leader.blockPerson({ params: { ...params, otherId: mother.id }, body: basis });
    await expect(asMother.getPerson({ params })).rejects.toMatchObject(refused('person-not-found'));
    await expect(asMother.listGuardians({ params })).rejects.toMatchObject(refused('person-not-found'));
  });

  it('sees neither former guardians nor one whose address is protected, themselves excepted', async () => {
    const kid = await child();
    const linked = async (person: Parameters<typeof aPerson>[2], link = {}) => {
      const { id } = await aPerson(store, organisationId, { kind: 'guardian', ...person });
      await leader.linkGuardian({
        params: of(kid.id),
        body: { guardianId: id, ...terms, from: '2026-01-01', ...link },
      });
      return id;
    };
    const [plain, fostering] = [await linked({}), await linked({ protectedAddress: true })];
    await linked({}, { until: '2026-11-22' });
    const seenBy = async (role: RoleName, personId?: PersonId) => {
      const caller = await as(role, personId ? { personId } : {});
      return (await caller.listGuardians({ params: of(kid.id) })).body.items.map(({ guardianId }) => guardianId).sort();
    };
    expect(await seenBy('guardian', plain)).toEqual([plain]);
    expect(await seenBy('guardian', fostering)).toEqual([plain, fostering].sort());
    expect(await seenBy('staff')).toHaveLength(3);
  });

  it('is linked once, never across a block, and changed by version', async () => {
    const [olaf, mother] = await Promise.all([child(), grownUp()]);
    const params = of(olaf.id);
    const body = { ...terms, guardianId: mother.id };
    const linked = await leader.linkGuardian({ params, body });
    await expect(leader.linkGuardian({ params, body })).rejects.toMatchObject(refused('already-linked'));
    const link = { ...params, guardianId: mother.id };
    await leader.changeGuardianLink({ params: link, ifMatch: linked.etag!, body: { ...terms, livesWith: false } });
    const stale = leader.changeGuardianLink({ params: link, ifMatch: linked.etag!, body: terms });
    await expect(stale).rejects.toMatchObject(refused('stale-version'));
    await expect(leader.unlinkGuardian({ params: link, ifMatch: 1 })).rejects.toMatchObject(refused('stale-version'));
    await leader.unlinkGuardian({ params: link, ifMatch: 2 });
    await leader.blockPerson({ params: { ...params, otherId: mother.id }, body: basis });
    await expect(leader.linkGuardian({ params, body })).rejects.toMatchObject(refused('blocked'));
    await leader.liftBlock({ params: { ...params, otherId: mother.id } });
    expect((await leader.listBlocks({ params })).body.items).toEqual([]);
  });

  it('is not linked across a block that was put from the other’s side, and such a block takes the link away', async () => {
    const [one, other] = [await child({ kind: 'member' }), await child({ kind: 'member' })];
    const linking = { params: of(one.id), body: { guardianId: other.id, ...terms, from: '2026-01-01' } };
    const blocking = { ...of(other.id), otherId: one.id };
    await leader.linkGuardian(linking);
    await leader.blockPerson({ params: blocking, body: basis });
    expect((await leader.listGuardians({ params: of(one.id) })).body.items).toEqual([]);
    await expect(leader.linkGuardian(linking)).rejects.toMatchObject(refused('blocked'));
    await leader.liftBlock({ params: blocking });
    expect((await leader.linkGuardian(linking)).status).toBe(201);
  });

  it('is one of a bounded number, and so is a block', async () => {
    const [olaf, marie] = await Promise.all([child(), child()]);
    for (let n = 0; n < LINKS_MAX; n++) {
      const { id } = await grownUp();
      await leader.linkGuardian({ params: of(olaf.id), body: { ...terms, guardianId: id } });
      await leader.blockPerson({ params: { ...of(marie.id), otherId: id }, body: basis });
    }
    const { id } = await grownUp();
    const linking = leader.linkGuardian({ params: of(olaf.id), body: { ...terms, guardianId: id } });
    await expect(linking).rejects.toMatchObject(refused('too-many'));
    const blocking = leader.blockPerson({ params: { ...of(marie.id), otherId: id }, body: basis });
    await expect(blocking).rejects.toMatchObject(refused('too-many'));
  });
});

describe('a placement, over HTTP', () => {
  it('needs a group, a fresh version and a free time', async () => {
    const [{ id }, groupId] = await Promise.all([child(), aGroup()]);
    const place = (ifMatch: number, from: string, group = groupId) =>
      leader.placePerson({ params: { ...of(id), groupId: group, from }, ifMatch, body: {} });
    await expect(place(1, '2026-08-17', anId('grp'))).rejects.toMatchObject(refused('group-not-found'));
    await place(1, '2026-08-17');
    await expect(place(1, '2027-08-17')).rejects.toMatchObject(refused('stale-version'));
    await expect(place(2, '2026-10-01')).rejects.toMatchObject(refused('wrong-state'));
    const { items } = (await leader.listPeople({ params: { organisationId }, query: { groupId } })).body;
    expect(items.map((person) => person.id)).toEqual([id]);
  });

  it('that was a mistake is taken away, and the group’s list forgets it', async () => {
    const [kid, groupId] = [await child(), await aGroup()];
    const params = { ...of(kid.id), groupId, from: '2026-11-23' };
    const placed = await leader.placePerson({ params, ifMatch: 1, body: {} });
    const stale = leader.removePlacement({ params, ifMatch: 1 });
    await expect(stale).rejects.toMatchObject(refused('stale-version'));
    await leader.removePlacement({ params, ifMatch: placed.etag! });
    expect((await leader.getPerson({ params: of(kid.id) })).body).toMatchObject({ placements: [], version: 3 });
    expect((await leader.listPeople({ params: { organisationId }, query: { groupId } })).body.items).toEqual([]);
    expect((await leader.removePlacement({ params, ifMatch: 3 })).status).toBe(204);
    const nobody = leader.removePlacement({ params: { ...params, personId: anId('per') }, ifMatch: 1 });
    await expect(nobody).rejects.toMatchObject(refused('person-not-found'));
  });

  it('is one of a bounded number', async () => {
    const groupId = await aGroup();
    const placements = Array.from({ length: PLACEMENTS_MAX }, (_, n) => {
      const day = `${2000 + n}-01-01`;
      return { groupId: anId('grp'), from: day, until: day };
    });
    const { id } = await child({ placements });
    const one = { params: { ...of(id), groupId, from: '2060-01-01' }, ifMatch: 1, body: {} };
    await expect(leader.placePerson(one)).rejects.toMatchObject(refused('too-many'));
  });

  it('shows to staff of that group alone (SM-02)', async () => {
    const groupId = await aGroup();
    const [ours, other] = await Promise.all([child({ placements: [{ groupId, from: '2026-08-17' }] }), child()]);
    const staff = await as('staff', { scope: { kind: 'group', id: groupId } });
    expect((await staff.listPeople({ params: { organisationId } })).body.items.map(({ id }) => id)).toEqual([ours.id]);
    const elsewhere = staff.listPeople({ params: { organisationId }, query: { groupId: anId('grp') } });
    await expect(elsewhere).rejects.toMatchObject(refused('group-not-found'));
    expect((await staff.getPerson({ params: of(ours.id) })).body).toMatchObject({ shownTo: 'staff' });
    await expect(staff.getPerson({ params: of(other.id) })).rejects.toMatchObject(refused('person-not-found'));
  });
});

describe('a list of people, over HTTP', () => {
  it('leaves out whom a block keeps from the caller in either direction, and is a recorded read (SM-05)', async () => {
    const [me, member, blocked] = [await child({ kind: 'member' }), await child({ kind: 'member' }), await child()];
    await leader.blockPerson({ params: { ...of(me.id), otherId: member.id }, body: basis });
    await leader.blockPerson({ params: { ...of(blocked.id), otherId: me.id }, body: basis });
    const mine = await as('leader', { personId: me.id });
    const { items } = (await mine.listPeople({ params: { organisationId } })).body;
    expect(items.map(({ id }) => id)).toEqual([me.id]);
    const recorded = await dynamoDb.client.send(
      new QueryCommand({
        TableName: store.tableNames.activity,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: `${organisationId}#${organisationId}` } },
      }),
    );
    expect(recorded.Items?.map((item) => item['event']?.S)).toContain('people.seen');
  });

  it('leaves out whom a block keeps from another person that the caller is there, of a group as of all', async () => {
    const placements = [{ groupId: await aGroup(), from: '2026-08-17' }];
    const [employee, parent] = [await child({ kind: 'staff', placements }), await child({ kind: 'member' })];
    const [kept, keeping] = [await child({ placements }), await child({ kind: 'member', placements })];
    await leader.blockPerson({ params: { ...of(kept.id), otherId: parent.id }, body: basis });
    await leader.blockPerson({ params: { ...of(parent.id), otherId: keeping.id }, body: basis });
    const mine = await as('leader', { personId: employee.id, otherPersonIds: [parent.id] });
    const params = { organisationId };
    const everyone = (await mine.listPeople({ params })).body.items;
    expect(everyone.map(({ id }) => id).sort()).toEqual([employee.id, parent.id].sort());
    const inGroup = (await mine.listPeople({ params, query: { groupId: placements[0]!.groupId } })).body.items;
    expect(inGroup.map(({ id }) => id)).toEqual([employee.id]);
  });
});
