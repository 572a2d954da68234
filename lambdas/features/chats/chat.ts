import { createHash } from 'node:crypto';
import * as z from 'zod';
import { freeText, oneLine } from '../../http/free-text.ts';
import { ChatId, type OrganisationId, PersonId, TicketId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import { entity, type Owner } from '../../platform/entity.ts';
import type { Pointer, PointerKey } from '../../platform/records.ts';

/** What does not fit into a chat is a ticket: one record holds the whole of it. */
export const MESSAGES_MAX = 150;
const CHARACTERS_MAX = 60_000;
const MESSAGE_CHARACTERS_MAX = 1000;

const Instant = z.iso.datetime();
export const ChatText = freeText({ max: MESSAGE_CHARACTERS_MAX }).min(1);
export const chatStates = ['open', 'ended'] as const;

/** Made by the visitor's program, anew for each message: what comes again under it is the same message. */
export const MessageId = z.uuidv4();
export const ChatMessage = z.strictObject({
  /** Of a visitor's; not of the first, by which whoever knows it finds the chat. */
  id: MessageId.optional(),
  by: z.enum(['visitor', 'staff']),
  /** Who of the staff; the visitor is not told. */
  personId: PersonId.optional(),
  text: z.string().max(MESSAGE_CHARACTERS_MAX),
  at: Instant,
});

/**
 * A chat of somebody who is signed in lies with them; of anybody else it is a subject of its own. Where from, and with
 * which device, is known from its first message on and not before (AT-04).
 */
export const Chat = z.strictObject({
  id: ChatId,
  state: z.enum(chatStates),
  language: z.enum(['nb', 'en']),
  name: oneLine({ max: 80 }).optional(),
  /** Where the visitor says that they are: nothing is derived from the address. */
  place: oneLine({ max: 80 }).optional(),
  ipAddress: z.string().max(64),
  device: z.string().max(256),
  messages: z.array(ChatMessage).min(1).max(MESSAGES_MAX),
  startedAt: Instant,
  endedAt: Instant.optional(),
  ticketId: TicketId.optional(),
  /** Then it is erased. */
  dueAt: Instant,
});
export type Chat = z.output<typeof Chat>;

export const chatEntity = entity({
  name: 'chat',
  table: 'core',
  sortKey: 'CHAT',
  schema: Chat,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to answer who asks something in a chat, and to find misuse of it',
  legalBasis: 'controllers-agreement',
  article9: 'none',
  source: 'data-subject',
  retentionClass: 'chat',
  exported: 'copy',
  onErasure: 'delete',
});
export const chatRef = (owner: Owner, id: ChatId) => ({ entity: chatEntity, owner, key: id }) as const;

/** `<org>#CHATS` / `<cht>`: all that are kept, in the order in which they began. Attributes: `subject`, `state`, `turn`, `dueAt`. */
export const chatKey = (organisationId: OrganisationId, id: ChatId | '') =>
  ({ table: 'core', pk: `${organisationId}#CHATS`, sk: id }) as const satisfies PointerKey;

export const chatRow = ({ controller, subject }: Owner, { id, state, messages, dueAt }: Chat): Pointer => ({
  ...chatKey(controller as OrganisationId, id),
  attributes: { subject, state, turn: messages.at(-1)?.by === 'visitor' ? 'staff' : 'visitor', dueAt },
});

/**
 * A visitor's token is that of their first message, so that beginning a chat again is no second one: 192 bits, of which a
 * random UUID brings 122, and kept nowhere either.
 */
export const tokenOf = (organisationId: OrganisationId, messageId: string): string =>
  createHash('sha256').update(`chat ${organisationId} ${messageId}`).digest('base64url').slice(0, TOKEN_CHARACTERS);
const TOKEN_CHARACTERS = 32;

/** Begins the keys of the rows by which a visitor's token leads to the chat. */
export const CHAT_TOKEN = 'CHAT-TOKEN';
/** Where it lies; the token itself is kept nowhere. Attributes: `controller`, `subject`, `chatId`. */
export const chatTokenKey = (hash: string): PointerKey => ({
  table: 'transient',
  pk: `${CHAT_TOKEN}#${hash}`,
  sk: CHAT_TOKEN,
});

/**
 * Whether a message came before: its answer was lost, and it was sent again. Throws `idempotency-key-reused` where
 * something else did. Pure.
 */
export function isRepeated(chat: Chat, { id, text }: Pick<Chat['messages'][number], 'id' | 'text'>): boolean {
  const known = id === undefined ? undefined : chat.messages.find((message) => message.id === id);
  if (known && known.text !== text) throw anotherMessage();
  return known !== undefined;
}
export const anotherMessage = () =>
  new Problem('idempotency-key-reused', 'This `messageId` was used for another message.');

/** With one more message. Throws `wrong-state` once it has ended, and `too-many`. Pure. */
export function withMessage(chat: Chat, message: Omit<Chat['messages'][number], 'at'>, now: Date): Chat {
  if (chat.state === 'ended') throw new Problem('wrong-state', 'This chat has ended.');
  const characters = chat.messages.reduce((sum, { text }) => sum + text.length, message.text.length);
  if (chat.messages.length >= MESSAGES_MAX || characters > CHARACTERS_MAX) {
    throw new Problem('too-many', 'This chat is full: go on in a ticket.');
  }
  return { ...chat, messages: [...chat.messages, { ...message, at: now.toISOString() }] };
}

/** Nothing more is written in it; it is erased when its term is over. Throws `wrong-state`. Pure. */
export function ended(chat: Chat, now: Date): Chat {
  if (chat.state === 'ended') throw new Problem('wrong-state', 'This chat has ended.');
  return { ...chat, state: 'ended', endedAt: now.toISOString() };
}

/** What was said, as one text: the end of it, where it is longer than a message of a ticket. Pure. */
export function transcript({ messages }: Chat, charactersMax: number): string {
  const lines = messages.map(({ by, text }) => `${by === 'staff' ? 'Svar' : 'Spørsmål'}: ${text}`);
  return lines.join('\n').slice(-charactersMax).trim();
}
