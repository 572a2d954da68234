import type { Call } from '../../http/call.ts';
import { AccountId } from '../../http/ids.ts';
import { accountOwner, accountRef } from './account.ts';

export interface UserDirectory {
  /** All users of the pool, page by page. */
  users(after?: string): Promise<{ subs: string[]; next?: string }>;
  hasTotp(sub: string): Promise<boolean>;
}
const PAGES_MAX = 10_000;

export interface Reconciled {
  readonly users: number;
  readonly corrected: number;
  /** Users of whom we know no account. */
  readonly unknown: number;
  /** Could not be looked at this time. */
  readonly failed: number;
}

/**
 * A client's own token can change its factors at Cognito behind our back: WAF blocks that, and what slips by is found
 * here. An account whose factor has gone must prove itself anew before a guarded role opens.
 */
export async function reconcileFactors(directory: UserDirectory, callFor: () => Call): Promise<Reconciled> {
  const seen = { users: 0, corrected: 0, unknown: 0, failed: 0 };
  let after: string | undefined;
  for (let page = 0; page < PAGES_MAX; page++) {
    const { subs, next } = await directory.users(after);
    for (const sub of subs) {
      seen.users++;
      // One account that cannot be read must not leave all who come after it unseen.
      const outcome = await reconcileOne(sub, directory, callFor()).catch(() => 'failed' as const);
      if (outcome !== 'right') seen[outcome]++;
    }
    if (next === undefined) return seen;
    after = next;
  }
  throw new Error(`More than ${PAGES_MAX} pages of users`);
}

async function reconcileOne(
  sub: string,
  directory: UserDirectory,
  call: Call,
): Promise<'right' | 'corrected' | 'unknown'> {
  const accountId = AccountId.safeParse(await call.records.find('operator', 'sub', sub));
  if (!accountId.success) return 'unknown';
  const stored = await call.records.get(accountRef(accountId.data));
  if (!stored) return 'unknown';
  if (stored.value.totpOnSince === undefined || (await directory.hasTotp(sub))) return 'right';
  const { totpOnSince: _, ...account } = stored.value;
  await call.records
    .change()
    .put(stored.ref as ReturnType<typeof accountRef>, account, { version: stored.version })
    .activity({ event: 'account.totp-found-off', subject: accountOwner(accountId.data) })
    .commit();
  return 'corrected';
}
