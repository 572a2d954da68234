import { setTimeout as sleep } from 'node:timers/promises';
import { REGION } from '../account.ts';
import type { AwsJsonCall } from '../aws-json.ts';
import type { Invoker } from '../lambda/invocation.ts';
import { failedItems } from './batch-response.ts';
import { type EventPattern, matchesPattern } from './event-pattern.ts';
import type { EventSourceMapping } from './mapping.ts';

interface ReceivedMessage {
  readonly MessageId: string;
  readonly ReceiptHandle: string;
  readonly Body: string;
  readonly MD5OfBody: string;
  readonly Attributes?: Readonly<Record<string, string>>;
  readonly MessageAttributes?: Readonly<Record<string, ReceivedAttribute>>;
}
interface ReceivedAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  readonly BinaryValue?: string;
}

export interface QueuePollerOptions {
  readonly mapping: EventSourceMapping;
  readonly queueUrl: string;
  readonly sqs: AwsJsonCall;
  readonly invoker: Invoker;
}

/** ReceiveMessage and DeleteMessageBatch take at most ten. */
const CALL_MESSAGES_MAX = 10;
const WAIT_SECONDS = 1;
const RETRY_PAUSE_MILLISECONDS = 500;
/** How long a batch that is being gathered waits between two empty looks. */
const GATHER_PAUSE_MILLISECONDS = 50;
/** A function has two threads here: more batches than that would only stand in line. */
const BATCHES_AT_ONCE_MAX = 2;

/**
 * Receives, calls the function, deletes what it took; several batches at once, as many as the mapping and the function's
 * threads allow. What failed stays invisible for the queue's visibility timeout and then comes again, or goes to the
 * dead-letter queue, as SQS decides. Ends when `signal` aborts.
 */
export async function pollQueue(options: QueuePollerOptions, signal: AbortSignal): Promise<void> {
  const batchesAtOnce = Math.min(options.mapping.batchesAtOnceMax, BATCHES_AT_ONCE_MAX);
  await Promise.all(Array.from({ length: batchesAtOnce }, () => pollBatches(options, signal)));
}

async function pollBatches(options: QueuePollerOptions, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const messages = await gather(options, signal);
      if (messages.length > 0) await deliver(messages, options, signal);
    } catch (error) {
      if (signal.aborted) return;
      console.error(`${options.mapping.id}:`, error);
      await sleep(RETRY_PAUSE_MILLISECONDS, undefined, { signal }).catch(() => {});
    }
  }
}

/**
 * One batch: what one call brings; with a window, what comes by as many calls as it takes until the batch is full or the
 * window that the first message opened has closed. Nothing once `signal` has aborted: what was received comes again after the next start.
 */
async function gather(options: QueuePollerOptions, signal: AbortSignal): Promise<readonly ReceivedMessage[]> {
  const { batchSize, windowMilliseconds } = options.mapping;
  const messages = [...(await receive(options, batchSize, WAIT_SECONDS))];
  const closesAt = performance.now() + windowMilliseconds;
  const isGathered = windowMilliseconds > 0 && messages.length > 0;
  while (isGathered && messages.length < batchSize && !signal.aborted) {
    const more = await receive(options, batchSize - messages.length, 0);
    messages.push(...more);
    const isEmpty = more.length === 0;
    if (isEmpty && performance.now() >= closesAt) break;
    if (isEmpty) await sleep(GATHER_PAUSE_MILLISECONDS, undefined, { signal }).catch(() => {});
  }
  return signal.aborted ? [] : messages;
}

async function receive(
  { queueUrl, sqs }: QueuePollerOptions,
  messagesMax: number,
  WaitTimeSeconds: number,
): Promise<readonly ReceivedMessage[]> {
  const answer = await sqs('AmazonSQS.ReceiveMessage', {
    QueueUrl: queueUrl,
    MaxNumberOfMessages: Math.min(messagesMax, CALL_MESSAGES_MAX),
    WaitTimeSeconds,
    AttributeNames: ['All'],
    MessageAttributeNames: ['All'],
  });
  return (answer['Messages'] as readonly ReceivedMessage[] | undefined) ?? [];
}

async function deliver(
  messages: readonly ReceivedMessage[],
  options: QueuePollerOptions,
  signal: AbortSignal,
): Promise<void> {
  const { mapping, invoker } = options;
  const wanted = messages.filter((message) => isWanted(mapping.filters, message));
  const identifiers = wanted.map(({ MessageId }) => MessageId);
  let failed: ReadonlySet<string> = new Set();
  if (wanted.length > 0) {
    const Records = wanted.map((message) => lambdaRecord(message, mapping.sourceArn));
    const result = await invoker.invoke(mapping.functionName, JSON.stringify({ Records }));
    // Stopped meanwhile: the messages come again after the next start.
    if (signal.aborted && result.functionError) return;
    failed = failedItems(result, identifiers, mapping.reportsItemFailures);
  }
  // What no filter wants is deleted as well: Lambda drops it from the queue.
  const done = messages.filter(({ MessageId }) => !failed.has(MessageId));
  if (done.length > 0) await remove(done, options);
}

async function remove(messages: readonly ReceivedMessage[], { queueUrl, sqs }: QueuePollerOptions): Promise<void> {
  for (let first = 0; first < messages.length; first += CALL_MESSAGES_MAX) {
    const Entries = messages
      .slice(first, first + CALL_MESSAGES_MAX)
      .map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await sqs('AmazonSQS.DeleteMessageBatch', { QueueUrl: queueUrl, Entries });
  }
}

function isWanted(filters: readonly EventPattern[], message: ReceivedMessage): boolean {
  if (filters.length === 0) return true;
  const candidate = { body: parsed(message.Body) };
  return filters.some((filter) => matchesPattern(filter, candidate));
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

/** The record of Lambda's SQS event (developer guide, "Using Lambda with Amazon SQS"). */
function lambdaRecord(message: ReceivedMessage, eventSourceARN: string) {
  return {
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body,
    attributes: message.Attributes ?? {},
    messageAttributes: Object.fromEntries(
      Object.entries(message.MessageAttributes ?? {}).map(([name, { DataType, StringValue, BinaryValue }]) => [
        name,
        {
          dataType: DataType,
          stringValue: StringValue,
          binaryValue: BinaryValue,
          stringListValues: [],
          binaryListValues: [],
        },
      ]),
    ),
    md5OfBody: message.MD5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN,
    awsRegion: REGION,
  };
}
