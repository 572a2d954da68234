import { PublishCommand, type PublishCommandInput, SNSClient } from '@aws-sdk/client-sns';
import { outcomeOfFailure } from './call-failure.ts';
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
    return outcomeOfFailure(error, REFUSALS);
  }
}
