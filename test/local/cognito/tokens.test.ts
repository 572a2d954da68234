import { createSign, generateKeyPairSync } from 'node:crypto';
import {
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminUserGlobalSignOutCommand,
  ChangePasswordCommand,
  GetUserCommand,
  GlobalSignOutCommand,
  InitiateAuthCommand,
  RevokeTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { CognitoJwtVerifier } from 'aws-jwt-verify';
import { decomposeUnverifiedJwt } from 'aws-jwt-verify/jwt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aSession, aUser, aWorld, DAY, PASSWORD, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await aWorld();
});
afterAll(() => world.server.close());

const getUser = (AccessToken: string) => world.sdk.send(new GetUserCommand({ AccessToken }));
const refresh = async (token: string, ClientId = world.clientId) => {
  const command = { ClientId, AuthFlow: 'REFRESH_TOKEN_AUTH', AuthParameters: { REFRESH_TOKEN: token } } as const;
  return (await world.sdk.send(new InitiateAuthCommand(command))).AuthenticationResult;
};
const payloadOf = (token = ''): Record<string, unknown> => ({ ...decomposeUnverifiedJwt(token).payload });
const refusal = (message: string) => ({ name: 'NotAuthorizedException', message });
const revoked = refusal('Access Token has been revoked');
const refreshRevoked = refusal('Refresh Token has been revoked');

describe('tokens', () => {
  it('verify under aws-jwt-verify with the served keys, each for its own use only', async () => {
    const { session } = await aSession(world, await aUser(world));
    const jwks = await (await fetch(`${world.server.url}/${world.poolId}/.well-known/jwks.json`)).json();
    expect(jwks).toEqual(world.server.jwks(world.poolId));
    const verifierOf = <U extends 'access' | 'id'>(tokenUse: U) => {
      const verifier = CognitoJwtVerifier.create({ userPoolId: world.poolId, clientId: world.clientId, tokenUse });
      verifier.cacheJwks({ keys: [...world.server.jwks(world.poolId).keys] });
      return verifier;
    };
    const access = session.getAccessToken().getJwtToken();
    const id = session.getIdToken().getJwtToken();
    await expect(verifierOf('access').verify(access)).resolves.toMatchObject({ token_use: 'access' });
    await expect(verifierOf('id').verify(id)).resolves.toMatchObject({ token_use: 'id' });
    await expect(verifierOf('access').verify(id)).rejects.toThrow('Token use');
  });

  it('carry AWS’s claims and the client’s lifetimes', async () => {
    const email = await aUser(world);
    const { session } = await aSession(world, email);
    const access = payloadOf(session.getAccessToken().getJwtToken());
    const id = payloadOf(session.getIdToken().getJwtToken());
    const second = Math.floor(world.now() / 1000);
    expect(access).toEqual({
      sub: id['sub'],
      iss: `https://cognito-idp.eu-west-1.amazonaws.com/${world.poolId}`,
      client_id: world.clientId,
      origin_jti: id['origin_jti'],
      event_id: id['event_id'],
      token_use: 'access',
      scope: 'aws.cognito.signin.user.admin',
      auth_time: second,
      iat: second,
      exp: second + 600,
      jti: expect.any(String),
      username: id['sub'],
    });
    expect(id).toMatchObject({ aud: world.clientId, token_use: 'id', email, email_verified: true, auth_time: second });
    expect(id['cognito:username']).toBe(id['sub']);
    expect(id['jti']).not.toBe(access['jti']);
  });

  it('have an OpenID configuration whose keys can be fetched', async () => {
    const found = await fetch(`${world.server.url}/${world.poolId}/.well-known/openid-configuration`);
    const configuration = (await found.json()) as { issuer: string; jwks_uri: string };
    expect(configuration.issuer).toBe(`https://cognito-idp.eu-west-1.amazonaws.com/${world.poolId}`);
    expect(await (await fetch(configuration.jwks_uri)).json()).toEqual(world.server.jwks(world.poolId));
  });
});

describe('an access token', () => {
  it('is refused when forged, altered, unsigned, of the wrong kind or expired', async () => {
    const { accessToken, session } = await aSession(world, await aUser(world));
    const [header = '', payload = '', signature = ''] = accessToken.split('.');
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const forged = createSign('RSA-SHA256').update(`${header}.${payload}`).sign(privateKey, 'base64url');
    const none = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url');
    const altered = Buffer.from(JSON.stringify({ ...payloadOf(accessToken), sub: 'another' })).toString('base64url');
    for (const token of [
      `${header}.${payload}.${forged}`,
      `${header}.${altered}.${signature}`,
      `${none}.${payload}.`,
      `${accessToken}.${signature}`,
      session.getIdToken().getJwtToken(),
      'rubbish',
    ]) {
      await expect(getUser(token)).rejects.toMatchObject({ name: 'NotAuthorizedException' });
    }
    expect((await getUser(accessToken)).Username).toBe(payloadOf(accessToken)['sub']);
    world.advance(600_000);
    await expect(getUser(accessToken)).rejects.toMatchObject(refusal('Access Token has expired'));
  });
});

describe('a refresh', () => {
  it('renews iat and exp and keeps auth_time, origin_jti and event_id', async () => {
    const { accessToken, refreshToken } = await aSession(world, await aUser(world));
    const before = payloadOf(accessToken);
    world.advance(3_600_000);
    const result = await refresh(refreshToken);
    expect(result?.RefreshToken).toBeUndefined();
    const after = payloadOf(result?.AccessToken);
    for (const kept of ['sub', 'auth_time', 'origin_jti', 'event_id']) expect(after[kept]).toBe(before[kept]);
    expect(after['iat']).toBe(Number(before['iat']) + 3600);
    expect(after['exp']).toBe(Number(before['exp']) + 3600);
    expect(after['jti']).not.toBe(before['jti']);
    expect(payloadOf(result?.IdToken)['auth_time']).toBe(before['auth_time']);
  });

  it('is what AWS’s client does by itself', async () => {
    const { user, session } = await aSession(world, await aUser(world));
    const renewed = await new Promise<{ getAccessToken(): { getJwtToken(): string } }>((resolve, reject) => {
      user.refreshSession(session.getRefreshToken(), (error, result) => (error ? reject(error) : resolve(result)));
    });
    expect((await getUser(renewed.getAccessToken().getJwtToken())).Username).toBeDefined();
  });

  it('is refused when the token is unknown, tampered with or too old', async () => {
    const { refreshToken } = await aSession(world, await aUser(world));
    const invalid = refusal('Invalid Refresh Token');
    await expect(refresh('rubbish')).rejects.toMatchObject(invalid);
    await expect(refresh(`${refreshToken.slice(0, -2)}xx`)).rejects.toMatchObject(invalid);
    world.advance(30 * DAY);
    await expect(refresh(refreshToken)).rejects.toMatchObject(refusal('Refresh Token has expired'));
  });
});

describe('signing out everywhere', () => {
  it('ends refresh tokens and access tokens of every device, and no one else’s', async () => {
    const email = await aUser(world);
    const phone = await aSession(world, email);
    const laptop = await aSession(world, email);
    const other = await aSession(world, await aUser(world));
    await world.sdk.send(new GlobalSignOutCommand({ AccessToken: phone.accessToken }));
    for (const { accessToken, refreshToken } of [phone, laptop]) {
      await expect(getUser(accessToken)).rejects.toMatchObject(revoked);
      await expect(refresh(refreshToken)).rejects.toMatchObject(refreshRevoked);
    }
    expect((await getUser(other.accessToken)).Username).toBeDefined();
    expect((await getUser((await aSession(world, email)).accessToken)).Username).toBeDefined();
  });

  it('works through AWS’s client and through an administrator', async () => {
    const email = await aUser(world);
    const first = await aSession(world, email);
    await new Promise((resolve, reject) => {
      first.user.globalSignOut({ onSuccess: resolve, onFailure: reject });
    });
    await expect(getUser(first.accessToken)).rejects.toMatchObject(revoked);
    const second = await aSession(world, email);
    await world.sdk.send(new AdminUserGlobalSignOutCommand({ UserPoolId: world.poolId, Username: email }));
    await expect(getUser(second.accessToken)).rejects.toMatchObject(revoked);
  });
});

describe('revoking a refresh token', () => {
  const revoke = (Token: string) => world.sdk.send(new RevokeTokenCommand({ ClientId: world.clientId, Token }));

  it('ends that sign-in with its access tokens, and leaves the other', async () => {
    const email = await aUser(world);
    const [one, two] = [await aSession(world, email), await aSession(world, email)];
    await revoke(one.refreshToken);
    await expect(getUser(one.accessToken)).rejects.toMatchObject(revoked);
    await expect(refresh(one.refreshToken)).rejects.toMatchObject(refreshRevoked);
    expect((await getUser(two.accessToken)).Username).toBeDefined();
    await expect(revoke(one.refreshToken)).resolves.toBeDefined();
  });

  it('does not take an access token', async () => {
    const { accessToken } = await aSession(world, await aUser(world));
    await expect(revoke(accessToken)).rejects.toMatchObject({ name: 'UnsupportedTokenTypeException' });
  });
});

describe('a changed password', () => {
  it('ends refresh tokens; access tokens run out by themselves', async () => {
    const email = await aUser(world);
    const { accessToken, refreshToken } = await aSession(world, email);
    const change = { AccessToken: accessToken, PreviousPassword: PASSWORD, ProposedPassword: 'Another-Horse-8' };
    await world.sdk.send(new ChangePasswordCommand(change));
    await expect(refresh(refreshToken)).rejects.toMatchObject(refreshRevoked);
    expect((await getUser(accessToken)).Username).toBeDefined();
  });
});

describe('disabling a user', () => {
  it('ends what the user holds, for good', async () => {
    const email = await aUser(world);
    const { accessToken, refreshToken } = await aSession(world, email);
    const who = { UserPoolId: world.poolId, Username: email };
    await world.sdk.send(new AdminDisableUserCommand(who));
    await expect(getUser(accessToken)).rejects.toMatchObject({ name: 'NotAuthorizedException' });
    await world.sdk.send(new AdminEnableUserCommand(who));
    await expect(refresh(refreshToken)).rejects.toMatchObject(refreshRevoked);
    await aSession(world, email);
  });
});
