import type { NoticeId } from '../../http/ids.ts';
import type { Owner } from '../../platform/entity.ts';
import type { Change } from '../../platform/records.ts';
import { linkUrl } from '../links/link.ts';
import { becoming, commits, conclude, type StoredNotice } from './conclude.ts';
import { putIntoDigest } from './digest.ts';
import { readDigest } from './digest-lines.ts';
import { isAboutMailAlone, type Known, readKnown, reasonNotToSend } from './facts.ts';
import { lookBack } from './look-back.ts';
import { type NoticeContent, type NoticeRequest, type NotSentReason, noticeRef, queueNotice } from './notice.ts';
import type { DeliveryCall, Outbox } from './outbox-call.ts';
import { decisionFor, ringsBeside } from './plan.ts';
import type { FurtherChannel } from './preferences.ts';
import { failedForUs, forgotten, isSpent, notSent, waiting, whatToDoWith } from './progress.ts';
import { isAboutRights } from './rights.ts';
import { claimAndSend } from './send.ts';

/** Times a notice is decided anew because somebody else was faster; the next sweep goes on. */
const DECISIONS_MAX = 4;

/**
 * Sends a notice if it is due, still wanted and still allowed. Several may try at once: the claim decides. Whatever
 * fails after the claim leaves the notice to the sweep, when the lease is over; before another try SES's events are
 * looked at.
 */
export async function deliver(owner: Owner, id: NoticeId, outbox: Outbox): Promise<void> {
  for (let decisions = 0; decisions < DECISIONS_MAX; decisions++) {
    const call = outbox.openCall();
    const stored = await call.records.get(noticeRef(owner, id));
    if (!stored || (await isDealtWith(stored, call, outbox))) return;
  }
}

/** False when somebody else was faster: then it is to be looked at again. */
async function isDealtWith(stored: StoredNotice, call: DeliveryCall, outbox: Outbox): Promise<boolean> {
  const { value: notice } = stored;
  const todo = whatToDoWith(notice, call.now);
  if (todo === 'wait' || todo === 'nothing' || notice.content.template === 'done') return true;
  if (todo === 'forget') return conclude(stored, forgotten(notice), call, outbox);
  if (todo === 'look') {
    const told = await lookBack(notice, call, outbox.post);
    if (told) return conclude(stored, told, call, outbox);
  }
  if (isSpent(notice)) return conclude(stored, failedForUs(notice, call.now), call, outbox);
  return decide(stored, notice.content, call, outbox);
}

async function decide(
  stored: StoredNotice,
  content: NoticeContent,
  call: DeliveryCall,
  outbox: Outbox,
): Promise<boolean> {
  const { value: notice } = stored;
  const { owner } = stored.ref;
  const reader = isAboutRights(content.template) ? call.throughRestriction : call.records;
  const known = await readKnown(reader, owner, content, call.now, notice.about);
  const reason = reasonNotToSend(notice, content, known, call.now);
  if (reason || !known) return leave(stored, content, reason ?? 'recipient-gone', known, call, outbox);

  const decision = await decisionFor(notice, content, known, owner, call);
  if (decision.do === 'wait') return conclude(stored, waiting(notice, decision.until), call, outbox);
  if (decision.do === 'not') return leave(stored, content, 'declined', known, call, outbox);
  if (decision.do === 'digest') return gather(stored, content, decision, call);

  const { slot, further } = decision;
  const sending = { stored, content, known, ...(slot && { slot }) };
  const beside = (change: Change) => queueBeside(change, stored, content, further, call);
  if (content.template !== 'digest') return claimAndSend(sending, beside, call, outbox);
  const gathered = await readDigest(content, owner, call, (token) => linkUrl(outbox.post.publicUrl, token));
  if (gathered.lines.length === 0) return conclude(stored, notSent(notice, 'no-longer-due'), call, outbox);
  return claimAndSend({ ...sending, gathered }, beside, call, outbox);
}

/** No mail goes; where only mail is unwanted or out of reach, what rings beside it does. */
function leave(
  stored: StoredNotice,
  content: NoticeContent,
  reason: NotSentReason,
  known: Known | undefined,
  call: DeliveryCall,
  outbox: Outbox,
): Promise<boolean> {
  const { value: notice } = stored;
  const further = isAboutMailAlone(reason) && known ? ringsBeside(notice, content, known) : [];
  const change = call.records.change();
  queueBeside(change, stored, content, further, call);
  return conclude(stored, notSent(notice, reason), call, outbox, change);
}

/** The digest's own notice is its mail; of this one its id is left. */
async function gather(
  stored: StoredNotice,
  content: NoticeContent,
  { at, further }: { readonly at: string; readonly further: readonly FurtherChannel[] },
  call: DeliveryCall,
): Promise<boolean> {
  const change = call.records.change();
  await putIntoDigest(change, stored, at, call);
  queueBeside(change, stored, content, further, call);
  change.activity(becoming(stored.ref.owner, { ...stored.value, state: 'digested' }));
  return commits(change);
}

/** A notice of its own for each further way, in the transaction that decides the mail: so there is one of each. */
function queueBeside(
  change: Change,
  { ref, value }: StoredNotice,
  { template, parameters }: NoticeContent,
  further: readonly FurtherChannel[],
  call: DeliveryCall,
): void {
  const { sentBy, about } = value;
  for (const channel of further) {
    const request = {
      to: ref.owner,
      template,
      parameters,
      channel,
      ...(sentBy !== undefined && { sentBy }),
      ...(about !== undefined && { about }),
    };
    // Template and parameters are of the same notice: its schema says so.
    queueNotice(change, request as NoticeRequest, call);
  }
}
