import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { calendarPartition } from '../../../lambdas/features/calendar/calendar-index.ts';
import { calendarEventEntity } from '../../../lambdas/features/calendar/event.ts';
import { calendarImportHandlers } from '../../../lambdas/features/calendar-import/handlers.ts';
import { calendarImportRoutes } from '../../../lambdas/features/calendar-import/routes.ts';
import { calendarImportStore } from '../../../lambdas/features/calendar-import/store.ts';
import { organisationOwner } from '../../../lambdas/features/organisations/organisation.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aService, someoneWith } from '../../support/service.ts';
import { aCall, anId } from '../../support/store.ts';
import { aKindergarten, type Kindergarten } from '../attendance/kindergarten.ts';

let db: TestDynamoDb;
let house: Kindergarten;
beforeAll(async () => {
  db = await startDynamoDb();
  house = await aKindergarten(db);
  house.at('2026-11-23T07:00:00Z');
});
afterAll(() => db.stop());

const refused = (slug: string) => ({ name: 'ProblemError', slug });
async function as(
  role: 'administrator' | 'leader' | 'staff',
  scope: { kind: 'organisation' | 'department'; id?: string } = { kind: 'organisation' },
) {
  const service = aService(house.store, calendarImportRoutes, calendarImportHandlers(calendarImportStore));
  return service.as(await someoneWith(house.store, house.organisationId, role, { scope }));
}
const params = () => ({ organisationId: house.organisationId });
const calendar = (count: number, title = 'Dugnad') =>
  [
    'BEGIN:VCALENDAR',
    ...Array.from({ length: count }, (_, i) => [
      'BEGIN:VEVENT',
      `UID:${i}@example.no`,
      `SUMMARY:${title} ${i}`,
      'DTSTART;TZID=Europe/Oslo:20261205T100000',
      'DURATION:PT2H',
      'RRULE:FREQ=WEEKLY;COUNT=3',
      'END:VEVENT',
    ]).flat(),
    'END:VCALENDAR',
  ].join('\r\n');
const held = async () => {
  const { records } = aCall(house.store);
  return (await records.list(calendarEventEntity, organisationOwner(house.organisationId), { limit: 200 })).items;
};

describe('a calendar file', () => {
  it('is looked at first, then taken in whole, and a second time changes nothing', async () => {
    const leader = await as('leader');
    const body = { calendar: calendar(20), scope: { kind: 'organisation' } } as const;
    expect((await leader.previewCalendarImport({ params: params(), body })).body).toMatchObject({
      created: 20,
      changed: 0,
    });
    expect(await held()).toEqual([]);
    const { body: result, status } = await leader.importCalendar({ params: params(), body });
    expect([status, result.created, result.events[0]?.rule]).toEqual([200, 20, 'FREQ=WEEKLY;UNTIL=20261219']);
    expect(await held()).toHaveLength(20);
    expect(await house.rows('core', calendarPartition(house.organisationId))).toHaveLength(40);
    expect((await leader.importCalendar({ params: params(), body })).body).toMatchObject({
      created: 0,
      changed: 0,
      unchanged: 20,
    });
    expect((await held()).every(({ version }) => version === 1)).toBe(true);

    const newer = { ...body, calendar: calendar(2, 'Stor dugnad') };
    expect((await leader.importCalendar({ params: params(), body: newer })).body).toMatchObject({
      created: 0,
      changed: 2,
    });
    expect((await held()).filter(({ value }) => value.title.startsWith('Stor') && value.sequence === 1)).toHaveLength(
      2,
    );
    // What somebody's calendar calls an event may be an address: it is kept nowhere.
    const rows = await house.rows('core', `${house.organisationId}#${house.organisationId}`);
    expect(JSON.stringify([rows, await held()])).not.toContain('example.no');
    const events = (await house.rows('activity', `${house.organisationId}#${house.organisationId}`)).map(
      ({ event }) => event,
    );
    expect(events.filter((event) => event === 'calendar.imported')).toHaveLength(3);
  });

  it('with anything wrong in it is refused whole, and says where', async () => {
    const administrator = await as('administrator');
    const before = (await held()).length;
    const bad = calendar(3, 'Ny').replace('SUMMARY:Ny 1\r\n', '').replaceAll('@example.no', '@example.com');
    const body = { calendar: bad, scope: { kind: 'organisation' } } as const;
    expect((await administrator.previewCalendarImport({ params: params(), body })).body).toMatchObject({
      created: 2,
      refused: [{ index: 1, reason: 'no-title' }],
    });
    await expect(administrator.importCalendar({ params: params(), body })).rejects.toMatchObject(
      refused('calendar-file-refused'),
    );
    expect(await held()).toHaveLength(before);
    const none = { ...body, calendar: 'no calendar' };
    for (const ask of [administrator.importCalendar, administrator.previewCalendarImport]) {
      await expect(ask({ params: params(), body: none })).rejects.toMatchObject(refused('calendar-file-refused'));
    }
  });

  it('is for all, or for a group or department that is there', async () => {
    const leader = await as('leader');
    const groupId = await house.group();
    const forGroup = { calendar: calendar(1), scope: { kind: 'group', id: groupId } } as const;
    expect((await leader.importCalendar({ params: params(), body: forGroup })).body.created).toBe(1);
    for (const ask of [leader.importCalendar, leader.previewCalendarImport]) {
      const nowhere = { ...forGroup, scope: { kind: 'group', id: anId('grp') } } as const;
      await expect(ask({ params: params(), body: nowhere })).rejects.toMatchObject(refused('group-not-found'));
      const neither = { ...forGroup, scope: { kind: 'department', id: anId('dep') } } as const;
      await expect(ask({ params: params(), body: neither })).rejects.toMatchObject(refused('department-not-found'));
    }
  });

  it('is not for staff, nor for the head of a department', async () => {
    const body = { calendar: calendar(1), scope: { kind: 'organisation' } } as const;
    await expect((await as('staff')).importCalendar({ params: params(), body })).rejects.toMatchObject(
      refused('not-allowed'),
    );
    const head = await as('leader', { kind: 'department', id: anId('dep') });
    await expect(head.importCalendar({ params: params(), body })).rejects.toMatchObject(refused('not-allowed'));
  });
});
