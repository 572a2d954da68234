import type { DepartmentId, GroupId, OrganisationId, PersonId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { Records } from '../../platform/records.ts';
import { type PersonKind, type PersonRecord, peoplePointers } from '../people/person.ts';
import { isFor } from './calendar-index.ts';
import type { EventScope } from './event.ts';
import { concernedBetween } from './sight.ts';
import { AUDIENCE_MAX } from './views.ts';

/**
 * Ids of everyone an event may be for, in order: who is or was in its groups, or all of a kind. One wave. Who of them it
 * is for on a day says `isForOn`, once they are read. Throws `too-many`.
 */
export async function candidatesFor(
  records: Pick<Records, 'pointers'>,
  organisationId: OrganisationId,
  scope: EventScope,
  departmentOf: ReadonlyMap<GroupId, DepartmentId>,
  kinds: readonly PersonKind[] = ['child', 'member'],
): Promise<PersonId[]> {
  if (scope.kind === 'person') return [scope.id];
  const nobody = '' as PersonId;
  const lists =
    scope.kind === 'organisation'
      ? kinds.map((kind) => peoplePointers.person(organisationId, kind, nobody))
      : groupsOf(scope, departmentOf).map((groupId) => peoplePointers.groupMember(organisationId, groupId, nobody));
  const pages = await Promise.all(
    lists.map(({ pk, sk }) => records.pointers('core', pk, { prefix: sk, limit: AUDIENCE_MAX })),
  );
  const ids = pages.flatMap(({ items }) => items.map(({ sk }) => sk.slice(sk.indexOf('#') + 1) as PersonId));
  if (pages.some(({ next }) => next !== undefined) || ids.length > AUDIENCE_MAX) {
    throw new Problem('too-many', `At most ${AUDIENCE_MAX} people.`);
  }
  return [...new Set(ids)].sort();
}

const groupsOf = (
  scope: Extract<EventScope, { kind: 'group' | 'department' }>,
  departmentOf: ReadonlyMap<GroupId, DepartmentId>,
): GroupId[] =>
  scope.kind === 'group'
    ? [scope.id]
    : [...departmentOf].filter(([, of]) => of === scope.id).map(([groupId]) => groupId);

export const isForOn = (
  scope: EventScope,
  person: PersonRecord,
  departmentOf: ReadonlyMap<GroupId, DepartmentId>,
  firstDay: string,
  lastDay: string,
): boolean => isFor({ scope }, concernedBetween(person, departmentOf, firstDay, lastDay));
