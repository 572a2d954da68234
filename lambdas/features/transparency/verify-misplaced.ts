import { parseBundleLeaf, parsedOrNot } from './bundle.ts';
import type { Finding } from './finding.ts';
import type { PlacedEntry } from './verify-chains.ts';

/** Events whose hash is not the one beside them: changed, or moved from where that hash is. */
export async function findingsOfMisplaced(
  misplaced: readonly PlacedEntry[],
  open: () => AsyncIterable<string>,
): Promise<readonly Finding[]> {
  if (misplaced.length === 0) return [];
  const homes = await leavesOf(new Set(misplaced.map(({ computed }) => computed)), open);
  return misplaced.map(({ leaf, entry, computed }) => {
    const home = homes.get(computed);
    const eventId = entry.id;
    if (home === undefined) {
      return {
        kind: 'mutated',
        leaf,
        eventId,
        text: `${eventId} at leaf ${leaf} is not as it was when it was written.`,
      };
    }
    return { kind: 'reordered', leaf, eventId, text: `${eventId} stands at leaf ${leaf} and belongs at leaf ${home}.` };
  });
}

async function leavesOf(hashes: ReadonlySet<string>, open: () => AsyncIterable<string>) {
  const found = new Map<string, number>();
  for await (const line of open()) {
    const leaf = parsedOrNot(parseBundleLeaf, line);
    const hash = leaf && Buffer.from(leaf.hash).toString('hex');
    if (hash && hashes.has(hash)) found.set(hash, leaf.leaf);
  }
  return found;
}
