import type { Call } from '../../http/call.ts';
import { decodeCursor, encodeCursor, type List } from '../../http/cursor.ts';
import { ChatId, type OrganisationId, PersonId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import { StaleVersion, type Stored } from '../../platform/records.ts';
import type { Ticket } from '../tickets/ticket.ts';
import { type Chat, type chatEntity, ended, isRepeated, withMessage } from './chat.ts';
import type { chatRoutes, visitorChatRoutes } from './routes.ts';

export type StoredChat = Stored<typeof chatEntity>;
type Beginning = Pick<Chat, 'name' | 'place'> & {
  readonly text: string;
  /** Of a visitor's first message. */
  readonly messageId?: string;
};

export interface ChatStore {
  /**
   * Begins a chat of the person, or of somebody who is not signed in, or answers with the one that the same message has
   * begun. Throws `chat-not-found` where none are taken, and `idempotency-key-reused`.
   */
  begin<A>(
    organisationId: OrganisationId,
    personId: PersonId | undefined,
    beginning: Beginning,
    call: Call,
    answer: (token: string, chat: Chat) => A,
  ): Promise<A>;
  /** The newest first. */
  list(
    organisationId: OrganisationId,
    range: { readonly limit: number; readonly after?: string },
    call: Call,
  ): Promise<{ readonly chats: readonly Chat[]; readonly next?: ChatId }>;
  ofToken(token: string, call: Call): Promise<StoredChat | undefined>;
  find(organisationId: OrganisationId, id: ChatId, call: Call): Promise<StoredChat | undefined>;
  again(stored: StoredChat, call: Call): Promise<StoredChat | undefined>;
  recordReading(stored: StoredChat, call: Call): Promise<void>;
  save<A>(stored: StoredChat, after: Chat, event: 'chat.written' | 'chat.ended', call: Call, answer: A): Promise<A>;
  erase(stored: StoredChat, token: string, call: Call): Promise<void>;
  /** Throws `person-not-found`. */
  makeTicket<A>(
    stored: StoredChat,
    wanted: { readonly title: string; readonly requesterId: PersonId | undefined },
    call: Call,
    answer: (ticket: Ticket) => A,
  ): Promise<A>;
}
/** How whoever waits for an answer does so. */
interface Waiting {
  pause(milliseconds: number): Promise<unknown>;
  /** Milliseconds that go by, from any beginning. */
  elapsed(): number;
}

const LOOK_AGAIN_MILLISECONDS = 1_000;
/** Two write at the same moment: the second adds to what the first has written. */
const TRIES_MAX = 5;

export const visitorChatHandlers = (
  store: ChatStore,
  waiting: Waiting,
): HandlersFor<typeof visitorChatRoutes, Call> => ({
  async beginChat({ body: { organisationId, messageId, ...beginning } }, call) {
    return store.begin(organisationId, undefined, { ...said(beginning), messageId }, call, begunView);
  },

  async followChat({ params: { token }, query }, call) {
    const stored = await ofToken(store, token, call);
    return ownView((await newIn(store, stored, query, waiting, call)).value, query.after);
  },

  async writeInChat({ params: { token }, body: { text, messageId } }, call) {
    const after = await write(
      store,
      () => ofToken(store, token, call),
      { by: 'visitor', text, id: messageId },
      call,
      (chat) => chat,
    );
    return ownView(after, 0);
  },

  async eraseChat({ params: { token } }, call) {
    await store.erase(await ofToken(store, token, call), token, call);
  },
});

export const chatHandlers = (store: ChatStore, waiting: Waiting): HandlersFor<typeof chatRoutes, Call> => ({
  async beginOwnChat({ params: { organisationId }, body }, call) {
    return store.begin(organisationId, personIdOf(call), said(body), call, begunView);
  },

  async listChats({ params: { organisationId }, query: { cursor, limit } }, call) {
    const list: List = { name: 'chats', filter: { organisationId } };
    const after = cursor === undefined ? undefined : decodeCursor(list, cursor, ChatId);
    const page = await store.list(organisationId, { limit, ...(after !== undefined && { after }) }, call);
    return {
      items: page.chats.map(lineOf),
      ...(page.next !== undefined && { next: encodeCursor(list, page.next) }),
    };
  },

  async getChat({ params, query }, call) {
    const found = await newIn(store, await existing(store, params, call), query, waiting, call);
    // Whoever waits and hears nothing has read nothing: one record for each reading, and not for each time that was waited.
    const isReading = query.after === 0 || found.value.messages.length > query.after;
    if (isReading) await store.recordReading(found, call);
    return chatView(found, query.after, isReading);
  },

  answerChat: async ({ params, body: { text } }, call) =>
    write(
      store,
      () => existing(store, params, call),
      { by: 'staff', personId: personIdOf(call), text },
      call,
      ({ id, messages }) => ({ id, count: messages.length }),
    ),

  async endChat({ params }, call) {
    const stored = await existing(store, params, call);
    await store.save(stored, ended(stored.value, call.now), 'chat.ended', call, undefined);
  },

  async makeTicketOfChat({ params, body: { title, requesterId } }, call) {
    const stored = await existing(store, params, call);
    if (stored.value.ticketId !== undefined) throw new Problem('wrong-state', 'It has become a ticket already.');
    return store.makeTicket(stored, { title, requesterId }, call, ({ id, number }) => ({ id, number }));
  },
});

function personIdOf({ role }: Call): PersonId {
  if (!role) throw new Error('A route for roles without one');
  return role.personId;
}

async function ofToken(store: ChatStore, token: string, call: Call): Promise<StoredChat> {
  const stored = await store.ofToken(token, call);
  if (!stored) throw new Problem('chat-not-found');
  return stored;
}

async function existing(
  store: ChatStore,
  { organisationId, chatId }: { readonly organisationId: OrganisationId; readonly chatId: ChatId },
  call: Call,
): Promise<StoredChat> {
  const stored = await store.find(organisationId, chatId, call);
  if (!stored) throw new Problem('chat-not-found');
  return stored;
}

/** The chat as soon as something is new in it, or when the time is over. Throws `chat-not-found` when it is erased meanwhile. */
async function newIn(
  store: ChatStore,
  stored: StoredChat,
  { after, waitSeconds }: { readonly after: number; readonly waitSeconds: number },
  { pause, elapsed }: Waiting,
  call: Call,
): Promise<StoredChat> {
  let current = stored;
  // By the clock: looking takes time as well, and on a slow day twenty looks would end behind the gateway's limit.
  const until = elapsed() + waitSeconds * 1000;
  while (current.value.messages.length <= after && current.value.state !== 'ended' && elapsed() < until) {
    await pause(LOOK_AGAIN_MILLISECONDS);
    const again = await store.again(current, call);
    if (!again) throw new Problem('chat-not-found');
    current = again;
  }
  return current;
}

async function write<A>(
  store: ChatStore,
  read: () => Promise<StoredChat>,
  message: Parameters<typeof withMessage>[1],
  call: Call,
  answer: (after: Chat) => A,
): Promise<A> {
  for (let tries = 1; ; tries++) {
    const stored = await read();
    if (isRepeated(stored.value, message)) return answer(stored.value);
    const after = withMessage(stored.value, message, call.now);
    try {
      return await store.save(stored, after, 'chat.written', call, answer(after));
    } catch (error) {
      if (!(error instanceof StaleVersion) || tries >= TRIES_MAX) throw error;
    }
  }
}

const said = ({ text, name, place }: { text: string; name?: string | undefined; place?: string | undefined }) => ({
  text,
  ...(name !== undefined && { name }),
  ...(place !== undefined && { place }),
});
/** The same however often it is asked for: a chat begins with one message. */
const begunView = (token: string, { dueAt }: Chat) => ({ token, count: 1, dueAt });

const ownView = ({ state, messages, dueAt }: Chat, after: number) => ({
  state,
  count: messages.length,
  messages: messages
    .slice(after)
    .map(({ by, text, at }) => ({ by: by === 'visitor' ? ('you' as const) : ('them' as const), text, at })),
  dueAt,
});

const lineOf = ({ id, state, name, startedAt, messages }: Chat) => ({
  id,
  state,
  turn: messages.at(-1)?.by === 'visitor' ? ('staff' as const) : ('visitor' as const),
  ...(name !== undefined && { name }),
  startedAt,
});

/** What is not recorded as a reading shows nothing of the visitor. */
function chatView({ ref, value }: StoredChat, after: number, isReading: boolean) {
  const visitorId = PersonId.safeParse(ref.owner.subject);
  const { place, ipAddress, device, messages, ticketId, dueAt } = value;
  return {
    ...lineOf(value),
    ...(visitorId.success && { visitorId: visitorId.data }),
    ...(isReading && { ...(place !== undefined && { place }), ipAddress, device }),
    count: messages.length,
    messages: messages.slice(after).map(({ id: _, ...message }) => message),
    ...(ticketId !== undefined && { ticketId }),
    dueAt,
  };
}
