import type { ActivityLog } from '../../platform/activity-log.ts';
import type { ControllerId } from '../../platform/entity.ts';
import { type ChangeTold, changeIn } from './change.ts';
import type { mayReadOf } from './told.ts';

/** Records of the log that are looked at for one page. */
const LOOKED_AT_MAX = 300;

export interface Told {
  readonly items: readonly ChangeTold[];
  /** The leaf to go on from. */
  readonly next: number;
  /** There may be more by now: the page, or what is looked at for one, ended before the log did. */
  readonly hasMore: boolean;
}

/**
 * Changes in the order of the organisation's log, from a leaf on: each record once, none left out, whatever was written
 * at the same time (decision 0025). `gone` where the log no longer holds what stood there. Two round trips, and one more
 * from the oldest.
 */
export async function changesFrom(
  log: Pick<ActivityLog, 'inOrder' | 'oldestLeaf'>,
  controller: ControllerId,
  wanted: {
    readonly leaf: number;
    readonly limit: number;
    /** From the oldest that is kept, what is gone is no loss. */
    readonly skipsWhatIsGone?: boolean;
    may(action: NonNullable<ReturnType<typeof mayReadOf>>): boolean;
    isWanted?(change: ChangeTold): boolean;
  },
): Promise<Told | 'gone'> {
  const [first, oldest] = await Promise.all([
    log.inOrder(controller, wanted.leaf, LOOKED_AT_MAX),
    log.oldestLeaf(controller),
  ]);
  const isPruned = oldest !== undefined && wanted.leaf < oldest;
  // Pruned, or older than the log's order is known.
  if ((isPruned || (first.length > 0 && first[0] === undefined)) && !wanted.skipsWhatIsGone) return 'gone';
  const leaf = isPruned ? oldest : wanted.leaf;
  const rows = isPruned ? await log.inOrder(controller, leaf, LOOKED_AT_MAX) : first;
  const items: ChangeTold[] = [];
  for (const [i, row] of rows.entries()) {
    const change = row && changeIn(row, wanted.may);
    if (!change || wanted.isWanted?.(change) === false) continue;
    items.push(change);
    if (items.length === wanted.limit) return { items, next: leaf + i + 1, hasMore: i + 1 < rows.length };
  }
  return { items, next: leaf + rows.length, hasMore: rows.length === LOOKED_AT_MAX };
}
