import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { Tell } from './ops-restore.ts';

/** Whose dead letters; `workers` are those of streams, schedules and uploads, which have one queue for all. */
export const redriven = ['mail-events', 'distribution', 'alarm-steps', 'webhooks', 'workers'] as const;
export type Redriven = (typeof redriven)[number];

interface RedriveSurroundings {
  readonly stage: string;
  readonly sqs: Pick<SQSClient, 'send'>;
  readonly lambda: Pick<LambdaClient, 'send'>;
  readonly tell: Tell;
}

const WAIT_SECONDS = 1;
/** Long enough for one message to be brought back; what is left lying is seen again by the next command after that. */
const HIDDEN_SECONDS = 60;

/**
 * Brings dead letters back to where they came from, one by one: handed on first and removed after that, so that a cut in
 * between repeats one and loses none (every worker bears a repetition). As many as there were when it began: what fails
 * anew comes back later, and is not gone after in circles.
 */
export async function redrive(what: Redriven, around: RedriveSurroundings): Promise<{ back: number; left: number }> {
  const { stage, sqs, tell } = around;
  const names = what === 'workers' ? undefined : `vern-${stage}-${what}`;
  const deadLetters = await urlOf(`${names ?? `vern-${stage}`}-dead-letters`, sqs);
  const source = names === undefined ? undefined : await urlOf(names, sqs);
  const count = { back: 0, left: 0 };
  for (let waiting = await countIn(deadLetters, sqs); waiting > 0; waiting--) {
    const message = await receive(deadLetters, sqs);
    if (!message) break;
    const isBack = source === undefined ? await invokeAgain(message, around) : await sendAgain(message, source, sqs);
    if (isBack)
      await sqs.send(new DeleteMessageCommand({ QueueUrl: deadLetters, ReceiptHandle: message.ReceiptHandle }));
    count[isBack ? 'back' : 'left'] += 1;
  }
  tell(`${count.back} brought back, ${count.left} left lying`);
  return count;
}

async function urlOf(QueueName: string, sqs: Pick<SQSClient, 'send'>): Promise<string> {
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
  if (QueueUrl === undefined) throw new Error(`There is no queue ${QueueName}`);
  return QueueUrl;
}

async function countIn(QueueUrl: string, sqs: Pick<SQSClient, 'send'>): Promise<number> {
  const asked = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] });
  const { Attributes } = await sqs.send(asked);
  return Number(Attributes?.ApproximateNumberOfMessages ?? 0);
}

async function receive(QueueUrl: string, sqs: Pick<SQSClient, 'send'>): Promise<Message | undefined> {
  const { Messages } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: 1,
      WaitTimeSeconds: WAIT_SECONDS,
      VisibilityTimeout: HIDDEN_SECONDS,
      MessageAttributeNames: ['All'],
    }),
  );
  return Messages?.[0];
}

async function sendAgain({ Body, MessageAttributes }: Message, QueueUrl: string, sqs: Pick<SQSClient, 'send'>) {
  await sqs.send(
    new SendMessageCommand({ QueueUrl, MessageBody: Body, ...(MessageAttributes && { MessageAttributes }) }),
  );
  return true;
}

/** False for what cannot be called again: the records of a stream are positions, and its contents are not in the letter. */
async function invokeAgain(message: Message, { lambda, tell }: RedriveSurroundings): Promise<boolean> {
  const call = callIn(message);
  if ('cannot' in call) {
    tell(call.cannot);
    return false;
  }
  await lambda.send(
    new InvokeCommand({ FunctionName: call.functionName, InvocationType: 'Event', Payload: call.payload }),
  );
  return true;
}

interface DeadLetter {
  readonly requestContext?: { readonly functionArn?: string };
  readonly requestPayload?: unknown;
  readonly DDBStreamBatchInfo?: object;
}

type Call = { readonly functionName: string; readonly payload: string } | { readonly cannot: string };

/**
 * Three kinds lie there (Lambda developer guide, "Asynchronous invocation" and "Retaining discarded batches"; EventBridge
 * guide, "Dead-letter queues"): a failed call with its event, a batch of a stream, and what a schedule or a rule could not
 * hand over, whose target stands in the message's attributes.
 */
function callIn({ Body = '', MessageAttributes }: Message): Call {
  const letter = letterIn(Body);
  const targetArn = MessageAttributes?.['TARGET_ARN']?.StringValue;
  const functionArn = letter.requestContext?.functionArn;
  const functionName = (targetArn ?? functionArn ?? '').replace(/:\$LATEST$/, '');
  if (letter.DDBStreamBatchInfo) {
    return { cannot: `${functionName}: a batch of a stream, ${JSON.stringify(letter.DDBStreamBatchInfo)}` };
  }
  if (targetArn !== undefined) return { functionName, payload: Body };
  if (functionArn !== undefined && letter.requestPayload !== undefined) {
    return { functionName, payload: JSON.stringify(letter.requestPayload) };
  }
  return { cannot: 'A letter of a kind that nobody knows here' };
}

function letterIn(body: string): DeadLetter {
  try {
    return Object(JSON.parse(body)) as DeadLetter;
  } catch {
    return {};
  }
}
