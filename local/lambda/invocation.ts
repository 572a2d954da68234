import { randomUUID } from 'node:crypto';
import type { RunnerState } from '../state.ts';
import { ASYNCHRONOUS_RETRIES_MAX } from './asynchronous-settings.ts';
import { type FunctionDeclaration, findFunction } from './functions.ts';
import type { FunctionPool, InvocationResult } from './pool.ts';

/** Where an asynchronous invocation goes that failed for good. */
export type FailureDestination = (arn: string, record: string) => Promise<void>;

export interface AsynchronousSettings {
  readonly retriesMax: number;
  readonly onFailureArn: string | undefined;
}

export interface Invoker {
  /** Resolves with the function's answer. Throws when no function has that name, logical id or ARN. */
  invoke(nameOrArn: string, event: string): Promise<InvocationResult>;
  /** Takes the event for later, durably: once this returns it is run at least once, also after `kill -9`. */
  invokeLater(nameOrArn: string, event: string): void;
  find(nameOrArn: string): FunctionDeclaration | undefined;
  /** Runs what an earlier process took and did not finish. */
  resume(): void;
  close(): void;
}

const defaultSettings: AsynchronousSettings = { retriesMax: ASYNCHRONOUS_RETRIES_MAX, onFailureArn: undefined };

export class UnknownFunction extends Error {
  override readonly name = 'UnknownFunction';
}

interface Pending {
  readonly functionName: string;
  readonly event: string;
  readonly attempts: number;
}

// Lambda's pauses of one and two minutes are shortened to seconds: nobody waits for minutes on a demo machine.
const RETRY_PAUSE_MILLISECONDS = 1000;
const PENDING_PREFIX = 'asynchronous/';

export function invoker(options: {
  readonly functions: readonly FunctionDeclaration[];
  readonly pool: FunctionPool;
  readonly state: RunnerState;
  readonly settings: ReadonlyMap<string, AsynchronousSettings>;
  readonly sendFailure: FailureDestination;
}): Invoker {
  const { functions, pool, state, settings, sendFailure } = options;
  const timers = new Set<NodeJS.Timeout>();
  let isClosed = false;

  function known(nameOrArn: string): FunctionDeclaration {
    const found = findFunction(functions, nameOrArn);
    if (!found) throw new UnknownFunction(`Function not found: ${nameOrArn}`);
    return found;
  }

  async function attempt(key: string, pending: Pending): Promise<void> {
    const target = findFunction(functions, pending.functionName);
    // A function that the template no longer has takes its waiting events with it.
    if (!target) return state.delete(key);
    const result = await pool.invoke(target, pending.event);
    if (isClosed) return;
    if (!result.functionError) return state.delete(key);
    const { retriesMax, onFailureArn } = settings.get(target.name) ?? defaultSettings;
    const attempts = pending.attempts + 1;
    if (attempts <= retriesMax) return retryLater(key, { ...pending, attempts });
    if (onFailureArn) await sendFailure(onFailureArn, failureRecord(target, pending.event, result, attempts));
    state.delete(key);
  }

  function retryLater(key: string, pending: Pending): void {
    state.set(key, JSON.stringify(pending));
    const timer = setTimeout(() => {
      timers.delete(timer);
      start(key, pending);
    }, RETRY_PAUSE_MILLISECONDS * pending.attempts);
    timers.add(timer);
  }

  function start(key: string, pending: Pending): void {
    attempt(key, pending).catch((error: unknown) => console.error(`${pending.functionName}:`, error));
  }

  return {
    find: (nameOrArn) => findFunction(functions, nameOrArn),
    invoke: (nameOrArn, event) => pool.invoke(known(nameOrArn), event),
    invokeLater(nameOrArn, event) {
      const pending: Pending = { functionName: known(nameOrArn).name, event, attempts: 0 };
      const key = `${PENDING_PREFIX}${randomUUID()}`;
      state.set(key, JSON.stringify(pending));
      start(key, pending);
    },
    resume() {
      for (const { name, value } of state.entries(PENDING_PREFIX)) start(name, JSON.parse(value) as Pending);
    },
    close() {
      isClosed = true;
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

/** The invocation record of Lambda's destinations (developer guide, "Capturing records of asynchronous invocations"). */
function failureRecord(target: FunctionDeclaration, event: string, result: InvocationResult, attempts: number): string {
  return JSON.stringify({
    version: '1.0',
    requestContext: {
      functionArn: `${target.arn}:$LATEST`,
      condition: 'RetriesExhausted',
      approximateInvokeCount: attempts,
    },
    requestPayload: JSON.parse(event),
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: result.functionError },
    responsePayload: JSON.parse(result.payload),
  });
}
