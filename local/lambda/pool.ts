import type { FunctionDeclaration } from './functions.ts';
import { type FunctionThread, startThread, type ThreadSettings } from './thread.ts';

export interface InvocationResult {
  /** `Unhandled` when the function failed; the payload then tells the error in Lambda's shape. */
  readonly functionError: 'Unhandled' | undefined;
  /** JSON. */
  readonly payload: string;
}

export interface FunctionPool {
  /** Runs one invocation, `event` being JSON. Never rejects: a crash or a timeout is a result, as at Lambda. */
  invoke(target: FunctionDeclaration, event: string): Promise<InvocationResult>;
  readonly threadCount: number;
  close(): Promise<void>;
}

export interface PoolLimits {
  readonly threadsMax: number;
  readonly threadsPerFunctionMax: number;
  readonly idleMilliseconds: number;
}

const defaultLimits: PoolLimits = { threadsMax: 24, threadsPerFunctionMax: 2, idleMilliseconds: 60_000 };

interface Waiting {
  readonly target: FunctionDeclaration;
  readonly event: string;
  readonly resolve: (result: InvocationResult) => void;
}

/**
 * Warm threads for all functions. Each takes one invocation at a time, as a Lambda container does; what finds no
 * thread waits in line, where Lambda would start more containers or throttle.
 */
export function functionPool(settings: ThreadSettings, limits: PoolLimits = defaultLimits): FunctionPool {
  const threads = new Set<FunctionThread>();
  const waiting: Waiting[] = [];
  let isClosed = false;

  const sweeper = setInterval(closeIdle, limits.idleMilliseconds / 4);
  sweeper.unref();

  function invoke(target: FunctionDeclaration, event: string): Promise<InvocationResult> {
    if (isClosed) return Promise.resolve(stopped);
    return new Promise((resolve) => {
      waiting.push({ target, event, resolve });
      serve();
    });
  }

  function serve(): void {
    for (let index = 0; index < waiting.length; ) {
      const next = waiting[index];
      const thread = next && threadFor(next.target);
      if (!next || !thread) {
        index += 1;
        continue;
      }
      waiting.splice(index, 1);
      run(thread, next);
    }
  }

  function run(thread: FunctionThread, { event, resolve }: Waiting): void {
    void thread.invoke(event).then((result) => {
      if (thread.isBroken) threads.delete(thread);
      resolve(result);
      serve();
    });
  }

  function threadFor(target: FunctionDeclaration): FunctionThread | undefined {
    let ownCount = 0;
    for (const thread of threads) {
      // An idle thread that crashed (a stray rejection after its answer) has told nobody.
      if (thread.isBroken && !thread.isBusy) threads.delete(thread);
      else if (thread.target === target && !thread.isBusy) return thread;
      else if (thread.target === target) ownCount += 1;
    }
    if (ownCount >= Math.min(limits.threadsPerFunctionMax, target.reservedConcurrency ?? Number.POSITIVE_INFINITY))
      return undefined;
    // Only one that has no thread at all drives out another's: a second thread is not worth a cold start.
    if (threads.size >= limits.threadsMax && (ownCount > 0 || !evictLongestIdle())) return undefined;
    const thread = startThread(target, settings);
    threads.add(thread);
    return thread;
  }

  function evictLongestIdle(): boolean {
    let oldest: FunctionThread | undefined;
    for (const thread of threads) {
      if (!thread.isBusy && (!oldest || thread.idleSince < oldest.idleSince)) oldest = thread;
    }
    if (!oldest) return false;
    discard(oldest);
    return true;
  }

  function closeIdle(): void {
    const limit = performance.now() - limits.idleMilliseconds;
    for (const thread of threads) if (!thread.isBusy && thread.idleSince < limit) discard(thread);
  }

  function discard(thread: FunctionThread): void {
    threads.delete(thread);
    void thread.close();
  }

  return {
    invoke,
    get threadCount() {
      return threads.size;
    },
    async close() {
      isClosed = true;
      clearInterval(sweeper);
      for (const { resolve } of waiting.splice(0)) resolve(stopped);
      await Promise.all([...threads].map((thread) => thread.close()));
      threads.clear();
    },
  };
}

const stopped: InvocationResult = {
  functionError: 'Unhandled',
  payload: JSON.stringify({ errorType: 'Runtime.Stopped', errorMessage: 'The embedded cloud is stopping' }),
};
