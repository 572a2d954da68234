import type { ControllerId, SubjectId } from '../../platform/entity.ts';
import type { ActivityKey, ActivityRow, LogBatch, LogState } from '../../platform/log-table.ts';
import type { ActivityRecord } from '../../platform/records.ts';
import { packedBodies } from './bodies.ts';
import { entryHash, entryOfRow } from './leaf.ts';
import { bodiesKey, putTiles } from './log-files.ts';
import type { Hash } from './merkle.ts';
import { type Finding, type Placed, sequenced } from './sequence.ts';
import type { Sequencer } from './sequencer.ts';

/** Records of one organisation that a run looks through. */
const WAITING_MAX = 5_000;
/** What a batch reports stands in the transaction that fixes it: a hundred items in all. */
const FINDINGS_PER_BATCH_MAX = 99;

export interface Appended {
  readonly leaves: number;
  /** Behind a record that cannot be seen yet, or left for the next run. */
  readonly waiting: number;
  readonly findings: number;
}

/**
 * Brings what waits into the log of one organisation. What another has begun is finished first; when another is faster,
 * the rest is left to it.
 */
export async function appendPending(
  controller: ControllerId,
  pending: { readonly keys: readonly ActivityKey[]; readonly isWhole: boolean },
  sequencer: Sequencer,
): Promise<Appended> {
  const { table, now, hasTimeLeft, batchLeavesMax } = sequencer;
  let state = await table.state(controller);
  if (state.batch) state = await finished(state, state.batch, sequencer);
  const keys = pending.keys.slice(0, WAITING_MAX);
  const rows = await table.rows(keys);
  // The index may show what is in the log already.
  const waiting = [...rows.values()]
    .filter((row) => row['unsequenced'] !== undefined)
    .map((row) => ({ entry: entryOfRow(row) }))
    .map(({ entry }) => ({ entry, hash: entryHash(entry) }));
  const chains = await table.chains(controller, [...new Set(waiting.map(({ entry }) => entry.writer))]);
  const isWhole = pending.isWhole && keys.length === pending.keys.length;
  const { placed, stillWaiting } = sequenced(waiting, chains, { now: now(), isWhole });

  let appended = 0;
  let found = 0;
  while (appended < placed.length && hasTimeLeft()) {
    const next = withinReports(placed.slice(appended, appended + batchLeavesMax));
    const findings = next.flatMap(({ finding }) => finding ?? []);
    const batch = batchOf(state.size, next);
    const reports = findings.map((finding) => reportOf(controller, finding));
    const { requestId, newEventId } = sequencer;
    const author = { requestId, actor: 'system:sequencer', newEventId };
    if (!(await table.begin(state, batch, reports, author))) break;
    for (const finding of findings) sequencer.log({ metric: 'log-gap', organisationId: controller, ...finding });
    state = await finished({ ...state, batch }, batch, sequencer, rows);
    appended += next.length;
    found += findings.length;
  }
  const unseen = pending.keys.length - keys.length;
  return { leaves: appended, waiting: unseen + stillWaiting + placed.length - appended, findings: found };
}

/** As many from the first on as the reports of one batch allow. */
function withinReports(placed: readonly Placed[]): readonly Placed[] {
  const tooMany = placed.filter(({ finding }) => finding)[FINDINGS_PER_BATCH_MAX];
  return tooMany ? placed.slice(0, placed.indexOf(tooMany)) : placed;
}

/**
 * From wherever it was left: bodies and tiles first, then the checkpoint, then the rows. Each part may be done again, by
 * another at the same time too, and leaves the same. Gives the log as the batch leaves it, and not as it is by then: what
 * was looked through before holds only for a log that nobody else has made grow.
 */
async function finished(
  state: LogState,
  batch: LogBatch,
  sequencer: Sequencer,
  known?: ReadonlyMap<string, ActivityRow>,
): Promise<LogState> {
  const { table, now } = sequencer;
  const { controller, signedSize } = state;
  const isSwapped = state.size > batch.from;
  const root = isSwapped ? state.root : await stored(state, batch, sequencer, known);
  await table.mark(controller, batch, now().toISOString());
  await table.clear(controller, batch);
  return { controller, size: batch.from + batch.leaves.length, signedSize, ...(root && { root }) };
}

async function stored(
  state: LogState,
  batch: LogBatch,
  { table, logFiles, offlineFiles }: Sequencer,
  known?: ReadonlyMap<string, ActivityRow>,
): Promise<Hash> {
  const { controller } = state;
  const rows = known ?? (await table.rows(batch.leaves));
  // Before the tiles: where a tile is, there is what a restore needs to come up to it.
  const bodies = packedBodies(bodiesIn(controller, batch, rows));
  await offlineFiles.putOnce(bodiesKey(controller, batch.from), bodies, { contentType: 'application/gzip' });
  const hashes = batch.leaves.map(({ hash }) => hash);
  const root = await putTiles(logFiles, controller, { size: state.size, root: state.root }, hashes);
  // When it fails another was faster, and has come as far; what follows changes nothing then.
  await table.swap({ ...state, batch }, { size: batch.from + batch.leaves.length, root });
  return root;
}

function batchOf(from: number, placed: readonly Placed[]): LogBatch {
  const tips = new Map(placed.map(({ entry, tip }) => [entry.writer, { writer: entry.writer, ...tip }]));
  return {
    from,
    leaves: placed.map(({ entry, hash }) => ({ pk: `${entry.controller}#${entry.subject}`, sk: entry.id, hash })),
    tips: [...tips.values()],
  };
}

function bodiesIn(controller: ControllerId, { from, leaves }: LogBatch, rows: ReadonlyMap<string, ActivityRow>) {
  return {
    controller,
    from,
    leaves: leaves.map(({ pk, sk, hash }): { hash: Hash; entry?: ReturnType<typeof entryOfRow> } => {
      const row = rows.get(`${pk}|${sk}`);
      return row ? { hash, entry: entryOfRow(row) } : { hash };
    }),
  };
}

/** In the log itself, about the organisation: whoever reads it sees what is amiss. */
const reportOf = (controller: ControllerId, { kind, writer, from, to }: Finding): ActivityRecord => ({
  event: 'log.gap-found',
  subject: { controller, subject: controller as SubjectId },
  detail: { kind, writer, from, to },
});
