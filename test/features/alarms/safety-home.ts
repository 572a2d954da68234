import { type RoleRecord, rolePointers, roleRef } from '../../../lambdas/features/access/role.ts';
import { type Alarm, alarmEntity } from '../../../lambdas/features/alarms/alarm.ts';
import type { AlarmClock, Hint } from '../../../lambdas/features/alarms/clock.ts';
import { alarmPointers, DUE_SHARDS, duePartition } from '../../../lambdas/features/alarms/pointers.ts';
import { type Occasion, raiseAlarms } from '../../../lambdas/features/alarms/raise.ts';
import type { AlarmCall } from '../../../lambdas/features/alarms/reach.ts';
import { type Notice, noticeEntity } from '../../../lambdas/features/notices/notice.ts';
import {
  departmentRef,
  groupEntity,
  type Organisation,
  organisationOwner,
  organisationPointers,
} from '../../../lambdas/features/organisations/organisation.ts';
import {
  blockEntity,
  guardianLinkEntity,
  ownerOf,
  type PersonRecord,
  peoplePointers,
} from '../../../lambdas/features/people/person.ts';
import { type Receiver, receiverRef } from '../../../lambdas/features/receivers/receiver.ts';
import type { AlarmId, DepartmentId, GroupId, PersonId } from '../../../lambdas/http/ids.ts';
import { openRecords } from '../../../lambdas/platform/open-records.ts';
import { StaleVersion } from '../../../lambdas/platform/records.ts';
import { anOrganisation, aPerson } from '../../support/service.ts';
import { aCall, anId, type TestStore } from '../../support/store.ts';

/** One care service with its people, and the alarms of those whom it serves. */
export type SafetyHome = Awaited<ReturnType<typeof aSafetyHome>>;

export async function aSafetyHome(store: TestStore, but: Partial<Organisation> = {}) {
  const organisation = await anOrganisation(store, { name: 'Solbakken omsorg', profile: 'safety', ...but });
  const organisationId = organisation.id;
  const owner = organisationOwner(organisationId);
  const change = () => aCall(store).records.change().activity({ event: 'test.prepared', subject: owner });
  await change()
    .point({ ...organisationPointers.all(organisationId), attributes: { timeZone: organisation.timeZone } })
    .commit();
  const person = async (fields: Partial<PersonRecord> = {}) => (await aPerson(store, organisationId, fields)).id;
  const role = async (personId: PersonId, wanted: Pick<RoleRecord, 'role'> & Partial<RoleRecord>) => {
    const record: RoleRecord = {
      id: anId('rol'),
      personId,
      scope: { kind: 'organisation' },
      validFrom: '2026-01-01',
      state: 'active',
      ...wanted,
    };
    await change()
      .put(roleRef(organisationId, personId, record.id), record, 'new')
      .point({ ...rolePointers.inOrganisation(organisationId, record.id), attributes: { personId } })
      .commit();
  };

  return {
    store,
    organisation,
    organisationId,
    change,
    person,
    role,
    at: (instant: string | Date) => {
      store.clock = new Date(instant);
    },

    async department(): Promise<DepartmentId> {
      const id = anId('dep');
      await change()
        .put(departmentRef(organisationId, id), { id, name: 'Hjemmetjenesten', state: 'open' }, 'new')
        .commit();
      return id;
    },
    async group(departmentId?: DepartmentId): Promise<GroupId> {
      const id = anId('grp');
      const group = { id, name: 'Sone nord', state: 'open', ...(departmentId && { departmentId }) } as const;
      await change().put({ entity: groupEntity, owner, key: id }, group, 'new').commit();
      return id;
    },
    recipient: (groupId?: GroupId) =>
      person({
        kind: 'member',
        firstName: 'Åse',
        placements: groupId ? [{ groupId, from: '2026-01-01' }] : [],
      }),
    async carer(): Promise<PersonId> {
      const id = await person({ kind: 'staff', firstName: 'Mona', email: `${anId('per')}@example.no` });
      await role(id, { role: 'staff' });
      return id;
    },
    async relative(recipientId: PersonId): Promise<PersonId> {
      const id = await person({ kind: 'guardian', firstName: 'Nils', email: `${anId('per')}@example.no` });
      const link = { guardianId: id, relation: 'other', rights: 'information-only', livesWith: false } as const;
      await change()
        .put(
          { entity: guardianLinkEntity, owner: ownerOf(organisationId, recipientId), key: id },
          { ...link, from: '2026-01-01' },
          'new',
        )
        .commit();
      return id;
    },
    async receives(personId: PersonId, recipientId: PersonId, receiver: Partial<Receiver> = {}): Promise<void> {
      const value: Receiver = { personId, as: 'carer', rights: 'both', channels: ['email'], place: 1, ...receiver };
      await change()
        .put(receiverRef(organisationId, recipientId, personId), value, 'new')
        .commit();
    },
    async block(personId: PersonId, recipientId: PersonId): Promise<void> {
      const block = { personId, basis: 'organisation', since: '2026-01-01' } as const;
      const ref = { entity: blockEntity, owner: ownerOf(organisationId, recipientId), key: personId } as const;
      await change()
        .put(ref, block, 'new')
        .point(peoplePointers.blockedFrom(organisationId, personId, recipientId))
        .commit();
    },

    /** As a device's request raises it: again where somebody was faster. */
    async raise(recipientId: PersonId, ...occasions: readonly Occasion[]): Promise<readonly AlarmId[]> {
      for (;;) {
        const call = aCall(store);
        const subject = ownerOf(organisationId, recipientId);
        const events = call.records.change().activity({ event: 'device.reported', subject });
        try {
          const ids = await raiseAlarms(events, { organisationId, recipientId }, occasions, call);
          await events.commit();
          return ids;
        } catch (error) {
          if (!(error instanceof StaleVersion)) throw error;
        }
      }
    },
    async alarms(recipientId: PersonId): Promise<readonly Alarm[]> {
      const { items } = await aCall(store).records.list(alarmEntity, ownerOf(organisationId, recipientId));
      return items.map(({ value }) => value);
    },
    async onBoard(): Promise<readonly string[]> {
      const { items } = await aCall(store).records.pointers('core', alarmPointers.open(organisationId, '').pk);
      return items.map(({ sk }) => sk);
    },
    async notices(personId: PersonId): Promise<readonly Notice[]> {
      const { items } = await aCall(store).records.list(noticeEntity, ownerOf(organisationId, personId));
      return items.map(({ value }) => value);
    },
    /** The rows that say when an alarm of this organisation is due. */
    async due(): Promise<readonly Hint[]> {
      const { records } = aCall(store);
      const shards = Array.from({ length: DUE_SHARDS }, (_, shard) =>
        records.pointers('transient', duePartition(shard)),
      );
      return (await Promise.all(shards)).flatMap(({ items }) =>
        items
          .filter(({ attributes }) => attributes?.['organisationId'] === organisationId)
          .map(({ sk }) => ({ dueAt: sk.split('#')[0]!, alarmId: sk.split('#')[1] as AlarmId })),
      );
    },
  };
}

const alarmCall = (store: TestStore): AlarmCall => ({
  ...aCall(store),
  throughRestriction: openRecords(
    store,
    { requestId: 'test', actor: 'system:alarm-clock', newEventId: () => anId('evt') },
    undefined,
    { throughRestriction: true },
  ),
});

/** The clock as its worker opens it; what it logs is a failure, unless the test takes it. */
export const anAlarmClock = (store: TestStore, but: Partial<AlarmClock> = {}): AlarmClock => ({
  openCall: () => alarmCall(store),
  hasTimeLeft: () => true,
  openedAt: undefined,
  wakeUp: async () => {},
  log(line) {
    throw new Error(JSON.stringify(line));
  },
  ...but,
});

export const occasion = (sourceId: string, but: Partial<Occasion> = {}): Occasion => ({
  kind: 'button',
  at: '2026-11-23T01:59:58.000Z',
  sourceId,
  ...but,
});
