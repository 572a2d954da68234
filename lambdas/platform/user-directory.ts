import {
  CognitoIdentityProviderClient,
  InvalidParameterException,
  ListUsersCommand,
} from '@aws-sdk/client-cognito-identity-provider';

import { credentialsFromEnvironment } from './credentials.ts';
import { listsTotp } from './second-factor.ts';

const USERS_PER_PAGE = 60;

/** The pool's users by subject alone: no address leaves Cognito for this. */
export function userDirectory(
  UserPoolId: string,
  client: Pick<CognitoIdentityProviderClient, 'send'> = new CognitoIdentityProviderClient({
    credentials: credentialsFromEnvironment,
  }),
) {
  return {
    async users(after?: string): Promise<{ subs: string[]; next?: string }> {
      const { Users = [], PaginationToken } = await client.send(
        new ListUsersCommand({
          UserPoolId,
          AttributesToGet: ['sub'],
          Limit: USERS_PER_PAGE,
          ...(after && { PaginationToken: after }),
        }),
      );
      const subs = Users.flatMap(({ Attributes = [] }) =>
        Attributes.filter(({ Name }) => Name === 'sub').map(({ Value = '' }) => Value),
      );
      return { subs, ...(PaginationToken !== undefined && { next: PaginationToken }) };
    },
    hasTotp: (sub: string): Promise<boolean> => listsTotp(client, UserPoolId, sub),
  };
}

/** A user as Cognito lists them. It gives no password and no TOTP secret away. */
export interface PoolUser {
  readonly sub: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly status: string;
  readonly isEnabled: boolean;
  readonly createdAt: string;
}

/** The pool's users whole: for the backup alone, which seals each of them. */
export interface PoolListing {
  /** Cognito ListUsers, 60 of them; `expired` when Cognito knows nothing of that token any more. */
  page(
    after: string | undefined,
  ): Promise<{ readonly users: readonly PoolUser[]; readonly next: string | undefined } | 'expired'>;
}

export const poolListing = (
  UserPoolId: string,
  client: Pick<CognitoIdentityProviderClient, 'send'> = new CognitoIdentityProviderClient({
    credentials: credentialsFromEnvironment,
  }),
): PoolListing => ({
  async page(after) {
    try {
      const { Users = [], PaginationToken } = await client.send(
        new ListUsersCommand({ UserPoolId, Limit: USERS_PER_PAGE, ...(after && { PaginationToken: after }) }),
      );
      const users = Users.map(({ Attributes = [], UserStatus = '', Enabled = false, UserCreateDate }) => {
        const attributes = Object.fromEntries(Attributes.map(({ Name = '', Value = '' }) => [Name, Value]));
        return {
          sub: attributes['sub'] ?? '',
          attributes,
          status: UserStatus,
          isEnabled: Enabled,
          createdAt: UserCreateDate?.toISOString() ?? '',
        };
      });
      return { users, next: PaginationToken };
    } catch (error) {
      if (error instanceof InvalidParameterException && after !== undefined) return 'expired';
      throw error;
    }
  },
});
