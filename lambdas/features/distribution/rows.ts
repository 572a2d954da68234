import type { DistributionJobId, PersonId } from '../../http/ids.ts';
import type { Owner } from '../../platform/entity.ts';
import type { Pointer, PointerKey, Range } from '../../platform/records.ts';
import type { MailEvent } from '../deliveries/mail-events.ts';

/**
 * How far a job has come, as rows of ids, codes and instants in a partition of its own. They are only ever added, and
 * each by one writer alone because its key must be new: so that no two ever wait for each other, or undo one another.
 *
 * `00012#CHUNK` what was planned · `00012#CLAIM#001` who sends it, until when · `00012#RESULT#001` what came of that try ·
 * `00012#EVENTS#<id>` what SES said · `TO#00012#07` to whom · `TOTALS` all of it, counted.
 */

/** Each mail of a chunk takes three writes when it is planned and six when it is sent, in one transaction of 100. */
export const CHUNK_MAILS_MAX = 16;
const CHUNK_DIGITS = 5;
const ATTEMPT_DIGITS = 3;
export const CHUNKS_MAX = 10 ** CHUNK_DIGITS - 1;
/** Above every row of a chunk. */
const LAST = '~';

const padded = (number: number, digits: number) => String(number).padStart(digits, '0');
const chunkPart = (chunk: number) => padded(chunk, CHUNK_DIGITS);
const partitionOf = (jobId: DistributionJobId) => ({ table: 'transient', pk: `DISTRIBUTION#${jobId}` }) as const;

/** Begins the sort key of the row by which a recipient's partition leads to their place in a job. */
export const DISTRIBUTED = 'DISTRIBUTED';

export const jobRows = {
  partition: partitionOf,
  chunk: (jobId: DistributionJobId, chunk: number): PointerKey => ({
    ...partitionOf(jobId),
    sk: `${chunkPart(chunk)}#CHUNK`,
  }),
  claim: (jobId: DistributionJobId, chunk: number, attempt: number): PointerKey => ({
    ...partitionOf(jobId),
    sk: `${chunkPart(chunk)}#CLAIM#${padded(attempt, ATTEMPT_DIGITS)}`,
  }),
  result: (jobId: DistributionJobId, chunk: number, attempt: number): PointerKey => ({
    ...partitionOf(jobId),
    sk: `${chunkPart(chunk)}#RESULT#${padded(attempt, ATTEMPT_DIGITS)}`,
  }),
  events: (jobId: DistributionJobId, chunk: number, id: string): PointerKey => ({
    ...partitionOf(jobId),
    sk: `${chunkPart(chunk)}#EVENTS#${id}`,
  }),
  recipient: (jobId: DistributionJobId, chunk: number, index: number): PointerKey => ({
    ...partitionOf(jobId),
    sk: `${recipientsPrefix(chunk)}${padded(index, 2)}`,
  }),
  totals: (jobId: DistributionJobId): PointerKey => ({ ...partitionOf(jobId), sk: 'TOTALS' }),
  /** In the recipient's own partition, so that an erasure and a copy find it; leads to the chunk and the place in it. */
  received: ({ controller, subject }: Owner, jobId: DistributionJobId): PointerKey => ({
    table: 'transient',
    pk: `${controller}#${subject}`,
    sk: `${DISTRIBUTED}#${jobId}`,
  }),
} as const;

const recipientsPrefix = (chunk: number) => `TO#${chunkPart(chunk)}#`;
export const recipientsOfChunk = (chunk: number): Range => ({ prefix: recipientsPrefix(chunk) });
export const rowsOfChunk = (chunk: number): Range => ({ prefix: `${chunkPart(chunk)}#` });
/** The chunks from one on, without to whom. */
export const rowsFrom = (chunk: number): Range => ({ from: chunkPart(chunk), to: `${chunkPart(CHUNKS_MAX)}${LAST}` });
/** Chunks that stand no further apart than this are read in one go, with those between them. */
const GAP_MAX = 8;
/** These chunks, in their order and with a few between them, and those from `next` on. Pure. */
export function rowsOfChunks(chunks: readonly number[], next: number): readonly Range[] {
  const ranges: { from: number; to: number }[] = [];
  for (const chunk of chunks) {
    const last = ranges.at(-1);
    if (last && chunk - last.to <= GAP_MAX) last.to = chunk;
    else ranges.push({ from: chunk, to: chunk });
  }
  return [...ranges.map(({ from, to }) => ({ from: chunkPart(from), to: `${chunkPart(to)}${LAST}` })), rowsFrom(next)];
}

/** To whom a mail of a job goes. */
export interface Recipient {
  readonly owner: Owner;
  /** Through whom, of a guardian. */
  readonly childId?: PersonId;
}

export const recipientAttributes = ({ owner, childId }: Recipient) => ({ ...owner, ...(childId && { childId }) });

/** By their places in the chunk; whoever has been erased since is missing. */
export function recipientsIn(pointers: readonly Pointer[]): ReadonlyMap<number, Recipient> {
  return new Map(
    pointers.map(({ sk, attributes = {} }) => {
      const { controller, subject, childId } = attributes;
      // Written by the planner from an Owner, and by nobody else.
      const owner = { controller, subject } as Owner;
      return [Number(sk.slice(-2)), { owner, ...(childId !== undefined && { childId: childId as PersonId }) }] as const;
    }),
  );
}

/** What came of one mail in one try: one character of the row of results. */
export const outcomes = {
  accepted: 's',
  /** Claimed by a sender: it may be on its way or not, as long as that sender has not said. */
  claimed: 'c',
  /** Given to the outbox, which waits for the hour that the recipient wishes. */
  'as-notice': 'n',
  /** SES would not now, or there was no time left: nothing has been sent. */
  later: 'l',
  /** It may be on its way or not. */
  unknown: 'u',
  refused: 'f',
  'recipient-gone': 'g',
  'not-subscribed': 'd',
  declined: 'D',
  'not-allowed': 'b',
  'no-address': 'a',
  'undeliverable-address': 'x',
  /** The survey that it invites to has been closed meanwhile. */
  over: 'o',
} as const;
export type Outcome = keyof typeof outcomes;
const outcomeBySign: ReadonlyMap<string, Outcome> = new Map(
  Object.entries(outcomes).map(([outcome, sign]) => [sign, outcome as Outcome]),
);
/** A mail that this try was not about. */
const NOT_TRIED = '-';
export const signsOf = (count: number, tried: ReadonlyMap<number, Outcome>): string =>
  Array.from({ length: count }, (_, i) => {
    const outcome = tried.get(i);
    return outcome === undefined ? NOT_TRIED : outcomes[outcome];
  }).join('');

/** What SES said of a mail, as it stands in the row of events: `7d` is a delivery of the eighth mail. */
const eventSigns = {
  send: 's',
  delivery: 'd',
  delay: 't',
  'bounce-permanent': 'B',
  'bounce-transient': 'T',
  complaint: 'c',
  reject: 'r',
} as const;
export type EventSign = (typeof eventSigns)[keyof typeof eventSigns];
export const eventSignOf = ({ type, bounce }: Pick<MailEvent, 'type' | 'bounce'>): EventSign =>
  type === 'bounce' ? eventSigns[bounce === 'permanent' ? 'bounce-permanent' : 'bounce-transient'] : eventSigns[type];
export const eventsAttribute = (events: readonly { readonly index: number; readonly sign: EventSign }[]): string =>
  events.map(({ index, sign }) => `${index}${sign}`).join(' ');

export interface Claim {
  readonly attempt: number;
  /** While it lasts nobody else sends. */
  readonly until: string;
}

/** All that the rows of one chunk say. */
export interface Chunk {
  readonly chunk: number;
  readonly count: number;
  readonly plannedAt: string;
  /** Where the planner goes on after it; absent when everybody is planned. */
  readonly reached?: string;
  readonly claim?: Claim;
  /** The last try's result is there. */
  readonly isClaimSettled: boolean;
  /** The last that is known of each mail by our own tries. */
  readonly outcomes: ReadonlyMap<number, Outcome>;
  /** How often SES would not take it yet. */
  readonly postponed: ReadonlyMap<number, number>;
  readonly events: ReadonlyMap<number, ReadonlySet<EventSign>>;
}

/** The chunks that rows are of, in their order. A chunk whose plan is missing (it cannot be) is left out. Pure. */
export function chunksIn(pointers: readonly Pointer[]): Chunk[] {
  const byChunk = Map.groupBy(pointers, ({ sk }) => Number(sk.slice(0, CHUNK_DIGITS)));
  return [...byChunk].flatMap(([chunk, rows]) => chunkOf(chunk, rows) ?? []);
}

function chunkOf(chunk: number, rows: readonly Pointer[]): Chunk | undefined {
  const named = (kind: string) => rows.filter(({ sk }) => sk.startsWith(kind, CHUNK_DIGITS + 1));
  const [planned] = named('CHUNK');
  if (!planned) return undefined;
  const { count, at, reached } = planned.attributes ?? {};
  const claims = named('CLAIM');
  const lastClaim = claims.at(-1);
  const claim = lastClaim && { attempt: attemptOf(lastClaim), until: String(lastClaim.attributes?.['until']) };
  const results = named('RESULT');
  const known = new Map<number, Outcome>();
  const postponed = new Map<number, number>();
  // Each claim says what it decided, and the result of the same try what came of that.
  const tries = [...claims, ...results].toSorted((one, other) => attemptOf(one) - attemptOf(other));
  for (const { attributes } of tries) {
    [...String(attributes?.['signs'] ?? '')].forEach((sign, i) => {
      const outcome = outcomeBySign.get(sign);
      if (outcome) known.set(i, outcome);
      if (outcome === 'later') postponed.set(i, (postponed.get(i) ?? 0) + 1);
    });
  }
  return {
    chunk,
    count: Number(count),
    plannedAt: String(at),
    ...(typeof reached === 'string' && { reached }),
    ...(claim && { claim }),
    isClaimSettled: results.some((row) => attemptOf(row) === claim?.attempt),
    outcomes: known,
    postponed,
    events: eventsIn(named('EVENTS')),
  };
}

const attemptOf = ({ sk }: Pointer): number => Number(sk.slice(-ATTEMPT_DIGITS));

function eventsIn(rows: readonly Pointer[]): ReadonlyMap<number, ReadonlySet<EventSign>> {
  const events = new Map<number, Set<EventSign>>();
  for (const { attributes } of rows) {
    for (const [, index, sign] of String(attributes?.['events']).matchAll(/(\d+)([A-Za-z])/g)) {
      const of = events.get(Number(index)) ?? new Set();
      events.set(Number(index), of.add(sign as EventSign));
    }
  }
  return events;
}
