import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AttendanceDay,
  AttendanceDay as AttendanceDaySchema,
  boundsOf,
  CORRECTIONS_MAX,
  emptyDay,
  openStayOf,
  STAYS_MAX,
} from '../../../lambdas/features/attendance/attendance-day.ts';
import {
  asOf,
  checkIn,
  checkOut,
  closeForgotten,
  correct,
  expectArrival,
  missedArrival,
  reportAbsence,
  withdrawAbsence,
} from '../../../lambdas/features/attendance/decisions.ts';
import { Problem } from '../../../lambdas/http/problem.ts';
import { anId } from '../../support/store.ts';

const by = anId('per');
const other = anId('per');
const day = '2026-11-23';
const bounds = boundsOf('Europe/Oslo', day);
const at = (time: string) => new Date(`${day}T${time}:00+01:00`).toISOString();
const came = (time: string, before = emptyDay(day)) => checkIn(before, { by, now: at(time) });
const left = (time: string, before: AttendanceDay) => checkOut(before, { by: other, now: at(time) }, bounds);

/** Everything that anybody can do to a day, at any minute of it and of the night after. */
const operation = fc.record({
  what: fc.constantFrom('in', 'out', 'close', 'absent', 'present', 'expect', 'correct', 'withdraw', 'stretch'),
  minute: fc.integer({ min: 0, max: 24 * 60 + 30 }),
  otherMinute: fc.integer({ min: 0, max: 24 * 60 }),
  stayId: fc.integer({ min: 1, max: 4 }).map(String),
});
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;
const minuteOf = (minute: number) => new Date(Date.parse(bounds.start) + minute * 60_000).toISOString();

function carriedOut(before: AttendanceDay, { what, minute, otherMinute, stayId }: Operation): AttendanceDay {
  const now = minuteOf(minute);
  const wanted = { by, now, stayId, reason: 'wrong-time' } as const;
  switch (what) {
    case 'in':
      // A door checks in on today, so never after the day.
      return checkIn(before, { by, now: now < bounds.end ? now : bounds.start });
    case 'out':
      return checkOut(before, { by, now }, bounds);
    case 'close':
      return closeForgotten(before, bounds.end);
    case 'absent':
      return reportAbsence(before, { by, now, reason: 'other' });
    case 'present':
      return withdrawAbsence(before);
    case 'expect':
      return expectArrival(before, { from: '08:00', by });
    case 'correct':
      return correct(before, { ...wanted, changes: { checkedInAt: minuteOf(otherMinute) } }, bounds);
    case 'withdraw':
      return correct(before, { ...wanted, changes: { withdrawn: true } }, bounds);
    default: {
      const [checkedInAt, checkedOutAt] = [otherMinute, Math.min(otherMinute + 30, 24 * 60)].map(minuteOf);
      return correct(before, { ...wanted, changes: { checkedInAt, checkedOutAt } }, bounds);
    }
  }
}

describe('any sequence of what people do to a day (FW-03)', () => {
  it('leaves at most one open stay, stays that never overlap, and every correction', () => {
    let accepted = 0;
    fc.assert(
      fc.property(fc.array(operation, { minLength: 5, maxLength: 40, size: 'max' }), (operations) => {
        let present = emptyDay(day);
        for (const wanted of operations) {
          const before = present;
          try {
            present = carriedOut(before, wanted);
            accepted++;
          } catch (error) {
            if (!(error instanceof Problem)) throw error;
          }
          AttendanceDaySchema.parse(present);
          expect(present.stays.filter(({ checkedOutAt }) => checkedOutAt === undefined).length).toBeLessThanOrEqual(1);
          expectApart(present);
          expect(present.corrections.slice(0, before.corrections.length)).toEqual(before.corrections);
          expect(new Set(present.stays.map(({ id }) => id)).size).toBe(present.stays.length);
          expectNothingLost(before, present);
        }
      }),
      { numRuns: 300 },
    );
    // Were everything refused, this would prove nothing.
    expect(accepted).toBeGreaterThan(1000);
  });

  const expectApart = ({ stays }: AttendanceDay) => {
    for (const [i, stay] of stays.entries()) {
      const next = stays[i + 1];
      if (next) expect((stay.checkedOutAt ?? '9999') <= next.checkedInAt).toBe(true);
      if (stay.checkedOutAt !== undefined) expect(stay.checkedOutAt >= stay.checkedInAt).toBe(true);
    }
  };

  /** Times that stood there and do not any more stand in a correction. */
  const expectNothingLost = (before: AttendanceDay, after: AttendanceDay) => {
    for (const { id, checkedInAt, checkedOutAt } of before.stays) {
      const now = after.stays.find((stay) => stay.id === id);
      const isSame =
        now?.checkedInAt === checkedInAt && (checkedOutAt === undefined || now.checkedOutAt === checkedOutAt);
      if (isSame) continue;
      expect(after.corrections.at(-1)).toMatchObject({ stayId: id, before: { checkedInAt } });
      expect(after.corrections.at(-1)?.before?.checkedOutAt).toBe(checkedOutAt);
    }
  };
});

describe('a door', () => {
  it('lets a child in, and out again by somebody else', () => {
    expect(left('16:00', came('08:00')).stays).toEqual([
      { id: '1', checkedInAt: at('08:00'), checkedInBy: by, checkedOutAt: at('16:00'), checkedOutBy: other },
    ]);
  });

  it('refuses a second check-in, and a check-out of nobody', () => {
    expect(() => came('09:00', came('08:00'))).toThrow(expect.objectContaining({ slug: 'already-checked-in' }));
    expect(() => left('09:00', emptyDay(day))).toThrow(expect.objectContaining({ slug: 'not-checked-in' }));
  });

  it('whose clock is behind another door’s ends no stay before it began, and begins none before the last ended', () => {
    expect(left('07:59', came('08:00')).stays[0]).toMatchObject({ checkedOutAt: at('08:00') });
    const again = came('08:59', left('09:00', came('08:00')));
    expect(openStayOf(again)).toMatchObject({ id: '2', checkedInAt: at('09:00') });
  });

  it('that opens after midnight ends the stay at 24:00 of its own day', () => {
    const next = checkOut(came('08:00'), { by, now: '2026-11-24T06:30:00.000Z' }, bounds);
    expect(next.stays[0]).toMatchObject({ checkedOutAt: '2026-11-23T23:00:00.000Z', closedBySystem: true });
    expect(next.stays[0]).not.toHaveProperty('checkedOutBy');
  });

  it('forgets the absence of a child that comes after all', () => {
    const absent = reportAbsence(emptyDay(day), { by, now: at('06:00'), reason: 'holiday' });
    expect(came('08:00', absent)).not.toHaveProperty('absence');
  });

  it('takes no more stays than a day may have', () => {
    let present = emptyDay(day);
    for (let i = 0; i < STAYS_MAX; i++) present = left('08:00', came('08:00', present));
    expect(() => came('09:00', present)).toThrow(expect.objectContaining({ slug: 'too-many' }));
  });
});

describe('a day seen after its end', () => {
  it('has nobody in it, whether or not the clock has come by', () => {
    const forgotten = came('08:00');
    expect(openStayOf(asOf(forgotten, at('23:59'), bounds))).toBeDefined();
    expect(asOf(forgotten, bounds.end, bounds).stays[0]).toMatchObject({ checkedOutAt: bounds.end });
  });

  it.each([
    ['2026-10-25', '2026-10-25T23:00:00.000Z', 25],
    ['2027-03-28', '2027-03-28T22:00:00.000Z', 23],
    ['2026-11-23', '2026-11-23T23:00:00.000Z', 24],
  ])('ends at 24:00 in Oslo on %s: %s, after %i hours', (date, end, hours) => {
    const { start, end: ends } = boundsOf('Europe/Oslo', date);
    expect(ends).toBe(end);
    expect((Date.parse(ends) - Date.parse(start)) / 3_600_000).toBe(hours);
  });
});

describe('a correction', () => {
  const wanted = { by: other, now: at('17:00'), stayId: '1', reason: 'forgotten' } as const;
  const whole = left('16:00', came('08:00'));

  it('keeps what was there before, who corrected it and when', () => {
    const corrected = correct(whole, { ...wanted, changes: { checkedOutAt: '2026-11-23T14:30Z' } }, bounds);
    expect(corrected.stays[0]).toMatchObject({ checkedOutAt: '2026-11-23T14:30:00.000Z', checkedOutBy: other });
    expect(corrected.corrections).toEqual([
      {
        at: at('17:00'),
        by: other,
        reason: 'forgotten',
        stayId: '1',
        before: { checkedInAt: at('08:00'), checkedOutAt: at('16:00') },
        after: { checkedInAt: at('08:00'), checkedOutAt: '2026-11-23T14:30:00.000Z' },
      },
    ]);
  });

  it('takes away a stay that never was, and gives its id to no other', () => {
    const withdrawn = correct(whole, { ...wanted, changes: { withdrawn: true } }, bounds);
    expect(withdrawn.stays).toEqual([]);
    expect(withdrawn.corrections[0]).not.toHaveProperty('after');
    expect(openStayOf(came('17:30', withdrawn))?.id).toBe('2');
  });

  it('by people takes the place of the clock’s closing', () => {
    const closed = closeForgotten(came('08:00'), bounds.end);
    const morning = { ...wanted, now: '2026-11-24T07:00:00.000Z', changes: { checkedOutAt: at('16:00') } };
    const [stay] = correct(closed, morning, bounds).stays;
    expect(stay).toMatchObject({ checkedOutBy: other });
    expect(stay).not.toHaveProperty('closedBySystem');
  });

  it.each([
    ['before the day', { checkedInAt: '2026-11-22T22:59:00Z' }],
    ['after the day', { checkedOutAt: '2026-11-23T23:01:00Z' }],
    ['in the future', { checkedOutAt: at('17:01') }],
    ['that ends before it begins', { checkedInAt: at('16:01') }],
    ['over another', { checkedOutAt: at('16:45') }],
  ])('is refused for a stay %s', (_, changes) => {
    const two = left('16:50', came('16:30', whole));
    expect(() => correct(two, { ...wanted, changes }, bounds)).toThrow(
      expect.objectContaining({ slug: 'wrong-state' }),
    );
  });

  it('of an unknown stay is refused', () => {
    expect(() => correct(whole, { ...wanted, stayId: '7', changes: { withdrawn: true } }, bounds)).toThrow(
      expect.objectContaining({ slug: 'stay-not-found' }),
    );
  });

  it('is refused when the day can keep no more of them', () => {
    let present = whole;
    for (let i = 0; i < CORRECTIONS_MAX; i++) {
      present = correct(present, { ...wanted, changes: { checkedOutAt: at(i % 2 ? '15:00' : '14:00') } }, bounds);
    }
    expect(() => correct(present, { ...wanted, changes: { withdrawn: true } }, bounds)).toThrow(
      expect.objectContaining({ slug: 'too-many' }),
    );
  });
});

describe('a child that does not come', () => {
  const expected = expectArrival(emptyDay(day), { from: '08:00', by });
  const asked = (present: AttendanceDay, now = at('08:30')) => missedArrival(present, { now, dueAt: at('08:30') });

  it('is asked for when it is due, and not a minute before', () => {
    expect(asked(expected)).toBe('tell');
    expect(asked(expected, at('08:29'))).toBe('wait');
  });

  it.each([
    ['came', came('08:10', expected)],
    ['came and went', left('08:20', came('08:10', expected))],
    ['is absent', reportAbsence(expected, { by, now: at('07:00'), reason: 'other' })],
    ['was asked for already', { ...expected, missedArrivalToldAt: at('08:30') }],
    ['was not expected', emptyDay(day)],
  ])('is not asked for when it %s', (_, present) => {
    expect(asked(present)).toBe('nothing');
  });
});
