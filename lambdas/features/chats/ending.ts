import type { Call } from '../../http/call.ts';
import type { OrganisationId } from '../../http/ids.ts';
import { dependantPointers, type Owner } from '../../platform/entity.ts';
import type { Change, Stored } from '../../platform/records.ts';
import type { Cause } from '../erasure/erasure.ts';
import { orderErasure } from '../erasure/order.ts';
import { organisationOwner } from '../organisations/organisation.ts';
import { type chatEntity, chatKey } from './chat.ts';

/** A chat goes: with its own key where it has one, else its record. The caller adds the activity record. */
export function endChat(
  change: Change,
  stored: Stored<typeof chatEntity>,
  cause: Cause,
  call: Pick<Call, 'now' | 'newId'>,
): void {
  const { ref, value, version } = stored;
  const { owner } = ref;
  const organisationId = owner.controller as OrganisationId;
  change.unpoint(chatKey(organisationId, value.id));
  if (owner.subject !== value.id) {
    change.remove(ref, { version });
    return;
  }
  const of = organisationOwner(organisationId);
  change.unpoint(dependantPointers.subject(of, value.id));
  // Closes the key at once; the worker destroys it.
  orderErasure(change, { id: call.newId('ers'), owner, of, cause }, call.now);
}

/** A visitor who is registered nowhere is not to be left in the log: what happened stands with the organisation. */
export const subjectOf = (owner: Owner): Owner =>
  owner.subject.startsWith('cht_') ? organisationOwner(owner.controller as OrganisationId) : owner;
