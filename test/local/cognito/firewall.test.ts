import { join } from 'node:path';
import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  AdminUserGlobalSignOutCommand,
  AssociateSoftwareTokenCommand,
  CognitoIdentityProviderClient,
  DeleteUserCommand,
  ForgotPasswordCommand,
  GetUserCommand,
  GlobalSignOutCommand,
  SetUserMFAPreferenceCommand,
  SignUpCommand,
  UpdateUserAttributesCommand,
  VerifySoftwareTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { TOTP } from 'otpauth';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { firewall, firewallFromTemplate } from '../../../local/cognito/firewall.ts';
import { startEmbeddedCloud } from '../../../local/embedded-cloud.ts';
import { synthesised } from '../../../local/synthesis.ts';
import { aFolder } from '../fixtures/assembly.ts';
import { signIn } from '../fixtures/sign-in.ts';
import { aWorld } from './world.ts';

const operation = (name: string) => ({
  ByteMatchStatement: {
    FieldToMatch: { SingleHeader: { Name: 'x-amzn-cognito-operation-name' } },
    PositionalConstraint: 'EXACTLY',
    SearchString: name,
    TextTransformations: [{ Priority: 0, Type: 'NONE' }],
  },
});
const rate = { RateBasedStatement: { AggregateKeyType: 'IP', Limit: 3, EvaluationWindowSec: 60 } };
const aRule = (Priority: number, Statement: object, Action: object = { Block: {} }) => ({
  Name: `rule-${Priority}`,
  Priority,
  Action,
  Statement,
  VisibilityConfig: {},
});
const rulesOf = (Rules: readonly object[], DefaultAction: object = { Allow: {} }) =>
  firewallFromTemplate({ logicalId: 'Firewall', properties: { DefaultAction, Rules } });

describe('a web ACL', () => {
  it('blocks the operations that it names, and no others', () => {
    const rules = rulesOf([aRule(0, { OrStatement: { Statements: [operation('SignUp'), operation('DeleteUser')] } })]);
    const mayPass = firewall(rules, () => 0);
    const passing = ['SignUp', 'DeleteUser', 'DeleteUserAttributes', 'GetUser', ''].filter((name) =>
      mayPass({ operation: name, address: '127.0.0.1' }),
    );
    expect(passing).toEqual(['DeleteUserAttributes', 'GetUser', '']);
  });

  it('blocks an address, and no other, while its requests of one window are too many', () => {
    let now = 0;
    const mayPass = firewall(rulesOf([aRule(0, rate)]), () => now);
    const ask = (address: string) => mayPass({ operation: 'InitiateAuth', address });
    expect(Array.from({ length: 5 }, () => ask('a'))).toEqual([true, true, true, false, false]);
    expect(ask('b')).toBe(true);
    now = 59_999;
    expect(ask('a')).toBe(false);
    now += 60_000;
    expect(ask('a')).toBe(true);
  });

  it('does not count towards the rate what an earlier rule has blocked', () => {
    const mayPass = firewall(rulesOf([aRule(1, rate), aRule(0, operation('SignUp'))]), () => 0);
    for (let asked = 0; asked < 10; asked++) mayPass({ operation: 'SignUp', address: 'a' });
    expect(mayPass({ operation: 'InitiateAuth', address: 'a' })).toBe(true);
  });

  it.each([
    ['another action', [aRule(0, rate, { Count: {} })], undefined],
    ['an answer of its own', [aRule(0, rate, { Block: { CustomResponse: { ResponseCode: 418 } } })], undefined],
    ['a managed rule group', [aRule(0, { ManagedRuleGroupStatement: {} })], undefined],
    [
      'a rate by something else',
      [aRule(0, { RateBasedStatement: { AggregateKeyType: 'CONSTANT', Limit: 9 } })],
      undefined,
    ],
    ['a door that is shut', [], { Block: {} }],
  ])('is refused with %s, which would not be played', (_, rules, defaultAction) => {
    expect(() => rulesOf(rules, defaultAction)).toThrow('cannot stand behind Firewall');
  });
});

describe('a user pool behind a web ACL', () => {
  it('refuses an address that asks too often, until its window has passed; administrators’ calls are not asked', async () => {
    const world = await aWorld({ webAcl: { DefaultAction: { Allow: {} }, Rules: [aRule(0, rate)] } });
    const UserPoolId = world.poolId;
    const ask = () =>
      world.sdk.send(new ForgotPasswordCommand({ ClientId: world.clientId, Username: 'x@example.org' }));
    for (let asked = 0; asked < 3; asked++) await ask();
    await expect(ask()).rejects.toMatchObject({ name: 'ForbiddenException', $metadata: { httpStatusCode: 403 } });
    await world.sdk.send(
      new AdminCreateUserCommand({ UserPoolId, Username: 'y@example.org', MessageAction: 'SUPPRESS' }),
    );
    world.advance(60_000);
    expect(await ask()).toMatchObject({ $metadata: { httpStatusCode: 200 } });
  });
});

describe('the user pool of the product', () => {
  let outdir: string;
  beforeAll(async () => {
    outdir = await synthesised(join(import.meta.dirname, '../../..'));
  }, 180_000);

  it('KP-13: refuses a token’s bearer what must go through our API, and lets them set up TOTP', async () => {
    const cloud = await startEmbeddedCloud({ outdir, stateDir: aFolder() });
    onTestFinished(() => cloud.close());
    const { endpoints } = cloud;
    const { cognito, userPoolId: UserPoolId, clientId: ClientId, accessKeyId, secretAccessKey } = endpoints;
    const credentials = { accessKeyId, secretAccessKey };
    const sdk = new CognitoIdentityProviderClient({
      endpoint: cognito,
      region: 'eu-west-1',
      credentials,
      maxAttempts: 1,
    });
    const [Username, Password] = ['kari@vern.example', 'Long-enough-and-1'];
    await sdk.send(new AdminCreateUserCommand({ UserPoolId, Username, MessageAction: 'SUPPRESS' }));
    await sdk.send(new AdminSetUserPasswordCommand({ UserPoolId, Username, Password, Permanent: true }));
    const { accessToken: AccessToken } = await signIn(endpoints, Username, Password);

    const blocked = { name: 'ForbiddenException', message: 'Request not allowed due to WAF block.' };
    for (const refused of [
      () => sdk.send(new GlobalSignOutCommand({ AccessToken })),
      () => sdk.send(new DeleteUserCommand({ AccessToken })),
      () =>
        sdk.send(new UpdateUserAttributesCommand({ AccessToken, UserAttributes: [{ Name: 'locale', Value: 'nb' }] })),
      () => sdk.send(new SetUserMFAPreferenceCommand({ AccessToken, SoftwareTokenMfaSettings: { Enabled: false } })),
      () => sdk.send(new SignUpCommand({ ClientId, Username: 'other@vern.example', Password })),
    ]) {
      await expect(refused()).rejects.toMatchObject({ ...blocked, $metadata: { httpStatusCode: 403 } });
    }

    const { SecretCode: secret = '' } = await sdk.send(new AssociateSoftwareTokenCommand({ AccessToken }));
    const UserCode = new TOTP({ secret }).generate();
    expect(await sdk.send(new VerifySoftwareTokenCommand({ AccessToken, UserCode }))).toMatchObject({
      Status: 'SUCCESS',
    });
    expect(await sdk.send(new GetUserCommand({ AccessToken }))).toMatchObject({ Username: expect.any(String) });
    await sdk.send(new AdminUserGlobalSignOutCommand({ UserPoolId, Username }));
    await expect(sdk.send(new GetUserCommand({ AccessToken }))).rejects.toMatchObject({
      name: 'NotAuthorizedException',
    });
  });
});
