import type { Call } from '../../http/call.ts';
import type { OrganisationId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import { dayIn } from '../../platform/calendar.ts';
import type { Stored } from '../../platform/records.ts';
import { agreementDocument } from '../agreements/agreement.ts';
import type { AgreementAcceptance } from './agreement-acceptance.ts';
import { agreementHashes } from './agreement-hashes.ts';
import type { agreementRoutes } from './agreement-routes.ts';
import { acceptBefore, agreementStanding, currentAgreementVersion } from './agreement-standing.ts';
import { legalDocumentView } from './legal-document-view.ts';
import type { organisationEntity } from './organisation.ts';

export interface AgreementFacts {
  readonly organisation: Stored<typeof organisationEntity>;
  /** The acceptance that the organisation stands on, with the name of who gave it while that is known. */
  readonly accepted: { readonly acceptance: AgreementAcceptance; readonly by: string | undefined } | undefined;
}

export interface AgreementStore {
  find(organisationId: OrganisationId, call: Call): Promise<AgreementFacts | undefined>;
  /** Keeps the acceptance and lets the organisation stand on it, in one transaction. */
  accept(
    organisation: Stored<typeof organisationEntity>,
    acceptance: AgreementAcceptance,
    call: Call,
  ): Promise<AgreementAcceptance>;
}

export const agreementHandlers = (agreements: AgreementStore): HandlersFor<typeof agreementRoutes, Call> => ({
  async getAgreement({ params }, call) {
    const facts = await factsOf(agreements, params.organisationId, call);
    const { value } = facts.organisation;
    const current = currentAgreementVersion(value.profile);
    return {
      document: legalDocumentView(documentFor(facts, call)),
      standing: agreementStanding(value, current, dayIn(value.timeZone, call.now)),
      acceptBefore: acceptBefore(current),
      ...(facts.accepted && { accepted: facts.accepted.acceptance }),
    };
  },

  async acceptAgreement({ params, body }, call) {
    const { organisation } = await factsOf(agreements, params.organisationId, call);
    const current = currentAgreementVersion(organisation.value.profile);
    if (body.version !== current) throw new Problem('wrong-state', 'The agreement has another version now. Read it.');
    if (organisation.value.acceptedAgreementVersion === current) {
      throw new Problem('wrong-state', 'This version has been accepted already.');
    }
    const acceptance = {
      version: current,
      at: call.now.toISOString(),
      personId: call.role!.personId,
      accountId: call.account!.accountId,
      hashes: agreementHashes(organisation.value),
    };
    return agreements.accept(organisation, acceptance, call);
  },
});

export async function factsOf(agreements: Pick<AgreementStore, 'find'>, organisationId: OrganisationId, call: Call) {
  const facts = await agreements.find(organisationId, call);
  if (!facts) throw new Problem('organisation-not-found');
  return facts;
}

/** Only the text that was accepted says who accepted it. Number and address stay with the operator's staff (KP-16). */
export function documentFor({ organisation: { value }, accepted }: AgreementFacts, call: Call) {
  const isAccepted = accepted?.acceptance.version === currentAgreementVersion(value.profile);
  return agreementDocument(value.profile, call.language, {
    name: value.name,
    ...(isAccepted && {
      accepted: { by: accepted.by ?? accepted.acceptance.personId, at: accepted.acceptance.at },
    }),
  });
}
