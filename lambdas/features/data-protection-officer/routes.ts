import * as z from 'zod';
import { HTML } from '../../http/content.ts';
import { page, pageQuery } from '../../http/cursor.ts';
import { DpoThreadId } from '../../http/ids.ts';
import { inLanguage } from '../../http/params.ts';
import { account, anyone, type Routes, rolesThatMay } from '../../http/route.ts';
import { changingRecords, readingRecords } from '../../platform/capabilities.ts';
import { linkRoutes } from '../links/routes.ts';
import { Email } from '../people/person.ts';
import { Language, MESSAGES_MAX, Message, MessageText, TEXT_CHARACTERS_MAX, Thread } from './thread.ts';

const ofThread = z.strictObject({ threadId: DpoThreadId });

const { accountId: _, ...shown } = Thread.shape;
/** Who wrote is not shown to the officer: only whether it was with an account, and what they say of themselves. */
const ThreadView = z.strictObject({ ...shown, hasAccount: z.boolean() }).meta({ id: 'DpoThread' });
const ThreadWithMessages = z
  .strictObject({ thread: ThreadView, messages: z.array(Message).max(MESSAGES_MAX) })
  .meta({ id: 'DpoThreadWithMessages' });

const reading = [...readingRecords, 'rights:read'] as const;
const changing = [...changingRecords, 'rights:read', 'rights:append'] as const;

const inConfidence =
  'The data-protection officer alone reads it (KP-17): it is sealed under the operator’s keys, and no role in an ' +
  'organisation, nor of the platform’s other staff, can open it. It is destroyed 30 days after the thread is closed.';

/** For the account that is signed in. */
export const myDpoRoutes = {
  writeToDpo: {
    summary: 'Write to the data-protection officer',
    description: `Begins a thread, or goes on with one of yours. ${inConfidence}`,
    tag: 'Me',
    method: 'POST',
    path: '/v1/me/data-protection-officer/messages',
    access: account,
    body: z.strictObject({ text: MessageText, threadId: DpoThreadId.optional() }).meta({ id: 'NewDpoMessage' }),
    success: { status: 201, body: ThreadView },
    problems: ['thread-not-found', 'wrong-state', 'too-many', 'forbidden-content'],
    needs: changing,
    creates: true,
  },
  listMyDpoThreads: {
    summary: 'List my conversations with the data-protection officer',
    tag: 'Me',
    method: 'GET',
    path: '/v1/me/data-protection-officer/threads',
    access: account,
    query: z.strictObject({ ...pageQuery }),
    success: { status: 200, body: page(ThreadView) },
    problems: [],
    needs: reading,
  },
  getMyDpoThread: {
    summary: 'Read one of my conversations with the data-protection officer',
    tag: 'Me',
    method: 'GET',
    path: '/v1/me/data-protection-officer/threads/{threadId}',
    access: account,
    params: ofThread,
    success: { status: 200, body: ThreadWithMessages },
    problems: ['thread-not-found'],
    needs: reading,
  },
} as const satisfies Routes;

/** For anyone. */
export const publicDpoRoutes = {
  writeToDpoWithoutAccount: {
    summary: 'Write to the data-protection officer without an account',
    description: `Always answered 202. A mail to the address has to be confirmed first; until then nobody can read the message, and after two days it is gone. ${inConfidence}`,
    tag: 'Joining',
    method: 'POST',
    path: '/v1/data-protection-officer/messages',
    access: anyone,
    body: z
      .strictObject({ text: MessageText, email: Email, language: Language })
      .meta({ id: 'DpoMessageWithoutAccount' }),
    success: { status: 202, body: z.strictObject({ next: z.literal('see-your-mail') }) },
    problems: ['forbidden-content'],
    needs: changingRecords,
    // Each makes us send a mail to an address that nobody has shown to be theirs.
    limit: { perSecond: 1, burst: 10 },
  },
  answerDpoByLink: {
    summary: 'Write again to the data-protection officer, from the page of a link',
    tag: 'Joining',
    method: 'POST',
    path: '/l/{token}/messages',
    access: anyone,
    params: linkRoutes.showLink.params,
    query: inLanguage,
    // Read as free text by the handler, so that what is refused is answered by a page and not by a document.
    body: z.strictObject({ text: z.string().max(2 * TEXT_CHARACTERS_MAX) }).meta({ id: 'TypedDpoMessage' }),
    form: true,
    success: { status: 200, content: [HTML] },
    problems: ['link-not-found', 'wrong-state', 'too-many', 'forbidden-content'],
    needs: changing,
    limit: { perSecond: 5, burst: 10 },
  },
} as const satisfies Routes;

/** For the data-protection officer. */
export const officerRoutes = {
  listDpoThreads: {
    summary: 'List the conversations with the data-protection officer',
    tag: 'Platform',
    method: 'GET',
    path: '/v1/platform/data-protection-officer/threads',
    access: rolesThatMay('dpo:answer'),
    query: z.strictObject({ ...pageQuery }),
    success: { status: 200, body: page(ThreadView) },
    problems: [],
    needs: reading,
  },
  getDpoThread: {
    summary: 'Read a conversation with the data-protection officer',
    tag: 'Platform',
    method: 'GET',
    path: '/v1/platform/data-protection-officer/threads/{threadId}',
    access: rolesThatMay('dpo:answer'),
    params: ofThread,
    success: { status: 200, body: ThreadWithMessages },
    problems: ['thread-not-found'],
    needs: reading,
  },
  answerAsDpo: {
    summary: 'Answer as the data-protection officer',
    description: 'A mail tells the person that an answer waits; it says nothing of what is written.',
    tag: 'Platform',
    method: 'POST',
    path: '/v1/platform/data-protection-officer/threads/{threadId}/messages',
    access: rolesThatMay('dpo:answer'),
    params: ofThread,
    body: z.strictObject({ text: MessageText }).meta({ id: 'DpoMessage' }),
    success: { status: 201, body: ThreadView },
    problems: ['thread-not-found', 'wrong-state', 'too-many', 'forbidden-content'],
    needs: changing,
    creates: true,
  },
  closeDpoThread: {
    summary: 'Close a conversation with the data-protection officer',
    description: 'Nothing can be written in it any more; after 30 days its key is destroyed.',
    tag: 'Platform',
    method: 'POST',
    path: '/v1/platform/data-protection-officer/threads/{threadId}/closing',
    access: rolesThatMay('dpo:answer'),
    params: ofThread,
    success: { status: 200, body: ThreadView },
    problems: ['thread-not-found', 'wrong-state'],
    needs: changing,
  },
} as const satisfies Routes;
