import {
  AdminGetUserCommand,
  AdminSetUserMFAPreferenceCommand,
  AssociateSoftwareTokenCommand,
  GetUserCommand,
  RespondToAuthChallengeCommand,
  SetUserMFAPreferenceCommand,
  VerifySoftwareTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import type { CognitoUser } from 'amazon-cognito-identity-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appCode, aSession, aUser, aWorld, browserUser, DAY, outcome, signIn, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await aWorld();
});
afterAll(() => world.server.close());

const on = { SoftwareTokenMfaSettings: { Enabled: true, PreferredMfa: true } };
const associate = (user: CognitoUser) =>
  new Promise<string>((resolve, reject) => {
    user.associateSoftwareToken({ associateSecretCode: resolve, onFailure: reject });
  });
const verify = (user: CognitoUser, code: string) =>
  new Promise((resolve, reject) => {
    user.verifySoftwareToken(code, 'phone', { onSuccess: resolve, onFailure: reject });
  });
const sendCode = (user: CognitoUser, code: string) =>
  outcome((callbacks) => user.sendMFACode(code, callbacks, 'SOFTWARE_TOKEN_MFA'));
const sessionOf = (user: CognitoUser): string => String(Object.entries(user).find(([name]) => name === 'Session')?.[1]);

/**
 * A user whose authenticator app was set up with the current code, so that the next one
 * (still inside the window, also if a step ends meanwhile) is left for signing in.
 */
async function aProtectedUser(): Promise<{ email: string; secret: string }> {
  const email = await aUser(world);
  const { user, accessToken } = await aSession(world, email);
  const secret = await associate(user);
  await verify(user, appCode(secret));
  await world.sdk.send(new SetUserMFAPreferenceCommand({ AccessToken: accessToken, ...on }));
  return { email, secret };
}

describe('turning on TOTP', () => {
  it('asks for it at the next sign-in only after the user preferred it', async () => {
    const email = await aUser(world);
    const { user, accessToken } = await aSession(world, email);
    const secret = await associate(user);
    await verify(user, appCode(secret));
    expect((await signIn(browserUser(world, email), email)).kind).toBe('session');
    const settings = () => world.sdk.send(new GetUserCommand({ AccessToken: accessToken }));
    expect((await settings()).UserMFASettingList).toBeUndefined();
    await new Promise<void>((resolve, reject) => {
      const totp = { Enabled: true, PreferredMfa: true };
      user.setUserMfaPreference(null, totp, (error) => (error ? reject(error) : resolve()));
    });
    expect(await settings()).toMatchObject({
      UserMFASettingList: ['SOFTWARE_TOKEN_MFA'],
      PreferredMfaSetting: 'SOFTWARE_TOKEN_MFA',
    });
    const shown = await world.sdk.send(new AdminGetUserCommand({ UserPoolId: world.poolId, Username: email }));
    expect(shown.UserMFASettingList).toEqual(['SOFTWARE_TOKEN_MFA']);
    const next = browserUser(world, email);
    expect((await signIn(next, email)).kind).toBe('SOFTWARE_TOKEN_MFA');
    expect((await sendCode(next, appCode(secret, 1))).kind).toBe('session');
  });

  it('is refused without a proven token', async () => {
    const { accessToken } = await aSession(world, await aUser(world));
    await world.sdk.send(new AssociateSoftwareTokenCommand({ AccessToken: accessToken }));
    const preferred = world.sdk.send(new SetUserMFAPreferenceCommand({ AccessToken: accessToken, ...on }));
    await expect(preferred).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: 'User does not have delivery config set to turn on SOFTWARE_TOKEN_MFA',
    });
  });

  it('is refused with a wrong code, and the secret stays unproven', async () => {
    const { user, accessToken } = await aSession(world, await aUser(world));
    const secret = await associate(user);
    await expect(verify(user, appCode(secret, 5))).rejects.toMatchObject({ name: 'EnableSoftwareTokenMFAException' });
    const preferred = world.sdk.send(new SetUserMFAPreferenceCommand({ AccessToken: accessToken, ...on }));
    await expect(preferred).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  it('takes a code for a newly given secret only, so that a token’s holder cannot guess at the one in use', async () => {
    const { user } = await aSession(world, await aUser(world));
    const secret = await associate(user);
    await verify(user, appCode(secret));
    await expect(verify(user, appCode(secret, 1))).rejects.toMatchObject({ name: 'EnableSoftwareTokenMFAException' });
  });

  it('does not depend on the cloud’s clock: an app shows real time', async () => {
    const moved = await aWorld();
    moved.advance(30 * DAY);
    const { user } = await aSession(moved, await aUser(moved));
    const secret = await associate(user);
    await expect(verify(user, appCode(secret, 1))).resolves.toBeDefined();
    await moved.server.close();
  });

  it('can be undone by an administrator, whose reset lets the password alone sign in', async () => {
    const { email } = await aProtectedUser();
    const off = { UserPoolId: world.poolId, Username: email, SoftwareTokenMfaSettings: { Enabled: false } };
    await world.sdk.send(new AdminSetUserMFAPreferenceCommand(off));
    expect((await signIn(browserUser(world, email), email)).kind).toBe('session');
  });

  it('with a new secret leaves the old one valid until the new one is proven', async () => {
    const { email, secret } = await aProtectedUser();
    const first = browserUser(world, email);
    await signIn(first, email);
    const signedIn = await sendCode(first, appCode(secret, 1));
    if (signedIn.kind !== 'session') throw new Error('expected tokens');
    const fresh = await associate(first);
    const second = browserUser(world, email);
    await signIn(second, email);
    await expect(sendCode(second, appCode(fresh))).rejects.toMatchObject({ name: 'CodeMismatchException' });
    await verify(first, appCode(fresh));
    await expect(sendCode(second, appCode(secret, 1))).rejects.toMatchObject({ name: 'CodeMismatchException' });
    expect((await sendCode(second, appCode(fresh, 1))).kind).toBe('session');
  });
});

describe('a code at sign-in', () => {
  it('is good once: a replay is refused, also in a new session', async () => {
    const { email, secret } = await aProtectedUser();
    const code = appCode(secret, 1);
    const first = browserUser(world, email);
    await signIn(first, email);
    expect((await sendCode(first, code)).kind).toBe('session');
    const second = browserUser(world, email);
    await signIn(second, email);
    await expect(sendCode(second, code)).rejects.toMatchObject({
      name: 'ExpiredCodeException',
      message: 'Your software token has already been used once.',
    });
  });

  it('that set the token up is spent by that', async () => {
    const { email, secret } = await aProtectedUser();
    const user = browserUser(world, email);
    await signIn(user, email);
    await expect(sendCode(user, appCode(secret))).rejects.toMatchObject({ name: 'ExpiredCodeException' });
  });

  it('may be wrong a few times in one session, but not five', async () => {
    const { email, secret } = await aProtectedUser();
    const user = browserUser(world, email);
    await signIn(user, email);
    for (let tries = 0; tries < 4; tries++) {
      await expect(sendCode(user, appCode(secret, 9))).rejects.toMatchObject({ name: 'CodeMismatchException' });
    }
    const patient = browserUser(world, email);
    await signIn(patient, email);
    await expect(sendCode(user, appCode(secret, 9))).rejects.toMatchObject({ name: 'CodeMismatchException' });
    await expect(sendCode(user, appCode(secret, 1))).rejects.toMatchObject({ name: 'NotAuthorizedException' });
    await expect(sendCode(patient, appCode(secret, 1))).rejects.toMatchObject({ name: 'CodeMismatchException' });
    world.advance(1000);
    expect((await sendCode(patient, appCode(secret, 1))).kind).toBe('session');
  });
});

describe('the session of a challenge', () => {
  const respond = (Session: string, USERNAME: string, SOFTWARE_TOKEN_MFA_CODE: string) =>
    world.sdk.send(
      new RespondToAuthChallengeCommand({
        ClientId: world.clientId,
        ChallengeName: 'SOFTWARE_TOKEN_MFA',
        ChallengeResponses: { USERNAME, SOFTWARE_TOKEN_MFA_CODE },
        Session,
      }),
    );
  const invalid = { name: 'NotAuthorizedException', message: expect.stringContaining('Invalid session') };

  it('is answered once', async () => {
    const { email, secret } = await aProtectedUser();
    const user = browserUser(world, email);
    await signIn(user, email);
    const session = sessionOf(user);
    expect((await respond(session, email, appCode(secret, 1))).AuthenticationResult).toBeDefined();
    await expect(respond(session, email, appCode(secret, 1))).rejects.toMatchObject(invalid);
  });

  it('is bound to its user', async () => {
    const [one, two] = [await aProtectedUser(), await aProtectedUser()];
    const user = browserUser(world, one.email);
    await signIn(user, one.email);
    await expect(respond(sessionOf(user), two.email, appCode(two.secret, 1))).rejects.toMatchObject(invalid);
  });

  it('ends after three minutes', async () => {
    const { email, secret } = await aProtectedUser();
    const user = browserUser(world, email);
    await signIn(user, email);
    world.advance(180_000);
    await expect(respond(sessionOf(user), email, appCode(secret, 1))).rejects.toMatchObject(invalid);
  });

  it('cannot be made up, nor taken from another challenge', async () => {
    const { email, secret } = await aProtectedUser();
    await expect(respond('x'.repeat(100), email, appCode(secret, 1))).rejects.toMatchObject(invalid);
    const user = browserUser(world, email);
    await signIn(user, email);
    const associated = world.sdk.send(new AssociateSoftwareTokenCommand({ Session: sessionOf(user) }));
    await expect(associated).rejects.toMatchObject(invalid);
  });
});

describe('a pool that requires MFA', () => {
  it('has a user without TOTP set it up during the sign-in, and asks for it at the next', async () => {
    const strict = await aWorld({ pool: { MfaConfiguration: 'ON' } });
    const email = await aUser(strict);
    const user = browserUser(strict, email);
    expect(await signIn(user, email)).toMatchObject({
      kind: 'MFA_SETUP',
      parameters: { MFAS_CAN_SETUP: '["SOFTWARE_TOKEN_MFA"]' },
    });
    const secret = await associate(user);
    await verify(user, appCode(secret));
    expect(user.getSignInUserSession()?.isValid()).toBe(true);
    const next = browserUser(strict, email);
    expect((await signIn(next, email)).kind).toBe('SOFTWARE_TOKEN_MFA');
    expect((await sendCode(next, appCode(secret, 1))).kind).toBe('session');
    await strict.server.close();
  });

  it('gives no tokens for a set-up that was not finished', async () => {
    const strict = await aWorld({ pool: { MfaConfiguration: 'ON' } });
    const email = await aUser(strict);
    const user = browserUser(strict, email);
    await signIn(user, email);
    const { Session, SecretCode = '' } = await strict.sdk.send(
      new AssociateSoftwareTokenCommand({ Session: sessionOf(user) }),
    );
    const finish = (session: string | undefined) =>
      strict.sdk.send(
        new RespondToAuthChallengeCommand({
          ClientId: strict.clientId,
          ChallengeName: 'MFA_SETUP',
          ChallengeResponses: { USERNAME: email },
          Session: session,
        }),
      );
    await expect(finish(Session)).rejects.toMatchObject({ name: 'NotAuthorizedException' });
    const verified = await strict.sdk.send(new VerifySoftwareTokenCommand({ Session, UserCode: appCode(SecretCode) }));
    expect(verified.Session).not.toBe(Session);
    expect((await finish(verified.Session)).AuthenticationResult).toBeDefined();
    await strict.server.close();
  });

  it('does not let a sign-in that was waiting for the set-up slip past the token set up in another', async () => {
    const strict = await aWorld({ pool: { MfaConfiguration: 'ON' } });
    const email = await aUser(strict);
    const [waiting, finishing] = [browserUser(strict, email), browserUser(strict, email)];
    await signIn(waiting, email);
    await signIn(finishing, email);
    await verify(finishing, appCode(await associate(finishing)));
    const late = new RespondToAuthChallengeCommand({
      ClientId: strict.clientId,
      ChallengeName: 'MFA_SETUP',
      ChallengeResponses: { USERNAME: email },
      Session: sessionOf(waiting),
    });
    await expect(strict.sdk.send(late)).rejects.toMatchObject({ name: 'NotAuthorizedException' });
    await expect(associate(waiting)).rejects.toMatchObject({ name: 'NotAuthorizedException' });
    await strict.server.close();
  });
});
