import { describe, expect, it } from 'vitest';
import { weekPage } from '../../../lambdas/features/week/page.ts';
import type { WeekDay } from '../../../lambdas/features/week/week.ts';
import { aFullWeek, anEntry, anEventOn, aWeek } from './weeks.ts';

const MADE_AT = new Date('2026-11-15T18:03:00Z');
const pageFor = (...[week, language = 'nb']: [Parameters<typeof weekPage>[0], ('nb' | 'en')?]) =>
  String(weekPage(week, MADE_AT, language).content);
/** What stands in the cells of one person's week, by day. */
const cellsOf = (text: string) =>
  [...text.matchAll(/<td role="cell"[^>]*>([\s\S]*?)<\/td>/g)].map(([, cell]) =>
    [...cell!.matchAll(/<li[^>]*>([\s\S]*?)<\/li>/g)].map(([, line]) => line!.replace(/<[^>]+>/g, '')),
  );
const monday = (facts: Partial<WeekDay>, language: 'nb' | 'en' = 'nb') =>
  cellsOf(pageFor(aWeek({ entries: [anEntry({}, (_, number) => (number === 0 ? facts : {}))] }), language))[0];
const DAY = '2026-11-16';

describe('a day on the page', () => {
  it.each<[string, Partial<WeekDay>, string[]]>([
    ['says when a child is expected', { expected: { from: '08:30', until: '15:30' } }, ['Ventet 08.30–15.30']],
    ['says so without an end', { expected: { from: '08:30' } }, ['Ventet 08.30']],
    [
      'says what was, and no more what was expected',
      {
        expected: { from: '08:30' },
        stays: [{ id: '1', checkedInAt: '2026-11-16T07:12:00.000Z', checkedOutAt: '2026-11-16T14:40:00.000Z' }],
      },
      ['Var der 08.12–15.40'],
    ],
    ['says who is there', { stays: [{ id: '1', checkedInAt: '2026-11-16T07:12:00.000Z' }] }, ['Kom 08.12']],
    ['says who is away', { absence: { reason: 'holiday' } }, ['Fri']],
    ['says that it is closed, and why', { opening: 'closed', closure: 'Planleggingsdag' }, ['Stengt: Planleggingsdag']],
    ['says with whom a child is', { home: 'not-with-me' }, ['Ikke hos meg']],
    [
      'says until when something must be said',
      { opening: 'must-answer', answerBefore: '2026-11-12T11:00:00.000Z' },
      ['Må meldes', 'Si fra før tor. 12. kl. 12.00'],
    ],
    [
      'asks nobody who does not have the child that day',
      { home: 'not-with-me', answerBefore: '2026-11-12T11:00:00.000Z' },
      ['Ikke hos meg'],
    ],
    [
      'says what happens, where, and what to bring',
      { events: [anEventOn(DAY, { place: 'Svømmehallen', bring: ['badetøy', 'håndkle'] })] },
      ['10.00–11.30 Svømming, Svømmehallen', 'Ta med: badetøy, håndkle'],
    ],
    ['gives a whole day no hour', { events: [anEventOn(DAY, { allDay: true, from: DAY, until: DAY })] }, ['Svømming']],
    [
      'gives a night its own part',
      { events: [anEventOn(DAY, { until: '2026-11-17T08:00' }), anEventOn(DAY, { from: '2026-11-15T18:00' })] },
      ['fra 10.00 Svømming', 'til 11.30 Svømming'],
    ],
    [
      'names the clock of an event elsewhere',
      { events: [anEventOn(DAY, { timeZone: 'Europe/London' })] },
      ['10.00–11.30 Svømming, Tider i Europe/London'],
    ],
  ])('%s', (_, facts, lines) => expect(monday(facts)).toEqual(lines));

  it('is told in English to whoever reads that', () => {
    const facts = {
      expected: { from: '08:30' },
      home: 'with-me',
      events: [anEventOn(DAY, { bring: ['towel'] })],
    } as const;
    expect(monday({ ...facts, events: [...facts.events] }, 'en')).toEqual([
      'Expected 08:30',
      'With me',
      '10:00–11:30 Svømming',
      'Bring: towel',
    ]);
  });
});

describe('the page', () => {
  it('says what waits: deadlines once for each organisation, and messages', () => {
    const school = { organisationName: 'Nordlia skole' };
    const deadline = () => ({ answerBefore: '2026-11-12T11:00:00.000Z' });
    const text = pageFor(
      aWeek({
        organisations: [
          { organisationId: anEntry().organisationId, organisationName: 'Nordlia skole', messagesWaiting: 1 },
          { organisationId: anEntry().organisationId, organisationName: 'Turngruppa', messagesWaiting: 0 },
        ],
        entries: [anEntry(school, deadline), anEntry({ ...school, firstName: 'Nora' }, () => ({}))],
      }),
    );
    const waiting = /<section class="waiting"[\s\S]*?<\/section>/.exec(text)?.[0].replace(/<[^>]+>/g, '\n');
    expect(waiting?.match(/\S.*/g)).toEqual([
      'Venter på deg',
      'Si fra til Nordlia skole om Emil før torsdag 12. november kl. 12.00',
      '1 melding fra Nordlia skole',
    ]);
  });

  it('is a table to those who hear it, also where a phone sets it as blocks', () => {
    const text = pageFor(aFullWeek(1, 1, 1));
    expect(text.match(/<th scope="col" role="columnheader">/g)).toHaveLength(8);
    expect(text.match(/<th scope="row" role="rowheader">/g)).toHaveLength(1);
    expect(text.match(/<td role="cell" data-day="[^"]+"/g)).toHaveLength(7);
    expect(text).toContain('data-day="torsdag 19. november, Kristi himmelfartsdag"');
    for (const landmark of ['<header>', '<main>', '<footer>', '<html lang="nb">', '<h1>Uke 47</h1>', '<caption>']) {
      expect(text).toContain(landmark);
    }
  });

  it('says on paper how much it leaves out, and leaves nothing out on a screen', () => {
    const text = pageFor(aFullWeek(3, 4, 8));
    const rows = [...text.matchAll(/<ul role="list">([\s\S]*?)<\/ul>/g)];
    expect(rows).toHaveLength(85);
    for (const [, cell] of rows.slice(1)) {
      const left = cell!.match(/class="[^"]* beyond"/g)?.length ?? 0;
      expect(cell).toContain(`<li class="more">+ ${left} til</li>`);
      expect(left).toBeGreaterThan(10);
      // Closed or to be said, expected, at home; eight events with what to bring; and a deadline before the weekend.
      expect(cell!.match(/<li /g)!.length - 1).toBe(3 + 16 + 1);
    }
    expect(pageFor(aFullWeek(5, 5, 0))).toMatch(
      /<p class="more">\+ \d+ til, som det ikke er plass til på ett ark\.<\/p>/,
    );
  });

  it('says so when there is nobody to show', () => {
    expect(pageFor(aWeek())).toContain('<p>Det er ingen å vise denne uken.</p>');
  });

  it('knows weeks that span two years', () => {
    const text = pageFor(aWeek({ week: '2026-W53', entries: [anEntry({}, () => ({}), '2026-W53')] }), 'en');
    expect(text).toContain('<h1>Week 53</h1>');
    expect(text.replaceAll(/\s/g, ' ')).toMatch(/28 December 2026 ?– ?3 January 2027/);
  });
});
