import { closeChallenges } from './challenges.ts';
import type { UserPoolClientDeclaration } from './declaration.ts';
import { CognitoFailure } from './failure.ts';
import { endGrants } from './grants.ts';
import { lockoutAfterFailure, notLockedOut, requirePolicy } from './passwords.ts';
import type { UserPool } from './pool.ts';
import type { User } from './records.ts';
import { isPassword, type PasswordOwner, passwordVerifier } from './srp.ts';
import type { Change } from './store.ts';

const DAY_MILLISECONDS = 86_400_000;
const USERNAME_CHARACTERS_MAX = 128;

export interface AttributeValue {
  readonly Name: string;
  readonly Value: string;
}

/** A user by the e-mail address or by the user's own id (`sub`). */
export function findUser(pool: UserPool, username: string): User | undefined {
  return pool.store.all('users').get(username) ?? userWithEmail(pool, username);
}

/** Throws UserNotFoundException. */
export function requireUser(pool: UserPool, username: string): User {
  const user = findUser(pool, username);
  if (!user) throw new CognitoFailure('UserNotFoundException', 'User does not exist.');
  return user;
}

/** Throws AliasExistsException if somebody else has this address. */
export function requireFreeEmail(pool: UserPool, email: string, sub: string): void {
  const holder = userWithEmail(pool, email);
  if (!holder || holder.sub === sub) return;
  throw new CognitoFailure('AliasExistsException', 'An account with the email already exists.');
}

export function isEmail(text: string): boolean {
  return text.length <= USERNAME_CHARACTERS_MAX && /^[^\s@<>"]+@[^\s@<>".]+(\.[^\s@<>".]+)+$/.test(text);
}

/** The change that stores a user as of now. */
export function saved(pool: UserPool, user: User): Change {
  return { collection: 'users', key: user.sub, value: { ...user, modifiedAtEpochMilliseconds: pool.clock.now() } };
}

/** All attributes as the API lists them, `sub` among them. */
export function attributeList(user: User, isShown: (name: string) => boolean = () => true): AttributeValue[] {
  const all = { ...user.attributes, sub: user.sub };
  return Object.entries(all)
    .filter(([name]) => name === 'sub' || isShown(name))
    .map(([Name, Value]) => ({ Name, Value }));
}

export function passwordOwner(pool: UserPool, sub: string): PasswordOwner {
  return { poolName: pool.srpName, userId: sub };
}

export function hasPassword(pool: UserPool, user: User, password: string): boolean {
  return isPassword(passwordOwner(pool, user.sub), password, user.password);
}

/** The user with a password of their own choice; throws InvalidPasswordException. */
export function withPassword(pool: UserPool, user: Omit<User, 'password'>, password: string): User {
  requirePolicy(pool.declaration.passwordPolicy, password);
  return {
    ...user,
    password: passwordVerifier(passwordOwner(pool, user.sub), password),
    status: 'CONFIRMED',
    temporaryPasswordExpiresAtEpochMilliseconds: null,
    recoveryCode: null,
    lockout: notLockedOut,
  };
}

/** The user with a password that has to be replaced at the next sign-in; throws InvalidPasswordException. */
export function withTemporaryPassword(pool: UserPool, user: Omit<User, 'password'>, password: string): User {
  const validMilliseconds = pool.declaration.passwordPolicy.temporaryValidityDays * DAY_MILLISECONDS;
  return {
    ...withPassword(pool, user, password),
    status: 'FORCE_CHANGE_PASSWORD',
    temporaryPasswordExpiresAtEpochMilliseconds: pool.clock.now() + validMilliseconds,
  };
}

/** Stores a changed password and ends what the old one had earned: refresh tokens and half-done sign-ins. */
export function passwordChanges(pool: UserPool, user: User): Change[] {
  return [saved(pool, user), ...endGrants(pool, user.sub, 'refresh-revoked'), ...closeChallenges(pool, user.sub)];
}

/** Counts a wrong password or second factor. */
export function countFailure(pool: UserPool, user: User): void {
  const lockout = lockoutAfterFailure(user.lockout, pool.clock.now());
  pool.store.commit({ collection: 'users', key: user.sub, value: { ...user, lockout } });
}

/** Removes a user with every sign-in and every open challenge. */
export function deleteUser(pool: UserPool, user: User): void {
  const changes: Change[] = [{ collection: 'users', key: user.sub, value: null }];
  for (const [key, { sub }] of pool.store.all('grants')) {
    if (sub === user.sub) changes.push({ collection: 'grants', key, value: null });
  }
  pool.store.commit(...changes, ...closeChallenges(pool, user.sub));
}

/** Which attributes a client may see (ReadAttributes). */
export function readableBy(client: UserPoolClientDeclaration): (name: string) => boolean {
  return (name) => client.readable.includes(name);
}

function userWithEmail(pool: UserPool, email: string): User | undefined {
  const wanted = comparable(pool, email);
  for (const user of pool.store.all('users').values()) {
    if (comparable(pool, user.attributes['email'] ?? '') === wanted) return user;
  }
  return undefined;
}

function comparable(pool: UserPool, email: string): string {
  return pool.declaration.isUsernameCaseSensitive ? email : email.toLowerCase();
}
