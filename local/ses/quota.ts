import type { Send } from './mail-store.ts';
import { SesProblem } from './problem.ts';

const DAY_MILLISECONDS = 86_400_000;

export interface Quota {
  /** Recipients in any 24 hours; -1 is no limit. */
  readonly max24HourSend: number;
  /** Recipients in any second. */
  readonly maxSendRate: number;
}

/** What applies where none is configured: nobody sends this fast to a mailbox on the same machine. */
export const ampleQuota: Quota = { max24HourSend: -1, maxSendRate: 100_000 };

export const QUOTA_MILLISECONDS = DAY_MILLISECONDS;

/** @throws SesProblem Throttling, when the recipients do not fit what is left of the second or the day. */
export function demandWithinQuota(quota: Quota, sendsOfTheDay: readonly Send[], recipients: number, now: number): void {
  const sentInSecond = recipientsIn(sendsOfTheDay.filter((send) => send.epochMilliseconds > now - 1000));
  if (sentInSecond + recipients > quota.maxSendRate) {
    throw new SesProblem('Throttling', 'Maximum sending rate exceeded.');
  }
  if (quota.max24HourSend === -1) return;
  if (recipientsIn(sendsOfTheDay) + recipients > quota.max24HourSend) {
    throw new SesProblem('Throttling', 'Daily message quota exceeded.');
  }
}

export function recipientsIn(sends: readonly Send[]): number {
  return sends.reduce((sum, send) => sum + send.recipients, 0);
}
