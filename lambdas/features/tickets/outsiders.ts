import type { Call } from '../../http/call.ts';
import { Problem } from '../../http/problem.ts';
import type { Cause } from '../erasure/erasure.ts';
import { organisationOf } from '../forms/form.ts';
import { end, settle, waitingSubmission } from '../forms/outsider.ts';
import type { LinkEffect } from '../links/handlers.ts';
import { organisationOwner } from '../organisations/organisation.ts';
import { rowsTo } from './rows.ts';
import { houseOf, openTicket, type StoredTicket, tellStaff } from './ticketing.ts';

/** The effect of the link that confirms an address: what was mailed by somebody unknown reaches the staff. */
export const confirmTicket: LinkEffect = async ({ owner }, use, call) => {
  const waiting = await waitingSubmission(owner, 'ticket', call);
  const house = await houseOf(call.records, owner.controller);
  if (!house) throw new Problem('link-not-found');
  const { id, name, title, text, language } = waiting.value;
  settle(use, waiting);
  const wanted = { id, title, language, channel: 'mail' as const, ...(name !== undefined && { requesterName: name }) };
  const ticket = await openTicket(use, owner, wanted, { id: call.newId('tme'), text, by: 'requester' }, call);
  await tellStaff(use, owner, ticket, house.timeZone, call);
  const subject = organisationOwner(organisationOf(owner));
  await use.activity({ event: 'ticket.opened', subject, about: [id], detail: { channel: 'mail' } }).commit();
};

/** Everything about an outsider's ticket goes, because its time is over or because who asked wants it so. */
export async function endOutsidersTicket(stored: StoredTicket, cause: Cause, call: Call): Promise<void> {
  const { ref, value } = stored;
  const change = call.records.change();
  // The order closes the ticket's own key at once; its rows go with the others that the worker removes.
  end(change, { owner: ref.owner, records: [], rows: rowsTo(ref.owner, value) }, cause, call);
  const subject = organisationOwner(organisationOf(ref.owner));
  await change.activity({ event: 'ticket.ended', subject, about: [value.id], detail: { cause } }).commit();
}
