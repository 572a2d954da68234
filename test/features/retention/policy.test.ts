import { describe, expect, it } from 'vitest';
import { type Profile, profiles } from '../../../lambdas/access/roles.ts';
import { dueAt, dueDay, policyOf, refusalOf, retentionDecision } from '../../../lambdas/features/retention/policy.ts';
import { daysIn, expiryAfter, type Kept, type Length, terms } from '../../../lambdas/features/retention/terms.ts';
import { keptWords, lengthWords, wordsOf } from '../../../lambdas/features/retention/words.ts';
import { type RetentionClass, retentionClasses } from '../../../lambdas/platform/entity.ts';

/** The table "Default terms" of promises.md, row by row, as it stands there. */
const promised: readonly (readonly [Kept, Length, { nb: string; en: string }])[] = [
  ['sign-in', { days: 21 }, { nb: '21 dager', en: '21 days' }],
  ['web-log', { days: 14 }, { nb: '14 dager', en: '14 days' }],
  ['identified-usage', { days: 21 }, { nb: '21 dager', en: '21 days' }],
  ['position', { days: 30 }, { nb: '30 dager', en: '30 days' }],
  ['activity', { years: 1 }, { nb: '1 år', en: '1 year' }],
  ['notice', { years: 1 }, { nb: '1 år', en: '1 year' }],
  ['chat', { days: 90 }, { nb: '90 dager', en: '90 days' }],
  ['enquiry', { months: 6 }, { nb: '6 måneder', en: '6 months' }],
  ['ticket', { years: 2 }, { nb: '2 år', en: '2 years' }],
  ['person', { months: 6 }, { nb: '6 måneder', en: '6 months' }],
  ['attendance', { months: 6 }, { nb: '6 måneder', en: '6 months' }],
  ['daily-life', { months: 6 }, { nb: '6 måneder', en: '6 months' }],
  ['photo', { months: 1 }, { nb: '1 måned', en: '1 month' }],
  ['consent', { years: 3 }, { nb: '3 år', en: '3 years' }],
  ['agreement', { months: 1 }, { nb: '1 måned', en: '1 month' }],
  ['site-list', { months: 6 }, { nb: '6 måneder', en: '6 months' }],
  ['time-sheet', { months: 42 }, { nb: 'tre og et halvt år', en: 'three and a half years' }],
  ['invoice', { years: 5 }, { nb: '5 år', en: '5 years' }],
  ['backup', { days: 90 }, { nb: '90 dager', en: '90 days' }],
];

describe('the declared policy', () => {
  it.each(promised)(
    'keeps %s for as long as promises.md says, and says so in both languages',
    (kept, length, words) => {
      const under = profiles.filter((profile) => policyOf(profile)[kept]);
      expect(under.length).toBeGreaterThan(0);
      for (const profile of under) expect(policyOf(profile)[kept]?.length).toEqual(length);
      expect(lengthWords(length)).toEqual(words);
      expect(wordsOf(policyOf(under)[kept]!).nb).toContain(words.nb);
      expect(wordsOf(policyOf(under)[kept]!).en).toContain(words.en);
    },
  );

  it('has a term and a name for every retention class under every profile that has it, and none is without a profile', () => {
    const classes = Object.keys(retentionClasses) as RetentionClass[];
    for (const profile of profiles) {
      for (const retentionClass of classes) {
        const term = terms[retentionClass];
        const under: readonly Profile[] = 'profiles' in term ? term.profiles : profiles;
        expect(policyOf(profile)[retentionClass] !== undefined, `${retentionClass} under ${profile}`).toBe(
          under.includes(profile),
        );
        expect(under.length).toBeGreaterThan(0);
        expect(keptWords[retentionClass].nb.length).toBeGreaterThan(0);
      }
    }
  });

  it('keeps what only one profile knows under that profile alone', () => {
    const under = (kept: Kept) => profiles.filter((profile) => policyOf(profile)[kept] !== undefined);
    expect(under('identified-usage')).toEqual(['workplace']);
    expect(under('position')).toEqual(['workplace', 'safety']);
  });

  it('keeps what any of several profiles keeps when they are combined', () => {
    const both = policyOf(['workplace', 'itservice']);
    expect(both.chat?.length).toEqual({ days: 90 });
    expect(both.position?.length).toEqual({ days: 30 });
    expect(both['site-list']?.length).toEqual({ months: 6 });
    expect(policyOf('itservice')['site-list']).toBeUndefined();
  });

  it('keeps no backup longer than the strictest profile allows (ALL-05, AT-04, SM-12)', () => {
    for (const profile of profiles) {
      expect(daysIn(policyOf(profile).backup!.length!)).toBeLessThanOrEqual(90);
      expect(daysIn(policyOf(profile).backup!.length!)).toBeLessThan(daysIn({ months: 4 }));
    }
  });

  it('lets a statute win over every profile', () => {
    const floored = Object.entries(terms).flatMap(([kept, term]) => ('floor' in term ? [{ kept, term }] : []));
    expect(floored.map(({ kept }) => kept)).toEqual(['consent', 'site-list', 'time-sheet', 'invoice']);
    for (const { term } of floored) {
      expect(daysIn(term.length)).toBeGreaterThanOrEqual(daysIn(term.floor.length));
      expect(term.floor.law).not.toBe('');
    }
  });
});

describe('an organisation’s own terms', () => {
  const wish = (length: Length, basis?: string) => ({ length, basis });

  it('may be shorter, and take with them what hangs together', () => {
    expect(refusalOf('kindergarten', 'person', wish({ days: 14 }))).toBeUndefined();
    const policy = policyOf('kindergarten', { person: { length: { days: 14 } } });
    for (const kept of ['person', 'membership', 'attendance', 'daily-life', 'photo'] as const) {
      expect(policy[kept]?.length, kept).toEqual({ days: 14 });
    }
  });

  it('are longer only with a stated basis, and never beyond five years', () => {
    expect(refusalOf('kindergarten', 'person', wish({ months: 7 }))).toBe('basis-needed');
    expect(refusalOf('kindergarten', 'person', wish({ months: 7 }, 'Barnehageloven'))).toBeUndefined();
    expect(refusalOf('kindergarten', 'person', wish({ years: 6 }, 'Barnehageloven'))).toBe('too-long');
  });

  it('are not taken for less than a day, nor for what the profile does not keep', () => {
    expect(refusalOf('kindergarten', 'person', wish({ days: 0 }))).toBe('too-short');
    expect(refusalOf('kindergarten', 'identified-usage', wish({ days: 10 }))).toBe('not-kept');
  });

  it('never let a picture outlive its person', () => {
    const policy = policyOf('kindergarten', { photo: { length: { years: 1 }, basis: 'x' } });
    expect(policy.photo.length).toEqual({ months: 6 });
  });
});

describe('the due day', () => {
  const oslo = 'Europe/Oslo';
  it.each([
    ['six months after the last day of a placement', 'person', '2026-08-31', '2027-03-01'],
    ['a month after 31 January, in a common year', 'photo', '2027-01-31', '2027-03-01'],
    ['a month after 31 January, in a leap year', 'photo', '2028-01-31', '2028-03-01'],
    ['three years after the leap day', 'consent', '2028-02-29', '2031-03-01'],
    ['a month after the agreement’s end', 'agreement', '2026-12-31', '2027-02-01'],
    ['90 days after the agreement’s end', 'organisation', '2026-12-31', '2027-04-01'],
    ['five years after the accounting year’s end', 'invoice', '2026-03-14', '2032-01-01'],
    ['three and a half years after the accounting year’s end', 'time-sheet', '2026-03-14', '2030-07-01'],
    ['six months after the works’ end', 'site-list', '2026-05-31', '2026-12-01'],
    ['two years after a ticket was closed', 'ticket', '2026-05-31', '2028-06-01'],
    ['30 days after the final answer', 'request', '2026-11-01', '2026-12-02'],
    ['at once when a consent is withdrawn', 'consented', '2026-11-01', '2026-11-02'],
  ] as const)('comes %s', (_what, kept, event, due) => {
    const [under] = profiles.filter((profile) => policyOf(profile)[kept]) as [Profile];
    expect(dueDay(policyOf(under)[kept]!, event, oslo)).toBe(due);
  });

  it('counts an instant from its day where the organisation is', () => {
    const { person } = policyOf('kindergarten');
    expect(dueDay(person, '2026-08-31T21:59:59Z', oslo)).toBe('2027-03-01');
    expect(dueDay(person, '2026-08-31T22:00:00Z', oslo)).toBe('2027-03-02');
  });
});

const withTerm = (Object.keys(retentionClasses) as RetentionClass[]).filter(
  (retentionClass) => (policyOf('kindergarten')[retentionClass]?.after ?? 'none') !== 'none',
);

describe('the decision', () => {
  const policy = policyOf('kindergarten');
  const held = (retentionClass: RetentionClass) =>
    ({ retentionClass, endedOn: '2026-08-31', timeZone: 'Europe/Oslo', holds: [] }) as const;

  it.each(withTerm)('keeps %s a second before its term is over, and erases it a second after', (retentionClass) => {
    const at = dueAt(policy[retentionClass]!, '2026-08-31', 'Europe/Oslo').getTime();
    expect(retentionDecision(held(retentionClass), policy, new Date(at - 1000))).toBe('keep');
    expect(retentionDecision(held(retentionClass), policy, new Date(at + 1000))).toBe('erase');
  });

  it('holds what a legal hold or a restriction keeps', () => {
    const late = new Date('2030-01-01T00:00:00Z');
    expect(retentionDecision({ ...held('person'), holds: ['hld_1'] }, policy, late)).toBe('held');
  });

  it('keeps whoever has not left, however long they were silent (SM-11)', () => {
    const late = new Date('2036-01-01T00:00:00Z');
    expect(retentionDecision({ ...held('person'), endedOn: undefined }, policy, late)).toBe('keep');
    expect(retentionDecision(held('account'), policy, late)).toBe('keep');
  });
});

describe('the expiry of a row', () => {
  it.each([
    [{ days: 21 }, '2026-11-23T07:00:00Z', '2026-12-14T07:00:00Z'],
    [{ days: 1 }, '2027-03-27T12:00:00Z', '2027-03-28T12:00:00Z'],
    [{ years: 1 }, '2027-11-23T07:00:00Z', '2028-11-23T07:00:00Z'],
    [{ years: 1 }, '2028-02-29T07:00:00Z', '2029-02-28T07:00:00Z'],
    [{ months: 1 }, '2027-01-31T07:00:00Z', '2027-02-28T07:00:00Z'],
  ] as const)('is %o after it was written, by the calendar', (length, from, until) => {
    expect(expiryAfter(length, new Date(from))).toBe(Date.parse(until) / 1000);
  });
});
