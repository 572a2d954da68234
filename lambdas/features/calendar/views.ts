import * as z from 'zod';
import { CalendarEventId, PersonId } from '../../http/ids.ts';
import { FileView, fileView } from '../files/file.ts';
import { PersonRecord, PlainDate } from '../people/person.ts';
import {
  answers,
  BRING_MAX,
  CalendarEvent,
  EventAnswer,
  EventCopy,
  EventScope,
  eventCopy,
  Invitation,
  LocalDateTime,
} from './event.ts';
import type { Occurrence } from './occurrences.ts';
import type { StoredEvent } from './writes.ts';

/** Days of one answer. */
export const RANGE_DAYS_MAX = 62;
export const OCCURRENCES_MAX = 1000;
/** People asked to one event: beyond it nobody counts by hand. */
export const AUDIENCE_MAX = 1000;

const shape = CalendarEvent.shape;

export const CalendarEventView = EventCopy.extend({ version: z.int().min(1) }).meta({ id: 'CalendarEvent' });

export const eventView = ({
  value,
  version,
}: Pick<StoredEvent, 'value' | 'version'>): z.output<typeof CalendarEventView> => ({
  ...eventCopy(value),
  version,
});

export const OccurrenceView = z
  .strictObject({
    eventId: CalendarEventId,
    of: PlainDate.meta({ description: 'Tells it from the others of its series, also when it was moved.' }),
    scope: EventScope,
    allDay: z.boolean(),
    firstDay: PlainDate,
    lastDay: PlainDate,
    from: z.union([PlainDate, LocalDateTime]),
    until: z.union([PlainDate, LocalDateTime]),
    startsAt: z.iso.datetime(),
    endsAt: z.iso.datetime(),
    timeZone: shape.timeZone,
    title: shape.title,
    description: shape.description,
    place: shape.place,
    bring: z.array(z.string()).max(BRING_MAX),
    isOverridden: z.boolean(),
    invitation: Invitation.optional(),
    files: z.array(FileView),
  })
  .meta({ id: 'CalendarOccurrence' });
export type OccurrenceView = z.output<typeof OccurrenceView>;

export const occurrenceView = (event: CalendarEvent, occurrence: Occurrence): OccurrenceView => ({
  ...occurrence,
  bring: [...occurrence.bring],
  scope: event.scope,
  ...(event.invitation && { invitation: event.invitation }),
  files: event.files.map(fileView),
});

export const CalendarRange = z
  .strictObject({ items: z.array(OccurrenceView).max(OCCURRENCES_MAX) })
  .meta({ id: 'CalendarRange' });

/** Of one person: with what was answered for them where somebody is asked. */
export const PersonCalendar = z
  .strictObject({
    personId: PersonId,
    items: z
      .array(OccurrenceView.extend({ answer: z.enum(answers).optional(), answersCloseAt: z.iso.datetime().optional() }))
      .max(OCCURRENCES_MAX),
  })
  .meta({ id: 'PersonCalendar' });

export const EventAnswerView = EventAnswer.omit({ by: true })
  .extend({ personId: PersonId })
  .meta({ id: 'EventAnswer' });

/** For staff: how many, and who. */
export const EventAnswers = z
  .strictObject({
    eventId: CalendarEventId,
    day: PlainDate,
    answersCloseAt: z.iso.datetime(),
    counts: z.strictObject({
      yes: z.int(),
      no: z.int(),
      maybe: z.int(),
      waiting: z.int().meta({ description: 'Nothing has been answered for them.' }),
    }),
    items: z
      .array(
        z.strictObject({
          personId: PersonId,
          firstName: PersonRecord.shape.firstName,
          lastName: PersonRecord.shape.lastName,
          answer: z.enum(answers).optional(),
          at: z.iso.datetime().optional(),
        }),
      )
      .max(AUDIENCE_MAX),
  })
  .meta({ id: 'EventAnswers' });
