import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { accountOwner } from '../../../lambdas/features/accounts/account.ts';
import { myActivityStore } from '../../../lambdas/features/activity/my-store.ts';
import { ownerOf } from '../../../lambdas/features/people/person.ts';
import { disclosureHandlers } from '../../../lambdas/features/registers/disclosure-handlers.ts';
import { disclosureRoutes } from '../../../lambdas/features/registers/disclosure-routes.ts';
import { disclosureStore } from '../../../lambdas/features/registers/disclosure-store.ts';
import type { OrganisationId, PersonId } from '../../../lambdas/http/ids.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { anOrganisation, aService, type SignedIn, someoneWith } from '../../support/service.ts';
import { aCall, anId } from '../../support/store.ts';
import { aWorld, by, inNoRole, type World } from './world.ts';

let db: TestDynamoDb;
let world: World;
let childId: PersonId;
let mother: SignedIn;
let leader: SignedIn;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());
beforeEach(async () => {
  world = await aWorld(db);
  childId = await world.person();
  mother = await world.guardianOf(childId);
  leader = await world.colleague('leader');
});

const refused = (slug: string) => ({ name: 'ProblemError', slug });
const of = (personId: PersonId, organisationId: OrganisationId = world.organisationId) =>
  ownerOf(organisationId, personId);
type Query = NonNullable<Parameters<ReturnType<World['as']>['listMyActivity']>[0]>['query'];
const mine = async (reader: SignedIn, query: Query = { limit: 100 }) =>
  // What somebody is and was does not come from a role.
  (await world.as({ token: reader.token }).listMyActivity({ query })).body;
const eventsOf = async (reader: SignedIn, query?: Query) => (await mine(reader, query)).items.map(({ event }) => event);

describe('who saw me, and who changed what', () => {
  it('is told of oneself and of a child, by role and never by name or id', async () => {
    world.at('2026-11-23T07:01:00Z');
    const seen = await world.happened('person.seen', of(childId), by(leader));
    world.at('2026-11-23T07:02:00Z');
    await world.happened('absence.reported', of(childId), by(mother), { detail: { day: '2026-11-24' } });
    world.at('2026-11-23T07:03:00Z');
    await world.happened('person.changed', of(mother.personId), by(leader));
    world.at('2026-11-23T07:04:00Z');
    await world.happened('account.changed', accountOwner(mother.accountId), inNoRole(mother.accountId));
    world.at('2026-11-23T07:05:00Z');
    await world.happened('notice.accepted', of(mother.personId), { actor: 'system:outbox' });
    const { items } = await mine(mother, { from: '2026-11-23' });
    const told = items.filter(({ event }) => !/created|signed-in/.test(event));
    expect(told.map(({ sentence }) => sentence)).toEqual([
      'Tjenesten (automatisk) sendte en melding til deg.',
      'Du endret kontoen til deg selv.',
      'Noen med rollen styrer endret opplysningene om deg.',
      'Du meldte fravær for Emil Olstad.',
      'Noen med rollen styrer så opplysningene om Emil Olstad.',
    ]);
    expect(told.at(-1)).toEqual({
      id: seen,
      at: '2026-11-23T07:01:00.000Z',
      event: 'person.seen',
      sentence: 'Noen med rollen styrer så opplysningene om Emil Olstad.',
      actor: { kind: 'person', role: 'leader' },
      subject: { kind: 'person', personId: childId, name: 'Emil Olstad' },
      organisationId: world.organisationId,
      personId: childId,
    });
    const text = JSON.stringify(items);
    for (const theirs of [leader.personId, leader.accountId, leader.role, 'Kari']) expect(text).not.toContain(theirs);
  });

  it('is told in English to whoever asks for it', async () => {
    await world.happened('person.seen', of(mother.personId), by(leader));
    const headers = { authorization: `Bearer ${mother.token}`, 'accept-language': 'en' };
    const response = await world.service.send('https://vern.test/v1/me/activity?event=person.seen', {
      method: 'GET',
      headers,
    });
    expect(((await response.json()) as { items: unknown }).items).toMatchObject([
      { sentence: 'Somebody with the role of head of the kindergarten looked at what is recorded about you.' },
    ]);
  });

  it('says of an erased person that they were a user, and of the operator’s staff no more than that', async () => {
    const support = await someoneWith(world.store, 'operator', 'platform-support');
    const teacher = await world.colleague('staff');
    await world.happened('person.seen', of(mother.personId), by(support));
    await world.happened('picture.set', of(mother.personId), by(teacher));
    await world.happened('picture.removed', of(mother.personId), { actor: anId('acc') });
    await world.erase(teacher.personId);
    const { items } = await mine(mother);
    const sentences = new Map(items.map(({ event, sentence }) => [event, sentence]));
    expect(sentences.get('person.seen')).toBe('En ansatt hos leverandøren så opplysningene om deg.');
    expect(sentences.get('picture.set')).toBe('En tidligere bruker la inn et bilde av deg.');
    expect(sentences.get('picture.removed')).toBe('Noen med en konto fjernet bildet av deg.');
    expect(JSON.stringify(items)).not.toMatch(/"number"/);
  });

  it('is a right that a restriction takes from nobody (Art. 18(2))', async () => {
    await world.happened('person.seen', of(mother.personId), by(leader));
    await world.restrict(mother.personId);
    await world.restrict(childId);
    await world.happened('person.seen', of(childId), by(leader));
    const { items } = await mine(mother, { event: 'person.seen' });
    expect(items.map(({ sentence }) => sentence).sort()).toEqual([
      'Noen med rollen styrer så opplysningene om Emil Olstad.',
      'Noen med rollen styrer så opplysningene om deg.',
    ]);
  });
});

describe('what concerns a child', () => {
  const ofChild = { limit: 100 } as const;
  const events = (reader: SignedIn) =>
    mine(reader, ofChild).then(({ items }) => items.filter(({ personId }) => personId === childId));

  it('is there for parental responsibility alone: not for information, pick-up, or a link that is over', async () => {
    await world.happened('attendance.seen', of(childId), by(leader));
    const others = [
      await world.guardianOf(childId, { rights: 'information-only' }),
      await world.guardianOf(childId, { rights: 'pick-up-only' }),
      await world.guardianOf(childId, { until: '2026-11-22' }),
      await world.guardianOf(childId, { from: '2026-11-24' }),
    ];
    for (const other of others) {
      expect(await events(other)).toEqual([]);
      await expect(mine(other, { personId: childId })).rejects.toMatchObject(refused('person-not-found'));
    }
    expect((await events(mother)).map(({ event }) => event)).toContain('attendance.seen');
  });

  it('is nothing to whom a block keeps from the child, as whichever person they have it', async () => {
    const id = await world.happened('attendance.seen', of(childId), by(leader));
    const asStaff = await world.person({ kind: 'staff' });
    const guardianId = await world.person({ kind: 'guardian' });
    await world.link(childId, guardianId);
    const father = await world.someone('guardian', { personId: guardianId, otherPersonIds: [asStaff] });
    expect(await events(father)).not.toEqual([]);
    await world.block(childId, asStaff);
    expect(await events(father)).toEqual([]);
    const proof = world.as({ token: father.token }).getMyActivityProof({ params: { eventId: id } });
    await expect(proof).rejects.toMatchObject(refused('activity-record-not-found'));
  });

  it('leaves out what the other guardian did, asked for or was mailed, and what became of the child’s own account', async () => {
    const father = await world.guardianOf(childId, { relation: 'father' });
    const gone = await world.guardianOf(childId);
    await world.happened('person.seen', of(childId), by(father));
    await world.happened('absence.reported', of(childId), by(father));
    await world.happened('absence.withdrawn', of(childId), by(gone));
    await world.erase(gone.personId);
    await world.happened('consent.given', of(childId), inNoRole(father.accountId));
    await world.happened('request.received', of(childId), inNoRole(father.accountId));
    await world.happened('request.approved', of(childId), by(leader));
    await world.happened('export.fetched', of(childId), inNoRole(father.accountId));
    await world.happened('guardian.link-changed', of(childId), by(leader), { about: [father.personId] });
    await world.happened('block.set', of(childId), by(leader), { about: [father.personId] });
    await world.happened('legal-hold.put', of(childId), by(leader));
    await world.happened('notice.accepted', of(childId), { actor: 'system:outbox' });
    await world.happened('person.invited', of(childId), by(leader));
    await world.happened('request.withdrawn', of(childId), inNoRole(mother.accountId));
    const told = await events(mother);
    expect(told.map(({ event }) => event).filter((event) => event !== 'person.created')).toEqual(['request.withdrawn']);
    expect(JSON.stringify(await mine(mother))).not.toContain(father.personId);
  });

  it('is the child’s own as well, but for blocks', async () => {
    const own = await world.someone('member', { personId: childId });
    await world.happened('guardian.linked', of(childId), by(leader), { about: [mother.personId] });
    await world.happened('block.set', of(childId), by(leader), { about: [mother.personId] });
    await world.happened('absence.reported', of(childId), by(mother));
    const told = await mine(own);
    expect(told.items.map(({ event }) => event)).toEqual(
      expect.arrayContaining(['guardian.linked', 'absence.reported']),
    );
    expect(told.items.map(({ event }) => event)).not.toContain('block.set');
    expect(JSON.stringify(told)).not.toContain(mother.personId);
  });
});

describe('an order to hand something over (decision 0010)', () => {
  it('shows nothing to whom it is about while it is secret: neither its record nor that it was read', async () => {
    const officer = await world.colleague('privacy-officer');
    const registers = aService(world.store, disclosureRoutes, disclosureHandlers(disclosureStore)).as(officer);
    const params = { organisationId: world.organisationId };
    const before = await mine(mother);
    await registers.recordDisclosure({
      params,
      body: {
        authority: 'Oslo politidistrikt',
        legalBasis: 'Straffeprosessloven § 210',
        orderReference: '26-123456',
        categories: ['attendance'],
        disclosedAt: '2026-11-22T10:00:00.000Z',
        subjects: [mother.personId],
        notice: { state: 'withheld', reason: 'secrecy-order', until: '2027-06-30' },
      },
    });
    await registers.listDisclosures({ params });
    await world.as(officer).listActivity({ params, query: { subject: mother.personId } });
    const ofRead = (page: typeof before) => page.items.filter(({ event }) => event !== 'account.signed-in');
    expect(ofRead(await mine(mother))).toEqual(ofRead(before));
    await world.happened('disclosure.entry-opened', of(mother.personId), { actor: 'system:rights-clock' });
    expect(await eventsOf(mother)).toContain('disclosure.entry-opened');
  });
});

describe('the list', () => {
  it('is paged over all that the caller is, gives each record once, and is filtered', async () => {
    const elsewhere = await anOrganisation(world.store, { name: 'Turn og idrett', profile: 'family' });
    const ids: string[] = [];
    const subjects = [of(mother.personId), of(childId), accountOwner(mother.accountId)];
    for (let i = 0; i < 9; i++) {
      world.at(`2026-11-1${i}T10:00:00Z`);
      ids.unshift(await world.happened('retention.expiry-told', subjects[i % 3]!, { actor: 'system:retention' }));
      if (i % 4 === 0) await world.happened('block.set', of(childId), by(leader));
    }
    world.at('2026-11-23T07:00:00Z');
    const query = { event: 'retention.expiry-told' };
    for (const filter of [query, { from: '2026-11-10', to: '2026-11-18' }] as const) {
      const found: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await mine(mother, { ...filter, limit: 2, ...(cursor && { cursor }) });
        found.push(...page.items.map(({ id }) => id));
        cursor = page.next;
      } while (cursor);
      expect(found).toEqual(ids);
    }
    const idsBy = async (wanted: Query) => (await mine(mother, wanted)).items.map(({ id }) => id);
    expect(await idsBy({ ...query, personId: childId })).toEqual([ids[1], ids[4], ids[7]]);
    const inHouse = ids.filter((_, i) => i % 3 !== 0);
    expect(await idsBy({ ...query, organisationId: world.organisationId })).toEqual(inHouse);
    expect(await idsBy({ ...query, from: '2026-11-12', to: '2026-11-13' })).toEqual([ids[5], ids[6]]);
    await expect(mine(mother, { organisationId: elsewhere.id })).rejects.toMatchObject(refused('person-not-found'));
    await expect(mine(mother, { personId: leader.personId })).rejects.toMatchObject(refused('person-not-found'));
  });

  it('goes back in one log no further than it has in the others', async () => {
    world.at('2026-11-20T09:00:00Z');
    const oldest = await world.happened('picture.set', of(mother.personId), by(leader));
    world.at('2026-11-20T10:00:00Z');
    const older = await world.happened('picture.set', of(childId), by(leader));
    world.at('2026-11-20T11:00:00Z');
    // More than is looked at for one page.
    await world.manyHappened('retention.index-mended', of(childId), 230);
    world.at('2026-11-23T07:00:00Z');
    const pages: string[][] = [];
    let cursor: string | undefined;
    do {
      const page = await mine(mother, { event: 'picture.set', ...(cursor && { cursor }) });
      pages.push(page.items.map(({ id }) => id));
      cursor = page.next;
    } while (cursor);
    expect(pages.filter((page) => page.length > 0)).toEqual([[older, oldest]]);
  });

  it('shows by no short page and no cursor that something is left out', async () => {
    for (const event of ['picture.set', 'block.set', 'block.lifted', 'block.set', 'picture.removed'] as const)
      await world.happened(event, of(mother.personId), by(leader));
    for (const filter of [{}, { event: 'picture.set' }]) {
      const told = new Set((await mine(mother, { ...filter, limit: 100 })).items.map(({ id }) => id));
      for (let page = await mine(mother, { ...filter, limit: 1 }); ; ) {
        expect(page.items).toHaveLength(1);
        if (!page.next) break;
        expect(told).toContain(JSON.parse(Buffer.from(page.next, 'base64url').toString())[1]);
        page = await mine(mother, { ...filter, limit: 1, cursor: page.next });
      }
    }
  });

  it('takes no cursor of another list', async () => {
    for (let i = 0; i < 3; i++) await world.happened('picture.set', of(mother.personId), by(leader));
    const { next } = await mine(mother, { event: 'picture.set', limit: 1 });
    expect(next).toBeDefined();
    const other = mine(mother, { event: 'picture.removed', cursor: next! });
    await expect(other).rejects.toMatchObject(refused('malformed-request'));
  });

  it('holds nothing that is a year old', async () => {
    world.at('2025-11-23T06:59:00Z');
    await world.happened('picture.set', of(mother.personId), by(leader));
    world.at('2026-11-23T07:00:00Z');
    expect(await eventsOf(mother)).not.toContain('picture.set');
  });

  it('is the account’s alone for whoever is nobody anywhere', async () => {
    const operator = await someoneWith(world.store, 'operator', 'platform-support');
    const { items } = await mine(operator);
    expect(new Set(items.map(({ organisationId }) => organisationId))).toEqual(new Set([undefined]));
    expect(items.map(({ event }) => event)).toContain('account.created');
  });

  it('is read in five round trips', async () => {
    await world.happened('person.seen', of(childId), by(leader));
    const call = aCall(world.store);
    const reading = { ...call, account: { ...call.account!, accountId: mother.accountId } };
    const log = await myActivityStore.mine(reading);
    const page = await myActivityStore.page(log, { days: {}, event: undefined }, { limit: 100 }, reading);
    expect(page.items.length).toBeGreaterThan(1);
    expect(reading.records.roundTrips).toBe(5);
  });
});
