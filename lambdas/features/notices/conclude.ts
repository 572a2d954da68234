import { OrganisationId } from '../../http/ids.ts';
import type { Owner } from '../../platform/entity.ts';
import { type Change, Closed, type PointerKey, StaleVersion, type Stored } from '../../platform/records.ts';
import { meterPointers } from '../metering/meter.ts';
import { dueKey, keptUntil, type Notice, type noticeEntity } from './notice.ts';
import type { DeliveryCall, Outbox } from './outbox-call.ts';

export type StoredNotice = Pick<Stored<typeof noticeEntity>, 'ref' | 'value' | 'version'>;

/** Where whoever sends failed notices anew finds them. Attributes: the recipient's `controller` and `subject`. */
export const failedPointers = {
  all: { table: 'transient', pk: 'OUTBOX-FAILED' },
  one: (id: Notice['id']) => ({ ...failedPointers.all, sk: id }) as const satisfies PointerKey,
} as const;

/**
 * Puts the notice as it is now in the place of the one that was read, with the rows by which the sweep and the redrive
 * find it: what is done with is found no more. The change still needs its activity record.
 */
export function replaceNotice(change: Change, stored: StoredNotice, notice: Notice): Change {
  const { owner } = stored.ref;
  const { id } = notice;
  const expiresAtEpochSeconds = keptUntil(notice.createdAt);
  const attributes = { ...owner, noticeId: id };
  change.put(stored.ref, notice, { version: stored.version }, { expiresAtEpochSeconds });
  if (notice.channel === 'sms' && notice.sentAt !== undefined && stored.value.sentAt === undefined) {
    // What an SMS costs is metered by the day; the row holds an id, and goes when its day has been counted.
    const organisationId = OrganisationId.safeParse(owner.controller).data;
    if (organisationId !== undefined) change.point(meterPointers.text(organisationId, notice.sentAt, id));
  }
  // One item may appear only once in a transaction.
  if (stored.value.dueAt !== notice.dueAt) {
    if (stored.value.dueAt !== undefined) change.unpoint(dueKey(id, stored.value.dueAt));
    if (notice.dueAt !== undefined) {
      change.point({ ...dueKey(id, notice.dueAt), attributes, expiresAtEpochSeconds });
    }
  }
  if (isRedrivable(notice)) change.point({ ...failedPointers.one(id), attributes, expiresAtEpochSeconds });
  else if (isRedrivable(stored.value)) change.unpoint(failedPointers.one(id));
  return change;
}

export const isRedrivable = ({ state, dueAt }: Notice): boolean => state === 'technical-failure' && dueAt !== undefined;

/** The activity record of what a notice has become: codes and counts. */
export const becoming = (owner: Owner, { id, state, attempts, channel, reason }: Notice) =>
  ({
    event: `notice.${state}`,
    subject: owner,
    about: [id],
    detail: { attempts, ...(channel !== 'email' && { channel }), ...(reason && { reason }) },
  }) as const;

/**
 * Puts down what a notice has become, and rings where that is for somebody to look into. False when another was faster.
 */
export async function conclude(
  stored: StoredNotice,
  notice: Notice,
  { records }: Pick<DeliveryCall, 'records'>,
  { log }: Pick<Outbox, 'log'>,
  change: Change = records.change(),
): Promise<boolean> {
  replaceNotice(change, stored, notice).activity(becoming(stored.ref.owner, notice));
  const isDone = await commits(change);
  if (isDone && isRedrivable(notice) && !isRedrivable(stored.value)) {
    log({ event: 'notice-failed', metric: 'notice-failed', noticeId: notice.id });
  }
  return isDone;
}

/** False when somebody else was faster, or when the recipient was erased meanwhile: nothing is left to record then. */
export async function commits(change: Change): Promise<boolean> {
  try {
    await change.commit();
    return true;
  } catch (error) {
    if (error instanceof StaleVersion || error instanceof Closed) return false;
    throw error;
  }
}
