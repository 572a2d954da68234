import { ConflictException, CreateScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { credentialsFromEnvironment } from './credentials.ts';
import { env } from './env.ts';
import type { QueueName } from './queues.ts';

/** The queues that a one-off schedule may bring a message to: its role may send to no other. */
export const scheduledQueues = ['alarmSteps'] as const satisfies readonly QueueName[];
export type ScheduledQueue = (typeof scheduledQueues)[number];

/** The variables under which a function that makes schedules finds what it makes them with. */
export const scheduleEnv = {
  group: 'SCHEDULE_GROUP',
  roleArn: 'SCHEDULE_ROLE_ARN',
  targets: { alarmSteps: { queueArn: 'ALARM_STEPS_QUEUE_ARN', deadLettersArn: 'ALARM_STEPS_DEAD_LETTERS_ARN' } },
} as const satisfies {
  readonly group: string;
  readonly roleArn: string;
  readonly targets: Readonly<Record<ScheduledQueue, { readonly queueArn: string; readonly deadLettersArn: string }>>;
};

export interface OneOffSchedule<M extends object> {
  /** Follows from what it is for: who asks again makes no second one. Letters, digits, `-`, `_`, `.`; at most 64. */
  readonly name: string;
  /** At least a minute away; Scheduler calls within the minute after it (user guide, "Schedule types"). */
  readonly at: Date;
  readonly queue: ScheduledQueue;
  /** Ids and numbers only: it lies in the schedule, and then in the queue, as JSON. */
  readonly body: M;
}

export type ScheduleOnce<M extends object> = (schedule: OneOffSchedule<M>) => Promise<void>;

/** How long Scheduler tries to reach the queue, and how often: after that the message waits among the dead letters. */
const EVENT_AGE_SECONDS_MAX = 3600;
const RETRIES_MAX = 10;

/**
 * EventBridge Scheduler's CreateSchedule with `at(…)` in UTC: brings one message to a queue and is then gone by itself. A
 * schedule of that name that is there already stays as it is. It is a wake-up: whoever is woken looks at what is due.
 */
export const onceScheduler =
  <M extends object>(
    client: Pick<SchedulerClient, 'send'>,
    place: {
      readonly group: string;
      readonly roleArn: string;
      readonly targets: Readonly<
        Record<ScheduledQueue, { readonly queueArn: string; readonly deadLettersArn: string }>
      >;
    },
  ): ScheduleOnce<M> =>
  async ({ name, at, queue, body }) => {
    const { queueArn, deadLettersArn } = place.targets[queue];
    try {
      await client.send(
        new CreateScheduleCommand({
          Name: name,
          GroupName: place.group,
          // Without fractions and without a zone: Scheduler takes neither, and the zone is UTC unless said.
          ScheduleExpression: `at(${at.toISOString().slice(0, 19)})`,
          ScheduleExpressionTimezone: 'UTC',
          ActionAfterCompletion: 'DELETE',
          FlexibleTimeWindow: { Mode: 'OFF' },
          Target: {
            Arn: queueArn,
            RoleArn: place.roleArn,
            Input: JSON.stringify(body),
            RetryPolicy: { MaximumEventAgeInSeconds: EVENT_AGE_SECONDS_MAX, MaximumRetryAttempts: RETRIES_MAX },
            DeadLetterConfig: { Arn: deadLettersArn },
          },
        }),
      );
    } catch (error) {
      if (!(error instanceof ConflictException)) throw error;
    }
  };

export const schedulerClient = () => new SchedulerClient({ credentials: credentialsFromEnvironment });

/** What {@link onceScheduler} needs, from the environment of a function that declares `schedules:make`. */
export const schedulePlace = (): Parameters<typeof onceScheduler>[1] => ({
  group: env(scheduleEnv.group),
  roleArn: env(scheduleEnv.roleArn),
  targets: {
    alarmSteps: {
      queueArn: env(scheduleEnv.targets.alarmSteps.queueArn),
      deadLettersArn: env(scheduleEnv.targets.alarmSteps.deadLettersArn),
    },
  },
});
