import * as OTPAuth from 'otpauth';
import { describe, expect, it } from 'vitest';
import { newTotpSecret, totpCode, totpDecision, totpStep } from '../../../local/cognito/totp.ts';

const rfcSecret = Buffer.from('12345678901234567890');

describe('a time-based code', () => {
  it.each([
    [59, '94287082'],
    [1_111_111_109, '07081804'],
    [1_111_111_111, '14050471'],
    [1_234_567_890, '89005924'],
    [2_000_000_000, '69279037'],
    [20_000_000_000, '65353130'],
  ])('at %i s is the one of RFC 6238, appendix B', (epochSeconds, expected) => {
    expect(totpCode(rfcSecret, totpStep(epochSeconds * 1000), 8)).toBe(expected);
  });

  const now = 1_800_000_015_000;
  const secret = newTotpSecret();
  const codeAt = (steps: number) => new OTPAuth.TOTP({ secret }).generate({ timestamp: now + steps * 30_000 });
  const fresh = { secret, lastStep: 0 };

  it('of an authenticator app is accepted from its own step and the two beside it', () => {
    for (const steps of [-1, 0, 1]) {
      expect(totpDecision(fresh, codeAt(steps), now)).toEqual({ step: totpStep(now) + steps });
    }
  });

  it('from further away is a mismatch', () => {
    for (const steps of [-2, 2]) expect(totpDecision(fresh, codeAt(steps), now)).toBe('mismatch');
  });

  it('is refused as a replay once its step, or a later one, is spent', () => {
    const spent = { secret, lastStep: totpStep(now) };
    expect(totpDecision(spent, codeAt(0), now)).toBe('replayed');
    expect(totpDecision(spent, codeAt(-1), now)).toBe('replayed');
    expect(totpDecision(spent, codeAt(1), now)).toEqual({ step: totpStep(now) + 1 });
  });

  it('of another length is a mismatch, not a fault', () => {
    expect(totpDecision(fresh, '1', now)).toBe('mismatch');
  });
});

it('a new secret is 52 characters of base32, and no two are alike', () => {
  expect(newTotpSecret()).toMatch(/^[A-Z2-7]{52}$/);
  expect(newTotpSecret()).not.toBe(newTotpSecret());
});
