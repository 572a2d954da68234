import * as z from 'zod';
import { page, pageQuery } from '../../http/cursor.ts';
import { AlarmId, DepartmentId } from '../../http/ids.ts';
import { inOrganisation, ofPerson } from '../../http/params.ts';
import { type Routes, rolesThatMay } from '../../http/route.ts';
import { changingRecords, readingRecords } from '../../platform/capabilities.ts';
import { alarmOutcomes } from './alarm.ts';
import { AlarmConfiguration } from './configuration.ts';
import { AlarmSummary, AlarmView, BoardAlarm, ConfigurationView } from './views.ts';

const ofAlarm = ofPerson.extend({ alarmId: AlarmId });
const ofDepartment = inOrganisation.extend({ departmentId: DepartmentId });
const reading = [...readingRecords, 'activity:append'] as const;

const Answer = z
  .discriminatedUnion('state', [
    z.strictObject({ state: z.literal('acknowledged') }),
    z.strictObject({ state: z.literal('resolved'), outcome: z.enum(alarmOutcomes) }),
  ])
  .meta({ id: 'NewAlarmAnswer' });

const configuring =
  'Each kind of alarm has one chain of steps: whom to tell, by which ways, and how long to wait for an answer. The most ' +
  'specific place that names the kind decides: the person, then the department, then the organisation. An alarm that ' +
  'has begun keeps the chain that it began with. An empty list leaves the kinds to the wider place.';

/**
 * What is needed to answer sees through a restriction (Art. 18(2)): whoever has their data restricted is helped all the
 * same. What lies behind them is closed as all else.
 */
export const alarmRoutes = {
  listOpenAlarms: {
    summary: 'See the alarms that are not resolved',
    description:
      'Oldest first, in the caller’s scope. A page may hold less than its limit; the last one has no `next`.',
    tag: 'Safety',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/alarms',
    access: rolesThatMay('alarm:list'),
    params: inOrganisation,
    query: z.strictObject(pageQuery),
    throughRestriction: true,
    success: { status: 200, body: page(BoardAlarm) },
    problems: [],
    needs: reading,
    reads: 'alarms',
  },
  listAlarms: {
    summary: 'See the alarms of a person, newest first',
    tag: 'Safety',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/people/{personId}/alarms',
    access: rolesThatMay('alarm:read'),
    params: ofPerson,
    query: z.strictObject(pageQuery),
    success: { status: 200, body: page(AlarmSummary) },
    problems: ['person-not-found'],
    needs: reading,
    reads: 'alarms',
  },
  getAlarm: {
    summary: 'See one alarm and all that has become of it',
    tag: 'Safety',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/people/{personId}/alarms/{alarmId}',
    access: rolesThatMay('alarm:read'),
    params: ofAlarm,
    throughRestriction: true,
    success: { status: 200, body: AlarmView },
    problems: ['person-not-found', 'alarm-not-found'],
    needs: reading,
    reads: 'alarms',
  },
  answerAlarm: {
    summary: 'Take an alarm, or say that it is over',
    description:
      'Of several who take it at once one does, and the others learn that it is taken. Whoever was told is told then as ' +
      'well. What is taken and not resolved within an hour rings anew (a day, where only a device needs looking after). ' +
      'Repeating one’s own answer changes nothing.',
    tag: 'Safety',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/people/{personId}/alarms/{alarmId}/state',
    access: rolesThatMay('alarm:answer'),
    params: ofAlarm,
    body: Answer,
    throughRestriction: true,
    success: { status: 200, body: AlarmView },
    problems: ['person-not-found', 'alarm-not-found', 'alarm-taken', 'alarm-over'],
    needs: changingRecords,
  },
  getAlarmConfiguration: {
    summary: 'Read who is told of alarms in the whole organisation',
    tag: 'Safety',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/alarm-configuration',
    access: rolesThatMay('alarm:configure'),
    params: inOrganisation,
    success: { status: 200, body: ConfigurationView },
    problems: [],
    needs: readingRecords,
    versioned: true,
  },
  putAlarmConfiguration: {
    summary: 'Choose who is told of alarms in the whole organisation',
    description: configuring,
    tag: 'Safety',
    method: 'PUT',
    path: '/v1/organisations/{organisationId}/alarm-configuration',
    access: rolesThatMay('alarm:configure'),
    params: inOrganisation,
    body: AlarmConfiguration,
    success: { status: 200, body: ConfigurationView },
    problems: [],
    needs: changingRecords,
    versioned: true,
  },
  getDepartmentAlarmConfiguration: {
    summary: 'Read who is told of alarms in a department',
    tag: 'Safety',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/departments/{departmentId}/alarm-configuration',
    access: rolesThatMay('alarm:configure'),
    params: ofDepartment,
    success: { status: 200, body: ConfigurationView },
    problems: ['department-not-found'],
    needs: readingRecords,
    versioned: true,
  },
  putDepartmentAlarmConfiguration: {
    summary: 'Choose who is told of alarms in a department',
    description: configuring,
    tag: 'Safety',
    method: 'PUT',
    path: '/v1/organisations/{organisationId}/departments/{departmentId}/alarm-configuration',
    access: rolesThatMay('alarm:configure'),
    params: ofDepartment,
    body: AlarmConfiguration,
    success: { status: 200, body: ConfigurationView },
    problems: ['department-not-found'],
    needs: changingRecords,
    versioned: true,
  },
  getPersonAlarmConfiguration: {
    summary: 'Read who is told of a person’s alarms',
    tag: 'Safety',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/people/{personId}/alarm-configuration',
    access: rolesThatMay('alarm:configure'),
    params: ofPerson,
    success: { status: 200, body: ConfigurationView },
    problems: ['person-not-found'],
    needs: [...readingRecords, 'activity:append'],
    reads: 'alarms',
    versioned: true,
  },
  putPersonAlarmConfiguration: {
    summary: 'Choose who is told of a person’s alarms',
    description: configuring,
    tag: 'Safety',
    method: 'PUT',
    path: '/v1/organisations/{organisationId}/people/{personId}/alarm-configuration',
    access: rolesThatMay('alarm:configure'),
    params: ofPerson,
    body: AlarmConfiguration,
    success: { status: 200, body: ConfigurationView },
    problems: ['person-not-found'],
    needs: changingRecords,
    versioned: true,
  },
} as const satisfies Routes;
