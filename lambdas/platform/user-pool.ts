import {
  AdminCreateUserCommand,
  type AdminCreateUserCommandInput,
  AdminDeleteUserCommand,
  AdminGetUserCommand,
  AdminSetUserMFAPreferenceCommand,
  AdminUpdateUserAttributesCommand,
  AdminUserGlobalSignOutCommand,
  AssociateSoftwareTokenCommand,
  CodeMismatchException,
  CognitoIdentityProviderClient,
  EnableSoftwareTokenMFAException,
  NotAuthorizedException,
  UserNotFoundException,
  UsernameExistsException,
  VerifySoftwareTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import type { Language } from '../http/call.ts';
import { credentialsFromEnvironment } from './credentials.ts';
import { listsTotp } from './second-factor.ts';

/** What this product asks of Cognito. No password ever passes here: Cognito makes, mails and checks them itself. */
export interface UserPool {
  /**
   * AdminCreateUser: Cognito makes the temporary password and mails it through our CustomMessage trigger. An address
   * that exists already is not touched; the outcome says whether its owner has ever signed in.
   */
  invite(
    email: string,
    language: Language,
  ): Promise<{ sub: string; outcome: 'created' | 'never-signed-in' | 'exists' }>;
  /** Whether Cognito itself lists TOTP for the user: no claim of a token says so on every plan. */
  hasTotp(sub: string): Promise<boolean>;
  /** A fresh TOTP secret in base 32, to be verified by a code. Throws {@link TokenRevoked}. */
  associateTotp(accessToken: string): Promise<string>;
  /** True when the code was right; the factor is turned on for every sign-in from now. Throws {@link TokenRevoked}. */
  verifyAndTurnOnTotp(sub: string, accessToken: string, code: string): Promise<boolean>;
  turnOffTotp(sub: string): Promise<void>;
  /** Revokes all refresh tokens; access tokens still alive are refused by the account's `notBefore`. */
  signOutEverywhere(sub: string): Promise<void>;
  /** The address has been confirmed by a link of ours. Throws {@link EmailInUse}. */
  changeEmail(sub: string, email: string): Promise<void>;
  /** AdminDeleteUser, for an account that is erased. Removing whom Cognito does not know is no error. */
  remove(sub: string): Promise<void>;
  /** Whether Cognito still knows the user. */
  exists(sub: string): Promise<boolean>;
}

export class EmailInUse extends Error {
  override readonly name = 'EmailInUse';
}

/** Cognito takes the access token no more (signed out there, or its user is gone), whatever its `exp` says. */
export class TokenRevoked extends Error {
  override readonly name = 'TokenRevoked';
}

export function cognitoUserPool(
  UserPoolId: string,
  client: Pick<CognitoIdentityProviderClient, 'send'> = new CognitoIdentityProviderClient({
    credentials: credentialsFromEnvironment,
  }),
): UserPool {
  const preference = (sub: string, on: boolean) =>
    client.send(
      new AdminSetUserMFAPreferenceCommand({
        UserPoolId,
        Username: sub,
        SoftwareTokenMfaSettings: { Enabled: on, PreferredMfa: on },
      }),
    );

  return {
    async invite(email, language) {
      const wanted: AdminCreateUserCommandInput = {
        UserPoolId,
        Username: email,
        UserAttributes: [
          { Name: 'email', Value: email },
          { Name: 'email_verified', Value: 'true' },
          { Name: 'locale', Value: language },
        ],
        DesiredDeliveryMediums: ['EMAIL'],
        ClientMetadata: { language },
      };
      try {
        const { User } = await client.send(new AdminCreateUserCommand(wanted));
        return { sub: subOf(User?.Attributes), outcome: 'created' };
      } catch (error) {
        if (!(error instanceof UsernameExistsException)) throw error;
        const user = await client.send(new AdminGetUserCommand({ UserPoolId, Username: email }));
        const neverSignedIn = user.UserStatus === 'FORCE_CHANGE_PASSWORD';
        // The first mail may have been lost, or its password may have expired: a new one is made.
        if (neverSignedIn) await client.send(new AdminCreateUserCommand({ ...wanted, MessageAction: 'RESEND' }));
        return { sub: subOf(user.UserAttributes), outcome: neverSignedIn ? 'never-signed-in' : 'exists' };
      }
    },

    hasTotp: (sub) => listsTotp(client, UserPoolId, sub),

    async associateTotp(accessToken) {
      const { SecretCode } = await client
        .send(new AssociateSoftwareTokenCommand({ AccessToken: accessToken }))
        .catch(asRevoked);
      if (!SecretCode) throw new Error('Cognito gave no secret');
      return SecretCode;
    },

    async verifyAndTurnOnTotp(sub, accessToken, code) {
      try {
        const { Status } = await client.send(
          new VerifySoftwareTokenCommand({ AccessToken: accessToken, UserCode: code }),
        );
        if (Status !== 'SUCCESS') return false;
      } catch (error) {
        if (error instanceof EnableSoftwareTokenMFAException || error instanceof CodeMismatchException) return false;
        asRevoked(error);
      }
      await preference(sub, true);
      return true;
    },

    async turnOffTotp(sub) {
      await preference(sub, false);
    },

    async signOutEverywhere(sub) {
      await client.send(new AdminUserGlobalSignOutCommand({ UserPoolId, Username: sub }));
    },

    async changeEmail(sub, email) {
      try {
        await client.send(
          new AdminUpdateUserAttributesCommand({
            UserPoolId,
            Username: sub,
            UserAttributes: [
              { Name: 'email', Value: email },
              { Name: 'email_verified', Value: 'true' },
            ],
          }),
        );
      } catch (error) {
        if (error instanceof Error && error.name === 'AliasExistsException') {
          throw new EmailInUse('Another user has this address', { cause: error });
        }
        throw error;
      }
    },

    async remove(sub) {
      try {
        await client.send(new AdminDeleteUserCommand({ UserPoolId, Username: sub }));
      } catch (error) {
        if (!(error instanceof UserNotFoundException)) throw error;
      }
    },

    async exists(sub) {
      try {
        await client.send(new AdminGetUserCommand({ UserPoolId, Username: sub }));
        return true;
      } catch (error) {
        if (error instanceof UserNotFoundException) return false;
        throw error;
      }
    },
  };
}

function asRevoked(error: unknown): never {
  if (error instanceof NotAuthorizedException) throw new TokenRevoked('Cognito refused the token', { cause: error });
  throw error;
}

function subOf(attributes: readonly { Name?: string | undefined; Value?: string | undefined }[] | undefined): string {
  const sub = attributes?.find(({ Name }) => Name === 'sub')?.Value;
  if (!sub) throw new Error('Cognito gave no sub');
  return sub;
}
