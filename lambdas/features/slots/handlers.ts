import type { Call, RoleCaller } from '../../http/call.ts';
import { decodeCursor, encodeCursor } from '../../http/cursor.ts';
import type { GroupId, OrganisationId, PersonId, SlotId, SlotOfferId } from '../../http/ids.ts';
import { pointer } from '../../http/pointer.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import type { Page, Range, Stored } from '../../platform/records.ts';
import type { CalendarEvent } from '../calendar/event.ts';
import type { StoredEvent } from '../calendar/writes.ts';
import { eventOf, movedEvent, type SlotBooking, type slotBookingEntity } from './booking.ts';
import type { slotRoutes } from './routes.ts';
import {
  isOpen,
  type NewSlotOffer,
  type Slot,
  type SlotOffer,
  SlotOfferSortKey,
  type slotOfferEntity,
  slotTimes,
  startOf,
} from './slot-offer.ts';
import { bookingView, type OfferedSlots } from './views.ts';

export type StoredOffer = Stored<typeof slotOfferEntity>;
export type StoredBooking = Stored<typeof slotBookingEntity>;

/** Which of somebody's keys are open: what can be written for them. */
export interface Reachable {
  readonly calendar: boolean;
  readonly mail: boolean;
}

/** A series that is offered to a child, and what can be written for its member of staff. */
export interface Offered {
  readonly offer: SlotOffer;
  readonly staff: Reachable;
}

/** A booking with all that moves with it. */
export interface Booked {
  readonly booking: StoredBooking;
  readonly offer: SlotOffer;
  readonly childEvent: StoredEvent | undefined;
  readonly staffEvent: StoredEvent | undefined;
  readonly staff: Reachable;
  /** Whoever booked it, where that is another than the caller. */
  readonly otherGuardian: Reachable;
}

export interface SlotStore {
  timeZone(organisationId: OrganisationId, call: Call): Promise<string>;
  /** Whether all of them may be named: the staff, and children of the group that no block keeps from the caller. */
  areThere(
    organisationId: OrganisationId,
    named: {
      readonly groupId: GroupId;
      readonly staffId: PersonId | undefined;
      readonly childIds: readonly PersonId[];
      readonly timeZone: string;
    },
    call: Call,
  ): Promise<boolean>;
  add<A>(organisationId: OrganisationId, offer: SlotOffer, call: Call, answer: A): Promise<A>;
  list(organisationId: OrganisationId, groupId: GroupId, range: Range, call: Call): Promise<Page<StoredOffer>>;
  /** Children that a block keeps from the caller; one wave. */
  keptFrom(organisationId: OrganisationId, call: Call): Promise<ReadonlySet<string>>;
  /** With whom each taken time is for (`undefined` for a child kept from the caller), and which are free. */
  offer(
    organisationId: OrganisationId,
    groupId: GroupId,
    id: SlotOfferId,
    call: Call,
  ): Promise<
    | {
        readonly stored: StoredOffer;
        readonly taken: ReadonlyMap<SlotId, PersonId | undefined>;
        readonly free: ReadonlySet<SlotId>;
      }
    | undefined
  >;
  /** No time of it can be booked from then on; then what was booked is cancelled, one child after the other. */
  withdraw(stored: StoredOffer, call: Call): Promise<void>;
  /** All that a child is offered now or has booked, with the free times. */
  offeredTo(
    organisationId: OrganisationId,
    childId: PersonId,
    call: Call,
  ): Promise<
    readonly {
      readonly offer: SlotOffer;
      readonly free: ReadonlySet<SlotId>;
      readonly booking: StoredBooking | undefined;
    }[]
  >;
  offered(organisationId: OrganisationId, childId: PersonId, id: SlotOfferId, call: Call): Promise<Offered | undefined>;
  book<A>(
    organisationId: OrganisationId,
    childId: PersonId,
    what: { readonly booking: SlotBooking; readonly events: readonly CalendarEvent[]; readonly offered: Offered },
    call: Call,
    answer: A,
  ): Promise<A>;
  booking(
    organisationId: OrganisationId,
    childId: PersonId,
    id: SlotOfferId,
    call: Call,
  ): Promise<StoredBooking | undefined>;
  booked(organisationId: OrganisationId, childId: PersonId, id: SlotOfferId, call: Call): Promise<Booked | undefined>;
  move(booked: Booked, after: SlotBooking, moved: (event: CalendarEvent) => CalendarEvent, call: Call): Promise<void>;
  cancel(booked: Booked, call: Call): Promise<void>;
}

export const slotHandlers = (slots: SlotStore): HandlersFor<typeof slotRoutes, Call> => ({
  async createSlotOffer({ params: { organisationId, groupId }, body }, call) {
    const { staffId, childIds = [] } = body;
    const timeZone = await slots.timeZone(organisationId, call);
    const offer = newOffer(body, { groupId, timeZone, staffId: staffId ?? callerOf(call).personId }, call);
    if (!(await slots.areThere(organisationId, { groupId, staffId, childIds, timeZone }, call))) {
      throw new Problem('person-not-found');
    }
    return slots.add(organisationId, offer, call, { ...offer, version: 1 });
  },

  async listSlotOffers({ params: { organisationId, groupId }, query: { cursor, limit } }, call) {
    const list = { name: 'slot-offers', filter: { groupId } };
    const after = cursor === undefined ? undefined : decodeCursor(list, cursor, SlotOfferSortKey);
    const range = { limit, newestFirst: true, ...(after !== undefined && { after }) };
    const [{ items, next }, kept] = await Promise.all([
      slots.list(organisationId, groupId, range, call),
      slots.keptFrom(organisationId, call),
    ]);
    return {
      items: items.map(({ value, version }) => ({ ...namingNone(value, kept), version })),
      ...(next !== undefined && { next: encodeCursor(list, next) }),
    };
  },

  async getSlotOffer({ params: { organisationId, groupId, slotOfferId } }, call) {
    const [found, kept] = await Promise.all([
      slots.offer(organisationId, groupId, slotOfferId, call),
      slots.keptFrom(organisationId, call),
    ]);
    if (!found) throw new Problem('slot-offer-not-found');
    const { stored, taken, free } = found;
    return {
      ...namingNone(stored.value, kept),
      slots: stored.value.slots.map((slot) => {
        const childId = taken.get(slot.id);
        if (taken.has(slot.id)) return { ...slot, state: 'taken' as const, ...(childId && { childId }) };
        return { ...slot, state: free.has(slot.id) ? ('free' as const) : ('closed' as const) };
      }),
      version: stored.version,
    };
  },

  async withdrawSlotOffer({ params: { organisationId, groupId, slotOfferId } }, call) {
    const found = await slots.offer(organisationId, groupId, slotOfferId, call);
    if (!found) throw new Problem('slot-offer-not-found');
    await slots.withdraw(found.stored, call);
  },

  async listOfferedSlots({ params: { organisationId, personId } }, call) {
    const offered = await slots.offeredTo(organisationId, personId, call);
    const items = offered
      .filter(({ offer, booking }) => booking !== undefined || isOpen(offer, call.now))
      .map(({ offer, free, booking }): OfferedSlots => {
        const { childIds: _, staffId: __, state: ___, createdAt: ____, ...shown } = offer;
        return {
          ...shown,
          slots: isOpen(offer, call.now) ? offer.slots.filter(({ id }) => free.has(id)) : [],
          ...(booking && { booking: bookingView(booking.value, booking.version) }),
        };
      });
    return { items };
  },

  async bookSlot({ params: { organisationId, personId }, body: { slotOfferId, slotId } }, call) {
    const offered = await slots.offered(organisationId, personId, slotOfferId, call);
    if (!offered) throw new Problem('slot-offer-not-found');
    const { offer, staff } = offered;
    const slot = openSlot(offer, slotId, call.now);
    const { title, place, timeZone, groupId, staffId } = offer;
    const [childEventId, staffEventId] = [call.newId('cal'), call.newId('cal')];
    const booking: SlotBooking = {
      slotOfferId,
      groupId,
      slotId,
      title,
      ...(place !== undefined && { place }),
      from: slot.from,
      until: slot.until,
      timeZone,
      staffId,
      bookedBy: callerOf(call).personId,
      bookedAt: call.now.toISOString(),
      childEventId,
      ...(staff.calendar && { staffEventId }),
    };
    const { now } = call;
    const events = [eventOf(booking, personId, { id: childEventId, now })];
    if (staff.calendar) events.push(eventOf(booking, staffId, { id: staffEventId, now }));
    return slots.book(organisationId, personId, { booking, events, offered }, call, bookingView(booking, 1));
  },

  async getSlotBooking({ params: { organisationId, personId, slotOfferId } }, call) {
    const stored = await slots.booking(organisationId, personId, slotOfferId, call);
    if (!stored) throw new Problem('slot-booking-not-found');
    return bookingView(stored.value, stored.version);
  },

  async moveSlotBooking({ params: { organisationId, personId, slotOfferId }, body: { slotId }, ifMatch }, call) {
    const booked = await bookedAt(slots, { organisationId, personId, slotOfferId }, ifMatch, call);
    const { value: before, version } = booked.booking;
    const slot = openSlot(booked.offer, slotId, call.now);
    if (slotId === before.slotId) return bookingView(before, version);
    const bookedBy = callerOf(call).personId;
    const after = { ...before, slotId, from: slot.from, until: slot.until, bookedBy, bookedAt: call.now.toISOString() };
    await slots.move(booked, after, (event) => movedEvent(event, slot, call.now), call);
    return bookingView(after, version + 1);
  },

  async cancelSlotBooking({ params: { organisationId, personId, slotOfferId }, ifMatch }, call) {
    const booked = await bookedAt(slots, { organisationId, personId, slotOfferId }, ifMatch, call);
    demandOpen(booked.offer, call.now);
    await slots.cancel(booked, call);
  },
});

/** Without those of the children it is for that are kept from the caller. */
const namingNone = ({ childIds, ...offer }: SlotOffer, kept: ReadonlySet<string>): SlotOffer => ({
  ...offer,
  ...(childIds && { childIds: childIds.filter((id) => !kept.has(id)) }),
});

function newOffer(
  { from, minutes, pauseMinutes, count, staffId: _, ...said }: NewSlotOffer,
  at: Pick<SlotOffer, 'groupId' | 'timeZone' | 'staffId'>,
  { now, newId }: Call,
): SlotOffer {
  const times = slotTimes({ from, minutes, pauseMinutes, count });
  if (!times) throw malformed('count', 'The last time would end after 24:00.');
  const openUntil = Date.parse(said.openUntil);
  if (openUntil <= now.getTime()) throw malformed('openUntil', 'This is over.');
  if (openUntil > startOf({ from }, at.timeZone).getTime()) throw malformed('openUntil', 'After the first time.');
  const slots = times.map((time) => ({ id: newId('slt'), ...time }));
  return { ...said, ...at, id: newId('slo'), slots, state: 'open', createdAt: now.toISOString() };
}

async function bookedAt(
  slots: SlotStore,
  {
    organisationId,
    personId,
    slotOfferId,
  }: { organisationId: OrganisationId; personId: PersonId; slotOfferId: SlotOfferId },
  ifMatch: number,
  call: Call,
): Promise<Booked> {
  const booked = await slots.booked(organisationId, personId, slotOfferId, call);
  if (!booked) throw new Problem('slot-booking-not-found');
  if (booked.booking.version !== ifMatch) throw new Problem('stale-version');
  return booked;
}

function openSlot(offer: SlotOffer, slotId: SlotId, now: Date): Slot {
  demandOpen(offer, now);
  const slot = offer.slots.find(({ id }) => id === slotId);
  if (!slot) throw new Problem('slot-taken');
  return slot;
}

function demandOpen(offer: SlotOffer, now: Date): void {
  if (!isOpen(offer, now)) throw new Problem('wrong-state', 'The times are closed to changes: talk to the staff.');
}

const malformed = (field: string, detail: string) =>
  new Problem('malformed-request', undefined, { errors: [{ pointer: pointer('body', field), detail }] });

/** The chain lets nobody without a role reach a route for roles. */
function callerOf(call: Call): RoleCaller {
  if (!call.role) throw new Error('A route for roles without a role');
  return call.role;
}
