import type { Call, RoleCaller } from '../../http/call.ts';
import type { OrganisationId, PersonId } from '../../http/ids.ts';
import { pointer } from '../../http/pointer.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import type { Stored } from '../../platform/records.ts';
import type { PersonKind } from '../people/person.ts';
import { eachDay } from '../reservations/days.ts';
import { demandSpan, malformed } from '../reservations/refusals.ts';
import type { Custody, custodyEntity } from './custody.ts';
import type { custodyRoutes } from './routes.ts';
import { CUSTODY_DAYS_MAX, custodyFor } from './views.ts';

type StoredCustody = Stored<typeof custodyEntity>;

export interface CustodyOfChild {
  readonly kind: PersonKind;
  readonly stored: StoredCustody | undefined;
  readonly guardianIds: readonly PersonId[];
}

export interface CustodyStore {
  /** One wave; undefined for whoever is not there. */
  ofChild(organisationId: OrganisationId, personId: PersonId, call: Call): Promise<CustodyOfChild | undefined>;
  /** Both throw `StaleVersion`. */
  save(
    organisationId: OrganisationId,
    personId: PersonId,
    before: StoredCustody | undefined,
    after: Custody,
    call: Call,
  ): Promise<void>;
  remove(before: StoredCustody, call: Call): Promise<void>;
}

export const custodyHandlers = (custody: CustodyStore): HandlersFor<typeof custodyRoutes, Call> => ({
  async getCustody({ params: { organisationId, personId }, query: { from, to } }, call) {
    demandSpan(from, to, CUSTODY_DAYS_MAX, ['query', 'to']);
    const { stored } = await ofChild(custody, organisationId, personId, call);
    const seen = { personId, version: versionOf(stored), custody: stored?.value };
    return custodyFor(callerOf(call), seen, eachDay(from, to));
  },

  async setCustody({ params: { organisationId, personId }, body, ifMatch }, call) {
    demandPossible(body);
    const { stored, guardianIds } = await ofChild(custody, organisationId, personId, call);
    if (versionOf(stored) !== ifMatch) throw new Problem('stale-version');
    demandGuardians(body, guardianIds);
    await custody.save(organisationId, personId, stored, body, call);
    return custodyFor(callerOf(call), { personId, version: versionOf(stored) + 1, custody: body }, []);
  },

  async removeCustody({ params: { organisationId, personId }, ifMatch }, call) {
    const { stored } = await ofChild(custody, organisationId, personId, call);
    if (versionOf(stored) !== ifMatch) throw new Problem('stale-version');
    if (stored) await custody.remove(stored, call);
  },
});

async function ofChild(custody: CustodyStore, organisationId: OrganisationId, personId: PersonId, call: Call) {
  const found = await custody.ofChild(organisationId, personId, call);
  if (found?.kind !== 'child') throw new Problem('person-not-found');
  return found;
}

function demandPossible({ from, until, exceptions, homes }: Custody): void {
  if (until !== undefined && until < from) throw malformed('body', 'until', 'The last day is before the first.');
  if (exceptions.some((one) => one.until < one.from)) {
    throw malformed('body', 'exceptions', 'The last day is before the first.');
  }
  const named = [...homes.first, ...homes.second];
  if (new Set(named).size !== named.length) throw malformed('body', 'homes', 'Each guardian in one home, once.');
}

function demandGuardians({ homes }: Custody, guardianIds: readonly PersonId[]): void {
  const errors = Object.entries(homes).flatMap(([home, ids]) =>
    ids.flatMap((id, i) =>
      guardianIds.includes(id)
        ? []
        : [{ pointer: pointer('body', 'homes', home, i), detail: 'No guardian of the child.' }],
    ),
  );
  if (errors.length > 0) throw new Problem('malformed-request', undefined, { errors });
}

const versionOf = (stored: StoredCustody | undefined): number => (stored?.version ?? 0) + 1;

/** The chain lets nobody without a role reach a route for roles. */
function callerOf(call: Call): RoleCaller {
  if (!call.role) throw new Error('A route for roles without a role');
  return call.role;
}
