import * as z from 'zod';
import { page, pageQuery } from '../../http/cursor.ts';
import { SurveyId } from '../../http/ids.ts';
import { inOrganisation } from '../../http/params.ts';
import { type Routes, rolesThatMay } from '../../http/route.ts';
import { changingRecords, readingRecords } from '../../platform/capabilities.ts';
import { COUNTED_FROM } from './results.ts';
import { OPTIONS_MAX, QUESTIONS_MAX, Survey, SurveyDraft, surveyStates } from './survey.ts';

const ofSurvey = inOrganisation.extend({ surveyId: SurveyId });

const { timeZone: _, ...shown } = Survey.shape;
const SurveyView = z
  .strictObject({ ...shown, state: z.enum(surveyStates), version: z.int().min(1) })
  .meta({ id: 'Survey' });

const Results = z
  .strictObject({
    answers: z.int().min(COUNTED_FROM).optional().meta({ description: 'Absent where they are fewer than ten.' }),
    questions: z
      .array(
        z.discriminatedUnion('kind', [
          z.strictObject({
            kind: z.literal('counts'),
            counts: z
              .array(
                z.strictObject({
                  options: z
                    .array(z.int().min(0))
                    .min(1)
                    .max(OPTIONS_MAX)
                    .meta({ description: 'Options that are counted together, by their places from 0.' }),
                  count: z.int().min(COUNTED_FROM),
                }),
              )
              .max(OPTIONS_MAX),
          }),
          z.strictObject({
            kind: z.literal('texts'),
            texts: z
              .array(z.string())
              .min(COUNTED_FROM)
              .optional()
              .meta({ description: 'In the order of the alphabet; absent where fewer than ten have written.' }),
          }),
        ]),
      )
      .max(QUESTIONS_MAX)
      .meta({ description: 'In the order of the questions; empty where fewer than ten have answered.' }),
  })
  .meta({ id: 'SurveyResults' });

export const surveyRoutes = {
  createSurvey: {
    summary: 'Draft a survey',
    description:
      'Nobody sees it before it is opened; then it can no longer be changed. Those who asked for surveys, or a group, ' +
      'are invited by a distribution job; each gets a link, and answers once, without signing in.',
    tag: 'Notices',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/surveys',
    access: rolesThatMay('survey:manage'),
    params: inOrganisation,
    body: SurveyDraft,
    success: { status: 201, body: SurveyView },
    problems: ['survey-day-refused'],
    needs: changingRecords,
    creates: true,
    versioned: true,
  },
  listSurveys: {
    summary: 'List the surveys, newest first',
    tag: 'Notices',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/surveys',
    access: rolesThatMay('survey:read'),
    params: inOrganisation,
    query: z.strictObject(pageQuery),
    success: { status: 200, body: page(SurveyView) },
    problems: [],
    needs: readingRecords,
  },
  getSurvey: {
    summary: 'Read a survey',
    tag: 'Notices',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/surveys/{surveyId}',
    access: rolesThatMay('survey:read'),
    params: ofSurvey,
    success: { status: 200, body: SurveyView },
    problems: ['survey-not-found'],
    needs: readingRecords,
    versioned: true,
  },
  changeSurvey: {
    summary: 'Change the draft of a survey',
    tag: 'Notices',
    method: 'PUT',
    path: '/v1/organisations/{organisationId}/surveys/{surveyId}',
    access: rolesThatMay('survey:manage'),
    params: ofSurvey,
    body: SurveyDraft,
    success: { status: 200, body: SurveyView },
    problems: ['survey-not-found', 'survey-day-refused', 'wrong-state'],
    needs: changingRecords,
    versioned: true,
  },
  setSurveyState: {
    summary: 'Open a survey, or close it',
    description: 'It closes by itself after its last day. What is closed stays closed: its results are final.',
    tag: 'Notices',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/surveys/{surveyId}/state',
    access: rolesThatMay('survey:manage'),
    params: ofSurvey,
    body: z.strictObject({ state: z.enum(['open', 'closed']) }).meta({ id: 'SurveyStateWanted' }),
    success: { status: 200, body: SurveyView },
    problems: ['survey-not-found', 'survey-day-refused', 'wrong-state'],
    needs: changingRecords,
  },
  getSurveyResults: {
    summary: 'Read the results of a survey that is closed',
    description:
      `From ${COUNTED_FROM} answers up. Options that fewer have chosen are counted together with those beside them, so ` +
      'that no smaller number can be worked out. Who has answered what is known to nobody.',
    tag: 'Notices',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/surveys/{surveyId}/results',
    access: rolesThatMay('survey:read'),
    params: ofSurvey,
    success: { status: 200, body: Results },
    problems: ['survey-not-found', 'wrong-state'],
    needs: readingRecords,
  },
  makeSurveyResultsPage: {
    summary: 'Make a link to the results as a page',
    description: 'It works for ten minutes, for whoever has it.',
    tag: 'Notices',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/surveys/{surveyId}/results',
    access: rolesThatMay('survey:read'),
    params: ofSurvey,
    success: {
      status: 201,
      body: z.strictObject({ url: z.url(), expiresAt: z.iso.datetime() }).meta({ id: 'SurveyResultsPage' }),
    },
    problems: ['survey-not-found', 'wrong-state'],
    needs: changingRecords,
  },
} as const satisfies Routes;
