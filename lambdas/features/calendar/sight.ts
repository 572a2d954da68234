import type { RoleCaller } from '../../http/call.ts';
import type { DepartmentId, GroupId, PersonId } from '../../http/ids.ts';
import { type GuardianOfChild, mayBeTold } from '../attendance/guardians.ts';
import type { Group } from '../organisations/organisation.ts';
import type { PersonRecord } from '../people/person.ts';
import { type ConcernedPerson, isFor } from './calendar-index.ts';
import type { EventScope } from './event.ts';

/** All that decides which events a caller sees and writes (FW-04, FW-07), as facts. */
export interface Sight {
  readonly role: RoleCaller;
  readonly today: string;
  readonly departmentOf: ReadonlyMap<GroupId, DepartmentId>;
  /** The caller, a guardian's children, and the one person whom a member of staff is there for: unless kept apart. */
  readonly mine: readonly PersonRecord[];
  /** Whom events of one person are about, unless a block stands between. */
  readonly others: ReadonlyMap<PersonId, PersonRecord>;
}

/** Which group belongs to which department. */
export const departmentsOf = (groups: readonly Group[]): ReadonlyMap<GroupId, DepartmentId> =>
  new Map(groups.flatMap(({ id, departmentId }) => (departmentId ? [[id, departmentId] as const] : [])));

/** A person with the groups and departments that they are in on any of those days. */
export function concernedBetween(
  { id, placements }: PersonRecord,
  departmentOf: ReadonlyMap<GroupId, DepartmentId>,
  from: string,
  to: string,
): ConcernedPerson {
  const groupIds = placements
    .filter((placement) => placement.from <= to && from <= (placement.until ?? to))
    .map(({ groupId }) => groupId);
  return { personId: id, groupIds, departmentIds: groupIds.flatMap((groupId) => departmentOf.get(groupId) ?? []) };
}

/** A guardian of a child who may know of it today; a block beats every link. */
export const mayKnowOf = (guardian: GuardianOfChild, today: string): boolean => mayBeTold(guardian, today);

/** Whether the caller sees what happens for a scope from one day to another. */
export function sees(sight: Sight, scope: EventScope, from: string, to: string): boolean {
  const { role, mine, departmentOf } = sight;
  switch (role.role) {
    case 'guardian':
    case 'member':
      return mine.some((person) => isFor({ scope }, concernedBetween(person, departmentOf, from, to)));
    case 'privacy-officer':
      return scope.kind !== 'person';
    default:
      return scope.kind === 'organisation' || reaches(sight, scope) || isOfOwnGroup(sight, scope, from, to);
  }
}

/** Whether the caller plans for a scope: staff for what lies within theirs. */
export function mayPlan(sight: Sight, scope: EventScope): boolean {
  const { role } = sight;
  return ['administrator', 'leader', 'staff'].includes(role.role) && reaches(sight, scope);
}

/** The role's scope holds the event's. */
function reaches(sight: Sight, scope: EventScope): boolean {
  const { role, departmentOf, others, today } = sight;
  const person = scope.kind === 'person' ? others.get(scope.id) : undefined;
  if (scope.kind === 'person' && !person) return false;
  const groups = person ? concernedBetween(person, departmentOf, today, today).groupIds : [];
  const within = scope.kind === 'group' ? [scope.id] : groups;
  switch (role.scope.kind) {
    case 'organisation':
      return true;
    case 'department':
      if (scope.kind === 'department') return scope.id === role.scope.id;
      return within.some((groupId) => departmentOf.get(groupId as GroupId) === role.scope.id);
    case 'group':
      return within.some((groupId) => groupId === role.scope.id);
    case 'person':
      return scope.kind === 'person' && scope.id === role.scope.id;
  }
}

/** What goes on around a narrower scope: the department of the group, the group of the person. */
function isOfOwnGroup({ role, departmentOf, mine }: Sight, scope: EventScope, from: string, to: string): boolean {
  if (role.scope.kind === 'group') {
    return scope.kind === 'department' && departmentOf.get(role.scope.id as GroupId) === scope.id;
  }
  if (role.scope.kind !== 'person' || scope.kind === 'person') return false;
  return mine
    .filter(({ id }) => id === role.scope.id)
    .some((person) => isFor({ scope }, concernedBetween(person, departmentOf, from, to)));
}
