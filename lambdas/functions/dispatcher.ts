import { setTimeout as pause } from 'node:timers/promises';
import type { ScheduledEvent } from 'aws-lambda';
import { dispatch } from '../features/distribution/dispatch.ts';
import type { ChunkMessage, Dispatcher } from '../features/distribution/distributor.ts';
import { env } from '../platform/env.ts';
import { sesClient } from '../platform/mail.ts';
import { readSendQuota } from '../platform/mail-quota.ts';
import { sqsClient } from '../platform/queue-backlog.ts';
import { queueSender } from '../platform/queue-sender.ts';
import { queues } from '../platform/queues.ts';
import { containerStore, systemCall, whileOpen } from './container.ts';

const store = containerStore();
const ses = sesClient();
const release = queueSender<ChunkMessage>(sqsClient(), env(queues.distribution.env));

/** A run gives way to the next one, which the schedule starts a minute later. */
const RUN_MILLISECONDS = 57_000;

/** Plans the chunks of notices to many, hands them to the senders, and counts how far each has come. Sends nothing itself. */
async function work(_event: ScheduledEvent, { awsRequestId: requestId }: { readonly awsRequestId: string }) {
  const begunAt = store.now().getTime();
  const log = (line: object) => console.log(JSON.stringify({ requestId, ...line }));
  const dispatcher: Dispatcher = {
    openCall: () => systemCall(store, 'dispatcher', requestId),
    readQuota: () => readSendQuota(ses),
    release,
    pause: (milliseconds) => pause(milliseconds),
    hasTimeLeft: () => store.now().getTime() - begunAt < RUN_MILLISECONDS,
    log,
  };
  const dispatched = await dispatch(dispatcher);
  log({ metric: 'distribution-dispatched', ...dispatched });
  return dispatched;
}

export const handler = whileOpen(store, work);
