import { rememberStarted, startedBefore } from './client-tokens.ts';
import {
  type Calls,
  type Control,
  existingTable,
  type Input,
  pageOf,
  Refusal,
  tableArn,
  tableNameIn,
} from './control.ts';
import { type ExportResult, newExportArn, writeExport } from './exports.ts';
import { until } from './jobs.ts';
import { demandRecovery, restorableSpan } from './recovery.ts';

type Description = Readonly<Record<string, unknown>>;

interface StoredExport {
  readonly description: Description;
  readonly tableArn: string;
}

const PREFIX = 'export/';
const EXPORTS_PER_PAGE_MAX = 25;

export function exportCalls(control: Control): Calls<'DescribeExport' | 'ExportTableToPointInTime' | 'ListExports'> {
  const { state, now } = control;

  function remember(description: Description): void {
    const stored: StoredExport = { description, tableArn: String(description['TableArn']) };
    state.set(`${PREFIX}${String(description['ExportArn'])}`, JSON.stringify(stored));
  }

  const described = (exportArn: unknown) => {
    const stored = state.get(`${PREFIX}${String(exportArn)}`);
    if (stored === undefined) throw new Refusal('ExportNotFoundException', `Export not found: ${String(exportArn)}`);
    return { ExportDescription: (JSON.parse(stored) as StoredExport).description };
  };

  // An export that a stop cut short never ends by itself.
  for (const { value } of state.entries(PREFIX)) {
    const { description } = JSON.parse(value) as StoredExport;
    if (description['ExportStatus'] !== 'IN_PROGRESS') continue;
    remember({
      ...description,
      ExportStatus: 'FAILED',
      FailureCode: 'UnknownError',
      FailureMessage: 'Interrupted',
      EndTime: now() / 1000,
    });
  }

  async function startExport(input: Input) {
    const before = startedBefore(control, input, 'ExportConflictException');
    if (before !== undefined) return described(before);
    const { TableName, TableId } = await existingTable(control, input['TableArn']);
    const span = restorableSpan(demandRecovery(state, TableName), now());
    demandPlayed(input);
    const startedAt = now();
    const exportTime = input['ExportTime'] === undefined ? startedAt : Number(input['ExportTime']) * 1000;
    if (!(exportTime >= span.from && exportTime <= startedAt)) {
      throw new Refusal(
        'InvalidExportTimeException',
        'The specified ExportTime is outside of the point in time recovery window',
      );
    }
    const exportArn = newExportArn(TableName, startedAt);
    const { S3Bucket, S3Prefix, S3SseAlgorithm = 'AES256', S3SseKmsKeyId, ClientToken } = input;
    const common = {
      ExportArn: exportArn,
      TableArn: tableArn(TableName),
      TableId,
      ExportTime: exportTime / 1000,
      StartTime: startedAt / 1000,
      ClientToken,
      S3Bucket,
      S3Prefix,
      S3SseAlgorithm,
      S3SseKmsKeyId,
      ExportFormat: 'DYNAMODB_JSON',
      ExportType: 'FULL_EXPORT',
    };
    remember({ ...common, ExportStatus: 'IN_PROGRESS' });
    rememberStarted(control, input, exportArn);
    const request = {
      tableName: TableName,
      tableId: TableId,
      bucket: String(S3Bucket),
      prefix: textIn(S3Prefix),
      encryption: {
        algorithm: S3SseAlgorithm === 'KMS' ? ('KMS' as const) : ('AES256' as const),
        kmsKeyId: textIn(S3SseKmsKeyId),
      },
      clientToken: textIn(ClientToken),
      startedAt,
      exportTime,
    };
    control.jobs.start('Export', async (signal) => {
      const items = until(signal, control.history.itemsAt(TableName, exportTime));
      const outcome = await writeExport(exportArn, request, items, control.objects, now).then(
        (result) => completed(result, now()),
        (error: unknown) => failed(error, now()),
      );
      if (!signal.aborted) remember({ ...common, ...outcome });
    });
    return { ExportDescription: { ...common, ExportStatus: 'IN_PROGRESS' } };
  }

  return {
    ExportTableToPointInTime: startExport,
    DescribeExport: ({ ExportArn }) => described(ExportArn),
    ListExports({ TableArn, MaxResults, NextToken }) {
      const wanted = state
        .entries(PREFIX)
        .map(({ value }) => JSON.parse(value) as StoredExport)
        .filter((stored) => TableArn === undefined || tableNameIn(stored.tableArn) === tableNameIn(TableArn));
      const { page, next } = pageOf(wanted, {
        after: NextToken,
        countMax: Math.min(Number(MaxResults ?? EXPORTS_PER_PAGE_MAX), EXPORTS_PER_PAGE_MAX),
        nameOf: ({ description }) => String(description['ExportArn']),
      });
      return {
        ExportSummaries: page.map(({ description: { ExportArn, ExportStatus, ExportType } }) => ({
          ExportArn,
          ExportStatus,
          ExportType,
        })),
        ...(next !== undefined && { NextToken: next }),
      };
    },
  };
}

function demandPlayed(input: Input): void {
  const isFull = (input['ExportType'] ?? 'FULL_EXPORT') === 'FULL_EXPORT';
  if (isFull && (input['ExportFormat'] ?? 'DYNAMODB_JSON') === 'DYNAMODB_JSON') return;
  throw new Refusal('ValidationException', 'The embedded DynamoDB makes full exports in DYNAMODB_JSON alone');
}

const textIn = (value: unknown) => (value === undefined ? undefined : String(value));

function completed({ itemCount, billedSizeBytes, manifestKey }: ExportResult, endedAt: number) {
  return {
    ExportStatus: 'COMPLETED',
    EndTime: endedAt / 1000,
    ItemCount: itemCount,
    BilledSizeBytes: billedSizeBytes,
    ExportManifest: manifestKey,
  };
}

function failed(error: unknown, endedAt: number) {
  const isNoBucket = error instanceof Error && error.name === 'NoSuchBucket';
  return {
    ExportStatus: 'FAILED',
    FailureCode: isNoBucket ? 'S3NoSuchBucket' : 'UnknownError',
    FailureMessage: error instanceof Error ? error.message : String(error),
    EndTime: endedAt / 1000,
  };
}
