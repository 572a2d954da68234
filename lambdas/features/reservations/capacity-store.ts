import type { PersonId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import { attendanceDayRef } from '../attendance/attendance-day.ts';
import { inOneWave } from '../attendance/one-wave.ts';
import { organisationOwner, organisationRef } from '../organisations/organisation.ts';
import { peoplePointers } from '../people/person.ts';
import { personRef } from '../people/writes.ts';
import type { CapacityStore } from './capacity-handlers.ts';
import { closuresBetween } from './closures-between.ts';
import { staffingRef } from './staffing.ts';

/** Past and present members: with seven days each, all of them are read in one wave of 5,000. */
const MEMBERS_MAX = 600;

export const capacityStore: CapacityStore = {
  async group(organisationId, groupId, days, { records }) {
    const { pk, sk } = peoplePointers.groupMember(organisationId, groupId, '' as PersonId);
    const [{ items, next }, [organisation, staffing], opening] = await Promise.all([
      records.pointers('core', pk, { prefix: sk, limit: MEMBERS_MAX }),
      records.together([organisationRef(organisationId), staffingRef(organisationId, groupId)]),
      closuresBetween(records, organisationId, days[0]!, days.at(-1)!),
    ]);
    if (next !== undefined) throw new Problem('too-many', `At most ${MEMBERS_MAX} past and present members.`);
    if (!organisation) throw new Problem('organisation-not-found');
    const ids = items.map((pointer) => pointer.sk.slice(sk.length) as PersonId);
    const read = await inOneWave(records, {
      persons: ids.map((id) => personRef(organisationId, id)),
      days: ids.flatMap((id) => days.map((day) => attendanceDayRef(organisationId, id, day))),
    });
    const members = ids.flatMap((_, i) => {
      const person = read.persons[i]?.value;
      if (person?.kind !== 'child') return [];
      const own = read.days.slice(i * days.length, (i + 1) * days.length);
      return [{ person, days: own.map((day) => day?.value) }];
    });
    return { timeZone: organisation.value.timeZone, opening, staffing: staffing?.value, members };
  },

  staffing: (organisationId, groupId, { records }) => records.get(staffingRef(organisationId, groupId)),

  async saveStaffing(organisationId, groupId, before, after, { records }) {
    await records
      .change()
      .put(staffingRef(organisationId, groupId), after, before ? { version: before.version } : 'new')
      .activity({ event: 'staffing.changed', subject: organisationOwner(organisationId), about: [groupId] })
      .commit();
  },
};
