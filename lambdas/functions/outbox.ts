import type { DynamoDBBatchResponse, DynamoDBStreamEvent, ScheduledEvent } from 'aws-lambda';
import { deliverFromStream, type Outbox, sweepOutbox } from '../features/notices/outbox.ts';
import { env } from '../platform/env.ts';
import { addressIn, mailer, sesClient } from '../platform/mail.ts';
import { containerStore, systemRecords, whileOpen } from './container.ts';

const store = containerStore();
const post = {
  sendMail: mailer(sesClient()),
  senderAddress: addressIn(env('MAIL_SENDER')),
  publicUrl: env('PUBLIC_URL'),
};

/** The only function that may send mail: woken by the outbox's stream, and by a sweep every minute behind it. */
async function work(
  event: DynamoDBStreamEvent | ScheduledEvent,
  { awsRequestId }: { readonly awsRequestId: string },
): Promise<DynamoDBBatchResponse | { swept: number; failed: number }> {
  const outbox: Outbox = {
    post,
    openCall: () => ({
      now: store.now(),
      records: systemRecords(store, 'outbox', awsRequestId),
      throughRestriction: systemRecords(store, 'outbox', awsRequestId, { throughRestriction: true }),
    }),
    log: (line) => console.log(JSON.stringify({ requestId: awsRequestId, ...line })),
  };
  return 'Records' in event ? deliverFromStream(event.Records, outbox) : sweepOutbox(outbox);
}

export const handler = whileOpen(store, work);
