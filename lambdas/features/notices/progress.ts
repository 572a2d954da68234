import type { Notice, NotSentReason } from './notice.ts';

/** How often a notice is tried before we stop, and somebody has to look into it: for longer than a day's number lasts. */
export const ATTEMPTS_MAX = 10;
/** Fewer where a try ended without an answer: each one after it may be a second mail. */
export const UNSURE_ATTEMPTS_MAX = 5;
/** While a lease lasts nobody else may send; longer than the worker's own time limit, so that it is surely over. */
export const LEASE_SECONDS = 5 * 60;
const HOUR_SECONDS = 60 * 60;
/** Wait before the next try after the first, second … temporary failure: 37 hours in all, because SES counts 24 of them. */
const BACKOFF_SECONDS = [60, 5 * 60, 15 * 60, ...[1, 2, 4, 6, 12, 12].map((hours) => hours * HOUR_SECONDS)];
/** A notice that failed for a reason of ours can be sent anew for so long; then what it would have needed goes. */
const REDRIVABLE_SECONDS = 14 * 24 * 60 * 60;

/** `look`: a try before this one may be on its way, so what the supplier says of it comes first. */
export type ToDo = 'decide' | 'look' | 'wait' | 'give-up' | 'forget' | 'nothing';

/** What may be done with a notice now. Pure. */
export function whatToDoWith(notice: Notice, now: Date): ToDo {
  if (notice.dueAt === undefined || notice.content.template === 'done') return 'nothing';
  if (now.toISOString() < notice.dueAt) return 'wait';
  if (notice.state === 'technical-failure') return 'forget';
  if (mayBeOut(notice)) return 'look';
  return isSpent(notice) ? 'give-up' : 'decide';
}

/**
 * When the last try began that ended without an answer, this one or one before it: nobody here knows whether the supplier
 * took it. Undefined when every try was answered.
 */
export function unsureSince({ state, dueAt, unsureSince: before }: Notice): string | undefined {
  return state === 'sending' && dueAt !== undefined ? secondsAfter(new Date(dueAt), -LEASE_SECONDS) : before;
}
/** While any of SES's events waits to be read, it may be the one that tells of our mail. So long a try is waited for. */
const UNREAD_SECONDS_MAX = 60 * 60;
/** Where mails go out all day some event always waits. After an hour no more may wait than are read in a few seconds. */
const UNREAD_EVENTS_MAX = 1_000;

/** Whether SES has said all that it will of a mail that was tried at an instant, when so many of its events are unread. Pure. */
export const isHeardOut = (unread: number, triedAt: Date, now: Date): boolean =>
  unread <= (now.getTime() - triedAt.getTime() > UNREAD_SECONDS_MAX * 1000 ? UNREAD_EVENTS_MAX : 0);

export const mayBeOut = (notice: Notice): boolean => unsureSince(notice) !== undefined;
export const isSpent = (notice: Notice): boolean =>
  notice.attempts >= (mayBeOut(notice) ? UNSURE_ATTEMPTS_MAX : ATTEMPTS_MAX);

/** Claimed: nobody else sends it before the lease is over. The record's version is the token that only one can hold. */
export const claimed = (notice: Notice, now: Date): Notice => ({
  ...unsureIfOut(notice),
  state: 'sending',
  attempts: notice.attempts + 1,
  dueAt: secondsAfter(now, LEASE_SECONDS),
});

/** Not now: quiet hours, or the supplier's events that are still to be read. No try is counted. */
export const waiting = (notice: Notice, until: string): Notice => ({
  ...unsureIfOut(notice),
  state: 'waiting',
  dueAt: until,
});
export const untilEventsAreRead = (now: Date): string => secondsAfter(now, LEASE_SECONDS);

/** The supplier took it. `sentAt`: RFC 3339. */
export const accepted = (notice: Notice, sentAt: string, sesMessageId?: string): Notice => ({
  ...doneWith(notice),
  state: 'accepted',
  sentAt,
  ...(sesMessageId !== undefined && { sesMessageId }),
});

/** The supplier said that it would not now, so this try is not on its way: again later, or given up after the last one. */
export function failedForNow(notice: Notice, now: Date): Notice {
  const wait = BACKOFF_SECONDS[notice.attempts - 1] ?? LEASE_SECONDS;
  const answered: Notice = { ...notice, state: 'temporary-failure', dueAt: secondsAfter(now, wait) };
  return isSpent(answered) ? failedForUs(answered, now) : answered;
}

/** The supplier has said no for so long that somebody should look into it; once for each notice. Tries go on meanwhile. */
export const isRefusedForLong = ({ state, attempts }: Notice): boolean =>
  state === 'temporary-failure' && attempts === UNSURE_ATTEMPTS_MAX;

/** The recipient's address takes no mail, or no try may follow. */
export const failedForGood = (notice: Notice): Notice => ({ ...doneWith(notice), state: 'permanent-failure' });

/** Nothing that the recipient could mend. It keeps what it would need, because it may be sent anew. */
export const failedForUs = (notice: Notice, now: Date): Notice => ({
  ...unsureIfOut(notice),
  state: 'technical-failure',
  dueAt: secondsAfter(now, REDRIVABLE_SECONDS),
});

/** Nobody sent it anew: what it would have needed goes, and that it failed stays. */
export const forgotten = (notice: Notice): Notice => doneWith(notice);

/** Sent anew. What was tried before has been counted and has rung, and what may be out already is looked for first. */
export const redriven = (notice: Notice, now: Date): Notice => ({
  ...notice,
  state: 'created',
  attempts: Math.min(notice.attempts, 1),
  dueAt: now.toISOString(),
});

export const notSent = (notice: Notice, reason: NotSentReason): Notice => ({
  ...doneWith(notice),
  state: 'not-sent',
  reason,
});

/** What only the sending needed goes with it: link, address, ids of others. */
function doneWith({ address: _, dueAt: __, unsureSince: ___, ...notice }: Notice): Notice {
  const { content } = notice;
  return content.template === 'done' ? notice : { ...notice, content: { template: 'done', was: content.template } };
}

function unsureIfOut(notice: Notice): Notice {
  const since = unsureSince(notice);
  return since === undefined ? notice : { ...notice, unsureSince: since };
}

const secondsAfter = (now: Date, seconds: number) => new Date(now.getTime() + seconds * 1000).toISOString();
