import { personIdsOf } from '../../http/call.ts';
import { type OrganisationId, PersonId, SlotId, type SlotOfferId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import { dayIn } from '../../platform/calendar.ts';
import type { Change, Pointer, Records } from '../../platform/records.ts';
import { inOneWave } from '../attendance/one-wave.ts';
import { eventRefOf, personCalendarEventEntity } from '../calendar/event.ts';
import { putNewEvent, removeEvent, replaceEvent, type StoredEvent } from '../calendar/writes.ts';
import { noticeEntity, queueNotice } from '../notices/notice.ts';
import { organisationOwner, organisationRef } from '../organisations/organisation.ts';
import { blockedFor, blocksBetween } from '../people/blocks.ts';
import { isPlacedOn, ownerOf, personEntity } from '../people/person.ts';
import { type SlotBooking, slotBookingEntity, slotBookingRef } from './booking.ts';
import type { Booked, Reachable, SlotStore } from './handlers.ts';
import { OFFERED_MAX } from './routes.ts';
import { isFor, keptUntil, SLOTS_MAX, slotOfferEntity, slotOfferRef, slotPointers, startOf } from './slot-offer.ts';

const slotTaken = () => new Problem('slot-taken');
const alreadyBooked = () => new Problem('already-booked');
const personRef = (organisationId: OrganisationId, personId: PersonId) =>
  ({ entity: personEntity, owner: ownerOf(organisationId, personId) }) as const;

export const slotStore: SlotStore = {
  async timeZone(organisationId, { records }) {
    const organisation = await records.get(organisationRef(organisationId));
    if (!organisation) throw new Problem('organisation-not-found');
    return organisation.value.timeZone;
  },

  async areThere(organisationId, { groupId, staffId, childIds, timeZone }, { records, role, now }) {
    // The chain lets nobody without a role reach a route for roles.
    const callerIds = personIdsOf(role!);
    const { staff, children, blocks } = await inOneWave(records, {
      staff: staffId === undefined ? [] : [personRef(organisationId, staffId)],
      children: childIds.map((id) => personRef(organisationId, id)),
      blocks: childIds.flatMap((id) => blocksBetween(organisationId, callerIds, id)),
    });
    const today = dayIn(timeZone, now);
    return (
      staff.every((one) => one?.value.kind === 'staff') &&
      blocks.every((block) => block === undefined) &&
      children.every((child) =>
        child?.value.placements.some((placement) => placement.groupId === groupId && isPlacedOn(placement, today)),
      )
    );
  },

  async add(organisationId, offer, { records }, answer) {
    const expiresAtEpochSeconds = keptUntil(offer);
    const change = records.change();
    change.put(slotOfferRef(organisationId, offer.groupId, offer.id), offer, 'new', { expiresAtEpochSeconds });
    for (const { id } of offer.slots) {
      change.point({ ...slotPointers.free(organisationId, offer.id, id), expiresAtEpochSeconds });
    }
    return change
      .activity({
        event: 'slot-offer.created',
        subject: organisationOwner(organisationId),
        about: [offer.id, offer.groupId],
        detail: { slots: offer.slots.length },
      })
      .commit(answer);
  },

  list: (organisationId, groupId, range, { records }) =>
    records.list(slotOfferEntity, organisationOwner(organisationId), { prefix: `${groupId}#`, ...range }),

  // The chain lets nobody without a role reach a route for roles.
  keptFrom: (organisationId, { records, role }) => blockedFor(records, organisationId, personIdsOf(role!)),

  async offer(organisationId, groupId, id, { records, role }) {
    const [stored, rows] = await Promise.all([
      records.get(slotOfferRef(organisationId, groupId, id)),
      rowsOf(records, organisationId, id),
    ]);
    if (!stored) return undefined;
    const takenFor = rows.taken.map(({ childId }) => childId);
    const callerIds = personIdsOf(role!);
    const { persons, blocks } = await inOneWave(records, {
      persons: takenFor.map((childId) => personRef(organisationId, childId)),
      blocks: takenFor.flatMap((childId) => blocksBetween(organisationId, callerIds, childId)),
    });
    const blocksEach = blocks.length / takenFor.length;
    const taken = rows.taken.map(({ slotId, childId }, i): [SlotId, PersonId | undefined] => {
      const isBlocked = blocks.slice(i * blocksEach, (i + 1) * blocksEach).some((block) => block !== undefined);
      return [slotId, persons[i] && !isBlocked ? childId : undefined];
    });
    return { stored, taken: new Map(taken), free: new Set(rows.free) };
  },

  async withdraw({ ref, value: offer, version }, call) {
    const { records } = call;
    const organisationId = ref.owner.controller as OrganisationId;
    if (offer.state === 'open') {
      const change = records.change();
      const expiresAtEpochSeconds = keptUntil(offer);
      change.put(ref, { ...offer, state: 'withdrawn' }, { version }, { expiresAtEpochSeconds });
      for (const { id } of offer.slots) change.unpoint(slotPointers.free(organisationId, offer.id, id));
      await change
        .activity({ event: 'slot-offer.withdrawn', subject: ref.owner, about: [offer.id, offer.groupId] })
        .commit();
    }
    // Only now nobody can book any more, so that this is all there is.
    for (const { childId } of (await rowsOf(records, organisationId, offer.id)).taken) {
      const booked = await slotStore.booked(organisationId, childId, offer.id, call);
      // Whoever is erased or restricted meanwhile has no booking that could be read: its row goes with them.
      if (booked) await slotStore.cancel({ ...booked, offer: { ...booked.offer, state: 'withdrawn' } }, call);
    }
  },

  async offeredTo(organisationId, childId, { records, now }) {
    const [[organisation, child], bookings] = await Promise.all([
      records.together([organisationRef(organisationId), personRef(organisationId, childId)]),
      records.list(slotBookingEntity, ownerOf(organisationId, childId), { limit: OFFERED_MAX, newestFirst: true }),
    ]);
    if (!organisation || !child) return [];
    const today = dayIn(organisation.value.timeZone, now);
    const groupIds = child.value.placements.filter((one) => isPlacedOn(one, today)).map(({ groupId }) => groupId);
    const pages = await Promise.all([
      ...groupIds.map((groupId) =>
        records.list(slotOfferEntity, organisationOwner(organisationId), {
          prefix: `${groupId}#`,
          limit: OFFERED_MAX,
          newestFirst: true,
        }),
      ),
    ]);
    const offers = pages
      .flatMap(({ items }) => items.map(({ value }) => value))
      .filter((offer) => isFor(offer, child.value, today) && startOf(offer.slots.at(-1)!, offer.timeZone) > now)
      .slice(0, OFFERED_MAX);
    const [blocks, rows] = await Promise.all([
      records.getMany(offers.flatMap(({ staffId }) => blocksBetween(organisationId, [staffId], childId))),
      Promise.all(offers.map(({ id }) => rowsOf(records, organisationId, id))),
    ]);
    return offers.flatMap((offer, i) => {
      if (blocks[2 * i] || blocks[2 * i + 1]) return [];
      const booking = bookings.items.find(({ value }) => value.slotOfferId === offer.id);
      return [{ offer, free: new Set(rows[i]!.free), booking }];
    });
  },

  async offered(organisationId, childId, id, { records, now }) {
    const [organisation, child] = await records.together([
      organisationRef(organisationId),
      personRef(organisationId, childId),
    ]);
    if (!organisation || !child) return undefined;
    const today = dayIn(organisation.value.timeZone, now);
    const groupIds = child.value.placements.filter((one) => isPlacedOn(one, today)).map(({ groupId }) => groupId);
    const stored = await records.getMany(groupIds.map((groupId) => slotOfferRef(organisationId, groupId, id)));
    const offer = stored.find((one) => one !== undefined && isFor(one.value, child.value, today))?.value;
    if (!offer) return undefined;
    const [blocks, staff] = await Promise.all([
      records.getMany(blocksBetween(organisationId, [offer.staffId], childId)),
      reachable(records, organisationId, offer.staffId),
    ]);
    // A block beats every link: a child is not offered to whom it is kept from.
    return blocks.some((block) => block !== undefined) ? undefined : { offer, staff };
  },

  async book(organisationId, childId, { booking, events, offered: { offer, staff } }, call, answer) {
    const expiresAtEpochSeconds = keptUntil(offer);
    const { slotOfferId, slotId } = booking;
    const change = call.records.change().put(slotBookingRef(organisationId, childId, slotOfferId), booking, 'new', {
      otherwise: alreadyBooked,
      expiresAtEpochSeconds,
    });
    takeSlot(change, organisationId, { slotOfferId, slotId, childId, expiresAtEpochSeconds });
    for (const event of events) putNewEvent(change, organisationId, event);
    const at = startOf(booking, offer.timeZone).toISOString();
    const toGuardian = { to: ownerOf(organisationId, booking.bookedBy), template: 'slot-booked' } as const;
    queueNotice(change, { ...toGuardian, parameters: { childId, at } }, call);
    if (staff.mail) {
      const to = ownerOf(organisationId, offer.staffId);
      queueNotice(change, { to, template: 'slot-taken', parameters: { at } }, call);
    }
    return change
      .activity({ event: 'slot.booked', subject: ownerOf(organisationId, childId), about: [slotOfferId, slotId] })
      .commit(answer);
  },

  booking: (organisationId, childId, id, { records }) => records.get(slotBookingRef(organisationId, childId, id)),

  async booked(organisationId, childId, id, { records, role }) {
    const booking = await records.get(slotBookingRef(organisationId, childId, id));
    if (!booking) return undefined;
    const { groupId, childEventId, staffEventId, staffId, bookedBy } = booking.value;
    const eventOf = (personId: PersonId, eventId: typeof childEventId) =>
      eventRefOf(organisationId, { kind: 'person', id: personId }, eventId);
    const [offer, [childEvent, staffEvent], staff, otherGuardian] = await Promise.all([
      records.get(slotOfferRef(organisationId, groupId, id)),
      records.getMany([eventOf(childId, childEventId), ...(staffEventId ? [eventOf(staffId, staffEventId)] : [])]),
      reachable(records, organisationId, staffId),
      bookedBy === role?.personId ? unreachable : reachable(records, organisationId, bookedBy),
    ]);
    return offer && { booking, offer: offer.value, childEvent, staffEvent, staff, otherGuardian };
  },

  async move(booked, after, moved, call) {
    const { booking, offer } = booked;
    const { organisationId, childId } = placeOf(booked);
    const expiresAtEpochSeconds = keptUntil(offer);
    const { slotOfferId, slotId: before } = booking.value;
    const change = call.records
      .change()
      .put(booking.ref, after, { version: booking.version }, { expiresAtEpochSeconds });
    freeSlot(change, organisationId, { slotOfferId, slotId: before, expiresAtEpochSeconds });
    takeSlot(change, organisationId, { slotOfferId, slotId: after.slotId, childId, expiresAtEpochSeconds });
    for (const event of eventsOf(booked)) replaceEvent(change, organisationId, event, moved(event.value));
    const at = startOf(after, offer.timeZone).toISOString();
    const from = startOf(booking.value, offer.timeZone).toISOString();
    for (const guardianId of guardiansTold(booked, after.bookedBy)) {
      const to = ownerOf(organisationId, guardianId);
      queueNotice(change, { to, template: 'slot-booked', parameters: { childId, at } }, call);
    }
    if (booked.staff.mail) {
      const to = ownerOf(organisationId, offer.staffId);
      queueNotice(change, { to, template: 'slot-moved', parameters: { from, at } }, call);
    }
    await change
      .activity({ event: 'slot.moved', subject: booking.ref.owner, about: [slotOfferId, before, after.slotId] })
      .commit();
  },

  async cancel(booked, call) {
    const { booking, offer } = booked;
    const { organisationId, childId } = placeOf(booked);
    const { slotOfferId, slotId } = booking.value;
    const change = call.records.change().remove(booking.ref, { version: booking.version });
    const expiresAtEpochSeconds = keptUntil(offer);
    if (offer.state === 'open') freeSlot(change, organisationId, { slotOfferId, slotId, expiresAtEpochSeconds });
    else change.unpoint(slotPointers.taken(organisationId, slotOfferId, slotId));
    for (const event of eventsOf(booked)) removeEvent(change, organisationId, event, call.now);
    const at = startOf(booking.value, offer.timeZone).toISOString();
    const isByStaff = call.role?.role !== 'guardian';
    for (const guardianId of guardiansTold(booked, isByStaff ? undefined : call.role?.personId)) {
      const to = ownerOf(organisationId, guardianId);
      queueNotice(change, { to, template: 'slot-cancelled', parameters: { childId, at } }, call);
    }
    if (booked.staff.mail && !isByStaff) {
      const to = ownerOf(organisationId, offer.staffId);
      queueNotice(change, { to, template: 'slot-freed', parameters: { at } }, call);
    }
    await change
      .activity({ event: 'slot.cancelled', subject: booking.ref.owner, about: [slotOfferId, slotId] })
      .commit();
  },
};

/** The rows of one series, free and taken; one wave. */
async function rowsOf(records: Records, organisationId: OrganisationId, offerId: SlotOfferId) {
  const { table, pk } = slotPointers.free(organisationId, offerId, '' as SlotId);
  const { items } = await records.pointers(table, pk, { prefix: `${offerId}#`, limit: 2 * SLOTS_MAX });
  const idOf = ({ sk }: Pointer) => SlotId.parse(sk.slice(sk.lastIndexOf('#') + 1));
  const isTaken = ({ sk }: Pointer) => sk.startsWith(`${offerId}#TAKEN#`);
  return {
    free: items.filter((row) => !isTaken(row)).map(idOf),
    taken: items
      .filter(isTaken)
      .map((row) => ({ slotId: idOf(row), childId: PersonId.parse(row.attributes?.['subject']) })),
  };
}

interface SlotRow {
  readonly slotOfferId: SlotOfferId;
  readonly slotId: SlotId;
  readonly expiresAtEpochSeconds: number;
}

/** Of several who want it one finds it free. */
function takeSlot(change: Change, organisationId: OrganisationId, row: SlotRow & { readonly childId: PersonId }): void {
  const { slotOfferId, slotId, childId, expiresAtEpochSeconds } = row;
  change.unpoint(slotPointers.free(organisationId, slotOfferId, slotId), { ifPresent: slotTaken });
  const taken = slotPointers.taken(organisationId, slotOfferId, slotId);
  change.point({ ...taken, attributes: { subject: childId }, expiresAtEpochSeconds });
}

function freeSlot(change: Change, organisationId: OrganisationId, row: SlotRow): void {
  const { slotOfferId, slotId, expiresAtEpochSeconds } = row;
  change.unpoint(slotPointers.taken(organisationId, slotOfferId, slotId));
  change.point({ ...slotPointers.free(organisationId, slotOfferId, slotId), expiresAtEpochSeconds });
}

/** Erased, restricted or objecting: nothing can be written for them, which must not keep the other from a conversation. */
async function reachable(records: Records, organisationId: OrganisationId, personId: PersonId): Promise<Reachable> {
  const owners = [ownerOf(organisationId, personId)];
  const [[calendar = false], [mail = false]] = await Promise.all([
    records.mayHold([personCalendarEventEntity], owners),
    records.mayHold([noticeEntity], owners),
  ]);
  return { calendar, mail };
}
const unreachable: Reachable = { calendar: false, mail: false };

const placeOf = ({ booking: { ref } }: Booked) => ({
  organisationId: ref.owner.controller as OrganisationId,
  childId: ref.owner.subject as PersonId,
});

/** Whoever acts, and whoever booked it: a guardian who is gone is told nothing. */
const guardiansTold = ({ booking, otherGuardian }: Booked, actorId: PersonId | undefined): Set<PersonId> => {
  const { bookedBy }: SlotBooking = booking.value;
  return new Set([...(actorId ? [actorId] : []), ...(otherGuardian.mail ? [bookedBy] : [])]);
};

/** Those that are still there and can be written: staff may have taken theirs out of the calendar. */
const eventsOf = ({ childEvent, staffEvent, staff }: Booked): StoredEvent[] =>
  [childEvent, staff.calendar ? staffEvent : undefined].filter((event) => event !== undefined);
