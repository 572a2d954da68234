import { marshall } from '@aws-sdk/util-dynamodb';
import { partitionRows } from '../../../platform/partition-rows.ts';
import type { StepContext } from '../step.ts';
import { writeRows } from './rows.ts';

/**
 * What one step of a restore tells the later ones, as ids: rows of the target's Transient, which is new and empty, has a
 * time to live, and goes with a drill. A note that is made twice is one note.
 */
const KEPT_SECONDS = 7 * 24 * 60 * 60;

const topics = {
  /** Controllers whose ledger has grown since the backup. */
  ledgers: 'RESTORE#LEDGERS',
  /** Owners (`<controller>#<subject>`) whose consents, requests or holds have changed since the backup. */
  rights: 'RESTORE#RIGHTS',
  /** How far the copies of Rights have been applied. */
  overlaid: 'RESTORE#OVERLAID',
} as const;
type Topic = keyof typeof topics;

export async function note(context: StepContext, topic: Topic, names: Iterable<string>): Promise<void> {
  const expiresAtEpochSeconds = Math.floor(context.now().getTime() / 1000) + KEPT_SECONDS;
  const writes = [...new Set(names)].map((sk) => {
    const key = { pk: topics[topic], sk };
    return { key, item: marshall({ ...key, expiresAtEpochSeconds }) };
  });
  await writeRows(context.target, 'transient', writes);
}

/** In their own order. */
export async function noted({ target }: StepContext, topic: Topic): Promise<string[]> {
  const names: string[] = [];
  for await (const { sk } of partitionRows(target).of('transient', topics[topic])) names.push(sk);
  return names;
}
