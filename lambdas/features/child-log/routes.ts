import * as z from 'zod';
import { GroupId, LogEntryId, PersonId } from '../../http/ids.ts';
import { inOrganisation, ofPerson } from '../../http/params.ts';
import { type Routes, rolesThatMay } from '../../http/route.ts';
import { changingRecords, readingRecords } from '../../platform/capabilities.ts';
import { DAYS_MAX } from '../attendance/attendance-day.ts';
import { PlainDate } from '../people/person.ts';
import { NewContent } from './content.ts';
import { DAYS_BACK_MAX, FREE_EDIT_MINUTES } from './decisions.ts';
import { VisibleTo } from './entry.ts';
import { ChildLogSettings } from './settings.ts';
import {
  CHILDREN_MAX,
  ChildLog,
  DaySummary,
  ENTRIES_MAX,
  GROUP_CHILDREN_MAX,
  GroupLog,
  LogEntryView,
} from './views.ts';

const ofDay = ofPerson.extend({ day: PlainDate });
const ofEntry = ofDay.extend({ entryId: LogEntryId });

const reading = [...readingRecords, 'activity:append'] as const;

const Settings = ChildLogSettings.extend({ version: z.int().min(1) }).meta({ id: 'ChildLogSettingsInForce' });

export const childLogRoutes = {
  addLogEntries: {
    summary: 'Write in the log of one child, or of several at once',
    description:
      'One entry for each child, all or none. Nobody’s text may name another child of the same request. Medicine, ' +
      'incidents and notes on health are special categories (GDPR Art. 9): where the profile holds none otherwise, the ' +
      `organisation’s agreement has to name them. At most ${CHILDREN_MAX} children and ${DAYS_BACK_MAX} days back. A ` +
      'sleep without an end is open: one at a time for a child.',
    tag: 'Child log',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/log-entries',
    access: rolesThatMay('child-log:write'),
    params: inOrganisation,
    body: z
      .strictObject({
        personIds: z.array(PersonId).min(1).max(CHILDREN_MAX),
        visibleTo: VisibleTo.default('guardians'),
        content: NewContent,
      })
      .meta({ id: 'NewLogEntries' }),
    success: { status: 201, body: z.strictObject({ items: z.array(LogEntryView).max(CHILDREN_MAX) }) },
    problems: [
      'person-not-found',
      'already-asleep',
      'names-another-child',
      'special-categories-not-agreed',
      'forbidden-content',
      'wrong-state',
    ],
    needs: changingRecords,
    creates: true,
  },
  changeLogEntry: {
    summary: 'Change an entry, or end a sleep',
    description:
      `Its author freely for ${FREE_EDIT_MINUTES} minutes; later, and by anybody else, as a correction that keeps what ` +
      'stood there. Kind and day stay. A confirmation goes with what was confirmed.',
    tag: 'Child log',
    method: 'PATCH',
    path: '/v1/organisations/{organisationId}/people/{personId}/log/{day}/{entryId}',
    access: rolesThatMay('child-log:write'),
    params: ofEntry,
    body: z
      .strictObject({ content: NewContent.optional(), visibleTo: VisibleTo.optional() })
      .meta({ id: 'LogEntryChange' }),
    success: { status: 200, body: LogEntryView },
    problems: [
      'person-not-found',
      'log-entry-not-found',
      'already-asleep',
      'special-categories-not-agreed',
      'forbidden-content',
      'wrong-state',
      'too-many',
    ],
    needs: changingRecords,
    versioned: true,
  },
  removeLogEntry: {
    summary: 'Remove an entry',
    description:
      `Its author for ${FREE_EDIT_MINUTES} minutes: then nothing is left of it. Later guardians see it no more, and ` +
      'staff see that it stood there.',
    tag: 'Child log',
    method: 'DELETE',
    path: '/v1/organisations/{organisationId}/people/{personId}/log/{day}/{entryId}',
    access: rolesThatMay('child-log:write'),
    params: ofEntry,
    success: { status: 204 },
    problems: ['person-not-found', 'log-entry-not-found', 'wrong-state'],
    needs: changingRecords,
    versioned: true,
  },
  confirmMedicine: {
    summary: 'Confirm that a medicine was given',
    description: 'By somebody other than whoever gave it or wrote it down.',
    tag: 'Child log',
    method: 'PUT',
    path: '/v1/organisations/{organisationId}/people/{personId}/log/{day}/{entryId}/confirmation',
    access: rolesThatMay('child-log:write'),
    params: ofEntry,
    success: { status: 200, body: LogEntryView },
    problems: ['person-not-found', 'log-entry-not-found', 'second-person-required', 'wrong-state'],
    needs: changingRecords,
    versioned: true,
  },
  listLog: {
    summary: 'Read the log of a child over some days',
    description: `Both days included, at most ${DAYS_MAX} days and the newest ${ENTRIES_MAX} entries of a sort.`,
    tag: 'Child log',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/people/{personId}/log',
    access: rolesThatMay('child-log:read'),
    params: ofPerson,
    query: z.strictObject({ from: PlainDate, to: PlainDate }),
    success: { status: 200, body: ChildLog },
    problems: ['person-not-found'],
    needs: reading,
    reads: 'child-log',
  },
  getLogSummary: {
    summary: 'Read the summary of a child’s day',
    description: 'In numbers, of what the caller may see.',
    tag: 'Child log',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/people/{personId}/log/{day}/summary',
    access: rolesThatMay('child-log:read'),
    params: ofDay,
    success: { status: 200, body: DaySummary },
    problems: ['person-not-found'],
    needs: reading,
    reads: 'child-log',
  },
  getGroupLog: {
    summary: 'See who of a group has slept and eaten',
    description:
      `Today unless a day is given; at most ${GROUP_CHILDREN_MAX} children placed in the group on that day. Numbers and ` +
      'times, no notes and nothing of anybody’s health.',
    tag: 'Child log',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/groups/{groupId}/log',
    access: rolesThatMay('child-log:read'),
    params: inOrganisation.extend({ groupId: GroupId }),
    query: z.strictObject({ day: PlainDate.optional() }),
    success: { status: 200, body: GroupLog },
    problems: ['group-not-found', 'too-many'],
    needs: reading,
    reads: 'child-log',
  },
  getChildLogSettings: {
    summary: 'Read when guardians get the summary of the day',
    tag: 'Child log',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/child-log-settings',
    access: rolesThatMay('organisation:read'),
    params: inOrganisation,
    success: { status: 200, body: Settings },
    problems: [],
    needs: readingRecords,
    versioned: true,
  },
  putChildLogSettings: {
    summary: 'Choose when guardians get the summary of the day',
    description: 'In the organisation’s zone, within a quarter of an hour; `off` for never.',
    tag: 'Child log',
    method: 'PUT',
    path: '/v1/organisations/{organisationId}/child-log-settings',
    access: rolesThatMay('organisation:manage'),
    params: inOrganisation,
    body: ChildLogSettings,
    success: { status: 200, body: Settings },
    problems: [],
    needs: changingRecords,
    versioned: true,
  },
} as const satisfies Routes;
