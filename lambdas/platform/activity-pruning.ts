import { randomUUID } from 'node:crypto';
import { monthPartition } from './activity-chain.ts';
import type { Row } from './dynamo.ts';
import type { ControllerId } from './entity.ts';
import { leafRowsThrough } from './log-leaves.ts';
import { logTable } from './log-table.ts';
import type { Store } from './open-records.ts';

/** As many as a transaction holds. */
const REMOVED_AT_ONCE_MAX = 100;
const PAGE_ROWS = 1_000;

/** What the pruning of the activity log needs to know of a row. */
export interface AgingRow {
  readonly pk: string;
  readonly sk: string;
  /** When it happened, RFC 3339. */
  readonly at: string;
  /** Its place in the log; absent until the sequencer has been there. */
  readonly leaf?: number;
}

/** The oldest end of the activity log; its right to remove is the retention worker's alone (`activity:prune`). */
export interface ActivityPruning {
  /** Everyone who has a log, those who have left included. */
  controllers(): Promise<readonly ControllerId[]>;
  /** A month (`YYYY-MM`, UTC) of a controller's records by their ids, which begin with the time. Reads a page at a time. */
  inMonth(controller: ControllerId, month: string): AsyncIterable<AgingRow>;
  /**
   * Removes rows whole, in the given order; one that is not there any more is no error. Throws, and leaves the rest, at
   * one that has no place in the log yet: nothing would be left of that.
   */
  remove(rows: readonly AgingRow[]): Promise<void>;
  /** Forgets where in the log those stood that are gone, up to a leaf; what is beyond a hundred rows waits for another run. */
  forgetPlaces(controller: ControllerId, through: number): Promise<void>;
}

export function activityPruning(store: Pick<Store, 'dynamo' | 'tableNames' | 'chains' | 'now'>): ActivityPruning {
  const { dynamo } = store;
  // Asked for each time: the active generation may change.
  const table = () => store.tableNames.activity;
  return {
    controllers: async () => (await logTable(store).states()).map(({ controller }) => controller),

    async *inMonth(controller, month) {
      let start: Row | undefined;
      do {
        const { rows, more } = await dynamo.query({
          TableName: table(),
          IndexName: 'byMonth',
          KeyConditionExpression: '#month = :month',
          ProjectionExpression: 'pk, sk, #at, leaf, #month',
          ExpressionAttributeNames: { '#month': 'month', '#at': 'at' },
          ExpressionAttributeValues: { ':month': { S: monthPartition(controller, month) } },
          Limit: PAGE_ROWS,
          ...(start && { ExclusiveStartKey: start }),
        });
        for (const row of rows) yield agingRow(row);
        const { pk, sk, month: partition } = rows.at(-1) ?? {};
        start = more && pk && sk && partition ? { pk, sk, month: partition } : undefined;
      } while (start);
    },

    async remove(rows) {
      for (let from = 0; from < rows.length; from += REMOVED_AT_ONCE_MAX) {
        const items = rows.slice(from, from + REMOVED_AT_ONCE_MAX).map(({ pk, sk }) => ({
          Delete: {
            TableName: table(),
            Key: { pk: { S: pk }, sk: { S: sk } },
            ConditionExpression: 'attribute_not_exists(pk) OR attribute_exists(leaf)',
          },
        }));
        await dynamo.transact(items, randomUUID());
      }
    },

    async forgetPlaces(controller, through) {
      const rows = await leafRowsThrough({ dynamo, table }, controller, through);
      const items = rows.map(({ pk, sk }) => ({
        Delete: { TableName: table(), Key: { pk: { S: pk }, sk: { S: sk } } },
      }));
      if (items.length > 0) await dynamo.transact(items, randomUUID());
    },
  };
}

function agingRow({ pk, sk, at, leaf }: Row): AgingRow {
  return { pk: pk?.S ?? '', sk: sk?.S ?? '', at: at?.S ?? '', ...(leaf?.N !== undefined && { leaf: Number(leaf.N) }) };
}
