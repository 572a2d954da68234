import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reminded, withReminder } from '../../../lambdas/features/qualifications/qualification.ts';
import { isWrong, readAtGate } from '../../../lambdas/features/sites/gate.ts';
import { clockIn, clockOut, comeBack, takeBreak } from '../../../lambdas/features/time-clock/decisions.ts';
import { minutesOf } from '../../../lambdas/features/time-clock/minutes.ts';
import { emptyDay, type TimeClockEntry, type WorkDay } from '../../../lambdas/features/time-clock/work-day.ts';
import { daysOfPeriod } from '../../../lambdas/features/timesheets/period.ts';
import { agreedMinutes } from '../../../lambdas/features/working-time/arrangement.ts';
import { overtimeMinutes, warningsOf } from '../../../lambdas/features/working-time/limits.ts';
import { daysAfter } from '../../../lambdas/platform/calendar.ts';
import { anId } from '../../support/store.ts';

const entry = (startedAt: string, endedAt: string, ...breaks: TimeClockEntry['breaks']): TimeClockEntry => ({
  id: anId('tce'),
  startedAt,
  endedAt,
  breaks,
});
/** Hours by UTC: in Oslo in November it is an hour later. */
const day = (on: string, from: string, until: string, ...pauses: (readonly [string, string])[]): WorkDay => ({
  ...emptyDay(on),
  entries: [
    entry(
      `${on}T${from}:00Z`,
      `${on}T${until}:00Z`,
      ...pauses.map(([a, b]) => ({ from: `${on}T${a}:00Z`, until: `${on}T${b}:00Z` })),
    ),
  ],
});
const week = { from: '2026-11-09', to: '2026-11-15', timeZone: 'Europe/Oslo' };
const said = (...days: WorkDay[]) => warningsOf(days, week).map((one) => `${one.day.slice(8)} ${one.limit}`);
const lunch = ['11:00', '11:30'] as const;

describe('the Working Environment Act’s limits', () => {
  it('say nothing of an ordinary week', () => {
    const days = ['09', '10', '11', '12', '13'].map((on) => day(`2026-11-${on}`, '07:00', '14:30', lunch));
    expect(said(...days)).toEqual([]);
    expect(overtimeMinutes(days, week)).toBe(0);
  });

  it.each<[string, WorkDay[]]>([
    ['09 day-over-13-hours', [day('2026-11-09', '05:30', '19:31', lunch, ['16:00', '16:30'])]],
    [
      '10 rest-under-11-hours',
      [day('2026-11-09', '12:00', '19:00', ['15:00', '15:30']), day('2026-11-10', '05:59', '10:00')],
    ],
    ['09 no-break', [day('2026-11-09', '07:00', '12:31')]],
    ['09 break-under-30-minutes', [day('2026-11-09', '07:00', '15:29', ['11:00', '11:29'])]],
    ['15 sunday-work', [day('2026-11-15', '08:00', '10:00')]],
    ['09 night-work', [day('2026-11-09', '17:00', '20:30')]],
    ['09 night-work', [day('2026-11-09', '04:30', '08:00')]],
  ])('point at %s', (warning, days) => {
    expect(said(...days)).toContain(warning);
  });

  it.each<[string, WorkDay[]]>([
    ['day-over-13-hours', [day('2026-11-09', '06:00', '19:30', lunch)]],
    ['rest-under-11-hours', [day('2026-11-09', '12:00', '19:00'), day('2026-11-10', '06:00', '10:00')]],
    ['no-break', [day('2026-11-09', '07:00', '12:30')]],
    ['break-under-30-minutes', [day('2026-11-09', '07:00', '15:30', lunch)]],
    ['night-work', [day('2026-11-09', '05:00', '08:00'), day('2026-11-10', '17:00', '20:00')]],
  ])('and not at %s just below it', (limit, days) => {
    expect(said(...days).join()).not.toContain(limit);
  });

  it('count overtime beyond nine hours a day or forty a week, and point at more than ten of them', () => {
    const long = day('2026-11-09', '06:00', '16:30', lunch);
    expect(overtimeMinutes([long], week)).toBe(60);
    const days = ['09', '10', '11', '12', '13', '14'].map((on) => day(`2026-11-${on}`, '06:00', '15:00', lunch));
    expect(overtimeMinutes(days, week)).toBe(6 * 510 - 2400);
    expect(said(...days)).toContain('15 week-over-10-hours-overtime');
  });

  it('point at seven days in a row without 35 hours of rest', () => {
    const days = Array.from({ length: 9 }, (_, i) => day(daysAfter('2026-11-06', i), '07:00', '12:00'));
    expect(said(...days)).toContain('13 week-rest-under-35-hours');
  });

  it('count each week’s overtime once, however months cut it', () => {
    const anyDays = fc.array(fc.integer({ min: 0, max: 13 }), { minLength: 91, maxLength: 91 });
    fc.assert(
      fc.property(anyDays, (hours) => {
        // Monday, 31 August 2026, and thirteen weeks on.
        const days = hours.map((worked, i) =>
          day(daysAfter('2026-08-31', i), '00:00', `${String(worked).padStart(2, '0')}:00`),
        );
        const months = ['2026-09', '2026-10', '2026-11'].map((month) => {
          const of = daysOfPeriod(month)!;
          return { from: of[0]!, to: of.at(-1)! };
        });
        const byMonth = months.reduce((sum, span) => sum + overtimeMinutes(days, span), 0);
        const byWeek = Array.from({ length: 13 }, (_, i) => {
          const from = daysAfter('2026-08-31', 7 * i);
          return overtimeMinutes(days, { from, to: daysAfter(from, 6) });
        });
        expect(byMonth).toBe(byWeek.reduce((sum, one) => sum + one, 0));
      }),
      { numRuns: 50 },
    );
  });
});

describe('hours', () => {
  it('are what passed between the stamps without the breaks, whatever the stamps are', () => {
    const anyStamps = fc.array(fc.integer({ min: 1, max: 60 * 60 }), { minLength: 2, maxLength: 20 });
    fc.assert(
      fc.property(anyStamps, (seconds) => {
        let at = Date.parse('2026-11-16T06:00:00Z');
        const next = (after: number) => {
          at += after * 1000;
          return { at: new Date(at).toISOString() };
        };
        let today = clockIn(emptyDay('2026-11-16'), { id: anId('tce') }, next(0));
        let [worked, isAtWork] = [0, true];
        for (const after of seconds.slice(0, -1)) {
          if (isAtWork) worked += after;
          today = isAtWork ? takeBreak(today, next(after)) : comeBack(today, next(after));
          isAtWork = !isAtWork;
        }
        const last = seconds.at(-1)!;
        if (isAtWork) worked += last;
        const [only] = clockOut(today, next(last)).entries;
        expect(minutesOf(only!)).toBe(Math.floor(worked / 60));
      }),
      { numRuns: 200 },
    );
  });

  it('of a night when clocks are moved are as many as passed', () => {
    expect(minutesOf(entry('2026-10-24T20:00:00Z', '2026-10-25T05:00:00Z'))).toBe(540);
  });

  it('that were agreed follow the arrangement of each day', () => {
    const arrangements = [
      {
        from: '2026-01-01',
        percentage: 100,
        fullTimeMinutesPerWeek: 2250,
        workingDays: [
          'monday' as const,
          'tuesday' as const,
          'wednesday' as const,
          'thursday' as const,
          'friday' as const,
        ],
      },
      {
        from: '2026-11-11',
        percentage: 60,
        fullTimeMinutesPerWeek: 2250,
        workingDays: ['wednesday' as const, 'thursday' as const, 'friday' as const],
      },
    ];
    expect(agreedMinutes({ arrangements }, daysOfPeriod('2026-W46')!)).toBe(2 * 450 + 3 * 450);
    expect(agreedMinutes({ arrangements }, daysOfPeriod('2025-W46')!)).toBeUndefined();
  });
});

describe('a period', () => {
  it('is a week or a month that there is', () => {
    expect(daysOfPeriod('2026-02')).toHaveLength(28);
    expect(daysOfPeriod('2026-W53')?.[0]).toBe('2026-12-28');
    for (const none of ['2026-13', '2026-00', '2025-W53', '2026-1', 'x']) expect(daysOfPeriod(none)).toBeUndefined();
  });
});

describe('reminders', () => {
  const paper = { id: anId('qlf'), kind: 'course' as const, title: 'Kurs', expiresOn: '2027-02-14' };
  it('come 60, 30 and 7 days before, and once for all that has passed when it was registered late', () => {
    expect(withReminder(paper, '2026-11-16').remindOn).toBe('2026-12-16');
    expect(withReminder(paper, '2027-01-20').remindOn).toBe('2027-01-15');
    expect(reminded(withReminder(paper, '2027-01-20'), '2027-01-20')).toMatchObject({
      remindedDays: 30,
      remindOn: '2027-02-07',
    });
    expect(reminded(withReminder(paper, '2027-02-08'), '2027-02-08')).not.toHaveProperty('remindOn');
    expect(withReminder(paper, '2027-02-15')).not.toHaveProperty('remindOn');
    const { expiresOn: _, ...endless } = paper;
    expect(withReminder(endless, '2027-01-20')).not.toHaveProperty('remindOn');
  });
});

describe('the gate', () => {
  const typed = {
    firstName: 'Kim',
    lastName: 'Nowak',
    birthDate: '1988-02-29',
    employer: 'Nowak Bygg',
    organisationNumber: '974760673',
  };
  const TODAY = '2026-11-16';
  it('reads days as people write them, and numbers with spaces', () => {
    for (const birthDate of ['29.02.1988', '29.2.1988', '29/2/1988', '1988-02-29']) {
      expect(readAtGate({ ...typed, birthDate, organisationNumber: '974 760 673' }, TODAY)).toMatchObject({
        birthDate: '1988-02-29',
      });
    }
  });
  it('names what somebody has to look at again', () => {
    const read = readAtGate(
      {
        ...typed,
        birthDate: '30.02.1988',
        employer: ' ',
        organisationNumber: '974760674',
        hseCardNumber: '12',
      },
      TODAY,
    );
    expect(isWrong(read) && [...read.fields].sort()).toEqual([
      'birthDate',
      'employer',
      'hseCardNumber',
      'organisationNumber',
    ]);
    expect(readAtGate({ ...typed, birthDate: TODAY }, TODAY)).toEqual({
      slug: 'malformed-request',
      fields: ['birthDate'],
    });
  });
});
