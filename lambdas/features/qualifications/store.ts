import { dayIn } from '../../platform/calendar.ts';
import { organisationRef } from '../organisations/organisation.ts';
import { ownerOf, personEntity } from '../people/person.ts';
import { mayWork } from '../time-clock/employee.ts';
import type { QualificationStore } from './handlers.ts';
import {
  moveReminder,
  QUALIFICATIONS_MAX,
  qualificationEntity,
  qualificationRef,
  withReminder,
} from './qualification.ts';

export const qualificationStore: QualificationStore = {
  async list(organisationId, personId, { records }) {
    const owner = ownerOf(organisationId, personId);
    const [[organisation, person], { items }] = await Promise.all([
      records.together([organisationRef(organisationId), { entity: personEntity, owner }]),
      records.list(qualificationEntity, owner, { limit: QUALIFICATIONS_MAX }),
    ]);
    if (!organisation || !mayWork(person?.value)) return undefined;
    return { holder: { organisationId, personId, timeZone: organisation.value.timeZone }, items };
  },

  async save(holder, { before, after: wanted }, { records, now }, answer) {
    const { organisationId, personId } = holder;
    const change = records.change();
    const after = wanted && withReminder(wanted, dayIn(holder.timeZone, now));
    const id = (after ?? before!.value).id;
    const ref = qualificationRef(organisationId, personId, id);
    if (after) change.put(ref, after, before ? { version: before.version } : 'new');
    else change.remove(ref, { version: before!.version });
    moveReminder(change, holder, before?.value, after);
    const event = after ? (before ? 'qualification.changed' : 'qualification.added') : 'qualification.removed';
    return change.activity({ event, subject: ownerOf(organisationId, personId), about: [id] }).commit(answer);
  },
};
