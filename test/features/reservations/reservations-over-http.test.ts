import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RoleName } from '../../../lambdas/access/roles.ts';
import { attendanceHandlers } from '../../../lambdas/features/attendance/handlers.ts';
import { attendanceRoutes } from '../../../lambdas/features/attendance/routes.ts';
import { attendanceStore } from '../../../lambdas/features/attendance/store.ts';
import { organisationOwner } from '../../../lambdas/features/organisations/organisation.ts';
import { peoplePointers } from '../../../lambdas/features/people/person.ts';
import { capacityHandlers } from '../../../lambdas/features/reservations/capacity-handlers.ts';
import { capacityRoutes } from '../../../lambdas/features/reservations/capacity-routes.ts';
import { capacityStore } from '../../../lambdas/features/reservations/capacity-store.ts';
import { CLOSURES_MAX, closureRef } from '../../../lambdas/features/reservations/closure.ts';
import { weekdays } from '../../../lambdas/features/reservations/days.ts';
import { reservationHandlers } from '../../../lambdas/features/reservations/handlers.ts';
import { openingHandlers } from '../../../lambdas/features/reservations/opening-handlers.ts';
import { openingRoutes } from '../../../lambdas/features/reservations/opening-routes.ts';
import { openingStore } from '../../../lambdas/features/reservations/opening-store.ts';
import { reservationRoutes } from '../../../lambdas/features/reservations/routes.ts';
import { rulesUnlessSet } from '../../../lambdas/features/reservations/rules.ts';
import { reservationStore } from '../../../lambdas/features/reservations/store.ts';
import type { Client } from '../../../lambdas/http/client.ts';
import type { GroupId, PersonId } from '../../../lambdas/http/ids.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aService, someoneWith } from '../../support/service.ts';
import { aCall, anId } from '../../support/store.ts';
import { aKindergarten, type Kindergarten } from '../attendance/kindergarten.ts';

const routes = { ...attendanceRoutes, ...reservationRoutes, ...openingRoutes, ...capacityRoutes };
const handlers = {
  ...attendanceHandlers(attendanceStore),
  ...reservationHandlers(reservationStore),
  ...openingHandlers(openingStore),
  ...capacityHandlers(capacityStore),
};

let db: TestDynamoDb;
let house: Kindergarten;
let groupId: GroupId;
let childId: PersonId;
let staff: Client<typeof routes>;
let guardian: Client<typeof routes>;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());
beforeEach(async () => {
  house = await aKindergarten(db);
  // Thursday of week 48, before noon.
  house.at('2026-11-26T07:00:00Z');
  groupId = await house.group();
  childId = await aChild();
  staff = await as('staff');
  guardian = await as('guardian', { personId: await house.guardian(childId) });
});

const refused = (slug: string, more: object = {}) => ({ name: 'ProblemError', slug, ...more });
async function as(role: RoleName, wanted: Parameters<typeof someoneWith>[3] = {}) {
  const service = aService(house.store, routes, handlers);
  return service.as(await someoneWith(house.store, house.organisationId, role, wanted));
}
const aChild = (fields: object = {}) => house.person({ placements: [{ groupId, from: '2026-08-17' }], ...fields });
const inHouse = () => ({ organisationId: house.organisationId });
const of = (personId = childId) => ({ ...inHouse(), personId });
const ofWeek = (week: string, personId = childId) => ({ ...of(personId), week });
const ofGroup = () => ({ ...inHouse(), groupId });
const monday = { day: '2026-12-07', from: '08:00', until: '16:00' };
const nobody = () => anId('per');

/** Closed at weekends and on public holidays; Thursday noon closes the week after. */
async function withCutOff() {
  await (await as('leader')).setReservationRules({
    params: inHouse(),
    body: {
      ...rulesUnlessSet,
      openWeekdays: weekdays.slice(0, 5),
      closedOnPublicHolidays: true,
      weekCutOff: { weeksBefore: 1, weekday: 'thursday', at: '12:00' },
    },
    ifMatch: 1,
  });
}

describe('a week', () => {
  it('is planned in one call: the days that are named have times, and the others none', async () => {
    const put = { params: ofWeek('2026-W50'), body: { days: [monday] }, ifMatch: 1 };
    const { body, etag } = await guardian.setReservations(put);
    expect(body).toMatchObject({ week: '2026-W50', timeZone: 'Europe/Oslo', version: 2 });
    expect(body.days[0]).toMatchObject({ day: '2026-12-07', expected: { from: '08:00', until: '16:00' } });
    expect(body.days.slice(1).some(({ expected }) => expected)).toBe(false);
    await expect(guardian.setReservations(put)).rejects.toMatchObject(refused('stale-version'));
    await guardian.setReservations({ params: ofWeek('2026-W50'), body: { days: [] }, ifMatch: etag! });
    const read = (await staff.getReservations({ params: ofWeek('2026-W50') })).body;
    expect(read.days.some(({ expected }) => expected)).toBe(false);
    // The attendance clock is told with it, and no longer.
    expect(await house.expectedRows('2026-12-07')).toEqual([]);
  });

  it('shows the same days as the attendance, and tells the clock whom it awaits', async () => {
    await staff.setReservations({ params: ofWeek('2026-W50'), body: { days: [monday] }, ifMatch: 1 });
    expect(await house.expectedRows('2026-12-07')).toMatchObject([{ sk: childId }]);
    const day = await guardian.getAttendance({ params: { ...of(), day: '2026-12-07' } });
    expect(day.body).toMatchObject({ state: 'expected', expected: { from: '08:00' } });
    expect(await house.activities(childId)).toContain('reservations.set');
  });

  it('is refused whole when a day of it is malformed, over or too far ahead', async () => {
    const put = (week: string, days: object[]) =>
      staff.setReservations({ params: ofWeek(week), body: { days: days as (typeof monday)[] }, ifMatch: 1 });
    await expect(put('2026-W50', [monday, monday])).rejects.toMatchObject(refused('malformed-request'));
    await expect(put('2026-W51', [monday])).rejects.toMatchObject(refused('malformed-request'));
    await expect(put('2026-W50', [{ ...monday, until: '07:00' }])).rejects.toMatchObject(refused('malformed-request'));
    await expect(put('2027-W53', [])).rejects.toMatchObject(refused('malformed-request'));
    await expect(put('2026-W47', [])).rejects.toMatchObject(refused('wrong-state'));
    await expect(put('2028-W10', [])).rejects.toMatchObject(refused('wrong-state'));
    expect(await house.activities(childId)).not.toContain('reservations.set');
  });
});

describe('the cut-off', () => {
  beforeEach(withCutOff);

  it('refuses a guardian’s late change with the next open day, and takes the staff’s', async () => {
    house.at('2026-11-26T11:00:00Z');
    const put = {
      params: ofWeek('2026-W49'),
      body: { days: [{ day: '2026-12-01', from: '08:00' }] },
      ifMatch: 1,
    };
    const late = await guardian.setReservations(put).catch((error: unknown) => error);
    expect(late).toMatchObject(refused('behind-cut-off'));
    expect(late).toMatchObject({ problem: { day: '2026-12-01', nextOpenDay: '2026-12-07' } });
    expect((await guardian.getReservations({ params: ofWeek('2026-W49') })).body).toMatchObject({
      version: 1,
      nextOpenDay: '2026-12-07',
      days: expect.arrayContaining([expect.objectContaining({ day: '2026-12-01', isChangeable: false })]),
    });
    const day = { params: { ...of(), day: '2026-12-01' }, body: { from: '08:00' }, ifMatch: 1 };
    await expect(guardian.expectArrival(day)).rejects.toMatchObject(refused('behind-cut-off'));
    // A role stays open for half an hour.
    expect((await (await as('staff')).setReservations(put)).body.version).toBe(2);
    // An absence is welcome at any time.
    const absence = { from: '2026-12-01', until: '2026-12-01', reason: 'other' } as const;
    expect((await guardian.reportAbsences({ params: of(), body: absence })).body.days).toEqual([
      { day: '2026-12-01', outcome: 'set' },
    ]);
  });

  it('lets nobody be expected on a closed day', async () => {
    const days = [{ day: '2026-12-25', from: '08:00' }];
    const put = { params: ofWeek('2026-W52'), body: { days }, ifMatch: 1 };
    await expect(staff.setReservations(put)).rejects.toMatchObject(refused('day-closed'));
    const day = { params: { ...of(), day: '2026-12-25' }, body: { from: '08:00' }, ifMatch: 1 };
    await expect(staff.expectArrival(day)).rejects.toMatchObject(refused('day-closed'));
  });
});

describe('siblings', () => {
  it('are planned in one call, or none of them, with each child’s problem named', async () => {
    await withCutOff();
    const [second, stranger] = [await aChild(), await aChild()];
    const personId = await house.guardian(second);
    await house.guardian(childId, {}, personId);
    const parent = await as('guardian', { personId });
    const days = [monday];
    const both = [
      { personId: childId, version: 1, days },
      { personId: second, version: 1, days },
    ];
    const put = (children: typeof both, week = '2026-W50') =>
      parent.setSiblingsReservations({ params: { ...inHouse(), week }, body: { children } });

    const wrong = await put([
      { ...both[0]!, version: 7 },
      { ...both[1]!, days: [{ ...monday, day: '2026-12-12' }] },
      { personId: stranger, version: 1, days },
    ]).catch((error: unknown) => error);
    expect(wrong).toMatchObject(refused('reservations-refused'));
    expect(wrong).toMatchObject({
      problem: {
        refused: [
          { personId: childId, problem: 'stale-version' },
          { personId: second, problem: 'day-closed', day: '2026-12-12' },
          { personId: stranger, problem: 'person-not-found' },
        ],
      },
    });
    expect(await house.expectedRows('2026-12-07')).toEqual([]);
    await expect(put([both[0]!, both[0]!])).rejects.toMatchObject(refused('malformed-request'));

    const { items } = (await put(both)).body;
    expect(items.map((item) => [item.personId, item.version])).toEqual([
      [childId, 2],
      [second, 2],
    ]);
    expect(await house.expectedRows('2026-12-07')).toHaveLength(2);
    const again = both.map((child) => ({ ...child, version: 2 }));
    expect((await put(again)).body.items).toMatchObject([{ version: 2 }, { version: 2 }]);
  });

  it('five with seven days each fit into one transaction', async () => {
    const personId = await house.guardian(childId);
    const ids = [childId];
    while (ids.length < 5) {
      ids.push(await aChild());
      await house.guardian(ids.at(-1)!, {}, personId);
    }
    const parent = await as('guardian', { personId });
    const days = Array.from({ length: 7 }, (_, i) => ({ ...monday, day: `2026-12-${String(7 + i).padStart(2, '0')}` }));
    const children = ids.map((id) => ({ personId: id, version: 1, days }));
    const { body } = await parent.setSiblingsReservations({
      params: { ...inHouse(), week: '2026-W50' },
      body: { children },
    });
    expect(body.items.every(({ version }) => version === 8)).toBe(true);
  });

  it('are for guardians who decide, and no block stands between', async () => {
    const children = (personId: PersonId) => ({ children: [{ personId, version: 1, days: [] }] });
    const params = { ...inHouse(), week: '2026-W50' };
    await expect(staff.setSiblingsReservations({ params, body: children(childId) })).rejects.toMatchObject(
      refused('not-allowed'),
    );
    const keptAway = await house.guardian(childId);
    await house.block(childId, keptAway);
    const others = [
      keptAway,
      await house.guardian(childId, { rights: 'information-only' }),
      await house.guardian(childId, { rights: 'pick-up-only' }),
      await house.guardian(childId, { until: '2026-11-01' }),
    ];
    for (const personId of others) {
      const call = (await as('guardian', { personId })).setSiblingsReservations({ params, body: children(childId) });
      await expect(call).rejects.toMatchObject({
        ...refused('reservations-refused'),
        problem: { refused: [{ personId: childId, problem: 'person-not-found' }] },
      });
    }
  });
});

describe('many days', () => {
  it('of a week are copied into others, once for one key', async () => {
    await withCutOff();
    await guardian.setReservations({ params: ofWeek('2026-W50'), body: { days: [monday] }, ifMatch: 1 });
    const copy = {
      params: ofWeek('2026-W50'),
      body: { into: ['2026-W51', '2026-W52'] },
      idempotencyKey: 'copy-0000000000001',
    };
    const { body } = await guardian.copyWeek(copy);
    expect(body.days.filter(({ outcome }) => outcome === 'set').map(({ day }) => day)).toEqual([
      '2026-12-14',
      '2026-12-21',
    ]);
    expect((await guardian.copyWeek(copy)).body).toEqual(body);
    const into = (week: string) => guardian.copyWeek({ params: ofWeek('2026-W50'), body: { into: [week] } });
    await expect(into('2026-W50')).rejects.toMatchObject(refused('malformed-request'));
    await expect(into('2026-W40')).rejects.toMatchObject(refused('wrong-state'));
  });

  it('are reported absent over a range, but for those that are closed', async () => {
    await withCutOff();
    const report = (from: string, until: string) =>
      guardian.reportAbsences({ params: of(), body: { from, until, reason: 'holiday' } });
    const { days } = (await report('2026-12-23', '2026-12-28')).body;
    expect(days.map(({ outcome }) => outcome)).toEqual(['set', 'set', 'closed', 'closed', 'closed', 'set']);
    const day = await staff.getAttendance({ params: { ...of(), day: '2026-12-23' } });
    expect(day.body).toMatchObject({ state: 'absent', absence: { reason: 'holiday' } });
    await expect(report('2026-12-28', '2026-12-23')).rejects.toMatchObject(refused('malformed-request'));
    await expect(report('2026-12-01', '2027-01-15')).rejects.toMatchObject(refused('malformed-request'));
    await expect(report('2026-10-01', '2026-10-05')).rejects.toMatchObject(refused('wrong-state'));
  });
});

describe('a standing week', () => {
  const usually = weekdays.slice(0, 4).map((weekday) => ({ weekday, from: '08:00' }));

  it('is entered into the weeks ahead, and a change of it leaves what a hand changed', async () => {
    await withCutOff();
    const set = (from: string, ifMatch: number, at = '08:00') =>
      guardian.setStandingWeek({
        params: of(),
        body: { from, days: usually.map((day) => ({ ...day, from: at })) },
        ifMatch,
      });
    const { body } = await set('2026-11-30', 1);
    expect(body).toMatchObject({ version: 2, filledUntil: '2026-12-27' });
    expect(body.changed?.filter(({ outcome }) => outcome === 'set')).toHaveLength(16);
    const edited = await guardian.getReservations({ params: ofWeek('2026-W50') });
    await guardian.setReservations({ params: ofWeek('2026-W50'), body: { days: [monday] }, ifMatch: edited.etag! });

    await set('2026-12-07', 2, '09:00');
    const times = async (week: string) =>
      (await guardian.getReservations({ params: ofWeek(week) })).body.days.map(({ expected }) => expected?.from);
    expect((await times('2026-W49')).slice(0, 5)).toEqual(['08:00', '08:00', '08:00', '08:00', undefined]);
    expect((await times('2026-W50')).slice(0, 5)).toEqual(['08:00', undefined, undefined, undefined, undefined]);
    expect((await times('2026-W51')).slice(0, 5)).toEqual(['09:00', '09:00', '09:00', '09:00', undefined]);
    const read = (await staff.getStandingWeeks({ params: of() })).body;
    expect(read.versions.map(({ from }) => from)).toEqual(['2026-11-30', '2026-12-07']);
    await expect(set('2026-12-14', 2)).rejects.toMatchObject(refused('stale-version'));
    await expect(set('2026-11-01', 3)).rejects.toMatchObject(refused('wrong-state'));

    const entered = await guardian.enterStandingWeek({ params: of(), body: { weeks: ['2026-W50'] } });
    expect(entered.body.days.map(({ outcome }) => outcome).slice(0, 4)).toEqual([
      'changed-by-hand',
      'set',
      'set',
      'set',
    ]);
    const past = guardian.enterStandingWeek({ params: of(), body: { weeks: ['2026-W40'] } });
    await expect(past).rejects.toMatchObject(refused('wrong-state'));
  });

  it('fills as many weeks as an organisation may ask for, in one transaction', async () => {
    const leader = await as('leader');
    await leader.setReservationRules({ params: inHouse(), body: { ...rulesUnlessSet, fillWeeksAhead: 5 }, ifMatch: 1 });
    house.at('2026-11-30T07:00:00Z');
    const days = weekdays.map((weekday) => ({ weekday, from: '08:00' }));
    const filled = await (await as('staff')).setStandingWeek({
      params: of(),
      body: { from: '2026-11-30', days },
      ifMatch: 1,
    });
    expect(filled.body.changed?.filter(({ outcome }) => outcome === 'set')).toHaveLength(42);
  });

  it('is one time a weekday, and the child leaves after it has come', async () => {
    const set = (days: object[]) =>
      staff.setStandingWeek({ params: of(), body: { from: '2026-11-30', days: days as typeof usually }, ifMatch: 1 });
    await expect(set([usually[0]!, usually[0]!])).rejects.toMatchObject(refused('malformed-request'));
    await expect(set([{ ...usually[0], until: '07:00' }])).rejects.toMatchObject(refused('malformed-request'));
    const nothing = staff.enterStandingWeek({ params: of(), body: { weeks: ['2026-W50'] } });
    await expect(nothing).rejects.toMatchObject(refused('wrong-state'));
  });
});

describe('what is planned of a child', () => {
  it('is read by who may know, changed by who decides, and nobody’s who is neither', async () => {
    const [read, put] = [
      { params: ofWeek('2026-W50') },
      { params: ofWeek('2026-W50'), body: { days: [] }, ifMatch: 1 },
    ];
    const withLink = async (link: object) => as('guardian', { personId: await house.guardian(childId, link) });
    const informed = await withLink({ rights: 'information-only' });
    expect((await informed.getReservations(read)).status).toBe(200);
    await expect(informed.setReservations(put)).rejects.toMatchObject(refused('person-not-found'));

    const keptAway = await house.guardian(childId);
    await house.block(childId, keptAway);
    const outsiders = [
      await withLink({ rights: 'pick-up-only' }),
      await withLink({ until: '2026-11-01' }),
      await as('guardian', { personId: keptAway }),
      await as('guardian', { personId: await house.guardian(await aChild()) }),
      await as('staff', { scope: { kind: 'group', id: await house.group() } }),
    ];
    for (const outsider of outsiders) {
      const asked = [
        outsider.getReservations(read),
        outsider.setReservations(put),
        outsider.copyWeek({ params: ofWeek('2026-W50'), body: { into: ['2026-W51'] } }),
        outsider.reportAbsences({ params: of(), body: { from: monday.day, until: monday.day, reason: 'other' } }),
        outsider.getStandingWeeks({ params: of() }),
        outsider.setStandingWeek({ params: of(), body: { from: monday.day, days: [] }, ifMatch: 1 }),
        outsider.enterStandingWeek({ params: of(), body: { weeks: ['2026-W51'] } }),
      ];
      for (const answer of await Promise.allSettled(asked)) {
        expect(answer).toMatchObject({ status: 'rejected', reason: refused('person-not-found') });
      }
    }
    const elsewhere = await aKindergarten(db, {}, house.store);
    const foreign = aService(house.store, routes, handlers).as(
      await someoneWith(house.store, elsewhere.organisationId, 'staff'),
    );
    await expect(foreign.getReservations(read)).rejects.toMatchObject(refused('organisation-not-found'));
  });

  it('is of a child: for nobody, and for grown-ups, every route answers 404', async () => {
    for (const personId of [nobody(), await house.person({ kind: 'guardian' })]) {
      const asked = [
        staff.getReservations({ params: ofWeek('2026-W50', personId) }),
        staff.getStandingWeeks({ params: of(personId) }),
      ];
      for (const answer of await Promise.allSettled(asked)) {
        expect(answer).toMatchObject({ status: 'rejected', reason: refused('person-not-found') });
      }
    }
  });
});

describe('an organisation’s own days', () => {
  it('have rules that everybody inside reads and leaders set, with the version that was seen', async () => {
    const { body, etag } = await guardian.getReservationRules({ params: inHouse() });
    expect(body).toMatchObject({ openWeekdays: weekdays, closedOnPublicHolidays: false, version: 1 });
    const set = (client: Client<typeof routes>, ifMatch: number | string) =>
      client.setReservationRules({ params: inHouse(), body: rulesUnlessSet, ifMatch });
    await expect(set(guardian, etag!)).rejects.toMatchObject(refused('not-allowed'));
    await expect(set(staff, etag!)).rejects.toMatchObject(refused('not-allowed'));
    const administrator = await as('administrator');
    expect((await set(administrator, etag!)).body.version).toBe(2);
    await expect(set(administrator, etag!)).rejects.toMatchObject(refused('stale-version'));
  });

  it('are closed by a leader, seen by guardians beside the public holidays, and open again when it is withdrawn', async () => {
    const leader = await as('leader');
    const body = { title: 'Planleggingsdag', kind: 'closed', from: '2026-12-23', until: '2026-12-23' } as const;
    const added = (await leader.addClosure({ params: inHouse(), body })).body;
    const query = { from: '2026-12-01', to: '2026-12-31' };
    const seen = (await guardian.listClosures({ params: inHouse(), query })).body;
    expect(seen.items).toEqual([added]);
    expect(seen.publicHolidays).toEqual([
      { day: '2026-12-25', name: 'Første juledag' },
      { day: '2026-12-26', name: 'Andre juledag' },
    ]);
    const put = { params: ofWeek('2026-W52'), body: { days: [{ day: '2026-12-23', from: '08:00' }] }, ifMatch: 1 };
    await expect(staff.setReservations(put)).rejects.toMatchObject(refused('day-closed'));
    const closure = { params: { ...inHouse(), closureId: added.id }, ifMatch: 1 };
    await expect(leader.withdrawClosure({ ...closure, ifMatch: 2 })).rejects.toMatchObject(refused('stale-version'));
    await leader.withdrawClosure(closure);
    await expect(leader.withdrawClosure(closure)).rejects.toMatchObject(refused('closure-not-found'));
    expect((await staff.setReservations(put)).status).toBe(200);
    const long = guardian.listClosures({ params: inHouse(), query: { from: '2026-01-01', to: '2027-01-02' } });
    await expect(long).rejects.toMatchObject(refused('malformed-request'));
  });

  it('ask for an answer with a deadline: times or an absence are one', async () => {
    const leader = await as('leader');
    const period = { title: 'Jul', from: '2026-12-21', until: '2026-12-22' };
    const answerBefore = { day: '2026-12-01', at: '12:00' };
    const add = (body: object) =>
      leader.addClosure({ params: inHouse(), body: { ...period, kind: 'must-answer', answerBefore, ...body } });
    await expect(add({ kind: 'closed' })).rejects.toMatchObject(refused('malformed-request'));
    await expect(add({ answerBefore: undefined })).rejects.toMatchObject(refused('malformed-request'));
    await expect(add({ answerBefore: { ...answerBefore, day: '2026-12-22' } })).rejects.toMatchObject(
      refused('malformed-request'),
    );
    await expect(add({ answerBefore: { ...answerBefore, day: '2026-11-26', at: '08:00' } })).rejects.toMatchObject(
      refused('wrong-state'),
    );
    await expect(add({ from: '2026-11-25', kind: 'closed', answerBefore: undefined })).rejects.toMatchObject(
      refused('wrong-state'),
    );
    await expect(add({ until: '2027-12-22' })).rejects.toMatchObject(refused('malformed-request'));
    await add({});
    const asked = async () =>
      (await guardian.getReservations({ params: ofWeek('2026-W52') })).body.days.map(({ needsAnswer }) => needsAnswer);
    expect((await asked()).slice(0, 3)).toEqual([true, true, false]);
    await guardian.setReservations({
      params: ofWeek('2026-W52'),
      body: { days: [{ day: '2026-12-21', from: '08:00' }] },
      ifMatch: 1,
    });
    const absence = { from: '2026-12-22', until: '2026-12-22', reason: 'holiday' } as const;
    await guardian.reportAbsences({ params: of(), body: absence });
    expect(await asked()).not.toContain(true);
    house.at('2026-12-01T11:00:00Z');
    const late = guardian.setReservations({ params: ofWeek('2026-W52'), body: { days: [] }, ifMatch: 3 });
    await expect(late).rejects.toMatchObject(refused('behind-cut-off'));
  });

  it('are counted, and then no more are taken', async () => {
    const owner = organisationOwner(house.organisationId);
    for (let written = 0; written < CLOSURES_MAX; written += 50) {
      const change = aCall(house.store).records.change().activity({ event: 'test.prepared', subject: owner });
      for (let n = 0; n < 50; n++) {
        const closure = {
          id: anId('clo'),
          title: 'x',
          kind: 'reduced-staff',
          from: monday.day,
          until: monday.day,
        } as const;
        change.put(closureRef(house.organisationId, closure), closure, 'new');
      }
      await change.commit();
    }
    const leader = await as('leader');
    const body = { title: 'x', kind: 'closed', from: monday.day, until: monday.day } as const;
    await expect(leader.addClosure({ params: inHouse(), body })).rejects.toMatchObject(refused('too-many'));
  });
});

describe('a group', () => {
  const query = { from: '2026-12-07', to: '2026-12-08' };

  it('is counted by the half hour against its planned staff, without anybody’s name', async () => {
    const leader = await as('leader', { scope: { kind: 'group', id: groupId } });
    const periods = [{ from: '07:30', until: '16:30', staff: 1 }];
    const body = {
      standing: [{ weekday: 'monday', periods } as const],
      exceptions: [{ day: '2026-11-01', periods: [] }],
    };
    const set = await leader.setStaffing({ params: ofGroup(), body, ifMatch: 1 });
    expect(set.body).toMatchObject({ version: 2, exceptions: [] });
    const four = [
      childId,
      await aChild(),
      await aChild({ birthDate: '2026-01-01' }),
      await aChild({ birthDate: '2025-09-01' }),
    ];
    for (const personId of four) {
      await staff.setReservations({ params: ofWeek('2026-W50', personId), body: { days: [monday] }, ifMatch: 1 });
    }
    const away = await aChild();
    await staff.reportAbsences({ params: of(away), body: { from: monday.day, until: monday.day, reason: 'other' } });
    const { body: capacity } = await staff.getCapacity({ params: ofGroup(), query });
    expect(capacity.days).toMatchObject([
      { day: '2026-12-07', expected: 4, absent: 1, unsaid: 0, ageUnknown: 2 },
      { day: '2026-12-08', expected: 0, absent: 0, unsaid: 5 },
    ]);
    const [first, second] = capacity.days[0]!.halfHours;
    expect(first).toEqual({ from: '07:30', underThree: 0, overThree: 0, staffNeeded: 0, staffPlanned: 1, short: 0 });
    expect(second).toEqual({ from: '08:00', underThree: 4, overThree: 0, staffNeeded: 2, staffPlanned: 1, short: 1 });
    expect(JSON.stringify(capacity)).not.toMatch(/per_/);
  });

  it('is counted for its own staff alone, and planned by its leader', async () => {
    const other = await as('staff', { scope: { kind: 'group', id: await house.group() } });
    const plan = { params: ofGroup(), body: { standing: [], exceptions: [] }, ifMatch: 1 };
    await expect(guardian.getCapacity({ params: ofGroup(), query })).rejects.toMatchObject(refused('not-allowed'));
    await expect(staff.setStaffing(plan)).rejects.toMatchObject(refused('not-allowed'));
    const otherLeader = await as('leader', { scope: { kind: 'group', id: await house.group() } });
    const asked = [
      other.getCapacity({ params: ofGroup(), query }),
      other.getStaffing({ params: ofGroup() }),
      otherLeader.setStaffing(plan),
    ];
    for (const answer of await Promise.allSettled(asked)) {
      expect(answer).toMatchObject({ status: 'rejected', reason: refused('group-not-found') });
    }
    expect((await staff.getStaffing({ params: ofGroup() })).body).toMatchObject({ standing: [], version: 1 });
  });

  it('has periods that end after they begin, each weekday and day once, and a bounded number of days and members', async () => {
    const leader = await as('leader');
    const set = (body: object, ifMatch = 1) =>
      leader.setStaffing({ params: ofGroup(), body: { standing: [], exceptions: [], ...body }, ifMatch });
    const period = { from: '09:00', until: '08:00', staff: 1 };
    const standing = [{ weekday: 'monday', periods: [] }];
    const exceptions = [{ day: monday.day, periods: [] }];
    const wrong = [
      { exceptions: [{ day: monday.day, periods: [period] }] },
      { standing: [...standing, ...standing] },
      { exceptions: [...exceptions, ...exceptions] },
    ];
    for (const body of wrong) await expect(set(body)).rejects.toMatchObject(refused('malformed-request'));
    await expect(set({}, 5)).rejects.toMatchObject(refused('stale-version'));
    const long = staff.getCapacity({ params: ofGroup(), query: { from: '2026-12-01', to: '2026-12-31' } });
    await expect(long).rejects.toMatchObject(refused('malformed-request'));
    const subject = organisationOwner(house.organisationId);
    for (let written = 0; written <= 600; written += 90) {
      const change = aCall(house.store).records.change().activity({ event: 'test.prepared', subject });
      for (let n = 0; n < 90; n++) change.point(peoplePointers.groupMember(house.organisationId, groupId, anId('per')));
      await change.commit();
    }
    await expect(staff.getCapacity({ params: ofGroup(), query })).rejects.toMatchObject(refused('too-many'));
  });
});
