import { randomInt } from 'node:crypto';
import { CognitoFailure } from './failure.ts';
import { derived, type UserPool } from './pool.ts';
import type { User, VerificationCode } from './records.ts';

const CODE_DIGITS = 6;
const WRONG_TRIES_MAX = 5;

/** Which of a user's two codes; both at once is normal. */
type CodePurpose = 'recoveryCode' | 'emailCode';

/** An hour for a forgotten password, a day for an address (docs: "Verification code expiry"). */
const VALID_MILLISECONDS = { recoveryCode: 3_600_000, emailCode: 86_400_000 };

/** Makes a six-digit code, and the user who holds its hash. */
export function withNewCode(pool: UserPool, user: User, purpose: CodePurpose): { user: User; code: string } {
  const code = String(randomInt(10 ** CODE_DIGITS)).padStart(CODE_DIGITS, '0');
  const kept: VerificationCode = {
    hash: codeHash(pool, user, purpose, code),
    expiresAtEpochMilliseconds: pool.clock.now() + VALID_MILLISECONDS[purpose],
    wrongTries: 0,
  };
  return { code, user: { ...user, [purpose]: kept } };
}

/** Throws ExpiredCodeException, LimitExceededException or CodeMismatchException (which it counts). */
export function requireCode(pool: UserPool, user: User, purpose: CodePurpose, code: string): void {
  const kept = user[purpose];
  if (!kept || kept.expiresAtEpochMilliseconds <= pool.clock.now()) {
    throw new CognitoFailure('ExpiredCodeException', 'Invalid code provided, please request a code again.');
  }
  if (kept.wrongTries >= WRONG_TRIES_MAX) {
    throw new CognitoFailure('LimitExceededException', 'Attempt limit exceeded, please try after some time.');
  }
  if (kept.hash === codeHash(pool, user, purpose, code)) return;
  const counted: User = { ...user, [purpose]: { ...kept, wrongTries: kept.wrongTries + 1 } };
  pool.store.commit({ collection: 'users', key: user.sub, value: counted });
  throw codeMismatch();
}

export function codeMismatch(): CognitoFailure {
  return new CognitoFailure('CodeMismatchException', 'Invalid verification code provided, please try again.');
}

function codeHash(pool: UserPool, user: User, purpose: CodePurpose, code: string): string {
  return derived(pool, `${purpose}:${user.sub}:${code}`).toString('base64');
}
