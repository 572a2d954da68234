import { describe, expect, it } from 'vitest';
import {
  inclusionProof,
  isIncluded,
  leafHash,
  rootOf,
  treeRoot,
} from '../../../lambdas/features/transparency/merkle.ts';
import { hashAtFrom, hashesOf, type Tile, tilePath, tilesOf } from '../../../lambdas/features/transparency/tiles.ts';

const LEAVES = 70_000;
const leaves = Array.from({ length: LEAVES }, (_, i) => leafHash(new TextEncoder().encode(String(i))));
const countBy = <T>(items: readonly T[], key: (item: T) => string) =>
  Object.fromEntries(Object.entries(Object.groupBy(items, key)).map(([name, group]) => [name, group?.length]));

/** By the definition in the specification: at level l, the roots of 256^l leaves each. */
const rows = [leaves];
for (let span = 256; span <= LEAVES; span *= 256) {
  rows.push(
    Array.from({ length: Math.floor(LEAVES / span) }, (_, i) => rootOf(leaves.slice(i * span, (i + 1) * span))),
  );
}
const tileBytes = ({ level, index, width }: Tile) =>
  new Uint8Array(Buffer.concat(rows[level]!.slice(index * 256, index * 256 + width)));

/** A store that holds what a log wrote which grew through these sizes. */
function writtenThrough(...sizes: readonly number[]) {
  const files = new Map<string, Uint8Array>();
  let old = 0;
  for (const size of sizes) {
    for (const tile of tilesOf(old, size)) files.set(tilePath(tile.level, tile.index, tile.width), tileBytes(tile));
    old = size;
  }
  const read: string[] = [];
  return {
    files,
    read,
    readTile: async (path: string) => {
      read.push(path);
      const file = files.get(path);
      if (!file) throw new Error(`${path} was never written`);
      return file;
    },
  };
}

describe('the paths of tiles', () => {
  it("are those of C2SP tlog-tiles' examples", () => {
    expect(tilePath(0, 1234067)).toBe('tile/0/x001/x234/067');
    expect(tilePath(0, 273, 112)).toBe('tile/0/273.p/112');
    expect(tilePath(0, 0)).toBe('tile/0/000');
    expect(tilePath(1, 1000)).toBe('tile/1/x001/000');
    expect(tilePath(2, 0, 1)).toBe('tile/2/000.p/1');
  });
});

describe('the tiles of a tree', () => {
  it("are those of C2SP tlog-tiles' examples: 70,000 leaves, and 256", () => {
    const all = tilesOf(0, 70_000);
    const kinds = countBy(all, ({ level, width }) => `${level}: ${width}`);
    expect(kinds).toEqual({ '0: 256': 273, '0: 112': 1, '1: 256': 1, '1: 17': 1, '2: 1': 1 });
    expect(tilesOf(0, 256)).toEqual([
      { level: 0, index: 0, width: 256 },
      { level: 1, index: 0, width: 1 },
    ]);
    expect(tilesOf(0, 0)).toEqual([]);
  });

  it('are written anew only where the tree has grown', () => {
    expect(tilesOf(300, 300)).toEqual([]);
    expect(tilesOf(300, 301)).toEqual([{ level: 0, index: 1, width: 45 }]);
    expect(tilesOf(256, 257)).toEqual([{ level: 0, index: 1, width: 1 }]);
    expect(tilesOf(500, 520)).toEqual([
      { level: 0, index: 1, width: 256 },
      { level: 0, index: 2, width: 8 },
      { level: 1, index: 0, width: 2 },
    ]);
  });

  it('give every hash that a root or a proof needs, however the log grew', async () => {
    const sizes = [1, 255, 256, 257, 511, 512, 700, 65_535, 65_536, 65_537, LEAVES];
    const log = writtenThrough(...sizes);
    for (const size of sizes) {
      const hashAt = hashAtFrom(log.readTile, size);
      const root = rootOf(leaves.slice(0, size));
      expect(Buffer.from(await treeRoot(size, hashAt))).toEqual(Buffer.from(root));
      for (const index of [0, 1, 254, 255, 256, 511, 65_535, 65_536, size - 1].filter((i) => i < size)) {
        const proof = await inclusionProof(index, size, hashAt);
        expect(isIncluded({ leaf: leaves[index]!, index, size, proof, root })).toBe(true);
      }
    }
  });

  it('are read once each for all the hashes of a proof', async () => {
    const log = writtenThrough(LEAVES);
    await inclusionProof(69_999, LEAVES, hashAtFrom(log.readTile, LEAVES));
    expect(log.read.length).toBe(new Set(log.read).size);
    expect(log.read.length).toBeLessThanOrEqual(5);
  });
});

describe('a tile that is not whole', () => {
  it('is refused', async () => {
    const hashAt = hashAtFrom(async () => new Uint8Array(32 * 3), 300);
    await expect(hashAt(3, 0)).rejects.toThrow('lacks 5 hashes');
    expect(() => hashesOf(new Uint8Array(33))).toThrow('33 bytes');
  });

  it('is not read for a subtree that the tree has not filled', async () => {
    const hashAt = hashAtFrom(async () => new Uint8Array(32 * 256), 300);
    await expect(hashAt(8, 1)).rejects.toThrow(RangeError);
    await expect(hashAt(0, 300)).rejects.toThrow(RangeError);
  });
});
