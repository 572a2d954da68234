import * as z from 'zod';
import { freeText, oneLine } from '../../http/free-text.ts';
import { CustomerId, PersonId, TicketEntryId, TicketId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import { type EntityDeclaration, entity, type Owner, type Ref } from '../../platform/entity.ts';
import { FileView, fileView, KeptFile } from '../files/file.ts';
import { PlainDate } from '../people/person.ts';
import { dueAt } from '../retention/policy.ts';
import type { Term } from '../retention/terms.ts';
import { TicketNumber } from './ticket-number.ts';

/** A ticket that grows longer than this is better talked about. */
export const ENTRIES_MAX = 300;
const FILES_MAX = 10;
const TEXT_CHARACTERS_MAX = 8000;
const MINUTES_MAX = 24 * 60;
/** What was resolved and is not taken up again is closed by itself. */
const RESOLVED_DAYS = 14;
/** Within so many hours of the clock a ticket of normal priority is answered, where no customer has agreed otherwise. */
const RESPONSE_HOURS = 8;
const HOUR_MILLISECONDS = 60 * 60 * 1000;

const Instant = z.iso.datetime();
export const ticketStates = ['new', 'open', 'waiting-on-customer', 'resolved', 'closed'] as const;
export type TicketState = (typeof ticketStates)[number];
export const priorities = ['low', 'normal', 'high', 'urgent'] as const;
export type Priority = (typeof priorities)[number];
export const ticketChannels = ['app', 'staff', 'mail', 'link', 'chat'] as const;

export const TicketTitle = oneLine({ max: 160 });
export const TicketText = freeText({ max: TEXT_CHARACTERS_MAX }).min(1);
/** Something that somebody has asked to be helped with. Whose it is, its owner says: a person, an account, or an outsider. */
export const Ticket = z.strictObject({
  id: TicketId,
  number: TicketNumber,
  title: z.string().max(160),
  state: z.enum(ticketStates),
  priority: z.enum(priorities),
  channel: z.enum(ticketChannels),
  language: z.enum(['nb', 'en']),
  /** Of whoever is registered nowhere: the name that they gave. */
  requesterName: z.string().max(120).optional(),
  customerId: CustomerId.optional(),
  assigneeId: PersonId.optional(),
  openedAt: Instant,
  updatedAt: Instant,
  /** When it ought to be answered first; a hint for whoever works. */
  respondBy: Instant,
  answeredAt: Instant.optional(),
  resolvedAt: Instant.optional(),
  closedAt: Instant.optional(),
  /** Then it is erased. */
  dueAt: Instant.optional(),
  entries: z.int().min(0).max(ENTRIES_MAX),
  /** Addresses for answers by mail that were given out under an earlier number are dead. */
  mailEpoch: z.int().min(0),
});
export type Ticket = z.output<typeof Ticket>;

const entry = { id: TicketEntryId, at: Instant };
export const TicketEntry = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('message'),
    ...entry,
    by: z.enum(['requester', 'staff']),
    /** Who of the staff; the requester is not told. */
    personId: PersonId.optional(),
    channel: z.enum(ticketChannels),
    text: z.string().max(TEXT_CHARACTERS_MAX),
    files: z.array(KeptFile).max(FILES_MAX),
  }),
  /** For staff alone while they work. It is about the requester all the same, and stands in their copy (Art. 15). */
  z.strictObject({ kind: z.literal('note'), ...entry, personId: PersonId, text: z.string().max(TEXT_CHARACTERS_MAX) }),
  z.strictObject({
    kind: z.literal('time'),
    ...entry,
    personId: PersonId,
    day: PlainDate,
    minutes: z.int().min(1).max(MINUTES_MAX),
    isBillable: z.boolean(),
    text: z.string().max(200).optional(),
    /** Who pays for it, and the day that it is invoiced by; absent while nobody does. */
    billedTo: CustomerId.optional(),
    billedOn: PlainDate.optional(),
  }),
]);
export type TicketEntry = z.output<typeof TicketEntry>;
export type TicketMessage = Extract<TicketEntry, { kind: 'message' }>;
export type TicketTime = Extract<TicketEntry, { kind: 'time' }>;
export const NewFiles = z.array(KeptFile.shape.id).max(FILES_MAX).default([]);
export const Minutes = z.int().min(1).max(MINUTES_MAX);

const common = {
  table: 'core',
  schemaVersion: 1,
  article9: 'none',
  source: 'data-subject',
  retentionClass: 'ticket',
  exported: 'copy',
  onErasure: 'delete',
} as const;
const ofOrganisation = {
  ...common,
  ourRole: 'processor',
  purpose: 'to help who asks for help, and to follow it up',
  legalBasis: 'controllers-agreement',
} as const;
const ofOperator = {
  ...common,
  ourRole: 'controller',
  purpose: 'to help who uses the service, and to follow it up',
  legalBasis: 'contract',
} as const;
export const ticketEntity = entity({ ...ofOrganisation, name: 'ticket', sortKey: 'TICKET', schema: Ticket });
export const ticketEntryEntity = entity({
  ...ofOrganisation,
  name: 'ticket-entry',
  sortKey: 'TICKET-ENTRY',
  schema: TicketEntry,
});
/** What an account asks the operator (FW-18). */
export const supportTicketEntity = entity({
  ...ofOperator,
  name: 'support-ticket',
  sortKey: 'SUPPORT-TICKET',
  schema: Ticket,
});
export const supportTicketEntryEntity = entity({
  ...ofOperator,
  name: 'support-ticket-entry',
  sortKey: 'SUPPORT-TICKET-ENTRY',
  schema: TicketEntry,
});

type AnyTicket = EntityDeclaration<typeof Ticket>;
type AnyEntry = EntityDeclaration<typeof TicketEntry>;
export const ticketRef = (owner: Owner, id: TicketId): Ref<AnyTicket> => ({
  entity: owner.controller === 'operator' ? supportTicketEntity : ticketEntity,
  owner,
  key: id,
});
export const entryEntityOf = ({ controller }: Owner): AnyEntry =>
  controller === 'operator' ? supportTicketEntryEntity : ticketEntryEntity;
/** `<ticket>#<entry>`: a ticket's entries lie beside each other, in the order in which they were written. */
export const entryRef = (owner: Owner, ticketId: TicketId, id: TicketEntryId): Ref<AnyEntry> => ({
  entity: entryEntityOf(owner),
  owner,
  key: `${ticketId}#${id}`,
});

/** Day of its making in UTC, and the end of its id: chance, so that it says nothing of how many there are. */
export const numberOf = (id: TicketId, now: Date): string =>
  `${now.toISOString().slice(2, 10).replaceAll('-', '')}-${id.slice(-4).toUpperCase()}`;

const shareOfHours: Readonly<Record<Priority, number>> = { low: 2, normal: 1, high: 0.5, urgent: 0.25 };
/** Hours of the clock, not of work: an early hint does less harm than a late one. Pure. */
export const respondBy = (from: string, priority: Priority, agreedHours: number = RESPONSE_HOURS): string =>
  new Date(Date.parse(from) + shareOfHours[priority] * agreedHours * HOUR_MILLISECONDS).toISOString();
export const isLate = ({ answeredAt, respondBy, state }: Ticket, now: Date): boolean =>
  answeredAt === undefined && state !== 'closed' && state !== 'resolved' && respondBy < now.toISOString();

/** What has just been asked. Pure. */
export function opened(
  wanted: Pick<Ticket, 'id' | 'title' | 'channel' | 'language' | 'requesterName' | 'customerId'> & {
    readonly priority?: Priority | undefined;
  },
  agreedHours: number | undefined,
  now: Date,
): Ticket {
  const { priority = 'normal', requesterName, customerId, ...rest } = wanted;
  const openedAt = now.toISOString();
  return {
    ...rest,
    ...(requesterName !== undefined && { requesterName }),
    ...(customerId !== undefined && { customerId }),
    number: numberOf(wanted.id, now),
    state: 'new',
    priority,
    openedAt,
    updatedAt: openedAt,
    respondBy: respondBy(openedAt, priority, agreedHours),
    entries: 0,
    mailEpoch: 0,
  };
}

/** Whether something can be written in it yet. Pure. */
export const takesMore = ({ state, entries }: Ticket): boolean => state !== 'closed' && entries < ENTRIES_MAX;

/** With one more entry: a message makes it the other's turn. Throws `wrong-state` of a closed one, and `too-many`. Pure. */
export function withEntry(ticket: Ticket, { kind, at, ...entry }: TicketEntry): Ticket {
  if (ticket.state === 'closed' && kind !== 'time') throw new Problem('wrong-state', 'This ticket is closed.');
  if (ticket.entries >= ENTRIES_MAX) throw new Problem('too-many', `A ticket holds ${ENTRIES_MAX} entries.`);
  const after = { ...ticket, entries: ticket.entries + 1, updatedAt: at };
  if (kind !== 'message') return after;
  const { resolvedAt: _, ...unresolved } = after;
  if ('by' in entry && entry.by === 'requester')
    return { ...unresolved, state: ticket.state === 'new' ? 'new' : 'open' };
  return { ...unresolved, state: 'waiting-on-customer', answeredAt: ticket.answeredAt ?? at };
}

const following: Readonly<Record<TicketState, readonly TicketState[]>> = {
  new: ['open', 'waiting-on-customer', 'resolved', 'closed'],
  open: ['waiting-on-customer', 'resolved', 'closed'],
  'waiting-on-customer': ['open', 'resolved', 'closed'],
  resolved: ['open', 'closed'],
  // Its term runs: what comes back is a new ticket.
  closed: [],
};

/** In another state. Closed is the end: it is erased when its term is over. Throws `wrong-state`. Pure. */
export function moved(ticket: Ticket, state: TicketState, house: { timeZone: string; term: Term }, now: Date): Ticket {
  if (state === ticket.state) return ticket;
  if (!following[ticket.state].includes(state)) {
    throw new Problem('wrong-state', `A ticket that is ${ticket.state} does not become ${state}.`);
  }
  const at = now.toISOString();
  const { resolvedAt: _, ...rest } = { ...ticket, state, updatedAt: at };
  if (state === 'resolved') return { ...rest, resolvedAt: at };
  if (state !== 'closed') return rest;
  return { ...rest, closedAt: at, dueAt: dueAt(house.term, at, house.timeZone).toISOString() };
}

/** When the clock has to look at it next: to close what was resolved, to erase what was closed. */
export function nextAt({ state, resolvedAt, dueAt }: Ticket): string | undefined {
  if (state === 'closed') return dueAt;
  if (state !== 'resolved' || resolvedAt === undefined) return undefined;
  return new Date(Date.parse(resolvedAt) + RESOLVED_DAYS * 24 * HOUR_MILLISECONDS).toISOString();
}

/** An entry as it stands in a copy (Art. 15), notes and time included: without the keys of its files. */
export const TicketEntryCopy = z.strictObject({
  id: TicketEntryId,
  kind: z.enum(['message', 'note', 'time']),
  at: Instant,
  by: z.enum(['requester', 'staff']).optional(),
  personId: PersonId.optional(),
  channel: z.enum(ticketChannels).optional(),
  text: z.string().optional(),
  files: z.array(FileView).optional(),
  day: PlainDate.optional(),
  minutes: z.int().optional(),
  isBillable: z.boolean().optional(),
  billedTo: CustomerId.optional(),
  billedOn: PlainDate.optional(),
});
export const ticketEntryCopy = (entry: TicketEntry): z.output<typeof TicketEntryCopy> =>
  entry.kind === 'message' ? { ...entry, files: entry.files.map(fileView) } : entry;
