import { unmarshall } from '@aws-sdk/util-dynamodb';
import { type Row, rowId } from './dynamo.ts';
import type { Store } from './open-records.ts';
import type { TableName } from './tables.ts';

const PAGE_ITEMS = 200;

/** A row as it lies in its table: nothing is opened, and what has expired is still there. */
export interface RawRow {
  readonly table: TableName;
  readonly pk: string;
  readonly sk: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}
export type RawKey = Pick<RawRow, 'table' | 'pk' | 'sk'>;

/** What an erasure sees: every row, whether or not its key still opens it. Consistent reads; no table is scanned. */
export interface PartitionRows {
  of(table: TableName, pk: string, prefix?: string): AsyncGenerator<RawRow>;
  /** Those of the keys at which something lies. */
  at(keys: readonly RawKey[]): Promise<RawRow[]>;
}

export function partitionRows({ dynamo, tableNames }: Pick<Store, 'dynamo' | 'tableNames'>): PartitionRows {
  return {
    async *of(table, pk, prefix) {
      let start: Row | undefined;
      do {
        const { rows, more } = await dynamo.query({
          TableName: tableNames[table],
          KeyConditionExpression: prefix === undefined ? 'pk = :pk' : 'pk = :pk AND begins_with(sk, :prefix)',
          ExpressionAttributeValues: { ':pk': { S: pk }, ...(prefix !== undefined && { ':prefix': { S: prefix } }) },
          ConsistentRead: true,
          Limit: PAGE_ITEMS,
          ...(start && { ExclusiveStartKey: start }),
        });
        for (const row of rows) yield rawRow(table, row);
        const last = rows.at(-1);
        start = more && last ? { pk: last['pk']!, sk: last['sk']! } : undefined;
      } while (start);
    },

    async at(keys) {
      const physical = keys.map((key) => ({ ...key, table: tableNames[key.table] }));
      const rows = await dynamo.batchGet(physical.map((key) => [key]));
      return keys.flatMap(({ table }, i) => {
        const row = rows.get(rowId(physical[i]!));
        return row ? [rawRow(table, row)] : [];
      });
    },
  };
}

function rawRow(table: TableName, row: Row): RawRow {
  const { pk, sk, ...attributes } = unmarshall(row);
  return { table, pk: String(pk), sk: String(sk), attributes };
}
