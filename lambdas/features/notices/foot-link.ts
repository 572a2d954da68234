import type { Call } from '../../http/call.ts';
import type { Owner } from '../../platform/entity.ts';
import type { Change } from '../../platform/records.ts';
import { makeLink } from '../links/link.ts';

/** A mail may lie unread for a while; the links in its foot still work then. */
const FOOT_LINKS_SECONDS = 60 * 24 * 60 * 60;

/** Makes a link of a mail's foot, in the change that claims the mail (two writes), and gives its token. */
export function footLink(
  change: Change,
  owner: Owner,
  {
    purpose,
    about,
  }: { readonly purpose: 'unsubscribe' | 'decline-notices' | 'notice-preferences'; readonly about?: string },
  call: Pick<Call, 'now'>,
): string {
  const wanted = { purpose, owner, validForSeconds: FOOT_LINKS_SECONDS };
  return makeLink(change, { ...wanted, ...(about !== undefined && { about }) }, call).token;
}
