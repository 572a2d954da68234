import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  classOf,
  HOUR_SECONDS,
  limits,
  limitsOn,
  MINUTE_SECONDS,
  windowAt,
} from '../../../lambdas/features/misuse/limits.ts';
import { rateLimits } from '../../../lambdas/features/misuse/rate-limits.ts';
import {
  DELAY_MILLISECONDS_MAX,
  delayAfter,
  stillToWait,
  whoAttempts,
} from '../../../lambdas/features/misuse/sign-in-attempts.ts';
import { apiFunctions } from '../../../lambdas/functions/catalogue.ts';
import { usernameOfMachine } from '../../../lambdas/http/machine-name.ts';
import { account, anyone, type Route, rolesThatMay } from '../../../lambdas/http/route.ts';
import { problemsOf } from '../../../lambdas/http/route-facts.ts';
import type { Counters } from '../../../lambdas/platform/counters.ts';
import { anId } from '../../support/store.ts';

const everyRoute = Object.values(apiFunctions).flatMap(({ routes }): Route[] => Object.values(routes));
const a = (route: Partial<Route>) => ({ access: account, method: 'GET', needs: [], ...route }) as Route;

describe('limits', () => {
  it('CE-08: are on every route that reads or writes anything', () => {
    const free = everyRoute.filter(
      (route) => limitsOn(route, 'asking').length + limitsOn(route, 'admitted').length === 0,
    );
    expect(free.filter(({ access, needs }) => access.to !== 'anyone' || needs.length > 0)).toEqual([]);
  });

  it('are answered by a problem that every such route names', () => {
    const silent = everyRoute.filter(
      (route) => limitsOn(route, 'asking').length > 0 && !problemsOf(route).includes('too-many-requests'),
    );
    expect(silent.map(({ path }) => path)).toEqual([]);
  });

  it('have one for each kind of route of whoever asks', () => {
    for (const of of ['account', 'address'] as const) {
      const classes = limits.filter((limit) => limit.of === of).map(({ routes }) => routes);
      expect(classes.sort()).toEqual(['changing', 'outreaching', 'reading']);
    }
  });

  it('count what reaches somebody’s mailbox apart from what stays in our tables', () => {
    expect(classOf(a({}))).toBe('reading');
    expect(classOf(a({ method: 'POST' }))).toBe('changing');
    expect(classOf(a({ method: 'POST', needs: ['user-pool:invite'] }))).toBe('outreaching');
  });

  it('end a window when the next begins, within the window’s length', () => {
    fc.assert(
      fc.property(fc.date({ noInvalidDate: true, min: new Date('2000-01-01') }), (now) => {
        for (const windowSeconds of [MINUTE_SECONDS, HOUR_SECONDS] as const) {
          const { startsAtEpochSeconds, endsInSeconds } = windowAt({ windowSeconds }, now);
          const seconds = now.getTime() / 1000;
          expect(startsAtEpochSeconds).toBeLessThanOrEqual(seconds);
          expect(seconds + endsInSeconds).toBeGreaterThanOrEqual(startsAtEpochSeconds + windowSeconds);
          expect(endsInSeconds).toBeLessThanOrEqual(windowSeconds);
        }
      }),
    );
  });
});

/** Rows as DynamoDB keeps them. */
function rows() {
  const kept = new Map<string, Record<string, number>>();
  const texts = new Map<string, string>();
  let writes = 0;
  const counters: Pick<Counters, 'add' | 'settle'> = {
    async add({ pk, sk }, by) {
      writes++;
      const row = kept.get(`${pk}|${sk}`) ?? {};
      for (const [name, n] of Object.entries(by)) row[name] = (row[name] ?? 0) + n;
      kept.set(`${pk}|${sk}`, row);
      return { ...row };
    },
    async settle({ pk, sk }, text) {
      if (!texts.has(`${pk}|${sk}`)) texts.set(`${pk}|${sk}`, text);
      return texts.get(`${pk}|${sk}`)!;
    },
  };
  return { counters, kept, writes: () => writes };
}

const now = new Date('2026-11-23T07:00:20Z');
const edge = { newSalt: () => 'salt', log: () => {} };
const asking = (route: Route, who: object = {}) =>
  ({
    route,
    input: { params: {} },
    account: undefined,
    origin: { sourceIp: '203.0.113.7', userAgent: '' },
    now,
    ...who,
  }) as never;
const maxOf = (of: string, routes?: string) =>
  limits.find((limit) => limit.of === of && limit.routes === routes)!.requestsMax;

describe('a rate limit', () => {
  const open = a({ access: anyone, needs: ['core:read'], method: 'POST' });

  it('takes as many as it says, and refuses the next until its window is over', async () => {
    const { counters, kept } = rows();
    const rates = rateLimits(counters, edge);
    for (let i = 0; i < maxOf('address', 'changing'); i++) await rates.demand(asking(open));
    await expect(rates.demand(asking(open))).rejects.toMatchObject({
      slug: 'too-many-requests',
      extensions: { retryAfterSeconds: 40 },
    });
    await rates.demand(asking(open, { origin: { sourceIp: '203.0.113.8', userAgent: '' } }));
    await rates.demand(asking(open, { now: new Date('2026-11-23T07:01:00Z') }));
    expect(JSON.stringify([...kept])).not.toContain('203.0.113');
  });

  it('of an address is one of the whole network that a household has, where it is of IPv6', async () => {
    const { counters } = rows();
    const rates = rateLimits(counters, edge);
    const from = (sourceIp: string) => asking(open, { origin: { sourceIp, userAgent: '' } });
    for (let i = 0; i < maxOf('address', 'changing'); i++)
      await rates.demand(from(`2001:db8:85a3:1::${i.toString(16)}`));
    await expect(rates.demand(from('2001:db8:85a3:1:ffff::7'))).rejects.toMatchObject({ slug: 'too-many-requests' });
    await rates.demand(from('2001:db8:85a3:2::7'));
  });

  it('writes nothing more for whoever it has refused', async () => {
    const { counters, writes } = rows();
    const rates = rateLimits(counters, edge);
    for (let i = 0; i <= maxOf('address', 'changing'); i++) await rates.demand(asking(open)).catch(() => {});
    const before = writes();
    for (let i = 0; i < 5; i++)
      await expect(rates.demand(asking(open))).rejects.toMatchObject({ slug: 'too-many-requests' });
    expect(writes()).toBe(before);
  });

  it('of an organisation cannot be used up by a stranger who names it', async () => {
    const { counters, kept } = rows();
    const rates = rateLimits(counters, edge);
    const params = { organisationId: anId('org') };
    const request = asking(a({ access: rolesThatMay('person:read') }), {
      input: { params },
      account: { accountId: anId('acc') },
    });
    await rates.demand(request);
    expect([...kept.values()]).toEqual([{ reading: 1 }]);
    await rates.demandAdmitted(request).counted;
    expect([...kept.values()]).toEqual([{ reading: 1 }, { all: 1 }]);
  });

  it('of a device is counted by who signed the request, on every route for devices', async () => {
    const forDevices = everyRoute.filter(({ access }) => access.to === 'device');
    expect(forDevices.length).toBeGreaterThan(0);
    for (const route of forDevices) {
      const { counters, kept } = rows();
      const rates = rateLimits(counters, edge);
      const device = { deviceId: anId('sdv'), organisationId: anId('org'), recipientId: anId('per') };
      await rates.demand(asking(route, { device }));
      expect([...kept.values()]).toEqual([{ all: 1 }]);
      await rates.demandAdmitted(asking(route, { device })).counted;
      expect([...kept.values()]).toEqual([{ all: 1 }, { all: 1 }]);
    }
  });

  it('of an address from which nothing is signed is its own: neither its other requests nor its devices are kept out', async () => {
    const { counters } = rows();
    const rates = rateLimits(counters, edge);
    const from = { sourceIp: '203.0.113.7', now };
    for (let i = 0; i < maxOf('unsigned'); i++) await rates.demandSigned(from);
    await expect(rates.demandSigned(from)).rejects.toMatchObject({
      slug: 'too-many-requests',
      extensions: { retryAfterSeconds: 40 },
    });
    await rates.demandSigned({ ...from, sourceIp: '203.0.113.8' });
    await rates.demand(asking(open));
    const [route] = everyRoute.filter(({ access }) => access.to === 'device');
    const device = { deviceId: anId('sdv'), organisationId: anId('org'), recipientId: anId('per') };
    await rates.demand(asking(route!, { device }));
  });

  it('of an organisation refuses from the request after the one that was too many', async () => {
    const { counters } = rows();
    const full = { ...counters, add: async () => ({ all: maxOf('organisation') + 1 }) };
    const rates = rateLimits(full, edge);
    const request = asking(a({ access: rolesThatMay('person:read') }), {
      input: { params: { organisationId: anId('org') } },
    });
    await rates.demandAdmitted(request).counted;
    expect(() => rates.demandAdmitted(request)).toThrow(expect.objectContaining({ slug: 'too-many-requests' }));
  });

  it('lets everybody in, and says so, where nothing can be counted', async () => {
    const lines: object[] = [];
    const failing = { settle: async () => 'salt', add: async () => Promise.reject(new Error('throttled')) };
    const rates = rateLimits(failing, { ...edge, log: (line) => void lines.push(line) });
    await rates.demand(asking(open));
    expect(lines).toEqual([{ metric: 'rates-not-counted' }]);
  });
});

describe('a failed sign-in', () => {
  it('CE-08: holds up the next by more each time, and never by more than Cognito waits for', () => {
    expect([0, 1, 2, 3, 4, 5, 6, 7, 100].map(delayAfter)).toEqual([0, 0, 0, 250, 500, 1000, 2000, 4000, 4000]);
    expect(DELAY_MILLISECONDS_MAX).toBeLessThan(5_000);
  });

  it('is waited for as long as all took together, and never until Cognito has given up', () => {
    expect(stillToWait(4_000, { spent: 300, left: 4_700 })).toBe(3_700);
    expect(stillToWait(4_000, { spent: 1_800, left: 3_200 })).toBe(2_200);
    expect(stillToWait(4_000, { spent: 900, left: 2_500 })).toBe(1_500);
    expect(stillToWait(4_000, { spent: 4_600, left: 400 })).toBe(0);
    expect(stillToWait(0, { spent: 50, left: 4_950 })).toBe(0);
  });

  it('is counted for whoever it names, there or not, and holds up no program', () => {
    expect(whoAttempts('6f1c', { sub: '6f1c', email: 'kari@example.no' })).toBe('6f1c');
    expect(whoAttempts('Nobody@Example.no', {})).toBe('nobody@example.no');
    const program = usernameOfMachine(anId('scl'));
    expect(whoAttempts('6f1c', { sub: '6f1c', email: program })).toBeUndefined();
    expect(whoAttempts(program.toUpperCase(), {})).toBeUndefined();
  });
});
