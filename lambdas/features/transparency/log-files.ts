import type { Files } from '../../platform/files.ts';
import type { PutOnce } from '../../platform/put-once.ts';
import { type Hash, rootOf, treeRoot } from './merkle.ts';
import { hashAtFrom, hashesOf, TILE_WIDTH, tilePath, tilesOf } from './tiles.ts';

/** Where the hashes lie: the `log` bucket, in which nothing is ever written twice or taken away. */
export interface LogFiles extends Pick<Files, 'get'> {
  readonly putOnce: PutOnce;
}

const NUMBER_DIGITS = 12;
export const padded = (number: number) => String(number).padStart(NUMBER_DIGITS, '0');

export const logKeys = {
  tile: (controller: string, path: string) => `${controller}/${path}`,
  checkpoint: (controller: string, size: number) => `${controller}/checkpoint/${padded(size)}`,
  checkpoints: (controller: string) => `${controller}/checkpoint/`,
  head: (number: number) => `${HEADS}${padded(number)}`,
};
export const HEADS = 'heads/';

/** The bodies of a batch, in the offline bucket: by them a restore loses no record that is in the log. */
export const bodiesOf = (controller: string) => `activity/${controller}/`;
export const bodiesKey = (controller: string, from: number) => `${bodiesOf(controller)}${padded(from)}.json.gz`;

/** What lies in the locked bucket is not what the table says: somebody has changed one of them, or the log has split. */
export class LogSplit extends Error {
  override readonly name = 'LogSplit';
}

/**
 * Reads a tile as a log of `size` leaves has it. Where only a later, wider one is kept, that: `current` is the size up to
 * which all tiles are there.
 */
export function tileReader(files: Pick<Files, 'get'>, controller: string, current: number) {
  return async (path: string): Promise<Uint8Array> => {
    const exact = await files.get(logKeys.tile(controller, path));
    if (exact) return exact;
    const { level, index } = placeOf(path);
    const width = Math.min(TILE_WIDTH, Math.floor(current / TILE_WIDTH ** level) - index * TILE_WIDTH);
    const wider = width > 0 ? await files.get(logKeys.tile(controller, tilePath(level, index, width))) : undefined;
    if (!wider) throw new LogSplit(`A tile of the log is not there: ${path}`);
    return wider;
  };
}

function placeOf(path: string): { level: number; index: number } {
  const [level = '', ...digits] = path
    .replace(/^tile\//, '')
    .replace(/\.p\/\d+$/, '')
    .split('/');
  return { level: Number(level), index: Number(digits.join('').replaceAll('x', '')) };
}

/** Leaf hashes [from, to) of a log that has `current` leaves. */
export async function leavesIn(
  files: Pick<Files, 'get'>,
  controller: string,
  { from, to, current }: { readonly from: number; readonly to: number; readonly current: number },
): Promise<readonly Hash[]> {
  const readTile = tileReader(files, controller, current);
  const leaves: Hash[] = [];
  for (let index = Math.floor(from / TILE_WIDTH); index * TILE_WIDTH < to; index++) {
    const first = index * TILE_WIDTH;
    const hashes = hashesOf(await readTile(tilePath(0, index, Math.min(TILE_WIDTH, current - first))));
    leaves.push(...hashes.slice(Math.max(0, from - first), Math.min(TILE_WIDTH, to - first)));
  }
  return leaves;
}

/**
 * Puts the tiles of a log that grows by `leaves`, and gives the root that it has then. What is there already must be the
 * same, and the tiles so far must give the root that is known; throws {@link LogSplit} otherwise.
 */
export async function putTiles(
  files: LogFiles,
  controller: string,
  log: { readonly size: number; readonly root: Hash | undefined },
  leaves: readonly Hash[],
): Promise<Hash> {
  const { size, root } = log;
  const readTile = cached(tileReader(files, controller, size));
  if (root && !isSame(await treeRoot(size, hashAtFrom(readTile, size)), root)) {
    throw new LogSplit(`The tiles of ${controller} do not give the root of ${size} leaves`);
  }
  const grown = await grownTiles(readTile, size, leaves);
  await Promise.all(
    [...grown].map(async ([path, content]) => {
      const key = logKeys.tile(controller, path);
      if ((await files.putOnce(key, content, { contentType: 'application/octet-stream' })) === 'put') return;
      const there = await files.get(key);
      if (!there || !isSame(there, content)) throw new LogSplit(`Another tile lies at ${key}`);
    }),
  );
  const newSize = size + leaves.length;
  const read = cached(async (path) => grown.get(path) ?? readTile(path));
  return treeRoot(newSize, hashAtFrom(read, newSize));
}

/** Contents of the tiles that a log gets when it grows, by path: of each level the hashes so far and the new ones. */
async function grownTiles(
  readTile: (path: string) => Promise<Uint8Array>,
  size: number,
  leaves: readonly Hash[],
): Promise<ReadonlyMap<string, Uint8Array>> {
  const grown = new Map<string, Uint8Array>();
  const byLevel = Map.groupBy(tilesOf(size, size + leaves.length), ({ level }) => level);
  let added = leaves;
  for (let level = 0, count = size; byLevel.has(level); level++, count = Math.floor(count / TILE_WIDTH)) {
    const begun = count % TILE_WIDTH;
    const first = count - begun;
    const before = begun === 0 ? [] : hashesOf(await readTile(tilePath(level, first / TILE_WIDTH, begun)));
    const hashes = [...before.slice(0, begun), ...added];
    const roots: Hash[] = [];
    for (const { index, width } of byLevel.get(level)!) {
      const start = index * TILE_WIDTH - first;
      const inTile = hashes.slice(start, start + width);
      grown.set(tilePath(level, index, width), Buffer.concat(inTile));
      if (width === TILE_WIDTH) roots.push(rootOf(inTile));
    }
    added = roots;
  }
  return grown;
}

const isSame = (one: Uint8Array, other: Uint8Array) => Buffer.compare(one, other) === 0;

function cached(read: (path: string) => Promise<Uint8Array>) {
  const tiles = new Map<string, Promise<Uint8Array>>();
  return (path: string) => {
    const tile = tiles.get(path) ?? read(path);
    tiles.set(path, tile);
    return tile;
  };
}
