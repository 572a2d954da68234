import * as z from 'zod';
import { PersonId } from '../../http/ids.ts';
import { SlotBooking } from './booking.ts';
import { CHILDREN_MAX, SLOTS_MAX, Slot, SlotOffer } from './slot-offer.ts';

const version = z.int().min(1);

const childIds = z.array(PersonId).max(CHILDREN_MAX).optional().meta({
  description: 'Those alone, of the group, without whom a block keeps from the caller; absent for all of it.',
});

export const SlotOfferView = z.strictObject({ ...SlotOffer.shape, childIds, version }).meta({ id: 'SlotOffer' });

/** As staff see it: who has which time. */
export const SlotOfferWithBookings = z
  .strictObject({
    ...SlotOffer.shape,
    childIds,
    slots: z.array(
      Slot.extend({
        state: z.enum(['free', 'taken', 'closed']),
        childId: PersonId.optional().meta({
          description: 'For whom it is taken; absent of a child kept from the caller.',
        }),
      }),
    ),
    version,
  })
  .meta({ id: 'SlotOfferWithBookings' });

const { bookedBy: _, staffId: __, childEventId, staffEventId: ___, groupId: ____, ...booked } = SlotBooking.shape;
/** As a guardian sees it. The other guardian of the child sees the same: so not which of them booked it. */
export const SlotBookingView = z
  .strictObject({ ...booked, eventId: childEventId, version })
  .meta({ id: 'SlotBooking' });
export type SlotBookingView = z.output<typeof SlotBookingView>;

const { childIds: _____, staffId: ______, state: _______, createdAt: ________, ...offered } = SlotOffer.shape;
/** Free times alone: who has booked the others is not for guardians to know. */
export const OfferedSlots = z
  .strictObject({ ...offered, slots: z.array(Slot).max(SLOTS_MAX), booking: SlotBookingView.optional() })
  .meta({ id: 'OfferedSlots' });
export type OfferedSlots = z.output<typeof OfferedSlots>;

export function bookingView(
  { bookedBy: _, staffId: __, childEventId, staffEventId: ___, groupId: ____, ...shown }: SlotBooking,
  atVersion: number,
): SlotBookingView {
  return { ...shown, eventId: childEventId, version: atVersion };
}
