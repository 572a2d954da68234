import type { OrganisationId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import { linkUrl, makeLink } from '../links/link.ts';
import { organisationOwner, organisationRef } from '../organisations/organisation.ts';
import { ownerOf } from '../people/person.ts';
import { answersOf } from './answer-store.ts';
import type { SurveyStore } from './handlers.ts';
import { keptUntil, openPointer, surveyEntity, surveyRef } from './survey.ts';

/** Long enough to pass it to a browser and to read it through. */
const PAGE_LINK_SECONDS = 10 * 60;

/** `publicUrl`: the address that callers use, without a slash at its end. */
export const surveyStore = (publicUrl: string): SurveyStore => ({
  async timeZone(organisationId, { records }) {
    const organisation = await records.get(organisationRef(organisationId));
    if (!organisation) throw new Problem('organisation-not-found');
    return organisation.value.timeZone;
  },

  list: (organisationId, range, { records }) => records.list(surveyEntity, organisationOwner(organisationId), range),

  async get(organisationId, id, { records }) {
    const stored = await records.get(surveyRef(organisationId, id));
    if (!stored) throw new Problem('survey-not-found');
    return stored;
  },

  async add(organisationId, survey, { records }, answer) {
    return records
      .change()
      .put(surveyRef(organisationId, survey.id), survey, 'new', { expiresAtEpochSeconds: keptUntil(survey) })
      .activity({
        event: 'survey.drafted',
        subject: organisationOwner(organisationId),
        about: [survey.id],
        detail: { questions: survey.questions.length },
      })
      .commit(answer);
  },

  async replace(before, after, event, { records }) {
    const expiresAtEpochSeconds = keptUntil(after);
    const change = records.change().put(before.ref, after, { version: before.version }, { expiresAtEpochSeconds });
    const open = openPointer(before.ref.owner.controller as OrganisationId, after.id);
    if (after.state === 'open') change.point({ ...open, expiresAtEpochSeconds });
    if (after.state === 'closed') change.unpoint(open);
    await change.activity({ event, subject: before.ref.owner, about: [after.id] }).commit();
  },

  answers: (organisationId, id, { records }) => answersOf(records, organisationId, id),

  async makePageLink({ ref, value }, call) {
    const change = call.records.change();
    const { controller } = ref.owner;
    // The chain lets nobody without a role reach a route for roles.
    if (controller === 'operator' || !call.role) throw new Error('A survey belongs to an organisation');
    const { token, expiresAt } = makeLink(
      change,
      {
        purpose: 'read-survey-results',
        owner: ownerOf(controller, call.role.personId),
        about: value.id,
        validForSeconds: PAGE_LINK_SECONDS,
      },
      call,
    );
    await change.activity({ event: 'survey.page-made', subject: ref.owner, about: [value.id] }).commit();
    return { url: linkUrl(publicUrl, token), expiresAt };
  },
});
