import * as z from 'zod';
import { AlarmId, GeofenceId, type OrganisationId, PersonId, SafetyDeviceId } from '../../http/ids.ts';
import { entity } from '../../platform/entity.ts';
import { channels } from '../notices/notice.ts';
import { ownerOf } from '../people/person.ts';
import { ChainInForce } from './configuration.ts';
import { alarmKinds } from './kinds.ts';

/** Whoever is told of one alarm: its receivers, those who are named, heads and administrators. */
export const TOLD_MAX = 60;
/** Lines of one alarm's history: of an alarm that rings for days the middle is left out. */
export const HISTORY_MAX = 200;

const Instant = z.iso.datetime();

/** `raised`: nobody has been told yet. `notified`: somebody has, and nobody has answered. */
export const alarmStates = ['raised', 'notified', 'acknowledged', 'resolved'] as const;
export type AlarmState = (typeof alarmStates)[number];

/** Codes, no free text: what has to be written down about somebody's health belongs in their record, not here. */
export const alarmOutcomes = ['helped', 'handed-on', 'false-alarm', 'test', 'device-mended'] as const;
export type AlarmOutcome = (typeof alarmOutcomes)[number];

/** Somebody to be told, or told already, and by which ways. */
export const Addressee = z.strictObject({
  personId: PersonId,
  channels: z.array(z.enum(channels)).min(1).max(channels.length),
});
export type Addressee = z.output<typeof Addressee>;

/** What people are told: that it waits for an answer, that another has taken it, that it is over. */
const tidings = ['waits', 'taken', 'over'] as const;

const HistoryLine = z.strictObject({
  at: Instant,
  what: z.enum(['raised', 'raised-again', 'told', 'nobody-to-tell', 'acknowledged', 'reset', 'resolved']),
  by: PersonId.optional(),
  /** Of those told. */
  to: z.array(PersonId).max(TOLD_MAX).optional(),
  round: z.int().min(1).optional(),
  step: z.int().min(1).optional(),
});
export type HistoryLine = z.output<typeof HistoryLine>;

const Answer = z.strictObject({ by: PersonId, at: Instant, how: z.enum(['signed-in', 'link']) });

export const Alarm = z.strictObject({
  id: AlarmId,
  recipientId: PersonId,
  kind: z.enum(alarmKinds),
  /** When it happened, by the device. */
  happenedAt: Instant,
  raisedAt: Instant,
  deviceId: SafetyDeviceId.optional(),
  geofenceId: GeofenceId.optional(),
  state: z.enum(alarmStates),
  /** What else happens of its kind joins it: until it is first answered. */
  isJoinable: z.boolean(),
  /** The chain in force when it was first told; absent before. */
  chain: ChainInForce.optional(),
  /** Where in its chain it is: round 1 takes step by step, every later one tells everybody. */
  round: z.int().min(1),
  /** The step that is taken next, from 0. */
  nextStep: z.int().min(0),
  /** When the next step falls due, or the end of an answer that nothing followed; absent when it is resolved. */
  stepAt: Instant.optional(),
  /** Who is still to be told, of the step that has begun or of an answer. */
  owed: z
    .strictObject({ tiding: z.enum(tidings), since: Instant, to: z.array(Addressee).min(1).max(TOLD_MAX) })
    .optional(),
  /** Who is told with the next step, whoever that is for: the one whose answer nothing followed. */
  alsoTell: Addressee.optional(),
  /** Everybody who has been told that it waits, since it was raised. */
  told: z.array(Addressee).max(TOLD_MAX),
  acknowledged: Answer.optional(),
  resolved: Answer.extend({ outcome: z.enum(alarmOutcomes) }).optional(),
  history: z.array(HistoryLine).max(HISTORY_MAX),
});
export type Alarm = z.output<typeof Alarm>;

/**
 * An alarm about a service recipient (SM-03). Of a class that no restriction closes (Art. 18(2): to protect a person):
 * whoever has their data restricted is helped all the same. What staff may read of it is closed with the person's record.
 */
export const alarmEntity = entity({
  name: 'alarm',
  table: 'core',
  sortKey: 'ALARM',
  schema: Alarm,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to bring help to whoever calls for it, and to know that it came',
  legalBasis: 'controllers-agreement',
  article9: 'health-or-social-care',
  source: 'data-subject',
  retentionClass: 'membership',
  exported: 'copy',
  onErasure: 'delete',
});

export const alarmRef = (organisationId: OrganisationId, recipientId: PersonId, alarmId: AlarmId) =>
  ({ entity: alarmEntity, owner: ownerOf(organisationId, recipientId), key: alarmId }) as const;

/** Where a page of alarms ended: the id alone on the board, after the entity's own part in a person's partition. */
export const AlarmSortKey = z.string().regex(/^(ALARM#)?alm_[0-9a-z]{26}$/);
