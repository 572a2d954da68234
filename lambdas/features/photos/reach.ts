import { accessDecision, type Target } from '../../access/decide.ts';
import type { GuardianRights } from '../../access/roles.ts';
import type { Action } from '../../access/rules.ts';
import { type Call, personIdsOf, type RoleCaller } from '../../http/call.ts';
import type { DepartmentId, GroupId, OrganisationId, PersonId } from '../../http/ids.ts';
import { dayIn } from '../../platform/calendar.ts';
import { inOneWave } from '../attendance/one-wave.ts';
import { GROUPS_MAX, groupEntity, organisationOwner } from '../organisations/organisation.ts';
import { blocksBetween } from '../people/blocks.ts';
import { guardianLinkEntity, isLinkedOn, isPlacedOn, ownerOf } from '../people/person.ts';
import type { PhotosHere } from './read-photos.ts';

type DepartmentOf = ReadonlyMap<GroupId, DepartmentId | undefined>;

/** Groups with their departments: only a role for a department needs them. One wave. */
export async function departments({ records, role }: Call, organisationId: OrganisationId): Promise<DepartmentOf> {
  if (role?.scope.kind !== 'department') return new Map();
  const { items } = await records.list(groupEntity, organisationOwner(organisationId), { limit: GROUPS_MAX });
  return new Map(items.map(({ value }) => [value.id, value.departmentId] as const));
}

/**
 * Those of the children whom the caller reaches with this action, as a route that names one of them decides it; nobody at
 * all where a block stands between the caller and any of them. One wave.
 */
export async function reached(
  action: Action,
  childIds: readonly PersonId[],
  { house, showings }: Pick<PhotosHere, 'house' | 'showings'>,
  call: Call,
): Promise<readonly PersonId[]> {
  // The chain lets nobody without a role reach a route for roles.
  const role = call.role!;
  const { id: organisationId } = house.organisation;
  const [read, departmentOf] = await Promise.all([
    inOneWave(call.records, {
      blocks: childIds.flatMap((id) => blocksBetween(organisationId, personIdsOf(role), id)),
      links: childIds.map((id) => ({
        entity: guardianLinkEntity,
        owner: ownerOf(organisationId, id),
        key: role.personId,
      })),
    }),
    departments(call, organisationId),
  ]);
  if (read.blocks.some((block) => block !== undefined)) return [];
  const today = dayIn(house.organisation.timeZone, call.now);
  return childIds.filter((id, i) => {
    const person = showings.get(id)?.principal?.person;
    const link = read.links[i]?.value;
    const groupIds = (person?.placements ?? []).filter((one) => isPlacedOn(one, today)).map(({ groupId }) => groupId);
    const rights = link && isLinkedOn(link, today) ? link.rights : undefined;
    return mayReach(action, role, house, targetOf(id, groupIds, departmentOf, rights));
  });
}

/** Whether the caller reaches one of those shown in a photo that may be shown at all, so that no block stands between. Pure. */
export function reachesShown(
  id: PersonId,
  { house, showings }: Pick<PhotosHere, 'house' | 'showings'>,
  departmentOf: DepartmentOf,
  { role, now }: Call,
): boolean {
  const today = dayIn(house.organisation.timeZone, now);
  const placements = showings.get(id)?.principal?.person.placements ?? [];
  const groupIds = placements.filter((one) => isPlacedOn(one, today)).map(({ groupId }) => groupId);
  return mayReach('photo:read', role!, house, targetOf(id, groupIds, departmentOf, undefined));
}

/** Whether a group lies in the scope of the caller's role. Pure. */
export const reachesGroup = (
  action: Action,
  { id: groupId, departmentId }: { readonly id: string; readonly departmentId?: string | undefined },
  role: RoleCaller,
  house: PhotosHere['house'],
): boolean => mayReach(action, role, house, { kind: 'group', groupId, departmentId });

const targetOf = (
  personId: PersonId,
  groupIds: readonly GroupId[],
  departmentOf: DepartmentOf,
  guardianRights: GuardianRights | undefined,
): Target => ({
  kind: 'person',
  personId,
  groupIds,
  departmentIds: groupIds.flatMap((id) => departmentOf.get(id) ?? []),
  guardianRights,
  isBlocked: false,
});

function mayReach(action: Action, role: RoleCaller, { organisation }: PhotosHere['house'], target: Target): boolean {
  const { role: name, scope, personId } = role;
  const { profile, state } = organisation;
  const facts = { role: { name, scope, personId }, organisation: { profile, state }, target };
  return accessDecision(action, facts) === 'allowed';
}
