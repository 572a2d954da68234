import type { FileId } from '../../../http/ids.ts';
import type { ControllerId, Owner } from '../../../platform/entity.ts';
import type { RawRow } from '../../../platform/partition-rows.ts';
import type { PointerKey } from '../../../platform/records.ts';
import { rowsElsewhere, type Ties } from '../../erasure/elsewhere.ts';
import type { Eraser } from '../../erasure/eraser.ts';
import { fileIn, fileRowsOf, filesOfRows } from '../../erasure/files.ts';
import { Removal } from '../../erasure/removal.ts';
import { releaseFile } from '../../files/claim.ts';
import { type ActivityEntry, entryOfRow } from '../../transparency/leaf.ts';
import { controllersIn } from './controllers.ts';
import { endAccess } from './ended-access.ts';
import { type Removed, removals } from './removals.ts';
import { onTables, type Replay } from './replay.ts';
import { targetEraser } from './target-eraser.ts';
import { coreHoldsUntil } from './window.ts';

/** Leaves of the log that are read at once. */
const LEAVES_PER_READ = 300;

const noFigures = { recordsRead: 0, removalsKept: 0, accessEnded: 0 };
type Counted = { -readonly [K in keyof typeof noFigures]: number };

/**
 * What was taken away since the backup stays away, also what went record by record and not with its key: by the activity
 * log, which has been brought up to its end before. Before Lookup is rebuilt, so that nobody is found whose access ended.
 */
export const replayRemovals = onTables(async (context) => {
  const counted: Counted = { ...noFigures };
  let done = context.cursor ?? '';
  for (const controller of await controllersIn(context)) {
    if (controller <= done) continue;
    if (!context.hasTimeLeft()) return { done: false, cursor: done, figures: counted };
    await replayController(context, controller, counted);
    done = controller;
  }
  return { done: true, figures: counted };
});

async function replayController(context: Replay, controller: ControllerId, counted: Counted): Promise<void> {
  const eraser = targetEraser(context);
  const removal = new Removal(eraser, { controller, subject: controller });
  const named = new Map<string, Set<string>>();
  const known = new Set<string>();
  for await (const entry of newestFirst(context, controller)) {
    counted.recordsRead++;
    const { event, subject, about: [id] = [] } = entry;
    if (id === undefined) continue;
    const isSince = (other: string) => known.has(`${other}|${subject}|${id}`);
    if (await endAccess(entry, isSince, context)) counted.accessEnded++;
    const removed = removals[event];
    const isTaken = removed !== undefined && !(removed.undoneBy !== undefined && isSince(removed.undoneBy));
    known.add(`${event}|${subject}|${id}`);
    if (!isTaken) continue;
    for (const list of removed.lists ?? []) named.set(list, (named.get(list) ?? new Set()).add(id));
    await removal.add(await takeAway(context, { controller, subject }, id, removed, eraser));
  }
  for (const [list, ids] of named) await removal.add(await rowsNaming(ids, `${controller}#${list}`, eraser));
  await removal.flush();
  counted.removalsKept += removal.removed;
}

/** What was recorded since the restored Core, back to the first page that holds nothing of it. */
async function* newestFirst(context: Replay, controller: ControllerId): AsyncGenerator<ActivityEntry> {
  const { activityLog } = context.openCall(true).records;
  const since = coreHoldsUntil(context).toISOString();
  const oldest = (await activityLog.oldestLeaf(controller)) ?? 0;
  for (let end = await activityLog.nextLeaf(controller); end > oldest; end -= LEAVES_PER_READ) {
    const from = Math.max(oldest, end - LEAVES_PER_READ);
    const rows = await activityLog.inOrder(controller, from, end - from);
    // A place is there for what is lost, too: it tells of no time.
    const entries = rows.flatMap((row) => (row ? [entryOfRow(row)] : []));
    const recent = entries.filter(({ at }) => at >= since);
    yield* recent.reverse();
    if (entries.length > 0 && recent.length === 0) return;
  }
}

/** The record's own rows and what they lead to; the files that it held are let go of first. */
async function takeAway(
  context: Replay,
  owner: Owner,
  id: string,
  removed: Removed,
  eraser: Eraser,
): Promise<readonly PointerKey[]> {
  const itself = { controller: owner.controller, subject: id } as Owner;
  const places: readonly { readonly of: Owner; readonly prefix?: string }[] = [
    ...removed.rows.map((kind) => ({ of: owner, prefix: `${kind}#${id}` })),
    ...(removed.hasPartition ? [{ of: itself }] : []),
  ];
  const found: PointerKey[] = [];
  for (const { of, prefix } of places) {
    const gone: RawRow[] = [];
    for await (const row of eraser.rows.of('core', `${of.controller}#${of.subject}`, prefix)) gone.push(row);
    if (gone.length === 0) continue;
    await letGo(context, owner, of, await filesHeld(of, gone, eraser));
    for (const row of gone) found.push(...rowsElsewhere(row, of, noTies), keyOfRow(row));
  }
  return found;
}

async function filesHeld(owner: Owner, gone: readonly RawRow[], eraser: Eraser): Promise<readonly FileId[]> {
  const files: RawRow[] = [];
  for await (const row of fileRowsOf(owner, eraser)) files.push(row);
  const taken = gone.flatMap(({ sk }) => fileIn(sk) ?? []);
  return [...new Set([...taken, ...(await filesOfRows(files, gone, owner, eraser))])];
}

/** No file comes back for what is not there; one whose removal was not carried out yet is removed within the hour. */
async function letGo({ openCall }: Replay, subject: Owner, owner: Owner, fileIds: readonly FileId[]): Promise<void> {
  for (const id of fileIds) {
    const { records, now } = openCall(true);
    const change = records.change();
    releaseFile(change, { id }, { owner }, now);
    await change.activity({ event: 'restore.pointers-removed', subject, detail: { rows: 2 } }).commit();
  }
}

const noTies: Ties = { accountId: undefined, guardianIds: [] };

async function rowsNaming(ids: ReadonlySet<string>, pk: string, { rows }: Eraser): Promise<PointerKey[]> {
  const found: PointerKey[] = [];
  for await (const row of rows.of('core', pk)) {
    const parts = [...row.sk.split('#'), ...Object.values(row.attributes)];
    if (parts.some((part) => ids.has(String(part)))) found.push(keyOfRow(row));
  }
  return found;
}

const keyOfRow = ({ table, pk, sk }: RawRow): PointerKey => ({ table: table as PointerKey['table'], pk, sk });
