import type { KeyObject } from 'node:crypto';
import { type BundleHeader, type BundleLeaf, parseBundleHeader, parseBundleLeaf, parsedOrNot } from './bundle.ts';
import { FINDINGS_MAX, type Finding, leavesText } from './finding.ts';
import { entryHash } from './leaf.ts';
import { growingRange, type Hash, isSameHash } from './merkle.ts';
import { prunedThrough } from './pruned.ts';
import { followChains, type PlacedEntry } from './verify-chains.ts';
import { findingsOfHeader } from './verify-header.ts';
import { findingsOfMisplaced } from './verify-misplaced.ts';
import { findingOfWrongRoot } from './verify-root.ts';
import { findingOfWitness, signedTimesOf } from './verify-witness.ts';
import type { Witness } from './witness-text.ts';

export interface VerifyOptions {
  /** The only thing that is trusted. */
  readonly key: KeyObject;
  /** Checkpoints that were kept elsewhere, from letters. */
  readonly witnesses: readonly Witness[];
  /** The file need not be the whole log: only a part was asked for. */
  readonly isPart: boolean;
}

export interface Verification {
  /** None: every event in the file is as it was signed. */
  readonly findings: readonly Finding[];
  /** Absent when the file has no header. */
  readonly header?: BundleHeader;
  readonly entries: number;
  readonly writers: number;
  /** Letters that the log agrees with. */
  readonly witnessesAgreed: number;
}

const hex = (hash: Hash) => Buffer.from(hash).toString('hex');

/**
 * Checks a bundle (bundle.ts) against a public key. Memory grows with the writers in the log and with what is wrong, not
 * with its length. `open` gives the file's lines, and is called a second time where an event may have been moved.
 */
export async function verifyLog(open: () => AsyncIterable<string>, options: VerifyOptions): Promise<Verification> {
  const lines = open()[Symbol.asyncIterator]();
  const first = await lines.next();
  const header = first.done ? undefined : parsedOrNot(parseBundleHeader, first.value);
  if (!header) {
    await lines.return?.();
    const findings = [{ kind: 'malformed', text: 'The first line is no header of a log.' }] as const;
    return { findings, entries: 0, writers: 0, witnessesAgreed: 0 };
  }
  const reading = readLeaves(header, options);
  for (let line = await lines.next(); !line.done; line = await lines.next()) {
    if (line.value !== '') reading.read(line.value);
  }
  return reading.end(open);
}

function readLeaves(header: BundleHeader, { key, witnesses, isPart }: VerifyOptions) {
  const { from, to, size } = header;
  const findings: Finding[] = findingsOfHeader(header, key, isPart);
  const find = (finding: Finding) => {
    if (findings.length < FINDINGS_MAX) findings.push(finding);
  };
  const witnessSizes = new Set(witnesses.map(({ checkpoint }) => checkpoint.size));
  const rootsAt = new Map<number, Hash>();
  const times = signedTimesOf(header, witnesses, key);
  const misplaced: PlacedEntry[] = [];
  /** Leaves that no line has been read for, though later ones have. */
  const skipped = new Set<number>();
  let tree = parsedOrNot(growingRange, header);
  if (!tree)
    find({
      kind: 'malformed',
      text: `The hashes around ${leavesText(from, to)} of ${size} are not as many as they are.`,
    });
  let next = from;
  let entries = 0;
  let firstEntry: number | undefined;
  let pruned = -1;
  const chains = followChains(() => (firstEntry ?? 0) > 0);
  rememberRoot();

  function rememberRoot(): void {
    if (tree && witnessSizes.has(next)) rootsAt.set(next, tree.root());
  }

  /** False when the line stands where it should not, and has been told so. */
  function isInPlace({ leaf, entry }: BundleLeaf): boolean {
    if (leaf === next && next < to) return true;
    const eventId = entry?.id;
    tree = undefined;
    if (leaf >= to || leaf < from) {
      find({
        kind: 'inserted',
        leaf,
        eventId,
        text: `A line for leaf ${leaf} is in a file of ${leavesText(from, to)}.`,
      });
      return false;
    }
    if (leaf > next) {
      for (let each = next; each < leaf && skipped.size < FINDINGS_MAX; each++) skipped.add(each);
      next = leaf;
      return true;
    }
    if (skipped.delete(leaf)) {
      find({
        kind: 'reordered',
        leaf,
        eventId,
        text: `The line of leaf ${leaf} stands after that of leaf ${next - 1}.`,
      });
    } else {
      find({ kind: 'inserted', leaf, eventId, text: `There is more than one line for leaf ${leaf}.` });
    }
    return false;
  }

  function readEntry({ leaf, hash, entry }: BundleLeaf): void {
    if (!entry) {
      // Before the first body they may have been pruned, which is looked at in the end.
      if (firstEntry === undefined) return;
      chains.miss(leaf, hex(hash));
      find({ kind: 'deleted', leaf, text: `The event of leaf ${leaf} is gone; its hash is in the log.` });
      return;
    }
    entries += 1;
    firstEntry ??= leaf;
    pruned = Math.max(pruned, prunedThrough(entry, leaf, times));
    const placed = { leaf, entry, computed: hex(entryHash(entry)), named: hex(hash) };
    if (placed.computed !== placed.named && misplaced.length < FINDINGS_MAX) misplaced.push(placed);
    if (entry.controller !== header.controller) {
      const text = `${entry.id} at leaf ${leaf} belongs to ${entry.controller}.`;
      find({ kind: 'inserted', leaf, eventId: entry.id, text });
    }
    chains.follow(placed);
  }

  return {
    read(line: string): void {
      const leaf = parsedOrNot(parseBundleLeaf, line);
      if (!leaf) {
        tree = undefined;
        find({ kind: 'malformed', leaf: next, text: `The line of leaf ${next} cannot be read.` });
        return;
      }
      if (!isInPlace(leaf)) return;
      tree?.add(leaf.hash);
      next = leaf.leaf + 1;
      rememberRoot();
      readEntry(leaf);
    },

    async end(open: () => AsyncIterable<string>): Promise<Verification> {
      for (const leaf of skipped) find({ kind: 'deleted', leaf, text: `Leaf ${leaf} is not in the file.` });
      if (next < to) {
        tree = undefined;
        find({
          kind: 'tail-cut',
          leaf: next,
          text: `The file ends before leaf ${next}; it should go on to leaf ${to - 1}.`,
        });
      }
      // A part may begin anywhere, but what it begins with must be there.
      const bodiless = { from: Math.max(isPart ? from : 0, pruned + 1), to: firstEntry ?? next };
      if (bodiless.from < bodiless.to) {
        const text = `The events of ${leavesText(bodiless.from, bodiless.to)} are gone, and no record in the log says that they were removed when their year was over.`;
        find({ kind: 'deleted', leaf: bodiless.from, text });
      }
      for (const finding of await findingsOfMisplaced(misplaced, open)) find(finding);
      for (const finding of chains.findings()) find(finding);
      const rootFinding = findingOfRoot();
      if (rootFinding) find(rootFinding);
      const ofWitnesses = witnesses.map((witness) =>
        findingOfWitness(witness, header, key, (size) => rootsAt.get(size)),
      );
      // Where the events are not those that were signed, a letter cannot agree with them, and that says nothing more.
      for (const finding of ofWitnesses) {
        if (finding && !(rootFinding && finding.kind === 'split-view')) find(finding);
      }
      const witnessesAgreed = ofWitnesses.filter((finding) => finding === undefined).length;
      return { findings, header, entries, writers: chains.writers, witnessesAgreed };
    },
  };

  function findingOfRoot(): Finding | undefined {
    if (!tree || isSameHash(tree.wholeRoot(), header.signed.checkpoint.root)) return;
    return findingOfWrongRoot(header, findings, chains.tips(), witnesses, rootsAt);
  }
}
