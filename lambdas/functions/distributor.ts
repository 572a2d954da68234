import { setTimeout as pause } from 'node:timers/promises';
import type { ScheduledEvent, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { sendChunk } from '../features/distribution/chunk.ts';
import { dispatch } from '../features/distribution/dispatch.ts';
import type { ChunkMessage, Distributor } from '../features/distribution/distributor.ts';
import { lane } from '../features/distribution/quota.ts';
import { env } from '../platform/env.ts';
import { addressIn, jobMailer, sesClient } from '../platform/mail.ts';
import { readSendQuota } from '../platform/mail-quota.ts';
import { backlogOf, sqsClient } from '../platform/queue-backlog.ts';
import { queueSender } from '../platform/queue-sender.ts';
import { queues } from '../platform/queues.ts';
import { containerStore, systemCall, whileOpen } from './container.ts';

const store = containerStore();
const ses = sesClient();
const sqs = sqsClient();
const nextTurn = lane({ now: () => store.now().getTime(), pause });
const countUnreadEvents = backlogOf(sqs, env(queues.mailEvents.env));
const release = queueSender<ChunkMessage>(sqs, env(queues.distribution.env));

/** A run that plans gives way to the next one, which the schedule starts a minute later. */
const DISPATCHING_MILLISECONDS = 57_000;
/** What has begun must be finished before Lambda ends the run. */
const LAST_MILLISECONDS = 15_000;

/** Mail to many: plans a job's chunks when the schedule wakes it, and sends one when the queue does. */
async function work(
  event: SQSEvent | ScheduledEvent,
  context: { readonly awsRequestId: string; getRemainingTimeInMillis(): number },
): Promise<SQSBatchResponse | object> {
  const { awsRequestId: requestId } = context;
  const begunAt = store.now().getTime();
  const isSending = 'Records' in event;
  const log = (line: object) => console.log(JSON.stringify({ requestId, ...line }));
  const distributor: Distributor = {
    sendMail: jobMailer(ses, env('MAIL_CONFIGURATION_SET')),
    senderAddress: addressIn(env('MAIL_SENDER')),
    publicUrl: env('PUBLIC_URL'),
    openCall: () => systemCall(store, 'distributor', requestId),
    readQuota: () => readSendQuota(ses),
    release,
    areEventsBehind: async () => (await countUnreadEvents()) > 0,
    nextTurn,
    pause: (milliseconds) => pause(milliseconds),
    hasTimeLeft: () =>
      context.getRemainingTimeInMillis() > LAST_MILLISECONDS &&
      (isSending || store.now().getTime() - begunAt < DISPATCHING_MILLISECONDS),
    log,
  };
  if (!isSending) {
    const dispatched = await dispatch(distributor);
    log({ metric: 'distribution-dispatched', ...dispatched });
    return dispatched;
  }
  const batchItemFailures: { itemIdentifier: string }[] = [];
  for (const { messageId, body } of event.Records) {
    try {
      // Written by the planner, and by nobody else.
      await sendChunk(JSON.parse(body) as ChunkMessage, distributor);
    } catch (error) {
      log({ event: 'chunk-failed', error: error instanceof Error ? error.name : 'unknown' });
      batchItemFailures.push({ itemIdentifier: messageId });
    }
  }
  return { batchItemFailures };
}

export const handler = whileOpen(store, work);
