import { profileSettings } from '../../access/profile-settings.ts';
import { Problem } from '../../http/problem.ts';
import { dayIn } from '../../platform/calendar.ts';
import { organisationRef } from '../organisations/organisation.ts';
import { ownerOf } from '../people/person.ts';
import { blockRef, personRef } from '../people/writes.ts';
import type { Place, ReceiverStore } from './handlers.ts';
import { RECEIVERS_MAX, type Receiver, receiverEntity, receiverRef, receivesPointer } from './receiver.ts';
import { stillReceivers } from './receivers-of.ts';

export const receiverStore: ReceiverStore = {
  async list({ organisationId, personId }, { records }) {
    const { items } = await records.list(receiverEntity, ownerOf(organisationId, personId), { limit: RECEIVERS_MAX });
    const persons = await records.getMany(items.map(({ value }) => personRef(organisationId, value.personId)));
    return items
      .map((receiver, i) => {
        const person = persons[i]?.value;
        return { receiver, ...(person && { name: `${person.firstName} ${person.lastName}` }) };
      })
      .toSorted((one, other) => one.receiver.value.place - other.receiver.value.place);
  },

  async standing({ organisationId, personId }, receiverId, { records, now }) {
    const [organisation, recipient, receiver] = await records.together([
      organisationRef(organisationId),
      personRef(organisationId, personId),
      personRef(organisationId, receiverId),
    ]);
    const isRecipient =
      organisation !== undefined &&
      profileSettings[organisation.value.profile].safetyDevices &&
      recipient?.value.kind === 'member';
    if (!isRecipient || !receiver || receiverId === personId) return { isRecipient, as: undefined };
    const ways = (['relative', 'carer'] as const).map((as) => ({ personId: receiverId, as }));
    const today = dayIn(organisation.value.timeZone, now);
    const [way] = await stillReceivers(records, organisationId, personId, ways, today);
    return { isRecipient, as: way?.as };
  },

  get: ({ organisationId, personId }, receiverId, { records }) =>
    records.get(receiverRef(organisationId, personId, receiverId)),

  create: (place, receiver, { records }, answer) =>
    records
      .change()
      .put(refOf(place, receiver), receiver, 'new', { otherwise: () => new Problem('wrong-state') })
      .point(receivesPointer(place.organisationId, receiver.personId, place.personId))
      .requireUnerased(ownerOf(place.organisationId, receiver.personId))
      // A block that was put meanwhile beats it.
      .requireAbsent(blockRef(place.organisationId, place.personId, receiver.personId), mayNotReceive)
      .requireAbsent(blockRef(place.organisationId, receiver.personId, place.personId), mayNotReceive)
      .activity({ ...about(place, receiver), event: 'receiver.added', detail: facts(receiver) })
      .commit(answer),

  async change(before, place, after, { records }) {
    await records
      .change()
      .put(before.ref, after, { version: before.version })
      .activity({ ...about(place, after), event: 'receiver.changed', detail: facts(after) })
      .commit();
  },

  async remove(before, place, { records }) {
    await records
      .change()
      .remove(before.ref, { version: before.version })
      .unpoint(receivesPointer(place.organisationId, before.value.personId, place.personId))
      .activity({ ...about(place, before.value), event: 'receiver.removed' })
      .commit();
  },
};

const refOf = ({ organisationId, personId }: Place, receiver: Receiver) =>
  receiverRef(organisationId, personId, receiver.personId);
const about = ({ organisationId, personId }: Place, receiver: Receiver) => ({
  subject: ownerOf(organisationId, personId),
  about: [receiver.personId],
});
const facts = ({ as, rights }: Receiver) => ({ as, rights });
const mayNotReceive = () => new Problem('may-not-receive');
