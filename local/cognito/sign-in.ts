import { hkdfSync } from 'node:crypto';
import { type FoundChallenge, findChallenge, openChallenge, spent } from './challenges.ts';
import type { UserPoolDeclaration } from './declaration.ts';
import { CognitoFailure, invalidSession, wrongNameOrPassword } from './failure.ts';
import { newGrant } from './grants.ts';
import { isLockedOut, notLockedOut } from './passwords.ts';
import { derived, type PoolClient, type UserPool } from './pool.ts';
import type { Challenge, User } from './records.ts';
import {
  answerPublicValue,
  isFreshTimestamp,
  isPassword,
  isPublicValue,
  type PasswordVerifier,
  provesPassword,
  srpTimestampMilliseconds,
} from './srp.ts';
import type { Change } from './store.ts';
import { countFailure, findUser, passwordOwner } from './users.ts';

const VERIFIER_BYTES = 383;
const SALT_BYTES = 16;

type Answers = Readonly<Record<string, string>>;

/** Opens USER_SRP_AUTH: SRP_A is answered by salt, SRP_B and SECRET_BLOCK, for a user that exists or not. */
export function startSrp({ pool, client }: PoolClient, parameters: Answers): object {
  const A = parameters['SRP_A'];
  if (!A) throw missing('SRP_A');
  if (!isPublicValue(A)) throw new CognitoFailure('InvalidParameterException', 'Invalid SRP_A.');
  const { sub, password } = subjectOf({ pool, client }, parameters);
  const srp = answerPublicValue(A, password.verifier);
  const { token, changes } = openChallenge(pool, { name: 'PASSWORD_VERIFIER', sub, clientId: client.id, srp });
  pool.store.commit(...changes);
  return {
    ChallengeName: 'PASSWORD_VERIFIER',
    ChallengeParameters: {
      SALT: password.salt,
      SECRET_BLOCK: token,
      SRP_B: srp.B,
      USERNAME: sub,
      USER_ID_FOR_SRP: sub,
    },
  };
}

/** Checks PASSWORD_VERIFIER; a SECRET_BLOCK serves one answer, right or wrong. */
export function finishSrp({ pool, client }: PoolClient, answers: Answers): object {
  const secretBlock = answers['PASSWORD_CLAIM_SECRET_BLOCK'];
  const signature = answers['PASSWORD_CLAIM_SIGNATURE'];
  const timestamp = answers['TIMESTAMP'];
  if (!secretBlock) throw missing('PASSWORD_CLAIM_SECRET_BLOCK');
  if (!signature) throw missing('PASSWORD_CLAIM_SIGNATURE');
  if (!timestamp) throw missing('TIMESTAMP');
  const claimedAt = srpTimestampMilliseconds(timestamp);
  if (claimedAt === undefined) {
    const message = 'TIMESTAMP format should be EEE MMM d HH:mm:ss z yyyy in english.';
    throw new CognitoFailure('InvalidParameterException', message);
  }
  const found = answeredChallenge({ pool, client }, 'PASSWORD_VERIFIER', secretBlock, answers);
  const { sub, srp } = found.challenge;
  if (!srp) throw invalidSession();
  pool.store.commit(spent(found));
  // The claim carries the time of the client's machine, which may or may not follow the movable clock.
  if (!isFreshTimestamp(claimedAt, [Date.now(), pool.clock.now()])) throw wrongNameOrPassword();
  const isProven = provesPassword(srp, { owner: passwordOwner(pool, sub), secretBlock, timestamp, signature });
  return afterPassword({ pool, client }, pool.store.all('users').get(sub), isProven);
}

/** USER_PASSWORD_AUTH and its administrators' twin. */
export function plainPassword({ pool, client }: PoolClient, parameters: Answers): object {
  const password = parameters['PASSWORD'];
  if (!password) throw missing('PASSWORD');
  const subject = subjectOf({ pool, client }, parameters);
  const isProven = isPassword(passwordOwner(pool, subject.sub), password, subject.password);
  return afterPassword({ pool, client }, pool.store.all('users').get(subject.sub), isProven);
}

/** The challenge that these answers respond to: of this client, and of the user they name. */
export function answeredChallenge(
  { pool, client }: PoolClient,
  name: Challenge['name'],
  session: string | undefined,
  answers: Answers,
): FoundChallenge {
  const username = answers['USERNAME'];
  if (!username) throw missing('USERNAME');
  const found = findChallenge(pool, session, name);
  const { clientId, sub } = found.challenge;
  const isSameUser = username === sub || findUser(pool, username)?.sub === sub || ghostSub(pool, username) === sub;
  if (clientId !== client.id || !isSameUser) throw invalidSession();
  return found;
}

/** The user behind a challenge; throws NotAuthorizedException if deleted or disabled meanwhile. */
export function challengedUser(pool: UserPool, { challenge }: FoundChallenge): User {
  const user = pool.store.all('users').get(challenge.sub);
  if (!user?.isEnabled) throw invalidSession();
  return user;
}

/** Goes on after a password was settled: the second factor where one is due, otherwise the tokens. */
export function continueSignIn({ pool, client }: PoolClient, user: User, changes: readonly Change[]): object {
  const name = secondFactor(pool.declaration.mfa, user);
  if (name === 'none') return completeSignIn({ pool, client }, user, changes);
  const opened = openChallenge(pool, { name, sub: user.sub, clientId: client.id });
  pool.store.commit(...changes, ...opened.changes);
  const setup = name === 'MFA_SETUP' ? { MFAS_CAN_SETUP: '["SOFTWARE_TOKEN_MFA"]' } : {};
  return {
    ChallengeName: name,
    ChallengeParameters: { ...setup, USER_ID_FOR_SRP: user.sub },
    Session: opened.token,
  };
}

/** Ends a sign-in with tokens; only now are earlier failures forgotten. */
export function completeSignIn({ pool, client }: PoolClient, user: User, changes: readonly Change[]): object {
  const grant = newGrant(pool, client, user);
  const signedIn: Change = { collection: 'users', key: user.sub, value: { ...user, lockout: notLockedOut } };
  pool.store.commit(...changes, signedIn, ...grant.changes);
  return { AuthenticationResult: grant.result, ChallengeParameters: {} };
}

export function missing(name: string): CognitoFailure {
  return new CognitoFailure('InvalidParameterException', `Missing required parameter ${name}`);
}

/** Which second factor a sign-in needs. A pool that requires MFA takes any proven token, switched on or not. */
function secondFactor(
  mfa: UserPoolDeclaration['mfa'],
  user: Pick<User, 'softwareToken' | 'mfa'>,
): 'none' | 'SOFTWARE_TOKEN_MFA' | 'MFA_SETUP' {
  if (mfa === 'OFF') return 'none';
  if (mfa === 'ON') return user.softwareToken ? 'SOFTWARE_TOKEN_MFA' : 'MFA_SETUP';
  return user.softwareToken && user.mfa.isOn ? 'SOFTWARE_TOKEN_MFA' : 'none';
}

function afterPassword({ pool, client }: PoolClient, user: User | undefined, isProven: boolean): object {
  if (!user || isLockedOut(user.lockout, pool.clock.now())) throw wrongNameOrPassword();
  if (!isProven) {
    countFailure(pool, user);
    throw wrongNameOrPassword();
  }
  if (!user.isEnabled) throw new CognitoFailure('NotAuthorizedException', 'User is disabled.');
  if (user.status === 'RESET_REQUIRED') {
    throw new CognitoFailure('PasswordResetRequiredException', 'Password reset required for the user');
  }
  if (user.status === 'CONFIRMED') return continueSignIn({ pool, client }, user, []);
  return askForNewPassword({ pool, client }, user);
}

function askForNewPassword({ pool, client }: PoolClient, user: User): object {
  if ((user.temporaryPasswordExpiresAtEpochMilliseconds ?? 0) <= pool.clock.now()) {
    const message = 'Temporary password has expired and must be reset by an administrator.';
    throw new CognitoFailure('NotAuthorizedException', message);
  }
  const opened = openChallenge(pool, { name: 'NEW_PASSWORD_REQUIRED', sub: user.sub, clientId: client.id });
  pool.store.commit(...opened.changes);
  return {
    ChallengeName: 'NEW_PASSWORD_REQUIRED',
    ChallengeParameters: {
      USER_ID_FOR_SRP: user.sub,
      requiredAttributes: JSON.stringify(missingAttributes(pool, user).map((name) => `userAttributes.${name}`)),
      userAttributes: JSON.stringify(user.attributes),
    },
    Session: opened.token,
  };
}

/** Attributes that the schema requires and that the user does not have. */
export function missingAttributes(pool: UserPool, user: User): string[] {
  const required = [...pool.declaration.attributes].filter(([, rule]) => rule.isRequired);
  return required.map(([name]) => name).filter((name) => !user.attributes[name]);
}

/** Whom a password is about; a made-up subject, always the same for the same name, where there is nobody. */
function subjectOf(
  { pool, client }: PoolClient,
  parameters: Answers,
): { readonly sub: string; readonly password: PasswordVerifier } {
  const username = parameters['USERNAME'];
  if (!username) throw missing('USERNAME');
  const user = findUser(pool, username);
  if (user) return user;
  if (!client.hidesUserExistence) throw new CognitoFailure('UserNotFoundException', 'User does not exist.');
  const seed = derived(pool, `ghost:${username}`);
  return {
    sub: ghostSub(pool, username),
    password: {
      salt: derived(pool, `salt:${username}`).subarray(0, SALT_BYTES).toString('hex'),
      verifier: Buffer.from(hkdfSync('sha256', seed, '', 'verifier', VERIFIER_BYTES)).toString('hex'),
    },
  };
}

/** A version 4 UUID, as real users' ids are. */
function ghostSub(pool: UserPool, username: string): string {
  const hex = derived(pool, `sub:${username}`).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
