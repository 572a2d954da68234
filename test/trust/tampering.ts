import {
  type BundleLeaf,
  bundleHeaderLine,
  bundleLeafLine,
  parseBundleHeader,
  parseBundleLeaf,
} from '../../lambdas/features/transparency/bundle.ts';
import type { FindingKind } from '../../lambdas/features/transparency/finding.ts';
import { type ActivityEntry, entryHash } from '../../lambdas/features/transparency/leaf.ts';
import { rangeProof, rootOf } from '../../lambdas/features/transparency/merkle.ts';
import { over } from './a-log.ts';

/** What is done to one random event. */
export const acts = ['mutated', 'deleted', 'reordered', 'inserted', 'tail-cut'] as const;
export type Act = (typeof acts)[number];

/** How much whoever does it puts right afterwards. */
export const cares = [
  /** Nothing. */
  'none',
  /** The hashes beside the events, and the numbers of the leaves. */
  'hashes',
  /** And the header: sizes, the proofs around, the checkpoint; all but the signature. */
  'header',
] as const;
export type Care = (typeof cares)[number];

/** A number below `count`, from the run's own seed. */
export type Pick = (count: number) => number;

export interface Tampered {
  readonly lines: readonly string[];
  /** Any of these says what was done. */
  readonly expected: readonly FindingKind[];
  /** One of these events, or these leaves, is to be named with it; none where nothing in the file can tell. */
  readonly eventIds: readonly string[];
  readonly leaves: readonly number[];
}

const FIELDS = [
  'at',
  'event',
  'actor',
  'person',
  'detail',
  'about',
  'subject',
  'salt',
  'sequence',
  'requestId',
] as const;

/** One field of a record, changed. */
export function mutatedEntry(entry: ActivityEntry, pick: Pick): ActivityEntry {
  const field = FIELDS[pick(FIELDS.length)]!;
  const others: Readonly<Record<(typeof FIELDS)[number], unknown>> = {
    at: '2026-03-01T00:00:00.000Z',
    event: 'person.seen',
    actor: 'acc_somebody-else',
    person: undefined,
    detail: { late: false },
    about: [],
    subject: 'per_somebody-else',
    salt: 'AAAAAAAAAAAAAAAAAAAAAA',
    sequence: entry.sequence + 1,
    requestId: 'req-other',
  };
  return { ...entry, [field]: others[field] } as ActivityEntry;
}

const another = (pick: Pick, count: number, index: number) => (index + 1 + pick(count - 1)) % count;

/** A file with one event tampered with. */
export async function tamperedFile(lines: readonly string[], act: Act, care: Care, pick: Pick): Promise<Tampered> {
  const [first = '', ...rest] = lines;
  const header = parseBundleHeader(first);
  const leaves = rest.map(parseBundleLeaf);
  const index = pick(leaves.length);
  const eventId = leaves[index]!.entry!.id;
  const changed = change(act, care, leaves, index, pick);
  const renumbered =
    care === 'none' ? changed.leaves : changed.leaves.map((leaf, i): BundleLeaf => ({ ...leaf, leaf: i }));
  const entries = care === 'none' ? renumbered : renumbered.map(withOwnHash);
  const body = entries.map(bundleLeafLine);
  const { expected, places } = changed;
  const eventIds = [eventId, ...changed.eventIds];
  if (care !== 'header') return { lines: [first, ...body], expected, eventIds, leaves: places };
  if (act === 'tail-cut' && pick(2) === 0) {
    // The most that can be done without the key: an honest part of the log, passed off as the whole.
    const to = entries.length;
    const all = leaves.map(({ hash }) => hash);
    const part = { ...header, to, ...(await rangeProof(0, to, header.size, over(all))) };
    return { lines: [bundleHeaderLine(part), ...body], expected: ['tail-cut'], eventIds: [], leaves: [to] };
  }
  const hashes = entries.map(({ hash }) => hash);
  const size = hashes.length;
  const { signed } = header;
  const forged = {
    ...header,
    to: size,
    size,
    ...(await rangeProof(0, size, size, over(hashes))),
    signed: { ...signed, checkpoint: { ...signed.checkpoint, size, root: rootOf(hashes) } },
  };
  // The header then agrees with the events, and not with the signature over it.
  const all = [...expected, 'wrong-checkpoint'] as const;
  return { lines: [bundleHeaderLine(forged), ...body], expected: all, eventIds: [], leaves: [] };
}

const withOwnHash = (leaf: BundleLeaf): BundleLeaf => (leaf.entry ? { ...leaf, hash: entryHash(leaf.entry) } : leaf);

interface Changed {
  readonly leaves: readonly BundleLeaf[];
  readonly expected: readonly FindingKind[];
  readonly eventIds: readonly string[];
  readonly places: readonly number[];
}

function change(act: Act, care: Care, leaves: readonly BundleLeaf[], index: number, pick: Pick): Changed {
  const count = leaves.length;
  const leaf = leaves[index]!;
  const isCareful = care !== 'none';
  const root: readonly FindingKind[] = isCareful ? ['wrong-root'] : [];
  if (act === 'mutated') {
    const entry = mutatedEntry(leaf.entry!, pick);
    // A changed number in the chain shows as a gap there, or as a number that is taken.
    const expected: FindingKind[] = isCareful ? ['mutated', 'chain-gap', 'inserted', 'reordered'] : ['mutated'];
    return {
      leaves: leaves.with(index, { ...leaf, entry }),
      expected: [...expected, ...root],
      eventIds: neighbours(leaves, index),
      places: [index],
    };
  }
  if (act === 'deleted') {
    const expected: FindingKind[] = ['deleted', 'chain-gap', 'tail-cut'];
    const rest = leaves.toSpliced(index, 1);
    return {
      leaves: rest,
      expected: [...expected, ...root],
      eventIds: neighbours(leaves, index),
      places: [index, count - 1],
    };
  }
  if (act === 'reordered') {
    const other = another(pick, count, index);
    const [one, two] = [leaves[index]!, leaves[other]!];
    return {
      leaves: leaves.with(index, two).with(other, one),
      expected: ['reordered', ...root],
      eventIds: [two.entry!.id, ...neighbours(leaves, index), ...neighbours(leaves, other)],
      places: [index, other],
    };
  }
  if (act === 'inserted') {
    const copied = leaves[pick(count)]!.entry!;
    const isOfWriter = pick(2) === 0;
    const entry: ActivityEntry = isOfWriter
      ? { ...copied, id: 'evt_00000000000000000000000000' }
      : { ...copied, id: 'evt_00000000000000000000000000', writer: 'wri_forged', sequence: 1, previous: '' };
    return {
      leaves: leaves.toSpliced(index, 0, { leaf: index, hash: entryHash(entry), entry }),
      expected: ['inserted', 'reordered', ...root],
      eventIds: [entry.id, copied.id],
      places: [index, count],
    };
  }
  const kept = index;
  return { leaves: leaves.slice(0, kept), expected: ['tail-cut', ...root], eventIds: [], places: [kept] };
}

/** The records of the same chain before and after: a broken chain names one of them. */
function neighbours(leaves: readonly BundleLeaf[], index: number): readonly string[] {
  const { writer } = leaves[index]!.entry!;
  const chain = leaves.filter(({ entry }) => entry?.writer === writer);
  const at = chain.indexOf(leaves[index]!);
  return [chain[at - 1], chain[at + 1]].flatMap((leaf) => leaf?.entry?.id ?? []);
}
