import type { ControllerId } from '../../platform/entity.ts';
import type { Files } from '../../platform/files.ts';
import type { ActivityKey, LogBatch, LogState, LogTable } from '../../platform/log-table.ts';
import { type Bodies, unpackedBodies } from './bodies.ts';
import { headHash, parseHead, parseSignedCheckpoint } from './checkpoint.ts';
import { headFileOf } from './heads.ts';
import { type ActivityEntry, entryHash, entryOfRow } from './leaf.ts';
import { bodiesKey, bodiesOf, HEADS, LogSplit, leavesIn, logKeys, padded, tileReader } from './log-files.ts';
import { type Hash, isSameHash, treeRoot } from './merkle.ts';
import { hashAtFrom, tilePath, tilesOf } from './tiles.ts';

type ReadFiles = Pick<Files, 'get' | 'list'>;

export interface Recovered {
  /** Leaves that the log has beyond what the restored table knew. */
  readonly leaves: number;
  readonly bodiesAdded: number;
  /** Leaves whose record no copy holds any more. */
  readonly bodiesMissing: number;
  /** There are more copies than one call reads: the next goes on where this one ended. */
  readonly isCutOff?: true;
}

/** Copies that are read in one call: a busy organisation has one for every minute since the backup. */
const FILES_MAX = 500;
const FILES_AT_ONCE = 16;
/** Leaves in one batch, as the sequencer's have at most. */
const PLACED_AT_ONCE = 100;

/**
 * Brings a restored Activity table up to the locked log of one organisation: the log is never set back. What has been
 * signed is taken over by its checkpoint, what was appended after that by the copies of its records. Repeating it changes
 * nothing, or goes on where it was cut off. Throws {@link LogSplit} when the table and the tiles contradict each other.
 */
export async function recoverLog(
  table: LogTable,
  { logFiles, offlineFiles }: { readonly logFiles: ReadFiles; readonly offlineFiles: ReadFiles },
  controller: ControllerId,
  now: Date,
  filesMax: number = FILES_MAX,
): Promise<Recovered> {
  const restored = await table.state(controller);
  const isSwapped = restored.batch && restored.size > restored.batch.from;
  if (restored.batch && isSwapped) await table.mark(controller, restored.batch, now.toISOString());
  const signed = await signedBeyond(restored, logFiles);
  const { files, isAll } = await bodiesFrom(controller, restored.size, offlineFiles, filesMax);
  const last = files.at(-1);
  const readTo = last ? last.from + last.leaves.length : restored.size;
  const { state, leaves } =
    !isAll && readTo < signed.size
      ? await broughtTo(readTo, signed, restored, logFiles)
      : await broughtUp(signed, restored, files, logFiles);

  let bodiesAdded = 0;
  const known = new Set<number>();
  for (const { from, leaves: of } of files) {
    const held = of.flatMap(({ hash, entry }, i) => (entry ? [{ index: from + i, hash, entry }] : []));
    for (const { index, hash } of held) {
      const leaf = leaves[index - restored.size];
      if (leaf && !isSameHash(leaf, hash)) throw new LogSplit(`Leaf ${index} of ${controller} is another record`);
      known.add(index);
    }
    const rows = await table.rows(held.map(({ entry }) => keyOf(entry)));
    const missing = held.filter(({ entry }) => !rows.has(idOf(keyOf(entry)))).map(({ entry }) => entry);
    await table.putMissing(missing);
    bodiesAdded += missing.length;
    // The last may still be under way: then it is the sequencer that marks it.
    if (from < state.size) await table.mark(controller, batchOf(from, of, held), now.toISOString());
  }
  const unknown = leaves
    .map((hash, i) => ({ hash, index: restored.size + i }))
    .filter(({ index }) => !known.has(index));
  const found = await markByHash(table, controller, unknown, now);
  await placeLost(
    table,
    controller,
    unknown.filter(({ index }) => !found.has(index)),
    now,
  );
  await table.restoreState(state);
  const isCutOff = !isAll && state.size === readTo;
  const figures = { leaves: state.size - restored.size, bodiesAdded, bodiesMissing: unknown.length - found.size };
  return isCutOff ? { ...figures, isCutOff } : figures;
}

/**
 * The number of the last head, once for all organisations. One less than the last that is there: the sequencer then
 * publishes all that it holds, which the one who signed it may not have come to.
 */
export async function recoverHeads(table: LogTable, { logFiles }: { readonly logFiles: ReadFiles }): Promise<number> {
  const restored = await table.head();
  const newer = await logFiles.list(HEADS, logKeys.head(restored.number));
  const last = newer.at(-2);
  if (!last) return restored.number;
  const content = await logFiles.get(last.key);
  if (!content) throw new Error(`${last.key} cannot be read`);
  const { text } = headFileOf(content).head;
  const { number } = parseHead(text).head;
  await table.moveHead(restored, { number, hash: headHash(text) });
  return number;
}

/** The newest signed checkpoint, checked against the tiles and against what was restored. */
async function signedBeyond(restored: LogState, logFiles: ReadFiles): Promise<LogState> {
  const { controller, size, root } = restored;
  const newer = await logFiles.list(logKeys.checkpoints(controller), logKeys.checkpoint(controller, size));
  const content = newer.length > 0 ? await logFiles.get(newer.at(-1)!.key) : undefined;
  if (!content) return restored;
  const { checkpoint } = parseSignedCheckpoint(JSON.parse(Buffer.from(content).toString()));
  const rootAt = (at: number) => treeRoot(at, hashAtFrom(tileReader(logFiles, controller, checkpoint.size), at));
  const isWhole = isSameHash(await rootAt(checkpoint.size), checkpoint.root);
  const isContinued = !root || isSameHash(await rootAt(size), root);
  if (!isWhole || !isContinued) throw new LogSplit(`The log of ${controller} does not continue the restored one`);
  return { controller, size: checkpoint.size, root: checkpoint.root, signedSize: checkpoint.size };
}

/** Copies of the records from a leaf on, in the log's order. `isAll`: there are no more of them. */
async function bodiesFrom(controller: ControllerId, from: number, offlineFiles: ReadFiles, filesMax: number) {
  // Its own name without the ending comes before it.
  const listed = await offlineFiles.list(bodiesOf(controller), `${bodiesOf(controller)}${padded(from)}`);
  const files: Bodies[] = [];
  let read = 0;
  while (read < listed.length && files.length < filesMax) {
    const some = listed.slice(read, read + Math.min(FILES_AT_ONCE, filesMax - files.length));
    const contents = await Promise.all(some.map(({ key }) => offlineFiles.get(key)));
    for (const [i, content] of contents.entries()) {
      const bodies = content && unpackedBodies(content);
      if (bodies && bodiesKey(controller, bodies.from) === some[i]!.key) files.push(bodies);
    }
    read += some.length;
  }
  return { files, isAll: read === listed.length };
}

/** The part of what is signed whose copies have been read. */
async function broughtTo(
  size: number,
  signed: LogState,
  restored: LogState,
  logFiles: ReadFiles,
): Promise<{ readonly state: LogState; readonly leaves: readonly Hash[] }> {
  const { controller, size: current } = signed;
  const leaves = await leavesIn(logFiles, controller, { from: restored.size, to: size, current });
  const root = await treeRoot(size, hashAtFrom(tileReader(logFiles, controller, current), size));
  return { state: { controller, size, root, signedSize: restored.signedSize }, leaves };
}

/** Batches after the signed part: those whose tiles are all there are in the log; the one after them is under way. */
async function broughtUp(
  signed: LogState,
  restored: LogState,
  files: readonly Bodies[],
  logFiles: ReadFiles,
): Promise<{ readonly state: LogState; readonly leaves: readonly Hash[] }> {
  const { controller } = signed;
  let { size, root } = signed;
  const span = { from: restored.size, to: size, current: size };
  const leaves = size > restored.size ? [...(await leavesIn(logFiles, controller, span))] : [];
  for (const { from, leaves: of } of files) {
    if (from !== size) continue;
    const hashes = of.map(({ hash }) => hash);
    const next = size + hashes.length;
    const grown = await rootIfGrown(logFiles, controller, size, next);
    if (!grown) {
      const batch = batchOf(
        from,
        of,
        of.flatMap(({ entry }, i) => (entry ? [{ index: from + i, entry }] : [])),
      );
      return { state: { ...signed, size, ...(root && { root }), batch }, leaves };
    }
    leaves.push(...hashes);
    [size, root] = [next, grown];
  }
  const batch = restored.batch && restored.batch.from === size ? restored.batch : undefined;
  return {
    state: { controller, size, signedSize: signed.signedSize, ...(root && { root }), ...(batch && { batch }) },
    leaves,
  };
}

/** Undefined unless every tile is there that the log got when it grew. */
async function rootIfGrown(
  logFiles: ReadFiles,
  controller: ControllerId,
  from: number,
  to: number,
): Promise<Hash | undefined> {
  const tiles = tilesOf(from, to).map(({ level, index, width }) => tilePath(level, index, width));
  const there = await Promise.all(tiles.map((path) => logFiles.get(logKeys.tile(controller, path))));
  if (there.some((tile) => tile === undefined)) return undefined;
  return treeRoot(to, hashAtFrom(tileReader(logFiles, controller, to), to));
}

/** Records that are in the table, and whose copy is not there any more: known by their hashes. Answers their leaves. */
async function markByHash(
  table: LogTable,
  controller: ControllerId,
  unknown: readonly { readonly hash: Hash; readonly index: number }[],
  now: Date,
): Promise<ReadonlySet<number>> {
  const found = new Set<number>();
  if (unknown.length === 0) return found;
  const indexes = new Map(unknown.map(({ hash, index }) => [Buffer.from(hash).toString('hex'), index]));
  const { keys } = await table.pending();
  const rows = await table.rows(keys.filter(({ pk }) => pk.startsWith(`${controller}#`)));
  for (const row of rows.values()) {
    const entry = entryOfRow(row);
    const hash = entryHash(entry);
    const index = indexes.get(Buffer.from(hash).toString('hex'));
    if (index === undefined) continue;
    await table.mark(controller, batchOf(index, [{ hash, entry }], [{ index, entry }]), now.toISOString());
    found.add(index);
  }
  return found;
}

/** A place for each leaf whose record is lost: whoever reads the log in its order goes past it, and does not wait for it. */
async function placeLost(
  table: LogTable,
  controller: ControllerId,
  lost: readonly { readonly hash: Hash; readonly index: number }[],
  now: Date,
): Promise<void> {
  for (let begin = 0; begin < lost.length; ) {
    const from = lost[begin]!.index;
    let end = begin + 1;
    while (end < lost.length && end - begin < PLACED_AT_ONCE && lost[end]!.index === from + end - begin) end++;
    const leaves = lost.slice(begin, end).map(({ hash }) => ({ hash }));
    await table.mark(controller, batchOf(from, leaves, []), now.toISOString());
    begin = end;
  }
}

/** With the chains as they stand after it, as far as its records are known. */
function batchOf(
  from: number,
  leaves: Bodies['leaves'],
  held: readonly { readonly index: number; readonly entry: ActivityEntry }[],
): LogBatch {
  const tips = new Map(
    held
      .map(({ entry }) => ({
        writer: entry.writer,
        sequence: entry.sequence,
        tip: Buffer.from(entryHash(entry)).toString('hex'),
      }))
      .toSorted((one, other) => one.sequence - other.sequence)
      .map((tip) => [tip.writer, tip]),
  );
  // What has no record has no row either, and nothing is written at a key that nobody knows; no transaction takes one key twice.
  const keys = leaves.map(({ hash, entry }, i) => ({
    ...(entry ? keyOf(entry) : { pk: NOWHERE, sk: String(from + i) }),
    hash,
  }));
  return { from, leaves: keys, tips: [...tips.values()] };
}
const NOWHERE = '-';

const keyOf = ({ controller, subject, id }: ActivityEntry): ActivityKey => ({ pk: `${controller}#${subject}`, sk: id });
const idOf = ({ pk, sk }: ActivityKey) => `${pk}|${sk}`;
