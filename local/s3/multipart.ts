import { createHash, randomBytes } from 'node:crypto';
import { attributesFromHeaders, encryptionHeaders } from './attributes.ts';
import {
  type Checksum,
  type ChecksumAlgorithm,
  checksumAlgorithmNamed,
  checksumClaim,
  checksumHeader,
  compositeChecksum,
} from './checksums.ts';
import { S3Error } from './errors.ts';
import { commitObject, writtenHeaders } from './object-writes.ts';
import { type ObjectCall, type S3Response, xmlResponse } from './operation.ts';
import { uriEncode } from './request.ts';
import { readCheckedText, receiveCheckedBody } from './request-body.ts';
import type { BucketStorage, Upload, UploadedPart } from './storage.ts';
import { childrenNamed, childText, parseXml, renderXml, requiredText, type XmlElement } from './xml.ts';

const PARTS_MAX = 10_000;
const PART_BYTES_MIN = 5 * 1024 ** 2;
const LISTED_PARTS_MAX = 1000;
const UPLOAD_BYTES_MAX = 5 * 1024 ** 4;

export function createMultipartUpload(call: ObjectCall): S3Response {
  const { bucket, key, request, host } = call;
  const now = host.clock.now();
  const attributes = attributesFromHeaders(request.headers, bucket.declaration, now);
  const checksum = wantedChecksum(call);
  const upload: Upload = {
    uploadId: randomBytes(32).toString('base64url'),
    key,
    initiatedEpochMilliseconds: now,
    attributes,
    ...(checksum && { checksum }),
    parts: {},
  };
  bucket.storage.saveUpload(upload);
  return xmlResponse(
    renderXml('InitiateMultipartUploadResult', {
      Bucket: bucket.declaration.name,
      Key: key,
      UploadId: upload.uploadId,
    }),
    {
      ...encryptionHeaders(attributes.encryption),
      ...(checksum && { 'x-amz-checksum-algorithm': checksum.algorithm, 'x-amz-checksum-type': checksum.type }),
    },
  );
}

export async function uploadPart(call: ObjectCall): Promise<S3Response> {
  const { bucket, request, host } = call;
  if (request.headers['x-amz-copy-source'] !== undefined) {
    throw new S3Error('NotImplemented', 'UploadPartCopy is not implemented.');
  }
  const number = Number(request.query.get('partNumber'));
  if (!Number.isInteger(number) || number < 1 || number > PARTS_MAX) {
    throw new S3Error('InvalidArgument', `Part number must be an integer between 1 and ${PARTS_MAX}, inclusive`);
  }
  const { checksum } = uploadMeant(call);
  const claim = checksumClaim(request.headers);
  if (checksum && claim && claim.algorithm !== checksum.algorithm) {
    throw new S3Error('InvalidRequest', `Checksum Type mismatch occurred, expected ${checksum.algorithm}`);
  }
  const body = await receiveCheckedBody(bucket.storage, request, call.payload, checksum?.algorithm);
  const part: UploadedPart = {
    bodyId: body.bodyId,
    sizeBytes: body.sizeBytes,
    etag: body.md5Hex,
    ...(body.checksumValue !== undefined && { checksumValue: body.checksumValue }),
    uploadedEpochMilliseconds: host.clock.now(),
  };
  const upload = bucket.storage.findUpload(request.query.get('uploadId') ?? '');
  if (!upload) {
    // Aborted or completed while the bytes came in.
    bucket.storage.removeBody(body.bodyId);
    throw new S3Error('NoSuchUpload');
  }
  bucket.storage.saveUpload({ ...upload, parts: { ...upload.parts, [number]: part } });
  return {
    status: 200,
    headers: {
      etag: `"${part.etag}"`,
      ...encryptionHeaders(upload.attributes.encryption),
      ...(checksum && part.checksumValue && { [checksumHeader(checksum.algorithm)]: part.checksumValue }),
    },
  };
}

/** Joins the parts that the request lists. Throws NoSuchUpload, InvalidPart, InvalidPartOrder, EntityTooSmall. */
export async function completeMultipartUpload(call: ObjectCall): Promise<S3Response> {
  const { bucket, key, request, host } = call;
  const { storage } = bucket;
  const root = parseXml(await readCheckedText(request, call.payload));
  const upload = uploadMeant(call);
  const parts = listedParts(upload, childrenNamed(root, 'Part'));
  const isFull = upload.checksum?.type === 'FULL_OBJECT';
  const body = await storage.receiveBody(joinedParts(storage, parts), {
    bytesMax: UPLOAD_BYTES_MAX,
    checksum: isFull ? upload.checksum?.algorithm : undefined,
  });
  if (!storage.findUpload(upload.uploadId)) {
    storage.removeBody(body.bodyId);
    throw new S3Error('NoSuchUpload');
  }
  const digests = Buffer.concat(parts.map((part) => Buffer.from(part.etag, 'hex')));
  const version = commitObject(host, bucket, key, {
    body,
    attributes: upload.attributes,
    reason: 'CompleteMultipartUpload',
    headers: request.headers,
    etag: `${createHash('md5').update(digests).digest('hex')}-${parts.length}`,
    checksum: joinedChecksum(upload, parts, body.checksumValue),
  });
  storage.removeUpload(upload);
  const { checksum } = version;
  return xmlResponse(
    renderXml('CompleteMultipartUploadResult', {
      Location: `http://${request.headers['host']}/${bucket.declaration.name}/${key.split('/').map(uriEncode).join('/')}`,
      Bucket: bucket.declaration.name,
      Key: key,
      ETag: `"${version.etag}"`,
      ...(checksum && { [`Checksum${checksum.algorithm}`]: checksum.value, ChecksumType: checksum.type }),
    }),
    writtenHeaders(bucket, version),
  );
}

export function abortMultipartUpload(call: ObjectCall): S3Response {
  call.bucket.storage.removeUpload(uploadMeant(call));
  return { status: 204 };
}

export function listParts(call: ObjectCall): S3Response {
  const { request, bucket, key } = call;
  const upload = uploadMeant(call);
  const marker = Number(request.query.get('part-number-marker') ?? 0);
  const partsMax = Math.min(Number(request.query.get('max-parts') ?? LISTED_PARTS_MAX), LISTED_PARTS_MAX);
  const after = Object.entries(upload.parts).filter(([number]) => Number(number) > marker);
  const listed = after.slice(0, partsMax);
  return xmlResponse(
    renderXml('ListPartsResult', {
      Bucket: bucket.declaration.name,
      Key: key,
      UploadId: upload.uploadId,
      StorageClass: upload.attributes.storageClass,
      PartNumberMarker: marker,
      NextPartNumberMarker: listed.at(-1)?.[0],
      MaxParts: partsMax,
      IsTruncated: listed.length < after.length,
      Part: listed.map(([number, part]) => ({
        PartNumber: number,
        LastModified: new Date(part.uploadedEpochMilliseconds).toISOString(),
        ETag: `"${part.etag}"`,
        Size: part.sizeBytes,
        ...(upload.checksum && { [`Checksum${upload.checksum.algorithm}`]: part.checksumValue }),
      })),
    }),
  );
}

function uploadMeant({ bucket, key, request }: ObjectCall): Upload {
  const upload = bucket.storage.findUpload(request.query.get('uploadId') ?? '');
  if (upload?.key !== key) throw new S3Error('NoSuchUpload');
  return upload;
}

function wantedChecksum({ request }: ObjectCall): Upload['checksum'] {
  const name = request.headers['x-amz-checksum-algorithm'];
  if (name === undefined) return undefined;
  const algorithm = checksumAlgorithmNamed(name);
  const type = request.headers['x-amz-checksum-type'] ?? 'COMPOSITE';
  if (type !== 'COMPOSITE' && type !== 'FULL_OBJECT') throw new S3Error('InvalidRequest', 'Unknown checksum type.');
  if (type === 'FULL_OBJECT' && algorithm.startsWith('SHA')) {
    throw new S3Error('InvalidRequest', `The FULL_OBJECT checksum type cannot be used with ${algorithm}.`);
  }
  return { algorithm, type };
}

function listedParts(upload: Upload, elements: readonly XmlElement[]): UploadedPart[] {
  if (elements.length === 0 || elements.length > PARTS_MAX) throw new S3Error('MalformedXML');
  const numbers = elements.map((element) => Number(requiredText(element, 'PartNumber')));
  const isAscending = numbers.every((number, index) => number > (numbers[index - 1] ?? 0));
  if (!isAscending) throw new S3Error('InvalidPartOrder');
  return elements.map((element, index) => {
    const number = numbers[index] ?? 0;
    const part = upload.parts[number];
    const etag = requiredText(element, 'ETag').replaceAll('"', '');
    if (part?.etag !== etag || !matchesChecksum(element, part, upload.checksum?.algorithm)) {
      throw new S3Error('InvalidPart', undefined, { details: { PartNumber: String(number), ETag: etag } });
    }
    const isLast = index === elements.length - 1;
    if (!isLast && part.sizeBytes < PART_BYTES_MIN) {
      const details = { ProposedSize: String(part.sizeBytes), MinSizeAllowed: String(PART_BYTES_MIN) };
      throw new S3Error('EntityTooSmall', undefined, { details });
    }
    return part;
  });
}

function matchesChecksum(element: XmlElement, part: UploadedPart, algorithm: ChecksumAlgorithm | undefined): boolean {
  const claimed = algorithm && childText(element, `Checksum${algorithm}`);
  return claimed === undefined || claimed === part.checksumValue;
}

async function* joinedParts(storage: BucketStorage, parts: readonly UploadedPart[]): AsyncGenerator<Buffer> {
  for (const part of parts) yield* storage.readBody(part.bodyId);
}

function joinedChecksum(
  { checksum }: Upload,
  parts: readonly UploadedPart[],
  fullValue: string | undefined,
): Checksum | undefined {
  if (!checksum) return undefined;
  if (fullValue !== undefined) return { ...checksum, value: fullValue };
  const values = parts.map((part) => part.checksumValue ?? '');
  return { ...checksum, value: compositeChecksum(checksum.algorithm, values) };
}
