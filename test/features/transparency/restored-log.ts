import { BatchWriteItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { recoverHeads, recoverLog } from '../../../lambdas/features/transparency/recover.ts';
import { logTable } from '../../../lambdas/platform/log-table.ts';
import type { TestDynamoDb } from '../../support/dynoxide.ts';
import { type LogWorld, newEvent } from './log-world.ts';

export type Items = Record<string, never>[];
const WRITES_IN_A_BATCH = 25;

export const backUp = async (db: TestDynamoDb, { store }: LogWorld): Promise<Items> =>
  ((await db.client.send(new ScanCommand({ TableName: store.tableNames.activity }))).Items ?? []) as Items;

/** The same buckets and clock, and new tables that hold what the backup held. */
export async function restored(db: TestDynamoDb, world: LogWorld, backup: Items): Promise<LogWorld> {
  const tableNames = await db.createTables();
  for (let from = 0; from < backup.length; from += WRITES_IN_A_BATCH) {
    const writes = backup.slice(from, from + WRITES_IN_A_BATCH).map((Item) => ({ PutRequest: { Item } }));
    await db.client.send(new BatchWriteItemCommand({ RequestItems: { [tableNames.activity]: writes } }));
  }
  Object.assign(world.store, { tableNames });
  return world;
}

export const recover = (world: LogWorld, controller = world.organisation, filesMax?: number) =>
  recoverLog(
    logTable(world.store),
    { logFiles: world.files('log'), offlineFiles: world.files('offline') },
    controller,
    world.store.clock,
    filesMax,
  );
export const recoverTheHeads = (world: LogWorld) =>
  recoverHeads(logTable(world.store), { logFiles: world.files('log') });
export const events = async (world: LogWorld, count: number, container = world.container()) => {
  for (let i = 0; i < count; i++) await newEvent(container, world.organisation);
};
