import * as z from 'zod';
import { GroupId, type OrganisationId, PersonId } from '../../http/ids.ts';
import type { Records } from '../../platform/records.ts';
import { guardiansOf, mayBeTold } from '../attendance/guardians.ts';
import { GROUPS_MAX, groupEntity, organisationOwner } from '../organisations/organisation.ts';
import { isPlacedOn, ownerOf, peoplePointers, personEntity } from '../people/person.ts';
import { isHere } from './around.ts';
import type { DocumentRecord, DocumentScope } from './document.ts';

/** Somebody whom a document is published for, and the child through whom it concerns them; absent where it is themself. */
export interface Reader {
  readonly readerId: PersonId;
  readonly childId?: PersonId;
}

interface ReadersOfOne {
  /** Where the next slice begins after: part of a cursor, ids alone. */
  readonly after: string;
  readonly personId: PersonId;
  readonly readers: readonly Reader[];
}

/** Whose guardians are asked for, and on which day of the organisation. */
interface Asked {
  readonly organisationId: OrganisationId;
  readonly document: Pick<DocumentRecord, 'scope' | 'visibleTo'>;
  readonly today: string;
}

/**
 * The next persons whom the document concerns, each with those who may read it: a slice, because a whole organisation is
 * too much for one transaction. In the order of ids; `after` is where the slice before ended.
 */
export async function readersAfter(
  { organisationId, document, today }: Asked,
  { after, limit }: { readonly after: string | undefined; readonly limit: number },
  records: Records,
): Promise<{ readonly persons: readonly ReadersOfOne[]; readonly next?: string }> {
  const { scope, visibleTo } = document;
  if (visibleTo === 'staff') return { persons: [] };
  if (scope.kind === 'person') {
    return {
      persons: await readersOfPersons(organisationId, [{ personId: scope.id, after: '' }], document, today, records),
    };
  }
  const lists = await listsOf(organisationId, scope, records);
  const [from, ...within] = after?.split('.') ?? [];
  const first = from === undefined ? 0 : lists.findIndex(({ name }) => name >= from);
  for (const list of first < 0 ? [] : lists.slice(first)) {
    const range = {
      prefix: list.prefix,
      limit,
      ...(list.name === from && within.length > 0 && { after: within.join('.') }),
    };
    const { items, next } = await records.pointers('core', list.pk, range);
    if (items.length === 0) continue;
    const found = items.map(({ sk }) => ({
      personId: PersonId.parse(sk.slice(sk.indexOf('#') + 1)),
      after: `${list.name}.${sk}`,
    }));
    const persons = await readersOfPersons(organisationId, found, document, today, records);
    const isLast = next === undefined && list === lists.at(-1);
    return { persons, ...(!isLast && { next: found.at(-1)!.after }) };
  }
  return { persons: [] };
}

interface List {
  /** Its place among the others, and in a cursor. */
  readonly name: string;
  readonly pk: string;
  readonly prefix: string;
}

/** Where those stand whom a scope concerns: rows of ids, in one list or several. */
async function listsOf(organisationId: OrganisationId, scope: DocumentScope, records: Records): Promise<List[]> {
  const groupList = (groupId: GroupId): List => {
    const { pk, sk } = peoplePointers.groupMember(organisationId, groupId, '' as PersonId);
    return { name: groupId, pk, prefix: sk };
  };
  switch (scope.kind) {
    case 'group':
      return [groupList(scope.id)];
    case 'department': {
      const groups = await records.list(groupEntity, organisationOwner(organisationId), { limit: GROUPS_MAX });
      const ids = groups.items.filter(({ value }) => value.departmentId === scope.id).map(({ value }) => value.id);
      return ids.sort().map(groupList);
    }
    default:
      return (['child', 'member'] as const).map((kind) => {
        const { pk, sk } = peoplePointers.person(organisationId, kind, '' as PersonId);
        return { name: kind, pk, prefix: sk };
      });
  }
}

/** Two waves: the persons with their guardians and blocks, then whether the guardians' own records are open. */
async function readersOfPersons(
  organisationId: OrganisationId,
  found: readonly { readonly personId: PersonId; readonly after: string }[],
  { scope, visibleTo }: Asked['document'],
  today: string,
  records: Records,
): Promise<ReadersOfOne[]> {
  const personRef = (personId: PersonId) =>
    ({ entity: personEntity, owner: ownerOf(organisationId, personId) }) as const;
  const [persons, guardians] = await Promise.all([
    records.getMany(found.map(({ personId }) => personRef(personId))),
    Promise.all(found.map(({ personId }) => guardiansOf(records, organisationId, personId))),
  ]);
  const candidates = found.map(({ personId, after }, i) => {
    const person = persons[i]?.value;
    const isConcerned = person && (scope.kind === 'person' || isIn(scope, person, today));
    if (!isConcerned) return { personId, after, readers: [] };
    const told = guardians[i]!.filter((guardian) => mayBeTold(guardian, today)).map(({ link }) => link.guardianId);
    const isReader = visibleTo === 'person' || (scope.kind !== 'person' && person.kind === 'member');
    const readers: Reader[] = [
      ...(isReader ? [{ readerId: personId }] : []),
      ...(visibleTo === 'guardians' ? told.map((readerId) => ({ readerId, childId: personId })) : []),
    ];
    return { personId, after, readers };
  });
  const readerIds = [...new Set(candidates.flatMap(({ readers }) => readers.map(({ readerId }) => readerId)))];
  const stored = await records.getMany(readerIds.map(personRef));
  const reachable = new Set(readerIds.filter((_, i) => stored[i] !== undefined));
  return candidates.map((one) => ({ ...one, readers: one.readers.filter(({ readerId }) => reachable.has(readerId)) }));
}

const isIn = (scope: DocumentScope, person: Parameters<typeof isHere>[0], today: string): boolean =>
  scope.kind === 'group'
    ? person.placements.some((one) => one.groupId === scope.id && isPlacedOn(one, today))
    : isHere(person, today);

/** Where a slice of readers ended: a list and a row in it. */
export const ReadersCursor = z.string().refine((text) => {
  const [name = '', row = ''] = text.split('.');
  const isKnown = name === 'child' || name === 'member' || GroupId.safeParse(name).success;
  return isKnown && /^[A-Za-z]+#per_[0-9a-z]+$/.test(row);
});
