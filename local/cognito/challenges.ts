import { randomBytes } from 'node:crypto';
import { invalidSession } from './failure.ts';
import type { UserPool } from './pool.ts';
import type { Challenge } from './records.ts';
import type { Change } from './store.ts';
import { tokenHash } from './tokens.ts';

/** AuthSessionValidity's default. */
const SESSION_MILLISECONDS = 3 * 60_000;
const SESSION_BYTES = 128;
const WRONG_TRIES_MAX = 5;

/** What is open until it is answered, and the token that answers must carry. */
interface OpenedChallenge {
  /** Base64: the client's Session, or for PASSWORD_VERIFIER the SECRET_BLOCK. */
  readonly token: string;
  readonly changes: Change[];
}

/** An open challenge and the key it is kept under. */
export interface FoundChallenge {
  readonly key: string;
  readonly challenge: Challenge;
}

/** Opens a challenge for one user and one client; expired ones are cleared away with it. */
export function openChallenge(
  pool: UserPool,
  asked: Pick<Challenge, 'name' | 'sub' | 'clientId'> & Partial<Pick<Challenge, 'srp' | 'isTokenVerified'>>,
): OpenedChallenge {
  const now = pool.clock.now();
  const token = randomBytes(SESSION_BYTES).toString('base64');
  const challenge: Challenge = {
    srp: null,
    isTokenVerified: false,
    ...asked,
    expiresAtEpochMilliseconds: now + SESSION_MILLISECONDS,
    wrongTries: 0,
  };
  return {
    token,
    changes: [...expired(pool, now), { collection: 'challenges', key: tokenHash(token), value: challenge }],
  };
}

/** Finds the challenge that a token answers; throws NotAuthorizedException if it is not this one or not open. */
export function findChallenge(pool: UserPool, token: string | undefined, name: Challenge['name']): FoundChallenge {
  const key = tokenHash(token ?? '');
  const challenge = pool.store.all('challenges').get(key);
  if (challenge?.name !== name || challenge.expiresAtEpochMilliseconds <= pool.clock.now()) throw invalidSession();
  return { key, challenge };
}

/** The change that makes a session unusable: each is answered once. */
export function spent({ key }: FoundChallenge): Change {
  return { collection: 'challenges', key, value: null };
}

/** Notes a wrong code: the challenge stays open for another try, but not for guessing. */
export function countWrongTry(pool: UserPool, { key, challenge }: FoundChallenge): void {
  const wrongTries = challenge.wrongTries + 1;
  const value = wrongTries < WRONG_TRIES_MAX ? { ...challenge, wrongTries } : null;
  pool.store.commit({ collection: 'challenges', key, value });
}

/** The changes that close whatever a user has open: a changed password makes earlier answers worthless. */
export function closeChallenges(pool: UserPool, sub: string): Change[] {
  const changes: Change[] = [];
  for (const [key, challenge] of pool.store.all('challenges')) {
    if (challenge.sub === sub) changes.push({ collection: 'challenges', key, value: null });
  }
  return changes;
}

function expired(pool: UserPool, now: number): Change[] {
  const changes: Change[] = [];
  for (const [key, challenge] of pool.store.all('challenges')) {
    if (challenge.expiresAtEpochMilliseconds <= now) changes.push({ collection: 'challenges', key, value: null });
  }
  return changes;
}
