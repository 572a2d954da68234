import type { Call } from '../../http/call.ts';
import { DpoThreadId } from '../../http/ids.ts';
import { dependantPointers } from '../../platform/entity.ts';
import type { Change } from '../../platform/records.ts';
import { accountOwner } from '../accounts/account.ts';
import { operator } from '../agreements/operator.ts';
import { askAddress } from '../links/ask-address.ts';
import type { LinkEffect } from '../links/handlers.ts';
import { findLink, makeLink } from '../links/link.ts';
import { queueNotice } from '../notices/notice.ts';
import { replyAddressRef } from '../requests/request.ts';
import type { DpoStore } from './handlers.ts';
import {
  CLOSED_KEPT_DAYS,
  messageEntity,
  messageRef,
  newThread,
  READ_LINK_SECONDS,
  requestIdOf,
  type Thread,
  threadIdOf,
  threadOwner,
  threadPointers,
  threadRef,
  UNCONFIRMED_SECONDS,
  unconfirmedRef,
} from './thread.ts';

const DAY_SECONDS = 24 * 60 * 60;

export const dpoStore: DpoStore = {
  threadsOf: (accountId, range, call) => pageOf(threadPointers.mine(accountId, ''), range, call),
  allThreads: (range, call) => pageOf(threadPointers.all(''), range, call),

  thread: (id, { records }) => records.get(threadRef(id)),

  async messages(id, { records }) {
    const { items } = await records.list(messageEntity, threadOwner(id));
    return items.map(({ value }) => value);
  },

  async begin(thread, text, call, answer) {
    const change = call.records.change();
    writeThread(change, thread, text, call);
    return change.activity({ event: 'dpo-thread.begun', subject: threadOwner(thread.id) }).commit(answer);
  },

  async add(stored, after, text, call, answer) {
    const owner = threadOwner(after.id);
    const change = call.records
      .change()
      .put(stored.ref, after, { version: stored.version })
      .put(messageRef(after.id, after.messages), { by: after.lastBy, text, at: after.lastAt }, 'new');
    pointToAll(change, after);
    if (after.lastBy === 'officer') tellPerson(change, after, call);
    else tellOfficer(change, after, call);
    return change
      .activity({ event: 'dpo-message.written', subject: owner, detail: { by: after.lastBy } })
      .commit(answer);
  },

  async close(stored, after, by, { records }) {
    const closedAtEpochSeconds = Math.floor(Date.parse(after.closedAt) / 1000);
    const change = records.change().put(
      stored.ref,
      after,
      { version: stored.version },
      // From then on it is not shown any more, whether or not its key has been destroyed yet.
      { expiresAtEpochSeconds: closedAtEpochSeconds + CLOSED_KEPT_DAYS * DAY_SECONDS },
    );
    pointToAll(change, after);
    await change
      .point({
        ...threadPointers.closed(after.id, after.closedAt),
        // Whose it was, or who closed it: there the record of its destruction is kept.
        attributes: { accountId: after.accountId ?? by },
      })
      .activity({ event: 'dpo-thread.closed', subject: threadOwner(after.id) })
      .commit();
  },

  async askToConfirm({ id, text, email, language }, call) {
    const owner = threadOwner(id);
    const value = { threadId: id, text, email, language, writtenAt: call.now.toISOString() };
    const expiresAtEpochSeconds = Math.floor(call.now.getTime() / 1000) + UNCONFIRMED_SECONDS;
    await askAddress(email, call, (change) => {
      const wanted = { purpose: 'confirm-dpo-message', owner, validForSeconds: UNCONFIRMED_SECONDS } as const;
      const { token, expiresAt } = makeLink(change, wanted, call);
      change.put(unconfirmedRef(id), value, 'new', { expiresAtEpochSeconds });
      // The address is with what waits, and in the notice until the mail is out: nothing of it stays if nobody confirms.
      const confirm = { to: owner, template: 'dpo-confirm', parameters: { token, expiresAt }, address: email } as const;
      queueNotice(change, confirm, call);
      change.activity({ event: 'dpo-message.waiting', subject: owner });
    });
  },

  async threadOfToken(token, { records }) {
    const link = await findLink(records, token);
    return link?.purpose === 'read-dpo-thread' ? records.get(threadRef(threadIdOf(link.owner))) : undefined;
  },
};

/** The effect of the link that confirms an address: the message reaches the officer. */
export const confirmDpoMessage: LinkEffect = async (link, use, call) => {
  const id = threadIdOf(link.owner);
  const waiting = await call.records.get(unconfirmedRef(id));
  // It expires with the link; a link that outlived it would be a bug.
  if (!waiting) throw new Error('A link to confirm a message that is gone');
  const { text, email, language, writtenAt } = waiting.value;
  writeThread(use, newThread({ id, language }, writtenAt), text, call);
  await use
    .remove(waiting.ref, { version: waiting.version })
    .put(replyAddressRef('operator', requestIdOf(id)), { email, language }, 'new')
    .activity({ event: 'dpo-thread.begun', subject: link.owner })
    .commit();
};

/** The thread, its first message, the ways to it, and word to the officer that something waits. */
function writeThread(change: Change, thread: Thread, text: string, call: Call): void {
  const { id, accountId } = thread;
  change
    .put(threadRef(id), thread, 'new')
    .put(messageRef(id, thread.messages), { by: 'person', text, at: thread.startedAt }, 'new');
  pointToAll(change, thread);
  if (accountId) {
    const account = accountOwner(accountId);
    change.point(threadPointers.mine(accountId, id)).point(dependantPointers.subject(account, requestIdOf(id)));
  }
  tellOfficer(change, thread, call);
}

const pointToAll = (change: Change, { id, state, lastBy }: Thread) =>
  change.point({ ...threadPointers.all(id), attributes: { state, lastBy } });

/** To the officer's own mailbox, which stands in every statement; the letter says nothing but that a message waits. */
function tellOfficer(change: Change, { id, lastAt: at }: Thread, call: Call): void {
  const to = threadOwner(id);
  queueNotice(
    change,
    { to, template: 'dpo-message', parameters: { at }, address: operator.dataProtectionOfficer },
    call,
  );
}

function tellPerson(change: Change, { id, accountId, lastAt: at }: Thread, call: Call): void {
  if (accountId) {
    queueNotice(change, { to: accountOwner(accountId), template: 'dpo-answer', parameters: { at } }, call);
    return;
  }
  const owner = threadOwner(id);
  const { token, expiresAt } = makeLink(
    change,
    { purpose: 'read-dpo-thread', owner, validForSeconds: READ_LINK_SECONDS },
    call,
  );
  queueNotice(change, { to: owner, template: 'dpo-answer-link', parameters: { token, expiresAt } }, call);
}

async function pageOf(
  first: ReturnType<typeof threadPointers.all | typeof threadPointers.mine>,
  range: { limit: number; after?: string },
  { records }: Call,
) {
  const { table, pk, sk: prefix } = first;
  const { items, next } = await records.pointers(table, pk, {
    prefix,
    limit: range.limit,
    ...(range.after !== undefined && { after: `${prefix}${range.after}` }),
  });
  const stored = await records.getMany(items.map(({ sk }) => threadRef(DpoThreadId.parse(sk.slice(prefix.length)))));
  return {
    threads: stored.flatMap((thread) => (thread ? [thread] : [])),
    ...(next !== undefined && { next: next.slice(prefix.length) }),
  };
}
