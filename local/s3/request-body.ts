import { createHash } from 'node:crypto';
import { ByteReader } from './byte-reader.ts';
import {
  type ChecksumAlgorithm,
  type ChecksumClaim,
  checksumClaim,
  checksumHeader,
  startChecksum,
} from './checksums.ts';
import { S3Error } from './errors.ts';
import type { Headers, S3Request } from './request.ts';
import type { ChunkSignatures, PayloadClaim } from './sigv4.ts';
import type { BucketStorage, ReceivedBody } from './storage.ts';
import { XML_BYTES_MAX } from './xml.ts';

/** The largest object in one request: 5 GiB (S3 User Guide, "Uploading objects"). */
export const OBJECT_BYTES_MAX = 5 * 1024 ** 3;
const CHUNK_LINE_BYTES_MAX = 256;
const TRAILER_LINES_MAX = 8;

/**
 * Stores the bytes of a request and checks them against everything the request says about them: payload hash, chunk
 * signatures, length, Content-MD5, checksum. Nothing is kept of a body that does not fit. Throws
 * XAmzContentSHA256Mismatch, BadDigest, IncompleteBody, EntityTooLarge.
 */
export async function receiveCheckedBody(
  storage: BucketStorage,
  request: S3Request,
  payload: PayloadClaim,
  algorithmByDefault?: ChecksumAlgorithm,
): Promise<ReceivedBody> {
  const { headers } = request;
  if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) {
    throw new S3Error('MissingContentLength');
  }
  const claim = checksumClaim(headers);
  const trailers = new Map<string, string>();
  const source = payload.kind === 'chunks' ? decodeChunks(request.body, payload, trailers) : request.body;
  const body = await storage.receiveBody(source, {
    bytesMax: OBJECT_BYTES_MAX,
    hasSha256: payload.kind === 'sha256',
    checksum: claim?.algorithm ?? algorithmByDefault,
  });
  try {
    requireClaims(headers, payload, { claim, trailers }, body);
  } catch (error) {
    storage.removeBody(body.bodyId);
    throw error;
  }
  return body;
}

/** The text of a request whose body is XML, checked in the same way. Throws MalformedXML above the bound. */
export async function readCheckedText(request: S3Request, payload: PayloadClaim): Promise<string> {
  const claim = checksumClaim(request.headers);
  const trailers = new Map<string, string>();
  const source = payload.kind === 'chunks' ? decodeChunks(request.body, payload, trailers) : request.body;
  const pieces: Buffer[] = [];
  let sizeBytes = 0;
  for await (const piece of source) {
    sizeBytes += piece.length;
    if (sizeBytes > XML_BYTES_MAX) throw new S3Error('MalformedXML');
    pieces.push(piece);
  }
  const bytes = Buffer.concat(pieces);
  const checksum = claim && startChecksum(claim.algorithm);
  checksum?.update(bytes);
  requireClaims(
    request.headers,
    payload,
    { claim, trailers },
    {
      sizeBytes,
      md5Hex: createHash('md5').update(bytes).digest('hex'),
      sha256Hex: createHash('sha256').update(bytes).digest('hex'),
      ...(checksum && { checksumValue: checksum.digest() }),
    },
  );
  return bytes.toString('utf8');
}

/** Undoes the `aws-chunked` encoding; the trailer's fields are put into `trailers` once the body has been read. */
async function* decodeChunks(
  source: AsyncIterable<Buffer>,
  payload: { hasTrailer: boolean; chain?: ChunkSignatures },
  trailers: Map<string, string>,
): AsyncGenerator<Buffer> {
  const reader = new ByteReader(source);
  for (;;) {
    const parsed = /^([0-9a-f]{1,9})(?:;chunk-signature=([0-9a-f]{64}))?$/i.exec(
      await reader.line(CHUNK_LINE_BYTES_MAX),
    );
    if (!parsed) throw new S3Error('IncompleteBody');
    const sizeBytes = Number.parseInt(parsed[1] ?? '', 16);
    const hash = createHash('sha256');
    for await (const piece of reader.take(sizeBytes)) {
      hash.update(piece);
      yield piece;
    }
    payload.chain?.verifyChunk(hash.digest('hex'), parsed[2] ?? '');
    if (sizeBytes === 0) break;
    if ((await reader.line(CHUNK_LINE_BYTES_MAX)) !== '') throw new S3Error('IncompleteBody');
  }
  if (payload.hasTrailer) await readTrailer(reader, payload.chain, trailers);
}

async function readTrailer(
  reader: ByteReader,
  chain: ChunkSignatures | undefined,
  trailers: Map<string, string>,
): Promise<void> {
  const signed = createHash('sha256');
  let signature = '';
  for (let count = 0; count <= TRAILER_LINES_MAX; count += 1) {
    const line = await reader.line(CHUNK_LINE_BYTES_MAX);
    if (line === '' && (signature !== '' || !chain)) break;
    if (line === '') continue;
    const [name = '', value = ''] = line.split(':', 2);
    if (name === 'x-amz-trailer-signature') {
      signature = value;
      continue;
    }
    trailers.set(name.trim().toLowerCase(), value.trim());
    signed.update(`${name}:${value}\n`);
  }
  chain?.verifyTrailer(signed.digest('hex'), signature);
}

type Computed = Omit<ReceivedBody, 'bodyId'>;

function requireClaims(
  headers: Headers,
  payload: PayloadClaim,
  checksum: { claim: ChecksumClaim | undefined; trailers: ReadonlyMap<string, string> },
  body: Computed,
): void {
  if (payload.kind === 'sha256' && body.sha256Hex !== payload.hex) throw new S3Error('XAmzContentSHA256Mismatch');
  if (payload.kind === 'chunks') requireDecodedLength(headers, body.sizeBytes);
  requireMd5(headers, body);
  if (checksum.claim) requireChecksum(checksum.claim, checksum.trailers, body);
}

function requireDecodedLength(headers: Headers, sizeBytes: number): void {
  if (Number(headers['x-amz-decoded-content-length']) !== sizeBytes) throw new S3Error('IncompleteBody');
}

function requireMd5(headers: Headers, body: Computed): void {
  const given = headers['content-md5'];
  if (given === undefined) return;
  const digest = Buffer.from(given, 'base64');
  if (digest.length !== 16) throw new S3Error('InvalidDigest');
  if (digest.toString('hex') !== body.md5Hex) throw new S3Error('BadDigest');
}

function requireChecksum(claim: ChecksumClaim, trailers: ReadonlyMap<string, string>, body: Computed): void {
  const value = claim.isInTrailer ? trailers.get(checksumHeader(claim.algorithm)) : claim.value;
  if (value === undefined && !claim.isInTrailer) return;
  if (value !== body.checksumValue) {
    throw new S3Error('BadDigest', `The ${claim.algorithm} you specified did not match the calculated checksum.`);
  }
}
