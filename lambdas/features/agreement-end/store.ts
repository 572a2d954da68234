import { agreementAcceptanceRef } from '../organisations/agreement-acceptance.ts';
import { organisationRef } from '../organisations/organisation.ts';
import { agreementEndRef } from './end.ts';
import type { AgreementEndStore } from './handlers.ts';

const ACCEPTANCES_READ_MAX = 200;

export const agreementEndStore: AgreementEndStore = {
  async facts(organisationId, { records }) {
    const [organisation, stored] = await records.together([
      organisationRef(organisationId),
      agreementEndRef(organisationId),
    ]);
    return organisation && { organisation: organisation.value, stored };
  },

  async choose({ organisation, stored }, after, { records }) {
    const ref = agreementEndRef(organisation.id);
    await records
      .change()
      .put(ref, after, stored ? { version: stored.version } : 'new')
      .activity({
        event: 'agreement.end-chosen',
        subject: ref.owner,
        detail: { choice: after.choice?.what ?? '', endsOn: after.endsOn },
      })
      .commit();
  },

  async acceptances(organisationId, { records }) {
    const { entity, owner } = agreementAcceptanceRef(organisationId, '');
    const { items } = await records.list(entity, owner, { limit: ACCEPTANCES_READ_MAX });
    return items.map(({ value }) => value).sort((one, other) => one.at.localeCompare(other.at));
  },
};
