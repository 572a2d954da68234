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
  const pages = await Promise.all(
    listsFor(organisationId, scope, departmentOf, kinds).map(({ pk, sk }) =>
      records.pointers('core', pk, { prefix: sk, limit: AUDIENCE_MAX }),
    ),
  );
  const ids = pages.flatMap(({ items }) => items.map(idIn));
  if (pages.some(({ next }) => next !== undefined) || ids.length > AUDIENCE_MAX) {
    throw new Problem('too-many', `At most ${AUDIENCE_MAX} people.`);
  }
  return [...new Set(ids)].sort();
}

/** The same for the clock, which tells them one by one: however many they are, page by page. */
export async function everyCandidateFor(
  records: Pick<Records, 'pointers'>,
  organisationId: OrganisationId,
  scope: EventScope,
  departmentOf: ReadonlyMap<GroupId, DepartmentId>,
): Promise<PersonId[]> {
  if (scope.kind === 'person') return [scope.id];
  const ids = new Set<PersonId>();
  for (const { pk, sk: prefix } of listsFor(organisationId, scope, departmentOf, ['child', 'member'])) {
    for (let after: string | undefined; ; ) {
      const range = { prefix, limit: AUDIENCE_MAX, ...(after !== undefined && { after }) };
      const { items, next } = await records.pointers('core', pk, range);
      for (const row of items) ids.add(idIn(row));
      if (next === undefined) break;
      after = next;
    }
  }
  return [...ids].sort();
}

/** Where the rows of ids of those stand whom a scope may concern. */
function listsFor(
  organisationId: OrganisationId,
  scope: Exclude<EventScope, { kind: 'person' }>,
  departmentOf: ReadonlyMap<GroupId, DepartmentId>,
  kinds: readonly PersonKind[],
) {
  const nobody = '' as PersonId;
  return scope.kind === 'organisation'
    ? kinds.map((kind) => peoplePointers.person(organisationId, kind, nobody))
    : groupsOf(scope, departmentOf).map((groupId) => peoplePointers.groupMember(organisationId, groupId, nobody));
}

const idIn = ({ sk }: { readonly sk: string }) => sk.slice(sk.indexOf('#') + 1) as PersonId;

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
