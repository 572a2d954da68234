import { createPublicKey, verify } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { erasedClasses } from '../../../lambdas/features/erasure/erasure.ts';
import { formerUserNumbers } from '../../../lambdas/features/erasure/former-users.ts';
import { grownUpIdentity } from '../../../lambdas/features/people/identity.ts';
import { guardianLinkEntity, ownerOf, peoplePointers, personEntity } from '../../../lambdas/features/people/person.ts';
import { pictureRef } from '../../../lambdas/features/pictures/picture.ts';
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

const EMAIL = 'Kari.Olstad@example.no';

/** A guardian with an account, a child, a claim on an address, and a place on SES's list. */
async function aGuardian() {
  const { store, organisationId } = world;
  const child = await aPerson(store, organisationId);
  const guardian = await aPerson(store, organisationId, { kind: 'guardian', email: EMAIL });
  const account = await someoneWith(store, organisationId, 'guardian', {
    personId: guardian.id,
    scope: { kind: 'person', id: guardian.id },
    email: EMAIL,
  });
  world.users.users.set(EMAIL, { sub: account.sub, signedIn: true, totp: false });
  world.suppression.addresses.add(EMAIL);
  const owner = ownerOf(organisationId, guardian.id);
  const identity = grownUpIdentity(guardian)!;
  await aCall(store)
    .records.change()
    .claim(organisationId, identity.kind, identity.value, guardian.id, () => new Error('taken'))
    .put(
      { entity: guardianLinkEntity, owner: ownerOf(organisationId, child.id), key: guardian.id },
      {
        guardianId: guardian.id,
        relation: 'mother',
        rights: 'parental-responsibility',
        livesWith: true,
        from: '2026-01-01',
      },
      'new',
    )
    .point(peoplePointers.child(organisationId, guardian.id, child.id))
    .activity({ event: 'guardian.linked', subject: owner })
    .commit();
  return { owner, guardian, child, account };
}

describe('an erased person', () => {
  it('KP-12: leaves no row, no key, no claim, no user, no entry in SES’s list, and cannot be written about again', async () => {
    const { owner, guardian, account } = await aGuardian();
    const place = await world.order({ owner, cause: 'request' });
    await world.run(place);

    expect(await world.erasure(place)).toMatchObject({ state: 'answered', failures: 0 });
    expect((await world.naming(guardian.id)).filter((row) => !isAllowedToStay(row))).toEqual([]);
    expect((await world.naming(account.accountId)).filter((row) => !isAllowedToStay(row))).toEqual([]);
    expect(await world.rows('lookup')).toEqual([]);
    expect(await world.users.exists(account.sub)).toBe(false);
    expect([...world.suppression.addresses]).toEqual([]);
    for (const table of ['keys', 'mirror'] as const) {
      const rows = (await world.rows(table)).filter(
        ({ pk, sk }) => pk === `${owner.controller}#${owner.subject}` && sk !== 'CLASS#consent',
      );
      expect(rows.map(({ state, wrappedKey }) => [state, wrappedKey])).toEqual(
        erasedClasses(owner).map(() => ['ERASED', undefined]),
      );
    }
    const { records } = aCall(world.store);
    const again = records
      .change()
      .put(pictureRef(world.organisationId, guardian.id), {}, 'new')
      .activity({ event: 'picture.set', subject: owner });
    await expect(again.commit()).rejects.toThrow(Closed);
  });

  it('CE-12: is a number in the organisation’s history', async () => {
    const { organisationId, store } = world;
    const persons = [await aPerson(store, organisationId), await aPerson(store, organisationId)];
    for (const { id } of persons)
      await world.run(await world.order({ owner: ownerOf(organisationId, id), cause: 'request' }));
    const numbers = await formerUserNumbers(aCall(store).records, organisationId, [
      ...persons.map(({ id }) => id),
      anId('per'),
    ]);
    expect([...numbers.values()]).toEqual([1, 2]);
  });

  it('is closed from the order on, before the worker has come', async () => {
    const { organisationId, store } = world;
    const { id } = await aPerson(store, organisationId);
    const owner = ownerOf(organisationId, id);
    await world.order({ owner, cause: 'request' });
    expect(await aCall(store).records.get({ entity: personEntity, owner })).toBeUndefined();
  });
});

describe('the certificate', () => {
  it('comes only when AWS says that nothing older can be restored, and verifies with the public key alone', async () => {
    const { organisationId, store } = world;
    const { id } = await aPerson(store, organisationId);
    const place = await world.order({ owner: ownerOf(organisationId, id), cause: 'retention' });
    const { clock } = store;
    await world.run(place);
    store.clock = new Date(clock.getTime() + 2 * 60 * 60_000);
    await world.run(place);
    expect((await world.erasure(place)).certificate).toBeUndefined();

    world.recovery = { ...nothingToRestore(store.clock.toISOString()), backups: ['arn:aws:dynamodb:backup'] };
    store.clock = new Date(clock.getTime() + 26 * 60 * 60_000);
    await world.run(place);
    expect((await world.erasure(place)).certificate).toBeUndefined();

    world.recovery = nothingToRestore(store.clock.toISOString());
    store.clock = new Date(clock.getTime() + 28 * 60 * 60_000);
    expect(await world.run(place)).toBe('closed');
    const { certificate } = await world.erasure(place);
    const key = createPublicKey({ key: Buffer.from(world.spki, 'base64'), format: 'der', type: 'spki' });
    const { document, signature } = certificate!;
    expect(verify('sha256', Buffer.from(document), key, Buffer.from(signature, 'base64url'))).toBe(true);
    expect(
      verify(
        'sha256',
        Buffer.from(document.replace('retention', 'requests')),
        key,
        Buffer.from(signature, 'base64url'),
      ),
    ).toBe(false);
    expect(JSON.parse(document)).toMatchObject({ erasureId: place.id, subject: id, cause: 'retention' });
  });
});
