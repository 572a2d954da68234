import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountRef } from '../../../lambdas/features/accounts/account.ts';
import { statementVersions } from '../../../lambdas/features/agreements/current-versions.ts';
import { consentEventEntity, consentOwner } from '../../../lambdas/features/consents/consent.ts';
import { accountPurpose } from '../../../lambdas/features/consents/standard-purposes.ts';
import { giveConsent } from '../../../lambdas/features/consents/writes.ts';
import { erasureEntity, type Place } from '../../../lambdas/features/erasure/erasure.ts';
import { ownerOf } from '../../../lambdas/features/people/person.ts';
import type { Owner } from '../../../lambdas/platform/entity.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aCall } from '../../support/store.ts';
import { aWorld, type World } from '../erasure/world.ts';
import { aHouse } from './world.ts';

let db: TestDynamoDb;
let world: World;
beforeAll(async () => {
  db = await startDynamoDb();
  world = await aWorld(db);
});
afterAll(() => db.stop());

/** The erasures that lie with a person, each with what it is of. */
async function ordered(holder: Owner, owners: readonly Owner[]): Promise<Place[]> {
  const { items } = await aCall(world.store).records.list(erasureEntity, holder);
  const pointers = await aCall(world.store).records.pointersAt(
    items.map(({ value }) => ({ table: 'rights', pk: `ERASURE#${value.id}`, sk: 'PLACE' }) as const),
  );
  return items.flatMap(({ value }, i) => {
    const owner = owners.find(({ subject }) => subject === pointers[i]?.attributes?.['subject']);
    return owner ? [{ id: value.id, owner, holder }] : [];
  });
}

describe('what rests on a consent', () => {
  it('is destroyed by the worker that the withdrawal woke; the proof of both stays (FW-02)', async () => {
    const house = await aHouse(db, {}, world.store);
    const purpose = await house.purpose({ kinds: ['guardian'], fields: ['birthDate'] });
    const person = await house.person({ kind: 'guardian', email: 'kari@example.no' });
    const { client } = await house.signedIn(person.id);
    const { body } = await client.giveConsent({
      body: {
        organisationId: house.organisationId,
        personId: person.id,
        purposeId: purpose.id,
        textVersion: 1,
        statementVersion: statementVersions.kindergarten,
      },
    });
    const { client: administrator } = await house.administrator();
    const params = { organisationId: house.organisationId, personId: person.id };
    await administrator.putConsentedInformation({
      params: { ...params, purposeId: purpose.id },
      body: { birthDate: '1985-03-01' },
      ifMatch: 1,
    });
    await client.withdrawConsent({ params: { consentId: body.consentId! } });

    const owner = consentOwner(house.organisationId, body.consentId!);
    const holder = ownerOf(house.organisationId, person.id);
    const [place] = await ordered(holder, [owner]);
    await world.run(place!);
    expect(await aCall(world.store).records.keyStates(owner)).toEqual(
      new Map([
        ['consented', 'ERASED'],
        ['photo', 'ERASED'],
      ]),
    );
    const left = (await world.naming(body.consentId!)).filter(({ sk }) => sk.startsWith('CONSENTED'));
    expect(left).toEqual([]);
    const events = await aCall(world.store).records.list(consentEventEntity, holder);
    expect(events.items.map(({ value }) => value.state)).toEqual(['given', 'withdrawn']);
    // The person is still there, and may consent again.
    expect((await client.listMyConsents()).body.items).toMatchObject([{ standing: 'withdrawn', mayGive: true }]);
  });
});

describe('under the profile safety', () => {
  it('withdrawing the consent to the account erases the person, and the account with its last link (SM-07, SM-11)', async () => {
    const house = await aHouse(db, { profile: 'safety', name: 'Trygg omsorg' }, world.store);
    const person = await house.person({ kind: 'member', email: 'ola@example.no' });
    const { client, account } = await house.signedIn(person.id);
    const change = house.change();
    giveConsent(
      change,
      {
        organisationId: house.organisationId,
        principalId: person.id,
        purpose: accountPurpose,
        open: undefined,
        by: { personId: person.id, capacity: 'self' },
        statementVersion: statementVersions.safety,
        language: 'nb',
        method: 'registration',
      },
      aCall(world.store),
    );
    await change.commit();
    const [consent] = (await client.listMyConsents()).body.items;
    expect(consent).toMatchObject({ code: 'account', standing: 'in-force', mayWithdraw: true });
    const { body } = await client.withdrawConsent({ params: { consentId: consent!.consentId! } });
    expect(body).toMatchObject({ standing: 'withdrawn' });

    const holder = ownerOf(house.organisationId, person.id);
    expect((await aCall(world.store).records.keyStates(holder)).get('person')).toBe('RESTRICTED');
    const places = await ordered(holder, [holder, consentOwner(house.organisationId, consent!.consentId!)]);
    expect(places).toHaveLength(2);
    for (const place of places) await world.run(place);
    expect((await aCall(world.store).records.keyStates(holder)).get('person')).toBe('ERASED');
    const { accountErasureId } = await world.erasure(places.find(({ owner }) => owner === holder)!);
    expect(accountErasureId).toBeDefined();
    const accountOwner: Owner = { controller: 'operator', subject: account.accountId };
    await world.run({ id: accountErasureId!, owner: accountOwner, holder: accountOwner });
    expect(await aCall(world.store).records.get(accountRef(account.accountId))).toBeUndefined();
    await expect(client.listMyConsents()).rejects.toMatchObject({ slug: 'not-signed-in' });
  });
});
