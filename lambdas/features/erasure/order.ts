import type { ErasureId, RequestId } from '../../http/ids.ts';
import { classesOf, type Owner, type RetentionClass, restrictable } from '../../platform/entity.ts';
import type { Change } from '../../platform/records.ts';
import { attributesOf, type Cause, erasurePointers, erasureRef, isDependant, unfinishedRow } from './erasure.ts';

/** The wake-up call is worth nothing later: the schedule finds what it missed. */
const JOB_KEPT_SECONDS = 24 * 60 * 60;

export interface ErasureOrder {
  readonly id: ErasureId;
  /** A person, an account or an organisation; or a consent or request, whose person is then named as well. */
  readonly owner: Owner;
  readonly cause: Cause;
  /** The request that is answered when all is done. */
  readonly requestId?: RequestId;
  /** Whose consent or request it is: the record is kept there, because such a subject has nothing that outlives it. */
  readonly of?: Owner;
  /** Of an account: the erasure of the person whose last link it was. */
  readonly follows?: ErasureId;
  /**
   * Only these classes, because their own term is over while the subject stays: the worker shreds them, and nothing else
   * is closed. Absent: everything is erased.
   */
  readonly retentionClasses?: readonly RetentionClass[];
}

/**
 * Orders an erasure in the caller's own transaction (at most nine writes): its record, the job that wakes the worker,
 * and the restriction that closes the data from this moment. The worker does the rest. The caller still gives the
 * activity record; it needs the capabilities `orderingErasure`.
 */
export function orderErasure(
  change: Change,
  { id, owner, cause, requestId, of, follows, retentionClasses }: ErasureOrder,
  now: Date,
): void {
  const holder = isDependant(owner) ? of : owner;
  if (!holder) throw new Error('The erasure of a consent or a request names whose it is');
  const attributes = attributesOf({ owner, holder });
  change
    .put(
      erasureRef({ id, holder }),
      {
        id,
        cause,
        state: 'ordered',
        orderedAt: now.toISOString(),
        failures: 0,
        ...(requestId !== undefined && { requestId }),
        ...(follows !== undefined && { follows }),
        ...(retentionClasses && { retentionClasses: [...retentionClasses] }),
      },
      'new',
    )
    .point({ ...erasurePointers.place(id), attributes })
    .point(unfinishedRow({ id, owner, holder }, undefined))
    .point({
      ...erasurePointers.job(owner, id),
      expiresAtEpochSeconds: Math.floor(now.getTime() / 1000) + JOB_KEPT_SECONDS,
    });
  // A class that is shredded is open again at once: what comes after it is new.
  if (retentionClasses) return;
  for (const retentionClass of classesOf(owner.subject)) {
    if (restrictable.includes(retentionClass)) change.keys({ do: 'restrict', owner, retentionClass });
  }
}
