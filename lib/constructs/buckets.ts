import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketProps,
  CfnBucket,
  HttpMethods,
  ObjectLockRetention,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { terms } from '../../lambdas/features/retention/terms.ts';
import type { BucketName } from '../../lambdas/platform/buckets.ts';
import type { Stage } from '../stages.ts';
import type { EncryptionKeys } from './encryption-keys.ts';

export interface EncryptedBucket {
  readonly bucket: Bucket;
  readonly encryptionKey: Key;
}

/**
 * "Gone at 90 days" (ALL-05) from expiry at 83: expiry rounds up to midnight and lags, only adds a marker on a versioned
 * bucket, and what is noncurrent takes a day more.
 */
const BACKUP_EXPIRY_DAYS = terms.backup.length.days - 7;
/** A day shorter: an expiry that finds a version still locked passes it by. */
const OFFLINE_LOCK_DAYS = BACKUP_EXPIRY_DAYS - 1;

/** Hashes of the log prove what was recorded for as long as anyone may ask; the records themselves go after a year. */
const LOG_LOCK_DAYS = 5 * 365;

/** An export is kept for seven days; S3 rounds up to midnight, and the worker that sweeps is ahead of it. */
const EXPORT_EXPIRY_DAYS = 8;

/** Uploads awaiting inspection, the files that are kept, exports with the copies that are being downloaded, and backups. */
export class Buckets extends Construct implements Record<BucketName, EncryptedBucket> {
  readonly quarantine: EncryptedBucket;
  readonly files: EncryptedBucket;
  readonly exports: EncryptedBucket;
  readonly downloads: EncryptedBucket;
  readonly backup: EncryptedBucket;
  readonly offline: EncryptedBucket;
  readonly log: EncryptedBucket;

  constructor(scope: Construct, id: string, { stage, encryption }: { stage: Stage; encryption: EncryptionKeys }) {
    super(scope, id);
    this.quarantine = {
      encryptionKey: encryption.quarantine,
      bucket: new Bucket(this, 'Quarantine', {
        ...closed(encryption.quarantine),
        versioned: false,
        lifecycleRules: [{ expiration: Duration.days(1), abortIncompleteMultipartUploadAfter: Duration.days(1) }],
        cors: [
          {
            allowedMethods: [HttpMethods.POST],
            allowedOrigins: [...stage.allowedOrigins],
            allowedHeaders: ['content-type'],
            maxAge: 600,
          },
        ],
      }),
    };
    announceObjects(this.quarantine.bucket);
    this.files = { encryptionKey: encryption.files, bucket: keptBucket(this, 'Files', encryption.files) };
    this.exports = shortLived(this, 'Exports', encryption.exports, EXPORT_EXPIRY_DAYS);
    this.downloads = shortLived(this, 'Downloads', encryption.downloads, 1);
    this.backup = {
      encryptionKey: encryption.backup,
      bucket: backupBucket(this, 'Backup', encryption.backup),
    };
    this.offline = {
      encryptionKey: encryption.offline,
      bucket: backupBucket(this, 'Offline', encryption.offline, offlineLock),
    };
    this.log = { encryptionKey: encryption.log, bucket: logBucket(this, 'Log', encryption.log) };
    withoutAccessLogs(this.quarantine.bucket);
  }
}

/** Unversioned: what is removed is gone. What is in it ends with its record, by no rule of the bucket. */
function keptBucket(scope: Construct, id: string, encryptionKey: Key): Bucket {
  const bucket = new Bucket(scope, id, {
    ...closed(encryptionKey),
    versioned: false,
    lifecycleRules: [{ abortIncompleteMultipartUploadAfter: Duration.days(1) }],
  });
  withoutAccessLogs(bucket);
  return bucket;
}

/** Unversioned: what is removed is gone. */
function shortLived(scope: Construct, id: string, encryptionKey: Key, days: number): EncryptedBucket {
  const bucket = new Bucket(scope, id, {
    ...closed(encryptionKey),
    versioned: false,
    lifecycleRules: [{ expiration: Duration.days(days), abortIncompleteMultipartUploadAfter: Duration.days(1) }],
  });
  withoutAccessLogs(bucket);
  return { bucket, encryptionKey };
}

/** Versioned, with an end to everything in it: also used for copies in a second region. */
export function backupBucket(
  scope: Construct,
  id: string,
  encryptionKey: Key,
  lock: Partial<BucketProps> = {},
): Bucket {
  const bucket = new Bucket(scope, id, {
    ...closed(encryptionKey),
    ...lock,
    versioned: true,
    lifecycleRules: [
      {
        expiration: Duration.days(BACKUP_EXPIRY_DAYS),
        noncurrentVersionExpiration: Duration.days(1),
        abortIncompleteMultipartUploadAfter: Duration.days(1),
      },
      { expiredObjectDeleteMarker: true },
    ],
  });
  if (lock.objectLockEnabled) refuseLongerLocks(bucket);
  withoutAccessLogs(bucket);
  return bucket;
}

/**
 * Who locks a copy by its day names the day of its end: a wrong one could be taken back by nobody, and whoever was erased
 * would lie there until then (Amazon S3 user guide, "Setting limits on retention periods with a bucket policy").
 */
function refuseLongerLocks(bucket: Bucket): void {
  bucket.addToResourcePolicy(
    new PolicyStatement({
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions: ['s3:PutObjectRetention'],
      resources: [bucket.arnForObjects('*')],
      conditions: { NumericGreaterThan: { 's3:object-lock-remaining-retention-days': String(BACKUP_EXPIRY_DAYS) } },
    }),
  );
}

/** S3 Object Lock in compliance mode: until then nobody removes or changes a version, the account's root included. */
const lockedFor = (days: number): Partial<BucketProps> => ({
  objectLockEnabled: true,
  objectLockDefaultRetention: ObjectLockRetention.compliance(Duration.days(days)),
});

export const offlineLock = lockedFor(OFFLINE_LOCK_DAYS);

/** Without an expiry: what lies here are hashes, and the newest tile of a quiet organisation may be years old. */
function logBucket(scope: Construct, id: string, encryptionKey: Key): Bucket {
  const bucket = new Bucket(scope, id, {
    ...closed(encryptionKey),
    ...lockedFor(LOG_LOCK_DAYS),
    versioned: true,
    lifecycleRules: [{ abortIncompleteMultipartUploadAfter: Duration.days(1) }],
  });
  withoutAccessLogs(bucket);
  return bucket;
}

function withoutAccessLogs(bucket: Bucket): void {
  Validations.of(bucket).acknowledge({
    id: 'AwsSolutions-S1',
    reason: 'Server access logs would keep IP addresses outside the 14-day web log (KP-02)',
  });
}

const closed = (encryptionKey: Key) =>
  ({
    encryption: BucketEncryption.KMS,
    encryptionKey,
    bucketKeyEnabled: true,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    removalPolicy: RemovalPolicy.RETAIN,
  }) satisfies BucketProps;

/** Through the resource itself: CDK's `eventBridgeEnabled` deploys a function of its own to say the same. */
function announceObjects(bucket: Bucket): void {
  const resource = bucket.node.defaultChild;
  if (!CfnBucket.isCfnBucket(resource)) throw new Error(`${bucket.node.path} is no bucket of this stack`);
  resource.notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
}
