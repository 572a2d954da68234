import { gunzipSync } from 'node:zlib';
import {
  DescribeContinuousBackupsCommand,
  DescribeExportCommand,
  DynamoDBClient,
  ExportTableToPointInTimeCommand,
  GetItemCommand,
  ListBackupsCommand,
  ListExportsCommand,
  ListTablesCommand,
  UpdateContinuousBackupsCommand,
} from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { needsGaps } from '../../../local/dynamodb/gaps.ts';
import { aFunction, aTable } from '../fixtures/assembly.ts';
import { aCloud, dynamoDbOf } from '../fixtures/cloud.ts';

const showEnvironment = 'exports.handler = async () => process.env.AWS_ENDPOINT_URL_DYNAMODB;';
const recovery = (RecoveryPeriodInDays: number) => ({
  Replicas: [
    {
      Region: 'eu-west-1',
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays },
    },
  ],
});

async function aCloudWithExporter() {
  const cloud = await aCloud(
    {
      resources: {
        Core: aTable('core', recovery(35)),
        Keys: aTable('keys', recovery(1)),
        Lookup: aTable('lookup'),
        Backups: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'backups' } },
        Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'exporter' } },
        Policy: {
          Type: 'AWS::IAM::Policy',
          Properties: {
            PolicyName: 'export',
            Roles: [{ Ref: 'Role' }],
            PolicyDocument: {
              Statement: [
                { Effect: 'Allow', Action: ['dynamodb:GetItem', 'dynamodb:ExportTableToPointInTime'], Resource: '*' },
              ],
            },
          },
        },
        Exporter: aFunction('exporter', { Role: { 'Fn::GetAtt': ['Role', 'Arn'] } }),
        Reader: aFunction('reader'),
      },
    },
    { exporter: showEnvironment, reader: showEnvironment },
  );
  const endpointOf = async (name: string) => JSON.parse((await cloud.invoke(name, {})).payload) as string;
  const { accessKeyId, secretAccessKey, s3 } = cloud.endpoints;
  const credentials = { accessKeyId, secretAccessKey };
  const client = new DynamoDBClient({ endpoint: await endpointOf('exporter'), region: 'eu-west-1', credentials });
  const objects = new S3Client({ endpoint: s3, region: 'eu-west-1', credentials });
  const object = async (Key: string) => {
    const { Body } = await objects.send(new GetObjectCommand({ Bucket: 'backups', Key }));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  };
  return { cloud, client, object, endpointOf };
}

describe('what the DynamoDB engine lacks', () => {
  it.each([
    [['dynamodb:GetItem', 'dynamodb:Query'], false],
    [['s3:*', 'dynamodb:Get*'], true],
    [['dynamodb:DescribeTable'], true],
    [['dynamodb:Describe*'], true],
    [['dynamodb:*'], true],
    [['*'], true],
    [['dynamodb:TagResource', 'dynamodb:UpdateTimeToLive'], false],
  ])('is needed by a function that may %j: %s', (actions, isNeeded) => {
    expect(needsGaps(new Set(actions))).toBe(isNeeded);
  });

  it('is answered to the functions that may ask for it, and to no others', async () => {
    const { cloud, client, endpointOf } = await aCloudWithExporter();
    expect(await endpointOf('exporter')).toBe(cloud.endpoints.dynamodb);
    expect(await endpointOf('reader')).not.toBe(cloud.endpoints.dynamodb);
    await dynamoDbOf(cloud)('PutItem', { TableName: 'core', Item: { pk: { S: 'a' }, sk: { S: 'b' } } });
    const { Item } = await client.send(
      new GetItemCommand({ TableName: 'core', Key: { pk: { S: 'a' }, sk: { S: 'b' } } }),
    );
    expect(Item).toEqual({ pk: { S: 'a' }, sk: { S: 'b' } });
  });

  it('includes a recovery window that follows the clock', async () => {
    const { cloud, client } = await aCloudWithExporter();
    const started = cloud.clock.now();
    const earliest = async () => {
      const { ContinuousBackupsDescription } = await client.send(
        new DescribeContinuousBackupsCommand({ TableName: 'keys' }),
      );
      return ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.EarliestRestorableDateTime?.getTime() ?? 0;
    };
    // Nobody has asked yet: the window opened when the table was made, not when it is first looked at.
    cloud.clock.advance('PT6H');
    expect(Math.abs((await earliest()) - started)).toBeLessThan(60_000);
    cloud.clock.advance('P3D');
    expect(Math.abs((await earliest()) - (cloud.clock.now() - 86_400_000))).toBeLessThan(60_000);
    const off = { TableName: 'keys', PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: false } };
    const { ContinuousBackupsDescription } = await client.send(new UpdateContinuousBackupsCommand(off));
    expect(ContinuousBackupsDescription?.PointInTimeRecoveryDescription).toEqual({
      PointInTimeRecoveryStatus: 'DISABLED',
    });
    expect((await client.send(new ListBackupsCommand({}))).BackupSummaries).toEqual([]);
    expect(
      (await client.send(new ListBackupsCommand({ TableName: 'keys', BackupType: 'ALL' }))).BackupSummaries,
    ).toEqual([]);
  });

  it('leaves room for asking which tables there are: a copy of one could not hide', async () => {
    const { cloud, client } = await aCloudWithExporter();
    const names = async () => (await client.send(new ListTablesCommand({}))).TableNames;
    expect(await names()).toEqual(['core', 'keys', 'lookup']);
    const AttributeDefinitions = [{ AttributeName: 'pk', AttributeType: 'S' }];
    await dynamoDbOf(cloud)('CreateTable', {
      TableName: 'keys-restored',
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions,
      BillingMode: 'PAY_PER_REQUEST',
    });
    expect(await names()).toContain('keys-restored');
  });

  it("includes exports in DynamoDB's own format", async () => {
    const { cloud, client, object } = await aCloudWithExporter();
    for (const sk of ['æ', 'ø', 'å'])
      await dynamoDbOf(cloud)('PutItem', { TableName: 'core', Item: { pk: { S: 'p' }, sk: { S: sk } } });
    const TableArn = 'arn:aws:dynamodb:eu-west-1:000000000000:table/core';
    const started = await client.send(
      new ExportTableToPointInTimeCommand({ TableArn, S3Bucket: 'backups', S3Prefix: 'daily' }),
    );
    const { ExportArn } = started.ExportDescription ?? {};
    const described = async () => (await client.send(new DescribeExportCommand({ ExportArn }))).ExportDescription;
    await expect.poll(described, { timeout: 5000 }).toMatchObject({ ExportStatus: 'COMPLETED', ItemCount: 3 });
    const { ExportManifest = '' } = (await described()) ?? {};
    expect(ExportManifest).toBe(`daily/AWSDynamoDB/${ExportArn?.split('/').at(-1)}/manifest-summary.json`);
    const summary = JSON.parse((await object(ExportManifest)).toString());
    expect(summary).toMatchObject({
      exportArn: ExportArn,
      tableArn: TableArn,
      itemCount: 3,
      outputFormat: 'DYNAMODB_JSON',
    });
    const files = (await object(summary.manifestFilesS3Key))
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(files).toMatchObject([
      { itemCount: 3, dataFileS3Key: expect.stringMatching(/^daily\/AWSDynamoDB\/.*\/data\/.*\.json\.gz$/) },
    ]);
    const lines = gunzipSync(await object(files[0].dataFileS3Key))
      .toString()
      .trim()
      .split('\n');
    expect(lines.map((line) => JSON.parse(line).Item.sk.S).sort()).toEqual(['å', 'æ', 'ø']);
    expect((await client.send(new ListExportsCommand({ TableArn }))).ExportSummaries).toMatchObject([
      { ExportArn, ExportStatus: 'COMPLETED' },
    ]);
  });

  it('refuses what AWS refuses: no recovery, no table, no such export', async () => {
    const { client } = await aCloudWithExporter();
    const exporting = (name: string) =>
      client.send(
        new ExportTableToPointInTimeCommand({
          TableArn: `arn:aws:dynamodb:eu-west-1:000000000000:table/${name}`,
          S3Bucket: 'backups',
        }),
      );
    await expect(exporting('lookup')).rejects.toMatchObject({ name: 'PointInTimeRecoveryUnavailableException' });
    await expect(exporting('nowhere')).rejects.toMatchObject({ name: 'TableNotFoundException' });
    await expect(
      client.send(
        new DescribeExportCommand({ ExportArn: `${'arn:aws:dynamodb:eu-west-1:000000000000:table/core'}/export/1` }),
      ),
    ).rejects.toMatchObject({ name: 'ExportNotFoundException' });
  });
});
