import * as z from 'zod';
import { CalendarEventId, GroupId, type OrganisationId, PersonId, SlotId, SlotOfferId } from '../../http/ids.ts';
import { entity } from '../../platform/entity.ts';
import type { CalendarEvent } from '../calendar/event.ts';
import { ownerOf } from '../people/person.ts';
import { Slot, SlotOffer } from './slot-offer.ts';

/** A time that a guardian has booked for a child: lies with the child, one for each series. */
export const SlotBooking = z.strictObject({
  slotOfferId: SlotOfferId,
  groupId: GroupId,
  slotId: SlotId,
  title: SlotOffer.shape.title,
  place: SlotOffer.shape.place,
  from: Slot.shape.from,
  until: Slot.shape.until,
  timeZone: SlotOffer.shape.timeZone,
  staffId: PersonId,
  bookedBy: PersonId,
  bookedAt: z.iso.datetime(),
  /** What stands in the child's calendar, and in that of the member of staff where one could be written there. */
  childEventId: CalendarEventId,
  staffEventId: CalendarEventId.optional(),
});
export type SlotBooking = z.output<typeof SlotBooking>;

export const slotBookingEntity = entity({
  name: 'slot-booking',
  table: 'core',
  sortKey: 'SLOT-BOOKING',
  schema: SlotBooking,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to let guardians choose a time for a conversation with staff',
  legalBasis: 'controllers-agreement',
  article9: 'none',
  source: 'data-subject',
  retentionClass: 'daily-life',
  exported: 'copy',
  onErasure: 'delete',
});

export const slotBookingRef = (organisationId: OrganisationId, childId: PersonId, slotOfferId: SlotOfferId) =>
  ({ entity: slotBookingEntity, owner: ownerOf(organisationId, childId), key: slotOfferId }) as const;

/** A booked time as an event of one person. In that of staff no child is named: it lies under another person's key. */
export function eventOf(
  { title, place, from, until, timeZone }: Pick<SlotBooking, 'title' | 'place' | 'from' | 'until' | 'timeZone'>,
  personId: PersonId,
  { id, now }: { readonly id: CalendarEventId; readonly now: Date },
): CalendarEvent {
  const at = now.toISOString();
  return {
    id,
    title,
    ...(place !== undefined && { place }),
    bring: [],
    scope: { kind: 'person', id: personId },
    when: { kind: 'timed', from, until },
    timeZone,
    exceptions: [],
    overrides: [],
    files: [],
    sequence: 0,
    createdAt: at,
    updatedAt: at,
  };
}

/** The same event at another time: whoever follows the calendar sees it move. */
export const movedEvent = (event: CalendarEvent, { from, until }: Slot, now: Date): CalendarEvent => ({
  ...event,
  when: { kind: 'timed', from, until },
  sequence: event.sequence + 1,
  updatedAt: now.toISOString(),
});
