import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { forbiddenNumberIn, freeText, oneLine } from '../../lambdas/http/free-text.ts';

const note = freeText({ max: 500 });
const title = oneLine({ max: 40 });

/** Published test numbers of the card networks; none of them is anybody's. */
const cards = [
  '4111111111111111',
  '4242 4242 4242 4242',
  '5555-5555-5555-4444',
  '3782 822463 10005',
  '3056 930902 5904',
  '6011 1111 1111 1117',
  '4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1',
  '4111 - 1111 - 1111 - 1111',
  '4111–1111–1111–1111',
  '4111\u00a01111\u00a01111\u00a01111',
  '４１１１ １１１１ １１１１ １１１１',
  '4111\u200b1111\u200b11111111',
];

/** Synthetic numbers (month + 80) of Skatteetaten's kind, and ones computed for days when nobody gets that number. */
function identityNumber(first9: string): string | undefined {
  const digits = [...first9].map(Number);
  const checkDigit = (weights: readonly number[], of: readonly number[]) =>
    (11 - (weights.reduce((sum, weight, place) => sum + weight * (of[place] ?? 0), 0) % 11)) % 11;
  const k1 = checkDigit([3, 7, 6, 1, 8, 9, 4, 5, 2], digits);
  const k2 = checkDigit([5, 4, 3, 2, 7, 6, 5, 4, 3, 2], [...digits, k1]);
  return k1 > 9 || k2 > 9 ? undefined : `${first9}${k1}${k2}`;
}

const identityNumbers = fc
  .record({
    day: fc.integer({ min: 1, max: 28 }),
    month: fc.integer({ min: 1, max: 12 }),
    year: fc.integer({ min: 0, max: 99 }),
    serial: fc.integer({ min: 0, max: 999 }),
    isDNumber: fc.boolean(),
    monthShift: fc.constantFrom(0, 40, 80),
  })
  .map(({ day, month, year, serial, isDNumber, monthShift }) =>
    identityNumber(
      `${String(day + (isDNumber ? 40 : 0)).padStart(2, '0')}${String(month + monthShift).padStart(2, '0')}` +
        `${String(year).padStart(2, '0')}${String(serial).padStart(3, '0')}`,
    ),
  )
  .filter((number) => number !== undefined);

describe('free text (CE-09)', () => {
  it.each(cards)('CE-09: refuses the card number %s', (card) => {
    expect(forbiddenNumberIn(card)).toBe('card-number');
    expect(forbiddenNumberIn(`Kortet er ${card}, takk. Ring 22 33 44 55.`)).toBe('card-number');
    expect(note.safeParse(`Ring 22334455 ${card}`).success).toBe(false);
  });

  it('CE-09: refuses every Norwegian identity number, as people write it', () => {
    fc.assert(
      fc.property(
        identityNumbers,
        fc.constantFrom('$1$2$3$4', '$1$2$3 $4', '$1 $2 $3 $4', '$1.$2.$3 $4', '$1.$2.$3-$4', '$1$2$3\u00a0$4'),
        fc.constantFrom('', 'fnr: ', 'Kari (8 år) ', 'tlf 90123456, '),
        (number, grouping, before) => {
          const written = number.replace(/^(..)(..)(..)(.{5})$/, grouping);
          expect(forbiddenNumberIn(`${before}${written} ok`)).toBe('identity-number');
        },
      ),
    );
  });

  it('lets a date pass whatever number follows it', () => {
    fc.assert(
      fc.property(identityNumbers, (number) => {
        const written = number.replace(/^(..)(..)(....)(...)$/, '$1.$2.$3 $4');
        expect(forbiddenNumberIn(`Kom ${written} ganger`)).toBeUndefined();
      }),
    );
  });

  it('CE-09: says that it is forbidden content, and does not repeat it', () => {
    const issues = note.safeParse('4111 1111 1111 1111').error?.issues;
    expect(issues).toMatchObject([{ code: 'custom', params: { slug: 'forbidden-content' } }]);
    expect(JSON.stringify(issues)).not.toContain('4111');
  });

  it.each([
    ['a mobile number', '+47 412 34 567'],
    ['two mobile numbers', '41234567 48765438'],
    ['telephone numbers in pairs', '41 23 45 67 48 76 54 38'],
    ['an organisation number', '974 760 673'],
    ['an account number', '1234.56.78903'],
    ['a solid account number', '86011117947'],
    ['a date and a time', '21.11.2026 10.30-12.00'],
    ['a span of days', '22.03.2026 10.30 - 22.03.2026 12.30'],
    ['a day of many times', '30.05.2026 10.30 - 12.00'],
    ['an instant', '2026-11-21T08:00:00.000Z'],
    ['a postal address', 'Storgata 12, 0155 Oslo'],
    ['a card number with a digit wrong', '4111 1111 1111 1112'],
    ['an identity number with a digit wrong', '01010012346'],
    ['a longer number', '94111111111111111999999999'],
    ['an EAN', '7038010009457'],
    ['a payment reference of thirteen digits', '5000000000005'],
  ])('lets %s pass', (_what, text) => {
    expect(forbiddenNumberIn(text)).toBeUndefined();
    expect(note.parse(text)).toBe(text);
  });

  it('finds nothing in ordinary telephone numbers, one after the other', () => {
    const digits = (count: number) =>
      fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: count, maxLength: count });
    const phone = fc
      .tuple(fc.constantFrom('2', '3', '4', '5', '6', '7', '9'), digits(7))
      .map((parts) => parts.join(''));
    const written = fc
      .tuple(phone, fc.constantFrom('$1$2$3$4', '$1 $2 $3 $4', '$1.$2.$3.$4'))
      .map(([number, grouping]) => number.replace(/^(..)(..)(..)(..)$/, grouping));
    fc.assert(
      fc.property(fc.array(written, { minLength: 1, maxLength: 2 }), (numbers) => {
        expect(forbiddenNumberIn(numbers.join(' '))).toBeUndefined();
      }),
    );
  });

  it('answers for any text, in a bounded time', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void forbiddenNumberIn(text)));
    for (const text of ['1 ', '1', '4444 ', '1 2-', '4111.']) {
      expect(forbiddenNumberIn(text.repeat(20_000))).toBeUndefined();
    }
  });

  it('keeps one form of each letter, one kind of line break, and no space around', () => {
    expect(note.parse(' A\u030asa\r\nog\rKari\n')).toBe('Åsa\nog\nKari');
  });

  it.each(['\0', '\u0007', '\u001b[31m', '\u0085', '\u007f'])('refuses the control character %j', (character) => {
    expect(note.safeParse(`a${character}b`).success).toBe(false);
    expect(title.safeParse(`a${character}b`).success).toBe(false);
  });

  it('keeps its length', () => {
    expect(note.safeParse('x'.repeat(500)).success).toBe(true);
    expect(note.safeParse('x'.repeat(501)).success).toBe(false);
  });

  it('takes letters, signs and emoji of any kind', () => {
    for (const text of [
      'Đặng Thị',
      'محمد',
      '👩‍👧‍👦 hentes',
      '<script>alert(1)</script>',
      "Robert'); DROP TABLE",
      'Ｔ𝖍𝖊',
    ]) {
      expect(note.parse(text)).toBe(text);
    }
  });
});

describe('one line', () => {
  it.each(['a\nb', 'a\tb', 'a\u2028b', 'a\u202eb', 'a\u2066b', '', '   '])('refuses %j', (text) => {
    expect(title.safeParse(text).success).toBe(false);
  });

  it('CE-09: refuses numbers as free text does', () => {
    expect(title.safeParse('4111111111111111').success).toBe(false);
  });

  it('takes names', () => {
    for (const name of ["O'Brien", 'Anne-Lise Ås', 'Nguyễn', '李小龙', 'Avdeling 2'])
      expect(title.parse(name)).toBe(name);
  });
});
