import type { Call } from '../../http/call.ts';
import type { NoticeId } from '../../http/ids.ts';
import type { Owner } from '../../platform/entity.ts';
import type { SendMail } from '../../platform/mail.ts';
import { type Change, Closed, StaleVersion, type Stored } from '../../platform/records.ts';
import { linkUrl, makeLink } from '../links/link.ts';
import { factsOf, type Known, readKnown, reasonNotToSend } from './facts.ts';
import { letterFor, senderName } from './letters.ts';
import { mimeOf } from './mime.ts';
import {
  accepted,
  categoryOf,
  claimed,
  dueKey,
  failedForGood,
  failedForNow,
  keptUntil,
  type Notice,
  type NoticeContent,
  type noticeEntity,
  noticeRef,
  notSent,
  whatToDoWith,
} from './notice.ts';
import { isAboutRights } from './rights.ts';
import { undeliverableAddressRef } from './undeliverable.ts';

/** A mail may lie unread for a while; its decline link still works then. */
const DECLINE_LINK_SECONDS = 60 * 24 * 60 * 60;

/** What one delivery works with; a fresh one for each notice. */
export interface DeliveryCall extends Pick<Call, 'now' | 'records'> {
  /** The same through a restriction: whoever restricted their data still hears about their rights. */
  readonly throughRestriction: Call['records'];
}

export interface Post {
  readonly sendMail: SendMail;
  /** The stage's verified sender, without a display name. */
  readonly senderAddress: string;
  readonly publicUrl: string;
}

interface Claim {
  readonly notice: Notice;
  readonly content: NoticeContent;
  readonly version: number;
  readonly declineToken?: string;
}

/**
 * Sends a notice if it is due, still wanted and still allowed. Several may try at once: the claim decides. Whatever
 * fails after the claim leaves the notice to the sweep, when the lease is over.
 */
export async function deliver(owner: Owner, id: NoticeId, call: DeliveryCall, post: Post): Promise<void> {
  const stored = await call.records.get(noticeRef(owner, id));
  if (!stored) return;
  const { value: notice } = stored;
  const todo = whatToDoWith(notice, call.now);
  if (todo === 'wait' || todo === 'nothing' || notice.content.template === 'done') return;
  if (todo === 'give-up') return conclude(stored, failedForGood(notice), owner, call);

  const { content } = notice;
  const reader = isAboutRights(content.template) ? call.throughRestriction : call.records;
  const known = await readKnown(reader, owner, content, call.now);
  const reason = reasonNotToSend(notice, content, known, call.now);
  if (reason) return conclude(stored, notSent(notice, reason), owner, call);
  if (!known) return;

  const claim = await claimFor(stored, content, owner, call);
  if (!claim) return;
  const recipientAddress = notice.address ?? known.recipient.address ?? '';
  const outcome = await send(claim, known, recipientAddress, post);
  await record(claim, outcome, { owner, known, recipientAddress }, call);
}

/** Of several who read the same version only one commits; the others leave it alone. */
async function claimFor(
  stored: Stored<typeof noticeEntity>,
  content: NoticeContent,
  owner: Owner,
  call: DeliveryCall,
): Promise<Claim | undefined> {
  const notice = claimed(stored.value, call.now);
  const change = replaceNotice(call.records.change(), stored, notice, owner);
  const category = categoryOf(content.template);
  const link =
    category &&
    makeLink(
      change,
      { purpose: 'decline-notices', owner, about: category, validForSeconds: DECLINE_LINK_SECONDS },
      call,
    );
  change.activity({
    event: 'notice.sending',
    subject: owner,
    about: [notice.id],
    detail: { attempt: notice.attempts },
  });
  const won = await commits(change);
  if (!won) return undefined;
  return { notice, content, version: stored.version + 1, ...(link && { declineToken: link.token }) };
}

async function send({ notice, content, declineToken }: Claim, known: Known, recipientAddress: string, post: Post) {
  const facts = factsOf(known, content, {
    linkUrl: (token) => linkUrl(post.publicUrl, token),
    ...(declineToken !== undefined && { declineUrl: linkUrl(post.publicUrl, declineToken) }),
  });
  const { senderAddress } = post;
  const raw = await mimeOf(letterFor(content, facts), {
    senderAddress,
    senderName: senderName(facts),
    recipientAddress,
  });
  return post.sendMail({ raw, senderAddress, recipientAddress, noticeId: notice.id });
}

async function record(
  { notice, version }: Claim,
  result: Awaited<ReturnType<SendMail>>,
  { owner, known, recipientAddress }: { owner: Owner; known: Known; recipientAddress: string },
  call: DeliveryCall,
): Promise<void> {
  // It may be on its way: the lease runs out first, and the try counts.
  if (result.outcome === 'unknown') return;
  const stored = { ref: noticeRef(owner, notice.id), value: notice, version };
  if (result.outcome === 'accepted') return conclude(stored, accepted(notice, result.sesMessageId), owner, call);
  if (result.outcome === 'later') return conclude(stored, failedForNow(notice, call.now), owner, call);
  const change = call.records.change();
  const condition = known.undeliverable ? { version: known.undeliverable.version } : 'new';
  const since = call.now.toISOString();
  change.put(undeliverableAddressRef(owner), { address: recipientAddress, since }, condition, {
    expiresAtEpochSeconds: keptUntil(since),
  });
  await conclude(stored, failedForGood(notice), owner, call, change);
}

async function conclude(
  stored: Pick<Stored<typeof noticeEntity>, 'ref' | 'value' | 'version'>,
  notice: Notice,
  owner: Owner,
  call: DeliveryCall,
  change: Change = call.records.change(),
): Promise<void> {
  replaceNotice(change, stored, notice, owner).activity({
    event: `notice.${notice.state}`,
    subject: owner,
    about: [notice.id],
    detail: { attempts: notice.attempts, ...(notice.reason && { reason: notice.reason }) },
  });
  await commits(change);
}

/** The notice and the place where the sweep finds it, together: what is done with is found no more. */
function replaceNotice(
  change: Change,
  stored: Pick<Stored<typeof noticeEntity>, 'ref' | 'value' | 'version'>,
  notice: Notice,
  owner: Owner,
): Change {
  const expiresAtEpochSeconds = keptUntil(notice.createdAt);
  change.put(stored.ref, notice, { version: stored.version }, { expiresAtEpochSeconds });
  // One item may appear only once in a transaction.
  if (stored.value.dueAt === notice.dueAt) return change;
  if (stored.value.dueAt !== undefined) change.unpoint(dueKey(notice.id, stored.value.dueAt));
  if (notice.dueAt !== undefined) {
    const attributes = { ...owner, noticeId: notice.id };
    change.point({ ...dueKey(notice.id, notice.dueAt), attributes, expiresAtEpochSeconds });
  }
  return change;
}

/** False when somebody else was faster, or when the recipient was erased meanwhile: nothing is left to record then. */
async function commits(change: Change): Promise<boolean> {
  try {
    await change.commit();
    return true;
  } catch (error) {
    if (error instanceof StaleVersion || error instanceof Closed) return false;
    throw error;
  }
}
