import { createHash, createPublicKey, createVerify, type KeyObject } from 'node:crypto';
import * as z from 'zod';
import type { ControllerId } from '../../platform/entity.ts';
import { HASH_BYTES, type Hash, isIncluded, leafHash } from './merkle.ts';

/**
 * What a log's size and root are at one moment (the body of a C2SP tlog-checkpoint), and the head: one signature over the
 * checkpoints of all organisations, which are the leaves of a tree of their own, sorted by controller.
 */
export interface Checkpoint {
  readonly controller: ControllerId;
  readonly size: number;
  readonly root: Hash;
}

export interface Head {
  /** From 1, without gaps. */
  readonly number: number;
  /** RFC 3339, UTC. */
  readonly at: string;
  /** Organisations. */
  readonly size: number;
  readonly root: Hash;
  /** SHA-256 of the text of the head before, in hex; empty for the first. */
  readonly previous: string;
}

export interface SignedHead {
  readonly text: string;
  /** ECDSA P-256 over SHA-256 of the text: DER (RFC 3279, section 2.2.3) in base64url. */
  readonly signature: string;
  readonly keyId: string;
}

export interface SignedCheckpoint {
  readonly checkpoint: Checkpoint;
  readonly head: SignedHead;
  /** Of the checkpoint among the head's leaves. */
  readonly index: number;
  readonly inclusion: readonly Hash[];
}

const CHECKPOINT = /^vern\/([a-z][a-z0-9-]*)\/log\/(operator|org_[0-9a-z]{26})\n(0|[1-9]\d{0,14})\n(\S{44})\n$/;
const HEAD =
  /^vern\/([a-z][a-z0-9-]*)\/heads\n(0|[1-9]\d{0,14})\n(\S{44})\nnumber ([1-9]\d{0,14})\nat (\S{20,30})\nprevious ([0-9a-f]{64}|none)\n$/;

export const checkpointText = (stage: string, { controller, size, root }: Checkpoint): string =>
  `vern/${stage}/log/${controller}\n${size}\n${base64(root)}\n`;

/** Throws when it is not exactly what `checkpointText` writes. */
export function parseCheckpoint(text: string): { readonly stage: string; readonly checkpoint: Checkpoint } {
  const [, stage, controller, size, root] = CHECKPOINT.exec(text) ?? [];
  if (stage === undefined) throw new Error('This is no checkpoint');
  const checkpoint = { controller: controller as ControllerId, size: Number(size), root: hashOf(root!) };
  return { stage, checkpoint };
}

/** Its leaf in the tree of the head. */
export const checkpointLeaf = (stage: string, checkpoint: Checkpoint): Hash =>
  leafHash(utf8(checkpointText(stage, checkpoint)));

export const headText = (stage: string, { number, at, size, root, previous }: Head): string =>
  `vern/${stage}/heads\n${size}\n${base64(root)}\nnumber ${number}\nat ${at}\nprevious ${previous || 'none'}\n`;

/** Throws when it is not exactly what `headText` writes. */
export function parseHead(text: string): { readonly stage: string; readonly head: Head } {
  const [, stage, size, root, number, at, previous] = HEAD.exec(text) ?? [];
  if (stage === undefined) throw new Error('This is no head');
  const head = {
    number: Number(number),
    at: at!,
    size: Number(size),
    root: hashOf(root!),
    previous: previous === 'none' ? '' : previous!,
  };
  return { stage, head };
}

/** What the next head names as `previous`. */
export const headHash = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** `spki`: SubjectPublicKeyInfo (RFC 5280, section 4.1) in base64, or as PEM. Throws when it is no key. */
export const publicKeyOf = (spki: string): KeyObject =>
  spki.includes('-----BEGIN')
    ? createPublicKey(spki)
    : createPublicKey({ key: Buffer.from(spki, 'base64'), format: 'der', type: 'spki' });

export type SignatureFault = 'no-head' | 'forged-head' | 'not-in-head';

/** What is wrong with it, or undefined when the key signed a head that holds this checkpoint. */
export function faultOf(signed: SignedCheckpoint, key: KeyObject): SignatureFault | undefined {
  const { text, signature } = signed.head;
  if (!isHead(text)) return 'no-head';
  if (!createVerify('sha256').update(text, 'utf8').verify(key, Buffer.from(signature, 'base64url'))) {
    return 'forged-head';
  }
  const { stage, head } = parseHead(text);
  const { index, inclusion } = signed;
  const leaf = checkpointLeaf(stage, signed.checkpoint);
  return isIncluded({ leaf, index, size: head.size, proof: inclusion, root: head.root }) ? undefined : 'not-in-head';
}

function isHead(text: string): boolean {
  try {
    return parseHead(text).stage !== '';
  } catch {
    return false;
  }
}

const base64 = (hash: Hash) => Buffer.from(hash).toString('base64');
const utf8 = (text: string) => new TextEncoder().encode(text);

/** Throws when the text is no hash in base64 (RFC 4648, section 4), written the one way there is. */
export function hashOf(text: string): Hash {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length !== HASH_BYTES || bytes.toString('base64') !== text) throw new Error('This is no hash');
  return new Uint8Array(bytes);
}

/** In a tree of 2^53 leaves no proof is longer. */
const PROOF_HASHES_MAX = 106;
const HashText = z
  .string()
  .length(44)
  .transform((text, context) => {
    try {
      return hashOf(text);
    } catch {
      context.addIssue({ code: 'custom', message: 'no hash in base64' });
      return z.NEVER;
    }
  });
export const ProofText = z.array(HashText).max(PROOF_HASHES_MAX);
const Count = z.int().nonnegative();

export const SignedCheckpointJson = z.strictObject({
  checkpoint: z.strictObject({
    controller: z
      .string()
      .regex(/^(operator|org_[0-9a-z]{26})$/)
      .transform((id) => id as ControllerId),
    size: Count,
    root: HashText,
  }),
  head: z.strictObject({ text: z.string().max(400), signature: z.string().max(200), keyId: z.string().max(100) }),
  index: Count,
  inclusion: ProofText,
});

/** As it stands in files and answers: hashes in base64. */
export function signedCheckpointJson({ checkpoint, head, index, inclusion }: SignedCheckpoint) {
  return {
    checkpoint: { ...checkpoint, root: base64(checkpoint.root) },
    head: { text: head.text, signature: head.signature, keyId: head.keyId },
    index,
    inclusion: inclusion.map(base64),
  };
}

/** Throws when `json` (already parsed) is not of the shape of `signedCheckpointJson`. */
export const parseSignedCheckpoint = (json: unknown): SignedCheckpoint => SignedCheckpointJson.parse(json);
