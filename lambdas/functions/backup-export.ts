import { dynamoClient } from '../platform/dynamo.ts';
import { env } from '../platform/env.ts';
import { exportTables } from '../platform/table-export.ts';
import { type TableDeclaration, tables } from '../platform/tables.ts';

const client = dynamoClient();
const bucket = env('BACKUP_BUCKET');
const wanted = Object.entries(tables as Record<string, TableDeclaration>)
  .filter(([, table]) => table.inBackup)
  .map(([name, table]) => ({ name, arn: env(`${table.env}_ARN`) }));

/** Every day a full export of every table that belongs in a backup (FW-11): ciphertext only, gone by lifecycle. */
export const handler = (): Promise<{ started: number }> =>
  exportTables(client, wanted, { bucket, day: new Date().toISOString().slice(0, 10) });
