import { randomBytes } from 'node:crypto';
import {
  attributesFromHeaders,
  checksumHeaders,
  encryptionHeaders,
  versionHeaders,
  withDefaultRetention,
} from './attributes.ts';
import { type Checksum, checksumAlgorithmNamed, checksumClaim } from './checksums.ts';
import { S3Error } from './errors.ts';
import { type CreatedReason, objectCreated } from './events.ts';
import { type Bucket, type ObjectCall, type S3Host, type S3Response, xmlResponse } from './operation.ts';
import { readCondition, requireWriteCondition } from './preconditions.ts';
import type { Headers } from './request.ts';
import { OBJECT_BYTES_MAX, receiveCheckedBody } from './request-body.ts';
import type { ReceivedBody } from './storage.ts';
import {
  currentObject,
  NULL_VERSION_ID,
  type ObjectAttributes,
  type ObjectVersion,
  objectToRead,
  withNewVersion,
} from './versions.ts';
import { renderXml } from './xml.ts';

interface NewObject {
  body: ReceivedBody;
  attributes: ObjectAttributes;
  reason: CreatedReason;
  /** Of the request, for its conditions. */
  headers: Headers;
  /** Where it is not the MD5 of the bytes. */
  etag?: string;
  checksum?: Checksum | undefined;
}

export async function putObject(call: ObjectCall): Promise<S3Response> {
  const { host, bucket, key, request } = call;
  const attributes = attributesFromHeaders(request.headers, bucket.declaration, host.clock.now());
  const claim = checksumClaim(request.headers);
  if (request.headers['x-amz-object-lock-mode'] && !claim && !request.headers['content-md5']) {
    throw new S3Error('InvalidRequest', 'Content-MD5 OR x-amz-checksum- is required with Object Lock parameters');
  }
  const body = await receiveCheckedBody(bucket.storage, request, call.payload);
  const version = commitObject(host, bucket, key, {
    body,
    attributes,
    reason: 'PutObject',
    headers: request.headers,
    checksum: claim && fullChecksum(claim.algorithm, body),
  });
  return { status: 200, headers: { etag: `"${version.etag}"`, ...writtenHeaders(bucket, version) } };
}

/** Copies at most 5 GiB; conditions on the source in `x-amz-copy-source-if-*`. */
export async function copyObject(call: ObjectCall): Promise<S3Response> {
  const { host, bucket, key, request } = call;
  const { headers } = request;
  const from = parseCopySource(headers['x-amz-copy-source'] ?? '');
  const sourceBucket = host.bucketNamed(from.bucketName);
  const source = objectToRead(from.key, sourceBucket.storage.versionsOf(from.key), from.versionId);
  if (readCondition(headers, source, 'x-amz-copy-source-') === 'not-modified') throw new S3Error('PreconditionFailed');
  const attributes = copiedAttributes(call, source);
  const isItself = sourceBucket === bucket && from.key === key && from.versionId === undefined;
  if (isItself && headers['x-amz-metadata-directive'] !== 'REPLACE' && !headers['x-amz-storage-class']) {
    throw new S3Error('InvalidRequest', 'This copy request is illegal because it changes nothing.');
  }
  const wanted = headers['x-amz-checksum-algorithm'];
  const algorithm = wanted === undefined ? source.checksum?.algorithm : checksumAlgorithmNamed(wanted);
  const body = await bucket.storage.receiveBody(sourceBucket.storage.readBody(source.bodyId), {
    bytesMax: OBJECT_BYTES_MAX,
    checksum: algorithm,
  });
  const version = commitObject(host, bucket, key, {
    body,
    attributes,
    reason: 'CopyObject',
    headers,
    checksum: algorithm && fullChecksum(algorithm, body),
  });
  const result = {
    LastModified: new Date(version.createdEpochMilliseconds).toISOString(),
    ETag: `"${version.etag}"`,
    ...(version.checksum && { [`Checksum${version.checksum.algorithm}`]: version.checksum.value }),
  };
  return xmlResponse(renderXml('CopyObjectResult', result), {
    ...writtenHeaders(bucket, version),
    ...versionHeaderOfSource(source),
  });
}

/**
 * Makes a received body the newest version, in one step for the event loop: the request's conditions are decided
 * against the state that the write replaces. The body is removed where they do not hold.
 */
export function commitObject(host: S3Host, bucket: Bucket, key: string, added: NewObject): ObjectVersion {
  const { storage, declaration } = bucket;
  const versions = storage.versionsOf(key);
  const now = host.clock.now();
  try {
    requireWriteCondition(added.headers, currentObject(versions));
  } catch (error) {
    storage.removeBody(added.body.bodyId);
    throw error;
  }
  const version: ObjectVersion = {
    kind: 'object',
    ...withDefaultRetention(added.attributes, declaration, now),
    versionId: newVersionId(bucket),
    createdEpochMilliseconds: now,
    bodyId: added.body.bodyId,
    sizeBytes: added.body.sizeBytes,
    etag: added.etag ?? added.body.md5Hex,
    ...(added.checksum && { checksum: added.checksum }),
  };
  storage.saveVersions(key, withNewVersion(versions, version));
  const occasion = { bucketName: declaration.name, key, region: host.region, atEpochMilliseconds: now };
  host.emit(bucket, objectCreated(occasion, version, added.reason));
  return version;
}

export function newVersionId(bucket: Bucket): string {
  return bucket.declaration.versioning === 'Enabled' ? randomBytes(24).toString('base64url') : NULL_VERSION_ID;
}

/** The headers that a write answers with. */
export function writtenHeaders(bucket: Bucket, version: ObjectVersion): Record<string, string> {
  return {
    ...versionHeaders(version.versionId, bucket.declaration),
    ...encryptionHeaders(version.encryption),
    ...checksumHeaders(version),
  };
}

export function fullChecksum(algorithm: Checksum['algorithm'], body: ReceivedBody): Checksum | undefined {
  return body.checksumValue === undefined ? undefined : { algorithm, value: body.checksumValue, type: 'FULL_OBJECT' };
}

function copiedAttributes(call: ObjectCall, source: ObjectVersion): ObjectAttributes {
  const { request, bucket, host } = call;
  const given = attributesFromHeaders(request.headers, bucket.declaration, host.clock.now());
  const replacesMetadata = request.headers['x-amz-metadata-directive'] === 'REPLACE';
  const replacesTags = request.headers['x-amz-tagging-directive'] === 'REPLACE';
  return {
    // Neither lock nor storage class goes along with a copy.
    ...given,
    systemHeaders: replacesMetadata ? given.systemHeaders : source.systemHeaders,
    userMetadata: replacesMetadata ? given.userMetadata : source.userMetadata,
    tags: replacesTags ? given.tags : source.tags,
  };
}

function versionHeaderOfSource(source: ObjectVersion): Record<string, string> {
  return source.versionId === NULL_VERSION_ID ? {} : { 'x-amz-copy-source-version-id': source.versionId };
}

function parseCopySource(header: string): { bucketName: string; key: string; versionId: string | undefined } {
  const parsed = /^\/?([^/?]+)\/([^?]+)(?:\?versionId=(.+))?$/.exec(header);
  const [, bucketName = '', key = '', versionId] = parsed ?? [];
  if (!parsed) throw new S3Error('InvalidArgument', 'Copy Source must mention the source bucket and key');
  try {
    return { bucketName, key: decodeURIComponent(key), versionId };
  } catch {
    throw new S3Error('InvalidArgument', 'Copy Source is not URL-encoded');
  }
}
