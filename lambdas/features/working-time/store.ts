import { ownerOf, personEntity } from '../people/person.ts';
import { mayWork } from '../time-clock/employee.ts';
import { workingTimeRef } from './arrangement.ts';
import type { WorkingTimeStore } from './handlers.ts';

export const workingTimeStore: WorkingTimeStore = {
  async find(organisationId, personId, { records }) {
    const [person, kept] = await records.together([
      { entity: personEntity, owner: ownerOf(organisationId, personId) },
      workingTimeRef(organisationId, personId),
    ]);
    return mayWork(person?.value) ? { kept } : undefined;
  },

  async save({ organisationId, personId }, after, before, { records }) {
    await records
      .change()
      .put(workingTimeRef(organisationId, personId), after, before === undefined ? 'new' : { version: before })
      .activity({
        event: 'working-time.changed',
        subject: ownerOf(organisationId, personId),
        detail: { arrangements: after.arrangements.length },
      })
      .commit();
  },
};
