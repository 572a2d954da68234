import { describe, expect, it } from 'vitest';
import { AccountNumber } from '../../../lambdas/features/billing/account-number.ts';
import { kidOf } from '../../../lambdas/features/billing/kid.ts';
import { amountText, decimal, ORE_MAX, ore, portionOf, quantityText } from '../../../lambdas/features/billing/money.ts';

describe('an amount', () => {
  it('is refused when it is no whole number of øre, or too large to be meant', () => {
    for (const amount of [0.5, Number.NaN, ORE_MAX + 1]) expect(() => ore(amount)).toThrow();
    expect(ore(-1)).toBe(-1);
  });

  it('is rounded half away from zero, beyond what a double holds', () => {
    expect([portionOf(5, 1, 2), portionOf(-5, 1, 2), portionOf(4, 1, 3), portionOf(-4, 1, 3)]).toEqual([3, -3, 1, -1]);
    expect(portionOf(ORE_MAX, 999_999_999, 1_000_000_000)).toBe(99_999_999_900);
  });

  it('is written for people and for XML', () => {
    expect(amountText(ore(123_456_789), 'nb')).toBe('1\u00a0234\u00a0567,89');
    expect(amountText(ore(-5), 'en')).toBe('-0.05');
    expect(decimal(100)).toBe('1.00');
    expect([quantityText(2_500, 'nb'), quantityText(1_000, 'xml'), quantityText(333, 'xml')]).toEqual([
      '2,5',
      '1',
      '0.333',
    ]);
  });
});

describe('a KID', () => {
  // By hand, from the rules of Nets: doubling from the right, and weights 2 to 7 from the right.
  it('ends in its check digit', () => {
    expect(kidOf(1234, 'mod10')).toBe('0000012344');
    expect(kidOf(1, 'mod10')).toBe('0000000018');
    expect(kidOf(1, 'mod11')).toBe('0000000019');
    expect(kidOf(12, 'mod11')).toBe('0000000124');
    expect(kidOf(6, 'mod11')).toBe('000000006-');
  });

  it('differs for every number, and one wrong digit is always seen', () => {
    const kids = new Set(Array.from({ length: 2_000 }, (_, i) => kidOf(i + 1, 'mod10')));
    expect(kids.size).toBe(2_000);
    for (const kid of [...kids].slice(0, 50)) {
      const other = `${kid.slice(0, 5)}${(Number(kid[5]) + 1) % 10}${kid.slice(6)}`;
      expect(kids.has(other) && other === kidOf(Number(other.slice(0, 9)), 'mod10')).toBe(false);
    }
  });
});

describe('an account number', () => {
  it('has eleven digits and the right check digit', () => {
    expect(AccountNumber.safeParse('86011117947').success).toBe(true);
    for (const wrong of ['86011117948', '8601111794', '8601 11 17947', '']) {
      expect(AccountNumber.safeParse(wrong).success, wrong).toBe(false);
    }
  });
});
