import { existsSync, readFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { patchDate, sharedOffset } from '../clock.ts';
import { keepCallsOnThisMachine } from './outbound-calls.ts';
import { type Invocation, LOADED, type ThreadAnswer, type ThreadStart } from './protocol.ts';

/*
 * What runs in a worker thread: Lambda's Node.js runtime, as far as a handler can tell. The clock and the outbound
 * calls are set up before the handler's module is loaded, because a module may read either while it loads.
 */

type Callback = (error: unknown, result?: unknown) => void;
type Handler = (event: unknown, context: unknown, callback: Callback) => unknown;

const start = workerData as ThreadStart;
const offset = sharedOffset(start.clockOffset);
patchDate(offset.read);
keepCallsOnThisMachine(start);

const loading = loadHandler();
const tellLoaded = () => parentPort?.postMessage(LOADED);
// An error is reported with the first invocation, as Lambda does.
loading.then(tellLoaded, tellLoaded);

parentPort?.on('message', (invocation: Invocation) => {
  void answer(invocation).then((message) => parentPort?.postMessage(message));
});

async function answer(invocation: Invocation): Promise<ThreadAnswer> {
  const { requestId } = invocation;
  try {
    const handler = await loading;
    const result = await call(handler, JSON.parse(invocation.event), contextOf(invocation));
    return { requestId, isError: false, payload: JSON.stringify(result) ?? 'null' };
  } catch (error) {
    console.error(requestId, error);
    return { requestId, isError: true, payload: JSON.stringify(describe(error)) };
  }
}

function call(handler: Handler, event: unknown, context: unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const callback: Callback = (error, result) => (error ? reject(error) : resolve(result));
    const returned = handler(event, context, callback);
    // A handler that takes a callback and returns nothing answers through it.
    if (returned instanceof Promise || handler.length < 3) Promise.resolve(returned).then(resolve, reject);
  });
}

function contextOf({ requestId, timeoutMilliseconds }: Invocation) {
  const deadline = performance.now() + timeoutMilliseconds;
  return {
    functionName: start.functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: start.functionArn,
    memoryLimitInMB: String(start.memoryMegabytes),
    awsRequestId: requestId,
    logGroupName: process.env['AWS_LAMBDA_LOG_GROUP_NAME'],
    logStreamName: process.env['AWS_LAMBDA_LOG_STREAM_NAME'],
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, Math.floor(deadline - performance.now())),
  };
}

/** The shape in which Lambda reports an unhandled error (Lambda developer guide, "Node.js function errors"). */
function describe(error: unknown) {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
  return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') };
}

async function loadHandler(): Promise<Handler> {
  const dot = start.handler.lastIndexOf('.');
  const file = join(start.codeDirectory, start.handler.slice(0, dot));
  const exportName = start.handler.slice(dot + 1);
  const loaded = existsSync(`${file}.mjs`) ? await import(pathToFileURL(`${file}.mjs`).href) : loadCommonJs(file);
  const handler: unknown = loaded[exportName];
  if (typeof handler === 'function') return handler as Handler;
  throw Object.assign(new Error(`${start.handler} is undefined or not exported`), { name: 'Runtime.HandlerNotFound' });
}

/**
 * /var/task has no package.json, so Lambda takes index.js for CommonJS. Here the project's own package.json
 * lies above the assets and says otherwise; so the module is compiled without asking it.
 */
function loadCommonJs(file: string): Record<string, unknown> {
  const path = existsSync(`${file}.cjs`) ? `${file}.cjs` : `${file}.js`;
  const module = new Module(path) as Module & { _compile(source: string, path: string): void };
  module.filename = path;
  module.paths = [];
  module.require = createRequire(path);
  module._compile(readFileSync(path, 'utf8'), path);
  return module.exports as Record<string, unknown>;
}
