import type { Call } from '../../http/call.ts';
import { type OrganisationId, PersonId, RequestId, type TicketId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { ControllerId, Owner } from '../../platform/entity.ts';
import { type Change, type Records, StaleVersion, type Stored } from '../../platform/records.ts';
import { customerContactRef, customerRef } from '../customers/customer.ts';
import { claimFile, uploadsOf } from '../files/claim.ts';
import type { KeptFile, UploadedFile, uploadedFileEntity } from '../files/file.ts';
import { organisationOf } from '../forms/form.ts';
import { monthIn } from '../invoices/month.ts';
import { runKey } from '../invoices/run.ts';
import { makeLink } from '../links/link.ts';
import { queueNotice } from '../notices/notice.ts';
import { organisationOwner, organisationRef } from '../organisations/organisation.ts';
import { ownerOf } from '../people/person.ts';
import { CONTROLLERS_TOLD_MAX, decidersOf, reachable } from '../requests/people-told.ts';
import { adjustmentsRef } from '../retention/adjustments.ts';
import { policyOf } from '../retention/policy.ts';
import { type Term, terms } from '../retention/terms.ts';
import { billableRow } from './billable-time.ts';
import { makeMailAddress } from './mail-address.ts';
import { ownerIn, pointTo, ticketKey } from './rows.ts';
import {
  entryRef,
  opened,
  type Ticket,
  type TicketEntry,
  type TicketMessage,
  type TicketTime,
  ticketRef,
  withEntry,
} from './ticket.ts';

export type StoredTicket = Stored<ReturnType<typeof ticketRef>['entity']>;

/** An answer by the page of its link; the next mail brings a fresh one. */
const PAGE_SECONDS = 60 * 24 * 60 * 60;
const OPERATORS_ZONE = 'Europe/Oslo';

/** What has to be known of a ticket's controller. */
export interface House {
  readonly name?: string;
  readonly timeZone: string;
  /** How long a closed ticket is kept. */
  readonly term: Term;
}

/** One round trip; undefined when the organisation is gone. */
export async function houseOf(records: Records, controller: ControllerId): Promise<House | undefined> {
  if (controller === 'operator') return { timeZone: OPERATORS_ZONE, term: terms.ticket };
  const [organisation, adjustments] = await records.together([organisationRef(controller), adjustmentsRef(controller)]);
  if (!organisation) return undefined;
  const { name, timeZone, profile } = organisation.value;
  return { name, timeZone, term: policyOf(profile, adjustments?.value.adjustments).ticket };
}

/** A ticket by its id alone, wherever its owner is; two round trips. Undefined also where a restriction closes it. */
export async function findTicket(
  records: Records,
  controller: ControllerId,
  id: TicketId,
): Promise<StoredTicket | undefined> {
  const [row] = await records.pointersAt([ticketKey(controller, id)]);
  return row && records.get(ticketRef(ownerIn(controller, row), id));
}

type Wanted = Pick<Ticket, 'id' | 'title' | 'channel' | 'language'> &
  Partial<Pick<Ticket, 'requesterName' | 'customerId' | 'priority'>>;

/** The customer that a ticket is for: the one that is named, or whom its requester speaks for; and what was agreed with it. */
async function customerOf(records: Records, owner: Owner, named: Ticket['customerId']) {
  if (owner.controller === 'operator') return undefined;
  const organisationId = owner.controller;
  const personId = PersonId.safeParse(owner.subject);
  const contact = personId.success ? await records.get(customerContactRef(organisationId, personId.data)) : undefined;
  const id = named ?? contact?.value.customerId;
  const customer = id && (await records.get(customerRef(organisationId, id)));
  if (named !== undefined && (!customer || customer.value.endedAt !== undefined))
    throw new Problem('customer-not-found');
  return customer?.value;
}

/**
 * Opens a ticket with what was asked first (six writes, and two for each file); the caller tells the staff, adds the
 * activity record and commits. Two round trips. Throws `customer-not-found` for one that was named.
 */
export async function openTicket(
  change: Change,
  owner: Owner,
  wanted: Wanted,
  first: Pick<TicketMessage, 'id' | 'by' | 'personId' | 'text'> & Partial<Pick<TicketMessage, 'files'>>,
  call: Pick<Call, 'records' | 'now'>,
): Promise<Ticket> {
  const { now } = call;
  const customer = await customerOf(call.records, owner, wanted.customerId);
  const bare = opened({ ...wanted, ...(customer && { customerId: customer.id }) }, customer?.responseHours, now);
  const entry: TicketEntry = {
    files: [],
    ...first,
    kind: 'message',
    at: now.toISOString(),
    channel: wanted.channel,
  };
  const ticket: Ticket = { ...bare, entries: 1 };
  change.put(ticketRef(owner, ticket.id), ticket, 'new').put(entryRef(owner, ticket.id, entry.id), entry, 'new');
  pointTo(change, owner, undefined, ticket);
  return ticket;
}

/** Replaces a ticket, and the rows that lead to it. */
export function saveTicket(change: Change, { ref, version, value }: StoredTicket, after: Ticket): void {
  change.put(ref, after, { version });
  pointTo(change, ref.owner, value, after);
}

/**
 * Adds an entry to a ticket (three writes at least). Throws `wrong-state` and `too-many`. Answers the ticket as it stands
 * then.
 */
export function addEntry(change: Change, stored: StoredTicket, entry: TicketEntry): Ticket {
  const { owner } = stored.ref;
  const after = withEntry(stored.value, entry);
  change.put(entryRef(owner, after.id, entry.id), entry, 'new');
  saveTicket(change, stored, after);
  if (entry.kind === 'time' && owner.controller !== 'operator') putToAccount(change, owner.controller, after, [entry]);
  return after;
}

/**
 * Has somebody pay for time, where it says who; a write for each, and a condition for each month. Throws
 * {@link StaleVersion} when invoices of a month were asked for at this moment.
 */
export function putToAccount(
  change: Change,
  organisationId: OrganisationId,
  { id: ticketId, number: ticketNumber }: Pick<Ticket, 'id' | 'number'>,
  times: readonly TicketTime[],
): void {
  const months = new Set<string>();
  for (const { id: entryId, billedTo, billedOn: day, minutes } of times) {
    if (billedTo === undefined || day === undefined) continue;
    change.point(billableRow(organisationId, billedTo, { ticketId, ticketNumber, entryId, day, minutes }));
    months.add(monthIn(day));
  }
  // Whoever makes a month's drafts has read its time by now, or will not look at it any more.
  const asked = () => new StaleVersion('The month has been asked for');
  for (const month of months) change.requireAbsent(runKey(organisationId, month), asked);
}

/** What of the caller's uploads a message takes along; one wave. Throws `file-not-found` and `file-not-checked`. */
export async function uploadsFor(
  fileIds: readonly UploadedFile['id'][],
  organisationId: OrganisationId,
  uploaderId: PersonId,
  records: Records,
): Promise<Stored<typeof uploadedFileEntity>[]> {
  return fileIds.length === 0 ? [] : uploadsOf(records, organisationId, uploaderId, fileIds);
}

export const claimAll = (
  change: Change,
  uploads: readonly Stored<typeof uploadedFileEntity>[],
  place: ReturnType<typeof placeOf>,
): KeptFile[] => uploads.map((upload) => claimFile(change, upload, place));

/** Where a file of a ticket is held. */
export const placeOf = (owner: Owner, ticketId: TicketId, entryId: TicketEntry['id']) =>
  ({ owner, kind: 'ticket', ids: { ticketId, entryId } }) as const;

/**
 * Mails to whoever asked that an answer waits (six writes): its number, a link to the page where it is read and answered,
 * and an address that takes the answer by mail. What was written is in no mail.
 */
export function tellRequester(change: Change, owner: Owner, ticket: Ticket, call: Pick<Call, 'now' | 'newId'>): void {
  const { id: ticketId, number, mailEpoch: epoch } = ticket;
  const wanted = {
    purpose: 'answer-ticket',
    owner,
    about: `${ticketId}#${epoch}`,
    validForSeconds: PAGE_SECONDS,
  } as const;
  const { token, expiresAt } = makeLink(change, wanted, call);
  const mailToken = makeMailAddress(change, { owner, ticketId, epoch }, call);
  queueNotice(
    change,
    { to: owner, template: 'ticket-answered', parameters: { number, token, expiresAt, mailToken } },
    call,
  );
}

/**
 * Word to whoever works on it, or while nobody does to those who run the place, that it is their turn (two writes for
 * each); of whom and of what only the list says. Two round trips.
 */
export async function tellStaff(
  change: Change,
  owner: Owner,
  { number, assigneeId }: Ticket,
  timeZone: string,
  call: Call,
): Promise<void> {
  const { controller } = owner;
  // The operator's own staff have no mail here: they work from the list.
  if (controller === 'operator') return;
  const among =
    assigneeId !== undefined
      ? [assigneeId]
      : await decidersOf(call.records, controller, timeZone, call.now, ['administrator', 'leader']);
  for (const personId of await reachable(call.records, controller, among.slice(0, CONTROLLERS_TOLD_MAX))) {
    const parameters = { number, at: call.now.toISOString() };
    queueNotice(change, { to: ownerOf(controller, personId), template: 'ticket-waiting', parameters }, call);
  }
}

/**
 * The subject of an activity record about a ticket: whoever asked, so that they find it in their own log; of an outsider
 * nothing is to be left, and it stands with the organisation.
 */
export const subjectOf = (owner: Owner): Owner =>
  RequestId.safeParse(owner.subject).success ? organisationOwner(organisationOf(owner)) : owner;
