import type { SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { queueSender } from '../../lambdas/platform/queue-sender.ts';

interface Batch {
  readonly Entries: readonly { readonly MessageBody: string; readonly DelaySeconds: number }[];
}

/** A queue that keeps what it is sent, and refuses the messages of which `refuses` says so. */
function aQueue(refuses: (body: string) => boolean = () => false) {
  const batches: Batch[] = [];
  const client = {
    async send({ input }: { input: Batch }) {
      batches.push(input);
      return { Failed: input.Entries.filter(({ MessageBody }) => refuses(MessageBody)) };
    },
  } as unknown as Pick<SQSClient, 'send'>;
  return { client, batches };
}

describe('sending to a queue', () => {
  it('goes by tens, and hands out at once unless told otherwise', async () => {
    const { client, batches } = aQueue();
    await queueSender(client, 'https://sqs.invalid/q')(Array.from({ length: 11 }, (_, n) => ({ n })));
    expect(batches.map(({ Entries }) => Entries.length)).toEqual([10, 1]);
    expect(batches[1]?.Entries).toEqual([{ Id: '0', MessageBody: '{"n":10}', DelaySeconds: 0 }]);
  });

  it('holds a message back for the whole seconds that it is told, between none and the 900 that SQS can', async () => {
    const { client, batches } = aQueue();
    const send = queueSender<{ seconds: number }>(client, 'https://sqs.invalid/q', ({ seconds }) => seconds);
    await send([-5, 0.2, 300, 5000].map((seconds) => ({ seconds })));
    expect(batches[0]?.Entries.map(({ DelaySeconds }) => DelaySeconds)).toEqual([0, 1, 300, 900]);
  });

  it('fails when one message was not taken', async () => {
    const { client } = aQueue((body) => body.includes('2'));
    await expect(queueSender(client, 'https://sqs.invalid/q')([{ n: 1 }, { n: 2 }])).rejects.toThrow('1 messages');
  });
});
