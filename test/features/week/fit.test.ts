import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitted, type RowToFit } from '../../../lambdas/features/week/fit.ts';

/** What one sheet holds beside its head and foot, as Chromium set it: lines of type, a row's own border among them. */
const sheets = {
  small: { lines: 48.5, borderAndPadding: 0.62 },
  large: { lines: 35, borderAndPadding: 0.47 },
} as const;

function linesLeft(rows: readonly RowToFit[]): number {
  const { size, rows: placed } = fitted(rows);
  return placed.reduce<number>((left, { lines, shown }, i) => {
    const cells = lines.map((cell, column) => {
      const printed = cell.slice(0, shown[column]).reduce((total, one) => total + one, 0);
      return printed + (shown[column]! < cell.length ? 1 : 0);
    });
    return left - Math.max(rows[i]!.headings, ...cells) - sheets[size].borderAndPadding;
  }, sheets[size].lines);
}

const row = (...cells: string[][]): RowToFit => ({ headings: 2, cells });
const short = (count: number) => Array.from({ length: count }, () => 'Karneval');

describe('one sheet', () => {
  it('holds what it is given, however many rows and texts there are', () => {
    const texts = fc.array(fc.string({ maxLength: 200 }), { maxLength: 12 });
    const rows = fc.array(
      fc.record({ headings: fc.integer({ min: 2, max: 3 }), cells: fc.array(texts, { minLength: 7, maxLength: 7 }) }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(rows, (some) => {
        expect(linesLeft(some)).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 200 },
    );
  });

  it('shows all of an ordinary week in large type, with room for long texts', () => {
    const long = 'Utviklingssamtale med pedagogisk leder, Blåveis';
    expect(fitted([row([long], [])])).toEqual({ size: 'large', rows: [{ lines: [[4], []], shown: [1, 0] }] });
  });

  it('is set smaller where that is not enough, and gives long texts the lines that are left', () => {
    const long = 'Tur til skogen med hele avdelingen, også når det regner';
    const { size, rows } = fitted(Array.from({ length: 12 }, (_, i) => row(i < 8 ? [long] : ['Karneval', 'Karneval'])));
    expect(size).toBe('small');
    expect(rows.map(({ lines }) => lines[0])).toEqual([...Array(7).fill([4]), [3], ...Array(4).fill([1, 1])]);
  });

  it('cuts texts before it leaves one out', () => {
    const long = 'Tur til skogen med hele avdelingen, også når det regner';
    const { rows } = fitted(Array.from({ length: 12 }, () => row([long, long])));
    for (const { lines, shown } of rows) {
      expect(lines[0]).toHaveLength(2);
      expect(shown).toEqual([2]);
    }
    expect(rows.at(-1)?.lines).toEqual([[1, 1]]);
  });

  it('gives what a quiet row does not need to a busy one', () => {
    const quiet = Array.from({ length: 11 }, () => row(short(1)));
    const [busy] = fitted([row(short(12)), ...quiet]).rows;
    expect(busy?.shown).toEqual([12]);
    const [oneOfMany] = fitted(Array.from({ length: 12 }, () => row(short(12)))).rows;
    expect(oneOfMany?.shown[0]).toBeLessThan(4);
  });

  it('leaves out the rows for which there is no room at all', () => {
    expect(fitted(Array.from({ length: 40 }, () => row([]))).rows).toHaveLength(17);
  });
});
