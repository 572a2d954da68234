import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { RoleName } from '../../../lambdas/access/roles.ts';
import { threadHandlers } from '../../../lambdas/features/messages/handlers.ts';
import { threadRoutes } from '../../../lambdas/features/messages/routes.ts';
import { messageStore } from '../../../lambdas/features/messages/store.ts';
import { noticeEntity } from '../../../lambdas/features/notices/notice.ts';
import {
  groupEntity,
  type Organisation,
  organisationOwner,
} from '../../../lambdas/features/organisations/organisation.ts';
import {
  blockEntity,
  type GuardianLink,
  guardianLinkEntity,
  ownerOf,
  type PersonRecord,
  peoplePointers,
} from '../../../lambdas/features/people/person.ts';
import type { GroupId, PersonId } from '../../../lambdas/http/ids.ts';
import type { TestDynamoDb } from '../../support/dynoxide.ts';
import { anOrganisation, aPerson, aService, type SignedIn, someoneWith, tokenOf } from '../../support/service.ts';
import { aCall, anId, aStore, type TestStore } from '../../support/store.ts';

/** A kindergarten with people who write to each other, as clients meet it. */
export type House = Awaited<ReturnType<typeof aHouse>>;

export async function aHouse(db: TestDynamoDb, wanted: Partial<Organisation> = {}) {
  const store: TestStore = await aStore(db.client, await db.createTables(), ['operator']);
  const { id: organisationId } = await anOrganisation(store, wanted);
  const service = aService(store, threadRoutes, threadHandlers(messageStore));
  const change = () =>
    aCall(store)
      .records.change()
      .activity({ event: 'test.prepared', subject: organisationOwner(organisationId) });

  const house = {
    store,
    organisationId,
    service,
    at: (instant: string) => {
      store.clock = new Date(instant);
    },
    pass: (minutes: number) => {
      store.clock = new Date(store.clock.getTime() + minutes * 60_000);
    },
    /** The same sign-in, with a proof of identity of now. */
    fresh: (someone: SignedIn): SignedIn => ({ ...someone, token: tokenOf(someone, store.clock) }),

    async group(fields: { departmentId?: never } = {}): Promise<GroupId> {
      const id = anId('grp');
      const ref = { entity: groupEntity, owner: organisationOwner(organisationId), key: id };
      await change()
        .put(ref, { id, name: 'Blåveis', state: 'open', ...fields }, 'new')
        .commit();
      return id;
    },
    async child(groupId: GroupId, fields: Partial<PersonRecord> = {}): Promise<PersonId> {
      const placements = [{ groupId, from: '2026-08-17' }];
      return (await aPerson(store, organisationId, { firstName: 'Åse', placements, ...fields })).id;
    },
    async guardian(
      childId: PersonId,
      link: Partial<GuardianLink> = {},
      fields: Partial<PersonRecord> = {},
    ): Promise<SignedIn> {
      const { id } = await aPerson(store, organisationId, { kind: 'guardian', firstName: 'Kari', ...fields });
      await house.link(childId, id, link);
      return someoneWith(store, organisationId, 'guardian', { personId: id, scope: { kind: 'person', id: childId } });
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
    async staff(groupId: GroupId | undefined, role: RoleName = 'staff', firstName = 'Siri'): Promise<SignedIn> {
      const { id } = await aPerson(store, organisationId, { kind: 'staff', firstName, lastName: 'Ås' });
      const scope = groupId ? ({ kind: 'group', id: groupId } as const) : ({ kind: 'organisation' } as const);
      return someoneWith(store, organisationId, role, { personId: id, scope });
    },
    async block(childId: PersonId, personId: PersonId) {
      const ref = { entity: blockEntity, owner: ownerOf(organisationId, childId), key: personId };
      await change()
        .put(ref, { personId, basis: 'court-order', since: '2026-01-01' }, 'new')
        .point(peoplePointers.blockedFrom(organisationId, personId, childId))
        .commit();
    },
    /** Their keys are gone; the rows that are left open no more. */
    async erase(personId: PersonId) {
      const owner = ownerOf(organisationId, personId);
      const prepared = change();
      for (const retentionClass of ['person', 'membership', 'daily-life', 'notice'] as const) {
        prepared.keys({ do: 'erase', owner, retentionClass });
      }
      await prepared.ledger({ kind: 'erasure', subject: owner }).commit();
    },
    as: (someone: SignedIn) => service.as(someone),
    of: (childId: PersonId) => ({ organisationId, personId: childId }),

    async notices(personId: PersonId) {
      const { items } = await aCall(store).records.list(noticeEntity, ownerOf(organisationId, personId));
      return items.map(({ value }) => value.content);
    },
    async rows(pk: string, prefix = '') {
      const { Items = [] } = await db.client.send(
        new QueryCommand({
          TableName: store.tableNames.core,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': { S: pk } },
          ConsistentRead: true,
        }),
      );
      return Items.map((item) => unmarshall(item)).filter(({ sk }) => String(sk).startsWith(prefix));
    },
  };
  return house;
}
