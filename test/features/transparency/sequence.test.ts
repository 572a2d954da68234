import { describe, expect, it } from 'vitest';
import { type ActivityEntry, entryHash } from '../../../lambdas/features/transparency/leaf.ts';
import {
  INDEX_LAG_MILLISECONDS_MAX,
  sequenced,
  type Waiting,
} from '../../../lambdas/features/transparency/sequence.ts';
import { activityChains, type UnlinkedEntry } from '../../../lambdas/platform/activity-chain.ts';
import { anId } from '../../support/store.ts';

const begun = new Date('2026-11-23T07:00:00Z');
const controller = anId('org');
const secondsLater = (seconds: number) => new Date(begun.getTime() + seconds * 1000);
const longAfter = new Date(begun.getTime() + 10 * INDEX_LAG_MILLISECONDS_MAX);
const hex = (hash: Uint8Array) => Buffer.from(hash).toString('hex');

/** One writer's records, one a second. */
function aChain(length: number, from = 0): Waiting[] {
  const chains = activityChains(entryHash);
  return Array.from({ length }, (_, i) => {
    const unlinked: UnlinkedEntry = {
      ...{ controller, subject: anId('per'), id: anId('evt'), at: secondsLater(from + i).toISOString() },
      ...{ event: 'person.seen', actor: anId('acc'), requestId: 'req', salt: 'c2FsdHNhbHRzYWx0c2FsdA' },
    };
    const change = chains.take(begun);
    const entry = change.link(unlinked);
    change.settle('written');
    return { entry, hash: entryHash(entry) };
  });
}
const without = (chain: readonly Waiting[], ...numbers: number[]) =>
  chain.filter(({ entry }) => !numbers.includes(entry.sequence));
const sequence = (waiting: readonly Waiting[], now = longAfter, isWhole = true, chains = new Map()) =>
  sequenced(waiting, chains, { now, isWhole });
const idsOf = (records: readonly { entry: ActivityEntry }[]) => records.map(({ entry }) => entry.id);

describe('the order of the log', () => {
  it('is by time, and each writer’s by its chain', () => {
    const [one, other] = [aChain(3, 0), aChain(3, 0.5)];
    const { placed, stillWaiting } = sequence([...one, ...other].reverse());
    expect(idsOf(placed)).toEqual(idsOf([one[0]!, other[0]!, one[1]!, other[1]!, one[2]!, other[2]!]));
    expect(placed.flatMap(({ finding }) => finding ?? [])).toEqual([]);
    expect(stillWaiting).toBe(0);
  });

  it('keeps the chain where a record that was begun earlier was written later', () => {
    const [first, second] = aChain(2) as [Waiting, Waiting];
    const entry = { ...first.entry, at: secondsLater(100).toISOString() };
    const late = { entry, hash: entryHash(entry) };
    const next = { ...second.entry, previous: hex(late.hash) };
    const { placed } = sequence([{ entry: next, hash: entryHash(next) }, late]);
    expect(placed.map((one) => one.entry.sequence)).toEqual([1, 2]);
  });

  it('goes on where the chain stood', () => {
    const chain = aChain(4);
    const known = new Map([[chain[0]!.entry.writer, { sequence: 2, tip: hex(chain[1]!.hash) }]]);
    const { placed } = sequence(chain.slice(2), longAfter, true, known);
    expect(placed.map(({ finding }) => finding)).toEqual([undefined, undefined]);
    expect(placed.at(-1)!.tip).toEqual({ sequence: 4, tip: hex(chain[3]!.hash) });
  });
});

describe('a record behind one that cannot be seen', () => {
  it('waits, with all that follow, while the index may lag', () => {
    const chain = aChain(5);
    const soon = new Date(Date.parse(chain[2]!.entry.at) + INDEX_LAG_MILLISECONDS_MAX - 1);
    const { placed, stillWaiting } = sequence(without(chain, 2), soon);
    expect(placed.map(({ entry }) => entry.sequence)).toEqual([1]);
    expect(stillWaiting).toBe(3);
  });

  it('waits as long as not all that waits could be looked through', () => {
    const { placed, stillWaiting } = sequence(without(aChain(5), 2), longAfter, false);
    expect([placed.length, stillWaiting]).toEqual([1, 3]);
  });

  it('holds up no other writer', () => {
    const [broken, whole] = [aChain(3), aChain(3)];
    const { placed } = sequence([...without(broken, 1), ...whole], secondsLater(5));
    expect(idsOf(placed)).toEqual(idsOf(whole));
  });

  it('comes in with a finding once it has waited long enough', () => {
    const chain = aChain(6);
    const { placed, stillWaiting } = sequence(without(chain, 1, 4, 5));
    const { writer } = chain[0]!.entry;
    expect(placed.map(({ finding }) => finding)).toEqual([
      { kind: 'missing', writer, from: 1, to: 1 },
      undefined,
      { kind: 'missing', writer, from: 4, to: 5 },
    ]);
    expect(stillWaiting).toBe(0);
  });
});

describe('a record that is not what its writer wrote', () => {
  it('is found by the one after it', () => {
    const chain = aChain(3);
    const changed = { ...chain[1]!.entry, actor: anId('acc') };
    const { placed } = sequence([chain[0]!, { entry: changed, hash: entryHash(changed) }, chain[2]!]);
    const { writer } = changed;
    expect(placed.map(({ finding }) => finding)).toEqual([
      undefined,
      undefined,
      { kind: 'altered', writer, from: 2, to: 2 },
    ]);
  });

  it('is found by its number when that is taken, and moves the chain nowhere', () => {
    const chain = aChain(3);
    const forged = { ...chain[1]!.entry, id: anId('evt') };
    const { placed } = sequence([...chain, { entry: forged, hash: entryHash(forged) }]);
    const found = placed.flatMap(({ finding }) => finding ?? []);
    const { writer } = forged;
    expect(found).toContainEqual({ kind: 'doubled', writer, from: 2, to: 2 });
    expect(placed.at(-1)!.tip).toEqual({ sequence: 3, tip: hex(chain[2]!.hash) });
    expect(placed).toHaveLength(4);
  });
});
