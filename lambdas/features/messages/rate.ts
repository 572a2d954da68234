import type { Call } from '../../http/call.ts';
import { Problem } from '../../http/problem.ts';

/** By one account. A busy day is a message every other minute; more is a mistake, or abuse. */
export const SENT_PER_HOUR_MAX = 60;
export const HOUR_SECONDS = 60 * 60;

/** Throws `too-many-requests`, with when the next one may be sent. */
export async function demandRate(
  store: { sentWithinTheHour(call: Call): Promise<readonly Date[]> },
  call: Call,
): Promise<void> {
  const sent = await store.sentWithinTheHour(call);
  const oldest = sent.at(-SENT_PER_HOUR_MAX);
  if (!oldest) return;
  const retryAfterSeconds = Math.ceil((oldest.getTime() - call.now.getTime()) / 1000) + HOUR_SECONDS;
  throw new Problem('too-many-requests', `At most ${SENT_PER_HOUR_MAX} messages an hour.`, { retryAfterSeconds });
}
