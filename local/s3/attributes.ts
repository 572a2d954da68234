import type { BucketDeclaration } from './buckets.ts';
import { checksumHeader } from './checksums.ts';
import { S3Error } from './errors.ts';
import { defaultRetention, parseRetention } from './object-lock.ts';
import type { Headers } from './request.ts';
import type { Encryption, ObjectAttributes, ObjectVersion, Retention } from './versions.ts';

const USER_METADATA_PREFIX = 'x-amz-meta-';
const USER_METADATA_BYTES_MAX = 2048;
const TAGS_MAX = 10;
const TAG_NAME_CHARACTERS_MAX = 128;
const TAG_VALUE_CHARACTERS_MAX = 256;

const keptHeaders = ['cache-control', 'content-disposition', 'content-encoding', 'content-language', 'expires'];
const storageClasses = new Set([
  'STANDARD',
  'STANDARD_IA',
  'INTELLIGENT_TIERING',
  'ONEZONE_IA',
  'GLACIER_IR',
  'GLACIER',
  'DEEP_ARCHIVE',
]);

/** Reads what a write says about its object; the bucket's default encryption fills in. Throws S3's errors. */
export function attributesFromHeaders(headers: Headers, bucket: BucketDeclaration, now: number): ObjectAttributes {
  refuseAcl(headers);
  const storageClass = headers['x-amz-storage-class'] ?? 'STANDARD';
  if (!storageClasses.has(storageClass)) throw new S3Error('InvalidArgument', 'Unknown storage class.');
  const retention = retentionFromHeaders(headers, bucket, now);
  return {
    systemHeaders: systemHeaders(headers),
    userMetadata: userMetadata(headers),
    tags: tagsFromHeader(headers['x-amz-tagging']),
    storageClass,
    encryption: encryptionFromHeaders(headers, bucket.encryption),
    ...(retention && { retention }),
    isLegallyHeld: legalHoldFromHeaders(headers, bucket),
  };
}

/** Retention starts with the object: the bucket's default is added when the object is made, not before. */
export function withDefaultRetention(
  attributes: ObjectAttributes,
  bucket: BucketDeclaration,
  now: number,
): ObjectAttributes {
  const retention = attributes.retention ?? defaultRetention(bucket.objectLock?.defaultRetention, now);
  return retention ? { ...attributes, retention } : attributes;
}

export function checkedTags(tags: readonly (readonly [name: string, value: string])[]): Record<string, string> {
  const names = new Set(tags.map(([name]) => name));
  const isValid =
    tags.length <= TAGS_MAX &&
    names.size === tags.length &&
    tags.every(
      ([name, value]) =>
        name.length >= 1 && name.length <= TAG_NAME_CHARACTERS_MAX && value.length <= TAG_VALUE_CHARACTERS_MAX,
    );
  if (!isValid) throw new S3Error('InvalidTag');
  return Object.fromEntries(tags);
}

/** The headers of `GetObject` and `HeadObject`; checksums only where the request asks for them. */
export function objectHeaders(version: ObjectVersion, wants: { hasChecksum: boolean }): Record<string, string> {
  const tagCount = Object.keys(version.tags).length;
  return {
    ...version.systemHeaders,
    ...Object.fromEntries(
      Object.entries(version.userMetadata).map(([name, value]) => [`${USER_METADATA_PREFIX}${name}`, value]),
    ),
    etag: `"${version.etag}"`,
    'last-modified': new Date(version.createdEpochMilliseconds).toUTCString(),
    'accept-ranges': 'bytes',
    ...encryptionHeaders(version.encryption),
    ...(version.storageClass !== 'STANDARD' && { 'x-amz-storage-class': version.storageClass }),
    ...(tagCount > 0 && { 'x-amz-tagging-count': String(tagCount) }),
    ...(version.retention && {
      'x-amz-object-lock-mode': version.retention.mode,
      'x-amz-object-lock-retain-until-date': new Date(version.retention.retainUntilEpochMilliseconds).toISOString(),
    }),
    ...(version.isLegallyHeld && { 'x-amz-object-lock-legal-hold': 'ON' }),
    ...(wants.hasChecksum && checksumHeaders(version)),
  };
}

export function checksumHeaders(version: Pick<ObjectVersion, 'checksum'>): Record<string, string> {
  const { checksum } = version;
  if (!checksum) return {};
  return { [checksumHeader(checksum.algorithm)]: checksum.value, 'x-amz-checksum-type': checksum.type };
}

export function encryptionHeaders(encryption: Encryption): Record<string, string> {
  return {
    'x-amz-server-side-encryption': encryption.algorithm,
    ...(encryption.kmsKeyId !== undefined && { 'x-amz-server-side-encryption-aws-kms-key-id': encryption.kmsKeyId }),
    ...(encryption.hasBucketKey && { 'x-amz-server-side-encryption-bucket-key-enabled': 'true' }),
  };
}

/** Without `x-amz-version-id` where the bucket has never had versions. */
export function versionHeaders(versionId: string, bucket: BucketDeclaration): Record<string, string> {
  return bucket.versioning === 'Off' ? {} : { 'x-amz-version-id': versionId };
}

function systemHeaders(headers: Headers): Record<string, string> {
  const kept = Object.fromEntries(
    keptHeaders.flatMap((name) => {
      const value = name === 'content-encoding' ? withoutAwsChunked(headers[name]) : headers[name];
      return value === undefined || value === '' ? [] : [[name, value]];
    }),
  );
  return { 'content-type': headers['content-type'] || 'binary/octet-stream', ...kept };
}

function withoutAwsChunked(encoding: string | undefined): string | undefined {
  return encoding
    ?.split(',')
    .map((part) => part.trim())
    .filter((part) => part !== 'aws-chunked')
    .join(',');
}

function userMetadata(headers: Headers): Record<string, string> {
  const entries = Object.entries(headers)
    .filter(([name]) => name.startsWith(USER_METADATA_PREFIX))
    .map(([name, value]) => [name.slice(USER_METADATA_PREFIX.length), value] as const);
  const bytes = entries.reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value), 0);
  if (bytes > USER_METADATA_BYTES_MAX) throw new S3Error('MetadataTooLarge');
  return Object.fromEntries(entries);
}

function tagsFromHeader(header: string | undefined): Record<string, string> {
  return checkedTags([...new URLSearchParams(header ?? '')]);
}

// Buckets here own their objects, as is S3's default: an ACL that would open one is refused, never ignored.
function refuseAcl(headers: Headers): void {
  const acl = headers['x-amz-acl'] ?? 'private';
  const grants = Object.keys(headers).some((name) => name.startsWith('x-amz-grant-'));
  if (grants || (acl !== 'private' && acl !== 'bucket-owner-full-control')) {
    throw new S3Error('AccessControlListNotSupported');
  }
}

function encryptionFromHeaders(headers: Headers, byDefault: Encryption): Encryption {
  if (headers['x-amz-server-side-encryption-customer-algorithm'] !== undefined) {
    throw new S3Error('NotImplemented', 'Customer-provided keys are not implemented.');
  }
  const algorithm = headers['x-amz-server-side-encryption'];
  if (algorithm === undefined) return byDefault;
  if (algorithm !== 'AES256' && algorithm !== 'aws:kms') {
    throw new S3Error('InvalidArgument', 'The encryption method specified is not supported');
  }
  if (algorithm === 'AES256') return { algorithm, hasBucketKey: false };
  const kmsKeyId = headers['x-amz-server-side-encryption-aws-kms-key-id'] ?? byDefault.kmsKeyId;
  return { algorithm, ...(kmsKeyId !== undefined && { kmsKeyId }), hasBucketKey: byDefault.hasBucketKey };
}

function retentionFromHeaders(headers: Headers, bucket: BucketDeclaration, now: number): Retention | undefined {
  const mode = headers['x-amz-object-lock-mode'];
  const until = headers['x-amz-object-lock-retain-until-date'];
  if (mode === undefined && until === undefined) return undefined;
  requireObjectLock(bucket);
  if (mode === undefined || until === undefined) {
    throw new S3Error(
      'InvalidArgument',
      'x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied',
    );
  }
  return parseRetention(mode, until, now);
}

function legalHoldFromHeaders(headers: Headers, bucket: BucketDeclaration): boolean {
  const status = headers['x-amz-object-lock-legal-hold'];
  if (status === undefined) return false;
  requireObjectLock(bucket);
  if (status !== 'ON' && status !== 'OFF') throw new S3Error('InvalidArgument', 'Legal Hold must be either ON or OFF');
  return status === 'ON';
}

export function requireObjectLock(bucket: BucketDeclaration): void {
  if (!bucket.objectLock) throw new S3Error('InvalidRequest', 'Bucket is missing Object Lock Configuration');
}
