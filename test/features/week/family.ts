import { grantRole } from '../../../lambdas/features/access/grant-role.ts';
import type { RoleRecord } from '../../../lambdas/features/access/role.ts';
import { accountLinkEntity, accountPointers } from '../../../lambdas/features/accounts/account.ts';
import { pointersOf } from '../../../lambdas/features/calendar/calendar-index.ts';
import { type CalendarEvent, eventRefOf } from '../../../lambdas/features/calendar/event.ts';
import { type Custody, custodyRef } from '../../../lambdas/features/custody/custody.ts';
import { inboxPointers } from '../../../lambdas/features/messages/inbox.ts';
import { groupEntity, organisationOwner } from '../../../lambdas/features/organisations/organisation.ts';
import { ownerOf } from '../../../lambdas/features/people/person.ts';
import { type Closure, closureRef } from '../../../lambdas/features/reservations/closure.ts';
import {
  type ReservationRules,
  reservationRulesRef,
  rulesUnlessSet,
} from '../../../lambdas/features/reservations/rules.ts';
import type { AccountId, DepartmentId, GroupId, PersonId } from '../../../lambdas/http/ids.ts';
import type { Dynamo } from '../../../lambdas/platform/dynamo.ts';
import { aCall, anId, type TestStore } from '../../support/store.ts';
import type { Kindergarten } from '../attendance/kindergarten.ts';

const changeAt = ({ store, organisationId }: Kindergarten) =>
  aCall(store)
    .records.change()
    .activity({ event: 'test.prepared', subject: organisationOwner(organisationId) });

/** The account is the person there, and holds the role. */
export async function linked(
  of: Kindergarten,
  personId: PersonId,
  accountId: AccountId,
  role: Partial<RoleRecord> = {},
) {
  const record: RoleRecord = {
    id: anId('rol'),
    personId,
    role: 'guardian',
    scope: { kind: 'person', id: personId },
    validFrom: '2026-01-01',
    state: 'active',
    ...role,
  };
  const change = changeAt(of)
    .put(
      { entity: accountLinkEntity, owner: ownerOf(of.organisationId, personId) },
      { accountId, since: NEW_YEAR },
      'new',
    )
    .point(accountPointers.person(accountId, of.organisationId, personId));
  await grantRole(change, of.organisationId, record, accountId).commit();
}

export async function anEvent(of: Kindergarten, fields: Partial<CalendarEvent> & Pick<CalendarEvent, 'when'>) {
  const event: CalendarEvent = {
    id: anId('cal'),
    title: 'Tur til skogen',
    bring: [],
    scope: { kind: 'organisation' },
    timeZone: 'Europe/Oslo',
    exceptions: [],
    overrides: [],
    files: [],
    sequence: 0,
    createdAt: NEW_YEAR,
    updatedAt: NEW_YEAR,
    ...fields,
  };
  const change = changeAt(of).put(eventRefOf(of.organisationId, event.scope, event.id), event, 'new');
  for (const pointer of pointersOf(of.organisationId, event)) change.point(pointer);
  await change.commit();
}

export const aClosure = (of: Kindergarten, fields: Omit<Closure, 'id'>) => {
  const closure = { id: anId('clo'), ...fields };
  return changeAt(of).put(closureRef(of.organisationId, closure), closure, 'new').commit();
};

export const rules = (of: Kindergarten, fields: Partial<ReservationRules>) =>
  changeAt(of)
    .put(reservationRulesRef(of.organisationId), { ...rulesUnlessSet, ...fields }, 'new')
    .commit();

/** One week with the first home, one with the second; the first of them is the week of Monday 16 November 2026. */
export const twoHomes = (of: Kindergarten, childId: PersonId, first: PersonId, second: PersonId) => {
  const custody: Custody = {
    homes: { first: [first], second: [second] },
    from: '2026-11-16',
    weeks: [{ days: Array(7).fill('first') }, { days: Array(7).fill('second') }],
    exceptions: [],
  };
  return changeAt(of).put(custodyRef(of.organisationId, childId), custody, 'new').commit();
};

export const aMessageWaits = (of: Kindergarten, personId: PersonId, childId?: PersonId) =>
  changeAt(of)
    .point({
      ...inboxPointers.waiting(of.organisationId, personId, anId('thr')),
      attributes: { at: NEW_YEAR, ...(childId && { childId }) },
    })
    .commit();

/** A group of a department. */
export async function aGroupOf(of: Kindergarten, departmentId: DepartmentId): Promise<GroupId> {
  const id = anId('grp');
  const owner = organisationOwner(of.organisationId);
  await changeAt(of)
    .put({ entity: groupEntity, owner, key: id }, { id, name: 'Blåveis', departmentId, state: 'open' }, 'new')
    .commit();
  return id;
}

const NEW_YEAR = '2026-01-01T08:00:00.000Z';

/** The same store, and how many waves of calls DynamoDB has been sent: those that go out side by side are one. */
export function countingWaves(store: TestStore) {
  let [sent, answered] = [0, 0];
  const counted =
    <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      const wave = answered + 1;
      sent = Math.max(sent, wave);
      try {
        return await call(...args);
      } finally {
        answered = Math.max(answered, wave);
      }
    };
  const { batchGet, query, transact } = store.dynamo;
  const dynamo: Dynamo = { batchGet: counted(batchGet), query: counted(query), transact: counted(transact) };
  return {
    store: Object.create(store, { dynamo: { value: dynamo } }) as TestStore,
    /** Of what is done. */
    async during(done: () => Promise<unknown>): Promise<number> {
      const before = sent;
      await done();
      return sent - before;
    },
  };
}
