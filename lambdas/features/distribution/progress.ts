import type { DistributionJob } from './job.ts';
import type { Chunk, EventSign, Outcome } from './rows.ts';

/** Tries of a mail that may or may not have gone out, before it is given up. What SES would not take yet is no try. */
export const ATTEMPTS_MAX = 8;
/** SES tells of a mail for 14 hours; what it has not said a day later, it will not say. */
const EVENTS_SECONDS_MAX = 24 * 60 * 60;

/** What became of one mail, as far as it is known. */
export type MailState = 'queued' | 'sent' | 'delivered' | 'failed' | 'skipped';
export type Counts = Readonly<Record<MailState, number>>;

const untouched: Counts = { queued: 0, sent: 0, delivered: 0, failed: 0, skipped: 0 };

const skipping: ReadonlySet<Outcome> = new Set<Outcome>([
  'recipient-gone',
  'not-subscribed',
  'declined',
  'not-allowed',
  'no-address',
  'undeliverable-address',
  'over',
]);

/** The state of a mail by its place in the chunk. Pure. */
export function mailState(chunk: Chunk, index: number): MailState {
  const events = chunk.events.get(index) ?? new Set<EventSign>();
  const outcome = chunk.outcomes.get(index);
  // A bounce may follow a delivery: the mailbox took it, and gave it back.
  if (events.has('B') || events.has('r')) return 'failed';
  if (events.has('d') || events.has('c')) return 'delivered';
  if (events.size > 0 || outcome === 'accepted' || outcome === 'as-notice') return 'sent';
  if (outcome !== undefined && skipping.has(outcome)) return 'skipped';
  if (outcome === 'refused') return 'failed';
  const tries = (chunk.claim?.attempt ?? 0) - (chunk.postponed.get(index) ?? 0);
  return outcome !== 'later' && tries > ATTEMPTS_MAX ? 'failed' : 'queued';
}

const statesOf = (chunk: Chunk): MailState[] => Array.from({ length: chunk.count }, (_, i) => mailState(chunk, i));

/** The mails that still have to be sent. Pure. */
export const unsentOf = (chunk: Chunk): number[] =>
  statesOf(chunk).flatMap((state, index) => (state === 'queued' ? [index] : []));

/** Nothing more is expected of it, neither from us nor from SES. */
function isSettled(chunk: Chunk, now: Date): boolean {
  const states = statesOf(chunk);
  if (states.includes('queued')) return false;
  if (now.getTime() - Date.parse(chunk.plannedAt) > EVENTS_SECONDS_MAX * 1000) return true;
  return states.every((state, i) => state !== 'sent' || chunk.outcomes.get(i) === 'as-notice');
}

/** Counts of a job. `settled` are those of the chunks before `settledBefore`, of which nothing more is expected. */
export interface Totals {
  readonly settledBefore: number;
  readonly settled: Counts;
  readonly all: Counts;
  readonly at: string;
}

/** Pure. */
export const isPastEvents = ({ endedAt }: Pick<DistributionJob, 'endedAt'>, now: Date): boolean =>
  endedAt !== undefined && now.getTime() - Date.parse(endedAt) > EVENTS_SECONDS_MAX * 1000;

/** Nothing was counted that was not before. Pure. */
export const isSame = ({ at: _, ...one }: Totals, { at: __, ...other }: Totals): boolean =>
  JSON.stringify(totalsAttributes({ ...one, at: '' })) === JSON.stringify(totalsAttributes({ ...other, at: '' }));

/** The totals after another look at the chunks from `settledBefore` on, all of them, in their order. Pure. */
export function totalsAfter(
  before: Pick<Totals, 'settledBefore' | 'settled'> | undefined,
  chunks: readonly Chunk[],
  now: Date,
): Totals {
  let { settledBefore, settled } = before ?? { settledBefore: 0, settled: untouched };
  let all = settled;
  for (const chunk of chunks) {
    const counts = countsOf(chunk);
    all = sum(all, counts);
    if (chunk.chunk !== settledBefore || !isSettled(chunk, now)) continue;
    settled = sum(settled, counts);
    settledBefore++;
  }
  return { settledBefore, settled, all, at: now.toISOString() };
}

export function countsOf(chunk: Chunk): Counts {
  const counts: Record<MailState, number> = { ...untouched };
  for (const state of statesOf(chunk)) counts[state]++;
  return counts;
}

const sum = (one: Counts, other: Counts): Counts => ({
  queued: one.queued + other.queued,
  sent: one.sent + other.sent,
  delivered: one.delivered + other.delivered,
  failed: one.failed + other.failed,
  skipped: one.skipped + other.skipped,
});

const totalOf = ({ queued, sent, delivered, failed, skipped }: Counts): number =>
  queued + sent + delivered + failed + skipped;
/** Those that nothing more has to be done about. */
const handledOf = (counts: Counts): number => totalOf(counts) - counts.queued;

export const totalsAttributes = ({ settledBefore, settled, all, at }: Totals) => ({
  at,
  settledBefore,
  ...prefixed('settled', settled),
  ...prefixed('all', all),
});

const prefixed = (prefix: string, counts: Counts) =>
  Object.fromEntries(Object.entries(counts).map(([state, count]) => [`${prefix}-${state}`, count]));

export function totalsIn(attributes: Readonly<Record<string, unknown>> | undefined): Totals | undefined {
  if (!attributes) return undefined;
  const counts = (prefix: string): Counts => {
    const of = (state: MailState) => Number(attributes[`${prefix}-${state}`] ?? 0);
    return {
      queued: of('queued'),
      sent: of('sent'),
      delivered: of('delivered'),
      failed: of('failed'),
      skipped: of('skipped'),
    };
  };
  return {
    settledBefore: Number(attributes['settledBefore']),
    settled: counts('settled'),
    all: counts('all'),
    at: String(attributes['at']),
  };
}

/** How much of what is known is done with, in whole per cent; all of it only when the job is done. Pure. */
export function percentageOf({ state }: Pick<DistributionJob, 'state'>, counts: Counts): number {
  if (state === 'done') return 100;
  const total = totalOf(counts);
  return total === 0 ? 0 : Math.min(99, Math.floor((handledOf(counts) * 100) / total));
}

/** When what is known will be sent, at the pace so far; undefined while nothing is under way. Pure. */
export function estimatedEnd(
  { state, startedAt }: Pick<DistributionJob, 'state' | 'startedAt'>,
  totals: Totals | undefined,
  now: Date,
): Date | undefined {
  if (state !== 'running' || startedAt === undefined || !totals) return undefined;
  const handled = handledOf(totals.all);
  const milliseconds = Date.parse(totals.at) - Date.parse(startedAt);
  if (handled === 0 || milliseconds <= 0) return undefined;
  return new Date(now.getTime() + (totals.all.queued * milliseconds) / handled);
}
