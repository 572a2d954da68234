import type { Call } from '../../http/call.ts';
import { forbiddenNumberIn } from '../../http/free-text.ts';
import { OrganisationId, PersonId, type TicketId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { Owner } from '../../platform/entity.ts';
import type { FileVault } from '../../platform/file-vault.ts';
import type { Quarantine } from '../../platform/quarantine.ts';
import { type Change, Closed, type Pointer, type PointerKey, StaleVersion } from '../../platform/records.ts';
import { filePointers, type KeptFile, objectKey } from '../files/file.ts';
import type { FilePlace } from '../files/home.ts';
import { askToConfirm } from '../forms/outsider.ts';
import { hashOf } from '../links/link.ts';
import { Email, ownerOf } from '../people/person.ts';
import { personRef } from '../people/writes.ts';
import { findMailAddress } from '../tickets/mail-address.ts';
import { organisationOfIntake, ticketSettingsRef } from '../tickets/settings.ts';
import { type Ticket, type TicketEntry, takesMore, ticketRef } from '../tickets/ticket.ts';
import { addEntry, houseOf, openTicket, placeOf, subjectOf, tellStaff } from '../tickets/ticketing.ts';
import { attachmentsOf } from './attachments.ts';
import { type Incoming, readMail, SUBJECT_CHARACTERS_MAX } from './incoming.ts';
import { isFromWhoItSays, judge, type Refusal } from './judge.ts';
import { plainText } from './plain-text.ts';

/** SES takes no larger mail (Amazon SES quotas: 40 MB with attachments). */
const MAIL_BYTES_MAX = 40 * 1024 * 1024;
/** A program that went wrong opens no more in a day; what is answered is bounded by its ticket. */
const OPENED_PER_DAY_MAX = 20;
const COUNTED_SECONDS = 48 * 60 * 60;
/** A mail that comes again later than this is another one. */
const TAKEN_SECONDS = 30 * 24 * 60 * 60;

export interface MailRoom {
  readonly mails: Pick<Quarantine, 'read' | 'remove'>;
  readonly vault: Pick<FileVault, 'newKey' | 'keep'>;
  /** Under which mail is taken in. */
  readonly domain: string;
  /** A fresh one for each mail. */
  openCall(): Call;
  log(line: { readonly event: string; readonly outcome: string }): void;
}

/** `answered`: into the ticket that it answers; `opened`: a new ticket; `asked`: its sender is asked whether it is theirs. */
type Outcome = 'answered' | 'opened' | 'asked' | 'taken-already' | Refusal | 'too-many' | 'too-large' | 'gone';

/**
 * Takes in one mail that SES laid down, and removes it, whatever it was: nothing of it stays but what became an entry.
 * Done again, or twice at once (events come twice), it changes nothing: each mail is taken once.
 */
export async function takeIn(key: string, room: MailRoom): Promise<Outcome> {
  const raw = await room.mails.read(key, MAIL_BYTES_MAX);
  const outcome = raw === undefined ? 'gone' : raw === 'too-large' ? 'too-large' : await taken(raw, key, room);
  await room.mails.remove(key);
  room.log({ event: 'mail-taken-in', outcome });
  return outcome;
}

async function taken(raw: Uint8Array, key: string, room: MailRoom): Promise<Outcome> {
  const mail = withoutForbidden(await readMail(raw));
  const judged = judge(mail, room.domain);
  if ('refusal' in judged) return judged.refusal;
  const { to, detail } = judged.destination;
  const call = room.openCall();
  // Whoever knows the Message-ID of somebody's mail keeps it out of no other place by using it first.
  const once = takenKey(`${to} ${detail} ${mail.messageId ?? key}`);
  try {
    return to === 'ticket'
      ? await answer(mail, detail, once, room, call)
      : await intake(mail, detail, once, room, call);
  } catch (error) {
    if (error instanceof TakenAlready) return 'taken-already';
    // Closed, full or erased meanwhile.
    if (error instanceof Problem || error instanceof Closed) return 'gone';
    throw error;
  }
}

/**
 * What no form of ours would take is not kept of a mail either (CE-09): the sender's copy stays the only one. That they
 * wrote is: whoever works on it answers that it could not be read.
 */
function withoutForbidden(mail: Incoming): Incoming {
  const { text, subject, from } = mail;
  if (![text, subject, from?.name ?? ''].some((typed) => forbiddenNumberIn(typed))) return mail;
  return {
    ...mail,
    ...(from && { from: { address: from.address, name: undefined } }),
    subject: '',
    text: WITHHELD,
    attachments: [],
  };
}
const WITHHELD =
  '(E-posten ble ikke lagret: den inneholdt et kortnummer eller et fødselsnummer. Be om å få den på nytt uten.)\n' +
  '(The mail was not kept: it held a card number or an identity number. Ask for it anew, without.)';

/**
 * The address alone says which ticket, and whose. To one that is closed, or full, nothing is added: it is a new question,
 * and a new ticket that names the one before.
 */
async function answer(mail: Incoming, token: string, once: PointerKey, room: MailRoom, call: Call): Promise<Outcome> {
  const address = await findMailAddress(call.records, token);
  const stored = address && (await call.records.get(ticketRef(address.owner, address.ticketId)));
  if (!address || stored?.value.mailEpoch !== address.epoch) return 'gone';
  const { owner } = address;
  if (!takesMore(stored.value)) return openAnew(following(mail, stored.value), owner, once, room, call);
  const id = call.newId('tme');
  const change = call.records.change();
  const files = await keepAll(change, mail, placeOf(owner, address.ticketId, id), room, call);
  const entry: TicketEntry = { ...writtenBy(mail, call), id, files };
  const after = addEntry(change, stored, entry);
  const house = await houseOf(call.records, owner.controller);
  const isNews = stored.value.state === 'waiting-on-customer' || stored.value.state === 'resolved';
  if (house && isNews) await tellStaff(change, owner, after, house.timeZone, call);
  takeOnce(change, once, call);
  const about = { subject: subjectOf(owner), about: [after.id], detail: { state: after.state, channel: 'mail' } };
  await change.activity({ event: 'ticket.answered', ...about }).commit();
  return 'answered';
}

async function intake(mail: Incoming, detail: string, once: PointerKey, room: MailRoom, call: Call): Promise<Outcome> {
  const organisationId = organisationOfIntake(detail);
  const house = organisationId && (await houseOf(call.records, organisationId));
  const settings = organisationId && (await call.records.get(ticketSettingsRef(organisationId)));
  const sender = Email.safeParse(mail.from?.address);
  if (!house || !settings?.value.takesMail || !sender.success) return 'not-ours';
  const known = isFromWhoItSays(mail) ? await contactOf(organisationId, sender.data, call) : undefined;
  return known
    ? open(mail, known, once, room, call)
    : askSender({ ...newTicket(mail, call), organisationId, email: sender.data, mail }, once, call);
}

/** Of whoever had that ticket: theirs by its address, or, of somebody who is registered nowhere, once they say so. */
async function openAnew(mail: Incoming, owner: Owner, once: PointerKey, room: MailRoom, call: Call): Promise<Outcome> {
  const { controller, subject } = owner;
  // A person's, or an account's at the operator.
  if (controller === 'operator' || PersonId.safeParse(subject).success) return open(mail, owner, once, room, call);
  const sender = Email.safeParse(mail.from?.address);
  if (!sender.success) return 'gone';
  return askSender({ ...newTicket(mail, call), organisationId: controller, email: sender.data, mail }, once, call);
}

/** With the number of the ticket before, unless the subject names it already: an answer's does. */
function following(mail: Incoming, { number, language }: Pick<Ticket, 'number' | 'language'>): Incoming {
  if (mail.subject.includes(number)) return mail;
  const named = language === 'nb' ? `(etter sak ${number})` : `(after ticket ${number})`;
  const room = SUBJECT_CHARACTERS_MAX - named.length - 1;
  return { ...mail, subject: `${(mail.subject || 'E-post').slice(0, room).trimEnd()} ${named}` };
}

const newTicket = (mail: Incoming, call: Call) =>
  ({
    id: call.newId('tck'),
    title: mail.subject === '' ? 'E-post' : mail.subject,
    channel: 'mail',
    language: 'nb',
  }) as const;

async function open(mail: Incoming, known: Owner, once: PointerKey, room: MailRoom, call: Call): Promise<Outcome> {
  const house = await houseOf(call.records, known.controller);
  if (!house) return 'gone';
  const wanted = newTicket(mail, call);
  const day = await daysTickets(known, call);
  if (day.opened >= OPENED_PER_DAY_MAX) return 'too-many';
  const change = call.records.change().point(day.next, { ifNew: () => new StaleVersion('Counted already') });
  const id = call.newId('tme');
  const files = await keepAll(change, mail, placeOf(known, wanted.id, id), room, call);
  const ticket = await openTicket(change, known, wanted, { id, text: textOf(mail), by: 'requester', files }, call);
  await tellStaff(change, known, ticket, house.timeZone, call);
  takeOnce(change, once, call);
  const about = { subject: known, about: [ticket.id], detail: { channel: 'mail' } };
  await change.activity({ event: 'ticket.opened', ...about }).commit();
  return 'opened';
}

/** How many tickets somebody has opened by mail today (in UTC), and the row that counts the next one. */
async function daysTickets({ controller, subject }: Owner, { records, now }: Call) {
  const pk = `${controller}#${subject}`;
  const prefix = `MAIL-TICKET#${now.toISOString().slice(0, 'YYYY-MM-DD'.length)}#`;
  const { items } = await records.pointers('transient', pk, { prefix });
  const expiresAtEpochSeconds = Math.floor(now.getTime() / 1000) + COUNTED_SECONDS;
  const next: Pointer = { table: 'transient', pk, sk: `${prefix}${items.length}`, expiresAtEpochSeconds };
  return { opened: items.length, next };
}

/** Whom the organisation has registered under that address, if it is somebody who may ask for help. */
async function contactOf(organisationId: OrganisationId, email: string, { records }: Call): Promise<Owner | undefined> {
  const personId = PersonId.safeParse(await records.find(organisationId, 'email', email));
  const person = personId.success ? await records.get(personRef(organisationId, personId.data)) : undefined;
  const mayAsk = person?.value.kind === 'member' || person?.value.kind === 'guardian';
  return person && mayAsk ? ownerOf(organisationId, person.value.id) : undefined;
}

/**
 * Whoever is registered nowhere is asked first whether they wrote: until they say so nobody reads it, and it is gone after
 * two days. No address gets more than a few such mails a day, so that nobody can be plagued through us.
 */
async function askSender(
  { id, title, organisationId, email, mail }: Asked,
  once: PointerKey,
  call: Call,
): Promise<Outcome> {
  const name = oneLineOf(mail.from?.name ?? '');
  const submission = {
    form: 'ticket',
    ...{ id, title, email, language: 'nb' as const, text: textOf(mail), askedAt: call.now.toISOString() },
    ...(name !== '' && { name }),
  } as const;
  await askToConfirm(submission, organisationId, call, (change) => takeOnce(change, once, call));
  return 'asked';
}
interface Asked {
  readonly id: TicketId;
  readonly title: string;
  readonly organisationId: OrganisationId;
  readonly email: string;
  readonly mail: Incoming;
}

const NAME_CHARACTERS_MAX = 120;
const oneLineOf = (name: string) => plainText(name).replace(/\s+/g, ' ').slice(0, NAME_CHARACTERS_MAX).trim();

const writtenBy = (mail: Incoming, { now }: Call) =>
  ({ kind: 'message', at: now.toISOString(), by: 'requester', channel: 'mail', text: textOf(mail) }) as const;
/** Some write in the subject alone; a mail that is nothing but its attachments says so. */
const textOf = ({ text, subject }: Incoming) => text || subject || '(uten tekst)';

/** Sealed and stored before the record that holds their keys: what a crash leaves behind opens for nobody. */
async function keepAll(
  change: Change,
  mail: Incoming,
  place: FilePlace,
  { vault }: MailRoom,
  call: Call,
): Promise<KeptFile[]> {
  const { owner, kind, ids } = place;
  const organisationId = OrganisationId.safeParse(owner.controller).data;
  // The operator has no files of its own: what is asked of it is asked in words.
  if (!organisationId) return [];
  const kept: KeptFile[] = [];
  for (const { name, contentType, content } of await attachmentsOf(mail)) {
    const file: KeptFile = { id: call.newId('fil'), name, contentType, bytes: content.length, key: vault.newKey() };
    await vault.keep(objectKey(organisationId, file.id), file.key, content);
    change
      .point(filePointers.held(owner, file.id))
      .point({ ...filePointers.home(organisationId, file.id), attributes: { ...ids, kind, subject: owner.subject } });
    kept.push(file);
  }
  return kept;
}

class TakenAlready extends Error {
  override readonly name = 'TakenAlready';
}
/** By where it goes and its Message-ID (RFC 5322, section 3.6.4), of which nothing is kept but a hash. */
const takenKey = (placeAndMessageId: string): PointerKey => ({
  table: 'transient',
  pk: `MAIL-TAKEN#${hashOf(placeAndMessageId)}`,
  sk: 'MAIL-TAKEN',
});
function takeOnce(change: Change, key: PointerKey, { now }: Call): void {
  const expiresAtEpochSeconds = Math.floor(now.getTime() / 1000) + TAKEN_SECONDS;
  change.point({ ...key, expiresAtEpochSeconds }, { ifNew: () => new TakenAlready('This mail has been taken in') });
}
