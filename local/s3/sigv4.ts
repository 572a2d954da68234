import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { S3Error } from './errors.ts';
import { type S3Request, uriEncode } from './request.ts';

const ALGORITHM = 'AWS4-HMAC-SHA256';
const SKEW_MILLISECONDS_MAX = 15 * 60_000;
const EXPIRES_SECONDS_MAX = 7 * 86_400;
const EMPTY_SHA256 = createHash('sha256').digest('hex');

export interface SigningFacts {
  /** The secret of an access key, or undefined for one that nobody holds. */
  credentials(accessKeyId: string): string | undefined;
  region: string;
  now: number;
}

/** What the signature says about the body: nothing, its hash, or that it comes in chunks. */
export type PayloadClaim =
  | { kind: 'unsigned' }
  | { kind: 'sha256'; hex: string }
  | { kind: 'chunks'; hasTrailer: boolean; chain?: ChunkSignatures };

/** Each chunk's signature covers the one before it (S3 API Reference, "Signature calculations: multiple chunks"). */
export interface ChunkSignatures {
  /** Throws SignatureDoesNotMatch. */
  verifyChunk(sha256Hex: string, signature: string): void;
  verifyTrailer(sha256Hex: string, signature: string): void;
}

interface Scope {
  accessKeyId: string;
  day: string;
  /** `day/region/s3/aws4_request`. */
  text: string;
  signingKey: Buffer;
}

/**
 * Checks a header-signed or presigned request (S3 API Reference, "Authenticating Requests: AWS Signature Version 4").
 * Throws AccessDenied for an anonymous, expired or partly signed one, InvalidAccessKeyId, SignatureDoesNotMatch,
 * RequestTimeTooSkewed.
 */
export function authenticate(request: S3Request, facts: SigningFacts): PayloadClaim {
  const authorization = request.headers['authorization'];
  const isPresigned = request.query.has('X-Amz-Algorithm') || request.query.has('X-Amz-Signature');
  if (isPresigned && authorization !== undefined) {
    throw new S3Error('InvalidArgument', 'Only one auth mechanism allowed.');
  }
  if (isPresigned) return authenticatePresigned(request, facts);
  if (authorization === undefined) throw new S3Error('AccessDenied');
  return authenticateHeader(request, authorization, facts);
}

function authenticateHeader(request: S3Request, authorization: string, facts: SigningFacts): PayloadClaim {
  const parsed = /^AWS4-HMAC-SHA256 Credential=([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/.exec(
    authorization,
  );
  if (!parsed) throw new S3Error('AuthorizationHeaderMalformed');
  const [, credential = '', signedHeaders = '', signature = ''] = parsed;
  const scope = readScope(credential, facts, 'AuthorizationHeaderMalformed');
  const timestamp = request.headers['x-amz-date'] ?? '';
  const signedAt = parseTimestamp(timestamp);
  if (signedAt === undefined || !timestamp.startsWith(scope.day)) {
    throw new S3Error('AccessDenied', 'AWS authentication requires a valid x-amz-date header');
  }
  if (Math.abs(facts.now - signedAt) > SKEW_MILLISECONDS_MAX) {
    throw new S3Error('RequestTimeTooSkewed', undefined, {
      details: { RequestTime: timestamp, ServerTime: new Date(facts.now).toISOString() },
    });
  }
  const payloadHash = request.headers['x-amz-content-sha256'];
  if (payloadHash === undefined) {
    throw new S3Error('InvalidRequest', 'Missing required header for this request: x-amz-content-sha256');
  }
  requireSigned(request, signedHeaders);
  const canonical = canonicalRequest(request, signedHeaders, payloadHash);
  requireSignature(scope, timestamp, canonical, signature);
  return payloadClaim(payloadHash, () => chunkSignatures(scope, timestamp, signature));
}

function authenticatePresigned(request: S3Request, facts: SigningFacts): PayloadClaim {
  const parameter = (name: string): string => {
    const value = request.query.get(name);
    if (value === undefined) {
      throw new S3Error('AuthorizationQueryParametersError', `Query-string authentication requires ${name}.`);
    }
    return value;
  };
  if (parameter('X-Amz-Algorithm') !== ALGORITHM) throw new S3Error('AuthorizationQueryParametersError');
  const scope = readScope(parameter('X-Amz-Credential'), facts, 'AuthorizationQueryParametersError');
  const timestamp = parameter('X-Amz-Date');
  const signedAt = parseTimestamp(timestamp);
  if (signedAt === undefined || !timestamp.startsWith(scope.day)) {
    throw new S3Error('AuthorizationQueryParametersError', 'X-Amz-Date must match the date of the credential.');
  }
  const expiresSeconds = Number(parameter('X-Amz-Expires'));
  if (!Number.isInteger(expiresSeconds) || expiresSeconds < 1 || expiresSeconds > EXPIRES_SECONDS_MAX) {
    throw new S3Error('AuthorizationQueryParametersError', 'X-Amz-Expires must be between 1 second and a week.');
  }
  const signedHeaders = parameter('X-Amz-SignedHeaders');
  requireSigned(request, signedHeaders);
  const payloadHash =
    request.query.get('X-Amz-Content-Sha256') ?? request.headers['x-amz-content-sha256'] ?? 'UNSIGNED-PAYLOAD';
  requireSignature(
    scope,
    timestamp,
    canonicalRequest(request, signedHeaders, payloadHash),
    parameter('X-Amz-Signature'),
  );
  // The signature first: only who holds the link learns that it has expired.
  if (signedAt > facts.now + SKEW_MILLISECONDS_MAX) throw new S3Error('AccessDenied', 'Request is not valid yet');
  const expiresAt = signedAt + expiresSeconds * 1000;
  if (facts.now >= expiresAt) {
    throw new S3Error('AccessDenied', 'Request has expired', {
      details: {
        'X-Amz-Expires': String(expiresSeconds),
        Expires: new Date(expiresAt).toISOString(),
        ServerTime: new Date(facts.now).toISOString(),
      },
    });
  }
  return payloadClaim(payloadHash, () => chunkSignatures(scope, timestamp, parameter('X-Amz-Signature')));
}

/**
 * Checks the signature of a POST policy, which is over the policy's base64 text alone
 * (S3 API Reference, "Creating a POST policy").
 */
export function verifyPolicySignature(
  policy: { base64: string; credential: string; timestamp: string; signature: string },
  facts: SigningFacts,
): void {
  const scope = readScope(policy.credential, facts, 'AuthorizationQueryParametersError');
  if (parseTimestamp(policy.timestamp) === undefined || !policy.timestamp.startsWith(scope.day)) {
    throw new S3Error('AccessDenied', 'Invalid according to Policy: x-amz-date does not match the credential');
  }
  requireEqual(hmac(scope.signingKey, policy.base64).toString('hex'), policy.signature);
}

function readScope(
  credential: string,
  facts: SigningFacts,
  malformed: 'AuthorizationHeaderMalformed' | 'AuthorizationQueryParametersError',
): Scope {
  const parsed = /^([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request$/.exec(credential);
  const [, accessKeyId = '', day = '', region = ''] = parsed ?? [];
  if (!parsed) throw new S3Error(malformed);
  if (region !== facts.region) {
    throw new S3Error(malformed, `The region '${region}' is wrong; expecting '${facts.region}'`, {
      details: { Region: facts.region },
    });
  }
  const secret = facts.credentials(accessKeyId);
  if (secret === undefined) {
    throw new S3Error('InvalidAccessKeyId', undefined, { details: { AWSAccessKeyId: accessKeyId } });
  }
  const signingKey = [day, region, 's3', 'aws4_request'].reduce<Buffer>(
    (key, part) => hmac(key, part),
    Buffer.from(`AWS4${secret}`),
  );
  return { accessKeyId, day, text: `${day}/${region}/s3/aws4_request`, signingKey };
}

// An `x-amz-` header that is not signed could be slipped in by whoever passes the request on.
function requireSigned(request: S3Request, signedHeaders: string): void {
  const signed = new Set(signedHeaders.split(';'));
  const unsigned = Object.keys(request.headers).filter(
    (name) => (name.startsWith('x-amz-') || name === 'host') && !signed.has(name),
  );
  if (unsigned.length === 0) return;
  throw new S3Error('AccessDenied', 'There were headers present in the request which were not signed', {
    details: { HeadersNotSigned: unsigned.join(', ') },
  });
}

function canonicalRequest(request: S3Request, signedHeaders: string, payloadHash: string): string {
  const path = request.path.split('/').map(uriEncode).join('/');
  const query = [...request.query]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${uriEncode(name)}=${uriEncode(value)}`)
    .sort()
    .join('&');
  const headers = signedHeaders
    .split(';')
    .map((name) => `${name}:${(request.headers[name] ?? '').trim().replace(/ +/g, ' ')}\n`)
    .join('');
  return [request.method, path, query, headers, signedHeaders, payloadHash].join('\n');
}

function requireSignature(scope: Scope, timestamp: string, canonical: string, signature: string): void {
  const stringToSign = [ALGORITHM, timestamp, scope.text, sha256Hex(canonical)].join('\n');
  const details = { AWSAccessKeyId: scope.accessKeyId, StringToSign: stringToSign, CanonicalRequest: canonical };
  requireEqual(hmac(scope.signingKey, stringToSign).toString('hex'), signature, details);
}

function requireEqual(expected: string, given: string, details: Record<string, string> = {}): void {
  const left = Buffer.from(expected);
  const right = Buffer.from(given);
  if (left.length === right.length && timingSafeEqual(left, right)) return;
  throw new S3Error('SignatureDoesNotMatch', undefined, { details });
}

function payloadClaim(payloadHash: string, chain: () => ChunkSignatures): PayloadClaim {
  switch (payloadHash) {
    case 'UNSIGNED-PAYLOAD':
      return { kind: 'unsigned' };
    case 'STREAMING-UNSIGNED-PAYLOAD-TRAILER':
      return { kind: 'chunks', hasTrailer: true };
    case 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD':
      return { kind: 'chunks', hasTrailer: false, chain: chain() };
    case 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER':
      return { kind: 'chunks', hasTrailer: true, chain: chain() };
  }
  if (/^[0-9a-f]{64}$/.test(payloadHash)) return { kind: 'sha256', hex: payloadHash };
  throw new S3Error('InvalidArgument', 'x-amz-content-sha256 must be a SHA-256 or one of the documented values.');
}

function chunkSignatures(scope: Scope, timestamp: string, seedSignature: string): ChunkSignatures {
  let previous = seedSignature;
  const verify = (kind: string, hashes: string[], signature: string) => {
    const stringToSign = [`${ALGORITHM}-${kind}`, timestamp, scope.text, previous, ...hashes].join('\n');
    requireEqual(hmac(scope.signingKey, stringToSign).toString('hex'), signature);
    previous = signature;
  };
  return {
    verifyChunk: (sha256, signature) => verify('PAYLOAD', [EMPTY_SHA256, sha256], signature),
    verifyTrailer: (sha256, signature) => verify('TRAILER', [sha256], signature),
  };
}

function parseTimestamp(text: string): number | undefined {
  const parsed = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (!parsed) return undefined;
  const [, year, month, day, hour, minute, second] = parsed;
  const milliseconds = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
