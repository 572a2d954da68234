import { checkedTags, requireObjectLock, versionHeaders } from './attributes.ts';
import { S3Error } from './errors.ts';
import { changedRetention, parseRetention } from './object-lock.ts';
import { type ObjectCall, type S3Response, xmlResponse } from './operation.ts';
import { readCheckedText } from './request-body.ts';
import { type ObjectVersion, objectToRead, type Retention, withReplacedVersion } from './versions.ts';
import { childrenNamed, childText, parseXml, renderXml, requiredText } from './xml.ts';

export function getObjectRetention(call: ObjectCall): S3Response {
  requireObjectLock(call.bucket.declaration);
  const { retention } = versionMeant(call);
  if (!retention) throw new S3Error('NoSuchObjectLockConfiguration');
  const retainUntil = new Date(retention.retainUntilEpochMilliseconds).toISOString();
  return xmlResponse(renderXml('Retention', { Mode: retention.mode, RetainUntilDate: retainUntil }));
}

/** An empty `Retention` removes it, where the mode and the bypass header allow. Throws AccessDenied. */
export async function putObjectRetention(call: ObjectCall): Promise<S3Response> {
  requireObjectLock(call.bucket.declaration);
  const root = parseXml(await readCheckedText(call.request, call.payload));
  const now = call.host.clock.now();
  const wanted =
    root.children.length === 0
      ? undefined
      : parseRetention(childText(root, 'Mode'), childText(root, 'RetainUntilDate'), now);
  const bypassesGovernance = call.request.headers['x-amz-bypass-governance-retention'] === 'true';
  const version = versionMeant(call);
  const retention = changedRetention(version.retention, wanted, { now, bypassesGovernance });
  replaceVersion(call, withRetention(version, retention));
  return { status: 200 };
}

export function getObjectLegalHold(call: ObjectCall): S3Response {
  requireObjectLock(call.bucket.declaration);
  return xmlResponse(renderXml('LegalHold', { Status: versionMeant(call).isLegallyHeld ? 'ON' : 'OFF' }));
}

export async function putObjectLegalHold(call: ObjectCall): Promise<S3Response> {
  requireObjectLock(call.bucket.declaration);
  const status = requiredText(parseXml(await readCheckedText(call.request, call.payload)), 'Status');
  if (status !== 'ON' && status !== 'OFF') throw new S3Error('MalformedXML');
  replaceVersion(call, { ...versionMeant(call), isLegallyHeld: status === 'ON' });
  return { status: 200 };
}

export function getObjectTagging(call: ObjectCall): S3Response {
  const version = versionMeant(call);
  const tags = Object.entries(version.tags).map(([Key, Value]) => ({ Key, Value }));
  return xmlResponse(
    renderXml('Tagging', { TagSet: { Tag: tags } }),
    versionHeaders(version.versionId, call.bucket.declaration),
  );
}

export async function putObjectTagging(call: ObjectCall): Promise<S3Response> {
  const tags = checkedTags(tagsFromXml(await readCheckedText(call.request, call.payload)));
  const version = versionMeant(call);
  replaceVersion(call, { ...version, tags });
  return { status: 200, headers: versionHeaders(version.versionId, call.bucket.declaration) };
}

export function deleteObjectTagging(call: ObjectCall): S3Response {
  const version = versionMeant(call);
  replaceVersion(call, { ...version, tags: {} });
  return { status: 204, headers: versionHeaders(version.versionId, call.bucket.declaration) };
}

/** The pairs of a `Tagging` document, unchecked. Throws MalformedXML. */
export function tagsFromXml(text: string): [name: string, value: string][] {
  const root = parseXml(text);
  return childrenNamed(root, 'TagSet')
    .flatMap((set) => childrenNamed(set, 'Tag'))
    .map((tag) => [requiredText(tag, 'Key'), requiredText(tag, 'Value')]);
}

// Called after the body has been read, so that what is changed is the version as it is now.
function versionMeant({ bucket, key, request }: ObjectCall): ObjectVersion {
  return objectToRead(key, bucket.storage.versionsOf(key), request.query.get('versionId'));
}

function replaceVersion({ bucket, key }: ObjectCall, version: ObjectVersion): void {
  bucket.storage.saveVersions(key, withReplacedVersion(bucket.storage.versionsOf(key), version));
}

function withRetention(version: ObjectVersion, retention: Retention | undefined): ObjectVersion {
  const { retention: _, ...rest } = version;
  return retention ? { ...rest, retention } : rest;
}
