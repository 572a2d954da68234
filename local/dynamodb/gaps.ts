import { Agent, type IncomingMessage, type RequestListener, request, type ServerResponse } from 'node:http';
import { type AwsJsonCall, AwsJsonError } from '../aws-json.ts';
import { readBody } from '../loopback/read-body.ts';
import type { RunnerState } from '../state.ts';
import { backupCalls } from './backups.ts';
import type { BucketObjects } from './bucket-objects.ts';
import { type Calls, type Control, type Input, Refusal } from './control.ts';
import { exportCalls } from './export-calls.ts';
import type { History } from './history.ts';
import { importCalls } from './import-calls.ts';
import { openJobs } from './jobs.ts';
import { type TableDisk, tableDisk } from './lost-tables.ts';
import { covers, demandNotDenied, policyCalls, setDeclaredPolicies } from './policies.ts';
import { openDeclaredRecovery, recoveryCalls } from './recovery.ts';
import { restoreCalls } from './restore-calls.ts';
import { tableCalls } from './table-calls.ts';
import type { TableDeclaration } from './tables.ts';

/** The operations that the engine lacks, or answers with less than AWS does; each is also an IAM action's name. */
const gapOperations = [
  'CreateTable',
  'DeleteResourcePolicy',
  'DeleteTable',
  'DescribeContinuousBackups',
  'DescribeExport',
  'DescribeImport',
  'DescribeTable',
  'ExportTableToPointInTime',
  'GetResourcePolicy',
  'ImportTable',
  'ListBackups',
  'ListExports',
  'ListImports',
  'PutResourcePolicy',
  'RestoreTableToPointInTime',
  'UpdateContinuousBackups',
  'UpdateTable',
] as const;
type GapOperation = (typeof gapOperations)[number];

/** Whether a function with these IAM actions, wildcards among them, may call what only the gaps' endpoint answers. */
export function needsGaps(allowedActions: ReadonlySet<string>): boolean {
  return [...allowedActions].some((allowed) =>
    gapOperations.some((operation) => covers(allowed, `dynamodb:${operation}`)),
  );
}

export interface GapOptions {
  readonly engineEndpoint: string;
  readonly dynamoDb: AwsJsonCall;
  /** Every table that the template declares, also one that has been deleted since. */
  readonly tables: readonly TableDeclaration[];
  readonly state: RunnerState;
  readonly objects: BucketObjects;
  readonly history: History;
  nowMilliseconds(): number;
}

const BODY_BYTES_MAX = 16 * 1024 * 1024;
const PROTOCOL = 'DynamoDB_20120810';

export interface Gaps {
  readonly answer: RequestListener;
  readonly disk: TableDisk;
  /** Ends what is under way; imports and restores go on at the next start. */
  close(): Promise<void>;
}

/** An endpoint that answers what the engine lacks, and hands every other call on to it unread. */
export function dynamoDbGaps(options: GapOptions): Gaps {
  const control = controlOf(options);
  const calls = callsOf(control);
  const agent = new Agent({ keepAlive: true });

  async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const [protocol, operation = ''] = String(incoming.headers['x-amz-target'] ?? '').split('.');
    if (protocol !== PROTOCOL || !isGap(operation)) return handOn(incoming, outgoing);
    try {
      const input = await inputOf(incoming);
      demandNotDenied(control, operation, input);
      send(outgoing, 200, await calls[operation](input));
    } catch (error) {
      if (error instanceof Refusal) return refuse(outgoing, 400, error);
      if (error instanceof AwsJsonError) return refuse(outgoing, error.status, error);
      throw error;
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

  return {
    answer(incoming, outgoing) {
      answer(incoming, outgoing).catch((error: unknown) => {
        console.error('DynamoDB gaps:', error);
        if (!outgoing.headersSent)
          send(outgoing, 500, { __type: 'com.amazonaws.dynamodb.v20120810#InternalServerError' });
      });
    },
    disk: tableDisk(control),
    close: () => control.jobs.close(),
  };
}

function controlOf({ dynamoDb, tables, state, objects, history, nowMilliseconds }: GapOptions): Control {
  const control: Control = {
    engine: (action, input) => dynamoDb(`${PROTOCOL}.${action}`, input),
    state,
    objects,
    history,
    jobs: openJobs(),
    declaredNames: new Set(tables.map(({ name }) => name)),
    now: nowMilliseconds,
  };
  openDeclaredRecovery(control, tables);
  setDeclaredPolicies(control, tables);
  return control;
}

function callsOf(control: Control): Calls<GapOperation> {
  return {
    ...backupCalls(control),
    ...exportCalls(control),
    ...importCalls(control),
    ...policyCalls(control),
    ...recoveryCalls(control),
    ...restoreCalls(control),
    ...tableCalls(control),
  };
}

const isGap = (operation: string): operation is GapOperation => gapOperations.some((known) => known === operation);

async function inputOf(incoming: IncomingMessage): Promise<Input> {
  const body = await readBody(incoming, BODY_BYTES_MAX);
  if (!body) throw new Refusal('ValidationException', 'The request is too large');
  try {
    return Object(JSON.parse(body.toString() || '{}'));
  } catch {
    throw new Refusal('SerializationException', 'The request is no JSON');
  }
}

function refuse(outgoing: ServerResponse, status: number, { code, message }: Refusal | AwsJsonError): void {
  send(outgoing, status, { __type: `com.amazonaws.dynamodb.v20120810#${code}`, message });
}

function send(outgoing: ServerResponse, status: number, body: unknown): void {
  outgoing.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
  outgoing.end(JSON.stringify(body));
}
