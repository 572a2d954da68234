import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { statementVersions } from '../../../lambdas/features/agreements/current-versions.ts';
import {
  CONSENT_EVENTS_MAX,
  consentEventEntity,
  consentEventRef,
  consentOwner,
} from '../../../lambdas/features/consents/consent.ts';
import type { ConsentPurpose } from '../../../lambdas/features/consents/purpose.ts';
import { erasureEntity } from '../../../lambdas/features/erasure/erasure.ts';
import { ownerOf } from '../../../lambdas/features/people/person.ts';
import type { PersonId } from '../../../lambdas/http/ids.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aCall, anId } from '../../support/store.ts';
import { aHouse, type House } from './world.ts';

let db: TestDynamoDb;
let house: House;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());
beforeEach(async () => {
  house = await aHouse(db);
});

const refused = (slug: string) => ({ name: 'ProblemError', slug });
const statementVersion = statementVersions.kindergarten;
const consentTo = (personId: PersonId, { id, textVersion }: ConsentPurpose) => ({
  body: { organisationId: house.organisationId, personId, purposeId: id, textVersion, statementVersion },
});
const events = async (personId: PersonId) => {
  const page = await aCall(house.store).records.list(consentEventEntity, ownerOf(house.organisationId, personId));
  return page.items.map(({ value }) => value.state);
};
const erasuresOf = async (personId: PersonId) => {
  const page = await aCall(house.store).records.list(erasureEntity, ownerOf(house.organisationId, personId));
  return page.items.map(({ value }) => value);
};

describe('a guardian', () => {
  it('sees what is asked for the child, consents, and takes it back in one call', async () => {
    const child = await house.person({ birthDate: '2022-05-01' });
    const purpose = await house.purpose();
    const { client, inEnglish, person } = await house.guardian(child.id);

    const { body: asked } = await inEnglish.listMyConsents();
    expect(asked.items).toEqual([
      expect.objectContaining({
        personId: child.id,
        firstName: 'Emil',
        relation: 'child',
        title: 'Pictures on the wall',
        language: 'en',
        standing: 'not-given',
        isInForce: false,
        mayGive: true,
        mayWithdraw: false,
        statementVersion,
      }),
    ]);

    const { status, body: given } = await client.giveConsent(consentTo(child.id, purpose));
    expect(status).toBe(201);
    expect(given).toMatchObject({
      standing: 'in-force',
      isInForce: true,
      givenByMe: true,
      mayWithdraw: true,
      language: 'nb',
    });

    const params = { consentId: given.consentId! };
    const { body: withdrawn } = await client.withdrawConsent({ params });
    expect(withdrawn).toMatchObject({ standing: 'withdrawn', isInForce: false, mayGive: true, mayWithdraw: false });
    expect(await events(child.id)).toEqual(['given', 'withdrawn']);
    // What rests on it was closed in the same transaction, and the worker is on its way.
    expect(await aCall(house.store).records.keyStates(consentOwner(house.organisationId, given.consentId!))).toEqual(
      new Map([
        ['consented', 'RESTRICTED'],
        ['photo', 'RESTRICTED'],
      ]),
    );
    expect(await erasuresOf(child.id)).toEqual([expect.objectContaining({ cause: 'withdrawal', state: 'ordered' })]);
    expect(await house.notices(person.id)).toEqual([
      { template: 'consent-withdrawn', parameters: { at: house.store.clock.toISOString(), childIds: [child.id] } },
    ]);
    // Again changes nothing.
    expect((await client.withdrawConsent({ params })).body).toEqual(withdrawn);
    expect(await events(child.id)).toEqual(['given', 'withdrawn']);

    // Whoever consents again begins anew, under keys of its own.
    house.store.clock = new Date(house.store.clock.getTime() + 60_000);
    const { body: again } = await client.giveConsent(consentTo(child.id, purpose));
    expect(again).toMatchObject({ standing: 'in-force' });
    expect(again.consentId).not.toBe(given.consentId);
  });
});
