import type { Call } from '../../http/call.ts';
import { CustomerId, OrganisationId, PersonId } from '../../http/ids.ts';
import type { Change } from '../../platform/records.ts';
import { type Issuer, OPERATORS_ZONE } from '../billing/issuer.ts';
import { contactKey } from '../customers/customer.ts';
import { makeLink } from '../links/link.ts';
import { queueNotice } from '../notices/notice.ts';
import { organisationRef } from '../organisations/organisation.ts';
import { ownerOf } from '../people/person.ts';
import { decidersOf, reachable } from '../requests/people-told.ts';
import type { Invoice } from './invoice.ts';

/** Of one recipient's people; the invoice itself is there for all who may read it. */
const TOLD_MAX = 5;
/** As long as a link may live: the time to pay and both reminders are over by then. */
const LINK_SECONDS = 90 * 24 * 60 * 60;

/** Throws for an organisation that is erased: nothing of it is issued any more. */
export async function timeZoneOf(issuer: Issuer, { records }: Call): Promise<string> {
  if (issuer === 'operator') return OPERATORS_ZONE;
  const organisation = await records.get(organisationRef(issuer));
  if (!organisation) throw new Error('An issuer that is no longer there');
  return organisation.value.timeZone;
}

/**
 * Mails that an invoice is there, or is late, to those who look after such things: the administrators of an organisation,
 * or the contacts of a customer. The amount and the rest stand behind the link (at most five writes for each). Answers
 * how many are told.
 */
export async function tellRecipient(
  change: Change,
  issuer: Issuer,
  invoice: Invoice,
  template: 'invoice-ready' | 'invoice-reminder',
  call: Call,
): Promise<number> {
  const organisationId = issuer === 'operator' ? OrganisationId.parse(invoice.recipient.id) : issuer;
  const people = await peopleOf(issuer, organisationId, invoice, call);
  for (const personId of people) {
    const owner = ownerOf(organisationId, personId);
    const about = `${issuer}#${invoice.id}`;
    const { token, expiresAt } = makeLink(
      change,
      { purpose: 'read-invoice', owner, about, validForSeconds: LINK_SECONDS },
      call,
    );
    queueNotice(change, { to: owner, template, parameters: { token, expiresAt, kind: invoice.kind } }, call);
  }
  return people.length;
}

/** Whether somebody who was mailed looks after such things still: an invoice is not for whoever has left since. */
export async function isStillFor(issuer: Issuer, { recipient }: Invoice, personId: PersonId, call: Call) {
  const { records, now } = call;
  if (issuer !== 'operator') {
    const [contact] = await records.pointersAt([contactKey(issuer, CustomerId.parse(recipient.id), personId)]);
    return contact !== undefined;
  }
  const organisationId = OrganisationId.parse(recipient.id);
  const organisation = await records.get(organisationRef(organisationId));
  if (!organisation) return false;
  const among = await decidersOf(records, organisationId, organisation.value.timeZone, now, ['administrator']);
  return among.includes(personId);
}

async function peopleOf(
  issuer: Issuer,
  organisationId: OrganisationId,
  { recipient }: Invoice,
  { records, now }: Call,
): Promise<PersonId[]> {
  if (issuer === 'operator') {
    const organisation = await records.get(organisationRef(organisationId));
    if (!organisation) return [];
    const among = await decidersOf(records, organisationId, organisation.value.timeZone, now, ['administrator']);
    return reachable(records, organisationId, among.slice(0, TOLD_MAX));
  }
  const customerId = CustomerId.parse(recipient.id);
  const { pk, sk } = contactKey(organisationId, customerId, '');
  const { items } = await records.pointers('core', pk, { prefix: sk, limit: TOLD_MAX });
  const contacts = items.map((row) => PersonId.parse(row.sk.slice(sk.length)));
  return reachable(records, organisationId, contacts);
}
