import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PasswordPolicy } from '../../../local/cognito/declaration.ts';
import {
  isLockedOut,
  lockoutAfterFailure,
  notLockedOut,
  requirePolicy,
  temporaryPassword,
} from '../../../local/cognito/passwords.ts';

const policy: PasswordPolicy = {
  lengthMin: 8,
  needsLowercase: true,
  needsUppercase: true,
  needsDigit: true,
  needsSymbol: true,
  temporaryValidityDays: 7,
};

it('a temporary password meets every policy', () => {
  fc.assert(
    fc.property(fc.integer({ min: 6, max: 99 }), (lengthMin) => {
      const strict = { ...policy, lengthMin };
      expect(() => requirePolicy(strict, temporaryPassword(strict))).not.toThrow();
    }),
  );
});

it('a space counts as a symbol inside a password, not at its ends', () => {
  expect(() => requirePolicy(policy, 'Correct Horse7')).not.toThrow();
  expect(() => requirePolicy(policy, ' CorrectHorse7 ')).toThrow('symbol');
});

describe('the lock-out', () => {
  const now = 1_800_000_000_000;
  const afterFailures = (count: number) => {
    let lockout = notLockedOut;
    for (let failure = 0; failure < count; failure++) lockout = lockoutAfterFailure(lockout, now);
    return lockout;
  };

  it.each([
    [4, 0],
    [5, 1],
    [6, 2],
    [9, 16],
    [14, 512],
    [15, 900],
    [60, 900],
  ])('after %i failures lasts %i seconds', (failures, seconds) => {
    const lockout = afterFailures(failures);
    expect(isLockedOut(lockout, now + Math.max(0, seconds * 1000 - 1))).toBe(seconds > 0);
    expect(isLockedOut(lockout, now + seconds * 1000)).toBe(false);
  });

  it('starts anew after 15 quiet minutes', () => {
    const quiet = lockoutAfterFailure(afterFailures(4), now + 900_000);
    expect(quiet.failures).toBe(1);
    expect(lockoutAfterFailure(afterFailures(4), now + 899_999).failures).toBe(5);
  });
});
