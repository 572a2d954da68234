import type * as z from 'zod';
import type { Call } from '../../http/call.ts';
import { decodeCursor, encodeCursor, type List } from '../../http/cursor.ts';
import { type AccountId, DpoThreadId } from '../../http/ids.ts';
import { PageProblem } from '../../http/page-problem.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import type { Stored } from '../../platform/records.ts';
import { deadLinkPage } from '../links/dead-link.ts';
import type { LinkPage } from '../links/handlers.ts';
import { page } from '../links/page.ts';
import type { myDpoRoutes, officerRoutes, publicDpoRoutes } from './routes.ts';
import {
  closed,
  type Message,
  MessageText,
  newThread,
  OPEN_THREADS_MAX,
  type Thread,
  type threadEntity,
  threadIdOf,
  withMessage,
} from './thread.ts';
import { askingPage, threadPage } from './words.ts';

type StoredThread = Stored<typeof threadEntity>;
export interface ThreadPage {
  readonly threads: readonly StoredThread[];
  readonly next?: string;
}
type PageRange = { readonly limit: number; readonly after?: string };

export interface DpoStore {
  threadsOf(accountId: AccountId, range: PageRange, call: Call): Promise<ThreadPage>;
  allThreads(range: PageRange, call: Call): Promise<ThreadPage>;
  /** A thread that is closed for longer than it is kept is gone, swept or not. */
  thread(id: DpoThreadId, call: Call): Promise<StoredThread | undefined>;
  messages(id: DpoThreadId, call: Call): Promise<readonly Message[]>;
  begin<A>(thread: Thread, text: string, call: Call, answer: A): Promise<A>;
  /** Adds the message, and tells the other side by mail that one waits. */
  add<A>(stored: StoredThread, after: Thread, text: string, call: Call, answer: A): Promise<A>;
  close(stored: StoredThread, after: Thread & { readonly closedAt: string }, by: AccountId, call: Call): Promise<void>;
  /** Keeps what was written out of sight, and mails a link that confirms the address. */
  askToConfirm(
    message: { id: DpoThreadId; text: string; email: string; language: 'nb' | 'en' },
    call: Call,
  ): Promise<void>;
  /** The thread that a reading link leads to; undefined for any other link. */
  threadOfToken(token: string, call: Call): Promise<StoredThread | undefined>;
}

export const myDpoHandlers = (threads: DpoStore): HandlersFor<typeof myDpoRoutes, Call> => ({
  async writeToDpo({ body: { text, threadId } }, call) {
    const { accountId } = call.account!;
    if (threadId === undefined) return begin(threads, accountId, text, call);
    const stored = await mine(threads, threadId, call);
    const after = withMessage(stored.value, 'person', call.now);
    return threads.add(stored, after, text, call, viewOf(after));
  },

  async listMyDpoThreads({ query }, call) {
    const list: List = { name: 'my-dpo-threads', filter: {} };
    return listOf(list, await threads.threadsOf(call.account!.accountId, rangeOf(list, query), call));
  },

  async getMyDpoThread({ params: { threadId } }, call) {
    const { value } = await mine(threads, threadId, call);
    return { thread: viewOf(value), messages: [...(await threads.messages(threadId, call))] };
  },
});

export const publicDpoHandlers = (threads: DpoStore): HandlersFor<typeof publicDpoRoutes, Call> => ({
  async writeToDpoWithoutAccount({ body: { text, email, language } }, call) {
    await threads.askToConfirm({ id: call.newId('dpo'), text, email, language }, call);
    return { next: 'see-your-mail' };
  },

  async answerDpoByLink({ params: { token }, body }, call) {
    const stored = await threads.threadOfToken(token, call);
    if (!stored) throw deadLinkPage(call);
    const after = withMessage(stored.value, 'person', call.now);
    const typed = MessageText.safeParse(body.text);
    if (!typed.success) throw await refused(threads, stored.value, typed.error, token, call);
    await threads.add(stored, after, typed.data, call, undefined);
    const messages = await threads.messages(after.id, call);
    return page(threadPage(after, messages, token, call.language), call.language);
  },
});

/** The page of a reading link. What was written is shown when its button is pressed: a mail scanner only looks. */
export const dpoLinkPage =
  (threads: DpoStore): LinkPage =>
  async (link, token, call, isPressed) => {
    if (!isPressed) return askingPage(call.language);
    const stored = await threads.thread(threadIdOf(link.owner), call);
    if (!stored) return undefined;
    return threadPage(stored.value, await threads.messages(stored.value.id, call), token, call.language);
  };

export const officerHandlers = (threads: DpoStore): HandlersFor<typeof officerRoutes, Call> => ({
  async listDpoThreads({ query }, call) {
    const list: List = { name: 'dpo-threads', filter: {} };
    return listOf(list, await threads.allThreads(rangeOf(list, query), call));
  },

  async getDpoThread({ params: { threadId } }, call) {
    const { value } = await existing(threads, threadId, call);
    return { thread: viewOf(value), messages: [...(await threads.messages(threadId, call))] };
  },

  async answerAsDpo({ params: { threadId }, body }, call) {
    const stored = await existing(threads, threadId, call);
    const after = withMessage(stored.value, 'officer', call.now);
    return threads.add(stored, after, body.text, call, viewOf(after));
  },

  async closeDpoThread({ params: { threadId } }, call) {
    const stored = await existing(threads, threadId, call);
    const after = closed(stored.value, call.now);
    await threads.close(stored, after, call.account!.accountId, call);
    return viewOf(after);
  },
});

/** The conversation again, and why the message was not sent. */
async function refused(threads: DpoStore, thread: Thread, { issues }: z.ZodError, token: string, call: Call) {
  const isForbidden = issues.some((issue) => issue.code === 'custom' && issue.params?.['slug'] === 'forbidden-content');
  const messages = await threads.messages(thread.id, call);
  const words = threadPage(thread, messages, token, call.language, true);
  return new PageProblem(isForbidden ? 'forbidden-content' : 'malformed-request', page(words, call.language));
}

async function begin(threads: DpoStore, accountId: AccountId, text: string, call: Call) {
  const { threads: mine } = await threads.threadsOf(accountId, { limit: 10 * OPEN_THREADS_MAX }, call);
  if (mine.filter(({ value }) => value.state === 'open').length >= OPEN_THREADS_MAX) {
    throw new Problem('too-many', `An account has ${OPEN_THREADS_MAX} open threads at most.`);
  }
  const thread = newThread({ id: call.newId('dpo'), accountId, language: call.language }, call.now.toISOString());
  return threads.begin(thread, text, call, viewOf(thread));
}

async function existing(threads: DpoStore, id: DpoThreadId, call: Call): Promise<StoredThread> {
  const stored = await threads.thread(id, call);
  if (!stored) throw new Problem('thread-not-found');
  return stored;
}

/** Another's thread is answered like one that does not exist. */
async function mine(threads: DpoStore, id: DpoThreadId, call: Call): Promise<StoredThread> {
  const stored = await existing(threads, id, call);
  if (stored.value.accountId !== call.account!.accountId) throw new Problem('thread-not-found');
  return stored;
}

function rangeOf(list: List, { cursor, limit }: { cursor?: string | undefined; limit: number }): PageRange {
  return { limit, ...(cursor !== undefined && { after: decodeCursor(list, cursor, DpoThreadId) }) };
}
const listOf = (list: List, { threads, next }: ThreadPage) => ({
  items: threads.map(({ value }) => viewOf(value)),
  ...(next !== undefined && { next: encodeCursor(list, next) }),
});

function viewOf({ accountId, ...shown }: Thread) {
  return { ...shown, hasAccount: accountId !== undefined };
}
