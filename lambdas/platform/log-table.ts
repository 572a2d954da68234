import { randomUUID } from 'node:crypto';
import { TransactionCanceledException, type TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { ActivityEntry } from '../features/transparency/leaf.ts';
import { activityRow, type ChainTip, PENDING_SHARDS, pendingPartition, unlinkedEntry } from './activity-chain.ts';
import { keyAttributes } from './change-rows.ts';
import { type Row, rowId } from './dynamo.ts';
import type { ControllerId } from './entity.ts';
import { leafWrites } from './log-leaves.ts';
import type { Store } from './open-records.ts';
import type { ActivityRecord, Author } from './records.ts';

/**
 * Where the log of each organisation stands, in the Activity table: partition `LOG` holds a row for each controller, the
 * number of the last head and the lease; `<controller>#LOG` where each writer's chain ended. Every read is consistent.
 */
export interface LogTable {
  /** Of one controller; an empty log when there is none yet. */
  state(controller: ControllerId): Promise<LogState>;
  /** Of all that have one. */
  states(): Promise<readonly LogState[]>;
  /** Keys of what may not be in the log yet, as the index knows it. `isWhole`: there are no more of them. */
  pending(): Promise<{ readonly keys: readonly ActivityKey[]; readonly isWhole: boolean }>;
  /** Those rows that are there, by `<pk>|<sk>`, as they are now. */
  rows(keys: readonly ActivityKey[]): Promise<ReadonlyMap<string, ActivityRow>>;
  chains(controller: ControllerId, writers: readonly string[]): Promise<ReadonlyMap<string, ChainTip>>;

  /**
   * Fixes what comes next in the log, and reports what was found amiss, in one transaction. False when the log has
   * grown, or somebody else has fixed something, since `state` was read.
   */
  begin(state: LogState, batch: LogBatch, reports: readonly ActivityRecord[], author: Author): Promise<boolean>;
  /** False when the batch is no longer under way. */
  swap(
    state: LogState & { readonly batch: LogBatch },
    to: { readonly size: number; readonly root: Uint8Array },
  ): Promise<boolean>;
  /** The rows of the batch know their leaf and wait no longer; the chains have moved on. Repeating it changes nothing. */
  mark(controller: ControllerId, batch: LogBatch, at: string): Promise<void>;
  clear(controller: ControllerId, batch: LogBatch): Promise<void>;
  /** Forgets chains that ended before `before`, a bounded number of them. */
  forgetChains(controller: ControllerId, before: string): Promise<void>;

  /** Of the last head that has been published. */
  head(): Promise<LogHead>;
  /** The checkpoints of these sizes stand in a head. */
  signed(sizes: readonly { readonly controller: ControllerId; readonly size: number }[]): Promise<void>;
  moveHead(from: LogHead, to: LogHead): Promise<void>;

  /** False when another holds it. */
  takeLease(holder: string, now: string, until: string): Promise<boolean>;
  releaseLease(holder: string): Promise<void>;

  /** A restore's: the records that the table has lost, and the log's state instead of the one that was restored. */
  putMissing(entries: readonly ActivityEntry[]): Promise<void>;
  restoreState(state: LogState): Promise<void>;
}

export interface ActivityKey {
  readonly pk: string;
  readonly sk: string;
}
const keyId = ({ pk, sk }: ActivityKey) => `${pk}|${sk}`;

/** As `unmarshall` gives it. */
export type ActivityRow = Readonly<Record<string, unknown>> & ActivityKey;

export interface LogState {
  readonly controller: ControllerId;
  readonly size: number;
  /** Undefined while the log is empty. */
  readonly root?: Uint8Array;
  /** Leaves that a published head covers. */
  readonly signedSize: number;
  /** What is under way: whoever comes next finishes it first. */
  readonly batch?: LogBatch;
}

/** The next leaves of a log, in their order: once it is fixed nobody can put another there. */
export interface LogBatch {
  /** Index of its first leaf. */
  readonly from: number;
  readonly leaves: readonly (ActivityKey & { readonly hash: Uint8Array })[];
  /** Where the writers' chains stand after it. */
  readonly tips: readonly ({ readonly writer: string } & ChainTip)[];
}

export interface LogHead {
  readonly number: number;
  /** SHA-256 of its text, in hex; empty before the first. */
  readonly hash: string;
}

const LOG = 'LOG';
const CHAIN = 'CHAIN#';
/** In a shard of the index; what is beyond waits for another run. */
const PENDING_KEYS_MAX = 20_000;
const PENDING_PAGE = 1_000;
const STATES_PAGE = 1_000;
const TRANSACTION_ITEMS_MAX = 100;
const FORGOTTEN_MAX = 25;

const chainPartition = (controller: ControllerId) => `${controller}#${LOG}`;
const isController = (sk: string) => sk === 'operator' || sk.startsWith('org_');

export function logTable(store: Pick<Store, 'dynamo' | 'tableNames' | 'chains' | 'now'>): LogTable {
  const { dynamo, chains } = store;
  // Asked for each time: the active generation may change.
  const table = () => store.tableNames.activity;
  const at = (pk: string, sk: string) => ({ TableName: table(), Key: keyAttributes({ pk, sk }) });

  async function read(keys: readonly ActivityKey[]): Promise<ReadonlyMap<string, ActivityRow>> {
    const physical = keys.map((key) => ({ table: table(), ...key }));
    const rows = await dynamo.batchGet(physical.map((key) => [key]));
    return new Map(
      physical.flatMap((key) => {
        const row = rows.get(rowId(key));
        return row ? [[keyId(key), unmarshall(row) as ActivityRow] as const] : [];
      }),
    );
  }
  const readOne = async (pk: string, sk: string) => (await read([{ pk, sk }])).get(keyId({ pk, sk }));

  /** False when the condition of one of them does not hold. */
  async function transacted(items: readonly TransactWriteItem[]): Promise<boolean> {
    try {
      await dynamo.transact([...items], randomUUID());
      return true;
    } catch (error) {
      const reasons = error instanceof TransactionCanceledException ? (error.CancellationReasons ?? []) : [];
      if (reasons.some(({ Code }) => Code === 'ConditionalCheckFailed')) return false;
      throw error;
    }
  }

  /** Each of them whose own condition holds: one that does not is no longer needed. */
  async function writeWhatHolds(items: readonly TransactWriteItem[]): Promise<void> {
    for (let from = 0; from < items.length; from += TRANSACTION_ITEMS_MAX) {
      let left = items.slice(from, from + TRANSACTION_ITEMS_MAX);
      while (left.length > 0) {
        try {
          await dynamo.transact([...left], randomUUID());
          break;
        } catch (error) {
          if (!(error instanceof TransactionCanceledException)) throw error;
          const holds = left.filter((_, i) => error.CancellationReasons?.[i]?.Code !== 'ConditionalCheckFailed');
          if (holds.length === left.length) throw error;
          left = holds;
        }
      }
    }
  }

  /** An update that a slower sequencer cannot undo: it holds only as long as the log stands where it was read. */
  const update = (
    controller: ControllerId,
    { set, condition, values }: { set: string; condition: string; values: Readonly<Record<string, unknown>> },
  ): TransactWriteItem => ({
    Update: {
      ...at(LOG, controller),
      UpdateExpression: set,
      ConditionExpression: condition,
      // Reserved words of DynamoDB's.
      ...namesIn(`${set} ${condition}`),
      ExpressionAttributeValues: marshall(values),
    },
  });

  const chainMoves = (controller: ControllerId, tips: LogBatch['tips'], movedAt: string): TransactWriteItem[] =>
    tips.map(({ writer, ...tip }) => ({
      Put: {
        TableName: table(),
        Item: marshall({ pk: chainPartition(controller), sk: `${CHAIN}${writer}`, ...tip, at: movedAt }),
        // A sequencer that was held up must not set a chain back.
        ConditionExpression: 'attribute_not_exists(pk) OR #sequence < :sequence',
        ...namesIn('#sequence'),
        ExpressionAttributeValues: { ':sequence': { N: String(tip.sequence) } },
      },
    }));

  return {
    state: async (controller) => stateOf(controller, await readOne(LOG, controller)),

    async states() {
      const found: LogState[] = [];
      let start: Row | undefined;
      do {
        const { rows, more } = await dynamo.query({
          TableName: table(),
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': { S: LOG } },
          ConsistentRead: true,
          Limit: STATES_PAGE,
          ...(start && { ExclusiveStartKey: start }),
        });
        for (const row of rows) {
          const { sk, ...state } = unmarshall(row);
          if (isController(sk)) found.push(stateOf(sk as ControllerId, state));
        }
        const last = rows.at(-1);
        start = more && last ? { pk: last['pk']!, sk: last['sk']! } : undefined;
      } while (start);
      return found;
    },

    async pending() {
      const shards = await Promise.all(
        Array.from({ length: PENDING_SHARDS }, async (_, shard) => {
          const keys: ActivityKey[] = [];
          let start: Row | undefined;
          do {
            const { rows, more } = await dynamo.query({
              TableName: table(),
              IndexName: 'pending',
              KeyConditionExpression: 'unsequenced = :shard',
              ExpressionAttributeValues: { ':shard': { S: pendingPartition(shard) } },
              Limit: PENDING_PAGE,
              ...(start && { ExclusiveStartKey: start }),
            });
            for (const { pk, sk } of rows) keys.push({ pk: pk?.S ?? '', sk: sk?.S ?? '' });
            const last = rows.at(-1);
            start = more ? last : undefined;
          } while (start && keys.length < PENDING_KEYS_MAX);
          return { keys, isWhole: start === undefined };
        }),
      );
      return { keys: shards.flatMap(({ keys }) => keys), isWhole: shards.every(({ isWhole }) => isWhole) };
    },

    rows: read,

    async chains(controller, writers) {
      const pk = chainPartition(controller);
      const rows = await read(writers.map((writer) => ({ pk, sk: `${CHAIN}${writer}` })));
      return new Map(
        [...rows.values()].map((row) => {
          const { sk, sequence, tip } = row as unknown as ActivityKey & ChainTip;
          return [sk.slice(CHAIN.length), { sequence, tip }];
        }),
      );
    },

    async begin(state, batch, reports, author) {
      const { controller, size, root } = state;
      const isAsItWas = '#size = :size AND attribute_not_exists(#batch)';
      const underWay = update(controller, {
        set: `SET #batch = :batch, #size = :size${root ? '' : ', signedSize = :none'}`,
        // A restore leaves a row for every log, also for one that has not begun.
        condition: root ? isAsItWas : `attribute_not_exists(pk) OR (${isAsItWas} AND attribute_not_exists(#root))`,
        values: { ':batch': batch, ':size': size, ...(!root && { ':none': 0 }) },
      });
      const links = chains.take(store.now());
      const rows = reports.map((report) =>
        activityRow(table(), links.link(unlinkedEntry(report, author, store.now()))),
      );
      let outcome: Parameters<typeof links.settle>[0] = 'unknown';
      try {
        const isBegun = await transacted([underWay, ...rows.map((Put) => ({ Put }))]);
        outcome = isBegun ? 'written' : 'refused';
        return isBegun;
      } finally {
        links.settle(outcome);
      }
    },

    swap: ({ controller, batch }, to) =>
      transacted([
        update(controller, {
          set: 'SET #size = :to, #root = :root',
          condition: '#size = :from AND #batch.#from = :from',
          values: { ':from': batch.from, ':to': to.size, ':root': to.root },
        }),
      ]),

    async mark(controller, { from, leaves, tips }, movedAt) {
      const marks = leaves.map(({ pk, sk }, i) => ({
        Update: {
          ...at(pk, sk),
          UpdateExpression: 'SET leaf = :leaf REMOVE unsequenced',
          // What somebody has taken away is not made again.
          ConditionExpression: 'attribute_exists(pk)',
          ExpressionAttributeValues: { ':leaf': { N: String(from + i) } },
        },
      }));
      await writeWhatHolds(marks);
      // All of the batch or none of it is seen in the log's order.
      if (leaves.length > 0) await dynamo.transact(leafWrites(table(), controller, from, leaves), randomUUID());
      await writeWhatHolds(chainMoves(controller, tips, movedAt));
    },

    async clear(controller, { from, leaves }) {
      await transacted([
        update(controller, {
          set: 'REMOVE #batch',
          condition: '#size = :to AND #batch.#from = :from',
          values: { ':from': from, ':to': from + leaves.length },
        }),
      ]);
    },

    async forgetChains(controller, before) {
      const { rows } = await dynamo.query({
        TableName: table(),
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: chainPartition(controller) } },
        ConsistentRead: true,
        Limit: FORGOTTEN_MAX,
      });
      const ended = rows.filter(({ at: movedAt }) => (movedAt?.S ?? '') < before);
      await writeWhatHolds(
        ended.map((row) => ({
          Delete: {
            ...at(row['pk']?.S ?? '', row['sk']?.S ?? ''),
            ConditionExpression: '#at = :at',
            ...namesIn('#at'),
            ExpressionAttributeValues: { ':at': row['at']! },
          },
        })),
      );
    },

    async head() {
      const { number = 0, hash = '' } = ((await readOne(LOG, 'HEAD')) ?? {}) as Partial<LogHead>;
      return { number, hash };
    },

    signed: (sizes) =>
      writeWhatHolds(
        sizes.map(({ controller, size }) =>
          update(controller, {
            set: 'SET signedSize = :size',
            condition: 'attribute_exists(pk) AND signedSize < :size',
            values: { ':size': size },
          }),
        ),
      ),

    async moveHead(from, to) {
      await transacted([
        {
          Put: {
            TableName: table(),
            Item: marshall({ pk: LOG, sk: 'HEAD', number: to.number, hash: to.hash }),
            ConditionExpression: from.number === 0 ? 'attribute_not_exists(pk)' : '#number = :from',
            ...(from.number > 0 && {
              ...namesIn('#number'),
              ExpressionAttributeValues: { ':from': { N: String(from.number) } },
            }),
          },
        },
      ]);
    },

    takeLease: (holder, now, until) =>
      transacted([
        {
          Put: {
            TableName: table(),
            Item: marshall({ pk: LOG, sk: 'LEASE', holder, until }),
            ConditionExpression: 'attribute_not_exists(pk) OR #until <= :now OR holder = :holder',
            ...namesIn('#until'),
            ExpressionAttributeValues: marshall({ ':now': now, ':holder': holder }),
          },
        },
      ]),

    async releaseLease(holder) {
      await transacted([
        {
          Delete: {
            ...at(LOG, 'LEASE'),
            ConditionExpression: 'holder = :holder',
            ExpressionAttributeValues: marshall({ ':holder': holder }),
          },
        },
      ]);
    },

    putMissing: (entries) => writeWhatHolds(entries.map((entry) => ({ Put: activityRow(table(), entry) }))),

    async restoreState({ controller, ...state }) {
      const Item = marshall({ pk: LOG, sk: controller, ...state }, { removeUndefinedValues: true });
      await dynamo.transact([{ Put: { TableName: table(), Item } }], randomUUID());
    },
  };
}

function stateOf(controller: ControllerId, row: Readonly<Record<string, unknown>> | undefined): LogState {
  const { size = 0, root, signedSize = 0, batch } = (row ?? {}) as Partial<LogState>;
  return { controller, size, signedSize, ...(root && { root }), ...(batch && { batch }) };
}

const namesIn = (expression: string) => {
  const names = [...new Set(expression.match(/#\w+/g))].map((name) => [name, name.slice(1)]);
  return names.length > 0 ? { ExpressionAttributeNames: Object.fromEntries(names) as Record<string, string> } : {};
};
