import type { RoleName } from '../../access/roles.ts';
import type { AccountId, OrganisationId, PersonId, RoleId } from '../../http/ids.ts';
import { PersonId as PersonIdSchema, RoleId as RoleIdSchema } from '../../http/ids.ts';
import { dayIn } from '../../platform/calendar.ts';
import type { ControllerId, Owner } from '../../platform/entity.ts';
import type { Records } from '../../platform/records.ts';
import { rolePointers, roleRef } from '../access/role.ts';
import { accountOwner } from '../accounts/account.ts';
import { blockEntity, guardianLinkEntity, isLinkedOn, LINKS_MAX } from '../people/person.ts';
import { personRef } from '../people/writes.ts';
import { ownerOfRequest, type RequestRecord } from './request.ts';

/** More administrators and privacy officers of one organisation are not told; the list shows every request anyway. */
export const CONTROLLERS_TOLD_MAX = 10;

const deciding: readonly RoleName[] = ['administrator', 'privacy-officer', 'platform-operator'];

/** Persons who may decide today: administrators and privacy officers (or `among`) whose role has begun and not ended. */
export async function decidersOf(
  records: Records,
  controller: ControllerId,
  timeZone: string,
  now: Date,
  among: readonly RoleName[] = deciding,
): Promise<PersonId[]> {
  const today = dayIn(timeZone, now);
  const { pk } = rolePointers.inOrganisation(controller, '' as RoleId);
  const found = new Set<PersonId>();
  let after: string | undefined;
  do {
    const page = await records.pointers('core', pk, after === undefined ? {} : { after });
    const refs = page.items.map(({ sk, attributes }) =>
      roleRef(controller, PersonIdSchema.parse(attributes?.['personId']), RoleIdSchema.parse(sk)),
    );
    for (const role of await records.getMany(refs)) {
      if (role?.value.state !== 'active' || role.value.validFrom > today) continue;
      if (role.value.validUntil !== undefined && role.value.validUntil < today) continue;
      if (among.includes(role.value.role)) found.add(role.value.personId);
    }
    after = page.next;
  } while (after !== undefined);
  return [...found];
}

/** Of a child: the guardians linked today and not blocked, by what they may know. */
export interface Guardians {
  readonly withResponsibility: readonly PersonId[];
  readonly mayKnow: readonly PersonId[];
}

export async function guardiansOf(records: Records, owner: Owner, today: string): Promise<Guardians> {
  const [links, blocks] = await Promise.all([
    records.list(guardianLinkEntity, owner, { limit: LINKS_MAX }),
    records.list(blockEntity, owner, { limit: LINKS_MAX }),
  ]);
  const blocked = new Set(blocks.items.map(({ value }) => value.personId));
  const linked = links.items.filter(({ value }) => isLinkedOn(value, today) && !blocked.has(value.guardianId));
  const withRights = (...rights: readonly string[]) =>
    linked.filter(({ value }) => rights.includes(value.rights)).map(({ value }) => value.guardianId);
  return {
    withResponsibility: withRights('parental-responsibility'),
    mayKnow: withRights('parental-responsibility', 'information-only'),
  };
}

/** Those of them to whom a notice can be written: nothing can be stored for an erased person. One round trip. */
export async function reachable(
  records: Records,
  organisationId: OrganisationId,
  personIds: readonly PersonId[],
): Promise<PersonId[]> {
  const persons = await records.getMany(personIds.map((id) => personRef(organisationId, id)));
  return personIds.filter((_, i) => persons[i] !== undefined);
}

/** Who gets what the requester is told: the account that asked, or the address that the request itself keeps. */
export function requesterOf(controller: Owner['controller'], { id, askedBy }: RequestRecord): Owner {
  return askedBy.as === 'claim' ? ownerOfRequest(controller, id) : accountOwner(askedBy.accountId as AccountId);
}
