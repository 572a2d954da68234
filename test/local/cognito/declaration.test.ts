import { describe, expect, it } from 'vitest';
import { userPoolClientId, userPoolFromTemplate, userPoolId } from '../../../local/cognito/declaration.ts';
import { clientProperties, poolProperties } from './declared.ts';

const read = (pool: Record<string, unknown> = {}, client: Record<string, unknown> = {}) =>
  userPoolFromTemplate('eu-west-1', { logicalId: 'Users', properties: { ...poolProperties, ...pool } }, [
    { logicalId: 'App', properties: { ...clientProperties, ...client } },
  ]);

describe('a pool read from the template', () => {
  it('has ids that look like AWS’s and depend on the logical id alone', () => {
    expect(userPoolId('eu-west-1', 'Users')).toMatch(/^eu-west-1_[A-Za-z0-9]{9}$/);
    expect(userPoolClientId('App')).toMatch(/^[a-z0-9]{26}$/);
    expect(read({ MfaConfiguration: 'OFF' }).id).toBe(read().id);
    expect(userPoolId('eu-west-1', 'Users')).not.toBe(userPoolId('eu-west-1', 'Others'));
  });

  it('takes its policy, lifetimes and attributes from the properties', () => {
    const pool = read({ LambdaConfig: { CustomMessage: 'words' } });
    expect(pool).toMatchObject({
      mfa: 'OPTIONAL',
      autoVerifiesEmail: true,
      triggers: { CustomMessage: 'words' },
      passwordPolicy: { lengthMin: 12, temporaryValidityDays: 3 },
    });
    expect(pool.attributes.has('custom:language')).toBe(true);
    expect(pool.clients[0]).toMatchObject({
      accessTokenSeconds: 600,
      refreshTokenSeconds: 30 * 86_400,
      hidesUserExistence: true,
      writable: ['email', 'given_name', 'custom:language'],
    });
  });

  it('reads AWS’s defaults where nothing is declared', () => {
    const bare = { UsernameAttributes: ['email'], AdminCreateUserConfig: { AllowAdminCreateUserOnly: true } };
    const pool = userPoolFromTemplate('eu-west-1', { logicalId: 'Users', properties: bare }, [
      { logicalId: 'App', properties: {} },
    ]);
    expect(pool).toMatchObject({ mfa: 'OFF', isUsernameCaseSensitive: true, passwordPolicy: { needsSymbol: true } });
    expect(pool.clients[0]).toMatchObject({ accessTokenSeconds: 3600, idTokenSeconds: 3600, revokesTokens: true });
  });

  it.each([
    ['self sign-up', { AdminCreateUserConfig: { AllowAdminCreateUserOnly: false } }, {}],
    ['user names of one’s own', { UsernameAttributes: [] }, {}],
    ['SMS', { EnabledMfas: ['SMS_MFA'] }, {}],
    ['another trigger', { LambdaConfig: { PreSignUp: 'x' } }, {}],
    ['a client secret', {}, { GenerateSecret: true }],
  ])('is refused for %s, which does not run here', (_what, pool, client) => {
    expect(() => read(pool, client)).toThrow('The embedded Cognito cannot run');
  });
});
