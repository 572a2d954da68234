import {
  AdminGetUserCommand,
  CognitoIdentityProviderClient,
  ListUsersCommand,
  UserNotFoundException,
} from '@aws-sdk/client-cognito-identity-provider';

import { credentialsFromEnvironment } from './credentials.ts';

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
    async hasTotp(sub: string): Promise<boolean> {
      try {
        const { UserMFASettingList = [] } = await client.send(new AdminGetUserCommand({ UserPoolId, Username: sub }));
        return UserMFASettingList.includes('SOFTWARE_TOKEN_MFA');
      } catch (error) {
        if (error instanceof UserNotFoundException) return false;
        throw error;
      }
    },
  };
}
