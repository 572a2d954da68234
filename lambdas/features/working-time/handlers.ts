import type { Call } from '../../http/call.ts';
import type { OrganisationId, PersonId } from '../../http/ids.ts';
import { pointer } from '../../http/pointer.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import { noWorkingTime, type WorkingTime } from './arrangement.ts';
import type { workingTimeRoutes } from './routes.ts';

interface Kept {
  readonly value: WorkingTime;
  readonly version: number;
}
export interface WorkingTimeStore {
  /** One wave; undefined for whoever does not work there. */
  find(
    organisationId: OrganisationId,
    personId: PersonId,
    call: Call,
  ): Promise<{ readonly kept: Kept | undefined } | undefined>;
  /** `before`: the version that was read, if there was one. */
  save(
    place: { readonly organisationId: OrganisationId; readonly personId: PersonId },
    after: WorkingTime,
    before: number | undefined,
    call: Call,
  ): Promise<void>;
}

export const workingTimeHandlers = (store: WorkingTimeStore): HandlersFor<typeof workingTimeRoutes, Call> => ({
  async getWorkingTime({ params: { organisationId, personId } }, call) {
    const kept = await keptOf(store, organisationId, personId, call);
    return { personId, ...(kept?.value ?? noWorkingTime), version: (kept?.version ?? 0) + 1 };
  },

  async putWorkingTime({ params: { organisationId, personId }, body, ifMatch }, call) {
    const kept = await keptOf(store, organisationId, personId, call);
    const version = (kept?.version ?? 0) + 1;
    if (version !== ifMatch) throw new Problem('stale-version');
    const arrangements = [...body.arrangements].sort((one, other) => (one.from < other.from ? -1 : 1));
    if (new Set(arrangements.map(({ from }) => from)).size < arrangements.length) {
      throw new Problem('malformed-request', undefined, {
        errors: [{ pointer: pointer('body', 'arrangements'), detail: 'Two begin on the same day.' }],
      });
    }
    await store.save({ organisationId, personId }, { ...body, arrangements }, kept?.version, call);
    return { personId, ...body, arrangements, version: version + 1 };
  },
});

async function keptOf(store: WorkingTimeStore, organisationId: OrganisationId, personId: PersonId, call: Call) {
  const found = await store.find(organisationId, personId, call);
  if (!found) throw new Problem('person-not-found');
  return found.kept;
}
