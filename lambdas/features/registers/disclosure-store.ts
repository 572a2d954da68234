import { type Call, personIdsOf } from '../../http/call.ts';
import type { Change } from '../../platform/records.ts';
import { organisationRef } from '../organisations/organisation.ts';
import { blockedFor } from '../people/blocks.ts';
import { type Disclosure, handed, mayBeKnown, type Register, withheldPointer } from './disclosure.ts';
import type { Day, DisclosureStore } from './disclosure-handlers.ts';
import { OPERATORS_ZONE } from './sub-processor.ts';

export const disclosureStore: DisclosureStore = {
  async timeZone({ controller }, { records }) {
    if (controller === 'operator') return OPERATORS_ZONE;
    return (await records.get(organisationRef(controller)))?.value.timeZone ?? OPERATORS_ZONE;
  },

  async areThere(register, subjects, call) {
    const { subjectEntity, ownerOfEntry } = register;
    const [found, kept] = await Promise.all([
      call.records.getMany(subjects.map((id) => ({ entity: subjectEntity, owner: ownerOfEntry(id) }))),
      keptFrom(register, call),
    ]);
    return found.every((subject) => subject !== undefined) && !subjects.some((id) => kept.has(id));
  },

  async find(register, key, call) {
    const { entity, owner } = register;
    const [stored, kept] = await Promise.all([call.records.get({ entity, owner, key }), keptFrom(register, call)]);
    return stored?.value.subjects.some((id) => kept.has(id)) ? undefined : stored;
  },

  async list(register, range, call) {
    const { entity, owner } = register;
    const [{ items, ...rest }, kept] = await Promise.all([
      call.records.list(entity, owner, { ...range, newestFirst: true }),
      keptFrom(register, call),
    ]);
    return { ...rest, items: items.filter(({ value }) => !value.subjects.some((id) => kept.has(id))) };
  },

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

/** No path names the persons, so nobody has looked for a block yet. */
const keptFrom = async ({ controller }: Register, { records, role }: Call): Promise<ReadonlySet<string>> =>
  controller === 'operator' ? new Set() : blockedFor(records, controller, personIdsOf(role!));

/** The entry of one of those concerned, in their own partition. */
function putEntry(change: Change, register: Register, disclosure: Disclosure, subject: Disclosure['subjects'][number]) {
  const ref = { entity: register.entryEntity, owner: register.ownerOfEntry(subject), key: disclosure.id };
  change.put(ref, handed(disclosure), 'new');
}

function pointWithheld(change: Change, { controller }: Register, { id, notice }: Disclosure, { timeZone }: Day) {
  if (notice.state !== 'withheld') return;
  change.point({ ...withheldPointer(notice.until, controller, id), attributes: { timeZone } });
}
