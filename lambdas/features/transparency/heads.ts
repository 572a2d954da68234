import type { LogHead, LogState } from '../../platform/log-table.ts';
import {
  type Checkpoint,
  checkpointLeaf,
  headHash,
  headText,
  parseSignedCheckpoint,
  type SignedCheckpoint,
  type SignedHead,
  signedCheckpointJson,
} from './checkpoint.ts';
import { logKeys } from './log-files.ts';
import { type Hash, type HashAt, inclusionProof, nodeHash, rootOf } from './merkle.ts';
import type { Sequencer } from './sequencer.ts';

/** A published head, and the checkpoints that are new in it. */
export interface HeadFile {
  readonly head: SignedHead;
  readonly checkpoints: readonly SignedCheckpoint[];
}

const JSON_TYPE = { contentType: 'application/json' };

/**
 * Signs one head over the checkpoints of all organisations, if one of them has changed since the last. The head's file
 * is what decides between two sequencers: its number can be put once. Whoever finds it there publishes what it holds,
 * which its writer may not have come to, and looks again. Gives the number of the head that was signed.
 */
export async function signHeads(sequencer: Sequencer): Promise<number | undefined> {
  const { table, logFiles, stage, now, hasTimeLeft } = sequencer;
  do {
    // In this order: the states are then no older than the head that they follow.
    const last = await table.head();
    const states = (await table.states()).filter(isBegun).toSorted(byController);
    const isNew = ({ controller, size }: Checkpoint) =>
      states.some((state) => state.controller === controller && state.signedSize < size);
    const checkpoints = states.map(({ controller, size, root }) => ({ controller, size, root }));
    if (!checkpoints.some(isNew)) return undefined;

    const number = last.number + 1;
    const leaves = checkpoints.map((checkpoint) => checkpointLeaf(stage, checkpoint));
    const facts = { number, at: now().toISOString(), size: leaves.length, root: rootOf(leaves), previous: last.hash };
    const text = headText(stage, facts);
    const { signature, keyId } = await sequencer.signer.sign(new TextEncoder().encode(text));
    const head: SignedHead = { text, signature, keyId };
    const hashAt = hashesOver(leaves);
    const signed = checkpoints.map(async (checkpoint, index): Promise<SignedCheckpoint[]> => {
      if (!isNew(checkpoint)) return [];
      return [{ checkpoint, head, index, inclusion: await inclusionProof(index, leaves.length, hashAt) }];
    });
    const file: HeadFile = { head, checkpoints: (await Promise.all(signed)).flat() };
    const isOurs = (await logFiles.putOnce(logKeys.head(number), bytesOf(file), JSON_TYPE)) === 'put';
    await publish(isOurs ? file : await fileOf(number, sequencer), last, sequencer);
    if (isOurs) return number;
  } while (hasTimeLeft());
  return undefined;
}

/** The head's number moves last: until then whoever comes next does all of it again. */
async function publish({ head, checkpoints }: HeadFile, last: LogHead, { table, logFiles }: Sequencer): Promise<void> {
  await Promise.all(
    checkpoints.map((signed) => {
      const { controller, size } = signed.checkpoint;
      return logFiles.putOnce(logKeys.checkpoint(controller, size), jsonBytes(signedCheckpointJson(signed)), JSON_TYPE);
    }),
  );
  await table.signed(checkpoints.map(({ checkpoint }) => checkpoint));
  await table.moveHead(last, { number: last.number + 1, hash: headHash(head.text) });
}

async function fileOf(number: number, { logFiles }: Sequencer): Promise<HeadFile> {
  const content = await logFiles.get(logKeys.head(number));
  if (!content) throw new Error(`Head ${number} is there and cannot be read`);
  return headFileOf(content);
}

export function headFileOf(content: Uint8Array): HeadFile {
  const { head, checkpoints } = JSON.parse(Buffer.from(content).toString()) as {
    head: SignedHead;
    checkpoints: readonly object[];
  };
  return { head, checkpoints: checkpoints.map((checkpoint) => parseSignedCheckpoint({ ...checkpoint, head })) };
}

/** The head once, and not with each of its checkpoints. */
function bytesOf({ head, checkpoints }: HeadFile): Uint8Array {
  const withoutHead = checkpoints.map((signed) => {
    const { head: _, ...rest } = signedCheckpointJson(signed);
    return rest;
  });
  return jsonBytes({ head, checkpoints: withoutHead });
}
const jsonBytes = (value: object) => new TextEncoder().encode(JSON.stringify(value));

/** Each node of the tree over the checkpoints is hashed once. */
function hashesOver(leaves: readonly Hash[]): HashAt {
  const nodes = new Map<string, Promise<Hash>>();
  const hashAt: HashAt = (level, index) => {
    const id = `${level}/${index}`;
    const node = nodes.get(id) ?? made(level, index);
    nodes.set(id, node);
    return node;
  };
  const made = async (level: number, index: number) =>
    level === 0 ? leaves[index]! : nodeHash(await hashAt(level - 1, 2 * index), await hashAt(level - 1, 2 * index + 1));
  return hashAt;
}

const isBegun = (state: LogState): state is LogState & { readonly root: Hash } => state.root !== undefined;
const byController = ({ controller: one }: LogState, { controller: other }: LogState) => (one < other ? -1 : 1);
