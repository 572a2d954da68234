import * as z from 'zod';
import { page, pageQuery } from '../../http/cursor.ts';
import { TicketEntryId, TicketId } from '../../http/ids.ts';
import { account, type Routes, rolesThatMay } from '../../http/route.ts';
import { changingRecords, readingRecords } from '../../platform/capabilities.ts';
import { OwnTicket, TicketEntryView, TicketLine } from './routes.ts';
import { priorities, Ticket, TicketText, TicketTitle, ticketStates } from './ticket.ts';
import { TicketNumber } from './ticket-number.ts';

const ofTicket = z.strictObject({ ticketId: TicketId });
const { state } = Ticket.shape;
const Opened = z.strictObject({ id: TicketId, number: TicketNumber, state }).meta({ id: 'SupportTicketOpened' });
const Added = z.strictObject({ id: TicketEntryId, state }).meta({ id: 'SupportEntryAdded' });
const OwnLine = OwnTicket.omit({ messages: true, dueAt: true }).meta({ id: 'OwnSupportTicketLine' });
const SupportTicket = TicketLine.omit({ customerId: true, assigneeId: true })
  .extend({ entries: z.array(TicketEntryView).max(300), version: z.int().min(1) })
  .meta({ id: 'SupportTicket' });

/** From every profile to the operator (FW-18): whoever signs in may ask how the service works. */
export const mySupportRoutes = {
  openSupportTicket: {
    summary: 'Ask the operator for help',
    description:
      'About the service itself: the operator sees nothing of what an organisation holds. An organisation is asked by its ' +
      'own tickets, messages or requests.',
    tag: 'Me',
    method: 'POST',
    path: '/v1/me/support-tickets',
    access: account,
    body: z.strictObject({ title: TicketTitle, text: TicketText }).meta({ id: 'NewSupportTicket' }),
    success: { status: 201, body: Opened },
    problems: ['forbidden-content', 'too-many'],
    needs: changingRecords,
    creates: true,
  },
  listSupportTickets: {
    summary: 'List what the caller has asked the operator',
    tag: 'Me',
    method: 'GET',
    path: '/v1/me/support-tickets',
    access: account,
    query: z.strictObject({ ...pageQuery }),
    success: { status: 200, body: page(OwnLine) },
    problems: [],
    needs: readingRecords,
  },
  getSupportTicket: {
    summary: 'Read one of them',
    tag: 'Me',
    method: 'GET',
    path: '/v1/me/support-tickets/{ticketId}',
    access: account,
    params: ofTicket,
    success: { status: 200, body: OwnTicket },
    problems: ['ticket-not-found'],
    needs: readingRecords,
  },
  answerSupportTicket: {
    summary: 'Write again in one of them',
    tag: 'Me',
    method: 'POST',
    path: '/v1/me/support-tickets/{ticketId}/messages',
    access: account,
    params: ofTicket,
    body: z.strictObject({ text: TicketText }).meta({ id: 'NewSupportMessage' }),
    success: { status: 201, body: Added },
    problems: ['ticket-not-found', 'wrong-state', 'too-many', 'forbidden-content'],
    needs: changingRecords,
    creates: true,
  },
} as const satisfies Routes;

/** For the operator's own staff. Who asks is an account to them, and no name. */
export const platformSupportRoutes = {
  listSupportQueue: {
    summary: 'List support tickets',
    tag: 'Platform',
    method: 'GET',
    path: '/v1/platform/support-tickets',
    access: rolesThatMay('platform:support:answer'),
    query: z.strictObject({
      ...pageQuery,
      show: z.enum(['open', 'all']).default('open'),
      number: TicketNumber.optional(),
    }),
    success: { status: 200, body: page(TicketLine) },
    problems: [],
    needs: [...readingRecords, 'activity:append'],
    reads: 'tickets',
  },
  readSupportTicket: {
    summary: 'Read a support ticket',
    description: 'Recorded in the log of whoever asked before it is answered.',
    tag: 'Platform',
    method: 'GET',
    path: '/v1/platform/support-tickets/{ticketId}',
    access: rolesThatMay('platform:support:answer'),
    params: ofTicket,
    success: { status: 200, body: SupportTicket },
    problems: ['ticket-not-found'],
    needs: [...readingRecords, 'activity:append'],
    versioned: true,
  },
  changeSupportTicket: {
    summary: 'Change a support ticket’s state or priority',
    tag: 'Platform',
    method: 'PATCH',
    path: '/v1/platform/support-tickets/{ticketId}',
    access: rolesThatMay('platform:support:answer'),
    params: ofTicket,
    body: z
      .strictObject({ state: z.enum(ticketStates).optional(), priority: z.enum(priorities).optional() })
      .meta({ id: 'SupportTicketChange' }),
    success: { status: 200, body: TicketLine.extend({ version: z.int().min(1) }).meta({ id: 'SupportTicketChanged' }) },
    problems: ['ticket-not-found', 'wrong-state'],
    needs: changingRecords,
    versioned: true,
  },
  addSupportEntry: {
    summary: 'Answer a support ticket, or note something',
    description: 'An answer is mailed as a link; a note stands in the copy of whoever asked all the same (Art. 15).',
    tag: 'Platform',
    method: 'POST',
    path: '/v1/platform/support-tickets/{ticketId}/entries',
    access: rolesThatMay('platform:support:answer'),
    params: ofTicket,
    body: z.strictObject({ kind: z.enum(['message', 'note']), text: TicketText }).meta({ id: 'NewSupportEntry' }),
    success: { status: 201, body: Added },
    problems: ['ticket-not-found', 'wrong-state', 'too-many', 'forbidden-content'],
    needs: changingRecords,
    creates: true,
  },
} as const satisfies Routes;
