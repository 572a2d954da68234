import { randomUUID } from 'node:crypto';
import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { REGION } from '../account.ts';
import { credentialsOf, type FunctionDeclaration } from './functions.ts';
import type { InvocationResult } from './pool.ts';
import { type Invocation, LOADED, type ThreadAnswer, type ThreadStart } from './protocol.ts';

/** What all threads of one embedded cloud share. */
export interface ThreadSettings {
  /** From `functionRuntimeCode()`. */
  readonly runtimeCode: string;
  readonly clockOffset: SharedArrayBuffer;
  readonly cognitoEndpoint: string | undefined;
  readonly outsideWorld?: string | undefined;
  /** `AWS_ENDPOINT_URL_…` as the SDK reads it; may differ by function. */
  endpointVariables(target: FunctionDeclaration): Readonly<Record<string, string>>;
  readonly logDirectory: string;
  readonly isVerbose: boolean;
}

export interface FunctionThread {
  readonly target: FunctionDeclaration;
  readonly isBusy: boolean;
  /** True once the thread has crashed or was stopped over time; it takes no more invocations. */
  readonly isBroken: boolean;
  /** As `performance.now()`. */
  readonly idleSince: number;
  /** One at a time; `event` is JSON. Never rejects. */
  invoke(event: string): Promise<InvocationResult>;
  close(): Promise<void>;
}

// V8 lets a heap grow to its limit before it collects in earnest, so the limit is what keeps idle threads small.
const HEAP_MEGABYTES_MAX = 192;
const YOUNG_HEAP_MEGABYTES_MAX = 8;

/** Loading the module has its own time at Lambda, the init phase, before the function's begins. */
const LOADING_MILLISECONDS_MAX = 10_000;

/** The type of the error that a function ends in when its time is over. */
export const TIMED_OUT = 'Sandbox.Timedout';

interface Running {
  readonly requestId: string;
  timer: NodeJS.Timeout;
  readonly resolve: (result: InvocationResult) => void;
}

export function startThread(target: FunctionDeclaration, settings: ThreadSettings): FunctionThread {
  const worker = new Worker(settings.runtimeCode, {
    eval: true,
    workerData: threadStart(target, settings),
    env: environmentOf(target, settings),
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdout: true,
    stderr: true,
    resourceLimits: {
      maxOldGenerationSizeMb: Math.min(target.memoryMegabytes, HEAP_MEGABYTES_MAX),
      maxYoungGenerationSizeMb: YOUNG_HEAP_MEGABYTES_MAX,
    },
  });
  let running: Running | undefined;
  let isLoaded = false;
  let isBroken = false;
  let idleSince = performance.now();
  writeLogs(worker, target, settings);

  worker.on('message', (answer: ThreadAnswer | typeof LOADED) => {
    if (answer === LOADED) {
      isLoaded = true;
      if (running) startTimer(running);
      return;
    }
    if (answer.requestId !== running?.requestId) return;
    finish({ functionError: answer.isError ? 'Unhandled' : undefined, payload: answer.payload });
  });
  worker.on('error', (error: Error & { code?: string }) => {
    isBroken = true;
    const isMemory = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
    finish(
      failure(isMemory ? 'Runtime.OutOfMemory' : 'Runtime.ExitError', `Runtime exited with error: ${error.message}`),
    );
  });
  worker.on('exit', (code) => {
    isBroken = true;
    finish(failure('Runtime.ExitError', `Runtime exited with error: exit status ${code}`));
  });

  function finish(result: InvocationResult): void {
    if (!running) return;
    const { timer, resolve } = running;
    clearTimeout(timer);
    running = undefined;
    idleSince = performance.now();
    resolve(result);
  }

  function startTimer(invocation: Running): void {
    clearTimeout(invocation.timer);
    invocation.timer = setTimeout(stopOverTime, target.timeoutMilliseconds, invocation.requestId);
  }

  function stopOverTime(requestId: string): void {
    const seconds = (target.timeoutMilliseconds / 1000).toFixed(2);
    isBroken = true;
    finish(failure(TIMED_OUT, `RequestId: ${requestId} Error: Task timed out after ${seconds} seconds`));
    void worker.terminate();
  }

  return {
    target,
    get isBusy() {
      return running !== undefined;
    },
    get isBroken() {
      return isBroken;
    },
    get idleSince() {
      return idleSince;
    },
    invoke: (event) =>
      new Promise((resolve) => {
        const requestId = randomUUID();
        running = { requestId, timer: setTimeout(stopOverTime, LOADING_MILLISECONDS_MAX, requestId), resolve };
        if (isLoaded) startTimer(running);
        const invocation: Invocation = { requestId, event, timeoutMilliseconds: target.timeoutMilliseconds };
        worker.postMessage(invocation);
      }),
    close: async () => {
      isBroken = true;
      await worker.terminate();
    },
  };
}

function failure(errorType: string, errorMessage: string): InvocationResult {
  return { functionError: 'Unhandled', payload: JSON.stringify({ errorType, errorMessage }) };
}

function threadStart(target: FunctionDeclaration, settings: ThreadSettings): ThreadStart {
  return {
    functionName: target.name,
    functionArn: target.arn,
    memoryMegabytes: target.memoryMegabytes,
    codeDirectory: target.codeDirectory,
    handler: target.handler,
    clockOffset: settings.clockOffset,
    cognitoEndpoint: settings.cognitoEndpoint,
    outsideWorld: settings.outsideWorld,
  };
}

/** Lambda's defined environment variables (developer guide), the function's own, and the endpoints. */
function environmentOf(target: FunctionDeclaration, settings: ThreadSettings): Record<string, string> {
  const { accessKeyId, secretAccessKey } = credentialsOf(target.name);
  return {
    ...target.environment,
    TZ: ':UTC',
    LANG: 'en_US.UTF-8',
    PATH: '/usr/local/bin:/usr/bin:/bin',
    LAMBDA_TASK_ROOT: target.codeDirectory,
    _HANDLER: target.handler,
    AWS_EXECUTION_ENV: `AWS_Lambda_${target.runtime}`,
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: `session-${target.name}`,
    AWS_LAMBDA_FUNCTION_NAME: target.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(target.memoryMegabytes),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${target.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: 'embedded-cloud',
    ...settings.endpointVariables(target),
  };
}

function writeLogs(worker: Worker, { name }: FunctionDeclaration, { logDirectory, isVerbose }: ThreadSettings): void {
  mkdirSync(logDirectory, { recursive: true });
  const path = join(logDirectory, `${name}.log`);
  const file = createWriteStream(path, { flags: 'a' });
  file.on('error', (error) => console.error(`${path}: ${error.message}`));
  let openCount = 0;
  for (const output of [worker.stdout, worker.stderr]) {
    openCount += 1;
    output.on('data', (chunk: Buffer) => {
      file.write(chunk);
      if (isVerbose) process.stderr.write(`${name}: ${chunk}`);
    });
    output.once('end', () => {
      openCount -= 1;
      if (openCount === 0) file.end();
    });
  }
}
