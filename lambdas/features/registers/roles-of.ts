import { type OrganisationId, PersonId, RoleId } from '../../http/ids.ts';
import type { Records } from '../../platform/records.ts';
import { type RoleRecord, rolePointers, roleRef } from '../access/role.ts';

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
