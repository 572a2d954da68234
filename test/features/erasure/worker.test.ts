import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { accountOwner, accountRef } from '../../../lambdas/features/accounts/account.ts';
import { attendanceDayRef, emptyDay } from '../../../lambdas/features/attendance/attendance-day.ts';
import { prepareClaim } from '../../../lambdas/features/claims/announce.ts';
import { FENCES_PER_HOUR_MAX, resumeErasures } from '../../../lambdas/features/erasure/fence-limit.ts';
import { eraseFromStream, sweepErasures } from '../../../lambdas/features/erasure/run.ts';
import { SMALL_CELL_MAX, usageOf } from '../../../lambdas/features/erasure/usage.ts';
import { joinRequestEntity } from '../../../lambdas/features/invitations/invitation.ts';
import { noticeEntity } from '../../../lambdas/features/notices/notice.ts';
import { organisationOwner } from '../../../lambdas/features/organisations/organisation.ts';
import { ownerOf, personEntity } from '../../../lambdas/features/people/person.ts';
import { pictureRef } from '../../../lambdas/features/pictures/picture.ts';
import { legalHoldEntity } from '../../../lambdas/features/requests/hold.ts';
import { type RequestRecord, requestRef } from '../../../lambdas/features/requests/request.ts';
import { saveRequest } from '../../../lambdas/features/requests/save.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { anOrganisation, aPerson, someoneWith } from '../../support/service.ts';
import { aCall, anId } from '../../support/store.ts';
import { aWorld, isAllowedToStay, nothingToRestore, type World } from './world.ts';

let db: TestDynamoDb;
let world: World;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());
beforeEach(async () => {
  world = await aWorld(db);
});

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const later = (milliseconds: number) => {
  world.store.clock = new Date(world.store.clock.getTime() + milliseconds);
};
const aChild = async () => ownerOf(world.organisationId, (await aPerson(world.store, world.organisationId)).id);

/** A request for erasure that is being carried out, with the claim by which its answer is fetched. */
async function aRequest(owner: ReturnType<typeof ownerOf>): Promise<RequestRecord> {
  const id = anId('req');
  const now = world.store.now();
  const request: RequestRecord = {
    id,
    right: 'erasure',
    subject: owner.subject as RequestRecord['subject'],
    askedBy: { as: 'claim', registeredBy: anId('per') },
    channel: 'letter',
    language: 'nb',
    timeZone: 'Europe/Oslo',
    state: 'executing',
    receivedAt: now.toISOString(),
    dueAt: new Date(now.getTime() + 30 * 24 * HOUR).toISOString(),
    warned: [],
  };
  const change = aCall(world.store).records.change();
  saveRequest(change, owner, undefined, request);
  await change.activity({ event: 'request.received', subject: owner, about: [id] }).commit();
  const claim = aCall(world.store).records.change();
  const reply = { email: 'reply@example.no', language: 'nb' } as const;
  prepareClaim(
    claim,
    { controller: owner.controller, requestId: id, subject: request.subject, codeTravels: 'by-mail', reply },
    now,
  );
  await claim.activity({ event: 'claim.prepared', subject: owner }).commit();
  return request;
}

const noticesTo = async (owner: { controller: string; subject: string }) => {
  const { items } = await world.eraser.openCall().records.list(noticeEntity, owner as never);
  return items.map(({ value }) => value.content.template);
};

describe('a request for erasure', () => {
  it('ALL-02: is answered when all is verified, and told of the certificate when that has come', async () => {
    const owner = await aChild();
    const request = await aRequest(owner);
    const place = await world.order({ owner, cause: 'request', requestId: request.id });
    await world.run(place);
    const { records } = aCall(world.store);
    expect((await records.get(requestRef(owner, request.id)))?.value).toMatchObject({ state: 'answered' });
    const requester = { controller: owner.controller, subject: request.id };
    expect(await noticesTo(requester)).toEqual(['claim-answer']);

    later(26 * HOUR);
    world.recovery = nothingToRestore(world.store.clock.toISOString());
    expect(await world.run(place)).toBe('closed');
    expect((await noticesTo(requester)).sort()).toEqual(['claim-answer', 'claim-certificate']);
    expect((await world.rows('rights')).filter(({ pk }) => pk === 'ERASURES')).toEqual([]);
  });

  it('is incomplete, never done, while something is left; it is tried again with growing pauses, and said for the alarm', async () => {
    const owner = await aChild();
    const request = await aRequest(owner);
    const { suppression } = world;
    await world.store.ring.create(world.organisationId);
    const place = await world.order({ owner, cause: 'request', requestId: request.id });
    const fences = world.eraser.fences as { missing: typeof world.eraser.fences.missing };
    const { missing } = fences;
    fences.missing = async () => ['mirror:person'];
    expect(await world.run(place)).toBe('waiting');
    expect(await world.erasure(place)).toMatchObject({ state: 'fenced', missing: ['mirror:person'], failures: 1 });
    const stored = await aCall(world.store).records.get(requestRef(owner, request.id));
    expect(stored?.value.state).toBe('incomplete');
    expect(world.log).toContainEqual(expect.objectContaining({ metric: 'erasure-incomplete', erasureId: place.id }));

    // Not before its time.
    fences.missing = missing;
    expect(await world.run(place)).toBe('waiting');
    expect((await world.erasure(place)).state).toBe('fenced');
    later(5 * MINUTE);
    await world.run(place);
    expect(await world.erasure(place)).toMatchObject({ state: 'answered', failures: 1 });
    expect((await world.erasure(place)).missing).toBeUndefined();
    expect((await aCall(world.store).records.get(requestRef(owner, request.id)))?.value.state).toBe('answered');
    expect([...suppression.addresses]).toEqual([]);
  });

  it('is incomplete while Cognito or SES cannot be reached, and goes on from there', async () => {
    const { users } = world;
    const { accountId, sub } = await someoneWith(world.store, world.organisationId, 'guardian');
    users.users.set('kari@example.no', { sub, signedIn: true, totp: false });
    const place = await world.order({ owner: accountOwner(accountId), cause: 'account-closed' });
    const down = async () => {
      throw new Error('no answer');
    };
    Object.assign(world.eraser, { users: { ...users, remove: down } });
    await world.run(place);
    expect(await world.erasure(place)).toMatchObject({ state: 'fenced', missing: ['fenced:Error'], failures: 1 });
    Object.assign(world.eraser, { users, suppression: { ...world.suppression, remove: down } });
    later(HOUR);
    await world.run(place);
    expect(await world.erasure(place)).toMatchObject({ state: 'fenced', failures: 2 });
    expect(users.users.size).toBe(0);
    Object.assign(world.eraser, { suppression: world.suppression });
    later(HOUR);
    await world.run(place);
    expect(await world.erasure(place)).toMatchObject({ state: 'answered', failures: 2 });
  });

  it('waits for a legal hold, which beats it', async () => {
    const owner = await aChild();
    const id = anId('hld');
    const hold = {
      id,
      personId: owner.subject as never,
      basis: 'court-order',
      since: world.store.now().toISOString(),
      by: anId('per'),
    } as const;
    const ref = { entity: legalHoldEntity, owner, key: id } as const;
    await aCall(world.store)
      .records.change()
      .put(ref, hold, 'new')
      .activity({ event: 'hold.set', subject: owner })
      .commit();
    const place = await world.order({ owner, cause: 'request' });
    await world.run(place);
    expect(await world.erasure(place)).toMatchObject({ state: 'surveyed', missing: ['legal-hold'] });
    expect(await world.eraser.openCall().records.get({ entity: personEntity, owner })).toBeDefined();

    const lifted = { ...hold, liftedAt: world.store.now().toISOString() };
    await aCall(world.store)
      .records.change()
      .put(ref, lifted, { version: 1 })
      .activity({ event: 'hold.lifted', subject: owner })
      .commit();
    later(2 * HOUR);
    await world.run(place);
    expect((await world.erasure(place)).state).toBe('answered');
  });
});

describe('an account', () => {
  it('KP-12: goes with its user, its requests to join, and word to its address, which goes last', async () => {
    const { accountId, sub } = await someoneWith(world.store, 'operator', 'platform-support', {
      email: 'siv@example.no',
    });
    world.users.users.set('siv@example.no', { sub, signedIn: true, totp: true });
    const other = await anOrganisation(world.store);
    const owner = accountOwner(accountId);
    const evidence = {
      statementVersion: '1',
      basis: 'acknowledged',
      consents: [],
      language: 'nb',
      at: world.store.now().toISOString(),
    } as const;
    await aCall(world.store)
      .records.change()
      .put(
        { entity: joinRequestEntity, owner: organisationOwner(other.id), key: accountId },
        {
          accountId,
          email: 'siv@example.no',
          requestedAt: world.store.now().toISOString(),
          evidence: { ...evidence, consents: [] },
        },
        'new',
      )
      .activity({ event: 'join-request.made', subject: organisationOwner(other.id) })
      .commit();
    await world.putRaw('core', { pk: 'ORGANISATIONS', sk: other.id });
    const place = await world.order({ owner, cause: 'account-closed' });
    await world.run(place);
    expect(await world.erasure(place)).toMatchObject({ state: 'answered', failures: 0 });
    expect(world.users.users.size).toBe(0);
    expect((await world.naming(accountId)).filter((row) => !isAllowedToStay(row))).toEqual([]);
    expect(await aCall(world.store).records.get(accountRef(accountId))).toBeUndefined();
    const { tracesId } = await world.erasure(place);
    const traces = { controller: 'operator', subject: tracesId! };
    expect(await noticesTo(traces)).toEqual(['erasure-done']);

    // Nobody sends it here: after thirty days the address goes unread.
    later(31 * 24 * HOUR);
    world.recovery = nothingToRestore(world.store.clock.toISOString());
    expect(await world.run(place)).toBe('waiting');
    // The key of the address was the last to go: the certificate counts from there.
    later(26 * HOUR);
    world.recovery = nothingToRestore(world.store.clock.toISOString());
    expect(await world.run(place)).toBe('closed');
    expect((await world.naming(tracesId!)).filter((row) => !isAllowedToStay(row))).toEqual([]);
    expect(
      [...(await aCall(world.store).records.keyStates(traces as never)).values()].every((state) => state === 'ERASED'),
    ).toBe(true);
  });
});

describe('a class whose own term is over', () => {
  it('SM-11, FW-14: is shredded alone: what else there is of the person stays, and new data can come', async () => {
    const owner = await aChild();
    const childId = owner.subject as never;
    const day = attendanceDayRef(world.organisationId, childId, '2026-11-23');
    await aCall(world.store)
      .records.change()
      .put(day, emptyDay('2026-11-23'), 'new')
      .put(pictureRef(world.organisationId, childId), {}, 'new')
      .activity({ event: 'day.kept', subject: owner })
      .commit();
    const place = await world.order({ owner, cause: 'retention', retentionClasses: ['attendance'] });
    expect(await world.run(place)).toBe('closed');
    const { records } = aCall(world.store);
    expect(await records.get(day)).toBeUndefined();
    expect(await records.get(pictureRef(world.organisationId, childId))).toBeDefined();
    expect(await records.get({ entity: personEntity, owner })).toBeDefined();
    await records
      .change()
      .put(day, emptyDay('2026-11-23'), 'new')
      .activity({ event: 'day.kept', subject: owner })
      .commit();
    expect(await aCall(world.store).records.get(day)).toBeDefined();
  });
});

describe('too many fences in an hour', () => {
  it('KP-12: stop the worker for that organisation until an operator lets it go on', async () => {
    const { controller } = await aChild();
    for (let i = 0; i < FENCES_PER_HOUR_MAX.request; i++) {
      const at = new Date(world.store.now().getTime() - i * 1000).toISOString();
      await world.putRaw('transient', { pk: `ERASURE-FENCES#${controller}#request`, sk: `${at}#${anId('ers')}` });
    }
    const owner = await aChild();
    const place = await world.order({ owner, cause: 'request' });
    await world.run(place);
    expect(await world.erasure(place)).toMatchObject({ state: 'surveyed', missing: ['stopped'] });
    expect(world.log).toContainEqual(expect.objectContaining({ metric: 'erasures-stopped', controller }));
    // Hours later it still stands: somebody has to have looked.
    later(3 * HOUR);
    await world.run(place);
    expect((await world.erasure(place)).state).toBe('surveyed');
    // Another organisation is not concerned.
    const elsewhere = await anOrganisation(world.store);
    const other = ownerOf(elsewhere.id, (await aPerson(world.store, elsewhere.id)).id);
    const theirs = await world.order({ owner: other, cause: 'request' });
    await world.run(theirs);
    expect((await world.erasure(theirs)).state).toBe('answered');

    await resumeErasures(organisationOwner(world.organisationId), world.eraser);
    later(HOUR);
    await world.run(place);
    expect((await world.erasure(place)).state).toBe('answered');
  });
});

describe('an organisation', () => {
  it('KP-11: goes with everybody in it, then its own records and its indexes, when its agreement has ended', async () => {
    const { store, organisationId } = world;
    const persons = [await aPerson(store, organisationId), await aPerson(store, organisationId, { kind: 'staff' })];
    const { accountId, personId } = await someoneWith(store, organisationId, 'leader');
    for (let i = 0; i < 8; i++) persons.push(await aPerson(store, organisationId));
    const owner = organisationOwner(organisationId);
    const place = await world.order({ owner, cause: 'agreement-end' });
    for (let round = 0; round < 12 && (await world.erasure(place)).state !== 'answered'; round++) {
      expect(await sweepErasures(world.eraser)).toMatchObject({ failed: 0 });
      later(5 * MINUTE);
    }
    expect(await world.erasure(place)).toMatchObject({ state: 'answered', failures: 0 });
    for (const id of [...persons.map((person) => person.id), personId, accountId]) {
      expect((await world.naming(id)).filter((row) => !isAllowedToStay(row))).toEqual([]);
    }
    const left = (await world.rows('core')).filter(({ pk }) => String(pk).startsWith(organisationId));
    expect(left).toEqual([]);
    const keys = (await world.rows('keys')).filter(
      ({ pk, sk }) => pk === organisationId && String(sk).startsWith('ORGANISATION-KEY'),
    );
    expect(keys.map(({ sk, state }) => [sk, state]).sort()).toEqual([
      ['ORGANISATION-KEY#lookup#v1', 'ERASED'],
      ['ORGANISATION-KEY#sealing#v1', 'ACTIVE'],
    ]);
  });
});

describe('usage data', () => {
  it('KP-12: becomes counts per month and event, and small counts are not shown', async () => {
    const owner = await aChild();
    for (let i = 0; i < SMALL_CELL_MAX + 1; i++) {
      await aCall(world.store).records.change().activity({ event: 'week.seen', subject: owner }).commit();
    }
    await world.run(await world.order({ owner, cause: 'retention' }));
    const { records } = aCall(world.store);
    expect(await usageOf(records, world.organisationId, '2026-11')).toEqual({ 'week.seen': SMALL_CELL_MAX + 1 });
  });
});

describe('an organisation that was erased before the cascade of one of its people', () => {
  it('KP-12: keeps no erasure from its end: there is nobody to count their usage for', async () => {
    const owner = await aChild();
    await aCall(world.store).records.change().activity({ event: 'week.seen', subject: owner }).commit();
    const place = await world.order({ owner, cause: 'agreement-end' });
    const organisation = organisationOwner(world.organisationId);
    await aCall(world.store)
      .records.change()
      .keys({ do: 'erase', owner: organisation, retentionClass: 'organisation' })
      .activity({ event: 'erasure.fenced', subject: organisation })
      .commit();
    await world.run(place);
    expect((await world.erasure(place)).state).toBe('answered');
  });
});

describe('the ledger', () => {
  it('ALL-04: names every erasure, so that a restore replays it', async () => {
    const owner = await aChild();
    const place = await world.order({ owner, cause: 'request' });
    await world.run(place);
    const entries = (await world.rows('rights')).filter(({ pk }) => String(pk).endsWith('#LEDGER'));
    expect(entries).toEqual([expect.objectContaining({ kind: 'erasure', subject: owner.subject, about: place.id })]);
  });
});

describe('the stream', () => {
  it('wakes the worker by the job row alone', async () => {
    const owner = await aChild();
    const place = await world.order({ owner, cause: 'request' });
    const Keys = { pk: { S: `ERASURE-JOB#${owner.controller}` }, sk: { S: place.id } };
    await eraseFromStream([{ eventName: 'INSERT', dynamodb: { Keys } }], world.eraser);
    expect((await world.erasure(place)).state).toBe('answered');
  });
});
