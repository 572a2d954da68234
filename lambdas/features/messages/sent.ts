import type { Call } from '../../http/call.ts';
import type { AccountId } from '../../http/ids.ts';
import type { Change } from '../../platform/records.ts';
import { HOUR_SECONDS, SENT_PER_HOUR_MAX } from './rate.ts';

const SENT = 'MESSAGE-SENT#';

/** One row for each message of an account, for an hour. */
const sentPointer = (accountId: AccountId, at: Date, what: string) =>
  ({ table: 'transient', pk: `operator#${accountId}`, sk: `${SENT}${at.toISOString()}#${what}` }) as const;

/** Counts this message with the hour's. */
export function pointSent(change: Change, { account, now, requestId }: Call): Change {
  const expiresAtEpochSeconds = Math.floor(now.getTime() / 1000) + HOUR_SECONDS;
  return change.point({ ...sentPointer(account!.accountId, now, requestId), expiresAtEpochSeconds });
}

/** When the account wrote within the last hour, the oldest first; no more than are counted. One wave. */
export async function sentWithinTheHour({ records, now, account }: Call): Promise<readonly Date[]> {
  const anHourAgo = new Date(now.getTime() - HOUR_SECONDS * 1000);
  const { pk, sk: from } = sentPointer(account!.accountId, anHourAgo, '~');
  const range = { from, to: `${SENT}~`, limit: SENT_PER_HOUR_MAX, newestFirst: true };
  const { items } = await records.pointers('transient', pk, range);
  return items.map(({ sk }) => new Date(sk.split('#')[1] ?? '')).reverse();
}
