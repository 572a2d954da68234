import {
  AdminCreateUserCommand,
  AdminDisableUserCommand,
  AdminGetUserCommand,
  AdminInitiateAuthCommand,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aUser, aWorld, browserUser, DAY, outcome, PASSWORD, signedInSession, signIn, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await aWorld();
});
afterAll(() => world.server.close());

const wrong = { name: 'NotAuthorizedException', message: 'Incorrect username or password.' };

const srpStart = (username: string) =>
  world.sdk.send(
    new InitiateAuthCommand({
      ClientId: world.clientId,
      AuthFlow: 'USER_SRP_AUTH',
      AuthParameters: { USERNAME: username, SRP_A: 'abcdef' },
    }),
  );

describe('signing in with AWS’s own client', () => {
  it('gives tokens for the right password', async () => {
    const email = await aUser(world);
    const { session } = await signedInSession(world, email);
    expect(session.isValid()).toBe(true);
    expect(session.getIdToken().payload['email']).toBe(email);
  });

  it('takes the address in any case when the pool says so', async () => {
    const email = await aUser(world, 'Mixed.Case@example.org');
    expect((await signIn(browserUser(world, email.toLowerCase()), email)).kind).toBe('session');
  });

  it('refuses a wrong password and an unknown address in the same words', async () => {
    const email = await aUser(world);
    await expect(signIn(browserUser(world, email), email, 'Wrong-Horse-77')).rejects.toMatchObject(wrong);
    const nobody = 'nobody@example.org';
    await expect(signIn(browserUser(world, nobody), nobody)).rejects.toMatchObject(wrong);
  });

  it('refuses a disabled user, and only after the right password', async () => {
    const email = await aUser(world);
    await world.sdk.send(new AdminDisableUserCommand({ UserPoolId: world.poolId, Username: email }));
    await expect(signIn(browserUser(world, email), email, 'Wrong-Horse-77')).rejects.toMatchObject(wrong);
    await expect(signIn(browserUser(world, email), email)).rejects.toMatchObject({ message: 'User is disabled.' });
  });

  it('still works after the cloud’s clock was moved away from the client’s', async () => {
    const moved = await aWorld();
    moved.advance(40 * DAY);
    const { session } = await signedInSession(moved, await aUser(moved));
    expect(session.getAccessToken().payload['auth_time']).toBeGreaterThan(Date.now() / 1000 + 39 * 86_400);
    await moved.server.close();
  });
});

describe('a user that does not exist', () => {
  it('is answered the same believable challenge every time', async () => {
    const known = (await srpStart(await aUser(world))).ChallengeParameters ?? {};
    const first = (await srpStart('ghost@example.org')).ChallengeParameters ?? {};
    const second = (await srpStart('ghost@example.org')).ChallengeParameters ?? {};
    expect(Object.keys(first)).toEqual(Object.keys(known));
    expect([first['SALT'], first['USER_ID_FOR_SRP']]).toEqual([second['SALT'], second['USER_ID_FOR_SRP']]);
    expect(first['SRP_B']).not.toBe(second['SRP_B']);
    expect(first['USER_ID_FOR_SRP']).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('is named where the client says LEGACY', async () => {
    const legacy = await aWorld({ client: { PreventUserExistenceErrors: 'LEGACY' } });
    const nobody = 'nobody@example.org';
    await expect(signIn(browserUser(legacy, nobody), nobody)).rejects.toMatchObject({ name: 'UserNotFoundException' });
    await legacy.server.close();
  });
});

describe('flows', () => {
  it.each(['USER_PASSWORD_AUTH', 'CUSTOM_AUTH', 'USER_AUTH'] as const)(
    '%s is refused by a client without it',
    async (AuthFlow) => {
      const USERNAME = await aUser(world);
      const command = { ClientId: world.clientId, AuthFlow, AuthParameters: { USERNAME, PASSWORD } };
      await expect(world.sdk.send(new InitiateAuthCommand(command))).rejects.toMatchObject({
        name: 'InvalidParameterException',
        message: `${AuthFlow} is not enabled for the client.`,
      });
    },
  );

  it('with a plain password checks it, where a client allows them', async () => {
    const plain = await aWorld({
      client: { ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_ADMIN_USER_PASSWORD_AUTH'] },
    });
    const USERNAME = await aUser(plain);
    const command = (password: string) =>
      new InitiateAuthCommand({
        ClientId: plain.clientId,
        AuthFlow: 'USER_PASSWORD_AUTH',
        AuthParameters: { USERNAME, PASSWORD: password },
      });
    await expect(plain.sdk.send(command('Wrong-Horse-77'))).rejects.toMatchObject(wrong);
    expect((await plain.sdk.send(command(PASSWORD))).AuthenticationResult?.TokenType).toBe('Bearer');
    const asAdministrator = new AdminInitiateAuthCommand({
      UserPoolId: plain.poolId,
      ClientId: plain.clientId,
      AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME, PASSWORD },
    });
    expect((await plain.sdk.send(asAdministrator)).AuthenticationResult?.ExpiresIn).toBe(600);
    await plain.server.close();
  });

  it('refuse a secret hash that this client cannot have', async () => {
    const command = new InitiateAuthCommand({
      ClientId: world.clientId,
      AuthFlow: 'USER_SRP_AUTH',
      AuthParameters: { USERNAME: 'a@example.org', SRP_A: 'ab', SECRET_HASH: 'x' },
    });
    await expect(world.sdk.send(command)).rejects.toMatchObject({ name: 'NotAuthorizedException' });
  });
});

describe('a SECRET_BLOCK', () => {
  const claim = (parameters: Record<string, string>, over: Record<string, string> = {}) =>
    world.sdk.send(
      new RespondToAuthChallengeCommand({
        ClientId: world.clientId,
        ChallengeName: 'PASSWORD_VERIFIER',
        ChallengeResponses: {
          USERNAME: parameters['USER_ID_FOR_SRP'] ?? '',
          PASSWORD_CLAIM_SECRET_BLOCK: parameters['SECRET_BLOCK'] ?? '',
          PASSWORD_CLAIM_SIGNATURE: Buffer.alloc(32).toString('base64'),
          TIMESTAMP: timestamp(),
          ...over,
        },
      }),
    );
  const timestamp = () => {
    const [weekday, day, month, year, time] = new Date().toUTCString().replace(',', '').split(' ');
    return `${weekday} ${month} ${Number(day)} ${time} UTC ${year}`;
  };

  it('serves one answer, also a wrong one', async () => {
    const parameters = (await srpStart(await aUser(world))).ChallengeParameters ?? {};
    await expect(claim(parameters)).rejects.toMatchObject(wrong);
    await expect(claim(parameters)).rejects.toMatchObject({ message: expect.stringContaining('Invalid session') });
  });

  it('is bound to its user', async () => {
    const parameters = (await srpStart(await aUser(world))).ChallengeParameters ?? {};
    const USERNAME = await aUser(world);
    await expect(claim(parameters, { USERNAME })).rejects.toMatchObject({
      message: expect.stringContaining('Invalid session'),
    });
  });

  it('ends after three minutes', async () => {
    const parameters = (await srpStart(await aUser(world))).ChallengeParameters ?? {};
    world.advance(180_000);
    await expect(claim(parameters)).rejects.toMatchObject({ message: expect.stringContaining('Invalid session') });
  });

  it('wants a timestamp in AWS’s format', async () => {
    const parameters = (await srpStart(await aUser(world))).ChallengeParameters ?? {};
    await expect(claim(parameters, { TIMESTAMP: new Date().toISOString() })).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
  });
});

describe('five wrong passwords', () => {
  it('lock the right one out for a second, in the same words', async () => {
    const email = await aUser(world);
    for (let tries = 0; tries < 5; tries++) {
      await expect(signIn(browserUser(world, email), email, 'Wrong-Horse-77')).rejects.toMatchObject(wrong);
    }
    await expect(signIn(browserUser(world, email), email)).rejects.toMatchObject(wrong);
    world.advance(1000);
    expect((await signIn(browserUser(world, email), email)).kind).toBe('session');
  });
});

describe('an invited user', () => {
  const invite = async (): Promise<{ email: string; password: string }> => {
    const email = `invited${Math.random().toString(36).slice(2)}@example.org`;
    const who = { UserPoolId: world.poolId, Username: email };
    await world.sdk.send(new AdminCreateUserCommand({ ...who, DesiredDeliveryMediums: ['EMAIL'] }));
    const mail = world.mails.at(-1);
    const password = /temporary password is (\S+)\.$/.exec(mail?.html ?? '')?.[1] ?? '';
    return { email, password };
  };

  it('chooses a password at the first sign-in and is confirmed by it', async () => {
    const { email, password } = await invite();
    const user = browserUser(world, email);
    const asked = await signIn(user, email, password);
    expect(asked).toMatchObject({
      kind: 'NEW_PASSWORD_REQUIRED',
      parameters: { userAttributes: { email, email_verified: 'false' }, requiredAttributes: [] },
    });
    const done = await outcome((callbacks) =>
      user.completeNewPasswordChallenge(PASSWORD, { given_name: 'Kari' }, callbacks),
    );
    expect(done.kind).toBe('session');
    expect((await signIn(browserUser(world, email), email)).kind).toBe('session');
    const shown = await world.sdk.send(new AdminGetUserCommand({ UserPoolId: world.poolId, Username: email }));
    expect(shown.UserStatus).toBe('CONFIRMED');
    expect(shown.UserAttributes).toContainEqual({ Name: 'given_name', Value: 'Kari' });
  });

  it('may try another password after one that breaks the policy, in the same session', async () => {
    const { email, password } = await invite();
    const user = browserUser(world, email);
    await signIn(user, email, password);
    const choose = (chosen: string) => outcome((callbacks) => user.completeNewPasswordChallenge(chosen, {}, callbacks));
    await expect(choose('short')).rejects.toMatchObject({ name: 'InvalidPasswordException' });
    expect((await choose(PASSWORD)).kind).toBe('session');
    await expect(choose(PASSWORD)).rejects.toMatchObject({ message: expect.stringContaining('Invalid session') });
  });

  it('cannot write what the client may not write', async () => {
    const { email, password } = await invite();
    const user = browserUser(world, email);
    await signIn(user, email, password);
    const done = outcome((callbacks) =>
      user.completeNewPasswordChallenge(PASSWORD, { email_verified: 'true' }, callbacks),
    );
    await expect(done).rejects.toMatchObject({ name: 'NotAuthorizedException' });
  });

  it('is refused when the temporary password is too old', async () => {
    const { email, password } = await invite();
    world.advance(3 * DAY);
    await expect(signIn(browserUser(world, email), email, password)).rejects.toMatchObject({
      message: 'Temporary password has expired and must be reset by an administrator.',
    });
  });
});
