import type { OrganisationId, PersonId } from '../../http/ids.ts';
import type { Records } from '../../platform/records.ts';
import { GROUPS_MAX, groupEntity, organisationOwner } from '../organisations/organisation.ts';
import {
  guardianLinkEntity,
  isLinkedOn,
  isPlacedOn,
  LINKS_MAX,
  ownerOf,
  type PersonKind,
  type PersonRecord,
  peoplePointers,
} from '../people/person.ts';
import { personRef } from '../people/writes.ts';
import type { ChildInRegister } from './register-csv.ts';

const PAGE_PERSONS = 100;

/** Persons of a kind in the order of their ids, page by page; `openRecords` gives fresh records for each page. */
async function* peopleOf(
  openRecords: () => Records,
  organisationId: OrganisationId,
  kind: PersonKind,
): AsyncGenerator<PersonRecord[]> {
  const { pk, sk } = peoplePointers.person(organisationId, kind, '' as PersonId);
  for (let after: string | undefined; ; ) {
    const records = openRecords();
    const range = { prefix: sk, limit: PAGE_PERSONS, ...(after !== undefined && { after }) };
    const { items, next } = await records.pointers('core', pk, range);
    const persons = await records.getMany(
      items.map((pointer) => personRef(organisationId, pointer.sk.slice(sk.length) as PersonId)),
    );
    yield persons.flatMap((person) => (person ? [person.value] : []));
    if (next === undefined) return;
    after = next;
  }
}

/** What the two registers hold today: every child with its group and guardians, and the staff with theirs. */
export async function readRegister(openRecords: () => Records, organisationId: OrganisationId, today: string) {
  const groups = await openRecords().list(groupEntity, organisationOwner(organisationId), { limit: GROUPS_MAX });
  const nameOf = new Map(groups.items.map(({ value }) => [value.id, value.name]));
  const groupOf = ({ placements }: PersonRecord) => {
    const placement =
      placements.findLast((one) => isPlacedOn(one, today)) ?? placements.find(({ from }) => from > today);
    const name = placement && nameOf.get(placement.groupId);
    return placement && name !== undefined ? { name, from: placement.from } : undefined;
  };

  const children: ChildInRegister[] = [];
  for await (const page of peopleOf(openRecords, organisationId, 'child')) {
    const records = openRecords();
    const links = await Promise.all(
      page.map(({ id }) => records.list(guardianLinkEntity, ownerOf(organisationId, id), { limit: LINKS_MAX })),
    );
    const linked = links.map(({ items }) => items.map(({ value }) => value).filter((link) => isLinkedOn(link, today)));
    const guardians = await records.getMany(
      linked.flat().map(({ guardianId }) => personRef(organisationId, guardianId)),
    );
    const personOf = new Map(guardians.flatMap((guardian) => (guardian ? [[guardian.value.id, guardian.value]] : [])));
    for (const [i, child] of page.entries()) {
      children.push({
        child,
        group: groupOf(child),
        guardians: linked[i]!.flatMap((link) => {
          const person = personOf.get(link.guardianId);
          return person ? [{ link, person }] : [];
        }),
      });
    }
  }
  const staff: { person: PersonRecord; groupName: string | undefined }[] = [];
  for await (const page of peopleOf(openRecords, organisationId, 'staff')) {
    for (const person of page) staff.push({ person, groupName: groupOf(person)?.name });
  }
  return { children, staff };
}
