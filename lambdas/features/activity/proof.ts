import * as z from 'zod';
import { Problem } from '../../http/problem.ts';
import type { ControllerId } from '../../platform/entity.ts';
import { signedCheckpointJson } from '../transparency/checkpoint.ts';
import { type ActivityEntry, entryHash } from '../transparency/leaf.ts';
import type { TransparencyLog } from '../transparency/log.ts';
import type { Hash } from '../transparency/merkle.ts';
import type { LoggedEntry } from './entry.ts';

const HashText = z.base64().meta({ description: 'SHA-256, in base64.' });
/** In a tree of 2^53 leaves no proof is longer. */
const PROOF_HASHES_MAX = 106;
const Path = z.array(HashText).max(PROOF_HASHES_MAX);

/** As `signedCheckpointJson` writes it; what a program that checks it reads. */
const SignedCheckpointView = z
  .strictObject({
    checkpoint: z.strictObject({
      controller: z.string(),
      size: z.int().nonnegative().meta({ description: 'Records in the log.' }),
      root: HashText,
    }),
    head: z
      .strictObject({ text: z.string(), signature: z.string(), keyId: z.string() })
      .meta({ description: 'What was signed, and the signature (ECDSA over P-256 with SHA-256, DER in base64url).' }),
    index: z.int().nonnegative().meta({ description: 'Of the checkpoint among the leaves of the head.' }),
    inclusion: Path,
  })
  .meta({ id: 'SignedCheckpoint' });

const EntryView = z
  .strictObject({
    controller: z.string(),
    subject: z.string(),
    id: z.string(),
    at: z.string(),
    event: z.string(),
    actor: z.string(),
    role: z.string().optional(),
    person: z.string().optional(),
    requestId: z.string(),
    about: z.array(z.string()).optional(),
    detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
    writer: z.string(),
    sequence: z.int().positive(),
    previous: z.string(),
    salt: z.string(),
  })
  .meta({ id: 'ActivityEntry', description: 'A record as it was written: all that its leaf is the hash of.' });

export const ActivityProof = z
  .strictObject({
    leaf: z.int().nonnegative(),
    hash: HashText.meta({ description: 'The leaf: SHA-256 over 0x00 and the record (RFC 6962, section 2.1).' }),
    entry: EntryView.optional().meta({
      description: 'Absent where it names others than the reader, and once the record itself is a year old.',
    }),
    inclusion: Path.meta({ description: 'RFC 6962, section 2.1.1: from the leaf to the root of the checkpoint.' }),
    signed: SignedCheckpointView,
  })
  .meta({
    id: 'ActivityProof',
    description: 'Everything that is needed to check it with the public key alone (`GET /v1/proofs/keys`).',
  });

export const LogCheckpoint = z
  .strictObject({
    signed: SignedCheckpointView,
    consistency: z
      .strictObject({ from: z.int().nonnegative(), proof: Path })
      .optional()
      .meta({ description: 'RFC 6962, section 2.1.2: the log of that size is the beginning of this one.' }),
  })
  .meta({ id: 'LogCheckpoint' });

/** Throws `not-in-the-log-yet` for what no signed checkpoint holds: it takes a minute. */
export async function proofOf(
  { entry, leaf }: LoggedEntry,
  log: TransparencyLog,
  { withEntry }: { readonly withEntry: boolean },
) {
  if (leaf === undefined) throw new Problem('not-in-the-log-yet');
  const { signed, ...proof } = await proofOfLeaf(entry.controller, leaf, log);
  return { ...proof, hash: base64(entryHash(entry)), ...(withEntry && { entry: viewOf(entry) }), signed };
}

/** Throws `not-in-the-log-yet`. */
export async function proofOfLeaf(controller: ControllerId, leaf: number, log: TransparencyLog) {
  const signed = await log.checkpoint(controller);
  if (!signed || leaf >= signed.checkpoint.size) throw new Problem('not-in-the-log-yet');
  const inclusion = await log.inclusionProof(controller, leaf, signed.checkpoint.size);
  return { leaf, inclusion: inclusion.map(base64), signed: signedCheckpointJson(signed) };
}

/** Throws `not-in-the-log-yet` before the first checkpoint, and `log-is-shorter`. */
export async function checkpointOf(controller: ControllerId, from: number | undefined, log: TransparencyLog) {
  const signed = await log.checkpoint(controller);
  if (!signed) throw new Problem('not-in-the-log-yet');
  if (from === undefined) return { signed: signedCheckpointJson(signed) };
  if (from > signed.checkpoint.size) throw new Problem('log-is-shorter');
  const proof = await log.consistencyProof(controller, from, signed.checkpoint.size);
  return { signed: signedCheckpointJson(signed), consistency: { from, proof: proof.map(base64) } };
}

/**
 * A record that names others is proven by its hash alone: their ids would let two logs be joined. The hash binds us to
 * what we have, and the privacy officer can show it.
 */
export const namesNobodyElse = (entry: ActivityEntry, selves: ReadonlySet<string>): boolean =>
  idsOfPeopleIn(entry).every((id) => selves.has(id));
export const idsOfPeopleIn = (entry: ActivityEntry): readonly string[] =>
  [...JSON.stringify(entry).matchAll(idOfSomebody)].map(([id]) => id);
/** Ids that lead to a human being, wherever they stand. */
const idOfSomebody = /(?:per|acc)_[0-9a-z]{26}/g;

function viewOf({ about, ...entry }: ActivityEntry) {
  return { ...entry, ...(about && { about: [...about] }) };
}

export const base64 = (hash: Hash): string => Buffer.from(hash).toString('base64');
