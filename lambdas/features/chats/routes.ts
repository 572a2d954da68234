import * as z from 'zod';
import { page, pageQuery } from '../../http/cursor.ts';
import { ChatId, OrganisationId, PersonId, TicketId } from '../../http/ids.ts';
import { inOrganisation } from '../../http/params.ts';
import { anyone, type Routes, rolesThatMay } from '../../http/route.ts';
import { changingRecords, orderingErasure, readingRecords } from '../../platform/capabilities.ts';
import { TicketTitle } from '../tickets/ticket.ts';
import { TicketNumber } from '../tickets/ticket-number.ts';
import { Chat, ChatMessage, ChatText, chatStates, MESSAGES_MAX, MessageId } from './chat.ts';

/** Below the 29 seconds that the gateway waits (API Gateway quotas: 30 seconds). */
const WAIT_SECONDS_MAX = 20;

const ofToken = z.strictObject({
  token: z
    .string()
    .regex(/^[A-Za-z0-9_-]{32}$/)
    .meta({ description: 'What beginning the chat answered: whoever has it is its visitor.' }),
});
const ofChat = inOrganisation.extend({ chatId: ChatId });
const { name, place, startedAt, dueAt } = Chat.shape;
const beginning = { text: ChatText, name, place };
const messageId = MessageId.meta({
  description:
    'A random UUID, a new one for each message: sent again with the same one, a message is not written twice. The first ' +
    'one’s is as secret as the token.',
});

const polling = z.strictObject({
  after: z.coerce
    .number()
    .int()
    .min(0)
    .max(MESSAGES_MAX)
    .default(0)
    .meta({ description: 'How many messages the caller has: only what came after them is answered.' }),
  waitSeconds: z.coerce
    .number()
    .int()
    .min(0)
    .max(WAIT_SECONDS_MAX)
    .default(0)
    .meta({ description: 'How long to wait for something new before answering that there is nothing.' }),
});
const OwnMessage = z.strictObject({ by: z.enum(['you', 'them']), text: z.string(), at: z.iso.datetime() });
const OwnChat = z
  .strictObject({
    state: z.enum(chatStates),
    count: z.int().min(0),
    messages: z.array(OwnMessage).max(MESSAGES_MAX),
    dueAt,
  })
  .meta({ id: 'OwnChat', description: '`count`: all messages so far; the next `after`. `dueAt`: when it is erased.' });
const Begun = z.strictObject({ token: z.string(), count: z.int(), dueAt }).meta({ id: 'ChatBegun' });
const beginningOfAChat =
  'From the first message on the address on the net, the device, and the place if the visitor names one, are kept with ' +
  'the chat, 90 days (AT-04); looking at anything before keeps none of it.';

/** For a visitor: whoever has the token. */
export const visitorChatRoutes = {
  beginChat: {
    summary: 'Begin a chat with an organisation',
    description: `Without signing in, where the organisation takes chats. ${beginningOfAChat}`,
    tag: 'Tickets',
    method: 'POST',
    path: '/v1/chats',
    access: anyone,
    body: z.strictObject({ organisationId: OrganisationId, messageId, ...beginning }).meta({ id: 'NewChat' }),
    success: { status: 200, body: Begun },
    problems: ['chat-not-found', 'forbidden-content', 'idempotency-key-reused'],
    needs: changingRecords,
    limit: { perSecond: 2, burst: 20 },
  },
  followChat: {
    summary: 'Read what is new in a chat, and wait for it',
    description: `Long polling: answered as soon as there is something new, and at the latest after ${WAIT_SECONDS_MAX} seconds.`,
    tag: 'Tickets',
    method: 'GET',
    path: '/v1/chats/{token}',
    access: anyone,
    params: ofToken,
    query: polling,
    success: { status: 200, body: OwnChat },
    problems: ['chat-not-found'],
    needs: [...readingRecords, 'transient:read'],
    // Each may wait for twenty seconds: so many at once take no more of what all functions share than chats may.
    limit: { perSecond: 20, burst: 40 },
  },
  writeInChat: {
    summary: 'Write in a chat',
    tag: 'Tickets',
    method: 'POST',
    path: '/v1/chats/{token}',
    access: anyone,
    params: ofToken,
    body: z.strictObject({ text: ChatText, messageId }).meta({ id: 'NewChatMessage' }),
    success: { status: 200, body: OwnChat },
    problems: ['chat-not-found', 'wrong-state', 'too-many', 'forbidden-content', 'idempotency-key-reused'],
    needs: changingRecords,
    limit: { perSecond: 20, burst: 40 },
  },
  eraseChat: {
    summary: 'Erase a chat',
    description: 'At once and for good, whoever has written in it (AT-04).',
    tag: 'Tickets',
    method: 'DELETE',
    path: '/v1/chats/{token}',
    access: anyone,
    params: ofToken,
    success: { status: 204 },
    problems: ['chat-not-found'],
    needs: [...changingRecords, ...orderingErasure],
  },
} as const satisfies Routes;

const line = { id: ChatId, state: z.enum(chatStates), turn: z.enum(['staff', 'visitor']), name, startedAt };
const ChatLine = z.strictObject(line).meta({ id: 'ChatLine', description: '`turn`: who is to write next.' });
const ChatView = z
  .strictObject({
    ...line,
    /** Absent for whoever is not signed in. */
    visitorId: PersonId.optional(),
    place,
    ipAddress: Chat.shape.ipAddress
      .optional()
      .meta({ description: 'As `place` and `device`: not where nothing is new.' }),
    device: Chat.shape.device.optional(),
    count: z.int().min(0),
    messages: z.array(ChatMessage.omit({ id: true })).max(MESSAGES_MAX),
    ticketId: TicketId.optional(),
    dueAt,
  })
  .meta({ id: 'Chat' });

/** For those who answer, and for whoever is signed in. */
export const chatRoutes = {
  beginOwnChat: {
    summary: 'Begin a chat, signed in',
    description: `It stands in the caller’s copy and goes with them. ${beginningOfAChat}`,
    tag: 'Tickets',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/own-chats',
    access: rolesThatMay('ticket:own'),
    params: inOrganisation,
    body: z.strictObject(beginning).meta({ id: 'NewOwnChat' }),
    success: { status: 201, body: Begun },
    problems: ['chat-not-found', 'forbidden-content'],
    needs: changingRecords,
    creates: true,
  },
  listChats: {
    summary: 'List chats',
    description: 'The newest first.',
    tag: 'Tickets',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/chats',
    access: rolesThatMay('chat:answer'),
    params: inOrganisation,
    query: z.strictObject({ ...pageQuery }),
    success: { status: 200, body: page(ChatLine) },
    problems: [],
    needs: [...readingRecords, 'activity:append'],
    reads: 'chats',
  },
  getChat: {
    summary: 'Read a chat, and wait for what is new',
    description: `Long polling, as for the visitor: at the latest after ${WAIT_SECONDS_MAX} seconds. Each look that finds something is recorded.`,
    tag: 'Tickets',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/chats/{chatId}',
    access: rolesThatMay('chat:answer'),
    params: ofChat,
    query: polling,
    success: { status: 200, body: ChatView },
    problems: ['chat-not-found'],
    needs: [...readingRecords, 'activity:append'],
  },
  answerChat: {
    summary: 'Answer in a chat',
    tag: 'Tickets',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/chats/{chatId}/messages',
    access: rolesThatMay('chat:answer'),
    params: ofChat,
    body: z.strictObject({ text: ChatText }).meta({ id: 'NewChatAnswer' }),
    success: {
      status: 201,
      body: z.strictObject({ id: ChatId, count: z.int() }).meta({ id: 'ChatAnswered' }),
    },
    problems: ['chat-not-found', 'wrong-state', 'too-many', 'forbidden-content'],
    needs: changingRecords,
    creates: true,
  },
  endChat: {
    summary: 'End a chat',
    description: 'Nobody writes in it any more; it is erased 90 days after it began, or when its visitor wishes.',
    tag: 'Tickets',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/chats/{chatId}/state',
    access: rolesThatMay('chat:answer'),
    params: ofChat,
    body: z.strictObject({ state: z.literal('ended') }).meta({ id: 'ChatStateChange' }),
    success: { status: 204 },
    problems: ['chat-not-found', 'wrong-state'],
    needs: changingRecords,
  },
  makeTicketOfChat: {
    summary: 'Go on with a chat as a ticket',
    description:
      'What was said becomes the ticket’s first message; the chat ends. Of a visitor who is not signed in it is to be ' +
      'said which registered person they are.',
    tag: 'Tickets',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/chats/{chatId}/ticket',
    access: rolesThatMay('chat:answer'),
    params: ofChat,
    body: z.strictObject({ title: TicketTitle, requesterId: PersonId.optional() }).meta({ id: 'TicketOfChat' }),
    success: {
      status: 201,
      body: z.strictObject({ id: TicketId, number: TicketNumber }).meta({ id: 'TicketOfChatOpened' }),
    },
    problems: ['chat-not-found', 'person-not-found', 'wrong-state', 'forbidden-content'],
    needs: changingRecords,
    creates: true,
  },
} as const satisfies Routes;
