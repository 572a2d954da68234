import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';

/** SQS SendMessageBatch takes no more. */
const BATCH_MAX = 10;

/** SQS holds no message back for longer (API SendMessage, `DelaySeconds`): what is further away is a one-off schedule. */
export const DELAY_SECONDS_MAX = 900;

/**
 * Puts messages into a queue; ids and numbers only. Each is handed out at once, or after as many whole seconds as
 * `delaySecondsOf` says. Throws when the queue did not take all of them.
 */
export const queueSender =
  <M extends object>(
    client: Pick<SQSClient, 'send'>,
    QueueUrl: string,
    delaySecondsOf: (message: M) => number = () => 0,
  ) =>
  async (messages: readonly M[]): Promise<void> => {
    const batches = Array.from({ length: Math.ceil(messages.length / BATCH_MAX) }, (_, i) =>
      messages.slice(i * BATCH_MAX, (i + 1) * BATCH_MAX),
    );
    for (const batch of batches) {
      const Entries = batch.map((message, i) => ({
        Id: String(i),
        MessageBody: JSON.stringify(message),
        DelaySeconds: Math.min(Math.max(Math.ceil(delaySecondsOf(message)), 0), DELAY_SECONDS_MAX),
      }));
      const { Failed = [] } = await client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
      if (Failed.length > 0) throw new Error(`${Failed.length} messages were not taken`);
    }
  };
