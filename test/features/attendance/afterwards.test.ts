import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RoleName } from '../../../lambdas/access/roles.ts';
import { tickAttendance } from '../../../lambdas/features/attendance/clock.ts';
import { attendanceHandlers } from '../../../lambdas/features/attendance/handlers.ts';
import { attendanceRoutes } from '../../../lambdas/features/attendance/routes.ts';
import { attendanceStore } from '../../../lambdas/features/attendance/store.ts';
import type { PersonId } from '../../../lambdas/http/ids.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aService, someoneWith } from '../../support/service.ts';
import { aCall, anId } from '../../support/store.ts';
import { aKindergarten, type Kindergarten } from './kindergarten.ts';

const [today, yesterday] = ['2026-11-23', '2026-11-22'];
let db: TestDynamoDb;
let house: Kindergarten;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());
beforeEach(async () => {
  house = await aKindergarten(db);
  house.at('2026-11-23T12:00:00Z');
});

const refused = (slug: string) => ({ name: 'ProblemError', slug });
async function as(role: RoleName, personId = anId('per')) {
  const service = aService(house.store, attendanceRoutes, attendanceHandlers(attendanceStore));
  return service.as(await someoneWith(house.store, house.organisationId, role, { personId }));
}
const ofDay = (personId: PersonId, day: string) => ({ organisationId: house.organisationId, personId, day });
const times = { checkedInAt: '2026-11-22T07:00:00Z', checkedOutAt: '2026-11-22T14:30:00Z' };
const entered = { reason: 'forgotten', ...times } as const;
let keys = 0;
const aKey = () => `entered-key-${++keys}-0000000000`;
const tick = () =>
  tickAttendance({ openCall: () => aCall(house.store), hasTimeLeft: () => true, log: () => undefined });

describe('a stay entered afterwards', () => {
  it('is kept as a correction, with who and when, and beats an absence', async () => {
    const childId = await house.person();
    const carerId = anId('per');
    const staff = await as('staff', carerId);
    await staff.reportAbsence({ params: ofDay(childId, yesterday), body: { reason: 'other' }, ifMatch: '"1"' });
    const request = { params: ofDay(childId, yesterday), body: entered, idempotencyKey: aKey() };
    const { body } = await staff.enterStay(request);
    const stay = { checkedInAt: '2026-11-22T07:00:00.000Z', checkedOutAt: '2026-11-22T14:30:00.000Z' };
    expect(body).toMatchObject({
      state: 'out',
      version: 3,
      stays: [{ id: '1', ...stay, checkedInBy: carerId, checkedOutBy: carerId }],
      corrections: [{ at: '2026-11-23T12:00:00.000Z', by: carerId, reason: 'forgotten', stayId: '1', after: stay }],
    });
    expect(body).not.toHaveProperty('absence');
    expect((await staff.enterStay(request)).body).toEqual(body);
    expect(await house.activities(childId)).toEqual(['absence.reported', 'attendance.entered']);
  });

  it('tells nobody, and leaves the door of today as it is', async () => {
    const childId = await house.person();
    const guardianId = await house.guardian(childId);
    await house.checkIn(childId);
    const staff = await as('staff');
    await staff.enterStay({ params: ofDay(childId, yesterday), body: entered, idempotencyKey: aKey() });
    expect(await house.notices(guardianId)).toHaveLength(1);
    expect(await house.openRows()).toMatchObject([{ day: today }]);
  });

  it('lies within its day, in the past, beside the others, and not long ago', async () => {
    const childId = await house.person();
    const staff = await as('staff');
    const enter = (day: string, body: typeof times) =>
      staff.enterStay({ params: ofDay(childId, day), body: { reason: 'forgotten', ...body }, idempotencyKey: aKey() });
    await enter(yesterday, times);
    const wrong: [string, typeof times][] = [
      [yesterday, { checkedInAt: '2026-11-22T14:00:00Z', checkedOutAt: '2026-11-22T15:00:00Z' }],
      [yesterday, { checkedInAt: '2026-11-21T14:00:00Z', checkedOutAt: '2026-11-22T06:00:00Z' }],
      [today, { checkedInAt: '2026-11-23T11:00:00Z', checkedOutAt: '2026-11-23T12:00:01Z' }],
      ['2026-10-22', { checkedInAt: '2026-10-22T07:00:00Z', checkedOutAt: '2026-10-22T08:00:00Z' }],
    ];
    for (const [day, body] of wrong) {
      await expect(enter(day, body)).rejects.toMatchObject(refused('wrong-state'));
    }
    const edge = { checkedInAt: '2026-10-23T07:00:00Z', checkedOutAt: '2026-10-23T08:00:00Z' };
    expect((await enter('2026-10-23', edge)).status).toBe(201);
  });

  it('is one of a bounded number', async () => {
    const childId = await house.person();
    const staff = await as('staff');
    const enter = (minute: number) => {
      const at = (n: number) => `2026-11-22T07:${String(n).padStart(2, '0')}:00Z`;
      const body = { reason: 'forgotten', checkedInAt: at(minute), checkedOutAt: at(minute + 1) } as const;
      return staff.enterStay({ params: ofDay(childId, yesterday), body, idempotencyKey: aKey() });
    };
    for (let minute = 0; minute < 20; minute++) await enter(minute);
    await expect(enter(20)).rejects.toMatchObject(refused('too-many'));
  });

  it('is not a guardian’s to enter, and none of a grown-up', async () => {
    const childId = await house.person();
    const guardianId = await house.guardian(childId);
    const enter = { params: ofDay(childId, yesterday), body: entered, idempotencyKey: aKey() };
    await expect((await as('guardian', guardianId)).enterStay(enter)).rejects.toMatchObject(refused('not-allowed'));
    const params = ofDay(guardianId, yesterday);
    await expect((await as('staff')).enterStay({ ...enter, params })).rejects.toMatchObject(
      refused('person-not-found'),
    );
  });
});

describe('an absence entered afterwards', () => {
  it('is the staff’s to enter and to take back, at most 31 days back; a guardian’s only from today on', async () => {
    const childId = await house.person();
    const guardian = await as('guardian', await house.guardian(childId));
    const carerId = anId('per');
    const staff = await as('staff', carerId);
    const absent = (day: string) => ({
      params: ofDay(childId, day),
      body: { reason: 'other' as const },
      ifMatch: '"1"',
    });
    await expect(guardian.reportAbsence(absent(yesterday))).rejects.toMatchObject(refused('wrong-state'));
    await expect(staff.reportAbsence(absent('2026-10-22'))).rejects.toMatchObject(refused('wrong-state'));
    expect((await staff.reportAbsence(absent('2026-10-23'))).body).toMatchObject({
      state: 'absent',
      absence: { by: carerId, at: '2026-11-23T12:00:00.000Z' },
    });
    const takeBack = { params: ofDay(childId, '2026-10-23'), ifMatch: '"2"' };
    await expect(guardian.withdrawAbsence(takeBack)).rejects.toMatchObject(refused('wrong-state'));
    await staff.withdrawAbsence(takeBack);
    expect(await house.read(childId, '2026-10-23')).toMatchObject({ state: 'unknown' });
  });
});

describe('a member', () => {
  it('reads their own attendance, without who held the door, and nobody else’s', async () => {
    const club = await aKindergarten(db, { profile: 'family' });
    club.at('2026-11-23T12:00:00Z');
    const [me, other] = [await club.person({ kind: 'member' }), await club.person({ kind: 'member' })];
    await club.checkIn(me);
    const service = aService(club.store, attendanceRoutes, attendanceHandlers(attendanceStore));
    const member = service.as(await someoneWith(club.store, club.organisationId, 'member', { personId: me }));
    const of = (personId: PersonId) => ({ params: { organisationId: club.organisationId, personId, day: today } });
    const { body } = await member.getAttendance(of(me));
    expect(body).toMatchObject({ shownTo: 'guardian', state: 'in', stays: [{ id: '1' }] });
    expect(JSON.stringify(body)).not.toContain('checkedInBy');
    await expect(member.getAttendance(of(other))).rejects.toMatchObject(refused('person-not-found'));
  });
});

describe('a group’s list', () => {
  it('holds whoever is still in the house, though their placement has ended', async () => {
    const groupId = await house.group();
    const ended = [{ groupId, from: '2026-08-17', until: yesterday }];
    const [here, gone] = [await house.person({ placements: ended }), await house.person({ placements: ended })];
    await house.checkIn(here);
    expect((await house.groupList(groupId)).items.map(({ personId }) => personId)).toEqual([here]);
    await house.checkOut(here);
    expect((await house.groupList(groupId)).items).toEqual([]);
    expect(gone).not.toBe(here);
  });

  it('leaves out whom a block keeps from the caller in either direction', async () => {
    const groupId = await house.group();
    const member = await house.person({ kind: 'member', placements: [{ groupId, from: '2026-08-17' }] });
    const caller = house.as();
    await house.block(caller.role!.personId, member);
    expect((await house.groupList(groupId, undefined, caller)).items).toEqual([]);
    expect((await house.groupList(groupId)).items).toHaveLength(1);
  });
});

describe('a clock that stood still', () => {
  it('lets go of whoever was awaited days ago, also of one who is gone since, and asks nobody', async () => {
    house.at('2026-11-20T06:00:00Z');
    const childId = await house.person();
    const guardianId = await house.guardian(childId);
    await house.expect(childId, '2026-11-20', '08:00');
    house.at('2026-11-23T12:00:00Z');
    expect(await tick()).toMatchObject({ missedArrivals: 0, failed: 0 });
    expect(await house.expectedRows('2026-11-20')).toEqual([]);
    expect(await house.notices(guardianId)).toEqual([]);
  });

  it('asks those a child lives with, also when they only get information (foster parents)', async () => {
    const childId = await house.person();
    const foster = await house.guardian(childId, { rights: 'information-only', livesWith: true });
    const other = await house.guardian(childId, { rights: 'information-only', livesWith: false });
    await house.expect(childId, today, '13:30');
    house.at('2026-11-23T13:30:00Z');
    expect(await tick()).toMatchObject({ missedArrivals: 1 });
    expect(await house.notices(foster)).toHaveLength(1);
    expect(await house.notices(other)).toEqual([]);
  });
});
