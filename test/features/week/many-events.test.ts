import { afterAll, beforeAll, expect, it } from 'vitest';
import type { EventScope } from '../../../lambdas/features/calendar/event.ts';
import { newCalendarEvent, putNewEvent } from '../../../lambdas/features/calendar/writes.ts';
import { organisationOwner } from '../../../lambdas/features/organisations/organisation.ts';
import { weekStore } from '../../../lambdas/features/week/store.ts';
import { daysAfter } from '../../../lambdas/platform/calendar.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aCall, anId } from '../../support/store.ts';
import { aKindergarten, type Kindergarten } from '../attendance/kindergarten.ts';

let db: TestDynamoDb;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());

const [FIRST, LAST] = ['2026-10-01', '2027-07-03'];
/** Two trips a week of each of six other groups, in the time that a calendar feed tells of. */
const OTHERS = 480;
const EVENTS_PER_CHANGE = 30;

async function plan(house: Kindergarten, events: readonly { scope: EventScope; day: string; rule?: string }[]) {
  for (let n = 0; n < events.length; n += EVENTS_PER_CHANGE) {
    const change = aCall(house.store).records.change();
    for (const { scope, day, rule } of events.slice(n, n + EVENTS_PER_CHANGE)) {
      const fields = {
        title: 'Tur',
        bring: [],
        when: { kind: 'all-day', from: day, until: day },
        ...(rule && { rule }),
      };
      const place = { id: anId('cal'), scope, timeZone: 'Europe/Oslo' } as const;
      putNewEvent(change, house.organisationId, newCalendarEvent(fields as never, place, house.store.now()));
    }
    await change.activity({ event: 'test.prepared', subject: organisationOwner(house.organisationId) }).commit();
  }
}

it('what happens in a child’s group is found, however much happens in the others', async () => {
  const house = await aKindergarten(db);
  house.at('2026-11-18T07:00:00Z');
  const groupId = await house.group();
  const guardianId = await house.guardian(await house.person({ placements: [{ groupId, from: '2026-08-17' }] }));
  const elsewhere = Array.from({ length: OTHERS }, (_, n) => ({
    scope: { kind: 'group', id: anId('grp') } as const,
    day: daysAfter(FIRST, Math.floor((n * 270) / OTHERS)),
  }));
  await plan(house, [
    ...elsewhere,
    { scope: { kind: 'group', id: groupId }, day: '2027-07-01' },
    { scope: { kind: 'organisation' }, day: '2027-07-02' },
    { scope: { kind: 'group', id: groupId }, day: '2026-11-02', rule: 'FREQ=WEEKLY' },
  ]);
  const own = [{ organisationId: house.organisationId, personId: guardianId, roleIds: [] }];
  const { places } = await weekStore.known(own, [FIRST, LAST], aCall(house.store));
  expect(places[0]?.events.map(({ when }) => when.from).sort()).toEqual(['2026-11-02', '2027-07-01', '2027-07-02']);
});
