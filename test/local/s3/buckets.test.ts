import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import {
  BlockPublicAccess,
  Bucket,
  type BucketProps,
  CfnBucket,
  HttpMethods,
  ObjectLockRetention,
  StorageClass,
} from 'aws-cdk-lib/aws-s3';
import { describe, expect, it } from 'vitest';
import { bucketFromTemplate } from '../../../local/s3/buckets.ts';

function synthesised(props: BucketProps, change: (bucket: CfnBucket) => void = () => {}): unknown {
  const stack = new Stack(new App(), 'Data');
  const bucket = new Bucket(stack, 'Backup', { bucketName: 'vern-backup', ...props });
  const { defaultChild } = bucket.node;
  if (defaultChild instanceof CfnBucket) change(defaultChild);
  const [resource] = Object.values(Template.fromStack(stack).findResources('AWS::S3::Bucket'));
  return resource?.['Properties'];
}

describe('a bucket of the template', () => {
  it('says all that CDK wrote of it', () => {
    const properties = synthesised(
      {
        objectLockDefaultRetention: ObjectLockRetention.compliance(Duration.days(82)),
        versioned: true,
        enforceSSL: true,
        blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
        lifecycleRules: [
          {
            id: 'term',
            prefix: 'core/',
            expiration: Duration.days(83),
            noncurrentVersionExpiration: Duration.days(1),
            noncurrentVersionsToRetain: 2,
            abortIncompleteMultipartUploadAfter: Duration.days(1),
            transitions: [{ storageClass: StorageClass.GLACIER_INSTANT_RETRIEVAL, transitionAfter: Duration.days(1) }],
          },
          { expiration: Duration.days(1), tagFilters: { class: 'short' } },
          { expiredObjectDeleteMarker: true },
        ],
        cors: [{ allowedOrigins: ['https://a.example'], allowedMethods: [HttpMethods.POST], maxAge: 600 }],
      },
      (bucket) => {
        bucket.notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
      },
    );
    expect(bucketFromTemplate(properties)).toEqual({
      name: 'vern-backup',
      versioning: 'Enabled',
      objectLock: { defaultRetention: { mode: 'COMPLIANCE', days: 82 } },
      lifecycleRules: [
        {
          id: 'term',
          isEnabled: true,
          prefix: 'core/',
          tags: {},
          expirationDays: 83,
          removesExpiredDeleteMarkers: false,
          noncurrentDays: 1,
          newerNoncurrentVersions: 2,
          abortUploadsAfterDays: 1,
          transitions: [{ storageClass: 'GLACIER_IR', days: 1 }],
        },
        {
          id: 'rule-2',
          isEnabled: true,
          prefix: '',
          tags: { class: 'short' },
          expirationDays: 1,
          removesExpiredDeleteMarkers: false,
          newerNoncurrentVersions: 0,
          transitions: [],
        },
        {
          id: 'rule-3',
          isEnabled: true,
          prefix: '',
          tags: {},
          removesExpiredDeleteMarkers: true,
          newerNoncurrentVersions: 0,
          transitions: [],
        },
      ],
      corsRules: [
        {
          allowedOrigins: ['https://a.example'],
          allowedMethods: ['POST'],
          allowedHeaders: [],
          exposedHeaders: [],
          maxAgeSeconds: 600,
        },
      ],
      hasEventBridge: true,
      encryption: { algorithm: 'AES256', hasBucketKey: false },
      publicAccessBlock: {
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
    });
  });

  it('has neither versions nor lock nor events unless it says so', () => {
    expect(bucketFromTemplate({ BucketName: 'plain' })).toEqual({
      name: 'plain',
      versioning: 'Off',
      lifecycleRules: [],
      corsRules: [],
      hasEventBridge: false,
      encryption: { algorithm: 'AES256', hasBucketKey: false },
    });
  });

  it.each(['..', 'a..b', '../state', 'Upper', 'ab', '-dash', 'a/b'])('may not be named %s', (BucketName) => {
    expect(() => bucketFromTemplate({ BucketName })).toThrow('BucketName');
  });

  it('is refused while a property of it is still an intrinsic function', () => {
    const ServerSideEncryptionByDefault = { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: { 'Fn::GetAtt': ['Key', 'Arn'] } };
    const BucketEncryption = { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault }] };
    expect(() => bucketFromTemplate({ BucketName: 'sealed', BucketEncryption })).toThrow('KMSMasterKeyID');
  });
});
