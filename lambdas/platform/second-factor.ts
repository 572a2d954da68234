import {
  AdminGetUserCommand,
  type CognitoIdentityProviderClient,
  UserNotFoundException,
} from '@aws-sdk/client-cognito-identity-provider';

/** Whether Cognito itself lists TOTP for the user. A user who is gone has none: a token outlives its user for a while. */
export async function listsTotp(
  client: Pick<CognitoIdentityProviderClient, 'send'>,
  UserPoolId: string,
  sub: string,
): Promise<boolean> {
  try {
    const { UserMFASettingList = [] } = await client.send(new AdminGetUserCommand({ UserPoolId, Username: sub }));
    return UserMFASettingList.includes('SOFTWARE_TOKEN_MFA');
  } catch (error) {
    if (error instanceof UserNotFoundException) return false;
    throw error;
  }
}
