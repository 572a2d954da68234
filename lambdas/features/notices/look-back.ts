import type { Call } from '../../http/call.ts';
import { eventsOf, type MailEvent } from '../deliveries/mail-events.ts';
import { outcomeOf } from '../deliveries/outcome.ts';
import { mayFollowUnknown } from './channels/send-by.ts';
import type { Notice } from './notice.ts';
import type { Post } from './outbox-call.ts';
import { accepted, failedForGood, isHeardOut, unsureSince, untilEventsAreRead, waiting } from './progress.ts';

/**
 * Before a second try after one of which nothing is known: what the supplier said of that one. Returns what the notice is
 * then, or undefined when another try may be made: SES has said nothing for as long as a lease lasts, and none of what it
 * said is still unread. (Should it have taken the mail and said nothing of it even so, it goes out twice; see
 * docs/decisions/0019-a-mail-goes-out-once.md.)
 */
export async function lookBack(
  notice: Notice,
  { records, now }: Pick<Call, 'records' | 'now'>,
  { countUnreadEvents }: Pick<Post, 'countUnreadEvents'>,
): Promise<Notice | undefined> {
  if (notice.channel !== 'email') return mayFollowUnknown[notice.channel] ? undefined : failedForGood(notice);
  // Counted first: what has been read by then is among the events.
  const unread = await countUnreadEvents();
  const told = asTold(notice, await eventsOf(records, notice.id));
  if (told) return told;
  const triedAt = unsureSince(notice);
  const isOver = isHeardOut(unread, triedAt === undefined ? now : new Date(triedAt), now);
  return isOver ? undefined : waiting(notice, untilEventsAreRead(now));
}

function asTold(notice: Notice, events: readonly MailEvent[]): Notice | undefined {
  const state = outcomeOf(events);
  const [sentAt] = events.map(({ at }) => at).sort();
  return state && sentAt !== undefined ? { ...accepted(notice, sentAt), state } : undefined;
}
