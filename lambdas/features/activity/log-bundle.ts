import type { ControllerId } from '../../platform/entity.ts';
import { type BundleLeaf, bundleHeaderLine, bundleLeafLine } from '../transparency/bundle.ts';
import { parseHead, type SignedCheckpoint } from '../transparency/checkpoint.ts';
import type { TransparencyLog } from '../transparency/log.ts';
import type { LoggedEntry } from './entry.ts';

/** Leaves whose hashes are read at a time. */
const LEAVES_AT_ONCE = 4096;

/**
 * Leaves [from, to) of a log as a file that anyone can check (transparency/bundle.ts), line by line. A record that
 * claims a place which another has is written out too: whoever checks the file is to see it.
 */
export async function* logBundle(
  signed: SignedCheckpoint,
  { from, to, found }: { readonly from: number; readonly to: number; readonly found: readonly LoggedEntry[] },
  log: Pick<TransparencyLog, 'leaves' | 'rangeProof'>,
): AsyncGenerator<string> {
  const { controller, size } = signed.checkpoint;
  const { stage } = parseHead(signed.head.text);
  const around = await log.rangeProof(controller, from, to, size);
  yield bundleHeaderLine({ stage, controller, from, to, size, signed, ...around });
  const byLeaf = Map.groupBy(found, ({ leaf }) => leaf);
  for (let first = from; first < to; first += LEAVES_AT_ONCE) {
    const last = Math.min(to, first + LEAVES_AT_ONCE);
    for await (const leaf of leavesOf(controller, first, last, byLeaf, log)) yield bundleLeafLine(leaf);
  }
}

async function* leavesOf(
  controller: ControllerId,
  from: number,
  to: number,
  byLeaf: ReadonlyMap<number | undefined, readonly LoggedEntry[]>,
  log: Pick<TransparencyLog, 'leaves'>,
): AsyncGenerator<BundleLeaf> {
  for (const [i, hash] of (await log.leaves(controller, from, to)).entries()) {
    const leaf = from + i;
    const [entry, ...more] = byLeaf.get(leaf) ?? [];
    yield { leaf, hash, entry: entry?.entry };
    for (const other of more) yield { leaf, hash, entry: other.entry };
  }
}
