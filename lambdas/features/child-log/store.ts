import { personIdsOf } from '../../http/call.ts';
import type { GroupId, OrganisationId, PersonId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import { dayIn } from '../../platform/calendar.ts';
import type { Pointer, Records } from '../../platform/records.ts';
import { inOneWave } from '../attendance/one-wave.ts';
import { GROUP_MEMBERS_MAX } from '../attendance/views.ts';
import { organisationRef } from '../organisations/organisation.ts';
import { blocksBetween } from '../people/blocks.ts';
import { isPlacedOn, ownerOf, peoplePointers } from '../people/person.ts';
import { personRef } from '../people/writes.ts';
import { specialCategoryAgreementRef } from '../registers/special-category.ts';
import { childrenInReach } from './children-in-reach.ts';
import { healthEntryRef, keyOfEntry, logEntryEntity, logEntryRef, logPointers } from './entry.ts';
import type { ChildLogStore } from './handlers.ts';
import { readLog } from './read-log.ts';
import { childLogSettingsRef } from './settings.ts';
import { ENTRIES_MAX, GROUP_CHILDREN_MAX } from './views.ts';
import { isAsleepIn, pointAsleep, pointToday, putEntry, removeEntry } from './writes.ts';

export const childLogStore: ChildLogStore = {
  reach: childrenInReach,

  async asleep(organisationId, childIds, { records }) {
    const rows = await records.pointersAt(childIds.map((id) => logPointers.asleep(ownerOf(organisationId, id))));
    return rows.map((row) => entryIn(row));
  },

  async demandStaff(organisationId, personId, { records }) {
    const person = await records.get(personRef(organisationId, personId));
    if (person?.value.kind !== 'staff') throw new Problem('person-not-found', 'There is no such member of staff.');
  },

  async add(organisation, additions, call, answer) {
    const change = call.records.change();
    for (const { childId, entry, replacesSleep } of additions) {
      const owner = ownerOf(organisation.id, childId);
      putEntry(change, organisation.id, childId, entry, 'new');
      if (isAsleepIn(entry)) pointAsleep(change, owner, entry, { replacesSleep });
      pointToday(change, organisation, childId, entry, call.now);
      // Guardians are told of what is written in the log: of what is for staff alone not even that there is any.
      const event = entry.visibleTo === 'staff' ? 'staff-log.written' : 'child-log.written';
      change.activity({ event, subject: owner, about: [entry.id], detail: { day: entry.day } });
    }
    return change.commit(answer);
  },

  async find({ organisationId, personId, day, entryId }, { records }) {
    const [[organisation, agreed, person, plain, health], [asleep]] = await Promise.all([
      records.together([
        organisationRef(organisationId),
        specialCategoryAgreementRef(organisationId),
        personRef(organisationId, personId),
        logEntryRef(organisationId, personId, day, entryId),
        healthEntryRef(organisationId, personId, day, entryId),
      ]),
      records.pointersAt([logPointers.asleep(ownerOf(organisationId, personId))]),
    ]);
    if (!organisation || person?.value.kind !== 'child') return undefined;
    return {
      organisation: organisation.value,
      agreed: agreed?.value,
      entry: plain ?? health,
      asleepIn: entryIn(asleep),
    };
  },

  async save({ organisationId, personId }, { organisation, entry: before, asleepIn }, after, what, call) {
    if (!before) throw new Error('Nothing to save over');
    const owner = ownerOf(organisationId, personId);
    const { id, day } = before.value;
    const change = call.records.change();
    const condition = { version: before.version };
    if (after) putEntry(change, organisationId, personId, after, condition);
    else removeEntry(change, organisationId, personId, before.value, condition);
    const wasPointed = asleepIn === keyOfEntry(day, id);
    if (isAsleepIn(after) && !wasPointed) pointAsleep(change, owner, after, { replacesSleep: false });
    if (!isAsleepIn(after) && wasPointed) change.unpoint(logPointers.asleep(owner));
    if (after) pointToday(change, organisation, personId, after, call.now);
    const isForStaff = before.value.visibleTo === 'staff' && (after?.visibleTo ?? 'staff') === 'staff';
    const noun = isForStaff ? 'staff-log' : 'child-log';
    await change.activity({ event: `${noun}.${what}`, subject: owner, about: [id], detail: { day } }).commit();
  },

  log: (organisationId, childId, days, { records }) => readLog(records, organisationId, childId, days),

  async group(organisationId, groupId, asked, call) {
    const { records, now } = call;
    const ids = await memberIds(organisationId, groupId, records);
    // The chain lets nobody without a role reach a route for roles.
    const callerIds = personIdsOf(call.role!);
    const read = await inOneWave(records, {
      organisations: [organisationRef(organisationId)],
      persons: ids.map((id) => personRef(organisationId, id)),
      blocks: ids.flatMap((id) => blocksBetween(organisationId, callerIds, id)),
    });
    const timeZone = read.organisations[0]?.value.timeZone;
    if (timeZone === undefined) throw new Problem('organisation-not-found');
    const day = asked ?? dayIn(timeZone, now);
    const blocksEach = read.blocks.length / ids.length;
    const isBlocked = (i: number) =>
      read.blocks.slice(i * blocksEach, (i + 1) * blocksEach).some((block) => block !== undefined);
    const persons = read.persons.flatMap((person, i) => {
      const isThere = person?.value.placements.some((one) => one.groupId === groupId && isPlacedOn(one, day));
      return person && isThere && person.value.kind === 'child' && !isBlocked(i) ? [person.value] : [];
    });
    if (persons.length > GROUP_CHILDREN_MAX)
      throw new Problem('too-many', `At most ${GROUP_CHILDREN_MAX} children placed in the group on a day.`);
    const children = await Promise.all(
      persons.map(async (person) => {
        const ofTheDay = { prefix: keyOfEntry(day, ''), limit: ENTRIES_MAX };
        const { items } = await records.list(logEntryEntity, ownerOf(organisationId, person.id), ofTheDay);
        return { person, entries: items.map(({ value }) => value) };
      }),
    );
    return { timeZone, day, children };
  },

  settings: (organisationId, { records }) => records.get(childLogSettingsRef(organisationId)),

  async saveSettings(organisationId, settings, before, { records }) {
    const ref = childLogSettingsRef(organisationId);
    await records
      .change()
      .put(ref, settings, before === undefined ? 'new' : { version: before })
      .activity({ event: 'child-log-settings.changed', subject: ref.owner })
      .commit();
  },
};

/** Past and present members. A list that leaves somebody out would be taken for the whole group. */
async function memberIds(organisationId: OrganisationId, groupId: GroupId, records: Records): Promise<PersonId[]> {
  const { pk, sk } = peoplePointers.groupMember(organisationId, groupId, '' as PersonId);
  const { items, next } = await records.pointers('core', pk, { prefix: sk, limit: GROUP_MEMBERS_MAX });
  if (next !== undefined) throw new Problem('too-many', `At most ${GROUP_MEMBERS_MAX} past and present members.`);
  return items.map((pointer) => pointer.sk.slice(sk.length) as PersonId);
}

/** Day and id of the sleep that a row points to. */
const entryIn = (row: Pointer | undefined): string | undefined => {
  const entry = row?.attributes?.['entry'];
  return typeof entry === 'string' ? entry : undefined;
};
