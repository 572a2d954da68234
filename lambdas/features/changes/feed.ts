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
 * at the same time (decision 0025). `gone` where the log no longer holds what stood there. Two round trips.
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
  const [rows, oldest] = await Promise.all([
    log.inOrder(controller, wanted.leaf, LOOKED_AT_MAX),
    log.oldestLeaf(controller),
  ]);
  // Pruned, or older than the log's order is known.
  const isGone = (oldest !== undefined && wanted.leaf < oldest) || (rows.length > 0 && rows[0] === undefined);
  if (isGone && !wanted.skipsWhatIsGone) return 'gone';
  const items: ChangeTold[] = [];
  for (const [i, row] of rows.entries()) {
    const change = row && changeIn(row, wanted.may);
    if (!change || wanted.isWanted?.(change) === false) continue;
    items.push(change);
    if (items.length === wanted.limit) return { items, next: wanted.leaf + i + 1, hasMore: i + 1 < rows.length };
  }
  return { items, next: wanted.leaf + rows.length, hasMore: rows.length === LOOKED_AT_MAX };
}
