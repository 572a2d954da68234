import type { RoleName } from '../../access/roles.ts';
import { type OrganisationId, PersonId, RoleId } from '../../http/ids.ts';
import type { Records } from '../../platform/records.ts';
import { type RoleRecord, rolePointers, roleRef } from '../access/role.ts';

/** Who answers for an organisation's data: they are told of what changes and of what went wrong. */
const officers: readonly RoleName[] = ['administrator', 'privacy-officer'];
const PAGE_ITEMS_MAX = 500;
/** More roles than any organisation has; the overview says when it stopped counting. */
export const ROLES_READ_MAX = 20_000;

/** The roles of an organisation that have not ended, page by page. */
export async function* rolesOf(records: Records, organisationId: OrganisationId): AsyncGenerator<RoleRecord> {
  const { pk } = rolePointers.inOrganisation(organisationId, '' as RoleId);
  let after: string | undefined;
  let read = 0;
  do {
    const range = { limit: PAGE_ITEMS_MAX, ...(after !== undefined && { after }) };
    const { items, next } = await records.pointers('core', pk, range);
    const refs = items.map(({ sk, attributes }) =>
      roleRef(organisationId, PersonId.parse(attributes?.['personId']), RoleId.parse(sk)),
    );
    for (const stored of await records.getMany(refs)) if (stored && stored.value.state !== 'ended') yield stored.value;
    read += items.length;
    after = next;
  } while (after !== undefined && read < ROLES_READ_MAX);
}

/** At most so many are told: what must be told in one transaction has to fit in it. */
export const OFFICERS_TOLD_MAX = 30;

/** The administrators and privacy officers in force on a day, each once. */
export async function officersOf(records: Records, organisationId: OrganisationId, today: string): Promise<PersonId[]> {
  const found = new Set<PersonId>();
  for await (const role of rolesOf(records, organisationId)) {
    if (officers.includes(role.role) && isInForce(role, today)) found.add(role.personId);
    if (found.size === OFFICERS_TOLD_MAX) break;
  }
  return [...found];
}

const isInForce = ({ state, validFrom, validUntil }: RoleRecord, today: string): boolean =>
  state === 'active' && validFrom <= today && (validUntil === undefined || today <= validUntil);
