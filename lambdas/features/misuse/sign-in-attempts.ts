import type { Call } from '../../http/call.ts';
import { AccountId } from '../../http/ids.ts';
import { isMachineName } from '../../http/machine-name.ts';
import type { CounterKey, Counters } from '../../platform/counters.ts';
import { accountOwner } from '../accounts/account.ts';
import { queueNotice } from '../notices/notice.ts';
import { HOUR_SECONDS, windowAt } from './limits.ts';

/** After so many without success within an hour, the owner is told: the same number as a person mistypes on a bad day. */
export const FAILURES_TOLD_OF = 5;
/** A person who mistypes twice waits for nothing. */
const FREE_FAILURES = 2;
const FIRST_DELAY_MILLISECONDS = 250;
/** Cognito gives a trigger five seconds, and tries it again after that. */
export const DELAY_MILLISECONDS_MAX = 4_000;
/** The answer's own way back to Cognito, and the start of a function that was cold, of which it knows nothing. */
const ANSWER_MILLISECONDS = 1_000;
const DAY_SECONDS = 24 * HOUR_SECONDS;

/**
 * How long the next attempt waits after so many failures: it doubles, up to four seconds. Never a lock: whoever knows
 * somebody's address could then lock them out, and a guess every four seconds finds no password of twelve characters. Pure.
 */
export function delayAfter(failures: number): number {
  if (failures <= FREE_FAILURES) return 0;
  return Math.min(DELAY_MILLISECONDS_MAX, FIRST_DELAY_MILLISECONDS * 2 ** (failures - FREE_FAILURES - 1));
}

/**
 * What of a delay is still waited for, when `spent` milliseconds have gone into counting and `left` are left of the
 * function's time. What was spent counts as waiting; and what comes too late for Cognito is tried again, counted once
 * more, and in the end a refusal: whoever guesses would lock somebody out by it. Pure.
 */
export const stillToWait = (
  delay: number,
  { spent, left }: { readonly spent: number; readonly left: number },
): number => Math.max(0, Math.min(delay - spent, left - ANSWER_MILLISECONDS));

export interface SignInAttempts {
  readonly counters: Pick<Counters, 'add' | 'set'>;
  /** Whose attempts they are, in these rows: an HMAC, because a row's key is no place for who somebody is. */
  pseudonym(who: string): Promise<string>;
  openCall(): Call;
}

/**
 * Who is counted: Cognito's subject, or a name that somebody typed and nobody has (counted and held up alike: whoever
 * guesses must not learn by the time whether somebody is). Undefined for a program: no guess finds its password, strangers
 * must not hold it up, and nobody reads its mail. Pure.
 */
export function whoAttempts(name: string, attributes: Readonly<Record<string, string>>): string | undefined {
  if (isMachineName(attributes['email'] ?? name.toLowerCase())) return undefined;
  return attributes['sub'] ?? name.toLowerCase();
}

/**
 * Before a password is checked: counts the attempt, and answers the milliseconds by which it is held up. Cognito does not
 * tell of failures: an attempt is one until {@link succeeded} says otherwise.
 *
 * @param who Cognito's subject, or a name that somebody typed and nobody has
 */
export async function attempted(who: string, now: Date, attempts: SignInAttempts): Promise<number> {
  const pseudonym = await attempts.pseudonym(who);
  const { attempts: begun = 1 } = await attempts.counters.add(rowOf(pseudonym, now), { attempts: 1 }, expiry(now));
  const failures = begun - 1;
  if (failures >= FAILURES_TOLD_OF) await tell(who, pseudonym, now, attempts);
  return delayAfter(failures);
}

/** After a sign-in: what failed before it no longer counts. */
export async function succeeded(who: string, now: Date, { counters, pseudonym }: SignInAttempts): Promise<void> {
  await counters.set(rowOf(await pseudonym(who), now), { attempts: 0 }, expiry(now));
}

/** Once a day, however often somebody tries. */
async function tell(who: string, pseudonym: string, now: Date, attempts: SignInAttempts): Promise<void> {
  const { counters } = attempts;
  const day = now.toISOString().slice(0, 'yyyy-mm-dd'.length);
  const told = { pk: `SIGN-IN-ATTEMPTS#${pseudonym}`, sk: `TOLD#${day}` };
  const expiresAtEpochSeconds = Math.floor(now.getTime() / 1000) + DAY_SECONDS;
  const { times } = await counters.add(told, { times: 1 }, expiresAtEpochSeconds);
  if (times !== 1) return;
  try {
    await tellOwner(who, now, attempts);
  } catch (error) {
    // The next attempt tells of it.
    await counters.set(told, { times: 0 }, expiresAtEpochSeconds);
    throw error;
  }
}

async function tellOwner(who: string, now: Date, { openCall }: SignInAttempts): Promise<void> {
  const call = openCall();
  const accountId = AccountId.safeParse(await call.records.find('operator', 'sub', who)).data;
  if (!accountId) return;
  const to = accountOwner(accountId);
  const change = call.records.change();
  queueNotice(change, { to, template: 'sign-ins-failed', parameters: { at: now.toISOString() } }, call);
  await change
    .activity({ event: 'account.sign-ins-failed', subject: to, detail: { failures: FAILURES_TOLD_OF } })
    .commit();
}

/** An hour by the clock. */
const rowOf = (pseudonym: string, now: Date): CounterKey => ({
  pk: `SIGN-IN-ATTEMPTS#${pseudonym}`,
  sk: `HOUR#${hourOf(now)}`,
});
const hourOf = (now: Date) => windowAt({ windowSeconds: HOUR_SECONDS }, now).startsAtEpochSeconds;
const expiry = (now: Date) => hourOf(now) + 2 * HOUR_SECONDS;
