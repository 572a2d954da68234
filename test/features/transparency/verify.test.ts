import { describe, expect, it } from 'vitest';
import type { BundleLeaf } from '../../../lambdas/features/transparency/bundle.ts';
import { type ActivityEntry, entryHash } from '../../../lambdas/features/transparency/leaf.ts';
import { verifyLog } from '../../../lambdas/features/transparency/verify.ts';
import { parseWitness, witnessText } from '../../../lambdas/features/transparency/witness-text.ts';
import { type ALog, aLog, aSigningKey, type Bundle, bundleOf, linesOf, reading } from '../../trust/a-log.ts';

const log = aLog({ events: 40 });
const whole = await bundleOf(log);

const check = ({ publicKey }: ALog, lines: readonly string[], options: Partial<Parameters<typeof verifyLog>[1]> = {}) =>
  verifyLog(reading(lines), { key: publicKey, witnesses: [], isPart: false, ...options });

const kindsAndPlaces = async (lines: readonly string[]) =>
  (await check(log, lines)).findings.map(({ kind, leaf, eventId }) => ({ kind, leaf, eventId }));

/** The bundle with its leaves changed. */
const withLeaves = (change: (leaves: BundleLeaf[]) => BundleLeaf[], { header, leaves }: Bundle = whole) =>
  linesOf({ header, leaves: change([...leaves]) });
const changed = (entry: ActivityEntry): ActivityEntry => ({ ...entry, actor: 'acc_someone-else' });
const idAt = (leaf: number) => log.entries[leaf]!.id;

describe('a log as it was signed', () => {
  it('has nothing wrong with it, whole or in part', async () => {
    const { findings, entries, writers } = await check(log, linesOf(whole));
    expect(findings).toEqual([]);
    expect({ entries, writers }).toEqual({ entries: 40, writers: 3 });
    const part = linesOf(await bundleOf(log, { from: 7, to: 19 }));
    expect((await check(log, part, { isPart: true })).findings).toEqual([]);
  });

  it('of nothing at all verifies too', async () => {
    const nothing = aLog({ events: 0 });
    expect((await check(nothing, linesOf(await bundleOf(nothing)))).findings).toEqual([]);
  });

  it('is not accepted as the whole when it is a part', async () => {
    const end = linesOf(await bundleOf(log, { from: 0, to: 30 }));
    expect((await check(log, end)).findings).toEqual([
      { kind: 'tail-cut', leaf: 30, text: expect.stringContaining('leaves 30 to 39') },
    ]);
    const beginning = linesOf(await bundleOf(log, { from: 10, to: 40 }));
    expect((await check(log, beginning)).findings).toEqual([
      { kind: 'deleted', leaf: 0, text: expect.stringContaining('leaves 0 to 9') },
    ]);
  });
});

describe('an event', () => {
  it('that was changed is named, and so it is when its hash was changed with it', async () => {
    const naive = withLeaves((leaves) => leaves.with(12, { ...leaves[12]!, entry: changed(leaves[12]!.entry!) }));
    expect(await kindsAndPlaces(naive)).toEqual([{ kind: 'mutated', leaf: 12, eventId: idAt(12) }]);
    const entry = changed(log.entries[12]!);
    const careful = withLeaves((leaves) => leaves.with(12, { leaf: 12, entry, hash: entryHash(entry) }));
    expect(await kindsAndPlaces(careful)).toEqual([
      { kind: 'mutated', leaf: 12, eventId: idAt(12) },
      { kind: 'wrong-root', leaf: undefined, eventId: undefined },
    ]);
  });

  it('that was changed with its hash, and that no later one vouches for, is among the few that it can be', async () => {
    const entry = changed(log.entries[39]!);
    const lines = withLeaves((leaves) => leaves.with(39, { leaf: 39, entry, hash: entryHash(entry) }));
    const { findings } = await check(log, lines);
    expect(findings.map(({ kind }) => kind)).toEqual(['wrong-root']);
    expect(findings[0]!.suspects).toEqual([37, 38, 39].map((leaf) => ({ leaf, eventId: idAt(leaf) })));
  });

  it('that a line tells twice, or in a field that parsers differ about, is not read at all', async () => {
    const lines = linesOf(whole);
    const told = [
      (line: string) => line.replace('"event":', '"event":"nothing.happened","event":'),
      (line: string) => line.replace('"count":', '"__proto__":"more","count":'),
    ];
    for (const tell of told) {
      const findings = await kindsAndPlaces(lines.with(13, tell(lines[13]!)));
      expect(findings).toContainEqual({ kind: 'malformed', leaf: 12, eventId: undefined });
    }
    const overWindows = lines.map((line) => line.replace('\n', '\r\n'));
    expect(await kindsAndPlaces(overWindows)).toEqual([]);
  });

  it('that says more than was hashed is not read at all', async () => {
    const lines = linesOf(whole).map((line, i) => (i === 13 ? line.replace('"entry":{', '"entry":{"more":1,') : line));
    const { findings } = await check(log, lines);
    expect(findings.map(({ kind, leaf }) => ({ kind, leaf }))).toEqual([
      { kind: 'malformed', leaf: 12 },
      { kind: 'deleted', leaf: 12 },
      { kind: 'chain-gap', leaf: 15 },
    ]);
  });

  it('whose body or line is gone is named', async () => {
    const body = withLeaves((leaves) => leaves.with(12, { ...leaves[12]!, entry: undefined }));
    expect(await kindsAndPlaces(body)).toEqual([{ kind: 'deleted', leaf: 12, eventId: undefined }]);
    const line = withLeaves((leaves) => leaves.toSpliced(12, 1));
    expect(await kindsAndPlaces(line)).toEqual([
      { kind: 'deleted', leaf: 12, eventId: undefined },
      { kind: 'chain-gap', leaf: 15, eventId: idAt(15) },
    ]);
  });

  it('that was moved is named with where it belongs', async () => {
    const bodies = withLeaves((leaves) =>
      leaves
        .with(12, { ...leaves[12]!, entry: leaves[20]!.entry })
        .with(20, { ...leaves[20]!, entry: leaves[12]!.entry }),
    );
    const found = (await check(log, bodies)).findings.filter(({ kind }) => kind === 'reordered');
    expect(found.map(({ leaf, eventId }) => ({ leaf, eventId }))).toEqual(
      expect.arrayContaining([
        { leaf: 12, eventId: idAt(20) },
        { leaf: 20, eventId: idAt(12) },
      ]),
    );
    const lines = withLeaves((leaves) => leaves.with(12, leaves[13]!).with(13, leaves[12]!));
    expect(await kindsAndPlaces(lines)).toContainEqual({ kind: 'reordered', leaf: 12, eventId: idAt(12) });
  });

  it('that was moved with its number and hash is named by its chain', async () => {
    const swapped = withLeaves((leaves) =>
      leaves.with(12, { ...leaves[15]!, leaf: 12 }).with(15, { ...leaves[12]!, leaf: 15 }),
    );
    const found = await kindsAndPlaces(swapped);
    expect(found).toContainEqual({ kind: 'reordered', leaf: 15, eventId: idAt(12) });
    expect(found.map(({ kind }) => kind)).toContain('wrong-root');
  });

  it('that was added is named', async () => {
    const twice = withLeaves((leaves) => leaves.toSpliced(13, 0, leaves[12]!));
    expect(await kindsAndPlaces(twice)).toEqual([{ kind: 'inserted', leaf: 12, eventId: idAt(12) }]);
    const behind = withLeaves((leaves) => [...leaves, { ...leaves[3]!, leaf: 40 }]);
    expect(await kindsAndPlaces(behind)).toEqual([{ kind: 'inserted', leaf: 40, eventId: idAt(3) }]);
    const foreign = withLeaves((leaves) => {
      const entry = { ...leaves[12]!.entry!, controller: 'operator' as const };
      return leaves.with(12, { leaf: 12, entry, hash: entryHash(entry) });
    });
    expect(await kindsAndPlaces(foreign)).toContainEqual({ kind: 'inserted', leaf: 12, eventId: idAt(12) });
  });

  it('that vanished before it came into the log leaves a gap', async () => {
    const full = aLog({ events: 30 });
    const gone = full.entries.filter((_, i) => i !== 12);
    const hashes = gone.map(entryHash);
    const signedAt = full.signedAt;
    const shorter = { ...full, entries: gone, hashes, signedAt };
    const { findings } = await check(full, linesOf(await bundleOf(shorter)));
    expect(findings.filter(({ kind }) => kind === 'chain-gap')).toEqual([
      expect.objectContaining({ leaf: 14, eventId: full.entries[15]!.id }),
    ]);
  });
});

describe('the end of a file', () => {
  it('is missed when lines are cut off', async () => {
    expect(await kindsAndPlaces(linesOf(whole).slice(0, -5))).toEqual([
      { kind: 'tail-cut', leaf: 35, eventId: undefined },
    ]);
  });

  it('is missed by a checkpoint that somebody kept', async () => {
    const older = linesOf(await bundleOf(log, { size: 30 }));
    const kept = { stage: 'test', ...(await signedWitness(log, 40)) };
    expect((await check(log, older)).findings).toEqual([]);
    const { findings } = await check(log, older, { witnesses: [kept] });
    expect(findings.map(({ kind, leaf }) => ({ kind, leaf }))).toEqual([{ kind: 'tail-cut', leaf: 30 }]);
  });

  it('is as far as its header says', async () => {
    const { header, leaves } = whole;
    const lines = linesOf({ header: { ...header, size: 39, to: 39 }, leaves: leaves.slice(0, 39) });
    expect((await kindsAndPlaces(lines)).map(({ kind }) => kind)).toContain('wrong-checkpoint');
  });
});

const signedWitness = async ({ signedAt }: ALog, size: number) => {
  const signed = await signedAt(size);
  return { checkpoint: signed.checkpoint, signed };
};

describe('a header', () => {
  it('is not believed when it is unsigned, signed by another, or no header', async () => {
    const other = { ...log, publicKey: aSigningKey().publicKey };
    expect((await check(other, linesOf(whole))).findings.map(({ kind }) => kind)).toEqual(['wrong-signature']);
    expect((await check(log, [])).findings.map(({ kind }) => kind)).toEqual(['malformed']);
    expect((await check(log, ['{}'])).findings.map(({ kind }) => kind)).toEqual(['malformed']);
    const { header, leaves } = whole;
    const stage = linesOf({ header: { ...header, stage: 'prod' }, leaves });
    expect((await kindsAndPlaces(stage)).map(({ kind }) => kind)).toEqual(['wrong-checkpoint']);
    const around = linesOf({ header: { ...header, left: [log.hashes[0]!] }, leaves });
    expect((await kindsAndPlaces(around)).map(({ kind }) => kind)).toEqual(['malformed']);
  });
});

describe('a head that is none', () => {
  it('is a finding, whoever else is asked: neither its root nor a letter ends the check', async () => {
    const { header, leaves } = whole;
    const { head } = header.signed;
    const letter = parseWitness(witnessText(await log.signedAt(20)));
    const heads = ['nothing', head.text.replace(/^.{44}$/m, '.'.repeat(44))];
    for (const text of heads) {
      const lines = linesOf({ header: { ...header, signed: { ...header.signed, head: { ...head, text } } }, leaves });
      const { findings } = await check(log, lines, { witnesses: [letter] });
      expect(findings.map(({ kind }) => kind)).toContain('wrong-signature');
    }
  });
});

describe('a kept checkpoint', () => {
  it('agrees with the log that it was of, whether inside the file or before it', async () => {
    for (const size of [0, 1, 17, 39, 40]) {
      const witness = { stage: 'test', ...(await signedWitness(log, size)) };
      const { findings, witnessesAgreed } = await check(log, linesOf(whole), { witnesses: [witness] });
      expect({ size, findings, witnessesAgreed }).toEqual({ size, findings: [], witnessesAgreed: 1 });
    }
    const part = linesOf(await bundleOf(log, { from: 20, to: 30, consistentWith: 11 }));
    const witness = { stage: 'test', ...(await signedWitness(log, 11)) };
    expect((await check(log, part, { isPart: true, witnesses: [witness] })).findings).toEqual([]);
  });

  it('tells that somebody was shown another log', async () => {
    const keys = aSigningKey();
    const ours = aLog({ events: 40, keys });
    const theirs = aLog({ events: 25, keys });
    const shown = await theirs.signedAt(25);
    const kept = { stage: 'test', checkpoint: { ...shown.checkpoint, controller: ours.controller } };
    const { findings } = await check(ours, linesOf(await bundleOf(ours)), { witnesses: [kept] });
    expect(findings.map(({ kind }) => kind)).toEqual(['split-view']);
    const part = linesOf(await bundleOf(ours, { from: 30, to: 40, consistentWith: 25 }));
    const inPart = await check(ours, part, { isPart: true, witnesses: [kept] });
    expect(inPart.findings.map(({ kind }) => kind)).toEqual(['split-view']);
  });

  it('is not taken for proof when nothing leads to it, it is of another log, or its signature is wrong', async () => {
    const part = linesOf(await bundleOf(log, { from: 20, to: 30 }));
    const kept = { stage: 'test', ...(await signedWitness(log, 11)) };
    const kindsWith = async (witness: typeof kept) =>
      (await check(log, part, { isPart: true, witnesses: [witness] })).findings.map(({ kind }) => kind);
    expect(await kindsWith(kept)).toEqual(['not-comparable']);
    expect(await kindsWith({ ...kept, stage: 'prod' })).toEqual(['not-comparable']);
    const forged = { ...kept, signed: { ...kept.signed, index: 0 } };
    expect(await kindsWith(forged)).toEqual(['wrong-signature']);
  });

  it('narrows down where the events are not those that were signed', async () => {
    const entry = changed(log.entries[39]!);
    const lines = withLeaves((leaves) => leaves.with(39, { leaf: 39, entry, hash: entryHash(entry) }));
    const witness = { stage: 'test', ...(await signedWitness(log, 38)) };
    const { findings } = await check(log, lines, { witnesses: [witness] });
    expect(findings).toHaveLength(1);
    expect(findings[0]!.text).toContain('leaves 38 to 39');
    expect(findings[0]!.suspects).toEqual([38, 39].map((leaf) => ({ leaf, eventId: idAt(leaf) })));
  });
});

describe('bodies that were pruned', () => {
  const YEAR_LATER: string = '2027-03-02T23:00:00.000Z';
  const pruning = (
    detail: ActivityEntry['detail'],
    differing: Partial<ActivityEntry> = {},
    signedWhen: (size: number) => string | undefined = (size) => (size === 40 ? YEAR_LATER : undefined),
  ) =>
    aLog({
      events: 40,
      signedWhen,
      differing: (leaf) =>
        leaf === 38
          ? { event: 'activity.pruned', actor: 'system:retention', at: YEAR_LATER, detail, ...differing }
          : {},
    });
  const without = async (pruned: ALog, leaves: number) => {
    const bundle = await bundleOf(pruned);
    return withLeaves((all) => all.map((leaf) => (leaf.leaf < leaves ? { ...leaf, entry: undefined } : leaf)), bundle);
  };
  const due = { through: 9, before: '2026-03-02' };

  it('are no finding when a later record says so, and neither is a file that begins behind them', async () => {
    const pruned = pruning(due);
    expect((await check(pruned, await without(pruned, 10))).findings).toEqual([]);
    expect((await check(pruned, linesOf(await bundleOf(pruned, { from: 10 })))).findings).toEqual([]);
  });

  it('are a finding when more are gone than it says, or it does not say so', async () => {
    const findingsOf = async (pruned: ALog, leaves: number) =>
      (await check(pruned, await without(pruned, leaves))).findings.map(({ kind, leaf }) => ({ kind, leaf }));
    expect(await findingsOf(pruning(due), 11)).toEqual([{ kind: 'deleted', leaf: 10 }]);
    expect(await findingsOf(aLog({ events: 40 }), 3)).toEqual([{ kind: 'deleted', leaf: 0 }]);
    expect(await findingsOf(pruning({ ...due, before: '2026-03-04' }), 10)).toEqual([{ kind: 'deleted', leaf: 0 }]);
    expect(await findingsOf(pruning({ through: 39, before: '2026-03-02' }), 10)).toEqual([
      { kind: 'deleted', leaf: 0 },
    ]);
    expect(await findingsOf(pruning(due, { actor: 'acc_1' }), 10)).toEqual([{ kind: 'deleted', leaf: 0 }]);
    expect(await findingsOf(pruning(due, { event: 'person.read' }), 10)).toEqual([{ kind: 'deleted', leaf: 0 }]);
  });

  it('are a finding when the record is dated later than what was signed', async () => {
    const pruned = pruning({ through: 9, before: '2030-03-02' }, { at: '2031-03-03T00:00:00.000Z' });
    const { findings } = await check(pruned, await without(pruned, 10));
    expect(findings.map(({ kind, leaf }) => ({ kind, leaf }))).toEqual([{ kind: 'deleted', leaf: 0 }]);
  });

  it('are a finding when a letter shows that they came into the log later than the record says', async () => {
    const LAST_WEEK = '2027-02-22T06:00:00.000Z';
    const signedWhen = (size: number) => (size === 40 ? YEAR_LATER : size === 5 ? LAST_WEEK : undefined);
    const pruned = pruning(due, {}, signedWhen);
    const findingsWith = async (size: number, leaves: number) => {
      const letter = parseWitness(witnessText(await pruned.signedAt(size)));
      const { findings } = await check(pruned, await without(pruned, leaves), { witnesses: [letter] });
      return findings.map(({ kind, leaf }) => ({ kind, leaf }));
    };
    expect(await findingsWith(5, 10)).toEqual([{ kind: 'deleted', leaf: 0 }]);
    // Of a year ago: they may have come in the day after.
    expect(await findingsWith(6, 10)).toEqual([]);
  });

  it('are gone from the beginning of the log only', async () => {
    const pruned = pruning({ through: 20, before: '2026-03-02' });
    const { header, leaves } = await bundleOf(pruned);
    const lines = linesOf({ header, leaves: leaves.with(12, { ...leaves[12]!, entry: undefined }) });
    expect((await check(pruned, lines)).findings.map(({ kind, leaf }) => ({ kind, leaf }))).toEqual([
      { kind: 'deleted', leaf: 12 },
    ]);
  });
});
