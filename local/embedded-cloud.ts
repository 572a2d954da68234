import { join } from 'node:path';
import { awsJson } from './aws-json.ts';
import { type Clock, type MovableClock, movableClock, sharedOffset } from './clock.ts';
import { type DynamoDbEngine, startDynamoDb } from './dynamodb/engine.ts';
import { dynamoDbGaps, needsGaps } from './dynamodb/gaps.ts';
import { putObjectTo } from './dynamodb/put-object.ts';
import { provisionTables, tablesOf } from './dynamodb/tables.ts';
import { timeToLiveSweep } from './dynamodb/time-to-live.ts';
import type { Endpoints } from './endpoints.ts';
import { startEngines } from './engines.ts';
import { publish, rulesOf } from './events/rules.ts';
import { runSchedules, schedulesOf } from './events/schedules.ts';
import { startEventSources } from './events/sources.ts';
import { assertReachable, deliverer } from './events/targets.ts';
import { apiOf } from './gateway/api.ts';
import { gateway, SERVER_HEAD_BYTES_MAX } from './gateway/gateway.ts';
import { jwtAuthorizer } from './gateway/jwt.ts';
import { asynchronousSettings } from './lambda/asynchronous-settings.ts';
import { credentialsOf, type FunctionDeclaration, functionsOf } from './lambda/functions.ts';
import { type Invoker, invoker as makeInvoker } from './lambda/invocation.ts';
import { invokeServer } from './lambda/invoke-server.ts';
import { functionPool, type InvocationResult } from './lambda/pool.ts';
import { functionRuntimeCode } from './lambda/runtime-code.ts';
import { reserveAddress } from './loopback.ts';
import { provisionMessaging, startMessaging } from './messaging/messaging.ts';
import { openState, type RunnerState } from './state.ts';
import { readAssembly } from './template/assembly.ts';
import { REGION } from './template/pseudo-parameters.ts';
import { type CloudTemplate, readTemplate } from './template/template.ts';

export interface EmbeddedCloudOptions {
  /** A synthesised app, such as `cdk.out`. */
  readonly outdir: string;
  readonly stateDir: string;
  /** The API's; any free one by default. */
  readonly port?: number;
  /** By default one whose offset is kept in the state directory. */
  readonly clock?: MovableClock;
  /** A DynamoDB to use instead of the embedded engine. */
  readonly dynamoDbEndpoint?: string;
  /** Function logs on stderr, too. */
  readonly isVerbose?: boolean;
}

export interface EmbeddedCloud {
  readonly endpoints: Endpoints;
  readonly clock: MovableClock;
  /** True when the state directory was new. */
  readonly isFresh: boolean;
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
    return { ...cloud, isFresh: state.isFresh, close };
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
  const offset = sharedOffset();
  offset.write(clock.offsetMilliseconds);
  // First of the listeners: the threads must see the new time before anything is done because of it.
  onClose(clock.onChange((moved) => offset.write(moved)));
  const now = () => clock.now();

  async function opened<T extends { close(): Promise<void> }>(opening: Promise<T>): Promise<T> {
    const it = await opening;
    onClose(() => it.close());
    return it;
  }
  const [api, lambda, gaps, engine, messaging, runtimeCode] = await allOrNone([
    opened(reserveAddress(options.port, SERVER_HEAD_BYTES_MAX)),
    opened(reserveAddress()),
    opened(reserveAddress()),
    opened(dynamoDbAt(options)),
    opened(startMessaging(join(stateDir, 'messaging'), offset.buffer)),
    functionRuntimeCode(),
  ]);

  const template = readTemplate(readAssembly(options.outdir), { api: api.url, sqs: messaging.endpoint });
  const functions = functionsOf(template, join(stateDir, 'inline-code'));
  const tables = tablesOf(template);
  const rules = rulesOf(template);
  const dynamoDb = awsJson(engine.endpoint, 'dynamodb');

  // The engines call functions, and the functions call the engines; the invoker is made when all addresses are known.
  let invoker: Invoker | undefined;
  const theInvoker = (): Invoker => {
    if (!invoker) throw new Error('An event came before the embedded cloud was ready');
    return invoker;
  };
  const deliver = (arn: string, event: string) => deliverer(theInvoker(), messaging)(arn, event);

  const [engines] = await allOrNone([
    opened(
      startEngines(template, {
        stateDirectory: stateDir,
        clock,
        secretOf: secretsOf(functions),
        invokeTrigger: async (name, event) => triggerResult(await theInvoker().invoke(name, JSON.stringify(event))),
        onS3Event: (event) => {
          publish({ ...event }, rules, deliver).catch((error: unknown) => console.error('S3 event:', error));
        },
        onSesEvent: (topicArn, event) => messaging.send(topicArn, JSON.stringify(event)),
      }),
    ),
    provisionTables(tables, dynamoDb),
    provisionMessaging(template, messaging),
  ]);

  const pool = functionPool({
    runtimeCode,
    clockOffset: offset.buffer,
    cognitoEndpoint: engines.cognito.url,
    logDirectory: join(stateDir, 'logs'),
    isVerbose: options.isVerbose ?? false,
    endpointVariables: (target) => ({
      AWS_ENDPOINT_URL_DYNAMODB: needsGaps(target.allowedActions) ? gaps.url : engine.endpoint,
      AWS_ENDPOINT_URL_KMS: engines.kms.url,
      // The SDK puts a bucket into the path, not before the host, when the host is an address of digits.
      AWS_ENDPOINT_URL_S3: engines.s3.url,
      AWS_ENDPOINT_URL_SES: engines.ses.url,
      AWS_ENDPOINT_URL_SESV2: engines.ses.url,
      AWS_ENDPOINT_URL_SQS: messaging.endpoint,
      AWS_ENDPOINT_URL_SNS: messaging.endpoint,
      AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: engines.cognito.url,
      AWS_ENDPOINT_URL_LAMBDA: lambda.url,
    }),
  });
  const running = makeInvoker({
    functions,
    pool,
    state,
    settings: asynchronousSettings(template),
    sendFailure: deliver,
  });
  invoker = running;
  onClose(async () => {
    running.close();
    await pool.close();
  });

  const operator = credentialsOf(OPERATOR);
  const putObject = putObjectTo(engines.s3.url, operator);
  lambda.serve(invokeServer(running));
  gaps.serve(
    dynamoDbGaps({ engineEndpoint: engine.endpoint, dynamoDb, tables, state, putObject, nowMilliseconds: now }),
  );
  serveApi(template, api.serve, clock, engines.cognito.url, running);

  const sweepObjects = () => engines.s3.sweep().catch((error: unknown) => console.error('S3 lifecycle:', error));
  const expiries = timeToLiveSweep(tables, dynamoDb, now);
  onClose(() => expiries.close());
  const stopSources = startEventSources({
    template,
    dynamoDb,
    messaging,
    invoker: running,
    state,
    isExpiry: expiries.isExpiry,
    sendFailure: deliver,
    clock,
  });
  onClose(stopSources);
  for (const { name, targets } of rules) for (const { Arn } of targets) assertReachable(Arn, name, running);
  const declared = schedulesOf(template);
  for (const { name, targetArn } of declared) assertReachable(targetArn, name, running);
  const schedules = runSchedules({ schedules: declared, state, deliver, nowMilliseconds: now });
  onClose(() => schedules.close());
  onClose(
    clock.onChange(() => {
      void expiries.sweep();
      void sweepObjects();
      void schedules.check();
    }),
  );
  running.resume();
  // What a bucket's lifecycle ended while the machine was off.
  void sweepObjects();
  state.set('provisioned', 'yes');

  const endpoints: Endpoints = {
    api: api.url,
    mailbox: engines.mailbox.url,
    cognito: engines.cognito.url,
    userPoolId: template.ofType('AWS::Cognito::UserPool')[0]?.physicalId ?? '',
    clientId: template.ofType('AWS::Cognito::UserPoolClient')[0]?.physicalId ?? '',
    dynamodb: engine.endpoint,
    kms: engines.kms.url,
    ses: engines.ses.url,
    s3: engines.s3.url,
    sqs: messaging.endpoint,
    sns: messaging.endpoint,
    lambda: lambda.url,
    region: REGION,
    ...operator,
  };
  return {
    endpoints,
    clock,
    invoke: (name: string, event: unknown) => running.invoke(name, JSON.stringify(event)),
  };
}

/** Waits for all, also when one has failed: what has opened must be known to be closed. */
async function allOrNone<T extends readonly unknown[]>(
  opening: readonly [...{ [K in keyof T]: Promise<T[K]> }],
): Promise<T> {
  await Promise.allSettled(opening);
  return Promise.all(opening) as Promise<unknown> as Promise<T>;
}

async function dynamoDbAt({ dynamoDbEndpoint, stateDir }: EmbeddedCloudOptions): Promise<DynamoDbEngine> {
  if (dynamoDbEndpoint) return { endpoint: dynamoDbEndpoint, close: async () => {} };
  return startDynamoDb(stateDir);
}

function secretsOf(functions: readonly FunctionDeclaration[]): (accessKeyId: string) => string | undefined {
  const holders = [OPERATOR, ...functions.map(({ name }) => name)].map(credentialsOf);
  const secrets = new Map(holders.map(({ accessKeyId, secretAccessKey }) => [accessKeyId, secretAccessKey]));
  return (accessKeyId) => secrets.get(accessKeyId);
}

function triggerResult({ functionError, payload }: InvocationResult): unknown {
  if (functionError) throw new Error(`The trigger failed: ${payload}`);
  return JSON.parse(payload);
}

function serveApi(
  template: CloudTemplate,
  serve: (listener: ReturnType<typeof gateway>) => void,
  clock: Clock,
  cognitoEndpoint: string,
  invoker: Invoker,
): void {
  const api = apiOf(template);
  if (!api) return;
  const keySetOf = async (issuer: string) => {
    const response = await fetch(`${cognitoEndpoint}${new URL(issuer).pathname}/.well-known/jwks.json`);
    if (!response.ok) throw new Error(`No key set for ${issuer}: ${response.status}`);
    return ((await response.json()) as { keys: Awaited<ReturnType<Parameters<typeof jwtAuthorizer>[0]>> }).keys;
  };
  const authorize = jwtAuthorizer(keySetOf, () => clock.now());
  serve(gateway({ api, clock, authorize, invoke: (arn, event) => invoker.invoke(arn, event) }));
}
