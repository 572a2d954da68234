import {
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminInitiateAuthCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  NotAuthorizedException,
  TooManyRequestsException,
  UserNotFoundException,
} from '@aws-sdk/client-cognito-identity-provider';
import { usernameOfMachine } from '../http/machine-name.ts';
import { credentialsFromEnvironment } from './credentials.ts';

/**
 * The users of service clients in Cognito: it signs their access tokens, so that the gateway's authorizer and our own
 * check are the same for a program as for a person. They get no mail, and no refresh token leaves this file.
 */
export interface MachineUsers {
  /** AdminCreateUser and AdminSetUserPassword (permanent). Gives Cognito's subject. */
  create(name: string, password: string): Promise<string>;
  /** AdminInitiateAuth (ADMIN_USER_PASSWORD_AUTH). Cognito asked us to slow down: `busy`. */
  signIn(name: string, password: string): Promise<MachineToken | 'refused' | 'busy'>;
  /** AdminDeleteUser. Removing whom Cognito does not know is no error. */
  remove(name: string): Promise<void>;
}

export interface MachineToken {
  readonly accessToken: string;
  readonly expiresInSeconds: number;
}

export function machineUsers(
  UserPoolId: string,
  ClientId: string,
  client: Pick<CognitoIdentityProviderClient, 'send'> = new CognitoIdentityProviderClient({
    credentials: credentialsFromEnvironment,
  }),
): MachineUsers {
  return {
    async create(name, Password) {
      const Username = usernameOfMachine(name);
      const { User } = await client.send(
        new AdminCreateUserCommand({
          UserPoolId,
          Username,
          UserAttributes: [{ Name: 'email', Value: Username }],
          MessageAction: 'SUPPRESS',
        }),
      );
      await client.send(new AdminSetUserPasswordCommand({ UserPoolId, Username, Password, Permanent: true }));
      const sub = User?.Attributes?.find(({ Name }) => Name === 'sub')?.Value;
      if (!sub) throw new Error('Cognito gave no sub');
      return sub;
    },

    async signIn(name, password) {
      try {
        const { AuthenticationResult } = await client.send(
          new AdminInitiateAuthCommand({
            UserPoolId,
            ClientId,
            AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
            AuthParameters: { USERNAME: usernameOfMachine(name), PASSWORD: password },
          }),
        );
        const { AccessToken, ExpiresIn } = AuthenticationResult ?? {};
        // A challenge instead of a token: nothing that a program could answer.
        if (!AccessToken || !ExpiresIn) return 'refused';
        return { accessToken: AccessToken, expiresInSeconds: ExpiresIn };
      } catch (error) {
        if (error instanceof TooManyRequestsException) return 'busy';
        if (error instanceof NotAuthorizedException || error instanceof UserNotFoundException) return 'refused';
        throw error;
      }
    },

    async remove(name) {
      try {
        await client.send(new AdminDeleteUserCommand({ UserPoolId, Username: usernameOfMachine(name) }));
      } catch (error) {
        if (!(error instanceof UserNotFoundException)) throw error;
      }
    },
  };
}
