import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { agreementDocument } from '../../../lambdas/features/agreements/agreement.ts';
import { statementVersion } from '../../../lambdas/features/agreements/statement.ts';
import { agreementAcceptanceRef } from '../../../lambdas/features/organisations/agreement-acceptance.ts';
import { currentAgreementVersion } from '../../../lambdas/features/organisations/agreement-standing.ts';
import { type Organisation, organisationRef } from '../../../lambdas/features/organisations/organisation.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { anOrganisation, aPerson, type SignedIn, someoneWith, tokenOf } from '../../support/service.ts';
import { aWorld, type World } from './world.ts';

const version = currentAgreementVersion('kindergarten');
let dynamoDb: TestDynamoDb;
let world: World;
let organisation: Organisation;
let administrator: SignedIn;

beforeAll(async () => {
  dynamoDb = await startDynamoDb();
});
afterAll(() => dynamoDb.stop());
beforeEach(async () => {
  world = await aWorld(dynamoDb);
  organisation = await newcomer();
  const { id: personId } = await aPerson(world.store, organisation.id, { kind: 'staff', firstName: 'Siri' });
  administrator = await someoneWith(world.store, organisation.id, 'administrator', { personId });
});

/** An organisation whose representative has accepted nothing yet. */
async function newcomer(): Promise<Organisation> {
  const { acceptedAgreementVersion: _, ...rest } = await anOrganisation(world.store);
  const { ref, version: read } = (await world.records().get(organisationRef(rest.id)))!;
  const change = world.records().change().put(ref, rest, { version: read });
  await change.activity({ event: 'organisation.changed', subject: ref.owner }).commit();
  return rest;
}

const inOrg = () => ({ organisationId: organisation.id });
const admin = () => world.as(administrator);
const accept = (of = version) => admin().acceptAgreement({ params: inOrg(), body: { version: of } });
const aChild = { kind: 'child', firstName: 'Emil', lastName: 'Olstad' } as const;
const registerChild = () => admin().createPerson({ params: inOrg(), body: aChild });

describe('before the agreement is accepted (FW-01)', () => {
  it('no personal data is written, and once it is accepted the same request is carried out', async () => {
    const before = await world.written();
    await expect(registerChild()).rejects.toMatchObject({ slug: 'dpa-not-accepted' });
    expect(await world.written()).toEqual(before);
    await accept();
    expect((await registerChild()).status).toBe(201);
  });

  it('structure can be built and settings changed: nothing there is about a person', async () => {
    expect((await admin().createDepartment({ params: inOrg(), body: { name: 'Små' } })).status).toBe(201);
    expect((await admin().createGroup({ params: inOrg(), body: { name: 'Maur' } })).status).toBe(201);
    const renamed = { params: inOrg(), body: { name: 'Solbakken' }, ifMatch: 2 };
    expect((await admin().changeOrganisation(renamed)).body.name).toBe('Solbakken');
  });

  it('a role, which is about a person, is not given', async () => {
    const body = { personId: administrator.personId, role: 'leader', scope: { kind: 'organisation' } } as const;
    await expect(admin().giveRole({ params: inOrg(), body })).rejects.toMatchObject({ slug: 'dpa-not-accepted' });
  });
});

describe('the acceptance (FW-01)', () => {
  it('keeps who, when, which version, and the hash of both languages', async () => {
    const { body } = await accept();
    const sections = (language: 'nb' | 'en') =>
      JSON.stringify(agreementDocument('kindergarten', language, { name: 'anyone' }).sections);
    const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
    expect(body).toEqual({
      version,
      at: world.store.now().toISOString(),
      personId: administrator.personId,
      accountId: administrator.accountId,
      hashes: { nb: sha256(sections('nb')), en: sha256(sections('en')) },
    });
    const stored = await world.records().get(agreementAcceptanceRef(organisation.id, version));
    expect(stored?.value).toEqual(body);
    expect(await world.events(organisation.id, organisation.id)).toContain('agreement.accepted');
  });

  it('is of the version in force and of no other, and is given once', async () => {
    const before = await world.written();
    await expect(accept('2020-01-01.0000000000000000')).rejects.toMatchObject({ slug: 'wrong-state' });
    expect(await world.written()).toEqual(before);
    await accept();
    const accepted = await world.written();
    await expect(accept()).rejects.toMatchObject({ slug: 'wrong-state' });
    expect(await world.written()).toEqual(accepted);
  });

  it('is the administrator’s alone', async () => {
    const leader = await someoneWith(world.store, organisation.id, 'leader');
    const before = await world.written();
    await expect(world.as(leader).acceptAgreement({ params: inOrg(), body: { version } })).rejects.toMatchObject({
      slug: 'not-allowed',
    });
    expect(await world.written()).toEqual(before);
  });

  it('of an earlier version is good for 30 days after the day of the new one', async () => {
    const { ref, value, version: read } = (await world.records().get(organisationRef(organisation.id)))!;
    const earlier = { ...value, acceptedAgreementVersion: '2025-01-01.0123456789abcdef' };
    await world
      .records()
      .change()
      .put(ref, earlier, { version: read })
      .activity({ event: 'organisation.changed', subject: ref.owner })
      .commit();
    expect((await registerChild()).status).toBe(201);
    world.store.clock = new Date(Date.parse(version.slice(0, 10)) + 32 * 24 * 60 * 60 * 1000);
    const again = await someoneWith(world.store, organisation.id, 'administrator');
    await expect(world.as(again).createPerson({ params: inOrg(), body: aChild })).rejects.toMatchObject({
      slug: 'dpa-not-accepted',
    });
    expect((await world.as(again).acceptAgreement({ params: inOrg(), body: { version } })).status).toBe(201);
    expect((await world.as(again).createPerson({ params: inOrg(), body: aChild })).status).toBe(201);
  });
});

describe('the agreement', () => {
  it('is read in the language asked for, with its standing and who accepted it', async () => {
    const fresh = (await admin().getAgreement({ params: inOrg() })).body;
    expect(fresh).toMatchObject({ standing: 'dpa-not-accepted', document: { language: 'nb', version } });
    expect(fresh).not.toHaveProperty('accepted');
    await accept();
    const accepted = (await admin().getAgreement({ params: inOrg() })).body;
    expect(accepted).toMatchObject({
      standing: 'in-force',
      accepted: { version, personId: administrator.personId },
    });
    expect(accepted.document.parties.map(({ value }) => value).join()).toContain('Siri Olstad');
  });

  it('shows nothing of the customer agreement: the organisation by its name only (KP-16)', async () => {
    const { document } = (await admin().getAgreement({ params: inOrg() })).body;
    expect(document.parties.map(({ value }) => value)).toEqual(['Solbakken barnehage', 'Vern']);
  });

  it('is a page and a PDF as well', async () => {
    const page = (await admin().getAgreementPage({ params: inOrg() })).body;
    expect(page.contentType).toContain('text/html');
    expect(page.content).toContain('<h1>Databehandleravtale</h1>');
    const pdf = (await admin().getAgreementPdf({ params: inOrg() })).body;
    expect(pdf.contentType).toBe('application/pdf');
    expect(
      Buffer.from(pdf.content as Uint8Array)
        .subarray(0, 5)
        .toString(),
    ).toBe('%PDF-');
    expect(pdf.filename).toBe(`Databehandleravtale ${version}.pdf`);
  });

  it('is read in English by whoever asks for English', async () => {
    const response = await world.send(`https://vern.test/v1/organisations/${organisation.id}/agreement`, {
      method: 'GET',
      headers: {
        authorization: `Bearer ${tokenOf(administrator, world.store.now())}`,
        'vern-role': administrator.role,
        'accept-language': 'en',
      },
    });
    expect(await response.json()).toMatchObject({ document: { title: 'Data-processing agreement' } });
  });

  it('is not shown to a guardian', async () => {
    const guardian = await someoneWith(world.store, organisation.id, 'guardian');
    await expect(world.as(guardian).getAgreement({ params: inOrg() })).rejects.toMatchObject({ slug: 'not-allowed' });
  });
});

describe('the privacy statement', () => {
  it('is there for anyone, in both languages, with its version (AT-14)', async () => {
    const { body } = await world.as().getStatement({ params: { profile: 'safety' } });
    expect(body.version).toBe(statementVersion('safety'));
    expect(body.nb).toMatchObject({ language: 'nb', title: 'Personvernerklæring', version: body.version });
    expect(body.en).toMatchObject({ language: 'en', title: 'Privacy statement', version: body.version });
  });
});
