import type { OrganisationId, PersonId } from '../../http/ids.ts';
import type { Records } from '../../platform/records.ts';
import { childIdentity, grownUpIdentity } from '../people/identity.ts';
import { type PersonRecord, peoplePointers } from '../people/person.ts';
import { identityOf, personRef } from '../people/writes.ts';
import type { ChildRow, RegisterRow } from './import-row.ts';
import type { World } from './world.ts';

/** Children of one guardian that are looked at: more is a mistake. */
const CHILDREN_MAX = 20;
const GUARDIANS_AT_ONCE_MAX = 50;

/**
 * Rows of children who are not held under that name and birth date, though one of the same birth date and guardian is:
 * likely the same child, whose name has been changed on one side. A twin of whom the file has a row of its own is none.
 * By line; two waves of reads for every fifty guardians.
 */
export async function findPossiblySame(
  rows: readonly RegisterRow[],
  inFile: ReadonlySet<string>,
  { world, organisationId, records }: { world: World; organisationId: OrganisationId; records: Records },
): Promise<ReadonlyMap<number, PersonId>> {
  const unknown = rows.filter(
    (row): row is ChildRow => row.kind === 'child' && world.personBy(childIdentity(row)) === undefined,
  );
  const guardiansOf = (row: ChildRow) =>
    row.guardians.flatMap((cells) => {
      const identity = grownUpIdentity(cells);
      return (identity && world.personBy(identity)?.value.id) ?? [];
    });
  const guardianIds = [...new Set(unknown.flatMap(guardiansOf))];
  const childrenOf = new Map<PersonId, readonly PersonRecord[]>();
  for (let i = 0; i < guardianIds.length; i += GUARDIANS_AT_ONCE_MAX) {
    await Promise.all(
      guardianIds.slice(i, i + GUARDIANS_AT_ONCE_MAX).map(async (guardianId) => {
        childrenOf.set(guardianId, await readChildren(guardianId, organisationId, records));
      }),
    );
  }
  const found = new Map<number, PersonId>();
  for (const row of unknown) {
    const same = guardiansOf(row)
      .flatMap((guardianId) => childrenOf.get(guardianId) ?? [])
      .find((child) => child.birthDate === row.birthDate && !inFile.has(identityOf(child)?.value ?? ''));
    if (same) found.set(row.line, same.id);
  }
  return found;
}

async function readChildren(guardianId: PersonId, organisationId: OrganisationId, records: Records) {
  const { pk, sk } = peoplePointers.child(organisationId, guardianId, '' as PersonId);
  const { items } = await records.pointers('core', pk, { prefix: sk, limit: CHILDREN_MAX });
  if (items.length === 0) return [];
  const children = await records.getMany(
    items.map((pointer) => personRef(organisationId, pointer.sk.slice(sk.length) as PersonId)),
  );
  return children.flatMap((child) => (child ? [child.value] : []));
}
