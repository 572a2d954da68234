import type { DynamoDBBatchResponse, DynamoDBStreamEvent, ScheduledEvent } from 'aws-lambda';
import { deliverFromStream, sweepOutbox } from '../features/notices/outbox.ts';
import type { Outbox, Post } from '../features/notices/outbox-call.ts';
import { type RedriveCommand, redriveNotices } from '../features/notices/redrive.ts';
import { env } from '../platform/env.ts';
import { addressIn, mailer, sesClient } from '../platform/mail.ts';
import { pushEndpoints, pushSender } from '../platform/push.ts';
import { backlogOf, sqsClient } from '../platform/queue-backlog.ts';
import { queues } from '../platform/queues.ts';
import { smsSender } from '../platform/sms.ts';
import { snsClient } from '../platform/sns.ts';
import { containerStore, systemCall, systemRecords, whileOpen } from './container.ts';

const store = containerStore();
/** The last one begun must be finished before Lambda ends the run: SES alone may take three times ten seconds. */
const LAST_MILLISECONDS = 40_000;
const sns = snsClient();
const post: Post = {
  sendMail: mailer(sesClient(), env('MAIL_CONFIGURATION_SET')),
  further: { sendSms: smsSender(sns), sendPush: pushSender(sns), endpoints: pushEndpoints(sns, {}) },
  countUnreadEvents: backlogOf(sqsClient(), env(queues.mailEvents.env)),
  senderAddress: addressIn(env('MAIL_SENDER')),
  publicUrl: env('PUBLIC_URL'),
  inboundDomain: env('INBOUND_MAIL_DOMAIN'),
};

/**
 * Woken by the outbox's stream, by a sweep every minute behind it, and by an operator who has mended why notices failed.
 */
async function work(
  event: DynamoDBStreamEvent | ScheduledEvent | RedriveCommand,
  context: { readonly awsRequestId: string; getRemainingTimeInMillis(): number },
): Promise<DynamoDBBatchResponse | object> {
  const { awsRequestId } = context;
  const outbox: Outbox = {
    post,
    openCall: () => ({
      ...systemCall(store, 'outbox', awsRequestId),
      throughRestriction: systemRecords(store, 'outbox', awsRequestId, { throughRestriction: true }),
    }),
    hasTimeLeft: () => context.getRemainingTimeInMillis() > LAST_MILLISECONDS,
    log: (line) => console.log(JSON.stringify({ requestId: awsRequestId, ...line })),
  };
  if ('command' in event) return redriveNotices(outbox);
  return 'Records' in event ? deliverFromStream(event.Records, outbox) : sweepOutbox(outbox);
}

export const handler = whileOpen(store, work);
