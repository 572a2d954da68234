import * as z from 'zod';
import { requireSchema, requireWritable } from '../attributes.ts';
import { countWrongTry, spent } from '../challenges.ts';
import { codeMismatch } from '../codes.ts';
import { CognitoFailure, invalidSession } from '../failure.ts';
import { endGrants, refreshed, revokeRefreshToken, signedIn } from '../grants.ts';
import { administrator, anyone, field, type Operations, unused } from '../operation.ts';
import { isLockedOut } from '../passwords.ts';
import { clientOf, type PoolClient } from '../pool.ts';
import type { User } from '../records.ts';
import {
  answeredChallenge,
  challengedUser,
  completeSignIn,
  continueSignIn,
  finishSrp,
  missing,
  missingAttributes,
  plainPassword,
  startSrp,
} from '../sign-in.ts';
import { totpDecision } from '../totp.ts';
import { afterAuthentication, beforeAuthentication } from '../triggers.ts';
import { countFailure, passwordChanges, withPassword } from '../users.ts';

const ATTRIBUTE_PREFIX = 'userAttributes.';

const Flow = z.string().min(1);
const InitiateAuth = z.strictObject({
  AuthFlow: Flow,
  AuthParameters: field.strings.default({}),
  ClientId: field.clientId,
  ClientMetadata: field.clientMetadata,
  Session: field.session.optional(),
  ...unused,
});
const RespondToAuthChallenge = z.strictObject({
  ChallengeName: z.string(),
  ChallengeResponses: field.strings.default({}),
  ClientId: field.clientId,
  ClientMetadata: field.clientMetadata,
  Session: field.session.optional(),
  ...unused,
});

type Caller = 'anyone' | 'administrator';
type Flows = Readonly<
  Record<string, { allowedBy: string; start: (at: PoolClient, parameters: Record<string, string>) => object }>
>;

const refresh = {
  allowedBy: 'ALLOW_REFRESH_TOKEN_AUTH',
  start: (at: PoolClient, parameters: Record<string, string>): object => {
    const token = parameters['REFRESH_TOKEN'];
    if (!token) throw missing('REFRESH_TOKEN');
    return { AuthenticationResult: refreshed(at, token), ChallengeParameters: {} };
  },
};
const shared: Flows = {
  USER_SRP_AUTH: { allowedBy: 'ALLOW_USER_SRP_AUTH', start: startSrp },
  REFRESH_TOKEN_AUTH: refresh,
  REFRESH_TOKEN: refresh,
};
const flows: Readonly<Record<Caller, Flows>> = {
  anyone: { ...shared, USER_PASSWORD_AUTH: { allowedBy: 'ALLOW_USER_PASSWORD_AUTH', start: plainPassword } },
  administrator: {
    ...shared,
    ADMIN_USER_PASSWORD_AUTH: { allowedBy: 'ALLOW_ADMIN_USER_PASSWORD_AUTH', start: plainPassword },
  },
};

export const signInOperations: Operations = {
  InitiateAuth: anyone(InitiateAuth, (pools, input) => initiate(pools.byClientId(input.ClientId), 'anyone', input)),
  AdminInitiateAuth: administrator(InitiateAuth.extend({ UserPoolId: field.userPoolId }), (pools, input) => {
    const pool = pools.byId(input.UserPoolId);
    return initiate({ pool, client: clientOf(pool, input.ClientId) }, 'administrator', input);
  }),

  RespondToAuthChallenge: anyone(RespondToAuthChallenge, (pools, input) =>
    respond(pools.byClientId(input.ClientId), input),
  ),
  AdminRespondToAuthChallenge: administrator(
    RespondToAuthChallenge.extend({ UserPoolId: field.userPoolId }),
    (pools, input) => {
      const pool = pools.byId(input.UserPoolId);
      return respond({ pool, client: clientOf(pool, input.ClientId) }, input);
    },
  ),

  GlobalSignOut: anyone(z.strictObject({ AccessToken: field.accessToken }), (pools, input) => {
    const { pool, user } = signedIn(pools, input.AccessToken);
    pool.store.commit(...endGrants(pool, user.sub, 'revoked'));
    return {};
  }),

  RevokeToken: anyone(
    z.strictObject({ Token: field.accessToken, ClientId: field.clientId }),
    (pools, { Token, ClientId }) => {
      revokeRefreshToken(pools.byClientId(ClientId), Token);
      return {};
    },
  ),
};

async function initiate(at: PoolClient, caller: Caller, input: z.output<typeof InitiateAuth>): Promise<object> {
  const flow = flows[caller][input.AuthFlow];
  if (!flow || !at.client.flows.includes(flow.allowedBy)) {
    throw new CognitoFailure('InvalidParameterException', `${input.AuthFlow} is not enabled for the client.`);
  }
  requireNoSecretHash(at, input.AuthParameters);
  if (flow === refresh) return flow.start(at, input.AuthParameters);
  await beforeAuthentication(at, input.AuthParameters['USERNAME'], input.ClientMetadata);
  return afterAuthentication(at, flow.start(at, input.AuthParameters));
}

async function respond(at: PoolClient, input: z.output<typeof RespondToAuthChallenge>): Promise<object> {
  requireNoSecretHash(at, input.ChallengeResponses);
  return afterAuthentication(at, answered(at, input), input.ClientMetadata);
}

function answered(at: PoolClient, input: z.output<typeof RespondToAuthChallenge>): object {
  switch (input.ChallengeName) {
    case 'PASSWORD_VERIFIER':
      return finishSrp(at, input.ChallengeResponses);
    case 'NEW_PASSWORD_REQUIRED':
      return setNewPassword(at, input.Session, input.ChallengeResponses);
    case 'SOFTWARE_TOKEN_MFA':
      return checkSoftwareToken(at, input.Session, input.ChallengeResponses);
    case 'MFA_SETUP':
      return finishMfaSetup(at, input.Session, input.ChallengeResponses);
    default:
      throw new CognitoFailure('InvalidParameterException', `Challenge ${input.ChallengeName} is not supported.`);
  }
}

function setNewPassword(at: PoolClient, session: string | undefined, answers: Record<string, string>): object {
  const found = answeredChallenge(at, 'NEW_PASSWORD_REQUIRED', session, answers);
  const password = answers['NEW_PASSWORD'];
  if (!password) throw missing('NEW_PASSWORD');
  const attributes = Object.entries(answers)
    .filter(([name]) => name.startsWith(ATTRIBUTE_PREFIX))
    .map(([name, Value]) => ({ Name: name.slice(ATTRIBUTE_PREFIX.length), Value }));
  const user = challengedUser(at.pool, found);
  requireWritable(at.client.writable, attributes);
  requireSchema(at.pool, user, attributes);
  if (attributes.some(({ Name }) => Name === 'email')) {
    throw new CognitoFailure('NotAuthorizedException', 'Cannot modify an already provided email');
  }
  const given = Object.fromEntries(attributes.map(({ Name, Value }) => [Name, Value]));
  const changed: User = {
    ...withPassword(at.pool, user, password),
    lockout: user.lockout,
    attributes: { ...user.attributes, ...given },
    modifiedAtEpochMilliseconds: at.pool.clock.now(),
  };
  const [lacking] = missingAttributes(at.pool, changed);
  if (lacking) {
    throw new CognitoFailure('InvalidParameterException', `Missing required attribute userAttributes.${lacking}`);
  }
  return continueSignIn(at, changed, passwordChanges(at.pool, changed));
}

function checkSoftwareToken(at: PoolClient, session: string | undefined, answers: Record<string, string>): object {
  const found = answeredChallenge(at, 'SOFTWARE_TOKEN_MFA', session, answers);
  const code = answers['SOFTWARE_TOKEN_MFA_CODE'];
  if (!code) throw missing('SOFTWARE_TOKEN_MFA_CODE');
  const user = challengedUser(at.pool, found);
  if (!user.softwareToken || isLockedOut(user.lockout, at.pool.clock.now())) throw codeMismatch();
  // A code is a fact about real time, however far the clock has been moved.
  const decision = totpDecision(user.softwareToken, code, Date.now());
  if (decision === 'replayed') {
    throw new CognitoFailure('ExpiredCodeException', 'Your software token has already been used once.');
  }
  if (decision === 'mismatch') {
    countWrongTry(at.pool, found);
    countFailure(at.pool, user);
    throw new CognitoFailure('CodeMismatchException', 'Invalid code received for user');
  }
  const softwareToken = { ...user.softwareToken, lastStep: decision.step };
  return completeSignIn(at, { ...user, softwareToken }, [spent(found)]);
}

function finishMfaSetup(at: PoolClient, session: string | undefined, answers: Record<string, string>): object {
  const found = answeredChallenge(at, 'MFA_SETUP', session, answers);
  const user = challengedUser(at.pool, found);
  if (!found.challenge.isTokenVerified || !user.softwareToken) throw invalidSession();
  const mfa = { isOn: true, isPreferred: true };
  return completeSignIn(at, { ...user, mfa, modifiedAtEpochMilliseconds: at.pool.clock.now() }, [spent(found)]);
}

function requireNoSecretHash({ client }: PoolClient, parameters: Record<string, string>): void {
  if (parameters['SECRET_HASH'] === undefined) return;
  const message = `Client ${client.id} is not configured for secret but secret was received`;
  throw new CognitoFailure('NotAuthorizedException', message);
}
