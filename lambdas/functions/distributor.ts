import { setTimeout as pause } from 'node:timers/promises';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { sendChunk } from '../features/distribution/chunk.ts';
import type { ChunkMessage, Sender } from '../features/distribution/distributor.ts';
import { lane } from '../features/distribution/quota.ts';
import { env } from '../platform/env.ts';
import { errorName } from '../platform/error-name.ts';
import { addressIn, jobMailer, sesClient } from '../platform/mail.ts';
import { backlogOf, sqsClient } from '../platform/queue-backlog.ts';
import { queues } from '../platform/queues.ts';
import { containerStore, systemCall, whileOpen } from './container.ts';

const store = containerStore();
const sendMail = jobMailer(sesClient(), env('MAIL_CONFIGURATION_SET'));
const nextTurn = lane({ now: () => store.now().getTime(), pause });
const countUnreadEvents = backlogOf(sqsClient(), env(queues.mailEvents.env));

/** What has begun must be finished before Lambda ends the run. */
const LAST_MILLISECONDS = 15_000;

/**
 * Sends the chunks of notices to many that the queue hands out: those of one batch beside each other, so that one is
 * looked up while another is sent, all of them together in the one lane of this container.
 */
async function work(
  { Records }: SQSEvent,
  context: { readonly awsRequestId: string; getRemainingTimeInMillis(): number },
): Promise<SQSBatchResponse> {
  const { awsRequestId: requestId } = context;
  const sender: Sender = {
    sendMail,
    senderAddress: addressIn(env('MAIL_SENDER')),
    publicUrl: env('PUBLIC_URL'),
    openCall: () => systemCall(store, 'distributor', requestId),
    countUnreadEvents,
    nextTurn,
    hasTimeLeft: () => context.getRemainingTimeInMillis() > LAST_MILLISECONDS,
    log: (line) => console.log(JSON.stringify({ requestId, ...line })),
  };
  const batchItemFailures: { itemIdentifier: string }[] = [];
  await Promise.all(
    Records.map(async ({ messageId, body }) => {
      try {
        // Written by the dispatcher, and by nobody else.
        await sendChunk(JSON.parse(body) as ChunkMessage, sender);
      } catch (error) {
        const line = { requestId, event: 'chunk-failed', error: errorName(error) };
        console.log(JSON.stringify(line));
        batchItemFailures.push({ itemIdentifier: messageId });
      }
    }),
  );
  return { batchItemFailures };
}

export const handler = whileOpen(store, work);
