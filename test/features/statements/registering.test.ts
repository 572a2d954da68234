import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { accountHandlers } from '../../../lambdas/features/accounts/handlers.ts';
import { accountRoutes } from '../../../lambdas/features/accounts/routes.ts';
import { accountStore } from '../../../lambdas/features/accounts/store.ts';
import { statementVersions } from '../../../lambdas/features/agreements/current-versions.ts';
import { myConsentHandlers } from '../../../lambdas/features/consents/handlers.ts';
import { myConsentRoutes } from '../../../lambdas/features/consents/routes.ts';
import { myConsentStore } from '../../../lambdas/features/consents/store.ts';
import {
  acceptanceHandlers,
  invitationHandlers,
  registrationHandlers,
} from '../../../lambdas/features/invitations/handlers.ts';
import {
  acceptanceRoutes,
  invitationRoutes,
  registrationRoutes,
} from '../../../lambdas/features/invitations/routes.ts';
import { invitationStore } from '../../../lambdas/features/invitations/store.ts';
import { noticeEntity } from '../../../lambdas/features/notices/notice.ts';
import { type Organisation, organisationPointers } from '../../../lambdas/features/organisations/organisation.ts';
import { ownerOf, type PersonRecord } from '../../../lambdas/features/people/person.ts';
import { statementHandlers, statementPublicationHandlers } from '../../../lambdas/features/statements/handlers.ts';
import { statementVersionOf } from '../../../lambdas/features/statements/published.ts';
import { statementPublicationRoutes, statementRoutes } from '../../../lambdas/features/statements/routes.ts';
import { statementStore } from '../../../lambdas/features/statements/store.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { anOrganisation, aPerson, aService, someoneWith, tokenOf } from '../../support/service.ts';
import { aCall, aStore, type TestStore } from '../../support/store.ts';
import { aUserPool } from '../../support/user-pool.ts';

const routes = {
  ...registrationRoutes,
  ...acceptanceRoutes,
  ...invitationRoutes,
  ...accountRoutes,
  ...myConsentRoutes,
  ...statementRoutes,
  ...statementPublicationRoutes,
};
const undertaking = { version: 'v1', nb: 'Jeg lover å tie.', en: 'I promise silence.' };
const CODE = 'ABCDEFGH';

let db: TestDynamoDb;
let store: TestStore;
let pool: ReturnType<typeof aUserPool>;
let service: ReturnType<typeof aService<typeof routes>>;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());
beforeEach(async () => {
  store = await aStore(db.client, await db.createTables(), ['operator']);
  pool = aUserPool();
  service = aService(store, routes, {
    ...registrationHandlers(invitationStore, pool, statementVersionOf),
    ...acceptanceHandlers(invitationStore, statementVersionOf),
    ...invitationHandlers(invitationStore),
    ...accountHandlers(accountStore, pool, undertaking),
    ...myConsentHandlers(myConsentStore, 'https://vern.test'),
    ...statementHandlers(statementStore),
    ...statementPublicationHandlers(statementStore),
  });
});

async function anInvited(wanted: Partial<Organisation>, kind: PersonRecord['kind'], email = 'kari@example.no') {
  const organisation = await anOrganisation(store, wanted);
  const administrator = service.as(await someoneWith(store, organisation.id, 'administrator'));
  const person = await aPerson(store, organisation.id, { kind, email });
  const params = { organisationId: organisation.id, personId: person.id };
  await administrator.invitePerson({ params, body: {} });
  const { items } = await aCall(store).records.list(noticeEntity, ownerOf(organisation.id, person.id));
  const { content } = items[0]!.value;
  if (content.template !== 'invitation') throw new Error('No invitation was mailed');
  return { organisation, administrator, person, email, invitation: content.parameters.token };
}
const signedIn = (email: string) => service.as({ token: tokenOf({ sub: pool.users.get(email)!.sub }, store.clock) });

describe('registering', () => {
  it('is by the statement of the organisation itself, which everyone can read before (AT-15)', async () => {
    const { organisation, administrator, email, invitation } = await anInvited({}, 'guardian');
    const params = { organisationId: organisation.id };
    const { body: published } = await administrator.publishStatement({
      params,
      body: {
        own: {
          nb: [{ title: 'Hos oss', text: 'Vi har kamera.' }],
          en: [{ title: 'With us', text: 'We have a camera.' }],
        },
        changes: { narrowsRights: false, changesDuties: false, newPurpose: false },
      },
    });
    const register = (statementVersion: string) =>
      service.as().register({ body: { invitation, email, language: 'nb', statementVersion } });
    // What the profile says is no longer the whole; the refusal says where the whole is.
    await expect(register(statementVersions.kindergarten)).rejects.toMatchObject({
      slug: 'statement-outdated',
      problem: { organisationId: organisation.id, statementVersion: published.version },
    });
    expect(pool.users.size).toBe(0);
    const { body: statement } = await service.as().getOrganisationStatement({ params });
    expect((await register(statement.version)).status).toBe(202);
    // It was read and confirmed then, and is not asked for again; nothing was consented to.
    expect((await signedIn(email).getMe()).body.statements).toMatchObject([
      { version: published.version, mustAcknowledge: false, acknowledgedAt: store.clock.toISOString() },
    ]);
    expect((await signedIn(email).listMyConsents()).body.items).toEqual([]);
  });

  it('says by the organisation’s code which organisation’s statement has to be read', async () => {
    const organisation = await anOrganisation(store);
    await aCall(store)
      .records.change()
      .point({ ...organisationPointers.code(CODE), attributes: { organisationId: organisation.id } })
      .activity({ event: 'test.prepared', subject: { controller: organisation.id, subject: organisation.id } })
      .commit();
    const body = { organisationCode: CODE, email: 'ny@example.no', language: 'en' } as const;
    await expect(service.as().register({ body: { ...body, statementVersion: 'old' } })).rejects.toMatchObject({
      slug: 'statement-outdated',
      problem: { organisationId: organisation.id },
    });
  });
});

describe('registering under the profile safety (SM-07)', () => {
  const ofSafety = { profile: 'safety', name: 'Trygg omsorg' } as const;
  const withConsent = (email: string, invitation: string) =>
    ({ invitation, email, language: 'nb', statementVersion: statementVersions.safety, consents: ['account'] }) as const;

  it('makes no account without consent, and with it one that can be withdrawn like any other', async () => {
    const { email, invitation } = await anInvited(ofSafety, 'member');
    const { consents: _, ...without } = withConsent(email, invitation);
    await expect(service.as().register({ body: without })).rejects.toMatchObject({ slug: 'consent-required' });
    expect(pool.users.size).toBe(0);
    await service.as().register({ body: { ...without, consents: ['account'] } });
    const mine = signedIn(email);
    const { items } = (await mine.listMyConsents()).body;
    expect(items).toMatchObject([
      { code: 'account', standing: 'in-force', givenByMe: true, mayWithdraw: true, relation: 'self' },
    ]);
    const params = { consentId: items[0]!.consentId! };
    const { content } = (await mine.getConsentReceipt({ params })).body;
    expect(String(content)).toContain('answered when registering');
    expect((await mine.withdrawConsent({ params })).body.standing).toBe('withdrawn');
  });

  it('is one consent however often the form is sent, also by accepting after signing in', async () => {
    const { person, organisation, invitation } = await anInvited(ofSafety, 'member');
    const other = 'annen@example.no';
    await service.as().register({ body: { ...withConsent(other, invitation), consents: ['account'] } });
    await service.as().register({ body: { ...withConsent(other, invitation), consents: ['account'] } });
    const { consents, statementVersion } = withConsent(other, invitation);
    const mine = signedIn(other);
    await mine.acceptInvitation({ body: { invitation, statementVersion, consents: [...consents] } });
    const { items } = (await mine.listMyConsents()).body;
    expect(items).toMatchObject([{ organisationId: organisation.id, personId: person.id, standing: 'in-force' }]);
  });
});
