import type { ScheduledEvent } from 'aws-lambda';
import { type BackedUpTable, backedUpTables } from '../features/backups/backup.ts';
import { exportDays } from '../features/backups/export-days.ts';
import { backupFiles } from '../platform/backup-files.ts';
import { dynamo, dynamoClient } from '../platform/dynamo.ts';
import { env } from '../platform/env.ts';
import { filesClient } from '../platform/files.ts';
import { gate, generationOf } from '../platform/gate.ts';
import { tableNamesFrom } from '../platform/open-records.ts';
import { tableExports } from '../platform/table-export.ts';
import { tables } from '../platform/tables.ts';

const client = dynamoClient();
const arns = Object.fromEntries(
  backedUpTables.map((table): [BackedUpTable, string] => [table, env(`${tables[table].env}_ARN`)]),
);
const bucket = env('BACKUP_BUCKET');
const files = backupFiles(filesClient(), bucket);
const exports = tableExports(client, arns, { bucket, keyArn: env('BACKUP_KEY_ARN') });
const now = () => new Date();
const theGate = gate({
  dynamo: dynamo(client),
  table: env(tables.gate.env),
  // This function reads no table, so it knows the tables by their ARNs alone.
  deployedGeneration: generationOf({ ...tableNamesFrom(process.env), core: arns['core'] ?? '' }),
  now,
});

/**
 * Every hour: the day's exports are begun, and those that failed are begun again (FW-11). Not while a restore is under
 * way: it would show tables that nobody works on.
 */
export async function handler(_event: ScheduledEvent, context: { readonly awsRequestId: string }): Promise<void> {
  const { isOpen, generation } = await theGate.current();
  if (!isOpen) return;
  const log = (line: object) => console.log(JSON.stringify({ requestId: context.awsRequestId, ...line }));
  await exportDays({ exports, files, generation, now, log });
}
