import type { OrganisationId, PersonId } from '../../http/ids.ts';
import type { Records } from '../../platform/records.ts';
import { deviceEventEntity, digitsOf } from '../device-events/device-event.ts';
import { organisationRef } from '../organisations/organisation.ts';
import { ownerOf } from '../people/person.ts';
import { receiverRef } from '../receivers/receiver.ts';
import type { PositionStore, Seen } from './handlers.ts';
import { whereaboutsEntity, whereaboutsRef } from './whereabouts.ts';

/** Rows looked through for one answer: a device sends other things as well. */
const ROWS_PER_LOOK_MAX = 4_000;
const ROWS_PER_PAGE = 1_000;

export const positionStore: PositionStore = {
  async standing(organisationId, recipientId, viewerId, { records }) {
    const [organisation, receiver] = await records.together([
      organisationRef(organisationId),
      receiverRef(organisationId, recipientId, viewerId),
    ]);
    if (!organisation) throw new Error('A role in an organisation that is not there');
    const { profile, timeZone } = organisation.value;
    return { profile, timeZone, receiver: receiver?.value };
  },

  async latest(organisationId, recipientId, { records }) {
    const [stored, isOpen] = await Promise.all([
      records.get(whereaboutsRef(organisationId, recipientId)),
      mayShow(organisationId, recipientId, records),
    ]);
    const latest = isOpen ? stored?.value.latest : undefined;
    if (!latest) return undefined;
    const { at, id, deviceId, position } = latest;
    return { id, at, safetyDeviceId: deviceId, position };
  },

  async between(organisationId, recipientId, { from, to, limit }, { records }) {
    const owner = ownerOf(organisationId, recipientId);
    // An id begins with its instant, in digits that sort; what was sent at `to` itself sorts behind its bare digits.
    const range = { from: digitsOf(from), to: digitsOf(to), limit: ROWS_PER_PAGE, newestFirst: true };
    const items: Seen[] = [];
    if (!(await mayShow(organisationId, recipientId, records))) return { items, isMore: false };
    let [after, looked] = [undefined as string | undefined, 0];
    do {
      const page = await records.list(deviceEventEntity, owner, { ...range, ...(after !== undefined && { after }) });
      for (const { value } of page.items) {
        const { id, at, deviceId, position } = value;
        if (position) items.push({ id, at, safetyDeviceId: deviceId, position });
      }
      after = page.next;
      looked += ROWS_PER_PAGE;
    } while (after !== undefined && items.length <= limit && looked < ROWS_PER_LOOK_MAX);
    return { items: items.slice(0, limit), isMore: items.length > limit || after !== undefined };
  },

  async record({ organisationId, recipientId, viewerId, reason, positions }, { records }) {
    const subject = ownerOf(organisationId, recipientId);
    const detail = { positions, ...(reason && { reason }) };
    const change = records.change().activity({ event: 'positions.seen', subject, detail });
    if (viewerId) {
      const viewer = ownerOf(organisationId, viewerId);
      change.activity({ event: 'position-look.made', subject: viewer, about: [recipientId], detail });
    }
    await change.commit();
  },
};

/** Where somebody was stands in two records: whoever objects to either (Art. 21) is shown by neither. */
async function mayShow(organisationId: OrganisationId, recipientId: PersonId, records: Records): Promise<boolean> {
  const [isOpen = false] = await records.mayHold(
    [deviceEventEntity, whereaboutsEntity],
    [ownerOf(organisationId, recipientId)],
  );
  return isOpen;
}
