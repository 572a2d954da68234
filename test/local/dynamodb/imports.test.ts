import {
  DescribeExportCommand,
  DescribeImportCommand,
  DescribeTableCommand,
  ExportTableToPointInTimeCommand,
  ImportTableCommand,
  ListImportsCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { aFolder } from '../fixtures/assembly.ts';
import { arnOf, clientsOf, keys, someTables, startTables } from './copies.ts';

type Clients = ReturnType<typeof clientsOf>;

const line = (sk: string, more: object = {}) => JSON.stringify({ Item: { pk: { S: 'p' }, sk: { S: sk }, ...more } });

function startImport({ tables }: Clients, TableName: string, S3KeyPrefix: string, more: object = {}) {
  return tables.send(
    new ImportTableCommand({
      S3BucketSource: { S3Bucket: 'backups', S3KeyPrefix },
      InputFormat: 'DYNAMODB_JSON',
      InputCompressionType: 'GZIP',
      TableCreationParameters: {
        TableName,
        ...keys,
        KeySchema: [...keys.KeySchema],
        AttributeDefinitions: [...keys.AttributeDefinitions],
      },
      ...more,
    }),
  );
}

async function ended({ tables }: Clients, ImportArn: string | undefined) {
  const described = async () =>
    (await tables.send(new DescribeImportCommand({ ImportArn }))).ImportTableDescription ?? {};
  await expect.poll(async () => (await described()).ImportStatus, { timeout: 20_000 }).not.toBe('IN_PROGRESS');
  return described();
}

describe('an import', () => {
  it("makes a new table of an export's data, with indexes and encryption, and counts", async () => {
    const clients = await someTables();
    const { tables, put, sortKeys } = clients;
    for (const sk of ['æ', 'ø', 'å']) await put('core', sk, { due: { S: sk === 'ø' ? 'later' : 'now' } });
    const started = await tables.send(
      new ExportTableToPointInTimeCommand({ TableArn: arnOf('core'), S3Bucket: 'backups', S3Prefix: 'daily' }),
    );
    const { ExportArn } = started.ExportDescription ?? {};
    const exported = async () =>
      (await tables.send(new DescribeExportCommand({ ExportArn }))).ExportDescription?.ExportManifest;
    await expect.poll(exported).toBeDefined();
    const data = (await exported())?.replace('manifest-summary.json', 'data/') ?? '';

    const { ImportTableDescription } = await startImport(clients, 'core-g2', data, {
      TableCreationParameters: {
        TableName: 'core-g2',
        ...keys,
        AttributeDefinitions: [...keys.AttributeDefinitions, { AttributeName: 'due', AttributeType: 'S' }],
        GlobalSecondaryIndexes: [
          {
            IndexName: 'byDue',
            KeySchema: [{ AttributeName: 'due', KeyType: 'HASH' }],
            Projection: { ProjectionType: 'ALL' },
          },
        ],
        SSESpecification: { Enabled: true, SSEType: 'KMS', KMSMasterKeyId: 'arn:aws:kms:eu-west-1:000000000000:key/1' },
      },
    });
    expect(ImportTableDescription).toMatchObject({ ImportStatus: 'IN_PROGRESS', TableArn: arnOf('core-g2') });
    expect(await ended(clients, ImportTableDescription?.ImportArn)).toMatchObject({
      ImportStatus: 'COMPLETED',
      ProcessedItemCount: 3,
      ImportedItemCount: 3,
      ErrorCount: 0,
      EndTime: expect.any(Date),
    });
    expect(await sortKeys('core-g2')).toEqual(['å', 'æ', 'ø']);
    const { Items } = await tables.send(
      new QueryCommand({
        TableName: 'core-g2',
        IndexName: 'byDue',
        KeyConditionExpression: 'due = :later',
        ExpressionAttributeValues: { ':later': { S: 'later' } },
      }),
    );
    expect(Items).toMatchObject([{ sk: { S: 'ø' } }]);
    const { Table } = await tables.send(new DescribeTableCommand({ TableName: 'core-g2' }));
    expect(Table).toMatchObject({
      TableArn: arnOf('core-g2'),
      TableStatus: 'ACTIVE',
      SSEDescription: { KMSMasterKeyArn: 'arn:aws:kms:eu-west-1:000000000000:key/1' },
    });
    const { ImportSummaryList } = await tables.send(new ListImportsCommand({ TableArn: arnOf('core-g2') }));
    expect(ImportSummaryList).toMatchObject([{ ImportStatus: 'COMPLETED', InputFormat: 'DYNAMODB_JSON' }]);
  });

  it('of many items, some twice, ends with one of each', async () => {
    const clients = await someTables();
    const lines = Array.from({ length: 120 }, (_, index) => line(String(index % 60).padStart(2, '0')));
    await clients.file('many/data/a.json.gz', lines);
    const { ImportTableDescription } = await startImport(clients, 'many', 'many/data/');
    expect(await ended(clients, ImportTableDescription?.ImportArn)).toMatchObject({ ProcessedItemCount: 120 });
    expect(await clients.sortKeys('many')).toHaveLength(60);
  });

  it('that was asked for twice with one token runs once; another request with it is a conflict', async () => {
    const clients = await someTables();
    await clients.file('small/data/a.json.gz', [line('a')]);
    const ask = (name: string) => startImport(clients, name, 'small/data/', { ClientToken: 'once' });
    const first = (await ask('small')).ImportTableDescription?.ImportArn;
    expect((await ask('small')).ImportTableDescription?.ImportArn).toBe(first);
    await expect(ask('other')).rejects.toMatchObject({ name: 'ImportConflictException' });
    await expect(startImport(clients, 'small', 'small/data/')).rejects.toMatchObject({
      name: 'ResourceInUseException',
    });
  });

  it('fails where nothing lies, and says which lines it could not take', async () => {
    const clients = await someTables();
    const nowhere = await startImport(clients, 'nowhere', 'nowhere/data/');
    expect(await ended(clients, nowhere.ImportTableDescription?.ImportArn)).toMatchObject({ ImportStatus: 'FAILED' });
    const elsewhere = await startImport(clients, 'elsewhere', 'x', {
      S3BucketSource: { S3Bucket: 'no-such-bucket', S3KeyPrefix: 'x' },
    });
    expect(await ended(clients, elsewhere.ImportTableDescription?.ImportArn)).toMatchObject({
      ImportStatus: 'FAILED',
      FailureCode: 'S3NoSuchBucket',
    });
    await clients.file('torn/data/a.json.gz', [line('good'), '{"Item":{"pk":{"S":"p"}}}', 'no JSON']);
    const torn = await startImport(clients, 'torn', 'torn/data/');
    expect(await ended(clients, torn.ImportTableDescription?.ImportArn)).toMatchObject({
      ImportStatus: 'FAILED',
      FailureCode: 'ItemValidationError',
      ImportedItemCount: 1,
      ErrorCount: 2,
    });
    expect(await clients.sortKeys('torn')).toEqual(['good']);
  });

  it('that a stop cut short goes on at the next start', async () => {
    const stateDir = aFolder();
    const before = await startTables(stateDir);
    const clients = clientsOf(before);
    const lines = Array.from({ length: 500 }, (_, index) => line(String(index)));
    await clients.file('long/data/a.json.gz', lines);
    const { ImportTableDescription } = await startImport(clients, 'long', 'long/data/');
    const { Table } = await clients.tables.send(new DescribeTableCommand({ TableName: 'long' }));
    expect(Table?.TableStatus).toBe('CREATING');
    await before.close();
    const after = await someTables(stateDir);
    expect(await ended(after, ImportTableDescription?.ImportArn)).toMatchObject({
      ImportStatus: 'COMPLETED',
      ImportedItemCount: 500,
    });
  });
});
