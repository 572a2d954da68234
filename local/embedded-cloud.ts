import { join } from 'node:path';
import { REGION } from './account.ts';
import { type AwsJsonCall, awsJson } from './aws-json.ts';
import { type MovableClock, movableClock, sharedOffset } from './clock.ts';
import { TriggerTimeout } from './cognito/triggers.ts';
import { bucketObjectsAt } from './dynamodb/bucket-objects.ts';
import { changesOf, unknownChanges } from './dynamodb/changes.ts';
import { type DynamoDbEngine, startDynamoDb } from './dynamodb/engine.ts';
import { dynamoDbGaps, type Gaps, needsGaps } from './dynamodb/gaps.ts';
import { type History, historyBeside, noHistory } from './dynamodb/history.ts';
import { provisionTables, tablesOf } from './dynamodb/tables.ts';
import type { Endpoints } from './endpoints.ts';
import { type Engines, startEngines } from './engines.ts';
import { driveEvents } from './events/driver.ts';
import { publish, rulesOf } from './events/rules.ts';
import { assertReachable, type DeliverTo, deliverer } from './events/targets.ts';
import { type AccessLog, openAccessLog } from './gateway/access-log.ts';
import { apiOf } from './gateway/api.ts';
import { gateway, SERVER_HEAD_BYTES_MAX } from './gateway/gateway.ts';
import { jwtAuthorizer } from './gateway/jwt.ts';
import { asynchronousSettings } from './lambda/asynchronous-settings.ts';
import { credentialsOf, type FunctionDeclaration, functionsOf } from './lambda/functions.ts';
import { type Invoker, invoker as makeInvoker } from './lambda/invocation.ts';
import { invokeServer } from './lambda/invoke-server.ts';
import { functionPool, type InvocationResult } from './lambda/pool.ts';
import { functionRuntimeCode } from './lambda/runtime-code.ts';
import { TIMED_OUT } from './lambda/thread.ts';
import { type ReservedAddress, reserveAddress } from './loopback/reserved-address.ts';
import { type Messaging, provisionMessaging, startMessaging } from './messaging/messaging.ts';
import { schedulerServer } from './scheduler/scheduler-api.ts';
import { type Quota, quotaFrom } from './ses/quota.ts';
import { openState, type RunnerState } from './state.ts';
import { readAssembly } from './template/assembly.ts';
import { type CloudTemplate, type Resource, readTemplate } from './template/template.ts';

export interface EmbeddedCloudOptions {
  /** A synthesised app, such as `cdk.out`; the engines may start while it is still being made. */
  readonly outdir: string | Promise<string>;
  readonly stateDir: string;
  /** The API's; any free one by default. */
  readonly port?: number;
  /** By default one whose offset is kept in the state directory. */
  readonly clock?: MovableClock;
  /** A DynamoDB to use instead of the embedded engine. */
  readonly dynamoDbEndpoint?: string;
  /** How much mail may be sent; by default what `VERN_SES_RATE` and `VERN_SES_DAILY` say, and without them as good as all. */
  readonly mailQuota?: Quota;
  /** Plain HTTP on this machine that plays `https://*.outside.test`; without it nobody answers there. */
  readonly outsideWorld?: string | undefined;
  /** Function logs on stderr, too. */
  readonly isVerbose?: boolean;
}

export interface EmbeddedCloud {
  readonly endpoints: Endpoints;
  readonly clock: MovableClock;
  invoke(functionLogicalIdOrName: string, event: unknown): Promise<InvocationResult>;
  close(): Promise<void>;
}

/** Name under which operators' scripts and tests sign; every engine takes its key. */
const OPERATOR = 'operator';

/**
 * Runs a synthesised app on this machine, on 127.0.0.1 alone. Rejects when another process holds the state directory, and
 * for whatever the template has that the embedded cloud does not play. Resolves when everything answers.
 */
export async function startEmbeddedCloud(options: EmbeddedCloudOptions): Promise<EmbeddedCloud> {
  const state = openState(options.stateDir);
  // What has started is closed in reverse, be it at the end or because the rest did not start.
  const closers: Closer[] = [() => state.close()];
  const close = async () => {
    for (let closer = closers.pop(); closer; closer = closers.pop()) await closer();
  };
  try {
    const cloud = await start(options, state, (closer) => void closers.push(closer));
    return { ...cloud, close };
  } catch (error) {
    await close();
    throw error;
  }
}

type Closer = () => Promise<void> | void;
type OnClose = (closer: Closer) => void;

async function start(options: EmbeddedCloudOptions, state: RunnerState, onClose: OnClose) {
  const { stateDir } = options;
  const clock = options.clock ?? movableClock({ stateDir });
  const [ground, outdir] = await allOrNone([openGround(options, clock, onClose), Promise.resolve(options.outdir)]);
  const { api, lambda, scheduler, gaps, engine, messaging } = ground;
  const template = readTemplate(readAssembly(outdir), { api: api.url, sqs: messaging.endpoint });
  const functions = functionsOf(template, join(stateDir, 'inline-code'));
  const tables = tablesOf(template);
  const rules = rulesOf(template);
  const dynamoDb = awsJson(engine.endpoint, 'dynamodb');

  // The engines call functions, and the functions call the engines; the invoker is made when all addresses are known.
  let made: Invoker | undefined;
  let tableCalls: Gaps | undefined;
  const theInvoker = (): Invoker => {
    if (!made) throw new Error('An event came before the embedded cloud was ready');
    return made;
  };
  const deliver: DeliverTo = (arn, event) => deliverer(theInvoker(), messaging)(arn, event);

  const [engines] = await allOrNone([
    closedLater(
      startEngines(template, {
        stateDirectory: stateDir,
        clock,
        secretOf: secretsOf(functions),
        invokeTrigger: async (name, event) => triggerResult(await theInvoker().invoke(name, JSON.stringify(event))),
        disk: () => {
          if (!tableCalls) throw new Error('A disk was asked for before the embedded cloud was ready');
          return tableCalls.disk;
        },
        onS3Event: (event) => {
          publish({ ...event }, rules, deliver).catch((error: unknown) => console.error('S3 event:', error));
        },
        topicsEndpoint: messaging.endpoint,
        putObject: (s3Url, bucket, key, body) => bucketObjectsAt(s3Url, credentialsOf(OPERATOR)).put(bucket, key, body),
        mailQuota: options.mailQuota ?? quotaFrom(process.env),
        onSesEvents: (topicArn, events) =>
          messaging.publishAll(
            topicArn,
            events.map((event) => JSON.stringify(event)),
          ),
      }),
      onClose,
    ),
    provisionTables(tables, dynamoDb, state),
    provisionMessaging(template, messaging),
  ]);

  const pool = functionPool({
    runtimeCode: ground.runtimeCode,
    clockOffset: ground.clockOffset,
    cognitoEndpoint: engines.cognito.url,
    outsideWorld: options.outsideWorld,
    logDirectory: join(stateDir, 'logs'),
    isVerbose: options.isVerbose ?? false,
    endpointVariables: (target) => endpointVariables(target, ground, engines),
  });
  const settings = asynchronousSettings(template);
  const invoker = makeInvoker({ functions, pool, state, settings, sendFailure: deliver });
  made = invoker;
  onClose(async () => {
    invoker.close();
    await pool.close();
  });

  const operator = credentialsOf(OPERATOR);
  const objects = bucketObjectsAt(engines.s3.url, operator);
  const history = historyOf(engine, clock, dynamoDb);
  onClose(() => history.close());
  const nowMilliseconds = () => clock.now();
  const calls = dynamoDbGaps({
    engineEndpoint: engine.endpoint,
    dynamoDb,
    tables,
    state,
    objects,
    history,
    nowMilliseconds,
  });
  tableCalls = calls;
  onClose(() => calls.close());
  gaps.serve(calls.answer);
  const accessLog = serveApi(template, api, { stateDir, clock, cognitoEndpoint: engines.cognito.url, invoker });
  onClose(() => accessLog?.close());
  const sweepObjects = () => engines.s3.sweep();
  const changes = engine.databasePath ? changesOf(engine.databasePath) : unknownChanges();
  onClose(() => changes.close());
  const driver = driveEvents({
    template,
    clock,
    state,
    dynamoDb,
    changes,
    rules,
    messaging,
    invoker,
    deliver,
    sweepObjects,
  });
  onClose(() => driver.close());
  lambda.serve(invokeServer({ invoker, sources: driver.sources, dynamoDb }));
  scheduler.serve(
    schedulerServer({
      schedules: driver.oneOffs,
      groups: template.ofType('AWS::Scheduler::ScheduleGroup').map(({ physicalId }) => physicalId),
      nowMilliseconds,
      assertReachable: (arn, who) => assertReachable(arn, who, invoker),
    }),
  );
  // Closed first: what is asked already is still answered, and nobody asks anew.
  onClose(() => api.close());
  state.set('provisioned', 'yes');

  return {
    endpoints: { ...endpointsOf(template, ground, engines), ...operator },
    clock,
    invoke: (name: string, event: unknown) => invoker.invoke(name, JSON.stringify(event)),
  };
}

/** What stands before the template is read, because its values contain the addresses. */
interface Ground {
  readonly clockOffset: SharedArrayBuffer;
  readonly api: ReservedAddress;
  readonly lambda: ReservedAddress;
  readonly scheduler: ReservedAddress;
  readonly gaps: ReservedAddress;
  readonly engine: DynamoDbEngine;
  readonly messaging: Messaging;
  readonly runtimeCode: string;
}

async function openGround(options: EmbeddedCloudOptions, clock: MovableClock, onClose: OnClose): Promise<Ground> {
  const offset = sharedOffset();
  offset.write(clock.offsetMilliseconds);
  // First of the listeners: the threads must see the new time before anything is done because of it.
  onClose(clock.onChange((moved) => offset.write(moved)));
  const [api, lambda, scheduler, gaps, engine, messaging, runtimeCode] = await allOrNone([
    closedLater(reserveAddress(options.port, SERVER_HEAD_BYTES_MAX), onClose),
    closedLater(reserveAddress(), onClose),
    closedLater(reserveAddress(), onClose),
    closedLater(reserveAddress(), onClose),
    closedLater(dynamoDbAt(options), onClose),
    closedLater(startMessaging(join(options.stateDir, 'messaging'), offset.buffer), onClose),
    functionRuntimeCode(),
  ]);
  return { clockOffset: offset.buffer, api, lambda, scheduler, gaps, engine, messaging, runtimeCode };
}

async function closedLater<T extends { close(): Promise<void> }>(opening: Promise<T>, onClose: OnClose): Promise<T> {
  const it = await opening;
  onClose(() => it.close());
  return it;
}

/** How the SDK's clients in a function find the engines. */
function endpointVariables({ allowedActions }: FunctionDeclaration, ground: Ground, engines: Engines) {
  return {
    AWS_ENDPOINT_URL_DYNAMODB: needsGaps(allowedActions) ? ground.gaps.url : ground.engine.endpoint,
    AWS_ENDPOINT_URL_KMS: engines.kms.url,
    // The SDK puts a bucket into the path, not before the host, when the host is an address of digits.
    AWS_ENDPOINT_URL_S3: engines.s3.url,
    AWS_ENDPOINT_URL_SES: engines.ses.url,
    AWS_ENDPOINT_URL_SESV2: engines.ses.url,
    AWS_ENDPOINT_URL_SQS: ground.messaging.endpoint,
    AWS_ENDPOINT_URL_SNS: engines.sns.url,
    AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: engines.cognito.url,
    AWS_ENDPOINT_URL_LAMBDA: ground.lambda.url,
    AWS_ENDPOINT_URL_SCHEDULER: ground.scheduler.url,
  };
}

function endpointsOf(template: CloudTemplate, { api, lambda, scheduler, gaps, messaging }: Ground, engines: Engines) {
  return {
    api: api.url,
    mailbox: engines.mailbox.url,
    cognito: engines.cognito.url,
    userPoolId: template.ofType('AWS::Cognito::UserPool')[0]?.physicalId ?? '',
    clientId: clientOfPeople(template),
    dynamodb: gaps.url,
    kms: engines.kms.url,
    ses: engines.ses.url,
    s3: engines.s3.url,
    sqs: messaging.endpoint,
    sns: engines.sns.url,
    lambda: lambda.url,
    scheduler: scheduler.url,
    region: REGION,
  };
}

/** The client by which people sign in, with a password that never travels; others are for services. */
function clientOfPeople(template: CloudTemplate): string {
  const clients = template.ofType('AWS::Cognito::UserPoolClient');
  const takesSrp = ({ properties }: Resource) => {
    const flows: unknown = properties['ExplicitAuthFlows'];
    return !Array.isArray(flows) || flows.includes('ALLOW_USER_SRP_AUTH');
  };
  return (clients.find(takesSrp) ?? clients[0])?.physicalId ?? '';
}

/** Waits for all, also when one has failed: what has opened must be known to be closed. */
async function allOrNone<T extends readonly unknown[]>(
  opening: readonly [...{ [K in keyof T]: Promise<T[K]> }],
): Promise<T> {
  await Promise.allSettled(opening);
  return Promise.all(opening) as Promise<unknown> as Promise<T>;
}

async function dynamoDbAt({ dynamoDbEndpoint, stateDir }: EmbeddedCloudOptions): Promise<DynamoDbEngine> {
  if (dynamoDbEndpoint) return { endpoint: dynamoDbEndpoint, databasePath: undefined, close: async () => {} };
  return startDynamoDb(stateDir);
}

function historyOf({ databasePath }: DynamoDbEngine, clock: MovableClock, dynamoDb: AwsJsonCall): History {
  if (databasePath) return historyBeside(databasePath, clock);
  return noHistory((action, input) => dynamoDb(`DynamoDB_20120810.${action}`, input));
}

function secretsOf(functions: readonly FunctionDeclaration[]): (accessKeyId: string) => string | undefined {
  const holders = [OPERATOR, ...functions.map(({ name }) => name)].map(credentialsOf);
  const secrets = new Map(holders.map(({ accessKeyId, secretAccessKey }) => [accessKeyId, secretAccessKey]));
  return (accessKeyId) => secrets.get(accessKeyId);
}

function triggerResult({ functionError, payload }: InvocationResult): unknown {
  if (functionError) {
    const { errorType, errorMessage = payload } = Object(JSON.parse(payload));
    if (errorType === TIMED_OUT) throw new TriggerTimeout(errorMessage);
    // As Cognito hands it on: what the function threw, in its own words.
    throw new Error(errorMessage);
  }
  return JSON.parse(payload);
}

interface ApiSurroundings {
  readonly stateDir: string;
  readonly clock: MovableClock;
  readonly cognitoEndpoint: string;
  readonly invoker: Invoker;
}

/** The access log lies apart from the functions' logs, for it alone holds IP addresses. */
function serveApi(template: CloudTemplate, address: ReservedAddress, around: ApiSurroundings): AccessLog | undefined {
  const { stateDir, clock, cognitoEndpoint, invoker } = around;
  const api = apiOf(template);
  if (!api) return undefined;
  const keySetOf = async (issuer: string) => {
    const response = await fetch(`${cognitoEndpoint}${new URL(issuer).pathname}/.well-known/jwks.json`);
    if (!response.ok) throw new Error(`No key set for ${issuer}: ${response.status}`);
    return ((await response.json()) as { keys: Awaited<ReturnType<Parameters<typeof jwtAuthorizer>[0]>> }).keys;
  };
  const authorize = jwtAuthorizer(keySetOf, () => clock.now());
  const accessLog = api.accessLog && openAccessLog(api.accessLog, join(stateDir, 'logs', 'web'), clock);
  address.serve(gateway({ api, clock, authorize, accessLog, invoke: (arn, event) => invoker.invoke(arn, event) }));
  return accessLog;
}
