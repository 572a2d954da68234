import type { ScheduledEvent, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { deliverMessage, sweepWebhooks, type WebhookSender, type WebhookTask } from '../features/webhooks/deliver.ts';
import { env } from '../platform/env.ts';
import { errorName } from '../platform/error-name.ts';
import { outboundPost } from '../platform/outbound.ts';
import { sqsClient } from '../platform/queue-backlog.ts';
import { queueSender } from '../platform/queue-sender.ts';
import { queues } from '../platform/queues.ts';
import { containerStore, systemCall, whileOpen } from './container.ts';

const store = containerStore();
const release = queueSender<WebhookTask>(sqsClient(), env(queues.webhooks.env), ({ delaySeconds }) => delaySeconds);
const post = outboundPost();

/** Nothing more is begun when a message could not be answered in what is left. */
const LAST_MILLISECONDS = 20_000;

interface Context {
  readonly awsRequestId: string;
  getRemainingTimeInMillis(): number;
}

/**
 * Tells the organisations' own systems of changes: each minute what their logs have grown by, and from the queue one
 * message at a time. The only function that calls an address which a customer gave.
 */
async function work(event: SQSEvent | ScheduledEvent, context: Context): Promise<SQSBatchResponse | undefined> {
  const { awsRequestId: requestId } = context;
  const log = (line: object) => console.log(JSON.stringify({ requestId, ...line }));
  const sender: WebhookSender = {
    post,
    openCall: () => systemCall(store, 'webhook-sender', requestId),
    release,
    hasTimeLeft: () => context.getRemainingTimeInMillis() > LAST_MILLISECONDS,
    log,
  };
  if (!('Records' in event)) {
    log({ metric: 'webhooks-swept', ...(await sweepWebhooks(sender)) });
    return undefined;
  }
  const batchItemFailures: { itemIdentifier: string }[] = [];
  await Promise.all(
    event.Records.map(async ({ messageId, body }) => {
      try {
        // Written by this function, and by nobody else.
        await deliverMessage(JSON.parse(body) as WebhookTask, sender);
      } catch (error) {
        log({ event: 'webhook-message-failed', error: errorName(error) });
        batchItemFailures.push({ itemIdentifier: messageId });
      }
    }),
  );
  return { batchItemFailures };
}

export const handler = whileOpen(store, work);
