import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Endpoints } from './endpoints.ts';

export interface SamplePeopleMaking {
  /** Resolves when `<state>/people.json` is written; rejects with what went wrong, or when it was stopped. */
  make(endpoints: Endpoints): Promise<void>;
  stop(): Promise<void>;
}

/** Loads what makes the sample people, so that it is ready when the endpoints are. */
export function prepareSamplePeople(stateDir: string): SamplePeopleMaking {
  const thread = new Worker(new URL('./sample-people-thread.ts', import.meta.url), { workerData: stateDir });
  const ended = once(thread, 'exit');
  // It may fail before anybody asks.
  ended.catch(() => {});
  return {
    async make(endpoints) {
      thread.postMessage(endpoints);
      const [code] = await ended;
      if (code !== 0) throw new Error('Making the sample people was stopped');
    },
    async stop() {
      await thread.terminate();
    },
  };
}
