import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CalendarEvent } from '../../../lambdas/features/calendar/event.ts';
import { occurrencesOf } from '../../../lambdas/features/calendar/occurrences.ts';
import { textsOf } from '../../../lambdas/features/calendar-feed/series.ts';
import { planOf, type ReadFile, readFile } from '../../../lambdas/features/calendar-import/plan.ts';
import { CALENDAR_CHARACTERS_MAX, EVENTS_MAX } from '../../../lambdas/features/calendar-import/read-calendar.ts';
import { calendarText } from '../../../lambdas/features/icalendar/calendar.ts';
import { anId } from '../../support/store.ts';
import { naughtyStrings } from '../icalendar/naughty.ts';

const about = {
  organisationId: anId('org'),
  scope: { kind: 'organisation' },
  timeZone: 'Europe/Oslo',
  now: new Date('2026-11-23T07:00:00Z'),
} as const;
const read = (calendar: string, but: Partial<Parameters<typeof readFile>[1]> = {}) =>
  readFile(calendar, { ...about, ...but });
const understood = (calendar: string, but: Partial<Parameters<typeof readFile>[1]> = {}): ReadFile => {
  const file = read(calendar, but);
  if ('unreadable' in file) throw new Error(file.unreadable);
  return file;
};

const event = (...lines: string[]) => ['BEGIN:VEVENT', ...lines, 'END:VEVENT'].join('\r\n');
const calendar = (...events: string[]) =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Test//EN', ...events, 'END:VCALENDAR', ''].join('\r\n');
const morning = [
  'UID:1',
  'SUMMARY:Dugnad',
  'DTSTART;TZID=Europe/Oslo:20261205T100000',
  'DTEND;TZID=Europe/Oslo:20261205T120000',
];
const only = (...lines: string[]): CalendarEvent => {
  const { events, refused } = understood(calendar(event(...lines)));
  expect(refused).toEqual([]);
  return events[0]!;
};
const refusal = (...lines: string[]) => understood(calendar(event(...lines))).refused[0]?.reason;
const without = (name: string, ...more: string[]) => [...morning.filter((line) => !line.startsWith(name)), ...more];

describe('a calendar file', () => {
  it('is taken in without what is about people: who comes, who asks, alarms, attachments', () => {
    const file = understood(
      calendar(
        event(
          ...morning,
          'ATTENDEE;CN=Kari:mailto:kari@example.no',
          'ATTENDEE:mailto:ola@example.no',
          'ORGANIZER:mailto:sjef@example.no',
          'ATTACH:https://example.no/x.pdf',
          'X-SECRET:1',
          'BEGIN:VALARM',
          'TRIGGER:-PT15M',
          'SUMMARY:Alarm',
          'END:VALARM',
        ),
      ),
    );
    expect(file.dropped).toEqual({ attendees: 2, organizers: 1, alarms: 1, attachments: 1, others: 1 });
    expect(file.events).toMatchObject([
      { title: 'Dugnad', when: { from: '2026-12-05T10:00', until: '2026-12-05T12:00' } },
    ]);
    expect(JSON.stringify(file.events)).not.toMatch(/example\.no|Alarm/);
  });

  it.each([
    ['a name of Windows', 'DTSTART;TZID=W. Europe Standard Time:20261205T100000', '2026-12-05T10:00'],
    [
      'one of Outlook',
      'DTSTART;TZID="(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna":20261205T100000',
      '2026-12-05T10:00',
    ],
    ['one of a registry', 'DTSTART;TZID=/mozilla.org/20050126_1/Europe/Oslo:20261205T100000', '2026-12-05T10:00'],
    ['no name at all', 'DTSTART:20261205T100000', '2026-12-05T10:00'],
    ['UTC, in summer', 'DTSTART:20270605T080000Z', '2027-06-05T10:00'],
  ])('means Oslo by %s', (_, start, from) => {
    expect(only(...without('DT', start, 'DURATION:PT1H30M')).when).toMatchObject({
      from,
      until: from.replace('10:00', '11:30'),
    });
  });

  it('has whole days, which end with the day after or by their length', () => {
    const days = (...lines: string[]) => only('UID:1', 'SUMMARY:Leir', ...lines).when;
    expect(days('DTSTART;VALUE=DATE:20261228', 'DTEND;VALUE=DATE:20270102')).toEqual({
      kind: 'all-day',
      from: '2026-12-28',
      until: '2027-01-01',
    });
    expect(days('DTSTART;VALUE=DATE:20261228', 'DURATION:P2D')).toMatchObject({ until: '2026-12-29' });
    expect(days('DTSTART;VALUE=DATE:20261228')).toMatchObject({ until: '2026-12-28' });
  });

  it('has series with days left out and occurrences that are otherwise, under one UID', () => {
    const file = understood(
      calendar(
        event(...morning, 'RRULE:FREQ=WEEKLY;COUNT=4', 'EXDATE;TZID=Europe/Oslo:20261212T100000'),
        event(
          'UID:1',
          'RECURRENCE-ID;TZID=Europe/Oslo:20261219T100000',
          'SUMMARY:Juledugnad',
          'DTSTART;TZID=Europe/Oslo:20261220T100000',
          'DTEND;TZID=Europe/Oslo:20261220T110000',
        ),
        event(
          'UID:1',
          'RECURRENCE-ID;TZID=Europe/Oslo:20261226T100000',
          'STATUS:CANCELLED',
          'DTSTART;TZID=Europe/Oslo:20261226T100000',
          'DURATION:PT2H',
        ),
      ),
    );
    expect(file.refused).toEqual([]);
    expect(file.events[0]).toMatchObject({
      rule: 'FREQ=WEEKLY;UNTIL=20261226',
      exceptions: ['2026-12-12', '2026-12-26'],
    });
    expect(occurrencesOf(file.events[0]!, '2026-12-01', '2027-01-31').map(({ from, title }) => [from, title])).toEqual([
      ['2026-12-05T10:00', 'Dugnad'],
      ['2026-12-20T10:00', 'Juledugnad'],
    ]);
  });

  it('is left out where it is cancelled, or somebody’s own', () => {
    expect(understood(calendar(event(...morning, 'STATUS:CANCELLED')))).toMatchObject({
      events: [],
      leftOut: 1,
      refused: [],
    });
    expect(understood(calendar(event(...morning, 'CLASS:PRIVATE')))).toMatchObject({
      events: [],
      leftOut: 1,
      refused: [],
    });
  });

  it('names each event that cannot be taken in, by its place and why, and never what is in it', () => {
    expect(refusal(...without('UID'))).toBe('no-uid');
    expect(refusal(...without('SUMMARY'))).toBe('no-title');
    expect(refusal('UID:1', 'SUMMARY:x')).toBe('no-start');
    expect(refusal(...without('DTEND'))).toBe('bad-end');
    expect(refusal(...without('DTEND', 'DTEND;TZID=Europe/Oslo:20261205T090000'))).toBe('bad-end');
    expect(refusal(...without('DTEND', 'DURATION:P1Y'))).toBe('bad-end');
    expect(refusal(...without('DT', 'DTSTART;TZID=Tokyo Standard Time:20261205T100000', 'DURATION:PT1H'))).toBe(
      'unknown-time-zone',
    );
    expect(refusal(...without('DT', 'DTSTART:20261205T100000Z', 'DURATION:PT1H', 'RRULE:FREQ=DAILY'))).toBe(
      'recurs-in-utc',
    );
    expect(refusal(...without('DT', 'DTSTART:20261305T100000', 'DURATION:PT1H'))).toBe('unreadable');
    expect(refusal(...morning, 'RRULE:FREQ=SECONDLY')).toBe('rule');
    expect(refusal(...morning, 'RRULE:FREQ=DAILY;COUNT=999999999')).toBe('rule');
    expect(refusal(...morning, 'RDATE:20261206T100000')).toBe('dates-apart');
    expect(refusal(...morning, 'RECURRENCE-ID:20261205T100000')).toBe('no-such-occurrence');
    expect(refusal(...morning, 'DESCRIPTION:01017012345 og 4111 1111 1111 1111')).toBe('forbidden-content');
    const file = understood(
      calendar(event(...morning), event(...morning), event(...without('SUMMARY', 'UID:2', 'DESCRIPTION:hemmelig'))),
    );
    expect(file.refused.map(({ index, reason }) => [index, reason])).toEqual([
      [0, 'repeated'],
      [2, 'unreadable'],
    ]);
    expect(JSON.stringify(file.refused)).not.toContain('hemmelig');
  });

  it('is known again: the same event has the same id in the same place, and another elsewhere', () => {
    const text = calendar(event(...morning));
    const [first, again] = [understood(text).events[0]!, understood(text).events[0]!];
    expect(again.id).toBe(first.id);
    const elsewhere = understood(text, { scope: { kind: 'group', id: anId('grp') } }).events[0]!;
    expect(elsewhere.id).not.toBe(first.id);
    const held = { value: first } as Parameters<typeof planOf>[1][number];
    expect(planOf([again], [held], about.now)).toMatchObject({
      created: [],
      changed: [],
      unchanged: [{ id: first.id }],
    });
    const moved = understood(calendar(event(...without('SUMMARY', 'SUMMARY:Stor dugnad')))).events;
    expect(planOf(moved, [held], about.now).changed[0]?.after).toMatchObject({ title: 'Stor dugnad', sequence: 1 });
  });

  it('that we wrote ourselves comes back as it was, occurrence by occurrence', () => {
    const rule = fc.constantFrom(
      'FREQ=DAILY',
      'FREQ=WEEKLY;BYDAY=MO,WE',
      'FREQ=MONTHLY;BYDAY=3MO',
      'FREQ=WEEKLY;INTERVAL=2',
    );
    fc.assert(
      fc.property(rule, fc.integer({ min: 3, max: 20 }), fc.boolean(), (rule, hour, isAllDay) => {
        const at = (h: number) => `2026-10-19T${String(h).padStart(2, '0')}:15`;
        const original = {
          ...only(...morning),
          rule,
          when: isAllDay
            ? ({ kind: 'all-day', from: '2026-10-19', until: '2026-10-20' } as const)
            : ({ kind: 'timed', from: at(hour), until: at(hour + 2) } as const),
        };
        const seen = occurrencesOf(original, '2026-10-19', '2027-04-30');
        const text = calendarText({
          product: 'Test 1',
          events: textsOf(original, seen, ({ title }) => ({ summary: title })),
        });
        const { events, refused } = understood(text);
        expect(refused).toEqual([]);
        const spans = (one: CalendarEvent) =>
          occurrencesOf(one, '2026-10-01', '2027-05-31').map(({ startsAt, endsAt }) => [startsAt, endsAt]);
        expect(spans(events[0]!)).toEqual(seen.map(({ startsAt, endsAt }) => [startsAt, endsAt]));
      }),
      { numRuns: 12 },
    );
  });
});

describe('a hostile file', () => {
  it.each([
    ['that is none', 'hello'],
    ['that is empty', ''],
    ['that does not end', 'BEGIN:VCALENDAR\r\nBEGIN:VEVENT'],
    ['with something after its end', `${calendar()}BEGIN:VCALENDAR`],
    ['of components within each other', `BEGIN:VCALENDAR\r\n${'BEGIN:VEVENT\r\n'.repeat(10_000)}`],
    ['of marks that do not match', 'BEGIN:VCALENDAR\r\nEND:VEVENT'],
    ['of too many lines', calendar('X:1\r\n'.repeat(60_000))],
    ['of one long line', calendar(`X-A:${'a'.repeat(CALENDAR_CHARACTERS_MAX)}`)],
    ['of one long folded line', calendar(`X-A:${'\r\n a'.repeat(20_000)}`)],
    ['of too many events', calendar(...Array.from({ length: EVENTS_MAX + 1 }, () => event(...morning)))],
  ])('%s is refused as a whole', (_, text) => {
    expect(read(text)).toMatchObject({ unreadable: expect.stringMatching(/./) });
  });

  it('of rules without number makes no more of them than one', () => {
    const rules = Array.from({ length: 5000 }, (_, i) => `RRULE:FREQ=DAILY;COUNT=${i + 1}`);
    expect(refusal(...morning, ...rules)).toBe('unreadable');
    expect(
      refusal(...morning, `RRULE:FREQ=DAILY;BYMONTHDAY=${Array.from({ length: 3000 }, (_, i) => (i % 31) + 1).join()}`),
    ).toBe('rule');
    expect(refusal(...morning, `RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30`)).toBe('rule');
    const many = calendar(
      ...Array.from({ length: 100 }, (_, i) => event(...without('UID', `UID:${i}`, 'RRULE:FREQ=DAILY;COUNT=1000'))),
    );
    expect(understood(many).events).toHaveLength(100);
  });

  it('of days left out without number is refused beyond a year of them', () => {
    const days = Array.from({ length: 500 }, (_, i) =>
      new Date(Date.UTC(2026, 11, 6 + i)).toISOString().slice(0, 10).replaceAll('-', ''),
    );
    expect(refusal(...morning, 'RRULE:FREQ=DAILY', `EXDATE;VALUE=DATE:${days.join()}`)).toBe('too-many');
  });

  const lines = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc.constantFrom(...naughtyStrings),
    fc.constantFrom('BEGIN:VEVENT', 'END:VEVENT', 'BEGIN:VALARM', 'END:VALARM', 'END:VCALENDAR', ...morning),
    fc
      .tuple(
        fc.constantFrom(
          'UID',
          'DTSTART',
          'DTEND',
          'RRULE',
          'EXDATE',
          'RECURRENCE-ID',
          'SUMMARY',
          'DURATION',
          '__proto__',
          'constructor',
        ),
        fc.constantFrom('', ';TZID=__proto__', ';VALUE=DATE', ';VALUE=PERIOD', ';constructor=1', ';TZID="', ';=;'),
        fc.oneof(
          fc.constantFrom(
            '20261205T100000',
            '20261205',
            'FREQ=DAILY',
            'FREQ=DAILY;UNTIL=x',
            'P1W',
            '-PT1H',
            ...naughtyStrings,
          ),
          fc.string({ maxLength: 30 }),
        ),
      )
      .map(([name, parameters, value]) => `${name}${parameters}:${value}`),
  );

  it('of any lines is read or refused, and what is read is an event of ours', () => {
    fc.assert(
      fc.property(fc.array(lines, { maxLength: 12 }), fc.boolean(), (some, isWhole) => {
        const text = isWhole ? calendar(event(...morning, ...some)) : calendar(...some);
        const file = read(text);
        if ('unreadable' in file) return;
        for (const one of file.events) expect(one.title.length).toBeGreaterThan(0);
        expect(file.events.length + file.leftOut + file.refused.length).toBeLessThanOrEqual(EVENTS_MAX);
      }),
      { numRuns: 300 },
    );
    expect(Object.hasOwn(Object.prototype, 'tzid')).toBe(false);
  });
});
