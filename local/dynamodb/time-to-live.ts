import { type AwsJsonCall, AwsJsonError } from '../aws-json.ts';
import type { TableDeclaration } from './tables.ts';

export interface TimeToLiveSweep {
  /** Deletes what has expired by now; to be called when the clock has moved. */
  sweep(): Promise<void>;
  /** Whether a removal that a stream reports was this sweep's work; several readers of a stream may ask. */
  isExpiry(tableName: string, keys: unknown): boolean;
  close(): void;
}

const SWEEP_MILLISECONDS = 5000;
/** Expiries that no stream has asked about are forgotten from here on, the oldest first. */
const REMEMBERED_MAX = 10_000;

/** DynamoDB's time to live on the moved clock: here within seconds, at AWS within days. */
export function timeToLiveSweep(
  tables: readonly TableDeclaration[],
  dynamoDb: AwsJsonCall,
  nowMilliseconds: () => number,
): TimeToLiveSweep {
  const remembered = new Set<string>();
  let sweeping: Promise<void> = Promise.resolve();
  let isClosed = false;

  function sweep(): Promise<void> {
    sweeping = sweeping
      .then(() => sweepAll())
      .catch((error: unknown) => void (isClosed || console.error('time to live:', error)));
    return sweeping;
  }

  async function sweepAll(): Promise<void> {
    const nowSeconds = Math.floor(nowMilliseconds() / 1000);
    for (const table of tables) {
      if (isClosed) return;
      if (table.timeToLiveAttribute) await sweepTable(table, table.timeToLiveAttribute, nowSeconds);
    }
  }

  async function sweepTable(table: TableDeclaration, attribute: string, nowSeconds: number): Promise<void> {
    const names = table.keySchema.map(({ AttributeName }) => AttributeName);
    const expired = {
      ExpressionAttributeNames: { '#expires': attribute },
      ExpressionAttributeValues: { ':now': { N: String(nowSeconds) }, ':number': { S: 'N' } },
    };
    let start: unknown;
    do {
      const page = await dynamoDb('DynamoDB_20120810.Scan', {
        ...expired,
        TableName: table.name,
        FilterExpression: 'attribute_type(#expires, :number) AND #expires <= :now',
        ExclusiveStartKey: start,
      });
      for (const item of page['Items'] as readonly Readonly<Record<string, unknown>>[]) {
        await remove(table, Object.fromEntries(names.map((name) => [name, item[name]])), expired);
      }
      start = page['LastEvaluatedKey'];
    } while (start && !isClosed);
  }

  async function remove(
    table: TableDeclaration,
    Key: Record<string, unknown>,
    expired: {
      readonly ExpressionAttributeNames: unknown;
      readonly ExpressionAttributeValues: Record<string, unknown>;
    },
  ): Promise<void> {
    const { ':now': now } = expired.ExpressionAttributeValues;
    remember(memoryOf(table.name, Key));
    try {
      await dynamoDb('DynamoDB_20120810.DeleteItem', {
        TableName: table.name,
        Key,
        // Somebody may have prolonged it since it was read.
        ConditionExpression: '#expires <= :now',
        ExpressionAttributeNames: expired.ExpressionAttributeNames,
        ExpressionAttributeValues: { ':now': now },
      });
    } catch (error) {
      remembered.delete(memoryOf(table.name, Key));
      if (!(error instanceof AwsJsonError && error.code === 'ConditionalCheckFailedException')) throw error;
    }
  }

  function remember(memory: string): void {
    remembered.add(memory);
    const [oldest] = remembered;
    if (remembered.size > REMEMBERED_MAX && oldest) remembered.delete(oldest);
  }

  const timer = setInterval(() => void sweep(), SWEEP_MILLISECONDS);
  return {
    sweep,
    isExpiry: (tableName, keys) => remembered.has(memoryOf(tableName, keys)),
    close() {
      isClosed = true;
      clearInterval(timer);
    },
  };
}

function memoryOf(tableName: string, keys: unknown): string {
  const sorted = Object.entries(Object(keys)).sort(([left], [right]) => (left < right ? -1 : 1));
  return JSON.stringify([tableName, sorted]);
}
