import { inOrganisation } from '../../http/params.ts';
import { type Routes, rolesThatMay } from '../../http/route.ts';
import { changingRecords, readingRecords } from '../../platform/capabilities.ts';
import { CalendarFile, CalendarImportResult } from './plan.ts';
import { EVENTS_MAX } from './read-calendar.ts';

const what =
  `At most ${EVENTS_MAX} events in a body of 256 KB. Attendees, organizers, alarms and attachments are dropped and counted; ` +
  'private events are left out. Times are in the organisation’s zone, or in one that is called by a name of Oslo’s ' +
  '(Windows’ names too).';

export const calendarImportRoutes = {
  previewCalendarImport: {
    summary: 'See what taking in a calendar file would do',
    description: `Changes nothing. ${what} An event that cannot be taken in is named by its place in the file, and why.`,
    tag: 'Calendar',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/calendar-imports/preview',
    access: rolesThatMay('calendar:import'),
    params: inOrganisation,
    body: CalendarFile,
    success: { status: 200, body: CalendarImportResult },
    problems: ['group-not-found', 'department-not-found', 'calendar-file-refused'],
    needs: readingRecords,
  },
  importCalendar: {
    summary: 'Take in a calendar file',
    description:
      `All of it or nothing: look at a preview first. ${what} Repeatable without an \`Idempotency-Key\`: an event is ` +
      'known again by its UID, so that the same file changes nothing, and a newer one what has changed in it.',
    tag: 'Calendar',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/calendar-imports',
    access: rolesThatMay('calendar:import'),
    params: inOrganisation,
    body: CalendarFile,
    success: { status: 200, body: CalendarImportResult },
    problems: ['group-not-found', 'department-not-found', 'calendar-file-refused'],
    needs: changingRecords,
  },
} as const satisfies Routes;
