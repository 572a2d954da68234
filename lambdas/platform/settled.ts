import { Busy, StaleVersion } from './records.ts';

/** Times something is decided because somebody else was faster. */
const DECISIONS_MAX = 5;

/** Decides, and decides anew on what stands there while somebody else is faster. Throws `Busy` in the end. */
export async function settled<A>(decide: () => Promise<A>): Promise<A> {
  for (let decisions = 0; decisions < DECISIONS_MAX; decisions++) {
    try {
      return await decide();
    } catch (error) {
      if (!(error instanceof StaleVersion)) throw error;
    }
  }
  throw new Busy('Others kept being faster');
}
