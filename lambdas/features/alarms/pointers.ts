import { createHash } from 'node:crypto';
import type { AlarmId, OrganisationId, PersonId } from '../../http/ids.ts';
import type { PointerKey } from '../../platform/records.ts';
import { terms } from '../retention/terms.ts';
import type { AlarmKind } from './kinds.ts';

/** Partitions in which the sweep looks for what is due: so many that they are not all in one. */
export const DUE_SHARDS = 4;
export const ALARM_DUE = 'ALARM-DUE#';
/** How long a device may repeat an event and still be known: as long as its position is kept. */
export const SOURCE_KEPT_SECONDS = terms.position.length.days * 24 * 60 * 60;
/** A row that leads to nothing any more goes by itself; one that leads to an alarm is taken by the sweep long before. */
export const DUE_KEPT_SECONDS = 365 * 24 * 60 * 60;

/** Crockford's digits beyond `v` are none of parseInt's: those alarms lie in the first. */
const shardOf = (id: AlarmId): number => (Number.parseInt(id.slice(-1), 32) || 0) % DUE_SHARDS;

/** Rows of ids and instants; the sealed alarm stays the truth. */
export const alarmPointers = {
  /** What is not resolved yet, oldest first. Attributes: `subject`, whom it is about, and `kind`. */
  open: (organisationId: OrganisationId, alarmId: AlarmId | ''): PointerKey => ({
    table: 'core',
    pk: `${organisationId}#ALARMS`,
    sk: alarmId,
  }),
  /** The alarm of a kind that nobody has answered: what comes meanwhile joins it. Attribute: `alarmId`. */
  unanswered: (organisationId: OrganisationId, recipientId: PersonId, kind: AlarmKind): PointerKey => ({
    table: 'core',
    pk: `${organisationId}#${recipientId}`,
    sk: `ALARM-UNANSWERED#${kind}`,
  }),
  /** What became of one event of a device: it raises an alarm once, however often it comes. Attribute: `alarmId`. */
  source: (organisationId: OrganisationId, recipientId: PersonId, sourceId: string): PointerKey => ({
    table: 'transient',
    pk: `${organisationId}#${recipientId}`,
    sk: `ALARM-SOURCE#${createHash('sha256').update(sourceId).digest('base64url')}`,
  }),
  /** When an alarm is looked at next; its being written wakes the clock. Attributes: `organisationId`, `recipientId`. */
  due: (alarmId: AlarmId, dueAt: string): PointerKey => ({
    table: 'transient',
    pk: duePartition(shardOf(alarmId)),
    sk: `${dueAt}#${alarmId}`,
  }),
};

export const duePartition = (shard: number) => `${ALARM_DUE}${shard}`;
