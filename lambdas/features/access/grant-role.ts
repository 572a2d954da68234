import type { AccountId } from '../../http/ids.ts';
import type { ControllerId } from '../../platform/entity.ts';
import type { Change } from '../../platform/records.ts';
import { pointEndOfRole } from '../retention/due-index.ts';
import { type RoleRecord, rolePointers, roleRef } from './role.ts';

/** A new role, in the transaction of what gives it (two to four writes); an account that holds it finds it at once. */
export function grantRole(
  change: Change,
  controller: ControllerId,
  role: RoleRecord,
  accountId: AccountId | undefined,
): Change {
  const { id, personId } = role;
  change
    .put(roleRef(controller, personId, id), role, 'new')
    .point({ ...rolePointers.inOrganisation(controller, id), attributes: { personId } });
  if (role.validUntil !== undefined) pointEndOfRole(change, controller, personId, role.validUntil);
  if (accountId) change.point({ ...rolePointers.ofAccount(accountId, controller, id), attributes: { personId } });
  return change;
}
