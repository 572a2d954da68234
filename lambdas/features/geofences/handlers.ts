import type { Call } from '../../http/call.ts';
import type { DepartmentId, GeofenceId, OrganisationId, PersonId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import type { Stored } from '../../platform/records.ts';
import {
  type AppliesTo,
  GEOFENCES_MAX,
  type Geofence,
  type geofenceEntity,
  SHARED_GEOFENCES_MAX,
  type SharedGeofence,
  type sharedGeofenceEntity,
} from './geofence.ts';
import type { geofenceRoutes } from './routes.ts';

export type StoredGeofence = Stored<typeof geofenceEntity>;
export type StoredShared = Stored<typeof sharedGeofenceEntity>;
export interface Place {
  readonly organisationId: OrganisationId;
  readonly personId: PersonId;
}

export interface GeofenceStore {
  /** One wave. */
  list(
    place: Place,
    call: Call,
  ): Promise<{ readonly isRecipient: boolean; readonly fences: readonly StoredGeofence[] }>;
  get(place: Place, id: GeofenceId, call: Call): Promise<StoredGeofence | undefined>;
  /** One wave; `hasRecipients` is false where nobody is given a device. */
  shared(
    organisationId: OrganisationId,
    call: Call,
  ): Promise<{ readonly hasRecipients: boolean; readonly fences: readonly StoredShared[] }>;
  hasDepartment(organisationId: OrganisationId, id: DepartmentId, call: Call): Promise<boolean>;
  put<A>(place: Place, fence: Geofence, before: StoredGeofence | undefined, call: Call, answer: A): Promise<A>;
  remove(place: Place, before: StoredGeofence, call: Call): Promise<void>;
  putShared<A>(
    organisationId: OrganisationId,
    fence: SharedGeofence,
    before: StoredShared | undefined,
    call: Call,
    answer: A,
  ): Promise<A>;
  removeShared(organisationId: OrganisationId, before: StoredShared, call: Call): Promise<void>;
}

export const geofenceHandlers = (store: GeofenceStore): HandlersFor<typeof geofenceRoutes, Call> => ({
  async listGeofences({ params }, call) {
    return { items: (await store.list(params, call)).fences.map(viewOf) };
  },

  async drawGeofence({ params, body }, call) {
    const { isRecipient, fences } = await store.list(params, call);
    if (!isRecipient) throw new Problem('not-a-service-recipient');
    if (fences.length >= GEOFENCES_MAX) throw new Problem('too-many', `At most ${GEOFENCES_MAX} geofences.`);
    const fence: Geofence = { ...body, ...drawnBy(call), id: call.newId('gfc') };
    return store.put(params, fence, undefined, call, { ...fence, version: 1 });
  },

  async redrawGeofence({ params: { geofenceId, ...place }, body, ifMatch }, call) {
    const before = unchanged(await store.get(place, geofenceId, call), ifMatch);
    const fence: Geofence = { ...body, ...drawnBy(call), id: geofenceId };
    return store.put(place, fence, before, call, { ...fence, version: before.version + 1 });
  },

  async removeGeofence({ params: { geofenceId, ...place }, ifMatch }, call) {
    await store.remove(place, unchanged(await store.get(place, geofenceId, call), ifMatch), call);
  },

  async listSharedGeofences({ params: { organisationId } }, call) {
    const { fences } = await store.shared(organisationId, call);
    return { items: fences.filter(({ value }) => maySee(value.appliesTo, call)).map(viewOf) };
  },

  async drawSharedGeofence({ params: { organisationId }, body }, call) {
    await demandReach(organisationId, body.appliesTo, call, store);
    const { hasRecipients, fences } = await store.shared(organisationId, call);
    if (!hasRecipients) throw new Problem('not-a-service-recipient');
    if (fences.length >= SHARED_GEOFENCES_MAX) {
      throw new Problem('too-many', `At most ${SHARED_GEOFENCES_MAX} geofences.`);
    }
    const fence: SharedGeofence = { ...body, ...drawnBy(call), id: call.newId('gfc') };
    return store.putShared(organisationId, fence, undefined, call, { ...fence, version: 1 });
  },

  async redrawSharedGeofence({ params: { organisationId, geofenceId }, body, ifMatch }, call) {
    const before = unchanged(await sharedInReach(organisationId, geofenceId, call, store), ifMatch);
    await demandReach(organisationId, body.appliesTo, call, store);
    const fence: SharedGeofence = { ...body, ...drawnBy(call), id: geofenceId };
    return store.putShared(organisationId, fence, before, call, { ...fence, version: before.version + 1 });
  },

  async removeSharedGeofence({ params: { organisationId, geofenceId }, ifMatch }, call) {
    const before = unchanged(await sharedInReach(organisationId, geofenceId, call, store), ifMatch);
    await store.removeShared(organisationId, before, call);
  },
});

const drawnBy = ({ now, role }: Call) => ({ drawnAt: now.toISOString(), drawnBy: role!.personId });
const viewOf = <V extends object>({ value, version }: { readonly value: V; readonly version: number }) => ({
  ...value,
  version,
});

function unchanged<S extends { readonly version: number }>(found: S | undefined, ifMatch: number): S {
  if (!found) throw new Problem('geofence-not-found');
  if (found.version !== ifMatch) throw new Problem('stale-version');
  return found;
}

/** Whose role holds the place sees all of it; whose holds a department, that and what is everybody's. */
function maySee(appliesTo: AppliesTo, { role }: Call): boolean {
  const scope = role!.scope;
  return scope.kind === 'organisation' || appliesTo.kind === 'organisation' || scope.id === appliesTo.departmentId;
}

/** A department head draws for the own department alone, and learns of no other one. */
async function demandReach(organisationId: OrganisationId, appliesTo: AppliesTo, call: Call, store: GeofenceStore) {
  const scope = call.role!.scope;
  if (appliesTo.kind === 'organisation') return demandWholePlace(call);
  const isOwn = scope.kind === 'organisation' || scope.id === appliesTo.departmentId;
  if (!isOwn || !(await store.hasDepartment(organisationId, appliesTo.departmentId, call))) {
    throw new Problem('department-not-found');
  }
}

/** What is everybody's is seen by all who work there, and drawn by those who run the place. */
function demandWholePlace({ role }: Call): void {
  if (role!.scope.kind !== 'organisation') throw new Problem('not-allowed');
}

async function sharedInReach(organisationId: OrganisationId, id: GeofenceId, call: Call, store: GeofenceStore) {
  const { fences } = await store.shared(organisationId, call);
  const found = fences.find(({ value }) => value.id === id);
  if (!found || !maySee(found.value.appliesTo, call)) return undefined;
  if (found.value.appliesTo.kind === 'organisation') demandWholePlace(call);
  return found;
}
