import type { Call } from '../../http/call.ts';
import type { OrganisationId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import type { Stored } from '../../platform/records.ts';
import type { Organisation, organisationEntity } from './organisation.ts';
import type { organisationRoutes } from './routes.ts';
import { organisationView } from './views.ts';

export interface OrganisationStore {
  find(organisationId: OrganisationId, call: Call): Promise<Stored<typeof organisationEntity> | undefined>;
  /** Saves over the version that was read. */
  save(before: Stored<typeof organisationEntity>, after: Organisation, call: Call): Promise<void>;
  code(organisationId: OrganisationId, call: Call): Promise<string | undefined>;
  /** Makes a code; the one before stops working in the same transaction. */
  renewCode(organisationId: OrganisationId, call: Call): Promise<{ code: string }>;
}

export const organisationHandlers = (
  organisations: OrganisationStore,
): HandlersFor<typeof organisationRoutes, Call> => ({
  getOrganisation: async ({ params }, call) =>
    organisationView(await organisationOf(organisations, params.organisationId, call)),

  async changeOrganisation({ params, body, ifMatch }, call) {
    const before = await organisationOf(organisations, params.organisationId, call);
    if (before.version !== ifMatch) throw new Problem('stale-version');
    const after = changed(before.value, body);
    if (JSON.stringify(after) === JSON.stringify(before.value)) return organisationView(before);
    await organisations.save(before, after, call);
    return organisationView({ value: after, version: before.version + 1 });
  },

  async getOrganisationCode({ params }, call) {
    const code = await organisations.code(params.organisationId, call);
    if (code === undefined) throw new Error('An organisation without a code');
    return { code };
  },

  renewOrganisationCode: ({ params }, call) => organisations.renewCode(params.organisationId, call),
});

async function organisationOf(organisations: OrganisationStore, organisationId: OrganisationId, call: Call) {
  const stored = await organisations.find(organisationId, call);
  if (!stored) throw new Problem('organisation-not-found');
  return stored;
}

/** What is named is changed; what is not stays. */
export function changed<T extends object>(before: T, changes: { readonly [K in keyof T]?: T[K] | undefined }): T {
  const named = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  return { ...before, ...named };
}
