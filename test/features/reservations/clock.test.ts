import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { tickAttendance } from '../../../lambdas/features/attendance/clock.ts';
import { type Custody, custodyRef } from '../../../lambdas/features/custody/custody.ts';
import { organisationOwner } from '../../../lambdas/features/organisations/organisation.ts';
import { ownerOf, peoplePointers } from '../../../lambdas/features/people/person.ts';
import { tickReservations } from '../../../lambdas/features/reservations/clock.ts';
import { type Closure, closureRef } from '../../../lambdas/features/reservations/closure.ts';
import { weekdays } from '../../../lambdas/features/reservations/days.ts';
import {
  type ReservationRules,
  reservationRulesRef,
  rulesUnlessSet,
} from '../../../lambdas/features/reservations/rules.ts';
import { standingWeekPointer, standingWeeksRef } from '../../../lambdas/features/reservations/standing-week.ts';
import type { PersonId } from '../../../lambdas/http/ids.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aCall, anId } from '../../support/store.ts';
import { aKindergarten, type Kindergarten } from '../attendance/kindergarten.ts';

let db: TestDynamoDb;
let house: Kindergarten;
let logged: unknown[];
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());
beforeEach(async () => {
  house = await aKindergarten(db);
  logged = [];
  await setRules();
  // Wednesday noon of week 48: within 24 hours of the deadline for week 49.
  house.at('2026-11-25T12:00:00Z');
});

const change = () =>
  aCall(house.store)
    .records.change()
    .activity({ event: 'test.prepared', subject: organisationOwner(house.organisationId) });
const rules: ReservationRules = {
  ...rulesUnlessSet,
  openWeekdays: weekdays.slice(0, 5),
  weekCutOff: { weeksBefore: 1, weekday: 'thursday', at: '12:00' },
  remindHoursBefore: 24,
};
const setRules = () => change().put(reservationRulesRef(house.organisationId), rules, 'new').commit();

/** A run that has time for so many looks at it. */
const tick = (looks = 10_000) => {
  let left = looks;
  const clock = {
    openCall: () => aCall(house.store),
    hasTimeLeft: () => left-- > 0,
    log: (line: object) => logged.push(line),
  };
  return tickReservations(clock);
};

async function aChild(): Promise<PersonId> {
  const id = await house.person({ placements: [{ groupId: anId('grp'), from: '2026-08-17' }] });
  await change()
    .point(peoplePointers.person(house.organisationId, 'child', id))
    .commit();
  return id;
}
const letters = async (personId: PersonId) =>
  (await house.notices(personId)).map((content) => (content as { template: string }).template);
const withCustody = (childId: PersonId, first: PersonId, second: PersonId) => {
  const week = (home: 'first' | 'second') => ({ days: weekdays.map(() => home) });
  const custody: Custody = {
    homes: { first: [first], second: [second] },
    from: '2026-11-23',
    weeks: [week('first'), week('second')],
    exceptions: [],
  };
  return change().put(custodyRef(house.organisationId, childId), custody, 'new').commit();
};
const close = async (wanted: Partial<Closure>) => {
  const closure: Closure = {
    id: anId('clo'),
    title: 'Romjul',
    kind: 'closed',
    from: '2026-11-30',
    until: '2026-12-04',
    ...wanted,
  };
  await change().put(closureRef(house.organisationId, closure), closure, 'new').commit();
  return closure;
};

describe('some hours before the cut-off', () => {
  it('whoever has the child in the week without times gets one letter, and gets no second one', async () => {
    const childId = await aChild();
    const [mother, father] = [await house.guardian(childId), await house.guardian(childId)];
    await withCustody(childId, mother, father);
    expect(await tick()).toMatchObject({ childrenReminded: 1, failed: 0 });
    expect(await letters(father)).toEqual(['times-due']);
    expect(await letters(mother)).toEqual([]);
    expect(await house.notices(father)).toMatchObject([
      { parameters: { childId, expiresAt: '2026-11-26T11:00:00.000Z', from: '2026-11-30', until: '2026-12-04' } },
    ]);
    await Promise.all([tick(), tick()]);
    expect(await letters(father)).toEqual(['times-due']);
    expect((await house.activities(childId)).filter((event) => event === 'reservations.reminded')).toHaveLength(1);
  });

  it('all who decide and live with the child get it where nothing is agreed; nobody who is blocked or only knows', async () => {
    const childId = await aChild();
    const [one, other] = [await house.guardian(childId), await house.guardian(childId)];
    const apart = await house.guardian(childId, { livesWith: false });
    const blocked = await house.guardian(childId);
    await house.block(childId, blocked);
    const informed = await house.guardian(childId, { rights: 'information-only' });
    const former = await house.guardian(childId, { until: '2026-11-01' });
    await tick();
    for (const guardianId of [one, other]) expect(await letters(guardianId)).toEqual(['times-due']);
    for (const guardianId of [apart, blocked, informed, former]) expect(await letters(guardianId)).toEqual([]);
  });

  it('nobody gets it for a child with times or absences, for one that has left, or on other days', async () => {
    const [planned, missing] = [await aChild(), await aChild()];
    const guardianId = await house.guardian(planned);
    for (const day of ['2026-11-30', '2026-12-01', '2026-12-02', '2026-12-03'])
      await house.expect(planned, day, '08:00');
    await house.absent(planned, '2026-12-04');
    const left = await house.person({
      placements: [{ groupId: anId('grp'), from: '2026-01-01', until: '2026-11-20' }],
    });
    await change()
      .point(peoplePointers.person(house.organisationId, 'child', left))
      .commit();
    const ofLeft = await house.guardian(left);
    await house.guardian(missing);
    house.at('2026-11-25T10:59:00Z');
    expect(await tick()).toMatchObject({ childrenReminded: 0 });
    house.at('2026-11-26T11:00:00Z');
    expect(await tick()).toMatchObject({ childrenReminded: 0 });
    house.at('2026-11-26T10:00:00Z');
    expect(await tick()).toMatchObject({ childrenReminded: 1 });
    expect([await letters(guardianId), await letters(ofLeft)]).toEqual([[], []]);
  });

  it('a run that is cut off leaves the rest to the next, and nobody out', async () => {
    const guardians: PersonId[] = [];
    for (let n = 0; n < 3; n++) guardians.push(await house.guardian(await aChild()));
    let reminded = 0;
    for (let run = 0; run < 6; run++) reminded += (await tick(2 + run)).childrenReminded;
    reminded += (await tick()).childrenReminded;
    expect(reminded).toBe(3);
    for (const guardianId of guardians) expect(await letters(guardianId)).toEqual(['times-due']);
    expect(logged).toEqual([]);
  });
});

describe('before the answer to a holiday period is due', () => {
  const answerBefore = { day: '2026-11-26', at: '09:00' };
  const period = { kind: 'must-answer', from: '2026-12-21', until: '2026-12-23', answerBefore } as const;

  it('guardians are reminded of it apart from the week', async () => {
    await close(period);
    const guardianId = await house.guardian(await aChild());
    expect(await tick()).toMatchObject({ childrenReminded: 2 });
    expect((await letters(guardianId)).sort()).toEqual(['holiday-answer-due', 'times-due']);
  });

  it('nobody is, once the period has been withdrawn', async () => {
    const closure = await close(period);
    const guardianId = await house.guardian(await aChild());
    await change().remove(closureRef(house.organisationId, closure), { version: 1 }).commit();
    await tick();
    expect(await letters(guardianId)).toEqual(['times-due']);
  });

  it('nobody is reminded of a week that is closed', async () => {
    await close({});
    await house.guardian(await aChild());
    expect(await tick()).toMatchObject({ childrenReminded: 0 });
  });
});

describe('a standing week', () => {
  it('is entered into the weeks ahead by the clock, once, and leaves what has been said by hand', async () => {
    const childId = await aChild();
    const by = await house.guardian(childId);
    const value = {
      versions: [{ from: '2026-11-23', days: [{ weekday: 'monday' as const, from: '08:00' }], by }],
      filledUntil: '2026-12-13',
    };
    await change()
      .put(standingWeeksRef(house.organisationId, childId), value, 'new')
      .point({ ...standingWeekPointer(house.organisationId, childId), attributes: { filledUntil: value.filledUntil } })
      .commit();
    await house.expect(childId, '2026-12-14', '10:00');
    expect(await tick()).toMatchObject({ standingWeeksFilled: 1 });
    expect(await house.read(childId, '2026-12-14')).toMatchObject({ expected: { from: '10:00' } });
    expect(await house.read(childId, '2026-12-21')).toMatchObject({ expected: { from: '08:00', by } });
    expect(await house.expectedRows('2026-12-21')).toHaveLength(1);
    // Before what has been filled, and beyond the weeks ahead, nothing is.
    expect(await house.read(childId, '2026-12-07')).toMatchObject({ state: 'unknown' });
    expect(await house.read(childId, '2026-12-28')).toMatchObject({ state: 'unknown' });
    expect(await tick()).toMatchObject({ standingWeeksFilled: 0 });
    house.at('2026-11-30T12:00:00Z');
    expect(await tick()).toMatchObject({ standingWeeksFilled: 1 });
    expect(await house.read(childId, '2026-12-28')).toMatchObject({ expected: { from: '08:00' } });
  });

  it('of a child that is gone is dropped, and one that is restricted waits; the others go on', async () => {
    const [gone, restricted, childId] = [anId('per'), await aChild(), await aChild()];
    const by = await house.guardian(childId);
    const value = { versions: [{ from: '2026-11-23', days: [], by }], filledUntil: '2026-11-30' };
    for (const personId of [restricted, childId]) {
      await change().put(standingWeeksRef(house.organisationId, personId), value, 'new').commit();
    }
    for (const personId of [gone, restricted, childId]) {
      const pointer = standingWeekPointer(house.organisationId, personId);
      await change()
        .point({ ...pointer, attributes: { filledUntil: value.filledUntil } })
        .commit();
    }
    const owner = ownerOf(house.organisationId, restricted);
    for (const retentionClass of ['person', 'attendance'] as const) {
      await change().keys({ do: 'restrict', owner, retentionClass }).commit();
    }
    expect(await tick()).toMatchObject({ standingWeeksFilled: 1, childrenReminded: 1, failed: 0 });
    const { pk } = standingWeekPointer(house.organisationId, '');
    const left = (await house.rows('core', pk)).map(({ sk, filledUntil }) => [sk, filledUntil]);
    expect(left.sort()).toEqual(
      [
        [restricted, '2026-11-30'],
        [childId, '2026-12-27'],
      ].sort(),
    );
  });
});

describe('a child that was expected on a day closed since', () => {
  it('is not looked for', async () => {
    const childId = await aChild();
    const guardianId = await house.guardian(childId);
    await house.expect(childId, '2026-11-30', '08:00');
    await close({});
    house.at('2026-11-30T09:00:00Z');
    const clock = { openCall: () => aCall(house.store), hasTimeLeft: () => true, log: () => {} };
    expect(await tickAttendance(clock)).toMatchObject({ missedArrivals: 0, failed: 0 });
    expect(await letters(guardianId)).toEqual([]);
    expect(await house.activities(childId)).not.toContain('arrival.missed');
  });
});
