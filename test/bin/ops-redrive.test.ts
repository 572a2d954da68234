import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  CreateQueueCommand,
  type MessageAttributeValue,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Redriven, redrive, redriven } from '../../bin/ops-redrive.ts';
import { queues } from '../../lambdas/platform/queues.ts';
import { sharedOffset } from '../../local/clock.ts';
import { startMessaging } from '../../local/messaging/messaging.ts';

async function aStage() {
  const messaging = await startMessaging(mkdtempSync(join(tmpdir(), 'vern-redrive-')), sharedOffset().buffer);
  onTestFinished(() => messaging.close());
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const sqs = new SQSClient({ endpoint: messaging.endpoint, region: 'eu-west-1', credentials, maxAttempts: 1 });
  const urlOf = (name: string) => `${messaging.endpoint}/000000000000/vern-dev-${name}`;
  for (const name of ['mail-events', 'mail-events-dead-letters', 'dead-letters']) {
    await sqs.send(new CreateQueueCommand({ QueueName: `vern-dev-${name}` }));
  }
  const invoked: InvokeCommand['input'][] = [];
  const told: string[] = [];
  const lambda = {
    send: async ({ input }: InvokeCommand) => {
      if (input.FunctionName?.includes('gone')) throw new Error('Function not found');
      invoked.push(input);
      return {};
    },
  } as unknown as LambdaClient;
  return {
    invoked,
    told,
    run: (what: Redriven) => redrive(what, { stage: 'dev', sqs, lambda, tell: (line) => void told.push(line) }),
    async put(name: string, MessageBody: string, MessageAttributes?: Record<string, MessageAttributeValue>) {
      const QueueUrl = urlOf(name);
      await sqs.send(
        new SendMessageCommand({ QueueUrl, MessageBody, ...(MessageAttributes && { MessageAttributes }) }),
      );
    },
    async bodiesIn(name: string) {
      const asked = new ReceiveMessageCommand({ QueueUrl: urlOf(name), MaxNumberOfMessages: 10, VisibilityTimeout: 0 });
      return ((await sqs.send(asked)).Messages ?? []).map(({ Body }) => Body);
    },
  };
}

describe('npm run ops -- redrive', () => {
  it('brings every dead letter of a queue back to it, and none of them twice', async () => {
    const { put, run, bodiesIn, told } = await aStage();
    for (let index = 0; index < 8; index++) await put('mail-events-dead-letters', `event ${index}`);
    expect(await run('mail-events')).toEqual({ back: 8, left: 0 });
    expect((await bodiesIn('mail-events')).sort()).toEqual(Array.from({ length: 8 }, (_, index) => `event ${index}`));
    expect(await bodiesIn('mail-events-dead-letters')).toEqual([]);
    expect(await run('mail-events')).toEqual({ back: 0, left: 0 });
    expect(told).toEqual(['8 brought back, 0 left lying', '0 brought back, 0 left lying']);
  });

  it('calls a worker again with the event that it failed on, be it a call’s, a schedule’s or a rule’s', async () => {
    const { put, run, invoked, bodiesIn } = await aStage();
    const functionArn = 'arn:aws:lambda:eu-west-1:000000000000:function:vern-dev-exporter';
    await put(
      'dead-letters',
      JSON.stringify({ requestContext: { functionArn: `${functionArn}:$LATEST` }, requestPayload: { job: 1 } }),
    );
    const StringValue = 'arn:aws:lambda:eu-west-1:000000000000:function:vern-dev-outbox';
    await put('dead-letters', '{"source":"aws.scheduler"}', { TARGET_ARN: { DataType: 'String', StringValue } });
    expect(await run('workers')).toEqual({ back: 2, left: 0 });
    expect(invoked).toEqual([
      { FunctionName: functionArn, InvocationType: 'Event', Payload: '{"job":1}' },
      { FunctionName: StringValue, InvocationType: 'Event', Payload: '{"source":"aws.scheduler"}' },
    ]);
    expect(await bodiesIn('dead-letters')).toEqual([]);
  });

  it('leaves a stream’s batch lying and shows where it was, and what nobody knows', async () => {
    const { put, run, told, invoked } = await aStage();
    const functionArn = 'arn:aws:lambda:eu-west-1:000000000000:function:vern-dev-mirror';
    const DDBStreamBatchInfo = { shardId: 'shardId-1', startSequenceNumber: '100' };
    await put('dead-letters', JSON.stringify({ requestContext: { functionArn }, DDBStreamBatchInfo }));
    await put('dead-letters', 'no JSON at all');
    expect(await run('workers')).toEqual({ back: 0, left: 2 });
    expect(invoked).toEqual([]);
    expect(told[0]).toContain('vern-dev-mirror: a batch of a stream');
    expect(told[0]).toContain('"startSequenceNumber":"100"');
  });

  it('keeps a letter whose function cannot be called', async () => {
    const { put, run, invoked } = await aStage();
    const functionArn = 'arn:aws:lambda:eu-west-1:000000000000:function:vern-dev-gone';
    await put('dead-letters', JSON.stringify({ requestContext: { functionArn }, requestPayload: {} }));
    await expect(run('workers')).rejects.toThrow('Function not found');
    expect(invoked).toEqual([]);
  });

  it('knows the dead letters of every queue, and those of the workers', () => {
    const names = Object.keys(queues).map((name) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`));
    expect([...redriven].sort()).toEqual([...names, 'workers'].sort());
  });
});
