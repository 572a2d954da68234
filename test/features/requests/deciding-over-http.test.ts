import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { claimRef } from '../../../lambdas/features/claims/claim.ts';
import { erasureRef } from '../../../lambdas/features/erasure/erasure.ts';
import { HOLDS_MAX } from '../../../lambdas/features/requests/hold.ts';
import { rectificationEntity } from '../../../lambdas/features/requests/rectified-values.ts';
import { identifyRequest, type NewRequest, registerRequest } from '../../../lambdas/features/requests/register.ts';
import { replyAddressRef } from '../../../lambdas/features/requests/request.ts';
import type { PersonId, RequestId } from '../../../lambdas/http/ids.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aCall, anId } from '../../support/store.ts';
import { aWorld, type RightsClient, refused, type World } from './world.ts';

let db: TestDynamoDb;
let world: World;
let admin: Awaited<ReturnType<World['as']>>;
let officer: Awaited<ReturnType<World['as']>>;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());
beforeEach(async () => {
  world = await aWorld(db);
  [admin, officer] = [await world.as('administrator'), await world.as('privacy-officer')];
});

type Asked = Parameters<RightsClient['askForRight']>[0]['body'];
const ask = async (client: RightsClient, right: Asked['right'], more: Partial<Asked> = {}) =>
  (await client.askForRight({ body: { controller: world.organisationId, right, ...more } })).body;
const of = (requestId: RequestId) => ({ organisationId: world.organisationId, requestId });
const said = { reason: 'information-is-correct', words: 'Opplysningene er riktige.' } as const;
const approve = async (client: RightsClient, requestId: RequestId) =>
  (await client.approveRequest({ params: of(requestId), body: {} })).body;
const plan = async (client: RightsClient, requestId: RequestId) =>
  (await client.planErasure({ params: of(requestId) })).body;

async function aChild() {
  const child = await world.person();
  const mother = await world.as('guardian');
  const father = await world.person({ kind: 'guardian' });
  const informed = await world.person({ kind: 'guardian' });
  await world.link(child.id, mother.personId);
  await world.link(child.id, father.id, { relation: 'father' });
  await world.link(child.id, informed.id, { rights: 'information-only' });
  return { child, mother, father, informed };
}

/** Somebody without an account, whose letter the privacy officer has taken in. */
async function aRegistered(right: Asked['right'], more: Partial<NewRequest> = {}) {
  const person = await world.person({ kind: 'guardian' });
  const call = { ...aCall(world.store), records: world.records() };
  const change = call.records.change();
  const wanted: NewRequest = {
    owner: world.ownerOf(person.id),
    right,
    askedBy: { as: 'claim', registeredBy: officer.personId },
    channel: 'letter',
    identity: { evidence: 'known-in-person', at: world.store.now().toISOString() },
    language: 'nb',
    timeZone: 'Europe/Oslo',
    profile: 'kindergarten',
    text: { text: 'Slett meg.' },
    ...more,
  };
  const registered = await registerRequest(change, wanted, call);
  await change.commit();
  return registered;
}

describe('somebody without an account', () => {
  it('is told by letter, and fetches the answer by a claim instead of signing in', async () => {
    const { id } = await aRegistered('rectification', { text: { text: 'Navnet er feil.' } });
    const itself = { controller: world.organisationId, subject: id };
    expect(await world.told(itself)).toEqual(['request-received']);
    await admin.client.refuseRequest({ params: of(id), body: said });
    expect(await world.told(itself)).toEqual(['request-received', 'claim-answer']);
  });

  it('has nothing put right by a privacy officer who took it in and approves it as well', async () => {
    const { id } = await aRegistered('rectification', {
      askedBy: { as: 'claim', registeredBy: officer.personId },
      text: { proposal: { email: 'mine@example.org' } },
    });
    await expect(approve(officer.client, id)).rejects.toMatchObject(refused('second-person-required'));
    expect(await approve(admin.client, id)).toMatchObject({ state: 'answered' });
  });

  it('is not answered with values that are not held about them', async () => {
    const { id } = await aRegistered('rectification', { text: { proposal: { birthDate: '1990-01-01' } } });
    await expect(approve(admin.client, id)).rejects.toMatchObject(refused('wrong-state'));
  });

  it('whose letter lay for a while has the answer due from the day it came, and is warned of at once', async () => {
    const registered = await aRegistered('erasure', { receivedAt: new Date('2026-10-31T11:00:00Z') });
    expect(registered.dueAt).toBe('2026-11-30T23:00:00.000Z');
    expect(await world.tick()).toMatchObject({ warned: 1, failed: 0 });
  });

  it('is not acted for before it is known who they are', async () => {
    const { identity: _, ...unknown } = await aRegistered('restriction');
    expect(unknown.state).toBe('awaiting-decision');
    const waiting = await aRegistered('restriction', { identity: undefined });
    expect(waiting).toMatchObject({ state: 'identity' });
    expect(waiting.inForceSince).toBeUndefined();
    expect(await world.read(waiting.subject as PersonId)).toBeDefined();
    const { records } = { records: world.records() };
    const stored = await world.stored(world.ownerOf(waiting.subject as PersonId), waiting.id);
    const change = records.change();
    const identity = { evidence: 'identity-document', at: world.store.now().toISOString() } as const;
    const terms = { identity, profile: 'kindergarten', text: {} } as const;
    await identifyRequest(change, stored, terms, { ...aCall(world.store), records });
    await change.commit();
    expect(await world.read(waiting.subject as PersonId)).toBeUndefined();
  });
});

describe('an erasure by the organisation', () => {
  it('takes two persons: who proposes the plan is not the one who approves it', async () => {
    const kari = await world.as('guardian', { email: 'kari@example.no' });
    const { id } = await ask(kari.client, 'erasure');
    expect(await plan(admin.client, id)).toMatchObject({ state: 'awaiting-decision', plannedBy: admin.personId });
    const before = await world.stored(world.ownerOf(kari.personId), id);
    await expect(approve(admin.client, id)).rejects.toMatchObject(refused('second-person-required'));
    expect(await world.stored(world.ownerOf(kari.personId), id)).toEqual(before);
    expect(await world.read(kari.personId)).toBeDefined();
    expect(await world.ledger()).toEqual([]);

    const approved = await approve(officer.client, id);
    expect(approved).toMatchObject({ state: 'executing', decidedBy: officer.personId, erasureId: expect.any(String) });
    const holder = world.ownerOf(kari.personId);
    expect((await world.records().get(erasureRef({ id: approved.erasureId!, holder })))?.value.requestId).toBe(id);
    expect(await world.read(kari.personId)).toBeUndefined();
  });

  it('that the person asked for themself is approved by one who did not, and shows its plan before (SM-13)', async () => {
    const kari = await world.as('guardian');
    const { id } = await ask(kari.client, 'erasure');
    const { body } = await admin.client.getRequest({ params: of(id) });
    expect(body.plan?.length).toBeGreaterThan(3);
    expect(await approve(admin.client, id)).toMatchObject({ state: 'executing' });
  });

  it('keeps where the answer goes under the request’s own key, because the account may be gone by then', async () => {
    const kari = await world.as('guardian', { email: 'kari@example.no' });
    const { id } = await ask(kari.client, 'erasure');
    await plan(admin.client, id);
    await approve(officer.client, id);
    const { organisationId } = world;
    const [reply, claim] = await world
      .records()
      .together([replyAddressRef(organisationId, id), claimRef(organisationId, id)]);
    expect(reply?.value).toEqual({ email: 'kari@example.no', language: 'nb' });
    expect(claim?.value.subject).toBe(kari.personId);
  });

  it('is not approved by whoever is to be erased, or has registered it', async () => {
    await world.as('privacy-officer');
    const { id } = await ask(officer.client, 'erasure');
    await plan(admin.client, id);
    await expect(approve(officer.client, id)).rejects.toMatchObject(refused('second-person-required'));

    const registered = await aRegistered('erasure');
    await plan(admin.client, registered.id);
    await expect(approve(officer.client, registered.id)).rejects.toMatchObject(refused('second-person-required'));
  });

  it('by one administrator alone takes a fresh proof and waits 72 hours, in which it can be taken back', async () => {
    world = await aWorld(db);
    const alone = await world.as('administrator');
    const kari = await world.as('guardian');
    const { id } = await ask(kari.client, 'erasure');
    await plan(alone.client, id);
    const stale = world.stale(alone).approveRequest({ params: of(id), body: {} });
    await expect(stale).rejects.toMatchObject(refused('fresh-proof-required'));
    const approved = await approve(alone.client, id);
    expect(approved).toMatchObject({ state: 'approved', waitsFor: 'delay', executesAt: '2026-11-26T07:00:00.000Z' });
    expect(await world.told(world.accountOf(kari))).toEqual(['request-received', 'request-waiting']);

    world.at('2026-11-26T06:59:59Z');
    expect(await world.tick()).toMatchObject({ executed: 0 });
    expect(await world.read(kari.personId)).toBeDefined();
    world.at('2026-11-26T07:00:00Z');
    expect(await world.tick()).toMatchObject({ executed: 1, failed: 0 });
    expect(await world.tick()).toMatchObject({ executed: 0, failed: 0 });
    expect((await world.stored(world.ownerOf(kari.personId), id)).value).toMatchObject({ state: 'executing' });
    expect(await world.read(kari.personId)).toBeUndefined();
  });

  it('of one of two who decide waits 72 hours as well: the other proposes and approves it alone', async () => {
    const { id } = await ask(officer.client, 'erasure');
    await plan(admin.client, id);
    expect(await approve(admin.client, id)).toMatchObject({ state: 'approved', waitsFor: 'delay' });
  });

  it('is not carried out once it has been taken back', async () => {
    world = await aWorld(db);
    const alone = await world.as('administrator');
    const [kari, ola] = [await world.as('guardian'), await world.as('guardian')];
    const [one, other] = [await ask(kari.client, 'erasure'), await ask(ola.client, 'erasure')];
    for (const { id } of [one, other]) {
      await plan(alone.client, id);
      await approve(alone.client, id);
    }
    await kari.client.withdrawRequest({ params: { requestId: one.id } });
    await alone.client.refuseRequest({ params: of(other.id), body: { reason: 'legal-claims', words: 'Krav pågår.' } });
    world.at('2026-11-26T07:00:00Z');
    expect(await world.tick()).toMatchObject({ executed: 0, failed: 0 });
    for (const { personId } of [kari, ola]) expect(await world.read(personId)).toBeDefined();
  });
});

describe('a legal hold', () => {
  const put = (personId: PersonId) =>
    admin.client.putHold({
      params: { organisationId: world.organisationId },
      body: { personId, basis: 'bookkeeping-act' },
    });

  it('keeps an approved erasure waiting, which says so, until it is lifted', async () => {
    const kari = await world.as('guardian');
    const { id } = await ask(kari.client, 'erasure');
    const { body: hold } = await put(kari.personId);
    expect((await plan(admin.client, id)).plan).toContainEqual(
      expect.objectContaining({ entities: ['person'], fate: 'keep', law: 'bookkeeping-act' }),
    );
    expect(await approve(officer.client, id)).toMatchObject({
      state: 'approved',
      waitsFor: 'legal-hold',
      holds: [hold],
    });
    expect(await world.told(world.accountOf(kari))).toContain('request-waiting');
    world.at('2026-11-23T08:00:00Z');
    expect(await world.tick()).toMatchObject({ executed: 0, failed: 0 });

    const client = await world.again(admin);
    const { organisationId } = world;
    expect((await client.listHolds({ params: { organisationId } })).body.items).toEqual([hold]);
    await client.liftHold({ params: { organisationId, holdId: hold.id } });
    expect((await client.listHolds({ params: { organisationId } })).body.items).toEqual([]);
    expect(await world.tick()).toMatchObject({ executed: 1, failed: 0 });
    const again = client.liftHold({ params: { organisationId, holdId: anId('hld') } });
    await expect(again).rejects.toMatchObject(refused('legal-hold-not-found'));
  });

  it('does not run before its delay, also when it is lifted within it', async () => {
    world = await aWorld(db);
    admin = await world.as('administrator');
    const kari = await world.as('guardian');
    const { id } = await ask(kari.client, 'erasure');
    const { body: hold } = await put(kari.personId);
    await plan(admin.client, id);
    await approve(admin.client, id);
    await admin.client.liftHold({ params: { organisationId: world.organisationId, holdId: hold.id } });
    expect(await world.tick()).toMatchObject({ executed: 0, failed: 0 });
    world.at('2026-11-26T07:00:00Z');
    expect(await world.tick()).toMatchObject({ executed: 1 });
  });

  it('is put on people of the organisation only, not past a block, and fifty times at most', async () => {
    await expect(put(anId('per'))).rejects.toMatchObject(refused('person-not-found'));
    const child = await world.person();
    await world.block(child.id, admin.personId);
    await expect(put(child.id)).rejects.toMatchObject(refused('person-not-found'));
    const { id: personId } = await world.person();
    for (let count = 0; count < HOLDS_MAX; count++) await put(personId);
    await expect(put(personId)).rejects.toMatchObject(refused('too-many'));
  });

  it('is neither listed for nor lifted by whom a block keeps from the person', async () => {
    const child = await world.person();
    await put(child.id);
    await world.block(child.id, officer.personId);
    const params = { organisationId: world.organisationId };
    expect((await officer.client.listHolds({ params })).body.items).toEqual([]);
    const [hold] = (await admin.client.listHolds({ params })).body.items;
    const lifted = officer.client.liftHold({ params: { ...params, holdId: hold!.id } });
    await expect(lifted).rejects.toMatchObject(refused('legal-hold-not-found'));
    expect((await admin.client.listHolds({ params })).body.items).toHaveLength(1);
  });
});

describe('a rectification (AT-02, SM-13)', () => {
  it('of a child is put in place in the same transaction, written ahead for a restore, and told to every recipient', async () => {
    const { child, mother, father, informed } = await aChild();
    const { id } = await ask(mother.client, 'rectification', { personId: child.id, proposal: { firstName: 'Emilie' } });
    expect(await approve(admin.client, id)).toMatchObject({ state: 'answered', guardiansTold: 2 });
    expect((await world.read(child.id))?.value.firstName).toBe('Emilie');
    const owner = world.ownerOf(child.id);
    const ahead = await world.records().get({ entity: rectificationEntity, owner, key: id });
    expect(ahead?.value.values).toEqual({ firstName: 'Emilie' });
    expect(await world.ledger()).toMatchObject([{ kind: 'rectification', subject: child.id, about: id }]);
    for (const guardian of [father, informed]) {
      expect(await world.told(world.ownerOf(guardian.id))).toEqual(['request-rectified']);
    }
    expect(await world.told(world.accountOf(mother))).toEqual(['request-received', 'request-met']);

    const { body } = await mother.client.listRecipients({ params: { requestId: id } });
    expect(body).toMatchObject({ guardiansTold: 2 });
    expect(body.roles).toContainEqual({ role: 'leader', title: 'styrer' });
    expect(body.roles.map(({ role }) => role)).not.toContain('privacy-officer');
    const english = await world.inEnglish(mother).listRecipients({ params: { requestId: id } });
    expect(english.body.roles).toContainEqual({ role: 'leader', title: 'head of the kindergarten' });
  });

  it('is refused with a reason and words, and how to complain; nothing changes (ALL-01)', async () => {
    const kari = await world.as('guardian', { email: 'kari@example.no' });
    const { id } = await ask(kari.client, 'rectification', { proposal: { lastName: 'Dal' } });
    await admin.client.refuseRequest({ params: of(id), body: said });
    const { body } = await kari.client.getMyRequest({ params: { requestId: id } });
    expect(body).toMatchObject({ state: 'refused', decision: { outcome: 'refused', ...said } });
    expect((await world.read(kari.personId))?.value.lastName).toBe('Olstad');
    const letter = (await world.letters()).find(({ text }) => text.includes('Vi kan ikke gjøre det du ba om'))!;
    expect(letter.text).toContain('klage til Datatilsynet');
    expect(letter.text).not.toContain(said.words);
  });

  it('that takes another’s e-mail address is refused, and stays to be decided', async () => {
    const taken = await world.person({ kind: 'guardian' });
    await world.claimEmail(taken.id, 'opptatt@example.no');
    const kari = await world.as('guardian');
    const { id } = await ask(kari.client, 'rectification', { proposal: { email: 'opptatt@example.no' } });
    await expect(approve(admin.client, id)).rejects.toMatchObject(refused('email-taken'));
    expect((await world.stored(world.ownerOf(kari.personId), id)).value.state).toBe('awaiting-decision');
  });

  it('deletes what the person wants gone, through the administrator (CE-13)', async () => {
    const { id: personId } = await world.person({ kind: 'guardian', phone: '+4790000000', address: 'Storgata 1' });
    const kari = await world.as('guardian', { personId });
    const { id } = await ask(kari.client, 'rectification', { proposal: { phone: null, address: null } });
    await approve(admin.client, id);
    const person = (await world.read(personId))!.value;
    expect(person).not.toHaveProperty('phone');
    expect(person).not.toHaveProperty('address');
    expect(person.firstName).toBe('Emil');
  });

  it('works for somebody whose data is restricted', async () => {
    const kari = await world.as('guardian');
    await ask(kari.client, 'restriction');
    const { id } = await ask(kari.client, 'rectification', { proposal: { lastName: 'Dal' } });
    await approve(admin.client, id);
    expect(await world.read(kari.personId)).toBeUndefined();
    expect((await world.read(kari.personId, world.records()))?.value.lastName).toBe('Dal');
  });
});

describe('a restriction and an objection', () => {
  it('of a child close the key row once the organisation has approved', async () => {
    const { child, mother } = await aChild();
    const { id } = await ask(mother.client, 'restriction', { personId: child.id });
    expect(await world.read(child.id)).toBeDefined();
    expect(await approve(admin.client, id)).toMatchObject({ state: 'answered', isInForce: true });
    expect(await world.read(child.id)).toBeUndefined();
    expect((await admin.client.getRequest({ params: of(id) })).body.state).toBe('answered');
    expect((await mother.client.getMyRequest({ params: { requestId: id } })).body.isInForce).toBe(true);
  });

  it('that works is ended by a refusal, and the person is told before (Art. 18(3))', async () => {
    const kari = await world.as('guardian');
    const { id } = await ask(kari.client, 'restriction');
    const { body } = await admin.client.refuseRequest({
      params: of(id),
      body: { reason: 'conditions-not-met', words: 'Nei.' },
    });
    expect(body).toMatchObject({ state: 'refused', isInForce: true, endsAt: '2026-11-26T07:00:00.000Z' });
    expect(await world.told(world.accountOf(kari))).toContain('request-ending');
    world.at('2026-11-26T06:59:59Z');
    await world.tick();
    expect(await world.read(kari.personId)).toBeUndefined();
    world.at('2026-11-26T07:00:00Z');
    expect(await world.tick()).toMatchObject({ ended: 1, failed: 0 });
    expect(await world.read(kari.personId)).toBeDefined();
    expect((await world.ledger()).map(({ kind }) => kind)).toEqual(['restriction', 'restriction-lifted']);
  });

  it('that was approved is ended in the same way, and once', async () => {
    const kari = await world.as('guardian');
    const { id } = await ask(kari.client, 'objection', { entities: ['attendance-day'] });
    const lift = () => admin.client.liftRequest({ params: of(id) });
    await expect(lift()).rejects.toMatchObject(refused('wrong-state'));
    expect(await approve(admin.client, id)).toMatchObject({ state: 'answered', isInForce: true });
    expect((await lift()).body).toMatchObject({ endsAt: '2026-11-26T07:00:00.000Z' });
    await expect(lift()).rejects.toMatchObject(refused('wrong-state'));
    world.at('2026-11-26T07:00:00Z');
    expect(await world.tick()).toMatchObject({ ended: 1 });
    expect((await world.ledger()).map(({ kind }) => kind)).toEqual(['objection', 'objection-lifted']);
  });

  it('does not open what an erasure has closed', async () => {
    const kari = await world.as('guardian');
    const restriction = await ask(kari.client, 'restriction');
    const erasure = await ask(kari.client, 'erasure');
    await plan(admin.client, erasure.id);
    await approve(officer.client, erasure.id);
    await kari.client.withdrawRequest({ params: { requestId: restriction.id } });
    expect(await world.read(kari.personId)).toBeUndefined();
  });
});

describe('an extension (ALL-02)', () => {
  const extend = (client: RightsClient, id: RequestId) =>
    client.extendRequest({ params: of(id), body: { reason: 'complexity', words: 'Mange dokumenter.' } });

  it('moves the end two months on, tells why, and can be had once', async () => {
    const kari = await world.as('guardian', { email: 'kari@example.no' });
    const { id } = await ask(kari.client, 'erasure');
    expect((await extend(admin.client, id)).body).toMatchObject({ dueAt: '2027-02-23T23:00:00.000Z' });
    await expect(extend(admin.client, id)).rejects.toMatchObject(refused('wrong-state'));
    const { body } = await kari.client.getMyRequest({ params: { requestId: id } });
    expect(body.extension).toMatchObject({ reason: 'complexity', words: 'Mange dokumenter.' });
    const letter = (await world.letters()).find(({ text }) => text.includes('Vi trenger mer tid'))!;
    expect(letter.text).toContain('senest 23. februar 2027');
    expect(letter.text).toContain('Grunnen er at henvendelsen er sammensatt.');
  });

  it('is told within the first month: a second before its end, and not at it', async () => {
    const [kari, ola] = [await world.as('guardian'), await world.as('guardian')];
    const [one, other] = [await ask(kari.client, 'erasure'), await ask(ola.client, 'erasure')];
    world.at('2026-12-23T22:59:59Z');
    expect((await extend(await world.again(admin), one.id)).body.extension?.reason).toBe('complexity');
    world.at('2026-12-23T23:00:00Z');
    await expect(extend(await world.again(admin), other.id)).rejects.toMatchObject(refused('wrong-state'));
  });
});

describe('those who decide', () => {
  it('see what is open by its deadline, and what is closed apart', async () => {
    const [kari, ola] = [await world.as('guardian'), await world.as('guardian')];
    const first = await ask(kari.client, 'erasure');
    world.at('2026-11-25T07:00:00Z');
    const client = await world.again(admin);
    const second = await ask(await world.again(ola), 'erasure');
    const params = { organisationId: world.organisationId };
    const list = async (show: 'open' | 'closed', more = {}) =>
      (await client.listRequests({ params, query: { show, ...more } })).body;
    expect((await list('open')).items.map(({ id }) => id)).toEqual([first.id, second.id]);
    const page = await list('open', { limit: 1 });
    expect(page.items.map(({ id }) => id)).toEqual([first.id]);
    expect((await list('open', { limit: 1, cursor: page.next })).items.map(({ id }) => id)).toEqual([second.id]);
    await client.planErasure({ params: of(second.id) });
    expect((await list('open', { state: 'received' })).items.map(({ id }) => id)).toEqual([first.id]);
    expect((await list('open', { state: 'awaiting-decision' })).items.map(({ id }) => id)).toEqual([second.id]);
    await client.refuseRequest({ params: of(first.id), body: said });
    expect((await list('open')).items.map(({ id }) => id)).toEqual([second.id]);
    expect((await list('closed')).items).toMatchObject([{ id: first.id, state: 'refused' }]);
  });

  it('are administrators and privacy officers', async () => {
    const kari = await world.as('guardian');
    const { id } = await ask(kari.client, 'erasure');
    for (const role of ['leader', 'staff', 'guardian'] as const) {
      const { client } = await world.as(role);
      await expect(client.getRequest({ params: of(id) })).rejects.toMatchObject(refused('not-allowed'));
    }
  });

  it('do not see the request of somebody that a block keeps from them', async () => {
    const { child, mother } = await aChild();
    const { id } = await ask(mother.client, 'erasure', { personId: child.id });
    await world.block(child.id, officer.personId);
    await expect(officer.client.getRequest({ params: of(id) })).rejects.toMatchObject(refused('request-not-found'));
    const params = { organisationId: world.organisationId };
    expect((await officer.client.listRequests({ params })).body.items).toEqual([]);
    expect((await admin.client.listRequests({ params })).body.items).toHaveLength(1);
  });

  it('are told that there is none where there is none, on every route', async () => {
    const params = of(anId('req'));
    const { client } = admin;
    const asked = [
      client.getRequest({ params }),
      client.planErasure({ params }),
      client.approveRequest({ params, body: {} }),
      client.refuseRequest({ params, body: said }),
      client.extendRequest({ params, body: { reason: 'complexity', words: 'Mye.' } }),
      client.liftRequest({ params }),
    ];
    for (const answer of await Promise.allSettled(asked)) {
      expect(answer).toMatchObject({ status: 'rejected', reason: refused('request-not-found') });
    }
  });

  it('do not decide twice', async () => {
    const kari = await world.as('guardian');
    const { id } = await ask(kari.client, 'restriction');
    await expect(plan(admin.client, id)).rejects.toMatchObject(refused('wrong-state'));
    await approve(admin.client, id);
    for (const answer of await Promise.allSettled([
      approve(officer.client, id),
      officer.client.refuseRequest({ params: of(id), body: said }),
    ])) {
      expect(answer).toMatchObject({ status: 'rejected', reason: refused('wrong-state') });
    }
  });
});

describe('the operator, of an account', () => {
  const operatorsOf = async () => (await world.operator()).client;
  const askAbout = async (right: 'restriction' | 'objection') => {
    const kari = await world.as('guardian');
    const body = { controller: 'operator', right, text: 'Påloggingsloggen.' } as const;
    return { kari, request: (await kari.client.askForRight({ body })).body };
  };

  it('weighs an objection and a restriction, which close nothing that signing in needs', async () => {
    const operator = await operatorsOf();
    const { kari, request } = await askAbout('objection');
    expect(request).toMatchObject({ state: 'awaiting-decision', isInForce: false });
    const params = { requestId: request.id };
    expect((await operator.listAccountRequests()).body.items).toMatchObject([{ id: request.id }]);
    expect((await operator.getAccountRequest({ params })).body.text).toBe('Påloggingsloggen.');
    const words = 'Loggen er tømt.';
    expect((await operator.approveAccountRequest({ params, body: { words } })).body.state).toBe('answered');
    expect((await kari.client.getMyRequest({ params })).body.decision?.words).toBe(words);
    expect(await world.account(kari)).toBeDefined();
    const again = operator.approveAccountRequest({ params, body: {} });
    await expect(again).rejects.toMatchObject(refused('wrong-state'));
  });

  it('extends and refuses as any controller', async () => {
    const operator = await operatorsOf();
    const { request } = await askAbout('restriction');
    const params = { requestId: request.id };
    const extension = { reason: 'complexity', words: 'Vi må undersøke.' } as const;
    expect((await operator.extendAccountRequest({ params, body: extension })).body.dueAt).toBe(
      '2027-02-23T23:00:00.000Z',
    );
    const again = operator.extendAccountRequest({ params, body: extension });
    await expect(again).rejects.toMatchObject(refused('wrong-state'));
    const refusal = { reason: 'compelling-grounds', words: 'Sikkerheten krever det.' } as const;
    expect((await operator.refuseAccountRequest({ params, body: refusal })).body.state).toBe('refused');
    await expect(operator.refuseAccountRequest({ params, body: refusal })).rejects.toMatchObject(
      refused('wrong-state'),
    );
  });

  it('is told that there is none where there is none', async () => {
    const operator = await operatorsOf();
    const params = { requestId: anId('req') };
    const asked = [
      operator.getAccountRequest({ params }),
      operator.approveAccountRequest({ params, body: {} }),
      operator.refuseAccountRequest({ params, body: said }),
      operator.extendAccountRequest({ params, body: { reason: 'complexity', words: 'Mye.' } }),
    ];
    for (const answer of await Promise.allSettled(asked)) {
      expect(answer).toMatchObject({ status: 'rejected', reason: refused('request-not-found') });
    }
  });
});
