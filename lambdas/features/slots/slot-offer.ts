import * as z from 'zod';
import { freeText, oneLine } from '../../http/free-text.ts';
import { GroupId, type OrganisationId, PersonId, SlotId, SlotOfferId } from '../../http/ids.ts';
import { instantOf } from '../../platform/calendar.ts';
import { entity } from '../../platform/entity.ts';
import type { PointerKey } from '../../platform/records.ts';
import { LocalDateTime } from '../calendar/event.ts';
import { ofTheOrganisation } from '../organisations/of-the-organisation.ts';
import { organisationOwner, TimeZone } from '../organisations/organisation.ts';
import { isPlacedOn, type PersonRecord } from '../people/person.ts';
import { expiryAfter, terms } from '../retention/terms.ts';

/** Times in one series: an evening of conversations. Each is a row of its own, written with the offer at once. */
export const SLOTS_MAX = 40;
/** Children of one group that a series is for. */
export const CHILDREN_MAX = 60;
const SLOT_MINUTES_MIN = 5;
const SLOT_MINUTES_MAX = 180;
const PAUSE_MINUTES_MAX = 120;
const MINUTES_OF_DAY = 24 * 60;

const Instant = z.iso.datetime();

const fields = {
  title: oneLine({ max: 120 }),
  description: freeText({ max: 1000 }).optional(),
  place: oneLine({ max: 200 }).optional(),
  /** Those alone, of the group; absent for all of it. */
  childIds: z.array(PersonId).min(1).max(CHILDREN_MAX).optional(),
  openUntil: Instant.meta({ description: 'From then on guardians can book, move and cancel no more.' }),
};

/** A series as staff ask for it: so many times of one length, with a pause between them, on one day. */
export const NewSlotOffer = z
  .strictObject({
    ...fields,
    staffId: PersonId.optional().meta({ description: 'Who holds the conversations; the caller unless given.' }),
    from: LocalDateTime,
    minutes: z.int().min(SLOT_MINUTES_MIN).max(SLOT_MINUTES_MAX),
    pauseMinutes: z.int().min(0).max(PAUSE_MINUTES_MAX),
    count: z.int().min(1).max(SLOTS_MAX),
  })
  .meta({ id: 'NewSlotOffer' });
export type NewSlotOffer = z.output<typeof NewSlotOffer>;

export const Slot = z.strictObject({ id: SlotId, from: LocalDateTime, until: LocalDateTime }).meta({ id: 'Slot' });
export type Slot = z.output<typeof Slot>;

/** Bookable times of one member of staff, for the guardians of a group's children; each child has at most one. */
export const SlotOffer = z.strictObject({
  ...fields,
  id: SlotOfferId,
  groupId: GroupId,
  staffId: PersonId,
  slots: z.array(Slot).min(1).max(SLOTS_MAX),
  timeZone: TimeZone,
  state: z.enum(['open', 'withdrawn']),
  createdAt: Instant,
});
export type SlotOffer = z.output<typeof SlotOffer>;

export const slotOfferEntity = entity({
  ...ofTheOrganisation,
  name: 'slot-offer',
  sortKey: 'SLOT-OFFER',
  schema: SlotOffer,
  purpose: 'to let guardians choose a time for a conversation with staff',
});

export const slotOfferRef = (organisationId: OrganisationId, groupId: GroupId, id: SlotOfferId) =>
  ({ entity: slotOfferEntity, owner: organisationOwner(organisationId), key: `${groupId}#${id}` }) as const;

/** Where a page of a group's series ended. */
export const SlotOfferSortKey = z.string().regex(/^grp_[0-9a-z]+#slo_[0-9a-z]+$/);

/**
 * One row for each time: free, or taken for a child (attribute `subject`, by which an erasure finds it). A booking takes
 * the one away and puts the other, so that of several who want a time one gets it, and times do not wait for each other.
 */
export const slotPointers = {
  free: (organisationId: OrganisationId, offerId: SlotOfferId, slotId: SlotId) =>
    ({ table: 'core', pk: `${organisationId}#SLOTS`, sk: `${offerId}#FREE#${slotId}` }) as const satisfies PointerKey,
  taken: (organisationId: OrganisationId, offerId: SlotOfferId, slotId: SlotId) =>
    ({ table: 'core', pk: `${organisationId}#SLOTS`, sk: `${offerId}#TAKEN#${slotId}` }) as const satisfies PointerKey,
};

/** The times of a series, on the wall clock; undefined when the last would end after 24:00. Pure. */
export function slotTimes({
  from,
  minutes,
  pauseMinutes,
  count,
}: Pick<NewSlotOffer, 'from' | 'minutes' | 'pauseMinutes' | 'count'>): Pick<Slot, 'from' | 'until'>[] | undefined {
  const [day, time = ''] = from.split('T');
  const begin = Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
  const end = begin + count * minutes + (count - 1) * pauseMinutes;
  if (end >= MINUTES_OF_DAY) return undefined;
  const at = (minute: number) =>
    `${day}T${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
  return Array.from({ length: count }, (_, i) => {
    const start = begin + i * (minutes + pauseMinutes);
    return { from: at(start), until: at(start + minutes) };
  });
}

export const startOf = ({ from }: Pick<Slot, 'from'>, timeZone: string): Date =>
  instantOf(timeZone, from.slice(0, 10), from.slice(11));

/** Whether guardians may still book, move and cancel. Pure. */
export const isOpen = ({ state, openUntil }: SlotOffer, now: Date): boolean =>
  state === 'open' && now.getTime() < Date.parse(openUntil);

/** Whether the times are for this child: of the group today, and one of those named. Pure. */
export const isFor = ({ groupId, childIds }: SlotOffer, child: PersonRecord, today: string): boolean =>
  child.placements.some((placement) => placement.groupId === groupId && isPlacedOn(placement, today)) &&
  (childIds === undefined || childIds.includes(child.id));

/** What was offered and booked is nobody's memory. In seconds since the epoch. */
export const keptUntil = ({ slots, timeZone }: Pick<SlotOffer, 'slots' | 'timeZone'>): number =>
  expiryAfter(terms.slot.length, startOf(slots.at(-1)!, timeZone));
