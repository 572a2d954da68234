import { brotliCompressSync } from 'node:zlib';
import { Aws, Lazy, Stack } from 'aws-cdk-lib';
import { type CfnGlobalTable, CfnGlobalTable as GlobalTable } from 'aws-cdk-lib/aws-dynamodb';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import type {
  BucketSettings,
  LifecycleRule,
  Settings,
  TableSettings,
} from '../../lambdas/features/guarantees/guarantee.ts';
import { type BucketName, buckets as declaredBuckets } from '../../lambdas/platform/buckets.ts';
import type { Buckets, EncryptedBucket } from './buckets.ts';
import type { EncryptedTable, Tables } from './tables.ts';

export const bucketNames = Object.keys(declaredBuckets) as BucketName[];

/**
 * What the template says of every table and bucket, read off the very resources that it is made of, for the function that
 * compares it daily with what is in force. A function's environment holds 4 KB: so the settings are compressed, and what
 * only the deployment knows stands in them as `${…}`, spelled out in a second variable.
 */
export function expectedSettings(tables: Tables, buckets: Buckets): Readonly<Record<string, string>> {
  const stack = Stack.of(tables);
  const references: Record<string, string> = { 'AWS::AccountId': Aws.ACCOUNT_ID, 'AWS::Partition': Aws.PARTITION };
  for (const name of bucketNames) {
    const { bucketArn } = buckets[name].bucket;
    references[placeholderOf(stack.resolve(bucketArn))] = bucketArn;
  }
  return {
    // At the end of the synth, so that what others add to a bucket's policy is in.
    EXPECTED_SETTINGS: Lazy.string({ produce: () => compressed(settingsOf(tables, buckets), Object.keys(references)) }),
    EXPECTED_REFERENCES: stack.toJsonString(references),
  };
}

function settingsOf(tables: Tables, buckets: Buckets): Settings {
  return {
    tables: Object.fromEntries(Object.entries(tables.byName).map(([name, table]) => [name, tableSettings(table)])),
    buckets: Object.fromEntries(bucketNames.map((name) => [name, bucketSettings(buckets[name])])),
  };
}

function tableSettings({ table }: EncryptedTable): TableSettings {
  const resource = table.node.defaultChild;
  if (!GlobalTable.isCfnGlobalTable(resource)) throw new Error(`${table.node.path} is no table of this stack`);
  const [replica, ...others] = Stack.of(table).resolve(
    resource.replicas,
  ) as CfnGlobalTable.ReplicaSpecificationProperty[];
  if (!replica || others.length > 0) throw new Error(`${table.node.path} is not in one region`);
  const recovery = replica.pointInTimeRecoverySpecification as CfnGlobalTable.PointInTimeRecoverySpecificationProperty;
  const policy = (replica.resourcePolicy as CfnGlobalTable.ResourcePolicyProperty | undefined)?.policyDocument;
  return {
    isProtectedFromDeletion: replica.deletionProtectionEnabled === true,
    recoveryDays: recovery.pointInTimeRecoveryEnabled === true ? (recovery.recoveryPeriodInDays ?? 35) : 0,
    ...(policy && { policy: asSubstituted(policy) as TableSettings['policy'] & object }),
  };
}

function bucketSettings({ bucket }: EncryptedBucket): BucketSettings {
  const resource = bucket.node.defaultChild;
  if (!CfnBucket.isCfnBucket(resource)) throw new Error(`${bucket.node.path} is no bucket of this stack`);
  const resolved = <P>(property: unknown) => Stack.of(bucket).resolve(property) as P | undefined;
  const lifecycle = resolved<{ rules: CfnBucket.RuleProperty[] }>(resource.lifecycleConfiguration);
  const versioning = resolved<CfnBucket.VersioningConfigurationProperty>(resource.versioningConfiguration);
  const lock = resolved<{ rule?: { defaultRetention?: CfnBucket.DefaultRetentionProperty } }>(
    resource.objectLockConfiguration,
  )?.rule?.defaultRetention;
  const access = resolved<Record<string, boolean>>(resource.publicAccessBlockConfiguration);
  const policy = bucket.policy && asSubstituted(resolved(bucket.policy.document));
  return {
    lifecycle: (lifecycle?.rules ?? []).map(lifecycleRule),
    isVersioned: versioning?.status === 'Enabled',
    ...(lock && { lock: { mode: lock.mode as 'COMPLIANCE', days: lock.days ?? 0 } }),
    ...(policy !== undefined && { policy: policy as BucketSettings['policy'] & object }),
    ...(access && {
      publicAccessBlock: {
        blockPublicAcls: access['blockPublicAcls'] ?? false,
        blockPublicPolicy: access['blockPublicPolicy'] ?? false,
        ignorePublicAcls: access['ignorePublicAcls'] ?? false,
        restrictPublicBuckets: access['restrictPublicBuckets'] ?? false,
      },
    }),
  };
}

/** Throws for a rule that does more than the comparison has words for: then it has to learn them first. */
function lifecycleRule({ id: _, status, ...rule }: CfnBucket.RuleProperty): LifecycleRule {
  const { prefix = '', expirationInDays, expiredObjectDeleteMarker, ...others } = rule;
  const { noncurrentVersionExpiration, abortIncompleteMultipartUpload, ...unknown } = others;
  const more = Object.entries(unknown).filter(([, value]) => value !== undefined);
  if (more.length > 0)
    throw new Error(`A lifecycle rule that no guarantee knows: ${more.map(([name]) => name).join()}`);
  const noncurrent = noncurrentVersionExpiration as CfnBucket.NoncurrentVersionExpirationProperty | undefined;
  const uploads = abortIncompleteMultipartUpload as CfnBucket.AbortIncompleteMultipartUploadProperty | undefined;
  return {
    isEnabled: status === 'Enabled',
    prefix,
    ...(expirationInDays !== undefined && { expiresAfterDays: expirationInDays }),
    ...(expiredObjectDeleteMarker === true && { removesLoneMarkers: true }),
    ...(noncurrent && { noncurrentExpiresAfterDays: noncurrent.noncurrentDays }),
    ...(uploads && { abortsUploadsAfterDays: uploads.daysAfterInitiation }),
  };
}

/** What CloudFormation would put in, as `${…}`, in the way of its Fn::Sub. */
function asSubstituted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asSubstituted);
  if (typeof value !== 'object' || value === null) return value;
  const [[name, argument] = ['', undefined], ...others] = Object.entries(value);
  const isIntrinsic = others.length === 0 && (name === 'Ref' || name.startsWith('Fn::'));
  if (!isIntrinsic) return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, asSubstituted(each)]));
  if (name === 'Fn::Join') return (argument as [string, unknown[]])[1].map(asSubstituted).join('');
  return `\${${placeholderOf(value)}}`;
}

function placeholderOf(intrinsic: unknown): string {
  const { Ref: ref, 'Fn::GetAtt': attribute } = intrinsic as { Ref?: string; 'Fn::GetAtt'?: string[] };
  if (ref === undefined && attribute === undefined) throw new Error('Neither a reference nor an attribute');
  return ref ?? attribute!.join('.');
}

function compressed(settings: Settings, references: readonly string[]): string {
  const text = JSON.stringify(settings);
  const unknown = [...text.matchAll(/\$\{([^}]+)\}/g)].filter(([, name = '']) => !references.includes(name));
  if (unknown.length > 0) throw new Error(`Nobody says at deploy what ${unknown[0]?.[0]} is`);
  return brotliCompressSync(text).toString('base64');
}
