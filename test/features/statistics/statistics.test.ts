import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Rule, rules } from '../../../lambdas/access/rules.ts';
import { barChart } from '../../../lambdas/features/statistics/chart.ts';
import { chartNames, chartOf } from '../../../lambdas/features/statistics/charts.ts';
import { functionWords } from '../../../lambdas/features/statistics/function-words.ts';
import { weeksBetween } from '../../../lambdas/features/statistics/handlers.ts';
import { statisticsPage } from '../../../lambdas/features/statistics/page.ts';
import { type CountedDay, SHOWN_MIN, statisticsOf } from '../../../lambdas/features/statistics/statistics.ts';
import type { UsageDay } from '../../../lambdas/features/usage/usage-day.ts';
import { apiFunctions } from '../../../lambdas/functions/catalogue.ts';
import type { Route } from '../../../lambdas/http/route.ts';

const days = (from: number) => Array.from({ length: 7 }, (_, i) => `2026-11-${String(from + i).padStart(2, '0')}`);
const weeks = [days(2), days(9)];
const used = (usage: Partial<UsageDay>): UsageDay => ({ people: 0, functions: [], browsers: [], ...usage });

const small = fc.integer({ min: 0, max: SHOWN_MIN - 1 });
const aUse = (people: fc.Arbitrary<number>) =>
  fc.record({
    module: fc.constantFrom('Calendar', 'Messages'),
    function: fc.constantFrom('read', 'write', 'list'),
    people,
    more: fc.integer({ min: 0, max: 40 }),
  });
const anyDay = fc.record({
  people: fc.integer({ min: 0, max: 40 }),
  functions: fc.uniqueArray(aUse(fc.integer({ min: 1, max: 30 })), {
    maxLength: 6,
    selector: (one) => `${one.module}#${one.function}`,
  }),
  browsers: fc.uniqueArray(
    fc.record({
      browser: fc.constantFrom('Chrome', 'Firefox', 'Safari'),
      version: fc.constantFrom('130', '131'),
      people: fc.integer({ min: 1, max: 30 }),
    }),
    { maxLength: 6, selector: (one) => `${one.browser}#${one.version}` },
  ),
});
type AnyDay = typeof anyDay extends fc.Arbitrary<infer T> ? T : never;
const dayOf = ({ people, functions, browsers }: AnyDay): UsageDay => ({
  people,
  functions: functions.map(({ more, ...one }) => ({ ...one, uses: one.people + more })),
  browsers,
});

describe('statistics of an organisation', () => {
  it('leave out what fewer than ten people used, and out of the sums as well', () => {
    const week = days(2).map(
      (day, i): CountedDay => ({
        day,
        usage:
          i > 0
            ? undefined
            : used({
                people: 12,
                functions: [
                  { module: 'Calendar', function: 'read', uses: 30, people: 12 },
                  { module: 'Calendar', function: 'write', uses: 90, people: 9 },
                  { module: 'Door', function: 'openLink', uses: 11, people: 0 },
                ],
                browsers: [
                  { browser: 'Chrome', version: '131', people: 10 },
                  { browser: 'Firefox', version: '132', people: 2 },
                ],
              }),
      }),
    );
    expect(statisticsOf([week])).toMatchObject({
      days: [
        { day: '2026-11-02', people: 12 },
        ...days(3)
          .slice(0, 6)
          .map((day) => ({ day })),
      ],
      modules: [
        { module: 'Calendar', uses: 30 },
        { module: 'Door', uses: 11 },
      ],
      functions: [
        { module: 'Calendar', function: 'read', uses: 30 },
        { module: 'Door', function: 'openLink', uses: 11 },
      ],
      browsers: [{ browser: 'Chrome', version: '131', percent: 100 }],
    });
  });

  it('CE-07: do not depend on what is left out: no answer, and no difference between answers, tells of it', () => {
    const twoWeeks = fc.array(anyDay, { minLength: 14, maxLength: 14 });
    const otherwise = fc.array(fc.tuple(small, small, fc.integer({ min: 1, max: 40 })), {
      minLength: 30,
      maxLength: 30,
    });
    fc.assert(
      fc.property(twoWeeks, otherwise, (counted, replaced) => {
        let i = 0;
        const next = () => replaced[i++ % replaced.length]!;
        const before = weeks.map((week, w) => week.map((day, d) => ({ day, usage: dayOf(counted[w * 7 + d]!) })));
        // All that is too small to be shown, in a week, becomes something else that is too small.
        const after = before.map((week) => {
          const isShown = (of: 'functions' | 'browsers', key: string) =>
            week.some(({ usage }) =>
              usage[of].some((one) => Object.values(one).slice(0, 2).join('#') === key && one.people >= SHOWN_MIN),
            );
          return week.map(({ day, usage }) => ({
            day,
            usage: used({
              people: usage.people >= SHOWN_MIN ? usage.people : next()[0],
              functions: usage.functions.map((one) =>
                isShown('functions', `${one.module}#${one.function}`)
                  ? one
                  : { ...one, people: Math.max(1, next()[1]), uses: next()[2] },
              ),
              browsers: usage.browsers.map((one) =>
                isShown('browsers', `${one.browser}#${one.version}`) ? one : { ...one, people: Math.max(1, next()[1]) },
              ),
            }),
          }));
        });
        expect(statisticsOf(after)).toEqual(statisticsOf(before));
        expect(statisticsOf(after.slice(1))).toEqual(statisticsOf(before.slice(1)));
      }),
    );
  });

  it('are of weeks that have been over for three days: until then a day could still be put together', () => {
    expect(weeksBetween({}, '2026-11-18').at(-1)).toEqual(days(2));
    expect(weeksBetween({}, '2026-11-19').at(-1)).toEqual(days(9));
    expect(weeksBetween({ from: '2026-W45', until: '2026-W46' }, '2026-11-19')).toEqual(weeks);
  });

  it.each([
    ['a week that may still change', { until: '2026-W47' }],
    ['a week that there is not', { until: '2026-W99' }],
    ['weeks that end before they begin', { from: '2026-W46', until: '2026-W45' }],
    ['more weeks than a year', { from: '2020-W01' }],
  ])('refuse %s', (_, query) => {
    expect(() => weeksBetween(query, '2026-11-19')).toThrow(expect.objectContaining({ slug: 'malformed-request' }));
  });
});

/** What nobody but the operator's staff and programs may do is counted with the operator, and stands in no report. */
const isUsedInside = (access: Route['access']): boolean =>
  access.to === 'role' &&
  rules[access.may].some(({ role }: Rule) => !role.startsWith('platform-') && role !== 'integration');

const statistics = statisticsOf([
  days(2).map((day) => ({
    day,
    usage: used({
      people: day.endsWith('7') ? 3 : 14,
      functions: [
        { module: 'Child log', function: 'listLog', uses: 200, people: 14 },
        { module: '<b>', function: 'goneByNow', uses: 20, people: 14 },
      ],
      browsers: [{ browser: 'Chrome', version: '131', people: 14 }],
    }),
  })),
]);

describe('a chart', () => {
  it.each(chartNames)(
    '%s is an image with a title and its numbers in words, without a script or anything from outside',
    (name) => {
      for (const language of ['nb', 'en'] as const) {
        const { markup } = barChart(chartOf(name, statistics, language), name);
        expect(markup).toMatch(/^<svg [^>]*role="img" aria-labelledby="[\w-]+-title [\w-]+-description"/);
        expect(markup).toContain(`<title id="${name}-title">`);
        expect(markup).toMatch(/<desc id="[\w-]+-description">[^<]{10,}<\/desc>/);
        expect(markup).not.toMatch(/<script|href=|url\(|style=|on\w+="/);
      }
    },
  );

  it('has a dash for a day that is not shown, and no bar of it', () => {
    const { markup } = barChart(chartOf('people-per-day', statistics, 'nb'), 'people');
    expect(markup.match(/class="bar"/g)).toHaveLength(6);
    expect(markup).toContain('>–</text>');
    expect(markup).not.toContain('>3</text>');
  });

  it('stands in a page with every number in a table, escaped', () => {
    const { content, contentSecurityPolicy } = statisticsPage(statistics, 'Bygg & Sønn', 'nb');
    expect(content).toContain('Bygg &amp; Sønn');
    expect(content).toContain('&lt;b&gt;');
    expect(content).toContain('færre enn 10');
    expect(content).not.toContain('<b>');
    expect(contentSecurityPolicy).toContain("default-src 'none'");
  });

  it('says days and functions in words, and names nothing by its id', () => {
    const pages = {
      nb: statisticsPage(statistics, 'Solbakken', 'nb'),
      en: statisticsPage(statistics, 'Solbakken', 'en'),
    };
    const [nb, en] = [String(pages.nb.content), String(pages.en.content)];
    expect(nb).toContain('<p>2.–8. november 2026. Tallene er talt');
    expect(en).toMatch(/<p>2\s?–\s?8 November 2026\. The numbers were/);
    expect(nb).toContain('<th scope="row">mandag 2. november</th><td>14</td>');
    expect(nb.replaceAll('\u00a0', ' ')).toContain(
      '<th scope="row">Lese barnets logg</th><td>Barnelogg</td><td>1 400</td>',
    );
    expect(en).toContain('<th scope="row">Read a child’s log</th><td>Child log</td><td>1,400</td>');
    expect(nb).toContain('<th scope="row">Noe som ikke finnes lenger</th>');
    for (const content of [nb, en]) expect(content).not.toMatch(/listLog|goneByNow|2026-11|\.\./);
  });

  it('has words for every function that a role inside an organisation can use, and for no other', () => {
    const used = Object.values(apiFunctions).flatMap(({ routes }) =>
      Object.entries<Route>(routes).flatMap(([id, { access }]) => (isUsedInside(access) ? [id] : [])),
    );
    expect(Object.keys(functionWords).sort()).toEqual(used.sort());
    for (const language of ['nb', 'en'] as const) {
      for (const [id, words] of Object.entries(functionWords)) {
        expect(words[language], id).toMatch(/^\p{Lu}[^.]{2,59}$/u);
      }
    }
  });
});
