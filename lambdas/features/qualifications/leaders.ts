import { PersonId, RoleId } from '../../http/ids.ts';
import { dayIn } from '../../platform/calendar.ts';
import type { Records } from '../../platform/records.ts';
import { rolePointers, roleRef } from '../access/role.ts';
import { groupEntity, organisationOwner } from '../organisations/organisation.ts';
import { isPlacedOn, type PersonRecord } from '../people/person.ts';
import { CONTROLLERS_TOLD_MAX, reachable } from '../requests/people-told.ts';

/** Roles of an organisation that are looked through for those who lead. */
const ROLES_MAX = 1000;

/** Who leads an employee today: leaders of the whole organisation, and of the departments in which the employee is placed. */
export async function leadersOf(
  records: Records,
  { organisationId, id, placements }: PersonRecord,
  { timeZone, now }: { readonly timeZone: string; readonly now: Date },
): Promise<PersonId[]> {
  const today = dayIn(timeZone, now);
  const owner = organisationOwner(organisationId);
  const groupIds = placements.filter((one) => isPlacedOn(one, today)).map(({ groupId }) => groupId);
  const { pk } = rolePointers.inOrganisation(organisationId, '' as RoleId);
  const [{ items }, groups] = await Promise.all([
    records.pointers('core', pk, { limit: ROLES_MAX }),
    records.getMany(groupIds.map((key) => ({ entity: groupEntity, owner, key }))),
  ]);
  const departmentIds = new Set<string>(groups.flatMap((group) => group?.value.departmentId ?? []));
  const roles = await records.getMany(
    items.map(({ sk, attributes }) =>
      roleRef(organisationId, PersonId.parse(attributes?.['personId']), RoleId.parse(sk)),
    ),
  );
  const leading = roles.flatMap((stored) => {
    const role = stored?.value;
    if (role?.role !== 'leader' || role.state !== 'active' || role.validFrom > today) return [];
    if (role.validUntil !== undefined && role.validUntil < today) return [];
    const leads = role.scope.kind === 'organisation' || departmentIds.has(role.scope.id ?? '');
    return leads && role.personId !== id ? [role.personId] : [];
  });
  const told = [...new Set(leading)].slice(0, CONTROLLERS_TOLD_MAX);
  return reachable(records, organisationId, told);
}
