import * as z from 'zod';
import { page, pageQuery } from '../../http/cursor.ts';
import { freeText } from '../../http/free-text.ts';
import { CustomerId, PersonId, TicketEntryId, TicketId } from '../../http/ids.ts';
import { inOrganisation } from '../../http/params.ts';
import { type Routes, rolesThatMay } from '../../http/route.ts';
import { changingRecords, readingRecords } from '../../platform/capabilities.ts';
import { FileView } from '../files/file.ts';
import { PlainDate } from '../people/person.ts';
import { TicketSettings } from './settings.ts';
import {
  Minutes,
  NewFiles,
  priorities,
  Ticket,
  TicketEntry,
  TicketText,
  TicketTitle,
  ticketChannels,
  ticketStates,
} from './ticket.ts';
import { TicketNumber } from './ticket-number.ts';

const ofTicket = inOrganisation.extend({ ticketId: TicketId });
const { title, state, priority, openedAt, updatedAt, respondBy, assigneeId, customerId, requesterName } = Ticket.shape;
const line = {
  id: TicketId,
  number: TicketNumber,
  title,
  state,
  priority,
  openedAt,
  updatedAt,
  respondBy,
  isLate: z.boolean(),
  assigneeId,
  customerId,
};
export const TicketLine = z.strictObject(line).meta({
  id: 'TicketLine',
  description: '`respondBy`: when it ought to be answered first, by its priority and what the customer has agreed.',
});
const [message, note, time] = TicketEntry.options;
const MessageView = message.omit({ files: true }).extend({ files: z.array(FileView) });
export const TicketEntryView = z.discriminatedUnion('kind', [MessageView, note, time]).meta({ id: 'TicketEntry' });
const TicketView = z
  .strictObject({
    ...line,
    channel: z.enum(ticketChannels),
    /** Absent for whoever is registered nowhere. */
    requesterId: PersonId.optional(),
    requesterName,
    dueAt: Ticket.shape.dueAt,
    entries: z.array(TicketEntryView).max(300),
    version: z.int().min(1),
  })
  .meta({ id: 'Ticket', description: '`dueAt`: when it is erased.' });
const Opened = z.strictObject({ id: TicketId, number: TicketNumber, state }).meta({ id: 'TicketOpened' });
const Added = z.strictObject({ id: TicketEntryId, state }).meta({ id: 'TicketEntryAdded' });
const SettingsView = TicketSettings.extend({
  version: z.int().min(1),
  intakeAddress: z.email().optional(),
}).meta({ id: 'TicketSettingsView', description: '`intakeAddress`: mail to it becomes a ticket.' });

/** For staff: what people ask for, and what is done about it. */
export const ticketRoutes = {
  createTicket: {
    summary: 'Open a ticket for somebody',
    description: 'For whoever asked on the telephone or in person: a person of the organisation.',
    tag: 'Tickets',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/tickets',
    access: rolesThatMay('ticket:write'),
    params: inOrganisation,
    body: z
      .strictObject({
        requesterId: PersonId,
        title: TicketTitle,
        text: TicketText,
        priority: z.enum(priorities).optional(),
        customerId: CustomerId.optional(),
        fileIds: NewFiles,
      })
      .meta({ id: 'NewTicketForSomebody' }),
    success: { status: 201, body: Opened },
    problems: ['person-not-found', 'customer-not-found', 'file-not-found', 'file-not-checked', 'forbidden-content'],
    needs: changingRecords,
    creates: true,
  },
  listTickets: {
    summary: 'List tickets',
    description: 'The newest first. `show`: those that are not closed, or all.',
    tag: 'Tickets',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/tickets',
    access: rolesThatMay('ticket:read'),
    params: inOrganisation,
    query: z.strictObject({
      ...pageQuery,
      show: z.enum(['open', 'all']).default('open'),
      state: z.enum(ticketStates).optional(),
      assigneeId: PersonId.optional(),
      customerId: CustomerId.optional(),
      number: TicketNumber.optional(),
    }),
    success: { status: 200, body: page(TicketLine) },
    problems: [],
    needs: [...readingRecords, 'activity:append'],
    reads: 'tickets',
  },
  getTicket: {
    summary: 'Read a ticket with all that was written',
    description:
      'With the notes that staff keep among themselves. Recorded in the log of whoever asked before it is answered.',
    tag: 'Tickets',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/tickets/{ticketId}',
    access: rolesThatMay('ticket:read'),
    params: ofTicket,
    success: { status: 200, body: TicketView },
    problems: ['ticket-not-found'],
    needs: [...readingRecords, 'activity:append'],
    versioned: true,
  },
  changeTicket: {
    summary: 'Change a ticket’s state, priority, assignment or customer',
    description:
      'Closed is the end: two years later it is erased. What was resolved is closed by itself after 14 days. ' +
      '`renewMailAddress`: addresses and links for answers that were mailed so far are dead.',
    tag: 'Tickets',
    method: 'PATCH',
    path: '/v1/organisations/{organisationId}/tickets/{ticketId}',
    access: rolesThatMay('ticket:write'),
    params: ofTicket,
    body: z
      .strictObject({
        title: TicketTitle.optional(),
        state: z.enum(ticketStates).optional(),
        priority: z.enum(priorities).optional(),
        assigneeId: assigneeId.unwrap().nullable().optional(),
        customerId: customerId.unwrap().nullable().optional(),
        renewMailAddress: z.literal(true).optional(),
      })
      .meta({ id: 'TicketChange' }),
    success: { status: 200, body: TicketLine.extend({ version: z.int().min(1) }).meta({ id: 'TicketChanged' }) },
    problems: ['ticket-not-found', 'customer-not-found', 'person-not-found', 'wrong-state', 'forbidden-content'],
    needs: changingRecords,
    versioned: true,
  },
  addTicketEntry: {
    summary: 'Answer a ticket, note something, or enter time',
    description:
      'A message is mailed as a link: the requester reads and answers it on a page, by mail or in the app. A note is ' +
      'for staff, and stands in the requester’s copy all the same (Art. 15). Billable time of a customer’s ticket is invoiced.',
    tag: 'Tickets',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/tickets/{ticketId}/entries',
    access: rolesThatMay('ticket:write'),
    params: ofTicket,
    body: z
      .discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('message'), text: TicketText, fileIds: NewFiles }),
        z.strictObject({ kind: z.literal('note'), text: TicketText }),
        z.strictObject({
          kind: z.literal('time'),
          minutes: Minutes,
          isBillable: z.boolean(),
          day: PlainDate.optional(),
          text: freeText({ max: 200 }).optional(),
        }),
      ])
      .meta({ id: 'NewTicketEntry' }),
    success: { status: 201, body: Added },
    problems: [
      'ticket-not-found',
      'wrong-state',
      'too-many',
      'file-not-found',
      'file-not-checked',
      'forbidden-content',
    ],
    needs: [...changingRecords, 'rights:read'],
    creates: true,
  },
  getTicketSettings: {
    summary: 'See how tickets and chats come in',
    tag: 'Tickets',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/ticket-settings',
    access: rolesThatMay('ticket-settings:read'),
    params: inOrganisation,
    success: { status: 200, body: SettingsView },
    problems: [],
    needs: readingRecords,
    versioned: true,
  },
  setTicketSettings: {
    summary: 'Take tickets by mail, and chats, or stop',
    tag: 'Tickets',
    method: 'PUT',
    path: '/v1/organisations/{organisationId}/ticket-settings',
    access: rolesThatMay('ticket-settings:manage'),
    params: inOrganisation,
    body: TicketSettings,
    success: { status: 200, body: SettingsView },
    problems: [],
    needs: changingRecords,
    versioned: true,
  },
} as const satisfies Routes;

const OwnMessage = z.strictObject({
  id: TicketEntryId,
  by: z.enum(['you', 'them']),
  text: z.string(),
  files: z.array(FileView),
  at: z.iso.datetime(),
});
const ownLine = { id: TicketId, number: TicketNumber, title, state, openedAt, updatedAt };
const OwnLine = z.strictObject(ownLine).meta({ id: 'OwnTicketLine' });
export const OwnTicket = z
  .strictObject({ ...ownLine, dueAt: Ticket.shape.dueAt, messages: z.array(OwnMessage).max(300) })
  .meta({ id: 'OwnTicket' });

/** For whoever asks: their own tickets, without what staff note among themselves (that stands in their copy). */
export const ownTicketRoutes = {
  openOwnTicket: {
    summary: 'Ask for help',
    tag: 'Tickets',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/own-tickets',
    access: rolesThatMay('ticket:own'),
    params: inOrganisation,
    body: z.strictObject({ title: TicketTitle, text: TicketText, fileIds: NewFiles }).meta({ id: 'NewTicket' }),
    success: { status: 201, body: Opened },
    problems: ['file-not-found', 'file-not-checked', 'forbidden-content'],
    needs: changingRecords,
    creates: true,
  },
  listOwnTickets: {
    summary: 'List the caller’s own tickets',
    tag: 'Tickets',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/own-tickets',
    access: rolesThatMay('ticket:own'),
    params: inOrganisation,
    query: z.strictObject({ ...pageQuery }),
    success: { status: 200, body: page(OwnLine) },
    problems: [],
    needs: readingRecords,
  },
  getOwnTicket: {
    summary: 'Read one of the caller’s own tickets',
    tag: 'Tickets',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/own-tickets/{ticketId}',
    access: rolesThatMay('ticket:own'),
    params: ofTicket,
    success: { status: 200, body: OwnTicket },
    problems: ['ticket-not-found'],
    needs: readingRecords,
  },
  answerOwnTicket: {
    summary: 'Write again in one of the caller’s own tickets',
    tag: 'Tickets',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/own-tickets/{ticketId}/messages',
    access: rolesThatMay('ticket:own'),
    params: ofTicket,
    body: z.strictObject({ text: TicketText, fileIds: NewFiles }).meta({ id: 'NewTicketMessage' }),
    success: { status: 201, body: Added },
    problems: [
      'ticket-not-found',
      'wrong-state',
      'too-many',
      'file-not-found',
      'file-not-checked',
      'forbidden-content',
    ],
    needs: changingRecords,
    creates: true,
  },
} as const satisfies Routes;
