import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { statementVersions } from '../../../lambdas/features/agreements/current-versions.ts';
import type { ConsentPurpose } from '../../../lambdas/features/consents/purpose.ts';
import { purposeRef } from '../../../lambdas/features/consents/purpose.ts';
import type { Link } from '../../../lambdas/features/links/link.ts';
import { declinedNoticesEntity } from '../../../lambdas/features/notices/preferences.ts';
import { organisationOwner } from '../../../lambdas/features/organisations/organisation.ts';
import { ownerOf } from '../../../lambdas/features/people/person.ts';
import {
  areSubscribed,
  isSubscribed,
  subscriberPointer,
  subscribersOf,
} from '../../../lambdas/features/subscriptions/subscribers.ts';
import { unsubscribe } from '../../../lambdas/features/subscriptions/subscribing.ts';
import type { Owner } from '../../../lambdas/platform/entity.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aCall, anId } from '../../support/store.ts';
import { aHouse, type House } from '../consents/world.ts';

let db: TestDynamoDb;
let house: House;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());
beforeEach(async () => {
  house = await aHouse(db);
});

const records = () => aCall(house.store).records;
const aNewsletter = (fields: Partial<ConsentPurpose> = {}) =>
  house.purpose({ code: 'newsletter', kinds: ['guardian', 'staff', 'member'], ...fields });

/** Somebody grown up who has consented for themself. */
async function aReader(purpose: ConsentPurpose) {
  const person = await house.person({ kind: 'guardian', email: `${anId('per')}@example.no` });
  const { client } = await house.signedIn(person.id);
  const { body: consent } = await client.giveConsent({
    body: {
      organisationId: house.organisationId,
      personId: person.id,
      purposeId: purpose.id,
      textVersion: purpose.textVersion,
      statementVersion: statementVersions.kindergarten,
    },
  });
  return { owner: ownerOf(house.organisationId, person.id), client, consentId: consent.consentId! };
}

async function anOutsider() {
  const subject = anId('req');
  await house
    .change()
    .point(subscriberPointer(house.organisationId, 'newsletter', subject))
    .commit();
  return { controller: house.organisationId, subject };
}

async function everyone(topic: 'newsletter' | 'surveys', limit = 100) {
  const found = [];
  let cursor: string | undefined;
  do {
    const page = await subscribersOf(records(), house.organisationId, topic, { cursor, limit });
    found.push(...page.recipients.map(({ subject }) => subject));
    cursor = page.cursor;
  } while (cursor !== undefined);
  return found;
}

describe('one press on an unsubscribing link', () => {
  const pressed = async (owner: Owner, topic: 'newsletter' | 'surveys') => {
    const call = aCall(house.store);
    const link: Link = { purpose: 'unsubscribe', owner, about: topic, expiresAt: '2027-01-01T00:00:00Z', hash: 'h' };
    await unsubscribe(link, call.records.change(), call);
  };
  const declined = async (owner: Owner) =>
    (await records().list(declinedNoticesEntity, owner)).items.map(({ value }) => value.category);

  it('ends the consent of somebody who has an account', async () => {
    const { owner } = await aReader(await aNewsletter());
    await pressed(owner, 'newsletter');
    await pressed(owner, 'newsletter');
    expect(await isSubscribed(records(), owner, 'newsletter')).toBe(false);
    expect(await declined(owner)).toEqual([]);
  });

  it('turns surveys off also for whoever is asked as one of a group, without a consent', async () => {
    const asked = await house.person({ kind: 'guardian', email: 'spurt@example.no' });
    const owner = ownerOf(house.organisationId, asked.id);
    await pressed(owner, 'surveys');
    await pressed(owner, 'surveys');
    expect(await declined(owner)).toEqual(['surveys']);
    const { owner: agreed } = await aReader(await aNewsletter({ code: 'surveys' }));
    await pressed(agreed, 'surveys');
    expect(await isSubscribed(records(), agreed, 'surveys')).toBe(false);
    expect(await declined(agreed)).toEqual(['surveys']);
  });
});

describe('those who get a newsletter', () => {
  it('are who consented and who subscribed, each once, page by page', async () => {
    const purpose = await aNewsletter();
    const readers = [await aReader(purpose), await aReader(purpose), await aReader(purpose)];
    const outsiders = [await anOutsider(), await anOutsider()];
    const all = [...readers.map(({ owner }) => owner), ...outsiders].map(({ subject }) => subject).sort();

    expect((await everyone('newsletter')).sort()).toEqual(all);
    expect((await everyone('newsletter', 2)).sort()).toEqual(all);
    expect(await everyone('surveys')).toEqual([]);
  });

  it('are no longer those who have said no, from that moment on', async () => {
    const purpose = await aNewsletter();
    const [stays, goes] = [await aReader(purpose), await aReader(purpose)];
    await goes.client.withdrawConsent({ params: { consentId: goes.consentId } });

    expect(await everyone('newsletter')).toEqual([stays.owner.subject]);
    expect(await areSubscribed(records(), house.organisationId, 'newsletter', [stays.owner, goes.owner])).toEqual([
      true,
      false,
    ]);
  });

  it('are nobody where the purpose is retired, or asks for more than was said yes to', async () => {
    const purpose = await aNewsletter();
    const { owner } = await aReader(purpose);
    const save = async (fields: Partial<ConsentPurpose>, version: number) =>
      house
        .change()
        .put(purposeRef(house.organisationId, purpose.id), { ...purpose, ...fields }, { version })
        .commit();

    await save({ textVersion: 2, holdsSinceTextVersion: 2 }, 1);
    expect(await isSubscribed(records(), owner, 'newsletter')).toBe(false);
    expect(await everyone('newsletter')).toEqual([]);
    await save({ textVersion: 2 }, 2);
    expect(await isSubscribed(records(), owner, 'newsletter')).toBe(true);
    await save({ textVersion: 2, state: 'retired' }, 3);
    expect(await isSubscribed(records(), owner, 'newsletter')).toBe(false);
    expect(await everyone('newsletter')).toEqual([]);
  });

  it('are not children for whom a guardian said yes', async () => {
    const purpose = await aNewsletter({ kinds: ['child'] });
    const child = await house.person({ birthDate: '2022-05-01', email: 'barnet@example.no' });
    const { client } = await house.guardian(child.id);
    await client.giveConsent({
      body: {
        organisationId: house.organisationId,
        personId: child.id,
        purposeId: purpose.id,
        textVersion: 1,
        statementVersion: statementVersions.kindergarten,
      },
    });

    expect(await everyone('newsletter')).toEqual([]);
    expect(await isSubscribed(records(), ownerOf(house.organisationId, child.id), 'newsletter')).toBe(false);
  });

  it('are not those of another organisation, nor the organisation itself', async () => {
    const purpose = await aNewsletter();
    const { owner } = await aReader(purpose);
    const other = await aHouse(db, {}, house.store);

    expect(await areSubscribed(records(), other.organisationId, 'newsletter', [owner])).toEqual([false]);
    expect(await isSubscribed(records(), organisationOwner(house.organisationId), 'newsletter')).toBe(false);
    expect(await isSubscribed(records(), { controller: 'operator', subject: anId('acc') }, 'newsletter')).toBe(false);
  });
});
