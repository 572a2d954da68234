import type { IncomingMessage } from 'node:http';
import { S3Error } from './errors.ts';

export type Headers = Readonly<Record<string, string>>;

/** A request as S3 reads it: names in lower case, path and query decoded, the bucket taken from path or host. */
export interface S3Request {
  method: string;
  /** Decoded, as it came: never resolved, so `..` stays a part of the key. */
  path: string;
  query: ReadonlyMap<string, string>;
  headers: Headers;
  bucketName: string | undefined;
  /** Undefined for requests about the bucket or the service. */
  key: string | undefined;
  body: AsyncIterable<Buffer>;
}

export const KEY_BYTES_MAX = 1024;

export function readRequest(message: IncomingMessage): S3Request {
  const [rawPath = '/', rawQuery = ''] = splitOnce(message.url ?? '/', '?');
  const headers = Object.fromEntries(
    Object.entries(message.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(',') : (value ?? ''),
    ]),
  );
  const path = decode(rawPath);
  const { bucketName, key } = locate(path, headers['host'] ?? '');
  if (key !== undefined && Buffer.byteLength(key) > KEY_BYTES_MAX) throw new S3Error('KeyTooLongError');
  return {
    method: message.method ?? 'GET',
    path,
    query: readQuery(rawQuery),
    headers,
    bucketName,
    key,
    // A refused upload must still be answered on its connection, so the stream is not destroyed with the loop.
    body: message.iterator({ destroyOnReturn: false }),
  };
}

/** The headers that a presigned URL carries in its query (`x-amz-meta-…` and the like) count as sent. */
export function withHoistedHeaders(request: S3Request): S3Request {
  const hoisted = [...request.query]
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => name.startsWith('x-amz-'));
  return { ...request, headers: { ...Object.fromEntries(hoisted), ...request.headers } };
}

/** URI encoding as SigV4 wants it: everything but unreserved characters (RFC 3986, section 2.3). */
export function uriEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function locate(path: string, host: string): { bucketName: string | undefined; key: string | undefined } {
  const virtualHost = /^([a-z0-9][a-z0-9.-]+)\.(?:s3\.)?(?:localhost|127\.0\.0\.1)(?::\d+)?$/.exec(host);
  if (virtualHost?.[1] && virtualHost[1] !== 's3')
    return { bucketName: virtualHost[1], key: path.slice(1) || undefined };
  const [bucketName, key] = splitOnce(path.slice(1), '/');
  return { bucketName: bucketName || undefined, key: key || undefined };
}

function readQuery(rawQuery: string): Map<string, string> {
  const pairs = rawQuery.split('&').filter((pair) => pair !== '');
  return new Map(
    pairs.map((pair) => {
      const [name = '', value = ''] = splitOnce(pair.replaceAll('+', '%20'), '=');
      return [decode(name), decode(value)];
    }),
  );
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new S3Error('InvalidURI');
  }
}
