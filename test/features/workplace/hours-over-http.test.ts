import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ownerOf } from '../../../lambdas/features/people/person.ts';
import { type ClockPosition, clockPositionRef } from '../../../lambdas/features/time-clock/clock-position.ts';
import { workDayEntity, workDayRef } from '../../../lambdas/features/time-clock/work-day.ts';
import { SHEETS_MAX } from '../../../lambdas/features/timesheets/payroll.ts';
import { HISTORY_MAX, timesheetPointers, timesheetRef } from '../../../lambdas/features/timesheets/timesheet.ts';
import type { TimeClockEntryId } from '../../../lambdas/http/ids.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aCall, anId } from '../../support/store.ts';
import { aWorkplace, type Workplace } from './workplace.ts';

let db: TestDynamoDb;
let house: Workplace;
let ola: Awaited<ReturnType<Workplace['employee']>>;
let self: Awaited<ReturnType<Workplace['as']>>;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());
beforeEach(async () => {
  house = await aWorkplace(db);
  // A Monday in Oslo, 07:00.
  house.at('2026-11-16T06:00:00Z');
  ola = await house.employee();
  self = await signedIn();
});

const refused = (slug: string) => ({ name: 'ProblemError', slug });
const signedIn = () => house.as('member', { personId: ola.id, scope: { kind: 'person', id: ola.id } });
const of = () => ({ organisationId: house.organisationId, personId: ola.id });
const stamp = (at: string, body: Parameters<typeof self.stampTimeClock>[0]['body']) => {
  house.at(at);
  return self.stampTimeClock({ params: of(), body });
};
/** A whole day's work without a break, entered by the leader. */
const entered = async (day: string, from = '07:00', until = '15:00') => {
  const leader = await house.as('leader');
  const [startedAt, endedAt] = [`${day}T${from}:00Z`, `${day}T${until}:00Z`];
  const body = { reason: 'forgotten' as const, startedAt, endedAt, breaks: [] };
  return leader.correctHours({ params: { ...of(), day }, body });
};

describe('the time clock, over HTTP', () => {
  it('counts a day from stamps, break by break, and the same stamp again is the same stamp', async () => {
    const first = { params: of(), body: { stamp: 'in' }, idempotencyKey: 'stamp-in-00000001' } as const;
    const { body } = await self.stampTimeClock(first);
    expect((await self.stampTimeClock(first)).body).toEqual(body);
    expect(body).toMatchObject({ state: 'working', day: '2026-11-16', entries: [{ breaks: [] }] });
    await expect(self.stampTimeClock({ params: of(), body: { stamp: 'in' } })).rejects.toMatchObject(
      refused('already-clocked-in'),
    );
    expect((await stamp('2026-11-16T06:10:00Z', { stamp: 'break' })).body.state).toBe('on-break');
    await expect(self.stampTimeClock({ params: of(), body: { stamp: 'break' } })).rejects.toMatchObject(
      refused('wrong-state'),
    );
    expect((await stamp('2026-11-16T06:20:00Z', { stamp: 'back' })).body.state).toBe('working');
    expect((await stamp('2026-11-16T06:25:30Z', { stamp: 'out' })).body).toMatchObject({
      state: 'off',
      minutes: 15,
      breakMinutes: 10,
    });
    for (const again of ['out', 'back'] as const) {
      await expect(self.stampTimeClock({ params: of(), body: { stamp: again } })).rejects.toMatchObject(
        refused('not-clocked-in'),
      );
    }
  });

  it('takes a stamp that a device made without a network, and keeps what the device said', async () => {
    const at = '2026-11-15T22:30:00+01:00';
    const { body } = await self.stampTimeClock({ params: of(), body: { stamp: 'in', at } });
    expect(body).toMatchObject({
      day: '2026-11-15',
      entries: [{ startedAt: '2026-11-15T21:30:00.000Z', device: { startedAt: at } }],
    });
    // A night shift belongs to the day on which it began.
    expect((await self.stampTimeClock({ params: of(), body: { stamp: 'out' } })).body).toMatchObject({
      day: '2026-11-15',
      minutes: 510,
    });
    for (const elsewhen of ['2026-11-16T08:00:00+01:00', '2026-11-12T08:00:00+01:00']) {
      await expect(self.stampTimeClock({ params: of(), body: { stamp: 'in', at: elsewhen } })).rejects.toMatchObject(
        refused('hours-refused'),
      );
    }
  });

  it('refuses a position unless the settings use it, and then takes it with its customer alone (CE-05)', async () => {
    const position = { latitude: 59.91, longitude: 10.75, accuracyMetres: 20 };
    const customerId = await house.customer();
    const withPosition = () => self.stampTimeClock({ params: of(), body: { stamp: 'in', customerId, position } });
    await expect(withPosition()).rejects.toMatchObject(refused('position-not-used'));
    const administrator = await house.as('administrator');
    const { body: settings } = await administrator.getTimeClockSettings({ params: of() });
    const wanted = { params: of(), body: { takesPosition: true } };
    await administrator.putTimeClockSettings({ ...wanted, ifMatch: settings.version });
    await expect(administrator.putTimeClockSettings({ ...wanted, ifMatch: 9 })).rejects.toMatchObject(
      refused('stale-version'),
    );
    await expect(self.stampTimeClock({ params: of(), body: { stamp: 'in', position } })).rejects.toMatchObject(
      refused('position-not-used'),
    );
    await expect(
      self.stampTimeClock({ params: of(), body: { stamp: 'in', customerId: anId('cus') } }),
    ).rejects.toMatchObject(refused('customer-not-found'));
    await withPosition();
    const days = { from: '2026-11-16', to: '2026-11-16' };
    const { body } = await self.listClockPositions({ params: of(), query: days });
    expect(body.items).toMatchObject([{ stamp: 'in', customerId, latitude: 59.91 }]);
  });

  it('leaves a day that nobody ended without hours, until somebody corrects it', async () => {
    await self.stampTimeClock({ params: of(), body: { stamp: 'in' } });
    house.at('2026-11-17T06:00:00Z');
    await self.stampTimeClock({ params: of(), body: { stamp: 'in' } });
    const query = { from: '2026-11-16', to: '2026-11-17' };
    const { body } = await self.listWorkDays({ params: of(), query });
    expect(body.items).toMatchObject([
      { day: '2026-11-16', state: 'off', minutes: 0, entries: [{ isUnended: true }] },
      { day: '2026-11-17', state: 'working' },
    ]);
    const entryId = body.items[0]!.entries[0]!.id;
    const corrected = await self.correctHours({
      params: { ...of(), day: '2026-11-16' },
      body: { reason: 'forgotten', entryId, endedAt: '2026-11-16T14:00:00Z' },
    });
    expect(corrected.body).toMatchObject({
      minutes: 480,
      corrections: [
        { by: ola.id, reason: 'forgotten', before: { breaks: [] }, after: { endedAt: '2026-11-16T14:00:00.000Z' } },
      ],
    });
  });

  it('keeps every correction, and refuses hours that nobody can have worked', async () => {
    const [day, leader] = ['2026-11-13', await house.as('leader')];
    const params = { ...of(), day };
    const { body } = await entered(day);
    const entryId = body.entries[0]!.id;
    await leader.correctHours({ params, body: { reason: 'wrong-time', entryId, endedAt: `${day}T14:00:00Z` } });
    const taken = await leader.correctHours({ params, body: { reason: 'agreed', entryId, isWithdrawn: true } });
    expect(taken.body.corrections.map(({ before, after }) => [before?.endedAt, after?.endedAt])).toEqual([
      [undefined, `${day}T15:00:00.000Z`],
      [`${day}T15:00:00.000Z`, `${day}T14:00:00.000Z`],
      [`${day}T14:00:00.000Z`, undefined],
    ]);
    const wrong = (fields: object, on = day) =>
      leader.correctHours({ params: { ...of(), day: on }, body: { reason: 'agreed', ...fields } as never });
    await entered(day);
    const overlap = { startedAt: `${day}T14:30:00Z`, endedAt: `${day}T16:00:00Z` };
    await expect(wrong(overlap)).rejects.toMatchObject(refused('hours-refused'));
    await expect(wrong({ startedAt: `${day}T12:00:00Z` })).rejects.toMatchObject(refused('hours-refused'));
    await expect(wrong({ ...overlap, entryId: anId('tce') })).rejects.toMatchObject(refused('time-entry-not-found'));
    await expect(wrong({ ...overlap, customerId: anId('cus') })).rejects.toMatchObject(refused('customer-not-found'));
    await expect(wrong({ isWithdrawn: true })).rejects.toMatchObject(refused('malformed-request'));
    await expect(wrong(overlap, '2026-12-24')).rejects.toMatchObject(refused('hours-refused'));
    await expect(wrong(overlap, '2024-11-13')).rejects.toMatchObject(refused('hours-refused'));
    await expect(wrong(overlap, '2026-11-12')).rejects.toMatchObject(refused('hours-refused'));
  });

  it('counts nobody twice over midnight, however hours are entered', async () => {
    const leader = await house.as('leader');
    const enter = (day: string, startedAt: string, endedAt: string, wanted: { entryId?: TimeClockEntryId } = {}) =>
      leader.correctHours({
        params: { ...of(), day },
        body: { reason: 'forgotten', startedAt, endedAt, breaks: [], ...wanted },
      });
    const night = ['2026-11-14', '2026-11-14T21:00:00Z'] as const;
    const { entries } = (await enter(...night, '2026-11-15T05:00:00Z')).body;
    const late = { stamp: 'in', at: '2026-11-15T05:30:00+01:00' } as const;
    await expect(self.stampTimeClock({ params: of(), body: late })).rejects.toMatchObject(refused('hours-refused'));
    await expect(enter('2026-11-15', '2026-11-15T04:00:00Z', '2026-11-15T08:00:00Z')).rejects.toMatchObject(
      refused('hours-refused'),
    );
    expect((await enter('2026-11-15', '2026-11-15T05:00:00Z', '2026-11-15T08:00:00Z')).body.minutes).toBe(180);
    const longer = enter(...night, '2026-11-15T06:00:00Z', { entryId: entries[0]!.id });
    await expect(longer).rejects.toMatchObject(refused('hours-refused'));
  });

  it('takes no more than fifty corrections and twenty stretches a day', async () => {
    const day = '2026-11-13';
    const ref = workDayRef(house.organisationId, ola.id, day);
    const { records } = aCall(house.store);
    const { body } = await entered(day, '05:00', '05:01');
    const stored = (await records.get(ref))!;
    const [correction] = stored.value.corrections;
    const full = { ...stored.value, corrections: Array.from({ length: 50 }, () => correction!) };
    const change = records.change().put(ref, workDayEntity.schema.parse(full), { version: stored.version });
    await change.activity({ event: 'test.prepared', subject: ref.owner }).commit();
    const entryId = body.entries[0]!.id;
    const leader = await house.as('leader');
    const again = { params: { ...of(), day }, body: { reason: 'agreed', entryId, isWithdrawn: true } } as const;
    await expect(leader.correctHours(again)).rejects.toMatchObject(refused('too-many'));
    const today = workDayRef(house.organisationId, ola.id, '2026-11-16');
    const stretch = (i: number) => {
      const [startedAt, endedAt] = [`2026-11-16T05:${10 + i}:00.000Z`, `2026-11-16T05:${10 + i}:30.000Z`];
      return { id: anId('tce'), startedAt, endedAt, breaks: [] };
    };
    const entries = Array.from({ length: 20 }, (_, i) => stretch(i));
    const worked = records.change().put(today, { day: '2026-11-16', entries, corrections: [] }, 'new');
    await worked.activity({ event: 'test.prepared', subject: ref.owner }).commit();
    await expect(self.stampTimeClock({ params: of(), body: { stamp: 'in' } })).rejects.toMatchObject(
      refused('too-many'),
    );
  });

  it('shows two hundred positions at a time', async () => {
    const customerId = await house.customer();
    const { records } = aCall(house.store);
    for (let part = 0; part < 3; part++) {
      const change = records.change();
      for (let i = 0; i < 70; i++) {
        const entryId = anId('tce');
        const position: ClockPosition = {
          latitude: 59,
          longitude: 10,
          accuracyMetres: 5,
          entryId,
          stamp: 'in',
          customerId,
          at: '2026-11-15T08:00:00.000Z',
        };
        change.put(clockPositionRef(house.organisationId, ola.id, position), position, 'new');
      }
      await change.activity({ event: 'test.prepared', subject: ownerOf(house.organisationId, ola.id) }).commit();
    }
    const query = { from: '2026-11-15', to: '2026-11-15' };
    await expect(self.listClockPositions({ params: of(), query })).rejects.toMatchObject(refused('too-many'));
  });

  it('is nobody’s but the employee’s own, and whose work is led', async () => {
    const kari = await house.employee({ firstName: 'Kari' });
    const params = { ...of(), personId: kari.id };
    const days = { from: '2026-11-16', to: '2026-11-16' };
    await expect(self.stampTimeClock({ params, body: { stamp: 'in' } })).rejects.toMatchObject(
      refused('person-not-found'),
    );
    await expect(self.listWorkDays({ params, query: days })).rejects.toMatchObject(refused('person-not-found'));
    const child = await house.employee({ kind: 'guardian' });
    const leader = await house.as('leader');
    const ofChild = { organisationId: house.organisationId, personId: child.id };
    const period = { ...ofChild, period: '2026-11' };
    const asked = [
      leader.listWorkDays({ params: ofChild, query: days }),
      leader.listClockPositions({ params: ofChild, query: days }),
      leader.correctHours({
        params: { ...ofChild, day: '2026-11-13' },
        body: { reason: 'agreed', startedAt: '2026-11-13T07:00:00Z', endedAt: '2026-11-13T08:00:00Z' },
      }),
      leader.getTimesheet({ params: period }),
      leader.setTimesheetState({ params: period, body: { state: 'approved' }, ifMatch: 1 }),
      leader.getWorkingTime({ params: ofChild }),
      leader.putWorkingTime({ params: ofChild, body: { arrangements: [] }, ifMatch: 1 }),
    ];
    for (const one of await Promise.allSettled(asked)) {
      expect(one).toMatchObject({ status: 'rejected', reason: refused('person-not-found') });
    }
    await expect(
      leader.listWorkDays({ params: of(), query: { from: '2026-11-16', to: '2026-11-15' } }),
    ).rejects.toMatchObject(refused('malformed-request'));
    await expect(
      leader.listWorkDays({ params: of(), query: { from: '2026-01-01', to: '2026-11-15' } }),
    ).rejects.toMatchObject(refused('malformed-request'));
  });
});

describe('a time sheet, over HTTP', () => {
  const week = () => ({ ...of(), period: '2026-W46' });

  it('is counted, approved as it was seen, locked, exported, reopened with a reason, and approved anew', async () => {
    const leader = await house.as('leader');
    for (const day of ['2026-11-09', '2026-11-10']) await entered(day);
    const arrangement = {
      from: '2026-01-01',
      percentage: 80,
      fullTimeMinutesPerWeek: 2250,
      workingDays: ['monday', 'tuesday', 'wednesday', 'thursday'] as (
        | 'monday'
        | 'tuesday'
        | 'wednesday'
        | 'thursday'
      )[],
    };
    await leader.putWorkingTime({
      params: of(),
      body: { employeeNumber: '=0042', arrangements: [arrangement] },
      ifMatch: 1,
    });
    const { body: open } = await leader.getTimesheet({ params: week() });
    expect(open).toMatchObject({ state: 'open', minutes: 960, agreedMinutes: 1800, overtimeMinutes: 0 });
    expect(open.warnings.map(({ limit }) => limit)).toEqual([
      'no-break',
      'break-under-30-minutes',
      'no-break',
      'break-under-30-minutes',
    ]);
    await entered('2026-11-11', '07:00', '08:00');
    const approving = { params: week(), body: { state: 'approved' } } as const;
    await expect(leader.setTimesheetState({ ...approving, ifMatch: open.version })).rejects.toMatchObject(
      refused('stale-version'),
    );
    const seen = (await leader.getTimesheet({ params: week() })).body.version;
    const { body: approved } = await leader.setTimesheetState({ ...approving, ifMatch: seen });
    expect(approved).toMatchObject({ state: 'approved', minutes: 1020, history: [{ did: 'approved', minutes: 1020 }] });
    await expect(leader.setTimesheetState({ ...approving, ifMatch: approved.version })).rejects.toMatchObject(
      refused('wrong-state'),
    );

    await expect(entered('2026-11-12')).rejects.toMatchObject(refused('day-approved'));
    const month = { params: { ...of(), period: '2026-10' }, body: { state: 'approved' } } as const;
    const { version } = (await leader.getTimesheet({ params: month.params })).body;
    await leader.setTimesheetState({ ...month, ifMatch: version });

    const { body: listed } = await leader.listTimesheets({ params: { ...of(), period: '2026-W46' } });
    expect(listed.items).toEqual([
      { timesheetId: approved.timesheetId, personId: ola.id, state: 'approved', minutes: 1020, overtimeMinutes: 0 },
    ]);
    const { body: csv } = await leader.exportPayroll({ params: { ...of(), period: '2026-W46' } });
    expect(csv.contentType).toContain('text/csv');
    expect(String(csv.content).split('\r\n').slice(0, 2)).toEqual([
      'employee_number,last_name,first_name,period,from,to,minutes,break_minutes,overtime_minutes,agreed_minutes,approved_at,timesheet_id,person_id',
      `'=0042,Lie,Ola,2026-W46,2026-11-09,2026-11-15,1020,0,0,1800,2026-11-16T06:00:00.000Z,${approved.timesheetId},${ola.id}`,
    ]);

    const reopening = { params: week(), body: { state: 'reopened', reason: 'hours-missing' } } as const;
    const { body: reopened } = await leader.setTimesheetState({ ...reopening, ifMatch: approved.version });
    expect(reopened).toMatchObject({ state: 'reopened', timesheetId: approved.timesheetId });
    await expect(leader.setTimesheetState({ ...reopening, ifMatch: reopened.version })).rejects.toMatchObject(
      refused('wrong-state'),
    );
    await entered('2026-11-12');
    const last = (await leader.getTimesheet({ params: week() })).body;
    const { body: again } = await leader.setTimesheetState({ ...approving, ifMatch: last.version });
    expect(again).toMatchObject({ state: 'approved', minutes: 1500, timesheetId: approved.timesheetId });
    expect(again.history.map(({ did, reason }) => [did, reason])).toEqual([
      ['approved', undefined],
      ['reopened', 'hours-missing'],
      ['approved', undefined],
    ]);
  });

  it('waits until the period is over, all hours are known, and no other sheet holds a day of it', async () => {
    const leader = await house.as('leader');
    const approve = async (period: string) => {
      const params = { ...of(), period };
      const { version } = (await leader.getTimesheet({ params })).body;
      return leader.setTimesheetState({ params, body: { state: 'approved' }, ifMatch: version });
    };
    await expect(approve('2026-W47')).rejects.toMatchObject(refused('hours-not-settled'));
    // Sunday night, 23:59 in Oslo: hours of the last day may still come.
    house.at('2026-11-15T22:59:00Z');
    await expect(approve('2026-W46')).rejects.toMatchObject(refused('hours-not-settled'));
    await stamp('2026-11-16T06:00:00Z', { stamp: 'in', at: '2026-11-15T20:00:00+01:00' });
    await expect(approve('2026-W46')).rejects.toMatchObject(refused('hours-not-settled'));
    await self.stampTimeClock({ params: of(), body: { stamp: 'out' } });
    await approve('2026-W46');
    await expect(
      self.stampTimeClock({ params: of(), body: { stamp: 'in', at: '2026-11-15T10:00:00+01:00' } }),
    ).rejects.toMatchObject(refused('day-approved'));
    house.at('2026-12-01T06:00:00Z');
    const later = await house.as('leader');
    const params = { ...of(), period: '2026-11' };
    const { version } = (await later.getTimesheet({ params })).body;
    await expect(
      later.setTimesheetState({ params, body: { state: 'approved' }, ifMatch: version }),
    ).rejects.toMatchObject(refused('day-approved'));
  });

  it('is approved so often, and no more; nor is there more of a period than one answer holds', async () => {
    const leader = await house.as('leader');
    const params = week();
    const approving = { params, body: { state: 'approved' as const } };
    const { body } = await leader.setTimesheetState({ ...approving, ifMatch: 1 });
    const ref = timesheetRef(house.organisationId, body.timesheetId!);
    const { records } = aCall(house.store);
    const stored = (await records.get(ref))!;
    const history = Array.from({ length: HISTORY_MAX }, () => stored.value.history[0]!);
    const change = records.change().put(ref, { ...stored.value, history }, { version: stored.version });
    await change.activity({ event: 'test.prepared', subject: ref.owner }).commit();
    const { version } = (await leader.getTimesheet({ params })).body;
    await expect(leader.setTimesheetState({ ...approving, ifMatch: version })).rejects.toMatchObject(
      refused('too-many'),
    );

    const { pk } = timesheetPointers.ofOrganisation(house.organisationId, '', '');
    await house.fill(pk, SHEETS_MAX + 1, () => `2026-W45#${anId('tsh')}`);
    const period = { params: { ...of(), period: '2026-W45' } };
    await expect(leader.listTimesheets(period)).rejects.toMatchObject(refused('too-many'));
    await expect(leader.exportPayroll(period)).rejects.toMatchObject(refused('too-many'));
  });

  it('takes two: nobody approves or reopens their own, and an administrator does where there is no other leader', async () => {
    const liv = await house.employee({ kind: 'staff', firstName: 'Liv' });
    const params = { ...week(), personId: liv.id };
    const leaders = await house.as('leader', { personId: liv.id });
    await leaders.correctHours({
      params: { ...params, day: '2026-11-10' },
      body: { reason: 'forgotten', startedAt: '2026-11-10T07:00:00Z', endedAt: '2026-11-10T15:00:00Z' },
    });
    const { version } = (await leaders.getTimesheet({ params })).body;
    const approving = { params, body: { state: 'approved' as const }, ifMatch: version };
    await expect(leaders.setTimesheetState(approving)).rejects.toMatchObject(refused('second-person-required'));
    expect((await leaders.getTimesheet({ params })).body).toMatchObject({ state: 'open', version });
    const administrator = await house.as('administrator');
    expect((await administrator.getTimesheet({ params })).body.minutes).toBe(480);
    const { body: approved } = await administrator.setTimesheetState(approving);
    expect(approved.state).toBe('approved');
    const reopening = {
      params,
      body: { state: 'reopened', reason: 'hours-wrong' },
      ifMatch: approved.version,
    } as const;
    await expect(leaders.setTimesheetState(reopening)).rejects.toMatchObject(refused('second-person-required'));
    expect((await administrator.setTimesheetState(reopening)).body.state).toBe('reopened');
  });

  it('is approved by whoever leads, and the payroll is for those who run it', async () => {
    const params = week();
    await expect(self.setTimesheetState({ params, body: { state: 'approved' }, ifMatch: 1 })).rejects.toMatchObject(
      refused('not-allowed'),
    );
    await expect(self.exportPayroll({ params: { ...of(), period: '2026-W46' } })).rejects.toMatchObject(
      refused('not-allowed'),
    );
    expect((await self.getTimesheet({ params })).body.state).toBe('open');
    const { body } = await self.getWorkingTime({ params: of() });
    expect(body).toEqual({ personId: ola.id, arrangements: [], version: 1 });
  });

  it('and an arrangement are refused where they make no sense', async () => {
    const leader = await house.as('leader');
    const arrangement = {
      from: '2026-01-01',
      percentage: 80,
      fullTimeMinutesPerWeek: 2250,
      workingDays: ['monday' as const],
    };
    const twice = { params: of(), body: { arrangements: [arrangement, arrangement] }, ifMatch: 1 };
    await expect(leader.putWorkingTime(twice)).rejects.toMatchObject(refused('malformed-request'));
    const number = {
      params: of(),
      body: { employeeNumber: '17059012345'.replace('12345', '00098'), arrangements: [] },
      ifMatch: 7,
    };
    await expect(leader.putWorkingTime(number)).rejects.toMatchObject(refused('stale-version'));
    const card = { params: of(), body: { employeeNumber: '4111 1111 1111 1111', arrangements: [] }, ifMatch: 1 };
    await expect(leader.putWorkingTime(card)).rejects.toMatchObject(refused('forbidden-content'));
    await expect(leader.getTimesheet({ params: { ...of(), period: '2026-W54' } })).rejects.toMatchObject(
      refused('malformed-request'),
    );
  });
});
