import { describe, expect, it } from 'vitest';
import { necessities, necessityOf, whatIsNecessary } from '../../../lambdas/features/notice-preferences/necessary.ts';
import { categories, categoryOf, noticeKinds, type Template } from '../../../lambdas/features/notices/notice.ts';
import { NoticePreferences, silencesMessages, wishesOf } from '../../../lambdas/features/notices/preferences.ts';

const here = { timeZone: 'Europe/Oslo', reachedBy: [] } as const;
const messages = (wish: object) => NoticePreferences.parse({ categories: { messages: wish } });

describe('what holds for a person', () => {
  it('is e-mail at once and nothing else where nothing was said, and stays so for a category that comes later', () => {
    const plain = { email: 'at-once', sms: 'off', push: 'off' };
    for (const category of categories) {
      expect(wishesOf(undefined, [], here).categories[category]).toEqual(plain);
      expect(wishesOf(messages({ email: 'daily' }), [], here).categories[category].sms).toBe('off');
    }
    expect(wishesOf(undefined, [], here)).toMatchObject({ timeZone: 'Europe/Oslo', mailsPerDayMax: 10 });
  });

  it('is what was declined by a link, whatever was said before; the other ways stay as they were', () => {
    const said = NoticePreferences.parse({ categories: { reminders: { email: 'weekly', sms: 'at-once' } } });
    const wishes = wishesOf(said, ['reminders'], { ...here, reachedBy: ['sms'] });
    expect(wishes.categories.reminders).toEqual({ email: 'off', sms: 'at-once', push: 'off' });
    expect(wishes.categories.arrivals.email).toBe('at-once');
  });

  it('is no SMS without a number and no push without a device', () => {
    const said = NoticePreferences.parse({ necessary: { sms: 'at-once', push: 'at-once' } });
    expect(wishesOf(said, [], { ...here, reachedBy: ['push'] }).necessary).toEqual({ sms: 'off', push: 'at-once' });
  });

  it('is messages once a day by e-mail where nothing else would tell of them, also after the last device has gone', () => {
    const said = messages({ email: 'off', push: 'at-once' });
    expect(wishesOf(said, [], { ...here, reachedBy: ['push'] }).categories.messages.email).toBe('off');
    expect(wishesOf(said, [], here).categories.messages.email).toBe('daily');
    expect(wishesOf(undefined, ['messages'], here).categories.messages.email).toBe('daily');
  });

  it('cannot silence messages: a push must be wished, and there must be a device', () => {
    expect(silencesMessages(messages({ email: 'off' }), ['push'])).toBe(true);
    expect(silencesMessages(messages({ email: 'off', push: 'at-once' }), [])).toBe(true);
    expect(silencesMessages(messages({ email: 'off', push: 'at-once' }), ['push'])).toBe(false);
    expect(silencesMessages(messages({ email: 'weekly' }), [])).toBe(false);
  });
});

describe('what can be said', () => {
  it.each([
    ['quiet hours that never end', { quietHours: { from: '07:00', until: '07:00' } }],
    ['a time that no clock shows', { quietHours: { from: '24:00', until: '07:00' } }],
    ['a zone that there is not', { timeZone: 'Europe/Atlantis' }],
    ['no mail at all', { mailsPerDayMax: 0 }],
    ['a category that there is not', { categories: { safety: { email: 'off' } } }],
    ['what no digest has', { digest: { hour: 24 } }],
  ])('is not %s', (_, preferences) => {
    expect(NoticePreferences.safeParse(preferences).success).toBe(false);
  });
});

describe('what cannot be declined', () => {
  it('says why, each notice once; what can be declined is not among it', () => {
    for (const template of Object.keys(noticeKinds) as Template[]) {
      expect([template, necessityOf[template] !== undefined]).toEqual([template, categoryOf(template) === undefined]);
    }
    const told = whatIsNecessary('en');
    expect(told.map(({ because }) => because)).toEqual([...necessities]);
    for (const { why, notices } of told) {
      expect(why).toMatch(/^[A-Z].*\.$/);
      expect(notices.length).toBeGreaterThan(0);
    }
  });
});
