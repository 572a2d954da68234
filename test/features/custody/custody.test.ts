import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Custody, homeOn } from '../../../lambdas/features/custody/custody.ts';
import { remindersGoTo } from '../../../lambdas/features/custody/reminded.ts';
import type { GuardianLink } from '../../../lambdas/features/people/person.ts';
import { eachDay } from '../../../lambdas/features/reservations/days.ts';
import { daysAfter, daysOfWeek, weekOf } from '../../../lambdas/platform/calendar.ts';
import { anId } from '../../support/store.ts';

const [mother, father, partner] = [anId('per'), anId('per'), anId('per')];
const week = (home: 'first' | 'second') => ({ days: Array.from({ length: 7 }, () => home) });
const everyOtherWeek: Custody = {
  homes: { first: [mother], second: [father] },
  from: '2026-11-02',
  weeks: [week('first'), week('second')],
  exceptions: [],
};

describe('two homes', () => {
  it('take turns by the week', () => {
    expect(homeOn(everyOtherWeek, '2026-11-08')).toEqual([mother]);
    expect(homeOn(everyOtherWeek, '2026-11-09')).toEqual([father]);
    expect(homeOn(everyOtherWeek, '2026-11-16')).toEqual([mother]);
  });

  it('go on taking turns after a week 53, where two odd weeks follow each other', () => {
    expect(weekOf('2026-12-28')).toBe('2026-W53');
    const mondays = ['2026-12-21', '2026-12-28', '2027-01-04', '2027-01-11'];
    expect(mondays.map((day) => homeOn(everyOtherWeek, day)?.[0])).toEqual([father, mother, father, mother]);
  });

  it('change on days, whatever the clocks do', () => {
    const summer: Custody = { ...everyOtherWeek, from: '2026-10-12' };
    expect(eachDay('2026-10-24', '2026-10-27').map((day) => homeOn(summer, day)?.[0])).toEqual([
      father,
      father,
      mother,
      mother,
    ]);
    expect(eachDay('2027-03-27', '2027-03-29').map((day) => homeOn(summer, day)?.[0])).toEqual([
      father,
      father,
      mother,
    ]);
  });

  it('may split a week: from Wednesday to Friday with the other', () => {
    const weeks: Custody['weeks'] = [{ days: ['first', 'first', 'second', 'second', 'second', 'first', 'first'] }];
    const split = { ...everyOtherWeek, from: '2026-11-04', weeks };
    expect(homeOn(split, '2026-11-04')).toEqual([father]);
    expect(homeOn(split, '2026-11-07')).toEqual([mother]);
    expect(homeOn(split, '2026-11-11')).toEqual([father]);
  });

  it('have exceptions, the later of which holds', () => {
    const exceptions: Custody['exceptions'] = [
      { from: '2026-12-21', until: '2026-12-31', home: 'first' },
      { from: '2026-12-24', until: '2026-12-24', home: 'second' },
    ];
    const custody = { ...everyOtherWeek, exceptions };
    expect(homeOn(custody, '2026-12-23')).toEqual([mother]);
    expect(homeOn(custody, '2026-12-24')).toEqual([father]);
    expect(homeOn(custody, '2026-12-25')).toEqual([mother]);
  });

  it('say nothing of days before and after', () => {
    const custody = { ...everyOtherWeek, until: '2026-11-20' };
    expect(homeOn(custody, '2026-11-01')).toBeUndefined();
    expect(homeOn(custody, '2026-11-20')).toEqual([mother]);
    expect(homeOn(custody, '2026-11-21')).toBeUndefined();
  });

  it('come again after each cycle: the day that many weeks on is spent in the same home', () => {
    const home = fc.constantFrom('first' as const, 'second' as const);
    const weeks = fc.array(fc.record({ days: fc.array(home, { minLength: 7, maxLength: 7 }) }), {
      minLength: 1,
      maxLength: 4,
    });
    const day = fc.integer({ min: 0, max: 2500 }).map((days) => daysAfter('2026-01-01', days));
    fc.assert(
      fc.property(weeks, day, fc.integer({ min: 0, max: 600 }), (cycle, from, ahead) => {
        const custody: Custody = { ...everyOtherWeek, from, weeks: cycle };
        const on = daysAfter(from, ahead);
        expect(homeOn(custody, daysAfter(on, 7 * cycle.length))).toEqual(homeOn(custody, on));
        // Counted by walking through ISO weeks one by one, as a calendar on the wall does.
        let [walked, weeksOn] = [from, 0];
        while (weekOf(walked) !== weekOf(on)) [walked, weeksOn] = [daysAfter(walked, 7), weeksOn + 1];
        const weekday = daysOfWeek(weekOf(on))!.indexOf(on);
        expect(homeOn(custody, on)).toEqual(custody.homes[cycle[weeksOn % cycle.length]!.days[weekday]!]);
      }),
      { numRuns: 100 },
    );
  });
});

describe('reminders about a child', () => {
  const guardian = (guardianId: typeof mother, link: Partial<GuardianLink> = {}, isBlocked = false) => ({
    link: {
      guardianId,
      relation: 'other',
      rights: 'parental-responsibility',
      livesWith: true,
      from: '2020-01-01',
      ...link,
    } satisfies GuardianLink,
    isBlocked,
  });
  const [first, second] = ['2026-11-04', '2026-11-11'];

  it('go to whoever has the child that week', () => {
    const both = [guardian(mother), guardian(father, { livesWith: false })];
    expect(remindersGoTo(both, everyOtherWeek, first)).toEqual([mother]);
    expect(remindersGoTo(both, everyOtherWeek, second)).toEqual([father]);
  });

  it('go without an agreement to all who decide and live with the child', () => {
    const all = [guardian(mother), guardian(partner), guardian(father, { livesWith: false })];
    expect(remindersGoTo(all, undefined, first)).toEqual([mother, partner]);
    expect(remindersGoTo(all, everyOtherWeek, '2026-10-01')).toEqual([mother, partner]);
  });

  it('never go to a blocked one, even in that one’s week', () => {
    const both = [guardian(mother), guardian(father, {}, true)];
    expect(remindersGoTo(both, everyOtherWeek, second)).toEqual([mother]);
    expect(remindersGoTo([guardian(father, {}, true)], everyOtherWeek, second)).toEqual([]);
  });

  it('go to nobody who may only know, only picks up, or is a guardian no more', () => {
    const others = [
      guardian(mother, { rights: 'information-only' }),
      guardian(partner, { rights: 'pick-up-only' }),
      guardian(father, { until: '2026-11-03' }),
    ];
    expect(remindersGoTo(others, everyOtherWeek, first)).toEqual([]);
    expect(remindersGoTo(others, undefined, first)).toEqual([]);
  });
});
