import { errorName } from '../../platform/error-name.ts';
import type { Change } from '../../platform/records.ts';
import { mailPointer } from '../deliveries/mail-events.ts';
import { tellAdministrators } from '../deliveries/tell-administrators.ts';
import type { FurtherChannel, SentBy } from './channels/channel.ts';
import { mayFollowUnknown, sendBy } from './channels/send-by.ts';
import { type Composing, composeMail, composeShort } from './compose.ts';
import { commits, conclude, replaceNotice, type StoredNotice } from './conclude.ts';
import { keptUntil, type Notice } from './notice.ts';
import type { DeliveryCall, Outbox, OutboxLine } from './outbox-call.ts';
import type { Slot } from './plan.ts';
import {
  accepted,
  claimed,
  failedForGood,
  failedForNow,
  failedForUs,
  isRefusedForLong,
  mayBeOut,
  notSent,
} from './progress.ts';
import { takeSlot } from './slots.ts';
import { asksWhoseAddress, listedAs, stopMailTo } from './undeliverable.ts';

export interface Sending extends Omit<Composing, 'owner'> {
  readonly stored: StoredNotice;
  readonly slot?: Slot;
}

/** A notice that is ours until the lease is over, and the one try that this is. */
interface Claim {
  readonly stored: StoredNotice;
  try(): Promise<Tried>;
}
type Tried =
  | { readonly outcome: 'accepted'; readonly sesMessageId?: string }
  | { readonly outcome: Exclude<SentBy, 'accepted'> };

/**
 * Writes what is to be sent, claims the notice, sends, and records. The words come before the claim: what cannot be
 * written is never a try. Of several who read the same version only one commits, the others look again (false).
 */
export async function claimAndSend(
  sending: Sending,
  beside: (change: Change) => void,
  call: DeliveryCall,
  outbox: Outbox,
): Promise<boolean> {
  const { stored } = sending;
  const change = call.records.change();
  let claim: Claim;
  try {
    claim =
      stored.value.channel === 'email'
        ? await mailClaim(sending, change, call, outbox)
        : shortClaim(sending, stored.value.channel, call, outbox);
  } catch (error) {
    outbox.log({ event: 'letter-failed', noticeId: stored.value.id, error: errorName(error) });
    return conclude(stored, failedForUs(stored.value, call.now), call, outbox);
  }
  beside(change);
  if (!(await commitClaim(change, claim, sending, call))) return false;
  if (mayBeOut(stored.value) && stored.value.channel === 'email') outbox.log(maybeTwice(stored.value));
  const tried = await claim.try();
  await record(claim.stored, tried, sending, call, outbox);
  return true;
}

/** SES said nothing of the try before, for as long as a lease: should it have taken that mail even so, this is a second. */
const maybeTwice = ({ id }: Notice): OutboxLine => ({
  event: 'mail-maybe-twice',
  metric: 'mail-maybe-twice',
  noticeId: id,
});

async function mailClaim(
  { stored, slot, ...writing }: Sending,
  change: Change,
  call: DeliveryCall,
  { post }: Outbox,
): Promise<Claim> {
  const { owner } = stored.ref;
  const { id, address, createdAt } = stored.value;
  const recipientAddress = recipientOf(address, writing);
  const raw = await composeMail({ owner, ...writing }, post, recipientAddress, change, call);
  change.point(mailPointer(owner, id, keptUntil(createdAt)));
  if (slot) takeSlot(change, owner, slot.day, slot.number);
  const { senderAddress } = post;
  const mail = { raw, senderAddress, recipientAddress, noticeId: id };
  return { stored: claimOf(stored, call), try: () => post.sendMail(mail) };
}

function shortClaim(
  { stored, ...writing }: Sending,
  channel: FurtherChannel,
  call: DeliveryCall,
  { post }: Outbox,
): Claim {
  const { owner } = stored.ref;
  const letter = composeShort({ owner, ...writing }, post);
  return {
    stored: claimOf(stored, call),
    try: async () => ({ outcome: await sendBy[channel]({ to: owner, letter }, call, post.further) }),
  };
}

const claimOf = ({ ref, value, version }: StoredNotice, { now }: DeliveryCall): StoredNotice => ({
  ref,
  value: claimed(value, now),
  version: version + 1,
});

function commitClaim(change: Change, claim: Claim, { stored }: Sending, _: DeliveryCall): Promise<boolean> {
  const { value: notice } = claim.stored;
  replaceNotice(change, stored, notice).activity({
    event: 'notice.sending',
    subject: stored.ref.owner,
    about: [notice.id],
    detail: { attempt: notice.attempts, ...(notice.channel !== 'email' && { channel: notice.channel }) },
  });
  return commits(change);
}

/** Whatever comes first, this or the supplier's events: what was recorded by another stands. */
async function record(
  stored: StoredNotice,
  tried: Tried,
  sending: Sending,
  call: DeliveryCall,
  outbox: Outbox,
): Promise<void> {
  const { value: notice } = stored;
  switch (tried.outcome) {
    case 'accepted': {
      const after = accepted(notice, call.now.toISOString(), tried.sesMessageId);
      return void (await conclude(stored, after, call, outbox));
    }
    case 'later': {
      const after = failedForNow(notice, call.now);
      const isDone = await conclude(stored, after, call, outbox);
      if (isDone && isRefusedForLong(after)) {
        outbox.log({ event: 'notice-held-up', metric: 'notice-failed', noticeId: notice.id });
      }
      return;
    }
    case 'unknown':
      // It may be on its way: the lease runs out first, and the try counts. Where none may follow, that is the end.
      if (notice.channel === 'email' || mayFollowUnknown[notice.channel]) return;
      return void (await conclude(stored, failedForGood(notice), call, outbox));
    case 'no-address':
      return void (await conclude(stored, notSent(notice, 'no-address'), call, outbox));
    case 'undeliverable':
      return void (await conclude(stored, notSent(notice, 'undeliverable-address'), call, outbox));
    case 'refused':
      return notice.channel === 'email'
        ? recordRefusal(stored, sending, call, outbox)
        : void (await conclude(stored, failedForGood(notice), call, outbox));
  }
}

/** SES will never take mail to this address: none is tried again, and whoever keeps the address hears of it. */
async function recordRefusal(
  stored: StoredNotice,
  { known }: Sending,
  call: DeliveryCall,
  outbox: Outbox,
): Promise<void> {
  if (asksWhoseAddress(stored.value)) return void (await conclude(stored, failedForGood(stored.value), call, outbox));
  const { owner } = stored.ref;
  const address = recipientOf(stored.value.address, { known });
  const stop = { address, since: call.now.toISOString(), reason: 'refused' } as const;
  const change = stopMailTo(call.records.change(), owner, stop, known.undeliverable);
  await conclude(stored, failedForGood(stored.value), call, outbox, change);
  if (owner.controller !== 'operator' && listedAs(owner)) await tellAdministrators(owner.controller, call);
}

const recipientOf = (address: string | undefined, { known }: Pick<Sending, 'known'>): string =>
  address ?? known.recipient.address ?? '';
