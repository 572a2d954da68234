import type { ControllerId, Owner } from '../../../platform/entity.ts';
import { entryHash, entryOfRow } from '../../transparency/leaf.ts';
import { transparencyLog } from '../../transparency/log.ts';
import { isIncluded, isSameHash } from '../../transparency/merkle.ts';
import { RestoreRefused } from '../step.ts';
import type { Replay } from './replay.ts';

/** Of each owner the newest records: their proofs reach through all levels of the tree. */
const PROVEN_PER_OWNER = 3;

/** Whether the newest leaf of a controller's log, as the tiles hold it, gives the root that was signed. */
export async function proveNewestLeaf({ tables, logFiles }: Replay, controller: ControllerId): Promise<number> {
  const log = transparencyLog(tables.log, logFiles);
  const signed = await log.checkpoint(controller);
  if (!signed || signed.checkpoint.size === 0) return 0;
  const { size, root } = signed.checkpoint;
  const index = size - 1;
  const [leaf] = await log.leaves(controller, index, size);
  const proof = await log.inclusionProof(controller, index, size);
  if (!leaf || !isIncluded({ leaf, index, size, proof, root })) {
    throw new RestoreRefused('log-differs', { controller, leaf: index });
  }
  return 1;
}

/** Whether restored records of somebody are what the log has at their leaves. Answers how many were looked at. */
export async function proveRecords({ tables, logFiles }: Replay, { controller, subject }: Owner): Promise<number> {
  const rows = await tables.newestActivity({ controller, subject }, PROVEN_PER_OWNER);
  const log = transparencyLog(tables.log, logFiles);
  let proven = 0;
  for (const row of rows) {
    const leaf = row['leaf'];
    // Not in the log yet: the sequencer appends it after the switch.
    if (typeof leaf !== 'number') continue;
    const [hash] = await log.leaves(controller, leaf, leaf + 1);
    if (!hash || !isSameHash(hash, entryHash(entryOfRow(row)))) {
      throw new RestoreRefused('log-differs', { controller, leaf });
    }
    proven++;
  }
  return proven;
}
