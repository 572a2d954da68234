import * as z from 'zod';
import { CalendarEventId, FileId } from '../../http/ids.ts';
import { inOrganisation, ofPerson } from '../../http/params.ts';
import { type Routes, rolesThatMay } from '../../http/route.ts';
import { changingRecords, readingRecords } from '../../platform/capabilities.ts';
import { PlainDate } from '../people/person.ts';
import { answers, EVENT_FILES_MAX, EventFields, EventScope } from './event.ts';
import {
  CalendarEventView,
  CalendarRange,
  EventAnswers,
  EventAnswerView,
  OCCURRENCES_MAX,
  PersonCalendar,
  RANGE_DAYS_MAX,
} from './views.ts';

const ofEvent = inOrganisation.extend({ eventId: CalendarEventId });
const range = z.strictObject({ from: PlainDate, to: PlainDate });
const reading = [...readingRecords, 'activity:append'] as const;
const fileIds = z.array(FileId).max(EVENT_FILES_MAX);
const fields = EventFields.shape;

/** Of a series: this one, this one and those after it, or all. */
const which = z.enum(['one', 'following', 'all']);

export const calendarRoutes = {
  listCalendar: {
    summary: 'Read what happens in a range of days',
    description:
      `At most ${RANGE_DAYS_MAX} days, both included; every occurrence of every series. Staff see the organisation’s ` +
      'events and those within their scope; guardians what is for their children, members what is for themselves (FW-04). ' +
      `More than ${OCCURRENCES_MAX} occurrences are \`too-many\`: ask for fewer days.`,
    tag: 'Calendar',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/calendar',
    access: rolesThatMay('calendar:read'),
    params: inOrganisation,
    query: range,
    success: { status: 200, body: CalendarRange },
    problems: ['too-many'],
    needs: reading,
    reads: 'calendar',
  },
  createEvent: {
    summary: 'Plan an event or a series',
    description:
      'Times are on the wall clock of the organisation’s zone, so a series keeps its time of day through DST. With an ' +
      'invitation, guardians or members are told by mail that something waits, within a quarter of an hour.',
    tag: 'Calendar',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/calendar/events',
    access: rolesThatMay('calendar:manage'),
    params: inOrganisation,
    body: EventFields.extend({
      scope: EventScope,
      fileIds: fileIds.default([]).meta({ description: 'Uploaded and checked; from now on they are the event’s.' }),
    }).meta({ id: 'NewCalendarEvent' }),
    success: { status: 201, body: CalendarEventView },
    problems: [
      'rule-refused',
      'group-not-found',
      'department-not-found',
      'person-not-found',
      'file-not-found',
      'file-not-checked',
    ],
    needs: changingRecords,
    creates: true,
    versioned: true,
  },
  getEvent: {
    summary: 'Read an event or a series as it was planned',
    tag: 'Calendar',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/calendar/events/{eventId}',
    access: rolesThatMay('calendar:read'),
    params: ofEvent,
    success: { status: 200, body: CalendarEventView },
    problems: ['event-not-found'],
    needs: reading,
    reads: 'calendar',
    versioned: true,
  },
  changeEvent: {
    summary: 'Change an event, an occurrence, or a series from a day on',
    description:
      '`which` says how much of a series; `of` names the occurrence by its day. `following` ends the series before that ' +
      'day and answers with a new one, which begins there; files stay with the earlier part. `null` takes a field away. ' +
      'Rule, invitation and files belong to a series, not to one occurrence. Whoever was invited is told.',
    tag: 'Calendar',
    method: 'PATCH',
    path: '/v1/organisations/{organisationId}/calendar/events/{eventId}',
    access: rolesThatMay('calendar:manage'),
    params: ofEvent,
    body: z
      .strictObject({
        which: which.default('all'),
        of: PlainDate.optional(),
        title: fields.title.optional(),
        description: fields.description.nullable(),
        place: fields.place.nullable(),
        bring: fields.bring.optional(),
        when: fields.when.optional(),
        rule: fields.rule.nullable(),
        invitation: fields.invitation.nullable(),
        addFileIds: fileIds.default([]),
        removeFileIds: fileIds.default([]),
      })
      .meta({ id: 'CalendarEventChange' }),
    success: { status: 200, body: CalendarEventView },
    problems: ['event-not-found', 'rule-refused', 'wrong-state', 'too-many', 'file-not-found', 'file-not-checked'],
    needs: changingRecords,
    versioned: true,
  },
  cancelEvent: {
    summary: 'Cancel an event, an occurrence, or a series from a day on',
    description:
      'What is cancelled does not stand in the calendar any more. An event that is cancelled as a whole can still be ' +
      'read by its id, until a year after it would have ended. Whoever was invited is told.',
    tag: 'Calendar',
    method: 'DELETE',
    path: '/v1/organisations/{organisationId}/calendar/events/{eventId}',
    access: rolesThatMay('calendar:manage'),
    params: ofEvent,
    query: z.strictObject({ which: which.default('all'), of: PlainDate.optional() }),
    success: { status: 204 },
    problems: ['event-not-found', 'wrong-state', 'too-many'],
    needs: changingRecords,
    versioned: true,
  },
  listAnswers: {
    summary: 'Count who comes to an occurrence',
    description:
      'Everyone who is asked on that day, with what was answered for them; whom a block keeps from the caller is left out. ' +
      `At most ${RANGE_DAYS_MAX} days after it the answers are still there for certain.`,
    tag: 'Calendar',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/calendar/events/{eventId}/answers/{day}',
    access: rolesThatMay('calendar:manage'),
    params: ofEvent.extend({ day: PlainDate }),
    success: { status: 200, body: EventAnswers },
    problems: ['event-not-found', 'wrong-state', 'too-many'],
    needs: reading,
    reads: 'calendar',
  },
  getPersonCalendar: {
    summary: "Read a person's calendar in a range of days",
    description: `What is for this person, with the answers given for them. At most ${RANGE_DAYS_MAX} days, both included.`,
    tag: 'Calendar',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/people/{personId}/calendar',
    access: rolesThatMay('person-calendar:read'),
    params: ofPerson,
    query: range,
    success: { status: 200, body: PersonCalendar },
    problems: ['person-not-found', 'too-many'],
    needs: reading,
    reads: 'calendar',
  },
  answerEvent: {
    summary: 'Answer an invitation for a child, or for oneself',
    description: 'Until the answers close; a later answer replaces an earlier one, whoever of the guardians gave it.',
    tag: 'Calendar',
    method: 'PUT',
    path: '/v1/organisations/{organisationId}/people/{personId}/calendar/events/{eventId}/answers/{day}',
    access: rolesThatMay('event:answer'),
    params: ofPerson.extend({ eventId: CalendarEventId, day: PlainDate }),
    body: z.strictObject({ answer: z.enum(answers) }).meta({ id: 'NewEventAnswer' }),
    success: { status: 200, body: EventAnswerView },
    problems: ['person-not-found', 'event-not-found', 'answers-closed'],
    needs: changingRecords,
  },
} as const satisfies Routes;
