import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { onTestFinished } from 'vitest';
import { awsJson } from '../../../local/aws-json.ts';
import { movableClock } from '../../../local/clock.ts';
import { bucketObjectsAt } from '../../../local/dynamodb/bucket-objects.ts';
import { startDynamoDb } from '../../../local/dynamodb/engine.ts';
import { dynamoDbGaps } from '../../../local/dynamodb/gaps.ts';
import { historyBeside } from '../../../local/dynamodb/history.ts';
import { provisionTables, tablesOf } from '../../../local/dynamodb/tables.ts';
import type { EmbeddedCloud } from '../../../local/embedded-cloud.ts';
import type { Endpoints } from '../../../local/endpoints.ts';
import { credentialsOf } from '../../../local/lambda/functions.ts';
import { reserveAddress } from '../../../local/loopback/reserved-address.ts';
import { bucketFromTemplate } from '../../../local/s3/buckets.ts';
import { startS3 } from '../../../local/s3/server.ts';
import { openState } from '../../../local/state.ts';
import { readAssembly } from '../../../local/template/assembly.ts';
import { readTemplate } from '../../../local/template/template.ts';
import { aFolder, anAssembly, aTable } from '../fixtures/assembly.ts';

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

const templateOfCopies = {
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

/** The tables and buckets of that template without the rest of a cloud, which would take longer to start. */
export async function startTables(stateDir: string): Promise<Tables> {
  const state = openState(stateDir);
  const clock = movableClock({ stateDir });
  const template = readTemplate(readAssembly(anAssembly([templateOfCopies])), { api: '', sqs: '' });
  const tables = tablesOf(template);
  const buckets = template
    .ofType('AWS::S3::Bucket')
    .map(({ physicalId, properties }) => bucketFromTemplate({ ...properties, BucketName: physicalId }));
  const [engine, s3, address] = await Promise.all([
    startDynamoDb(stateDir),
    startS3({ stateDir: join(stateDir, 's3'), clock, buckets, credentials: () => operator.secretAccessKey }),
    reserveAddress(),
  ]);
  const dynamoDb = awsJson(engine.endpoint, 'dynamodb');
  await provisionTables(tables, dynamoDb, state);
  const history = historyBeside(engine.databasePath ?? '', clock);
  const gaps = dynamoDbGaps({
    engineEndpoint: engine.endpoint,
    dynamoDb,
    tables,
    state,
    objects: bucketObjectsAt(s3.url, operator),
    history,
    nowMilliseconds: () => clock.now(),
  });
  address.serve(gaps.answer);
  return {
    clock,
    endpoints: { dynamodb: address.url, s3: s3.url, ...operator },
    async close() {
      await address.close();
      await gaps.close();
      history.close();
      await Promise.all([s3.close(), engine.close()]);
      state.close();
    },
  };
}

interface Tables extends Pick<EmbeddedCloud, 'clock' | 'close'> {
  readonly endpoints: Pick<Endpoints, 'accessKeyId' | 'dynamodb' | 's3' | 'secretAccessKey'>;
}

const operator = credentialsOf('operator');

/** Tables that are recovered and one that is not, as an operator sees them until the test ends. */
export async function someTables(stateDir = aFolder()) {
  const cloud = await startTables(stateDir);
  onTestFinished(() => cloud.close());
  return clientsOf(cloud);
}

export function clientsOf(cloud: Tables) {
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
