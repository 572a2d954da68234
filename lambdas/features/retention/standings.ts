import { OrganisationId, PersonId } from '../../http/ids.ts';
import type { KeyState, Records, Stored } from '../../platform/records.ts';
import { roleEntity } from '../access/role.ts';
import { guardianLinkEntity, ownerOf, peoplePointers, type personEntity } from '../people/person.ts';
import { personRef } from '../people/writes.ts';
import { type ChildOfGuardian, endOfPlacements, type Standing } from './departure.ts';

const ROLES_READ_MAX = 200;
const CHILDREN_READ_MAX = 100;

/** A person as the sweep sees them. */
export interface Known {
  readonly personId: PersonId;
  readonly person: Stored<typeof personEntity>;
  readonly standing: Standing;
  /** The states of the person's keys, by retention class. */
  readonly keys: ReadonlyMap<string, KeyState>;
}

/**
 * What ties each of these persons to the organisation; undefined for whoever is erased. To be read through restrictions
 * and through expiry: what is closed to others still has to be looked at here. Three waves for all of them.
 */
export async function readStandings(
  records: Records,
  organisationId: OrganisationId,
  personIds: readonly PersonId[],
): Promise<(Known | undefined)[]> {
  const owner = (personId: PersonId) => ownerOf(organisationId, personId);
  const [persons, roles, children, keys] = await Promise.all([
    records.getMany(personIds.map((personId) => personRef(organisationId, personId))),
    Promise.all(personIds.map((personId) => records.list(roleEntity, owner(personId), { limit: ROLES_READ_MAX }))),
    Promise.all(personIds.map((personId) => childIdsOf(records, organisationId, personId))),
    Promise.all(personIds.map((personId) => records.keyStates(owner(personId)))),
  ]);
  const pairs = personIds.flatMap((personId, i) => children[i]!.map((childId) => ({ personId, childId })));
  const [links, childRecords] = await Promise.all([
    records.getMany(
      pairs.map(({ personId, childId }) => ({ entity: guardianLinkEntity, owner: owner(childId), key: personId })),
    ),
    records.getMany(pairs.map(({ childId }) => personRef(organisationId, childId))),
  ]);
  return personIds.map((personId, i) => {
    const person = persons[i];
    if (!person) return undefined;
    const childrenOfThis = pairs.flatMap((pair, n): ChildOfGuardian[] => {
      if (pair.personId !== personId) return [];
      const child = childRecords[n];
      return [
        {
          linkedUntil: links[n]?.value.until,
          endedOn: child ? endOfPlacements(child.value.placements) : 'gone',
        },
      ];
    });
    return {
      personId,
      person,
      keys: keys[i]!,
      standing: {
        kind: person.value.kind,
        placements: person.value.placements,
        roles: roles[i]!.items.map(({ value }) => value),
        children: childrenOfThis,
      },
    };
  });
}

async function childIdsOf(records: Records, organisationId: OrganisationId, guardianId: PersonId): Promise<PersonId[]> {
  const { pk, sk } = peoplePointers.child(organisationId, guardianId, '' as PersonId);
  const { items } = await records.pointers('core', pk, { prefix: sk, limit: CHILDREN_READ_MAX });
  return items.map((pointer) => PersonId.parse(pointer.sk.slice(sk.length)));
}

/** Persons of an organisation from its list of people, page by page. */
export function personIdIn(sortKey: string): PersonId | undefined {
  const parsed = PersonId.safeParse(sortKey.slice(sortKey.indexOf('#') + 1));
  return parsed.success ? parsed.data : undefined;
}

export const organisationIdIn = (sortKey: string): OrganisationId | undefined => {
  const parsed = OrganisationId.safeParse(sortKey);
  return parsed.success ? parsed.data : undefined;
};
