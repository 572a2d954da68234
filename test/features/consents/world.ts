import type { RoleName } from '../../../lambdas/access/roles.ts';
import { myConsentHandlers } from '../../../lambdas/features/consents/handlers.ts';
import { type ConsentPurpose, purposeRef, purposeVersionRef } from '../../../lambdas/features/consents/purpose.ts';
import { purposeHandlers } from '../../../lambdas/features/consents/purpose-handlers.ts';
import { purposeRoutes } from '../../../lambdas/features/consents/purpose-routes.ts';
import { purposeStore } from '../../../lambdas/features/consents/purpose-store.ts';
import { myConsentRoutes } from '../../../lambdas/features/consents/routes.ts';
import { myConsentStore } from '../../../lambdas/features/consents/store.ts';
import { noticeEntity } from '../../../lambdas/features/notices/notice.ts';
import type { Organisation } from '../../../lambdas/features/organisations/organisation.ts';
import { organisationOwner } from '../../../lambdas/features/organisations/organisation.ts';
import {
  blockEntity,
  type GuardianLink,
  guardianLinkEntity,
  ownerOf,
  type PersonRecord,
  peoplePointers,
} from '../../../lambdas/features/people/person.ts';
import { clientFor } from '../../../lambdas/http/client.ts';
import type { PersonId } from '../../../lambdas/http/ids.ts';
import type { TestDynamoDb } from '../../support/dynoxide.ts';
import { anOrganisation, aPerson, aService, someoneWith } from '../../support/service.ts';
import { aCall, anId, aStore, type TestStore } from '../../support/store.ts';

export const PUBLIC_URL = 'https://vern.test';

/** One organisation, its people and their accounts, and consents behind the real chain. */
export async function aHouse(db: TestDynamoDb, wanted: Partial<Organisation> = {}, shared?: TestStore) {
  const store = shared ?? (await aStore(db.client, await db.createTables(), ['operator']));
  const organisation = await anOrganisation(store, wanted);
  const organisationId = organisation.id;
  const change = () =>
    aCall(store)
      .records.change()
      .activity({ event: 'test.prepared', subject: organisationOwner(organisationId) });
  const service = aService(store, myConsentRoutes, myConsentHandlers(myConsentStore, PUBLIC_URL));

  return {
    store,
    organisation,
    organisationId,
    change,
    service,
    person: (fields: Partial<PersonRecord> = {}) => aPerson(store, organisationId, fields),
    async guardian(childId: PersonId, link: Partial<GuardianLink> = {}, fields: Partial<PersonRecord> = {}) {
      const person = await aPerson(store, organisationId, {
        kind: 'guardian',
        firstName: 'Kari',
        email: `${anId('per')}@example.no`,
        ...fields,
      });
      await this.link(childId, person.id, link);
      return { person, ...(await this.signedIn(person.id)) };
    },
    async link(childId: PersonId, guardianId: PersonId, link: Partial<GuardianLink> = {}) {
      const value: GuardianLink = {
        guardianId,
        relation: 'mother',
        rights: 'parental-responsibility',
        livesWith: true,
        from: '2020-01-01',
        ...link,
      };
      await change()
        .put({ entity: guardianLinkEntity, owner: ownerOf(organisationId, childId), key: guardianId }, value, 'new')
        .point(peoplePointers.child(organisationId, guardianId, childId))
        .commit();
    },
    async block(childId: PersonId, personId: PersonId) {
      await change()
        .put(
          { entity: blockEntity, owner: ownerOf(organisationId, childId), key: personId },
          { personId, basis: 'court-order', since: '2026-01-01' },
          'new',
        )
        .point(peoplePointers.blockedFrom(organisationId, personId, childId))
        .commit();
    },
    /** An account of the person, signed in. */
    async signedIn(personId: PersonId) {
      const account = await someoneWith(store, organisationId, 'guardian', { personId });
      const inEnglish = clientFor(myConsentRoutes, {
        baseUrl: PUBLIC_URL,
        fetch: service.send as typeof fetch,
        token: () => account.token,
        language: 'en',
      });
      return { account, client: service.as(account), inEnglish };
    },
    /** Whoever runs the organisation, at its own routes. */
    async administrator(role: RoleName = 'administrator', wanted: Parameters<typeof someoneWith>[3] = {}) {
      const account = await someoneWith(store, organisationId, role, wanted);
      const routes = { ...purposeRoutes };
      return { account, client: aService(store, routes, purposeHandlers(purposeStore)).as(account) };
    },
    async purpose(fields: Partial<ConsentPurpose> = {}): Promise<ConsentPurpose> {
      const purpose: ConsentPurpose = {
        id: anId('pur'),
        textVersion: 1,
        holdsSinceTextVersion: 1,
        state: 'open',
        since: '2026-01-01T00:00:00.000Z',
        title: { nb: 'Bilder på veggen', en: 'Pictures on the wall' },
        text: { nb: 'Vi henger opp bilder.', en: 'We hang up pictures.' },
        data: { nb: 'bilder', en: 'pictures' },
        fields: [],
        guardians: 'either',
        age: 13,
        kinds: ['child'],
        ...fields,
      };
      await change()
        .put(purposeRef(organisationId, purpose.id), purpose, 'new')
        .put(purposeVersionRef(organisationId, purpose.id, purpose.textVersion), purpose, 'new')
        .commit();
      return purpose;
    },
    async notices(personId: PersonId) {
      const page = await aCall(store).records.list(noticeEntity, ownerOf(organisationId, personId));
      return page.items.map(({ value }) => value.content);
    },
  };
}
export type House = Awaited<ReturnType<typeof aHouse>>;

export const textOf = ({ title, text, data, fields, guardians, age, kinds }: ConsentPurpose) => ({
  title,
  text,
  data,
  fields: [...fields],
  guardians,
  age,
  kinds: [...kinds],
});
