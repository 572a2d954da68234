import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NoticeKind } from '../../../lambdas/features/notices/notice.ts';
import { NoticePreferences, type Wishes, weekdays, wishesOf } from '../../../lambdas/features/notices/preferences.ts';
import { furtherPlanOf, planOf, recipientsDay } from '../../../lambdas/features/notices/timing.ts';

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;
const reminder: NoticeKind = { category: 'reminders', urgency: 'digestible' };
const soon: NoticeKind = { urgency: 'soon' };
const urgent: NoticeKind = { urgency: 'urgent' };

const aWish = (preferences: object = {}, timeZone = 'Europe/Oslo'): Wishes =>
  wishesOf(NoticePreferences.parse(preferences), [], { timeZone, reachedBy: ['sms', 'push'] });
const at = (instant: string) => new Date(instant);
const plan = (kind: NoticeKind, wishes: Wishes, instant: string, sent = 0, expiresAt?: string) =>
  planOf(kind, wishes, sent, at(instant), expiresAt).email;

/** An oracle of its own: what a wall clock in the zone shows, asked of Intl. */
function wallClock(timeZone: string, instant: Date) {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'long',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(instant);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
  return {
    day: `${part('year')}-${part('month')}-${part('day')}`,
    time: `${part('hour')}:${part('minute')}`,
    weekday: part('weekday').toLowerCase(),
  };
}
const offset = (timeZone: string, instant: Date) => {
  const { day, time } = wallClock(timeZone, instant);
  return Date.parse(`${day}T${time}Z`) - Math.floor(instant.getTime() / 60_000) * 60_000;
};
/** No clock is changed in the three days around it. */
const isSteady = (timeZone: string, instant: Date) =>
  offset(timeZone, new Date(instant.getTime() - 2 * DAY)) === offset(timeZone, new Date(instant.getTime() + 2 * DAY));
const isQuietOnTheWall = ({ quietHours, timeZone }: Wishes, instant: Date) => {
  if (!quietHours) return false;
  const { from, until } = quietHours;
  const { time } = wallClock(timeZone, instant);
  return from < until ? from <= time && time < until : from <= time || time < until;
};

const timeOfDay = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':'));
const quietHours = fc.record({ from: timeOfDay, until: timeOfDay }).filter(({ from, until }) => from !== until);
const zones = [
  'Europe/Oslo',
  'Asia/Kathmandu',
  'America/St_Johns',
  'Africa/Cairo',
  'Australia/Lord_Howe',
  'Pacific/Kiritimati',
];
const someWishes = fc
  .record({
    timeZone: fc.constantFrom(...zones),
    quietHours: fc.option(quietHours, { nil: undefined }),
    digest: fc.record({ hour: fc.integer({ min: 0, max: 23 }), weekday: fc.constantFrom(...weekdays) }),
    mailsPerDayMax: fc.integer({ min: 1, max: 4 }),
    email: fc.constantFrom('at-once', 'daily', 'weekly', 'off'),
  })
  .map(({ email, quietHours: quiet, ...rest }) =>
    aWish({ ...rest, ...(quiet && { quietHours: quiet }), categories: { reminders: { email } } }),
  );
/** Half of them in the nights when Oslo's clock is changed. */
const someInstant = fc.oneof(
  fc.date({ min: at('2026-01-01T00:00:00Z'), max: at('2028-01-01T00:00:00Z'), noInvalidDate: true }),
  fc
    .tuple(fc.constantFrom('2026-10-25', '2027-03-28', '2027-10-31'), fc.integer({ min: -DAY, max: DAY }))
    .map(([day, around]) => new Date(Date.parse(`${day}T01:00:00Z`) + around)),
);
const someKind = fc.constantFrom(reminder, soon, urgent);

describe('when a notice goes out', () => {
  it('is at once where nothing is wished', () => {
    for (const kind of [reminder, soon, urgent]) {
      expect(planOf(kind, aWish(), 0, at('2026-11-23T02:00:00Z'))).toEqual({ email: { do: 'now' }, further: [] });
    }
  });

  it('is the end of the quiet hours, also over midnight; what is urgent comes through', () => {
    const wishes = aWish({ quietHours: { from: '21:00', until: '06:30' } });
    const ends = { do: 'wait', until: '2026-11-24T05:30:00.000Z' };
    expect(plan(soon, wishes, '2026-11-23T19:59:59.999Z')).toEqual({ do: 'now' });
    expect(plan(soon, wishes, '2026-11-23T20:00:00Z')).toEqual(ends);
    expect(plan(reminder, wishes, '2026-11-24T05:29:59.999Z')).toEqual(ends);
    expect(plan(soon, wishes, '2026-11-24T05:30:00Z')).toEqual({ do: 'now' });
    expect(plan(urgent, wishes, '2026-11-24T02:00:00Z')).toEqual({ do: 'now' });
  });

  it.each([
    // The hour from two to three does not exist: quiet hours that end in it end an hour later on the wall, never a day.
    ['2027-03-28T00:30:00Z', { from: '23:00', until: '02:30' }, '2027-03-28T01:30:00.000Z'],
    ['2027-03-28T00:59:00Z', { from: '23:00', until: '07:00' }, '2027-03-28T05:00:00.000Z'],
    // It comes twice: quiet hours that end in it end the first time.
    ['2026-10-25T00:15:00Z', { from: '23:00', until: '02:30' }, '2026-10-25T00:30:00.000Z'],
    ['2026-10-25T01:15:00Z', { from: '23:00', until: '02:30' }, undefined],
    ['2026-10-25T01:15:00Z', { from: '23:00', until: '07:00' }, '2026-10-25T06:00:00.000Z'],
  ])('is right in the nights when the clock is changed: %s in %j waits until %s', (now, quiet, until) => {
    expect(plan(soon, aWish({ quietHours: quiet }), now)).toEqual(until ? { do: 'wait', until } : { do: 'now' });
  });

  it('is the hour of the digest, of that day or of the next, and never this very moment', () => {
    const wishes = aWish({ categories: { reminders: { email: 'daily' } }, digest: { hour: 17 } });
    expect(plan(reminder, wishes, '2026-11-23T15:59:59.999Z')).toEqual({
      do: 'digest',
      at: '2026-11-23T16:00:00.000Z',
    });
    expect(plan(reminder, wishes, '2026-11-23T16:00:00Z')).toEqual({ do: 'digest', at: '2026-11-24T16:00:00.000Z' });
  });

  it('is the weekday of the digest, a week ahead at most, also over the end of a year and a change of the clock', () => {
    const weekly = (weekday: string) =>
      aWish({ categories: { reminders: { email: 'weekly' } }, digest: { hour: 7, weekday } });
    expect(plan(reminder, weekly('monday'), '2026-11-23T05:00:00Z')).toMatchObject({ at: '2026-11-23T06:00:00.000Z' });
    expect(plan(reminder, weekly('monday'), '2026-11-23T06:00:00Z')).toMatchObject({ at: '2026-11-30T06:00:00.000Z' });
    expect(plan(reminder, weekly('friday'), '2026-12-30T12:00:00Z')).toMatchObject({ at: '2027-01-01T06:00:00.000Z' });
    expect(plan(reminder, weekly('monday'), '2027-03-24T12:00:00Z')).toMatchObject({ at: '2027-03-29T05:00:00.000Z' });
  });

  it('is after the quiet hours that the digest falls into', () => {
    const wishes = aWish({
      categories: { reminders: { email: 'daily' } },
      digest: { hour: 23 },
      quietHours: { from: '21:00', until: '07:00' },
    });
    expect(plan(reminder, wishes, '2026-11-23T12:00:00Z')).toEqual({ do: 'digest', at: '2026-11-24T06:00:00.000Z' });
  });

  it('is an earlier digest, or at once, where the one wished for would come too late', () => {
    const wishes = aWish({ categories: { reminders: { email: 'weekly' } }, digest: { hour: 17, weekday: 'friday' } });
    const monday = '2026-11-23T12:00:00Z';
    expect(plan(reminder, wishes, monday, 0, '2026-11-28T00:00:00Z')).toMatchObject({ at: '2026-11-27T16:00:00.000Z' });
    expect(plan(reminder, wishes, monday, 0, '2026-11-25T00:00:00Z')).toMatchObject({ at: '2026-11-23T16:00:00.000Z' });
    expect(plan(reminder, wishes, monday, 0, '2026-11-23T15:00:00Z')).toEqual({ do: 'now' });
  });

  it('is the day’s digest when the day has had its mails; what is urgent is not counted', () => {
    const wishes = aWish({ mailsPerDayMax: 3 });
    const digest = { do: 'digest', at: '2026-11-23T16:00:00.000Z' };
    expect(plan(soon, wishes, '2026-11-23T12:00:00Z', 2)).toEqual({ do: 'now' });
    expect(plan(soon, wishes, '2026-11-23T12:00:00Z', 3)).toEqual(digest);
    expect(plan(reminder, wishes, '2026-11-23T12:00:00Z', 4)).toEqual(digest);
    expect(plan(urgent, wishes, '2026-11-23T12:00:00Z', 3)).toEqual({ do: 'now' });
  });

  it('is never where the category is turned off; what has no category cannot be', () => {
    const wishes = aWish({ categories: { reminders: { email: 'off' } } });
    expect(plan(reminder, wishes, '2026-11-23T12:00:00Z')).toEqual({ do: 'not' });
    expect(plan(soon, wishes, '2026-11-23T12:00:00Z')).toEqual({ do: 'now' });
  });

  it('counts days as the recipient does', () => {
    const night = at('2026-11-23T23:30:00Z');
    expect(recipientsDay(aWish(), night)).toBe('2026-11-24');
    expect(recipientsDay(aWish({ timeZone: 'America/St_Johns' }), night)).toBe('2026-11-23');
  });
});

describe('what rings beside the mail', () => {
  const wishes = aWish({
    categories: { reminders: { email: 'weekly', push: 'at-once' } },
    necessary: { sms: 'at-once' },
    quietHours: { from: '21:00', until: '07:00' },
  });

  it('is what was asked for, whatever becomes of the mail', () => {
    expect(planOf(reminder, wishes, 99, at('2026-11-23T12:00:00Z'))).toMatchObject({
      email: { do: 'digest' },
      further: ['push'],
    });
    expect(planOf(urgent, wishes, 0, at('2026-11-23T12:00:00Z')).further).toEqual(['sms']);
  });

  it('waits for the end of the quiet hours, unless it is urgent', () => {
    const night = at('2026-11-23T21:00:00Z');
    expect(furtherPlanOf(reminder, wishes, 'push', night)).toEqual({ do: 'wait', until: '2026-11-24T06:00:00.000Z' });
    expect(furtherPlanOf(reminder, wishes, 'sms', night)).toEqual({ do: 'not' });
    expect(furtherPlanOf(urgent, wishes, 'sms', night)).toEqual({ do: 'now' });
  });
});

describe('in every zone, at every moment and for every wish', () => {
  it('a notice that nobody turned off is sent or gathered after one wait, and never twice put off', () => {
    fc.assert(
      fc.property(someKind, someWishes, someInstant, fc.integer({ min: 0, max: 5 }), (kind, wishes, now, sent) => {
        const { email } = planOf(kind, wishes, sent, now);
        if (email.do === 'not') expect(kind.category && wishes.categories[kind.category].email).toBe('off');
        if (email.do === 'digest') expect(Date.parse(email.at)).toBeGreaterThan(now.getTime());
        if (email.do !== 'wait') return;
        expect(Date.parse(email.until)).toBeGreaterThan(now.getTime());
        expect(Date.parse(email.until) - now.getTime()).toBeLessThanOrEqual(25 * HOUR);
        expect(['now', 'digest']).toContain(planOf(kind, wishes, sent, at(email.until)).email.do);
      }),
      { numRuns: 300 },
    );
  });

  it('it is quiet exactly when the wall clock says so, where no clock is being changed', () => {
    fc.assert(
      fc.property(someWishes, someInstant, (wishes, now) => {
        fc.pre(isSteady(wishes.timeZone, now));
        expect(planOf(soon, wishes, 0, now).email.do === 'wait').toBe(isQuietOnTheWall(wishes, now));
      }),
      { numRuns: 300 },
    );
  });

  it('a digest comes at its hour, on its day, and not while it is quiet', () => {
    fc.assert(
      fc.property(someWishes, someInstant, fc.constantFrom('daily' as const, 'weekly' as const), (some, now, email) => {
        const wishes = {
          ...some,
          categories: { ...some.categories, reminders: { email, sms: 'off', push: 'off' } },
        } as Wishes;
        const { email: decided } = planOf(reminder, wishes, 0, now);
        if (decided.do !== 'digest') throw new Error(`${decided.do} instead of a digest`);
        const digest = at(decided.at);
        expect(digest.getTime() - now.getTime()).toBeLessThanOrEqual((email === 'daily' ? 2 : 8) * DAY + HOUR);
        expect(planOf(soon, wishes, 0, digest).email).toEqual({ do: 'now' });
        if (wishes.quietHours || !isSteady(wishes.timeZone, digest)) return;
        const { time, weekday } = wallClock(wishes.timeZone, digest);
        expect(time).toBe(`${String(wishes.digest.hour).padStart(2, '0')}:00`);
        if (email === 'weekly') expect(weekday).toBe(wishes.digest.weekday);
      }),
      { numRuns: 200 },
    );
  });

  it('every notice of a fortnight ends in exactly one mail, and no day has more mails than were wished', () => {
    const arrivals = fc.array(fc.tuple(fc.integer({ min: 0, max: 14 * DAY }), someKind), { maxLength: 60 });
    fc.assert(
      fc.property(someWishes, someInstant, arrivals, (wishes, from, notices) => {
        const queue = notices.map(([after, kind], id) => ({ id, kind, due: from.getTime() + after }));
        const mailsOfDay = new Map<string, number>();
        const ended: number[] = [];
        while (queue.length > 0) {
          queue.sort((a, b) => a.due - b.due);
          const { id, kind, due } = queue.shift()!;
          const now = new Date(due);
          const day = recipientsDay(wishes, now);
          const sent = mailsOfDay.get(day) ?? 0;
          const { email } = planOf(kind, wishes, sent, now);
          if (email.do === 'wait') queue.push({ id, kind, due: Date.parse(email.until) });
          else ended.push(id);
          if (email.do !== 'now' || kind.urgency === 'urgent') continue;
          if (isSteady(wishes.timeZone, now)) expect(isQuietOnTheWall(wishes, now)).toBe(false);
          mailsOfDay.set(day, sent + 1);
        }
        expect(ended.toSorted((a, b) => a - b)).toEqual(notices.map((_, id) => id));
        for (const mails of mailsOfDay.values()) expect(mails).toBeLessThanOrEqual(wishes.mailsPerDayMax);
      }),
      { numRuns: 50 },
    );
  });
});
