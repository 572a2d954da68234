import type { Call } from '../../http/call.ts';
import type { Owner } from '../../platform/entity.ts';
import type { Known } from './facts.ts';
import { ARRIVAL_NEWS_SECONDS_MAX, type Notice, type NoticeContent, noticeKinds } from './notice.ts';
import type { FurtherChannel } from './preferences.ts';
import { sentToday } from './slots.ts';
import { furtherOf, furtherPlanOf, type Plan, planOf, recipientsDay } from './timing.ts';

/** What a mail is counted as on its recipient's day. */
export interface Slot {
  readonly day: string;
  readonly number: number;
}

/** What becomes of a notice that may be sent. */
export type Decision = Plan['email'] & {
  /** The ways that are to ring beside it; decided once, when the notice itself is. */
  readonly further: readonly FurtherChannel[];
  /** Absent for what is not counted. */
  readonly slot?: Slot;
};

const atOnce: Decision = { do: 'now', further: [] };

/**
 * Decides by the recipient's wishes; one round trip at most. Accounts, and whoever has only written to us, get what they
 * get at once. A try after the first one has been counted and has rung already.
 */
export async function decisionFor(
  notice: Notice,
  content: NoticeContent,
  { wishes }: Known,
  owner: Owner,
  { records, now }: Pick<Call, 'records' | 'now'>,
): Promise<Decision> {
  const { channel, address, attempts } = notice;
  // The time of a digest was chosen when it was begun; what goes to an address of its own is in nobody's digest.
  if (!wishes || content.template === 'digest' || address !== undefined) return atOnce;
  const kind = noticeKinds[content.template];
  if (kind.isByChosenWays) return atOnce;
  if (channel !== 'email') return { ...furtherPlanOf(kind, wishes, channel, now), further: [] };

  const isCounted = attempts === 0 && kind.urgency !== 'urgent';
  const day = recipientsDay(wishes, now);
  const number = isCounted ? await sentToday(records, owner, day) : 0;
  const plan = planOf(kind, wishes, number, now, expiryOf(content));
  const isGathered = plan.email.do === 'digest';
  // What may be out already must not come again in a digest.
  const email = isGathered && attempts > 0 ? ({ do: 'now' } as const) : plan.email;
  return {
    ...email,
    further: email.do === 'wait' ? [] : ringsBeside(notice, content, { wishes }),
    ...(isCounted && email.do === 'now' && { slot: { day, number } }),
  };
}

/** What rings beside a notice: decided with its first decision, for mail alone. */
export function ringsBeside(
  { channel, address, attempts }: Notice,
  { template }: NoticeContent,
  { wishes }: Pick<Known, 'wishes'>,
): readonly FurtherChannel[] {
  if (noticeKinds[template].isByChosenWays) return [];
  const isOnce = channel === 'email' && attempts === 0 && address === undefined && template !== 'digest';
  return wishes && isOnce ? furtherOf(noticeKinds[template], wishes) : [];
}

function expiryOf({ template, parameters }: NoticeContent): string | undefined {
  if ('expiresAt' in parameters) return parameters.expiresAt;
  if (template !== 'checked-in') return undefined;
  return new Date(Date.parse(parameters.at) + ARRIVAL_NEWS_SECONDS_MAX * 1000).toISOString();
}
