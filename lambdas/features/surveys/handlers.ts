import type { Call } from '../../http/call.ts';
import { decodeCursor, encodeCursor } from '../../http/cursor.ts';
import { type OrganisationId, SurveyId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import type { Page, Range, Stored } from '../../platform/records.ts';
import type { Answer } from './answer.ts';
import { resultsOf } from './results.ts';
import type { surveyRoutes } from './routes.ts';
import { isFinal, isOutsideTime, type Survey, stateAt, type surveyEntity } from './survey.ts';

export type StoredSurvey = Stored<typeof surveyEntity>;

export interface SurveyStore {
  /** Throws `organisation-not-found`. */
  timeZone(organisationId: OrganisationId, call: Call): Promise<string>;
  list(organisationId: OrganisationId, range: Range, call: Call): Promise<Page<StoredSurvey>>;
  /** Throws `survey-not-found`. */
  get(organisationId: OrganisationId, id: SurveyId, call: Call): Promise<StoredSurvey>;
  add<A>(organisationId: OrganisationId, survey: Survey, call: Call, answer: A): Promise<A>;
  /** Over the version that was read. */
  replace(before: StoredSurvey, after: Survey, event: `survey.${string}`, call: Call): Promise<void>;
  /** All of them, in an order that says nothing. */
  answers(organisationId: OrganisationId, id: SurveyId, call: Call): Promise<readonly Answer[]>;
  /** A link to the page of the results, and until when it works. */
  makePageLink(survey: StoredSurvey, call: Call): Promise<{ readonly url: string; readonly expiresAt: string }>;
}

export const surveyHandlers = (surveys: SurveyStore): HandlersFor<typeof surveyRoutes, Call> => ({
  async createSurvey({ params: { organisationId }, body }, call) {
    const timeZone = await surveys.timeZone(organisationId, call);
    const survey: Survey = {
      ...body,
      id: call.newId('svy'),
      timeZone,
      state: 'draft',
      createdAt: call.now.toISOString(),
    };
    demandEnd(survey, call);
    return surveys.add(organisationId, survey, call, viewOf({ value: survey, version: 1 }, call));
  },

  async listSurveys({ params: { organisationId }, query: { cursor, limit } }, call) {
    const list = { name: 'surveys', filter: {} };
    const after = cursor === undefined ? undefined : decodeCursor(list, cursor, SurveyId);
    const range = { limit, newestFirst: true, ...(after !== undefined && { after }) };
    const { items, next } = await surveys.list(organisationId, range, call);
    return {
      items: items.map((stored) => viewOf(stored, call)),
      ...(next !== undefined && { next: encodeCursor(list, next) }),
    };
  },

  async getSurvey({ params: { organisationId, surveyId } }, call) {
    return viewOf(await surveys.get(organisationId, surveyId, call), call);
  },

  async changeSurvey({ params: { organisationId, surveyId }, body, ifMatch }, call) {
    const before = await surveys.get(organisationId, surveyId, call);
    if (before.version !== ifMatch) throw new Problem('stale-version');
    if (before.value.state !== 'draft') throw new Problem('wrong-state', 'It has been opened, and stays as it is.');
    const survey = { ...before.value, ...body };
    demandEnd(survey, call);
    await surveys.replace(before, survey, 'survey.changed', call);
    return viewOf({ value: survey, version: before.version + 1 }, call);
  },

  async setSurveyState({ params: { organisationId, surveyId }, body: { state } }, call) {
    const before = await surveys.get(organisationId, surveyId, call);
    const now = stateAt(before.value, call.now);
    if (now === state) return viewOf(before, call);
    if (now !== (state === 'open' ? 'draft' : 'open')) throw new Problem('wrong-state');
    if (state === 'open') demandEnd(before.value, call);
    const survey = { ...before.value, state };
    await surveys.replace(before, survey, state === 'open' ? 'survey.opened' : 'survey.closed', call);
    return viewOf({ value: survey, version: before.version + 1 }, call);
  },

  async getSurveyResults({ params: { organisationId, surveyId } }, call) {
    const { value } = demandClosed(await surveys.get(organisationId, surveyId, call), call);
    return resultsOf(value, await surveys.answers(organisationId, surveyId, call));
  },

  async makeSurveyResultsPage({ params: { organisationId, surveyId } }, call) {
    return surveys.makePageLink(demandClosed(await surveys.get(organisationId, surveyId, call), call), call);
  },
});

function demandClosed(survey: StoredSurvey, { now }: Call): StoredSurvey {
  if (!isFinal(survey.value, now)) throw new Problem('wrong-state', 'It has no results before it is closed.');
  return survey;
}

function demandEnd(survey: Survey, { now }: Call): void {
  if (isOutsideTime(survey, now)) throw new Problem('survey-day-refused');
}

function viewOf({ value, version }: Pick<StoredSurvey, 'value' | 'version'>, { now }: Call) {
  const { timeZone: _, ...shown } = value;
  return { ...shown, state: stateAt(value, now), version };
}
