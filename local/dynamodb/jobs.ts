/** Work that goes on after its request was answered, and ends with the cloud. */
export interface Jobs {
  /** An error after the end of the cloud is nobody's: the work is begun again, or marked, at the next start. */
  start(name: string, work: (signal: AbortSignal) => Promise<void>): void;
  close(): Promise<void>;
}

export function openJobs(): Jobs {
  const ending = new AbortController();
  const underWay = new Set<Promise<void>>();
  return {
    start(name, work) {
      const job = work(ending.signal)
        .catch((error: unknown) => void (ending.signal.aborted || console.error(`${name}:`, error)))
        .finally(() => underWay.delete(job));
      underWay.add(job);
    },
    async close() {
      ending.abort();
      await Promise.all(underWay);
    },
  };
}

/** The same items, until the signal: then it throws. */
export async function* until<Item>(signal: AbortSignal, items: AsyncIterable<Item>): AsyncGenerator<Item> {
  for await (const item of items) {
    signal.throwIfAborted();
    yield item;
  }
}
