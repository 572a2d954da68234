import type { OrganisationId, PersonId } from '../../http/ids.ts';
import type { Records } from '../../platform/records.ts';
import {
  blockEntity,
  type GuardianLink,
  guardianLinkEntity,
  isLinkedOn,
  LINKS_MAX,
  ownerOf,
} from '../people/person.ts';

export interface GuardianOfChild {
  readonly link: GuardianLink;
  readonly isBlocked: boolean;
}

/** The guardians of a child and what keeps them from it; both lie in the child's partition: one wave. */
export async function guardiansOf(
  records: Records,
  organisationId: OrganisationId,
  childId: PersonId,
): Promise<GuardianOfChild[]> {
  const owner = ownerOf(organisationId, childId);
  const [links, blocks] = await Promise.all([
    records.list(guardianLinkEntity, owner, { limit: LINKS_MAX }),
    records.list(blockEntity, owner, { limit: LINKS_MAX }),
  ]);
  const blocked = new Set(blocks.items.map(({ value }) => value.personId));
  return links.items.map(({ value }) => ({ link: value, isBlocked: blocked.has(value.guardianId) }));
}

/** Of an arrival: whoever may know of the child. A block beats every link. */
export const mayBeTold = ({ link, isBlocked }: GuardianOfChild, day: string): boolean =>
  !isBlocked && isLinkedOn(link, day) && link.rights !== 'pick-up-only';

/**
 * Of a child that did not come: whoever has to find out. That is who decides for the child, and whoever it lives with
 * and who may know of it (foster parents).
 */
export const mustBeAsked = ({ link, isBlocked }: GuardianOfChild, day: string): boolean =>
  !isBlocked &&
  isLinkedOn(link, day) &&
  (link.rights === 'parental-responsibility' || (link.rights === 'information-only' && link.livesWith));
