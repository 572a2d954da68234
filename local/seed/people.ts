import { groupEntity, organisationOwner } from '../../lambdas/features/organisations/organisation.ts';
import { ownerOf, type PersonRecord } from '../../lambdas/features/people/person.ts';
import { addLink, addPerson, identityOf } from '../../lambdas/features/people/writes.ts';
import type { Town } from './town.ts';
import type { Work } from './writer.ts';
import type { Setting } from './year.ts';

/** A person's own rows, its pointers and its claim with what leads back to that. */
const ROWS_PER_PERSON = 6;
const ROWS_PER_LINK = 6;

export function groupWork({ organisationId }: Setting, { groups }: Town): Work {
  const owner = organisationOwner(organisationId);
  return {
    subject: owner,
    event: 'group.created',
    pieces: groups.map((group) => ({
      rows: 1,
      write: (change) => void change.put({ entity: groupEntity, owner, key: group.id }, group, 'new'),
    })),
  };
}

/** Staff, and each family in a change of its own: nobody is there without whoever belongs to them. */
export function peopleWork({ organisationId }: Setting, { families, staff }: Town): Work[] {
  const ofStaff = staff.map(
    (person): Work => ({
      subject: ownerOf(organisationId, person.id),
      event: 'person.created',
      pieces: [pieceOf(person)],
    }),
  );
  const ofFamilies = families.map(({ children, guardians, links }): Work => {
    const everybody = [...children, ...guardians];
    const written = new Set(everybody.map(({ id }) => id));
    return {
      subject: ownerOf(organisationId, children[0]!.id),
      event: 'person.created',
      pieces: [
        {
          rows: everybody.length * ROWS_PER_PERSON + links.length * ROWS_PER_LINK,
          write(change) {
            for (const person of everybody) pieceOf(person).write(change);
            for (const { childId, link } of links) addLink(change, organisationId, childId, link, { written });
          },
        },
      ],
    };
  });
  return [...ofStaff, ...ofFamilies];
}

const pieceOf = (person: PersonRecord) => ({
  rows: ROWS_PER_PERSON,
  write(change: Parameters<typeof addPerson>[0]) {
    const identity = identityOf(person);
    addPerson(change, person, { claim: identity ? [identity] : [], release: [] }, { groupsAreKnown: true });
  },
});
