import { getDiffieHellman } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  isFreshTimestamp,
  isPassword,
  isPublicValue,
  passwordVerifier,
  srpTimestampMilliseconds,
} from '../../../local/cognito/srp.ts';

const owner = { poolName: 'Ab3dE6gH9', userId: 'f0e1d2c3' };

/** The group’s prime from OpenSSL, where it is RFC 3526’s group 15. */
const prime = BigInt(`0x${getDiffieHellman('modp15').getPrime('hex')}`);

describe('SRP', () => {
  it('keeps a verifier that knows its password and no other, for its owner and no other', () => {
    const kept = passwordVerifier(owner, 'Correct-Horse-7');
    expect(isPassword(owner, 'Correct-Horse-7', kept)).toBe(true);
    expect(isPassword(owner, 'Correct-Horse-8', kept)).toBe(false);
    expect(isPassword({ ...owner, userId: 'other' }, 'Correct-Horse-7', kept)).toBe(false);
    expect(JSON.stringify(kept)).not.toContain('Horse');
  });

  it('salts: the same password twice gives two verifiers', () => {
    expect(passwordVerifier(owner, 'same').verifier).not.toBe(passwordVerifier(owner, 'same').verifier);
  });

  it('refuses public values that would make the key known: multiples of the prime', () => {
    for (const multiple of [0n, 1n, 2n]) expect(isPublicValue((multiple * prime).toString(16))).toBe(false);
    expect(isPublicValue((prime + 1n).toString(16))).toBe(true);
  });

  it.each(['', 'xyz', '0x12', '-1', 'f'.repeat(2000)])('refuses %s as a public value', (A) => {
    expect(isPublicValue(A)).toBe(false);
  });
});

describe('a claim’s timestamp', () => {
  it('is read in the format of AWS’s clients', () => {
    expect(srpTimestampMilliseconds('Sat Nov 7 09:05:03 UTC 2026')).toBe(Date.UTC(2026, 10, 7, 9, 5, 3));
  });

  it.each([
    'Sat Nov 07 09:05:03 UTC 2026',
    'Sat Nov 7 09:05:03 IST 2026',
    '2026-11-07T09:05:03Z',
    'Sat Foo 7 09:05:03 UTC 2026',
  ])('is refused as %s', (text) => {
    expect(srpTimestampMilliseconds(text)).toBeUndefined();
  });

  it('is fresh within five minutes of either clock', () => {
    const now = 1_800_000_000_000;
    expect(isFreshTimestamp(now - 300_000, [now])).toBe(true);
    expect(isFreshTimestamp(now - 300_001, [now])).toBe(false);
    expect(isFreshTimestamp(now, [now + 86_400_000, now])).toBe(true);
  });
});
