import { describe, expect, it } from 'vitest';
import {
  type Claim,
  isOpenedBy,
  mailingPausedUntil,
  newClaim,
  tryCode,
  withHandedCode,
  withMailedCode,
} from '../../../lambdas/features/claims/claim.ts';
import { anId } from '../../support/store.ts';

const now = new Date('2026-11-23T07:00:00Z');
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000);
const aClaim = (codeTravels: Claim['codeTravels'] = 'by-mail') =>
  newClaim({ requestId: anId('req'), subject: anId('per'), codeTravels });
const wrongFor = (code: string) => (code.startsWith('0') ? `1${code.slice(1)}` : `0${code.slice(1)}`);

describe('a mailed code', () => {
  it('is six digits, and stands in the claim as a salted hash only', () => {
    const { claim, code } = withMailedCode(aClaim(), now);
    expect(code).toMatch(/^\d{6}$/);
    expect(JSON.stringify(claim)).not.toContain(code);
    expect(withMailedCode(claim, later(60)).claim.code?.salt).not.toBe(claim.code?.salt);
  });

  it('opens the claim once, also when it is typed with spaces', () => {
    const { claim, code } = withMailedCode(aClaim(), now);
    const opened = tryCode(claim, ` ${code.slice(0, 3)} ${code.slice(3)} `, later(1));
    expect(opened.pass).toMatch(/^[\w-]{32}$/);
    expect(tryCode(opened.claim, code, later(2)).pass).toBeUndefined();
  });

  it('works a second before its ten minutes are over and not when they are', () => {
    const { claim, code } = withMailedCode(aClaim(), now);
    expect(tryCode(claim, code, later(599)).pass).toBeDefined();
    expect(tryCode(claim, code, later(600)).pass).toBeUndefined();
  });

  it('is worth nothing after five wrong tries, the right one included', () => {
    const { claim, code } = withMailedCode(aClaim(), now);
    let tried = claim;
    for (let count = 0; count < 4; count++) tried = tryCode(tried, wrongFor(code), now).claim;
    expect(tryCode(tried, code, now).pass).toBeDefined();
    tried = tryCode(tried, wrongFor(code), now).claim;
    expect(tryCode(tried, code, now).pass).toBeUndefined();
  });

  it('is replaced by the next one', () => {
    const first = withMailedCode(aClaim(), now);
    const second = withMailedCode(first.claim, later(60));
    expect(first.code === second.code || tryCode(second.claim, first.code, later(61)).pass === undefined).toBe(true);
    expect(tryCode(second.claim, second.code, later(61)).pass).toBeDefined();
  });

  it('is mailed once a minute, and twenty times at most', () => {
    let { claim } = withMailedCode(aClaim(), now);
    expect(mailingPausedUntil(claim, later(59))).toEqual(later(60));
    expect(mailingPausedUntil(claim, later(60))).toBeUndefined();
    for (let count = 1; count < 20; count++) claim = withMailedCode(claim, later(60 * count)).claim;
    expect(mailingPausedUntil(claim, later(100_000))).toBe('for-good');
  });
});

describe('a code that is handed over', () => {
  it('is eight digits, and opens again and again until it is replaced', () => {
    const { claim, code } = withHandedCode(aClaim('handed-over'));
    expect(code).toMatch(/^\d{8}$/);
    const first = tryCode(claim, code, now);
    expect(tryCode(first.claim, code, later(20 * 24 * 3600)).pass).toBeDefined();
    expect(tryCode(withHandedCode(first.claim).claim, code, now).pass).toBeUndefined();
  });

  it('ends what an earlier code had opened', () => {
    const { claim, code } = withHandedCode(aClaim('handed-over'));
    const { claim: opened, pass } = tryCode(claim, code, now);
    expect(isOpenedBy(opened, pass!, now)).toBe(true);
    expect(isOpenedBy(withHandedCode(opened).claim, pass!, now)).toBe(false);
  });

  it('is worth nothing after five wrong tries', () => {
    const { claim, code } = withHandedCode(aClaim('handed-over'));
    let tried = claim;
    for (let count = 0; count < 5; count++) tried = tryCode(tried, wrongFor(code), now).claim;
    expect(tryCode(tried, code, now).pass).toBeUndefined();
  });
});

describe('what the right code was exchanged for', () => {
  it('counts a second before its quarter of an hour is over, not after, and not when it is another', () => {
    const { claim, code } = withMailedCode(aClaim(), now);
    const { claim: opened, pass } = tryCode(claim, code, now);
    expect(isOpenedBy(opened, pass!, later(899))).toBe(true);
    expect(isOpenedBy(opened, pass!, later(900))).toBe(false);
    expect(isOpenedBy(opened, 'x'.repeat(32), now)).toBe(false);
    expect(isOpenedBy(claim, '', now)).toBe(false);
  });
});
