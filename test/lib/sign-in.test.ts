import { describe, expect, it } from 'vitest';
import { synthesise } from './synthesise.ts';

const template = synthesise({ apiFunctions: {}, workers: {} });

describe('the user pool', () => {
  const [pool, ...otherPools] = template.ofType('AWS::Cognito::UserPool');
  const [integrations, client, ...otherClients] = template
    .ofType('AWS::Cognito::UserPoolClient')
    .toSorted((one, other) => one.logicalId.length - other.logicalId.length)
    .toReversed();

  it('is the only one, with one client for people and one for services', () => {
    expect([...otherPools, ...otherClients]).toEqual([]);
    expect([client?.properties['ClientName'], integrations?.properties['ClientName']]).toEqual([
      'vern-dev',
      'vern-dev-integrations',
    ]);
  });

  it('lets services in by a call under IAM alone, for an hour, without a refresh', () => {
    expect(integrations?.properties).toMatchObject({
      GenerateSecret: false,
      ExplicitAuthFlows: ['ALLOW_ADMIN_USER_PASSWORD_AUTH'],
      AccessTokenValidity: 60,
      RefreshTokenValidity: 60,
      TokenValidityUnits: { AccessToken: 'minutes', RefreshToken: 'minutes' },
      EnableTokenRevocation: true,
      PreventUserExistenceErrors: 'ENABLED',
      AllowedOAuthFlowsUserPoolClient: false,
      WriteAttributes: ['locale'],
    });
    expect(integrations?.properties).not.toHaveProperty('AllowedOAuthFlows');
  });

  it('CE-01: takes nobody in but by invitation, by e-mail address', () => {
    expect(pool?.properties).toMatchObject({
      UserPoolTier: 'LITE',
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
      UsernameAttributes: ['email'],
      UsernameConfiguration: { CaseSensitive: false },
    });
    expect(pool?.properties).not.toHaveProperty('AliasAttributes');
  });

  it('FW-06, KP-13: offers a second factor by authenticator app and never by SMS', () => {
    expect(pool?.properties).toMatchObject({ MfaConfiguration: 'OPTIONAL', EnabledMfas: ['SOFTWARE_TOKEN_MFA'] });
    expect(pool?.properties).not.toHaveProperty('SmsConfiguration');
  });

  it('CE-08: demands long passwords, recovers by verified e-mail alone, and is protected from deletion', () => {
    expect(pool?.properties).toMatchObject({
      Policies: {
        PasswordPolicy: {
          MinimumLength: 12,
          RequireLowercase: true,
          RequireUppercase: true,
          RequireNumbers: true,
          TemporaryPasswordValidityDays: 7,
        },
      },
      AccountRecoverySetting: { RecoveryMechanisms: [{ Name: 'verified_email', Priority: 1 }] },
      UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email'] },
      DeletionProtection: 'ACTIVE',
    });
  });

  it('CE-02: a client proves a password by SRP, so that it never travels; tokens are short and can be revoked', () => {
    expect(client?.properties).toMatchObject({
      GenerateSecret: false,
      ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
      AccessTokenValidity: 15,
      IdTokenValidity: 15,
      RefreshTokenValidity: 30 * 24 * 60,
      TokenValidityUnits: { AccessToken: 'minutes', IdToken: 'minutes', RefreshToken: 'minutes' },
      EnableTokenRevocation: true,
    });
  });

  it('CE-08: does not tell whether a user exists, and offers no OAuth flow', () => {
    expect(client?.properties).toMatchObject({
      PreventUserExistenceErrors: 'ENABLED',
      AllowedOAuthFlowsUserPoolClient: false,
      SupportedIdentityProviders: ['COGNITO'],
    });
    expect(client?.properties).not.toHaveProperty('AllowedOAuthFlows');
    expect(client?.properties).not.toHaveProperty('CallbackURLs');
  });

  it('lets a client write nothing by which a user is known', () => {
    expect(client?.properties['WriteAttributes']).toEqual(['locale']);
  });
});

describe('the firewall before the user pool', () => {
  const [webAcl] = template.ofType('AWS::WAFv2::WebACL');
  const rules = Object(webAcl?.properties['Rules']) as { Name: string; Action: unknown; Statement: unknown }[];

  it('stands before it', () => {
    const [association] = template.ofType('AWS::WAFv2::WebACLAssociation');
    const [pool] = template.ofType('AWS::Cognito::UserPool');
    expect(webAcl?.properties['Scope']).toBe('REGIONAL');
    expect(association?.properties['ResourceArn']).toBe(pool?.attribute('Arn'));
    expect(association?.properties['WebACLArn']).toBe(webAcl?.attribute('Arn'));
  });

  it('KP-13: blocks the operations by which a token’s bearer would change the account behind our back', () => {
    const { OrStatement } = Object(rules.find(({ Name }) => Name === 'operations-of-ours')?.Statement);
    const matches = OrStatement.Statements.map((statement: object) => Object(statement).ByteMatchStatement);
    expect(matches.map((match: { SearchString: string }) => match.SearchString).sort()).toEqual([
      'DeleteUser',
      'DeleteUserAttributes',
      'GetUserAttributeVerificationCode',
      'GlobalSignOut',
      'SetUserMFAPreference',
      'SetUserSettings',
      'SignUp',
      'UpdateUserAttributes',
      'VerifyUserAttribute',
    ]);
    for (const match of matches) {
      expect(match).toMatchObject({
        FieldToMatch: { SingleHeader: { Name: 'x-amzn-cognito-operation-name' } },
        PositionalConstraint: 'EXACTLY',
      });
    }
  });

  it('CE-08: blocks an address that asks too often, and keeps no samples of requests', () => {
    const rate = rules.find(({ Name }) => Name === 'requests-per-address');
    expect(rate?.Statement).toMatchObject({ RateBasedStatement: { AggregateKeyType: 'IP', Limit: 500 } });
    for (const rule of rules) {
      expect(rule.Action).toEqual({ Block: {} });
      expect(rule).toMatchObject({ VisibilityConfig: { SampledRequestsEnabled: false } });
    }
  });
});
