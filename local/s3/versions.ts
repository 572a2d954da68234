import type { Checksum } from './checksums.ts';
import { S3Error } from './errors.ts';

export type LockMode = 'COMPLIANCE' | 'GOVERNANCE';

export interface Retention {
  mode: LockMode;
  retainUntilEpochMilliseconds: number;
}

export interface Encryption {
  algorithm: 'AES256' | 'aws:kms';
  kmsKeyId?: string;
  hasBucketKey: boolean;
}

/** What a request says about an object besides its bytes. */
export interface ObjectAttributes {
  /** `content-type` and the like, given back as they came. */
  systemHeaders: Readonly<Record<string, string>>;
  /** Without the `x-amz-meta-` in front. */
  userMetadata: Readonly<Record<string, string>>;
  tags: Readonly<Record<string, string>>;
  storageClass: string;
  encryption: Encryption;
  retention?: Retention;
  isLegallyHeld: boolean;
}

export interface ObjectVersion extends ObjectAttributes {
  kind: 'object';
  versionId: string;
  createdEpochMilliseconds: number;
  bodyId: string;
  sizeBytes: number;
  /** Without quotes. */
  etag: string;
  checksum?: Checksum;
}

export interface DeleteMarker {
  kind: 'delete-marker';
  versionId: string;
  createdEpochMilliseconds: number;
}

/** All versions of one key, newest first: the first is the current one. */
export type Versions = readonly (ObjectVersion | DeleteMarker)[];

/** The version id of everything written while versioning is not enabled. */
export const NULL_VERSION_ID = 'null';

/** Puts a version in front; one with the same id (`null`) is replaced. */
export function withNewVersion(versions: Versions, added: ObjectVersion | DeleteMarker): Versions {
  return [added, ...versions.filter((version) => version.versionId !== added.versionId)];
}

export function withoutVersion(versions: Versions, versionId: string): Versions {
  return versions.filter((version) => version.versionId !== versionId);
}

export function withReplacedVersion(versions: Versions, replacement: ObjectVersion): Versions {
  return versions.map((version) => (version.versionId === replacement.versionId ? replacement : version));
}

export function currentObject(versions: Versions): ObjectVersion | undefined {
  const current = versions[0];
  return current?.kind === 'object' ? current : undefined;
}

/** The version that a read means. Throws NoSuchKey, NoSuchVersion, or MethodNotAllowed for a marker asked for by id. */
export function objectToRead(key: string, versions: Versions, versionId: string | undefined): ObjectVersion {
  const version = versionId === undefined ? versions[0] : versions.find((known) => known.versionId === versionId);
  if (version?.kind === 'object') return version;
  if (!version) {
    if (versionId === undefined) throw new S3Error('NoSuchKey', undefined, { details: { Key: key } });
    throw new S3Error('NoSuchVersion', undefined, { details: { Key: key, VersionId: versionId } });
  }
  const headers = { 'x-amz-delete-marker': 'true', 'x-amz-version-id': version.versionId };
  if (versionId === undefined) throw new S3Error('NoSuchKey', undefined, { details: { Key: key }, headers });
  throw new S3Error('MethodNotAllowed', undefined, {
    headers: { ...headers, 'last-modified': new Date(version.createdEpochMilliseconds).toUTCString(), allow: 'DELETE' },
  });
}
