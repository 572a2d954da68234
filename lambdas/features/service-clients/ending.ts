import type { OrganisationId } from '../../http/ids.ts';
import type { Change, Records, Stored } from '../../platform/records.ts';
import { rolePointers, roleRef } from '../access/role.ts';
import { accountLinkEntity, accountPointers, accountRef } from '../accounts/account.ts';
import { ownerOf } from '../people/person.ts';
import { clientPointer, type ServiceClient, type serviceClientEntity } from './service-client.ts';

export const linkRef = (organisationId: OrganisationId, { personId }: Pick<ServiceClient, 'personId'>) =>
  ({ entity: accountLinkEntity, owner: ownerOf(organisationId, personId) }) as const;

/** What a program stands there by, beside its own record; one round trip. */
export async function belongingsOf(organisationId: OrganisationId, client: ServiceClient, records: Records) {
  const [account, link, role] = await records.together([
    accountRef(client.accountId),
    linkRef(organisationId, client),
    roleRef(organisationId, client.personId, client.roleId),
  ]);
  return { account, link, role };
}

/**
 * Everything by which a program is let in (nine writes at most); its subject in Lookup, the record of it and the word to
 * the administrators are the caller's.
 */
export function endClient(
  change: Change,
  organisationId: OrganisationId,
  { ref, value, version }: Stored<typeof serviceClientEntity>,
  { account, link, role }: Awaited<ReturnType<typeof belongingsOf>>,
  otherwise?: () => Error,
): void {
  change
    .remove(ref, { version }, otherwise)
    .unpoint(clientPointer(value.id))
    .unpoint(accountPointers.person(value.accountId, organisationId, value.personId))
    .unpoint(rolePointers.ofAccount(value.accountId, organisationId, value.roleId))
    .unpoint(rolePointers.inOrganisation(organisationId, value.roleId));
  if (account) change.remove(account.ref, { version: account.version });
  if (link) change.remove(link.ref, { version: link.version });
  // Left where it is, ended: the activity log still says what it was.
  if (role) change.put(role.ref, { ...role.value, state: 'ended' }, { version: role.version });
}
