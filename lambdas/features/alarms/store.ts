import { isInScope } from '../../access/decide.ts';
import { type Call, personIdsOf } from '../../http/call.ts';
import { type AlarmId, type OrganisationId, PersonId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import { dayIn } from '../../platform/calendar.ts';
import { inOneWave } from '../attendance/one-wave.ts';
import { departmentRef, organisationOwner, organisationRef } from '../organisations/organisation.ts';
import { blockedFor } from '../people/blocks.ts';
import { isPlacedOn, ownerOf } from '../people/person.ts';
import { groupRef, personRef } from '../people/writes.ts';
import { mayReceiveAlarms, receiverRef } from '../receivers/receiver.ts';
import { alarmEntity, alarmRef } from './alarm.ts';
import { answerAlarm } from './answer.ts';
import { configurationRef } from './configuration.ts';
import type { AlarmStore, OnBoard } from './handlers.ts';
import { alarmPointers } from './pointers.ts';

export const alarmStore: AlarmStore = {
  async board(organisationId, caller, { limit, after }, { records, now }) {
    const { pk } = alarmPointers.open(organisationId, '');
    const [{ items, next }, blocked] = await Promise.all([
      records.pointers('core', pk, { limit, ...(after !== undefined && { after }) }),
      blockedFor(records, organisationId, personIdsOf(caller)),
    ]);
    const rows = items.map(({ sk, attributes }) => ({
      alarmId: sk as AlarmId,
      personId: PersonId.parse(attributes?.['subject']),
    }));
    const found = await inOneWave(records, {
      organisations: [organisationRef(organisationId)],
      alarms: rows.map(({ alarmId, personId }) => alarmRef(organisationId, personId, alarmId)),
      persons: rows.map(({ personId }) => personRef(organisationId, personId)),
    });
    const today = dayIn(found.organisations[0]?.value.timeZone ?? 'Europe/Oslo', now);
    const groupsOf = found.persons.map((person) =>
      (person?.value.placements ?? []).filter((one) => isPlacedOn(one, today)).map(({ groupId }) => groupId),
    );
    const departments = await departmentsOf(organisationId, groupsOf.flat(), records);
    const inReach = rows.flatMap(({ personId }, i): OnBoard[] => {
      const alarm = found.alarms[i]?.value;
      const groupIds = groupsOf[i] ?? [];
      const target = {
        kind: 'person',
        personId,
        groupIds,
        departmentIds: groupIds.flatMap((groupId) => departments.get(groupId) ?? []),
        guardianRights: undefined,
        isBlocked: blocked.has(personId),
      } as const;
      if (!alarm || target.isBlocked || !isInScope(caller.scope, target)) return [];
      // Whoever has their data restricted is helped by people.
      if (caller.role === 'integration' && !found.persons[i]) return [];
      return [{ alarm, person: found.persons[i]?.value }];
    });
    return { items: inReach, ...(next !== undefined && { next }) };
  },

  ofPerson: (organisationId, personId, { limit, after }, { records }) =>
    records.list(alarmEntity, ownerOf(organisationId, personId), {
      limit,
      newestFirst: true,
      ...(after !== undefined && { after }),
    }),

  find: ({ organisationId, recipientId, alarmId }, { records }) =>
    records.get(alarmRef(organisationId, recipientId, alarmId)),

  async isReceiver(organisationId, personId, callerId, { records }) {
    const receiver = await records.get(receiverRef(organisationId, personId, callerId));
    return receiver?.value.as === 'relative' && mayReceiveAlarms(receiver.value);
  },

  answer: answerAlarm,

  async configuration(organisationId, place, { records }) {
    if (place.of !== 'department') return records.get(configurationRef(organisationId, place));
    const [department, stored] = await records.together([
      departmentRef(organisationId, place.departmentId),
      configurationRef(organisationId, place),
    ]);
    if (!department) throw new Problem('department-not-found');
    return stored;
  },

  async areThere(organisationId, personIds, { records }) {
    const persons = await records.getMany(personIds.map((id) => personRef(organisationId, id)));
    return persons.map((person) => person?.value.kind === 'staff');
  },

  async configure(organisationId, place, before, after, { records }) {
    const subject = place.of === 'person' ? ownerOf(organisationId, place.personId) : organisationOwner(organisationId);
    await records
      .change()
      .put(configurationRef(organisationId, place), after, before ? { version: before.version } : 'new')
      .activity({
        event: place.of === 'person' ? 'alarm-configuration.changed-for-person' : 'alarm-configuration.changed',
        subject,
        ...(place.of === 'department' && { about: [place.departmentId] }),
      })
      .commit();
  },
};

async function departmentsOf(
  organisationId: OrganisationId,
  groupIds: readonly Parameters<typeof groupRef>[1][],
  records: Call['records'],
): Promise<ReadonlyMap<string, string>> {
  const distinct = [...new Set(groupIds)];
  const groups = await records.getMany(distinct.map((id) => groupRef(organisationId, id)));
  return new Map(
    groups.flatMap((group) => (group?.value.departmentId ? [[group.value.id, group.value.departmentId]] : [])),
  );
}
