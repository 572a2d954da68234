import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { attendanceHandlers } from '../../../lambdas/features/attendance/handlers.ts';
import { attendanceRoutes } from '../../../lambdas/features/attendance/routes.ts';
import { attendanceStore } from '../../../lambdas/features/attendance/store.ts';
import { Attendance, GroupList } from '../../../lambdas/features/attendance/views.ts';
import type { Call } from '../../../lambdas/http/call.ts';
import type { PersonId } from '../../../lambdas/http/ids.ts';
import { classKeyRowKey } from '../../../lambdas/platform/class-keys.ts';
import { Busy, StaleVersion } from '../../../lambdas/platform/records.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { anId } from '../../support/store.ts';
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
  house.at('2026-11-23T07:00:00Z');
});

/** What the law and a guardian do to a key: it opens nothing any more. */
async function close(personId: PersonId, state: 'ERASED' | 'RESTRICTED') {
  for (const retentionClass of ['person', 'attendance', 'notice'] as const) {
    const { store, organisationId } = house;
    const owner = { controller: organisationId, subject: personId };
    const { pk, sk } = classKeyRowKey(store.tableNames.keys, owner, retentionClass);
    await db.client.send(
      new UpdateItemCommand({
        TableName: store.tableNames.keys,
        Key: { pk: { S: pk }, sk: { S: sk } },
        UpdateExpression: 'SET #state = :state',
        ExpressionAttributeNames: { '#state': 'state' },
        ExpressionAttributeValues: { ':state': { S: state } },
      }),
    );
  }
}
const slug = (problem: string) => expect.objectContaining({ slug: problem });

describe('checking a child in and out (FW-03)', () => {
  it('registers the stay, by whom, and who was told', async () => {
    const childId = await house.person();
    const guardianId = await house.guardian(childId);
    const staff = house.as();
    const answer = Attendance.parse(await house.checkIn(childId, staff));
    expect(answer).toMatchObject({ state: 'in', since: '2026-11-23T07:00:00.000Z', day: today, version: 2 });
    expect(answer).toMatchObject({ stays: [{ id: '1', checkedInBy: staff.role?.personId }] });
    expect(await house.notices(guardianId)).toEqual([
      { template: 'checked-in', parameters: { childId, at: '2026-11-23T07:00:00.000Z' } },
    ]);

    house.at('2026-11-23T15:00:00Z');
    await house.checkOut(childId);
    const read = Attendance.parse(await house.read(childId, today));
    expect(read).toMatchObject({ state: 'out', since: '2026-11-23T15:00:00.000Z', version: 3 });
    expect(await house.activities(childId)).toEqual(['attendance.checked-in', 'attendance.checked-out']);
    expect(await house.openRows()).toEqual([]);
  });

  it('answers what a day holds with the version that its first change takes', async () => {
    const childId = await house.person();
    const empty = await house.read(childId, today);
    expect(empty).toMatchObject({ state: 'unknown', stays: [], version: 1 });
    const { version } = await house.expect(childId, today, '08:00', empty.version);
    expect(await house.read(childId, today)).toMatchObject({ state: 'expected', version });
  });

  it('reads a door’s facts in one wave and writes them in one transaction', async () => {
    const childId = await house.person();
    await house.guardian(childId);
    const call = house.as();
    await house.checkIn(childId, call);
    // Day, organisation and person; the open stay; guardians; blocks: sent together. Then the keys of those told, and the write.
    expect(call.records.roundTrips).toBe(1 + 1 + 1);
  });

  it.each(['guardian', 'staff'] as const)('finds no attendance of a %s', async (kind) => {
    const personId = await house.person({ kind });
    await expect(house.checkIn(personId)).rejects.toEqual(slug('person-not-found'));
    await expect(house.read(personId, today)).rejects.toEqual(slug('person-not-found'));
    await expect(house.checkIn(anId('per'))).rejects.toEqual(slug('person-not-found'));
  });

  it('lets one of fifty doors in at once: one stay, one notice, forty-nine refusals', async () => {
    const childId = await house.person();
    const guardianId = await house.guardian(childId);
    const outcomes = await Promise.allSettled(Array.from({ length: 50 }, () => house.checkIn(childId)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const refusals = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    expect(refusals).toEqual(Array.from({ length: 49 }, () => slug('already-checked-in')));
    expect(await house.read(childId, today)).toMatchObject({ stays: [{ id: '1' }], version: 2 });
    expect(await house.notices(guardianId)).toHaveLength(1);
    expect(await house.openRows()).toHaveLength(1);
    expect(await house.activities(childId)).toHaveLength(1);
  });

  it('settles doors that are used at the same time as somebody edits the day', async () => {
    const childId = await house.person();
    await house.checkIn(childId);
    const outcomes = await Promise.allSettled([
      house.checkOut(childId),
      house.checkOut(childId),
      house.expect(childId, today, '08:00', 2),
    ]);
    expect(outcomes.slice(0, 2).filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await house.read(childId, today)).toMatchObject({ state: 'out' });
    expect(await house.openRows()).toEqual([]);
  });

  it('ends yesterday’s forgotten stay when the child comes before the clock does', async () => {
    const childId = await house.person();
    await house.checkIn(childId);
    house.at('2026-11-24T06:30:00Z');
    await house.checkIn(childId);
    expect(await house.read(childId, today)).toMatchObject({
      stays: [{ checkedOutAt: '2026-11-23T23:00:00.000Z', closedBySystem: true }],
      // Stored, and not only shown so.
      version: 3,
    });
    expect(await house.activities(childId)).toContain('attendance.stay-closed');
    expect(await house.read(childId, '2026-11-24')).toMatchObject({ state: 'in' });
    expect(await house.openRows()).toMatchObject([{ day: '2026-11-24' }]);
    await expect(house.checkIn(childId)).rejects.toEqual(slug('already-checked-in'));
  });

  it('ends yesterday’s forgotten stay at midnight when the child is checked out the day after', async () => {
    const childId = await house.person();
    await house.checkIn(childId);
    house.at('2026-11-24T00:30:00Z');
    expect(await house.checkOut(childId)).toMatchObject({ day: today, since: '2026-11-23T23:00:00.000Z' });
    await expect(house.checkOut(childId)).rejects.toEqual(slug('not-checked-in'));
  });

  it('opens no second stay over midnight: two doors that looked at the same time, on both sides of it', async () => {
    const childId = await house.person();
    const [before, after] = ['2026-11-23T22:59:59Z', '2026-11-23T23:00:01Z'].map((instant) => {
      house.at(instant);
      return house.as();
    }) as [Call, Call];
    const late = attendanceHandlers({
      ...attendanceStore,
      async atTheDoor(...looking) {
        const door = await attendanceStore.atTheDoor(...looking);
        await house.checkIn(childId, before);
        return door;
      },
    });
    const params = { organisationId: house.organisationId, personId: childId };
    const request = { params, query: undefined, body: undefined, ifMatch: undefined };
    await expect(late.checkIn(request, after)).rejects.toEqual(slug('already-checked-in'));
    expect(await house.read(childId, '2026-11-24')).toMatchObject({ stays: [], version: 1 });
    expect(await house.openRows()).toMatchObject([{ day: today }]);
  });

  it('is busy, and nothing else, when other doors are faster every time', async () => {
    const slower = async () => {
      throw new StaleVersion('Another door was faster');
    };
    await expect(attendanceStore.settled(slower)).rejects.toThrow(Busy);
  });

  it('keeps the day of the organisation, not of Oslo nor of UTC', async () => {
    const far = await aKindergarten(db, { timeZone: 'Pacific/Auckland' });
    far.at('2026-11-23T12:00:00Z');
    const childId = await far.person();
    expect(await far.checkIn(childId)).toMatchObject({ day: '2026-11-24', timeZone: 'Pacific/Auckland' });
    expect(await far.checkOut(childId)).toMatchObject({ day: '2026-11-24', state: 'out' });
  });
});

describe('word of an arrival', () => {
  it('goes to each guardian who may know, and to nobody else', async () => {
    const childId = await house.person();
    const told = [
      await house.guardian(childId),
      await house.guardian(childId, { rights: 'information-only', relation: 'grandparent' }),
    ];
    const notTold = [
      await house.guardian(childId, { rights: 'pick-up-only' }),
      await house.guardian(childId, { until: '2026-11-22' }),
      await house.guardian(childId, { from: '2026-11-24' }),
      await house.guardian(childId),
    ];
    await house.block(childId, notTold[3]!);
    await house.checkIn(childId);
    for (const guardianId of told) expect(await house.notices(guardianId)).toHaveLength(1);
    for (const guardianId of notTold) expect(await house.notices(guardianId)).toEqual([]);
  });

  it.each(['ERASED', 'RESTRICTED'] as const)('that cannot reach a guardian (%s) keeps no child out', async (state) => {
    const childId = await house.person();
    const closed = await house.guardian(childId);
    const reachable = await house.guardian(childId, { relation: 'father' });
    await house.checkIn(childId);
    await house.checkOut(childId);
    await close(closed, state);
    expect(await house.checkIn(childId)).toMatchObject({ state: 'in' });
    expect(await house.notices(reachable)).toHaveLength(2);
  });

  it('is not sent of a child whose records are closed: it is not found, and nothing is written', async () => {
    const childId = await house.person();
    const guardianId = await house.guardian(childId);
    await house.checkIn(childId);
    await house.checkOut(childId);
    await close(childId, 'RESTRICTED');
    await expect(house.checkIn(childId)).rejects.toEqual(slug('person-not-found'));
    expect(await house.notices(guardianId)).toHaveLength(1);
    expect(await house.openRows()).toEqual([]);
  });
});

describe('expected arrivals and absences', () => {
  it('are found by the clock until the child comes, or is reported absent', async () => {
    const [comes, absent] = [await house.person(), await house.person()];
    await house.expect(comes, today, '08:30');
    await house.expect(absent, today, '09:00');
    const at = (instant: string) => Date.parse(instant) / 1000;
    const rows = await house.expectedRows(today);
    expect(new Map(rows.map((row) => [row['sk'], row['expectedAtEpochSeconds']]))).toEqual(
      new Map([
        [comes, at('2026-11-23T07:30:00Z')],
        [absent, at('2026-11-23T08:00:00Z')],
      ]),
    );
    await house.checkIn(comes);
    await house.absent(absent, today, 2);
    expect(await house.expectedRows(today)).toEqual([]);
    await house.present(absent, today, 3);
    expect(await house.expectedRows(today)).toMatchObject([{ sk: absent }]);
  });

  it('change by the version that was seen, and a stale one writes nothing', async () => {
    const childId = await house.person();
    await house.expect(childId, today, '08:30');
    await expect(house.expect(childId, today, '10:00', 1)).rejects.toEqual(slug('stale-version'));
    await expect(house.absent(childId, today, 1)).rejects.toEqual(slug('stale-version'));
    expect(await house.read(childId, today)).toMatchObject({ expected: { from: '08:30' }, version: 2 });
  });

  it('are for today and later, at most a year ahead', async () => {
    const childId = await house.person();
    for (const day of ['2026-10-22', '2027-11-25']) {
      await expect(house.expect(childId, day, '08:30')).rejects.toEqual(slug('wrong-state'));
      await expect(house.absent(childId, day)).rejects.toEqual(slug('wrong-state'));
    }
    await house.absent(childId, '2027-11-24');
    expect(await house.read(childId, '2027-11-24')).toMatchObject({ state: 'absent' });
  });

  it('are not reported of a child that is there', async () => {
    const childId = await house.person();
    await house.checkIn(childId);
    await expect(house.absent(childId, today, 2)).rejects.toEqual(slug('wrong-state'));
  });

  it('hold a code and no text, and none that says that a child is ill', () => {
    const { body } = attendanceRoutes.reportAbsence;
    expect(body.safeParse({ reason: 'holiday' }).success).toBe(true);
    for (const refused of [{ reason: 'sick' }, { reason: 'other', note: 'feber' }]) {
      expect(body.safeParse(refused).success).toBe(false);
    }
  });

  it('end after they begin', async () => {
    const childId = await house.person();
    const params = { organisationId: house.organisationId, personId: childId, day: today };
    const body = { from: '09:00', until: '08:59' };
    await expect(
      house.handlers.expectArrival({ params, query: undefined, body, ifMatch: 1 }, house.as()),
    ).rejects.toMatchObject({ slug: 'malformed-request', extensions: { errors: [{ pointer: '#/body/until' }] } });
  });
});

describe('a correction of a stay', () => {
  it('is kept with who and when, and shown to staff alone', async () => {
    const childId = await house.person();
    await house.checkIn(childId);
    house.at('2026-11-23T15:00:00Z');
    await house.checkOut(childId);
    const leader = house.as({ role: 'leader' });
    const body = { reason: 'forgotten', checkedOutAt: '2026-11-23T14:30:00Z' } as const;
    await house.correct(childId, today, '1', 3, body, leader);

    const forStaff = Attendance.parse(await house.read(childId, today));
    expect(forStaff).toMatchObject({
      stays: [{ checkedOutAt: '2026-11-23T14:30:00.000Z' }],
      corrections: [
        {
          by: leader.role?.personId,
          at: '2026-11-23T15:00:00.000Z',
          reason: 'forgotten',
          before: { checkedOutAt: '2026-11-23T15:00:00.000Z' },
        },
      ],
    });
    const forGuardian = Attendance.parse(await house.read(childId, today, house.as({ role: 'guardian' })));
    expect(forGuardian).toMatchObject({ shownTo: 'guardian', stays: [{ checkedOutAt: '2026-11-23T14:30:00.000Z' }] });
    expect(forGuardian).not.toHaveProperty('corrections');
    expect(JSON.stringify(forGuardian)).not.toContain(leader.role?.personId);
  });

  it('that takes an open stay away lets the child be checked in again', async () => {
    const childId = await house.person();
    await house.checkIn(childId);
    await house.correct(childId, today, '1', 2, { reason: 'wrong-child', withdrawn: true });
    expect(await house.openRows()).toEqual([]);
    expect(await house.checkIn(childId)).toMatchObject({ stays: [{ id: '2' }] });
  });

  it('leaves an open stay open when only its beginning was wrong', async () => {
    const childId = await house.person();
    await house.checkIn(childId);
    await house.correct(childId, today, '1', 2, { reason: 'wrong-time', checkedInAt: '2026-11-23T06:45:00Z' });
    expect(await house.read(childId, today)).toMatchObject({ state: 'in', since: '2026-11-23T06:45:00.000Z' });
    expect(await house.openRows()).toHaveLength(1);
  });

  it('says one thing: new times, or that the stay never was', async () => {
    const childId = await house.person();
    await house.checkIn(childId);
    const times = { checkedInAt: '2026-11-23T06:45:00Z' };
    for (const body of [{}, { ...times, withdrawn: true as const }]) {
      await expect(house.correct(childId, today, '1', 2, { reason: 'wrong-time', ...body })).rejects.toMatchObject({
        slug: 'malformed-request',
      });
    }
    await expect(house.correct(childId, today, '9', 2, { reason: 'wrong-time', ...times })).rejects.toEqual(
      slug('stay-not-found'),
    );
  });
});

describe('the attendance of some days', () => {
  it('comes day by day in one round trip, with the empty ones', async () => {
    const childId = await house.person();
    await house.absent(childId, '2026-11-24');
    const call = house.as();
    const { items } = await house.list(childId, today, '2026-11-25', call);
    expect(items.map(({ day, state }) => [day, state])).toEqual([
      [today, 'unknown'],
      ['2026-11-24', 'absent'],
      ['2026-11-25', 'unknown'],
    ]);
    expect(call.records.roundTrips).toBe(1);
  });

  it('is refused for more than 31, or backwards', async () => {
    const childId = await house.person();
    expect((await house.list(childId, '2026-10-01', '2026-10-31')).items).toHaveLength(31);
    for (const to of ['2026-11-01', '2026-09-30']) {
      await expect(house.list(childId, '2026-10-01', to)).rejects.toEqual(slug('malformed-request'));
    }
  });
});

describe('a group’s list', () => {
  it('says who is expected, in, out, absent or unknown, by name, and since when', async () => {
    const groupId = await house.group();
    const placements = [{ groupId, from: '2026-08-17' }];
    const child = (firstName: string) => house.person({ firstName, placements });
    const [expected, here, gone, absent] = [
      await child('Ari'),
      await child('Åse'),
      await child('Bo'),
      await child('Eli'),
    ];
    await child('Ada');
    await house.expect(expected, today, '09:00');
    await house.absent(absent, today);
    for (const personId of [here, gone]) await house.checkIn(personId);
    house.at('2026-11-23T12:00:00Z');
    await house.checkOut(gone);

    const list = GroupList.parse(await house.groupList(groupId));
    expect(list).toMatchObject({ groupId, day: today, timeZone: 'Europe/Oslo' });
    expect(list.items.map(({ firstName, state, since }) => [firstName, state, since])).toEqual([
      ['Ada', 'unknown', undefined],
      ['Ari', 'expected', undefined],
      ['Bo', 'out', '2026-11-23T12:00:00.000Z'],
      ['Eli', 'absent', undefined],
      ['Åse', 'in', '2026-11-23T07:00:00.000Z'],
    ]);
    expect(list.items[1]).toMatchObject({ expected: { from: '09:00' } });
  });

  it.each([25, 60])('of %i children takes two round trips', async (children) => {
    const groupId = await house.group();
    const placements = [{ groupId, from: '2026-08-17' }];
    const ids = await Promise.all(Array.from({ length: children }, () => house.person({ placements })));
    await Promise.all(ids.map((personId) => house.checkIn(personId)));
    const call = house.as();
    const { items } = await house.groupList(groupId, undefined, call);
    expect(items).toHaveLength(children);
    expect(new Set(items.map(({ state }) => state))).toEqual(new Set(['in']));
    expect(call.records.roundTrips).toBe(2);
  });

  it('leaves out who is not placed there that day, grown-ups, and whom a block keeps from the caller', async () => {
    const groupId = await house.group();
    const other = await house.group();
    const stays = await house.person({ firstName: 'Blir', placements: [{ groupId, from: '2026-08-17' }] });
    const left = { groupId, from: '2026-08-17', until: '2026-11-22' };
    await house.person({ firstName: 'Flyttet', placements: [left, { groupId: other, from: '2026-11-23' }] });
    await house.person({ firstName: 'Kommer', placements: [{ groupId, from: '2026-11-24' }] });
    await house.person({ kind: 'staff', firstName: 'Ansatt', placements: [{ groupId, from: '2026-08-17' }] });
    const caller = house.as();
    const blocked = await house.person({ firstName: 'Skjermet', placements: [{ groupId, from: '2026-08-17' }] });
    await house.block(blocked, caller.role!.personId);
    const { items } = await house.groupList(groupId, undefined, caller);
    expect(items.map(({ personId }) => personId)).toEqual([stays]);
    const yesterday = await house.groupList(groupId, '2026-11-22', caller);
    expect(yesterday.items.map(({ firstName }) => firstName)).toEqual(['Blir', 'Flyttet']);
  });

  it('has no trace of an address, nor of its protection', async () => {
    const groupId = await house.group();
    await house.person({ protectedAddress: true, note: 'HEMMELIG', placements: [{ groupId, from: '2026-08-17' }] });
    const list = await house.groupList(groupId);
    expect(list.items).toHaveLength(1);
    expect(JSON.stringify(list)).not.toMatch(/address|adresse|HEMMELIG|protected/i);
  });

  it('is of today where the organisation is', async () => {
    const far = await aKindergarten(db, { timeZone: 'Pacific/Auckland' });
    far.at('2026-11-23T12:00:00Z');
    const groupId = await far.group();
    const childId = await far.person({ placements: [{ groupId, from: '2026-11-24' }] });
    await far.checkIn(childId);
    expect(await far.groupList(groupId)).toMatchObject({ day: '2026-11-24', items: [{ state: 'in' }] });
  });
});
