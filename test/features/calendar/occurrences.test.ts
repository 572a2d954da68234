import { describe, expect, it } from 'vitest';
import { isFor } from '../../../lambdas/features/calendar/calendar-index.ts';
import type { EventTimes } from '../../../lambdas/features/calendar/event.ts';
import { lastDayOf, occurrencesOf, type Recurring } from '../../../lambdas/features/calendar/occurrences.ts';
import { parseRule, ruleText } from '../../../lambdas/features/calendar/rule.ts';
import { type EventInput, newCalendarEvent } from '../../../lambdas/features/calendar/writes.ts';
import { anId } from '../../support/store.ts';

const timed = (from: string, until: string): EventTimes => ({ kind: 'timed', from, until });
const allDay = (from: string, until = from): EventTimes => ({ kind: 'all-day', from, until });
const anEvent = (fields: Partial<EventInput> & { when: EventTimes }) =>
  newCalendarEvent(
    { title: 'Turdag', bring: [], ...fields },
    { id: anId('cal'), scope: { kind: 'organisation' }, timeZone: 'Europe/Oslo' },
    new Date('2026-09-01T08:00:00Z'),
  );
const instants = (event: Recurring, from: string, to = from) =>
  occurrencesOf(event, from, to).map(({ startsAt, endsAt }) => `${startsAt.slice(0, 16)} ${endsAt.slice(0, 16)}`);

describe('an occurrence', () => {
  it('is as long as its days are, in the night that DST begins and in the one that it ends', () => {
    const daily = anEvent({ when: allDay('2026-10-20'), rule: 'FREQ=DAILY' });
    expect(instants(daily, '2026-10-25')).toEqual(['2026-10-24T22:00 2026-10-25T23:00']);
    expect(instants(daily, '2027-03-28')).toEqual(['2027-03-27T23:00 2027-03-28T22:00']);
  });

  it('in the hour that DST skips is an hour later and no shorter, in the hour that comes twice the first', () => {
    const nightly = anEvent({ when: timed('2026-10-20T02:15', '2026-10-20T02:45'), rule: 'FREQ=DAILY' });
    expect(instants(nightly, '2027-03-28')).toEqual(['2027-03-28T01:15 2027-03-28T01:45']);
    expect(instants(nightly, '2026-10-25')).toEqual(['2026-10-25T00:15 2026-10-25T00:45']);
  });

  it('is found on each of its days, and only there', () => {
    const camp = anEvent({ when: timed('2026-12-30T15:00', '2027-01-02T11:00') });
    expect(instants(camp, '2026-12-29')).toEqual([]);
    for (const day of ['2026-12-30', '2026-12-31', '2027-01-02']) expect(instants(camp, day)).toHaveLength(1);
    expect(instants(camp, '2027-01-03')).toEqual([]);
  });

  it('that was moved is found where it is, also outside its series', () => {
    const weekly = anEvent({ when: allDay('2026-12-04'), rule: 'FREQ=WEEKLY;COUNT=3' });
    const moved = {
      ...weekly,
      exceptions: ['2026-12-11'],
      overrides: [{ of: '2026-12-18', title: 'Avslutning', when: allDay('2027-01-08') }],
    };
    const found = occurrencesOf(moved, '2026-12-01', '2027-01-31');
    expect(found.map(({ firstDay, title, of }) => [firstDay, title, of])).toEqual([
      ['2026-12-04', 'Turdag', '2026-12-04'],
      ['2027-01-08', 'Avslutning', '2026-12-18'],
    ]);
    expect([lastDayOf(weekly), lastDayOf(moved)]).toEqual(['2026-12-18', '2027-01-08']);
  });

  it('of what was cancelled is none', () => {
    const event = anEvent({ when: allDay('2026-12-04') });
    expect(occurrencesOf({ ...event, cancelled: true }, '2026-12-04', '2026-12-04')).toEqual([]);
  });
});

describe('a rule', () => {
  const settled = (rule: string, when: EventTimes = timed('2026-10-19T08:00', '2026-10-19T09:00')) =>
    anEvent({ when, rule }).rule;

  it('ends on the day that its COUNT or UNTIL comes to in the zone of the event', () => {
    expect(settled('FREQ=WEEKLY;COUNT=2')).toBe('FREQ=WEEKLY;UNTIL=20261026');
    expect(settled('FREQ=DAILY;UNTIL=20261026T070000Z')).toBe('FREQ=DAILY;UNTIL=20261026');
    expect(settled('FREQ=DAILY;UNTIL=20261026T065959Z')).toBe('FREQ=DAILY;UNTIL=20261025');
    expect(settled('WKST=SU;BYDAY=MO;INTERVAL=2;FREQ=WEEKLY')).toBe('FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;WKST=SU');
  });

  it('leaves out the days that a month does not have', () => {
    const event = anEvent({ when: allDay('2027-03-31'), rule: 'FREQ=YEARLY;BYMONTH=3,4;BYMONTHDAY=31' });
    const days = occurrencesOf(event, '2027-03-01', '2027-05-01').map(({ firstDay }) => firstDay);
    expect(days).toEqual(['2027-03-31']);
    const last = anEvent({ when: allDay('2027-01-31'), rule: 'FREQ=MONTHLY;BYMONTHDAY=-1' });
    expect(occurrencesOf(last, '2028-02-01', '2028-02-29').map(({ firstDay }) => firstDay)).toEqual(['2028-02-29']);
  });

  it.each([
    'FREQ=SECONDLY',
    'FREQ=DAILY;BYHOUR=8',
    'FREQ=DAILY;COUNT=2;UNTIL=20261020',
    'FREQ=DAILY;INTERVAL=0',
    'FREQ=DAILY;INTERVAL=101',
    'FREQ=DAILY;COUNT=0',
    'FREQ=DAILY;COUNT=1001',
    'FREQ=DAILY;COUNT=1e3',
    'FREQ=DAILY;FREQ=DAILY',
    'FREQ=WEEKLY;BYDAY=MO,MO',
    'FREQ=WEEKLY;BYDAY=1MO',
    'FREQ=WEEKLY;BYDAY=XX',
    'FREQ=MONTHLY;BYDAY=6MO',
    'FREQ=MONTHLY;BYDAY=MO;BYMONTHDAY=19',
    'FREQ=MONTHLY;BYSETPOS=1',
    'FREQ=MONTHLY;BYMONTHDAY=19;BYSETPOS=1',
    'FREQ=YEARLY;BYWEEKNO=43',
    'FREQ=YEARLY;BYDAY=MO',
    'FREQ=YEARLY;BYMONTH=13',
    'FREQ=YEARLY;BYMONTH=10;BYMONTHDAY=-13',
    'FREQ=DAILY;UNTIL=20261318',
    'FREQ=DAILY;UNTIL=20261018',
    'FREQ=DAILY;UNTIL=20990101',
    'FREQ=DAILY;BYMONTH=11',
    'RRULE:FREQ=DAILY',
    'freq=daily',
    '',
    `FREQ=DAILY;BYMONTH=${'1,'.repeat(200)}1`,
  ])('is refused as %s', (rule) => {
    expect(() => settled(rule)).toThrow(expect.objectContaining({ slug: 'rule-refused' }));
  });

  it('reads back as it was written', () => {
    const text = 'FREQ=MONTHLY;INTERVAL=3;UNTIL=20271231;BYDAY=MO,FR;BYSETPOS=-1,1;WKST=SU';
    expect(ruleText(parseRule(text, () => ''))).toBe(text);
  });
});

describe('an event of a scope', () => {
  it('is for whoever is in it', () => {
    const [groupId, departmentId, personId] = [anId('grp'), anId('dep'), anId('per')];
    const who = { personId, groupIds: [groupId], departmentIds: [departmentId] };
    expect(isFor({ scope: { kind: 'organisation' } }, who)).toBe(true);
    expect(isFor({ scope: { kind: 'group', id: groupId } }, who)).toBe(true);
    expect(isFor({ scope: { kind: 'group', id: anId('grp') } }, who)).toBe(false);
    expect(isFor({ scope: { kind: 'department', id: departmentId } }, who)).toBe(true);
    expect(isFor({ scope: { kind: 'department', id: anId('dep') } }, who)).toBe(false);
    expect(isFor({ scope: { kind: 'person', id: personId } }, who)).toBe(true);
    expect(isFor({ scope: { kind: 'person', id: anId('per') } }, who)).toBe(false);
  });
});
