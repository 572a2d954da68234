import { PublishCommand, type PublishCommandInput, SNSClient } from '@aws-sdk/client-sns';
import { credentialsFromEnvironment } from './credentials.ts';

/**
 * What is known after one try. `refused`: no later try with this address can succeed. `unknown`: it may be on its way
 * or not (a timeout).
 */
export type SnsOutcome = 'accepted' | 'refused' | 'later' | 'unknown';

const CONNECT_MILLISECONDS_MAX = 3_000;
const ANSWER_MILLISECONDS_MAX = 10_000;

/** SNS has no idempotency token for what it sends to phones: a second try is ours to decide, never the SDK's. */
export const snsClient = () =>
  new SNSClient({
    credentials: credentialsFromEnvironment,
    maxAttempts: 1,
    // Without `throwOnRequestTimeout` the handler only warns and goes on waiting.
    requestHandler: {
      connectionTimeout: CONNECT_MILLISECONDS_MAX,
      requestTimeout: ANSWER_MILLISECONDS_MAX,
      throwOnRequestTimeout: true,
    },
  });

/** SNS's answers (API reference, Publish) that say that number or endpoint is wrong, or wants nothing from us. */
const REFUSALS = new Set([
  'EndpointDisabledException',
  'InvalidParameterException',
  'InvalidParameterValueException',
  'NotFoundException',
  'OptedOutException',
]);

/** One try. SNS's id of the message is not kept: it has no events by which the message could be followed. */
export async function publish(client: Pick<SNSClient, 'send'>, input: PublishCommandInput): Promise<SnsOutcome> {
  try {
    const { MessageId } = await client.send(new PublishCommand(input));
    return MessageId === undefined ? 'unknown' : 'accepted';
  } catch (error) {
    return outcomeOf(error);
  }
}

/**
 * Any other answer (throttled, the month's money spent, an application without a valid certificate) can be mended
 * without us. No answer at all, or a server's failure, says nothing about the message.
 */
function outcomeOf(error: unknown): SnsOutcome {
  if (!(error instanceof Error)) return 'unknown';
  if (REFUSALS.has(error.name)) return 'refused';
  if (isNeverConnected(error)) return 'later';
  const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
  return status !== undefined && status >= 400 && status < 500 ? 'later' : 'unknown';
}

const NO_CONNECTION = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/** The SDK names a connection that did not come about in time by its words alone. */
const isNeverConnected = (error: Error): boolean =>
  NO_CONNECTION.has((error as NodeJS.ErrnoException).code ?? '') ||
  (error.name === 'TimeoutError' && /establish/i.test(error.message));
