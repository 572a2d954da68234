import { ExportConflictException, ExportTableToPointInTimeCommand } from '@aws-sdk/client-dynamodb';
import { dynamoClient } from '../platform/dynamo.ts';
import { env } from '../platform/env.ts';
import { type TableDeclaration, tables } from '../platform/tables.ts';

const client = dynamoClient();
const bucket = env('BACKUP_BUCKET');

/** Every day a full export of every table that belongs in a backup (FW-11): ciphertext only, gone by lifecycle. */
export async function handler(): Promise<{ started: number }> {
  const day = new Date().toISOString().slice(0, 10);
  const wanted = Object.entries(tables as Record<string, TableDeclaration>).filter(([, table]) => table.inBackup);
  for (const [name, table] of wanted) await startExport(name, env(`${table.env}_ARN`), day);
  return { started: wanted.length };
}

/** The token makes a second run on the same day find the first one's export. */
async function startExport(name: string, tableArn: string, day: string): Promise<void> {
  await client
    .send(
      new ExportTableToPointInTimeCommand({
        TableArn: tableArn,
        S3Bucket: bucket,
        S3Prefix: `daily/${day}/${name}`,
        ExportFormat: 'DYNAMODB_JSON',
        ExportType: 'FULL_EXPORT',
        ClientToken: `daily-${day}-${name}`,
      }),
    )
    .catch((error) => {
      if (!(error instanceof ExportConflictException)) throw error;
    });
}
