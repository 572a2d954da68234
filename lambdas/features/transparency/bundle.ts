import * as z from 'zod';
import { parseStrictJson } from '../../http/strict-json.ts';
import type { ControllerId, SubjectId } from '../../platform/entity.ts';
import { hashOf, ProofText, type SignedCheckpoint, SignedCheckpointJson, signedCheckpointJson } from './checkpoint.ts';
import type { ActivityEntry } from './leaf.ts';
import type { Hash } from './merkle.ts';

/**
 * A log, or a part of it, as a file that anyone can check: JSON Lines, the header first, then one line for each leaf of
 * [from, to). What is around the part is proven by `left` and `right` (`rangeProof`).
 */
export interface BundleHeader {
  readonly stage: string;
  readonly controller: ControllerId;
  readonly from: number;
  readonly to: number;
  /** Of the whole log, as it was signed. */
  readonly size: number;
  readonly signed: SignedCheckpoint;
  readonly left: readonly Hash[];
  readonly right: readonly Hash[];
  /** From sizes that cannot be computed from the leaves in the file. */
  readonly consistency?: readonly { readonly size: number; readonly proof: readonly Hash[] }[] | undefined;
}

export interface BundleLeaf {
  readonly leaf: number;
  readonly hash: Hash;
  /** Absent once its body has been pruned. */
  readonly entry?: ActivityEntry | undefined;
}

const FORMAT = 'vern-log-1';
/** Longer lines are never written. */
export const BUNDLE_LINE_CHARACTERS_MAX = 200_000;
const CONSISTENCY_PROOFS_MAX = 100;

const base64 = (hash: Hash) => Buffer.from(hash).toString('base64');

export function bundleHeaderLine(header: BundleHeader): string {
  const { stage, controller, from, to, size, signed, left, right, consistency } = header;
  return `${JSON.stringify({
    format: FORMAT,
    stage,
    controller,
    from,
    to,
    size,
    signed: signedCheckpointJson(signed),
    left: left.map(base64),
    right: right.map(base64),
    ...(consistency && {
      consistency: consistency.map((each) => ({ size: each.size, proof: each.proof.map(base64) })),
    }),
  })}\n`;
}

export const bundleLeafLine = ({ leaf, hash, entry }: BundleLeaf): string =>
  `${JSON.stringify({ leaf, hash: base64(hash), ...(entry && { entry }) })}\n`;

const Count = z.int().nonnegative();
const Text = z.string().max(300);
const Controller = z
  .string()
  .regex(/^(operator|org_[0-9a-z]{26})$/)
  .transform((id) => id as ControllerId);

const Header = z.strictObject({
  format: z.literal(FORMAT),
  stage: Text,
  controller: Controller,
  from: Count,
  to: Count,
  size: Count,
  signed: SignedCheckpointJson,
  left: ProofText,
  right: ProofText,
  consistency: z
    .array(z.strictObject({ size: Count, proof: ProofText }))
    .max(CONSISTENCY_PROOFS_MAX)
    .optional(),
});

/** Strict: a field that the leaf's hash does not cover could say anything. */
const Entry = z.strictObject({
  controller: Controller,
  subject: Text.transform((id) => id as SubjectId),
  id: Text,
  at: Text,
  event: Text,
  actor: Text,
  role: Text.optional(),
  person: Text.optional(),
  requestId: Text,
  about: z.array(Text).optional(),
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  writer: Text,
  sequence: z.int().positive(),
  previous: z.string().regex(/^([0-9a-f]{64})?$/),
  salt: Text,
});
const Leaf = z.strictObject({ leaf: Count, hash: z.string(), entry: Entry.optional() });

/** Throws when the line is no header of this format. */
export const parseBundleHeader = (line: string): BundleHeader => Header.parse(JSON.parse(line));

/**
 * Throws when the line is no leaf. JSON of the strict kind: what parsers differ about (a name that stands twice,
 * `__proto__`) is in no hash, and could say anything.
 */
export function parseBundleLeaf(line: string): BundleLeaf {
  const { leaf, hash, entry } = Leaf.parse(parseStrictJson(Buffer.from(line)));
  return { leaf, hash: hashOf(hash), entry };
}

/** What a parser makes of it; undefined when it throws. */
export function parsedOrNot<T, S>(parse: (source: S) => T, source: S): T | undefined {
  try {
    return parse(source);
  } catch {
    return undefined;
  }
}
