import { HASH_BYTES, type Hash, type HashAt, nodeHash } from './merkle.ts';

/** The geometry of C2SP tlog-tiles: the tree cut into tiles 8 levels high, each the 256 hashes of its lowest level. */
const TILE_HEIGHT = 8;
export const TILE_WIDTH = 2 ** TILE_HEIGHT;
const PATH_DIGITS = 3;

export interface Tile {
  /** In tiles, not in the tree's own levels: hashes of level 1 are the roots of full tiles of level 0. */
  readonly level: number;
  readonly index: number;
  /** Hashes in it, 1 to 256: fewer than 256 is a partial tile. */
  readonly width: number;
}

/** `tile/<level>/<index>`, the index in groups of three digits; `….p/<width>` while the tile is partial. */
export function tilePath(level: number, index: number, width = TILE_WIDTH): string {
  const digits = String(index);
  const padded = digits.padStart(Math.ceil(digits.length / PATH_DIGITS) * PATH_DIGITS, '0');
  const groups = padded.match(/\d{3}/g) ?? [];
  const path = groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)).join('/');
  return `tile/${level}/${path}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
}

/** What must be written when a log grows from `oldSize` to `newSize` leaves: the full tiles, then the partial, by level. */
export function tilesOf(oldSize: number, newSize: number): readonly Tile[] {
  const tiles: Tile[] = [];
  for (let level = 0, [old, now] = [oldSize, newSize]; now > 0; level++) {
    for (let index = Math.floor(old / TILE_WIDTH); index * TILE_WIDTH < now; index++) {
      const width = Math.min(TILE_WIDTH, now - index * TILE_WIDTH);
      if (now > old) tiles.push({ level, index, width });
    }
    [old, now] = [Math.floor(old / TILE_WIDTH), Math.floor(now / TILE_WIDTH)];
  }
  return tiles;
}

/**
 * Reads hashes of a tree of `size` leaves from its tiles. `readTile` gives the bytes of a path of `tilePath`; each path is
 * read once. Where the partial tile of this size is not kept any more, `readTile` may give any wider tile of that index.
 */
export function hashAtFrom(readTile: (path: string) => Promise<Uint8Array>, size: number): HashAt {
  const tiles = new Map<string, Promise<Uint8Array>>();
  const tileOf = (level: number, index: number) => {
    const hashes = Math.floor(size / TILE_WIDTH ** level) - index * TILE_WIDTH;
    const path = tilePath(level, index, Math.min(TILE_WIDTH, hashes));
    const read = tiles.get(path) ?? readTile(path);
    tiles.set(path, read);
    return read;
  };

  return async (level, index) => {
    if ((index + 1) * 2 ** level > size)
      throw new RangeError(`No complete subtree ${index} of level ${level} in ${size}`);
    const tileLevel = Math.floor(level / TILE_HEIGHT);
    const hashes = 2 ** (level % TILE_HEIGHT);
    const first = index * hashes;
    const tile = await tileOf(tileLevel, Math.floor(first / TILE_WIDTH));
    const start = first % TILE_WIDTH;
    return rootOfComplete(hashesOf(tile).slice(start, start + hashes), hashes);
  };
}

export function hashesOf(tile: Uint8Array): readonly Hash[] {
  if (tile.length % HASH_BYTES !== 0) throw new Error(`A tile of ${tile.length} bytes`);
  return Array.from({ length: tile.length / HASH_BYTES }, (_, i) => tile.slice(i * HASH_BYTES, (i + 1) * HASH_BYTES));
}

function rootOfComplete(hashes: readonly Hash[], expected: number): Hash {
  if (hashes.length !== expected) throw new Error(`A tile lacks ${expected - hashes.length} hashes`);
  let row = hashes;
  while (row.length > 1) row = row.flatMap((left, i) => (i % 2 === 0 ? [nodeHash(left, row[i + 1]!)] : []));
  return row[0]!;
}
