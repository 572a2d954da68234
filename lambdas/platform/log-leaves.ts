import type { AttributeValue, TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { Dynamo } from './dynamo.ts';
import type { ControllerId } from './entity.ts';

/**
 * Which record stands where in a log: rows of the Activity table with a place for each leaf, so that the log can be read
 * in its order. Written by the sequencer when it marks a batch, and by nobody else; ids only.
 */
const LEAVES_PER_ROW = 64;
const NUMBER_DIGITS = 12;
const ROWS_PER_PAGE_MAX = 100;

/** A partition that the right to append (`activity:append`) does not reach: it ends as the log's own rows do. */
const partition = (controller: ControllerId) => `${controller}#LEAVES#LOG`;
const rowOf = (leaf: number) => Math.floor(leaf / LEAVES_PER_ROW);
const sortKey = (row: number) => `LEAVES#${String(row).padStart(NUMBER_DIGITS, '0')}`;
const placeOf = (leaf: number) => `l${leaf % LEAVES_PER_ROW}`;

export interface LeafKey {
  readonly pk: string;
  readonly sk: string;
}
export interface PlacedLeaf extends LeafKey {
  /** Index in the log. */
  readonly leaf: number;
}

/** The places of a batch's leaves; repeating it changes nothing. At most one write for every 64 leaves, and one more. */
export function leafWrites(
  TableName: string,
  controller: ControllerId,
  from: number,
  leaves: readonly LeafKey[],
): TransactWriteItem[] {
  const placed = leaves.map((key, i) => ({ ...key, leaf: from + i }));
  return [...Map.groupBy(placed, ({ leaf }) => rowOf(leaf))].map(([row, inRow]) => ({
    Update: {
      TableName,
      Key: { pk: { S: partition(controller) }, sk: { S: sortKey(row) } },
      UpdateExpression: `SET ${inRow.map((_, i) => `#${i} = :${i}`).join(', ')}`,
      ExpressionAttributeNames: Object.fromEntries(inRow.map(({ leaf }, i) => [`#${i}`, placeOf(leaf)])),
      ExpressionAttributeValues: Object.fromEntries(
        inRow.map(({ pk, sk }, i) => [`:${i}`, { S: `${pk.slice(controller.length + 1)} ${sk}` }]),
      ),
    },
  }));
}

export interface LogLeaves {
  /** The first leaf whose place is known; undefined while there is none. One Query. */
  oldest(controller: ControllerId): Promise<number | undefined>;
  /** Leaves from one on, without a gap, at most `limit` of them. One Query. */
  from(controller: ControllerId, leaf: number, limit: number): Promise<readonly PlacedLeaf[]>;
}

export function logLeaves({ dynamo, table }: { readonly dynamo: Pick<Dynamo, 'query'>; table(): string }): LogLeaves {
  async function rows(controller: ControllerId, fromRow: number, limit: number): Promise<PlacedLeaf[]> {
    const found = await dynamo.query({
      TableName: table(),
      KeyConditionExpression: 'pk = :pk AND sk >= :from',
      ExpressionAttributeValues: { ':pk': { S: partition(controller) }, ':from': { S: sortKey(fromRow) } },
      ConsistentRead: true,
      Limit: Math.min(limit, ROWS_PER_PAGE_MAX),
    });
    return found.rows.flatMap((row) => leavesIn(controller, row));
  }
  return {
    oldest: async (controller) => (await rows(controller, 0, 1))[0]?.leaf,

    async from(controller, leaf, limit) {
      const placed = await rows(controller, rowOf(leaf), Math.ceil(limit / LEAVES_PER_ROW) + 1);
      const after = placed.filter((one) => one.leaf >= leaf).slice(0, limit);
      // A batch is being marked: what lies behind a place that is not filled yet waits for it.
      const gap = after.findIndex((one, i) => one.leaf !== leaf + i);
      return gap === -1 ? after : after.slice(0, gap);
    },
  };
}

function leavesIn(controller: ControllerId, row: Readonly<Record<string, AttributeValue>>): PlacedLeaf[] {
  const first = Number(row['sk']?.S?.slice('LEAVES#'.length)) * LEAVES_PER_ROW;
  return Array.from({ length: LEAVES_PER_ROW }, (_, i) => first + i).flatMap((leaf) => {
    const [subject, sk] = row[placeOf(leaf)]?.S?.split(' ') ?? [];
    return subject !== undefined && sk !== undefined ? [{ leaf, pk: `${controller}#${subject}`, sk }] : [];
  });
}

/** The keys of the rows that say nothing any more when every leaf up to `through` has been pruned. */
export async function leafRowsThrough(
  { dynamo, table }: { readonly dynamo: Pick<Dynamo, 'query'>; table(): string },
  controller: ControllerId,
  through: number,
): Promise<readonly LeafKey[]> {
  // The row of `through` itself may hold younger leaves: it goes when they do.
  const last = rowOf(through + 1) - 1;
  if (last < 0) return [];
  const { rows } = await dynamo.query({
    TableName: table(),
    KeyConditionExpression: 'pk = :pk AND sk <= :last',
    ExpressionAttributeValues: { ':pk': { S: partition(controller) }, ':last': { S: sortKey(last) } },
    ProjectionExpression: 'pk, sk',
    ConsistentRead: true,
    Limit: ROWS_PER_PAGE_MAX,
  });
  return rows.map(({ pk, sk }) => ({ pk: pk?.S ?? '', sk: sk?.S ?? '' }));
}
