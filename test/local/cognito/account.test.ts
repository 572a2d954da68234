import {
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminGetUserCommand,
  AdminResetUserPasswordCommand,
  AdminSetUserPasswordCommand,
  AdminUpdateUserAttributesCommand,
  ChangePasswordCommand,
  ConfirmForgotPasswordCommand,
  DeleteUserCommand,
  ForgotPasswordCommand,
  GetUserAttributeVerificationCodeCommand,
  GetUserCommand,
  InitiateAuthCommand,
  SignUpCommand,
  UpdateUserAttributesCommand,
  VerifyUserAttributeCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aSession, aUser, aWorld, browserUser, DAY, outcome, PASSWORD, signIn, type World } from './world.ts';

const NEW_PASSWORD = 'Another-Horse-8';

let world: World;
beforeAll(async () => {
  world = await aWorld();
});
afterAll(() => world.server.close());

const adminGet = (email: string, at = world) =>
  at.sdk.send(new AdminGetUserCommand({ UserPoolId: at.poolId, Username: email }));
const attribute = async (email: string, name: string, at = world) =>
  (await adminGet(email, at)).UserAttributes?.find(({ Name }) => Name === name)?.Value;
const forgot = (Username: string) => world.sdk.send(new ForgotPasswordCommand({ ClientId: world.clientId, Username }));
const confirm = (Username: string, ConfirmationCode: string, Password = NEW_PASSWORD) =>
  world.sdk.send(new ConfirmForgotPasswordCommand({ ClientId: world.clientId, Username, ConfirmationCode, Password }));
const otherThan = (code: string) => (code === '000000' ? '000001' : '000000');

describe('a forgotten password', () => {
  it('is replaced through AWS’s client with the mailed code, which ends older sign-ins', async () => {
    const email = await aUser(world);
    const { refreshToken } = await aSession(world, email);
    const user = browserUser(world, email);
    await new Promise((resolve, reject) => {
      user.forgotPassword({ onSuccess: resolve, onFailure: reject, inputVerificationCode: resolve });
    });
    expect(world.mails.at(-1)).toMatchObject({ to: email, subject: 'Your verification code' });
    await new Promise((resolve, reject) => {
      user.confirmPassword(world.lastCode(), NEW_PASSWORD, { onSuccess: resolve, onFailure: reject });
    });
    await aSession(world, email, NEW_PASSWORD);
    await expect(signIn(browserUser(world, email), email, PASSWORD)).rejects.toThrow('Incorrect');
    const refresh = { AuthFlow: 'REFRESH_TOKEN_AUTH', AuthParameters: { REFRESH_TOKEN: refreshToken } } as const;
    await expect(world.sdk.send(new InitiateAuthCommand({ ClientId: world.clientId, ...refresh }))).rejects.toThrow(
      'Refresh Token has been revoked',
    );
  });

  it('of an unknown address is answered in the same shape, and nothing is mailed', async () => {
    const known = await forgot(await aUser(world, 'kari@example.org'));
    const mailed = world.mails.length;
    const unknown = await forgot('ola@elsewhere.example');
    expect(known.CodeDeliveryDetails).toEqual({
      AttributeName: 'email',
      DeliveryMedium: 'EMAIL',
      Destination: 'k***@e***',
    });
    expect(unknown.CodeDeliveryDetails).toEqual({ ...known.CodeDeliveryDetails, Destination: 'o***@e***' });
    expect(world.mails.length).toBe(mailed);
    await expect(confirm('ola@elsewhere.example', '123456')).rejects.toMatchObject({ name: 'CodeMismatchException' });
  });

  it('needs the right code, once, within the hour', async () => {
    const email = await aUser(world);
    await expect(confirm(email, '123456')).rejects.toMatchObject({ name: 'ExpiredCodeException' });
    await forgot(email);
    const code = world.lastCode();
    await expect(confirm(email, otherThan(code))).rejects.toMatchObject({ name: 'CodeMismatchException' });
    await expect(confirm(email, code, 'short')).rejects.toMatchObject({ name: 'InvalidPasswordException' });
    await confirm(email, code);
    await expect(confirm(email, code)).rejects.toMatchObject({ name: 'ExpiredCodeException' });
    await forgot(email);
    world.advance(3_600_000);
    await expect(confirm(email, world.lastCode())).rejects.toMatchObject({ name: 'ExpiredCodeException' });
  });

  it('allows five guesses', async () => {
    const email = await aUser(world);
    await forgot(email);
    const code = world.lastCode();
    for (let tries = 0; tries < 5; tries++) {
      await expect(confirm(email, otherThan(code))).rejects.toMatchObject({ name: 'CodeMismatchException' });
    }
    await expect(confirm(email, code)).rejects.toMatchObject({ name: 'LimitExceededException' });
  });

  it('can be demanded by an administrator', async () => {
    const email = await aUser(world);
    const who = { UserPoolId: world.poolId, Username: email };
    await world.sdk.send(new AdminResetUserPasswordCommand(who));
    await expect(signIn(browserUser(world, email), email)).rejects.toMatchObject({
      name: 'PasswordResetRequiredException',
    });
    await confirm(email, world.lastCode());
    await aSession(world, email, NEW_PASSWORD);
  });

  it('is no way in for who was invited and never came', async () => {
    const email = 'invited.only@example.org';
    const who = { UserPoolId: world.poolId, Username: email, MessageAction: 'SUPPRESS' } as const;
    const proven = [{ Name: 'email_verified', Value: 'true' }];
    await world.sdk.send(new AdminCreateUserCommand({ ...who, UserAttributes: proven }));
    await expect(forgot(email)).rejects.toMatchObject({ name: 'NotAuthorizedException' });
  });
});

describe('changing one’s password', () => {
  it('needs the old one, and counts wrong tries like sign-ins', async () => {
    const email = await aUser(world);
    const { user, accessToken } = await aSession(world, email);
    const change = (PreviousPassword: string) =>
      world.sdk.send(
        new ChangePasswordCommand({ AccessToken: accessToken, PreviousPassword, ProposedPassword: NEW_PASSWORD }),
      );
    for (let tries = 0; tries < 5; tries++) await expect(change('Wrong-Horse-77')).rejects.toThrow('Incorrect');
    await expect(change(PASSWORD)).rejects.toThrow('Incorrect username or password.');
    world.advance(1000);
    await new Promise((resolve, reject) => {
      user.changePassword(PASSWORD, NEW_PASSWORD, (error, done) => (error ? reject(error) : resolve(done)));
    });
    await aSession(world, email, NEW_PASSWORD);
  });

  it('closes sign-ins that the old one had begun', async () => {
    const email = 'half.way@example.org';
    const who = { UserPoolId: world.poolId, Username: email };
    await world.sdk.send(
      new AdminCreateUserCommand({ ...who, MessageAction: 'SUPPRESS', TemporaryPassword: 'Temporary-Word-1' }),
    );
    const user = browserUser(world, email);
    expect((await signIn(user, email, 'Temporary-Word-1')).kind).toBe('NEW_PASSWORD_REQUIRED');
    await world.sdk.send(new AdminSetUserPasswordCommand({ ...who, Password: PASSWORD, Permanent: true }));
    const late = outcome((callbacks) => user.completeNewPasswordChallenge(NEW_PASSWORD, {}, callbacks));
    await expect(late).rejects.toMatchObject({ message: expect.stringContaining('Invalid session') });
    await aSession(world, email);
  });

  it.each([
    ['Short-1', 'Password not long enough'],
    ['all-lower-case-1', 'Password must have uppercase characters'],
    ['ALL-UPPER-CASE-1', 'Password must have lowercase characters'],
    ['No-Digits-At-All', 'Password must have numeric characters'],
    ['NoSymbolsAtAll12', 'Password must have symbol characters'],
  ])('to %s is refused: %s', async (Password, reason) => {
    const email = await aUser(world);
    const set = new AdminSetUserPasswordCommand({ UserPoolId: world.poolId, Username: email, Password });
    await expect(world.sdk.send(set)).rejects.toMatchObject({
      name: 'InvalidPasswordException',
      message: `Password did not conform with policy: ${reason}`,
    });
    await aSession(world, email);
  });
});

describe('one’s own attributes', () => {
  const update = async (email: string, Name: string, Value: string, at = world) => {
    const { accessToken } = await aSession(at, email);
    const command = { AccessToken: accessToken, UserAttributes: [{ Name, Value }] };
    return at.sdk.send(new UpdateUserAttributesCommand(command));
  };

  it('are written only where the client may', async () => {
    const email = await aUser(world);
    await update(email, 'custom:language', 'nb');
    expect(await attribute(email, 'custom:language')).toBe('nb');
    for (const name of ['family_name', 'email_verified', 'sub', 'custom:unknown']) {
      await expect(update(email, name, 'true')).rejects.toMatchObject({
        name: 'NotAuthorizedException',
        message: 'A client attempted to write unauthorized attribute',
      });
    }
    expect(await attribute(email, 'family_name')).toBeUndefined();
  });

  it('are read only where the client may', async () => {
    const narrow = await aWorld({ client: { ReadAttributes: ['email'] } });
    const email = await aUser(narrow);
    await update(email, 'given_name', 'Kari', narrow);
    const { accessToken } = await aSession(narrow, email);
    const shown = await narrow.sdk.send(new GetUserCommand({ AccessToken: accessToken }));
    expect(shown.UserAttributes?.map(({ Name }) => Name).sort()).toEqual(['email', 'sub']);
    await narrow.server.close();
  });

  it('take a new address at once, unproven, and a mailed code proves it', async () => {
    const email = await aUser(world);
    const result = await update(email, 'email', 'moved@example.org');
    expect(result.CodeDeliveryDetailsList).toHaveLength(1);
    expect(world.mails.at(-1)?.to).toBe('moved@example.org');
    expect(await attribute('moved@example.org', 'email_verified')).toBe('false');
    await expect(adminGet(email)).rejects.toMatchObject({ name: 'UserNotFoundException' });
    const { accessToken } = await aSession(world, 'moved@example.org');
    const verify = (Code: string) =>
      world.sdk.send(new VerifyUserAttributeCommand({ AccessToken: accessToken, AttributeName: 'email', Code }));
    const code = world.lastCode();
    await expect(verify(otherThan(code))).rejects.toMatchObject({ name: 'CodeMismatchException' });
    await verify(code);
    expect(await attribute('moved@example.org', 'email_verified')).toBe('true');
  });

  it('keep the old address until the new one is proven, where the pool says so', async () => {
    const careful = await aWorld({
      pool: { UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email'] } },
    });
    const email = await aUser(careful);
    await update(email, 'email', 'new@example.org', careful);
    expect(careful.mails.at(-1)?.to).toBe('new@example.org');
    expect(await attribute(email, 'email_verified', careful)).toBe('true');
    const { accessToken } = await aSession(careful, email);
    const again = { AccessToken: accessToken, AttributeName: 'email' };
    await careful.sdk.send(new GetUserAttributeVerificationCodeCommand(again));
    expect(careful.mails.map(({ to }) => to)).toEqual(['new@example.org', 'new@example.org']);
    await careful.sdk.send(new VerifyUserAttributeCommand({ ...again, Code: careful.lastCode() }));
    expect(await attribute('new@example.org', 'email_verified', careful)).toBe('true');
    await careful.server.close();
  });

  it('cannot take somebody else’s address, also not one taken while the code was on its way', async () => {
    const careful = await aWorld({
      pool: { UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email'] } },
    });
    const [one, two] = [await aUser(careful), await aUser(careful)];
    await expect(update(one, 'email', two, careful)).rejects.toMatchObject({ name: 'AliasExistsException' });
    await update(one, 'email', 'wanted@example.org', careful);
    const code = careful.lastCode();
    await aUser(careful, 'wanted@example.org');
    const { accessToken } = await aSession(careful, one);
    const verify = { AccessToken: accessToken, AttributeName: 'email', Code: code };
    await expect(careful.sdk.send(new VerifyUserAttributeCommand(verify))).rejects.toMatchObject({
      name: 'AliasExistsException',
    });
    await careful.server.close();
  });

  it('are set by an administrator, whose word proves an address', async () => {
    const email = await aUser(world);
    const mailed = world.mails.length;
    await world.sdk.send(
      new AdminUpdateUserAttributesCommand({
        UserPoolId: world.poolId,
        Username: email,
        UserAttributes: [
          { Name: 'email', Value: 'by.administrator@example.org' },
          { Name: 'email_verified', Value: 'true' },
        ],
      }),
    );
    expect(await attribute('by.administrator@example.org', 'email_verified')).toBe('true');
    expect(world.mails.length).toBe(mailed);
  });

  it('have a code that expires after a day', async () => {
    const email = await aUser(world);
    const proof = async () => ({
      AccessToken: (await aSession(world, email)).accessToken,
      AttributeName: 'email',
    });
    await world.sdk.send(new GetUserAttributeVerificationCodeCommand(await proof()));
    const code = world.lastCode();
    const verify = async (Code: string) => world.sdk.send(new VerifyUserAttributeCommand({ ...(await proof()), Code }));
    world.advance(DAY - 1);
    await expect(verify(otherThan(code))).rejects.toMatchObject({ name: 'CodeMismatchException' });
    world.advance(1);
    await expect(verify(code)).rejects.toMatchObject({ name: 'ExpiredCodeException' });
  });
});

describe('leaving', () => {
  it('deletes the user with all tokens, by the user or by an administrator', async () => {
    const [one, two] = [await aUser(world), await aUser(world)];
    const { accessToken } = await aSession(world, one);
    await world.sdk.send(new DeleteUserCommand({ AccessToken: accessToken }));
    await world.sdk.send(new AdminDeleteUserCommand({ UserPoolId: world.poolId, Username: two }));
    for (const email of [one, two]) {
      await expect(adminGet(email)).rejects.toMatchObject({ name: 'UserNotFoundException' });
    }
    const shown = world.sdk.send(new GetUserCommand({ AccessToken: accessToken }));
    await expect(shown).rejects.toMatchObject({ name: 'UserNotFoundException' });
  });
});

it('nobody signs up alone', async () => {
  const command = { ClientId: world.clientId, Username: 'self@example.org', Password: PASSWORD };
  await expect(world.sdk.send(new SignUpCommand(command))).rejects.toMatchObject({
    name: 'NotAuthorizedException',
    message: 'SignUp is not permitted for this user pool',
  });
});
