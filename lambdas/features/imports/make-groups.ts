import type { GroupId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import { organisationOwner } from '../organisations/organisation.ts';
import { comparable } from '../people/identity.ts';
import { groupRef } from '../people/writes.ts';
import type { StoredRow } from './import.ts';
import { readGroups } from './read-world.ts';
import type { Importer, Place } from './worker.ts';

const TRIES_MAX = 3;

/** What a group's name is claimed as (kind `name`): one group of a name in an organisation. */
export const groupNameClaim = (name: string): string => `group|${comparable(name)}`;

interface NamedGroup {
  readonly id: GroupId;
  readonly name: string;
}

/** Makes the groups that the rows name and the organisation does not have, and answers all that it has then. */
export async function makeGroups(
  rows: readonly StoredRow[],
  place: Place,
  importer: Importer,
): Promise<readonly NamedGroup[]> {
  const { organisationId } = place;
  const groups: NamedGroup[] = [...(await readGroups(organisationId, importer.openCall().records))];
  for (const name of new Set(rows.flatMap(({ row }) => row?.groupName ?? []))) {
    if (groups.some((group) => comparable(group.name) === comparable(name))) continue;
    groups.push(await makeGroup(name, place, importer));
  }
  return groups;
}

/** Somebody may make the same group at this moment: then theirs is the one. */
async function makeGroup(name: string, { organisationId, importId }: Place, importer: Importer): Promise<NamedGroup> {
  for (let tries = 1; ; tries++) {
    const { records, newId } = importer.openCall();
    const id = newId('grp');
    try {
      await records
        .change()
        .put(groupRef(organisationId, id), { id, name, state: 'open' }, 'new')
        .claim(organisationId, 'name', groupNameClaim(name), id, () => new Problem('name-taken'))
        .activity({
          event: 'group.created',
          subject: organisationOwner(organisationId),
          about: [id],
          detail: { importId },
        })
        .commit();
      return { id, name };
    } catch (error) {
      if (!(error instanceof Problem) || tries >= TRIES_MAX) throw error;
      const theirs = (await readGroups(organisationId, records)).find(
        (group) => comparable(group.name) === comparable(name),
      );
      if (theirs) return theirs;
    }
  }
}
