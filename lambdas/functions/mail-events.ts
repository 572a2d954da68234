import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { recordMailEvents } from '../features/deliveries/record-mail-events.ts';
import { recordJobEvents } from '../features/distribution/events.ts';
import { containerStore, systemCall, whileOpen } from './container.ts';

const store = containerStore();

/** Learns from SES what became of our mails; says so to whoever sent them, and stops mail to addresses that are no good. */
async function work(
  { Records }: SQSEvent,
  { awsRequestId }: { readonly awsRequestId: string },
): Promise<SQSBatchResponse> {
  return recordMailEvents(Records, {
    openCall: () => systemCall(store, 'mail-events', awsRequestId),
    recordJobEvents,
    log: (line) => console.log(JSON.stringify({ requestId: awsRequestId, ...line })),
  });
}

export const handler = whileOpen(store, work);
