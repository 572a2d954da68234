import type { AccountId } from '../../http/ids.ts';
import type { ControllerId } from '../../platform/entity.ts';
import type { Change } from '../../platform/records.ts';
import { type RoleRecord, rolePointers, roleRef } from './role.ts';

/** A new role, in the transaction of what gives it (two or three writes); an account that holds it finds it at once. */
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
  if (accountId) change.point({ ...rolePointers.ofAccount(accountId, controller, id), attributes: { personId } });
  return change;
}
