import type {
  DynamoDBBatchResponse,
  DynamoDBStreamEvent,
  ScheduledEvent,
  SQSBatchResponse,
  SQSEvent,
} from 'aws-lambda';
import { type AlarmClock, type Hint, sweepAlarms, tickFromStream, tickQueued } from '../features/alarms/clock.ts';
import { watchAlarms } from '../features/alarms/watch.ts';
import { env } from '../platform/env.ts';
import { sqsClient } from '../platform/queue-backlog.ts';
import { DELAY_SECONDS_MAX, queueSender } from '../platform/queue-sender.ts';
import { queues } from '../platform/queues.ts';
import { onceScheduler, schedulePlace, schedulerClient } from '../platform/schedules.ts';
import { containerStore, systemCall, systemRecords, whileOpen } from './container.ts';

const store = containerStore();
const secondsUntil = ({ dueAt }: Hint) => (Date.parse(dueAt) - store.now().getTime()) / 1000;
const enqueue = queueSender<Hint>(sqsClient(), env(queues.alarmSteps.env), secondsUntil);
const scheduleOnce = onceScheduler<Hint>(schedulerClient(), schedulePlace());
/** The last alarm begun must be finished before Lambda ends the run. */
const LAST_MILLISECONDS = 10_000;
/** A device is silent after hours: every few minutes is soon enough to look through all organisations. */
const WATCH_MINUTES = 5;

/** By the queue's own delay where it reaches so far, otherwise by a one-off schedule that puts it there. */
async function wakeUp(hint: Hint): Promise<void> {
  if (secondsUntil(hint) <= DELAY_SECONDS_MAX) return enqueue([hint]);
  const { alarmId, dueAt } = hint;
  const at = new Date(dueAt);
  await scheduleOnce({ name: `${alarmId}-${at.getTime()}`, at, queue: 'alarmSteps', body: hint });
}

/**
 * Moves alarms on: woken by the rows that say when each is due, by the queue's delays and the one-off schedules that were
 * made of them, and by a sweep every minute behind all of these.
 */
async function work(
  event: DynamoDBStreamEvent | SQSEvent | ScheduledEvent,
  context: { readonly awsRequestId: string; getRemainingTimeInMillis(): number },
): Promise<DynamoDBBatchResponse | SQSBatchResponse | object> {
  const { awsRequestId: requestId } = context;
  const { openedAt } = await store.gate.current();
  const clock: AlarmClock = {
    openCall: () => ({
      ...systemCall(store, 'alarm-clock', requestId),
      throughRestriction: systemRecords(store, 'alarm-clock', requestId, { throughRestriction: true }),
    }),
    hasTimeLeft: () => context.getRemainingTimeInMillis() > LAST_MILLISECONDS,
    openedAt: openedAt === undefined ? undefined : new Date(openedAt),
    wakeUp,
    log: (line) => console.log(JSON.stringify({ requestId, ...line })),
  };
  if (!('Records' in event)) {
    const swept = await sweepAlarms(clock);
    console.log(JSON.stringify({ requestId, metric: 'alarms-swept', ...swept }));
    if (store.now().getUTCMinutes() % WATCH_MINUTES !== 0) return swept;
    const watched = await watchAlarms(clock);
    console.log(JSON.stringify({ requestId, metric: 'alarms-watched', ...watched }));
    return { ...swept, ...watched };
  }
  return isFromQueue(event) ? tickQueued(event.Records, clock) : tickFromStream(event.Records, clock);
}

const isFromQueue = (event: DynamoDBStreamEvent | SQSEvent): event is SQSEvent =>
  event.Records.some((record) => 'messageId' in record);

export const handler = whileOpen(store, work);
