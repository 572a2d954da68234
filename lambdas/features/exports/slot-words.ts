import { slotBookingEntity } from '../slots/booking.ts';
import { slotOfferEntity } from '../slots/slot-offer.ts';
import { type EntityWords, words } from './field-words-type.ts';

const shared = {
  title: { nb: 'Tittel', en: 'Title' },
  place: { nb: 'Sted', en: 'Place' },
  from: { nb: 'Fra', en: 'From' },
  until: { nb: 'Til', en: 'Until' },
  timeZone: { nb: 'Tidssone', en: 'Time zone' },
  groupId: { nb: 'Gruppe (id)', en: 'Group (id)' },
  staffId: { nb: 'Hos', en: 'With' },
} as const;

export const slotWords: readonly EntityWords[] = [
  words(
    slotOfferEntity,
    { nb: 'Timer som kan bestilles', en: 'Bookable times' },
    {
      id: { nb: 'Id', en: 'Id' },
      title: shared.title,
      description: { nb: 'Beskrivelse', en: 'Description', freeText: true },
      place: shared.place,
      childIds: { nb: 'Bare for disse barna', en: 'For these children only' },
      openUntil: { nb: 'Kan bestilles til', en: 'Can be booked until' },
      groupId: shared.groupId,
      staffId: shared.staffId,
      slots: {
        nb: 'Timer',
        en: 'Times',
        fields: { id: { nb: 'Id', en: 'Id' }, from: shared.from, until: shared.until },
      },
      timeZone: shared.timeZone,
      state: {
        nb: 'Tilstand',
        en: 'State',
        codes: { open: { nb: 'åpen', en: 'open' }, withdrawn: { nb: 'trukket tilbake', en: 'withdrawn' } },
      },
      createdAt: { nb: 'Laget', en: 'Made' },
    },
  ),
  words(
    slotBookingEntity,
    { nb: 'Bestilt time', en: 'Booked time' },
    {
      slotOfferId: { nb: 'Blant timene (id)', en: 'Among the times (id)' },
      groupId: shared.groupId,
      slotId: { nb: 'Time (id)', en: 'Time (id)' },
      title: shared.title,
      place: shared.place,
      from: shared.from,
      until: shared.until,
      timeZone: shared.timeZone,
      staffId: shared.staffId,
      bookedBy: { nb: 'Bestilt av', en: 'Booked by' },
      bookedAt: { nb: 'Bestilt', en: 'Booked' },
      childEventId: { nb: 'I kalenderen til barnet (id)', en: 'In the calendar of the child (id)' },
      staffEventId: { nb: 'I kalenderen til den ansatte (id)', en: 'In the calendar of the member of staff (id)' },
    },
  ),
];
