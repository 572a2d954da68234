import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  dayIn,
  daysAfter,
  daysOfWeek,
  endOfTerm,
  instantOf,
  timeOfDayIn,
  weekOf,
} from '../../lambdas/platform/calendar.ts';

const OSLO = 'Europe/Oslo';

describe('a day', () => {
  it.each([
    ['2026-11-20T22:59:59Z', '2026-11-20'],
    ['2026-11-20T23:00:00Z', '2026-11-21'],
    ['2026-06-20T22:00:00Z', '2026-06-21'],
  ])('in Oslo at %s is %s', (at, day) => expect(dayIn(OSLO, new Date(at))).toBe(day));

  it('begins and ends at midnight in its zone, whatever DST does', () => {
    expect(instantOf(OSLO, '2026-10-25').toISOString()).toBe('2026-10-24T22:00:00.000Z');
    expect(instantOf(OSLO, '2026-10-26').toISOString()).toBe('2026-10-25T23:00:00.000Z');
    expect(instantOf(OSLO, '2027-03-28', '02:30').toISOString()).toBe('2027-03-28T01:30:00.000Z');
  });

  it('and its time of day lead back to the instant', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('2026-01-01'), max: new Date('2036-01-01'), noInvalidDate: true }),
        (date) => {
          const at = new Date(Math.floor(date.getTime() / 60_000) * 60_000);
          const back = instantOf(OSLO, dayIn(OSLO, at), timeOfDayIn(OSLO, at));
          // The repeated hour of October has two instants for one time of day.
          expect([0, -60 * 60_000]).toContain(back.getTime() - at.getTime());
        },
      ),
    );
  });
});

describe('a week', () => {
  it.each([
    ['2026-W47', '2026-11-16', '2026-11-22'],
    ['2026-W53', '2026-12-28', '2027-01-03'],
    ['2027-W01', '2027-01-04', '2027-01-10'],
  ])('%s runs from %s to %s', (week, monday, sunday) => {
    const days = daysOfWeek(week);
    expect([days?.[0], days?.[6]]).toEqual([monday, sunday]);
  });
  it.each(['2027-W53', '2026-W00', '2026-W54', '2026-47', ''])('%s is none', (week) =>
    expect(daysOfWeek(week)).toBeUndefined(),
  );
  it('holds each of its days', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20_000 }), (n) => {
        const day = daysAfter('2000-01-01', n);
        expect(daysOfWeek(weekOf(day))).toContain(day);
      }),
    );
  });
});

describe('a term', () => {
  it.each([
    ['2027-01-31T12:00:00Z', 1, '2027-02-28T23:00:00.000Z'],
    ['2028-01-31T12:00:00Z', 1, '2028-02-29T23:00:00.000Z'],
    ['2026-09-30T21:59:00Z', 6, '2027-03-30T22:00:00.000Z'],
  ])('from %s of %i months ends at %s: 24:00 of that local day', (from, months, end) =>
    expect(endOfTerm(OSLO, new Date(from), months).toISOString()).toBe(end),
  );
});
