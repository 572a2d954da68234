import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { type AwsJsonCall, AwsJsonError, awsJson } from '../aws-json.ts';
import type { CloudTemplate, Resource } from '../template/template.ts';
import { type SnsCall, snsQuery } from './sns-query.ts';
import type { MessagingStart } from './thread.ts';

export interface Messaging {
  /** One endpoint for both SQS and SNS. */
  readonly endpoint: string;
  readonly sqs: AwsJsonCall;
  readonly sns: SnsCall;
  /** Sends to the queue or topic of that ARN, wherever an AWS service would. Rejects for any other ARN. */
  send(arn: string, body: string): Promise<void>;
  /** One to ten messages to a topic, in one call; rejects unless all were taken. */
  publishAll(topicArn: string, bodies: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** Starts SQS and SNS with their messages kept in `dataDirectory`. */
export async function startMessaging(dataDirectory: string, clockOffset: SharedArrayBuffer): Promise<Messaging> {
  mkdirSync(dataDirectory, { recursive: true });
  const workerData: MessagingStart = { dataDirectory, clockOffset };
  const worker = new Worker(new URL('./thread.ts', import.meta.url), {
    workerData,
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  const [port] = await once(worker, 'message');
  const endpoint = `http://127.0.0.1:${port}`;
  const sqs = awsJson(endpoint, 'sqs');
  const sns = snsQuery(endpoint);
  return {
    endpoint,
    sqs,
    sns,
    async send(arn, body) {
      const [, , service, , account, name] = arn.split(':');
      if (service === 'sqs')
        await sqs('AmazonSQS.SendMessage', { QueueUrl: `${endpoint}/${account}/${name}`, MessageBody: body });
      else if (service === 'sns') await sns('Publish', { TopicArn: arn, Message: body });
      else throw new Error(`${arn} is neither a queue nor a topic`);
    },
    async publishAll(topicArn, bodies) {
      const entries = bodies.flatMap((body, index) => [
        [`PublishBatchRequestEntries.member.${index + 1}.Id`, String(index)],
        [`PublishBatchRequestEntries.member.${index + 1}.Message`, body],
      ]);
      const answer = await sns('PublishBatch', { TopicArn: topicArn, ...Object.fromEntries(entries) });
      if (answer.includes('<Code>')) throw new Error(`${topicArn} did not take all messages: ${answer}`);
    },
    async close() {
      worker.postMessage('stop');
      await exited;
    },
  };
}

/** Creates the template's queues, topics and subscriptions; those that exist get the template's settings. */
export async function provisionMessaging(template: CloudTemplate, { sqs, sns }: Messaging): Promise<void> {
  await Promise.all([
    ...template.ofType('AWS::SQS::Queue').map((queue) => provisionQueue(queue, sqs)),
    ...template.ofType('AWS::SNS::Topic').map((topic) => sns('CreateTopic', { Name: topic.attribute('TopicName') })),
  ]);
  await Promise.all(
    template.ofType('AWS::SNS::Subscription').map((subscription) => provisionSubscription(subscription, sns)),
  );
}

const queueAttributes = [
  'VisibilityTimeout',
  'DelaySeconds',
  'MessageRetentionPeriod',
  'MaximumMessageSize',
  'ReceiveMessageWaitTimeSeconds',
  'RedrivePolicy',
  'ContentBasedDeduplication',
] as const;

async function provisionQueue(queue: Resource, sqs: AwsJsonCall): Promise<void> {
  const QueueName = queue.attribute('QueueName');
  const Attributes: Record<string, string> = {};
  for (const name of queueAttributes) {
    const text = attributeText(queue.properties[name]);
    if (text !== undefined) Attributes[name] = text;
  }
  if (await exists(QueueName, sqs)) {
    await sqs('AmazonSQS.SetQueueAttributes', { QueueUrl: queue.physicalId, Attributes });
    return;
  }
  const fifo = QueueName.endsWith('.fifo') ? { FifoQueue: 'true' } : {};
  await sqs('AmazonSQS.CreateQueue', { QueueName, Attributes: { ...Attributes, ...fifo } });
}

async function exists(QueueName: string, sqs: AwsJsonCall): Promise<boolean> {
  try {
    await sqs('AmazonSQS.GetQueueUrl', { QueueName });
    return true;
  } catch (error) {
    if (error instanceof AwsJsonError && /QueueDoesNotExist|NonExistentQueue/.test(error.code)) return false;
    throw error;
  }
}

interface SubscriptionProperties {
  readonly Protocol: string;
  readonly Endpoint: string;
  readonly TopicArn: string;
  readonly RawMessageDelivery?: unknown;
  readonly FilterPolicy?: unknown;
  readonly FilterPolicyScope?: string;
}

async function provisionSubscription({ logicalId, properties }: Resource, sns: SnsCall): Promise<void> {
  const { Protocol, Endpoint, TopicArn, ...settings } = properties as unknown as SubscriptionProperties;
  // Mail to the operator about alarms: there are no alarms here.
  if (Protocol === 'email') return;
  if (Protocol !== 'sqs') throw new Error(`${logicalId}: the embedded SNS delivers to queues, not to ${Protocol}`);
  const input: Record<string, string> = { Protocol, Endpoint, TopicArn };
  for (const [index, name] of (['RawMessageDelivery', 'FilterPolicy', 'FilterPolicyScope'] as const).entries()) {
    const text = attributeText(settings[name]);
    if (text === undefined) continue;
    input[`Attributes.entry.${index + 1}.key`] = name;
    input[`Attributes.entry.${index + 1}.value`] = text;
  }
  await sns('Subscribe', input);
}

function attributeText(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
