import { createHash, randomBytes } from 'node:crypto';
import type { Call } from '../../http/call.ts';
import { Problem } from '../../http/problem.ts';
import type { Owner } from '../../platform/entity.ts';
import type { Change, Pointer, PointerKey, Records } from '../../platform/records.ts';

/** What a link can be for. Each does one thing, for one person or account. */
export const purposes = [
  'accept-invitation',
  'confirm-email',
  'reset-totp',
  'decline-notices',
  'claim-answer',
  'notice-preferences',
  'confirm-dpo-message',
  'read-dpo-thread',
  'confirm-subscription',
  'confirm-enquiry',
  'confirm-sign-up',
  'unsubscribe',
  'read-statement',
  'own-form',
  'answer-ticket',
  'confirm-ticket',
  'read-invoice',
  'answer-survey',
  'read-survey-results',
  'inspect-site',
  'acknowledge-alarm',
] as const;
export type Purpose = (typeof purposes)[number];

/** 192 bits: a link cannot be guessed, so knowing it is having been sent it. */
const TOKEN_BYTES = 24;
/** No link outlives this, whatever is asked for. */
const LINK_SECONDS_MAX = 90 * 24 * 60 * 60;

export interface Link {
  readonly purpose: Purpose;
  readonly owner: Owner;
  /** What it concerns, where the owner alone does not say it: an invitation's id, a category of notices. */
  readonly about?: string;
  readonly expiresAt: string;
  /** Where it lies; the token itself is kept nowhere. */
  readonly hash: string;
}

/**
 * Makes a link in the transaction of what needs it (two writes). The token goes into the letter and nowhere else: the
 * page is at `/l/{token}`; see {@link linkUrl}.
 */
export function makeLink(
  change: Change,
  wanted: {
    readonly purpose: Purpose;
    readonly owner: Owner;
    readonly about?: string;
    readonly validForSeconds: number;
  },
  call: Pick<Call, 'now'>,
): { readonly token: string; readonly expiresAt: string } {
  if (wanted.validForSeconds > LINK_SECONDS_MAX) throw new Error(`A link of more than ${LINK_SECONDS_MAX} seconds`);
  const token = newToken();
  const hash = hashOf(token);
  const expires = new Date(call.now.getTime() + wanted.validForSeconds * 1000);
  const expiresAt = expires.toISOString();
  const expiresAtEpochSeconds = Math.floor(expires.getTime() / 1000);
  const { purpose, owner, about } = wanted;
  change.point({
    ...linkKey(hash),
    attributes: { purpose, ...owner, expiresAt, ...(about !== undefined && { about }) },
    expiresAtEpochSeconds,
  });
  // From the owner's own partition, so that an erasure finds the links that are still open.
  change.point({ ...ownersLinkKey(owner, hash), expiresAtEpochSeconds });
  return { token, expiresAt };
}

export const linkUrl = (publicUrl: string, token: string) => `${publicUrl}/l/${token}`;

/** The link that a token opens, or none: never made, used, expired. One round trip; changes nothing. */
export async function findLink(records: Records, token: string): Promise<Link | undefined> {
  const hash = hashOf(token);
  const [pointer] = await records.pointersAt([linkKey(hash)]);
  return pointer && linkOf(pointer, hash);
}

/** Uses the link up: of several who try at once only one commits, the others get `link-not-found`. */
export function useLink(change: Change, link: Link): Change {
  return change
    .unpoint(linkKey(link.hash), { ifPresent: () => new Problem('link-not-found') })
    .unpoint(ownersLinkKey(link.owner, link.hash));
}

function linkOf({ attributes = {} }: Pointer, hash: string): Link | undefined {
  const purpose = purposes.find((known) => known === attributes['purpose']);
  const { controller, subject, expiresAt, about } = attributes;
  if (!purpose || typeof expiresAt !== 'string') return undefined;
  return {
    purpose,
    // Written by makeLink from an Owner, and by nobody else.
    owner: { controller, subject } as Owner,
    expiresAt,
    hash,
    ...(typeof about === 'string' && { about }),
  };
}

export const newToken = () => randomBytes(TOKEN_BYTES).toString('base64url');
/** SHA-256 without salt or stretching is enough for a value of 192 random bits. */
export const hashOf = (token: string) => createHash('sha256').update(token).digest('base64url');
export const linkKey = (hash: string): PointerKey => ({ table: 'transient', pk: `LINK#${hash}`, sk: 'LINK' });
/** In the owner's own partition: where an erasure finds it. */
export const ownersLinkKey = ({ controller, subject }: Owner, hash: string): PointerKey => ({
  table: 'transient',
  pk: `${controller}#${subject}`,
  sk: `LINK#${hash}`,
});
