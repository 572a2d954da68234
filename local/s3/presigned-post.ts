import { attributesFromHeaders, checkedTags } from './attributes.ts';
import { checksumClaim } from './checksums.ts';
import { S3Error } from './errors.ts';
import { readUploadForm } from './form-data.ts';
import { tagsFromXml } from './object-settings.ts';
import { commitObject, fullChecksum, writtenHeaders } from './object-writes.ts';
import type { Bucket, S3Host, S3Response } from './operation.ts';
import { checkPostPolicy } from './post-policy.ts';
import { KEY_BYTES_MAX, type S3Request, uriEncode } from './request.ts';
import { OBJECT_BYTES_MAX } from './request-body.ts';
import { type SigningFacts, verifyPolicySignature } from './sigv4.ts';
import type { ObjectAttributes, ObjectVersion } from './versions.ts';
import { renderXml } from './xml.ts';

/**
 * A browser's upload by form (S3 API Reference, "POST Object"): the policy's signature, expiry and every condition are
 * checked before a byte of the file is kept, its size while it is read. Throws AccessDenied, EntityTooLarge,
 * EntityTooSmall, SignatureDoesNotMatch, InvalidAccessKeyId, InvalidPolicyDocument, MalformedPOSTRequest.
 */
export async function postObject(
  host: S3Host,
  bucket: Bucket,
  request: S3Request,
  signing: SigningFacts,
): Promise<S3Response> {
  const form = await readUploadForm(request.headers['content-type'] ?? '', request.body);
  const key = form.fields.get('key')?.replace(/\$\{filename\}/g, () => form.fileName);
  const policy = form.fields.get('policy');
  if (policy === undefined) throw new S3Error('AccessDenied');
  if (!key) throw new S3Error('InvalidArgument', "Bucket POST must contain a field named 'key'.");
  if (Buffer.byteLength(key) > KEY_BYTES_MAX) throw new S3Error('KeyTooLongError');
  requirePolicySignature(policy, form.fields, signing);
  // The key is judged as it will be stored, and the bucket as it was addressed, whatever a field says.
  const fields = new Map([...form.fields, ['key', key], ['bucket', bucket.declaration.name]]);
  const size = checkPostPolicy(policy, fields, signing.now);
  const headers = Object.fromEntries(form.fields);
  const attributes = withTags(attributesFromHeaders(headers, bucket.declaration, signing.now), headers['tagging']);
  if (form.fields.has('success_action_redirect') || form.fields.has('redirect')) {
    throw new S3Error('NotImplemented', 'Redirects after an upload are not implemented.');
  }

  const claim = checksumClaim(headers);
  const body = await bucket.storage.receiveBody(form.file, {
    bytesMax: Math.min(size.bytesMax, OBJECT_BYTES_MAX),
    checksum: claim?.algorithm,
  });
  const refusal = bodyRefusal(body, size.bytesMin, claim?.value);
  if (refusal) {
    bucket.storage.removeBody(body.bodyId);
    throw refusal;
  }
  const checksum = claim && fullChecksum(claim.algorithm, body);
  const version = commitObject(host, bucket, key, { body, attributes, reason: 'POST Object', headers, checksum });
  return postResponse(request, bucket, key, version, headers['success_action_status']);
}

function requirePolicySignature(policy: string, fields: ReadonlyMap<string, string>, signing: SigningFacts): void {
  if (fields.get('x-amz-algorithm') !== 'AWS4-HMAC-SHA256') {
    throw new S3Error('InvalidArgument', 'X-Amz-Algorithm only supports "AWS4-HMAC-SHA256"');
  }
  const credential = fields.get('x-amz-credential') ?? '';
  const timestamp = fields.get('x-amz-date') ?? '';
  const signature = fields.get('x-amz-signature') ?? '';
  verifyPolicySignature({ base64: policy, credential, timestamp, signature }, signing);
}

function withTags(attributes: ObjectAttributes, taggingXml: string | undefined): ObjectAttributes {
  return taggingXml === undefined ? attributes : { ...attributes, tags: checkedTags(tagsFromXml(taggingXml)) };
}

function bodyRefusal(
  body: { sizeBytes: number; checksumValue?: string },
  bytesMin: number,
  checksumValue: string | undefined,
): S3Error | undefined {
  if (body.sizeBytes < bytesMin) {
    const details = { ProposedSize: String(body.sizeBytes), MinSizeAllowed: String(bytesMin) };
    return new S3Error('EntityTooSmall', undefined, { details });
  }
  const isDamaged = checksumValue !== undefined && checksumValue !== body.checksumValue;
  return isDamaged ? new S3Error('BadDigest') : undefined;
}

function postResponse(
  request: S3Request,
  bucket: Bucket,
  key: string,
  version: ObjectVersion,
  wantedStatus: string | undefined,
): S3Response {
  const bucketPath = request.path === '/' ? '' : `/${bucket.declaration.name}`;
  const location = `http://${request.headers['host']}${bucketPath}/${key.split('/').map(uriEncode).join('/')}`;
  const etag = `"${version.etag}"`;
  const headers = { location, etag, ...writtenHeaders(bucket, version) };
  if (wantedStatus === '200') return { status: 200, headers };
  if (wantedStatus !== '201') return { status: 204, headers };
  const document = renderXml(
    'PostResponse',
    { Location: location, Bucket: bucket.declaration.name, Key: key, ETag: etag },
    null,
  );
  return { status: 201, headers: { ...headers, 'content-type': 'application/xml' }, body: document };
}
