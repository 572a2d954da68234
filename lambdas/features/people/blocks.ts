import { type Call, personIdsOf } from '../../http/call.ts';
import type { OrganisationId, PersonId } from '../../http/ids.ts';
import type { Ref } from '../../platform/entity.ts';
import type { Records } from '../../platform/records.ts';
import { blockEntity, LINKS_MAX, ownerOf, peoplePointers } from './person.ts';

const BLOCKED_MAX = 500;

/**
 * Whoever a block keeps from the caller, and whomever one keeps the caller from: a member may be either of the two.
 * `callerIds` are all that the caller is in the organisation. Ids; one wave.
 */
export async function blockedFor(
  records: Records,
  organisationId: OrganisationId,
  callerIds: readonly PersonId[],
): Promise<ReadonlySet<string>> {
  const found = await Promise.all(
    callerIds.map(async (callerId) => {
      const { pk, sk } = peoplePointers.blockedFrom(organisationId, callerId, '' as PersonId);
      const [children, grownUps] = await Promise.all([
        records.pointers('core', pk, { prefix: sk, limit: BLOCKED_MAX }),
        records.list(blockEntity, ownerOf(organisationId, callerId), { limit: LINKS_MAX }),
      ]);
      return [
        ...children.items.map((pointer) => pointer.sk.slice(sk.length)),
        ...grownUps.items.map(({ value }) => value.personId),
      ];
    }),
  );
  return new Set(found.flat());
}

/** The same for whoever is signed in in an organisation; nobody for everybody else. */
export const keptFrom = async ({ records, role }: Pick<Call, 'records' | 'role'>): Promise<ReadonlySet<string>> =>
  role && role.organisationId !== 'operator' ? blockedFor(records, role.organisationId, personIdsOf(role)) : new Set();

/**
 * Where a block between the caller and the other person would lie, two references for each of `callerIds`: in one of
 * the two's partition, under the other's id.
 */
export const blocksBetween = (
  organisationId: OrganisationId,
  callerIds: readonly PersonId[],
  otherId: PersonId,
): Ref<typeof blockEntity>[] =>
  callerIds.flatMap((callerId) => [
    { entity: blockEntity, owner: ownerOf(organisationId, otherId), key: callerId },
    { entity: blockEntity, owner: ownerOf(organisationId, callerId), key: otherId },
  ]);
