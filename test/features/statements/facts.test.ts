import { describe, expect, it } from 'vitest';
import { profiles } from '../../../lambdas/access/roles.ts';
import { categories, isUnder } from '../../../lambdas/features/agreements/categories.ts';
import { statementVersion } from '../../../lambdas/features/agreements/statement.ts';
import { policyOf } from '../../../lambdas/features/retention/policy.ts';
import { daysIn } from '../../../lambdas/features/retention/terms.ts';
import { statementStanding } from '../../../lambdas/features/statements/acknowledgement.ts';
import { composedStatement, nothingOfItsOwn, statementOf } from '../../../lambdas/features/statements/compose.ts';
import { detectedReasons, statementFacts } from '../../../lambdas/features/statements/facts.ts';
import { PublishedStatement, type StatementFacts } from '../../../lambdas/features/statements/published.ts';
import { nextStatement } from '../../../lambdas/features/statements/writes.ts';
import { anId } from '../../support/store.ts';

const now = new Date('2026-11-23T10:00:00Z');
const organisation = {
  id: anId('org'),
  name: 'Solbakken barnehage',
  profile: 'kindergarten',
  timeZone: 'Europe/Oslo',
  language: 'nb',
  state: 'open',
  notArrivedAfterMinutes: 30,
} as const;
const own = {
  nb: [{ title: 'Hos oss', text: 'Vi har kamera ved porten.' }],
  en: [{ title: 'With us', text: 'There is a camera at the gate.' }],
};
const line = { purpose: 'to know', basis: 'contract', article9: 'none', termDays: 30 };
const facts = (...processing: StatementFacts['processing']): StatementFacts => ({ processing, recipients: ['AWS'] });

describe('what makes a change material', () => {
  it.each([
    ['a new purpose', facts(line, { ...line, purpose: 'to sell' }), ['new-purpose']],
    [
      'a new purpose with health data',
      facts(line, { ...line, purpose: 'to heal', article9: 'explicit-consent' }),
      ['new-purpose', 'special-category'],
    ],
    ['a longer term', facts({ ...line, termDays: 31 }), ['longer-term']],
    ['a term without an end', facts({ purpose: 'to know', basis: 'contract', article9: 'none' }), ['longer-term']],
    ['another basis', facts({ ...line, basis: 'legitimate interest' }), ['other-basis']],
    ['a special category', facts({ ...line, article9: 'explicit-consent' }), ['special-category']],
    ['a new recipient', { ...facts(line), recipients: ['AWS', 'Mail AS'] }, ['new-recipient']],
  ])('is seen from the declarations: %s', (_what, after, reasons) => {
    expect(detectedReasons(facts(line), after)).toEqual(reasons);
  });

  it.each([
    ['nothing', facts(line)],
    ['a shorter term', facts({ ...line, termDays: 29 })],
    ['a purpose less', facts()],
    ['a recipient less', { ...facts(line), recipients: [] }],
  ])('is not %s', (_what, after) => {
    expect(detectedReasons(facts(line), after)).toEqual([]);
  });

  it('is what the publisher says besides, and never an organisation’s first statement', () => {
    const first = nextStatement(organisation, undefined, { ...nothingOfItsOwn, cause: 'first', said: [] }, now)!;
    expect(first).toMatchObject({ sequence: 1, reasons: [], version: statementVersion('kindergarten') });
    const second = nextStatement(
      organisation,
      first,
      { cause: 'organisation', own, adjustments: {}, said: ['narrows-rights'] },
      now,
    )!;
    expect(second).toMatchObject({ sequence: 2, reasons: ['narrows-rights'], cause: 'organisation' });
    expect(second.version).toMatch(/^2026-11-23\.[0-9a-f]{16}$/);
    expect(
      nextStatement(organisation, second, { cause: 'organisation', own, adjustments: {}, said: [] }, now),
    ).toBeUndefined();
  });

  it('is a longer term that the organisation itself decided on, and not a shorter one', () => {
    const adjusted = (months: number) => {
      const adjustments = { person: { length: { months } } };
      return nextStatement(organisation, first(), { own, adjustments, cause: 'declarations', said: [] }, now);
    };
    const first = () => nextStatement(organisation, undefined, { own, adjustments: {}, cause: 'first', said: [] }, now);
    expect(adjusted(12)).toMatchObject({ reasons: ['longer-term'] });
    expect(adjusted(3)).toMatchObject({ reasons: [] });
    expect(adjusted(6)).toBeUndefined();
    expect(JSON.stringify(adjusted(3)?.sections.nb)).toContain('3 måneder etter at oppholdet');
    expect(JSON.stringify(adjusted(3)?.sections.en)).toContain('3 months after the placement');
  });

  it('is seen when a deploy lengthens a term', () => {
    const first = nextStatement(organisation, undefined, { cause: 'first', own, adjustments: {}, said: [] }, now)!;
    const [longest, ...others] = first.facts.processing;
    const before = PublishedStatement.parse({
      ...first,
      sections: { nb: [], en: [] },
      facts: { ...first.facts, processing: [{ ...longest!, termDays: 1 }, ...others] },
    });
    expect(
      nextStatement(organisation, before, { cause: 'declarations', own, adjustments: {}, said: [] }, now),
    ).toMatchObject({
      reasons: ['longer-term'],
    });
  });
});

describe('the facts of every profile', () => {
  it.each(profiles)('%s: each purpose with a term in days where it has one', (profile) => {
    const { processing, recipients } = statementFacts(profile);
    expect(processing.length).toBeGreaterThan(10);
    expect(processing.filter(({ termDays }) => termDays !== undefined && termDays > 0).length).toBeGreaterThan(8);
    expect(processing.every(({ termDays }) => termDays === undefined || Number.isFinite(termDays))).toBe(true);
    expect(recipients.length).toBeGreaterThan(0);
    expect(detectedReasons({ processing, recipients }, { processing, recipients })).toEqual([]);
  });
});

describe('what goes before the rest of its class', () => {
  const sooner = profiles.flatMap((profile) =>
    categories
      .filter(isUnder(profile))
      .flatMap(({ keptAtMost, purpose }) => (keptAtMost ? [[keptAtMost, profile, purpose.en] as const] : [])),
  );
  it.each(sooner)('has its term in the policy: %s under %s', (kept, profile, purpose) => {
    const length = policyOf(profile)[kept]?.length;
    const { termDays } = statementFacts(profile).processing.find((one) => one.purpose === purpose)!;
    expect(length && daysIn(length)).toBe(termDays);
  });
});

describe('a composed statement', () => {
  it.each(profiles.flatMap((profile) => (['nb', 'en'] as const).map((language) => [profile, language] as const)))(
    'for %s in %s names the controller, the officer and Ireland, and the organisation’s own words (ALL-07, KP-17, AT-14)',
    (profile, language) => {
      const composed = { ...composedStatement({ ...organisation, profile }, { own, adjustments: {} }, now) };
      const published = {
        ...composed,
        sequence: 1,
        publishedAt: now.toISOString(),
        cause: 'first',
        reasons: [],
      } as const;
      const text = JSON.stringify(
        statementOf({ ...organisation, profile }, { ...published, reasons: [] }, language, now),
      );
      expect(text).toContain('eu-west-1');
      expect(text).toContain(language === 'nb' ? 'Irland' : 'Ireland');
      expect(text).toContain('personvernombud@');
      expect(text).toContain('Solbakken barnehage');
      expect(text).toContain(language === 'nb' ? 'Vi har kamera ved porten.' : 'There is a camera at the gate.');
    },
  );

  it('has another version when a word changes in either language', () => {
    const version = (sections: typeof own) =>
      composedStatement(organisation, { own: sections, adjustments: {} }, now).version;
    expect(version({ ...own, en: [{ title: 'With us', text: 'There is no camera.' }] })).not.toBe(version(own));
    expect(version(own)).toBe(version(structuredClone(own)));
  });
});

describe('what a person is told of the statement', () => {
  const [first, wording, material] = [
    { version: 'v1', reasons: [] },
    { version: 'v2', reasons: [] },
    { version: 'v3', reasons: ['new-purpose'] },
  ] as const;
  const read = (...versions: string[]) =>
    versions.map((statementVersion) => ({ statementVersion, at: '2026-11-01T10:00:00.000Z' }));
  const standing = (published: readonly { version: string; reasons: readonly string[] }[], ...versions: string[]) =>
    statementStanding(published[0]?.version ?? 'v0', published as never, read(...versions));

  it('is nothing to do once it has been acknowledged', () => {
    expect(standing([first], 'v1')).toMatchObject({ mustAcknowledge: false, acknowledged: { statementVersion: 'v1' } });
  });
  it('is to acknowledge a first one, and a material change', () => {
    expect(standing([first])).toMatchObject({ mustAcknowledge: true, isMaterial: false });
    expect(standing([])).toMatchObject({ version: 'v0', mustAcknowledge: true });
    expect(standing([material, wording, first], 'v2')).toMatchObject({ mustAcknowledge: true, isMaterial: true });
  });
  it('is to acknowledge a material change also when others came after it', () => {
    expect(standing([{ version: 'v4', reasons: [] }, material, wording], 'v2')).toMatchObject({
      mustAcknowledge: true,
    });
  });
  it('is only shown where nothing material changed (CE-16)', () => {
    expect(standing([wording, first], 'v1')).toMatchObject({ mustAcknowledge: false, isMaterial: false });
    expect(standing([wording, first], 'v1').acknowledged).toBeUndefined();
  });
});
