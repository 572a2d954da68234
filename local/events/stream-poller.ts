import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { REGION } from '../account.ts';
import { type AwsJsonCall, AwsJsonError } from '../aws-json.ts';
import type { Clock } from '../clock.ts';
import type { ChangeCounter } from '../dynamodb/changes.ts';
import { DECLARED_STREAM_LABEL } from '../dynamodb/control.ts';
import type { Invoker } from '../lambda/invocation.ts';
import type { InvocationResult } from '../lambda/pool.ts';
import type { RunnerState } from '../state.ts';
import { failedItems } from './batch-response.ts';
import { matchesPattern } from './event-pattern.ts';
import type { EventSourceMapping } from './mapping.ts';
import type { StreamReads, StreamRecord } from './stream-reads.ts';

export interface StreamPollerOptions {
  readonly mapping: EventSourceMapping;
  readonly dynamoDb: AwsJsonCall;
  /** Shared by all pollers. */
  readonly reads: StreamReads;
  readonly changes: ChangeCounter;
  readonly invoker: Invoker;
  readonly state: RunnerState;
  /** True for an item that the TTL sweep removed; its record then says so, as DynamoDB's does. */
  isExpiry(tableName: string, keys: StreamRecord['dynamodb']['Keys']): boolean;
  sendFailure(arn: string, record: string): Promise<void>;
  readonly clock: Clock;
}

const POLL_PAUSE_MILLISECONDS = 100;
/** Between looks for a stream that is gone: it hardly ever comes back. */
const GONE_PAUSE_MILLISECONDS = 2000;
const RETRY_PAUSE_MILLISECONDS = 200;
const RETRY_PAUSE_MILLISECONDS_MAX = 10_000;
/** GetRecords returns at most this many. */
const RECORDS_MAX = 1000;

/**
 * Reads a table's stream and calls the function with batches, in order, at least once each. The place up to which
 * all is done is stored after each batch, so a batch that `kill -9` cut short comes again. A stream whose table is gone is
 * waited for in silence. Ends when `signal` aborts.
 */
export async function pollStream(options: StreamPollerOptions, signal: AbortSignal): Promise<void> {
  const { sourceArn, id } = options.mapping;
  const tableName = sourceArn.split('/')[1] ?? '';
  while (!signal.aborted) {
    try {
      const streamArn = await engineStreamArn(sourceArn, options.dynamoDb);
      if (!streamArn) {
        await pause(GONE_PAUSE_MILLISECONDS, signal);
        continue;
      }
      // Shards in their order: a child opens when its parent has ended.
      for (const shardId of await shardsOf(streamArn, options))
        await pollShard({ ...options, tableName, streamArn, shardId }, signal);
      await pause(POLL_PAUSE_MILLISECONDS, signal);
    } catch (error) {
      // The engine may just be starting again; nothing is lost, the checkpoint stands.
      if (!signal.aborted && !isGone(error)) console.error(`${id}:`, error);
      await pause(RETRY_PAUSE_MILLISECONDS, signal);
    }
  }
}

/** The engine's own ARN of a stream; undefined where there is none, or where it is another than the one that is meant. */
export async function engineStreamArn(sourceArn: string, dynamoDb: AwsJsonCall): Promise<string | undefined> {
  const [, TableName, , label] = sourceArn.split('/');
  const { Streams } = await dynamoDb('DynamoDBStreams_20120810.ListStreams', { TableName });
  const latest = (Streams as readonly { readonly StreamArn: string; readonly StreamLabel: string }[]).at(-1);
  return label === DECLARED_STREAM_LABEL || latest?.StreamLabel === label ? latest?.StreamArn : undefined;
}

const isGone = (error: unknown) => error instanceof AwsJsonError && error.code === 'ResourceNotFoundException';

interface Shard extends StreamPollerOptions {
  readonly tableName: string;
  readonly streamArn: string;
  readonly shardId: string;
}

async function shardsOf(StreamArn: string, { dynamoDb }: StreamPollerOptions): Promise<readonly string[]> {
  const { StreamDescription } = await dynamoDb('DynamoDBStreams_20120810.DescribeStream', { StreamArn });
  const { Shards } = StreamDescription as { Shards: readonly { ShardId: string }[] };
  return Shards.map(({ ShardId }) => ShardId);
}

/** How far a poller has come. */
interface Place {
  /** The number of the last record that was read; '' before all. */
  readonly after: string;
  readonly iterator: string;
}

async function pollShard(shard: Shard, signal: AbortSignal): Promise<void> {
  let place: Place | undefined = await firstPlace(shard, signal);
  while (place && !signal.aborted) {
    // Asked for before the records are: what is written meanwhile counts as new.
    const seen = shard.changes.now();
    const batch: readonly StreamRecord[] = await collect(shard, place, signal, (next) => {
      place = next;
    });
    if (batch.length === 0) await untilChanged(shard.changes, seen, signal);
    else await deliver(batch, shard, signal);
  }
}

async function untilChanged(changes: ChangeCounter, seen: number, signal: AbortSignal): Promise<void> {
  do await pause(POLL_PAUSE_MILLISECONDS, signal);
  while (!signal.aborted && changes.now() === seen);
}

/** One read, or reads until the batching window ends or the batch is full. */
async function collect(
  shard: Shard,
  from: Place,
  signal: AbortSignal,
  advance: (place: Place | undefined) => void,
): Promise<readonly StreamRecord[]> {
  const { batchSize, windowMilliseconds } = shard.mapping;
  const collected: StreamRecord[] = [];
  let place: Place | undefined = from;
  let windowEndsAt = Number.POSITIVE_INFINITY;
  do {
    const limit = Math.min(batchSize - collected.length, RECORDS_MAX);
    const { records, next }: StreamPage = await readAt(shard, place, limit);
    collected.push(...records);
    place = next;
    advance(place);
    if (collected.length === 0) return collected;
    windowEndsAt = Math.min(windowEndsAt, performance.now() + windowMilliseconds);
    if (records.length === 0) await pause(POLL_PAUSE_MILLISECONDS, signal);
  } while (place && collected.length < batchSize && performance.now() < windowEndsAt && !signal.aborted);
  return collected;
}

interface StreamPage {
  readonly records: readonly StreamRecord[];
  /** None at the end of the shard. */
  readonly next: Place | undefined;
}

async function readAt(
  { reads, streamArn, shardId }: Shard,
  { after, iterator }: Place,
  limit: number,
): Promise<StreamPage> {
  const { records, next } = await reads({ streamArn, shardId, after }, iterator, limit);
  const last = records.at(-1)?.dynamodb.SequenceNumber ?? after;
  return { records, next: next === undefined ? undefined : { after: last, iterator: next } };
}

const checkpointName = ({ mapping, shardId }: Shard) => `stream/${mapping.id}/${shardId}`;

async function firstPlace(shard: Shard, signal: AbortSignal): Promise<Place | undefined> {
  const done = shard.state.get(checkpointName(shard));
  if (done !== undefined) return placeAfter(shard, done);
  if (!shard.mapping.startsAtLatest) return placeAfter(shard, '');
  return skipToLatest(shard, signal);
}

/** LATEST means: from when the mapping was made. That moment is stored, or a crash before the first batch would move it. */
async function skipToLatest(shard: Shard, signal: AbortSignal): Promise<Place | undefined> {
  let place: Place | undefined = await placeAfter(shard, '');
  let last = '';
  while (place && !signal.aborted) {
    const { records, next }: StreamPage = await readAt(shard, place, RECORDS_MAX);
    last = records.at(-1)?.dynamodb.SequenceNumber ?? last;
    place = next;
    if (records.length === 0) break;
  }
  shard.state.set(checkpointName(shard), last);
  return place;
}

const placeAfter = async (shard: Shard, after: string): Promise<Place> => ({
  after,
  iterator: await iteratorAfter(shard, after),
});

async function iteratorAfter({ dynamoDb, streamArn, shardId }: Shard, sequenceNumber: string): Promise<string> {
  const position = sequenceNumber
    ? { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: sequenceNumber }
    : { ShardIteratorType: 'TRIM_HORIZON' };
  const input = { StreamArn: streamArn, ShardId: shardId, ...position };
  return (await dynamoDb('DynamoDBStreams_20120810.GetShardIterator', input))['ShardIterator'] as string;
}

async function deliver(batch: readonly StreamRecord[], shard: Shard, signal: AbortSignal): Promise<void> {
  const { mapping } = shard;
  const wanted = batch
    .map((record) => asLambdaSeesIt(record, shard))
    .filter(
      (record) => mapping.filters.length === 0 || mapping.filters.some((filter) => matchesPattern(filter, record)),
    );
  await process(wanted, shard, signal);
  const last = batch.at(-1);
  if (last && !signal.aborted) shard.state.set(checkpointName(shard), last.dynamodb.SequenceNumber);
}

/** The engine's words for the region, the stream and the machine's time become those of the embedded cloud. */
function asLambdaSeesIt(record: StreamRecord, { mapping, tableName, isExpiry, clock }: Shard) {
  const { ApproximateCreationDateTime: created = 0, Keys } = record.dynamodb;
  const isExpired = record.eventName === 'REMOVE' && isExpiry(tableName, Keys);
  return {
    ...record,
    dynamodb: {
      ...record.dynamodb,
      ApproximateCreationDateTime: created + Math.floor(clock.offsetMilliseconds / 1000),
    },
    awsRegion: REGION,
    eventSourceARN: mapping.sourceArn,
    ...(isExpired && { userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' } }),
  };
}

/** Returns when every record was taken, or given up to the destination for failures. */
async function process(records: readonly StreamRecord[], shard: Shard, signal: AbortSignal): Promise<void> {
  const { mapping, invoker } = shard;
  let rest = records;
  for (let attempt = 0; rest.length > 0 && !signal.aborted; attempt += 1) {
    const sequence = rest.map(({ dynamodb }) => dynamodb.SequenceNumber);
    const result = await invoker.invoke(mapping.functionName, JSON.stringify({ Records: rest }));
    if (signal.aborted) return;
    const failed = failedItems(result, sequence, mapping.reportsItemFailures);
    const firstFailed = sequence.findIndex((each) => failed.has(each));
    if (firstFailed < 0) return;
    // What precedes the first failure is done; the order forbids going past it.
    if (firstFailed > 0) attempt = -1;
    rest = rest.slice(firstFailed);
    if (mapping.bisectsOnError && rest.length > 1 && firstFailed === 0) {
      const middle = Math.ceil(rest.length / 2);
      await process(rest.slice(0, middle), shard, signal);
      return process(rest.slice(middle), shard, signal);
    }
    if (attempt >= mapping.retriesMax) return giveUp(rest, result, attempt + 1, shard);
    await pause(Math.min(RETRY_PAUSE_MILLISECONDS * 2 ** Math.max(0, attempt), RETRY_PAUSE_MILLISECONDS_MAX), signal);
  }
}

/** The record that Lambda sends to an on-failure destination ("Retaining records for failed invocations"). */
async function giveUp(
  records: readonly StreamRecord[],
  result: InvocationResult,
  attempts: number,
  shard: Shard,
): Promise<void> {
  const { onFailureArn, functionName, sourceArn } = shard.mapping;
  if (!onFailureArn) return;
  const batchInfo = {
    shardId: shard.shardId,
    startSequenceNumber: records[0]?.dynamodb.SequenceNumber,
    endSequenceNumber: records.at(-1)?.dynamodb.SequenceNumber,
    batchSize: records.length,
    streamArn: sourceArn,
  };
  const failure = {
    requestContext: {
      requestId: randomUUID(),
      functionArn: shard.invoker.find(functionName)?.arn,
      condition: 'RetryAttemptsExhausted',
      approximateInvokeCount: attempts,
    },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: result.functionError },
    version: '1.0',
    timestamp: new Date(shard.clock.now()).toISOString(),
    DDBStreamBatchInfo: batchInfo,
  };
  await shard.sendFailure(onFailureArn, JSON.stringify(failure));
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => {});
}
