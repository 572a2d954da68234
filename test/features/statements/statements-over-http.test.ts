import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { accountHandlers } from '../../../lambdas/features/accounts/handlers.ts';
import { accountRoutes } from '../../../lambdas/features/accounts/routes.ts';
import { accountStore } from '../../../lambdas/features/accounts/store.ts';
import { statementVersion } from '../../../lambdas/features/agreements/statement.ts';
import { linkRoutes } from '../../../lambdas/features/links/routes.ts';
import { noticeEntity } from '../../../lambdas/features/notices/notice.ts';
import { organisationPointers, organisationRef } from '../../../lambdas/features/organisations/organisation.ts';
import { ownerOf } from '../../../lambdas/features/people/person.ts';
import { acknowledgementHandlers } from '../../../lambdas/features/statements/acknowledgement-handlers.ts';
import { acknowledgementStore } from '../../../lambdas/features/statements/acknowledgement-store.ts';
import { type StatementClock, tickStatements } from '../../../lambdas/features/statements/clock.ts';
import { statementHandlers, statementPublicationHandlers } from '../../../lambdas/features/statements/handlers.ts';
import { statementLinkPage } from '../../../lambdas/features/statements/link-page.ts';
import { publishedStatements, statementRef } from '../../../lambdas/features/statements/published.ts';
import {
  acknowledgementRoutes,
  statementPublicationRoutes,
  statementRoutes,
} from '../../../lambdas/features/statements/routes.ts';
import { statementStore } from '../../../lambdas/features/statements/store.ts';
import type { Owner } from '../../../lambdas/platform/entity.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { someLinkHandlers } from '../../support/links.ts';
import { anOrganisation, aPerson, aService, type SignedIn, someoneWith } from '../../support/service.ts';
import { aCall, anId, aStore, type TestStore } from '../../support/store.ts';
import { aUserPool } from '../../support/user-pool.ts';

const routes = { ...statementRoutes, ...statementPublicationRoutes, ...acknowledgementRoutes, ...accountRoutes };
/** Of the text as it is, also where `current-versions.ts` waits to be written anew. */
const generated = statementVersion('kindergarten');
const undertaking = { version: 'v1', nb: 'Jeg lover å tie.', en: 'I promise silence.' };

let db: TestDynamoDb;
let store: TestStore;
let organisationId: Awaited<ReturnType<typeof anOrganisation>>['id'];
let service: ReturnType<typeof aService<typeof routes>>;
let administrator: ReturnType<typeof service.as>;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());
beforeEach(async () => {
  store = await aStore(db.client, await db.createTables(), ['operator']);
  organisationId = (await anOrganisation(store)).id;
  await change()
    .point({ ...organisationPointers.all(organisationId), attributes: { timeZone: 'Europe/Oslo' } })
    .commit();
  service = aService(store, routes, {
    ...statementHandlers(statementStore),
    ...statementPublicationHandlers(statementStore),
    ...acknowledgementHandlers(acknowledgementStore),
    ...accountHandlers(accountStore, aUserPool(), undertaking),
  });
  administrator = service.as(await someoneWith(store, organisationId, 'administrator'));
});

const refused = (slug: string) => ({ name: 'ProblemError', slug });
const change = () =>
  aCall(store)
    .records.change()
    .activity({ event: 'test.prepared', subject: organisationRef(organisationId).owner });
const inHouse = () => ({ organisationId });
const own = {
  nb: [{ title: 'Hos oss', text: 'Vi har kamera ved porten.' }],
  en: [{ title: 'With us', text: 'There is a camera at the gate.' }],
};
const nothingMaterial = { narrowsRights: false, changesDuties: false, newPurpose: false };
const publish = (wanted: Partial<typeof nothingMaterial> = {}, sections = own) =>
  administrator.publishStatement({
    params: inHouse(),
    body: { own: sections, changes: { ...nothingMaterial, ...wanted } },
  });
const clock = (wanted: Partial<StatementClock> = {}): StatementClock => ({
  openCall: () => aCall(store),
  hasTimeLeft: () => true,
  log: () => {},
  ...wanted,
});
const noticesTo = async (owner: Owner) => {
  const page = await aCall(store).records.list(noticeEntity, owner);
  return page.items.map(({ value }) => value.content);
};
const pageFor = async (owner: Owner) => {
  const [content] = await noticesTo(owner);
  const token = content?.template === 'statement-changed' ? content.parameters.token : '';
  const links = aService(store, linkRoutes, someLinkHandlers({}, { 'read-statement': statementLinkPage }));
  return String((await links.as().showLink({ params: { token }, query: { language: 'nb' } })).body.content);
};
const statementsOf = async (account: SignedIn) => (await service.as(account).getMe()).body.statements;
const pass = (seconds: number) => {
  store.clock = new Date(store.clock.getTime() + seconds * 1000);
};

describe('the statement of an organisation', () => {
  it('can be read by everyone, in both languages, as data and as a page (AT-14)', async () => {
    const anyone = service.as();
    const params = inHouse();
    const { body: nb } = await anyone.getOrganisationStatement({ params });
    expect(nb).toMatchObject({ version: generated, document: { language: 'nb' }, versions: [] });
    expect(nb.document.parties).toContainEqual({ label: 'Behandlingsansvarlig', value: 'Solbakken barnehage' });
    const { body: en } = await anyone.getOrganisationStatement({ params, query: { language: 'en' } });
    expect(en.document).toMatchObject({ language: 'en', title: 'Privacy statement' });
    const { body: page } = await anyone.getOrganisationStatementPage({ params, query: { language: 'en' } });
    expect(String(page.content)).toContain('Solbakken barnehage');
    const of = { organisationId: anId('org') };
    const asked = [
      anyone.getOrganisationStatement({ params: of }),
      anyone.getOrganisationStatementPage({ params: of }),
      anyone.getStatementVersion({ params: { ...of, version: 'v1' } }),
    ];
    for (const answer of await Promise.allSettled(asked)) {
      expect(answer).toMatchObject({ status: 'rejected', reason: refused('organisation-not-found') });
    }
  });

  it('is published with the organisation’s own words, and every version stays as it was', async () => {
    await tickStatements(clock());
    pass(60);
    const { body: published, status } = await publish();
    expect(status).toBe(201);
    expect(published).toMatchObject({ material: false, reasons: [] });
    const { body: inForce } = await service.as().getOrganisationStatement({ params: inHouse() });
    expect(inForce.version).toBe(published.version);
    expect(JSON.stringify(inForce.document)).toContain('Vi har kamera ved porten.');
    expect(inForce.versions.map(({ version }) => version)).toEqual([published.version, generated]);

    const earlier = { ...inHouse(), version: generated };
    const { body: before } = await service.as().getStatementVersion({ params: earlier, query: { language: 'en' } });
    expect(before).toMatchObject({ version: earlier.version, document: { language: 'en', version: earlier.version } });
    expect(JSON.stringify(before)).not.toContain('at the gate');
    await expect(
      service.as().getStatementVersion({ params: { ...inHouse(), version: '2020-01-01.none' } }),
    ).rejects.toMatchObject(refused('statement-not-found'));
    await expect(publish()).rejects.toMatchObject(refused('wrong-state'));
  });

  it('is the administrator’s and the privacy officer’s to publish; its words hold no identity number', async () => {
    const staff = service.as(await someoneWith(store, organisationId, 'staff'));
    const body = { own, changes: nothingMaterial };
    await expect(staff.publishStatement({ params: inHouse(), body })).rejects.toMatchObject(refused('not-allowed'));
    const withNumber = { ...own, nb: [{ title: 'Hos oss', text: 'Spør 17054026641.' }] };
    await expect(publish({}, withNumber)).rejects.toMatchObject(refused('forbidden-content'));
    await expect(publish({}, { ...own, en: [] })).rejects.toMatchObject(refused('malformed-request'));
    expect(await publishedStatements(aCall(store).records, organisationId)).toEqual([]);
  });
});

describe('after signing in (CE-16, AT-13)', () => {
  it('the statement is shown until it is acknowledged; after that a change of words is only mentioned', async () => {
    await tickStatements(clock());
    const mine = await someoneWith(store, organisationId, 'guardian');
    const [first] = await statementsOf(mine);
    expect(first).toEqual({
      organisationId,
      version: generated,
      title: 'Personvernerklæringen til Solbakken barnehage',
      material: false,
      mustAcknowledge: true,
    });
    const me = service.as(mine);
    const body = { organisationId, version: first!.version };
    const { body: acknowledged } = await me.acknowledgeStatement({ body });
    expect(acknowledged).toEqual({ ...body, at: store.clock.toISOString() });
    expect(await statementsOf(mine)).toMatchObject([{ mustAcknowledge: false, acknowledgedAt: acknowledged.at }]);

    pass(60);
    await publish();
    const [changed] = await statementsOf(mine);
    expect(changed).toMatchObject({ material: false, mustAcknowledge: false });
    expect(changed).not.toHaveProperty('acknowledgedAt');
    await expect(me.acknowledgeStatement({ body })).rejects.toMatchObject(refused('statement-outdated'));

    pass(60);
    await publish({ narrowsRights: true }, { nb: [{ title: 'A', text: 'B' }], en: [{ title: 'A', text: 'B' }] });
    const [material] = await statementsOf(mine);
    expect(material).toMatchObject({ material: true, mustAcknowledge: true });
    await me.acknowledgeStatement({ body: { organisationId, version: material!.version } });
    await me.acknowledgeStatement({ body: { organisationId, version: material!.version } });
    expect(await statementsOf(mine)).toMatchObject([{ material: true, mustAcknowledge: false }]);
  });

  it('nobody is asked about an organisation that they are not in', async () => {
    const other = await anOrganisation(store);
    const me = service.as(await someoneWith(store, organisationId, 'guardian'));
    for (const elsewhere of [other.id, anId('org')]) {
      const body = { organisationId: elsewhere, version: generated };
      await expect(me.acknowledgeStatement({ body })).rejects.toMatchObject(refused('organisation-not-found'));
    }
  });
});

describe('a material change', () => {
  const aMember = (fields = {}) => aPerson(store, organisationId, { kind: 'member', ...fields });
  const letter = (version: string) => [
    {
      template: 'statement-changed',
      parameters: { version, token: expect.any(String), expiresAt: expect.any(String) },
    },
  ];

  it('is mailed to everyone with an address, once, and goes on where it was interrupted', async () => {
    const people = [];
    for (let i = 0; i < 90; i++) people.push(await aMember({ email: `m${i}@example.no` }));
    const withoutAddress = await aMember();
    const byAccount = await aMember();
    const { accountId } = await someoneWith(store, organisationId, 'member', { personId: byAccount.id });
    const { body } = await publish({ changesDuties: true });

    // Interrupted after the first page.
    let looks = 0;
    const interrupted = await tickStatements(clock({ hasTimeLeft: () => ++looks < 3 }));
    expect(interrupted.told).toBeGreaterThan(0);
    expect(interrupted.told).toBeLessThan(91);
    const rest = await tickStatements(clock());
    expect(interrupted.told + rest.told).toBe(91);
    expect(await tickStatements(clock())).toEqual({ published: 0, told: 0 });
    for (const { id } of people) {
      expect(await noticesTo(ownerOf(organisationId, id))).toEqual(letter(body.version));
    }
    expect(await noticesTo(ownerOf(organisationId, withoutAddress.id))).toEqual([]);
    expect(await noticesTo({ controller: 'operator', subject: accountId })).toEqual(letter(body.version));
  });

  it('can be looked at behind the link of the letter, which acknowledges nothing', async () => {
    await publish();
    const person = await aMember({ email: 'kari@example.no' });
    const hidden = await aMember({ email: 'ola@example.no', protectedAddress: true });
    const changed = {
      nb: [{ title: 'Hos oss på Solbakken', text: 'Vi har to kameraer ved porten.' }],
      en: [{ title: 'With us at Solbakken', text: 'There are two cameras at the gate.' }],
    };
    await publish({ narrowsRights: true, newPurpose: true }, changed);
    await tickStatements(clock());

    const shown = await pageFor(ownerOf(organisationId, person.id));
    expect(shown).toContain('Rettighetene dine er blitt snevrere på et punkt.');
    expect(shown).toContain('Opplysninger blir brukt til noe nytt.');
    expect(shown).not.toContain('Pliktene dine er endret.');
    expect(shown).toMatch(/<li>Hos oss på Solbakken<\/li><li>Hos oss \(fjernet\)<\/li>/);
    expect(shown).toContain(`/v1/organisations/${organisationId}/statement/page?language=nb`);

    const secret = await pageFor(ownerOf(organisationId, hidden.id));
    expect(secret).toContain('Rettighetene dine er blitt snevrere på et punkt.');
    expect(secret).not.toMatch(new RegExp(`Solbakken|Hos oss|${organisationId}`));
  });

  it('is told once by two clocks at the same moment', async () => {
    const person = await aMember({ email: 'kari@example.no' });
    const { body } = await publish({ newPurpose: true });
    await Promise.all([tickStatements(clock()), tickStatements(clock())]);
    expect(await noticesTo(ownerOf(organisationId, person.id))).toEqual(letter(body.version));
  });

  it('reaches the others when somebody is being erased', async () => {
    const gone = await aMember({ email: 'gone@example.no' });
    const here = await aMember({ email: 'here@example.no' });
    const { body } = await publish({ narrowsRights: true });
    await change()
      .keys({ do: 'erase', owner: ownerOf(organisationId, gone.id), retentionClass: 'notice' })
      .commit();
    await tickStatements(clock());
    expect(await noticesTo(ownerOf(organisationId, here.id))).toEqual(letter(body.version));
  });

  it('is no change of words', async () => {
    const person = await aMember({ email: 'kari@example.no' });
    await publish();
    await tickStatements(clock());
    expect(await noticesTo(ownerOf(organisationId, person.id))).toEqual([]);
  });
});

describe('a deploy', () => {
  it('stores each organisation’s first statement, and publishes what it has changed since, keeping their own words', async () => {
    expect(await tickStatements(clock())).toEqual({ published: 1, told: 0 });
    expect(await tickStatements(clock())).toEqual({ published: 0, told: 0 });
    pass(60);
    await publish();
    const person = await aPerson(store, organisationId, { kind: 'member', email: 'kari@example.no' });
    // As if the code before had said something else, and kept something for a shorter time.
    const [newest] = await publishedStatements(aCall(store).records, organisationId, 1);
    const { value } = newest!;
    const [line, ...others] = value.facts.processing;
    await change()
      .put(
        statementRef(organisationId, value.sequence),
        {
          ...value,
          generatedVersion: '2025-01-01.0000000000000000',
          sections: { ...value.sections, nb: value.sections.nb.slice(1) },
          facts: { ...value.facts, processing: [{ ...line!, termDays: 1 }, ...others] },
        },
        { version: newest!.version },
      )
      .commit();
    pass(60);
    expect(await tickStatements(clock())).toMatchObject({ published: 1 });
    const [deployed] = await publishedStatements(aCall(store).records, organisationId, 1);
    expect(deployed?.value).toMatchObject({ cause: 'declarations', reasons: ['longer-term'], own, sequence: 3 });
    expect(await noticesTo(ownerOf(organisationId, person.id))).toHaveLength(1);
  });
});
