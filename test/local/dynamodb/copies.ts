import { gzipSync } from 'node:zlib';
import { DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { EmbeddedCloud } from '../../../local/embedded-cloud.ts';
import { aTable } from '../fixtures/assembly.ts';
import { aCloud } from '../fixtures/cloud.ts';

export const arnOf = (tableName: string) => `arn:aws:dynamodb:eu-west-1:000000000000:table/${tableName}`;

const withRecovery = (tableName: string, more: object = {}) =>
  aTable(tableName, {
    Replicas: [
      {
        Region: 'eu-west-1',
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 35 },
        ...more,
      },
    ],
  });

export const templateOfCopies = {
  resources: {
    Core: withRecovery('core', {
      DeletionProtectionEnabled: true,
      Tags: [{ Key: 'stage', Value: 'test' }],
      SSESpecification: { KMSMasterKeyId: 'arn:aws:kms:eu-west-1:000000000000:key/1' },
    }),
    Keys: withRecovery('keys', {
      ResourcePolicy: {
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Sid: 'NoCopy',
              Effect: 'Deny',
              Principal: { AWS: '*' },
              Action: ['dynamodb:Export*', 'dynamodb:RestoreTableToPointInTime', 'dynamodb:DeleteTable'],
              Resource: '*',
            },
          ],
        },
      },
    }),
    Lookup: aTable('lookup'),
    Backups: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'backups' } },
  },
};

/** A cloud with tables that are recovered and one that is not, as an operator sees it. */
export async function aCloudWithCopies(stateDir?: string) {
  return { ...clientsOf(await aCloud(templateOfCopies, {}, stateDir)) };
}

export function clientsOf(cloud: EmbeddedCloud) {
  const { accessKeyId, secretAccessKey, s3, dynamodb } = cloud.endpoints;
  const common = { region: 'eu-west-1', credentials: { accessKeyId, secretAccessKey } };
  const tables = new DynamoDBClient({ ...common, endpoint: dynamodb, maxAttempts: 1 });
  const objects = new S3Client({ ...common, endpoint: s3 });
  return {
    cloud,
    tables,
    objects,
    put: (TableName: string, sk: string, more: object = {}) =>
      tables.send(new PutItemCommand({ TableName, Item: { pk: { S: 'p' }, sk: { S: sk }, ...more } })),
    sortKeys: async (TableName: string) => {
      const { Items = [] } = await tables.send(new ScanCommand({ TableName }));
      return Items.map(({ sk }) => sk?.S).sort();
    },
    /** A file of DynamoDB JSON under a prefix of the backups' bucket. */
    file: (Key: string, lines: readonly string[]) =>
      objects.send(new PutObjectCommand({ Bucket: 'backups', Key, Body: gzipSync(lines.join('\n')) })),
  };
}

export const keys = {
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'sk', AttributeType: 'S' },
  ],
  BillingMode: 'PAY_PER_REQUEST',
} as const;
