import {
  DescribeExportCommand,
  type DynamoDBClient,
  ExportTableToPointInTimeCommand,
  InvalidExportTimeException,
} from '@aws-sdk/client-dynamodb';

export interface TableExport {
  readonly table: string;
  readonly generation: number;
  /** Where it is put in the bucket. */
  readonly prefix: string;
  /** RFC 3339, whole seconds: the table as it was then. */
  readonly exportTime: string;
  /** The same for the same attempt: within eight hours DynamoDB answers with the export that it began for it. */
  readonly token: string;
}

/** Full exports of tables in DynamoDB JSON, as DynamoDB itself makes them from its recovery window. */
export interface TableExports {
  /** DynamoDB ExportTableToPointInTime: its ARN; undefined when the moment is outside the recovery window. */
  begin(wanted: TableExport): Promise<string | undefined>;
  /** DynamoDB DescribeExport. */
  state(exportArn: string): Promise<'under-way' | 'completed' | 'failed'>;
}

export function tableExports(
  client: Pick<DynamoDBClient, 'send'>,
  /** ARNs of the tables by their names, of any generation. */
  arns: Readonly<Record<string, string>>,
  to: { readonly bucket: string; readonly keyArn: string },
): TableExports {
  return {
    async begin({ table, generation, prefix, exportTime, token }) {
      try {
        const { ExportDescription } = await client.send(
          new ExportTableToPointInTimeCommand({
            TableArn: arnOfGeneration(arns[table], generation),
            ExportTime: new Date(exportTime),
            ExportFormat: 'DYNAMODB_JSON',
            ExportType: 'FULL_EXPORT',
            S3Bucket: to.bucket,
            S3Prefix: prefix,
            // Without these DynamoDB asks for AWS's own encryption, whatever the bucket's default is.
            S3SseAlgorithm: 'KMS',
            S3SseKmsKeyId: to.keyArn,
            ClientToken: token,
          }),
        );
        if (!ExportDescription?.ExportArn) throw new Error('DynamoDB named no export');
        return ExportDescription.ExportArn;
      } catch (error) {
        if (error instanceof InvalidExportTimeException) return undefined;
        throw error;
      }
    },

    async state(ExportArn) {
      const { ExportDescription } = await client.send(new DescribeExportCommand({ ExportArn }));
      if (ExportDescription?.ExportStatus === 'COMPLETED') return 'completed';
      return ExportDescription?.ExportStatus === 'FAILED' ? 'failed' : 'under-way';
    },
  };
}

function arnOfGeneration(arn: string | undefined, generation: number): string {
  if (arn === undefined) throw new Error('A table that is not in the backup');
  return arn.replace(/-g\d+$/, `-g${generation}`);
}
