import * as z from 'zod';
import type { ControllerId } from '../../../platform/entity.ts';
import type { LedgerHead } from '../../../platform/ledger.ts';
import type { EntryInLedger } from '../../../platform/ledger-entries.ts';
import type { Eraser } from '../../erasure/eraser.ts';
import { RestoreRefused } from '../step.ts';
import { controllersIn } from './controllers.ts';
import { mayBeBack, replayErasure, replayShredding } from './erasure.ts';
import { catchUp } from './overlay-rights.ts';
import { replayRectification } from './rectification.ts';
import { onTables, type Replay } from './replay.ts';
import { settlePointers, surveyAgain } from './settle.ts';
import { targetEraser } from './target-eraser.ts';

/** Where a run goes on: within a controller's ledger, or with the pointers that lead to Rights. */
const Cursor = z.union([
  z.strictObject({ controller: z.string(), sequence: z.int().min(0), hash: z.string() }),
  z.strictObject({ settledTo: z.string() }),
]);
type Cursor = z.output<typeof Cursor>;

const BEGINNING: LedgerHead = { sequence: 0, hash: '' };
const noFigures = { entries: 0, replayed: 0, rowsRemoved: 0, rectified: 0, pointersSettled: 0, entriesAhead: 0 };
type Counted = { -readonly [K in keyof typeof noFigures]: number };

/**
 * Lets the restored Core follow every right that was exercised since: each controller's ledger, in order, as far as its
 * head in Keys. Refuses with `ledger-broken` where the chain of hashes does not hold, and with `ledger-ahead` where Keys
 * know of less than the ledger; fails, to be tried again, while Keys know of more: copies may still be on their way.
 * Withdrawals, objections and restrictions need nothing but their pointers: Keys hold them, and were never restored.
 */
export const replayLedger = onTables(async (context) => {
  const cursor = context.cursor === undefined ? undefined : Cursor.parse(JSON.parse(context.cursor));
  const caughtUp = await catchUp(context);
  const goOn = context.cursor === undefined ? {} : { cursor: context.cursor };
  if (!caughtUp.done) return { done: false, ...goOn };
  const eraser = targetEraser(context);
  const counted: Counted = { ...noFigures };
  const next = await replayed(context, eraser, cursor, counted);
  return next
    ? { done: false, cursor: JSON.stringify(next), figures: counted }
    : { done: true, figures: { ...counted, ...(await surveyAgain(context, eraser)) } };
});

async function replayed(
  context: Replay,
  eraser: Eraser,
  cursor: Cursor | undefined,
  counted: Counted,
): Promise<Cursor | undefined> {
  if (!cursor || 'controller' in cursor) {
    for (const controller of await controllersIn(context)) {
      if (cursor && controller < cursor.controller) continue;
      const from = cursor?.controller === controller ? cursor : BEGINNING;
      const stopped = await replayController(context, eraser, controller, from, counted);
      if (stopped) return { controller, ...stopped };
    }
  }
  const settledTo = cursor && 'settledTo' in cursor ? cursor.settledTo : '';
  const settled = await settlePointers(context, eraser, settledTo);
  counted.pointersSettled += settled.pointers;
  return settled.cursor === undefined ? undefined : { settledTo: settled.cursor };
}

/** Answers where it has stopped because time is over; nothing when the controller's ledger is through and at its head. */
async function replayController(
  context: Replay,
  eraser: Eraser,
  controller: ControllerId,
  { sequence, hash }: LedgerHead,
  counted: Counted,
): Promise<LedgerHead | undefined> {
  let head: LedgerHead = { sequence, hash };
  do {
    for await (const entry of context.tables.ledger(controller, head)) {
      if (!entry.isChained) throw new RestoreRefused('ledger-broken', { controller, sequence: entry.sequence });
      await replay(context, eraser, entry, counted);
      head = { sequence: entry.sequence, hash: entry.hash };
      counted.entries++;
      if (!context.hasTimeLeft()) return head;
    }
    // What was lost with Rights before it was copied: Keys hold the last entries too.
  } while ((await context.tables.completeLedger(controller, head)) > 0);
  counted.entriesAhead += await entriesAhead(context, controller, head);
  return undefined;
}

/**
 * How many entries Keys know of that the ledger has not: none, or the restore must not go on. But in a drill the service
 * goes on meanwhile, and its last entries may not be copied yet.
 */
export async function entriesAhead(context: Replay, controller: ControllerId, reached: LedgerHead): Promise<number> {
  const { isDrill, log, tables } = context;
  const known = await tables.ledgerHead(controller);
  const facts = { controller, replayed: reached.sequence, known: known.sequence };
  const isOther = known.sequence === reached.sequence && known.hash !== reached.hash;
  if (known.sequence < reached.sequence || isOther) throw new RestoreRefused('ledger-ahead', facts);
  const ahead = known.sequence - reached.sequence;
  if (ahead === 0) return 0;
  log({ event: 'restore.ledger-behind', ...facts });
  if (!isDrill) throw new Error('Keys know of entries that the ledger does not have yet');
  return ahead;
}

async function replay(context: Replay, eraser: Eraser, entry: EntryInLedger, counted: Counted): Promise<void> {
  switch (entry.kind) {
    case 'erasure':
      if (!(await mayBeBack(context, entry))) return;
      counted.rowsRemoved += await replayErasure(context, entry, eraser);
      break;
    case 'shredding':
      if (!(await mayBeBack(context, entry))) return;
      counted.rowsRemoved += await replayShredding(context, entry, eraser);
      break;
    case 'rectification':
      if (!(await replayRectification(context, entry))) return;
      counted.rectified++;
      break;
    case 'withdrawal':
    case 'objection':
    case 'objection-lifted':
    case 'restriction':
    case 'restriction-lifted':
      // Their keys are as they left them, and their pointers are settled below.
      return;
  }
  counted.replayed++;
}
