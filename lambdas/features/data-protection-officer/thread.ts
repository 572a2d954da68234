import * as z from 'zod';
import { freeText } from '../../http/free-text.ts';
import { AccountId, DpoThreadId, type RequestId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import { entity, type Owner } from '../../platform/entity.ts';
import type { PointerKey } from '../../platform/records.ts';
import { terms } from '../retention/terms.ts';

/** A thread that grows longer than this is better talked about. */
export const MESSAGES_MAX = 50;
export const TEXT_CHARACTERS_MAX = 4000;
/** Threads that one account may have open. */
export const OPEN_THREADS_MAX = 20;
/** What nobody has confirmed is gone after two days. */
export const UNCONFIRMED_SECONDS = 48 * 60 * 60;
/** A mail may lie unread for a while; its link still works then. */
export const READ_LINK_SECONDS = 60 * 24 * 60 * 60;
/** After a thread was closed: then its key is destroyed. Free text is no evidence, so the three years of that do not apply. */
export const CLOSED_KEPT_DAYS = terms['officer-thread'].length.days;

const Instant = z.iso.datetime();
export const Language = z.enum(['nb', 'en']);
export const MessageText = freeText({ max: TEXT_CHARACTERS_MAX }).min(1).meta({
  description: 'What you want to say, in confidence. No card or identity numbers; no more about health than needed.',
});

const writers = ['person', 'officer'] as const;
export type Writer = (typeof writers)[number];

/** Ids, codes and instants; what is said lies in the messages. */
export const Thread = z.strictObject({
  id: DpoThreadId,
  state: z.enum(['open', 'closed']),
  /** Absent for someone who writes without an account: the reply address then lies beside the thread. */
  accountId: AccountId.optional(),
  language: Language,
  messages: z.int().min(1).max(MESSAGES_MAX),
  /** Who wrote last; it is the other's turn. */
  lastBy: z.enum(writers),
  startedAt: Instant,
  lastAt: Instant,
  closedAt: Instant.optional(),
});
export type Thread = z.output<typeof Thread>;

export const Message = z.strictObject({ by: z.enum(writers), text: z.string().max(TEXT_CHARACTERS_MAX), at: Instant });
export type Message = z.output<typeof Message>;

const declaration = {
  table: 'rights',
  schemaVersion: 1,
  ourRole: 'controller',
  purpose: 'to let anyone talk to the data-protection officer in confidence',
  // Art. 38(4) and (5): data subjects may contact the officer, who is bound by secrecy.
  legalBasis: 'legal-obligation',
  article9: 'none',
  source: 'data-subject',
  retentionClass: 'request',
  onErasure: 'delete',
} as const;

export const threadEntity = entity({
  ...declaration,
  name: 'dpo-thread',
  sortKey: 'DPO-THREAD',
  schema: Thread,
  exported: 'copy',
});
export const messageEntity = entity({
  ...declaration,
  name: 'dpo-message',
  sortKey: 'DPO-MESSAGE',
  schema: Message,
  exported: 'copy',
});

/** Written by someone without an account, and not shown to anyone before the address has been confirmed. */
export const UnconfirmedMessage = z.strictObject({
  threadId: DpoThreadId,
  text: z.string().max(TEXT_CHARACTERS_MAX),
  email: z.email().max(254),
  language: Language,
  writtenAt: Instant,
});
export const unconfirmedMessageEntity = entity({
  ...declaration,
  name: 'dpo-unconfirmed-message',
  table: 'transient',
  sortKey: 'DPO-UNCONFIRMED',
  schema: UnconfirmedMessage,
  exported: { not: 'it waits two days at most for its writer to confirm the address' },
});

/**
 * Each thread is a subject of its own under the operator's keys, so no key of an organisation opens it, and it dies with
 * its own key. Its number is that of the thread: `dpo_x` lies with `req_x`.
 */
export const threadOwner = (id: DpoThreadId): Owner => ({ controller: 'operator', subject: requestIdOf(id) });
export const requestIdOf = (id: DpoThreadId) => `req_${id.slice('dpo_'.length)}` as RequestId;
export const threadIdOf = ({ subject }: Owner): DpoThreadId => DpoThreadId.parse(`dpo_${subject.slice('req_'.length)}`);

export const threadRef = (id: DpoThreadId) => ({ entity: threadEntity, owner: threadOwner(id) }) as const;
/** In the order in which they were written. */
export const messageRef = (id: DpoThreadId, number: number) =>
  ({ entity: messageEntity, owner: threadOwner(id), key: String(number).padStart(3, '0') }) as const;
export const unconfirmedRef = (id: DpoThreadId) =>
  ({ entity: unconfirmedMessageEntity, owner: threadOwner(id) }) as const;

export const threadPointers = {
  /** All threads in the order of their beginning, for the officer. Attributes: `state`, `lastBy`. */
  all: (id: DpoThreadId | '') => ({ table: 'core', pk: 'operator#DPO-THREADS', sk: id }) as const satisfies PointerKey,
  /** From the account that wrote. */
  mine: (accountId: AccountId, id: DpoThreadId | '') =>
    ({ table: 'core', pk: `operator#${accountId}`, sk: `DPO-THREAD#${id}` }) as const satisfies PointerKey,
  /** Closed threads by when: the clock's way to those whose time is over. Attribute: `accountId`. */
  closed: (id: DpoThreadId | '', closedAt: string) =>
    ({ table: 'core', pk: 'operator#DPO-THREADS-CLOSED', sk: `${closedAt}#${id}` }) as const satisfies PointerKey,
};

/** The thread with one more message, for who may still write in it. Throws `wrong-state` or `too-many`. Pure. */
export function withMessage(thread: Thread, by: Writer, now: Date): Thread {
  if (thread.state === 'closed') throw new Problem('wrong-state', 'This conversation is closed. Begin a new one.');
  if (thread.messages >= MESSAGES_MAX) throw new Problem('too-many', `A thread holds ${MESSAGES_MAX} messages.`);
  return { ...thread, messages: thread.messages + 1, lastBy: by, lastAt: now.toISOString() };
}

export const newThread = (from: Pick<Thread, 'id' | 'accountId' | 'language'>, writtenAt: string): Thread => ({
  ...from,
  state: 'open',
  messages: 1,
  lastBy: 'person',
  startedAt: writtenAt,
  lastAt: writtenAt,
});

/** Throws `wrong-state` when it is closed already. Pure. */
export function closed(thread: Thread, now: Date): Thread & { readonly closedAt: string } {
  if (thread.state === 'closed') throw new Problem('wrong-state', 'It is closed already.');
  return { ...thread, state: 'closed', closedAt: now.toISOString() };
}
