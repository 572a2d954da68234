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
import { aHouse, type House, textOf } from './world.ts';

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

describe('who may consent', () => {
  const others = ['information-only', 'pick-up-only'] as const;
  it.each(others)('is no guardian with %s, and such a one sees nothing', async (rights) => {
    const child = await house.person({ birthDate: '2022-05-01' });
    const purpose = await house.purpose();
    const { client } = await house.guardian(child.id, { rights });
    expect((await client.listMyConsents()).body.items).toEqual([]);
    await expect(client.giveConsent(consentTo(child.id, purpose))).rejects.toMatchObject(refused('person-not-found'));
    expect(await events(child.id)).toEqual([]);
  });

  it('is nobody whom a block keeps away, also with what was given before it', async () => {
    const child = await house.person({ birthDate: '2022-05-01' });
    const purpose = await house.purpose();
    const { client, person } = await house.guardian(child.id);
    const { body } = await client.giveConsent(consentTo(child.id, purpose));
    await house.block(child.id, person.id);
    expect((await client.listMyConsents()).body.items).toEqual([]);
    const params = { consentId: body.consentId! };
    await expect(client.withdrawConsent({ params })).rejects.toMatchObject(refused('consent-not-found'));
    await expect(client.getConsentReceipt({ params })).rejects.toMatchObject(refused('consent-not-found'));
  });

  it('is the child itself from the age on, and then its guardians no more', async () => {
    const child = await house.person({ birthDate: '2013-11-23' });
    const purpose = await house.purpose();
    const guardian = await house.guardian(child.id);
    const own = await house.signedIn(child.id);
    await expect(own.client.giveConsent(consentTo(child.id, purpose))).resolves.toMatchObject({
      body: { relation: 'self', standing: 'in-force' },
    });
    await expect(guardian.client.giveConsent(consentTo(child.id, purpose))).rejects.toMatchObject(
      refused('consent-not-yours'),
    );
    const [shown] = (await guardian.client.listMyConsents()).body.items;
    expect(shown).toMatchObject({ standing: 'in-force', givenByMe: false, mayGive: false, mayWithdraw: false });
    const params = { consentId: shown!.consentId! };
    await expect(guardian.client.withdrawConsent({ params })).rejects.toMatchObject(refused('consent-not-yours'));
    expect(await events(child.id)).toEqual(['given']);
  });

  it('is no relative of a grown-up', async () => {
    const grownUp = await house.person({ kind: 'member' });
    const purpose = await house.purpose({ kinds: ['member'] });
    const { client } = await house.guardian(grownUp.id);
    expect((await client.listMyConsents()).body.items).toEqual([]);
    await expect(client.giveConsent(consentTo(grownUp.id, purpose))).rejects.toMatchObject(refused('person-not-found'));
  });

  it('is not the child below the age', async () => {
    const child = await house.person({ birthDate: '2013-11-24' });
    const purpose = await house.purpose();
    const { client } = await house.signedIn(child.id);
    await expect(client.giveConsent(consentTo(child.id, purpose))).rejects.toMatchObject(refused('consent-not-yours'));
  });

  it('takes both guardians where the purpose says so, and one to end it; neither learns of the other', async () => {
    const child = await house.person({ birthDate: '2022-05-01' });
    const purpose = await house.purpose({ guardians: 'both' });
    const mother = await house.guardian(child.id);
    const father = await house.guardian(child.id, { relation: 'father' });
    const { body: waiting } = await mother.client.giveConsent(consentTo(child.id, purpose));
    expect(waiting).toMatchObject({ standing: 'waiting-for-others', isInForce: false, missing: 1 });
    const { body: whole } = await father.client.giveConsent(consentTo(child.id, purpose));
    expect(whole).toMatchObject({ standing: 'in-force', isInForce: true, consentId: waiting.consentId });
    expect(JSON.stringify(whole)).not.toContain(mother.person.id);
    const { content } = (await father.client.getConsentReceipt({ params: { consentId: whole.consentId! } })).body;
    expect(String(content)).not.toContain(mother.person.id);
    expect(String(content)).toContain(father.person.id);

    await mother.client.withdrawConsent({ params: { consentId: whole.consentId! } });
    expect((await father.client.listMyConsents()).body.items).toMatchObject([
      { standing: 'withdrawn', isInForce: false },
    ]);
    expect(await house.notices(father.person.id)).toEqual([]);
  });

  it('may be both at the same moment, and one may withdraw while the other gives', async () => {
    const child = await house.person({ birthDate: '2022-05-01' });
    const purpose = await house.purpose({ guardians: 'both' });
    const [mother, father] = [await house.guardian(child.id), await house.guardian(child.id, { relation: 'father' })];
    const { body } = await mother.client.giveConsent(consentTo(child.id, purpose));
    await Promise.all([
      mother.client.giveConsent(consentTo(child.id, purpose)),
      father.client.giveConsent(consentTo(child.id, purpose)),
    ]);
    expect((await mother.client.listMyConsents()).body.items).toMatchObject([
      { consentId: body.consentId, standing: 'in-force' },
    ]);
    house.store.clock = new Date(house.store.clock.getTime() + 60_000);
    const params = { consentId: body.consentId! };
    await Promise.all([
      mother.client.withdrawConsent({ params }),
      father.client.giveConsent(consentTo(child.id, purpose)),
    ]);
    const [shown] = (await mother.client.listMyConsents()).body.items;
    expect(shown?.isInForce).toBe(false);
  });

  it('takes back what they gave even when they decide no longer', async () => {
    const child = await house.person({ birthDate: '2013-11-24' });
    const purpose = await house.purpose();
    const { client } = await house.guardian(child.id);
    const { body } = await client.giveConsent(consentTo(child.id, purpose));
    house.store.clock = new Date('2026-11-25T07:00:00Z');
    expect((await client.listMyConsents()).body.items).toMatchObject([
      { standing: 'to-be-asked-anew', isInForce: true, mayGive: false, mayWithdraw: true },
    ]);
    expect((await client.withdrawConsent({ params: { consentId: body.consentId! } })).body.standing).toBe('withdrawn');
  });
});

describe('consenting', () => {
  it('is to the text and the statement that were read, to a purpose that is asked', async () => {
    const child = await house.person({ birthDate: '2022-05-01' });
    const purpose = await house.purpose();
    const [forStaff, retired] = [await house.purpose({ kinds: ['staff'] }), await house.purpose({ state: 'retired' })];
    const { client } = await house.guardian(child.id);
    const { body } = consentTo(child.id, purpose);
    const tries = [
      [{ ...body, textVersion: 2 }, 'consent-purpose-outdated'],
      [{ ...body, statementVersion: '2020-01-01.old' }, 'statement-outdated'],
      [{ ...body, purposeId: forStaff.id }, 'consent-purpose-not-found'],
      [{ ...body, purposeId: retired.id }, 'consent-purpose-not-found'],
      [{ ...body, purposeId: anId('pur') }, 'consent-purpose-not-found'],
      [{ ...body, personId: anId('per') }, 'person-not-found'],
    ] as const;
    for (const [wrong, slug] of tries) {
      await expect(client.giveConsent({ body: wrong })).rejects.toMatchObject(refused(slug));
    }
    expect(await events(child.id)).toEqual([]);
  });

  it('and withdrawing can go on for long, but giving has an end', async () => {
    const child = await house.person({ birthDate: '2022-05-01' });
    const purpose = await house.purpose();
    const { client } = await house.guardian(child.id);
    const { body } = await client.giveConsent(consentTo(child.id, purpose));
    const owner = ownerOf(house.organisationId, child.id);
    const [first] = (await aCall(house.store).records.list(consentEventEntity, owner)).items;
    for (let from = 2; from <= CONSENT_EVENTS_MAX; from += 90) {
      const change = house.change();
      for (let sequence = from; sequence < from + 90 && sequence <= CONSENT_EVENTS_MAX; sequence++) {
        change.put(consentEventRef(owner, body.consentId!, sequence), first!.value, 'new');
      }
      await change.commit();
    }
    await expect(client.giveConsent(consentTo(child.id, purpose))).rejects.toMatchObject(refused('too-many'));
    const { body: withdrawn } = await client.withdrawConsent({ params: { consentId: body.consentId! } });
    expect(withdrawn.standing).toBe('withdrawn');
  });

  it('twice with one key is once', async () => {
    const child = await house.person({ birthDate: '2022-05-01' });
    const request = { ...consentTo(child.id, await house.purpose()), idempotencyKey: 'consent-000000000001' };
    const { client } = await house.guardian(child.id);
    const { body } = await client.giveConsent(request);
    expect((await client.giveConsent(request)).body).toEqual(body);
    expect(await events(child.id)).toEqual(['given']);
  });
});

describe('a consent', () => {
  it('is nobody else’s to see or end', async () => {
    const child = await house.person({ birthDate: '2022-05-01' });
    const { client } = await house.guardian(child.id);
    const { body } = await client.giveConsent(consentTo(child.id, await house.purpose()));
    const params = { consentId: body.consentId! };
    const stranger = await house.signedIn((await house.person({ kind: 'guardian' })).id);
    await expect(stranger.client.withdrawConsent({ params })).rejects.toMatchObject(refused('consent-not-found'));
    await expect(stranger.client.getConsentReceipt({ params })).rejects.toMatchObject(refused('consent-not-found'));
    expect(await events(child.id)).toEqual(['given']);
  });

  it('is withdrawn as well while the data is restricted (Art. 18)', async () => {
    const child = await house.person({ birthDate: '2022-05-01' });
    const { client } = await house.guardian(child.id);
    const { body } = await client.giveConsent(consentTo(child.id, await house.purpose()));
    const owner = ownerOf(house.organisationId, child.id);
    await house.change().keys({ do: 'restrict', owner, retentionClass: 'person' }).commit();
    const { body: withdrawn } = await client.withdrawConsent({ params: { consentId: body.consentId! } });
    expect(withdrawn.standing).toBe('withdrawn');
  });

  it('is written ahead in the rights ledger when it ends, and in the activity log', async () => {
    const child = await house.person({ birthDate: '2022-05-01' });
    const { client } = await house.guardian(child.id);
    const { body } = await client.giveConsent(consentTo(child.id, await house.purpose()));
    await client.withdrawConsent({ params: { consentId: body.consentId! } });
    const { items } = await aCall(house.store).records.pointers('rights', `${house.organisationId}#LEDGER`);
    expect(JSON.stringify(items)).toContain(body.consentId);
  });
});

describe('a receipt', () => {
  it.each([
    ['nb', 'Bilder på veggen'],
    ['en', 'Pictures on the wall'],
  ] as const)('in %s has every mandatory field of ISO/IEC TS 27560, as JSON-LD in DPV', async (language, title) => {
    const child = await house.person({ birthDate: '2022-05-01' });
    const purpose = await house.purpose({ fields: ['picture'] });
    const guardian = await house.guardian(child.id);
    const client = language === 'nb' ? guardian.client : guardian.inEnglish;
    const { body } = await client.giveConsent(consentTo(child.id, purpose));
    house.store.clock = new Date(house.store.clock.getTime() + 60_000);
    await client.withdrawConsent({ params: { consentId: body.consentId! } });
    const { body: receipt } = await client.getConsentReceipt({ params: { consentId: body.consentId! } });
    expect(receipt.contentType).toBe('application/ld+json');
    const document = JSON.parse(String(receipt.content));
    expect(document).toMatchObject({
      '@context': { dpv: 'https://w3id.org/dpv#' },
      '@type': 'dpv:ConsentReceipt',
      'dct:identifier': `${body.consentId}.2`,
      'dct:conformsTo': 'dpv-27560:receipt-eu-gdpr',
    });
    expect(document['dpv:hasRecordOfActivity']).toMatchObject({
      'dct:identifier': body.consentId,
      'dpv:hasDataSubject': { 'dpv:hasIdentifier': child.id },
      'dpv:hasLegalBasis': 'eu-gdpr:A6-1-a',
      'dpv:hasNotice': { 'dct:hasVersion': statementVersion, 'dct:language': language },
      'dpv:hasProcess': {
        'dpv:hasPurpose': { 'dct:title': { '@value': title, '@language': language }, 'dct:hasVersion': '1' },
        'dpv:hasStorageCondition': expect.arrayContaining([
          { '@type': 'dpv:StorageLocation', 'dpv:hasLocation': 'loc:IE' },
        ]),
      },
      'dpv:hasConsentControl': { '@type': ['dpv:WithdrawConsent'] },
      'dpv:hasConsentStatus': [
        {
          '@type': ['dpv:ConsentGiven', 'dpv:ExpressedConsent'],
          'dpv:isIndicatedBy': { '@type': 'dpv:GuardianOfDataSubject', 'dpv:hasIdentifier': guardian.person.id },
        },
        { '@type': ['dpv:ConsentWithdrawn'] },
      ],
    });
    // Every prefix that is used is declared.
    const prefixes = [...String(receipt.content).matchAll(/"([a-z0-9-]+):[A-Za-z0-9-]+"/g)].map(
      ([, prefix]) => prefix!,
    );
    expect(prefixes.filter((prefix) => !Object.hasOwn(document['@context'], prefix))).toEqual([]);
  });

  it('says for ever what was consented to, also when the purpose reads otherwise now', async () => {
    const child = await house.person({ birthDate: '2022-05-01' });
    const purpose = await house.purpose();
    const { client } = await house.guardian(child.id);
    const { body } = await client.giveConsent(consentTo(child.id, purpose));
    const { client: administrator } = await house.administrator();
    await administrator.changeConsentPurpose({
      params: { organisationId: house.organisationId, purposeId: purpose.id },
      ifMatch: 1,
      body: { ...textOf(purpose), title: { nb: 'Film på veggen', en: 'Films on the wall' }, asksAnew: false },
    });
    const { body: receipt } = await client.getConsentReceipt({ params: { consentId: body.consentId! } });
    expect(String(receipt.content)).toContain('Bilder på veggen');
    expect(String(receipt.content)).not.toContain('Film på veggen');
  });
});
