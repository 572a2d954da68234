import type { Call } from '../../http/call.ts';
import type { AlarmId, GeofenceId, OrganisationId, PersonId, SafetyDeviceId } from '../../http/ids.ts';
import { AlarmId as AlarmIdSchema } from '../../http/ids.ts';
import { type Change, StaleVersion } from '../../platform/records.ts';
import { ownerOf } from '../people/person.ts';
import { type Alarm, alarmRef } from './alarm.ts';
import { raised, raisedAgain } from './decisions.ts';
import type { AlarmKind } from './kinds.ts';
import { alarmPointers, SOURCE_KEPT_SECONDS } from './pointers.ts';
import { writeAlarm } from './writes.ts';

/** Something has happened to a service recipient that somebody has to know of. */
export interface Occasion {
  readonly kind: AlarmKind;
  /** When it happened, by the device: RFC 3339. */
  readonly at: string;
  /** The same for the same event, however often it comes (`sdv_…#<event>`): it raises one alarm. */
  readonly sourceId: string;
  readonly deviceId?: SafetyDeviceId;
  readonly geofenceId?: GeofenceId;
}

/**
 * Raises alarms in the transaction of what causes them, those of one recipient together: at most six writes, and one key,
 * for each. The clock tells the first receivers as soon as the change is committed. What comes while an alarm of its kind
 * is unanswered joins that one; what was raised before is left alone. Answers the ids in the order of the occasions.
 *
 * Two round trips. The commit throws `StaleVersion` when somebody answered, or another event came, in between: read again,
 * with a fresh call, and try again. It throws `Closed` when the recipient has been erased.
 */
export async function raiseAlarms(
  change: Change,
  { organisationId, recipientId }: { readonly organisationId: OrganisationId; readonly recipientId: PersonId },
  occasions: readonly Occasion[],
  call: Pick<Call, 'now' | 'newId' | 'records'>,
): Promise<readonly AlarmId[]> {
  const { records, now } = call;
  const sources = occasions.map(({ sourceId }) => alarmPointers.source(organisationId, recipientId, sourceId));
  const kinds = [...new Set(occasions.map(({ kind }) => kind))];
  const rows = await records.pointersAt([
    ...sources,
    ...kinds.map((kind) => alarmPointers.unanswered(organisationId, recipientId, kind)),
  ]);
  const known = rows.map((row) => AlarmIdSchema.safeParse(row?.attributes?.['alarmId']).data);
  const before = await records.getMany(
    kinds.flatMap((_, i) => {
      const id = known[sources.length + i];
      return id ? [alarmRef(organisationId, recipientId, id)] : [];
    }),
  );

  const current = new Map<AlarmKind, { readonly version?: number; alarm: Alarm; isChanged: boolean }>();
  for (const stored of before) {
    if (stored?.value.isJoinable) {
      current.set(stored.value.kind, { version: stored.version, alarm: stored.value, isChanged: false });
    }
  }
  const subject = ownerOf(organisationId, recipientId);
  const expiresAtEpochSeconds = Math.floor(now.getTime() / 1000) + SOURCE_KEPT_SECONDS;
  const seen = new Map<string, AlarmId>();
  const ids = occasions.map(({ kind, at, sourceId, ...device }, i): AlarmId => {
    const raisedBefore = known[i] ?? seen.get(sourceId);
    if (raisedBefore) return raisedBefore;
    const open = current.get(kind);
    const alarm = open
      ? raisedAgain(open.alarm, now)
      : raised({ id: call.newId('alm'), recipientId, kind, happenedAt: at, ...device }, now);
    current.set(kind, { ...open, alarm, isChanged: true });
    seen.set(sourceId, alarm.id);
    change.point(
      { ...sources[i]!, attributes: { alarmId: alarm.id }, expiresAtEpochSeconds },
      { ifNew: () => new StaleVersion('Another request brought the same event') },
    );
    change.activity({
      event: open ? 'alarm.raised-again' : 'alarm.raised',
      subject,
      about: [alarm.id],
      detail: { kind },
    });
    return alarm.id;
  });
  for (const { version, alarm, isChanged } of current.values()) {
    if (!isChanged) continue;
    const stored = version === undefined ? undefined : before.find((one) => one?.value.id === alarm.id);
    writeAlarm(change, organisationId, stored, alarm);
  }
  return ids;
}
