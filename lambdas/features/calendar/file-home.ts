import { CalendarEventId, type OrganisationId } from '../../http/ids.ts';
import type { FileHome } from '../files/home.ts';
import { eventOwner } from './event.ts';
import { look, placesById } from './look.ts';
import { firstDayOf, lastDayOf } from './occurrences.ts';
import { sees } from './sight.ts';

/** What is attached to an event is for whoever sees the event. */
export const eventFileHome: FileHome = {
  kind: 'event',
  async find({ owner, ids }, fileId, call) {
    const eventId = CalendarEventId.safeParse(ids['eventId']);
    const organisationId = owner.controller as OrganisationId;
    if (!eventId.success) return undefined;
    const { events, sight } = await look(organisationId, placesById(organisationId, eventId.data), call);
    const event = events[0]?.value;
    const file = event?.files.find(({ id }) => id === fileId);
    if (!event || !file) return undefined;
    const isSeen = sees(sight, event.scope, firstDayOf(event.when), lastDayOf(event) ?? '9999-12-31');
    return isSeen ? { file, subject: eventOwner(organisationId, event.scope), mayInline: true } : undefined;
  },
};
