import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  GetResourcePolicyCommand,
  PolicyNotFoundException,
} from '@aws-sdk/client-dynamodb';
import {
  GetBucketLifecycleConfigurationCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetObjectLockConfigurationCommand,
  GetPublicAccessBlockCommand,
  type S3Client,
  type LifecycleRule as S3LifecycleRule,
} from '@aws-sdk/client-s3';
import type { BucketSettings, LifecycleRule, TableSettings } from '../features/guarantees/guarantee.ts';

type Sends<C extends { send: unknown }> = Pick<C, 'send'>;

/** What DynamoDB says of a table: DescribeTable, DescribeContinuousBackups, GetResourcePolicy. Throws what they throw. */
export async function tableInForce(client: Sends<DynamoDBClient>, TableName: string): Promise<TableSettings> {
  const { Table } = await client.send(new DescribeTableCommand({ TableName }));
  const [recoveryDays, policy] = await Promise.all([
    recoveryDaysOf(client, TableName),
    tablePolicy(client, Table?.TableArn ?? ''),
  ]);
  return {
    isProtectedFromDeletion: Table?.DeletionProtectionEnabled ?? false,
    recoveryDays,
    ...(policy !== undefined && { policy: JSON.parse(policy) }),
  };
}

async function recoveryDaysOf(client: Sends<DynamoDBClient>, TableName: string): Promise<number> {
  const { ContinuousBackupsDescription } = await client.send(new DescribeContinuousBackupsCommand({ TableName }));
  const recovery = ContinuousBackupsDescription?.PointInTimeRecoveryDescription;
  if (recovery?.PointInTimeRecoveryStatus !== 'ENABLED') return 0;
  // AWS's default, where a table was never told.
  return recovery.RecoveryPeriodInDays ?? 35;
}

async function tablePolicy(client: Sends<DynamoDBClient>, ResourceArn: string): Promise<string | undefined> {
  try {
    return (await client.send(new GetResourcePolicyCommand({ ResourceArn }))).Policy;
  } catch (error) {
    if (error instanceof PolicyNotFoundException) return undefined;
    throw error;
  }
}

/**
 * What S3 says of a bucket: GetBucketLifecycleConfiguration, GetBucketVersioning, GetObjectLockConfiguration,
 * GetBucketPolicy, GetPublicAccessBlock. Throws what they throw, but for what says that nothing is set.
 */
export async function bucketInForce(client: Sends<S3Client>, Bucket: string): Promise<BucketSettings> {
  const [lifecycle, versioning, lock, policy, block] = await Promise.all([
    orNone(client.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))),
    client.send(new GetBucketVersioningCommand({ Bucket })),
    orNone(client.send(new GetObjectLockConfigurationCommand({ Bucket }))),
    orNone(client.send(new GetBucketPolicyCommand({ Bucket }))),
    orNone(client.send(new GetPublicAccessBlockCommand({ Bucket }))),
  ]);
  const { Mode, Days, Years } = lock?.ObjectLockConfiguration?.Rule?.DefaultRetention ?? {};
  const publicAccess = block?.PublicAccessBlockConfiguration;
  return {
    lifecycle: (lifecycle?.Rules ?? []).map(lifecycleRule),
    isVersioned: versioning.Status === 'Enabled',
    ...(Mode && { lock: { mode: Mode, days: Days ?? (Years ?? 0) * 365 } }),
    ...(policy?.Policy !== undefined && { policy: JSON.parse(policy.Policy) }),
    ...(publicAccess && {
      publicAccessBlock: {
        blockPublicAcls: publicAccess.BlockPublicAcls ?? false,
        blockPublicPolicy: publicAccess.BlockPublicPolicy ?? false,
        ignorePublicAcls: publicAccess.IgnorePublicAcls ?? false,
        restrictPublicBuckets: publicAccess.RestrictPublicBuckets ?? false,
      },
    }),
  };
}

function lifecycleRule(rule: S3LifecycleRule): LifecycleRule {
  const { ID: _, Status, Prefix, Filter, Expiration, NoncurrentVersionExpiration, ...others } = rule;
  const { AbortIncompleteMultipartUpload, ...unknown } = others;
  const { Prefix: filtered, ...otherFilters } = Filter ?? {};
  const { Days, ExpiredObjectDeleteMarker, ...otherExpiry } = Expiration ?? {};
  const { NoncurrentDays, ...otherNoncurrent } = NoncurrentVersionExpiration ?? {};
  const uploads = AbortIncompleteMultipartUpload?.DaysAfterInitiation;
  const other = namesOfPresent({ ...unknown, ...otherFilters, ...otherExpiry, ...otherNoncurrent });
  return {
    isEnabled: Status === 'Enabled',
    prefix: filtered ?? Prefix ?? '',
    ...(Days !== undefined && { expiresAfterDays: Days }),
    ...(ExpiredObjectDeleteMarker && { removesLoneMarkers: true }),
    ...(NoncurrentDays !== undefined && { noncurrentExpiresAfterDays: NoncurrentDays }),
    ...(uploads !== undefined && { abortsUploadsAfterDays: uploads }),
    ...(other.length > 0 && { other }),
  };
}

const namesOfPresent = (fields: Readonly<Record<string, unknown>>) =>
  Object.keys(fields).filter((name) => fields[name] !== undefined);

/** S3's way to say that a bucket has no such setting (S3 API reference, "List of error codes"). */
const noneSet = new Set([
  'NoSuchLifecycleConfiguration',
  'ObjectLockConfigurationNotFoundError',
  'NoSuchBucketPolicy',
  'NoSuchPublicAccessBlockConfiguration',
]);

async function orNone<A>(answer: Promise<A>): Promise<A | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Error && noneSet.has(error.name)) return undefined;
    throw error;
  }
}
