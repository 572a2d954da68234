import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { calendarHandlers } from '../../../lambdas/features/calendar/handlers.ts';
import { calendarRoutes } from '../../../lambdas/features/calendar/routes.ts';
import { calendarStore } from '../../../lambdas/features/calendar/store.ts';
import { AUDIENCE_MAX } from '../../../lambdas/features/calendar/views.ts';
import { newCalendarEvent, putNewEvent } from '../../../lambdas/features/calendar/writes.ts';
import { filePointers, uploadRef } from '../../../lambdas/features/files/file.ts';
import {
  departmentEntity,
  groupEntity,
  organisationOwner,
} from '../../../lambdas/features/organisations/organisation.ts';
import { peoplePointers } from '../../../lambdas/features/people/person.ts';
import type { Client } from '../../../lambdas/http/client.ts';
import type { DepartmentId, GroupId, PersonId } from '../../../lambdas/http/ids.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aService, someoneWith } from '../../support/service.ts';
import { aCall, anId } from '../../support/store.ts';
import { aKindergarten, type Kindergarten } from '../attendance/kindergarten.ts';

type Person = Client<typeof calendarRoutes>;

let db: TestDynamoDb;
let house: Kindergarten;
let leader: Person;
let department: DepartmentId;
let [mine, other]: GroupId[] = [];
let childId: PersonId;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());
beforeEach(async () => {
  house = await aKindergarten(db);
  house.at('2026-11-23T07:00:00Z');
  leader = await as('leader');
  department = await aDepartment();
  [mine, other] = [await aGroup(department), await aGroup()];
  childId = await house.person({ placements: [{ groupId: mine!, from: '2026-08-17' }] });
});

const refused = (slug: string) => ({ name: 'ProblemError', slug });
async function as(role: Parameters<typeof someoneWith>[2], wanted: Parameters<typeof someoneWith>[3] = {}) {
  const service = aService(house.store, calendarRoutes, calendarHandlers(calendarStore));
  return service.as(await someoneWith(house.store, house.organisationId, role, wanted));
}
const own = () => organisationOwner(house.organisationId);
async function aDepartment(): Promise<DepartmentId> {
  const id = anId('dep');
  const change = aCall(house.store).records.change().activity({ event: 'test.prepared', subject: own() });
  const ref = { entity: departmentEntity, owner: own(), key: id };
  await change.put(ref, { id, name: 'Skogen', state: 'open' }, 'new').commit();
  return id;
}
async function aGroup(departmentId?: DepartmentId): Promise<GroupId> {
  const id = anId('grp');
  const change = aCall(house.store).records.change().activity({ event: 'test.prepared', subject: own() });
  const ref = { entity: groupEntity, owner: own(), key: id };
  const group = { id, name: id.slice(-8), state: 'open', ...(departmentId && { departmentId }) } as const;
  await change.put(ref, group, 'new').commit();
  return id;
}

const params = () => ({ organisationId: house.organisationId });
const evening = { kind: 'timed', from: '2026-12-04T17:00', until: '2026-12-04T19:00' } as const;
const asksGuardians = { asks: 'guardians', answersCloseDaysBefore: 2 } as const;
type NewEvent = Parameters<Person['createEvent']>[0]['body'];
const plan = async (event: Partial<NewEvent> = {}, by = leader) =>
  (
    await by.createEvent({
      params: params(),
      body: { title: 'Lysfest', bring: [], when: evening, scope: { kind: 'group', id: mine! }, ...event },
    })
  ).body;
const titles = async (by: Person, from = '2026-12-01', to = '2026-12-31') =>
  (await by.listCalendar({ params: params(), query: { from, to } })).body.items.map(({ title }) => title);

describe('who sees what happens', () => {
  beforeEach(async () => {
    await plan({ title: 'Alle', scope: { kind: 'organisation' } });
    await plan({ title: 'Avdeling', scope: { kind: 'department', id: department } });
    await plan({ title: 'Gruppe', scope: { kind: 'group', id: mine! } });
    await plan({ title: 'Andre', scope: { kind: 'group', id: other! } });
    await plan({ title: 'Barnet', scope: { kind: 'person', id: childId } });
  });
  const around = ['Alle', 'Avdeling', 'Barnet', 'Gruppe'];

  it('follows the scope of staff: their own group, not another', async () => {
    expect(await titles(leader)).toEqual(['Alle', 'Andre', 'Avdeling', 'Barnet', 'Gruppe']);
    expect(await titles(await as('staff', { scope: { kind: 'group', id: mine! } }))).toEqual(around);
    expect(await titles(await as('staff', { scope: { kind: 'group', id: other! } }))).toEqual(['Alle', 'Andre']);
    expect(await titles(await as('staff', { scope: { kind: 'department', id: department } }))).toEqual(around);
    expect(await titles(await as('staff', { scope: { kind: 'person', id: childId } }))).toEqual(around);
    const officer = await titles(await as('privacy-officer'));
    expect(officer).toEqual(['Alle', 'Andre', 'Avdeling', 'Gruppe']);
  });

  it('follows the child of a guardian who may know of it, and of no other', async () => {
    const guardian = await as('guardian', { personId: await house.guardian(childId) });
    expect(await titles(guardian)).toEqual(around);
    const informed = await house.guardian(childId, { rights: 'information-only' });
    expect(await titles(await as('guardian', { personId: informed }))).toEqual(around);
    const elsewhere = await house.person({ placements: [{ groupId: other!, from: '2026-08-17' }] });
    const otherGuardian = await as('guardian', { personId: await house.guardian(elsewhere) });
    expect(await titles(otherGuardian)).toEqual(['Alle', 'Andre']);
    const asked = otherGuardian.getPersonCalendar({
      params: { ...params(), personId: childId },
      query: { from: '2026-12-01', to: '2026-12-31' },
    });
    await expect(asked).rejects.toMatchObject(refused('person-not-found'));
  });

  it('is nothing for whom a block keeps away, who only picks up, or whose time as a guardian is over', async () => {
    const blocked = await house.guardian(childId);
    await house.block(childId, blocked);
    const picksUp = await house.guardian(childId, { rights: 'pick-up-only' });
    const former = await house.guardian(childId, { until: '2026-11-01' });
    for (const personId of [blocked, picksUp, former]) {
      expect(await titles(await as('guardian', { personId }))).toEqual([]);
    }
    const staff = await house.person({ kind: 'staff' });
    await house.block(childId, staff);
    const kept = await as('staff', { personId: staff });
    expect(await titles(kept)).not.toContain('Barnet');
  });

  it('is of the group that the child is in on that day', async () => {
    const moving = await house.person({
      placements: [
        { groupId: other!, from: '2026-08-17', until: '2026-12-03' },
        { groupId: mine!, from: '2026-12-04' },
      ],
    });
    expect(await titles(await as('guardian', { personId: await house.guardian(moving) }))).toEqual([
      'Alle',
      'Avdeling',
      'Gruppe',
    ]);
  });

  it('is nobody’s in another organisation', async () => {
    const there = await aKindergarten(db, {}, house.store);
    const stranger = aService(house.store, calendarRoutes, calendarHandlers(calendarStore)).as(
      await someoneWith(house.store, there.organisationId, 'leader'),
    );
    await expect(titles(stranger)).rejects.toMatchObject(refused('organisation-not-found'));
  });
});

describe('planning', () => {
  it('is for staff in scope; what lies outside is not there', async () => {
    const staff = await as('staff', { scope: { kind: 'group', id: mine! } });
    await plan({}, staff);
    await expect(plan({ scope: { kind: 'group', id: other! } }, staff)).rejects.toMatchObject(
      refused('group-not-found'),
    );
    await expect(plan({ scope: { kind: 'organisation' } }, staff)).rejects.toMatchObject(refused('not-allowed'));
    const elsewhere = plan({ scope: { kind: 'department', id: anId('dep') } });
    await expect(elsewhere).rejects.toMatchObject(refused('department-not-found'));
    await expect(plan({ scope: { kind: 'person', id: anId('per') } })).rejects.toMatchObject(
      refused('person-not-found'),
    );
    const guardian = await as('guardian', { personId: await house.guardian(childId) });
    await expect(plan({}, guardian)).rejects.toMatchObject(refused('not-allowed'));
  });

  it('refuses rules that cannot be, times that run backwards and files that nobody uploaded', async () => {
    await expect(plan({ rule: 'FREQ=HOURLY' })).rejects.toMatchObject(refused('rule-refused'));
    await expect(plan({ rule: 'FREQ=WEEKLY;BYDAY=MO' })).rejects.toMatchObject(refused('rule-refused'));
    const backwards = plan({ when: { ...evening, until: '2026-12-04T16:00' } });
    await expect(backwards).rejects.toMatchObject(refused('malformed-request'));
    await expect(plan({ fileIds: [anId('fil')] })).rejects.toMatchObject(refused('file-not-found'));
    const long = leader.listCalendar({ params: params(), query: { from: '2026-12-01', to: '2027-02-01' } });
    await expect(long).rejects.toMatchObject(refused('malformed-request'));
  });

  it('keeps a series at its time of day through the change of DST', async () => {
    const event = await plan({
      when: { kind: 'timed', from: '2027-03-22T08:30', until: '2027-03-22T09:00' },
      rule: 'FREQ=WEEKLY;COUNT=2',
    });
    expect(event.rule).toBe('FREQ=WEEKLY;UNTIL=20270329');
    const range = { from: '2027-03-22', to: '2027-03-31' };
    const { items } = (await leader.listCalendar({ params: params(), query: range })).body;
    expect(items.map(({ startsAt }) => startsAt)).toEqual(['2027-03-22T07:30:00.000Z', '2027-03-29T06:30:00.000Z']);
  });
});

describe('a series', () => {
  const weekly = () => plan({ rule: 'FREQ=WEEKLY;UNTIL=20261231', title: 'Turdag' });
  const days = async (by = leader) =>
    (await by.listCalendar({ params: params(), query: { from: '2026-12-01', to: '2026-12-31' } })).body.items.map(
      ({ from, title }) => `${from.slice(8)} ${title}`,
    );

  it('is changed once, from a day on, or as a whole', async () => {
    const { id } = await weekly();
    const of = { params: { ...params(), eventId: id } };
    const moved = { kind: 'timed', from: '2026-12-12T10:00', until: '2026-12-12T12:00' } as const;
    await leader.changeEvent({
      ...of,
      ifMatch: 1,
      body: { which: 'one', of: '2026-12-11', title: 'Skitur', when: moved },
    });
    const later = await leader.changeEvent({
      ...of,
      ifMatch: 2,
      body: { which: 'following', of: '2026-12-18', title: 'Innedag' },
    });
    expect(later.body).toMatchObject({ follows: id, version: 1 });
    expect(await days()).toEqual(['04T17:00 Turdag', '12T10:00 Skitur', '18T17:00 Innedag', '25T17:00 Innedag']);
    await leader.changeEvent({ ...of, ifMatch: 3, body: { title: 'Uteuke', place: 'Gapahuken' } });
    expect((await leader.getEvent(of)).body).toMatchObject({ title: 'Uteuke', place: 'Gapahuken', version: 4 });
    expect(await days()).toEqual(['04T17:00 Uteuke', '12T10:00 Skitur', '18T17:00 Innedag', '25T17:00 Innedag']);
  });

  it('is cancelled once, from a day on, or as a whole, and nothing else then', async () => {
    const of = { params: { ...params(), eventId: (await weekly()).id } };
    await leader.cancelEvent({ ...of, ifMatch: 1, query: { which: 'one', of: '2026-12-11' } });
    expect(await days()).toEqual(['04T17:00 Turdag', '18T17:00 Turdag', '25T17:00 Turdag']);
    await leader.cancelEvent({ ...of, ifMatch: 2, query: { which: 'following', of: '2026-12-25' } });
    expect(await days()).toEqual(['04T17:00 Turdag', '18T17:00 Turdag']);
    const again = leader.cancelEvent({ ...of, ifMatch: 3, query: { which: 'one', of: '2026-12-11' } });
    await expect(again).rejects.toMatchObject(refused('event-not-found'));
    await expect(leader.cancelEvent({ ...of, ifMatch: 2 })).rejects.toMatchObject(refused('stale-version'));
    await leader.cancelEvent({ ...of, ifMatch: 3 });
    expect(await days()).toEqual([]);
    await expect(leader.cancelEvent({ ...of, ifMatch: 4 })).rejects.toMatchObject(refused('wrong-state'));
    const change = leader.changeEvent({ ...of, ifMatch: 4, body: { title: 'Likevel' } });
    await expect(change).rejects.toMatchObject(refused('wrong-state'));
    expect((await leader.getEvent(of)).body.cancelled).toBe(true);
  });

  it('takes a rule, files and an event that there are, and so many changes', async () => {
    const of = { params: { ...params(), eventId: (await weekly()).id } };
    const change = (body: Parameters<Person['changeEvent']>[0]['body'], ifMatch = 1) =>
      leader.changeEvent({ ...of, ifMatch, body });
    await expect(change({ rule: 'FREQ=NEVER' })).rejects.toMatchObject(refused('rule-refused'));
    await expect(change({ addFileIds: [anId('fil')] })).rejects.toMatchObject(refused('file-not-found'));
    await expect(change({ which: 'one', of: '2026-12-05', title: 'x' })).rejects.toMatchObject(
      refused('event-not-found'),
    );
    await expect(change({ which: 'following', of: '2026-12-04', title: 'x' })).rejects.toMatchObject(
      refused('wrong-state'),
    );
    const nowhere = { params: { ...params(), eventId: anId('cal') } };
    await expect(leader.getEvent(nowhere)).rejects.toMatchObject(refused('event-not-found'));
    const daily = await plan({ rule: 'FREQ=DAILY' });
    const many = { params: { ...params(), eventId: daily.id } };
    for (let n = 0; n < 60; n++) {
      const body = { which: 'one', of: dayNumbered(n), title: `Dag ${n}` } as const;
      await leader.changeEvent({ ...many, ifMatch: n + 1, body });
    }
    const more = leader.changeEvent({ ...many, ifMatch: 61, body: { which: 'one', of: dayNumbered(60), title: 'x' } });
    await expect(more).rejects.toMatchObject(refused('too-many'));
  });
});

const dayNumbered = (n: number) => new Date(Date.UTC(2026, 11, 4 + n)).toISOString().slice(0, 10);

describe('an answer', () => {
  const answer = (by: Person, eventId: string, value: 'yes' | 'no' | 'maybe', personId = childId) =>
    by.answerEvent({
      params: { ...params(), personId, eventId: eventId as never, day: '2026-12-04' },
      body: { answer: value },
    });
  const answersTo = async (eventId: string, by = leader) =>
    (await by.listAnswers({ params: { ...params(), eventId: eventId as never, day: '2026-12-04' } })).body;

  it('is given for each child by a guardian who decides, until it closes; staff count', async () => {
    const sibling = await house.person({ firstName: 'Bo', placements: [{ groupId: mine!, from: '2026-08-17' }] });
    const { id } = await plan({ invitation: asksGuardians });
    const guardianId = await house.guardian(childId);
    const guardian = await as('guardian', { personId: await house.guardian(sibling, {}, guardianId) });
    expect((await answer(guardian, id, 'maybe')).body).toMatchObject({ answer: 'maybe', personId: childId });
    await answer(guardian, id, 'yes');
    expect((await answersTo(id)).counts).toEqual({ yes: 1, no: 0, maybe: 0, waiting: 1 });
    const calendar = await guardian.getPersonCalendar({
      params: { ...params(), personId: childId },
      query: { from: '2026-12-01', to: '2026-12-31' },
    });
    expect(calendar.body.items).toMatchObject([{ answer: 'yes', answersCloseAt: '2026-12-02T23:00:00.000Z' }]);

    house.at('2026-12-02T23:00:00Z');
    await expect(answer(guardian, id, 'no')).rejects.toMatchObject(refused('answers-closed'));
  });

  it('is nobody else’s to give or to count', async () => {
    const { id } = await plan({ invitation: asksGuardians });
    const informed = await as('guardian', { personId: await house.guardian(childId, { rights: 'information-only' }) });
    await expect(answer(informed, id, 'yes')).rejects.toMatchObject(refused('person-not-found'));
    const blockedId = await house.guardian(childId);
    await house.block(childId, blockedId);
    const blocked = await as('guardian', { personId: blockedId });
    await expect(answer(blocked, id, 'yes')).rejects.toMatchObject(refused('person-not-found'));
    const elsewhere = await house.person({ placements: [{ groupId: other!, from: '2026-08-17' }] });
    const otherGuardian = await as('guardian', { personId: await house.guardian(elsewhere) });
    await expect(answer(otherGuardian, id, 'yes', elsewhere)).rejects.toMatchObject(refused('event-not-found'));
    const otherStaff = await as('staff', { scope: { kind: 'group', id: other! } });
    await expect(answersTo(id, otherStaff)).rejects.toMatchObject(refused('event-not-found'));
    const open = await plan();
    await expect(answersTo(open.id)).rejects.toMatchObject(refused('wrong-state'));
  });

  it('leaves out of the count whom a block keeps from the one who counts', async () => {
    const { id } = await plan({ invitation: asksGuardians });
    const staff = await house.person({ kind: 'staff' });
    expect((await answersTo(id)).items).toHaveLength(1);
    await house.block(childId, staff);
    const call = aCall(house.store).records.change().activity({ event: 'test.prepared', subject: own() });
    await call.point(peoplePointers.blockedFrom(house.organisationId, staff, childId)).commit();
    expect((await answersTo(id, await as('leader', { personId: staff }))).items).toEqual([]);
  });
});

describe('limits', () => {
  it('hold for what is read at once', async () => {
    for (let n = 0; n < 17; n++) await plan({ rule: 'FREQ=DAILY', scope: { kind: 'person', id: childId } });
    const query = { from: '2026-12-04', to: '2027-02-03' };
    await expect(leader.listCalendar({ params: params(), query })).rejects.toMatchObject(refused('too-many'));
    const ofChild = leader.getPersonCalendar({ params: { ...params(), personId: childId }, query });
    await expect(ofChild).rejects.toMatchObject(refused('too-many'));
  });

  it('hold for days left out of a series, and for those who are asked', async () => {
    const fields = { title: 'Frukt', bring: [], when: evening, rule: 'FREQ=DAILY', invitation: asksGuardians };
    const about = { id: anId('cal'), scope: { kind: 'group', id: mine! }, timeZone: 'Europe/Oslo' } as const;
    const event = {
      ...newCalendarEvent(fields, about, house.store.now()),
      exceptions: Array.from({ length: 366 }, (_, n) => dayNumbered(n + 1)),
    };
    const change = () => aCall(house.store).records.change().activity({ event: 'test.prepared', subject: own() });
    const prepared = change();
    putNewEvent(prepared, house.organisationId, event);
    await prepared.commit();
    const of = { params: { ...params(), eventId: event.id } };
    const cancelled = leader.cancelEvent({ ...of, ifMatch: 1, query: { which: 'one', of: '2026-12-04' } });
    await expect(cancelled).rejects.toMatchObject(refused('too-many'));
    for (let written = 0; written <= AUDIENCE_MAX; written += 90) {
      const members = change();
      for (let n = 0; n < 90; n++) {
        members.point(peoplePointers.groupMember(house.organisationId, mine!, anId('per')));
      }
      await members.commit();
    }
    const asked = leader.listAnswers({ params: { ...of.params, day: '2026-12-04' } });
    await expect(asked).rejects.toMatchObject(refused('too-many'));
  });
});

describe('files', () => {
  it('become the event’s once they are checked, and go when they are taken away', async () => {
    const personId = await house.person({ kind: 'staff' });
    const staff = await as('staff', { personId });
    const upload = async (state: 'checked' | 'awaiting') => {
      const id = anId('fil');
      const dueAt = '2026-11-24T07:00:00.000Z';
      const file = { id, name: 'Plan.pdf', contentType: 'application/pdf', bytes: 10, key: 'A'.repeat(43).concat('=') };
      await aCall(house.store)
        .records.change()
        .put(
          uploadRef(house.organisationId, personId, id),
          { ...file, contentType: 'application/pdf', state, uploadUntil: dueAt, dueAt },
          'new',
        )
        .point(filePointers.due(dueAt, house.organisationId, id))
        .activity({ event: 'test.prepared', subject: own() })
        .commit();
      return id;
    };
    await expect(plan({ fileIds: [await upload('awaiting')] }, staff)).rejects.toMatchObject(
      refused('file-not-checked'),
    );
    const [first, second] = [await upload('checked'), await upload('checked')];
    const event = await plan({ fileIds: [first] }, staff);
    expect(event.files).toEqual([{ id: first, name: 'Plan.pdf', contentType: 'application/pdf', bytes: 10 }]);
    const change = { params: { ...params(), eventId: event.id }, ifMatch: 1 };
    const waiting = staff.changeEvent({ ...change, body: { addFileIds: [await upload('awaiting')] } });
    await expect(waiting).rejects.toMatchObject(refused('file-not-checked'));
    const { body } = await staff.changeEvent({ ...change, body: { addFileIds: [second], removeFileIds: [first] } });
    expect(body.files.map(({ id }) => id)).toEqual([second]);
    const held = await house.rows('core', `${house.organisationId}#${house.organisationId}`);
    expect(held.map(({ sk }) => sk).filter((sk) => sk.startsWith('FILE#'))).toEqual([`FILE#${second}`]);
  });
});
