import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { accountLinkEntity, accountPointers } from '../../../lambdas/features/accounts/account.ts';
import { consentOwner } from '../../../lambdas/features/consents/consent.ts';
import { consentedInformationRef } from '../../../lambdas/features/consents/consented-information.ts';
import { accountPurpose } from '../../../lambdas/features/consents/standard-purposes.ts';
import { giveConsent } from '../../../lambdas/features/consents/writes.ts';
import { ownerOf } from '../../../lambdas/features/people/person.ts';
import { addBlock } from '../../../lambdas/features/people/writes.ts';
import { pictureRef } from '../../../lambdas/features/pictures/picture.ts';
import { holdNumberPointer, legalHoldEntity } from '../../../lambdas/features/requests/hold.ts';
import { saveRequest } from '../../../lambdas/features/requests/save.ts';
import { siteStore } from '../../../lambdas/features/sites/store.ts';
import type { PersonId } from '../../../lambdas/http/ids.ts';
import type { Owner } from '../../../lambdas/platform/entity.ts';
import { Closed } from '../../../lambdas/platform/records.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aPerson, someoneWith } from '../../support/service.ts';
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

const aChild = async () => ownerOf(world.organisationId, (await aPerson(world.store, world.organisationId)).id);
const hour = 60 * 60 * 1000;
const later = (milliseconds: number) => {
  world.store.clock = new Date(world.store.clock.getTime() + milliseconds);
};

async function putHold(owner: Owner, number = 0) {
  const id = anId('hld');
  const ref = { entity: legalHoldEntity, owner, key: id } as const;
  const since = world.store.now().toISOString();
  const hold = { id, personId: owner.subject as PersonId, basis: 'court-order', since, by: anId('per') } as const;
  await aCall(world.store)
    .records.change()
    .put(ref, hold, 'new')
    .point(holdNumberPointer(owner, number))
    .activity({ event: 'legal-hold.put', subject: owner })
    .commit();
  return () =>
    aCall(world.store)
      .records.change()
      .put(ref, { ...hold, liftedAt: since }, { version: 1 })
      .activity({ event: 'legal-hold.lifted', subject: owner })
      .commit();
}

describe('a write that was begun before an erasure', () => {
  it('KP-12: gives no consent, takes in no request and puts no block behind the fence', async () => {
    const owner = await aChild();
    const other = await aChild();
    const personId = owner.subject as PersonId;
    const { organisationId } = world;
    const consenting = aCall(world.store);
    const consent = consenting.records.change();
    const by = { personId: anId('per'), capacity: 'guardian' } as const;
    const told = { statementVersion: 'v1', language: 'nb', method: 'service' } as const;
    giveConsent(
      consent,
      { organisationId, principalId: personId, purpose: accountPurpose, open: undefined, by, ...told },
      consenting,
    );
    const request = aCall(world.store).records.change().activity({ event: 'request.received', subject: owner });
    const now = world.store.now().toISOString();
    saveRequest(request, owner, undefined, {
      id: anId('req'),
      right: 'access',
      subject: personId,
      askedBy: { as: 'claim', registeredBy: anId('per') },
      channel: 'letter',
      language: 'nb',
      timeZone: 'Europe/Oslo',
      state: 'identity',
      receivedAt: now,
      dueAt: now,
      warned: [],
    });
    const block = aCall(world.store).records.change();
    addBlock(
      block,
      organisationId,
      other.subject as PersonId,
      { personId, basis: 'organisation', since: '2026-11-22' },
      { block: undefined, link: undefined },
    );

    await world.run(await world.order({ owner, cause: 'request' }));
    for (const change of [consent, request, block]) await expect(change.commit()).rejects.toThrow(Closed);
  });

  it('CE-12: leaves no row that leads from the erased to a site, whose list is sealed under a key of its own', async () => {
    const owner = await aChild();
    const { organisationId } = world;
    const [id, siteId, personId] = [anId('ste'), anId('sit'), owner.subject as PersonId];
    const employer = { name: 'Bygg AS', organisationNumber: '974760673' };
    const day = '2026-11-23';
    const who = { firstName: 'Ola', lastName: 'Prøve', birthDate: '1990-01-01', employer };
    const line = { ...who, id, siteId, day, inAt: `${day}T07:00:00.000Z`, registeredBy: 'self', personId } as const;
    await world.run(await world.order({ owner, cause: 'request' }));
    await expect(siteStore.saveEntry(organisationId, line, undefined, aCall(world.store), undefined)).rejects.toThrow(
      Closed,
    );
  });
});

describe('a legal hold', () => {
  it('that is put while the worker is about to fence is seen', async () => {
    const owner = await aChild();
    const { rows } = world.eraser;
    let isPut = false;
    const eraser = world.eraser as { rows: typeof rows };
    eraser.rows = {
      ...rows,
      async *of(table, pk, prefix) {
        // The fence has asked for holds, and reads now which consents there are.
        if (prefix?.startsWith('SUBJECT#') && !isPut) {
          isPut = true;
          await putHold(owner);
        }
        yield* rows.of(table, pk, prefix);
      },
    };
    const place = await world.order({ owner, cause: 'request' });
    await world.run(place);
    expect((await world.erasure(place)).state).toBe('surveyed');
    await world.run(place);
    expect(await world.erasure(place)).toMatchObject({ state: 'surveyed', missing: ['legal-hold'] });
  });

  it('keeps what rests on a consent of the person as well, closed', async () => {
    const owner = await aChild();
    const consentId = anId('con');
    const ref = consentedInformationRef(world.organisationId, consentId);
    const value = { principalId: owner.subject as PersonId, purposeId: accountPurpose.id, phone: '+4790000000' };
    await aCall(world.store)
      .records.change()
      .put(ref, value, 'new')
      .activity({ event: 'information.kept', subject: owner })
      .commit();
    const lift = await putHold(owner);
    const of = { owner: consentOwner(world.organisationId, consentId), of: owner, cause: 'withdrawal' } as const;
    const place = await world.order(of);
    await world.run(place);
    expect(await aCall(world.store).records.get(ref)).toBeUndefined();
    expect(await world.eraser.openCall().records.get(ref)).toBeDefined();

    await lift();
    later(2 * hour);
    await world.run(place);
    expect(await world.eraser.openCall().records.get(ref)).toBeUndefined();
  });
});

describe('an erasure that has waited', () => {
  it('KP-12: leaves nothing with an account that was linked meanwhile', async () => {
    const owner = await aChild();
    const lift = await putHold(owner);
    const place = await world.order({ owner, cause: 'request' });
    await world.run(place);
    const { accountId } = await someoneWith(world.store, world.organisationId, 'leader');
    await aCall(world.store)
      .records.change()
      .put({ entity: accountLinkEntity, owner }, { accountId, since: world.store.now().toISOString() }, 'new')
      .point(accountPointers.person(accountId, world.organisationId, owner.subject as PersonId))
      .activity({ event: 'account.linked', subject: owner })
      .commit();

    await lift();
    later(2 * hour);
    await world.run(place);
    expect(await world.erasure(place)).toMatchObject({ state: 'answered', accountId });
    expect((await world.naming(owner.subject)).filter((row) => !isAllowedToStay(row))).toEqual([]);
  });
});

describe('a class whose own term is over', () => {
  it('FW-14: takes no picture along that came after its key was shredded', async () => {
    const owner = await aChild();
    const picture = pictureRef(world.organisationId, owner.subject as PersonId);
    const put = (version?: number) =>
      aCall(world.store)
        .records.change()
        .put(picture, {}, version === undefined ? 'new' : { version })
        .activity({ event: 'picture.put', subject: owner })
        .commit();
    await put();
    const { rows } = world.eraser;
    let isBack = false;
    (world.eraser as { rows: typeof rows }).rows = {
      ...rows,
      async *of(table, pk, prefix) {
        // The first walk is the removal's: the key has just been shredded.
        if (!isBack && pk === `${owner.controller}#${owner.subject}`) {
          isBack = true;
          await put(1);
        }
        yield* rows.of(table, pk, prefix);
      },
    };
    const place = await world.order({ owner, cause: 'retention', retentionClasses: ['photo'] });
    expect(await world.run(place)).toBe('closed');
    expect(await aCall(world.store).records.get(picture)).toBeDefined();
    expect((await world.erasure(place)).failures).toBe(0);
  });

  it('FW-14: leaves no traces of the person who stays', async () => {
    const person = await aPerson(world.store, world.organisationId, { kind: 'staff', email: 'ola@example.no' });
    const owner = ownerOf(world.organisationId, person.id);
    const place = await world.order({ owner, cause: 'retention', retentionClasses: ['photo'] });
    expect(await world.run(place)).toBe('closed');
    expect((await world.rows('transient')).filter(({ sk }) => sk === 'ERASURE-TRACES')).toEqual([]);
  });
});

describe('a certificate', () => {
  it('KP-12: counts from when the last copy of a key was gone, not from the fence in Keys', async () => {
    const owner = await aChild();
    const { mirror, missing } = world.eraser.fences;
    const fences = world.eraser.fences as { mirror: typeof mirror; missing: typeof missing };
    fences.mirror = async () => {};
    fences.missing = async () => ['mirror:person'];
    const place = await world.order({ owner, cause: 'request' });
    await world.run(place);
    const { fencedAt = '' } = await world.erasure(place);
    Object.assign(fences, { mirror, missing });
    later(hour);
    await world.run(place);
    expect((await world.erasure(place)).state).toBe('answered');

    // The mirror of half an hour ago still held the key.
    later(25 * hour);
    world.recovery = nothingToRestore(new Date(Date.parse(fencedAt) + hour / 2).toISOString());
    await world.run(place);
    expect((await world.erasure(place)).certificate).toBeUndefined();
    later(2 * hour);
    world.recovery = nothingToRestore(new Date(Date.parse(fencedAt) + 27 * hour).toISOString());
    await world.run(place);
    expect((await world.erasure(place)).certificate).toBeDefined();
  });
});
