import * as z from 'zod';
import { codeMismatch, requireCode, withNewCode } from '../codes.ts';
import { CognitoFailure } from '../failure.ts';
import { type ClientMetadata, deliveryTo, sendCode } from '../messages.ts';
import { administrator, anyone, field, type Operations, unused } from '../operation.ts';
import { derived, type UserPool } from '../pool.ts';
import type { User } from '../records.ts';
import { findUser, isEmail, passwordChanges, requireUser, saved, withPassword } from '../users.ts';

export const recoveryOperations: Operations = {
  ForgotPassword: anyone(
    z.strictObject({
      ClientId: field.clientId,
      Username: field.username,
      ClientMetadata: field.clientMetadata,
      ...unused,
    }),
    async (pools, input) => {
      const { pool, client } = pools.byClientId(input.ClientId);
      if (pool.declaration.isRecoveryByAdministratorOnly) {
        throw new CognitoFailure('NotAuthorizedException', 'Contact administrator to reset password.');
      }
      const user = client.hidesUserExistence ? findUser(pool, input.Username) : requireUser(pool, input.Username);
      const isRecoverable = user?.isEnabled && hasProvenEmail(user);
      if (!isRecoverable && client.hidesUserExistence) {
        return { CodeDeliveryDetails: deliveryTo(simulatedAddress(pool, input.Username)) };
      }
      if (!user || !isRecoverable) throw noProvenEmail();
      if (user.status === 'FORCE_CHANGE_PASSWORD') {
        throw new CognitoFailure('NotAuthorizedException', 'User password cannot be reset in the current state.');
      }
      return sendRecoveryCode(pool, user, { clientId: client.id, clientMetadata: input.ClientMetadata });
    },
  ),

  ConfirmForgotPassword: anyone(
    z.strictObject({
      ClientId: field.clientId,
      Username: field.username,
      ConfirmationCode: field.code,
      Password: field.password,
      ClientMetadata: field.clientMetadata,
      ...unused,
    }),
    (pools, input) => {
      const { pool, client } = pools.byClientId(input.ClientId);
      const user = client.hidesUserExistence ? findUser(pool, input.Username) : requireUser(pool, input.Username);
      if (!user?.isEnabled) throw codeMismatch();
      requireCode(pool, user, 'recoveryCode', input.ConfirmationCode);
      pool.store.commit(...passwordChanges(pool, withPassword(pool, user, input.Password)));
      return {};
    },
  ),

  AdminResetUserPassword: administrator(
    z.strictObject({ UserPoolId: field.userPoolId, Username: field.username, ClientMetadata: field.clientMetadata }),
    async (pools, input) => {
      const pool = pools.byId(input.UserPoolId);
      const user = requireUser(pool, input.Username);
      if (!hasProvenEmail(user)) throw noProvenEmail();
      if (user.status === 'FORCE_CHANGE_PASSWORD') {
        throw new CognitoFailure('NotAuthorizedException', 'User password cannot be reset in the current state.');
      }
      await sendRecoveryCode(pool, { ...user, status: 'RESET_REQUIRED' }, { clientMetadata: input.ClientMetadata });
      return {};
    },
  ),
};

async function sendRecoveryCode(
  pool: UserPool,
  user: User,
  call: { readonly clientId?: string; readonly clientMetadata: ClientMetadata | undefined },
): Promise<object> {
  const holder = withNewCode(pool, user, 'recoveryCode');
  pool.store.commit(saved(pool, holder.user));
  const delivery = await sendCode(pool, {
    source: 'ForgotPassword',
    user: holder.user,
    to: user.attributes['email'] ?? '',
    code: holder.code,
    ...call,
  });
  return { CodeDeliveryDetails: delivery };
}

function hasProvenEmail(user: User): boolean {
  return user.attributes['email_verified'] === 'true';
}

function noProvenEmail(): CognitoFailure {
  const message = 'Cannot reset password for the user as there is no registered/verified email or phone_number';
  return new CognitoFailure('InvalidParameterException', message);
}

/** Where a code would have gone: the name that was given, or an address that is the same every time. */
function simulatedAddress(pool: UserPool, username: string): string {
  if (isEmail(username)) return username;
  const [local = 0, domain = 0] = derived(pool, `address:${username}`);
  return `${letter(local)}@${letter(domain)}`;
}

function letter(byte: number): string {
  return String.fromCharCode('a'.charCodeAt(0) + (byte % 26));
}
