import { Duration, Stack } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  EventSourceMapping,
  FilterCriteria,
  FilterRule,
  type Function as LambdaFunction,
  StartingPosition,
} from 'aws-cdk-lib/aws-lambda';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { QueueTrigger, StreamTrigger, Trigger } from '../../lambdas/functions/catalogue.ts';
import { queues } from '../../lambdas/platform/queues.ts';
import type { DataStack } from '../data-stack.ts';
import { kmsReading } from './customer-managed-key.ts';
import { allow, kmsSending, useThrough } from './permissions.ts';

/** How often a stream's failed batch is tried again, halved each time it fails, before it is set aside. */
const STREAM_RETRIES_MAX = 8;
const ASYNC_RETRIES_MAX = 2;
const EVENT_AGE_MAX = Duration.hours(6);

interface TriggersProps {
  readonly fn: LambdaFunction;
  readonly triggers: readonly Trigger[];
  readonly deadLetters: Queue;
  readonly data: DataStack;
}

/** What wakes a worker. Whatever it could not do, after bounded retries, waits in the dead letters. */
export class Triggers extends Construct {
  readonly #fn: LambdaFunction;
  readonly #deadLetters: Queue;
  readonly #data: DataStack;

  constructor(scope: Construct, id: string, { fn, triggers, deadLetters, data }: TriggersProps) {
    super(scope, id);
    this.#fn = fn;
    this.#deadLetters = deadLetters;
    this.#data = data;
    for (const [index, trigger] of triggers.entries()) {
      if ('stream' in trigger) this.#onStream(`Stream${index}`, trigger);
      if ('queue' in trigger) this.#onQueue(`Queue${index}`, trigger);
      if ('schedule' in trigger) this.#onSchedule(`Schedule${index}`, trigger);
      if ('objectsCreatedIn' in trigger) this.#onObject(`Objects${index}`, trigger);
    }
    if (triggers.some((trigger) => 'stream' in trigger || isAsynchronous(trigger))) this.#mayFillDeadLetters();
    if (triggers.some(isAsynchronous)) this.#setAsideWhatFails();
  }

  #onStream(id: string, { stream, keyPrefix, removals, gatheredSeconds, neverSetAside }: StreamTrigger) {
    const { table, arn, encryptionKey } = this.#data.tables.byName[stream];
    const { tableStreamArn } = table;
    if (!tableStreamArn) throw new Error(`The table ${stream} declares no stream`);
    this.#fn.addToRolePolicy(
      allow(['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'], [`${arn}/stream/*`]),
    );
    this.#fn.addToRolePolicy(allow(['dynamodb:ListStreams'], [`${arn}/stream/*`]));
    this.#fn.addToRolePolicy(useThrough('dynamodb', encryptionKey, kmsReading));
    new EventSourceMapping(this, id, {
      target: this.#fn,
      eventSourceArn: tableStreamArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 100,
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      ...(!neverSetAside && { retryAttempts: STREAM_RETRIES_MAX, maxRecordAge: EVENT_AGE_MAX }),
      ...(gatheredSeconds !== undefined && { maxBatchingWindow: Duration.seconds(gatheredSeconds) }),
      onFailure: { bind: () => ({ destination: this.#deadLetters.queueArn }) },
      filters: [
        FilterCriteria.filter({
          eventName: FilterRule.or('INSERT', 'MODIFY', ...(removals ? ['REMOVE'] : [])),
          ...(keyPrefix && { dynamodb: { Keys: { pk: { S: FilterRule.beginsWith(keyPrefix) } } } }),
        }),
      ],
    });
  }

  /** SQS itself counts the tries and sets aside: the mapping has no destination for what fails. */
  #onQueue(id: string, { queue: name, batchSize, gatheredSeconds, concurrencyMax }: QueueTrigger) {
    const { queue } = this.#data.queues.byName[name];
    this.#fn.addToRolePolicy(
      allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], [queue.queueArn]),
    );
    this.#fn.addToRolePolicy(useThrough('sqs', this.#data.encryption[queues[name].key], kmsReading));
    new EventSourceMapping(this, id, {
      target: this.#fn,
      eventSourceArn: queue.queueArn,
      batchSize,
      reportBatchItemFailures: true,
      ...(gatheredSeconds !== undefined && { maxBatchingWindow: Duration.seconds(gatheredSeconds) }),
      ...(concurrencyMax !== undefined && { maxConcurrency: concurrencyMax }),
    });
  }

  #onSchedule(id: string, { schedule, timeZone }: Extract<Trigger, { schedule: unknown }>) {
    const { account } = Stack.of(this);
    const role = new Role(this, `${id}Role`, {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': account } },
      }),
    });
    role.addToPolicy(allow(['lambda:InvokeFunction'], [this.#fn.functionArn]));
    role.addToPolicy(allow(['sqs:SendMessage'], [this.#deadLetters.queueArn]));
    role.addToPolicy(useThrough('sqs', this.#data.encryption.operations, kmsSending));
    new CfnSchedule(this, id, {
      scheduleExpression: schedule,
      ...(timeZone && { scheduleExpressionTimezone: timeZone }),
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: this.#fn.functionArn,
        roleArn: role.roleArn,
        retryPolicy: {
          maximumRetryAttempts: ASYNC_RETRIES_MAX,
          maximumEventAgeInSeconds: EVENT_AGE_MAX.toSeconds(),
        },
        deadLetterConfig: { arn: this.#deadLetters.queueArn },
      },
    }).node.addDependency(role);
  }

  #onObject(id: string, { objectsCreatedIn, under }: Extract<Trigger, { objectsCreatedIn: unknown }>) {
    const { bucket } = this.#data.buckets[objectsCreatedIn];
    new Rule(this, id, {
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        detail: { bucket: { name: [bucket.bucketName] }, object: { key: [{ prefix: under }] } },
      },
      targets: [
        new LambdaTarget(this.#fn, {
          deadLetterQueue: this.#deadLetters,
          retryAttempts: ASYNC_RETRIES_MAX,
          maxEventAge: EVENT_AGE_MAX,
        }),
      ],
    });
  }

  /** Lambda sends what failed under the function's own role. */
  #mayFillDeadLetters() {
    this.#fn.addToRolePolicy(allow(['sqs:SendMessage'], [this.#deadLetters.queueArn]));
    this.#fn.addToRolePolicy(useThrough('sqs', this.#data.encryption.operations, kmsSending));
  }

  #setAsideWhatFails() {
    this.#fn.configureAsyncInvoke({
      retryAttempts: ASYNC_RETRIES_MAX,
      maxEventAge: EVENT_AGE_MAX,
      onFailure: { bind: () => ({ destination: this.#deadLetters.queueArn }) },
    });
  }
}

const isAsynchronous = (trigger: Trigger) => 'schedule' in trigger || 'objectsCreatedIn' in trigger;
