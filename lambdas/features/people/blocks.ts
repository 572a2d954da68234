import type { OrganisationId, PersonId } from '../../http/ids.ts';
import type { Records } from '../../platform/records.ts';
import { blockEntity, LINKS_MAX, ownerOf, peoplePointers } from './person.ts';

const BLOCKED_MAX = 500;

/** Whoever a block keeps from the caller, and whomever one keeps the caller from: a member may be either of the two. Ids; one wave. */
export async function blockedFor(
  records: Records,
  organisationId: OrganisationId,
  callerId: PersonId,
): Promise<ReadonlySet<string>> {
  const { pk, sk } = peoplePointers.blockedFrom(organisationId, callerId, '' as PersonId);
  const [children, grownUps] = await Promise.all([
    records.pointers('core', pk, { prefix: sk, limit: BLOCKED_MAX }),
    records.list(blockEntity, ownerOf(organisationId, callerId), { limit: LINKS_MAX }),
  ]);
  return new Set([
    ...children.items.map((pointer) => pointer.sk.slice(sk.length)),
    ...grownUps.items.map(({ value }) => value.personId),
  ]);
}
