import { versionHeaders } from './attributes.ts';
import { S3Error } from './errors.ts';
import { type DeletedReason, objectDeleted } from './events.ts';
import { isLocked, lockedError } from './object-lock.ts';
import { newVersionId } from './object-writes.ts';
import {
  type Bucket,
  type BucketCall,
  type ObjectCall,
  type S3Host,
  type S3Response,
  xmlResponse,
} from './operation.ts';
import { requireWriteCondition } from './preconditions.ts';
import { readCheckedText } from './request-body.ts';
import { currentObject, type DeleteMarker, type Versions, withNewVersion, withoutVersion } from './versions.ts';
import { childrenNamed, childText, parseXml, renderXml, requiredText } from './xml.ts';

const KEYS_PER_REQUEST_MAX = 1000;

interface Deleted {
  /** The version removed, or the marker made. */
  versionId: string | undefined;
  isMarker: boolean;
}

export function deleteObject(call: ObjectCall): S3Response {
  const { bucket, key, request } = call;
  if (request.headers['if-match'] !== undefined) {
    requireWriteCondition({ 'if-match': request.headers['if-match'] }, currentObject(bucket.storage.versionsOf(key)));
  }
  const deleted = deleteKey(call, key, request.query.get('versionId'));
  return {
    status: 204,
    headers: {
      ...(deleted.versionId !== undefined && versionHeaders(deleted.versionId, bucket.declaration)),
      ...(deleted.isMarker && { 'x-amz-delete-marker': 'true' }),
    },
  };
}

/** `DeleteObjects`: up to 1,000 keys, each with its own outcome. Throws MalformedXML. */
export async function deleteObjects(call: BucketCall): Promise<S3Response> {
  const root = parseXml(await readCheckedText(call.request, call.payload));
  const objects = childrenNamed(root, 'Object');
  if (objects.length === 0 || objects.length > KEYS_PER_REQUEST_MAX) throw new S3Error('MalformedXML');
  const isQuiet = childText(root, 'Quiet') === 'true';
  const outcomes = objects.map((object) => {
    const key = requiredText(object, 'Key');
    const versionId = childText(object, 'VersionId');
    try {
      return { deleted: deletedElement(key, versionId, deleteKey(call, key, versionId)) };
    } catch (error) {
      if (!(error instanceof S3Error)) throw error;
      return { refused: { Key: key, VersionId: versionId, Code: error.code, Message: error.message } };
    }
  });
  return xmlResponse(
    renderXml('DeleteResult', {
      Deleted: isQuiet ? [] : outcomes.flatMap(({ deleted }) => (deleted ? [deleted] : [])),
      Error: outcomes.flatMap(({ refused }) => (refused ? [refused] : [])),
    }),
  );
}

/** Puts a delete marker in front, dated as told; shared with the lifecycle. */
export function addDeleteMarker(
  host: S3Host,
  bucket: Bucket,
  key: string,
  made: { atEpochMilliseconds: number; reason: DeletedReason },
): DeleteMarker {
  const marker: DeleteMarker = {
    kind: 'delete-marker',
    versionId: newVersionId(bucket),
    createdEpochMilliseconds: made.atEpochMilliseconds,
  };
  bucket.storage.saveVersions(key, withNewVersion(bucket.storage.versionsOf(key), marker));
  const occasion = { bucketName: bucket.declaration.name, key, region: host.region, ...made };
  const deleted = { versionId: marker.versionId, type: 'Delete Marker Created' } as const;
  host.emit(bucket, objectDeleted(occasion, deleted, made.reason));
  return marker;
}

/** Removes a version for good; the caller has asked about locks. Shared with the lifecycle. */
export function removeVersion(
  host: S3Host,
  bucket: Bucket,
  key: string,
  removed: { versionId: string; atEpochMilliseconds: number; reason: DeletedReason },
): void {
  bucket.storage.saveVersions(key, withoutVersion(bucket.storage.versionsOf(key), removed.versionId));
  const occasion = { bucketName: bucket.declaration.name, key, region: host.region, ...removed };
  const deleted = { versionId: removed.versionId, type: 'Permanently Deleted' } as const;
  host.emit(bucket, objectDeleted(occasion, deleted, removed.reason));
}

function deleteKey(call: BucketCall, key: string, versionId: string | undefined): Deleted {
  const { host, bucket, request } = call;
  const now = host.clock.now();
  const at = { atEpochMilliseconds: now, reason: 'DeleteObject' } as const;
  const versions = bucket.storage.versionsOf(key);
  if (versionId === undefined && bucket.declaration.versioning !== 'Off') {
    return { versionId: addDeleteMarker(host, bucket, key, at).versionId, isMarker: true };
  }
  const version = versionMeant(versions, versionId);
  // Deleting what is not there succeeds: the outcome is the same.
  if (!version) return { versionId, isMarker: false };
  const bypassesGovernance = request.headers['x-amz-bypass-governance-retention'] === 'true';
  if (version.kind === 'object' && isLocked(version, now, bypassesGovernance)) throw lockedError();
  removeVersion(host, bucket, key, { versionId: version.versionId, ...at });
  return { versionId: version.versionId, isMarker: version.kind === 'delete-marker' };
}

function versionMeant(versions: Versions, versionId: string | undefined): Versions[number] | undefined {
  return versionId === undefined ? versions[0] : versions.find((version) => version.versionId === versionId);
}

function deletedElement(key: string, askedVersionId: string | undefined, deleted: Deleted) {
  return {
    Key: key,
    VersionId: askedVersionId,
    DeleteMarker: deleted.isMarker ? true : undefined,
    DeleteMarkerVersionId: deleted.isMarker ? deleted.versionId : undefined,
  };
}
