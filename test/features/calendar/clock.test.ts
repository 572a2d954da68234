import { ulid } from 'ulid';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { tickCalendar } from '../../../lambdas/features/calendar/clock.ts';
import type { CalendarEvent } from '../../../lambdas/features/calendar/event.ts';
import { eventAnswerRef } from '../../../lambdas/features/calendar/event.ts';
import { queueJob } from '../../../lambdas/features/calendar/notice-jobs.ts';
import { type EventInput, newCalendarEvent, putNewEvent } from '../../../lambdas/features/calendar/writes.ts';
import { organisationOwner } from '../../../lambdas/features/organisations/organisation.ts';
import { peoplePointers } from '../../../lambdas/features/people/person.ts';
import type { FamilyClock } from '../../../lambdas/features/walks/family-clock.ts';
import type { GroupId, PersonId } from '../../../lambdas/http/ids.ts';
import { openRecords } from '../../../lambdas/platform/open-records.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aCall, anId } from '../../support/store.ts';
import { aKindergarten, type Kindergarten } from '../attendance/kindergarten.ts';

let db: TestDynamoDb;
let house: Kindergarten;
let groupId: GroupId;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());
beforeEach(async () => {
  house = await aKindergarten(db);
  house.at('2026-11-23T07:00:00Z');
  groupId = await house.group();
});

/** `looks`: how often it says that there is time left. */
const clockOf = (looks = Number.POSITIVE_INFINITY): FamilyClock => {
  let left = looks;
  return {
    openCall: () => ({
      ...aCall(house.store),
      records: openRecords(house.store, {
        requestId: ulid(),
        actor: 'system:family-clock',
        newEventId: () => anId('evt'),
      }),
    }),
    hasTimeLeft: () => left-- > 0,
    log: (line) => {
      throw new Error(JSON.stringify(line));
    },
  };
};
const tick = (looks?: number) => tickCalendar(clockOf(looks));
const change = () =>
  aCall(house.store)
    .records.change()
    .activity({ event: 'test.prepared', subject: organisationOwner(house.organisationId) });

async function anEvent(fields: Partial<EventInput> = {}, isAnnounced = true): Promise<CalendarEvent> {
  const event = newCalendarEvent(
    {
      title: 'Lysfest',
      bring: [],
      when: { kind: 'timed', from: '2026-12-04T17:00', until: '2026-12-04T19:00' },
      ...fields,
    },
    { id: anId('cal'), scope: { kind: 'group', id: groupId }, timeZone: 'Europe/Oslo' },
    house.store.now(),
  );
  const prepared = change();
  putNewEvent(prepared, house.organisationId, event);
  if (isAnnounced) queueJob(prepared, house.organisationId, event, 'invited', '2026-12-04');
  await prepared.commit();
  return event;
}
const aChild = () => house.person({ placements: [{ groupId, from: '2026-08-17' }] });
const invitation = { asks: 'guardians', answersCloseDaysBefore: 2 } as const;
const noticesOf = async (personId: PersonId) => (await house.notices(personId)).map(({ template }) => template);

describe('an invitation', () => {
  it('is told to every guardian who may know, once, also of those with two children', async () => {
    const [first, second] = [await aChild(), await aChild()];
    const both = await house.guardian(second, {}, await house.guardian(first));
    const blocked = await house.guardian(first);
    await house.block(first, blocked);
    const picksUp = await house.guardian(first, { rights: 'pick-up-only' });
    const elsewhere = await house.guardian(await house.person());
    await anEvent({ invitation });
    expect(await tick()).toMatchObject({ told: 1, failed: 0 });
    expect(await tick()).toMatchObject({ told: 0, failed: 0 });
    expect(await noticesOf(both)).toEqual(['event-invited']);
    for (const personId of [blocked, picksUp, elsewhere]) expect(await noticesOf(personId)).toEqual([]);
    expect(await house.rows('core', `${house.organisationId}#CALENDAR-NOTICES`)).toEqual([]);
  });

  it('goes on where a run was cut off, and nobody is told twice by two runs at once', async () => {
    const guardians: PersonId[] = [];
    for (let n = 0; n < 6; n++) guardians.push(await house.guardian(await aChild()));
    await anEvent({ invitation });
    const cutOff = await tick(6);
    expect(cutOff.told).toBeGreaterThan(0);
    expect(cutOff.told).toBeLessThan(6);
    await Promise.all([tick(), tick()]);
    for (const guardian of guardians) expect(await noticesOf(guardian)).toEqual(['event-invited']);
  });

  it('asks nobody where nobody is invited', async () => {
    const guardian = await house.guardian(await aChild());
    await anEvent();
    await tick();
    expect(await noticesOf(guardian)).toEqual([]);
  });
});

describe('the afternoon before', () => {
  it('reminds of what to bring, and of an answer that closes the next day, once', async () => {
    const [answered, waiting] = [await aChild(), await aChild()];
    const [done, due] = [await house.guardian(answered), await house.guardian(waiting)];
    const asking = await anEvent({ invitation }, false);
    const bring = { bring: ['Matpakke'], when: { kind: 'all-day', from: '2026-12-02', until: '2026-12-02' } } as const;
    await anEvent({ ...bring, bring: [...bring.bring], rule: 'FREQ=WEEKLY' }, false);
    const ref = eventAnswerRef(house.organisationId, answered, asking.id, '2026-12-04');
    const at = house.store.now().toISOString();
    const answer = { eventId: asking.id, day: '2026-12-04', answer: 'no', by: done, at } as const;
    await change().put(ref, answer, 'new').commit();

    house.at('2026-12-01T13:59:00Z');
    expect(await tick()).toMatchObject({ planned: 0, told: 0 });
    house.at('2026-12-01T14:00:00Z');
    expect(await tick()).toMatchObject({ planned: 2, told: 3, failed: 0 });
    expect(await tick()).toMatchObject({ planned: 0, told: 0, failed: 0 });
    expect(await noticesOf(done)).toEqual(['event-tomorrow']);
    expect((await noticesOf(due)).sort()).toEqual(['event-tomorrow', 'event-unanswered']);
  });
});

describe('a year after its end', () => {
  it('an event is removed with all that led to it, and a series that goes on is not', async () => {
    const past = { kind: 'all-day', from: '2025-11-20', until: '2025-11-21' } as const;
    const gone = await anEvent({ when: past }, false);
    const going = await anEvent({ when: past, rule: 'FREQ=WEEKLY' }, false);
    house.at('2026-11-22T15:00:00Z');
    expect(await tick()).toMatchObject({ removed: 0 });
    house.at('2026-11-23T15:00:00Z');
    expect(await tick()).toMatchObject({ removed: 1, failed: 0 });
    const rows = await house.rows('core', `${house.organisationId}#CALENDAR`);
    expect(rows.filter(({ sk }) => sk.endsWith(gone.id))).toEqual([]);
    expect(rows.filter(({ sk }) => sk.endsWith(going.id))).toHaveLength(2);
    const own = await house.rows('core', `${house.organisationId}#${house.organisationId}`);
    expect(own.map(({ sk }) => sk)).not.toContain(`EVENT#${gone.id}`);
  });
});

describe('an event of one person', () => {
  it('lies with them, and its rows in the index name them for the erasure', async () => {
    const childId = await aChild();
    const event = newCalendarEvent(
      { title: 'Samtale', bring: [], when: { kind: 'all-day', from: '2026-12-04', until: '2026-12-04' } },
      { id: anId('cal'), scope: { kind: 'person', id: childId }, timeZone: 'Europe/Oslo' },
      house.store.now(),
    );
    const prepared = change();
    putNewEvent(prepared, house.organisationId, event);
    await prepared.commit();
    const { pk } = peoplePointers.child(house.organisationId, childId, childId);
    expect((await house.rows('core', pk)).map(({ sk }) => sk)).toContain(`PERSON-EVENT#${event.id}`);
    const rows = await house.rows('core', `${house.organisationId}#CALENDAR`);
    expect(rows.map(({ subject }) => subject)).toEqual([childId, childId]);
  });
});
