import { pointersIn } from '../../walks/pointers-in.ts';
import type { StepContext } from '../step.ts';
import type { Replay } from './replay.ts';

/**
 * What one step of a restore tells the later ones, as ids: rows of the target's Transient, which is new and empty, has a
 * time to live, and goes with a drill. A note that is made twice is one note.
 */
const NOTE_KEPT_SECONDS = 7 * 24 * 60 * 60;

const topics = {
  /** Controllers whose ledger has grown since the backup. */
  ledgers: 'RESTORE#LEDGERS',
  /** Owners (`<controller>#<subject>`) whose consents, requests or holds have changed since the backup. */
  rights: 'RESTORE#RIGHTS',
  /** How far the copies of Rights have been applied. */
  overlaid: 'RESTORE#OVERLAID',
} as const;
type Topic = keyof typeof topics;

export async function note({ now, tables }: Replay, topic: Topic, names: Iterable<string>): Promise<void> {
  const expiresAtEpochSeconds = Math.floor(now().getTime() / 1000) + NOTE_KEPT_SECONDS;
  const pointers = [...new Set(names)].map(
    (sk) => ({ table: 'transient', pk: topics[topic], sk, expiresAtEpochSeconds }) as const,
  );
  await tables.point('transient', pointers);
}

/** In their own order. */
export async function noted(context: StepContext, topic: Topic): Promise<string[]> {
  const names: string[] = [];
  const walk = { openCall: context.openCall, hasTimeLeft: () => true };
  for await (const { sk } of pointersIn({ table: 'transient', pk: topics[topic] }, walk)) names.push(sk);
  return names;
}
