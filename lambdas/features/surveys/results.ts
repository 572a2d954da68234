import { type Answer, cellsOf, type Given } from './answer.ts';
import type { Question, Survey } from './survey.ts';

/** What fewer than this many have answered is not shown, and cannot be worked out from what is. */
export const COUNTED_FROM = 10;

/** Options that lie beside each other (by their places, counted from 0), and how many chose one of them. */
export interface Count {
  readonly options: number[];
  readonly count: number;
}
export type QuestionResult =
  | { readonly kind: 'counts'; readonly counts: Count[] }
  /** Absent: fewer than ten have written something. */
  | { readonly kind: 'texts'; readonly texts?: string[] };

/** `answers` is absent, and there is nothing else, where fewer than ten have answered. */
export interface Results {
  readonly answers?: number;
  readonly questions: QuestionResult[];
}

/**
 * The results of a survey that nobody answers any more: a result that is shown again after one more answer would give
 * that answer away. Every question stands by itself, so that no answer to one can be laid beside an answer to another.
 */
export function resultsOf({ questions }: Pick<Survey, 'questions'>, answers: readonly Answer[]): Results {
  if (answers.length < COUNTED_FROM) return { questions: [] };
  return {
    answers: answers.length,
    questions: questions.map((question, place) =>
      resultOf(
        question,
        answers.map(({ given }) => given[place] ?? null),
      ),
    ),
  };
}

function resultOf(question: Question, given: readonly Given[]): QuestionResult {
  if (question.kind !== 'text') return { kind: 'counts', counts: countsOf(tally(cellsOf(question), given)) };
  const texts = given.filter((one) => typeof one === 'string');
  // In the order of the alphabet: that of the rows is the same for every question, and would join what one has written.
  return { kind: 'texts', ...(texts.length >= COUNTED_FROM && { texts: texts.toSorted() }) };
}

function tally(cells: number, given: readonly Given[]): readonly number[] {
  const counts = Array.from({ length: cells }, () => 0);
  for (const chosen of given) if (typeof chosen === 'number') counts[chosen] = (counts[chosen] ?? 0) + 1;
  return counts;
}

/**
 * Neighbours are counted together until they are `from` or more; what is left over at the end goes with the last of
 * them. Hiding a small number alone would not do: with the sum of all, and the others, it could be worked out. Nothing
 * is counted where all together are fewer. An option that nobody chose is as small as one that somebody did. Pure.
 */
export function countsOf(cells: readonly number[], from = COUNTED_FROM): Count[] {
  const counts: Count[] = [];
  let open: Count = { options: [], count: 0 };
  cells.forEach((count, option) => {
    open = { options: [...open.options, option], count: open.count + count };
    if (open.count < from) return;
    counts.push(open);
    open = { options: [], count: 0 };
  });
  const last = counts.pop();
  if (!last) return [];
  return [...counts, { options: [...last.options, ...open.options], count: last.count + open.count }];
}
