import { CognitoJwtVerifier } from 'aws-jwt-verify';
import { FetchError } from 'aws-jwt-verify/error';
import { admit, answerOfRepeated, type Learnt, Repeated } from '../features/access/admit.ts';
import { recordSignIn } from '../features/accounts/sign-in-log.ts';
import { findDevice } from '../features/safety-devices/find-device.ts';
import { type ApiOptions, api } from '../http/api.ts';
import type { AccountCaller, Call } from '../http/call.ts';
import { AccountId } from '../http/ids.ts';
import { Problem, type ProblemSlug, problems } from '../http/problem.ts';
import type { HandlersFor, InputOf, Route, Routes } from '../http/route.ts';
import { demandsIdempotencyKey, problemsOf } from '../http/route-facts.ts';
import type { Admission, Steps } from '../http/steps.ts';
import type { Owner } from '../platform/entity.ts';
import { env } from '../platform/env.ts';
import { openRecords, type Store } from '../platform/open-records.ts';
import type { Idempotency } from '../platform/record-change.ts';
import { type Author, Busy, Closed, StaleVersion } from '../platform/records.ts';
import { besideOf } from './beside.ts';
import { type ContainerStore, containerStore, newId } from './container.ts';

/** The composition root of every API function: its routes and handlers on the real tables, keys and user pool. */
export function serve<R extends Routes>(
  routes: R,
  handlers: HandlersFor<R, Call>,
  store: ContainerStore = containerStore(),
) {
  const options = { publicUrl: env('PUBLIC_URL'), gate: store.gate };
  return serveOn(store, verifyAccessToken(), routes, handlers, options);
}

/** The same on a given store and a given way to verify tokens. */
export const serveOn = <R extends Routes>(
  store: Store,
  verify: Verify,
  routes: R,
  handlers: HandlersFor<R, Call>,
  options: Omit<ApiOptions, 'now'>,
) => api(routes, expectedFailures(routes, handlers), steps(store, verify), { ...options, now: () => store.now() });

type Verify = (token: string) => Promise<TokenFacts>;
type TokenFacts = Pick<AccountCaller, 'sub' | 'originJti' | 'authTimeEpochSeconds' | 'isMachine'>;

function verifyAccessToken(): Verify {
  const ofMachines = env('USER_POOL_INTEGRATIONS_CLIENT_ID');
  const verifier = CognitoJwtVerifier.create({
    userPoolId: env('USER_POOL_ID'),
    clientId: [env('USER_POOL_CLIENT_ID'), ofMachines],
    tokenUse: 'access',
  });
  return async (token) => {
    const claims = await verifier.verify(token);
    return { ...factsOfToken(claims), ...(claims.client_id === ofMachines && { isMachine: true }) };
  };
}

/**
 * What we need of a verified token. Demanded by hand, because the library accepts a token without `exp`, and because
 * nothing is older than an `auth_time` that is not there. Throws when one is missing.
 */
export function factsOfToken(claims: Readonly<Record<string, unknown>>): TokenFacts {
  const { sub, exp, origin_jti: originJti, auth_time: authTimeEpochSeconds } = claims;
  if (typeof sub !== 'string' || typeof originJti !== 'string') throw new Error('A claim is missing');
  if (typeof exp !== 'number' || !Number.isSafeInteger(authTimeEpochSeconds)) throw new Error('A claim is missing');
  return { sub, originJti, authTimeEpochSeconds: Number(authTimeEpochSeconds) };
}

/**
 * The account of a subject changes only where a restore has lost it and it was made again: a container may remember it
 * for one generation of the tables. Whether it still exists is read each time.
 */
const ACCOUNTS_LEARNT_MAX = 10_000;

function steps(store: Store, verify: Verify): Steps {
  const accountOfSub = new Map<string, AccountId>();
  const learntAs = (sub: string) => `${store.tableNames.lookup}#${sub}`;
  const learnt: Learnt = { personOfRole: new Map() };
  const idempotencyOf = new WeakMap<Call, Idempotency>();
  const beside = besideOf(store);
  const begun = new WeakMap<Call, Promise<unknown>>();

  return {
    async authenticate({ token }) {
      const claims = await verify(token).catch((cause) => {
        // The pool's keys could not be fetched, which says nothing about the token: a client must not throw it away.
        if (cause instanceof FetchError) throw cause;
        throw new Problem('not-signed-in', undefined, {}, { cause });
      });
      const accountId =
        accountOfSub.get(learntAs(claims.sub)) ?? (await findAccount(claims.sub).catch(asRefusedAtTheGate));
      return { ...claims, accountId, accessToken: token };
    },

    findDevice: (deviceId) =>
      findDevice(deviceId, openRecords(store, { requestId: '', actor: 'anyone', newEventId: () => newId('evt') })),

    demandSigned: async (from) => beside?.demandSigned(from),

    async admit(request) {
      const { call, replay, organisation } = await inOneWave(beside?.demand(request), decide(request));
      if (beside) begun.set(call, beside.begin(request, call.role, organisation));
      return { call, replay };
    },

    async conclude({ route, call, input }, _answer) {
      if (demandsIdempotencyKey(route) && !idempotencyOf.get(call)?.committed) {
        throw new Error('A creating route ended without its idempotency row');
      }
      if (!route.reads) return beside?.settled(begun.get(call));
      // Written before the answer leaves: a read that matters is never unrecorded (SM-05).
      const subject = subjectOf(input, call);
      if (subject)
        await call.records
          .change()
          .activity({ event: `${route.reads}.seen`, subject })
          .commit()
          .catch(asRefusedAtTheGate);
      return beside?.settled(begun.get(call));
    },
  };

  async function decide(request: Admission) {
    const { account, device, requestId, language, origin, headersOnly, now } = request;
    const anonymous: Author = {
      requestId,
      actor: account?.accountId ?? (device ? 'system:device' : 'anyone'),
      newEventId: () => newId('evt'),
    };
    const call = { requestId, now, language, origin, newId, ...(headersOnly && { headersOnly }) };
    // What is opened through a restriction is for somebody to act on: no program is anybody.
    const isForPerson = account?.isMachine !== true;
    const opening = { throughRestriction: isForPerson && (request.route.throughRestriction ?? false) };
    if (!account) {
      const records = openRecords(store, anonymous, undefined, opening);
      const { basicCredentials } = request;
      const named = { ...(device && { device }), ...(basicCredentials && { basicCredentials }) };
      return { call: { ...call, ...named, records }, replay: undefined, organisation: undefined };
    }

    const { role, organisation, ownPersons, idempotency, replay } = await admit(
      { ...request, account },
      {
        records: openRecords(store, anonymous, undefined, opening),
        learnt,
        hmac: (kind, value) => store.ring.hmac('operator', kind, value),
        recordSignIn: (caller, from, records) => recordSignIn(caller, from, { now, newId }, records),
      },
    ).catch(asRefusedAtTheGate);
    const author = { ...anonymous, ...(role && { role: role.roleId, person: role.personId }) };
    const admitted: Call = {
      ...call,
      account,
      ...(role && { role }),
      ...(ownPersons && { ownPersons }),
      records: openRecords(store, author, idempotency, opening),
    };
    if (idempotency) idempotencyOf.set(admitted, idempotency);
    return { call: admitted, replay, organisation };
  }

  async function findAccount(sub: string): Promise<AccountId> {
    const records = openRecords(store, { requestId: '', actor: 'anyone', newEventId: () => newId('evt') });
    const found = AccountId.safeParse(await records.find('operator', 'sub', sub));
    if (!found.success) throw new Problem('not-signed-in');
    if (accountOfSub.size >= ACCOUNTS_LEARNT_MAX) accountOfSub.clear();
    accountOfSub.set(learntAs(sub), found.data);
    return found.data;
  }
}

/** Both are over before either is answered: too many requests are refused as such, whatever else is wrong with them. */
async function inOneWave<T>(demanded: Promise<void> | undefined, decided: Promise<T>): Promise<T> {
  const [limit, decision] = await Promise.allSettled([demanded, decided]);
  if (limit.status === 'rejected') throw limit.reason;
  if (decision.status === 'rejected') throw decision.reason;
  return decision.value;
}

function subjectOf(input: InputOf<Route>, call: Call): Owner | undefined {
  const controller = call.role?.organisationId;
  if (!controller) return undefined;
  const { personId } = (input.params ?? {}) as { personId?: Owner['subject'] };
  return { controller, subject: personId ?? (controller as Owner['subject']) };
}

/** What the platform throws is said in the contract's words here, once for all handlers. */
function expectedFailures<R extends Routes>(routes: R, handlers: HandlersFor<R, Call>): HandlersFor<R, Call> {
  const wrap = (routeId: string) => async (input: never, call: Call) => {
    try {
      return await handlers[routeId]!(input, call);
    } catch (error) {
      if (error instanceof Repeated) return answerOfRepeated(error, call.records);
      if (error instanceof Closed) throw closed(error, routes[routeId]!);
      if (error instanceof Busy) throw busy(error);
      if (error instanceof StaleVersion) throw routes[routeId]!.versioned ? new Problem('stale-version') : busy(error);
      throw error;
    }
  };
  return Object.fromEntries(Object.keys(routes).map((id) => [id, wrap(id)])) as unknown as HandlersFor<R, Call>;
}

/** Around the handler only the caller's own account is written about: a key that is closed there is that account's. */
function asRefusedAtTheGate(error: unknown): never {
  if (error instanceof Closed) throw new Problem('not-signed-in', undefined, {}, { cause: error });
  throw error instanceof Busy ? busy(error) : error;
}

/** What was to be written about is erased or restricted: in the words that the route has for what is not there. */
function closed(cause: Closed, route: Route): Error {
  const declared = problemsOf(route);
  const isAbsence = (slug: ProblemSlug) => problems[slug].status === 404;
  const absence = declared.includes('person-not-found') ? 'person-not-found' : declared.find(isAbsence);
  if (absence) return new Problem(absence, undefined, {}, { cause });
  // A route about oneself names nothing else that could be gone.
  return route.access.to === 'account' ? new Problem('not-signed-in', undefined, {}, { cause }) : cause;
}

const busy = (cause: Error) => new Problem('busy', undefined, { retryAfterSeconds: 1 }, { cause });
