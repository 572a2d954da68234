import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EmbeddedCloud } from '../../../local/embedded-cloud.ts';
import { startEmbeddedCloud } from '../../../local/embedded-cloud.ts';
import { aFolder, aFunction, anAssembly, aTable, type StackFixture } from '../fixtures/assembly.ts';
import { aCloud, dynamoDbOf, recordingHandler, sqsOf } from '../fixtures/cloud.ts';
import { recorded } from '../fixtures/recorded.ts';

interface StreamEvent {
  readonly Records: readonly {
    readonly eventName: string;
    readonly eventSourceARN: string;
    readonly awsRegion: string;
    readonly dynamodb: { readonly SequenceNumber: string; readonly Keys: { readonly sk: { readonly S: string } } };
  }[];
}

/** A table whose stream wakes a function that records to the file. */
function aStreamStack(file: string, mapping: object = {}): StackFixture {
  return {
    resources: {
      Core: aTable('core', { StreamSpecification: { StreamViewType: 'NEW_IMAGE' } }),
      Dead: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'dead' } },
      Watcher: aFunction('watcher', { Environment: { Variables: { FILE: file } } }),
      Mapping: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          FunctionName: { Ref: 'Watcher' },
          EventSourceArn: { 'Fn::GetAtt': ['Core', 'StreamArn'] },
          StartingPosition: 'TRIM_HORIZON',
          BatchSize: 10,
          ...mapping,
        },
      },
    },
  };
}

const put = (cloud: EmbeddedCloud, sk: string, more: object = {}) =>
  dynamoDbOf(cloud)('PutItem', { TableName: 'core', Item: { pk: { S: 'p' }, sk: { S: sk }, ...more } });
const names = (event: StreamEvent) => event.Records.map(({ dynamodb }) => dynamodb.Keys.sk.S);
const seen = (file: string) => recorded<StreamEvent>(file).flatMap(names);
const patiently = { timeout: 10_000 };

describe('a stream', () => {
  it('brings each change to its function, in order, as AWS would', async () => {
    const file = join(aFolder(), 'events');
    const cloud = await aCloud(aStreamStack(file), { watcher: recordingHandler() });
    const expected = Array.from({ length: 25 }, (_, index) => String(index).padStart(2, '0'));
    for (const sk of expected) await put(cloud, sk);
    await expect.poll(() => seen(file), patiently).toEqual(expected);
    const [first] = recorded<StreamEvent>(file);
    expect(first?.Records.length).toBeLessThanOrEqual(10);
    expect(first?.Records[0]).toMatchObject({
      eventName: 'INSERT',
      awsRegion: 'eu-west-1',
      eventSourceARN: expect.stringMatching(/^arn:aws:dynamodb:eu-west-1:000000000000:table\/core\/stream\//),
      dynamodb: { NewImage: { sk: { S: '00' } } },
    });
  });

  it('brings only what a filter wants', async () => {
    const file = join(aFolder(), 'events');
    const Pattern = JSON.stringify({
      eventName: ['INSERT'],
      dynamodb: { Keys: { sk: { S: [{ prefix: 'OUTBOX#' }] } } },
    });
    const cloud = await aCloud(aStreamStack(file, { FilterCriteria: { Filters: [{ Pattern }] } }), {
      watcher: recordingHandler(),
    });
    await put(cloud, 'PERSON#1');
    await put(cloud, 'OUTBOX#1');
    await put(cloud, 'OUTBOX#1', { changed: { BOOL: true } });
    await put(cloud, 'OUTBOX#2');
    await expect.poll(() => seen(file), patiently).toEqual(['OUTBOX#1', 'OUTBOX#2']);
  });

  it('goes on where it was after a restart, and brings what was written meanwhile', async () => {
    const [file, stateDir] = [join(aFolder(), 'events'), aFolder()];
    const outdir = anAssembly([aStreamStack(file)], { watcher: recordingHandler() });
    const before = await startEmbeddedCloud({ outdir, stateDir });
    await put(before, 'a');
    await expect.poll(() => seen(file), patiently).toEqual(['a']);
    await put(before, 'b');
    await before.close();
    await aCloud(aStreamStack(file), { watcher: recordingHandler() }, stateDir);
    // At least once: b may have been on its way when the first was stopped.
    await expect.poll(() => [...new Set(seen(file))], patiently).toEqual(['a', 'b']);
    expect(seen(file).filter((sk) => sk === 'a')).toHaveLength(1);
  });

  it('repeats a failed batch from the first failure that the function reports', async () => {
    const file = join(aFolder(), 'events');
    const watcher = `const { appendFileSync } = require('node:fs');
let attempts = 0;
exports.handler = async (event) => {
  appendFileSync(process.env.FILE, JSON.stringify(event) + '\\n');
  const bad = event.Records.find((record) => record.dynamodb.Keys.sk.S === 'c');
  return { batchItemFailures: bad && attempts++ === 0 ? [{ itemIdentifier: bad.dynamodb.SequenceNumber }] : [] };
};`;
    const mapping = { FunctionResponseTypes: ['ReportBatchItemFailures'], MaximumBatchingWindowInSeconds: 1 };
    const cloud = await aCloud(aStreamStack(file, mapping), { watcher });
    for (const sk of ['a', 'b', 'c', 'd']) await put(cloud, sk);
    await expect
      .poll(() => recorded<StreamEvent>(file).map(names), patiently)
      .toEqual([
        ['a', 'b', 'c', 'd'],
        ['c', 'd'],
      ]);
  });

  it('halves a batch until the poison stands alone, and sets that aside', async () => {
    const file = join(aFolder(), 'events');
    const poison = `if (event.Records.some((record) => record.dynamodb.Keys.sk.S === 'poison')) throw new Error('no');`;
    const mapping = {
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 1,
      MaximumBatchingWindowInSeconds: 1,
      DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': ['Dead', 'Arn'] } } },
    };
    const cloud = await aCloud(aStreamStack(file, mapping), { watcher: recordingHandler(poison) });
    for (const sk of ['a', 'b', 'poison', 'd']) await put(cloud, sk);
    await expect.poll(() => seen(file), patiently).toEqual(['a', 'b', 'd']);
    const QueueUrl = `${cloud.endpoints.sqs}/000000000000/dead`;
    const { Messages } = await sqsOf(cloud)('ReceiveMessage', { QueueUrl, WaitTimeSeconds: 5 });
    const [{ Body = '' } = {}] = Messages as { Body: string }[];
    expect(JSON.parse(Body)).toMatchObject({
      requestContext: { condition: 'RetryAttemptsExhausted', approximateInvokeCount: 2 },
      DDBStreamBatchInfo: { batchSize: 1, startSequenceNumber: '3', endSequenceNumber: '3' },
    });
  });

  it('starts at the end where a mapping that says LATEST comes later than the table', async () => {
    const [file, stateDir] = [join(aFolder(), 'events'), aFolder()];
    const { Core, Watcher } = aStreamStack(file).resources;
    const before = await startEmbeddedCloud({
      outdir: anAssembly([{ resources: { Core, Watcher } }], { watcher: '' }),
      stateDir,
    });
    await put(before, 'old');
    await before.close();
    const cloud = await aCloud(
      aStreamStack(file, { StartingPosition: 'LATEST' }),
      { watcher: recordingHandler() },
      stateDir,
    );
    await expect
      .poll(async () => {
        await put(cloud, 'new');
        return seen(file)[0];
      }, patiently)
      .toBe('new');
    expect(seen(file)).not.toContain('old');
  });
});
