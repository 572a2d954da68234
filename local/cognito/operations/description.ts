import * as z from 'zod';
import { CognitoFailure } from '../failure.ts';
import { administrator, field, type Operations } from '../operation.ts';
import { clientOf, type UserPool } from '../pool.ts';
import type { User } from '../records.ts';
import { describedUser } from './administration.ts';

const LIST_USERS_MAX = 60;
const FILTER = /^\s*"?([a-z_:]+)"?\s*(\^?=)\s*"((?:[^"\\]|\\.)*)"\s*$/;
const FILTERABLE =
  'username email phone_number name given_name family_name preferred_username cognito:user_status status sub'.split(
    ' ',
  );

const ListUsers = z.strictObject({
  UserPoolId: field.userPoolId,
  AttributesToGet: z.array(z.string()).optional(),
  Limit: z.int().min(0).max(LIST_USERS_MAX).default(LIST_USERS_MAX),
  PaginationToken: z.string().min(1).max(131_072).optional(),
  Filter: z.string().max(256).default(''),
});

export const descriptionOperations: Operations = {
  ListUsers: administrator(ListUsers, (pools, input) => {
    const pool = pools.byId(input.UserPoolId);
    const matching = [...pool.store.all('users').values()]
      .filter(matches(input.Filter))
      // By id: an order that no change to a user moves, so that a page's token stays good.
      .sort((left, right) => (left.sub < right.sub ? -1 : 1));
    const after = afterToken(input.PaginationToken);
    const rest = matching.filter(({ sub }) => sub > after);
    const page = rest.slice(0, input.Limit || LIST_USERS_MAX);
    const last = page.at(-1);
    const hasMore = last !== undefined && page.length < rest.length;
    return {
      Users: page.map((user) => listedUser(user, input.AttributesToGet)),
      ...(hasMore && { PaginationToken: Buffer.from(last.sub).toString('base64') }),
    };
  }),

  DescribeUserPool: administrator(z.strictObject({ UserPoolId: field.userPoolId }), (pools, input) => ({
    UserPool: describedPool(pools.byId(input.UserPoolId)),
  })),

  DescribeUserPoolClient: administrator(
    z.strictObject({ UserPoolId: field.userPoolId, ClientId: field.clientId }),
    (pools, input) => ({ UserPoolClient: describedClient(pools.byId(input.UserPoolId), input.ClientId) }),
  ),
};

function describedPool(pool: UserPool): object {
  const { declaration } = pool;
  const policy = declaration.passwordPolicy;
  return {
    Id: declaration.id,
    Name: declaration.name,
    Policies: {
      PasswordPolicy: {
        MinimumLength: policy.lengthMin,
        RequireLowercase: policy.needsLowercase,
        RequireUppercase: policy.needsUppercase,
        RequireNumbers: policy.needsDigit,
        RequireSymbols: policy.needsSymbol,
        TemporaryPasswordValidityDays: policy.temporaryValidityDays,
      },
    },
    MfaConfiguration: declaration.mfa,
    UsernameAttributes: ['email'],
    AutoVerifiedAttributes: declaration.autoVerifiesEmail ? ['email'] : [],
    UserAttributeUpdateSettings: {
      AttributesRequireVerificationBeforeUpdate: declaration.verifiesEmailBeforeUpdate ? ['email'] : [],
    },
    UsernameConfiguration: { CaseSensitive: declaration.isUsernameCaseSensitive },
    AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
    EstimatedNumberOfUsers: pool.store.all('users').size,
    CreationDate: pool.secrets.createdAtEpochMilliseconds / 1000,
  };
}

function describedClient(pool: UserPool, clientId: string): object {
  const client = clientOf(pool, clientId);
  return {
    UserPoolId: pool.declaration.id,
    ClientId: client.id,
    ClientName: client.name,
    ExplicitAuthFlows: client.flows,
    AccessTokenValidity: client.accessTokenSeconds,
    IdTokenValidity: client.idTokenSeconds,
    RefreshTokenValidity: client.refreshTokenSeconds,
    TokenValidityUnits: { AccessToken: 'seconds', IdToken: 'seconds', RefreshToken: 'seconds' },
    PreventUserExistenceErrors: client.hidesUserExistence ? 'ENABLED' : 'LEGACY',
    EnableTokenRevocation: client.revokesTokens,
    ReadAttributes: client.readable,
    WriteAttributes: client.writable,
  };
}

function listedUser(user: User, wanted: readonly string[] | undefined): object {
  const { UserAttributes, ...described } = describedUser(user);
  const isWanted = ({ Name }: { Name: string }): boolean => !wanted || wanted.includes(Name);
  return { ...described, Attributes: UserAttributes.filter(isWanted) };
}

/** Reads `attribute = "value"` or `attribute ^= "prefix"`; throws InvalidParameterException. */
function matches(filter: string): (user: User) => boolean {
  if (filter.trim() === '') return () => true;
  const [, name = '', operator, quoted = ''] = FILTER.exec(filter) ?? [];
  if (!FILTERABLE.includes(name)) throw new CognitoFailure('InvalidParameterException', 'Error while parsing filter.');
  const value = quoted.replace(/\\(.)/g, '$1');
  return (user) => {
    const actual = filteredValue(user, name);
    return operator === '=' ? actual === value : (actual?.startsWith(value) ?? false);
  };
}

function filteredValue(user: User, name: string): string | undefined {
  if (name === 'sub' || name === 'username') return user.sub;
  if (name === 'cognito:user_status') return user.status;
  if (name === 'status') return user.isEnabled ? 'Enabled' : 'Disabled';
  return user.attributes[name];
}

function afterToken(token: string | undefined): string {
  if (token === undefined) return '';
  const sub = Buffer.from(token, 'base64').toString();
  if (/^[0-9a-f-]{36}$/.test(sub)) return sub;
  throw new CognitoFailure('InvalidParameterException', 'Invalid pagination token');
}
