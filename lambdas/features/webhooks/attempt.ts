import type { Posted } from '../../platform/outbound.ts';
import type { Webhook, WebhookMessage } from './webhook.ts';

/** After each failed try, as Svix's schedule has them: 75 hours in all. */
const RETRY_SECONDS = [5, 5 * 60, 30 * 60, ...[2, 5, 10, 14, 20, 24].map((hours) => hours * 60 * 60)] as const;
const FAILING_DAYS_MAX = 5;
const GONE = 410;

export interface Concluded {
  readonly message: WebhookMessage;
  readonly webhook: Webhook;
  /** It was told until now, and is told no more. */
  readonly isDisabled: boolean;
}

/** What follows from a try: done, to be tried again, given up; and whether the webhook is worth any more. Pure. */
export function concluded(message: WebhookMessage, webhook: Webhook, posted: Posted, now: Date): Concluded {
  const { dueAt: _, ...rest } = message;
  const attempts = message.attempts + 1;
  const tried = {
    ...rest,
    attempts,
    lastAttemptAt: now.toISOString(),
    lastOutcome: outcomeOf(posted),
    lastLatency: latencyOf(posted),
    ...('status' in posted && { lastStatus: posted.status }),
  };
  if (outcomeOf(posted) === 'delivered') {
    const { failingSince: _since, ...well } = webhook;
    return { message: { ...tried, state: 'delivered' }, webhook: well, isDisabled: false };
  }
  const failingSince = webhook.failingSince ?? now.toISOString();
  const seconds = RETRY_SECONDS[attempts - 1];
  const disabledReason = reasonToDisable(posted, failingSince, seconds === undefined, now);
  const after: Webhook = { ...webhook, failingSince, ...(disabledReason && { state: 'disabled', disabledReason }) };
  const next: WebhookMessage =
    seconds === undefined || disabledReason
      ? { ...tried, state: 'failed' }
      : { ...tried, state: 'waiting', dueAt: new Date(now.getTime() + seconds * 1000).toISOString() };
  return { message: next, webhook: after, isDisabled: disabledReason !== undefined && webhook.state === 'active' };
}

/**
 * Five days without success, and this message has had all its tries: where little happens, a failure long ago and a
 * single new one are not five days of failure.
 */
function reasonToDisable(
  posted: Posted,
  failingSince: string,
  isGivenUp: boolean,
  now: Date,
): Webhook['disabledReason'] {
  if ('status' in posted && posted.status === GONE) return 'gone';
  const days = (now.getTime() - Date.parse(failingSince)) / (24 * 60 * 60 * 1000);
  return isGivenUp && days >= FAILING_DAYS_MAX ? 'failing' : undefined;
}

/** A redirect is a refusal: whoever answers there is not who was agreed on. */
function outcomeOf(posted: Posted): NonNullable<WebhookMessage['lastOutcome']> {
  if ('failure' in posted) return posted.failure;
  return posted.status >= 200 && posted.status < 300 ? 'delivered' : 'refused';
}

function latencyOf({ milliseconds }: Posted): NonNullable<WebhookMessage['lastLatency']> {
  if (milliseconds < 1_000) return 'under-1-s';
  return milliseconds < 5_000 ? '1-to-5-s' : 'over-5-s';
}
