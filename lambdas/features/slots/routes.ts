import * as z from 'zod';
import { page, pageQuery } from '../../http/cursor.ts';
import { GroupId, SlotId, SlotOfferId } from '../../http/ids.ts';
import { inOrganisation, ofPerson } from '../../http/params.ts';
import { type Routes, rolesThatMay } from '../../http/route.ts';
import { changingRecords, readingRecords } from '../../platform/capabilities.ts';
import { NewSlotOffer, SLOTS_MAX } from './slot-offer.ts';
import { OfferedSlots, SlotBookingView, SlotOfferView, SlotOfferWithBookings } from './views.ts';

/** Series that one child is offered at a time. */
export const OFFERED_MAX = 50;

const ofGroup = inOrganisation.extend({ groupId: GroupId });
const ofOffer = ofGroup.extend({ slotOfferId: SlotOfferId });
const ofBooking = ofPerson.extend({ slotOfferId: SlotOfferId });

const reading = [...readingRecords, 'activity:append'] as const;

export const slotRoutes = {
  createSlotOffer: {
    summary: 'Offer a series of bookable times',
    description:
      `At most ${SLOTS_MAX} times of one length on one day, in the organisation’s zone, for the guardians of the group’s ` +
      'children or of those named. Each child gets at most one.',
    tag: 'Calendar',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/groups/{groupId}/slot-offers',
    access: rolesThatMay('slot:manage'),
    params: ofGroup,
    body: NewSlotOffer,
    success: { status: 201, body: SlotOfferView },
    problems: ['person-not-found'],
    needs: changingRecords,
    creates: true,
    versioned: true,
  },
  listSlotOffers: {
    summary: 'List the series of bookable times of a group, newest first',
    tag: 'Calendar',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/groups/{groupId}/slot-offers',
    access: rolesThatMay('slot:manage'),
    params: ofGroup,
    query: z.strictObject(pageQuery),
    success: { status: 200, body: page(SlotOfferView) },
    problems: [],
    needs: readingRecords,
  },
  getSlotOffer: {
    summary: 'See who has booked which time',
    tag: 'Calendar',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/groups/{groupId}/slot-offers/{slotOfferId}',
    access: rolesThatMay('slot:manage'),
    params: ofOffer,
    success: { status: 200, body: SlotOfferWithBookings },
    problems: ['slot-offer-not-found'],
    needs: reading,
    reads: 'calendar',
  },
  withdrawSlotOffer: {
    summary: 'Withdraw a series of bookable times',
    description:
      'What was booked is cancelled, and who booked it is told. If it is interrupted, send it again: it goes on.',
    tag: 'Calendar',
    method: 'DELETE',
    path: '/v1/organisations/{organisationId}/groups/{groupId}/slot-offers/{slotOfferId}',
    access: rolesThatMay('slot:manage'),
    params: ofOffer,
    success: { status: 204 },
    problems: ['slot-offer-not-found'],
    needs: changingRecords,
  },
  listOfferedSlots: {
    summary: 'See the times that can be booked for a child, and the one that is',
    description: 'Free times alone; nobody else’s.',
    tag: 'Calendar',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/people/{personId}/slot-offers',
    access: rolesThatMay('slot:book'),
    params: ofPerson,
    success: {
      status: 200,
      body: z.strictObject({ items: z.array(OfferedSlots).max(OFFERED_MAX) }).meta({ id: 'OfferedSlotsOfChild' }),
    },
    problems: ['person-not-found'],
    needs: reading,
    reads: 'calendar',
  },
  bookSlot: {
    summary: 'Book a time for a child',
    description:
      'Of several who want the same time one gets it. It stands in the calendar of the child and of the member of staff, ' +
      'and both are told by mail.',
    tag: 'Calendar',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/people/{personId}/slot-bookings',
    access: rolesThatMay('slot:book'),
    params: ofPerson,
    body: z.strictObject({ slotOfferId: SlotOfferId, slotId: SlotId }).meta({ id: 'NewSlotBooking' }),
    success: { status: 201, body: SlotBookingView },
    problems: ['person-not-found', 'slot-offer-not-found', 'slot-taken', 'already-booked', 'wrong-state'],
    needs: changingRecords,
    creates: true,
    versioned: true,
  },
  getSlotBooking: {
    summary: 'Read the time that is booked for a child',
    tag: 'Calendar',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/people/{personId}/slot-bookings/{slotOfferId}',
    access: rolesThatMay('slot:book'),
    params: ofBooking,
    success: { status: 200, body: SlotBookingView },
    problems: ['person-not-found', 'slot-booking-not-found'],
    needs: reading,
    reads: 'calendar',
    versioned: true,
  },
  moveSlotBooking: {
    summary: 'Move what is booked for a child to another free time',
    tag: 'Calendar',
    method: 'PUT',
    path: '/v1/organisations/{organisationId}/people/{personId}/slot-bookings/{slotOfferId}',
    access: rolesThatMay('slot:book'),
    params: ofBooking,
    body: z.strictObject({ slotId: SlotId }).meta({ id: 'SlotMove' }),
    success: { status: 200, body: SlotBookingView },
    problems: ['person-not-found', 'slot-booking-not-found', 'slot-taken', 'wrong-state'],
    needs: changingRecords,
    versioned: true,
  },
  cancelSlotBooking: {
    summary: 'Cancel what is booked for a child',
    tag: 'Calendar',
    method: 'DELETE',
    path: '/v1/organisations/{organisationId}/people/{personId}/slot-bookings/{slotOfferId}',
    access: rolesThatMay('slot:book'),
    params: ofBooking,
    success: { status: 204 },
    problems: ['person-not-found', 'slot-booking-not-found', 'wrong-state'],
    needs: changingRecords,
    versioned: true,
  },
} as const satisfies Routes;
