import type { Change } from '../../platform/records.ts';
import { organisationRef } from '../organisations/organisation.ts';
import { type Disclosure, handed, mayBeKnown, type Register, withheldPointer } from './disclosure.ts';
import type { Day, DisclosureStore } from './disclosure-handlers.ts';
import { OPERATORS_ZONE } from './sub-processor.ts';

export const disclosureStore: DisclosureStore = {
  async timeZone({ controller }, { records }) {
    if (controller === 'operator') return OPERATORS_ZONE;
    return (await records.get(organisationRef(controller)))?.value.timeZone ?? OPERATORS_ZONE;
  },

  async areThere({ subjectEntity, ownerOfEntry }, subjects, { records }) {
    const found = await records.getMany(subjects.map((id) => ({ entity: subjectEntity, owner: ownerOfEntry(id) })));
    return found.every((subject) => subject !== undefined);
  },

  find: ({ entity, owner }, key, { records }) => records.get({ entity, owner, key }),

  list: ({ entity, owner }, range, { records }) => records.list(entity, owner, { ...range, newestFirst: true }),

  async record(register, disclosure, day, { records }, answer) {
    const { entity, owner } = register;
    const { id, notice } = disclosure;
    const change = records.change().put({ entity, owner, key: id }, disclosure, 'new');
    if (mayBeKnown(notice, day.today))
      for (const one of disclosure.subjects) putEntry(change, register, disclosure, one);
    else pointWithheld(change, register, disclosure, day);
    return change
      .activity({ event: 'disclosure.recorded', subject: owner, about: [id], detail: { notice: notice.state } })
      .commit(answer);
  },

  async changeNotice(register, before, notice, day, { records }) {
    const { entity, owner, controller } = register;
    const disclosure = { ...before.value, notice };
    const { id } = disclosure;
    const change = records.change().put({ entity, owner, key: id }, disclosure, { version: before.version });
    const earlier = before.value.notice;
    if (!mayBeKnown(earlier, day.today) && earlier.state === 'withheld') {
      const isSameDay = notice.state === 'withheld' && notice.until === earlier.until;
      if (!isSameDay) change.unpoint(withheldPointer(earlier.until, controller, id));
      if (mayBeKnown(notice, day.today))
        for (const one of disclosure.subjects) putEntry(change, register, disclosure, one);
      else if (!isSameDay) pointWithheld(change, register, disclosure, day);
    }
    await change
      .activity({ event: 'disclosure.notice-changed', subject: owner, about: [id], detail: { notice: notice.state } })
      .commit();
  },
};

/** The entry of one of those concerned, in their own partition. */
function putEntry(change: Change, register: Register, disclosure: Disclosure, subject: Disclosure['subjects'][number]) {
  const ref = { entity: register.entryEntity, owner: register.ownerOfEntry(subject), key: disclosure.id };
  change.put(ref, handed(disclosure), 'new');
}

function pointWithheld(change: Change, { controller }: Register, { id, notice }: Disclosure, { timeZone }: Day) {
  if (notice.state !== 'withheld') return;
  change.point({ ...withheldPointer(notice.until, controller, id), attributes: { timeZone } });
}
