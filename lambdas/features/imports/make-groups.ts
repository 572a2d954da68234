import type { GroupId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import { structureStore } from '../organisations/structure-store.ts';
import { comparable } from '../people/identity.ts';
import type { StoredRow } from './import.ts';
import { readGroups } from './read-world.ts';
import type { Importer, Place } from './worker.ts';

const TRIES_MAX = 3;

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
async function makeGroup(name: string, { organisationId }: Place, importer: Importer): Promise<NamedGroup> {
  for (let tries = 1; ; tries++) {
    const call = importer.openCall();
    const group = { id: call.newId('grp'), name, state: 'open' } as const;
    try {
      return await structureStore.addGroup(organisationId, group, call, group);
    } catch (error) {
      if (!(error instanceof Problem) || tries >= TRIES_MAX) throw error;
      const groups = await readGroups(organisationId, importer.openCall().records);
      const theirs = groups.find((other) => comparable(other.name) === comparable(name));
      if (theirs) return theirs;
    }
  }
}
