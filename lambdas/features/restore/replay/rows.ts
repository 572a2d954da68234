import { randomUUID } from 'node:crypto';
import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { keyAttributes } from '../../../platform/change-rows.ts';
import type { Row } from '../../../platform/dynamo.ts';
import type { Store } from '../../../platform/open-records.ts';
import type { TableName } from '../../../platform/tables.ts';

/** A row as it is to lie there; without an item it is to be gone. */
export interface RowWrite {
  readonly key: { readonly pk: string; readonly sk: string };
  readonly item?: Row;
}

/** A row of 400 KB may come; ten of them are within the 4 MB of a transaction. */
const ROWS_PER_TRANSACTION = 10;
const TRANSACTIONS_SIDE_BY_SIDE = 8;

/**
 * Puts and removes rows as they are, each key once, without any record of it: they are part of what is imported, not a
 * change that somebody makes. Repeating it ends alike.
 */
export async function writeRows(
  { dynamo, tableNames }: Pick<Store, 'dynamo' | 'tableNames'>,
  table: TableName,
  writes: readonly RowWrite[],
): Promise<void> {
  const TableName = tableNames[table];
  const items = writes.map(
    ({ key, item }): TransactWriteItem =>
      item ? { Put: { TableName, Item: item } } : { Delete: { TableName, Key: keyAttributes(key) } },
  );
  const transactions = chunksOf(items, ROWS_PER_TRANSACTION);
  for (const wave of chunksOf(transactions, TRANSACTIONS_SIDE_BY_SIDE)) {
    await Promise.all(wave.map((transaction) => dynamo.transact(transaction, randomUUID())));
  }
}

export const chunksOf = <T>(all: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size));
