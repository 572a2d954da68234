import type { Call } from '../../http/call.ts';
import { decodeCursor, encodeCursor, type List } from '../../http/cursor.ts';
import { type AccountId, BreachId, type OrganisationId, type PersonId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor, InputOf } from '../../http/route.ts';
import type { Page, Stored } from '../../platform/records.ts';
import { renderHtml } from '../agreements/html.ts';
import { operator } from '../agreements/operator.ts';
import {
  type Breach,
  type BreachFacts,
  type breachEntity,
  type Incident,
  type incidentEntity,
  isReportOverdue,
  PHASES_MAX,
  reportDueAt,
  tellDueAt,
  withPhase,
} from './breach.ts';
import { breachNotification } from './breach-notification.ts';
import type { breachRoutes } from './breach-routes.ts';
import { OPERATORS_ZONE } from './sub-processor.ts';

export type StoredBreach = Stored<typeof breachEntity>;
export type StoredIncident = Stored<typeof incidentEntity>;
type Read = { readonly value: Breach; readonly version: number };
type Range = { readonly limit: number; readonly after?: string };

/** How far the organisations have been told of the last phase. */
export interface Telling {
  readonly organisationsTold: number;
  readonly isToldToAll: boolean;
}

export interface BreachStore {
  organisation(organisationId: OrganisationId, call: Call): Promise<{ name: string; timeZone: string }>;
  find(organisationId: OrganisationId, breachId: BreachId, call: Call): Promise<StoredBreach | undefined>;
  list(organisationId: OrganisationId, range: Range, call: Call): Promise<Page<StoredBreach>>;
  /** With the deadline of the report. */
  record<A>(organisationId: OrganisationId, breach: Breach, call: Call, answer: A): Promise<A>;
  save<A>(before: StoredBreach, after: Breach, what: Happening, call: Call, answer: A): Promise<A>;
  /** Those who can still be told: there, and not yet told of this breach. Throws `person-not-found` where one is not there. */
  untold(before: StoredBreach, personIds: readonly PersonId[], call: Call): Promise<PersonId[]>;
  tell<A>(before: StoredBreach, after: Breach, told: Told<PersonId>, call: Call, answer: A): Promise<A>;

  findIncident(breachId: BreachId, call: Call): Promise<StoredIncident | undefined>;
  listIncidents(range: Range, call: Call): Promise<Page<StoredIncident>>;
  areKnown(organisationIds: readonly OrganisationId[], call: Call): Promise<boolean>;
  telling(incident: Incident, call: Call): Promise<Telling>;
  /** With the job that tells the organisations, its deadline and that of the operator's own report. */
  recordIncident<A>(incident: Incident, named: readonly OrganisationId[], call: Call, answer: A): Promise<A>;
  addIncidentPhase<A>(
    before: StoredIncident,
    after: Incident,
    named: readonly OrganisationId[],
    call: Call,
    answer: A,
  ): Promise<A>;
  saveIncident<A>(before: StoredIncident, after: Incident, what: Happening, call: Call, answer: A): Promise<A>;
  untoldAccounts(before: StoredIncident, accountIds: readonly AccountId[], call: Call): Promise<AccountId[]>;
  tellAccounts<A>(before: StoredIncident, after: Incident, told: Told<AccountId>, call: Call, answer: A): Promise<A>;
}

export type Happening = 'phase-added' | 'reported' | 'not-reported' | 'persons-not-told';
export interface Told<Id> {
  readonly ids: readonly Id[];
  readonly words: Words;
}
type TellBody = Extract<InputOf<(typeof breachRoutes)['tellOfBreach']>['body'], { decision: 'tell' }>;
type Words = TellBody['words'];
type Report = InputOf<(typeof breachRoutes)['reportBreach']>['body'];
type NotTold = Extract<InputOf<(typeof breachRoutes)['tellOfBreach']>['body'], { decision: 'not-needed' }>;

export const breachHandlers = (store: BreachStore): HandlersFor<typeof breachRoutes, Call> => ({
  async recordBreach({ params, body: { knownAt, facts } }, call) {
    const breach = begun(knownAt, facts, 'controller', call);
    return store.record(params.organisationId, breach, call, viewOf({ value: breach, version: 1 }, call));
  },

  async listBreaches({ params: { organisationId }, query }, call) {
    const list: List = { name: 'breaches', filter: { organisationId } };
    const { items, next } = await store.list(organisationId, rangeOf(list, query), call);
    return { items: items.map((one) => viewOf(one, call)), ...nextOf(list, next) };
  },

  getBreach: async ({ params }, call) => viewOf(await breachOf(store, params, call), call),

  async addBreachPhase({ params, body: facts }, call) {
    const before = await breachOf(store, params, call);
    const after = withMore(before.value, facts, 'controller', call);
    return store.save(before, after, 'phase-added', call, viewOf(next(before, after), call));
  },

  async getBreachNotification({ params, query }, call) {
    const [{ value }, reporter] = await Promise.all([
      breachOf(store, params, call),
      store.organisation(params.organisationId, call),
    ]);
    return renderHtml(breachNotification(value, reporter, call.now, query.language ?? call.language));
  },

  async reportBreach({ params, body }, call) {
    const before = await breachOf(store, params, call);
    const after = withReport(before.value, body, call);
    return store.save(before, after, happeningOf(body), call, viewOf(next(before, after), call));
  },

  async tellOfBreach({ params, body }, call) {
    const before = await breachOf(store, params, call);
    if (body.decision === 'not-needed') {
      const after = withNobodyTold(before.value, body, call);
      return store.save(before, after, 'persons-not-told', call, viewOf(next(before, after), call));
    }
    const ids = await store.untold(before, [...new Set(body.personIds)], call);
    const after = withTold(before.value, ids.length);
    return store.tell(before, after, { ids, words: body.words }, call, viewOf(next(before, after), call));
  },

  async recordIncident({ body: { knownAt, facts, concernsAccounts, affects } }, call) {
    const named = affects.organisations === 'named-organisations' ? [...new Set(affects.ids)] : [];
    await demandKnown(store, named, call);
    if (affects.organisations === 'named-organisations' && named.length === 0 && !concernsAccounts)
      throw new Problem('wrong-state', 'A breach concerns somebody.');
    const incident = { ...begun(knownAt, facts, 'operator', call), concernsAccounts, affects: affects.organisations };
    const telling = { organisationsTold: 0, isToldToAll: false };
    return store.recordIncident(incident, named, call, incidentView({ value: incident, version: 1 }, telling, call));
  },

  async listIncidents({ query }, call) {
    const list: List = { name: 'operator-breaches', filter: {} };
    const { items, next: after } = await store.listIncidents(rangeOf(list, query), call);
    const tellings = await Promise.all(items.map(({ value }) => store.telling(value, call)));
    return { items: items.map((one, i) => incidentView(one, tellings[i]!, call)), ...nextOf(list, after) };
  },

  async addIncidentPhase({ params, body: { facts, alsoAffects = [] } }, call) {
    const before = await incidentOf(store, params.breachId, call);
    await demandKnown(store, alsoAffects, call);
    const after = withMore(before.value, facts, 'operator', call);
    const telling = { organisationsTold: 0, isToldToAll: false };
    return store.addIncidentPhase(
      before,
      after,
      [...new Set(alsoAffects)],
      call,
      incidentView(next(before, after), telling, call),
    );
  },

  async getIncidentNotification({ params, query }, call) {
    const { value } = await incidentOf(store, params.breachId, call);
    const reporter = { name: operator.name, timeZone: OPERATORS_ZONE };
    return renderHtml(breachNotification(value, reporter, call.now, query.language ?? call.language));
  },

  async reportIncident({ params, body }, call) {
    const before = await incidentOf(store, params.breachId, call);
    const after = withReport(before.value, body, call);
    const telling = await store.telling(after, call);
    return store.saveIncident(before, after, happeningOf(body), call, incidentView(next(before, after), telling, call));
  },

  async tellAccountsOfIncident({ params, body }, call) {
    const before = await incidentOf(store, params.breachId, call);
    const telling = await store.telling(before.value, call);
    if (body.decision === 'not-needed') {
      const after = withNobodyTold(before.value, body, call);
      return store.saveIncident(
        before,
        after,
        'persons-not-told',
        call,
        incidentView(next(before, after), telling, call),
      );
    }
    const ids = await store.untoldAccounts(before, [...new Set(body.accountIds)], call);
    const after = withTold(before.value, ids.length);
    return store.tellAccounts(
      before,
      after,
      { ids, words: body.words },
      call,
      incidentView(next(before, after), telling, call),
    );
  },
});

async function breachOf(
  store: BreachStore,
  { organisationId, breachId }: { organisationId: OrganisationId; breachId: BreachId },
  call: Call,
): Promise<StoredBreach> {
  const stored = await store.find(organisationId, breachId, call);
  if (!stored) throw new Problem('breach-not-found');
  return stored;
}

async function incidentOf(store: BreachStore, breachId: BreachId, call: Call): Promise<StoredIncident> {
  const stored = await store.findIncident(breachId, call);
  if (!stored) throw new Problem('breach-not-found');
  return stored;
}

async function demandKnown(store: BreachStore, named: readonly OrganisationId[], call: Call): Promise<void> {
  if (named.length > 0 && !(await store.areKnown(named, call)))
    throw new Problem('wrong-state', 'One of the organisations is not there.');
}

function begun(knownAt: string, facts: BreachFacts, from: 'operator' | 'controller', call: Call): Breach {
  const at = call.now.toISOString();
  if (knownAt > at) throw new Problem('wrong-state', 'Nobody knows of a breach before its time.');
  return { id: call.newId('brc'), knownAt, phases: [{ at, from, facts }], reports: [], personsTold: 0 };
}

function withMore<B extends Breach>(breach: B, facts: BreachFacts, from: 'operator' | 'controller', call: Call): B {
  if (breach.phases.length >= PHASES_MAX) throw new Problem('wrong-state', `At most ${PHASES_MAX} phases.`);
  return withPhase(breach, { at: call.now.toISOString(), from, facts });
}

const happeningOf = ({ decision }: Report): Happening => (decision === 'sent' ? 'reported' : 'not-reported');

function withReport<B extends Breach>(breach: B, report: Report, call: Call): B {
  const { personId } = call.role!;
  if (report.decision === 'sent') {
    if (report.sentAt > call.now.toISOString()) throw new Problem('wrong-state', 'It has not been sent yet.');
    const { notReported: _, ...rest } = breach;
    const { sentAt: at, reference } = report;
    const sent = { at, personId, phase: breach.phases.length, ...(reference !== undefined && { reference }) };
    return { ...rest, reports: [...breach.reports, sent] } as B;
  }
  if (breach.reports.length > 0) throw new Problem('wrong-state', 'The breach has been reported.');
  return { ...breach, notReported: { at: call.now.toISOString(), personId, reason: report.reason } };
}

function withNobodyTold<B extends Breach>(breach: B, { reason }: Pick<NotTold, 'reason'>, call: Call): B {
  if (breach.personsTold > 0) throw new Problem('wrong-state', 'Some of those affected have been told.');
  return { ...breach, personsNotTold: { at: call.now.toISOString(), personId: call.role!.personId, reason } };
}

function withTold<B extends Breach>(breach: B, count: number): B {
  const { personsNotTold: _, ...rest } = breach;
  return { ...rest, personsTold: breach.personsTold + count } as B;
}

const next = <B extends Breach>({ version }: Read, value: B) => ({ value, version: version + 1 });

const viewOf = ({ value, version }: Read, { now }: Call) => ({
  ...value,
  reportDueAt: reportDueAt(value),
  isReportOverdue: isReportOverdue(value, now),
  version,
});

/** Without accounts there is nothing that the operator itself would report. */
function incidentView({ value, version }: { value: Incident; version: number }, telling: Telling, call: Call) {
  const view = viewOf({ value, version }, call);
  return {
    ...value,
    ...view,
    isReportOverdue: value.concernsAccounts && view.isReportOverdue,
    tellDueAt: tellDueAt(value),
    ...telling,
  };
}

type Query = { readonly limit: number; readonly cursor?: string | undefined };
const rangeOf = (list: List, { limit, cursor }: Query): Range => ({
  limit,
  ...(cursor !== undefined && { after: decodeCursor(list, cursor, BreachId) }),
});
const nextOf = (list: List, next: string | undefined) => (next === undefined ? {} : { next: encodeCursor(list, next) });
