import { randomBytes } from 'node:crypto';
import { OrganisationId, SurveyId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { Records } from '../../platform/records.ts';
import { findLink, type Link, useLink } from '../links/link.ts';
import { organisationOwner } from '../organisations/organisation.ts';
import { type Answer, answerEntity, answerRef, answersPrefix } from './answer.ts';
import type { SurveyAnswerStore } from './answer-handlers.ts';
import { keptUntil, openPointer, surveyRef } from './survey.ts';

const RANDOM_BYTES = 16;
const ANSWERS_PER_PAGE = 1_000;

export const surveyAnswerStore: SurveyAnswerStore = {
  async invitation(token, call) {
    const link = await findLink(call.records, token);
    if (link?.purpose !== 'answer-survey') return undefined;
    const survey = await surveyAnswerStore.surveyOf(link, call);
    return survey && { link, survey };
  },

  async surveyOf(link, { records }) {
    return (await records.get(surveyRef(...placeOf(link))))?.value;
  },

  /**
   * The row's key is chance, and all answers to a survey expire in the same second. The activity record says that
   * somebody has answered, and names the organisation: not whose invitation it was.
   */
  async answer(link, survey, answer, { records }) {
    const [organisationId, surveyId] = placeOf(link);
    const ref = answerRef(organisationId, surveyId, randomBytes(RANDOM_BYTES).toString('hex'));
    await useLink(records.change(), link)
      .put(ref, answer, 'new', { expiresAtEpochSeconds: keptUntil(survey) })
      .requirePresent(openPointer(organisationId, surveyId), () => new Problem('answers-closed'))
      .activity({ event: 'survey.answered', subject: organisationOwner(organisationId), about: [surveyId] })
      .commit();
  },

  answersTo: (link, survey, { records }) => answersOf(records, placeOf(link)[0], survey.id),
};

/** All answers to a survey, in the order of their random keys. */
export async function answersOf(records: Records, organisationId: OrganisationId, id: SurveyId): Promise<Answer[]> {
  const answers: Answer[] = [];
  let after: string | undefined;
  do {
    const range = { prefix: answersPrefix(id), limit: ANSWERS_PER_PAGE, ...(after !== undefined && { after }) };
    const { items, next } = await records.list(answerEntity, organisationOwner(organisationId), range);
    answers.push(...items.map(({ value }) => value));
    after = next;
  } while (after !== undefined);
  return answers;
}

/** Written by whoever made the invitation, from ids. */
const placeOf = ({ owner, about }: Link) => [OrganisationId.parse(owner.controller), SurveyId.parse(about)] as const;
