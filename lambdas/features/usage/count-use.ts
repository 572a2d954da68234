import { dayIn } from '../../platform/calendar.ts';
import type { Counters } from '../../platform/counters.ts';
import type { ControllerId } from '../../platform/entity.ts';
import { saltsIn } from '../misuse/salts.ts';
import { deviceOf } from './browser.ts';
import { COUNTS_KEPT_DAYS, SHARDS, usageRows } from './usage-day.ts';

const DAY_SECONDS = 24 * 60 * 60;
/** Nothing is told apart by a salt any more once its day is over everywhere. */
const SALT_KEPT_SECONDS = 2 * DAY_SECONDS;
/** Of those whom a container has counted today: their next requests cost no write. */
const COUNTED_MAX = 20_000;

/** One use of one function. */
export interface Use {
  readonly controller: ControllerId;
  /** A day is the organisation's. */
  readonly timeZone: string;
  readonly at: Date;
  readonly module: string;
  readonly function: string;
  /** Who signs in; absent where nobody does. Never written: see {@link usageRows.seen}. */
  readonly accountId: string | undefined;
  readonly userAgent: string;
}

export interface UsageCounter {
  /** Never throws: what only counts must not be what a request fails with. */
  count(use: Use): Promise<void>;
}

/** Counts without identifying (FW-16, KP-15): neither an id nor an address is in what is written. */
export function usageCounter(
  counters: Pick<Counters, 'add' | 'settle'>,
  edge: { newSalt(): string; random(): number; log(line: { readonly metric: string }): void },
): UsageCounter {
  const salts = saltsIn(counters, edge.newSalt);
  const countedToday = new Set<string>();

  /** True at the first use of the day that is counted under this name; in a container that has met it, without a write. */
  async function isFirst({ controller, accountId, at }: Use, day: string, name: string): Promise<boolean> {
    const until = Math.floor(at.getTime() / 1000) + SALT_KEPT_SECONDS;
    const pseudonym = await salts.pseudonym(usageRows.salt(controller, day), `${accountId} ${name}`, until);
    if (countedToday.has(pseudonym)) return false;
    const { times } = await counters.add(usageRows.seen(controller, day, pseudonym), { times: 1 }, until);
    if (countedToday.size >= COUNTED_MAX) countedToday.clear();
    countedToday.add(pseudonym);
    return times === 1;
  }

  async function countFunction(use: Use, day: string, pk: string): Promise<void> {
    const { module, function: name, accountId, at } = use;
    const isNew = accountId !== undefined && (await isFirst(use, day, `${module}#${name}`));
    const by = { uses: 1, ...(accountId !== undefined && { signedIn: 1 }), ...(isNew && { people: 1 }) };
    await counters.add(usageRows.function(pk, module, name), by, expiryOf(at));
  }

  async function countPerson(use: Use, day: string, pk: string): Promise<void> {
    if (use.accountId === undefined || !(await isFirst(use, day, ''))) return;
    const { browser, version } = deviceOf(use.userAgent);
    await counters.add(usageRows.browser(pk, browser, version), { people: 1 }, expiryOf(use.at));
  }

  return {
    async count(use) {
      const { controller, timeZone, at } = use;
      const day = dayIn(timeZone, at);
      const pk = usageRows.shard(controller, day, Math.floor(edge.random() * SHARDS));
      try {
        await Promise.all([countFunction(use, day, pk), countPerson(use, day, pk)]);
      } catch {
        edge.log({ metric: 'usage-not-counted' });
      }
    },
  };
}

const expiryOf = (at: Date) => Math.floor(at.getTime() / 1000) + COUNTS_KEPT_DAYS * DAY_SECONDS;
