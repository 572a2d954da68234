import * as z from 'zod';
import { requireWritable, withAttributes, withProvenEmail } from '../attributes.ts';
import { requireCode, withNewCode } from '../codes.ts';
import { CognitoFailure, wrongNameOrPassword } from '../failure.ts';
import { signedIn } from '../grants.ts';
import { sendCode } from '../messages.ts';
import { anyone, field, type Operations } from '../operation.ts';
import { isLockedOut } from '../passwords.ts';
import {
  attributeList,
  countFailure,
  deleteUser,
  hasPassword,
  passwordChanges,
  readableBy,
  saved,
  withPassword,
} from '../users.ts';
import { mfaSettings } from './mfa.ts';

const AccessToken = field.accessToken;

export const ownAccountOperations: Operations = {
  GetUser: anyone(z.strictObject({ AccessToken }), (pools, input) => {
    const { client, user } = signedIn(pools, input.AccessToken);
    return { Username: user.sub, UserAttributes: attributeList(user, readableBy(client)), ...mfaSettings(user) };
  }),

  UpdateUserAttributes: anyone(
    z.strictObject({ AccessToken, UserAttributes: field.attributes, ClientMetadata: field.clientMetadata }),
    async (pools, input) => {
      const { pool, client, user } = signedIn(pools, input.AccessToken);
      requireWritable(client.writable, input.UserAttributes);
      const changed = withAttributes(pool, user, input.UserAttributes);
      pool.store.commit(saved(pool, changed.user));
      if (!changed.codeToSend) return { CodeDeliveryDetailsList: [] };
      const delivery = await sendCode(pool, {
        source: 'UpdateUserAttribute',
        user: changed.user,
        ...changed.codeToSend,
        clientId: client.id,
        clientMetadata: input.ClientMetadata,
      });
      return { CodeDeliveryDetailsList: [delivery] };
    },
  ),

  GetUserAttributeVerificationCode: anyone(
    z.strictObject({ AccessToken, AttributeName: z.literal('email'), ClientMetadata: field.clientMetadata }),
    async (pools, input) => {
      const { pool, client, user } = signedIn(pools, input.AccessToken);
      const holder = withNewCode(pool, user, 'emailCode');
      pool.store.commit(saved(pool, holder.user));
      const delivery = await sendCode(pool, {
        source: 'VerifyUserAttribute',
        user: holder.user,
        to: user.pendingEmail ?? user.attributes['email'] ?? '',
        code: holder.code,
        clientId: client.id,
        clientMetadata: input.ClientMetadata,
      });
      return { CodeDeliveryDetails: delivery };
    },
  ),

  VerifyUserAttribute: anyone(
    z.strictObject({ AccessToken, AttributeName: z.literal('email'), Code: field.code }),
    (pools, input) => {
      const { pool, user } = signedIn(pools, input.AccessToken);
      requireCode(pool, user, 'emailCode', input.Code);
      pool.store.commit(saved(pool, withProvenEmail(pool, user)));
      return {};
    },
  ),

  ChangePassword: anyone(
    z.strictObject({
      AccessToken,
      PreviousPassword: field.password,
      ProposedPassword: field.password,
      // Not in the API reference, but sent by amazon-cognito-identity-js.
      ClientMetadata: field.clientMetadata,
    }),
    (pools, input) => {
      const { pool, user } = signedIn(pools, input.AccessToken);
      if (isLockedOut(user.lockout, pool.clock.now())) throw wrongNameOrPassword();
      if (!hasPassword(pool, user, input.PreviousPassword)) {
        countFailure(pool, user);
        throw wrongNameOrPassword();
      }
      pool.store.commit(...passwordChanges(pool, withPassword(pool, user, input.ProposedPassword)));
      return {};
    },
  ),

  DeleteUser: anyone(z.strictObject({ AccessToken, ClientMetadata: field.clientMetadata }), (pools, input) => {
    const { pool, user } = signedIn(pools, input.AccessToken);
    deleteUser(pool, user);
    return {};
  }),

  // Pools with self sign-up are refused when their declaration is read.
  SignUp: anyone(z.looseObject({ ClientId: field.clientId }), (pools, input) => {
    pools.byClientId(input.ClientId);
    throw new CognitoFailure('NotAuthorizedException', 'SignUp is not permitted for this user pool');
  }),
};
