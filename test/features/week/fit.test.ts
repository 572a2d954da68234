import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitted, type RowToFit } from '../../../lambdas/features/week/fit.ts';

/** What one sheet holds beside its head and foot, as Chromium set it: lines of type, a row's own border among them. */
const LINES_OF_SHEET = 48.5;
const BORDER_AND_PADDING = 0.62;

const linesUsed = (rows: readonly RowToFit[]) =>
  fitted(rows).reduce((sheet, { lines, shown }, i) => {
    const cells = lines.map((cell, column) => {
      const printed = cell.slice(0, shown[column]).reduce((total, one) => total + one, 0);
      return printed + (shown[column]! < cell.length ? 1 : 0);
    });
    return sheet + Math.max(rows[i]!.headings, ...cells) + BORDER_AND_PADDING;
  }, 0);

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
        expect(linesUsed(some)).toBeLessThanOrEqual(LINES_OF_SHEET);
      }),
      { numRuns: 200 },
    );
  });

  it('shows all of an ordinary week, with room for long texts', () => {
    const long = 'Utviklingssamtale med pedagogisk leder, Blåveis';
    const [only] = fitted([row([long], [])]);
    expect(only).toEqual({ lines: [[3], []], shown: [1, 0] });
  });

  it('cuts texts before it leaves one out', () => {
    const long = 'Tur til skogen med hele avdelingen, også når det regner';
    const rows = Array.from({ length: 12 }, () => row([long, long]));
    for (const { lines, shown } of fitted(rows)) {
      expect(lines).toEqual([[1, 1]]);
      expect(shown).toEqual([2]);
    }
  });

  it('gives what a quiet row does not need to a busy one', () => {
    const quiet = Array.from({ length: 11 }, () => row(short(1)));
    const [busy] = fitted([row(short(12)), ...quiet]);
    expect(busy?.shown).toEqual([12]);
    const [oneOfMany] = fitted(Array.from({ length: 12 }, () => row(short(12))));
    expect(oneOfMany?.shown[0]).toBeLessThan(4);
  });

  it('leaves out the rows for which there is no room at all', () => {
    expect(fitted(Array.from({ length: 40 }, () => row([])))).toHaveLength(17);
  });
});
