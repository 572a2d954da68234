import { type AwsJsonCall, AwsJsonError } from '../aws-json.ts';
import type { RunnerState } from '../state.ts';
import { keyNamesOf } from './control.ts';
import { tablesMade } from './tables-made.ts';

export interface TimeToLiveSweep {
  /** Deletes what has expired by now; to be called when the clock has moved. */
  sweep(): Promise<void>;
  /** Whether a removal that a stream reports was this sweep's work; several readers of a stream may ask. */
  isExpiry(tableName: string, keys: unknown): boolean;
  close(): void;
}

interface ExpiringTable {
  readonly name: string;
  readonly attribute: string;
  readonly keyNames: readonly string[];
}

const SWEEP_MILLISECONDS = 5000;
/** A sweep reads whole tables through the engine, which serves one caller at a time: large tables are swept less often. */
const SWEEPING_SHARE_MAX = 1 / 20;
/** Expiries that no stream has asked about are forgotten from here on, the oldest first. */
const REMEMBERED_MAX = 10_000;

/** DynamoDB's time to live on the moved clock: here within seconds, at AWS within days. */
export function timeToLiveSweep(
  state: RunnerState,
  dynamoDb: AwsJsonCall,
  nowMilliseconds: () => number,
): TimeToLiveSweep {
  const remembered = new Set<string>();
  let sweeping: Promise<void> = Promise.resolve();
  let isClosed = false;
  let timer: NodeJS.Timeout;

  function sweep(): Promise<void> {
    sweeping = sweeping
      .then(() => sweepAll())
      .catch((error: unknown) => void (isClosed || console.error('time to live:', error)));
    return sweeping;
  }

  async function sweepAll(): Promise<void> {
    const nowSeconds = Math.floor(nowMilliseconds() / 1000);
    for (const name of tablesMade(state)) {
      if (isClosed) return;
      const table = await expiringTable(name, dynamoDb);
      if (table) await sweepTable(table, nowSeconds);
    }
  }

  async function sweepTable({ name, attribute, keyNames }: ExpiringTable, nowSeconds: number): Promise<void> {
    const expired = {
      ExpressionAttributeNames: { '#expires': attribute },
      ExpressionAttributeValues: { ':now': { N: String(nowSeconds) }, ':number': { S: 'N' } },
    };
    let start: unknown;
    do {
      const page = await dynamoDb('DynamoDB_20120810.Scan', {
        ...expired,
        TableName: name,
        FilterExpression: 'attribute_type(#expires, :number) AND #expires <= :now',
        ExclusiveStartKey: start,
      });
      for (const item of page['Items'] as readonly Readonly<Record<string, unknown>>[]) {
        await remove(name, Object.fromEntries(keyNames.map((key) => [key, item[key]])), expired);
      }
      start = page['LastEvaluatedKey'];
    } while (start && !isClosed);
  }

  async function remove(
    TableName: string,
    Key: Record<string, unknown>,
    expired: {
      readonly ExpressionAttributeNames: unknown;
      readonly ExpressionAttributeValues: Record<string, unknown>;
    },
  ): Promise<void> {
    const { ':now': now } = expired.ExpressionAttributeValues;
    remember(memoryOf(TableName, Key));
    try {
      await dynamoDb('DynamoDB_20120810.DeleteItem', {
        TableName,
        Key,
        // Somebody may have prolonged it since it was read.
        ConditionExpression: '#expires <= :now',
        ExpressionAttributeNames: expired.ExpressionAttributeNames,
        ExpressionAttributeValues: { ':now': now },
      });
    } catch (error) {
      remembered.delete(memoryOf(TableName, Key));
      if (!(error instanceof AwsJsonError && error.code === 'ConditionalCheckFailedException')) throw error;
    }
  }

  function remember(memory: string): void {
    remembered.add(memory);
    const [oldest] = remembered;
    if (remembered.size > REMEMBERED_MAX && oldest) remembered.delete(oldest);
  }

  async function sweepInTime(): Promise<void> {
    const began = performance.now();
    await sweep();
    const took = performance.now() - began;
    if (!isClosed) timer = setTimeout(sweepInTime, Math.max(SWEEP_MILLISECONDS, took / SWEEPING_SHARE_MAX));
  }

  timer = setTimeout(sweepInTime, SWEEP_MILLISECONDS);
  return {
    sweep,
    isExpiry: (tableName, keys) => remembered.has(memoryOf(tableName, keys)),
    close() {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}

async function expiringTable(TableName: string, dynamoDb: AwsJsonCall): Promise<ExpiringTable | undefined> {
  try {
    const { TimeToLiveDescription } = await dynamoDb('DynamoDB_20120810.DescribeTimeToLive', { TableName });
    const { TimeToLiveStatus, AttributeName } = Object(TimeToLiveDescription);
    if (TimeToLiveStatus !== 'ENABLED') return undefined;
    const { Table } = await dynamoDb('DynamoDB_20120810.DescribeTable', { TableName });
    return { name: TableName, attribute: String(AttributeName), keyNames: keyNamesOf(Object(Table)) };
  } catch (error) {
    if (error instanceof AwsJsonError && error.code === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}

function memoryOf(tableName: string, keys: unknown): string {
  const sorted = Object.entries(Object(keys)).sort(([left], [right]) => (left < right ? -1 : 1));
  return JSON.stringify([tableName, sorted]);
}
