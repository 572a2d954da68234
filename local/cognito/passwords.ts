import { randomInt } from 'node:crypto';
import type { PasswordPolicy } from './declaration.ts';
import { CognitoFailure } from './failure.ts';
import type { Lockout } from './records.ts';

const PASSWORD_CHARACTERS_MAX = 256;
const TEMPORARY_CHARACTERS_MIN = 12;
const LOCKOUT_FROM_FAILURES = 5;
const LOCKOUT_SECONDS_MAX = 15 * 60;

/** Symbols that stay themselves in HTML, since temporary passwords travel in mails. */
const CLASSES = ['abcdefghijkmnopqrstuvwxyz', 'ABCDEFGHJKLMNPQRSTUVWXYZ', '23456789', '!@#%*-_=+?'];

/** Throws InvalidPasswordException with AWS's words for the first rule that is broken. */
export function requirePolicy(policy: PasswordPolicy, password: string): void {
  const broken = brokenRule(policy, password);
  if (!broken) return;
  throw new CognitoFailure('InvalidPasswordException', `Password did not conform with policy: ${broken}`);
}

function brokenRule(policy: PasswordPolicy, password: string): string | undefined {
  if (password.length < policy.lengthMin) return 'Password not long enough';
  if (password.length > PASSWORD_CHARACTERS_MAX) return 'Password too long';
  if (policy.needsLowercase && !/[a-z]/.test(password)) return 'Password must have lowercase characters';
  if (policy.needsUppercase && !/[A-Z]/.test(password)) return 'Password must have uppercase characters';
  if (policy.needsDigit && !/[0-9]/.test(password)) return 'Password must have numeric characters';
  // Cognito counts an inner space as a symbol, one at either end not (docs: "Password requirements").
  if (policy.needsSymbol && !/[\^$*.[\]{}()?"!@#%&/\\,><':;|_~`=+\- -]/.test(password.trim())) {
    return 'Password must have symbol characters';
  }
  return undefined;
}

/** A random password that meets every policy: a character of each class, the rest of any. */
export function temporaryPassword(policy: PasswordPolicy): string {
  const length = Math.max(policy.lengthMin, TEMPORARY_CHARACTERS_MIN);
  const all = CLASSES.join('');
  const characters = Array.from({ length }, (_, index) => anyOf(CLASSES[index] ?? all));
  for (let last = characters.length - 1; last > 0; last--) {
    const other = randomInt(last + 1);
    [characters[last], characters[other]] = [characters[other] ?? '', characters[last] ?? ''];
  }
  return characters.join('');
}

export const notLockedOut: Lockout = {
  failures: 0,
  lockedUntilEpochMilliseconds: 0,
  forgottenAtEpochMilliseconds: 0,
};

export function isLockedOut(lockout: Lockout, nowEpochMilliseconds: number): boolean {
  return nowEpochMilliseconds < lockout.lockedUntilEpochMilliseconds;
}

/**
 * The lock-out after one more failure: from the fifth on 2^(n-5) seconds, at most 15 minutes; 15 quiet
 * minutes forget them all (Cognito docs: "Lockout behavior for failed sign-in attempts").
 */
export function lockoutAfterFailure(lockout: Lockout, nowEpochMilliseconds: number): Lockout {
  const earlier = nowEpochMilliseconds < lockout.forgottenAtEpochMilliseconds ? lockout.failures : 0;
  const failures = earlier + 1;
  const seconds =
    failures < LOCKOUT_FROM_FAILURES ? 0 : Math.min(2 ** (failures - LOCKOUT_FROM_FAILURES), LOCKOUT_SECONDS_MAX);
  const lockedUntilEpochMilliseconds = nowEpochMilliseconds + seconds * 1000;
  return {
    failures,
    lockedUntilEpochMilliseconds,
    forgottenAtEpochMilliseconds: lockedUntilEpochMilliseconds + LOCKOUT_SECONDS_MAX * 1000,
  };
}

function anyOf(characters: string): string {
  return characters.charAt(randomInt(characters.length));
}
