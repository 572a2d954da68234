import { join } from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { startEmbeddedCloud } from '../../../local/embedded-cloud.ts';
import { aFolder, aFunction, anAssembly } from '../fixtures/assembly.ts';
import { aCloud, recordingHandler, sqsOf } from '../fixtures/cloud.ts';
import { recorded } from '../fixtures/recorded.ts';

const patiently = { timeout: 10_000 };
const recorder = (file: string, name = 'watcher') => aFunction(name, { Environment: { Variables: { FILE: file } } });

describe('a queue', () => {
  it('brings its messages to the function, and keeps only those that the function could not take', async () => {
    const file = join(aFolder(), 'events');
    const watcher = `const { appendFileSync } = require('node:fs');
exports.handler = async (event) => {
  appendFileSync(process.env.FILE, JSON.stringify(event) + '\\n');
  return { batchItemFailures: event.Records.filter(({ body }) => body === 'bad').map(({ messageId }) => ({ itemIdentifier: messageId })) };
};`;
    const cloud = await aCloud(
      {
        resources: {
          Dead: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'dead' } },
          Work: {
            Type: 'AWS::SQS::Queue',
            Properties: {
              QueueName: 'work',
              VisibilityTimeout: 1,
              RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] }, maxReceiveCount: 2 },
            },
          },
          Watcher: recorder(file),
          Mapping: {
            Type: 'AWS::Lambda::EventSourceMapping',
            Properties: {
              FunctionName: { Ref: 'Watcher' },
              EventSourceArn: { 'Fn::GetAtt': ['Work', 'Arn'] },
              FunctionResponseTypes: ['ReportBatchItemFailures'],
            },
          },
        },
      },
      { watcher },
    );
    const url = (name: string) => `${cloud.endpoints.sqs}/000000000000/${name}`;
    const MessageAttributes = { kind: { DataType: 'String', StringValue: 'bounce' } };
    for (const MessageBody of ['good', 'bad'])
      await sqsOf(cloud)('SendMessage', { QueueUrl: url('work'), MessageBody, MessageAttributes });
    const bodies = () =>
      recorded<{ Records: { body: string }[] }>(file).flatMap(({ Records }) => Records.map(({ body }) => body));
    await expect.poll(() => bodies().sort(), patiently).toEqual(['bad', 'bad', 'good']);
    const received = async () => (await sqsOf(cloud)('ReceiveMessage', { QueueUrl: url('dead') }))['Messages'] ?? [];
    await expect.poll(received, patiently).toMatchObject([{ Body: 'bad' }]);
    expect(recorded(file)[0]).toMatchObject({
      Records: [
        {
          eventSource: 'aws:sqs',
          eventSourceARN: 'arn:aws:sqs:eu-west-1:000000000000:work',
          awsRegion: 'eu-west-1',
          attributes: { ApproximateReceiveCount: '1' },
          messageAttributes: { kind: { dataType: 'String', stringValue: 'bounce' } },
        },
      ],
    });
  });
});

describe('the batches of a queue', () => {
  const aQueue = (file: string, mapping: object) => ({
    resources: {
      Work: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'work' } },
      Watcher: recorder(file),
      Mapping: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          FunctionName: { Ref: 'Watcher' },
          EventSourceArn: { 'Fn::GetAtt': ['Work', 'Arn'] },
          ...mapping,
        },
      },
    },
  });
  const sizes = (file: string) => recorded<{ Records: unknown[] }>(file).map(({ Records }) => Records.length);
  const send = async (cloud: Awaited<ReturnType<typeof aCloud>>, count: number, first = 0) => {
    const QueueUrl = `${cloud.endpoints.sqs}/000000000000/work`;
    for (let index = 0; index < count; index += 10) {
      const Entries = Array.from({ length: Math.min(10, count - index) }, (_, each) => ({
        Id: String(each),
        MessageBody: String(first + index + each),
      }));
      await sqsOf(cloud)('SendMessageBatch', { QueueUrl, Entries });
    }
  };
  const bodies = (file: string) =>
    recorded<{ Records: { body: string }[] }>(file).flatMap(({ Records }) => Records.map(({ body }) => body));

  it('are as large as declared, gathered by several receives, and hold every message once', async () => {
    const file = join(aFolder(), 'events');
    const mapping = { BatchSize: 25, MaximumBatchingWindowInSeconds: 2, ScalingConfig: { MaximumConcurrency: 2 } };
    const cloud = await aCloud(aQueue(file, mapping), { watcher: recordingHandler() });
    await send(cloud, 60);
    await expect.poll(() => bodies(file).length, patiently).toBe(60);
    expect(Math.max(...sizes(file))).toBeGreaterThan(10);
    expect(Math.max(...sizes(file))).toBeLessThanOrEqual(25);
    expect(new Set(bodies(file)).size).toBe(60);
    const left = await sqsOf(cloud)('GetQueueAttributes', {
      QueueUrl: `${cloud.endpoints.sqs}/000000000000/work`,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    });
    expect(left['Attributes']).toEqual({
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesNotVisible: '0',
    });
  });

  it('run beside each other, so that a slow one holds up no other', async () => {
    const file = join(aFolder(), 'events');
    const slow = `if (event.Records.some(({ body }) => body === '0')) await new Promise((done) => setTimeout(done, 3000));`;
    const mapping = { BatchSize: 1, ScalingConfig: { MaximumConcurrency: 2 } };
    const cloud = await aCloud(aQueue(file, mapping), { watcher: recordingHandler(slow) });
    await send(cloud, 4);
    await expect.poll(() => bodies(file), patiently).toHaveLength(4);
    expect(bodies(file).at(-1)).toBe('0');
  });
});

describe('a schedule', () => {
  const schedule = (ScheduleExpression: string, Target: object = {}) => ({
    Type: 'AWS::Scheduler::Schedule',
    Properties: {
      Name: 'nightly',
      ScheduleExpression,
      ScheduleExpressionTimezone: 'Europe/Oslo',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { Arn: { 'Fn::GetAtt': ['Watcher', 'Arn'] }, ...Target },
    },
  });

  it('fires once for all the times that a jump of the clock passes, with the last of them', async () => {
    const file = join(aFolder(), 'events');
    const Input = '{"at":"<aws.scheduler.scheduled-time>"}';
    const resources = { Watcher: recorder(file), Nightly: schedule('cron(0 3 * * ? *)', { Input }) };
    const cloud = await aCloud({ resources }, { watcher: recordingHandler() });
    cloud.clock.advance('P7D');
    await expect.poll(() => recorded(file), patiently).toHaveLength(1);
    const [{ at = '' } = {}] = recorded<{ at: string }>(file);
    const ago = cloud.clock.now() - Date.parse(at);
    expect(ago).toBeGreaterThanOrEqual(0);
    expect(ago).toBeLessThanOrEqual(25 * 3_600_000);
    cloud.clock.advance('P1D');
    await expect.poll(() => recorded(file), patiently).toHaveLength(2);
  });

  it('that came due while the machine was off fires at the next start', async () => {
    const [file, stateDir] = [join(aFolder(), 'events'), aFolder()];
    const resources = {
      Watcher: recorder(file),
      Often: schedule('rate(1 hour)'),
      Ruled: {
        Type: 'AWS::Events::Rule',
        Properties: {
          ScheduleExpression: 'rate(2 hours)',
          Targets: [{ Id: 'one', Arn: { 'Fn::GetAtt': ['Watcher', 'Arn'] } }],
        },
      },
    };
    const outdir = anAssembly([{ resources }], { watcher: recordingHandler() });
    const before = await startEmbeddedCloud({ outdir, stateDir });
    await before.close();
    before.clock.advance('P1D');
    expect(recorded(file)).toEqual([]);
    await aCloud({ resources }, { watcher: recordingHandler() }, stateDir);
    await expect
      .poll(
        () =>
          recorded<{ source: string }>(file)
            .map(({ source }) => source)
            .sort(),
        patiently,
      )
      .toEqual(['aws.events', 'aws.scheduler']);
  });

  it('for what the embedded cloud cannot reach is refused at the start', async () => {
    const resources = {
      Watcher: recorder(''),
      Odd: schedule('rate(1 hour)', { Arn: 'arn:aws:scheduler:::aws-sdk:dynamodb:exportTableToPointInTime' }),
    };
    await expect(aCloud({ resources }, { watcher: '' })).rejects.toThrow(
      'nightly: the embedded cloud cannot deliver to arn:aws:scheduler',
    );
  });
});

describe('a rule', () => {
  it('brings an object that was created in a bucket to its targets, once retried until it is taken', async () => {
    const file = join(aFolder(), 'events');
    const cloud = await aCloud(
      {
        resources: {
          Uploads: {
            Type: 'AWS::S3::Bucket',
            Properties: {
              BucketName: 'uploads',
              NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
            },
          },
          Watcher: recorder(file),
          Letters: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'letters' } },
          Created: {
            Type: 'AWS::Events::Rule',
            Properties: {
              EventPattern: {
                source: ['aws.s3'],
                'detail-type': ['Object Created'],
                detail: { bucket: { name: [{ Ref: 'Uploads' }] }, object: { key: [{ prefix: 'in/' }] } },
              },
              Targets: [
                { Id: 'function', Arn: { 'Fn::GetAtt': ['Watcher', 'Arn'] } },
                {
                  Id: 'queue',
                  Arn: { 'Fn::GetAtt': ['Letters', 'Arn'] },
                  InputTransformer: {
                    InputPathsMap: { key: '$.detail.object.key', size: '$.detail.object.size' },
                    InputTemplate: '{"key":"<key>","size":<size>}',
                  },
                },
              ],
            },
          },
        },
      },
      { watcher: recordingHandler(`if (!globalThis.tried) { globalThis.tried = true; throw new Error('at first'); }`) },
    );
    const { s3, accessKeyId, secretAccessKey } = cloud.endpoints;
    const client = new S3Client({ endpoint: s3, region: 'eu-west-1', credentials: { accessKeyId, secretAccessKey } });
    for (const Key of ['out/1', 'in/1'])
      await client.send(new PutObjectCommand({ Bucket: 'uploads', Key, Body: 'abc' }));
    await expect
      .poll(() => recorded(file), patiently)
      .toMatchObject([{ 'detail-type': 'Object Created', detail: { object: { key: 'in/1' } } }]);
    const { Messages } = await sqsOf(cloud)('ReceiveMessage', {
      QueueUrl: `${cloud.endpoints.sqs}/000000000000/letters`,
      WaitTimeSeconds: 5,
    });
    expect(Messages).toMatchObject([{ Body: '{"key":"in/1","size":3}' }]);
  });
});

describe('an event source', () => {
  const mapping = (properties: object) => ({
    resources: {
      Watcher: recorder(''),
      Work: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'work' } },
      Mapping: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          FunctionName: { Ref: 'Watcher' },
          EventSourceArn: { 'Fn::GetAtt': ['Work', 'Arn'] },
          ...properties,
        },
      },
    },
  });

  it.each([
    [
      'a setting that would be silently without effect',
      { TumblingWindowInSeconds: 60 },
      'Mapping: the embedded cloud does not play TumblingWindowInSeconds',
    ],
    [
      'a source of another kind',
      { EventSourceArn: 'arn:aws:kinesis:eu-west-1:000000000000:stream/x' },
      'Mapping: the embedded cloud polls no kinesis',
    ],
    ['a function that is not there', { FunctionName: 'nobody' }, 'there is no function nobody'],
    [
      'a destination that cannot be reached',
      { DestinationConfig: { OnFailure: { Destination: 'arn:aws:s3:::failures' } } },
      'cannot deliver to arn:aws:s3:::failures',
    ],
  ])('is refused at the start for %s', async (_, properties, message) => {
    await expect(aCloud(mapping(properties), { watcher: '' })).rejects.toThrow(message);
  });
});
