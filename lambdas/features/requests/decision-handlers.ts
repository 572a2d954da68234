import { rules } from '../../access/rules.ts';
import { type Call, personIdsOf, type RoleCaller } from '../../http/call.ts';
import { decodeCursor, encodeCursor, type List } from '../../http/cursor.ts';
import { LegalHoldId, type PersonId, type RequestId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor, InputOf } from '../../http/route.ts';
import type { ControllerId } from '../../platform/entity.ts';
import * as decisions from './decisions.ts';
import type { RequestStore } from './handlers.ts';
import type { LegalHold } from './hold.ts';
import { type RequestRecord, RequestSortKey, type RequestText } from './request.ts';
import type { organisationRequestRoutes, platformRequestRoutes } from './routes.ts';
import type { Step } from './step.ts';
import { type ControllersRequest, controllersViewOf, type KnownRequest, summaryOf } from './views.ts';

export const organisationRequestHandlers = (
  requests: RequestStore,
): HandlersFor<typeof organisationRequestRoutes, Call> => ({
  listRequests: ({ params, query }, call) => listed(requests, params.organisationId, query, call),

  async getRequest({ params }, call) {
    return controllersViewOf(await requestOf(requests, of(params), call), call.now);
  },

  planErasure: ({ params }, call) => {
    const plan = (request: RequestRecord) => decisions.plan(request, callerOf(call).personId, call.now);
    return taken(requests, of(params), plan, {}, call);
  },

  approveRequest: ({ params, body }, call) => approved(requests, of(params), body, call),
  refuseRequest: ({ params, body }, call) => refused(requests, of(params), body, call),
  extendRequest: ({ params, body }, call) => extended(requests, of(params), body, call),

  liftRequest: ({ params }, call) => {
    return taken(requests, of(params), (request) => decisions.lift(request, call.now), {}, call);
  },

  async putHold({ params: { organisationId }, body }, call) {
    const by = callerOf(call).personId;
    const hold: LegalHold = { ...body, id: call.newId('hld'), since: call.now.toISOString(), by };
    return requests.putHold(hold, organisationId, call);
  },

  async listHolds({ params: { organisationId }, query: { cursor, limit } }, call) {
    const list: List = { name: 'legal-holds', filter: { organisationId } };
    const range = { limit, ...(cursor !== undefined && { after: decodeCursor(list, cursor, LegalHoldId) }) };
    const { holds, next } = await requests.holds(organisationId, range, call);
    return { items: [...holds], ...(next !== undefined && { next: encodeCursor(list, next) }) };
  },

  async liftHold({ params: { organisationId, holdId } }, call) {
    await requests.liftHold(organisationId, holdId, call);
  },
});

/** What is asked of the operator as a controller: of accounts. */
export const platformRequestHandlers = (requests: RequestStore): HandlersFor<typeof platformRequestRoutes, Call> => ({
  listAccountRequests: ({ query }, call) => listed(requests, 'operator', query, call),

  async getAccountRequest({ params }, call) {
    return controllersViewOf(await requestOf(requests, ofOperator(params), call), call.now);
  },

  approveAccountRequest: ({ params, body }, call) => approved(requests, ofOperator(params), body, call),
  refuseAccountRequest: ({ params, body }, call) => refused(requests, ofOperator(params), body, call),
  extendAccountRequest: ({ params, body }, call) => extended(requests, ofOperator(params), body, call),
});

interface Place {
  readonly controller: ControllerId;
  readonly requestId: RequestId;
}
type OrganisationPath = InputOf<typeof organisationRequestRoutes.getRequest>['params'];
const of = ({ organisationId, requestId }: OrganisationPath): Place => ({ controller: organisationId, requestId });
const ofOperator = ({ requestId }: { readonly requestId: RequestId }): Place => ({ controller: 'operator', requestId });

async function listed(
  requests: RequestStore,
  controller: ControllerId,
  { cursor, limit, show, state }: InputOf<typeof platformRequestRoutes.listAccountRequests>['query'],
  call: Call,
) {
  const list: List = { name: 'requests', filter: { controller, show, state } };
  const range = { limit, ...(cursor !== undefined && { after: decodeCursor(list, cursor, RequestSortKey) }) };
  const { requests: items, next } = await requests.page(controller, { show, state }, range, call);
  return {
    items: items.map((request) => summaryOf(request, call.now)),
    ...(next !== undefined && { next: encodeCursor(list, next) }),
  };
}

async function approved(
  requests: RequestStore,
  place: Place,
  { words }: InputOf<typeof organisationRequestRoutes.approveRequest>['body'],
  call: Call,
): Promise<ControllersRequest> {
  const known = await requestOf(requests, place, call);
  const { stored, holds } = known;
  demandNotOwnChange(stored.value, call);
  const all = await requests.deciders(place.controller, stored.value.timeZone, call);
  const step = decisions.approve(stored.value, deciderOf(call, all), holds.length, call.now);
  const said = words === undefined ? {} : { decisionWords: words };
  return controllersViewOf(await requests.take(known, step, said, call), call.now);
}

/** Who may not change people does not come to it by taking a request in and approving it. */
function demandNotOwnChange({ right, askedBy }: RequestRecord, call: Call): void {
  if (right !== 'rectification' || askedBy.as !== 'claim') return;
  const caller = callerOf(call);
  if (!personIdsOf(caller).includes(askedBy.registeredBy)) return;
  const mayChangePeople = rules['person:manage'].some(({ role }) => role === caller.role);
  if (!mayChangePeople) throw new Problem('second-person-required');
}

function refused(
  requests: RequestStore,
  place: Place,
  { reason, words }: InputOf<typeof organisationRequestRoutes.refuseRequest>['body'],
  call: Call,
): Promise<ControllersRequest> {
  const refuse = (request: RequestRecord) => decisions.refuse(request, callerOf(call).personId, reason, call.now);
  return taken(requests, place, refuse, { decisionWords: words }, call);
}

function extended(
  requests: RequestStore,
  place: Place,
  { reason, words }: InputOf<typeof organisationRequestRoutes.extendRequest>['body'],
  call: Call,
): Promise<ControllersRequest> {
  const extend = (request: RequestRecord) => decisions.extend(request, reason, call.now);
  return taken(requests, place, extend, { extensionWords: words }, call);
}

async function taken(
  requests: RequestStore,
  place: Place,
  decide: (request: RequestRecord) => Step,
  said: RequestText,
  call: Call,
): Promise<ControllersRequest> {
  const known = await requestOf(requests, place, call);
  return controllersViewOf(await requests.take(known, decide(known.stored.value), said, call), call.now);
}

async function requestOf(requests: RequestStore, place: Place, call: Call): Promise<KnownRequest> {
  const known = await requests.find(place.controller, place.requestId, call);
  if (!known) throw new Problem('request-not-found');
  return known;
}

/** The same one in two roles, or as two persons, is one. */
function deciderOf(call: Call, deciders: readonly PersonId[]): decisions.Decider {
  const caller = callerOf(call);
  const personIds = personIdsOf(caller);
  return { personId: caller.personId, personIds, others: deciders.filter((id) => !personIds.includes(id)) };
}

/** The chain lets nobody without a role reach a route for roles. */
function callerOf(call: Call): RoleCaller {
  if (!call.role) throw new Error('A route for roles without a role');
  return call.role;
}
