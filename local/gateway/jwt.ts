import { createPublicKey, type JsonWebKey, type KeyObject, verify } from 'node:crypto';
import type { JwtAuthorizerDeclaration } from './api.ts';

export interface VerifiedToken {
  readonly claims: Readonly<Record<string, unknown>>;
  /** The token's scopes that the route asks for; null where it asks for none. */
  readonly scopes: readonly string[] | null;
}

/** Why the authorizer turns a request away; `challenge` is for `www-authenticate`. */
export class AuthorizationRefused extends Error {
  override readonly name = 'AuthorizationRefused';
  readonly status: 401 | 403;
  readonly challenge: string;

  constructor(status: 401 | 403, challenge: string) {
    super(challenge);
    this.status = status;
    this.challenge = challenge;
  }
}

/** The public keys of an issuer as RFC 7517 lists them. */
export type KeySetOf = (issuer: string) => Promise<readonly (JsonWebKey & { readonly kid?: string })[]>;

export type Authorize = (
  authorizer: JwtAuthorizerDeclaration,
  scopes: readonly string[],
  header: string | undefined,
) => Promise<VerifiedToken>;

// An unknown key id makes the gateway ask again, but a stream of forged ids must not become a stream of questions.
const KEY_SET_PAUSE_MILLISECONDS = 1000;

/**
 * The JWT authorizer (API Gateway developer guide, "Control access to HTTP APIs with JWT authorizers"): RS256 signature by a
 * key of the issuer, `iss`, `aud` (or `client_id` where there is none), `exp`, `nbf`, `iat`, scopes. It takes ID tokens as well
 * and sees no revocation, as at AWS. Rejects with AuthorizationRefused.
 */
export function jwtAuthorizer(keySetOf: KeySetOf, nowMilliseconds: () => number): Authorize {
  const keys = new Map<string, Map<string, KeyObject>>();
  const askedAt = new Map<string, number>();

  async function keyOf(issuer: string, kid: string): Promise<KeyObject | undefined> {
    const known = keys.get(issuer)?.get(kid);
    if (known || performance.now() - (askedAt.get(issuer) ?? Number.NEGATIVE_INFINITY) < KEY_SET_PAUSE_MILLISECONDS)
      return known;
    const found = new Map<string, KeyObject>();
    for (const key of await keySetOf(issuer)) if (key.kid) found.set(key.kid, createPublicKey({ key, format: 'jwk' }));
    keys.set(issuer, found);
    askedAt.set(issuer, performance.now());
    return found.get(kid);
  }

  return async (authorizer, scopes, header) => {
    if (!header) throw new AuthorizationRefused(401, 'Bearer');
    const token = parse(header.replace(/^Bearer\s+/i, ''));
    if (token?.header['alg'] !== 'RS256' || typeof token.header['kid'] !== 'string') throw invalid('malformed token');
    if (token.claims['iss'] !== authorizer.issuer) throw invalid('the token has an invalid issuer');
    const key = await keyOf(authorizer.issuer, token.header['kid']);
    if (!key || !verify('sha256', token.signedPart, key, token.signature))
      throw invalid('signature verification failed');
    checkTimes(token.claims, nowMilliseconds() / 1000);
    checkAudience(token.claims, authorizer.audience);
    return { claims: token.claims, scopes: grantedScopes(token.claims, scopes) };
  };
}

interface ParsedToken {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly signedPart: Buffer;
  readonly signature: Buffer;
}

const jwtForm = /^([\w-]+)\.([\w-]+)\.([\w-]+)$/;

function parse(token: string): ParsedToken | undefined {
  const [, header, claims, signature] = jwtForm.exec(token) ?? [];
  if (!header || !claims || !signature) return undefined;
  try {
    return {
      header: Object(JSON.parse(Buffer.from(header, 'base64url').toString())),
      claims: Object(JSON.parse(Buffer.from(claims, 'base64url').toString())),
      signedPart: Buffer.from(`${header}.${claims}`),
      signature: Buffer.from(signature, 'base64url'),
    };
  } catch {
    return undefined;
  }
}

function checkTimes({ exp, nbf, iat }: ParsedToken['claims'], nowSeconds: number): void {
  if (typeof exp !== 'number' || exp <= nowSeconds) throw invalid('the token has expired');
  if (nbf !== undefined && !(typeof nbf === 'number' && nbf <= nowSeconds)) throw invalid('the token is not yet valid');
  if (iat !== undefined && !(typeof iat === 'number' && iat <= nowSeconds))
    throw invalid('the token was issued in the future');
}

function checkAudience({ aud, client_id }: ParsedToken['claims'], accepted: readonly string[]): void {
  const given = aud === undefined ? [client_id] : [aud].flat();
  if (!given.some((each) => typeof each === 'string' && accepted.includes(each)))
    throw invalid('the token has an invalid audience');
}

function grantedScopes({ scope, scp }: ParsedToken['claims'], wanted: readonly string[]): readonly string[] | null {
  if (wanted.length === 0) return null;
  const held = new Set([String(scope ?? '').split(' '), scp ?? []].flat(2));
  const granted = wanted.filter((each) => held.has(each));
  if (granted.length > 0) return granted;
  throw new AuthorizationRefused(
    403,
    `Bearer scope="${wanted.join(' ')}" error="insufficient_scope" error_description="insufficient scope"`,
  );
}

function invalid(description: string): AuthorizationRefused {
  return new AuthorizationRefused(401, `Bearer scope="" error="invalid_token" error_description="${description}"`);
}
