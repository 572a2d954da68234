import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RoleName } from '../../../lambdas/access/roles.ts';
import { attendanceHandlers } from '../../../lambdas/features/attendance/handlers.ts';
import { attendanceRoutes } from '../../../lambdas/features/attendance/routes.ts';
import { attendanceStore } from '../../../lambdas/features/attendance/store.ts';
import { GROUP_MEMBERS_MAX } from '../../../lambdas/features/attendance/views.ts';
import { organisationOwner } from '../../../lambdas/features/organisations/organisation.ts';
import { peoplePointers } from '../../../lambdas/features/people/person.ts';
import type { Client } from '../../../lambdas/http/client.ts';
import type { PersonId } from '../../../lambdas/http/ids.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aService, someoneWith } from '../../support/service.ts';
import { aCall, anId } from '../../support/store.ts';
import { aKindergarten, type Kindergarten } from './kindergarten.ts';

const [today, yesterday] = ['2026-11-23', '2026-11-22'];
let db: TestDynamoDb;
let house: Kindergarten;
let staff: Client<typeof attendanceRoutes>;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());
beforeEach(async () => {
  house = await aKindergarten(db);
  house.at('2026-11-23T07:00:00Z');
  staff = await as('staff');
});

const refused = (slug: string) => ({ name: 'ProblemError', slug });
async function as(role: RoleName, wanted: Parameters<typeof someoneWith>[3] = {}) {
  const service = aService(house.store, attendanceRoutes, attendanceHandlers(attendanceStore));
  return service.as(await someoneWith(house.store, house.organisationId, role, wanted));
}
const of = (personId: PersonId) => ({ organisationId: house.organisationId, personId });
const ofDay = (personId: PersonId, day = today) => ({ ...of(personId), day });
const ofStay = (personId: PersonId, stayId: string) => ({ ...ofDay(personId), stayId });

describe('a door, over HTTP', () => {
  it('lets a child in and out, once each, and the same request again gets the same answer', async () => {
    const params = of(await house.person());
    const arrival = { params, idempotencyKey: 'arrival-0000000001' };
    const { body, status, etag } = await staff.checkIn(arrival);
    expect({ status, etag }).toEqual({ status: 201, etag: '"2"' });
    expect((await staff.checkIn(arrival)).body).toEqual(body);
    await expect(staff.checkIn({ params })).rejects.toMatchObject(refused('already-checked-in'));
    house.at('2026-11-23T07:10:00Z');
    expect((await staff.checkOut({ params })).body).toMatchObject({ state: 'out' });
    await expect(staff.checkOut({ params })).rejects.toMatchObject(refused('not-checked-in'));
  });

  it('counts the stays of a day, and then takes no more', async () => {
    const params = of(await house.person());
    for (let stay = 0; stay < 20; stay++) {
      await staff.checkIn({ params });
      await staff.checkOut({ params });
    }
    await expect(staff.checkIn({ params })).rejects.toMatchObject(refused('too-many'));
  });

  it('is not the guardian’s, nor of another group’s staff; nobody who is not there comes through it', async () => {
    const [mine, other] = [await house.group(), await house.group()];
    const childId = await house.person({ placements: [{ groupId: mine, from: '2026-08-17' }] });
    const guardian = await as('guardian', { personId: await house.guardian(childId) });
    await expect(guardian.checkIn({ params: of(childId) })).rejects.toMatchObject(refused('not-allowed'));
    const elsewhere = await as('staff', { scope: { kind: 'group', id: other } });
    await expect(elsewhere.checkIn({ params: of(childId) })).rejects.toMatchObject(refused('person-not-found'));
    expect(await house.openRows()).toEqual([]);
  });

  it('and every other route answers for nobody with 404', async () => {
    const personId = anId('per');
    const [body, ifMatch] = [{ reason: 'other' } as const, 1];
    const stay = { params: ofStay(personId, '1'), ifMatch };
    const asked = [
      staff.checkIn({ params: of(personId) }),
      staff.checkOut({ params: of(personId) }),
      staff.listAttendance({ params: of(personId), query: { from: today, to: today } }),
      staff.getAttendance({ params: ofDay(personId) }),
      staff.expectArrival({ params: ofDay(personId), body: { from: '08:00' }, ifMatch }),
      staff.reportAbsence({ params: ofDay(personId), body, ifMatch }),
      staff.withdrawAbsence({ params: ofDay(personId), ifMatch }),
      staff.correctStay({ ...stay, body: { reason: 'wrong-child', withdrawn: true } }),
    ];
    for (const answer of await Promise.allSettled(asked)) {
      expect(answer).toMatchObject({ status: 'rejected', reason: refused('person-not-found') });
    }
  });
});

describe('a day, over HTTP', () => {
  it('is a guardian’s to plan from today on, with the version that was seen', async () => {
    const childId = await house.person();
    const guardian = await as('guardian', { personId: await house.guardian(childId) });
    const expected = { body: { from: '08:00' }, ifMatch: 1 };
    const { body, etag } = await guardian.expectArrival({ params: ofDay(childId), ...expected });
    expect(body).toMatchObject({ shownTo: 'guardian', state: 'expected', version: 2 });
    const stale = guardian.expectArrival({ params: ofDay(childId), ...expected });
    await expect(stale).rejects.toMatchObject(refused('stale-version'));
    const absent = { params: ofDay(childId), body: { reason: 'holiday' } as const };
    expect((await guardian.reportAbsence({ ...absent, ifMatch: etag! })).body).toMatchObject({ state: 'absent' });
    const past = guardian.expectArrival({ params: ofDay(childId, yesterday), ...expected });
    await expect(past).rejects.toMatchObject(refused('wrong-state'));
  });

  it('is neither planned nor read by whoever only picks up', async () => {
    const childId = await house.person();
    const personId = await house.guardian(childId, { rights: 'pick-up-only' });
    const picksUp = await as('guardian', { personId });
    await expect(picksUp.getAttendance({ params: ofDay(childId) })).rejects.toMatchObject(refused('person-not-found'));
    const informed = await as('guardian', {
      personId: await house.guardian(childId, { rights: 'information-only' }),
    });
    expect((await informed.getAttendance({ params: ofDay(childId) })).status).toBe(200);
    const absent = informed.reportAbsence({ params: ofDay(childId), body: { reason: 'other' }, ifMatch: 1 });
    await expect(absent).rejects.toMatchObject(refused('person-not-found'));
  });
});

describe('a correction, over HTTP', () => {
  it('is of a stay that there is, to times that can be, and one of a bounded number', async () => {
    const childId = await house.person();
    await staff.checkIn({ params: of(childId) });
    const correct = (stayId: string, minute: number, ifMatch: number) =>
      staff.correctStay({
        params: ofStay(childId, stayId),
        body: { reason: 'wrong-time', checkedInAt: `2026-11-23T06:${String(minute).padStart(2, '0')}:00Z` },
        ifMatch,
      });
    await expect(correct('9', 0, 2)).rejects.toMatchObject(refused('stay-not-found'));
    const future = staff.correctStay({
      params: ofStay(childId, '1'),
      body: { reason: 'wrong-time', checkedInAt: '2026-11-23T09:00:00Z' },
      ifMatch: 2,
    });
    await expect(future).rejects.toMatchObject(refused('wrong-state'));
    for (let n = 0; n < 50; n++) await correct('1', n, n + 2);
    await expect(correct('1', 51, 52)).rejects.toMatchObject(refused('too-many'));
  });
});

describe('a group’s list, over HTTP', () => {
  it('is of a group in the caller’s reach, and never leaves somebody out in silence', async () => {
    const groupId = await house.group();
    const params = { organisationId: house.organisationId, groupId };
    expect((await staff.getGroupList({ params })).body.items).toEqual([]);
    const nowhere = staff.getGroupList({ params: { ...params, groupId: anId('grp') } });
    await expect(nowhere).rejects.toMatchObject(refused('group-not-found'));
    const elsewhere = await as('staff', { scope: { kind: 'group', id: await house.group() } });
    await expect(elsewhere.getGroupList({ params })).rejects.toMatchObject(refused('group-not-found'));
    const subject = organisationOwner(house.organisationId);
    for (let written = 0; written <= GROUP_MEMBERS_MAX; written += 90) {
      const change = aCall(house.store).records.change().activity({ event: 'test.prepared', subject });
      for (let n = 0; n < 90; n++) {
        change.point(peoplePointers.groupMember(house.organisationId, groupId, anId('per')));
      }
      await change.commit();
    }
    await expect(staff.getGroupList({ params })).rejects.toMatchObject(refused('too-many'));
  });

  it('leaves out whom a block keeps from another person that the caller is there', async () => {
    const groupId = await house.group();
    const placements = [{ groupId, from: '2026-08-17' }];
    const shown = await house.person({ placements });
    const [kept, keeping] = [await house.person({ placements }), await house.person({ kind: 'member', placements })];
    const [personId, parentId] = [await house.person({ kind: 'staff' }), await house.person({ kind: 'member' })];
    await house.block(kept, parentId);
    await house.block(parentId, keeping);
    const mine = await as('staff', { personId, otherPersonIds: [parentId] });
    const { items } = (await mine.getGroupList({ params: { organisationId: house.organisationId, groupId } })).body;
    expect(items.map((item) => item.personId)).toEqual([shown]);
  });
});
