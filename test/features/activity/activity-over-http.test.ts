import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { organisationOwner } from '../../../lambdas/features/organisations/organisation.ts';
import { ownerOf } from '../../../lambdas/features/people/person.ts';
import type { PersonId } from '../../../lambdas/http/ids.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { anOrganisation, type SignedIn, someoneWith } from '../../support/service.ts';
import { aCall, anId } from '../../support/store.ts';
import { aWorld, by, inNoRole, type World } from './world.ts';

let db: TestDynamoDb;
let world: World;
let officer: SignedIn;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());
beforeEach(async () => {
  world = await aWorld(db);
  officer = await world.colleague('privacy-officer', 'Ingrid');
});

const refused = (slug: string) => ({ name: 'ProblemError', slug });
const ownerOfPerson = (personId: PersonId) => ownerOf(world.organisationId, personId);
type Query = NonNullable<Parameters<ReturnType<World['as']>['listActivity']>[0]['query']>;
async function read(query: Query = {}, reader: SignedIn = officer) {
  const params = { organisationId: world.organisationId };
  return (await world.as(reader).listActivity({ params, query })).body;
}

describe('the activity log of an organisation', () => {
  it('says in a sentence who did what, newest first, and records that it was read', async () => {
    const childId = await world.person();
    const leader = await world.colleague('leader');
    world.at('2026-11-23T07:01:00Z');
    await world.happened('person.seen', ownerOfPerson(childId), by(leader));
    world.at('2026-11-23T07:02:00Z');
    const id = await world.happened('person.changed', ownerOfPerson(childId), by(leader), {
      detail: { fields: 'note' },
    });
    const { items } = await read({ subject: childId });
    expect(items.find((item) => item.id === id)).toEqual({
      id,
      at: '2026-11-23T07:02:00.000Z',
      event: 'person.changed',
      sentence: 'Kari Nordmann (styrer) endret opplysningene om Emil Olstad.',
      actor: { kind: 'person', personId: leader.personId, name: 'Kari Nordmann', role: 'leader' },
      subject: { kind: 'person', personId: childId, name: 'Emil Olstad' },
      detail: { fields: 'note' },
    });
    expect(items.map(({ event }) => event).filter((event) => event !== 'person.created')).toEqual([
      'person.changed',
      'person.seen',
    ]);
    const reads = await read({ event: 'activity.seen' });
    expect(reads.items[0]).toMatchObject({
      sentence: 'Ingrid Nordmann (personvernansvarlig) leste denne loggen.',
      subject: { kind: 'organisation' },
    });
  });

  it('speaks English to whoever asks for it', async () => {
    const childId = await world.person();
    await world.happened('notice.accepted', ownerOfPerson(childId), { actor: 'system:outbox' });
    const response = await world.service.send(
      `https://vern.test/v1/organisations/${world.organisationId}/activity?event=notice.accepted`,
      {
        method: 'GET',
        headers: {
          authorization: `Bearer ${officer.token}`,
          'vern-role': officer.role,
          'accept-language': 'en-GB, nb;q=0.5',
        },
      },
    );
    expect(((await response.json()) as { items: unknown }).items).toMatchObject([
      { sentence: 'The service (automatically) sent a notice to Emil Olstad.', actor: { kind: 'service' } },
    ]);
  });

  it('tells erased persons apart without their names, and gives no name to whoever has restricted', async () => {
    const [one, other, third] = [await world.person(), await world.person(), await world.person()];
    const teacher = await world.colleague('staff', 'Bodil');
    for (const [i, id] of [one, other, third].entries()) {
      world.at(`2026-11-23T07:0${i}:00Z`);
      await world.happened('person.seen', ownerOfPerson(id), by(teacher));
    }
    for (const id of [one, other, teacher.personId]) await world.erase(id);
    await world.restrict(third);
    const { items } = await read({ event: 'person.seen' });
    expect(items.map(({ sentence }) => sentence)).toEqual([
      'Tidligere bruker 3 så opplysningene om en person.',
      'Tidligere bruker 3 så opplysningene om tidligere bruker 2.',
      'Tidligere bruker 3 så opplysningene om tidligere bruker 1.',
    ]);
    expect(JSON.stringify(items)).not.toMatch(/Bodil|Emil|Olstad/);
  });

  it('names whoever acted in no role, says what the operator’s staff are, and keeps the operator’s names to itself', async () => {
    const childId = await world.person();
    const guardian = await world.guardianOf(childId);
    const support = await someoneWith(world.store, 'operator', 'platform-support');
    await world.happened('consent.given', ownerOfPerson(childId), inNoRole(guardian.accountId));
    await world.happened('person.seen', ownerOfPerson(childId), by(support));
    await world.happened('dpo-thread.begun', organisationOwner(world.organisationId), { actor: 'anyone' });
    await world.happened('join-request.made', ownerOfPerson(childId), inNoRole(anId('acc')));
    const sentences = (await read({ subject: childId })).items;
    expect(sentences.map(({ event, sentence }) => [event, sentence])).toEqual(
      expect.arrayContaining([
        ['consent.given', 'Anne Olstad samtykket for Emil Olstad.'],
        ['person.seen', 'En ansatt hos leverandøren så opplysningene om Emil Olstad.'],
        ['join-request.made', 'Noen med en konto ba om å bli med.'],
      ]),
    );
    expect(JSON.stringify(sentences)).not.toContain(support.personId);
    expect((await read({ event: 'dpo-thread.begun' })).items).toMatchObject([
      { sentence: 'Noen som ikke var logget inn skrev til personvernombudet.' },
    ]);
  });

  it('SM-05 is filtered by days of the organisation, by event, by whom it is about and by who looked or acted', async () => {
    const [childId, other] = [await world.person(), await world.person()];
    const [leader, teacher] = [await world.colleague('leader'), await world.colleague('staff')];
    // Half past midnight in Oslo: the day after in the organisation's days.
    world.at('2026-10-31T23:30:00Z');
    const late = await world.happened('person.seen', ownerOfPerson(childId), by(leader));
    world.at('2026-10-31T22:30:00Z');
    const early = await world.happened('person.seen', ownerOfPerson(other), by(teacher));
    world.at('2026-11-23T07:00:00Z');
    const today = await world.happened('attendance.seen', ownerOfPerson(childId), by(teacher));

    const ids = async (query: Query) => (await read(query)).items.map(({ id }) => id);
    expect(await ids({ from: '2026-11-01', to: '2026-11-01' })).toEqual([late]);
    expect(await ids({ to: '2026-10-31' })).toEqual([early]);
    expect(await ids({ event: 'person.seen' })).toEqual([late, early]);
    expect(await ids({ person: teacher.personId })).toEqual([today, early]);
    expect(await ids({ subject: childId, event: 'person.seen' })).toEqual([late]);
    expect(await ids({ subject: childId, person: teacher.personId, from: '2026-11-02' })).toEqual([today]);
    expect(await ids({ from: '2026-11-02', to: '2026-11-01' })).toEqual([]);
    expect(await ids({ to: '2024-01-01' })).toEqual([]);
  });

  it('is paged across months, and gives each record once', async () => {
    const childId = await world.person();
    const ids: string[] = [];
    for (const day of ['2026-08-30', '2026-08-31', '2026-09-01', '2026-10-01', '2026-10-02', '2026-11-02']) {
      world.at(`${day}T10:00:00Z`);
      ids.unshift(await world.happened('picture.set', ownerOfPerson(childId), { actor: 'system:importer' }));
    }
    world.at('2026-11-23T07:00:00Z');
    for (const filter of [{ event: 'picture.set' }, { event: 'picture.set', subject: childId }]) {
      const found: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await read({ ...filter, limit: 2, ...(cursor && { cursor }) });
        expect(page.items.length).toBeLessThanOrEqual(2);
        found.push(...page.items.map(({ id }) => id));
        cursor = page.next;
      } while (cursor);
      expect(found).toEqual(ids);
    }
    const all: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await read({ limit: 3, to: '2026-11-22', ...(cursor && { cursor }) });
      all.push(...page.items.map(({ id }) => id));
      cursor = page.next;
    } while (cursor);
    expect(all).toEqual(ids);
  });

  it('goes on where a page ended, also when a month has begun meanwhile', async () => {
    const childId = await world.person();
    const ids: string[] = [];
    for (const day of ['2026-11-20', '2026-11-21', '2026-11-22']) {
      world.at(`${day}T10:00:00Z`);
      ids.unshift(await world.happened('picture.set', ownerOfPerson(childId), { actor: 'system:importer' }));
    }
    world.at('2026-11-30T22:59:00Z');
    const reader = await world.colleague('privacy-officer');
    const filters = [{ event: 'picture.set' }, { event: 'picture.set', subject: childId }];
    const first = await Promise.all(filters.map((filter) => read({ ...filter, limit: 1 }, reader)));
    world.at('2026-12-01T00:01:00Z');
    const later = await world.colleague('privacy-officer');
    for (const [i, filter] of filters.entries()) {
      const rest = await read({ ...filter, limit: 1, cursor: first[i]!.next! }, later);
      expect([...first[i]!.items, ...rest.items].map(({ id }) => id)).toEqual(ids.slice(0, 2));
    }
  });

  it('holds nothing that is a year old, whether or not it has been pruned', async () => {
    const childId = await world.person();
    world.at('2025-11-23T06:59:00Z');
    await world.happened('picture.set', ownerOfPerson(childId), { actor: 'system:importer' });
    world.at('2025-11-23T07:01:00Z');
    const young = await world.happened('picture.removed', ownerOfPerson(childId), { actor: 'system:importer' });
    world.at('2026-11-23T07:00:00Z');
    for (const query of [{ to: '2025-12-01' }, { subject: childId, to: '2025-12-01' }])
      expect((await read(query)).items.map(({ id }) => id)).toEqual([young]);
  });

  it('says nothing of whom a block keeps the reader from', async () => {
    const childId = await world.person();
    await world.block(childId, officer.personId);
    const leader = await world.colleague('leader');
    const own = await world.happened('person.seen', ownerOfPerson(childId), by(leader));
    await world.happened('guardian.linked', ownerOfPerson(leader.personId), by(leader), { about: [childId] });
    expect((await read({ subject: childId })).items).toEqual([]);
    expect(JSON.stringify((await read({ limit: 100 })).items)).not.toContain(childId);
    expect((await read({ event: 'guardian.linked' })).items).toEqual([]);
    // Neither what they did in no role, which names the account alone, nor what only the detail names.
    const member = await world.colleague('staff', 'Emil');
    await world.block(member.personId, officer.personId);
    await world.happened('dpo-thread.begun', organisationOwner(world.organisationId), inNoRole(member.accountId));
    const detail = { other: member.personId };
    await world.happened('group.changed', organisationOwner(world.organisationId), by(leader), { detail });
    expect((await read({ event: 'dpo-thread.begun' })).items).toEqual([]);
    expect((await read({ event: 'group.changed' })).items).toEqual([]);
    const proof = { params: { organisationId: world.organisationId, eventId: own } };
    await expect(world.as(officer).getActivityProof(proof)).rejects.toMatchObject(refused('activity-record-not-found'));
  });

  it('shows by no short page and no cursor when something happened to whom a block keeps the reader from', async () => {
    const [childId, other] = [await world.person(), await world.person()];
    await world.block(childId, officer.personId);
    const happens = (id: PersonId) => world.happened('attendance.checked-in', ownerOfPerson(id), { actor: 'system:x' });
    world.at('2026-11-20T08:00:00Z');
    await happens(other);
    for (let i = 0; i < 3; i++) await happens(childId);
    await happens(other);
    world.at('2026-11-23T07:00:00Z');
    const days = { from: '2026-11-20', to: '2026-11-20' };
    const told = new Set((await read({ ...days, limit: 100 })).items.map(({ id }) => id));
    expect(told.size).toBe(2);
    for (let page = await read({ ...days, limit: 1 }); ; ) {
      expect(page.items).toHaveLength(1);
      if (!page.next) break;
      const [month, id] = JSON.parse(Buffer.from(page.next, 'base64url').toString())[1].split('#');
      expect(month).toBe('2026-11');
      expect(told).toContain(id);
      page = await read({ ...days, limit: 1, cursor: page.next });
    }
    // More than is looked at for one page.
    await world.manyHappened('attendance.seen', ownerOfPerson(childId), 510);
    for (const about of [{ subject: childId }, { person: childId }])
      expect(await read({ ...about, limit: 1 })).toEqual({ items: [] });
  });

  it('is the privacy officer’s alone, and there for nobody outside', async () => {
    for (const role of ['administrator', 'leader', 'staff'] as const)
      await expect(read({}, await world.colleague(role))).rejects.toMatchObject(refused('not-allowed'));
    const guardian = await world.guardianOf(await world.person());
    await expect(read({}, guardian)).rejects.toMatchObject(refused('not-allowed'));
    const elsewhere = await anOrganisation(world.store);
    const outsider = await someoneWith(world.store, elsewhere.id, 'privacy-officer');
    await expect(read({}, outsider)).rejects.toMatchObject(refused('organisation-not-found'));
    const support = await someoneWith(world.store, 'operator', 'platform-support');
    await expect(read({}, support)).rejects.toMatchObject({ name: 'ProblemError' });
  });

  it('takes no cursor of another list, nor a filter that is none', async () => {
    const childId = await world.person();
    for (let i = 0; i < 3; i++) await world.happened('picture.set', ownerOfPerson(childId), by(officer));
    const { next } = await read({ event: 'picture.set', limit: 1 });
    await expect(read({ event: 'picture.removed', cursor: next! })).rejects.toMatchObject(refused('malformed-request'));
    const forged = Buffer.from(JSON.stringify(['x', '2026-11#operator'])).toString('base64url');
    await expect(read({ cursor: forged })).rejects.toMatchObject(refused('malformed-request'));
    await expect(read({ event: 'Person seen' })).rejects.toMatchObject(refused('malformed-request'));
    await expect(read({ subject: 'LOG' as PersonId })).rejects.toMatchObject(refused('malformed-request'));
  });

  it('is read in five round trips at most', async () => {
    const childId = await world.person();
    const guardian = await world.guardianOf(childId);
    for (const day of ['2026-08-30', '2026-09-01', '2026-11-01']) {
      world.at(`${day}T10:00:00Z`);
      await world.happened('consent.given', ownerOfPerson(childId), inNoRole(guardian.accountId));
    }
    world.at('2026-11-23T07:00:00Z');
    const { activityStore } = await import('../../../lambdas/features/activity/store.ts');
    const call = aCall(world.store, { ...officer, role: 'privacy-officer', organisationId: world.organisationId });
    const page = await activityStore.page(world.organisationId, {}, { limit: 100 }, call);
    expect(page!.items.length).toBeGreaterThan(3);
    expect(call.records.roundTrips).toBeLessThanOrEqual(5);
  });
});
