import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import PostalMime from 'postal-mime';
import type { Profile, RoleName } from '../../../lambdas/access/roles.ts';
import { roleSessionRef } from '../../../lambdas/features/access/role.ts';
import { accountRef } from '../../../lambdas/features/accounts/account.ts';
import { attendanceDayRef, emptyDay } from '../../../lambdas/features/attendance/attendance-day.ts';
import { noticeEntity } from '../../../lambdas/features/notices/notice.ts';
import { sweepOutbox } from '../../../lambdas/features/notices/outbox.ts';
import type { GuardianLink, PersonRecord } from '../../../lambdas/features/people/person.ts';
import { addBlock, addLink, linkRef, personRef } from '../../../lambdas/features/people/writes.ts';
import { type RequestClock, tickRequests } from '../../../lambdas/features/requests/clock.ts';
import {
  organisationRequestHandlers,
  platformRequestHandlers,
} from '../../../lambdas/features/requests/decision-handlers.ts';
import { myRequestHandlers } from '../../../lambdas/features/requests/handlers.ts';
import { requestRef } from '../../../lambdas/features/requests/request.ts';
import {
  myRequestRoutes,
  organisationRequestRoutes,
  platformRequestRoutes,
} from '../../../lambdas/features/requests/routes.ts';
import { requestStore } from '../../../lambdas/features/requests/store.ts';
import { type Client, clientFor } from '../../../lambdas/http/client.ts';
import type { OrganisationId, PersonId, RequestId } from '../../../lambdas/http/ids.ts';
import { dependantPointers, type Owner } from '../../../lambdas/platform/entity.ts';
import type { SendMail } from '../../../lambdas/platform/mail.ts';
import { openRecords } from '../../../lambdas/platform/open-records.ts';
import type { Records } from '../../../lambdas/platform/records.ts';
import type { TestDynamoDb } from '../../support/dynoxide.ts';
import { anOutbox } from '../../support/outbox.ts';
import { anOrganisation, aPerson, aService, type SignedIn, someoneWith, tokenOf } from '../../support/service.ts';
import { aCall, anId, aStore, type TestStore } from '../../support/store.ts';

const routes = { ...myRequestRoutes, ...organisationRequestRoutes, ...platformRequestRoutes };
export type RightsClient = Client<typeof routes>;
export type World = Awaited<ReturnType<typeof aWorld>>;

/** One organisation with its people, and the six rights as a client meets them. */
export async function aWorld(
  db: TestDynamoDb,
  profile: Profile = 'kindergarten',
  shared?: { readonly store: TestStore; readonly organisationId: OrganisationId },
) {
  const store = shared?.store ?? (await aStore(db.client, await db.createTables(), ['operator']));
  const organisationId = shared?.organisationId ?? (await anOrganisation(store, { profile })).id;
  const handlers = {
    ...myRequestHandlers(requestStore),
    ...organisationRequestHandlers(requestStore),
    ...platformRequestHandlers(requestStore),
  };
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
    async as(
      role: RoleName,
      wanted: Parameters<typeof someoneWith>[3] = {},
    ): Promise<SignedIn & { client: RightsClient }> {
      const kind = role === 'guardian' ? 'guardian' : role === 'member' ? 'member' : 'staff';
      const personId = wanted.personId ?? (await world.person({ kind, firstName: 'Kari' })).id;
      const signedIn = await someoneWith(store, organisationId, role, { ...wanted, personId });
      return { ...signedIn, client: service.as(signedIn) };
    },
    /** The same account later: with a proof as fresh as the clock, and its role opened anew. */
    async again(who: SignedIn): Promise<RightsClient> {
      const { records } = aCall(store);
      const ref = roleSessionRef(who.accountId, `origin-${who.sub}`, who.role);
      const open = await records.get(ref);
      const openedAt = store.now().toISOString();
      const expiresAt = new Date(store.now().getTime() + 30 * 60_000);
      await records
        .change()
        .put(ref, { openedAt, expiresAt: expiresAt.toISOString() }, open ? { version: open.version } : 'new', {
          expiresAtEpochSeconds: expiresAt.getTime() / 1000,
        })
        .activity({ event: 'test.prepared', subject: { controller: 'operator', subject: who.accountId } })
        .commit();
      return service.as({ token: tokenOf({ sub: who.sub }, store.now()), role: who.role });
    },
    stale: (who: SignedIn): RightsClient =>
      service.as({
        token: tokenOf({ sub: who.sub, authTime: store.now().getTime() / 1000 - 301 }, store.now()),
        role: who.role,
      }),
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
    /** The same link on other terms. */
    async relink(childId: PersonId, guardianId: PersonId, terms: Partial<GuardianLink>) {
      const { records } = aCall(store);
      const link = (await records.get(linkRef(organisationId, childId, guardianId)))!;
      const change = records.change().put(link.ref, { ...link.value, ...terms }, { version: link.version });
      await change.activity({ event: 'test.prepared', subject: link.ref.owner }).commit();
    },
    async block(childId: PersonId, personId: PersonId) {
      const { records } = aCall(store);
      const link = await records.get(linkRef(organisationId, childId, personId));
      const block = { personId, basis: 'court-order', since: '2026-01-01' } as const;
      const change = records.change();
      addBlock(change, organisationId, childId, block, { block: undefined, link });
      await change.commit();
    },
    /** A consent as the person's partition knows it. */
    async consent(personId: PersonId): Promise<Owner> {
      const owner = { controller: organisationId, subject: personId };
      const id = anId('con');
      const change = aCall(store).records.change().point(dependantPointers.subject(owner, id));
      await change.activity({ event: 'test.prepared', subject: owner }).commit();
      return { controller: organisationId, subject: id };
    },
    async claimEmail(personId: PersonId, email: string) {
      const subject = { controller: organisationId, subject: personId };
      const change = aCall(store).records.change().activity({ event: 'test.prepared', subject });
      await change.claim(organisationId, 'email', email, personId, () => new Error('taken')).commit();
    },
    async attendance(personId: PersonId, day: string) {
      const { records } = aCall(store);
      const change = records.change().put(attendanceDayRef(organisationId, personId, day), emptyDay(day), 'new');
      await change
        .activity({ event: 'test.prepared', subject: { controller: organisationId, subject: personId } })
        .commit();
    },
    day: (personId: PersonId, day: string) => aCall(store).records.get(attendanceDayRef(organisationId, personId, day)),
    account: ({ accountId }: SignedIn) => aCall(store).records.get(accountRef(accountId)),
    /** What opens now for everybody, and what opens through a restriction. */
    read: (personId: PersonId, records: Records = aCall(store).records) =>
      records.get(personRef(organisationId, personId)),
    records: (throughRestriction = true) =>
      openRecords(store, { requestId: 'test', actor: 'test', newEventId: () => anId('evt') }, undefined, {
        throughRestriction,
      }),
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
    /** The letters that wait, sent as the outbox's worker does. */
    async letters(): Promise<{ readonly to: string; readonly subject: string; readonly text: string }[]> {
      const sent: { to: string; subject: string; text: string }[] = [];
      const sendMail: SendMail = async ({ raw, recipientAddress }) => {
        const { subject = '', text = '' } = await PostalMime.parse(raw);
        sent.push({ to: recipientAddress, subject, text });
        return { outcome: 'accepted', sesMessageId: 'ses-1' };
      };
      await sweepOutbox(anOutbox(store, { sendMail }));
      return sent;
    },
    async speaks({ accountId }: SignedIn, language: 'nb' | 'en') {
      const { records } = aCall(store);
      const account = (await records.get(accountRef(accountId)))!;
      const change = records.change().put(account.ref, { ...account.value, language }, { version: account.version });
      await change.activity({ event: 'test.prepared', subject: account.ref.owner }).commit();
    },
    /** The same routes in English. */
    inEnglish: (who: SignedIn): RightsClient =>
      clientFor(routes, {
        baseUrl: 'https://vern.test',
        fetch: service.send as typeof fetch,
        wait: async () => {},
        language: 'en',
        token: () => who.token,
        role: who.role,
      }),
    operator: async () => {
      const signedIn = await someoneWith(store, 'operator', 'platform-operator');
      return { ...signedIn, client: service.as(signedIn) };
    },
    async tick(hasTimeLeft = true) {
      return tickRequests({
        openCall: () => ({ ...aCall(store), records: world.records() }),
        hasTimeLeft: () => hasTimeLeft,
        log: (line) => lines.push(line),
      });
    },
  };
  return world;
}

export const refused = (slug: string) => ({ name: 'ProblemError', slug });
