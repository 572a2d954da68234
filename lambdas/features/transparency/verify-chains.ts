import { FINDINGS_MAX, type Finding } from './finding.ts';
import type { ActivityEntry } from './leaf.ts';

/** A record in its place, with the hashes that stand for it: of what it says now, and the one that the file names. */
export interface PlacedEntry {
  readonly leaf: number;
  readonly entry: ActivityEntry;
  readonly computed: string;
  readonly named: string;
}

interface Tip {
  readonly leaf: number;
  readonly eventId: string;
  readonly sequence: number;
  readonly hashes: readonly string[];
}

/** Records of a chain that have not been seen: they may still come, out of order. */
interface Gap {
  readonly writer: string;
  readonly from: number;
  readonly to: number;
  readonly finding: Finding;
}

export interface Chains {
  follow(placed: PlacedEntry): void;
  /** A leaf whose record is not in the file though it should be. */
  miss(leaf: number, hash: string): void;
  findings(): readonly Finding[];
  /** The last record of each writer: those that no other record vouches for. */
  tips(): readonly { readonly leaf: number; readonly eventId: string }[];
  readonly writers: number;
}

/**
 * Follows the chain of each writer through the log: every record names the hash of the writer's record before it.
 * `beginsInTheMiddle`: records before the first of the file are not in it, so a chain may begin anywhere.
 */
export function followChains(beginsInTheMiddle: () => boolean): Chains {
  const tips = new Map<string, Tip>();
  const findings: Finding[] = [];
  let gaps: readonly Gap[] = [];
  /** By their hash, leaves that are reported as missing already. */
  const missed = new Map<string, number>();

  const find = (finding: Finding) => {
    if (findings.length < FINDINGS_MAX) findings.push(finding);
  };

  function findGap({ leaf, entry }: PlacedEntry, before: Tip | undefined): void {
    const from = before ? before.sequence + 1 : 1;
    const to = entry.sequence;
    if (from === to || missed.has(entry.previous) || gaps.length >= FINDINGS_MAX) return;
    const count = to - from === 1 ? `record ${from}` : `records ${from} to ${to - 1}`;
    const since = before ? `after leaf ${before.leaf} (${before.eventId}) and ` : '';
    const text = `${count} of the chain of ${entry.writer} should stand ${since}before leaf ${leaf} (${entry.id}), and do not: they were removed before they came into the log, or from this file.`;
    const finding = { kind: 'chain-gap', leaf, eventId: entry.id, text } as const;
    gaps = [...gaps, { writer: entry.writer, from, to, finding }];
  }

  /** A record that comes after one that was written later. */
  function findLate({ leaf, entry, computed }: PlacedEntry, tip: Tip): void {
    const gap = gaps.find(
      ({ writer, from, to }) => writer === entry.writer && entry.sequence >= from && entry.sequence < to,
    );
    const eventId = entry.id;
    if (gap) {
      gaps = gaps.filter((other) => other !== gap);
      const text = `${eventId} at leaf ${leaf} was written before ${gap.finding.eventId} at leaf ${gap.finding.leaf} and stands after it.`;
      find({ kind: 'reordered', leaf, eventId, text });
      return;
    }
    const isTwice = tip.hashes.includes(computed);
    const text = isTwice
      ? `${eventId} at leaf ${leaf} stands at leaf ${tip.leaf} already.`
      : `${eventId} at leaf ${leaf} takes place ${entry.sequence} in the chain of ${entry.writer}, which another record has.`;
    find({ kind: 'inserted', leaf, eventId, text });
  }

  return {
    follow(placed) {
      const { leaf, entry, computed, named } = placed;
      const tip = tips.get(entry.writer);
      if (tip && entry.sequence <= tip.sequence) {
        findLate(placed, tip);
        return;
      }
      tips.set(entry.writer, { leaf, eventId: entry.id, sequence: entry.sequence, hashes: [computed, named] });
      const isNext = entry.sequence === (tip?.sequence ?? 0) + 1;
      if (!isNext) {
        if (tip || !beginsInTheMiddle()) findGap(placed, tip);
        return;
      }
      const expected = tip?.hashes ?? [''];
      // A record that is not what its own hash says is named for that already.
      if (expected.includes(entry.previous) || computed !== named) return;
      if (!tip) {
        const text = `${entry.id} at leaf ${leaf} is the first of its chain and names one before it.`;
        find({ kind: 'mutated', leaf, eventId: entry.id, text });
        return;
      }
      const text = `${tip.eventId} at leaf ${tip.leaf} is not as it was when ${entry.id} at leaf ${leaf} was written, which names its hash.`;
      find({ kind: 'mutated', leaf: tip.leaf, eventId: tip.eventId, text });
    },

    miss(leaf, hash) {
      if (missed.size < FINDINGS_MAX) missed.set(hash, leaf);
    },

    findings: () => [...findings, ...gaps.map(({ finding }) => finding)],
    tips: () =>
      [...tips.values()].sort((one, other) => one.leaf - other.leaf).map(({ leaf, eventId }) => ({ leaf, eventId })),
    get writers() {
      return tips.size;
    },
  };
}
