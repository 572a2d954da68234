import type { Call, Language } from '../../http/call.ts';
import type { RequestId } from '../../http/ids.ts';
import type { ControllerId, Owner } from '../../platform/entity.ts';
import type { Change } from '../../platform/records.ts';
import { makeLink } from '../links/link.ts';
import { queueNotice } from '../notices/notice.ts';
import { replyAddressRef } from '../requests/request.ts';
import { CLAIM_KEPT_SECONDS, CLAIM_LINK_SECONDS, type Claim, claimOwner, claimRef, newClaim } from './claim.ts';

export interface NewClaim {
  readonly controller: ControllerId;
  readonly requestId: RequestId;
  /** The person or account that the request is about. */
  readonly subject: Claim['subject'];
  readonly codeTravels: Claim['codeTravels'];
  /** Absent where the answer goes by post. */
  readonly reply?: { readonly email: string; readonly language: Language };
}

/**
 * Adds to the change that registers a request what its answer will be fetched with (one or two writes): for somebody
 * without an account, or whose account will be gone by then. The address lies under the request's own key, which an
 * erasure of the person finds by the pointer that the register's entry has made.
 */
export function prepareClaim(change: Change, wanted: NewClaim, now: Date): void {
  const { controller, requestId, subject, codeTravels, reply } = wanted;
  change.put(claimRef(controller, requestId), newClaim({ requestId, subject, codeTravels }), 'new', {
    expiresAtEpochSeconds: Math.floor(now.getTime() / 1000) + CLAIM_KEPT_SECONDS,
  });
  if (reply) change.put(replyAddressRef(controller, requestId), reply, 'new');
}

/**
 * Adds to the change that ends a request (or issues its certificate) the mail with the claim link (four writes). Where
 * there is no reply address nothing is sent: staff print the link (`POST …/requests/{requestId}/claim-codes`).
 */
export function announceAnswer(
  change: Change,
  {
    controller,
    requestId,
    what,
  }: { readonly controller: ControllerId; readonly requestId: RequestId; readonly what: 'answer' | 'certificate' },
  call: Pick<Call, 'now' | 'newId'>,
): void {
  const owner = claimOwner(controller, requestId);
  const { token, expiresAt } = linkToClaim(change, owner, call);
  queueNotice(change, { to: owner, template: `claim-${what}`, parameters: { token, expiresAt } }, call);
}

/** The link alone (two writes), for a letter on paper. */
export const linkToClaim = (change: Change, owner: Owner, call: Pick<Call, 'now'>) =>
  makeLink(change, { purpose: 'claim-answer', owner, validForSeconds: CLAIM_LINK_SECONDS }, call);
