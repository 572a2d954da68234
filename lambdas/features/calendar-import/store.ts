import { Problem } from '../../http/problem.ts';
import { eventRefOf } from '../calendar/event.ts';
import { putNewEvent, replaceEvent } from '../calendar/writes.ts';
import { departmentRef, organisationOwner, organisationRef } from '../organisations/organisation.ts';
import { groupRef } from '../people/writes.ts';
import type { CalendarImportStore } from './handlers.ts';

/** Five writes each at most (the record, its rows before and after), and a few of the change's own. */
const EVENTS_AT_ONCE_MAX = 15;

export const calendarImportStore: CalendarImportStore = {
  async timeZone(organisationId, scope, { records }) {
    const organisation = organisationRef(organisationId);
    const missing = () => new Problem('organisation-not-found');
    if (scope.kind === 'organisation') {
      const stored = await records.get(organisation);
      if (!stored) throw missing();
      return stored.value.timeZone;
    }
    const isGroup = scope.kind === 'group';
    const ref = isGroup ? groupRef(organisationId, scope.id) : departmentRef(organisationId, scope.id);
    const [stored, target] = await records.together([organisation, ref]);
    if (!target) throw new Problem(isGroup ? 'group-not-found' : 'department-not-found');
    if (!stored) throw missing();
    return stored.value.timeZone;
  },

  held: (organisationId, scope, ids, { records }) =>
    records.getMany(ids.map((id) => eventRefOf(organisationId, scope, id))),

  async write(organisationId, { created, changed }, { records }) {
    const writes = [
      ...created.map((after) => ({ before: undefined, after })),
      ...changed.map(({ before, after }) => ({ before, after })),
    ];
    for (let done = 0; done < writes.length; done += EVENTS_AT_ONCE_MAX) {
      const some = writes.slice(done, done + EVENTS_AT_ONCE_MAX);
      const change = records.change();
      for (const { before, after } of some) {
        if (before) replaceEvent(change, organisationId, before, after);
        else putNewEvent(change, organisationId, after);
      }
      await change
        .activity({
          event: 'calendar.imported',
          subject: organisationOwner(organisationId),
          about: some.map(({ after }) => after.id),
          detail: { created: some.filter(({ before }) => !before).length, events: some.length },
        })
        .commit();
    }
  },
};
