import type { ChainTip } from '../../platform/activity-chain.ts';
import type { ActivityEntry } from './leaf.ts';
import type { Hash } from './merkle.ts';

/** A record that is not in the log yet. */
export interface Waiting {
  readonly entry: ActivityEntry;
  readonly hash: Hash;
}

/**
 * What a chain shows to be amiss. `missing`: records that its writer has written, and that nobody can find. `altered`: the
 * record before is not the one that its writer wrote. `doubled`: there is another record of that number.
 */
export interface Finding {
  readonly kind: 'missing' | 'altered' | 'doubled';
  readonly writer: string;
  /** Numbers in the chain, both included. */
  readonly from: number;
  readonly to: number;
}

export interface Placed extends Waiting {
  readonly finding?: Finding;
  /** Where its writer's chain stands once it is in the log. */
  readonly tip: ChainTip;
}

/** The index of what waits shows a record within seconds; so much later one that is not shown is not there. */
export const INDEX_LAG_MILLISECONDS_MAX = 2 * 60 * 1000;
const UNKNOWN_CHAIN: ChainTip = { sequence: 0, tip: '' };

/**
 * The order in which records come into the log: by their time, but each writer's in the order of its chain. A record
 * behind one that cannot be seen waits: the index may lag. It comes in with a finding when it has waited long enough, and
 * when all that waits was looked through (`isWhole`).
 */
export function sequenced(
  waiting: readonly Waiting[],
  chains: ReadonlyMap<string, ChainTip>,
  { now, isWhole }: { readonly now: Date; readonly isWhole: boolean },
): { readonly placed: readonly Placed[]; readonly stillWaiting: number } {
  const isCertain = ({ at }: ActivityEntry) => isWhole && now.getTime() - Date.parse(at) >= INDEX_LAG_MILLISECONDS_MAX;
  const byWriter = Map.groupBy(waiting, ({ entry }) => entry.writer);
  const queues = [...byWriter].map(([writer, records]) =>
    placedOfWriter(records.toSorted(inChain), chains.get(writer) ?? UNKNOWN_CHAIN, isCertain),
  );
  const placed = merged(queues);
  return { placed, stillWaiting: waiting.length - placed.length };
}

function placedOfWriter(
  records: readonly Waiting[],
  known: ChainTip,
  isCertain: (entry: ActivityEntry) => boolean,
): readonly Placed[] {
  const placed: Placed[] = [];
  let tip = known;
  for (const record of records) {
    const finding = findingAt(record.entry, tip);
    if (finding?.kind === 'missing' && !isCertain(record.entry)) break;
    if (finding?.kind !== 'doubled') tip = { sequence: record.entry.sequence, tip: hex(record.hash) };
    placed.push({ ...record, tip, ...(finding && { finding }) });
  }
  return placed;
}

function findingAt({ writer, sequence, previous }: ActivityEntry, tip: ChainTip): Finding | undefined {
  if (sequence <= tip.sequence) return { kind: 'doubled', writer, from: sequence, to: sequence };
  if (sequence > tip.sequence + 1) return { kind: 'missing', writer, from: tip.sequence + 1, to: sequence - 1 };
  if (previous !== tip.tip) return { kind: 'altered', writer, from: tip.sequence, to: tip.sequence };
  return undefined;
}

/** Of the records that may come next, always the earliest. */
function merged(queues: readonly (readonly Placed[])[]): readonly Placed[] {
  const heads = queues.map((queue) => ({ queue, next: 0 })).filter(({ queue }) => queue.length > 0);
  const order: Placed[] = [];
  while (heads.length > 0) {
    const first = heads.reduce((best, head) => (isEarlier(nextOf(head), nextOf(best)) ? head : best));
    order.push(nextOf(first));
    first.next += 1;
    if (first.next === first.queue.length) heads.splice(heads.indexOf(first), 1);
  }
  return order;
}
const nextOf = ({ queue, next }: { queue: readonly Placed[]; next: number }) => queue[next]!;

const isEarlier = ({ entry: one }: Placed, { entry: other }: Placed) =>
  one.at < other.at || (one.at === other.at && one.id < other.id);

const inChain = ({ entry: one }: Waiting, { entry: other }: Waiting) =>
  one.sequence - other.sequence || (one.id < other.id ? -1 : 1);

const hex = (hash: Hash) => Buffer.from(hash).toString('hex');
