import {
  AdminCreateUserCommand,
  AdminDisableUserCommand,
  AdminSetUserPasswordCommand,
  AdminUpdateUserAttributesCommand,
  DescribeUserPoolClientCommand,
  DescribeUserPoolCommand,
  ForgotPasswordCommand,
  ListGroupsCommand,
  ListUsersCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientProperties } from './declared.ts';
import { aUser, aWorld, browserUser, PASSWORD, signIn, type TriggerEvent, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await aWorld();
});
afterAll(() => world.server.close());

const invitation = (Username: string, at = world) => ({
  UserPoolId: at.poolId,
  Username,
  DesiredDeliveryMediums: ['EMAIL' as const],
});

describe('an invitation', () => {
  it('mails the address and a password that meets the policy', async () => {
    const { User } = await world.sdk.send(new AdminCreateUserCommand(invitation('kari@example.org')));
    expect(User).toMatchObject({ UserStatus: 'FORCE_CHANGE_PASSWORD', Enabled: true });
    expect(User?.Attributes).toContainEqual({ Name: 'email', Value: 'kari@example.org' });
    expect(User?.UserCreateDate).toEqual(new Date(world.now()));
    expect(world.mails.at(-1)?.html).toMatch(
      /^Your username is kari@example\.org and temporary password is (?=\S*[a-z])(?=\S*[A-Z])(?=\S*\d)(?=\S*[!@#%*_=+?-])\S{12,}\.$/,
    );
  });

  it('is refused for an address that has one, in any case', async () => {
    await world.sdk.send(new AdminCreateUserCommand(invitation('ola@example.org')));
    await expect(world.sdk.send(new AdminCreateUserCommand(invitation('Ola@Example.org')))).rejects.toMatchObject({
      name: 'UsernameExistsException',
    });
  });

  it.each(['not-an-address', 'two@at@signs', '<script>@example.org'])('is refused for %s', async (name) => {
    await expect(world.sdk.send(new AdminCreateUserCommand(invitation(name)))).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: 'Username should be an email.',
    });
  });

  it('sent again carries a new password, and the old one is dead', async () => {
    const email = 'again@example.org';
    const mailed = () => /password is (\S+)\.$/.exec(world.mails.at(-1)?.html ?? '')?.[1] ?? '';
    await world.sdk.send(new AdminCreateUserCommand(invitation(email)));
    const first = mailed();
    await world.sdk.send(new AdminCreateUserCommand({ ...invitation(email), MessageAction: 'RESEND' }));
    await expect(signIn(browserUser(world, email), email, first)).rejects.toThrow('Incorrect');
    expect((await signIn(browserUser(world, email), email, mailed())).kind).toBe('NEW_PASSWORD_REQUIRED');
  });

  it('is not sent again to who has come, or was never invited', async () => {
    const resend = (email: string) =>
      world.sdk.send(new AdminCreateUserCommand({ ...invitation(email), MessageAction: 'RESEND' }));
    await expect(resend(await aUser(world))).rejects.toMatchObject({ name: 'UnsupportedUserStateException' });
    await expect(resend('stranger@example.org')).rejects.toMatchObject({ name: 'UserNotFoundException' });
  });

  it('needs EMAIL among the media, because AWS’s default is SMS', async () => {
    const byDefault = new AdminCreateUserCommand({ UserPoolId: world.poolId, Username: 'sms@example.org' });
    await expect(world.sdk.send(byDefault)).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });
});

describe('the CustomMessage trigger', () => {
  const norwegian = async (event: TriggerEvent) => ({
    ...event,
    response: { emailSubject: 'Velkommen', emailMessage: '<p>{username}: {####}</p>' },
  });

  it('gets AWS’s event and words the mail', async () => {
    const triggered = await aWorld({ trigger: norwegian });
    const email = 'kari&ola@example.org';
    const created = await triggered.sdk.send(
      new AdminCreateUserCommand({ ...invitation(email, triggered), ClientMetadata: { language: 'nb' } }),
    );
    const sub = created.User?.Username;
    expect(triggered.events).toEqual([
      {
        version: '1',
        region: 'eu-west-1',
        userPoolId: triggered.poolId,
        userName: sub,
        callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: 'CLIENT_ID_NOT_APPLICABLE' },
        triggerSource: 'CustomMessage_AdminCreateUser',
        request: {
          userAttributes: { sub, email, email_verified: 'false', 'cognito:user_status': 'FORCE_CHANGE_PASSWORD' },
          codeParameter: '{####}',
          linkParameter: '{##Click Here##}',
          usernameParameter: '{username}',
          clientMetadata: { language: 'nb' },
        },
        response: { smsMessage: null, emailMessage: null, emailSubject: null },
      },
    ]);
    expect(triggered.mails).toEqual([
      {
        to: email,
        subject: 'Velkommen',
        html: expect.stringMatching(/^<p>kari&amp;ola@example\.org: [^\s{}]{12,}<\/p>$/),
      },
    ]);
    await triggered.server.close();
  });

  it('is told the client and the source of a forgotten password', async () => {
    const triggered = await aWorld({ trigger: norwegian });
    const Username = await aUser(triggered);
    await triggered.sdk.send(new ForgotPasswordCommand({ ClientId: triggered.clientId, Username }));
    expect(triggered.events).toMatchObject([
      {
        triggerSource: 'CustomMessage_ForgotPassword',
        callerContext: { clientId: triggered.clientId },
        request: { usernameParameter: null },
      },
    ]);
    await triggered.server.close();
  });

  it('that leaves a placeholder out is passed over: the receiver must get the code', async () => {
    const forgetful = await aWorld({ trigger: async () => ({ response: { emailMessage: 'Hei {username}' } }) });
    await forgetful.sdk.send(new AdminCreateUserCommand(invitation('kari@example.org', forgetful)));
    expect(forgetful.mails.at(-1)?.html).toContain('temporary password is');
    await forgetful.server.close();
  });

  it('that fails is the caller’s failure, and the user is there to be invited again', async () => {
    let isBroken = true;
    const moody = await aWorld({
      trigger: async (event) => {
        if (isBroken) throw new Error('no template');
        return norwegian(event);
      },
    });
    const email = 'kari@example.org';
    await expect(moody.sdk.send(new AdminCreateUserCommand(invitation(email, moody)))).rejects.toMatchObject({
      name: 'UserLambdaValidationException',
      message: 'CustomMessage failed with error no template.',
    });
    expect(moody.mails).toEqual([]);
    isBroken = false;
    await moody.sdk.send(new AdminCreateUserCommand({ ...invitation(email, moody), MessageAction: 'RESEND' }));
    expect(moody.mails).toHaveLength(1);
    await moody.server.close();
  });

  it('that answers rubbish is named so', async () => {
    const rubbish = await aWorld({ trigger: async () => 'ok' });
    await expect(
      rubbish.sdk.send(new AdminCreateUserCommand(invitation('kari@example.org', rubbish))),
    ).rejects.toMatchObject({
      name: 'InvalidLambdaResponseException',
    });
    await rubbish.server.close();
  });
});

it('a mail that cannot be sent is a delivery failure', async () => {
  const mute = await aWorld({ sendMail: () => Promise.reject(new Error('mailbox full')) });
  await expect(mute.sdk.send(new AdminCreateUserCommand(invitation('kari@example.org', mute)))).rejects.toMatchObject({
    name: 'CodeDeliveryFailureException',
  });
  await mute.server.close();
});

describe('listing users', () => {
  it('pages through all of them, each once', async () => {
    const crowd = await aWorld();
    const emails = await Promise.all(Array.from({ length: 7 }, () => aUser(crowd)));
    const seen: (string | undefined)[] = [];
    let PaginationToken: string | undefined;
    let pages = 0;
    do {
      const page = await crowd.sdk.send(new ListUsersCommand({ UserPoolId: crowd.poolId, Limit: 3, PaginationToken }));
      seen.push(...(page.Users ?? []).map((user) => user.Attributes?.find(({ Name }) => Name === 'email')?.Value));
      PaginationToken = page.PaginationToken;
      pages++;
    } while (PaginationToken);
    expect(pages).toBe(3);
    expect(seen.sort()).toEqual(emails.sort());
    await crowd.server.close();
  });

  it('filters by address, prefix, id and status', async () => {
    const crowd = await aWorld();
    const [kari, ola] = [await aUser(crowd, 'kari@example.org'), await aUser(crowd, 'ola@example.org')];
    await crowd.sdk.send(new AdminDisableUserCommand({ UserPoolId: crowd.poolId, Username: ola }));
    await crowd.sdk.send(
      new AdminSetUserPasswordCommand({ UserPoolId: crowd.poolId, Username: kari, Password: PASSWORD }),
    );
    const list = async (Filter: string) => {
      const found = await crowd.sdk.send(
        new ListUsersCommand({ UserPoolId: crowd.poolId, Filter, AttributesToGet: ['email'] }),
      );
      return found.Users?.map(({ Attributes }) => Attributes?.map(({ Value }) => Value).join()).sort();
    };
    expect(await list('email = "kari@example.org"')).toEqual([kari]);
    expect(await list('email ^= "ol"')).toEqual([ola]);
    expect(await list('status = "Disabled"')).toEqual([ola]);
    expect(await list('cognito:user_status = "FORCE_CHANGE_PASSWORD"')).toEqual([kari]);
    expect(await list('sub = "nobody"')).toEqual([]);
    await expect(list('password = "x"')).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await expect(list('email like "x"')).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await crowd.server.close();
  });
});

describe('a description', () => {
  it('shows the pool and the client as declared', async () => {
    const { UserPool } = await world.sdk.send(new DescribeUserPoolCommand({ UserPoolId: world.poolId }));
    expect(UserPool).toMatchObject({ Id: world.poolId, MfaConfiguration: 'OPTIONAL', UsernameAttributes: ['email'] });
    const { UserPoolClient } = await world.sdk.send(
      new DescribeUserPoolClientCommand({ UserPoolId: world.poolId, ClientId: world.clientId }),
    );
    expect(UserPoolClient).toMatchObject({
      ExplicitAuthFlows: clientProperties.ExplicitAuthFlows,
      AccessTokenValidity: 600,
      PreventUserExistenceErrors: 'ENABLED',
    });
  });
});

describe('a request is refused', () => {
  const post = async (target: string, body: string, headers: Record<string, string> = {}) => {
    const response = await fetch(world.server.url, {
      method: 'POST',
      headers: { 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.1', ...headers },
      body,
    });
    return { status: response.status, type: response.headers.get('x-amzn-errortype'), body: await response.json() };
  };
  const target = (operation: string) => `AWSCognitoIdentityProviderService.${operation}`;

  it('for an operation that is not there', async () => {
    await expect(world.sdk.send(new ListGroupsCommand({ UserPoolId: world.poolId }))).rejects.toMatchObject({
      name: 'UnknownOperationException',
    });
    for (const name of ['toString', '__proto__', '']) {
      expect(await post(target(name), '{}')).toMatchObject({ status: 400, type: 'UnknownOperationException:' });
    }
  });

  it('for an unknown, missing or misshapen parameter', async () => {
    const valid = { ClientId: world.clientId, Username: 'a@example.org' };
    for (const body of [{ ...valid, Extra: 1 }, { ClientId: world.clientId }, { ...valid, Username: 7 }, [], null]) {
      expect(await post(target('ForgotPassword'), JSON.stringify(body))).toMatchObject({
        status: 400,
        body: { __type: 'InvalidParameterException' },
      });
    }
  });

  it('for a body that is not JSON', async () => {
    expect(await post(target('GetUser'), '{')).toMatchObject({ status: 400, type: 'SerializationException:' });
  });

  it('for an administrator’s operation without a signature', async () => {
    const body = JSON.stringify({ UserPoolId: world.poolId, Username: 'a@example.org' });
    expect(await post(target('AdminGetUser'), body)).toMatchObject({ type: 'MissingAuthenticationTokenException:' });
  });

  it('for a pool, a client or a user that is not there', async () => {
    const nowhere = new DescribeUserPoolCommand({ UserPoolId: 'eu-west-1_nowhere00' });
    await expect(world.sdk.send(nowhere)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    const noClient = new ForgotPasswordCommand({ ClientId: 'nobody', Username: 'a@example.org' });
    await expect(world.sdk.send(noClient)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    const noUser = { UserPoolId: world.poolId, Username: 'nobody@example.org', UserAttributes: [] };
    await expect(world.sdk.send(new AdminUpdateUserAttributesCommand(noUser))).rejects.toMatchObject({
      name: 'UserNotFoundException',
    });
  });

  it('for attributes outside the schema', async () => {
    for (const [Name, Value] of [
      ['custom:unknown', 'x'],
      ['email_verified', 'maybe'],
      ['sub', 'mine'],
      ['email', 'not-an-address'],
    ]) {
      const command = new AdminCreateUserCommand({
        ...invitation('schema@example.org'),
        UserAttributes: [{ Name, Value }],
      });
      await expect(world.sdk.send(command)).rejects.toMatchObject({ name: 'InvalidParameterException' });
    }
  });
});
