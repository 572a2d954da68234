import * as z from 'zod';
import { inBothLanguages, oneLine } from '../../http/free-text.ts';
import { type OrganisationId, SurveyId } from '../../http/ids.ts';
import { dayIn, daysAfter, instantOf } from '../../platform/calendar.ts';
import { entity, type Ref } from '../../platform/entity.ts';
import type { PointerKey } from '../../platform/records.ts';
import { ofTheOrganisation } from '../organisations/of-the-organisation.ts';
import { organisationOwner } from '../organisations/organisation.ts';
import { PlainDate } from '../people/person.ts';
import { expiryAfter, terms } from '../retention/terms.ts';

export const QUESTIONS_MAX = 20;
export const OPTIONS_MAX = 12;
const STEPS_MIN = 3;
const STEPS_MAX = 10;
const TITLE_CHARACTERS_MAX = 120;
const QUESTION_CHARACTERS_MAX = 300;
const OPTION_CHARACTERS_MAX = 120;

const inBoth = (charactersMax: number) => inBothLanguages(oneLine({ max: charactersMax }));
const asked = inBoth(QUESTION_CHARACTERS_MAX);
const option = inBoth(OPTION_CHARACTERS_MAX);

const options = z
  .array(option)
  .min(2)
  .max(OPTIONS_MAX)
  .meta({
    examples: [
      [
        { nb: 'Ja', en: 'Yes' },
        { nb: 'Nei', en: 'No' },
      ],
    ],
  });

/**
 * Choices and scales are answered by everybody, because whoever left one out would be a number of their own in the
 * results: what fits nobody ("do not know") is an option. A free text may be left empty.
 */
export const Question = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('choice'), asked, options }),
    z.strictObject({
      kind: z.literal('scale'),
      asked,
      steps: z.int().min(STEPS_MIN).max(STEPS_MAX).meta({ description: 'From 1 to this.' }),
      lowest: option.meta({ description: 'What 1 means.' }),
      highest: option,
    }),
    z.strictObject({ kind: z.literal('text'), asked }),
  ])
  .meta({ id: 'SurveyQuestion' });
export type Question = z.output<typeof Question>;

/** What is asked, and until when. */
export const SurveyDraft = z
  .strictObject({
    title: inBoth(TITLE_CHARACTERS_MAX),
    questions: z.array(Question).min(1).max(QUESTIONS_MAX),
    closesOn: PlainDate.meta({ description: 'The last day on which it can be answered, in the organisation’s zone.' }),
  })
  .meta({ id: 'SurveyDraft' });
export type SurveyDraft = z.output<typeof SurveyDraft>;

export const surveyStates = ['draft', 'open', 'closed'] as const;
export type SurveyState = (typeof surveyStates)[number];

export const Survey = SurveyDraft.extend({
  id: SurveyId,
  timeZone: z.string().max(64),
  state: z.enum(surveyStates),
  createdAt: z.iso.datetime(),
});
export type Survey = z.output<typeof Survey>;

export const surveyEntity = entity({
  ...ofTheOrganisation,
  name: 'survey',
  sortKey: 'SURVEY',
  schema: Survey,
  purpose: 'to ask those who want to be asked what they think, without knowing who answers what',
});

export const surveyRef = (organisationId: OrganisationId, id: SurveyId): Ref<typeof surveyEntity> => ({
  entity: surveyEntity,
  owner: organisationOwner(organisationId),
  key: id,
});

/** There while answers are taken: an answer is written only if it is, so that none slips in behind the results. */
export const openPointer = (organisationId: OrganisationId, id: SurveyId): PointerKey => ({
  table: 'core',
  pk: `${organisationId}#${organisationId}`,
  sk: `SURVEY-OPEN#${id}`,
});

type Timed = Pick<Survey, 'state' | 'closesOn' | 'timeZone'>;

/** When its last day is over. */
export const endOf = ({ closesOn, timeZone }: Omit<Timed, 'state'>): Date =>
  instantOf(timeZone, daysAfter(closesOn, 1));

/** It closes by itself when its last day is over. Pure. */
export const stateAt = (survey: Timed, now: Date): SurveyState =>
  survey.state === 'open' && now >= endOf(survey) ? 'closed' : survey.state;

/** Longer than any request lasts: what was let in at the last moment is stored by then. */
const LAST_ANSWERS_MILLISECONDS = 60_000;

/**
 * Whether no answer can come any more. While one can, a result that is read before and after it would say what that one
 * answered. Pure.
 */
export const isFinal = (survey: Timed, now: Date): boolean =>
  stateAt(survey, new Date(now.getTime() - LAST_ANSWERS_MILLISECONDS)) === 'closed';

/** How long a survey may run; a link may be no older. */
const OPEN_DAYS_MAX = 60;

/** Its last day is over already, or too far ahead. Pure. */
export function isOutsideTime({ closesOn, timeZone }: Pick<Survey, 'closesOn' | 'timeZone'>, now: Date): boolean {
  const today = dayIn(timeZone, now);
  return closesOn < today || closesOn > daysAfter(today, OPEN_DAYS_MAX);
}

/**
 * Survey and answers go together: six months after the last day, also when it is closed before. So every answer to a
 * survey goes at the same second, and tells nothing about when it was given.
 */
export const keptUntil = (survey: Pick<Survey, 'closesOn' | 'timeZone'>): number =>
  expiryAfter(terms.survey.length, endOf(survey));
