import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CalendarEvent } from '../../../lambdas/features/calendar/event.ts';
import { type Occurrence, occurrencesOf } from '../../../lambdas/features/calendar/occurrences.ts';
import { textsOf } from '../../../lambdas/features/calendar-feed/series.ts';
import { calendarText } from '../../../lambdas/features/icalendar/calendar.ts';
import { daysAfter } from '../../../lambdas/platform/calendar.ts';
import { anId } from '../../support/store.ts';
import { readBack } from './read-back.ts';

const anEvent = (but: Partial<CalendarEvent> = {}): CalendarEvent => ({
  id: anId('cal'),
  title: 'Turgruppe',
  bring: [],
  scope: { kind: 'organisation' },
  when: { kind: 'timed', from: '2026-10-19T09:00', until: '2026-10-19T11:30' },
  timeZone: 'Europe/Oslo',
  exceptions: [],
  overrides: [],
  files: [],
  sequence: 2,
  createdAt: '2026-08-01T10:00:00.000Z',
  updatedAt: '2026-09-01T10:00:00.000Z',
  ...but,
});
const [from, to] = ['2026-10-01', '2027-05-31'];
const text = (event: CalendarEvent, seen: readonly Occurrence[]) =>
  calendarText({ product: 'Test 1', events: textsOf(event, seen, ({ title }) => ({ summary: title })) });
/** What was meant, in the shape in which it is read back. */
const meant = (seen: readonly Occurrence[]) =>
  seen
    .map(({ allDay, firstDay, lastDay, startsAt, endsAt, title }) => ({
      from: allDay ? firstDay : startsAt,
      until: allDay ? daysAfter(lastDay, 1) : endsAt,
      summary: title,
    }))
    .sort(byTime);
const read = (event: CalendarEvent, seen: readonly Occurrence[]) =>
  readBack(text(event, seen))
    .map(({ uid: _, ...shown }) => shown)
    .sort(byTime);
const byTime = (one: { from: string; summary: string }, other: { from: string; summary: string }) =>
  one.from.localeCompare(other.from) || one.summary.localeCompare(other.summary);

describe('a series', () => {
  it.each([
    ['by day', { when: { kind: 'timed', from: '2026-10-19T08:00', until: '2026-10-19T09:00' }, rule: 'FREQ=DAILY' }],
    ['by week, on two days', { rule: 'FREQ=WEEKLY;BYDAY=MO,TH' }],
    [
      'in the hour that the clock skips or doubles',
      {
        when: { kind: 'timed', from: '2026-10-19T02:15', until: '2026-10-19T02:45' },
        rule: 'FREQ=DAILY',
      },
    ],
    [
      'through the night',
      { when: { kind: 'timed', from: '2026-10-19T22:00', until: '2026-10-20T06:00' }, rule: 'FREQ=DAILY' },
    ],
    ['of whole days', { when: { kind: 'all-day', from: '2026-10-24', until: '2026-10-25' }, rule: 'FREQ=WEEKLY' }],
    ['of another zone', { timeZone: 'America/New_York', rule: 'FREQ=DAILY' }],
  ] as const)('%s is what it was meant to be, over both days on which the clock changes', (_, but) => {
    const event = anEvent(but as Partial<CalendarEvent>);
    const seen = occurrencesOf(event, from, to);
    expect(seen.some(({ firstDay }) => firstDay <= '2026-10-25')).toBe(true);
    expect(seen.some(({ firstDay }) => firstDay >= '2027-03-28')).toBe(true);
    expect(read(event, seen)).toEqual(meant(seen));
  });

  it('is one rule where readers agree, under one UID, and one by one where they do not', () => {
    const alike = anEvent({ rule: 'FREQ=WEEKLY;BYDAY=MO' });
    expect(textsOf(alike, occurrencesOf(alike, from, to), () => ({ summary: '' }))).toMatchObject([
      // The last Monday of May begins at 09:00 in summer time.
      { uid: alike.id, rule: 'FREQ=WEEKLY;BYDAY=MO;UNTIL=20270531T070000Z', sequence: 2 },
    ]);
    const atNight = anEvent({
      when: { kind: 'timed', from: '2026-10-24T01:30', until: '2026-10-24T02:30' },
      rule: 'FREQ=DAILY',
    });
    const apart = textsOf(atNight, occurrencesOf(atNight, '2026-10-24', '2026-10-26'), () => ({ summary: '' }));
    expect(apart.map(({ uid, when }) => [uid, 'instants' in when && when.instants.until?.toISOString()])).toEqual([
      [`${atNight.id}-2026-10-24`, '2026-10-24T00:30:00.000Z'],
      // The first of the two half past two that night.
      [`${atNight.id}-2026-10-25`, '2026-10-25T00:30:00.000Z'],
      [`${atNight.id}-2026-10-26`, '2026-10-26T01:30:00.000Z'],
    ]);
  });

  it('has no occurrence that is not to be seen: before, between or after', () => {
    const event = anEvent({ rule: 'FREQ=WEEKLY;BYDAY=MO', exceptions: ['2026-11-09'] });
    const seen = occurrencesOf(event, '2026-10-26', '2026-12-06').filter(({ of }) => of !== '2026-11-23');
    expect(read(event, seen)).toEqual(meant(seen));
    expect(seen.map(({ of }) => of)).toEqual(['2026-10-26', '2026-11-02', '2026-11-16', '2026-11-30']);
  });

  it('shows what was moved where it was moved to, also when that is the first or the last of it', () => {
    const event = anEvent({
      rule: 'FREQ=WEEKLY;BYDAY=MO;UNTIL=20261109',
      overrides: [
        { of: '2026-10-19', when: { kind: 'timed', from: '2026-10-20T12:00', until: '2026-10-20T13:00' } },
        { of: '2026-11-02', title: 'Turgruppe i marka' },
        {
          of: '2026-11-09',
          when: { kind: 'all-day', from: '2026-11-10', until: '2026-11-10' },
          title: 'Tur hele dagen',
        },
      ],
    });
    const seen = occurrencesOf(event, from, to);
    expect(seen).toHaveLength(4);
    expect(read(event, seen)).toEqual(meant(seen));
  });

  const rules = fc.oneof(
    fc
      .record({
        frequency: fc.constantFrom('DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'),
        interval: fc.integer({ min: 1, max: 4 }),
      })
      .map(({ frequency, interval }) => `FREQ=${frequency};INTERVAL=${interval}`),
    fc
      .uniqueArray(fc.constantFrom('TU', 'WE', 'FR', 'SA', 'SU'), { maxLength: 3 })
      .map((days) => `FREQ=WEEKLY;BYDAY=${['MO', ...days].join()}`),
    fc.constantFrom(
      'FREQ=MONTHLY;BYDAY=3MO',
      'FREQ=MONTHLY;BYDAY=MO;BYSETPOS=3',
      'FREQ=MONTHLY;BYMONTHDAY=19',
      'FREQ=YEARLY;BYMONTH=10,3;BYMONTHDAY=19,28',
    ),
  );
  const times = fc.record({ hour: fc.integer({ min: 0, max: 23 }), minutes: fc.integer({ min: 1, max: 600 }) });

  it('of any rule, at any time, any part of it to be seen, is read back exactly', () => {
    fc.assert(
      fc.property(
        rules,
        times,
        fc.boolean(),
        fc.array(fc.boolean(), { minLength: 5, maxLength: 40 }),
        (rule, { hour, minutes }, isAllDay, picks) => {
          const begin = `2026-10-19T${String(hour).padStart(2, '0')}:30`;
          const end = new Date(Date.parse(`${begin}:00Z`) + minutes * 60_000).toISOString().slice(0, 16);
          const event = anEvent({
            rule,
            when: isAllDay
              ? { kind: 'all-day', from: '2026-10-19', until: '2026-10-20' }
              : { kind: 'timed', from: begin, until: end },
            overrides: [{ of: '2026-10-19', title: 'Først' }],
          });
          const seen = occurrencesOf(event, from, to).filter((_, i) => picks[i % picks.length]);
          if (seen.length > 0) expect(read(event, seen)).toEqual(meant(seen));
        },
      ),
      { numRuns: 60 },
    );
  });
});
