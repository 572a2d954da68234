import { isInScope } from '../../access/decide.ts';
import { type Call, personIdsOf } from '../../http/call.ts';
import type { OrganisationId, PersonId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import { dayIn } from '../../platform/calendar.ts';
import { inOneWave } from '../attendance/one-wave.ts';
import {
  GROUPS_MAX,
  groupEntity,
  type Organisation,
  organisationOwner,
  organisationRef,
} from '../organisations/organisation.ts';
import { blocksBetween } from '../people/blocks.ts';
import { isPlacedOn, type PersonRecord } from '../people/person.ts';
import { personRef } from '../people/writes.ts';
import { type SpecialCategoryAgreement, specialCategoryAgreementRef } from '../registers/special-category.ts';

export interface ChildrenInReach {
  readonly organisation: Organisation;
  readonly agreed: SpecialCategoryAgreement | undefined;
  /** In the order asked for. */
  readonly children: readonly PersonRecord[];
}

/**
 * Children named in a body, as a route for one of them would admit the caller to each: in the scope of the role today,
 * and no block between the child and any of whom the caller is. One wave. Throws `person-not-found` when any is not.
 */
export async function childrenInReach(
  organisationId: OrganisationId,
  ids: readonly PersonId[],
  { records, role, now }: Call,
): Promise<ChildrenInReach> {
  // The chain lets nobody without a role reach a route for roles.
  const caller = role!;
  const blocks = ids.flatMap((id) => blocksBetween(organisationId, personIdsOf(caller), id));
  const [read, groups] = await Promise.all([
    inOneWave(records, {
      organisations: [organisationRef(organisationId)],
      agreements: [specialCategoryAgreementRef(organisationId)],
      persons: ids.map((id) => personRef(organisationId, id)),
      blocks,
    }),
    caller.scope.kind === 'department'
      ? records.list(groupEntity, organisationOwner(organisationId), { limit: GROUPS_MAX })
      : undefined,
  ]);
  const organisation = read.organisations[0]?.value;
  if (!organisation) throw new Problem('organisation-not-found');
  const departmentOf = new Map(groups?.items.map(({ value }) => [value.id, value.departmentId] as const));
  const today = dayIn(organisation.timeZone, now);
  const isReached = (child: PersonRecord | undefined): child is PersonRecord => {
    if (child?.kind !== 'child') return false;
    const groupIds = child.placements.filter((one) => isPlacedOn(one, today)).map(({ groupId }) => groupId);
    const departmentIds = groupIds.map((id) => departmentOf.get(id)).filter((id) => id !== undefined);
    const target = { groupIds, departmentIds, guardianRights: undefined, isBlocked: false } as const;
    return isInScope(caller.scope, { kind: 'person', personId: child.id, ...target });
  };
  const children = read.persons.map((person) => person?.value).filter(isReached);
  if (children.length < ids.length || read.blocks.some((block) => block !== undefined))
    throw new Problem('person-not-found');
  return { organisation, agreed: read.agreements[0]?.value, children };
}
