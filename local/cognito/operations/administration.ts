import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { requireSchema, withAttributes } from '../attributes.ts';
import { CognitoFailure } from '../failure.ts';
import { endGrants } from '../grants.ts';
import { type ClientMetadata, sendCode } from '../messages.ts';
import { administrator, field, type Operations } from '../operation.ts';
import { notLockedOut, temporaryPassword } from '../passwords.ts';
import type { UserPool } from '../pool.ts';
import type { User } from '../records.ts';
import {
  type AttributeValue,
  attributeList,
  deleteUser,
  findUser,
  isEmail,
  passwordChanges,
  requireUser,
  saved,
  withPassword,
  withTemporaryPassword,
} from '../users.ts';
import { mfaSettings } from './mfa.ts';

const Who = { UserPoolId: field.userPoolId, Username: field.username };
const AdminCreateUser = z.strictObject({
  ...Who,
  UserAttributes: field.attributes.default([]),
  ValidationData: field.attributes.optional(),
  TemporaryPassword: field.password.optional(),
  ForceAliasCreation: z.boolean().optional(),
  MessageAction: z.enum(['RESEND', 'SUPPRESS']).optional(),
  DesiredDeliveryMediums: z.array(z.enum(['SMS', 'EMAIL'])).default(['SMS']),
  ClientMetadata: field.clientMetadata,
});

export const administrationOperations: Operations = {
  AdminCreateUser: administrator(AdminCreateUser, async (pools, input) => {
    const pool = pools.byId(input.UserPoolId);
    const isMailed = input.MessageAction !== 'SUPPRESS';
    if (isMailed && !input.DesiredDeliveryMediums.includes('EMAIL')) {
      // The API's default is SMS, which no pool here can send.
      throw new CognitoFailure('InvalidParameterException', 'DesiredDeliveryMediums must include EMAIL.');
    }
    const password = input.TemporaryPassword ?? temporaryPassword(pool.declaration.passwordPolicy);
    const invited = input.MessageAction === 'RESEND' ? uninvited(pool, input.Username) : newUser(pool, input);
    const user = withTemporaryPassword(pool, invited, password);
    pool.store.commit(...passwordChanges(pool, user));
    if (isMailed) await sendInvitation(pool, user, password, input.ClientMetadata);
    const { UserAttributes, ...described } = describedUser(user);
    return { User: { ...described, Attributes: UserAttributes } };
  }),

  AdminGetUser: administrator(z.strictObject(Who), (pools, input) => {
    const user = requireUser(pools.byId(input.UserPoolId), input.Username);
    return { ...describedUser(user), ...mfaSettings(user) };
  }),

  AdminDeleteUser: administrator(z.strictObject(Who), (pools, input) => {
    const pool = pools.byId(input.UserPoolId);
    deleteUser(pool, requireUser(pool, input.Username));
    return {};
  }),

  AdminDisableUser: administrator(z.strictObject(Who), (pools, input) => {
    const pool = pools.byId(input.UserPoolId);
    const user: User = { ...requireUser(pool, input.Username), isEnabled: false };
    // Disabling ends what the user holds (API reference): enabling again does not bring it back.
    pool.store.commit(saved(pool, user), ...endGrants(pool, user.sub, 'revoked'));
    return {};
  }),

  AdminEnableUser: administrator(z.strictObject(Who), (pools, input) => {
    const pool = pools.byId(input.UserPoolId);
    pool.store.commit(saved(pool, { ...requireUser(pool, input.Username), isEnabled: true }));
    return {};
  }),

  AdminUpdateUserAttributes: administrator(
    z.strictObject({ ...Who, UserAttributes: field.attributes, ClientMetadata: field.clientMetadata }),
    async (pools, input) => {
      const pool = pools.byId(input.UserPoolId);
      const changed = withAttributes(pool, requireUser(pool, input.Username), input.UserAttributes);
      pool.store.commit(saved(pool, changed.user));
      if (!changed.codeToSend) return {};
      await sendCode(pool, {
        source: 'UpdateUserAttribute',
        user: changed.user,
        ...changed.codeToSend,
        clientMetadata: input.ClientMetadata,
      });
      return {};
    },
  ),

  AdminSetUserPassword: administrator(
    z.strictObject({ ...Who, Password: field.password, Permanent: z.boolean().default(false) }),
    (pools, input) => {
      const pool = pools.byId(input.UserPoolId);
      const set = input.Permanent ? withPassword : withTemporaryPassword;
      pool.store.commit(...passwordChanges(pool, set(pool, requireUser(pool, input.Username), input.Password)));
      return {};
    },
  ),

  AdminUserGlobalSignOut: administrator(z.strictObject(Who), (pools, input) => {
    const pool = pools.byId(input.UserPoolId);
    pool.store.commit(...endGrants(pool, requireUser(pool, input.Username).sub, 'revoked'));
    return {};
  }),
};

interface DescribedUser {
  readonly Username: string;
  readonly UserAttributes: readonly AttributeValue[];
  readonly UserCreateDate: number;
  readonly UserLastModifiedDate: number;
  readonly Enabled: boolean;
  readonly UserStatus: User['status'];
}

/** A user as AdminGetUser shows it; times in seconds, as AWS JSON has them. */
export function describedUser(user: User): DescribedUser {
  return {
    Username: user.sub,
    UserAttributes: attributeList(user),
    UserCreateDate: user.createdAtEpochMilliseconds / 1000,
    UserLastModifiedDate: user.modifiedAtEpochMilliseconds / 1000,
    Enabled: user.isEnabled,
    UserStatus: user.status,
  };
}

function newUser(pool: UserPool, input: z.output<typeof AdminCreateUser>): Omit<User, 'password'> {
  if (!isEmail(input.Username)) {
    throw new CognitoFailure('InvalidParameterException', 'Username should be an email.');
  }
  if (findUser(pool, input.Username)) {
    throw new CognitoFailure('UsernameExistsException', 'User account already exists');
  }
  requireSchema(pool, undefined, input.UserAttributes);
  const attributes = Object.fromEntries(input.UserAttributes.map(({ Name, Value }) => [Name, Value]));
  if ((attributes['email'] ?? input.Username) !== input.Username) {
    throw new CognitoFailure('InvalidParameterException', 'The email attribute must be the username.');
  }
  return {
    sub: randomUUID(),
    attributes: { email_verified: 'false', ...attributes, email: input.Username },
    status: 'FORCE_CHANGE_PASSWORD',
    isEnabled: true,
    temporaryPasswordExpiresAtEpochMilliseconds: null,
    lockout: notLockedOut,
    softwareToken: null,
    pendingSecret: null,
    mfa: { isOn: false, isPreferred: false },
    recoveryCode: null,
    emailCode: null,
    pendingEmail: null,
    createdAtEpochMilliseconds: pool.clock.now(),
    modifiedAtEpochMilliseconds: pool.clock.now(),
  };
}

/** Who may be invited again; throws UserNotFoundException or UnsupportedUserStateException. */
function uninvited(pool: UserPool, username: string): User {
  const user = requireUser(pool, username);
  if (user.status === 'FORCE_CHANGE_PASSWORD') return user;
  const message = `Resend not possible. ${user.attributes['email']} status is not FORCE_CHANGE_PASSWORD`;
  throw new CognitoFailure('UnsupportedUserStateException', message);
}

async function sendInvitation(
  pool: UserPool,
  user: User,
  password: string,
  clientMetadata: ClientMetadata | undefined,
): Promise<void> {
  await sendCode(pool, {
    source: 'AdminCreateUser',
    user,
    to: user.attributes['email'] ?? '',
    code: password,
    clientMetadata,
  });
}
