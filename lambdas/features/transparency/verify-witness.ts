import type { KeyObject } from 'node:crypto';
import { type BundleHeader, parsedOrNot } from './bundle.ts';
import { faultOf, parseHead } from './checkpoint.ts';
import type { Finding } from './finding.ts';
import { type Hash, isConsistent, isSameHash } from './merkle.ts';
import type { SignedTimes } from './pruned.ts';
import type { Witness } from './witness-text.ts';

/**
 * What a checkpoint that someone kept says against the file. `rootAt`: of the file's own first leaves, for sizes that
 * they reach.
 */
export function findingOfWitness(
  witness: Witness,
  header: BundleHeader,
  key: KeyObject,
  rootAt: (size: number) => Hash | undefined,
): Finding | undefined {
  const { checkpoint, signed } = witness;
  const name = `The kept checkpoint of ${checkpoint.size} events`;
  if (witness.stage !== header.stage || checkpoint.controller !== header.controller) {
    return { kind: 'not-comparable', text: `${name} is of another log: ${witness.stage}, ${checkpoint.controller}.` };
  }
  if (signed && faultOf(signed, key)) {
    return { kind: 'wrong-signature', text: `${name} is not signed by this key, or was not copied whole.` };
  }
  const rewritten = (text: string): Finding => ({ kind: 'split-view', text: `${name} ${text}` });
  if (signed) {
    const theirs = parseHead(signed.head.text).head;
    // A file whose own head is none has been told so, and cannot be compared by it.
    const ours = parsedOrNot(parseHead, header.signed.head.text)?.head;
    if (theirs.number === ours?.number && signed.head.text !== header.signed.head.text) {
      return rewritten(
        `was signed under head ${ours.number}, and so was this file, under another text: two logs were shown.`,
      );
    }
    if (ours && theirs.number > ours.number && checkpoint.size < header.size) {
      return rewritten(`was signed after this file's, which has ${header.size}: a log never shrinks.`);
    }
  }
  if (checkpoint.size > header.size) {
    const text = `${name} is longer than this file's log of ${header.size}: the end was cut off, or the file was made before the checkpoint. Ask for a new one.`;
    return { kind: 'tail-cut', leaf: header.size, text };
  }
  const root = checkpoint.size === header.size ? header.signed.checkpoint.root : rootAt(checkpoint.size);
  if (root) return isSameHash(root, checkpoint.root) ? undefined : rewritten('is not the beginning of this log.');
  const proof = header.consistency?.find(({ size }) => size === checkpoint.size)?.proof;
  if (!proof) return { kind: 'not-comparable', text: `${name} lies outside this file, and no proof leads to it.` };
  const claim = { first: checkpoint.size, second: header.size, firstRoot: checkpoint.root };
  const isBeginning = isConsistent({ ...claim, secondRoot: header.signed.checkpoint.root, proof });
  return isBeginning ? undefined : rewritten('is not the beginning of this log.');
}

/** When the file, and the letters that are signed with this key and of this log, say that they were. */
export function signedTimesOf(header: BundleHeader, witnesses: readonly Witness[], key: KeyObject): SignedTimes {
  const signedAtOf = (text: string) => {
    const head = parsedOrNot(parseHead, text)?.head;
    return head && Date.parse(head.at);
  };
  const letters = witnesses.flatMap(({ stage, checkpoint: { controller, size }, signed }) => {
    const isOfThisLog = stage === header.stage && controller === header.controller;
    const signedAt = isOfThisLog && signed && !faultOf(signed, key) ? signedAtOf(signed.head.text) : undefined;
    return signedAt === undefined ? [] : [{ size, signedAt }];
  });
  return {
    signedAt: signedAtOf(header.signed.head.text),
    lastSignedWithout(leaf) {
      const without = letters.filter(({ size }) => size <= leaf).map(({ signedAt }) => signedAt);
      return without.length > 0 ? Math.max(...without) : undefined;
    },
  };
}
