import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AttendanceDay } from '../../../lambdas/features/attendance/attendance-day.ts';
import type { Closure } from '../../../lambdas/features/reservations/closure.ts';
import { eachDay, weekdayOf, weekdays } from '../../../lambdas/features/reservations/days.ts';
import {
  fill,
  fillAnew,
  leaveEmpty,
  type Planned,
  type Planner,
  plan,
  planAbsence,
  planGently,
} from '../../../lambdas/features/reservations/decisions.ts';
import { rulesUnlessSet } from '../../../lambdas/features/reservations/rules.ts';
import { type StandingWeek, usualTimesOn, withVersion } from '../../../lambdas/features/reservations/standing-week.ts';
import { daysAfter } from '../../../lambdas/platform/calendar.ts';
import { anId } from '../../support/store.ts';

const by = anId('per');
const now = new Date('2026-11-23T09:00:00Z');
const closed: Closure = { id: anId('clo'), title: 'Stengt', kind: 'closed', from: '2026-12-02', until: '2026-12-02' };
const staff: Planner = {
  mayAlways: true,
  opening: { rules: rulesUnlessSet, closures: [closed] },
  timeZone: 'Europe/Oslo',
  now,
  placements: [],
};
const guardian: Planner = {
  ...staff,
  mayAlways: false,
  opening: {
    rules: { ...rulesUnlessSet, weekCutOff: { weeksBefore: 1, weekday: 'thursday', at: '12:00' } },
    closures: [closed],
  },
};
const eight = { from: '08:00', until: '16:00', by };
const dayWith = (fields: Partial<AttendanceDay> = {}): AttendanceDay => ({
  day: '2026-12-01',
  stays: [],
  corrections: [],
  ...fields,
});
const stay = { id: '1', checkedInAt: '2026-11-23T07:00:00.000Z', checkedInBy: by };

describe('a day that is planned', () => {
  it('takes the times, loses them, and is left alone when nothing changes', () => {
    const set = plan('2026-12-01', undefined, eight, staff);
    expect(set).toMatchObject({ outcome: 'set', after: { expected: eight } });
    expect(plan('2026-12-01', set.after, eight, staff)).toEqual({ day: '2026-12-01', outcome: 'unchanged' });
    const cleared = plan('2026-12-01', set.after, undefined, staff);
    expect(cleared.outcome).toBe('cleared');
    expect(cleared.after).not.toHaveProperty('expected');
  });

  it('is not over, not closed and, for a guardian, not behind the cut-off', () => {
    expect(plan('2026-11-22', undefined, eight, staff).outcome).toBe('over');
    expect(plan('2026-12-02', undefined, eight, staff).outcome).toBe('closed');
    expect(plan('2026-11-27', undefined, eight, guardian).outcome).toBe('behind-cut-off');
    expect(plan('2026-11-27', undefined, eight, staff).outcome).toBe('set');
    expect(plan('2026-12-01', undefined, eight, guardian).outcome).toBe('set');
  });

  it('keeps its absence when its times change', () => {
    const absence = { reason: 'holiday', by, at: now.toISOString() } as const;
    expect(plan('2026-12-01', dayWith({ absence }), eight, staff).after).toMatchObject({ absence, expected: eight });
  });
});

describe('many days at once', () => {
  it('leave alone an absence, a stay, and a day on which the child has no place', () => {
    const absence = { reason: 'other', by, at: now.toISOString() } as const;
    expect(planGently('2026-12-01', dayWith({ absence }), eight, staff).outcome).toBe('absent');
    expect(planGently('2026-12-01', dayWith({ stays: [stay] }), eight, staff).outcome).toBe('has-been-there');
    const placements = [{ groupId: anId('grp'), from: '2026-12-02' }];
    expect(planGently('2026-12-01', undefined, eight, { ...staff, placements }).outcome).toBe('not-placed');
  });

  it('are reported absent but for closed ones and those that have had the child', () => {
    const said = { reason: 'holiday', by } as const;
    const outcome = (day: string, known?: AttendanceDay) => planAbsence(day, known, said, guardian).outcome;
    expect(outcome('2026-11-27')).toBe('set');
    expect(outcome('2026-12-02')).toBe('closed');
    expect(outcome('2026-11-22')).toBe('over');
    expect(outcome('2026-11-23', dayWith({ stays: [stay] }))).toBe('has-been-there');
    const absent = planAbsence('2026-12-01', dayWith({ expected: eight }), said, guardian);
    expect(absent.after).toMatchObject({ expected: eight, absence: { ...said, at: now.toISOString() } });
    expect(outcome('2026-12-01', absent.after)).toBe('unchanged');
  });
});

describe('a standing week', () => {
  const week = (from: string, time: string): StandingWeek => ({
    from,
    by,
    days: weekdays.slice(0, 4).map((weekday) => ({ weekday, from: time })),
  });
  const [old, young] = [week('2026-11-23', '08:00'), week('2026-11-23', '09:00')];

  it('is entered into a day that nobody has been at, and into no other', () => {
    expect(fill('2026-12-01', undefined, [], [old], staff)).toMatchObject({ outcome: 'set' });
    expect(fill('2026-12-01', dayWith(), [], [old], staff).outcome).toBe('changed-by-hand');
    expect(fillAnew('2026-12-01', dayWith(), [old], staff)).toMatchObject({ outcome: 'set' });
  });

  it('follows its own changes, and leaves what was changed by hand', () => {
    const entered = dayWith({ expected: { from: '08:00', by } });
    expect(fill('2026-12-01', entered, [old], [young], staff).after).toMatchObject({ expected: { from: '09:00' } });
    expect(fill('2026-12-01', entered, [old], [], staff).outcome).toBe('cleared');
    const byHand = dayWith({ expected: { from: '08:30', by } });
    expect(fill('2026-12-01', byHand, [old], [young], staff).outcome).toBe('changed-by-hand');
  });

  it('does not come back into a day that was left empty on purpose', () => {
    const nothing = plan('2026-12-01', undefined, undefined, staff);
    const empty = leaveEmpty(nothing, undefined, true).after;
    expect(fill('2026-12-01', empty, [], [old], staff).outcome).toBe('changed-by-hand');
    expect(leaveEmpty(nothing, undefined, false).after).toBeUndefined();
  });

  it('holds from its day on alone, and ends the one before', () => {
    const versions = withVersion(withVersion([], old), { ...young, from: '2026-12-03', days: [] });
    expect(usualTimesOn(versions, '2026-12-02')?.from).toBe('08:00');
    expect(usualTimesOn(versions, '2026-12-07')).toBeUndefined();
    expect(withVersion(versions, { ...young, from: '2026-11-30' })).toHaveLength(2);
  });

  /**
   * A model of a calendar on the wall: pencil for what the standing week puts there, ink for what a hand puts there.
   * Ink stays; pencil is rubbed out and written anew.
   */
  it('with changes by hand is what a model of pencil and ink says, whatever happens in which order', () => {
    const days = eachDay('2026-11-24', '2026-12-13');
    const time = fc.constantFrom('07:00', '08:00', '09:00');
    const standing = fc
      .tuple(fc.integer({ min: 0, max: 19 }), fc.uniqueArray(fc.constantFrom(...weekdays)), time)
      .map(([from, on, at]) => ({ kind: 'standing' as const, from: days[from]!, on, at }));
    const hand = fc
      .tuple(fc.integer({ min: 0, max: 19 }), fc.option(fc.constantFrom('07:15', '08:15'), { nil: undefined }))
      .map(([day, at]) => ({ kind: 'hand' as const, day: days[day]!, at }));
    fc.assert(
      fc.property(fc.array(fc.oneof(standing, hand), { maxLength: 12 }), (acts) => {
        const stored = new Map<string, AttendanceDay>();
        const model = new Map<string, { at: string | undefined; isInk: boolean }>();
        let versions: StandingWeek[] = [];
        for (const act of acts) {
          if (act.kind === 'hand') {
            const known = stored.get(act.day);
            const wanted = act.at === undefined ? undefined : { from: act.at, by };
            const usual = usualTimesOn(versions, act.day);
            keep(stored, leaveEmpty(plan(act.day, known, wanted, staff), known, usual !== undefined));
            const pencil = model.get(act.day);
            // A hand that finds what it wants in pencil, or nothing where nothing usually is, leaves no trace.
            const isTrace = pencil?.at !== act.at || (act.at === undefined && usual !== undefined);
            const isOpen = act.at === undefined || act.day !== closed.from;
            if (isTrace && isOpen) model.set(act.day, { at: act.at, isInk: true });
            continue;
          }
          const was = versions;
          const from = act.from;
          versions = withVersion(was, { from, by, days: act.on.map((weekday) => ({ weekday, from: act.at })) });
          for (const day of eachDay(from, days.at(-1)!)) {
            keep(stored, fill(day, stored.get(day), was, versions, staff));
            const pencil = model.get(day);
            if (pencil?.isInk || day === closed.from) continue;
            const at = act.on.includes(weekdayOf(day)) ? act.at : undefined;
            // What was once rubbed out has been touched: the paper shows it.
            if (pencil && pencil.at === undefined) continue;
            if (pencil || at !== undefined) model.set(day, { at, isInk: false });
          }
        }
        for (const day of days) expect(stored.get(day)?.expected?.from, day).toBe(model.get(day)?.at);
      }),
      { numRuns: 120 },
    );
  });
});

const keep = (stored: Map<string, AttendanceDay>, { day, after }: Planned) => after && stored.set(day, after);

describe('a copied week', () => {
  it('is like its source on every day that could be changed, and as it was on every other', () => {
    const times = fc.option(fc.constantFrom('07:00', '08:00'), { nil: undefined });
    const kinds = fc.constantFrom('plain' as const, 'absent' as const, 'stay' as const);
    const day = fc.record({ source: times, target: times, kind: kinds });
    fc.assert(
      fc.property(fc.array(day, { minLength: 7, maxLength: 7 }), fc.boolean(), (week, isGuardian) => {
        const planner = isGuardian ? guardian : staff;
        week.forEach(({ source, target, kind }, i) => {
          const on = daysAfter('2026-11-30', i);
          const before: AttendanceDay = {
            ...dayWith({ day: on }),
            ...(target !== undefined && { expected: { from: target, by } }),
            ...(kind === 'absent' && { absence: { reason: 'other', by, at: now.toISOString() } }),
            ...(kind === 'stay' && { stays: [stay] }),
          };
          const wanted = source === undefined ? undefined : { from: source, by };
          const copied = planGently(on, before, wanted, planner);
          const after = copied.after ?? before;
          const isFree = kind === 'plain' && !(on === closed.from && source !== undefined);
          expect(after.expected?.from).toBe(isFree ? source : target);
          expect({ ...after, expected: undefined }).toEqual({ ...before, expected: undefined });
        });
      }),
      { numRuns: 100 },
    );
  });
});
