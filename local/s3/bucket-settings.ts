import type { LifecycleRule } from './buckets.ts';
import { S3Error } from './errors.ts';
import { type BucketCall, type S3Host, type S3Response, xmlResponse } from './operation.ts';
import { renderXml, type XmlContent } from './xml.ts';

export function listBuckets(host: S3Host): S3Response {
  const names = [...host.buckets.keys()].sort();
  return xmlResponse(
    renderXml('ListAllMyBucketsResult', {
      Buckets: { Bucket: names.map((Name) => ({ Name, BucketRegion: host.region })) },
    }),
  );
}

export function headBucket({ host }: BucketCall): S3Response {
  return { status: 200, headers: { 'x-amz-bucket-region': host.region } };
}

export function getBucketLocation({ host }: BucketCall): S3Response {
  return xmlResponse(renderXml('LocationConstraint', host.region));
}

export function getBucketVersioning({ bucket: { declaration } }: BucketCall): S3Response {
  const Status = declaration.versioning === 'Off' ? undefined : declaration.versioning;
  return xmlResponse(renderXml('VersioningConfiguration', { Status }));
}

export function getObjectLockConfiguration({ bucket: { declaration } }: BucketCall): S3Response {
  if (!declaration.objectLock) throw new S3Error('ObjectLockConfigurationNotFoundError');
  const retention = declaration.objectLock.defaultRetention;
  const rule = retention && {
    DefaultRetention: { Mode: retention.mode, Days: retention.days, Years: retention.years },
  };
  return xmlResponse(renderXml('ObjectLockConfiguration', { ObjectLockEnabled: 'Enabled', Rule: rule }));
}

export function getBucketLifecycle({ bucket: { declaration } }: BucketCall): S3Response {
  if (declaration.lifecycleRules.length === 0) throw new S3Error('NoSuchLifecycleConfiguration');
  return xmlResponse(renderXml('LifecycleConfiguration', { Rule: declaration.lifecycleRules.map(ruleElement) }));
}

export function getBucketCors({ bucket: { declaration } }: BucketCall): S3Response {
  if (declaration.corsRules.length === 0) throw new S3Error('NoSuchCORSConfiguration');
  const rules = declaration.corsRules.map((rule) => ({
    AllowedOrigin: rule.allowedOrigins,
    AllowedMethod: rule.allowedMethods,
    AllowedHeader: rule.allowedHeaders,
    ExposeHeader: rule.exposedHeaders,
    MaxAgeSeconds: rule.maxAgeSeconds,
  }));
  return xmlResponse(renderXml('CORSConfiguration', { CORSRule: rules }));
}

export function getBucketEncryption({ bucket: { declaration } }: BucketCall): S3Response {
  const { algorithm, kmsKeyId, hasBucketKey } = declaration.encryption;
  const rule = {
    ApplyServerSideEncryptionByDefault: { SSEAlgorithm: algorithm, KMSMasterKeyID: kmsKeyId },
    BucketKeyEnabled: hasBucketKey,
  };
  return xmlResponse(renderXml('ServerSideEncryptionConfiguration', { Rule: rule }));
}

/** JSON, not XML: the one setting that is (API reference, GetBucketPolicy). */
export function getBucketPolicy({ bucket: { declaration } }: BucketCall): S3Response {
  if (!declaration.policy) throw new S3Error('NoSuchBucketPolicy');
  const headers = { 'content-type': 'application/json' };
  return { status: 200, headers, body: JSON.stringify(declaration.policy) };
}

export function getPublicAccessBlock({ bucket: { declaration } }: BucketCall): S3Response {
  const block = declaration.publicAccessBlock;
  if (!block) throw new S3Error('NoSuchPublicAccessBlockConfiguration');
  return xmlResponse(
    renderXml('PublicAccessBlockConfiguration', {
      BlockPublicAcls: block.blockPublicAcls,
      IgnorePublicAcls: block.ignorePublicAcls,
      BlockPublicPolicy: block.blockPublicPolicy,
      RestrictPublicBuckets: block.restrictPublicBuckets,
    }),
  );
}

function ruleElement(rule: LifecycleRule): XmlContent {
  const expiration = {
    Days: rule.expirationDays,
    ExpiredObjectDeleteMarker: rule.removesExpiredDeleteMarkers ? true : undefined,
  };
  const hasExpiration = rule.expirationDays !== undefined || rule.removesExpiredDeleteMarkers;
  return {
    ID: rule.id,
    Status: rule.isEnabled ? 'Enabled' : 'Disabled',
    Filter: ruleFilter(rule),
    Expiration: hasExpiration ? expiration : undefined,
    NoncurrentVersionExpiration:
      rule.noncurrentDays === undefined
        ? undefined
        : {
            NoncurrentDays: rule.noncurrentDays,
            NewerNoncurrentVersions: rule.newerNoncurrentVersions || undefined,
          },
    AbortIncompleteMultipartUpload:
      rule.abortUploadsAfterDays === undefined ? undefined : { DaysAfterInitiation: rule.abortUploadsAfterDays },
    Transition: rule.transitions.map(({ storageClass, days }) => ({ Days: days, StorageClass: storageClass })),
  };
}

// One criterion stands alone, several stand under `And`.
function ruleFilter(rule: LifecycleRule): XmlContent {
  const tags = Object.entries(rule.tags).map(([Key, Value]) => ({ Key, Value }));
  const sizes = {
    ObjectSizeGreaterThan: rule.sizeGreaterThanBytes,
    ObjectSizeLessThan: rule.sizeLessThanBytes,
  };
  const sizeCount = Object.values(sizes).filter((size) => size !== undefined).length;
  const criteria = { Prefix: rule.prefix || undefined, Tag: tags, ...sizes };
  const count = (rule.prefix ? 1 : 0) + tags.length + sizeCount;
  if (count === 0) return { Prefix: '' };
  return count === 1 ? criteria : { And: criteria };
}
