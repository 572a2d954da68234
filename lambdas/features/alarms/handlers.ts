import type { Call, RoleCaller } from '../../http/call.ts';
import { decodeCursor, encodeCursor, type List } from '../../http/cursor.ts';
import type { AlarmId, OrganisationId, PersonId } from '../../http/ids.ts';
import { pointer } from '../../http/pointer.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import type { Page } from '../../platform/records.ts';
import type { PersonRecord } from '../people/person.ts';
import { type Alarm, AlarmSortKey } from './alarm.ts';
import type { AlarmPlace, Answer, Outcome } from './answer.ts';
import type { AlarmConfiguration, Place } from './configuration.ts';
import type { Answering } from './decisions.ts';
import type { alarmRoutes } from './routes.ts';
import { alarmViewOf, boardAlarmOf, summaryOf } from './views.ts';
import type { StoredAlarm } from './writes.ts';

export interface OnBoard {
  readonly alarm: Alarm;
  /** Absent where nothing of the recipient opens any more. */
  readonly person: PersonRecord | undefined;
}

interface StoredConfiguration {
  readonly value: AlarmConfiguration;
  readonly version: number;
}

export interface AlarmStore {
  /** Of what is not resolved, the part of a page that lies in the caller's scope and behind no block. Four round trips. */
  board(
    organisationId: OrganisationId,
    caller: RoleCaller,
    range: { readonly limit: number; readonly after?: string },
    call: Call,
  ): Promise<Page<OnBoard>>;
  /** Newest first; one round trip. */
  ofPerson(
    organisationId: OrganisationId,
    personId: PersonId,
    range: { readonly limit: number; readonly after?: string },
    call: Call,
  ): Promise<Page<StoredAlarm>>;
  find(place: AlarmPlace, call: Call): Promise<StoredAlarm | undefined>;
  /** Whether a relative is a receiver who may be told of the person's alarms; one round trip. */
  isReceiver(organisationId: OrganisationId, personId: PersonId, callerId: PersonId, call: Call): Promise<boolean>;
  answer(place: AlarmPlace, answering: Answering, answer: Answer, call: Call): Promise<Outcome>;
  /** Throws `department-not-found`; one round trip. */
  configuration(organisationId: OrganisationId, place: Place, call: Call): Promise<StoredConfiguration | undefined>;
  /** Which of the persons work there; one round trip. */
  areThere(organisationId: OrganisationId, personIds: readonly PersonId[], call: Call): Promise<readonly boolean[]>;
  /** Throws `StaleVersion`. */
  configure(
    organisationId: OrganisationId,
    place: Place,
    before: StoredConfiguration | undefined,
    after: AlarmConfiguration,
    call: Call,
  ): Promise<void>;
}

export const alarmHandlers = (alarms: AlarmStore): HandlersFor<typeof alarmRoutes, Call> => ({
  async listOpenAlarms({ params: { organisationId }, query }, call) {
    const list: List = { name: 'open-alarms', filter: { organisationId } };
    const caller = callerOf(call);
    const { items, next } = await alarms.board(organisationId, caller, rangeOf(list, query), call);
    return {
      items: items.map(({ alarm, person }) => boardAlarmOf(caller, alarm, person)),
      ...(next !== undefined && { next: encodeCursor(list, next) }),
    };
  },

  async listAlarms({ params: { organisationId, personId }, query }, call) {
    const caller = await readerOf(alarms, organisationId, personId, call);
    const list: List = { name: 'alarms', filter: { personId } };
    const { items, next } = await alarms.ofPerson(organisationId, personId, rangeOf(list, query), call);
    return {
      items: items.map(({ value }) => summaryOf(caller, value)),
      ...(next !== undefined && { next: encodeCursor(list, next) }),
    };
  },

  async getAlarm({ params }, call) {
    const caller = await readerOf(alarms, params.organisationId, params.personId, call);
    const stored = await alarms.find(placeOf(params), call);
    if (!stored) throw new Problem('alarm-not-found');
    return alarmViewOf(caller, stored);
  },

  async answerAlarm({ params, body }, call) {
    const caller = await readerOf(alarms, params.organisationId, params.personId, call);
    const outcome = await alarms.answer(placeOf(params), { by: caller.personId, how: 'signed-in' }, body, call);
    switch (outcome.is) {
      case 'gone':
        throw new Problem('alarm-not-found');
      case 'taken':
        throw new Problem('alarm-taken');
      case 'over':
        throw new Problem('alarm-over');
      case 'done':
        return alarmViewOf(caller, outcome.stored);
    }
  },

  getAlarmConfiguration: ({ params }, call) => configurationAt(alarms, params.organisationId, ofOrganisation, call),
  putAlarmConfiguration: ({ params, body, ifMatch }, call) =>
    configured(alarms, params.organisationId, ofOrganisation, { body, ifMatch }, call),

  getDepartmentAlarmConfiguration: ({ params: { organisationId, departmentId } }, call) =>
    configurationAt(alarms, organisationId, { of: 'department', departmentId }, call),
  putDepartmentAlarmConfiguration: ({ params: { organisationId, departmentId }, body, ifMatch }, call) =>
    configured(alarms, organisationId, { of: 'department', departmentId }, { body, ifMatch }, call),

  getPersonAlarmConfiguration: ({ params: { organisationId, personId } }, call) =>
    configurationAt(alarms, organisationId, { of: 'person', personId }, call),
  putPersonAlarmConfiguration: ({ params: { organisationId, personId }, body, ifMatch }, call) =>
    configured(alarms, organisationId, { of: 'person', personId }, { body, ifMatch }, call),
});

const ofOrganisation: Place = { of: 'organisation' };

const placeOf = ({
  organisationId,
  personId,
  alarmId,
}: {
  readonly organisationId: OrganisationId;
  readonly personId: PersonId;
  readonly alarmId: AlarmId;
}): AlarmPlace => ({ organisationId, recipientId: personId, alarmId });

/** A relative is told of alarms as a receiver, and of none otherwise: being related is not enough. */
async function readerOf(
  alarms: AlarmStore,
  organisationId: OrganisationId,
  personId: PersonId,
  call: Call,
): Promise<RoleCaller> {
  const caller = callerOf(call);
  if (caller.role === 'guardian' && !(await alarms.isReceiver(organisationId, personId, caller.personId, call))) {
    throw new Problem('person-not-found');
  }
  return caller;
}

async function configurationAt(alarms: AlarmStore, organisationId: OrganisationId, place: Place, call: Call) {
  demandReach(place, callerOf(call));
  const stored = await alarms.configuration(organisationId, place, call);
  return { ...(stored?.value ?? { chains: [] }), version: versionOf(stored) };
}

async function configured(
  alarms: AlarmStore,
  organisationId: OrganisationId,
  place: Place,
  { body, ifMatch }: { readonly body: AlarmConfiguration; readonly ifMatch: number },
  call: Call,
) {
  demandReach(place, callerOf(call));
  const stored = await alarms.configuration(organisationId, place, call);
  if (versionOf(stored) !== ifMatch) throw new Problem('stale-version');
  await demandThere(alarms, organisationId, body, call);
  await alarms.configure(organisationId, place, stored, body, call);
  return { ...body, version: ifMatch + 1 };
}

/** A department's head decides for the department, and not for the others; persons are decided by the gate. */
function demandReach(place: Place, { scope }: RoleCaller): void {
  if (place.of === 'person' || scope.kind === 'organisation') return;
  if (place.of === 'organisation') throw new Problem('not-allowed');
  if (scope.kind !== 'department' || scope.id !== place.departmentId) throw new Problem('department-not-found');
}

async function demandThere(
  alarms: AlarmStore,
  organisationId: OrganisationId,
  { chains }: AlarmConfiguration,
  call: Call,
): Promise<void> {
  const named = chains.flatMap((chain, i) =>
    chain.steps.flatMap(({ to }, j) =>
      to.kind === 'persons'
        ? to.personIds.map((personId, k) => ({
            personId,
            at: pointer('body', 'chains', i, 'steps', j, 'to', 'personIds', k),
          }))
        : [],
    ),
  );
  const are = await alarms.areThere(
    organisationId,
    named.map(({ personId }) => personId),
    call,
  );
  const errors = named.flatMap(({ at }, i) => (are[i] ? [] : [{ pointer: at, detail: 'Nobody who works there.' }]));
  if (errors.length > 0) throw new Problem('malformed-request', undefined, { errors });
}

/** What nobody has chosen yet has a version too, so that the first choice can be conditioned like any other. */
const versionOf = (stored: StoredConfiguration | undefined): number => (stored?.version ?? 0) + 1;

function rangeOf(list: List, { cursor, limit }: { readonly cursor?: string | undefined; readonly limit: number }) {
  return { limit, ...(cursor !== undefined && { after: decodeCursor(list, cursor, AlarmSortKey) }) };
}

/** The chain lets nobody without a role reach a route for roles. */
function callerOf(call: Call): RoleCaller {
  if (!call.role) throw new Error('A route for roles without a role');
  return call.role;
}
