import { S3Error } from './errors.ts';
import type { Headers } from './request.ts';
import type { ObjectVersion } from './versions.ts';

/**
 * The conditions of a read (RFC 9110, section 13.2.2): `'send'` or `'not-modified'`; throws PreconditionFailed.
 * `prefix` is `x-amz-copy-source-` for the source of a copy.
 */
export function readCondition(headers: Headers, version: ObjectVersion, prefix = ''): 'send' | 'not-modified' {
  const ifMatch = headers[`${prefix}if-match`];
  const ifUnmodifiedSince = headers[`${prefix}if-unmodified-since`];
  if (ifMatch !== undefined) {
    if (!matchesEtag(ifMatch, version)) throw new S3Error('PreconditionFailed', undefined, condition('If-Match'));
  } else if (ifUnmodifiedSince !== undefined && isModifiedSince(version, ifUnmodifiedSince)) {
    throw new S3Error('PreconditionFailed', undefined, condition('If-Unmodified-Since'));
  }
  const ifNoneMatch = headers[`${prefix}if-none-match`];
  const ifModifiedSince = headers[`${prefix}if-modified-since`];
  if (ifNoneMatch !== undefined) return matchesEtag(ifNoneMatch, version) ? 'not-modified' : 'send';
  if (ifModifiedSince === undefined) return 'send';
  return isModifiedSince(version, ifModifiedSince) ? 'send' : 'not-modified';
}

/** The conditions of a write, decided at the moment of the write. Throws PreconditionFailed or NoSuchKey. */
export function requireWriteCondition(headers: Headers, current: ObjectVersion | undefined): void {
  const ifNoneMatch = headers['if-none-match'];
  if (ifNoneMatch !== undefined) {
    if (ifNoneMatch !== '*') throw new S3Error('NotImplemented', 'A write takes If-None-Match: * alone.');
    if (current) throw new S3Error('PreconditionFailed', undefined, condition('If-None-Match'));
  }
  const ifMatch = headers['if-match'];
  if (ifMatch === undefined) return;
  if (!current) throw new S3Error('NoSuchKey');
  if (!matchesEtag(ifMatch, current)) throw new S3Error('PreconditionFailed', undefined, condition('If-Match'));
}

function condition(name: string): { details: Record<string, string> } {
  return { details: { Condition: name } };
}

function matchesEtag(header: string, version: ObjectVersion): boolean {
  return header
    .split(',')
    .map((tag) => tag.trim().replace(/^W\//, '').replaceAll('"', ''))
    .some((tag) => tag === '*' || tag === version.etag);
}

// HTTP dates have whole seconds.
function isModifiedSince(version: ObjectVersion, date: string): boolean {
  return Math.floor(version.createdEpochMilliseconds / 1000) * 1000 > Date.parse(date);
}
