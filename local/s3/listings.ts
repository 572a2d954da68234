import { S3Error } from './errors.ts';
import { type BucketCall, type S3Response, xmlResponse } from './operation.ts';
import { sortedByUtf8, type Upload } from './storage.ts';
import { currentObject, type ObjectVersion, type Versions } from './versions.ts';
import { renderXml } from './xml.ts';

const LISTED_MAX = 1000;
const OWNER = { ID: '0000000000000000000000000000000000000000000000000000000000000000' };

interface Entry<Item> {
  key: string;
  item: Item;
}

interface Page<Item> {
  entries: Entry<Item>[];
  commonPrefixes: string[];
  isTruncated: boolean;
  /** The last key or common prefix on the page, from which the next one goes on. */
  last: { key: string; isPrefix: boolean } | undefined;
}

export function listObjectsV2(call: BucketCall): S3Response {
  const { storage, declaration } = call.bucket;
  const { query } = call.request;
  const common = commonParameters(call, 'max-keys');
  const token = query.get('continuation-token');
  const resume = token === undefined ? undefined : parseToken(token);
  const startAfter = Buffer.from(resume?.key ?? query.get('start-after') ?? '');
  const candidates = storage.sortedKeys().flatMap((key): Entry<ObjectVersion>[] => {
    const current = currentObject(storage.versionsOf(key));
    const isPassed =
      Buffer.compare(Buffer.from(key), startAfter) <= 0 || (resume?.isPrefix && key.startsWith(resume.key));
    return current && key !== '' && !isPassed ? [{ key, item: current }] : [];
  });
  const page = pageOf(candidates, common);
  return xmlResponse(
    renderXml('ListBucketResult', {
      Name: declaration.name,
      Prefix: common.encode(common.prefix),
      Delimiter: common.delimiter && common.encode(common.delimiter),
      StartAfter: query.get('start-after'),
      ContinuationToken: token,
      NextContinuationToken: page.isTruncated && page.last ? formatToken(page.last) : undefined,
      KeyCount: page.entries.length + page.commonPrefixes.length,
      MaxKeys: common.countMax,
      EncodingType: query.get('encoding-type'),
      IsTruncated: page.isTruncated,
      Contents: page.entries.map(({ key, item }) => ({
        Key: common.encode(key),
        ...objectElements(item),
        Owner: query.get('fetch-owner') === 'true' ? OWNER : undefined,
      })),
      CommonPrefixes: page.commonPrefixes.map((prefix) => ({ Prefix: common.encode(prefix) })),
    }),
  );
}

export function listObjectVersions(call: BucketCall): S3Response {
  const { storage, declaration } = call.bucket;
  const { query } = call.request;
  const common = commonParameters(call, 'max-keys');
  const keyMarker = query.get('key-marker') ?? '';
  const versionIdMarker = query.get('version-id-marker');
  const candidates = storage.sortedKeys().flatMap((key) => {
    const versions = storage.versionsOf(key);
    const entries = versions.map((version, index) => ({ key, item: { version, isLatest: index === 0 } }));
    if (key === keyMarker && versionIdMarker !== undefined) {
      const marker = versions.findIndex((version) => version.versionId === versionIdMarker);
      return marker < 0 ? [] : entries.slice(marker + 1);
    }
    return isPastMarker(key, keyMarker, common.delimiter) ? entries : [];
  });
  const page = pageOf(candidates, common);
  const lastVersion = page.last?.isPrefix ? undefined : page.entries.at(-1)?.item.version;
  return xmlResponse(
    renderXml('ListVersionsResult', {
      Name: declaration.name,
      Prefix: common.encode(common.prefix),
      Delimiter: common.delimiter && common.encode(common.delimiter),
      KeyMarker: common.encode(keyMarker),
      VersionIdMarker: versionIdMarker,
      NextKeyMarker: page.isTruncated && page.last ? common.encode(page.last.key) : undefined,
      NextVersionIdMarker: page.isTruncated ? lastVersion?.versionId : undefined,
      MaxKeys: common.countMax,
      EncodingType: query.get('encoding-type'),
      IsTruncated: page.isTruncated,
      Version: page.entries.flatMap(({ key, item: { version, isLatest } }) =>
        version.kind === 'object'
          ? [{ Key: common.encode(key), ...versionElements(version, isLatest), ...objectElements(version) }]
          : [],
      ),
      DeleteMarker: page.entries.flatMap(({ key, item: { version, isLatest } }) =>
        version.kind === 'delete-marker'
          ? [{ Key: common.encode(key), ...versionElements(version, isLatest), LastModified: instant(version) }]
          : [],
      ),
      CommonPrefixes: page.commonPrefixes.map((prefix) => ({ Prefix: common.encode(prefix) })),
    }),
  );
}

export function listMultipartUploads(call: BucketCall): S3Response {
  const { storage, declaration } = call.bucket;
  const { query } = call.request;
  const common = commonParameters(call, 'max-uploads');
  const keyMarker = query.get('key-marker') ?? '';
  const uploadIdMarker = query.get('upload-id-marker');
  const candidates = sortedUploads(storage.uploads()).flatMap((upload, index, all): Entry<Upload>[] => {
    const marker = all.findIndex((other) => other.uploadId === uploadIdMarker);
    const isSameKeyLater = upload.key === keyMarker && marker >= 0 && index > marker;
    const isPast = isSameKeyLater || isPastMarker(upload.key, keyMarker, common.delimiter);
    return isPast ? [{ key: upload.key, item: upload }] : [];
  });
  const page = pageOf(candidates, common);
  return xmlResponse(
    renderXml('ListMultipartUploadsResult', {
      Bucket: declaration.name,
      KeyMarker: common.encode(keyMarker),
      UploadIdMarker: uploadIdMarker,
      NextKeyMarker: page.isTruncated && page.last ? common.encode(page.last.key) : undefined,
      NextUploadIdMarker: page.isTruncated ? page.entries.at(-1)?.item.uploadId : undefined,
      Prefix: common.encode(common.prefix),
      Delimiter: common.delimiter && common.encode(common.delimiter),
      MaxUploads: common.countMax,
      EncodingType: query.get('encoding-type'),
      IsTruncated: page.isTruncated,
      Upload: page.entries.map(({ key, item }) => ({
        Key: common.encode(key),
        UploadId: item.uploadId,
        StorageClass: item.attributes.storageClass,
        Initiated: new Date(item.initiatedEpochMilliseconds).toISOString(),
      })),
      CommonPrefixes: page.commonPrefixes.map((prefix) => ({ Prefix: common.encode(prefix) })),
    }),
  );
}

interface CommonParameters {
  prefix: string;
  delimiter: string | undefined;
  countMax: number;
  /** As `encoding-type` wants keys: URL-encoded or as they are. */
  encode(key: string): string;
}

function commonParameters({ request: { query } }: BucketCall, countName: string): CommonParameters {
  const wanted = Number(query.get(countName) ?? LISTED_MAX);
  if (!Number.isInteger(wanted) || wanted < 0) throw new S3Error('InvalidArgument', `Invalid ${countName}`);
  const encodingType = query.get('encoding-type');
  if (encodingType !== undefined && encodingType !== 'url') {
    throw new S3Error('InvalidArgument', 'Invalid Encoding Method specified in Request');
  }
  return {
    prefix: query.get('prefix') ?? '',
    delimiter: query.get('delimiter') || undefined,
    countMax: Math.min(wanted, LISTED_MAX),
    encode: (key) => (encodingType === 'url' ? encodeURIComponent(key).replaceAll('%2F', '/') : key),
  };
}

/** Keys that share what stands before the delimiter count as one entry, as in S3. */
function pageOf<Item>(
  candidates: readonly Entry<Item>[],
  { prefix, delimiter, countMax }: CommonParameters,
): Page<Item> {
  const page: Page<Item> = { entries: [], commonPrefixes: [], isTruncated: false, last: undefined };
  for (const entry of candidates) {
    if (!entry.key.startsWith(prefix)) continue;
    const end = delimiter === undefined ? -1 : entry.key.indexOf(delimiter, prefix.length);
    const commonPrefix = end < 0 ? undefined : entry.key.slice(0, end + (delimiter?.length ?? 0));
    if (commonPrefix !== undefined && page.commonPrefixes.at(-1) === commonPrefix) continue;
    if (page.entries.length + page.commonPrefixes.length === countMax) {
      // S3 says "not truncated" when it is asked for nothing.
      page.isTruncated = countMax > 0;
      break;
    }
    if (commonPrefix === undefined) page.entries.push(entry);
    else page.commonPrefixes.push(commonPrefix);
    page.last = { key: commonPrefix ?? entry.key, isPrefix: commonPrefix !== undefined };
  }
  return page;
}

function isPastMarker(key: string, marker: string, delimiter: string | undefined): boolean {
  if (delimiter !== undefined && marker.endsWith(delimiter) && key.startsWith(marker)) return false;
  return Buffer.compare(Buffer.from(key), Buffer.from(marker)) > 0;
}

function sortedUploads(uploads: readonly Upload[]): Upload[] {
  const keys = sortedByUtf8([...new Set(uploads.map(({ key }) => key))]);
  const initiated = uploads.toSorted((a, b) => a.initiatedEpochMilliseconds - b.initiatedEpochMilliseconds);
  return keys.flatMap((key) => initiated.filter((upload) => upload.key === key));
}

function objectElements(version: ObjectVersion) {
  return {
    LastModified: instant(version),
    ETag: `"${version.etag}"`,
    ...(version.checksum && { ChecksumAlgorithm: version.checksum.algorithm, ChecksumType: version.checksum.type }),
    Size: version.sizeBytes,
    StorageClass: version.storageClass,
  };
}

function versionElements(version: Versions[number], isLatest: boolean) {
  return { VersionId: version.versionId, IsLatest: isLatest };
}

function instant(version: Versions[number]): string {
  return new Date(version.createdEpochMilliseconds).toISOString();
}

function formatToken({ key, isPrefix }: { key: string; isPrefix: boolean }): string {
  return Buffer.from(`${isPrefix ? 'prefix' : 'key'}:${key}`).toString('base64url');
}

function parseToken(token: string): { key: string; isPrefix: boolean } {
  const parsed = /^(prefix|key):([\s\S]*)$/.exec(Buffer.from(token, 'base64url').toString('utf8'));
  if (!parsed) throw new S3Error('InvalidArgument', 'The continuation token provided is incorrect');
  return { key: parsed[2] ?? '', isPrefix: parsed[1] === 'prefix' };
}
