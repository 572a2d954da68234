import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  type KeyObject,
  randomBytes,
  sign,
  verify,
} from 'node:crypto';
import { promisify } from 'node:util';
import * as z from 'zod';
import { CognitoFailure } from './failure.ts';
import type { PoolSecrets } from './records.ts';

const KID_BYTES = 32;
const DERIVATION_KEY_BYTES = 32;
const MODULUS_BITS = 2048;

interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

export interface SigningKeys {
  readonly access: SigningKey;
  readonly id: SigningKey;
}

/** A public key as RFC 7517 writes it; what `/{poolId}/.well-known/jwks.json` lists. */
export type Jwk = {
  readonly alg: 'RS256';
  readonly e: string;
  readonly kid: string;
  readonly kty: 'RSA';
  readonly n: string;
  readonly use: 'sig';
};

const AccessClaims = z.object({
  sub: z.string(),
  iss: z.string(),
  client_id: z.string(),
  origin_jti: z.string(),
  token_use: z.literal('access'),
  exp: z.int(),
});
type AccessClaims = z.output<typeof AccessClaims>;
const Header = z.object({ alg: z.literal('RS256'), kid: z.string() });

/** Makes a new pool's secrets: two RSA keys and the key that fake answers derive from. */
export async function newPoolSecrets(nowEpochMilliseconds: number): Promise<PoolSecrets> {
  const [accessKey, idKey] = await Promise.all([newSigningKey(), newSigningKey()]);
  return {
    accessKey,
    idKey,
    derivationKey: randomBytes(DERIVATION_KEY_BYTES).toString('base64'),
    createdAtEpochMilliseconds: nowEpochMilliseconds,
  };
}

export function signingKeys(secrets: PoolSecrets): SigningKeys {
  const open = ({ kid, privateKeyPem }: PoolSecrets['accessKey']): SigningKey => {
    const privateKey = createPrivateKey(privateKeyPem);
    return { kid, privateKey, publicKey: createPublicKey(privateKey) };
  };
  return { access: open(secrets.accessKey), id: open(secrets.idKey) };
}

export function publicJwks(keys: SigningKeys): { readonly keys: readonly Jwk[] } {
  return { keys: [keys.id, keys.access].map(publicJwk) };
}

/** A JWS in compact form (RFC 7515), RS256, with Cognito's two header fields. */
export function signToken(key: SigningKey, claims: Readonly<Record<string, unknown>>): string {
  const signed = `${encoded({ kid: key.kid, alg: 'RS256' })}.${encoded(claims)}`;
  return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), key.privateKey).toString('base64url')}`;
}

/** The issuer that a token claims, unverified: only good for finding the pool that has to verify it. */
export function claimedIssuer(token: string): string | undefined {
  const claims = z.object({ iss: z.string() }).safeParse(decoded(token.split('.')[1] ?? ''));
  return claims.success ? claims.data.iss : undefined;
}

/** Verifies form, signature, use and expiry of an access token; throws NotAuthorizedException. */
export function verifyAccessToken(keys: SigningKeys, token: string, nowEpochMilliseconds: number): AccessClaims {
  const [header = '', payload = '', signature = '', ...rest] = token.split('.');
  if (rest.length > 0 || !Header.safeParse(decoded(header)).success) throw invalidToken();
  const isSigned = verify(
    'RSA-SHA256',
    Buffer.from(`${header}.${payload}`),
    keys.access.publicKey,
    Buffer.from(signature, 'base64url'),
  );
  if (!isSigned) throw new CognitoFailure('NotAuthorizedException', 'Could not verify signature for Access Token');
  const claims = AccessClaims.safeParse(decoded(payload));
  if (!claims.success) throw invalidToken();
  if (claims.data.exp * 1000 <= nowEpochMilliseconds) {
    throw new CognitoFailure('NotAuthorizedException', 'Access Token has expired');
  }
  return claims.data;
}

export function invalidToken(): CognitoFailure {
  return new CognitoFailure('NotAuthorizedException', 'Invalid Access Token');
}

/** The form in which random tokens are kept: their SHA-256 in base64url. */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

async function newSigningKey(): Promise<PoolSecrets['accessKey']> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: MODULUS_BITS });
  return {
    kid: randomBytes(KID_BYTES).toString('base64'),
    privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function publicJwk({ kid, publicKey }: SigningKey): Jwk {
  const { n, e } = z.object({ n: z.string(), e: z.string() }).parse(publicKey.export({ format: 'jwk' }));
  return { alg: 'RS256', e, kid, kty: 'RSA', n, use: 'sig' };
}

function encoded(json: unknown): string {
  return Buffer.from(JSON.stringify(json)).toString('base64url');
}

function decoded(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString());
  } catch {
    return undefined;
  }
}
