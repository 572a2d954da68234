import type { Call } from '../../http/call.ts';
import type { OrganisationId, SurveyId } from '../../http/ids.ts';
import type { Owner } from '../../platform/entity.ts';
import type { Change, Records } from '../../platform/records.ts';
import { makeLink } from '../links/link.ts';
import { endOf, type Survey, stateAt, surveyRef } from './survey.ts';

/** The survey, while it can be answered. */
export async function openSurvey(
  records: Records,
  organisationId: OrganisationId,
  id: SurveyId,
  now: Date,
): Promise<Survey | undefined> {
  const stored = await records.get(surveyRef(organisationId, id));
  return stored && stateAt(stored.value, now) === 'open' ? stored.value : undefined;
}

/** The token of a link by which one person answers once, as long as the survey is open (two writes). */
export function makeInvitation(change: Change, survey: Survey, owner: Owner, call: Pick<Call, 'now'>): string {
  const validForSeconds = Math.ceil((endOf(survey).getTime() - call.now.getTime()) / 1000);
  return makeLink(change, { purpose: 'answer-survey', owner, about: survey.id, validForSeconds }, call).token;
}
