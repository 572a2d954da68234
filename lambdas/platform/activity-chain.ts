import { createHash, randomBytes } from 'node:crypto';
import { marshall } from '@aws-sdk/util-dynamodb';
import { ulid } from 'ulid';
import type { ActivityEntry } from '../features/transparency/leaf.ts';
import type { ActivityRecord, Author } from './records.ts';

/**
 * The hash chains that the activity records of one container hang in (design, section 5): each record names its writer,
 * its number there and the hash of the one before, so that a record that vanishes before it is in the log is missed.
 * Every container has chains of its own: writers never wait for each other, and nothing is read to write.
 */
export interface ActivityChains {
  take(now: Date): ChainsOfAChange;
}

/** The chains that one change writes to: nobody else in the container does before they are settled. */
export interface ChainsOfAChange {
  /** The next link of the chain of the record's controller. */
  link(record: UnlinkedEntry): ActivityEntry;
  /** `unknown`: it may have been written or not, so these chains end here, and nothing ever follows in them. */
  settle(outcome: 'written' | 'refused' | 'unknown'): void;
}
export type UnlinkedEntry = Omit<ActivityEntry, 'writer' | 'sequence' | 'previous'>;

/** Where a chain stands. */
export interface ChainTip {
  /** Of its last record; 0 before the first. */
  readonly sequence: number;
  /** Leaf hash of its last record, in hex; empty before the first. */
  readonly tip: string;
}
interface Chain extends ChainTip {
  readonly writer: string;
  readonly begunAt: number;
}

/** As it was before the change, and with the change's records. */
interface Extended {
  readonly before: Chain;
  readonly after: Chain;
}
const untouched = (chain: Chain): Extended => ({ before: chain, after: chain });

/** The sequencer forgets where a chain ended some time after its last record: no container goes on with one for so long. */
const CHAIN_MILLISECONDS_MAX = 24 * 60 * 60 * 1000;
/** Of organisations that a container remembers chains of; beyond that all begin anew. */
const CONTROLLERS_MAX = 5_000;
const ACTIVITY_KEPT_MILLISECONDS = 365 * 24 * 60 * 60 * 1000;
const SALT_BYTES = 16;
/** Shards of the index of what is not in the log yet: one writer's records lie in one of them. */
export const PENDING_SHARDS = 8;

export const pendingPartition = (shard: number) => `UNSEQUENCED#${shard}`;
const shardOf = (writer: string) => createHash('sha256').update(writer).digest()[0]! % PENDING_SHARDS;
export const monthPartition = (controller: string, at: string) => `${controller}#${at.slice(0, 'YYYY-MM'.length)}`;

export function activityChains(hashOf: (entry: ActivityEntry) => Uint8Array): ActivityChains {
  const free = new Map<string, Chain[]>();

  function chainOf(controller: string, now: number): Chain {
    const chains = free.get(controller) ?? [];
    for (let chain = chains.pop(); chain; chain = chains.pop()) {
      if (now - chain.begunAt < CHAIN_MILLISECONDS_MAX) return chain;
    }
    return { writer: `wri_${ulid().toLowerCase()}`, begunAt: now, sequence: 0, tip: '' };
  }

  function giveBack(controller: string, chain: Chain): void {
    const chains = free.get(controller);
    if (chains) return void chains.push(chain);
    if (free.size >= CONTROLLERS_MAX) free.clear();
    free.set(controller, [chain]);
  }

  return {
    take(now) {
      const taken = new Map<string, Extended>();
      return {
        link(record) {
          const { controller } = record;
          const { before, after } = taken.get(controller) ?? untouched(chainOf(controller, now.getTime()));
          const entry = { ...record, writer: after.writer, sequence: after.sequence + 1, previous: after.tip };
          const tip = Buffer.from(hashOf(entry)).toString('hex');
          taken.set(controller, { before, after: { ...after, sequence: entry.sequence, tip } });
          return entry;
        },

        settle(outcome) {
          if (outcome === 'unknown') return;
          for (const [controller, { before, after }] of taken) {
            giveBack(controller, outcome === 'written' ? after : before);
          }
        },
      };
    },
  };
}

export function unlinkedEntry(
  { subject, event, about, detail }: ActivityRecord,
  author: Author,
  now: Date,
): UnlinkedEntry {
  const { actor, role, person, requestId } = author;
  return {
    ...{ controller: subject.controller, subject: subject.subject, id: author.newEventId() },
    ...{ at: now.toISOString(), event, actor },
    ...(role !== undefined && { role }),
    ...(person !== undefined && { person }),
    requestId,
    ...(about && { about }),
    // The table keeps no undefined values, and the hash is of what the table gives back.
    ...(detail && { detail: Object.fromEntries(Object.entries(detail).filter(([, value]) => value !== undefined)) }),
    // Makes the record's hash say nothing once its body has been pruned.
    salt: randomBytes(SALT_BYTES).toString('base64url'),
  };
}

/** The row of a record that is not in the log yet. */
export function activityRow(table: string, entry: ActivityEntry) {
  const { controller, subject, id, salt, ...facts } = entry;
  return {
    TableName: table,
    Item: marshall(
      {
        pk: `${controller}#${subject}`,
        sk: id,
        ...facts,
        salt: Buffer.from(salt, 'base64url'),
        month: monthPartition(controller, entry.at),
        unsequenced: pendingPartition(shardOf(entry.writer)),
        expiresAtEpochSeconds: Math.floor((Date.parse(entry.at) + ACTIVITY_KEPT_MILLISECONDS) / 1000),
      },
      { removeUndefinedValues: true },
    ),
    ConditionExpression: 'attribute_not_exists(pk)',
  };
}
