import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Profile, RoleName } from '../../../lambdas/access/roles.ts';
import { attendanceDayRef } from '../../../lambdas/features/attendance/attendance-day.ts';
import { emptyDay } from '../../../lambdas/features/attendance/attendance-day.ts';
import { noticeEntity } from '../../../lambdas/features/notices/notice.ts';
import type { GuardianLink, PersonRecord } from '../../../lambdas/features/people/person.ts';
import { personRef } from '../../../lambdas/features/people/writes.ts';
import { addBlock, addLink } from '../../../lambdas/features/people/writes.ts';
import { type RequestClock, tickRequests } from '../../../lambdas/features/requests/clock.ts';
import { myRequestHandlers, organisationRequestHandlers } from '../../../lambdas/features/requests/handlers.ts';
import { requestRef } from '../../../lambdas/features/requests/request.ts';
import { myRequestRoutes, organisationRequestRoutes } from '../../../lambdas/features/requests/routes.ts';
import { requestStore } from '../../../lambdas/features/requests/store.ts';
import type { Client } from '../../../lambdas/http/client.ts';
import type { OrganisationId, PersonId, RequestId } from '../../../lambdas/http/ids.ts';
import type { Owner } from '../../../lambdas/platform/entity.ts';
import { openRecords } from '../../../lambdas/platform/open-records.ts';
import type { Records } from '../../../lambdas/platform/records.ts';
import type { TestDynamoDb } from '../../support/dynoxide.ts';
import { anOrganisation, aPerson, aService, type SignedIn, someoneWith, tokenOf } from '../../support/service.ts';
import { aCall, anId, aStore } from '../../support/store.ts';

const routes = { ...myRequestRoutes, ...organisationRequestRoutes };
export type RightsClient = Client<typeof routes>;
export type World = Awaited<ReturnType<typeof aWorld>>;

/** One organisation with its people, and the six rights as a client meets them. */
export async function aWorld(db: TestDynamoDb, profile: Profile = 'kindergarten') {
  const store = await aStore(db.client, await db.createTables(), ['operator']);
  const { id: organisationId } = await anOrganisation(store, { profile });
  const handlers = { ...myRequestHandlers(requestStore), ...organisationRequestHandlers(requestStore) };
  const service = aService(store, routes, handlers);
  const lines: Parameters<RequestClock['log']>[0][] = [];

  const world = {
    store,
    organisationId,
    lines,
    at(instant: string) {
      store.clock = new Date(instant);
    },
    person: (wanted: Partial<PersonRecord> = {}) => aPerson(store, organisationId, wanted),
    /** Signs in as the person (a fresh one where none is given), in a role. */
    async as(role: RoleName, wanted: Parameters<typeof someoneWith>[3] = {}): Promise<SignedIn & { client: RightsClient }> {
      const kind = role === 'guardian' ? 'guardian' : role === 'member' ? 'member' : 'staff';
      const personId = wanted.personId ?? (await world.person({ kind, firstName: 'Kari' })).id;
      const signedIn = await someoneWith(store, organisationId, role, { ...wanted, personId });
      return { ...signedIn, client: service.as(signedIn) };
    },
    /** The same account later: with a proof as fresh as the clock, and the role opened anew. */
    again: (who: SignedIn): RightsClient =>
      service.as({ token: tokenOf({ sub: who.sub }, store.now()), role: who.role }),
    stale: (who: SignedIn): RightsClient =>
      service.as({ token: tokenOf({ sub: who.sub, authTime: store.now().getTime() / 1000 - 301 }, store.now()), role: who.role }),
    async link(childId: PersonId, guardianId: PersonId, terms: Partial<GuardianLink> = {}) {
      const link: GuardianLink = {
        guardianId,
        relation: 'mother',
        rights: 'parental-responsibility',
        livesWith: true,
        from: '2020-01-01',
        ...terms,
      };
      const change = aCall(store).records.change();
      addLink(change, organisationId, childId, link);
      await change.commit();
    },
    async block(childId: PersonId, personId: PersonId) {
      const { records } = aCall(store);
      const change = records.change();
      const link = await records.get({ ...(await import('../../../lambdas/features/people/writes.ts')).linkRef(organisationId, childId, personId) });
      addBlock(change, organisationId, childId, { personId, basis: 'court-order', since: '2026-01-01' }, { block: undefined, link });
      await change.commit();
    },
    async attendance(personId: PersonId, day: string) {
      const { records } = aCall(store);
      const change = records.change().put(attendanceDayRef(organisationId, personId, day), emptyDay(day), 'new');
      await change.activity({ event: 'test.prepared', subject: { controller: organisationId, subject: personId } }).commit();
    },
    /** What opens now for everybody, and what opens through a restriction. */
    read: (personId: PersonId, records: Records = aCall(store).records) => records.get(personRef(organisationId, personId)),
    records: (throughRestriction = true) =>
      openRecords(store, { requestId: 'test', actor: 'test', newEventId: () => anId('evt') }, undefined, { throughRestriction }),
    stored: async (owner: Owner, id: RequestId) => (await world.records().get(requestRef(owner, id)))!,
    ownerOf: (personId: PersonId): Owner => ({ controller: organisationId, subject: personId }),
    accountOf: ({ accountId }: SignedIn): Owner => ({ controller: 'operator', subject: accountId }),
    /** The templates of the notices that wait for somebody, oldest first. */
    async told(owner: Owner): Promise<string[]> {
      const { items } = await world.records().list(noticeEntity, owner);
      return items.map(({ value }) => value.content.template);
    },
    async ledger(controller: OrganisationId | 'operator' = organisationId) {
      const { Items = [] } = await db.client.send(
        new QueryCommand({
          TableName: store.tableNames.rights,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': { S: `${controller}#LEDGER` } },
        }),
      );
      return Items.map((item) => unmarshall(item) as { kind: string; subject: string; about?: string });
    },
    async tick() {
      return tickRequests({
        openCall: () => ({ ...aCall(store), records: world.records() }),
        hasTimeLeft: () => true,
        log: (line) => lines.push(line),
      });
    },
  };
  return world;
}

export const refused = (slug: string) => ({ name: 'ProblemError', slug });
