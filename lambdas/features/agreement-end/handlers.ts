import type { Call } from '../../http/call.ts';
import type { OrganisationId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import type { Stored } from '../../platform/records.ts';
import type { AgreementAcceptance } from '../organisations/agreement-acceptance.ts';
import { currentAgreementVersion } from '../organisations/agreement-standing.ts';
import type { Organisation } from '../organisations/organisation.ts';
import { type AgreementEnd, type agreementEndEntity, daysOf, endOf } from './end.ts';
import type { agreementEndRoutes } from './routes.ts';

export interface EndFacts {
  readonly organisation: Organisation;
  readonly stored: Stored<typeof agreementEndEntity> | undefined;
}

export interface AgreementEndStore {
  facts(organisationId: OrganisationId, call: Call): Promise<EndFacts | undefined>;
  /** Over the version that was read; throws `StaleVersion`. */
  choose(facts: EndFacts, after: AgreementEnd, call: Call): Promise<void>;
  /** Newest last. */
  acceptances(organisationId: OrganisationId, call: Call): Promise<readonly AgreementAcceptance[]>;
}

export const agreementEndHandlers = (ends: AgreementEndStore): HandlersFor<typeof agreementEndRoutes, Call> => ({
  async getAgreementEnd({ params }, call) {
    return viewOf(await factsOf(ends, params.organisationId, call));
  },

  async chooseAgreementEnd({ params, body, ifMatch }, call) {
    const facts = await factsOf(ends, params.organisationId, call);
    if (versionOf(facts) !== ifMatch) throw new Problem('stale-version');
    const endsOn = facts.organisation.servicePeriod?.until;
    if (endsOn === undefined) throw new Problem('wrong-state', 'The agreement has no end yet.');
    const before = endOf(facts.stored?.value, endsOn);
    if (before.done.includes('deletion-ordered')) throw new Problem('wrong-state', 'The deletion has begun.');
    const choice = { what: body.choice, at: call.now.toISOString(), by: call.role!.personId };
    // Another choice has another day: it is announced anew.
    const done = before.done.filter((step) => step !== 'deletion-announced');
    const after: AgreementEnd = { ...before, choice, done };
    await ends.choose(facts, after, call);
    return viewOf({
      ...facts,
      stored: { ref: facts.stored?.ref, value: after, version: versionOf(facts) } as NonNullable<EndFacts['stored']>,
    });
  },

  async listAgreements({ params: { organisationId } }, call) {
    const [{ organisation }, acceptances] = await Promise.all([
      factsOf(ends, organisationId, call),
      ends.acceptances(organisationId, call),
    ]);
    const current = currentAgreementVersion(organisation.profile);
    return {
      ...(organisation.servicePeriod && { servicePeriod: organisation.servicePeriod }),
      dataProcessing: acceptances.map((acceptance) => ({ ...acceptance, isCurrent: acceptance.version === current })),
    };
  },
});

async function factsOf(ends: AgreementEndStore, organisationId: OrganisationId, call: Call): Promise<EndFacts> {
  const facts = await ends.facts(organisationId, call);
  if (!facts) throw new Problem('organisation-not-found');
  return facts;
}

const versionOf = ({ stored }: EndFacts): number => (stored?.version ?? 0) + 1;

function viewOf(facts: EndFacts) {
  const { organisation, stored } = facts;
  const version = versionOf(facts);
  const endsOn = organisation.servicePeriod?.until;
  if (endsOn === undefined) return { version };
  const end = endOf(stored?.value, endsOn);
  const { choice } = end;
  return {
    endsOn,
    ...(choice && { choice: choice.what, chosenAt: choice.at, chosenBy: choice.by }),
    ...daysOf(end, organisation.timeZone),
    version,
  };
}
