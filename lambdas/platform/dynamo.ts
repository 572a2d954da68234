import {
  type AttributeValue,
  BatchGetItemCommand,
  DynamoDBClient,
  QueryCommand,
  type QueryCommandInput,
  TransactionCanceledException,
  TransactionInProgressException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { credentialsFromEnvironment } from './credentials.ts';
import { Busy } from './records.ts';

export type Row = Record<string, AttributeValue>;
export interface RowKey {
  readonly table: string;
  readonly pk: string;
  readonly sk: string;
}

/** Times a transaction is tried against conflicts before the caller hears that it is busy: about 3 seconds in all. */
const TRANSACTION_TRIES_MAX = 12;
const BACKOFF_MILLISECONDS_MAX = 400;
const BATCH_GET_KEYS_MAX = 100;
const BATCH_GET_TRIES_MAX = 8;

export const dynamoClient = () => new DynamoDBClient({ credentials: credentialsFromEnvironment, maxAttempts: 4 });

/** DynamoDB as this product uses it: consistent batch reads, queries, and transactions that survive conflicts. */
export interface Dynamo {
  /** One wave of parallel consistent BatchGets; rows by `table|pk|sk`. Groups stay together in one BatchGet. */
  batchGet(groups: readonly (readonly RowKey[])[]): Promise<Map<string, Row>>;
  query(input: QueryCommandInput): Promise<{ rows: Row[]; more: boolean }>;
  /** Throws TransactionCanceledException when a condition fails, {@link Busy} when conflicts last. */
  transact(items: TransactWriteItem[], token: string): Promise<void>;
}

export const rowId = ({ table, pk, sk }: RowKey) => `${table}|${pk}|${sk}`;

export function dynamo(
  client: Pick<DynamoDBClient, 'send'>,
  pause: (milliseconds: number) => Promise<void> = (ms) => new Promise((done) => setTimeout(done, ms)),
  random: () => number = Math.random,
): Dynamo {
  const jitter = (attempt: number) => pause(random() * Math.min(BACKOFF_MILLISECONDS_MAX, 10 * 2 ** attempt));

  async function batchGetOnce(keys: readonly RowKey[]): Promise<[string, Row][]> {
    const found: [string, Row][] = [];
    let wanted = requestItems(keys);
    for (let attempt = 0; attempt < BATCH_GET_TRIES_MAX; attempt++) {
      const { Responses = {}, UnprocessedKeys = {} } = await client.send(
        new BatchGetItemCommand({ RequestItems: wanted }),
      );
      for (const [table, rows] of Object.entries(Responses)) {
        for (const row of rows) found.push([rowId({ table, pk: row['pk']?.S ?? '', sk: row['sk']?.S ?? '' }), row]);
      }
      if (Object.keys(UnprocessedKeys).length === 0) return found;
      wanted = UnprocessedKeys as typeof wanted;
      await jitter(attempt);
    }
    // An unprocessed row must never read as an absent one: absent means erased, or never there.
    throw new Busy('BatchGet left keys unprocessed');
  }

  return {
    async batchGet(groups) {
      const found = await Promise.all(chunksOf(groups).map(batchGetOnce));
      return new Map(found.flat());
    },

    async query(input) {
      const { Items = [], LastEvaluatedKey } = await client.send(new QueryCommand(input));
      return { rows: Items, more: LastEvaluatedKey !== undefined };
    },

    async transact(items, token) {
      for (let attempt = 0; ; attempt++) {
        try {
          await client.send(new TransactWriteItemsCommand({ TransactItems: items, ClientRequestToken: token }));
          return;
        } catch (error) {
          if (!isConflict(error)) throw error;
          if (attempt + 1 >= TRANSACTION_TRIES_MAX)
            throw new Busy('The transaction kept conflicting', { cause: error });
          await jitter(attempt);
        }
      }
    },
  };
}

/** Transactions that overlap on one row cancel each other, a mere check included; the SDK does not retry that. */
function isConflict(error: unknown): boolean {
  if (error instanceof TransactionInProgressException) return true;
  if (!(error instanceof TransactionCanceledException)) return false;
  const codes = (error.CancellationReasons ?? [])
    .map((reason) => reason.Code ?? 'None')
    .filter((code) => code !== 'None');
  return codes.length > 0 && codes.every((code) => TRANSIENT_CODES.has(code));
}
const TRANSIENT_CODES = new Set(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded']);

/** Packs groups into requests of at most 100 distinct keys, never splitting a group over two requests. */
function chunksOf(groups: readonly (readonly RowKey[])[]): RowKey[][] {
  const chunks: RowKey[][] = [];
  let current = new Map<string, RowKey>();
  for (const group of groups) {
    const added = group.filter((key) => !current.has(rowId(key)));
    if (current.size + added.length > BATCH_GET_KEYS_MAX) {
      chunks.push([...current.values()]);
      current = new Map();
    }
    for (const key of group) current.set(rowId(key), key);
  }
  if (current.size > 0) chunks.push([...current.values()]);
  return chunks;
}

function requestItems(keys: readonly RowKey[]) {
  const byTable = Map.groupBy(keys, (key) => key.table);
  return Object.fromEntries(
    [...byTable].map(([table, ofTable]) => [
      table,
      { ConsistentRead: true, Keys: ofTable.map(({ pk, sk }) => ({ pk: { S: pk }, sk: { S: sk } })) },
    ]),
  );
}
