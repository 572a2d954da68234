import {
  AdminDeleteUserCommand,
  AdminGetUserCommand,
  type CognitoIdentityProviderClient,
  UserNotFoundException,
} from '@aws-sdk/client-cognito-identity-provider';
import { describe, expect, it } from 'vitest';
import { cognitoUserPool } from '../../lambdas/platform/user-pool.ts';

/** Cognito, as the outside world that it is: by user name, which is the subject here. */
function fakeCognito(subs: string[], otherError?: Error) {
  const users = new Set(subs);
  const client = {
    async send(command: unknown) {
      if (otherError) throw otherError;
      const { Username = '', UserPoolId } = (command as AdminDeleteUserCommand).input;
      expect(UserPoolId).toBe('pool');
      if (!users.has(Username)) throw new UserNotFoundException({ message: 'nobody', $metadata: {} });
      if (command instanceof AdminDeleteUserCommand) users.delete(Username);
      else if (!(command instanceof AdminGetUserCommand)) throw new Error('an unexpected call');
      return {};
    },
  } as unknown as Pick<CognitoIdentityProviderClient, 'send'>;
  return { pool: cognitoUserPool('pool', client), users };
}

describe('the user of an erased account', () => {
  it('KP-12: is removed from Cognito, and nobody else is; removing nobody is no error', async () => {
    const { pool, users } = fakeCognito(['one', 'other']);
    expect(await pool.exists('one')).toBe(true);
    await pool.remove('one');
    await pool.remove('one');
    expect([...users]).toEqual(['other']);
    expect(await pool.exists('one')).toBe(false);
  });

  it('is not taken for gone while Cognito cannot be reached', async () => {
    const { pool } = fakeCognito([], new Error('throttled'));
    await expect(pool.exists('one')).rejects.toThrow('throttled');
    await expect(pool.remove('one')).rejects.toThrow('throttled');
  });
});
