import type { Owner } from '../../lambdas/platform/entity.ts';
import type { ActivityRecord, Change, Records } from '../../lambdas/platform/records.ts';

/** Below DynamoDB's 100: each change has its activity record and the conditions on its class keys beside the rows. */
const ROWS_PER_CHANGE = 80;
/** Changes under way at once: enough that the engine never waits, few enough that they seldom meet on a key. */
const SIDE_BY_SIDE = 6;

/** One row or a few that belong together, and how many they are. */
export interface Piece {
  readonly rows: number;
  write(change: Change): void;
}
/** Pieces about one subject, in the order in which they are written. */
export interface Work {
  readonly subject: Owner;
  readonly event: ActivityRecord['event'];
  readonly pieces: readonly Piece[];
}

/** Writes through the product's own records: sealed, with conditions and activity records, in as few changes as possible. */
export async function writeAll(
  work: readonly Work[],
  records: () => Records,
  onWritten: (rows: number) => void,
): Promise<void> {
  const waiting = [...work];
  await Promise.all(
    Array.from({ length: SIDE_BY_SIDE }, async () => {
      for (let one = waiting.shift(); one; one = waiting.shift()) await writeOne(one, records(), onWritten);
    }),
  );
}

async function writeOne({ subject, event, pieces }: Work, records: Records, onWritten: (rows: number) => void) {
  let [change, rows] = [records.change(), 0];
  const commit = async () => {
    if (rows === 0) return;
    await change.activity({ event, subject, detail: { rows } }).commit();
    onWritten(rows);
    [change, rows] = [records.change(), 0];
  };
  for (const piece of pieces) {
    if (rows + piece.rows > ROWS_PER_CHANGE) await commit();
    piece.write(change);
    rows += piece.rows;
  }
  await commit();
}
