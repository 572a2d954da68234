import { createHash, type KeyObject, timingSafeEqual, verify } from 'node:crypto';
import { type InnerList, isInnerList, parseDictionary, serializeInnerList } from 'structured-headers';

/** A signature speaks for so long, and a clock may be ahead by as much. */
const SECONDS_MAX = 5 * 60;
/** Others may have signed as well; the device's is one of these. */
const SIGNATURES_MAX = 4;

/** What each signature must cover: the request cannot become another one (RFC 9421, section 7.2.1). */
const demanded = ['@method', '@target-uri', 'content-digest'] as const;

/** RFC 9421, section 5.1, and RFC 9530, section 4: what a request is asked for that brings no good signature. */
export const signatureWanted = {
  'accept-signature': `sig1=(${demanded.map((name) => `"${name}"`).join(' ')});created;keyid;alg="ed25519"`,
  'want-content-digest': 'sha-256=10',
  // RFC 9110, section 11.6.1 demands a challenge of every 401; RFC 9421 names no scheme of its own.
  'www-authenticate': 'Signature',
} as const;

export interface SignedRequest {
  readonly method: string;
  /** As the sender addressed it: by our public address, whatever `Host` says. */
  readonly targetUri: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly content: Uint8Array;
}

/**
 * Whether the request carries a signature of the key that is fresh and covers all that it must: RFC 9421, section 3.2,
 * with Ed25519 (section 3.3.6), and the content by its digest (RFC 9530). Whatever cannot be read does not hold.
 */
export function isSignedBy(
  { keyId, publicKey }: { readonly keyId: string; readonly publicKey: KeyObject },
  request: SignedRequest,
  now: Date,
): boolean {
  if (!isDigestOf(request.headers['content-digest'], request.content)) return false;
  return signaturesIn(request.headers).some(({ input, signature }) => {
    if (!speaksNow(input, keyId, now)) return false;
    const base = signatureBase(input, request);
    return base !== undefined && verify(null, Buffer.from(base), publicKey, signature);
  });
}

interface SignatureOf {
  readonly input: InnerList;
  readonly signature: Uint8Array;
}

function signaturesIn(headers: SignedRequest['headers']): SignatureOf[] {
  const inputs = dictionaryIn(headers['signature-input']);
  const signatures = dictionaryIn(headers['signature']);
  return [...inputs].slice(0, SIGNATURES_MAX).flatMap(([label, input]) => {
    const [signature] = signatures.get(label) ?? [];
    return isInnerList(input) && signature instanceof ArrayBuffer
      ? [{ input, signature: new Uint8Array(signature) }]
      : [];
  });
}

function dictionaryIn(header: string | undefined): ReturnType<typeof parseDictionary> {
  try {
    return parseDictionary(header ?? '');
  } catch {
    return new Map();
  }
}

function speaksNow([, parameters]: InnerList, keyId: string, now: Date): boolean {
  const [created, expires, algorithm] = [parameters.get('created'), parameters.get('expires'), parameters.get('alg')];
  const seconds = now.getTime() / 1000;
  if (parameters.get('keyid') !== keyId) return false;
  // The key decides the algorithm; a name beside it may only agree (section 7.3.6).
  if (algorithm !== undefined && algorithm !== 'ed25519') return false;
  if (typeof created !== 'number' || Math.abs(seconds - created) > SECONDS_MAX) return false;
  return expires === undefined || (typeof expires === 'number' && seconds < expires);
}

/** Section 2.5. Undefined when something is covered that no device of ours signs, twice, or with parameters. */
function signatureBase(input: InnerList, request: SignedRequest): string | undefined {
  const [items] = input;
  const names = items.map(([name]) => name);
  if (new Set(names).size !== names.length || !demanded.every((name) => names.includes(name))) return undefined;
  const lines: string[] = [];
  for (const [name, parameters] of items) {
    const value = typeof name === 'string' && parameters.size === 0 ? componentOf(name, request) : undefined;
    if (value === undefined) return undefined;
    lines.push(`"${name}": ${value}`);
  }
  return [...lines, `"@signature-params": ${serializeInnerList(input)}`].join('\n');
}

function componentOf(name: string, { method, targetUri, headers }: SignedRequest): string | undefined {
  switch (name) {
    case '@method':
      return method;
    case '@target-uri':
      return targetUri;
    case 'content-digest':
    case 'content-type':
    case 'content-length':
      return headers[name]?.trim();
    default:
      return undefined;
  }
}

/** RFC 9530, section 2; of the algorithms that it calls active, the one that we ask for. */
function isDigestOf(header: string | undefined, content: Uint8Array): boolean {
  const [digest] = dictionaryIn(header).get('sha-256') ?? [];
  if (!(digest instanceof ArrayBuffer)) return false;
  const own = createHash('sha256').update(content).digest();
  return digest.byteLength === own.byteLength && timingSafeEqual(new Uint8Array(digest), own);
}
