import * as z from 'zod';
import type { RoleCaller } from '../../http/call.ts';
import { personIdsOf } from '../../http/call.ts';
import { AlarmId, GeofenceId, PersonId, SafetyDeviceId } from '../../http/ids.ts';
import type { PersonRecord } from '../people/person.ts';
import { type Alarm, alarmOutcomes, alarmStates, HISTORY_MAX, type HistoryLine } from './alarm.ts';
import { AlarmConfiguration } from './configuration.ts';
import { alarmKinds } from './kinds.ts';
import type { StoredAlarm } from './writes.ts';

const Instant = z.iso.datetime();

const AnswerView = z
  .strictObject({
    at: Instant,
    by: PersonId.optional().meta({ description: 'For staff, and for whoever it was: others learn when alone.' }),
  })
  .meta({ id: 'AlarmAnswer' });

const summary = {
  id: AlarmId,
  personId: PersonId.meta({ description: 'Whom it is about.' }),
  kind: z.enum(alarmKinds),
  state: z.enum(alarmStates),
  happenedAt: Instant.meta({ description: 'By the device’s clock.' }),
  raisedAt: Instant,
  deviceId: SafetyDeviceId.optional(),
  geofenceId: GeofenceId.optional(),
  acknowledged: AnswerView.optional(),
  resolved: AnswerView.extend({ outcome: z.enum(alarmOutcomes) }).optional(),
};

export const AlarmSummary = z.strictObject(summary).meta({ id: 'AlarmSummary' });

/** On the board: with the name, so that whoever looks knows where to go. */
export const BoardAlarm = z
  .strictObject({ ...summary, firstName: z.string().optional(), lastName: z.string().optional() })
  .meta({ id: 'BoardAlarm' });

const HistoryLineView = z
  .strictObject({
    at: Instant,
    what: z.enum(['raised', 'raised-again', 'told', 'nobody-to-tell', 'acknowledged', 'reset', 'resolved']),
    by: PersonId.optional(),
    told: z.int().min(0).optional().meta({ description: 'How many were told.' }),
    round: z.int().min(1).optional(),
    step: z.int().min(1).optional(),
  })
  .meta({ id: 'AlarmHistoryLine' });

export const AlarmView = z
  .strictObject({
    ...summary,
    configuration: z
      .strictObject({
        of: z.enum(['person', 'department', 'organisation', 'default']),
        version: z.int().min(0),
      })
      .optional()
      .meta({ description: 'The configuration that it goes by: that in force when it was first told.' }),
    nextAt: Instant.optional().meta({ description: 'When the next step comes, or its answer runs out.' }),
    history: z.array(HistoryLineView).max(HISTORY_MAX),
    version: z.int().min(1),
  })
  .meta({ id: 'Alarm' });

export const ConfigurationView = AlarmConfiguration.safeExtend({ version: z.int().min(1) }).meta({
  id: 'AlarmConfigurationInForce',
});

type Viewer = Pick<RoleCaller, 'role' | 'personId' | 'otherPersonIds' | 'roleId' | 'scope' | 'organisationId'>;

/** Who answered is for those who work there: a relative and the recipient learn that somebody did, and when. */
const mayNameOthers = ({ role }: Viewer): boolean => role === 'staff' || role === 'leader' || role === 'administrator';

const naming = (viewer: Viewer, by: PersonId | undefined) =>
  by !== undefined && (mayNameOthers(viewer) || personIdsOf(viewer).includes(by)) ? { by } : {};

export function summaryOf(viewer: Viewer, alarm: Alarm): z.input<typeof AlarmSummary> {
  const { id, recipientId, kind, state, happenedAt, raisedAt, deviceId, geofenceId, acknowledged, resolved } = alarm;
  return {
    id,
    personId: recipientId,
    kind,
    state,
    happenedAt,
    raisedAt,
    ...(deviceId && { deviceId }),
    // Which area somebody is in or has left says where they are: a program learns that of nobody.
    ...(geofenceId && viewer.role !== 'integration' && { geofenceId }),
    ...(acknowledged && { acknowledged: { at: acknowledged.at, ...naming(viewer, acknowledged.by) } }),
    ...(resolved && {
      resolved: { at: resolved.at, outcome: resolved.outcome, ...naming(viewer, resolved.by) },
    }),
  };
}

export const boardAlarmOf = (
  viewer: Viewer,
  alarm: Alarm,
  person: Pick<PersonRecord, 'firstName' | 'lastName'> | undefined,
): z.input<typeof BoardAlarm> => ({
  ...summaryOf(viewer, alarm),
  // A program asks for names where they are read, by a scope of its own.
  ...(person && viewer.role !== 'integration' && { firstName: person.firstName, lastName: person.lastName }),
});

export function alarmViewOf(viewer: Viewer, { value: alarm, version }: StoredAlarm): z.input<typeof AlarmView> {
  const { chain, stepAt, history } = alarm;
  return {
    ...summaryOf(viewer, alarm),
    ...(chain && { configuration: chain.from }),
    ...(stepAt !== undefined && { nextAt: stepAt }),
    history: history.map((line) => lineOf(viewer, line)),
    version,
  };
}

const lineOf = (viewer: Viewer, { at, what, by, to, round, step }: HistoryLine) => ({
  at,
  what,
  ...naming(viewer, by),
  ...(to && { told: to.length }),
  ...(round !== undefined && { round }),
  ...(step !== undefined && { step }),
});
