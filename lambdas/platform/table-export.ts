import { type DynamoDBClient, ExportTableToPointInTimeCommand } from '@aws-sdk/client-dynamodb';

export interface TableToExport {
  readonly name: string;
  readonly arn: string;
}

/** One or more of a day's exports did not start; those that could did. Names tables and errors, nothing else. */
export class ExportsNotStarted extends Error {
  override readonly name = 'ExportsNotStarted';
}

/**
 * Starts a full export of each table (DynamoDB ExportTableToPointInTime), all of them even when one is refused: a backup
 * of two tables is better than none. The token makes a second run on the same day find the first one's export, so a
 * conflict is never one with ourselves. Throws {@link ExportsNotStarted}, so that the run is repeated and the alarm rings.
 */
export async function exportTables(
  client: Pick<DynamoDBClient, 'send'>,
  wanted: readonly TableToExport[],
  { bucket, day }: { readonly bucket: string; readonly day: string },
): Promise<{ started: number }> {
  const outcomes = await Promise.allSettled(
    wanted.map(({ name, arn }) =>
      client.send(
        new ExportTableToPointInTimeCommand({
          TableArn: arn,
          S3Bucket: bucket,
          S3Prefix: `daily/${day}/${name}`,
          ExportFormat: 'DYNAMODB_JSON',
          ExportType: 'FULL_EXPORT',
          ClientToken: `daily-${day}-${name}`,
        }),
      ),
    ),
  );
  const failures = outcomes.flatMap((outcome, i) =>
    outcome.status === 'rejected' ? [`${wanted[i]!.name}: ${nameOf(outcome.reason)}`] : [],
  );
  if (failures.length > 0) throw new ExportsNotStarted(failures.join(', '));
  return { started: wanted.length };
}

const nameOf = (error: unknown) => (error instanceof Error ? error.name : 'unknown');
