import type { Call } from '../../http/call.ts';
import type { Owner } from '../../platform/entity.ts';
import type { Change } from '../../platform/records.ts';
import { linkUrl } from '../links/link.ts';
import { topics } from '../subscriptions/subscribers.ts';
import type { Gathered } from './digest-lines.ts';
import { factsOf, type Known } from './facts.ts';
import { footLink } from './foot-link.ts';
import type { Letter } from './letter.ts';
import type { Facts } from './letters/phrases.ts';
import { letterFor, listNameOf, senderName } from './letters.ts';
import { mimeOf } from './mime.ts';
import { categoryOf, type NoticeContent } from './notice.ts';
import type { Post } from './outbox-call.ts';
import { canBeDeclinedByLink } from './preferences.ts';

export interface Composing {
  readonly owner: Owner;
  readonly content: NoticeContent;
  readonly known: Known;
  /** Of a digest alone. */
  readonly gathered?: Gathered;
}

/**
 * Writes the mail (RFC 5322 octets) and, into the change that claims its notice, the links of its foot. What throws here
 * is a mistake of ours, before anything was claimed.
 */
export async function composeMail(
  { owner, content, known, gathered }: Composing,
  { senderAddress, publicUrl, inboundDomain }: Pick<Post, 'senderAddress' | 'publicUrl' | 'inboundDomain'>,
  recipientAddress: string,
  change: Change,
  call: Pick<Call, 'now'>,
): Promise<Uint8Array> {
  const { parameters } = content;
  const answersTo =
    'mailToken' in parameters && inboundDomain !== undefined
      ? `ticket+${parameters.mailToken}@${inboundDomain}`
      : undefined;
  const facts = {
    ...(answersTo !== undefined && { answersTo }),
    ...factsOf(known, content, {
      linkUrl: (token) => linkUrl(publicUrl, token),
      ...footLinks({ owner, content, known }, gathered?.canBeDeclined ?? true, publicUrl, change, call),
    }),
    ...gathered,
  };
  return mimeOf(letterFor(content, facts), {
    senderAddress,
    senderName: senderName(facts),
    recipientAddress,
    listName: listNameOf(content.template, owner.controller, facts),
    answersTo,
  });
}

/** What a text message or a push is cut from: the words alone, without a link. */
export const composeShort = ({ content, known }: Composing, { publicUrl }: Pick<Post, 'publicUrl'>): Letter =>
  letterFor(content, factsOf(known, content, { linkUrl: (token) => linkUrl(publicUrl, token) }));

/** How to decline, in one press, and how to choose; of persons alone, who have something to choose. */
function footLinks(
  { owner, content, known }: Composing,
  canBeDeclined: boolean,
  publicUrl: string,
  change: Change,
  call: Pick<Call, 'now'>,
): Pick<Facts, 'declineUrl' | 'preferencesUrl'> {
  const url = (wanted: Parameters<typeof footLink>[2]) => linkUrl(publicUrl, footLink(change, owner, wanted, call));
  const category = content.template === 'digest' ? 'digest' : categoryOf(content.template);
  const topic = topics.find((one) => one === category);
  const mayDecline =
    category !== undefined && canBeDeclined && (category === 'digest' || canBeDeclinedByLink(category));
  return {
    ...(mayDecline && {
      declineUrl: url(
        topic ? { purpose: 'unsubscribe', about: topic } : { purpose: 'decline-notices', about: category },
      ),
    }),
    ...(known.wishes && { preferencesUrl: url({ purpose: 'notice-preferences' }) }),
  };
}
