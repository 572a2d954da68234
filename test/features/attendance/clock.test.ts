import { ulid } from 'ulid';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Clock, tickAttendance } from '../../../lambdas/features/attendance/clock.ts';
import type { PersonId } from '../../../lambdas/http/ids.ts';
import { openRecords } from '../../../lambdas/platform/open-records.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aCall, anId } from '../../support/store.ts';
import { aKindergarten, type Kindergarten } from './kindergarten.ts';

const today = '2026-11-23';
let db: TestDynamoDb;
let house: Kindergarten;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());
beforeEach(async () => {
  house = await aKindergarten(db);
  house.at('2026-11-23T06:00:00Z');
});

const lines: unknown[] = [];
const clockOf = (of: Kindergarten, hasTimeLeft = () => true): Clock => ({
  openCall: () => ({
    ...aCall(of.store),
    records: openRecords(of.store, {
      requestId: ulid(),
      actor: 'system:attendance-clock',
      newEventId: () => anId('evt'),
    }),
  }),
  hasTimeLeft,
  log: (line) => lines.push(line),
});
const tick = (of = house) => tickAttendance(clockOf(of));
const lastActivity = async (personId: PersonId) =>
  (await house.rows('activity', `${house.organisationId}#${personId}`)).at(-1);

describe('a forgotten check-out', () => {
  it('is closed at midnight in the organisation’s zone, by the system, once', async () => {
    const childId = await house.person();
    await house.checkIn(childId);
    house.at('2026-11-23T22:59:00Z');
    expect(await tick()).toMatchObject({ staysClosed: 0, organisations: 1 });
    expect(await house.read(childId, today)).toMatchObject({ state: 'in' });

    house.at('2026-11-23T23:00:00Z');
    expect(await tick()).toMatchObject({ staysClosed: 1, failed: 0 });
    expect(await tick()).toMatchObject({ staysClosed: 0, failed: 0 });
    expect(await house.read(childId, today)).toMatchObject({
      state: 'out',
      stays: [{ checkedOutAt: '2026-11-23T23:00:00.000Z', closedBySystem: true }],
      version: 3,
    });
    expect(await house.openRows()).toEqual([]);
    expect(await lastActivity(childId)).toMatchObject({
      event: 'attendance.stay-closed',
      actor: 'system:attendance-clock',
    });
  });

  it.each([
    ['2026-10-25', '2026-10-25T06:00:00Z', '2026-10-25T22:59:59Z', '2026-10-25T23:00:00.000Z'],
    ['2027-03-28', '2027-03-28T06:00:00Z', '2027-03-28T21:59:59Z', '2027-03-28T22:00:00.000Z'],
  ])('is closed at 24:00 of %s, a night whose day is longer or shorter', async (day, came, before, midnight) => {
    const childId = await house.person();
    house.at(came);
    await house.checkIn(childId);
    house.at(before);
    expect(await tick()).toMatchObject({ staysClosed: 0 });
    house.at(midnight);
    expect(await tick()).toMatchObject({ staysClosed: 1 });
    expect(await house.read(childId, day)).toMatchObject({ stays: [{ checkedOutAt: midnight }] });
  });

  it('is closed by each organisation’s own midnight, also days later', async () => {
    const far = await aKindergarten(db, { timeZone: 'America/Los_Angeles' }, house.store);
    const [near, distant] = [await house.person(), await far.person()];
    house.at('2026-11-23T16:00:00Z');
    await house.checkIn(near);
    await far.checkIn(distant);
    house.at('2026-11-24T07:00:00Z');
    expect(await tick()).toMatchObject({ organisations: 2, staysClosed: 1 });
    house.at('2026-11-27T12:00:00Z');
    expect(await tick()).toMatchObject({ staysClosed: 1 });
    expect(await far.read(distant, today)).toMatchObject({ stays: [{ checkedOutAt: '2026-11-24T08:00:00.000Z' }] });
  });

  it('is closed once by two clocks at the same moment', async () => {
    const children = await Promise.all(Array.from({ length: 12 }, () => house.person()));
    await Promise.all(children.map((childId) => house.checkIn(childId)));
    house.at('2026-11-24T00:00:00Z');
    const [one, other] = await Promise.all([tick(), tick()]);
    expect(one!.staysClosed + other!.staysClosed).toBe(12);
    expect(one!.failed + other!.failed).toBe(0);
    for (const childId of children) {
      expect(await house.activities(childId)).toEqual(['attendance.checked-in', 'attendance.stay-closed']);
    }
  });

  it('waits for the next run when the time is over', async () => {
    const children = [await house.person(), await house.person()];
    for (const childId of children) await house.checkIn(childId);
    house.at('2026-11-24T00:00:00Z');
    // Looked at before each page and each row: enough for the organisation, and for one child.
    let looks = 4;
    const short = await tickAttendance(clockOf(house, () => looks-- > 0));
    expect(short.staysClosed).toBe(1);
    expect(await tick()).toMatchObject({ staysClosed: 1 });
  });
});

describe('a child that does not come', () => {
  const expected = async (rights?: 'information-only') => {
    const childId = await house.person();
    const guardianId = await house.guardian(childId, rights ? { rights } : {});
    await house.expect(childId, today, '08:00');
    return { childId, guardianId };
  };

  it('is asked for once, as many minutes after the expected time as the organisation says', async () => {
    const { childId, guardianId } = await expected();
    house.at('2026-11-23T07:29:59Z');
    expect(await tick()).toMatchObject({ missedArrivals: 0 });
    house.at('2026-11-23T07:30:00Z');
    expect(await tick()).toMatchObject({ missedArrivals: 1, failed: 0 });
    expect(await tick()).toMatchObject({ missedArrivals: 0 });
    expect(await house.notices(guardianId)).toEqual([
      { template: 'not-arrived', parameters: { childId, expectedAt: '2026-11-23T07:00:00.000Z' } },
    ]);
    expect(await house.read(childId, today)).toMatchObject({ missedArrivalToldAt: '2026-11-23T07:30:00.000Z' });
    expect(await lastActivity(childId)).toMatchObject({ event: 'arrival.missed', actor: 'system:attendance-clock' });
    expect(await house.expectedRows(today)).toEqual([]);
  });

  it('is asked for once a day, also when it is expected later after all', async () => {
    const { childId, guardianId } = await expected();
    house.at('2026-11-23T07:30:00Z');
    await tick();
    await house.expect(childId, today, '09:00', 3);
    house.at('2026-11-23T10:00:00Z');
    expect(await tick()).toMatchObject({ missedArrivals: 0 });
    expect(await house.notices(guardianId)).toHaveLength(1);
  });

  it('is asked for once by two clocks at the same moment', async () => {
    const { guardianId } = await expected();
    house.at('2026-11-23T08:00:00Z');
    const ticks = await Promise.all([tick(), tick(), tick()]);
    expect(ticks.reduce((sum, { missedArrivals }) => sum + missedArrivals, 0)).toBe(1);
    expect(await house.notices(guardianId)).toHaveLength(1);
  });

  it('is not asked for when it came, or is absent', async () => {
    const [came, absent] = [await expected(), await expected()];
    await house.checkIn(came.childId);
    await house.absent(absent.childId, today, 2);
    house.at('2026-11-23T09:00:00Z');
    expect(await tick()).toMatchObject({ missedArrivals: 0, failed: 0 });
    expect(await house.notices(absent.guardianId)).toEqual([]);
    expect((await house.notices(came.guardianId)).map(({ template }) => template)).toEqual(['checked-in']);
  });

  it('is asked of whoever has parental responsibility or lives with it, is not blocked, and of nobody else', async () => {
    const { childId, guardianId } = await expected();
    const informed = await house.guardian(childId, { rights: 'information-only', livesWith: false });
    const blocked = await house.guardian(childId);
    await house.block(childId, blocked);
    house.at('2026-11-23T08:00:00Z');
    await tick();
    expect(await house.notices(guardianId)).toHaveLength(1);
    for (const other of [informed, blocked]) expect(await house.notices(other)).toEqual([]);
  });

  it('is not asked for when it has left the organisation', async () => {
    const placements = [{ groupId: await house.group(), from: '2026-08-17', until: '2026-11-22' }];
    const childId = await house.person({ placements });
    const guardianId = await house.guardian(childId);
    await house.expect(childId, today, '08:00');
    house.at('2026-11-23T08:00:00Z');
    expect(await tick()).toMatchObject({ missedArrivals: 0 });
    expect(await house.notices(guardianId)).toEqual([]);
  });

  it('is not waited for after its day: the row is gone, and nobody is asked', async () => {
    const { guardianId } = await expected();
    house.at('2026-11-24T00:00:00Z');
    expect(await tick()).toMatchObject({ missedArrivals: 0 });
    expect(await house.expectedRows(today)).toEqual([]);
    expect(await house.notices(guardianId)).toEqual([]);
  });
});

describe('the clock', () => {
  it('goes on with the other organisations when one of them cannot be read', async () => {
    await house.store.dynamo.transact(
      [{ Put: { TableName: house.store.tableNames.core, Item: { pk: { S: 'ORGANISATIONS' }, sk: { S: 'org_0' } } } }],
      ulid(),
    );
    const childId = await house.person();
    await house.checkIn(childId);
    house.at('2026-11-24T00:00:00Z');
    lines.length = 0;
    expect(await tick()).toEqual({ organisations: 1, staysClosed: 1, missedArrivals: 0, failed: 1 });
    expect(lines).toEqual([{ event: 'organisation-unreadable', organisationId: 'org_0', error: 'pointer' }]);
  });
});
