import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { AuthorizationRefused, jwtAuthorizer } from '../../../local/gateway/jwt.ts';

const NOW_SECONDS = 1_800_000_000;
const issuer = 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_abcdefghi';
const ours = generateKeyPairSync('rsa', { modulusLength: 2048 });
const theirs = generateKeyPairSync('rsa', { modulusLength: 2048 });
const authorizer = { issuer, audience: ['client'], header: 'authorization' };

const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const valid = {
  iss: issuer,
  client_id: 'client',
  token_use: 'access',
  iat: NOW_SECONDS,
  exp: NOW_SECONDS + 60,
  scope: 'aws.cognito.signin.user.admin',
};

function aToken(
  claims: object = {},
  { key = ours.privateKey, header = {} }: { key?: KeyObject; header?: object } = {},
): string {
  const signed = `${base64url({ alg: 'RS256', kid: 'one', ...header })}.${base64url({ ...valid, ...claims })}`;
  return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`;
}

function authorize(header: string | undefined, scopes: readonly string[] = []) {
  const keySet = [{ ...ours.publicKey.export({ format: 'jwk' }), kid: 'one' }];
  return jwtAuthorizer(
    async () => keySet,
    () => NOW_SECONDS * 1000,
  )(authorizer, scopes, header);
}

describe('the JWT authorizer', () => {
  it.each([
    ['an access token by its client', {}],
    ['an ID token by its audience', { token_use: 'id', client_id: undefined, aud: 'client' }],
    ['one of several audiences', { aud: ['other', 'client'] }],
    ['a token valid from now', { nbf: NOW_SECONDS }],
  ])('lets %s through', async (_, claims) => {
    const token = await authorize(`Bearer ${aToken(claims)}`);
    expect(token.claims).toMatchObject({ iss: issuer });
    expect(token.scopes).toBeNull();
  });

  it('takes the bare token, too', async () => {
    await expect(authorize(aToken())).resolves.toBeDefined();
  });

  it.each([
    ['nothing', undefined],
    ['no token', 'Bearer abc'],
    ['a token with padding', `Bearer ${aToken()}==`],
    ['an expired token', `Bearer ${aToken({ exp: NOW_SECONDS })}`],
    ['a token without expiry', `Bearer ${aToken({ exp: undefined })}`],
    ['a token from the future', `Bearer ${aToken({ iat: NOW_SECONDS + 1 })}`],
    ['a token not yet valid', `Bearer ${aToken({ nbf: NOW_SECONDS + 1 })}`],
    ['another issuer', `Bearer ${aToken({ iss: `${issuer}x` })}`],
    ['another client', `Bearer ${aToken({ client_id: 'other' })}`],
    ['the client in the wrong place', `Bearer ${aToken({ aud: 'other' })}`],
    ["someone else's key", `Bearer ${aToken({}, { key: theirs.privateKey })}`],
    ['an unknown key id', `Bearer ${aToken({}, { header: { kid: 'two' } })}`],
    ['no key id', `Bearer ${aToken({}, { header: { kid: undefined } })}`],
    ['no algorithm', `Bearer ${aToken({}, { header: { alg: 'none' } }).replace(/[^.]+$/, '')}`],
    ['a symmetric algorithm', `Bearer ${aToken({}, { header: { alg: 'HS256' } })}`],
    ['changed claims', `Bearer ${aToken().replace(/\.[^.]+\./, `.${base64url({ ...valid, sub: 'someone' })}.`)}`],
  ])('refuses %s with 401', async (_, header) => {
    await expect(authorize(header)).rejects.toMatchObject({
      name: 'AuthorizationRefused',
      status: 401,
      challenge: expect.stringMatching(/^Bearer/),
    });
  });

  it('wants one of the scopes that the route asks for', async () => {
    const header = `Bearer ${aToken({ scope: 'read write' })}`;
    await expect(authorize(header, ['write', 'admin'])).resolves.toMatchObject({ scopes: ['write'] });
    await expect(authorize(header, ['admin'])).rejects.toMatchObject({ status: 403 });
  });

  it('asks for the keys once, and not for each forged key id', async () => {
    let asked = 0;
    const check = jwtAuthorizer(
      async () => {
        asked += 1;
        return [{ ...ours.publicKey.export({ format: 'jwk' }), kid: 'one' }];
      },
      () => NOW_SECONDS * 1000,
    );
    await check(authorizer, [], aToken());
    for (const kid of ['a', 'b', 'c']) {
      await expect(check(authorizer, [], aToken({}, { header: { kid } }))).rejects.toBeInstanceOf(AuthorizationRefused);
    }
    await check(authorizer, [], aToken());
    expect(asked).toBe(1);
  });
});
