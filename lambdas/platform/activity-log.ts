import { unmarshall } from '@aws-sdk/util-dynamodb';
import { decodeTime, encodeTime } from 'ulid';
import { monthPartition } from './activity-chain.ts';
import { rowId } from './dynamo.ts';
import type { ControllerId, Owner, SubjectId } from './entity.ts';
import { logLeaves } from './log-leaves.ts';
import type { Store } from './open-records.ts';
import type { Page } from './records.ts';

const PAGE_LINES = 500;
const ULID_TIME_CHARACTERS = 10;
const PREFIX = 'evt_';
/** Above every id. */
const LAST = `${PREFIX}~`;
/** A record's id and its `at` are taken one after the other, by clocks that may differ. */
const CLOCKS_DIFFER_MILLISECONDS_MAX = 60 * 60 * 1000;

/** One line of the activity log, as far as it may be told: ids and codes, never the body of anything. */
export interface ActivityLine {
  readonly at: string;
  readonly event: string;
  /** An account's id, or `system:<worker>`. */
  readonly actor: string;
  readonly role?: string;
  readonly person?: string;
}

/** A row of the table as it stands there (`unmarshall`). */
export type ActivityRow = Readonly<Record<string, unknown>>;

export interface ActivityRange {
  /** Narrows what is read to these instants and an hour around them: whoever asks looks at each record's `at`. */
  readonly from?: Date;
  readonly until?: Date;
  /** The id at which the page before ended. */
  readonly after?: string;
  /** Rows that are looked at; at most 1,000. */
  readonly limit: number;
}

/**
 * Who did and saw what, newest first (SM-05). What is older than its year is never answered, whether or not it has been
 * pruned. Reading it is a right of its own, `activity:read`.
 */
export interface ActivityLog {
  /** About one subject; one Query a page. */
  of(owner: Owner, after?: string): Promise<Page<ActivityLine>>;
  /** The whole rows about one subject; one Query. */
  ofSubject(owner: Owner, range: ActivityRange): Promise<Page<ActivityRow>>;
  /** A controller's log in one month (`YYYY-MM`, UTC); one Query of the index, which lags behind by moments. */
  inMonth(controller: ControllerId, month: string, range: ActivityRange): Promise<Page<ActivityRow>>;
  /** One record of a controller, by its id alone; one round trip. */
  find(controller: ControllerId, id: string): Promise<ActivityRow | undefined>;
  /** Where the records that are kept begin in the log's order; undefined while there is none. One Query. */
  oldestLeaf(controller: ControllerId): Promise<number | undefined>;
  /** Where the next record will stand in the log; one round trip. */
  nextLeaf(controller: ControllerId): Promise<number>;
  /** Records in the log's order from a leaf on, without a gap; undefined for one that is gone. Two round trips. */
  inOrder(controller: ControllerId, leaf: number, limit: number): Promise<readonly (ActivityRow | undefined)[]>;
}

export function activityLog(store: Pick<Store, 'dynamo' | 'tableNames' | 'now'>): ActivityLog {
  const { dynamo } = store;
  // Asked for each time: the active generation may change.
  const table = () => store.tableNames.activity;
  const leaves = logLeaves({ dynamo, table });

  /** Ids from one to another, both included, newest first. */
  async function between(
    { name, value, index }: Partition,
    [low, high]: readonly [string, string],
    limit: number,
  ): Promise<Page<ActivityRow>> {
    // DynamoDB refuses a range that ends before it begins.
    if (high < low) return { items: [] };
    const { rows, more } = await dynamo.query({
      TableName: store.tableNames.activity,
      ...(index ? { IndexName: index } : { ConsistentRead: true }),
      KeyConditionExpression: '#partition = :partition AND sk BETWEEN :low AND :high',
      ExpressionAttributeNames: { '#partition': name },
      ExpressionAttributeValues: { ':partition': { S: value }, ':low': { S: low }, ':high': { S: high } },
      Limit: limit,
      ScanIndexForward: false,
    });
    const last = rows.at(-1)?.['sk']?.S;
    return {
      items: rows.map((row): ActivityRow => unmarshall(row)).filter(isKept),
      ...(more && last !== undefined && { next: last }),
    };
  }

  async function read(partition: Partition, { from, until, after, limit }: ActivityRange): Promise<Page<ActivityRow>> {
    const low = from ? idAt(from.getTime() - CLOCKS_DIFFER_MILLISECONDS_MAX) : PREFIX;
    const high = [after ?? LAST, until ? idAt(until.getTime() + CLOCKS_DIFFER_MILLISECONDS_MAX) : LAST].sort()[0]!;
    // The end is taken along: the last row of the page before comes once more.
    const page = await between(partition, [low, high], limit + (after === undefined ? 0 : 1));
    return { ...page, items: page.items.filter((row) => row['sk'] !== after) };
  }

  const isKept = ({ expiresAtEpochSeconds }: ActivityRow) =>
    Number(expiresAtEpochSeconds) > store.now().getTime() / 1000;
  return {
    async of({ controller, subject }, after) {
      const range = { limit: PAGE_LINES, ...(after !== undefined && { after }) };
      const { items, ...rest } = await read({ name: 'pk', value: partitionOf(controller, subject) }, range);
      return { ...rest, items: items.map(lineOf) };
    },

    ofSubject: ({ controller, subject }, range) => read({ name: 'pk', value: partitionOf(controller, subject) }, range),

    inMonth: (controller, month, range) => read(monthOf(controller, month), range),

    async find(controller, id) {
      const at = decodeTime(id.slice(PREFIX.length).toUpperCase());
      const instants = [at - CLOCKS_DIFFER_MILLISECONDS_MAX, at + CLOCKS_DIFFER_MILLISECONDS_MAX];
      const months = new Set(instants.map((instant) => new Date(instant).toISOString().slice(0, 'YYYY-MM'.length)));
      const found = await Promise.all([...months].map((month) => between(monthOf(controller, month), [id, id], 1)));
      return found.flatMap(({ items }) => items)[0];
    },

    oldestLeaf: (controller) => leaves.oldest(controller),

    async nextLeaf(controller) {
      const key = { table: table(), pk: 'LOG', sk: controller };
      const rows = await dynamo.batchGet([[key]]);
      return Number(rows.get(rowId(key))?.['size']?.N ?? 0);
    },

    async inOrder(controller, leaf, limit) {
      const keys = (await leaves.from(controller, leaf, limit)).map(({ pk, sk }) => ({ table: table(), pk, sk }));
      const rows = await dynamo.batchGet(keys.map((key) => [key]));
      return keys.map((key) => {
        const row = rows.get(rowId(key));
        const record = row && (unmarshall(row) as ActivityRow);
        return record && isKept(record) ? record : undefined;
      });
    },
  };
}

interface Partition {
  readonly name: 'pk' | 'month';
  readonly value: string;
  readonly index?: 'byMonth';
}

const monthOf = (controller: ControllerId, month: string): Partition => ({
  name: 'month',
  value: monthPartition(controller, month),
  index: 'byMonth',
});

/** The first id that could have been made at an instant. */
const idAt = (milliseconds: number) =>
  `${PREFIX}${encodeTime(Math.max(0, milliseconds), ULID_TIME_CHARACTERS).toLowerCase()}`;

function lineOf(row: ActivityRow): ActivityLine {
  const { at, event, actor, role, person } = row as Record<string, string | undefined>;
  return {
    at: at ?? '',
    event: event ?? '',
    actor: actor ?? '',
    ...(role !== undefined && { role }),
    ...(person !== undefined && { person }),
  };
}

/** The same as the writer's (activity-chain.ts). */
const partitionOf = (controller: ControllerId, subject: SubjectId) => `${controller}#${subject}`;
