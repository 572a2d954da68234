import type { Call } from '../../http/call.ts';
import { PageProblem } from '../../http/page-problem.ts';
import type { ProblemSlug } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import { deadLinkPage } from '../links/dead-link.ts';
import type { LinkPage } from '../links/handlers.ts';
import type { Link } from '../links/link.ts';
import { type PageWords, page } from '../links/page.ts';
import { type Answer, readForm } from './answer.ts';
import type { surveyAnswerRoutes } from './answer-routes.ts';
import { resultsOf } from './results.ts';
import { isFinal, type Survey, stateAt } from './survey.ts';
import { closedPage, questionsPage, resultsPage, thanksPage } from './words.ts';

export interface SurveyAnswerStore {
  /** The survey that an invitation is for; undefined for any other link, and when the survey is gone. */
  invitation(token: string, call: Call): Promise<{ readonly link: Link; readonly survey: Survey } | undefined>;
  surveyOf(link: Link, call: Call): Promise<Survey | undefined>;
  /** Uses the invitation up, and stores the answer where nothing leads from one to the other. Throws `link-not-found`, and
   * `answers-closed` when the survey has just been closed. */
  answer(link: Link, survey: Survey, answer: Answer, call: Call): Promise<void>;
  answersTo(link: Link, survey: Survey, call: Call): Promise<readonly Answer[]>;
}

export const surveyAnswerHandlers = (surveys: SurveyAnswerStore): HandlersFor<typeof surveyAnswerRoutes, Call> => ({
  async answerSurvey({ params: { token }, body: form }, call) {
    const found = await surveys.invitation(token, call);
    if (!found) throw deadLinkPage(call);
    const { link, survey } = found;
    if (stateAt(survey, call.now) !== 'open') throw told('answers-closed', closedPage(call.language), call);
    const read = readForm(survey, form);
    if (!('given' in read)) {
      const words = questionsPage(survey, token, call.language, { form, refused: read });
      throw told('survey-answers-refused', words, call);
    }
    await surveys.answer(link, survey, read, call);
    return page(thanksPage(call.language), call.language);
  },
});

/** The page of an invitation: looked at only, it uses nothing up. */
export const answerSurveyPage =
  (surveys: SurveyAnswerStore): LinkPage =>
  async (link, token, call) => {
    const survey = await surveys.surveyOf(link, call);
    if (!survey) return undefined;
    return stateAt(survey, call.now) === 'open'
      ? questionsPage(survey, token, call.language)
      : closedPage(call.language);
  };

/** The results, for whoever was given the link to them. */
export const surveyResultsPage =
  (surveys: SurveyAnswerStore): LinkPage =>
  async (link, _, call) => {
    const survey = await surveys.surveyOf(link, call);
    if (!survey || !isFinal(survey, call.now)) return undefined;
    return resultsPage(survey, resultsOf(survey, await surveys.answersTo(link, survey, call)), call.language);
  };

const told = (slug: ProblemSlug, words: PageWords, { language }: Call) => new PageProblem(slug, page(words, language));
