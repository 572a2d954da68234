import { networkOf } from '../../http/network.ts';
import { Problem } from '../../http/problem.ts';
import type { Admission } from '../../http/steps.ts';
import type { Counters } from '../../platform/counters.ts';
import { type Counted, HOUR_SECONDS, type Limit, limitsOn, limitsOnUnsigned, windowAt } from './limits.ts';
import { saltsIn } from './salts.ts';

/** Of those who were refused, so many are remembered: their next requests cost no write. */
const REFUSED_MAX = 1_000;

type Asking = Pick<Admission, 'route' | 'input' | 'account' | 'device' | 'origin' | 'now'>;
type Sender = Pick<Admission, 'now'> & { readonly sourceIp: string };

/**
 * Throws `too-many-requests` with the seconds until it is worth trying again. Where nothing can be counted nothing is
 * limited: a limit must never be an outage.
 */
export interface RateLimits {
  /** For who asks: one wave, beside the admission's own. */
  demand(request: Asking): Promise<void>;
  /** For an address that has sent a request in a device's name, and no signature that holds. */
  demandSigned(from: Sender): Promise<void>;
  /**
   * For what the caller may act for, once it is known that they may: counted beside the work (`counted`), and refused from
   * the request after the one that was too many.
   */
  demandAdmitted(request: Asking): { readonly counted: Promise<unknown> };
}

export function rateLimits(
  counters: Pick<Counters, 'add' | 'settle'>,
  edge: { newSalt(): string; log(line: { readonly metric: string }): void },
): RateLimits {
  const salts = saltsIn(counters, edge.newSalt);
  /** By who and limit; until when, in milliseconds since the epoch. */
  const refusedUntil = new Map<string, number>();
  const isRefused = (share: Share, now: Date) => (refusedUntil.get(share.id) ?? 0) > now.getTime();

  /** True when that was one too many. */
  async function count({ id, who, limit }: Share, now: Date): Promise<boolean> {
    const { startsAtEpochSeconds, endsInSeconds } = windowAt(limit, now);
    const hour = windowAt({ windowSeconds: HOUR_SECONDS }, now).startsAtEpochSeconds;
    const pseudonym = await salts.pseudonym(saltRow(hour), `${limit.of} ${who}`, hour + 2 * HOUR_SECONDS);
    const row = { pk: `RATE#${pseudonym}`, sk: `${limit.windowSeconds}#${startsAtEpochSeconds}` };
    const name = limit.routes ?? 'all';
    const counted = await counters.add(row, { [name]: 1 }, startsAtEpochSeconds + 2 * limit.windowSeconds);
    if ((counted[name] ?? 0) <= limit.requestsMax) return false;
    if (refusedUntil.size >= REFUSED_MAX) refusedUntil.clear();
    refusedUntil.set(id, now.getTime() + endsInSeconds * 1000);
    return true;
  }

  const notCounted = () => {
    edge.log({ metric: 'rates-not-counted' });
    return [];
  };

  async function demandOf(shares: readonly Share[], now: Date): Promise<void> {
    const isOver = async (share: Share) => isRefused(share, now) || (await count(share, now));
    const over = await Promise.all(shares.map(isOver)).catch(notCounted);
    refuse(
      shares.filter((_, i) => over[i]),
      now,
    );
  }

  return {
    demand: (request) => demandOf(sharesOf(request, 'asking'), request.now),

    demandSigned: ({ sourceIp, now }) =>
      demandOf(
        limitsOnUnsigned.map((limit) => shareOf(limit, networkOfOne(sourceIp))),
        now,
      ),

    demandAdmitted(request) {
      const { now } = request;
      const shares = sharesOf(request, 'admitted');
      refuse(
        shares.filter((share) => isRefused(share, now)),
        now,
      );
      return { counted: Promise.all(shares.map((share) => count(share, now))).catch(notCounted) };
    },
  };
}

/** What somebody has of one limit. */
interface Share {
  readonly id: string;
  readonly who: string;
  readonly limit: Limit;
}

const sharesOf = (request: Asking, when: 'asking' | 'admitted'): Share[] =>
  limitsOn(request.route, when).flatMap((limit) => {
    const who = whoIs(limit.of, request);
    return who === undefined ? [] : [shareOf(limit, who)];
  });

const shareOf = (limit: Limit, who: string): Share => ({ id: `${limit.of} ${who} ${limit.routes}`, who, limit });

function refuse(over: readonly Share[], now: Date): void {
  if (over.length === 0) return;
  const retryAfterSeconds = Math.max(...over.map(({ limit }) => windowAt(limit, now).endsInSeconds));
  throw new Problem('too-many-requests', undefined, { retryAfterSeconds });
}

/** One salt for everybody and each hour: who was counted cannot be told once it is gone. */
const saltRow = (hourEpochSeconds: number) => ({ pk: 'RATE-SALT', sk: String(hourEpochSeconds) });

/** Of IPv6 a household or a machine has a whole /64: counted by the address, it would never be counted twice. */
const networkOfOne = (address: string): string => networkOf(address, { numbers: 4, groups: 4 }) ?? address;

function whoIs(counted: Counted, { account, device, input, origin }: Asking): string | undefined {
  switch (counted) {
    case 'account':
      return account?.accountId;
    case 'address':
    case 'unsigned':
      return networkOfOne(origin.sourceIp);
    case 'device':
      return device?.deviceId;
    case 'organisation':
      return (
        device?.organisationId ?? (input.params as { readonly organisationId?: string } | undefined)?.organisationId
      );
  }
}
