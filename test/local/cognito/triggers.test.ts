import {
  AdminCreateUserCommand,
  AdminInitiateAuthCommand,
  AdminSetUserPasswordCommand,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TriggerTimeout } from '../../../local/cognito/triggers.ts';
import {
  aUser,
  aWorld,
  browserUser,
  PASSWORD,
  signedInSession,
  signIn,
  type TriggerEvent,
  type World,
} from './world.ts';

interface SignInEvent extends TriggerEvent {
  readonly userName: string;
  readonly callerContext: { readonly clientId: string };
}

let world: World;
/** What the functions do beside writing down that they were called. */
let refuses: (event: SignInEvent) => string | undefined;

beforeAll(async () => {
  world = await aWorld({
    pool: { LambdaConfig: { PreAuthentication: 'sign-in-triggers', PostAuthentication: 'sign-in-triggers' } },
    client: {
      ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH', 'ALLOW_ADMIN_USER_PASSWORD_AUTH'],
    },
    trigger: async (event) => {
      const words = refuses(event as SignInEvent);
      if (words) throw new Error(words);
      return event;
    },
  });
});
beforeEach(() => {
  refuses = () => undefined;
  world.events.length = 0;
});
afterAll(() => world.server.close());

const called = () => (world.events as SignInEvent[]).map(({ triggerSource }) => triggerSource);
const PRE = 'PreAuthentication_Authentication';
const POST = 'PostAuthentication_Authentication';

describe('the triggers of a sign-in', () => {
  it('are called before the password is looked at, and after it was right', async () => {
    const email = await aUser(world);
    await signedInSession(world, email);
    expect(called()).toEqual([PRE, POST]);
    const [before, after] = world.events as SignInEvent[];
    expect(before).toMatchObject({
      version: '1',
      region: 'eu-west-1',
      userPoolId: world.poolId,
      callerContext: { clientId: world.clientId },
      request: { userAttributes: { email, 'cognito:user_status': 'CONFIRMED' }, userNotFound: false },
      response: {},
    });
    expect(after).toMatchObject({ userName: before?.userName, request: { newDeviceUsed: false } });
  });

  it('are called before a wrong password, and not after it', async () => {
    const email = await aUser(world);
    await expect(signIn(browserUser(world, email), email, 'Wrong-Horse-77')).rejects.toThrow('Incorrect username');
    expect(called()).toEqual([PRE]);
  });

  it('are told of somebody who does not exist, where the client hides that', async () => {
    const nobody = 'nobody@example.org';
    await expect(signIn(browserUser(world, nobody), nobody)).rejects.toThrow('Incorrect username');
    expect(world.events).toMatchObject([
      { triggerSource: PRE, userName: nobody, request: { userAttributes: {}, userNotFound: true } },
    ]);
  });

  it('get what the client says of itself', async () => {
    const USERNAME = await aUser(world);
    await world.sdk.send(
      new InitiateAuthCommand({
        ClientId: world.clientId,
        AuthFlow: 'USER_SRP_AUTH',
        AuthParameters: { USERNAME, SRP_A: 'abcdef' },
        ClientMetadata: { app: 'family' },
      }),
    );
    expect(world.events).toMatchObject([{ request: { validationData: { app: 'family' } } }]);
  });

  it('are not called when a token is refreshed', async () => {
    const { refreshToken } = await signedInSession(world, await aUser(world));
    world.events.length = 0;
    await world.sdk.send(
      new InitiateAuthCommand({
        ClientId: world.clientId,
        AuthFlow: 'REFRESH_TOKEN_AUTH',
        AuthParameters: { REFRESH_TOKEN: refreshToken },
      }),
    );
    expect(called()).toEqual([]);
  });

  it('end the sign-in by throwing, before the password or after it, in their own words', async () => {
    const email = await aUser(world);
    refuses = ({ triggerSource }) => (triggerSource === PRE ? 'wait a little' : undefined);
    await expect(signIn(browserUser(world, email), email)).rejects.toMatchObject({
      name: 'UserLambdaValidationException',
      message: 'PreAuthentication failed with error wait a little.',
    });
    refuses = ({ triggerSource }) => (triggerSource === POST ? 'not today' : undefined);
    await expect(signIn(browserUser(world, email), email)).rejects.toMatchObject({
      message: 'PostAuthentication failed with error not today.',
    });
    expect(called()).toEqual([PRE, PRE, POST]);
  });

  it('are called again when they do not answer in time, three times in all', async () => {
    const email = await aUser(world);
    let slow = 2;
    refuses = () => {
      if (slow-- > 0) throw new TriggerTimeout('Task timed out after 5.00 seconds');
      return undefined;
    };
    expect((await signIn(browserUser(world, email), email)).kind).toBe('session');
    expect(called()).toEqual([PRE, PRE, PRE, POST]);
    world.events.length = 0;
    slow = Number.POSITIVE_INFINITY;
    await expect(signIn(browserUser(world, email), email)).rejects.toMatchObject({
      message: 'PreAuthentication failed with error Task timed out after 5.00 seconds.',
    });
    expect(called()).toEqual([PRE, PRE, PRE]);
  });
});

describe('a machine’s user', () => {
  it('signs in by an administrator’s call with the secret that was set for it, until a new one is set', async () => {
    const Username = 'scl_01jzz@integrations.invalid';
    const who = { UserPoolId: world.poolId, Username };
    await world.sdk.send(new AdminCreateUserCommand({ ...who, MessageAction: 'SUPPRESS' }));
    const set = (Password: string) =>
      world.sdk.send(new AdminSetUserPasswordCommand({ ...who, Password, Permanent: true }));
    const enter = (password: string) =>
      world.sdk.send(
        new AdminInitiateAuthCommand({
          UserPoolId: world.poolId,
          ClientId: world.clientId,
          AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
          AuthParameters: { USERNAME: Username, PASSWORD: password },
        }),
      );
    await set(PASSWORD);
    expect((await enter(PASSWORD)).AuthenticationResult?.TokenType).toBe('Bearer');
    expect(called()).toEqual([PRE, POST]);
    await set('Another-Horse-8');
    await expect(enter(PASSWORD)).rejects.toMatchObject({ name: 'NotAuthorizedException' });
    expect((await enter('Another-Horse-8')).AuthenticationResult?.AccessToken).toBeTruthy();
    // Nothing was ever mailed to an address that nobody has.
    expect(world.mails).toEqual([]);
  });
});
