import * as z from 'zod';
import type { Encryption, LockMode } from './versions.ts';

export interface LifecycleRule {
  id: string;
  isEnabled: boolean;
  prefix: string;
  tags: Readonly<Record<string, string>>;
  sizeGreaterThanBytes?: number;
  sizeLessThanBytes?: number;
  expirationDays?: number;
  removesExpiredDeleteMarkers: boolean;
  noncurrentDays?: number;
  /** That many noncurrent versions are kept beyond `noncurrentDays`. */
  newerNoncurrentVersions: number;
  abortUploadsAfterDays?: number;
  transitions: readonly { storageClass: string; days: number }[];
}

export interface CorsRule {
  allowedOrigins: readonly string[];
  allowedMethods: readonly string[];
  allowedHeaders: readonly string[];
  exposedHeaders: readonly string[];
  maxAgeSeconds?: number;
}

export interface DefaultRetention {
  mode: LockMode;
  days?: number;
  years?: number;
}

export interface BucketDeclaration {
  name: string;
  versioning: 'Off' | 'Enabled' | 'Suspended';
  /** Present where Object Lock is on. */
  objectLock?: { defaultRetention?: DefaultRetention };
  lifecycleRules: readonly LifecycleRule[];
  corsRules: readonly CorsRule[];
  /** Whether events go to EventBridge. */
  hasEventBridge: boolean;
  encryption: Encryption;
  publicAccessBlock?: {
    blockPublicAcls: boolean;
    blockPublicPolicy: boolean;
    ignorePublicAcls: boolean;
    restrictPublicBuckets: boolean;
  };
  /** The document of its AWS::S3::BucketPolicy. */
  policy?: object;
}

// No slashes, no adjacent dots: a bucket's name is a folder's name in the state.
const BucketName = z.string().regex(/^(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/);
const flag = z.stringbool().or(z.boolean());
const count = z.coerce.number().int().min(0);
const days = z.coerce.number().int().min(1);
const Status = z.enum(['Enabled', 'Disabled']);
const StorageClass = z.enum([
  'STANDARD_IA',
  'INTELLIGENT_TIERING',
  'ONEZONE_IA',
  'GLACIER_IR',
  'GLACIER',
  'DEEP_ARCHIVE',
]);

// Strict, so that a rule which the sweep would not play is refused instead of forgotten.
const LifecycleRuleProperties = z.strictObject({
  Id: z.string().optional(),
  Status,
  Prefix: z.string().default(''),
  TagFilters: z.array(z.strictObject({ Key: z.string(), Value: z.string() })).default([]),
  ObjectSizeGreaterThan: count.optional(),
  ObjectSizeLessThan: count.optional(),
  ExpirationInDays: days.optional(),
  ExpiredObjectDeleteMarker: flag.default(false),
  NoncurrentVersionExpirationInDays: days.optional(),
  NoncurrentVersionExpiration: z
    .strictObject({ NoncurrentDays: days, NewerNoncurrentVersions: count.default(0) })
    .optional(),
  AbortIncompleteMultipartUpload: z.strictObject({ DaysAfterInitiation: days }).optional(),
  Transition: z.strictObject({ StorageClass, TransitionInDays: count }).optional(),
  Transitions: z.array(z.strictObject({ StorageClass, TransitionInDays: count })).default([]),
});

const CorsRuleProperties = z.strictObject({
  Id: z.string().optional(),
  AllowedOrigins: z.array(z.string()),
  AllowedMethods: z.array(z.enum(['GET', 'PUT', 'HEAD', 'POST', 'DELETE'])),
  AllowedHeaders: z.array(z.string()).default([]),
  ExposedHeaders: z.array(z.string()).default([]),
  MaxAge: count.optional(),
});

const ObjectLockProperties = z.strictObject({
  ObjectLockEnabled: z.literal('Enabled').optional(),
  Rule: z
    .strictObject({
      DefaultRetention: z
        .strictObject({
          Mode: z.enum(['COMPLIANCE', 'GOVERNANCE']),
          Days: days.optional(),
          Years: days.optional(),
        })
        .refine((retention) => (retention.Days === undefined) !== (retention.Years === undefined), 'Days or Years'),
    })
    .optional(),
});

const EncryptionProperties = z.strictObject({
  ServerSideEncryptionConfiguration: z
    .array(
      z.object({
        BucketKeyEnabled: flag.default(false),
        ServerSideEncryptionByDefault: z
          .strictObject({ SSEAlgorithm: z.enum(['AES256', 'aws:kms']), KMSMasterKeyID: z.string().optional() })
          .optional(),
      }),
    )
    .length(1),
});

const BucketProperties = z.object({
  BucketName,
  VersioningConfiguration: z.strictObject({ Status: z.enum(['Enabled', 'Suspended']) }).optional(),
  ObjectLockEnabled: flag.default(false),
  ObjectLockConfiguration: ObjectLockProperties.optional(),
  LifecycleConfiguration: z
    .object({ Rules: z.array(LifecycleRuleProperties), TransitionDefaultMinimumObjectSize: z.string().optional() })
    .optional(),
  CorsConfiguration: z.strictObject({ CorsRules: z.array(CorsRuleProperties) }).optional(),
  NotificationConfiguration: z
    .strictObject({ EventBridgeConfiguration: z.strictObject({ EventBridgeEnabled: flag.default(true) }).optional() })
    .optional(),
  BucketEncryption: EncryptionProperties.optional(),
  PublicAccessBlockConfiguration: z
    .strictObject({
      BlockPublicAcls: flag.default(false),
      BlockPublicPolicy: flag.default(false),
      IgnorePublicAcls: flag.default(false),
      RestrictPublicBuckets: flag.default(false),
    })
    .optional(),
});

/**
 * Reads the properties of an `AWS::S3::Bucket` whose intrinsics are resolved and whose `BucketName` is given
 * (CloudFormation User Guide, AWS::S3::Bucket). Throws a ZodError for a rule or a value that S3 here cannot play.
 */
export function bucketFromTemplate(properties: unknown): BucketDeclaration {
  const bucket = BucketProperties.parse(properties);
  const retention = bucket.ObjectLockConfiguration?.Rule?.DefaultRetention;
  const hasObjectLock = bucket.ObjectLockEnabled || bucket.ObjectLockConfiguration?.ObjectLockEnabled === 'Enabled';
  const block = bucket.PublicAccessBlockConfiguration;
  return {
    name: bucket.BucketName,
    // Object Lock switches versioning on.
    versioning: hasObjectLock ? 'Enabled' : (bucket.VersioningConfiguration?.Status ?? 'Off'),
    ...(hasObjectLock && {
      objectLock: retention
        ? {
            defaultRetention: {
              mode: retention.Mode,
              ...(retention.Days !== undefined && { days: retention.Days }),
              ...(retention.Years !== undefined && { years: retention.Years }),
            },
          }
        : {},
    }),
    lifecycleRules: (bucket.LifecycleConfiguration?.Rules ?? []).map(lifecycleRule),
    corsRules: (bucket.CorsConfiguration?.CorsRules ?? []).map(corsRule),
    hasEventBridge: bucket.NotificationConfiguration?.EventBridgeConfiguration?.EventBridgeEnabled ?? false,
    encryption: bucketEncryption(bucket.BucketEncryption),
    ...(block && {
      publicAccessBlock: {
        blockPublicAcls: block.BlockPublicAcls,
        blockPublicPolicy: block.BlockPublicPolicy,
        ignorePublicAcls: block.IgnorePublicAcls,
        restrictPublicBuckets: block.RestrictPublicBuckets,
      },
    }),
  };
}

function lifecycleRule(rule: z.output<typeof LifecycleRuleProperties>, index: number): LifecycleRule {
  const noncurrentDays = rule.NoncurrentVersionExpiration?.NoncurrentDays ?? rule.NoncurrentVersionExpirationInDays;
  const transitions = rule.Transition ? [...rule.Transitions, rule.Transition] : rule.Transitions;
  return {
    id: rule.Id ?? `rule-${index + 1}`,
    isEnabled: rule.Status === 'Enabled',
    prefix: rule.Prefix,
    tags: Object.fromEntries(rule.TagFilters.map((tag) => [tag.Key, tag.Value])),
    ...(rule.ObjectSizeGreaterThan !== undefined && { sizeGreaterThanBytes: rule.ObjectSizeGreaterThan }),
    ...(rule.ObjectSizeLessThan !== undefined && { sizeLessThanBytes: rule.ObjectSizeLessThan }),
    ...(rule.ExpirationInDays !== undefined && { expirationDays: rule.ExpirationInDays }),
    removesExpiredDeleteMarkers: rule.ExpiredObjectDeleteMarker,
    ...(noncurrentDays !== undefined && { noncurrentDays }),
    newerNoncurrentVersions: rule.NoncurrentVersionExpiration?.NewerNoncurrentVersions ?? 0,
    ...(rule.AbortIncompleteMultipartUpload && {
      abortUploadsAfterDays: rule.AbortIncompleteMultipartUpload.DaysAfterInitiation,
    }),
    transitions: transitions.map(({ StorageClass, TransitionInDays }) => ({
      storageClass: StorageClass,
      days: TransitionInDays,
    })),
  };
}

function corsRule(rule: z.output<typeof CorsRuleProperties>): CorsRule {
  return {
    allowedOrigins: rule.AllowedOrigins,
    allowedMethods: rule.AllowedMethods,
    allowedHeaders: rule.AllowedHeaders,
    exposedHeaders: rule.ExposedHeaders,
    ...(rule.MaxAge !== undefined && { maxAgeSeconds: rule.MaxAge }),
  };
}

function bucketEncryption(properties: z.output<typeof EncryptionProperties> | undefined): Encryption {
  const configuration = properties?.ServerSideEncryptionConfiguration[0];
  const byDefault = configuration?.ServerSideEncryptionByDefault;
  // What S3 does without being asked since January 2023.
  if (!byDefault) return { algorithm: 'AES256', hasBucketKey: false };
  return {
    algorithm: byDefault.SSEAlgorithm,
    ...(byDefault.KMSMasterKeyID !== undefined && { kmsKeyId: byDefault.KMSMasterKeyID }),
    hasBucketKey: configuration?.BucketKeyEnabled ?? false,
  };
}
