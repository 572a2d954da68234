import { describe, expect, it } from 'vitest';
import { startEmbeddedCloud } from '../../../local/embedded-cloud.ts';
import { aFolder, anAssembly, aTable } from '../fixtures/assembly.ts';
import { aCloud, dynamoDbOf } from '../fixtures/cloud.ts';

const index = (name: string, attribute: string) => ({
  IndexName: name,
  KeySchema: [{ AttributeName: attribute, KeyType: 'HASH' }],
  Projection: { ProjectionType: 'ALL' },
  WarmThroughput: { ReadUnitsPerSecond: 1 },
});
const keys = ['pk', 'sk', 'due', 'state'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' }));

describe('the tables of a template', () => {
  it('have its keys, indexes, stream, time to live and protection', async () => {
    const cloud = await aCloud(
      {
        resources: {
          Core: aTable('core', {
            AttributeDefinitions: keys.slice(0, 3),
            GlobalSecondaryIndexes: [index('byDue', 'due')],
            StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
            TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
            Replicas: [{ Region: 'eu-west-1', DeletionProtectionEnabled: true }],
          }),
        },
      },
      {},
    );
    const { Table } = await dynamoDbOf(cloud)('DescribeTable', { TableName: 'core' });
    expect(Table).toMatchObject({
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [{ IndexName: 'byDue', Projection: { ProjectionType: 'ALL' } }],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
      DeletionProtectionEnabled: true,
    });
    const { TimeToLiveDescription } = await dynamoDbOf(cloud)('DescribeTimeToLive', { TableName: 'core' });
    expect(TimeToLiveDescription).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'expiresAt' });
  });

  it('keep their items when a changed template adds an index and a stream', async () => {
    const stateDir = aFolder();
    const before = await startEmbeddedCloud({
      outdir: anAssembly([{ resources: { Core: aTable('core') } }]),
      stateDir,
    });
    await dynamoDbOf(before)('PutItem', {
      TableName: 'core',
      Item: { pk: { S: 'a' }, sk: { S: 'b' }, state: { S: 'open' } },
    });
    await before.close();
    const changed = aTable('core', {
      AttributeDefinitions: [keys[0], keys[1], keys[3]],
      GlobalSecondaryIndexes: [index('byState', 'state')],
      StreamSpecification: { StreamViewType: 'KEYS_ONLY' },
    });
    const after = await aCloud({ resources: { Core: changed } }, {}, stateDir);
    const found = await dynamoDbOf(after)('Query', {
      TableName: 'core',
      IndexName: 'byState',
      KeyConditionExpression: '#s = :open',
      ExpressionAttributeNames: { '#s': 'state' },
      ExpressionAttributeValues: { ':open': { S: 'open' } },
    });
    expect(found).toMatchObject({ Count: 1, Items: [{ pk: { S: 'a' } }] });
  });

  it('refuse a template with other keys', async () => {
    const stateDir = aFolder();
    const before = await startEmbeddedCloud({
      outdir: anAssembly([{ resources: { Core: aTable('core') } }]),
      stateDir,
    });
    await before.close();
    const other = aTable('core', {
      KeySchema: [{ AttributeName: 'sk', KeyType: 'HASH' }],
      AttributeDefinitions: [keys[1]],
    });
    const outdir = anAssembly([{ resources: { Core: other } }]);
    await expect(startEmbeddedCloud({ outdir, stateDir })).rejects.toThrow(
      'Table core has other keys than the template',
    );
  });
});
