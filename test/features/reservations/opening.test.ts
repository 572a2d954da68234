import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Closure } from '../../../lambdas/features/reservations/closure.ts';
import { eachDay, mondayOf, weekdayOf, weekdays } from '../../../lambdas/features/reservations/days.ts';
import {
  cutOffOf,
  isChangeable,
  nextOpenDay,
  type OpeningDays,
  openingOn,
} from '../../../lambdas/features/reservations/opening.ts';
import { type ReservationRules, rulesUnlessSet } from '../../../lambdas/features/reservations/rules.ts';
import { dayIn, daysAfter, daysOfWeek, timeOfDayIn, weekOf } from '../../../lambdas/platform/calendar.ts';
import { anId } from '../../support/store.ts';

const OSLO = 'Europe/Oslo';
const workdays = weekdays.slice(0, 5);
const thursdayNoon: ReservationRules = {
  ...rulesUnlessSet,
  openWeekdays: workdays,
  closedOnPublicHolidays: true,
  weekCutOff: { weeksBefore: 1, weekday: 'thursday', at: '12:00' },
};
const aClosure = (wanted: Partial<Closure>): Closure => ({
  id: anId('clo'),
  title: 'Planleggingsdag',
  kind: 'closed',
  from: '2026-12-01',
  until: '2026-12-01',
  ...wanted,
});
const only = (rules: ReservationRules, ...closures: Closure[]): OpeningDays => ({ rules, closures });

describe('a week', () => {
  it('has weekdays that agree with ISO weeks, over a year with 53 of them', () => {
    for (const day of eachDay('2026-12-01', '2027-01-31')) {
      expect(daysOfWeek(weekOf(day))?.[weekdays.indexOf(weekdayOf(day))]).toBe(day);
      expect(daysOfWeek(weekOf(day))?.[0]).toBe(mondayOf(day));
    }
  });
});

describe('a day', () => {
  it('is closed on other weekdays, on public holidays, and in a closed period, whatever else holds', () => {
    const period = aClosure({ from: '2026-12-21', until: '2026-12-23', kind: 'must-answer' });
    const days = only(thursdayNoon, period, aClosure({ from: '2026-12-22', until: '2026-12-22' }));
    expect(openingOn(days, '2026-12-19').kind).toBe('closed');
    expect(openingOn(days, '2026-12-25').kind).toBe('closed');
    expect(openingOn(days, '2026-12-21').kind).toBe('must-answer');
    expect(openingOn(days, '2026-12-22').kind).toBe('closed');
    expect(openingOn(days, '2026-12-28').kind).toBe('open');
  });

  it('is open where the organisation has said nothing', () => {
    expect(openingOn(only(rulesUnlessSet), '2026-12-25').kind).toBe('open');
    expect(cutOffOf(only(rulesUnlessSet), OSLO, '2026-12-25')).toBeUndefined();
  });
});

describe('a cut-off', () => {
  it('on Thursday at 12:00 the week before closes the whole next week, and names the Monday after', () => {
    const days = only(thursdayNoon);
    // Thursday 26 November 2026; Oslo is one hour ahead of UTC.
    const [before, after] = [new Date('2026-11-26T10:59:59.999Z'), new Date('2026-11-26T11:00:00Z')];
    expect(nextOpenDay(days, OSLO, before)).toBe('2026-11-30');
    expect(nextOpenDay(days, OSLO, after)).toBe('2026-12-07');
    expect(isChangeable(days, OSLO, '2026-12-04', before)).toBe(true);
    expect(isChangeable(days, OSLO, '2026-12-04', after)).toBe(false);
  });

  it('keeps its time of day when the clocks change in between', () => {
    // The clocks go back on 25 October 2026: Thursday the 22nd is two hours ahead of UTC, the 29th one hour.
    expect(cutOffOf(only(thursdayNoon), OSLO, '2026-10-26')?.toISOString()).toBe('2026-10-22T10:00:00.000Z');
    expect(cutOffOf(only(thursdayNoon), OSLO, '2026-11-02')?.toISOString()).toBe('2026-10-29T11:00:00.000Z');
  });

  it('in the hour that spring skips comes when that hour would have begun', () => {
    const rules: ReservationRules = { ...rulesUnlessSet, dayCutOff: { daysBefore: 1, at: '02:30' } };
    expect(cutOffOf(only(rules), OSLO, '2027-03-29')?.toISOString()).toBe('2027-03-28T01:30:00.000Z');
  });

  it('of a period that asks for an answer is that period’s own', () => {
    const answerBefore = { day: '2026-12-01', at: '18:00' };
    const easter = aClosure({ kind: 'must-answer', from: '2026-12-21', until: '2026-12-23', answerBefore });
    const days = only(thursdayNoon, easter);
    expect(cutOffOf(days, OSLO, '2026-12-22')?.toISOString()).toBe('2026-12-01T17:00:00.000Z');
    expect(cutOffOf(days, OSLO, '2026-12-18')?.toISOString()).toBe('2026-12-10T11:00:00.000Z');
    // Its days are too late, the week before them is not, and the week after is the next that opens.
    expect(nextOpenDay(days, OSLO, new Date('2026-12-10T12:00:00Z'))).toBe('2026-12-24');
  });
});

const day = fc.integer({ min: 0, max: 3000 }).map((days) => daysAfter('2025-01-01', days));
const timeOfDay = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom('00', '30', '59'))
  .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${minute}`);
const weekCutOff = fc.record({
  weeksBefore: fc.integer({ min: 1, max: 4 }),
  weekday: fc.constantFrom(...weekdays),
  at: timeOfDay,
});
const dayCutOff = fc.record({ daysBefore: fc.integer({ min: 0, max: 14 }), at: timeOfDay });
const cutOffs = fc.oneof(
  fc.record({ weekCutOff }),
  fc.record({ dayCutOff }),
  fc.record({ weekCutOff, dayCutOff }),
) as fc.Arbitrary<Pick<ReservationRules, 'weekCutOff' | 'dayCutOff'>>;
const rules: fc.Arbitrary<ReservationRules> = fc
  .tuple(fc.uniqueArray(fc.constantFrom(...weekdays), { minLength: 1 }), fc.boolean(), cutOffs)
  .map(([openWeekdays, closedOnPublicHolidays, some]) => ({
    ...rulesUnlessSet,
    openWeekdays,
    closedOnPublicHolidays,
    ...some,
  }));
const closures = (around: string) =>
  fc.array(
    fc
      .tuple(
        fc.integer({ min: -5, max: 60 }),
        fc.integer({ min: 0, max: 20 }),
        fc.constantFrom('closed', 'reduced-staff'),
      )
      .map(([ahead, long, kind]) =>
        aClosure({
          kind: kind as Closure['kind'],
          from: daysAfter(around, ahead),
          until: daysAfter(around, ahead + long),
        }),
      ),
    { maxLength: 4 },
  );
/** Around the days on which Oslo's clocks change, and anywhere. */
const instant = fc
  .tuple(
    fc.oneof(day, fc.constantFrom('2026-10-25', '2027-03-28', '2026-12-31')),
    fc.integer({ min: -86_400, max: 86_400 }),
  )
  .map(([on, seconds]) => new Date(Date.parse(on) + seconds * 1000));
const zones = fc.constantFrom(OSLO, 'America/New_York', 'Pacific/Auckland', 'UTC');

describe('the next open day', () => {
  const given = instant.chain((now) =>
    fc.record({
      now: fc.constant(now),
      days: fc.record({ rules, closures: closures(now.toISOString().slice(0, 10)) }),
      zone: zones,
    }),
  );

  it('is never closed, never over, never behind its cut-off, and no earlier day is all of that', () => {
    fc.assert(
      fc.property(given, ({ now, days, zone }) => {
        const today = dayIn(zone, now);
        const next = nextOpenDay(days, zone, now);
        if (next === undefined) return;
        expect(next >= today).toBe(true);
        expect(openingOn(days, next).kind).not.toBe('closed');
        const at = cutOffOf(days, zone, next);
        expect(at === undefined || at > now).toBe(true);
        for (const earlier of eachDay(today, daysAfter(next, -1))) {
          const isOpen = openingOn(days, earlier).kind !== 'closed';
          expect(isOpen && cutOffOf(days, zone, earlier)! > now).toBe(false);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('exists, as long as the closures end', () => {
    fc.assert(
      fc.property(given, ({ now, days, zone }) => {
        expect(nextOpenDay(days, zone, now)).toMatch(/^\d{4}-\d{2}-\d{2}$/);
      }),
      { numRuns: 50 },
    );
  });

  it('has a cut-off at the time of day that the rule says, or an hour on where spring skips it', () => {
    fc.assert(
      fc.property(rules, day, (some, on) => {
        const at = cutOffOf(only(some), OSLO, on)!;
        const said = [some.weekCutOff?.at, some.dayCutOff?.at].filter((time) => time !== undefined);
        expect([...said, ...said.map((time) => time.replace(/^02/, '03'))]).toContain(timeOfDayIn(OSLO, at));
        expect(dayIn(OSLO, at) <= on).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});
