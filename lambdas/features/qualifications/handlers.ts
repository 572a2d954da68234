import type { Call, RoleCaller } from '../../http/call.ts';
import type { OrganisationId, PersonId, QualificationId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import type { Stored } from '../../platform/records.ts';
import { QUALIFICATIONS_MAX, type Qualification, type qualificationEntity } from './qualification.ts';
import type { qualificationRoutes } from './routes.ts';

type StoredQualification = Stored<typeof qualificationEntity>;
export interface Holder {
  readonly organisationId: OrganisationId;
  readonly personId: PersonId;
  /** The organisation's. */
  readonly timeZone: string;
}

export interface QualificationStore {
  /** One wave; undefined for whoever does not work there. */
  list(
    organisationId: OrganisationId,
    personId: PersonId,
    call: Call,
  ): Promise<{ readonly holder: Holder; readonly items: readonly StoredQualification[] } | undefined>;
  /** `before` absent: a new one; `after` absent: nothing of it is left. */
  save<A>(
    holder: Holder,
    change: { readonly before: StoredQualification | undefined; readonly after: Qualification | undefined },
    call: Call,
    answer: A,
  ): Promise<A>;
}

export const qualificationHandlers = (store: QualificationStore): HandlersFor<typeof qualificationRoutes, Call> => ({
  async addQualification({ params: { organisationId, personId }, body }, call) {
    const { holder, items } = await heldBy(store, organisationId, personId, call);
    if (items.length >= QUALIFICATIONS_MAX) throw new Problem('too-many', `At most ${QUALIFICATIONS_MAX}.`);
    const after = { ...body, id: call.newId('qlf'), ...confirmation(personId, call) };
    return store.save(holder, { before: undefined, after }, call, viewOf(after, 1));
  },

  async listQualifications({ params: { organisationId, personId } }, call) {
    const { items } = await heldBy(store, organisationId, personId, call);
    return { items: items.map(({ value, version }) => viewOf(value, version)) };
  },

  async changeQualification({ params, body, ifMatch }, call) {
    const { holder, before } = await oneOf(store, params, ifMatch, call);
    const isRenewed = body.expiresOn !== before.value.expiresOn;
    const { remindedDays } = before.value;
    const after: Qualification = {
      ...body,
      id: before.value.id,
      ...confirmation(params.personId, call),
      ...(!isRenewed && remindedDays !== undefined && { remindedDays }),
    };
    return store.save(holder, { before, after }, call, viewOf(after, ifMatch + 1));
  },

  async removeQualification({ params, ifMatch }, call) {
    const { holder, before } = await oneOf(store, params, ifMatch, call);
    await store.save(holder, { before, after: undefined }, call, undefined);
  },
});

/** Nobody confirms their own papers. */
function confirmation(personId: PersonId, call: Call): Pick<Qualification, 'confirmedBy'> {
  const by = callerOf(call).personId;
  return by === personId ? {} : { confirmedBy: by };
}

const viewOf = ({ remindedDays: _, remindOn: __, ...shown }: Qualification, version: number) => ({ ...shown, version });

async function heldBy(store: QualificationStore, organisationId: OrganisationId, personId: PersonId, call: Call) {
  const found = await store.list(organisationId, personId, call);
  if (!found) throw new Problem('person-not-found');
  return found;
}

async function oneOf(
  store: QualificationStore,
  {
    organisationId,
    personId,
    qualificationId,
  }: {
    readonly organisationId: OrganisationId;
    readonly personId: PersonId;
    readonly qualificationId: QualificationId;
  },
  ifMatch: number,
  call: Call,
) {
  const { holder, items } = await heldBy(store, organisationId, personId, call);
  const before = items.find(({ value }) => value.id === qualificationId);
  if (!before) throw new Problem('qualification-not-found');
  if (before.version !== ifMatch) throw new Problem('stale-version');
  return { holder, before };
}

/** The chain lets nobody without a role reach a route for roles. */
function callerOf(call: Call): RoleCaller {
  if (!call.role) throw new Error('A route for roles without a role');
  return call.role;
}
