import { Agent, type IncomingMessage, type RequestListener, request, type ServerResponse } from 'node:http';
import type { AwsJsonCall } from '../aws-json.ts';
import type { RunnerState } from '../state.ts';
import { type ExportResult, newExportArn, type PutObject, writeExport } from './exports.ts';
import type { TableDeclaration } from './tables.ts';

/** The operations that no engine has, by the IAM action that allows them. */
const gapOperations = [
  'DescribeContinuousBackups',
  'UpdateContinuousBackups',
  'ExportTableToPointInTime',
  'DescribeExport',
  'ListExports',
  'ListBackups',
] as const;
type GapOperation = (typeof gapOperations)[number];

/** Whether a function with these IAM actions may call what only the gaps' endpoint answers. */
export function needsGaps(allowedActions: ReadonlySet<string>): boolean {
  return gapOperations.some((operation) => allowedActions.has(`dynamodb:${operation}`));
}

export interface GapOptions {
  readonly engineEndpoint: string;
  readonly dynamoDb: AwsJsonCall;
  readonly tables: readonly TableDeclaration[];
  readonly state: RunnerState;
  readonly putObject: PutObject;
  nowMilliseconds(): number;
}

/** An error of DynamoDB's own kind. */
class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

type Input = Readonly<Record<string, unknown>>;

interface StoredExport {
  readonly description: Readonly<Record<string, unknown>>;
  readonly tableArn: string;
}

const DAY_MILLISECONDS = 86_400_000;
/** "LatestRestorableDateTime is typically 5 minutes before the current time" (API reference). */
const RESTORABLE_LAG_MILLISECONDS = 5 * 60_000;
const BODY_BYTES_MAX = 16 * 1024 * 1024;

/** An endpoint that answers what the engine lacks, and hands every other call on to it unread. */
export function dynamoDbGaps(options: GapOptions): RequestListener {
  const operations = gapHandlers(options);
  const agent = new Agent({ keepAlive: true });

  async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const operation = String(incoming.headers['x-amz-target'] ?? '').split('.')[1] ?? '';
    if (!Object.hasOwn(operations, operation)) return handOn(incoming, outgoing);
    try {
      send(outgoing, 200, await operations[operation as GapOperation](await inputOf(incoming)));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      send(outgoing, 400, { __type: `com.amazonaws.dynamodb.v20120810#${error.code}`, message: error.message });
    }
  }

  function handOn(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { method, headers, url } = incoming;
    const onward = request(new URL(url ?? '/', options.engineEndpoint), { method, headers, agent }, (response) => {
      outgoing.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  }

  return (incoming, outgoing) => {
    answer(incoming, outgoing).catch((error: unknown) => {
      console.error('DynamoDB gaps:', error);
      if (!outgoing.headersSent)
        send(outgoing, 500, { __type: 'com.amazonaws.dynamodb.v20120810#InternalServerError' });
    });
  };
}

function gapHandlers(options: GapOptions): Record<GapOperation, (input: Input) => unknown> {
  const { tables, state, nowMilliseconds } = options;

  function tableOf(nameOrArn: unknown): TableDeclaration {
    const name = String(nameOrArn).split('/')[1] ?? String(nameOrArn);
    const found = tables.find((table) => table.name === name);
    if (!found) throw new Refusal('TableNotFoundException', `Table not found: ${name}`);
    return found;
  }

  function recovery(table: TableDeclaration): { days: number; since: number } | undefined {
    const stored = state.get(`recovery/${table.name}`);
    if (stored) return (JSON.parse(stored) as { days: number; since: number } | null) ?? undefined;
    if (table.recoveryPeriodDays === undefined) return undefined;
    const declared = { days: table.recoveryPeriodDays, since: nowMilliseconds() };
    state.set(`recovery/${table.name}`, JSON.stringify(declared));
    return declared;
  }

  // From the first start on, whoever asks and when.
  for (const table of tables) recovery(table);

  function continuousBackups(table: TableDeclaration) {
    const on = recovery(table);
    const now = nowMilliseconds();
    return {
      ContinuousBackupsDescription: {
        ContinuousBackupsStatus: 'ENABLED',
        PointInTimeRecoveryDescription: on
          ? {
              PointInTimeRecoveryStatus: 'ENABLED',
              RecoveryPeriodInDays: on.days,
              EarliestRestorableDateTime: Math.max(on.since, now - on.days * DAY_MILLISECONDS) / 1000,
              LatestRestorableDateTime: Math.max(on.since, now - RESTORABLE_LAG_MILLISECONDS) / 1000,
            }
          : { PointInTimeRecoveryStatus: 'DISABLED' },
      },
    };
  }

  function startExport(input: Input) {
    const table = tableOf(input['TableArn']);
    if (!recovery(table)) {
      throw new Refusal(
        'PointInTimeRecoveryUnavailableException',
        `Point in time recovery is not enabled for table '${table.name}'`,
      );
    }
    if (
      (input['ExportType'] ?? 'FULL_EXPORT') !== 'FULL_EXPORT' ||
      (input['ExportFormat'] ?? 'DYNAMODB_JSON') !== 'DYNAMODB_JSON'
    ) {
      throw new Refusal('ValidationException', 'The embedded DynamoDB makes full exports in DYNAMODB_JSON alone');
    }
    const startedAt = nowMilliseconds();
    const exportArn = newExportArn(table, startedAt);
    const exportTime = typeof input['ExportTime'] === 'number' ? input['ExportTime'] * 1000 : startedAt;
    const bucket = String(input['S3Bucket']);
    const prefix = input['S3Prefix'] === undefined ? undefined : String(input['S3Prefix']);
    const common = {
      ExportArn: exportArn,
      TableArn: table.arn,
      ExportTime: exportTime / 1000,
      StartTime: startedAt / 1000,
      S3Bucket: bucket,
      S3Prefix: prefix,
      ExportFormat: 'DYNAMODB_JSON',
      ExportType: 'FULL_EXPORT',
    };
    remember(table, { ...common, ExportStatus: 'IN_PROGRESS' });
    writeExport(
      exportArn,
      { table, bucket, prefix, startedAt, exportTime },
      options.dynamoDb,
      options.putObject,
      nowMilliseconds,
    ).then(
      (result) => remember(table, { ...common, ...completed(result, nowMilliseconds()) }),
      (error: unknown) =>
        remember(table, {
          ...common,
          ExportStatus: 'FAILED',
          FailureMessage: String(error),
          EndTime: nowMilliseconds() / 1000,
        }),
    );
    return { ExportDescription: { ...common, ExportStatus: 'IN_PROGRESS' } };
  }

  function remember(table: TableDeclaration, description: Readonly<Record<string, unknown>>): void {
    const stored: StoredExport = { description, tableArn: table.arn };
    state.set(`export/${String(description['ExportArn'])}`, JSON.stringify(stored));
  }

  // An export that a stop cut short never ends by itself.
  for (const { value } of state.entries('export/')) {
    const { description } = JSON.parse(value) as StoredExport;
    if (description['ExportStatus'] !== 'IN_PROGRESS') continue;
    remember(tableOf(description['TableArn']), {
      ...description,
      ExportStatus: 'FAILED',
      FailureMessage: 'Interrupted',
    });
  }

  const exportsOf = (): readonly StoredExport[] =>
    state.entries('export/').map(({ value }) => JSON.parse(value) as StoredExport);

  return {
    DescribeContinuousBackups: ({ TableName }) => continuousBackups(tableOf(TableName)),
    UpdateContinuousBackups({ TableName, PointInTimeRecoverySpecification }) {
      const table = tableOf(TableName);
      const { PointInTimeRecoveryEnabled, RecoveryPeriodInDays } = Object(PointInTimeRecoverySpecification);
      const before = recovery(table);
      const wanted = PointInTimeRecoveryEnabled
        ? { days: RecoveryPeriodInDays ?? before?.days ?? 35, since: before?.since ?? nowMilliseconds() }
        : null;
      state.set(`recovery/${table.name}`, JSON.stringify(wanted));
      return continuousBackups(table);
    },
    ExportTableToPointInTime: startExport,
    DescribeExport({ ExportArn }) {
      const stored = state.get(`export/${String(ExportArn)}`);
      if (!stored) throw new Refusal('ExportNotFoundException', `Export not found: ${String(ExportArn)}`);
      return { ExportDescription: (JSON.parse(stored) as StoredExport).description };
    },
    ListExports({ TableArn }) {
      const wanted = exportsOf().filter(({ tableArn }) => TableArn === undefined || tableArn === TableArn);
      return {
        ExportSummaries: wanted.map(({ description: { ExportArn, ExportStatus, ExportType } }) => ({
          ExportArn,
          ExportStatus,
          ExportType,
        })),
      };
    },
    // Nobody can make a backup here.
    ListBackups: () => ({ BackupSummaries: [] }),
  };
}

function completed({ itemCount, billedSizeBytes, manifestKey }: ExportResult, endedAt: number) {
  return {
    ExportStatus: 'COMPLETED',
    EndTime: endedAt / 1000,
    ItemCount: itemCount,
    BilledSizeBytes: billedSizeBytes,
    ExportManifest: manifestKey,
  };
}

async function inputOf(incoming: IncomingMessage): Promise<Input> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > BODY_BYTES_MAX) throw new Refusal('ValidationException', 'The request is too large');
    chunks.push(chunk);
  }
  return Object(JSON.parse(Buffer.concat(chunks).toString() || '{}'));
}

function send(outgoing: ServerResponse, status: number, body: unknown): void {
  outgoing.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
  outgoing.end(JSON.stringify(body));
}
