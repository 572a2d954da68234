import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { aFolder, aFunction, aTable } from '../fixtures/assembly.ts';
import { aCloud, dynamoDbOf, recordingHandler } from '../fixtures/cloud.ts';

const seconds = (epochMilliseconds: number) => String(Math.floor(epochMilliseconds / 1000));

describe('time to live', () => {
  it('removes what the moved clock has passed, keeps the rest, and says so in the stream', async () => {
    const file = join(aFolder(), 'events');
    const cloud = await aCloud(
      {
        resources: {
          Transient: aTable('transient', {
            TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
            StreamSpecification: { StreamViewType: 'KEYS_ONLY' },
          }),
          Watcher: aFunction('watcher', { Environment: { Variables: { FILE: file } } }),
          Mapping: {
            Type: 'AWS::Lambda::EventSourceMapping',
            Properties: {
              FunctionName: { Ref: 'Watcher' },
              EventSourceArn: { 'Fn::GetAtt': ['Transient', 'StreamArn'] },
              StartingPosition: 'TRIM_HORIZON',
              FilterCriteria: { Filters: [{ Pattern: '{"eventName":["REMOVE"]}' }] },
            },
          },
        },
      },
      { watcher: recordingHandler() },
    );
    const dynamoDb = dynamoDbOf(cloud);
    const now = cloud.clock.now();
    const put = (sk: string, expiresAt: object) =>
      dynamoDb('PutItem', { TableName: 'transient', Item: { pk: { S: 'p' }, sk: { S: sk }, expiresAt } });
    await put('hour', { N: seconds(now + 3_600_000) });
    await put('week', { N: seconds(now + 7 * 86_400_000) });
    await put('text', { S: '1' });
    await put('deleted by hand', { N: seconds(now + 7 * 86_400_000) });
    await dynamoDb('DeleteItem', { TableName: 'transient', Key: { pk: { S: 'p' }, sk: { S: 'deleted by hand' } } });
    const left = async () => {
      const { Items } = await dynamoDb('Scan', { TableName: 'transient' });
      return (Items as { sk: { S: string } }[]).map(({ sk }) => sk.S).sort();
    };
    expect(await left()).toEqual(['hour', 'text', 'week']);
    cloud.clock.advance('P1D');
    await expect.poll(left).toEqual(['text', 'week']);
    const removals = () =>
      readFileSync(file, 'utf8')
        .trim()
        .split('\n')
        .flatMap(
          (line) => JSON.parse(line).Records as { dynamodb: { Keys: { sk: { S: string } } }; userIdentity?: object }[],
        );
    await expect
      .poll(() => removals().map(({ dynamodb, userIdentity }) => [dynamodb.Keys.sk.S, userIdentity]), { timeout: 5000 })
      .toEqual([
        ['deleted by hand', undefined],
        ['hour', { type: 'Service', principalId: 'dynamodb.amazonaws.com' }],
      ]);
  });

  it('follows a table that came later than the template, and another that went', async () => {
    const cloud = await aCloud({ resources: { Old: aTable('transient-g1') } }, {});
    const dynamoDb = dynamoDbOf(cloud);
    const [TableName, AttributeName] = ['transient-g2', 'expiresAt'];
    await dynamoDb('CreateTable', {
      TableName,
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
    });
    await dynamoDb('UpdateTimeToLive', { TableName, TimeToLiveSpecification: { Enabled: true, AttributeName } });
    await dynamoDb('DeleteTable', { TableName: 'transient-g1' });
    const expiresAt = { N: seconds(cloud.clock.now() + 3_600_000) };
    await dynamoDb('PutItem', { TableName, Item: { pk: { S: 'hour' }, expiresAt } });
    await dynamoDb('PutItem', { TableName, Item: { pk: { S: 'ever' } } });
    const left = async () => (await dynamoDb('Scan', { TableName }))['Items'];
    expect(await left()).toHaveLength(2);
    cloud.clock.advance('P1D');
    await expect.poll(left, { timeout: 10_000 }).toEqual([{ pk: { S: 'ever' } }]);
  });
});
