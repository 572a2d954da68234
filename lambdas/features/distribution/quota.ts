/** What SES says that the account may send (GetSendQuota); `max24Hour` is -1 where there is no limit. */
export interface SendQuota {
  readonly maxPerSecond: number;
  readonly max24Hour: number;
  readonly sentLast24Hours: number;
}

/** Of both the rate and the day, this much is kept for ordinary notices: a child that has not come is never behind a newsletter. */
const SPARED_FOR_NOTICES = 0.1;
/** The 24 hours move on with every second: a stopped job does not go on for each mail that falls out of them. */
const GOES_ON_WITH = 0.02;
/**
 * Chunks that are sent at the same time, each at its share of the rate: as many as the queue hands out at once
 * (`concurrencyMax` of the function's trigger), so that all of them together are never faster.
 */
export const LANES = 2;

export interface Pace {
  /** Mails of one lane in a second. */
  readonly perSecond: number;
  /** Mails of the day that jobs may still use up; never below 0. */
  readonly mayStillSend: number;
  /** There is enough left of the day to go on with a job that the day's number had stopped. */
  readonly mayGoOn: boolean;
}

/** Pure. */
export function paceOf({ maxPerSecond, max24Hour, sentLast24Hours }: SendQuota): Pace {
  const share = 1 - SPARED_FOR_NOTICES;
  const left = max24Hour < 0 ? Number.POSITIVE_INFINITY : Math.floor(max24Hour * share) - sentLast24Hours;
  const mayStillSend = Math.max(0, left);
  return {
    perSecond: (maxPerSecond * share) / LANES,
    mayStillSend,
    mayGoOn: mayStillSend > 0 && mayStillSend >= max24Hour * GOES_ON_WITH,
  };
}

export interface Clock {
  now(): number;
  pause(milliseconds: number): Promise<void>;
}

/**
 * Lets one lane through so many times a second, evenly, and never makes up for time that went by: `await next(45)`.
 * A lane lives as long as its container, so that one chunk does not begin where the last has just ended.
 */
export function lane(clock: Clock): (perSecond: number) => Promise<void> {
  let freeAt = 0;
  return async (perSecond) => {
    const now = clock.now();
    const at = Math.max(now, freeAt);
    freeAt = at + 1000 / perSecond;
    if (at > now) await clock.pause(at - now);
  };
}
