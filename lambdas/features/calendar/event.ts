import * as z from 'zod';
import { freeText, oneLine } from '../../http/free-text.ts';
import { CalendarEventId, DepartmentId, GroupId, type OrganisationId, PersonId } from '../../http/ids.ts';
import { entity, type Owner } from '../../platform/entity.ts';
import { FileView, fileView, KeptFile } from '../files/file.ts';
import { organisationOwner, TimeZone } from '../organisations/organisation.ts';
import { ownerOf, PlainDate } from '../people/person.ts';

/** Days of one occurrence: a holiday camp, not a school year. */
export const EVENT_DAYS_MAX = 31;
export const BRING_MAX = 20;
export const EVENT_FILES_MAX = 5;
/** Days left out of a series, and occurrences that are otherwise: beyond it the series is split. */
export const EXCEPTIONS_MAX = 366;
export const OVERRIDES_MAX = 60;
const ANSWERS_CLOSE_DAYS_BEFORE_MAX = 60;

/** A time of a day on a wall clock: the event's zone says when that is. */
export const LocalDateTime = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):[0-5]\d$/)
  .refine((text) => PlainDate.safeParse(text.slice(0, 10)).success, 'no such day')
  .meta({ id: 'LocalDateTime', description: "On a wall clock in the event's zone.", examples: ['2026-12-04T17:00'] });

/** Whom an event is for. */
export const EventScope = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('organisation') }),
    z.strictObject({ kind: z.literal('department'), id: DepartmentId }),
    z.strictObject({ kind: z.literal('group'), id: GroupId }),
    z.strictObject({ kind: z.literal('person'), id: PersonId }),
  ])
  .meta({ id: 'EventScope' });
export type EventScope = z.output<typeof EventScope>;

/** Of a series: its first occurrence. All-day: both days included. Timed: the end may lie on a later day. */
export const EventTimes = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('all-day'), from: PlainDate, until: PlainDate }),
    z.strictObject({ kind: z.literal('timed'), from: LocalDateTime, until: LocalDateTime }),
  ])
  .meta({ id: 'EventTimes' });
export type EventTimes = z.output<typeof EventTimes>;

const eventText = {
  title: oneLine({ max: 120 }),
  description: freeText({ max: 2000 }).optional(),
  place: oneLine({ max: 200 }).optional(),
  /** What to bring. */
  bring: z.array(oneLine({ max: 80 })).max(BRING_MAX),
};

/**
 * Who is asked: the guardians of the children that the event is for (one answer for each child), or the members
 * themselves. Answers are taken until 24:00 in the event's zone, so many days before the occurrence's first day.
 */
export const Invitation = z
  .strictObject({
    asks: z.enum(['guardians', 'members']),
    answersCloseDaysBefore: z.int().min(0).max(ANSWERS_CLOSE_DAYS_BEFORE_MAX),
  })
  .meta({ id: 'EventInvitation' });
export type Invitation = z.output<typeof Invitation>;

/** One occurrence of a series that is otherwise than its rule says; `of` is the day on which the rule has it. */
export const Override = z.strictObject({
  of: PlainDate,
  title: eventText.title.optional(),
  description: eventText.description,
  place: eventText.place,
  bring: eventText.bring.optional(),
  when: EventTimes.optional(),
});
export type Override = z.output<typeof Override>;

export const EventFields = z.strictObject({
  ...eventText,
  when: EventTimes,
  /** An RRULE of days, as `settledRule` leaves it: without COUNT, its UNTIL the day of the last occurrence. */
  rule: z
    .string()
    .max(300)
    .regex(/^[A-Z0-9=;,+-]+$/)
    .optional()
    .meta({ examples: ['FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH;UNTIL=20261218'] }),
  invitation: Invitation.optional(),
});

/** An event or a series. An occurrence is told from the others by its day: a rule has at most one on each. */
export const CalendarEvent = EventFields.extend({
  id: CalendarEventId,
  scope: EventScope,
  timeZone: TimeZone,
  /** Days on which the rule would have it, and it is not. */
  exceptions: z.array(PlainDate).max(EXCEPTIONS_MAX),
  overrides: z.array(Override).max(OVERRIDES_MAX),
  files: z.array(KeptFile).max(EVENT_FILES_MAX),
  cancelled: z.literal(true).optional(),
  /** One more at each change that those who follow it must see (RFC 5545, section 3.8.7.4). */
  sequence: z.int().min(0),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  /** The series that this one goes on with, from the day of a change on. */
  follows: CalendarEventId.optional(),
});
export type CalendarEvent = z.output<typeof CalendarEvent>;

/** As it is shown: without what opens its files. */
export const EventCopy = CalendarEvent.extend({ files: z.array(FileView).max(EVENT_FILES_MAX) });
export const eventCopy = (event: CalendarEvent): z.output<typeof EventCopy> => ({
  ...event,
  files: event.files.map(fileView),
});

const common = {
  table: 'core',
  schema: CalendarEvent,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to plan days together, and to tell people what happens when',
  legalBasis: 'controllers-agreement',
  article9: 'none',
  source: 'controller',
  onErasure: 'delete',
} as const;

/** Of the organisation, a department or a group. */
export const calendarEventEntity = entity({
  ...common,
  name: 'calendar-event',
  sortKey: 'EVENT',
  retentionClass: 'organisation',
  exported: 'copy',
});

/** Of one person: lies with them and goes with them. */
export const personCalendarEventEntity = entity({
  ...common,
  name: 'person-calendar-event',
  sortKey: 'PERSON-EVENT',
  retentionClass: 'daily-life',
  exported: 'copy',
});

export const eventOwner = (organisationId: OrganisationId, scope: EventScope): Owner =>
  scope.kind === 'person' ? ownerOf(organisationId, scope.id) : organisationOwner(organisationId);

export const eventRefOf = (organisationId: OrganisationId, scope: EventScope, id: CalendarEventId) => ({
  entity: scope.kind === 'person' ? personCalendarEventEntity : calendarEventEntity,
  owner: eventOwner(organisationId, scope),
  key: id,
});
export type EventRef = ReturnType<typeof eventRefOf>;

export const answers = ['yes', 'no', 'maybe'] as const;

/** What was answered for one person to one occurrence. */
export const EventAnswer = z.strictObject({
  eventId: CalendarEventId,
  /** The occurrence's. */
  day: PlainDate,
  answer: z.enum(answers),
  by: PersonId,
  at: z.iso.datetime(),
});
export type EventAnswer = z.output<typeof EventAnswer>;

/** Lies with the person whom it is for: a child's answer is given by a guardian. */
export const eventAnswerEntity = entity({
  name: 'event-answer',
  table: 'core',
  sortKey: 'EVENT-ANSWER',
  schema: EventAnswer,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to know who comes to an event',
  legalBasis: 'controllers-agreement',
  article9: 'none',
  source: 'data-subject',
  retentionClass: 'daily-life',
  exported: 'copy',
  onErasure: 'delete',
});

export const eventAnswerRef = (
  organisationId: OrganisationId,
  personId: PersonId,
  eventId: CalendarEventId,
  day: string,
) => ({ entity: eventAnswerEntity, owner: ownerOf(organisationId, personId), key: `${eventId}#${day}` }) as const;
