import type { Call } from '../../http/call.ts';
import type { OrganisationId, PersonId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import type { acknowledgementRoutes } from './routes.ts';

export interface AcknowledgementStore {
  /** Whom the caller is in the organisation. */
  personsOfCaller(organisationId: OrganisationId, call: Call): Promise<readonly PersonId[]>;
  /** Of the statement in force; undefined for an organisation that is not there, or closed. */
  versionInForce(organisationId: OrganisationId, call: Call): Promise<string | undefined>;
  /** Once for each person that the caller is there; the first time stands. */
  acknowledge<A>(
    organisationId: OrganisationId,
    personIds: readonly PersonId[],
    version: string,
    call: Call,
    answer: A,
  ): Promise<A>;
}

export const acknowledgementHandlers = (
  store: AcknowledgementStore,
): HandlersFor<typeof acknowledgementRoutes, Call> => ({
  async acknowledgeStatement({ body: { organisationId, version } }, call) {
    const [personIds, inForce] = await Promise.all([
      store.personsOfCaller(organisationId, call),
      store.versionInForce(organisationId, call),
    ]);
    // 404 as for an organisation that is not there: its people are told of its statement, nobody else is asked.
    if (personIds.length === 0 || inForce === undefined) throw new Problem('organisation-not-found');
    if (version !== inForce) throw new Problem('statement-outdated');
    const answer = { organisationId, version, at: call.now.toISOString() };
    return store.acknowledge(organisationId, personIds, version, call, answer);
  },
});
