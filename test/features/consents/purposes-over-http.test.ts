import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { statementVersions } from '../../../lambdas/features/agreements/current-versions.ts';
import { consentOwner } from '../../../lambdas/features/consents/consent.ts';
import {
  consentedInformationEntity,
  consentedPictureEntity,
} from '../../../lambdas/features/consents/consented-information.ts';
import { type ConsentPurpose, PURPOSES_MAX } from '../../../lambdas/features/consents/purpose.ts';
import type { PersonId } from '../../../lambdas/http/ids.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aCall, anId } from '../../support/store.ts';
import { ONE_PIXEL } from './one-pixel.ts';
import { aHouse, type House, textOf } from './world.ts';

let db: TestDynamoDb;
let house: House;
let administrator: Awaited<ReturnType<House['administrator']>>['client'];
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());
beforeEach(async () => {
  house = await aHouse(db);
  administrator = (await house.administrator()).client;
});

const refused = (slug: string) => ({ name: 'ProblemError', slug });
const inHouse = () => ({ organisationId: house.organisationId });
const ofPurpose = ({ id }: Pick<ConsentPurpose, 'id'>) => ({ ...inHouse(), purposeId: id });
const ofPerson = (personId: PersonId) => ({ ...inHouse(), personId });

async function aGrownUpWhoConsents(purpose: ConsentPurpose, fields = {}) {
  const person = await house.person({ kind: 'guardian', firstName: 'Kari', email: 'kari@example.no', ...fields });
  const { client } = await house.signedIn(person.id);
  const { body } = await client.giveConsent({
    body: {
      organisationId: house.organisationId,
      personId: person.id,
      purposeId: purpose.id,
      textVersion: purpose.textVersion,
      statementVersion: statementVersions.kindergarten,
    },
  });
  return { person, client, consentId: body.consentId! };
}

describe('a purpose', () => {
  it('is declared from the catalogue of the profile, with rules of the organisation’s own', async () => {
    const before = (await administrator.listConsentPurposes({ params: inHouse() })).body;
    expect(before.standard.map(({ code }) => code)).toEqual([
      'pictures-inside',
      'pictures-web',
      'trips',
      'newsletter',
      'surveys',
      'profile-extras',
    ]);
    const request = {
      params: inHouse(),
      body: { code: 'pictures-web', age: 15 },
      idempotencyKey: 'purpose-000000000001',
    } as const;
    const { body: declared, etag } = await administrator.declareConsentPurpose(request);
    expect(declared).toMatchObject({ code: 'pictures-web', guardians: 'both', age: 15, textVersion: 1, given: 0 });
    expect(etag).toBe('"1"');
    expect((await administrator.declareConsentPurpose(request)).body).toEqual(declared);
    const after = (await administrator.listConsentPurposes({ params: inHouse() })).body;
    expect(after.items.map(({ id }) => id)).toEqual([declared.id]);
    expect(after.standard.map(({ code }) => code)).not.toContain('pictures-web');
    await expect(
      administrator.declareConsentPurpose({ params: inHouse(), body: { code: 'pictures-web' } }),
    ).rejects.toMatchObject(refused('name-taken'));
    // The account's consent is a matter of the profile `safety`, and nobody's to declare.
    await expect(
      administrator.declareConsentPurpose({ params: inHouse(), body: { code: 'account' } }),
    ).rejects.toMatchObject(refused('consent-purpose-not-found'));
  });

  it('may be in words of one’s own, changed by version, and is counted', async () => {
    const words = {
      title: { nb: 'Film', en: 'Films' },
      text: { nb: 'Vi filmer.', en: 'We film.' },
      data: { nb: 'film', en: 'films' },
      fields: [],
      guardians: 'either',
      age: 13,
      kinds: ['guardian'],
    } as const;
    const { body: declared } = await administrator.declareConsentPurpose({
      params: inHouse(),
      body: { ...words, fields: [], kinds: [...words.kinds] },
    });
    const { client, consentId } = await aGrownUpWhoConsents(declared);
    await aGrownUpWhoConsents(declared, { email: 'ola@example.no' });
    await client.withdrawConsent({ params: { consentId } });
    const [counted] = (await administrator.listConsentPurposes({ params: inHouse() })).body.items;
    expect(counted).toMatchObject({ given: 1, ended: 1 });

    const change = {
      params: ofPurpose(declared),
      body: { ...textOf(declared), title: { nb: 'Video', en: 'Video' }, asksAnew: false },
    };
    const { body: changed } = await administrator.changeConsentPurpose({ ...change, ifMatch: 1 });
    expect(changed).toMatchObject({ textVersion: 2, holdsSinceTextVersion: 1, version: 2, title: { nb: 'Video' } });
    await expect(
      administrator.changeConsentPurpose({ ...change, body: { ...change.body, age: 14 }, ifMatch: 1 }),
    ).rejects.toMatchObject(refused('stale-version'));
    // The same again changes nothing.
    expect((await administrator.changeConsentPurpose({ ...change, ifMatch: 2 })).body).toMatchObject({ version: 2 });
    await expect(
      administrator.changeConsentPurpose({ ...change, params: { ...inHouse(), purposeId: anId('pur') }, ifMatch: 1 }),
    ).rejects.toMatchObject(refused('consent-purpose-not-found'));

    const params = ofPurpose(declared);
    await expect(administrator.retireConsentPurpose({ params, ifMatch: 1 })).rejects.toMatchObject(
      refused('stale-version'),
    );
    await administrator.retireConsentPurpose({ params, ifMatch: 2 });
    await administrator.retireConsentPurpose({ params, ifMatch: 3 });
    await expect(administrator.changeConsentPurpose({ ...change, ifMatch: 3 })).rejects.toMatchObject(
      refused('wrong-state'),
    );
    await expect(
      administrator.retireConsentPurpose({ params: { ...inHouse(), purposeId: anId('pur') }, ifMatch: 1 }),
    ).rejects.toMatchObject(refused('consent-purpose-not-found'));
  });

  it('holds no identity number in its words, and no card number', async () => {
    const purpose = await house.purpose();
    const text = { nb: 'Spør 17054026641.', en: 'Ask 17054026641.' };
    const body = { ...textOf(purpose), text, asksAnew: false };
    await expect(
      administrator.changeConsentPurpose({ params: ofPurpose(purpose), body, ifMatch: 1 }),
    ).rejects.toMatchObject(refused('forbidden-content'));
    await expect(
      administrator.declareConsentPurpose({ params: inHouse(), body: { ...textOf(purpose), text } }),
    ).rejects.toMatchObject({ status: 400 });
    expect((await administrator.listConsentPurposes({ params: inHouse() })).body.items).toHaveLength(1);
  });

  it('is one of a bounded number', async () => {
    for (let count = 0; count < PURPOSES_MAX; count++) await house.purpose();
    await expect(
      administrator.declareConsentPurpose({ params: inHouse(), body: { code: 'trips' } }),
    ).rejects.toMatchObject(refused('too-many'));
  });

  it('is the administrator’s and the privacy officer’s to declare, not staff’s', async () => {
    const { client: staff } = await house.administrator('staff');
    await expect(staff.declareConsentPurpose({ params: inHouse(), body: { code: 'trips' } })).rejects.toMatchObject(
      refused('not-allowed'),
    );
    const { client: officer } = await house.administrator('privacy-officer');
    await expect(officer.declareConsentPurpose({ params: inHouse(), body: { code: 'trips' } })).resolves.toBeDefined();
  });
});

describe('where consents stand', () => {
  it('is listed by purpose, page by page, and by person, without who gave them', async () => {
    const purpose = await house.purpose({ kinds: ['guardian'] });
    const people = [];
    for (const name of ['a', 'b', 'c'])
      people.push(await aGrownUpWhoConsents(purpose, { email: `${name}@example.no` }));
    await people[1]!.client.withdrawConsent({ params: { consentId: people[1]!.consentId } });
    const params = ofPurpose(purpose);
    const { body: first } = await administrator.listConsentsToPurpose({ params, query: { limit: 2 } });
    const { body: second } = await administrator.listConsentsToPurpose({
      params,
      query: { limit: 2, cursor: first.next! },
    });
    expect([...first.items, ...second.items].map(({ standing }) => standing)).toEqual([
      'in-force',
      'withdrawn',
      'in-force',
    ]);
    expect(second.next).toBeUndefined();
    await expect(
      administrator.listConsentsToPurpose({ params: { ...inHouse(), purposeId: anId('pur') } }),
    ).rejects.toMatchObject(refused('consent-purpose-not-found'));

    const { body: one } = await administrator.listPersonConsents({ params: ofPerson(people[0]!.person.id) });
    expect(one.items).toEqual([
      {
        personId: people[0]!.person.id,
        purposeId: purpose.id,
        title: 'Bilder på veggen',
        standing: 'in-force',
        isInForce: true,
        missing: 0,
      },
    ]);
    await expect(administrator.listPersonConsents({ params: ofPerson(anId('per')) })).rejects.toMatchObject(
      refused('person-not-found'),
    );
  });

  it('is not shown of a child that a block keeps from the caller', async () => {
    const child = await house.person({ birthDate: '2022-05-01' });
    const purpose = await house.purpose();
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
    const leader = await house.administrator('leader');
    const list = () => leader.client.listConsentsToPurpose({ params: ofPurpose(purpose) });
    expect((await list()).body.items).toHaveLength(1);
    await house.block(child.id, leader.account.personId);
    expect((await list()).body.items).toEqual([]);
  });
});

describe('what rests on a consent (FW-02)', () => {
  const extras = { birthDate: '1985-03-01', position: 'Rørlegger' };
  const aPurpose = () =>
    house.purpose({ kinds: ['guardian'], fields: ['birthDate', 'position', 'address', 'postcode', 'picture'] });

  it('is refused without it, held while it lasts, shown to who may see the person, and gone with it', async () => {
    const purpose = await aPurpose();
    const { person, client, consentId } = await aGrownUpWhoConsents(purpose);
    const other = await house.person({ kind: 'guardian', email: 'other@example.no' });
    const putTo = (personId: PersonId) => ({ ...ofPerson(personId), purposeId: purpose.id });
    await expect(
      administrator.putConsentedInformation({ params: putTo(other.id), body: extras, ifMatch: 1 }),
    ).rejects.toMatchObject(refused('consent-not-in-force'));

    const picture = { contentType: 'image/png', content: ONE_PIXEL } as const;
    const { body: held, etag } = await administrator.putConsentedInformation({
      params: putTo(person.id),
      body: { ...extras, picture },
      ifMatch: 1,
    });
    expect(held).toMatchObject({ consentId, purposeId: purpose.id, ...extras, version: 2 });
    expect(etag).toBe('"2"');
    const read = async (who = administrator) =>
      (await who.listConsentedInformation({ params: ofPerson(person.id) })).body.items;
    expect(await read()).toMatchObject([{ ...extras, picture: { contentType: 'image/png' }, version: 2 }]);

    await expect(
      administrator.putConsentedInformation({ params: putTo(person.id), body: extras, ifMatch: 1 }),
    ).rejects.toMatchObject(refused('stale-version'));
    await administrator.putConsentedInformation({
      params: putTo(person.id),
      body: { position: 'Pensjonist' },
      ifMatch: 2,
    });
    expect(await read()).toEqual([{ consentId, purposeId: purpose.id, position: 'Pensjonist', version: 3 }]);

    await client.withdrawConsent({ params: { consentId } });
    expect(await read()).toEqual([]);
    await expect(
      administrator.putConsentedInformation({ params: putTo(person.id), body: extras, ifMatch: 1 }),
    ).rejects.toMatchObject(refused('consent-not-in-force'));
    const owner = consentOwner(house.organisationId, consentId);
    const { records } = aCall(house.store);
    expect(await records.get({ entity: consentedInformationEntity, owner })).toBeUndefined();
    expect(await records.get({ entity: consentedPictureEntity, owner })).toBeUndefined();
  });

  it('is no more than the purpose names, and nothing that needs no consent', async () => {
    const purpose = await house.purpose({ kinds: ['guardian'], fields: ['birthDate', 'phone'] });
    const { person } = await aGrownUpWhoConsents(purpose);
    const params = { ...ofPerson(person.id), purposeId: purpose.id };
    for (const body of [{ position: 'Rørlegger' }, { phone: '+4790000000' }]) {
      await expect(administrator.putConsentedInformation({ params, body, ifMatch: 1 })).rejects.toMatchObject({
        ...refused('malformed-request'),
      });
    }
    await expect(
      administrator.putConsentedInformation({ params, body: { position: 'Kort 4111 1111 1111 1111' }, ifMatch: 1 }),
    ).rejects.toMatchObject(refused('forbidden-content'));
    await expect(
      administrator.putConsentedInformation({
        params: { ...ofPerson(person.id), purposeId: anId('pur') },
        body: {},
        ifMatch: 1,
      }),
    ).rejects.toMatchObject(refused('consent-purpose-not-found'));
  });

  it('takes a picture only as pictures are taken elsewhere', async () => {
    const purpose = await aPurpose();
    const { person } = await aGrownUpWhoConsents(purpose);
    const params = { ...ofPerson(person.id), purposeId: purpose.id };
    const put = (content: string) =>
      administrator.putConsentedInformation({
        params,
        body: { picture: { contentType: 'image/png', content } },
        ifMatch: 1,
      });
    await expect(put(Buffer.from('no picture').toString('base64'))).rejects.toMatchObject(refused('not-a-picture'));
    await expect(put(Buffer.alloc(151 * 1024).toString('base64'))).rejects.toMatchObject(refused('picture-too-large'));
  });

  it('keeps a protected address from staff', async () => {
    const purpose = await house.purpose({ kinds: ['staff'], fields: ['birthDate', 'address', 'postcode'] });
    const { person } = await aGrownUpWhoConsents(purpose, { kind: 'staff', protectedAddress: true });
    const params = { ...ofPerson(person.id), purposeId: purpose.id };
    const body = { birthDate: '1985-03-01', address: 'Storgata 1', postcode: '0150' };
    await administrator.putConsentedInformation({ params, body, ifMatch: 1 });
    const { client: staff } = await house.administrator('staff');
    const { body: seen } = await staff.listConsentedInformation({ params: ofPerson(person.id) });
    expect(seen.items).toMatchObject([{ birthDate: body.birthDate }]);
    expect(JSON.stringify(seen)).not.toContain(body.address);
    await expect(staff.listConsentedInformation({ params: ofPerson(anId('per')) })).rejects.toMatchObject(
      refused('person-not-found'),
    );
    await expect(
      administrator.putConsentedInformation({ params: { ...params, personId: anId('per') }, body, ifMatch: 1 }),
    ).rejects.toMatchObject(refused('person-not-found'));
  });
});
