import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { attendanceHandlers } from '../../../lambdas/features/attendance/handlers.ts';
import { attendanceStore } from '../../../lambdas/features/attendance/store.ts';
import { noticeEntity } from '../../../lambdas/features/notices/notice.ts';
import {
  type Group,
  groupEntity,
  type Organisation,
  organisationEntity,
  organisationOwner,
  organisationPointers,
} from '../../../lambdas/features/organisations/organisation.ts';
import {
  blockEntity,
  type GuardianLink,
  guardianLinkEntity,
  ownerOf,
  type PersonRecord,
  peoplePointers,
  personEntity,
} from '../../../lambdas/features/people/person.ts';
import type { Call, RoleCaller } from '../../../lambdas/http/call.ts';
import type { GroupId, PersonId } from '../../../lambdas/http/ids.ts';
import { openRecords } from '../../../lambdas/platform/open-records.ts';
import type { TableName } from '../../../lambdas/platform/tables.ts';
import type { TestDynamoDb } from '../../support/dynoxide.ts';
import { aCall, anId, aStore, type TestStore } from '../../support/store.ts';

/** One organisation with its people, and the handlers as a client meets them. */
export type Kindergarten = Awaited<ReturnType<typeof aKindergarten>>;

export async function aKindergarten(db: TestDynamoDb, but: Partial<Organisation> = {}, shared?: TestStore) {
  const organisationId = but.id ?? anId('org');
  const store = shared ?? (await aStore(db.client, await db.createTables(), [organisationId, 'operator']));
  if (shared) await store.ring.create(organisationId);
  const organisation: Organisation = {
    id: organisationId,
    name: 'Solbakken barnehage',
    profile: 'kindergarten',
    timeZone: 'Europe/Oslo',
    language: 'nb',
    state: 'open',
    acceptedAgreementVersion: '1',
    notArrivedAfterMinutes: 30,
    ...but,
  };
  const owner = organisationOwner(organisationId);
  const change = () => aCall(store).records.change().activity({ event: 'test.prepared', subject: owner });
  await change()
    .put({ entity: organisationEntity, owner }, organisation, 'new')
    .point({ ...organisationPointers.all(organisationId), attributes: { timeZone: organisation.timeZone } })
    .commit();
  const handlers = attendanceHandlers(attendanceStore);
  const as = (role: Partial<RoleCaller> = {}): Call => aCall(store, { role: 'staff', organisationId, ...role });
  const of = (personId: PersonId) => ({ organisationId, personId });
  const ofDay = (personId: PersonId, day: string) => ({ organisationId, personId, day });
  const nothing = { query: undefined, body: undefined, ifMatch: undefined };

  return {
    organisationId,
    store,
    handlers,
    as,
    at: (instant: string) => {
      store.clock = new Date(instant);
    },

    async group(): Promise<GroupId> {
      const id = anId('grp');
      const group: Group = { id, name: 'Blåveis', state: 'open' };
      await change().put({ entity: groupEntity, owner, key: id }, group, 'new').commit();
      return id;
    },
    async person(fields: Partial<PersonRecord> = {}): Promise<PersonId> {
      const id = anId('per');
      const person: PersonRecord = {
        id,
        organisationId,
        kind: 'child',
        firstName: 'Åse',
        lastName: 'Ødegård',
        language: 'nb',
        protectedAddress: false,
        placements: [],
        ...fields,
      };
      const prepared = change().put({ entity: personEntity, owner: ownerOf(organisationId, id) }, person, 'new');
      for (const { groupId } of person.placements) {
        prepared.point(peoplePointers.groupMember(organisationId, groupId, id));
      }
      await prepared.commit();
      return id;
    },
    async guardian(childId: PersonId, link: Partial<GuardianLink> = {}, existing?: PersonId): Promise<PersonId> {
      const guardianId = existing ?? (await this.person({ kind: 'guardian', firstName: 'Kari' }));
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
      return guardianId;
    },
    async block(childId: PersonId, personId: PersonId) {
      const ref = { entity: blockEntity, owner: ownerOf(organisationId, childId), key: personId };
      await change()
        .put(ref, { personId, basis: 'court-order', since: '2026-01-01' }, 'new')
        .point(peoplePointers.blockedFrom(organisationId, personId, childId))
        .commit();
    },

    checkIn: (personId: PersonId, call = as()) => handlers.checkIn({ params: of(personId), ...nothing }, call),
    checkOut: (personId: PersonId, call = as()) => handlers.checkOut({ params: of(personId), ...nothing }, call),
    read: (personId: PersonId, day: string, call = as()) =>
      handlers.getAttendance({ params: ofDay(personId, day), ...nothing }, call),
    list: (personId: PersonId, from: string, to: string, call = as()) =>
      handlers.listAttendance({ params: of(personId), ...nothing, query: { from, to } }, call),
    expect: (personId: PersonId, day: string, from: string, ifMatch = 1, call = as()) =>
      handlers.expectArrival({ params: ofDay(personId, day), ...nothing, body: { from }, ifMatch }, call),
    absent: (personId: PersonId, day: string, ifMatch = 1, call = as()) =>
      handlers.reportAbsence({ params: ofDay(personId, day), ...nothing, body: { reason: 'other' }, ifMatch }, call),
    present: (personId: PersonId, day: string, ifMatch: number, call = as()) =>
      handlers.withdrawAbsence({ params: ofDay(personId, day), ...nothing, ifMatch }, call),
    correct: (
      personId: PersonId,
      day: string,
      stayId: string,
      ifMatch: number,
      body: Parameters<typeof handlers.correctStay>[0]['body'],
      call = as(),
    ) => handlers.correctStay({ params: { ...ofDay(personId, day), stayId }, query: undefined, body, ifMatch }, call),
    groupList: (groupId: GroupId, day?: string, call = as()) =>
      handlers.getGroupList({ params: { organisationId, groupId }, ...nothing, query: day ? { day } : {} }, call),

    /** What lies in a partition, as the outside sees it. */
    rows: (table: TableName, pk: string) => rowsOf(db, store, table, pk),
    openRows: () => rowsOf(db, store, 'core', `${organisationId}#OPEN`),
    async expectedRows(day: string) {
      const rows = await rowsOf(db, store, 'core', `${organisationId}#EXPECTED`);
      return rows
        .filter(({ sk }) => sk.startsWith(`${day}#`))
        .map((row): Record<string, unknown> => ({ ...row, sk: String(row['sk']).slice(day.length + 1) }));
    },
    activities: async (personId: PersonId) =>
      (await rowsOf(db, store, 'activity', `${organisationId}#${personId}`)).map(({ event }) => event),
    /** Ids of notices that wait for a person, and what they say. */
    async notices(personId: PersonId) {
      const { items } = await reader(store).list(noticeEntity, ownerOf(organisationId, personId));
      return items.map(({ value }) => value.content);
    },
  };
}

const reader = (store: TestStore) =>
  openRecords(store, { requestId: 'req', actor: 'acc_test', newEventId: () => anId('evt') });

async function rowsOf(db: TestDynamoDb, store: TestStore, table: TableName, pk: string) {
  const { Items = [] } = await db.client.send(
    new QueryCommand({
      TableName: store.tableNames[table],
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: pk } },
      ConsistentRead: true,
    }),
  );
  return Items.map((item) => unmarshall(item));
}
