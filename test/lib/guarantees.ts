import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  GetResourcePolicyCommand,
  PolicyNotFoundException,
} from '@aws-sdk/client-dynamodb';
import {
  GetBucketLifecycleConfigurationCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetObjectLockConfigurationCommand,
  GetPublicAccessBlockCommand,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { compareSettings } from '../../lambdas/features/guarantees/compare.ts';
import { expectedSettings } from '../../lambdas/features/guarantees/expected.ts';
import type { InForce } from '../../lambdas/features/guarantees/guarantee.ts';
import { buckets } from '../../lambdas/platform/buckets.ts';
import { bucketInForce, tableInForce } from '../../lambdas/platform/settings-in-force.ts';
import { tables } from '../../lambdas/platform/tables.ts';
import type { Resource } from '../../local/template/template.ts';
import { listOf, replicaOf, type Synthesised, statementsOf } from './synthesised.ts';

/** What the daily comparison rests on, held against the template whose values it has. */
export function describeGuarantees(template: Synthesised): void {
  const worker = template
    .ofType('AWS::Lambda::Function')
    .find(({ physicalId }) => physicalId === 'vern-dev-guarantees');
  const environment: Record<string, string> = Object(Object(worker?.properties['Environment'])['Variables']);
  const expected = () =>
    expectedSettings(environment['EXPECTED_SETTINGS'] ?? '', environment['EXPECTED_REFERENCES'] ?? '');

  /** AWS after a deployment of the template: its own words for what CloudFormation was told. */
  function anAccount() {
    const resources = new Map(
      template.ofType('AWS::DynamoDB::GlobalTable', 'AWS::S3::Bucket').map((one) => [one.physicalId, one]),
    );
    const tableNamed = (name: unknown) => structuredClone(replicaOf(resources.get(String(name))));
    const properties = (name: unknown) => structuredClone((resources.get(String(name)) as Resource).properties);
    const policies = new Map(
      template
        .ofType('AWS::S3::BucketPolicy')
        .map(({ properties: { Bucket, PolicyDocument } }) => [String(Bucket), PolicyDocument]),
    );
    const none = (name: string): never => {
      throw new S3ServiceException({ name, $fault: 'client', $metadata: {} });
    };
    const dynamo = {
      async send(command: { readonly input: Record<string, unknown> }): Promise<unknown> {
        const { TableName, ResourceArn } = command.input;
        if (command instanceof DescribeTableCommand) {
          const { DeletionProtectionEnabled } = tableNamed(TableName);
          return { Table: { DeletionProtectionEnabled, TableArn: `arn:aws:dynamodb:eu-west-1:0:table/${TableName}` } };
        }
        if (command instanceof DescribeContinuousBackupsCommand) {
          const recovery = Object(tableNamed(TableName)['PointInTimeRecoverySpecification']);
          const isEnabled = recovery['PointInTimeRecoveryEnabled'];
          return {
            ContinuousBackupsDescription: {
              PointInTimeRecoveryDescription: {
                PointInTimeRecoveryStatus: isEnabled ? 'ENABLED' : 'DISABLED',
                ...(isEnabled && { RecoveryPeriodInDays: recovery['RecoveryPeriodInDays'] }),
              },
            },
          };
        }
        if (!(command instanceof GetResourcePolicyCommand)) throw new Error('Not known');
        const policy = Object(tableNamed(String(ResourceArn).split('/')[1])['ResourcePolicy'])['PolicyDocument'];
        if (!policy) throw new PolicyNotFoundException({ message: '', $metadata: {} });
        return { Policy: JSON.stringify(policy) };
      },
    };
    const s3 = {
      async send(command: { readonly input: Record<string, unknown> }): Promise<unknown> {
        const bucket = properties(command.input['Bucket']);
        if (command instanceof GetBucketLifecycleConfigurationCommand) {
          const rules: Record<string, unknown>[] = Object(bucket['LifecycleConfiguration'])['Rules'];
          return { Rules: rules.map(lifecycleOfS3).reverse() };
        }
        if (command instanceof GetBucketVersioningCommand)
          return { Status: Object(bucket['VersioningConfiguration'])['Status'] };
        if (command instanceof GetObjectLockConfigurationCommand) {
          const ObjectLockConfiguration = bucket['ObjectLockConfiguration'];
          return ObjectLockConfiguration ? { ObjectLockConfiguration } : none('ObjectLockConfigurationNotFoundError');
        }
        if (command instanceof GetBucketPolicyCommand) {
          return { Policy: JSON.stringify(policies.get(String(command.input['Bucket']))) };
        }
        if (!(command instanceof GetPublicAccessBlockCommand)) throw new Error('Not known');
        return { PublicAccessBlockConfiguration: bucket['PublicAccessBlockConfiguration'] };
      },
    };
    return { dynamo: dynamo as never, s3: s3 as never };
  }

  async function inForce(): Promise<InForce> {
    const { dynamo, s3 } = anAccount();
    const ofTables = Object.entries(tables).map(
      async ([name, { env }]) => [name, await tableInForce(dynamo, environment[env] ?? '')] as const,
    );
    const ofBuckets = Object.keys(buckets).map(
      async (name) => [name, await bucketInForce(s3, environment[`${name.toUpperCase()}_BUCKET`] ?? '')] as const,
    );
    return {
      tables: Object.fromEntries(await Promise.all(ofTables)),
      buckets: Object.fromEntries(await Promise.all(ofBuckets)),
      copiesOfKeys: { backups: [], tables: [] },
    };
  }

  describe('what the guarantees are compared with', () => {
    it('is the template itself: an account that was set up by it keeps every one', async () => {
      const { checked, broken } = compareSettings(expected(), await inForce());
      expect(broken).toEqual([]);
      expect(checked).toBe(3 * Object.keys(tables).length + 5 * Object.keys(buckets).length + 2);
    });

    it('says what the promises say', () => {
      const { tables: ofTables, buckets: ofBuckets } = expected();
      expect(ofTables['core']).toEqual({ isProtectedFromDeletion: true, recoveryDays: 35 });
      expect(ofTables['keys']?.recoveryDays).toBe(1);
      expect(ofTables['mirror']?.policy).toEqual(ofTables['keys']?.policy);
      // ALL-05: expiry at 83, noncurrent versions a day later, locked until the day before.
      expect(ofBuckets['offline']?.lifecycle).toContainEqual({
        isEnabled: true,
        prefix: '',
        expiresAfterDays: 83,
        noncurrentExpiresAfterDays: 1,
        abortsUploadsAfterDays: 1,
      });
      expect(ofBuckets['offline']?.lock).toEqual({ mode: 'COMPLIANCE', days: 82 });
      expect(ofBuckets['log']?.lock?.mode).toBe('COMPLIANCE');
      expect(ofBuckets['backup']?.isVersioned).toBe(true);
      const account = JSON.stringify(ofTables['keys']?.policy);
      expect(account).toContain('arn:aws:iam::000000000000:role/cdk-');
      expect(JSON.stringify(expected())).not.toContain('${');
    });

    it('fits into what a function may be told', () => {
      const bytes = Object.entries(environment).reduce((sum, [name, value]) => sum + name.length + value.length, 0);
      // Lambda quota: 4 KB of environment variables.
      expect(bytes).toBeLessThan(4096);
    });
  });

  describe('KP-12, ALL-04: no way leads to a copy of keys', () => {
    const keyTables = ['keys', 'mirror'].map(
      (name) => `arn:aws:dynamodb:eu-west-1:000000000000:table/vern-dev-${name}`,
    );
    const matches = (pattern: string, text: string) =>
      new RegExp(
        `^${pattern
          .replace(/[.+^${}()|[\]\\]/g, '\\$&')
          .replaceAll('*', '.*')
          .replaceAll('?', '.')}$`,
      ).test(text);
    const copying = [
      ...['CreateBackup', 'ExportTableToPointInTime', 'RestoreTableToPointInTime', 'RestoreTableFromBackup'],
      ...['RestoreTableFromAwsBackup', 'StartAwsBackupJob', 'UpdateContinuousBackups', 'DeleteTable', 'Scan'],
      ...[
        'PutResourcePolicy',
        'DeleteResourcePolicy',
        'UpdateTable',
        'CreateGlobalTable',
        'EnableKinesisStreamingDestination',
      ],
    ].map((action) => `dynamodb:${action}`);
    const statements = template
      .ofType('AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::Role')
      .flatMap(({ properties }) => [
        properties['PolicyDocument'],
        ...((properties['Policies'] ?? []) as Record<string, unknown>[]).map((policy) => policy['PolicyDocument']),
      ])
      .filter((document) => document !== undefined)
      .flatMap(statementsOf);

    it('no policy of any role lets anyone copy, export, restore, scan or unlock the tables of keys', () => {
      const allowing = statements.filter(
        ({ effect, actions, resources }) =>
          effect === 'Allow' &&
          keyTables.some((table) => resources.some((pattern) => matches(pattern, table))) &&
          actions.some((action) => copying.some((forbidden) => matches(action.toLowerCase(), forbidden.toLowerCase()))),
      );
      expect(allowing).toEqual([]);
      expect(statements.length).toBeGreaterThan(50);
    });

    it('no role has a policy of AWS’s own, which could change behind our back', () => {
      const managed = template
        .ofType('AWS::IAM::Role')
        .flatMap(({ properties }) => listOf(properties['ManagedPolicyArns']));
      expect(managed).toEqual([]);
    });

    it('no plan of AWS Backup stands in the template, and nothing is opted in by tag', () => {
      expect(template.resources.filter(({ type }) => type.startsWith('AWS::Backup'))).toEqual([]);
      const tagged = template
        .ofType('AWS::DynamoDB::GlobalTable')
        .filter((table) => /backup/i.test(JSON.stringify(replicaOf(table)['Tags'] ?? [])));
      expect(tagged).toEqual([]);
    });

    it('the tables of keys stream to the mirror alone', () => {
      const reading = template
        .ofType('AWS::Lambda::EventSourceMapping')
        .filter(({ properties }) => keyTables.some((table) => String(properties['EventSourceArn']).startsWith(table)))
        .map(({ properties }) => properties['FunctionName']);
      expect(reading).toEqual(['vern-dev-mirror']);
    });
  });

  describe('the copy of the rights', () => {
    it('is told of removals too, at once, and until the stream forgets', () => {
      const mapping = template
        .ofType('AWS::Lambda::EventSourceMapping')
        .find(({ properties }) => properties['FunctionName'] === 'vern-dev-rights-copy');
      expect(mapping?.properties).toMatchObject({
        MaximumBatchingWindowInSeconds: 10,
        FilterCriteria: { Filters: [{ Pattern: JSON.stringify({ eventName: ['INSERT', 'MODIFY', 'REMOVE'] }) }] },
      });
      expect(mapping?.properties['MaximumRetryAttempts'] ?? -1).toBe(-1);
      expect(mapping?.properties['MaximumRecordAgeInSeconds'] ?? -1).toBe(-1);
    });
  });
}

/** CloudFormation's words for a rule (AWS::S3::Bucket Rule) in those of the S3 API. */
function lifecycleOfS3(rule: Record<string, unknown>, i: number) {
  const { ExpirationInDays, ExpiredObjectDeleteMarker, Status, ...alike } = rule;
  const expiration = { ...(ExpirationInDays !== undefined && { Days: ExpirationInDays }), ExpiredObjectDeleteMarker };
  return { ID: `made-up-${i}`, Status, Filter: { Prefix: '' }, Expiration: expiration, ...alike };
}
