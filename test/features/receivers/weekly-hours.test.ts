import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWithin, nextWithin, WeeklyHours } from '../../../lambdas/features/receivers/weekly-hours.ts';
import { weekdays } from '../../../lambdas/features/reservations/days.ts';
import { instantOf } from '../../../lambdas/platform/calendar.ts';

const OSLO = 'Europe/Oslo';
const everyDay = [...weekdays];
const nights: WeeklyHours = [{ days: everyDay, from: '22:00', until: '06:00' }];
const within = (hours: WeeklyHours | undefined, day: string, time: string) =>
  isWithin(hours, instantOf(OSLO, day, time), OSLO);

describe('weekly hours', () => {
  it('are all hours when there are none', () => {
    expect(within(undefined, '2026-11-23', '03:00')).toBe(true);
  });

  it('hold their beginning and not their end, on their days', () => {
    // 23 November 2026 is a Monday.
    const hours: WeeklyHours = [{ days: ['monday'], from: '08:00', until: '16:00' }];
    expect(within(hours, '2026-11-23', '07:59')).toBe(false);
    expect(within(hours, '2026-11-23', '08:00')).toBe(true);
    expect(within(hours, '2026-11-23', '15:59')).toBe(true);
    expect(within(hours, '2026-11-23', '16:00')).toBe(false);
    expect(within(hours, '2026-11-24', '09:00')).toBe(false);
  });

  it('go over midnight from the day on which they begin', () => {
    const sundayNight: WeeklyHours = [{ days: ['sunday'], from: '22:00', until: '06:00' }];
    expect(within(sundayNight, '2026-11-22', '23:00')).toBe(true);
    expect(within(sundayNight, '2026-11-23', '05:59')).toBe(true);
    expect(within(sundayNight, '2026-11-23', '06:00')).toBe(false);
    expect(within(sundayNight, '2026-11-23', '23:00')).toBe(false);
  });

  it('end with the day at 24:00, and last a whole day from a time to itself', () => {
    const allMonday: WeeklyHours = [{ days: ['monday'], from: '00:00', until: '24:00' }];
    expect(within(allMonday, '2026-11-23', '23:59')).toBe(true);
    expect(within(allMonday, '2026-11-24', '00:00')).toBe(false);
    const noonToNoon: WeeklyHours = [{ days: ['monday'], from: '12:00', until: '12:00' }];
    expect(within(noonToNoon, '2026-11-24', '11:59')).toBe(true);
    expect(within(noonToNoon, '2026-11-24', '12:00')).toBe(false);
  });

  it('are as long as the night is when the clocks change', () => {
    const hoursOf = (day: string) => {
      const from = instantOf(OSLO, day, '12:00').getTime();
      const instants = Array.from({ length: 24 * 4 }, (_, quarter) => new Date(from + quarter * 15 * 60_000));
      return instants.filter((at) => isWithin(nights, at, OSLO)).length / 4;
    };
    expect([hoursOf('2026-03-28'), hoursOf('2026-10-24'), hoursOf('2026-11-23')]).toEqual([7, 9, 8]);
  });

  it('find their next beginning, and this very instant inside them', () => {
    expect(nextWithin(nights, instantOf(OSLO, '2026-11-23', '12:00'), OSLO)).toEqual(
      instantOf(OSLO, '2026-11-23', '22:00'),
    );
    const inside = instantOf(OSLO, '2026-11-23', '23:30');
    expect(nextWithin(nights, inside, OSLO)).toEqual(inside);
    const mondays: WeeklyHours = [{ days: ['monday'], from: '08:00', until: '09:00' }];
    expect(nextWithin(mondays, instantOf(OSLO, '2026-11-23', '09:00'), OSLO)).toEqual(
      instantOf(OSLO, '2026-11-30', '08:00'),
    );
  });

  it('find a week’s next beginning when DST swallows this one', () => {
    // 02:10 to 02:50 is not there on 29 March 2026.
    const swallowed: WeeklyHours = [{ days: ['sunday'], from: '02:10', until: '02:50' }];
    const next = nextWithin(swallowed, instantOf(OSLO, '2026-03-28', '12:00'), OSLO);
    expect(isWithin(swallowed, next, OSLO)).toBe(true);
  });

  it('never lie between an instant and the next one within them', () => {
    const time = fc
      .tuple(fc.nat(23), fc.nat(59))
      .map(([h, m]) => `${String(h).padStart(2, '0')}:${String(m).padStart(2, '0')}`);
    const stretch = fc.record({
      days: fc.uniqueArray(fc.constantFrom(...everyDay), { minLength: 1 }),
      from: time,
      until: time,
    });
    const instant = fc.integer({ min: Date.UTC(2026, 0), max: Date.UTC(2026, 11) }).map((at) => new Date(at));
    fc.assert(
      fc.property(
        fc.array(stretch, { minLength: 1, maxLength: 4 }),
        instant,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (hours, at, share) => {
          const next = nextWithin(hours, at, OSLO);
          expect(isWithin(hours, next, OSLO)).toBe(true);
          const between = new Date(at.getTime() + share * (next.getTime() - at.getTime()));
          if (between < next) expect(isWithin(hours, between, OSLO)).toBe(false);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('are refused when they are empty, twice the same day, or no times', () => {
    const refused = [
      [],
      [{ days: [], from: '08:00', until: '09:00' }],
      [{ days: ['monday', 'monday'], from: '08:00', until: '09:00' }],
      [{ days: ['monday'], from: '24:00', until: '09:00' }],
    ];
    for (const hours of refused) expect(WeeklyHours.safeParse(hours).success).toBe(false);
  });
});
