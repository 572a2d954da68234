import { CognitoIdentityProviderClient, ListUsersCommand } from '@aws-sdk/client-cognito-identity-provider';

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
