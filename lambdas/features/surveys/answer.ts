import * as z from 'zod';
import { freeText } from '../../http/free-text.ts';
import type { OrganisationId, SurveyId } from '../../http/ids.ts';
import { entity, type Ref } from '../../platform/entity.ts';
import { organisationOwner } from '../organisations/organisation.ts';
import { OPTIONS_MAX, QUESTIONS_MAX, type Question, type Survey } from './survey.ts';

export const TEXT_CHARACTERS_MAX = 2_000;
const Text = freeText({ max: TEXT_CHARACTERS_MAX });

/** To one question: the place of the option, counted from 0 (of a scale: the step, less one); a text; or nothing. */
const Given = z.union([
  z
    .int()
    .min(0)
    .max(OPTIONS_MAX - 1),
  Text.min(1),
  z.null(),
]);
export type Given = z.output<typeof Given>;

/**
 * What one person answered, and nothing else: no id of theirs, no instant, no language, nothing of the invitation. Its
 * key is random, so that not even the order of the rows says who came first.
 */
export const Answer = z.strictObject({ given: z.array(Given).min(1).max(QUESTIONS_MAX) });
export type Answer = z.output<typeof Answer>;

export const answerEntity = entity({
  name: 'survey-answer',
  table: 'core',
  sortKey: 'SURVEY-ANSWER',
  schema: Answer,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to count what people think, from ten answers up',
  legalBasis: 'controllers-agreement',
  article9: 'none',
  source: 'data-subject',
  retentionClass: 'organisation',
  exported: { not: 'nobody can tell whose answer it is; the results are counted from ten answers up' },
  onErasure: 'delete',
});

export const answerRef = (organisationId: OrganisationId, id: SurveyId, random: string): Ref<typeof answerEntity> => ({
  entity: answerEntity,
  owner: organisationOwner(organisationId),
  key: `${id}#${random}`,
});
export const answersPrefix = (id: SurveyId) => `${id}#`;

/** The fields of the form, by the question's place. */
export const fieldOf = (place: number) => `q${place + 1}`;
const FIELD_CHARACTERS_MAX = TEXT_CHARACTERS_MAX * 2;

/** As a browser sends it: whether it fits the survey is looked at when it is known which that is. */
export const AnswerForm = z
  .strictObject(
    Object.fromEntries(
      Array.from({ length: QUESTIONS_MAX }, (_, place) => [
        fieldOf(place),
        z.string().max(FIELD_CHARACTERS_MAX).optional(),
      ]),
    ),
  )
  .meta({ id: 'SurveyAnswerForm' });
export type AnswerForm = Readonly<Record<string, string | undefined>>;

/** Why a form is not taken: a choice is missing, or a text holds what must not be stored. By the questions' places. */
export interface Refused {
  readonly missing: readonly number[];
  readonly forbidden: readonly number[];
}

/** What a form says, question by question, or what is wrong with it. Pure. */
export function readForm(survey: Pick<Survey, 'questions'>, form: AnswerForm): Answer | Refused {
  const given: Given[] = [];
  const refused = { missing: [] as number[], forbidden: [] as number[] };
  survey.questions.forEach((question, place) => {
    const typed = form[fieldOf(place)]?.trim() ?? '';
    if (question.kind === 'text') {
      const text = Text.safeParse(typed);
      if (!text.success) refused.forbidden.push(place);
      given.push(text.success && text.data !== '' ? text.data : null);
      return;
    }
    const chosen = /^\d{1,2}$/.test(typed) ? Number(typed) : undefined;
    if (chosen === undefined || chosen >= cellsOf(question)) refused.missing.push(place);
    else given.push(chosen);
  });
  return refused.missing.length + refused.forbidden.length > 0 ? refused : { given };
}

/** How many different answers a question has that are counted; of a text none. */
export function cellsOf(question: Question): number {
  if (question.kind === 'choice') return question.options.length;
  return question.kind === 'scale' ? question.steps : 0;
}
