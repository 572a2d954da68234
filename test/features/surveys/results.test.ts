import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Answer } from '../../../lambdas/features/surveys/answer.ts';
import { COUNTED_FROM, countsOf, resultsOf } from '../../../lambdas/features/surveys/results.ts';
import type { Question, Survey } from '../../../lambdas/features/surveys/survey.ts';

const both = (text: string) => ({ nb: text, en: text });
const choice = (options: number): Question => ({
  kind: 'choice',
  asked: both('Hva?'),
  options: Array.from({ length: options }, (_, i) => both(`${i}`)),
});
const text: Question = { kind: 'text', asked: both('Hvorfor?') };
const asking = (...questions: Question[]): Pick<Survey, 'questions'> => ({ questions });
const times = (count: number, ...given: Answer['given']): Answer[] => Array.from({ length: count }, () => ({ given }));

describe('the results of a survey', () => {
  it('are none below ten answers, not even how many there are', () => {
    expect(resultsOf(asking(choice(2), text), times(9, 0, 'Fint'))).toEqual({ questions: [] });
    expect(resultsOf(asking(choice(2)), times(10, 0))).toEqual({
      answers: 10,
      questions: [{ kind: 'counts', counts: [{ options: [0, 1], count: 10 }] }],
    });
  });

  it('count options together with those beside them until they are ten', () => {
    const answers = [...times(12, 0), ...times(4, 1), ...times(9, 2), ...times(11, 3), ...times(3, 4)];
    expect(resultsOf(asking(choice(5)), answers).questions).toEqual([
      {
        kind: 'counts',
        counts: [
          { options: [0], count: 12 },
          { options: [1, 2], count: 13 },
          { options: [3, 4], count: 14 },
        ],
      },
    ]);
  });

  it('do not say that all have answered alike', () => {
    const [result] = resultsOf(asking(choice(2)), times(30, 1)).questions;
    expect(result).toEqual({ kind: 'counts', counts: [{ options: [0, 1], count: 30 }] });
  });

  it('show texts from ten up, in the order of the alphabet, so that two of one person’s are not beside each other', () => {
    const nine = [...times(9, 'Fint', null), ...times(5, null, null)];
    expect(resultsOf(asking(text, text), nine).questions).toEqual([{ kind: 'texts' }, { kind: 'texts' }]);
    const ten = Array.from({ length: 10 }, (_, i): Answer => ({ given: [`a${i}`, `b${9 - i}`] }));
    expect(resultsOf(asking(text, text), ten).questions).toEqual([
      { kind: 'texts', texts: Array.from({ length: 10 }, (_, i) => `a${i}`) },
      { kind: 'texts', texts: Array.from({ length: 10 }, (_, i) => `b${i}`) },
    ]);
  });

  it('are the same in whatever order the answers lie', () => {
    const answer = fc.record({
      given: fc.tuple(fc.nat(3), fc.option(fc.constantFrom('Fint', 'Ikke fint', 'Vet ikke'))),
    });
    fc.assert(
      fc.property(
        fc
          .array(answer, { maxLength: 40 })
          .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        ([all, shuffled]) => {
          const survey = asking(choice(4), text);
          expect(resultsOf(survey, shuffled)).toEqual(resultsOf(survey, all));
        },
      ),
    );
  });

  it('show no number below ten, leave out nobody, and name every option once, whatever was answered', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(40), { minLength: 2, maxLength: 12 }), (cells) => {
        const sum = cells.reduce((a, b) => a + b, 0);
        const counts = countsOf(cells);
        if (sum < COUNTED_FROM) {
          expect(counts).toEqual([]);
          return;
        }
        for (const { count } of counts) expect(count).toBeGreaterThanOrEqual(COUNTED_FROM);
        expect(counts.reduce((all, { count }) => all + count, 0)).toBe(sum);
        expect(counts.flatMap(({ options }) => options)).toEqual(cells.map((_, option) => option));
      }),
      { numRuns: 1000 },
    );
  });
});

/** All ways in which at most so many people can have chosen among so many options. */
function* tables(cells: number, people: number): Generator<number[]> {
  if (cells === 0) return yield [];
  for (let first = 0; first <= people; first++)
    for (const rest of tables(cells - 1, people - first)) yield [first, ...rest];
}

describe('whoever knows the results and how they are made', () => {
  // Every table with the bound at three in place of ten: small enough to look at all of them.
  const FROM = 3;

  it.each([2, 3, 4])('cannot work out a number below the bound, among %i options', (cells) => {
    const byResult = Map.groupBy(tables(cells, 14), (table) => JSON.stringify(countsOf(table, FROM)));
    expect(byResult.size).toBeGreaterThan(10);
    for (const [result, possible] of byResult) {
      if (result === '[]') continue;
      for (let from = 0; from < cells; from++) {
        for (let until = from + 1; until <= cells; until++) {
          const sums = new Set(possible.map((table) => table.slice(from, until).reduce((a, b) => a + b, 0)));
          const [only] = sums;
          // Known for certain is only what is large enough.
          if (sums.size === 1) expect(only, `${result}: options ${from} to ${until - 1}`).toBeGreaterThanOrEqual(FROM);
        }
      }
    }
  });
});
