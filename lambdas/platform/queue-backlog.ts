import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { credentialsFromEnvironment } from './credentials.ts';

export const sqsClient = () => new SQSClient({ credentials: credentialsFromEnvironment });

const COUNTS = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;

/**
 * How many messages of a queue nobody is done with: those that wait, and those that are being worked on (SQS
 * GetQueueAttributes; approximate, within a minute). An answer without the numbers throws.
 */
export const backlogOf = (client: Pick<SQSClient, 'send'>, queueUrl: string) => async (): Promise<number> => {
  const { Attributes = {} } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: [...COUNTS] }),
  );
  const counts = COUNTS.map((name) => Number(Attributes[name] ?? Number.NaN));
  if (counts.some(Number.isNaN)) throw new Error('SQS said nothing of how many messages there are');
  return counts.reduce((sum, count) => sum + count, 0);
};
