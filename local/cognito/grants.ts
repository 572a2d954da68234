import { randomBytes, randomUUID } from 'node:crypto';
import type { UserPoolClientDeclaration } from './declaration.ts';
import { CognitoFailure } from './failure.ts';
import { clientOf, type PoolClient, type Pools, type UserPool } from './pool.ts';
import type { Grant, User } from './records.ts';
import type { Change } from './store.ts';
import { signToken, tokenHash, verifyAccessToken } from './tokens.ts';

const REFRESH_TOKEN_BYTES = 96;
/** No access token lives longer than this (TokenValidityUnits), so a grant can be forgotten after it. */
const ACCESS_TOKEN_MILLISECONDS_MAX = 86_400_000;
const BOOLEAN_ATTRIBUTES = ['email_verified', 'phone_number_verified'];

/** `AuthenticationResult` of the API. */
export interface AuthenticationResult {
  readonly AccessToken: string;
  readonly IdToken: string;
  readonly RefreshToken?: string;
  readonly ExpiresIn: number;
  readonly TokenType: 'Bearer';
}

/** A completed sign-in: the tokens, and the change that must be committed before they leave. */
export function newGrant(
  pool: UserPool,
  client: UserPoolClientDeclaration,
  user: User,
): { readonly result: AuthenticationResult; readonly changes: Change[] } {
  const now = pool.clock.now();
  const originJti = randomUUID();
  const secret = randomBytes(REFRESH_TOKEN_BYTES).toString('base64url');
  const grant: Grant = {
    originJti,
    sub: user.sub,
    clientId: client.id,
    eventId: randomUUID(),
    refreshTokenHash: tokenHash(secret),
    authTimeEpochSeconds: Math.floor(now / 1000),
    refreshExpiresAtEpochMilliseconds: now + client.refreshTokenSeconds * 1000,
    state: 'live',
  };
  return {
    // The grant's id in front makes the token findable; the secret behind it is what counts.
    result: { ...tokensOf(pool, client, user, grant), RefreshToken: `${originJti}.${secret}` },
    changes: [...outlived(pool, now), { collection: 'grants', key: originJti, value: grant }],
  };
}

/** New access and ID tokens of the same sign-in: `iat` is renewed, `auth_time` and `origin_jti` stay. */
export function refreshed({ pool, client }: PoolClient, refreshToken: string): AuthenticationResult {
  const grant = grantOfRefreshToken(pool, refreshToken);
  if (!grant || grant.clientId !== client.id) throw refusal('Invalid Refresh Token');
  if (grant.state !== 'live') throw refusal('Refresh Token has been revoked');
  if (grant.refreshExpiresAtEpochMilliseconds <= pool.clock.now()) throw refusal('Refresh Token has expired');
  const user = pool.store.all('users').get(grant.sub);
  if (!user) throw refusal('Invalid Refresh Token');
  if (!user.isEnabled) throw refusal('User is disabled.');
  return tokensOf(pool, client, user, grant);
}

/** Ends one sign-in by its refresh token; one that is unknown is already as good as revoked (RFC 7009 section 2.2). */
export function revokeRefreshToken({ pool, client }: PoolClient, refreshToken: string): void {
  if (!client.revokesTokens) {
    throw new CognitoFailure('UnsupportedOperationException', 'Token revocation is not enabled for this client.');
  }
  if (refreshToken.startsWith('eyJ')) {
    throw new CognitoFailure('UnsupportedTokenTypeException', 'Unsupported token type');
  }
  const grant = grantOfRefreshToken(pool, refreshToken);
  if (!grant) return;
  if (grant.clientId !== client.id) throw refusal('Invalid client for this token');
  pool.store.commit({ collection: 'grants', key: grant.originJti, value: { ...grant, state: 'revoked' } });
}

/** The changes that end every sign-in of a user, wholly or for refreshing only. */
export function endGrants(pool: UserPool, sub: string, state: 'refresh-revoked' | 'revoked'): Change[] {
  const changes: Change[] = [];
  for (const [key, grant] of pool.store.all('grants')) {
    if (grant.sub !== sub || grant.state === 'revoked') continue;
    changes.push({ collection: 'grants', key, value: { ...grant, state } });
  }
  return changes;
}

interface SignedIn extends PoolClient {
  readonly user: User;
}

/** Who holds this access token; throws NotAuthorizedException or UserNotFoundException. */
export function signedIn(pools: Pools, accessToken: string): SignedIn {
  const pool = pools.byToken(accessToken);
  const claims = verifyAccessToken(pool.keys, accessToken, pool.clock.now());
  const user = pool.store.all('users').get(claims.sub);
  if (!user) throw new CognitoFailure('UserNotFoundException', 'User does not exist.');
  const grant = pool.store.all('grants').get(claims.origin_jti);
  if (!grant || grant.state === 'revoked') throw refusal('Access Token has been revoked');
  if (!user.isEnabled) throw refusal('User is disabled.');
  return { pool, client: clientOf(pool, claims.client_id), user };
}

function tokensOf(pool: UserPool, client: UserPoolClientDeclaration, user: User, grant: Grant): AuthenticationResult {
  const issuedAt = Math.floor(pool.clock.now() / 1000);
  const common = {
    sub: user.sub,
    iss: pool.issuer,
    origin_jti: grant.originJti,
    event_id: grant.eventId,
    auth_time: grant.authTimeEpochSeconds,
    iat: issuedAt,
  };
  const accessClaims = {
    ...common,
    client_id: client.id,
    token_use: 'access',
    scope: 'aws.cognito.signin.user.admin',
    exp: issuedAt + client.accessTokenSeconds,
    jti: randomUUID(),
    username: user.sub,
  };
  const idClaims = {
    ...attributeClaims(client, user),
    ...common,
    aud: client.id,
    'cognito:username': user.sub,
    token_use: 'id',
    exp: issuedAt + client.idTokenSeconds,
    jti: randomUUID(),
  };
  return {
    AccessToken: signToken(pool.keys.access, accessClaims),
    IdToken: signToken(pool.keys.id, idClaims),
    ExpiresIn: client.accessTokenSeconds,
    TokenType: 'Bearer',
  };
}

function attributeClaims(client: UserPoolClientDeclaration, user: User): Record<string, string | boolean> {
  const readable = Object.entries(user.attributes).filter(([name]) => client.readable.includes(name));
  return Object.fromEntries(
    readable.map(([name, value]) => [name, BOOLEAN_ATTRIBUTES.includes(name) ? value === 'true' : value]),
  );
}

/** The sign-in that gave out this refresh token. */
export function grantOfRefreshToken(pool: UserPool, refreshToken: string): Grant | undefined {
  const dot = refreshToken.indexOf('.');
  const grant = pool.store.all('grants').get(refreshToken.slice(0, Math.max(dot, 0)));
  return grant?.refreshTokenHash === tokenHash(refreshToken.slice(dot + 1)) ? grant : undefined;
}

function outlived(pool: UserPool, now: number): Change[] {
  const changes: Change[] = [];
  for (const [key, grant] of pool.store.all('grants')) {
    if (grant.refreshExpiresAtEpochMilliseconds + ACCESS_TOKEN_MILLISECONDS_MAX > now) continue;
    changes.push({ collection: 'grants', key, value: null });
  }
  return changes;
}

function refusal(message: string): CognitoFailure {
  return new CognitoFailure('NotAuthorizedException', message);
}
