import type { Access, Route } from '../../http/route.ts';
import type { Capability } from '../../platform/capabilities.ts';

/** Whom requests are counted for; `unsigned`: an address, for what comes from there in a device's name and is not signed. */
export type Counted = 'account' | 'address' | 'device' | 'organisation' | 'unsigned';
/** `outreaching`: what goes beyond our own tables, to somebody's mailbox or to what each use of costs money. */
export type RouteClass = 'reading' | 'changing' | 'outreaching';

export interface Limit {
  readonly of: Counted;
  /** Absent: all requests together. */
  readonly routes?: RouteClass;
  readonly requestsMax: number;
  readonly windowSeconds: typeof MINUTE_SECONDS | typeof HOUR_SECONDS;
}

export const MINUTE_SECONDS = 60;
export const HOUR_SECONDS = 60 * 60;

/**
 * How much is more than anybody's use (CE-08): far above a busy day, far below what would hurt the others. An address is
 * often a whole school's, and a calendar service fetches for thousands from a few: it is counted only where nobody signs
 * in. What comes before signing in is counted by the firewall on the user pool.
 */
export const limits: readonly Limit[] = [
  { of: 'account', routes: 'reading', requestsMax: 1_200, windowSeconds: MINUTE_SECONDS },
  { of: 'account', routes: 'changing', requestsMax: 600, windowSeconds: MINUTE_SECONDS },
  { of: 'account', routes: 'outreaching', requestsMax: 1_000, windowSeconds: HOUR_SECONDS },
  { of: 'address', routes: 'reading', requestsMax: 1_200, windowSeconds: MINUTE_SECONDS },
  { of: 'address', routes: 'changing', requestsMax: 300, windowSeconds: MINUTE_SECONDS },
  { of: 'address', routes: 'outreaching', requestsMax: 240, windowSeconds: HOUR_SECONDS },
  { of: 'device', requestsMax: 600, windowSeconds: MINUTE_SECONDS },
  // A house full of devices whose clocks are wrong.
  { of: 'unsigned', requestsMax: 120, windowSeconds: MINUTE_SECONDS },
  { of: 'organisation', requestsMax: 12_000, windowSeconds: MINUTE_SECONDS },
];

const outreaching: ReadonlySet<Capability> = new Set<Capability>([
  'user-pool:invite',
  'user-pool:factors',
  'user-pool:machines',
  'push:register',
  'suppression:lift',
  'proofs:sign',
]);

export function classOf({ method, needs }: Pick<Route, 'method' | 'needs'>): RouteClass {
  if (needs.some((need) => outreaching.has(need))) return 'outreaching';
  return method === 'GET' ? 'reading' : 'changing';
}

/**
 * What is counted beside the decision whether the caller may, and what only once they may: a stranger who names an
 * organisation or a device must not use up its share.
 */
const counted: Readonly<
  Record<Access['to'], { readonly asking: readonly Counted[]; readonly admitted: readonly Counted[] }>
> = {
  anyone: { asking: ['address'], admitted: [] },
  // Its signature has been verified by then.
  device: { asking: ['device'], admitted: ['organisation'] },
  account: { asking: ['account'], admitted: [] },
  role: { asking: ['account'], admitted: ['organisation'] },
};

/** The limits that one request of a route counts towards. Pure. */
export function limitsOn(
  route: Pick<Route, 'access' | 'method' | 'needs'>,
  when: 'asking' | 'admitted',
): readonly Limit[] {
  // A page that is the same for everybody costs next to nothing: neither a table nor a key.
  if (route.access.to === 'anyone' && route.needs.length === 0) return [];
  const [of, routeClass] = [counted[route.access.to][when], classOf(route)];
  return limits.filter((limit) => of.includes(limit.of) && (limit.routes ?? routeClass) === routeClass);
}

/**
 * For a request in the name of a device that no key of it has signed. It is counted once that is known, and apart from all
 * else: whatever a stranger sends from behind the same address, what a device signs is counted for the device alone.
 */
export const limitsOnUnsigned: readonly Limit[] = limits.filter(({ of }) => of === 'unsigned');

/** The window that an instant is in, and the seconds until the next one begins. Pure. */
export function windowAt({ windowSeconds }: Pick<Limit, 'windowSeconds'>, now: Date) {
  const seconds = now.getTime() / 1000;
  const startsAtEpochSeconds = Math.floor(seconds / windowSeconds) * windowSeconds;
  return {
    startsAtEpochSeconds,
    endsInSeconds: Math.max(1, Math.ceil(startsAtEpochSeconds + windowSeconds - seconds)),
  };
}
