import { personRef } from '../people/writes.ts';
import { agreementAcceptanceRef } from './agreement-acceptance.ts';
import type { AgreementStore } from './agreement-handlers.ts';
import { organisationRef } from './organisation.ts';

export const agreementStore: AgreementStore = {
  async find(organisationId, { records }) {
    const organisation = await records.get(organisationRef(organisationId));
    if (!organisation) return undefined;
    const version = organisation.value.acceptedAgreementVersion;
    const acceptance = version && (await records.get(agreementAcceptanceRef(organisationId, version)));
    if (!acceptance) return { organisation, accepted: undefined };
    const person = await records.get(personRef(organisationId, acceptance.value.personId));
    const by = person && `${person.value.firstName} ${person.value.lastName}`;
    return { organisation, accepted: { acceptance: acceptance.value, by } };
  },

  async accept(organisation, acceptance, { records }) {
    const { ref, value, version } = organisation;
    const { personId, version: agreementVersion } = acceptance;
    return records
      .change()
      .put(agreementAcceptanceRef(value.id, agreementVersion), acceptance, 'new')
      .put(ref, { ...value, acceptedAgreementVersion: agreementVersion }, { version })
      .activity({
        event: 'agreement.accepted',
        subject: ref.owner,
        about: [personId],
        detail: { version: agreementVersion },
      })
      .commit(acceptance);
  },
};
