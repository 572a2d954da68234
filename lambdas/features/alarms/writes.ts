import type { OrganisationId } from '../../http/ids.ts';
import { type Change, StaleVersion, type Stored } from '../../platform/records.ts';
import { type Alarm, type alarmEntity, alarmRef } from './alarm.ts';
import { dueAtOf } from './decisions.ts';
import { alarmPointers, DUE_KEPT_SECONDS } from './pointers.ts';

export type StoredAlarm = Stored<typeof alarmEntity>;

/**
 * Puts an alarm over the version that was read (`StaleVersion`: somebody was faster, decide again), and moves the rows
 * that follow from it. Of several who answer, or who tell, one commits. At most five writes.
 */
export function writeAlarm(
  change: Change,
  organisationId: OrganisationId,
  before: StoredAlarm | undefined,
  after: Alarm,
): void {
  const { id, recipientId, kind } = after;
  change.put(alarmRef(organisationId, recipientId, id), after, before ? { version: before.version } : 'new');
  pointDue(change, organisationId, before?.value, after);

  const open = alarmPointers.open(organisationId, id);
  if (!before) change.point({ ...open, attributes: { subject: recipientId, kind } });
  else if (after.state === 'resolved' && before.value.state !== 'resolved') change.unpoint(open);

  const unanswered = alarmPointers.unanswered(organisationId, recipientId, kind);
  if (!before) {
    // Two events at once: the second one reads again, and joins the first one's alarm.
    const ifNew = () => new StaleVersion('Another alarm of this kind has just been raised');
    change.point({ ...unanswered, attributes: { alarmId: id } }, { ifNew });
  } else if (before.value.isJoinable && !after.isJoinable) {
    change.unpoint(unanswered);
  }
}

/** Puts an alarm as it stands, with a new row that wakes the clock: the one that there was is gone (three writes). */
export function writeAgain(change: Change, organisationId: OrganisationId, stored: StoredAlarm): void {
  change.put(stored.ref, stored.value, { version: stored.version });
  pointDue(change, organisationId, undefined, stored.value);
}

/** Where the sweep finds it, by the instant; that the row is written wakes the clock. */
function pointDue(change: Change, organisationId: OrganisationId, before: Alarm | undefined, after: Alarm): void {
  const was = before && dueAtOf(before);
  const is = dueAtOf(after);
  if (was === is) return;
  if (was !== undefined) change.unpoint(alarmPointers.due(after.id, was));
  if (is === undefined) return;
  const attributes = { organisationId, recipientId: after.recipientId };
  const expiresAtEpochSeconds = Math.floor(Date.parse(is) / 1000) + DUE_KEPT_SECONDS;
  change.point({ ...alarmPointers.due(after.id, is), attributes, expiresAtEpochSeconds });
}
