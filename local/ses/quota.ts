import { SesProblem } from './problem.ts';
import type { SendCounts } from './send-counts.ts';

export interface Quota {
  /** Recipients in any 24 hours; -1 is no limit. */
  readonly max24HourSend: number;
  /** Recipients in any second. */
  readonly maxSendRate: number;
}

/** What applies where none is configured: nobody sends this fast to a mailbox on the same machine. */
const ampleQuota: Quota = { max24HourSend: -1, maxSendRate: 100_000 };

/**
 * The quota that the variables `VERN_SES_RATE` (recipients a second) and `VERN_SES_DAILY` (recipients a day) set; ample
 * without them. Throws for what is no whole number above zero.
 */
export function quotaFrom(environment: Readonly<Record<string, string | undefined>>): Quota {
  return {
    max24HourSend: wholeNumber(environment, 'VERN_SES_DAILY') ?? ampleQuota.max24HourSend,
    maxSendRate: wholeNumber(environment, 'VERN_SES_RATE') ?? ampleQuota.maxSendRate,
  };
}

function wholeNumber(environment: Readonly<Record<string, string | undefined>>, name: string): number | undefined {
  const text = environment[name];
  if (text === undefined || text === '') return undefined;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new Error(`${name} is a whole number above zero, not ${text}`);
  return Number(text);
}

/** @throws SesProblem Throttling, when the recipients do not fit what is left of the second or the day. */
export function demandWithinQuota(quota: Quota, sent: SendCounts, recipients: number, now: number): void {
  if (sent.inSecond(now) + recipients > quota.maxSendRate) {
    throw new SesProblem('Throttling', 'Maximum sending rate exceeded.');
  }
  if (quota.max24HourSend === -1) return;
  if (sent.inDay(now) + recipients > quota.max24HourSend) {
    throw new SesProblem('Throttling', 'Daily message quota exceeded.');
  }
}
