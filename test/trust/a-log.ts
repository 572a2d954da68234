import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import {
  type BundleHeader,
  type BundleLeaf,
  bundleHeaderLine,
  bundleLeafLine,
} from '../../lambdas/features/transparency/bundle.ts';
import {
  type Checkpoint,
  checkpointLeaf,
  headText,
  type SignedCheckpoint,
} from '../../lambdas/features/transparency/checkpoint.ts';
import { type ActivityEntry, entryHash } from '../../lambdas/features/transparency/leaf.ts';
import {
  consistencyProof,
  type Hash,
  type HashAt,
  inclusionProof,
  rangeProof,
  rootOf,
} from '../../lambdas/features/transparency/merkle.ts';
import type { OrganisationId } from '../../lambdas/http/ids.ts';
import { activityChains } from '../../lambdas/platform/activity-chain.ts';
import { anId } from '../support/store.ts';

export const STAGE = 'test';
const BEGUN_AT = Date.parse('2026-03-02T07:00:00Z');
const MINUTE = 60_000;

export const aSigningKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });

/** A head over this checkpoint and those of a few other organisations, signed as KMS signs. */
export async function signedCheckpoint(
  checkpoint: Checkpoint,
  privateKey: KeyObject,
  { number, at = new Date(BEGUN_AT + number * MINUTE).toISOString() }: { number: number; at?: string },
): Promise<SignedCheckpoint> {
  const others = ['org_00000000000000000000000000', 'org_7zzzzzzzzzzzzzzzzzzzzzzzzz'] as OrganisationId[];
  const all = [others[0]!, checkpoint.controller, others[1]!].map((controller) =>
    controller === checkpoint.controller ? checkpoint : { controller, size: 3, root: checkpoint.root },
  );
  const leaves = all.map((each) => checkpointLeaf(STAGE, each));
  const previous = number === 1 ? '' : 'ab'.repeat(32);
  const text = headText(STAGE, { number, at, size: leaves.length, root: rootOf(leaves), previous });
  const signature = sign('sha256', Buffer.from(text), privateKey).toString('base64url');
  const inclusion = await inclusionProof(1, leaves.length, over(leaves));
  return { checkpoint, head: { text, signature, keyId: 'key-1' }, index: 1, inclusion };
}

export const over =
  (leaves: readonly Hash[]): HashAt =>
  async (level, index) =>
    rootOf(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level));

export interface ALog {
  readonly controller: OrganisationId;
  readonly entries: readonly ActivityEntry[];
  readonly hashes: readonly Hash[];
  readonly publicKey: KeyObject;
  /** As it was signed when the log had this many events. */
  signedAt(size: number): Promise<SignedCheckpoint>;
}

/** A log of `events` records by a few writers, in the order in which a sequencer would have taken them. */
export function aLog(options: {
  readonly events: number;
  readonly writers?: number;
  /** Of the record at that leaf, what differs from a plain one. */
  readonly differing?: (leaf: number) => Partial<ActivityEntry>;
  readonly keys?: { readonly publicKey: KeyObject; readonly privateKey: KeyObject };
  readonly pick?: (leaf: number, count: number) => number;
  /** When the checkpoint of each size was signed; some minutes after the log began by default. */
  readonly signedWhen?: (size: number) => string | undefined;
}): ALog {
  const {
    events,
    writers = 3,
    differing = () => ({}),
    keys = aSigningKey(),
    pick = (leaf, count) => leaf % count,
    signedWhen = () => undefined,
  } = options;
  const controller = anId('org');
  const chains = Array.from({ length: writers }, () => activityChains(entryHash));
  const entries = Array.from({ length: events }, (_, leaf) => {
    const at = new Date(BEGUN_AT + leaf * MINUTE);
    const chain = chains[pick(leaf, writers)]!.take(at);
    const record = chain.link({
      controller,
      subject: anId('per'),
      id: anId('evt'),
      at: at.toISOString(),
      event: 'attendance.checked-in',
      actor: anId('acc'),
      role: 'staff',
      requestId: `r-${leaf}`,
      detail: { count: leaf },
      salt: Buffer.alloc(16, leaf).toString('base64url'),
      ...differing(leaf),
    });
    chain.settle('written');
    return record;
  });
  const hashes = entries.map(entryHash);
  return {
    controller,
    entries,
    hashes,
    publicKey: keys.publicKey,
    signedAt(size) {
      const at = signedWhen(size);
      const head = { number: size + 1, ...(at && { at }) };
      return signedCheckpoint({ controller, size, root: rootOf(hashes.slice(0, size)) }, keys.privateKey, head);
    },
  };
}

export interface Bundle {
  readonly header: BundleHeader;
  readonly leaves: readonly BundleLeaf[];
}

/** What an honest service exports: [from, to) of the log when it had `size` events. */
export async function bundleOf(
  log: ALog,
  range: {
    readonly from?: number;
    readonly to?: number;
    readonly size?: number;
    readonly consistentWith?: number;
  } = {},
): Promise<Bundle> {
  const { size = log.hashes.length, from = 0, to = size, consistentWith } = range;
  const hashes = log.hashes.slice(0, size);
  const { left, right } = await rangeProof(from, to, size, over(hashes));
  const signed = await log.signedAt(size);
  const { controller } = log;
  const consistency =
    consistentWith === undefined
      ? undefined
      : [{ size: consistentWith, proof: await consistencyProof(consistentWith, size, over(hashes)) }];
  return {
    header: { stage: STAGE, controller, from, to, size, signed, left, right, consistency },
    leaves: Array.from({ length: to - from }, (_, i) => ({
      leaf: from + i,
      hash: hashes[from + i]!,
      entry: log.entries[from + i],
    })),
  };
}

export const linesOf = ({ header, leaves }: Bundle): readonly string[] => [
  bundleHeaderLine(header),
  ...leaves.map(bundleLeafLine),
];

/** A file's lines, as often as they are asked for. */
export const reading = (lines: readonly string[]) =>
  async function* () {
    yield* lines.map((line) => line.replace(/\n$/, ''));
  };
