import { randomUUID } from 'node:crypto';
import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { keyAttributes, pointerRow } from './change-rows.ts';
import type { Row } from './dynamo.ts';
import type { ControllerId, Owner } from './entity.ts';
import { type KeyFences, keyFences } from './key-fences.ts';
import type { LedgerHead } from './ledger.ts';
import { type EntryInLedger, entriesInKeys, lastLedgerEntry, ledgerEntries, ledgerHead } from './ledger-entries.ts';
import { type ActivityRow, type LogTable, logTable } from './log-table.ts';
import { openRecords, type Store } from './open-records.ts';
import { type PartitionRows, partitionRows, type RawRow } from './partition-rows.ts';
import type { Author, Pointer, Records } from './records.ts';
import { type Seal, sealsOf } from './sealed-rows.ts';
import type { TableName } from './tables.ts';

/** A row as it is to lie there; without an item it is to be gone. */
export interface RowWrite {
  readonly key: { readonly pk: string; readonly sk: string };
  readonly item?: Row;
}

/**
 * The tables of a generation that nobody uses yet. What is written as it is leaves no record of it: it is a part of what
 * is imported, not a change that somebody makes. Repeating it ends alike.
 */
export interface RestoredTables {
  readonly rows: PartitionRows;
  readonly fences: Pick<KeyFences, 'generations'>;
  /** Each key once. */
  write(table: TableName, writes: readonly RowWrite[]): Promise<void>;
  /** Each key once. */
  point(table: TableName, pointers: readonly Pointer[]): Promise<void>;
  ledger(controller: ControllerId, after: LedgerHead): AsyncGenerator<EntryInLedger>;
  lastLedgerEntry(controller: ControllerId): Promise<LedgerHead>;
  /** Puts the entries back that come after one and that Keys still hold; how many. */
  completeLedger(controller: ControllerId, after: LedgerHead): Promise<number>;
  /** By what Keys say. */
  ledgerHead(controller: ControllerId): Promise<LedgerHead>;
  seals(rows: readonly RawRow[]): Promise<Seal[]>;
  readonly log: LogTable;
  /** The newest activity records of somebody, as they lie there. */
  newestActivity(owner: Owner, limit: number): Promise<readonly ActivityRow[]>;
  /** Records that see through restrictions, and what has expired. For reading only. */
  beforeAnyExpiry(author: Author): Records;
}

/** A row of 400 KB may come; ten of them are within the 4 MB of a transaction. */
const ROWS_PER_TRANSACTION = 10;
const TRANSACTIONS_SIDE_BY_SIDE = 8;

export function restoredTables(store: Store): RestoredTables {
  const { dynamo, tableNames } = store;

  async function write(table: TableName, writes: readonly RowWrite[]): Promise<void> {
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

  return {
    rows: partitionRows(store),
    fences: keyFences(store, { send: () => Promise.reject(new Error('A restore writes nothing into the mirror')) }),
    write,
    point: (table, pointers) =>
      write(
        table,
        pointers.map((pointer) => ({ key: pointer, item: pointerRow(pointer) })),
      ),
    ledger: (controller, after) => ledgerEntries(store, controller, after),
    lastLedgerEntry: (controller) => lastLedgerEntry(store, controller),
    ledgerHead: (controller) => ledgerHead(store, controller),
    async completeLedger(controller, after) {
      const lost = await entriesInKeys(store, controller, after);
      const writes = lost.map((row) => ({
        key: { pk: row.pk, sk: row.sk },
        item: marshall(row, { removeUndefinedValues: true }),
      }));
      await write('rights', writes);
      return lost.length;
    },
    seals: (rows) => sealsOf(store, rows),
    log: logTable(store),
    async newestActivity({ controller, subject }, limit) {
      const { rows } = await dynamo.query({
        TableName: tableNames.activity,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: `${controller}#${subject}` } },
        ConsistentRead: true,
        ScanIndexForward: false,
        Limit: limit,
      });
      return rows.map((row) => unmarshall(row) as ActivityRow);
    },
    beforeAnyExpiry: (author) =>
      openRecords({ ...store, now: () => new Date(0) }, author, undefined, { throughRestriction: true }),
  };
}

const chunksOf = <T>(all: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size));
