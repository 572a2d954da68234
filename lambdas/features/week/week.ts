import * as z from 'zod';
import { CalendarEventId, OrganisationId, PersonId } from '../../http/ids.ts';
import { PERSONS_MAX } from '../access/own-persons.ts';
import { Instant } from '../attendance/attendance-day.ts';
import { OwnDay } from '../attendance/views.ts';
import { BRING_MAX, CalendarEvent, LocalDateTime } from '../calendar/event.ts';
import { WAITING_MAX } from '../messages/inbox.ts';
import { Organisation } from '../organisations/organisation.ts';
import { PersonRecord, PlainDate } from '../people/person.ts';
import { Closure, closureKinds } from '../reservations/closure.ts';
import { IsoWeek } from './iso-week.ts';

/** Children of one guardian in one organisation, and persons in one week: more is a mistake. */
export const CHILDREN_MAX = 20;
export const ENTRIES_MAX = 100;
/** Events of one person on one day. */
export const EVENTS_MAX = 50;
export const DAYS = 7;

const WeekEvent = z
  .strictObject({
    eventId: CalendarEventId,
    of: PlainDate.meta({ description: 'Tells the occurrence from the others of its series.' }),
    title: CalendarEvent.shape.title,
    place: CalendarEvent.shape.place,
    allDay: z.boolean(),
    from: z.union([PlainDate, LocalDateTime]).meta({ description: 'On a wall clock in `timeZone`; all-day: a day.' }),
    until: z.union([PlainDate, LocalDateTime]).meta({ description: 'All-day: the last day, included.' }),
    timeZone: Organisation.shape.timeZone,
    bring: CalendarEvent.shape.bring.max(BRING_MAX),
  })
  .meta({ id: 'WeekEvent', description: 'One occurrence; what else is known of the event is read from the calendar.' });
export type WeekEvent = z.output<typeof WeekEvent>;

const WeekDay = z
  .strictObject({
    ...OwnDay.shape,
    opening: z.enum(['open', ...closureKinds]),
    closure: Closure.shape.title.optional().meta({ description: 'What the organisation calls the period.' }),
    home: z.enum(['with-me', 'not-with-me']).optional().meta({
      description: 'Of a child that lives in two homes: whether it is with the caller; absent where nothing is agreed.',
    }),
    answerBefore: Instant.optional().meta({
      description: 'Nothing has been said about the day yet, and from then on guardians can say it no more.',
    }),
    events: z.array(WeekEvent).max(EVENTS_MAX),
  })
  .meta({ id: 'WeekDay' });
export type WeekDay = z.output<typeof WeekDay>;

export const WeekEntry = z
  .strictObject({
    organisationId: OrganisationId,
    organisationName: Organisation.shape.name,
    timeZone: Organisation.shape.timeZone,
    personId: PersonId,
    firstName: PersonRecord.shape.firstName,
    lastName: PersonRecord.shape.lastName,
    /** `me`: the caller is the member. */
    relation: z.enum(['child', 'me']),
    days: z.array(WeekDay).length(DAYS),
  })
  .meta({ id: 'WeekEntry', description: 'One person in one organisation. Controllers never share a person.' });
export type WeekEntry = z.output<typeof WeekEntry>;

const WeekOrganisation = z
  .strictObject({
    organisationId: OrganisationId,
    organisationName: Organisation.shape.name,
    messagesWaiting: z
      .int()
      .min(0)
      .max(WAITING_MAX * PERSONS_MAX),
  })
  .meta({ id: 'WeekOrganisation', description: 'Where the caller is a guardian or a member.' });
export type WeekOrganisation = z.output<typeof WeekOrganisation>;

export const Week = z
  .strictObject({
    week: IsoWeek,
    from: PlainDate,
    to: PlainDate,
    publicHolidays: z
      .array(z.strictObject({ day: PlainDate, names: z.array(z.string()) }))
      .max(DAYS)
      .meta({ description: 'Norwegian public holidays, in the language of `Accept-Language`.' }),
    organisations: z.array(WeekOrganisation).max(PERSONS_MAX),
    entries: z.array(WeekEntry).max(ENTRIES_MAX),
  })
  .meta({ id: 'Week' });
export type Week = z.output<typeof Week>;
