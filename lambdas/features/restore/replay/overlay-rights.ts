import type { RowWrite } from '../../../platform/restored-tables.ts';
import type { RightsCopied } from '../../rights-copy/read.ts';
import { readRightsCopies } from '../../rights-copy/read.ts';
import type { StepOutcome } from '../step.ts';
import { note, noted } from './notes.ts';
import { onTables, type Replay } from './replay.ts';
import { tornSince } from './window.ts';

/** Rows that are held before they are written: the newest state of each. */
const ROWS_HELD_MAX = 1_000;
const LOOK_BACK_MILLISECONDS = 10 * 60 * 1000;

/** What the rows of Rights are about whose pointers lie in Core: the ledger's replay puts those right. */
const kindsWithPointers = ['CONSENT', 'REQUEST', 'LEGAL-HOLD'];
const LEDGER_END = '#LEDGER';

/**
 * Brings the imported Rights up to what they were at last, from the copies in the locked bucket: every change since the
 * export, removals included, in order for each row. So nothing that people have decided is undone with the table.
 */
export const overlayRights = onTables((replay) => {
  const since = replay.cursor === undefined ? tornSince(replay) : new Date(replay.cursor);
  return applyCopies(replay, since);
});

/** The copies that have come since the overlay: a change may take a minute to get there. */
export async function catchUp(replay: Replay): Promise<StepOutcome> {
  const [overlaid] = (await noted(replay, 'overlaid')).slice(-1);
  const since = overlaid === undefined ? tornSince(replay) : new Date(Date.parse(overlaid) - LOOK_BACK_MILLISECONDS);
  return applyCopies(replay, since);
}

/**
 * Where time runs out it is gone on with from the same day: to apply a change twice in its order ends alike, and copies
 * may still come between those that were read. A day that was begun is brought to its end: the next run would come no further.
 */
async function applyCopies(replay: Replay, since: Date): Promise<StepOutcome> {
  const begunAt = replay.now().toISOString();
  const held = new Map<string, RowWrite>();
  let changes = 0;
  for await (const copied of readRightsCopies(replay.offlineFiles, since, replay.now())) {
    held.set(`${copied.key.pk}|${copied.key.sk}`, copied);
    changes++;
    if (held.size < ROWS_HELD_MAX) continue;
    await write(replay, held);
    const next = goOnFrom(copied, since);
    if (!replay.hasTimeLeft() && next > since) {
      return { done: false, cursor: next.toISOString(), figures: { rightsChanges: changes } };
    }
  }
  await write(replay, held);
  await note(replay, 'overlaid', [begunAt]);
  return { done: true, figures: { rightsChanges: changes } };
}

function goOnFrom({ at }: RightsCopied, since: Date): Date {
  const day = new Date(`${at.toISOString().slice(0, 'yyyy-mm-dd'.length)}T00:00:00Z`);
  return day > since ? day : since;
}

/** The notes go first: what is applied and not noted would be looked at by nobody. */
async function write(replay: Replay, held: Map<string, RowWrite>): Promise<void> {
  const keys = [...held.values()].map(({ key }) => key);
  const ledgers = keys.filter(({ pk }) => pk.endsWith(LEDGER_END));
  await note(
    replay,
    'ledgers',
    ledgers.map(({ pk }) => pk.slice(0, -LEDGER_END.length)),
  );
  const withPointers = keys.filter(({ sk }) => kindsWithPointers.includes(sk.slice(0, sk.indexOf('#'))));
  await note(
    replay,
    'rights',
    withPointers.map(({ pk }) => pk),
  );
  await replay.tables.write('rights', [...held.values()]);
  held.clear();
}
