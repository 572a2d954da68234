import { CognitoFailure } from './failure.ts';
import { type AuthenticationResult, grantOfRefreshToken } from './grants.ts';
import type { ClientMetadata } from './messages.ts';
import type { PoolClient, UserPool } from './pool.ts';
import type { User } from './records.ts';
import { attributeList, findUser } from './users.ts';

/** In all, for one that does not answer within its five seconds (developer guide, "Customizing workflows with triggers"). */
const TRIES_MAX = 3;
const NO_CLIENT = 'CLIENT_ID_NOT_APPLICABLE';

export type TriggerName = 'CustomMessage' | 'PreAuthentication' | 'PostAuthentication';

/**
 * Calls the pool's function for a trigger and answers its result; undefined where the pool names none. Throws
 * UserLambdaValidationException with the function's own words.
 */
export async function callTrigger(pool: UserPool, name: TriggerName, event: object): Promise<unknown> {
  const functionName = pool.declaration.triggers[name];
  if (!functionName || !pool.invokeTrigger) return undefined;
  for (let tried = 1; ; tried += 1) {
    try {
      return await pool.invokeTrigger(functionName, event);
    } catch (error) {
      if (error instanceof TriggerTimeout && tried < TRIES_MAX) continue;
      const reason = error instanceof Error ? error.message : String(error);
      throw new CognitoFailure('UserLambdaValidationException', `${name} failed with error ${reason}.`);
    }
  }
}

/** The function has not answered in time: unlike one that throws, it is called again. */
export class TriggerTimeout extends Error {
  override readonly name = 'TriggerTimeout';
}

/** What every event of a trigger has (developer guide, "User pool Lambda trigger event"). */
export function commonParameters(pool: UserPool, userName: string, triggerSource: string, clientId = NO_CLIENT) {
  return {
    version: '1',
    region: pool.region,
    userPoolId: pool.declaration.id,
    userName,
    callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId },
    triggerSource,
  };
}

export function userAttributesOf(user: User): Readonly<Record<string, string>> {
  const attributes = attributeList(user).map(({ Name, Value }) => [Name, Value]);
  return { ...Object.fromEntries(attributes), 'cognito:user_status': user.status };
}

/**
 * Before a password is looked at, right or wrong: at InitiateAuth, also of SRP. Of somebody who does not exist only where
 * the client hides that (developer guide, "Pre authentication Lambda trigger"). What it throws ends the sign-in.
 */
export async function beforeAuthentication(
  { pool, client }: PoolClient,
  username: string | undefined,
  validationData: ClientMetadata | undefined,
): Promise<void> {
  if (username === undefined) return;
  const user = findUser(pool, username);
  if (!user && !client.hidesUserExistence) return;
  await callTrigger(pool, 'PreAuthentication', {
    ...commonParameters(pool, user?.sub ?? username, 'PreAuthentication_Authentication', client.id),
    request: {
      userAttributes: user ? userAttributesOf(user) : {},
      validationData: validationData ?? null,
      ...(client.hidesUserExistence && { userNotFound: !user }),
    },
    response: {},
  });
}

/** After the last factor was right and before the tokens leave; what it throws keeps them back. Refreshing is no sign-in. */
export async function afterAuthentication(
  { pool, client }: PoolClient,
  answer: object,
  clientMetadata?: ClientMetadata,
): Promise<object> {
  const { AuthenticationResult: result } = answer as { readonly AuthenticationResult?: AuthenticationResult };
  const grant = result?.RefreshToken && grantOfRefreshToken(pool, result.RefreshToken);
  const user = grant && pool.store.all('users').get(grant.sub);
  if (!user) return answer;
  try {
    await callTrigger(pool, 'PostAuthentication', {
      ...commonParameters(pool, user.sub, 'PostAuthentication_Authentication', client.id),
      request: {
        userAttributes: userAttributesOf(user),
        newDeviceUsed: false,
        ...(clientMetadata && { clientMetadata }),
      },
      response: {},
    });
  } catch (error) {
    pool.store.commit({ collection: 'grants', key: grant.originJti, value: { ...grant, state: 'revoked' } });
    throw error;
  }
  return answer;
}
