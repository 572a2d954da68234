import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  capacityOn,
  countsAsOverThree,
  type ExpectedChild,
  staffNeededFor,
} from '../../../lambdas/features/reservations/capacity.ts';
import { periodsOn } from '../../../lambdas/features/reservations/staffing.ts';

const [young, old] = ['2025-02-01', '2022-02-01'];
const day = '2026-11-23';
const aChild = (birthDate: string | undefined, from: string, until?: string): ExpectedChild => ({
  birthDate,
  times: { from, until },
});

describe('the norm of staff', () => {
  it('is one for three children under three years, and one for six older ones', () => {
    expect([staffNeededFor(3, 0), staffNeededFor(0, 6), staffNeededFor(3, 6), staffNeededFor(4, 0)]).toEqual([
      1, 1, 2, 2,
    ]);
    expect([staffNeededFor(1, 4), staffNeededFor(1, 5), staffNeededFor(0, 0)]).toEqual([1, 2, 0]);
  });

  it('takes a child for older from August of the year in which it becomes three', () => {
    expect(countsAsOverThree('2023-12-31', '2026-07-31')).toBe(false);
    expect(countsAsOverThree('2023-12-31', '2026-08-01')).toBe(true);
    expect(countsAsOverThree('2023-01-01', '2026-07-31')).toBe(false);
    expect(countsAsOverThree('2022-12-31', '2026-01-01')).toBe(true);
  });

  it('takes a child of unknown age for a young one', () => {
    expect(countsAsOverThree(undefined, day)).toBe(false);
  });
});

describe('a day in half hours', () => {
  const planned = [{ from: '07:00', until: '09:15', staff: 1 }];

  it('says who is short when: children that touch a half hour, staff that is there for the whole of it', () => {
    const children = [
      aChild(young, '08:15', '09:10'),
      ...Array.from({ length: 6 }, () => aChild(old, '08:30', '09:30')),
    ];
    expect(capacityOn(day, children, planned, '17:00').filter(({ from }) => from >= '08:00')).toEqual([
      { from: '08:00', underThree: 1, overThree: 0, staffNeeded: 1, staffPlanned: 1, short: 0 },
      { from: '08:30', underThree: 1, overThree: 6, staffNeeded: 2, staffPlanned: 1, short: 1 },
      { from: '09:00', underThree: 1, overThree: 6, staffNeeded: 2, staffPlanned: 0, short: 2 },
    ]);
  });

  it('leaves out half hours with nobody, and keeps a child without an end until closing time', () => {
    const hours = capacityOn(day, [aChild(old, '15:00'), { birthDate: old, times: undefined }], [], '16:00');
    expect(hours.map(({ from, overThree }) => [from, overThree])).toEqual([
      ['15:00', 1],
      ['15:30', 1],
    ]);
  });

  it('agrees with a count minute by minute', () => {
    const time = fc.tuple(fc.integer({ min: 6, max: 18 }), fc.integer({ min: 0, max: 59 })).map(text);
    const span = fc.tuple(time, time).filter(([from, until]) => from < until);
    const child = fc
      .tuple(span, fc.constantFrom(young, old, undefined))
      .map(([[from, until], birth]) => aChild(birth, from, until));
    const period = fc
      .tuple(span, fc.integer({ min: 0, max: 3 }))
      .map(([[from, until], staff]) => ({ from, until, staff }));
    fc.assert(
      fc.property(fc.array(child, { maxLength: 8 }), fc.array(period, { maxLength: 4 }), (children, periods) => {
        const counted = capacityOn(day, children, periods, '17:00');
        for (let start = 0; start < 24 * 60; start += 30) {
          const within = Array.from({ length: 30 }, (_, i) => text([Math.floor((start + i) / 60), (start + i) % 60]));
          const there = children.filter(({ times }) => within.some((at) => times!.from <= at && at < times!.until!));
          const over = there.filter(({ birthDate }) => birthDate === old).length;
          const at = periods.filter(({ from, until }) => within.every((minute) => from <= minute && minute < until));
          const staffPlanned = at.reduce((all, { staff }) => all + staff, 0);
          const found = counted.find(({ from }) => from === within[0]);
          expect(found?.underThree ?? 0).toBe(there.length - over);
          expect(found?.overThree ?? 0).toBe(over);
          expect(found?.staffPlanned ?? 0).toBe(staffPlanned);
          const needed = there.length === 0 ? 0 : Math.ceil((there.length - over) / 3 + over / 6 - 1e-9);
          expect(found?.short ?? 0).toBe(Math.max(0, needed - staffPlanned));
        }
      }),
      { numRuns: 60 },
    );
  });
});

const text = ([hour, minute]: readonly [number, number]): string =>
  `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;

describe('planned staff', () => {
  it('of a day stands in its exception, and else in the standing week', () => {
    const usual = [{ from: '07:00', until: '15:00', staff: 3 }];
    const staffing = { standing: [{ weekday: 'monday' as const, periods: usual }], exceptions: [{ day, periods: [] }] };
    expect(periodsOn(staffing, day)).toEqual([]);
    expect(periodsOn(staffing, '2026-11-30')).toEqual(usual);
    expect(periodsOn(staffing, '2026-12-01')).toEqual([]);
  });
});
