/** Organisations that are looked at beside each other: most of a look is waiting for the table. */
const LANES = 8;

/**
 * Does the work of every item, some beside each other: one with much to do keeps a single lane busy, and the rest go by.
 * Throws what went wrong first, once no lane is at work any more.
 */
export async function inLanes<T>(items: AsyncGenerator<T>, work: (item: T) => Promise<void>): Promise<void> {
  const lane = async () => {
    // A generator answers one `next` after the other: no item is given to two lanes.
    for (let next = await items.next(); !next.done; next = await items.next()) await work(next.value);
  };
  const ended = await Promise.allSettled(Array.from({ length: LANES }, lane));
  for (const end of ended) if (end.status === 'rejected') throw end.reason;
}
