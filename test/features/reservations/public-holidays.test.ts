import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PUBLIC_HOLIDAYS_FILE, publicHolidaysTable } from '../../../bin/public-holidays.ts';
import { eachDay } from '../../../lambdas/features/reservations/days.ts';
import { isPublicHoliday, publicHolidaysOn } from '../../../lambdas/features/reservations/public-holidays.ts';
import { daysAfter } from '../../../lambdas/platform/calendar.ts';

describe('Norwegian public holidays', () => {
  it('stand in a table that is what the library says today', () => {
    expect(readFileSync(PUBLIC_HOLIDAYS_FILE, 'utf8')).toBe(publicHolidaysTable());
  });

  it('move with Easter, whose date follows from the Gregorian computus', () => {
    for (let year = 2024; year <= 2045; year++) {
      const easter = easterSunday(year);
      const moving = { [-3]: 'Skjærtorsdag', [-2]: 'Langfredag', 0: 'Første påskedag', 1: 'Andre påskedag' };
      const later = { 39: 'Kristi himmelfartsdag', 49: 'Første pinsedag', 50: 'Andre pinsedag' };
      for (const [days, name] of Object.entries({ ...moving, ...later })) {
        expect(publicHolidaysOn(daysAfter(easter, Number(days)), 'nb'), `${year} ${name}`).toContain(name);
      }
    }
  });

  it('are known by their dates, in both languages', () => {
    expect(publicHolidaysOn('2026-04-03', 'nb')).toEqual(['Langfredag']);
    expect(publicHolidaysOn('2026-04-03', 'en')).toEqual(['Good Friday']);
    expect(publicHolidaysOn('2026-05-14', 'en')).toEqual(['Ascension Day']);
    expect(publicHolidaysOn('2038-04-26', 'nb')).toEqual(['Andre påskedag']);
    expect(publicHolidaysOn('2026-12-24', 'nb')).toEqual([]);
  });

  it('may fall together: Whit Monday of 2027 is Constitution Day', () => {
    expect(publicHolidaysOn('2027-05-17', 'en')).toEqual(['Constitution Day', 'Whit Monday']);
  });

  it('are twelve a year, and none is claimed of a year that the table does not have', () => {
    const named = (year: number) =>
      eachDay(`${year}-01-01`, `${year}-12-31`).flatMap((day) => publicHolidaysOn(day, 'nb'));
    for (let year = 2024; year <= 2045; year++) expect(named(year)).toHaveLength(12);
    expect(isPublicHoliday('2046-12-25')).toBe(false);
  });
});

/** Anonymous Gregorian algorithm (Meeus, Astronomical Algorithms, chapter 8). */
function easterSunday(year: number): string {
  const [a, b, c] = [year % 19, Math.floor(year / 100), year % 100];
  const [d, e, f] = [Math.floor(b / 4), b % 4, Math.floor((b + 8) / 25)];
  const g = Math.floor((b - f + 1) / 3);
  const h = (19 * a + b - d - g + 15) % 30;
  const [i, k] = [Math.floor(c / 4), c % 4];
  const l = (32 + 2 * e + 2 * i - h - k) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const month = Math.floor((h + l - 7 * m + 114) / 31);
  const day = ((h + l - 7 * m + 114) % 31) + 1;
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}
