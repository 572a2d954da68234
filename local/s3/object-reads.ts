import { objectHeaders, versionHeaders } from './attributes.ts';
import { S3Error } from './errors.ts';
import type { ObjectCall, S3Response } from './operation.ts';
import { readCondition } from './preconditions.ts';
import { objectToRead } from './versions.ts';

const overridableHeaders = [
  'content-type',
  'content-language',
  'expires',
  'cache-control',
  'content-disposition',
  'content-encoding',
];

/** `GetObject` and, without the bytes, `HeadObject`. */
export function getObject(call: ObjectCall): S3Response {
  const { request, bucket, key } = call;
  if (request.query.has('partNumber')) throw new S3Error('NotImplemented', 'Reading by part is not implemented.');
  const version = objectToRead(key, bucket.storage.versionsOf(key), request.query.get('versionId'));
  const condition = readCondition(request.headers, version);
  const range = parseRange(request.headers['range'], version.sizeBytes);
  const hasChecksum = !range && request.headers['x-amz-checksum-mode']?.toUpperCase() === 'ENABLED';
  const headers = {
    ...objectHeaders(version, { hasChecksum }),
    ...versionHeaders(version.versionId, bucket.declaration),
    ...overrides(request.query),
  };
  if (condition === 'not-modified') return { status: 304, headers: pick(headers, ['etag', 'last-modified']) };
  const lengthBytes = range ? range.end - range.start + 1 : version.sizeBytes;
  const response = {
    status: range ? 206 : 200,
    headers: {
      ...headers,
      'content-length': String(lengthBytes),
      ...(range && { 'content-range': `bytes ${range.start}-${range.end}/${version.sizeBytes}` }),
    },
  };
  if (request.method === 'HEAD') return response;
  return { ...response, body: bucket.storage.readBody(version.bodyId, range) };
}

/** One range of bytes, inclusive (RFC 9110, section 14.1.2); S3 ignores several at once. Throws InvalidRange. */
function parseRange(header: string | undefined, sizeBytes: number): { start: number; end: number } | undefined {
  const parsed = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  const [, first = '', last = ''] = parsed ?? [];
  if (!parsed || (first === '' && last === '')) return undefined;
  const start = first === '' ? Math.max(0, sizeBytes - Number(last)) : Number(first);
  const end = first === '' || last === '' ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1);
  if (first !== '' && last !== '' && Number(last) < start) return undefined;
  if (start >= sizeBytes) {
    throw new S3Error('InvalidRange', undefined, {
      details: { RangeRequested: header ?? '', ActualObjectSize: String(sizeBytes) },
      headers: { 'content-range': `bytes */${sizeBytes}` },
    });
  }
  return { start, end };
}

function overrides(query: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries(
    overridableHeaders.flatMap((name) => {
      const value = query.get(`response-${name}`);
      if (value === undefined) return [];
      if (!/^[\x20-\x7e\xa0-\xff]*$/.test(value)) {
        throw new S3Error('InvalidArgument', 'Header value cannot be represented using ISO-8859-1.');
      }
      return [[name, value]];
    }),
  );
}

function pick(headers: Readonly<Record<string, string>>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => names.includes(name)));
}
