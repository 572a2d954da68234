import { randomBytes } from 'node:crypto';
import { profileSettings } from '../access/profile-settings.ts';
import { rateLimits } from '../features/misuse/rate-limits.ts';
import type { Organisation } from '../features/organisations/organisation.ts';
import { usageCounter } from '../features/usage/count-use.ts';
import { registerUse } from '../features/usage/register-use.ts';
import type { RoleCaller } from '../http/call.ts';
import type { Admission } from '../http/steps.ts';
import { openRecords, type Store } from '../platform/open-records.ts';
import { newId } from './container.ts';

/** Longer than this no answer waits for what was counted beside it; what is under way then may be lost. */
const WAITED_FOR_MILLISECONDS_MAX = 50;
const SALT_BYTES = 32;
const OPERATORS_ZONE = 'Europe/Oslo';

/** What is counted beside a request: never what it waits for, and never what it fails with. */
export interface Beside {
  /** Throws `too-many-requests`. Sent in the admission's own wave. */
  demand(request: Admission): Promise<void>;
  /** Throws `too-many-requests` for an address from which more comes unsigned than is anybody's mistake. */
  demandSigned(from: { readonly sourceIp: string; readonly now: Date }): Promise<void>;
  /** Throws `too-many-requests`; else begins to count, and answers what {@link settled} takes. */
  begin(request: Admission, role: RoleCaller | undefined, organisation: House | undefined): Promise<unknown>;
  settled(begun: Promise<unknown> | undefined): Promise<void>;
}
type House = Pick<Organisation, 'profile' | 'timeZone'>;

/** Undefined where the store counts nothing. */
export function besideOf(store: Store): Beside | undefined {
  const { counters } = store;
  if (!counters) return undefined;
  const edge = {
    newSalt: () => randomBytes(SALT_BYTES).toString('base64url'),
    random: Math.random,
    log: (line: object) => console.log(JSON.stringify(line)),
  };
  const rates = rateLimits(counters, edge);
  const usage = usageCounter(counters, edge);

  async function register(request: Admission, role: RoleCaller | undefined, organisation: House | undefined) {
    if (!role || role.organisationId === 'operator' || !isInside(role)) return;
    if (!organisation || !profileSettings[organisation.profile].identifiedUsage) return;
    const { requestId, now, routeId, route, origin, input } = request;
    const { organisationId, personId } = role;
    const author = { requestId, actor: 'system:usage', newEventId: () => newId('evt') };
    const params = (input.params ?? {}) as Readonly<Record<string, unknown>>;
    await registerUse(
      {
        ...{ organisationId, personId, requestId, at: now, params },
        ...{ module: route.tag, function: routeId, userAgent: origin.userAgent },
      },
      () => openRecords(store, author),
    ).catch(() => edge.log({ metric: 'usage-not-registered' }));
  }

  return {
    demand: (request) => rates.demand(request),
    demandSigned: (from) => rates.demandSigned(from),

    begin(request, role, organisation) {
      const { counted } = rates.demandAdmitted(request);
      const { now, routeId, route, account, device, origin } = request;
      // A device reports: that is nobody's use of the service.
      if (device) return counted;
      const isOurs = role !== undefined && role.organisationId !== 'operator' && isInside(role);
      const use = {
        controller: isOurs ? role.organisationId : 'operator',
        timeZone: isOurs ? (organisation?.timeZone ?? OPERATORS_ZONE) : OPERATORS_ZONE,
        ...{ at: now, module: route.tag, function: routeId, userAgent: origin.userAgent },
        // A program is nobody: what it does is counted, and no person with it.
        accountId: account?.isMachine ? undefined : account?.accountId,
      } as const;
      return Promise.all([counted, usage.count(use), register(request, role, organisation)]);
    },

    async settled(begun) {
      let timer: NodeJS.Timeout | undefined;
      const enough = new Promise<void>((done) => {
        timer = setTimeout(done, WAITED_FOR_MILLISECONDS_MAX);
      });
      await Promise.race([begun, enough]);
      clearTimeout(timer);
    },
  };
}

/** The operator's own staff and programs are nobody's users: what they do there is the operator's count, and no person's. */
const isInside = ({ role }: RoleCaller): boolean => !role.startsWith('platform-') && role !== 'integration';
