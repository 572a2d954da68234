import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RoleName } from '../../../lambdas/access/roles.ts';
import { decidedAudienceOf } from '../../../lambdas/features/activity/who-may-know.ts';
import { tickChildLog } from '../../../lambdas/features/child-log/clock.ts';
import type { NewContent } from '../../../lambdas/features/child-log/content.ts';
import { healthEntryEntity, logEntryEntity } from '../../../lambdas/features/child-log/entry.ts';
import { childLogHandlers } from '../../../lambdas/features/child-log/handlers.ts';
import { childLogRoutes } from '../../../lambdas/features/child-log/routes.ts';
import { childLogStore } from '../../../lambdas/features/child-log/store.ts';
import { groupEntity, organisationOwner } from '../../../lambdas/features/organisations/organisation.ts';
import { ownerOf, peoplePointers } from '../../../lambdas/features/people/person.ts';
import { personRef } from '../../../lambdas/features/people/writes.ts';
import { specialCategoryAgreementRef } from '../../../lambdas/features/registers/special-category.ts';
import type { Client } from '../../../lambdas/http/client.ts';
import type { GroupId, LogEntryId, PersonId } from '../../../lambdas/http/ids.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aService, someoneWith } from '../../support/service.ts';
import { aCall, anId } from '../../support/store.ts';
import { aKindergarten, type Kindergarten } from '../attendance/kindergarten.ts';

const today = '2026-11-23';
let db: TestDynamoDb;
let house: Kindergarten;
let staff: Client<typeof childLogRoutes>;
let groupId: GroupId;
let childId: PersonId;
beforeAll(async () => {
  db = await startDynamoDb();
  await openHouse();
});
afterAll(() => db.stop());
beforeEach(async () => {
  house.at('2026-11-23T11:00:00Z');
  groupId = await house.group();
  childId = await aChild();
});

async function openHouse(but: Parameters<typeof aKindergarten>[1] = {}) {
  house = await aKindergarten(db, but);
  house.at('2026-11-23T11:00:00Z');
  staff = await as('staff');
}

const refused = (slug: string) => ({ name: 'ProblemError', slug });
const aChild = (fields: Parameters<Kindergarten['person']>[0] = {}) =>
  house.person({ placements: [{ groupId, from: '2026-08-17' }], ...fields });
/** Many at once, a few transactions. */
async function children(count: number): Promise<PersonId[]> {
  const ids = Array.from({ length: count }, () => anId('per'));
  const { organisationId } = house;
  for (let begun = 0; begun < count; begun += 30) {
    const change = aCall(house.store).records.change();
    for (const id of ids.slice(begun, begun + 30)) {
      const child = { firstName: 'Åse', lastName: 'Ødegård', language: 'nb', protectedAddress: false } as const;
      const placements = [{ groupId, from: '2026-08-17' }];
      change
        .put(personRef(organisationId, id), { id, organisationId, kind: 'child', ...child, placements }, 'new')
        .point(peoplePointers.groupMember(organisationId, groupId, id));
    }
    await change.activity({ event: 'test.prepared', subject: organisationOwner(organisationId) }).commit();
  }
  return ids;
}
async function as(role: RoleName, wanted: Parameters<typeof someoneWith>[3] = {}) {
  const service = aService(house.store, childLogRoutes, childLogHandlers(childLogStore));
  return service.as(await someoneWith(house.store, house.organisationId, role, wanted));
}
const inHouse = () => ({ organisationId: house.organisationId });
const ofEntry = (entryId: LogEntryId, personId = childId, day = today) => ({ ...inHouse(), personId, day, entryId });
const write = (
  content: NewContent,
  personIds: PersonId[] = [childId],
  client = staff,
  visibleTo: 'guardians' | 'staff' = 'guardians',
) => client.addLogEntries({ params: inHouse(), body: { personIds, visibleTo, content } });
const written = async (...args: Parameters<typeof write>) => (await write(...args)).body.items[0]!;
const logFor = async (client: typeof staff, personId = childId, day = today) =>
  (await client.listLog({ params: { ...inHouse(), personId }, query: { from: day, to: day } })).body.items;

const note: NewContent = { kind: 'note', text: 'Bygget tårn.' };
const nap: NewContent = { kind: 'sleep' };
const medicine: NewContent = { kind: 'medicine', medicine: 'Paracet', dose: '5 ml' };
const lunch: NewContent = { kind: 'meal', meal: 'lunch', eaten: 'most' };

describe('the child log (KP-04)', () => {
  it('is written for several children at once, an entry for each, and a tap that is repeated counts once', async () => {
    const other = await aChild();
    const tap = {
      params: inHouse(),
      body: { personIds: [childId, other], visibleTo: 'guardians' as const, content: lunch },
      idempotencyKey: 'lunch-00000000001',
    };
    const { body, status } = await staff.addLogEntries(tap);
    expect(status).toBe(201);
    expect(body.items.map(({ personId }) => personId)).toEqual([childId, other]);
    expect(new Set(body.items.map(({ id }) => id)).size).toBe(2);
    expect((await staff.addLogEntries(tap)).body).toEqual(body);
    expect(await logFor(staff)).toHaveLength(1);
    expect(await logFor(staff, other)).toHaveLength(1);
  });

  it('is all or nothing: one child out of reach, and nothing is written about any', async () => {
    const group = { kind: 'group', id: groupId } as const;
    const mine = await as('staff', { scope: group });
    const elsewhere = await house.person({ placements: [{ groupId: await house.group(), from: '2026-08-17' }] });
    await expect(write(note, [childId, elsewhere], mine)).rejects.toMatchObject(refused('person-not-found'));
    expect(await logFor(staff)).toEqual([]);
    expect(await written(note, [childId], mine)).toMatchObject({ shownTo: 'organisation', version: 1 });
    await expect(logFor(mine, elsewhere)).rejects.toMatchObject(refused('person-not-found'));
  });

  it('is written by whoever has the child’s department, and by no other department', async () => {
    const departmentId = anId('dep');
    const owner = organisationOwner(house.organisationId);
    const group = { id: anId('grp'), name: 'Maurtua', state: 'open' as const, departmentId };
    const change = aCall(house.store).records.change();
    await change
      .put({ entity: groupEntity, owner, key: group.id }, group, 'new')
      .activity({ event: 'test.prepared', subject: owner })
      .commit();
    groupId = group.id;
    const theirs = await aChild();
    const inDepartment = (id: string) => as('leader', { scope: { kind: 'department', id } });
    expect((await write(note, [theirs], await inDepartment(departmentId))).status).toBe(201);
    const other = write(note, [theirs], await inDepartment(anId('dep')));
    await expect(other).rejects.toMatchObject(refused('person-not-found'));
  });

  it('takes as many children as a transaction holds, asleep all at once, and no more', async () => {
    const others = await children(17);
    expect((await write(nap, [childId, ...others])).body.items).toHaveLength(18);
    await expect(write(lunch, [childId, ...others, anId('per')])).rejects.toMatchObject(refused('malformed-request'));
  });

  it('is kept from a member of staff whom a block keeps from the child, whichever person they are', async () => {
    const [personId, parentId] = [await house.person({ kind: 'staff' }), await house.person({ kind: 'guardian' })];
    await house.block(childId, parentId);
    const kept = await as('staff', { personId, otherPersonIds: [parentId] });
    await expect(write(note, [childId], kept)).rejects.toMatchObject(refused('person-not-found'));
    await expect(logFor(kept)).rejects.toMatchObject(refused('person-not-found'));
    const group = await kept.getGroupLog({ params: { ...inHouse(), groupId }, query: {} });
    expect(group.body.items).toEqual([]);
  });

  it('shows guardians what is for them, without who of the staff did what; pick-up-only and blocked see nothing', async () => {
    await write(medicine);
    await write(note, [childId], staff, 'staff');
    const reader = async (rights: 'parental-responsibility' | 'information-only' | 'pick-up-only') =>
      as('guardian', { personId: await house.guardian(childId, { rights }) });
    for (const rights of ['parental-responsibility', 'information-only'] as const) {
      const [entry, ...none] = await logFor(await reader(rights));
      expect(none).toEqual([]);
      expect(entry).toEqual({
        shownTo: 'guardian',
        id: entry!.id,
        personId: childId,
        day: today,
        version: 1,
        content: { kind: 'medicine', at: '2026-11-23T11:00:00.000Z', medicine: 'Paracet', dose: '5 ml' },
        isConfirmed: false,
        isCorrected: false,
      });
    }
    await expect(logFor(await reader('pick-up-only'))).rejects.toMatchObject(refused('person-not-found'));
    const personId = await house.guardian(childId);
    await house.block(childId, personId);
    await expect(logFor(await as('guardian', { personId }))).rejects.toMatchObject(refused('person-not-found'));
    await expect(write(note, [childId], await reader('parental-responsibility'))).rejects.toMatchObject(
      refused('not-allowed'),
    );
  });

  it('records each reading before it leaves, and each writing with the entry (SM-05)', async () => {
    await write(note);
    await logFor(staff);
    const events = await house.activities(childId);
    expect(events.filter((event) => String(event).startsWith('child-log.'))).toEqual([
      'child-log.written',
      'child-log.seen',
    ]);
  });

  it('tells guardians of nothing that was written for staff alone, until it is for them', async () => {
    const told = async () => {
      const events = (await house.activities(childId)).map(String).filter((event) => event.includes('-log.'));
      return events.filter((event) => decidedAudienceOf(event) === 'guardians');
    };
    const { items } = (await write(note, [childId], staff, 'staff')).body;
    const params = { ...inHouse(), personId: childId, day: today, entryId: items[0]!.id };
    await staff.changeLogEntry({ params, body: { content: { ...note, text: 'Mer.' } }, ifMatch: 1 });
    expect(await told()).toEqual([]);
    expect((await house.activities(childId)).filter((event) => String(event).startsWith('staff-log.'))).toEqual([
      'staff-log.written',
      'staff-log.changed',
    ]);
    await staff.changeLogEntry({ params, body: { visibleTo: 'guardians' }, ifMatch: 2 });
    expect(await told()).toEqual(['child-log.changed']);
  });

  it('takes no card number and no identity number, and no time that cannot be', async () => {
    const text = 'Kortet er 4242 4242 4242 4242';
    await expect(write({ kind: 'note', text })).rejects.toMatchObject(refused('forbidden-content'));
    const ahead: NewContent = { ...note, at: '2026-11-23T12:00:00Z' };
    await expect(write(ahead)).rejects.toMatchObject(refused('wrong-state'));
    const { id } = await written(note);
    const body = { content: { kind: 'note' as const, text } };
    const change = staff.changeLogEntry({ params: ofEntry(id), body, ifMatch: 1 });
    await expect(change).rejects.toMatchObject(refused('forbidden-content'));
  });

  it('reads at most a month, first day first', async () => {
    const read = (from: string, to: string) =>
      staff.listLog({ params: { ...inHouse(), personId: childId }, query: { from, to } });
    await expect(read(today, '2026-11-22')).rejects.toMatchObject(refused('malformed-request'));
    await expect(read('2026-10-01', '2026-11-01')).rejects.toMatchObject(refused('malformed-request'));
    expect((await read('2026-10-02', '2026-11-01')).body.items).toEqual([]);
  });
});

describe('a sleep', () => {
  it('is open while the child sleeps, once at a time, and ends with a second tap', async () => {
    const asleep = await written(nap);
    await expect(write(nap)).rejects.toMatchObject(refused('already-asleep'));
    house.at('2026-11-23T11:20:00Z');
    const body = { content: { kind: 'sleep' as const, until: '2026-11-23T11:20:00Z' } };
    const awake = await staff.changeLogEntry({ params: ofEntry(asleep.id), body, ifMatch: 1 });
    expect(awake.body).toMatchObject({ content: { at: '2026-11-23T11:00:00.000Z' }, corrections: [], version: 2 });
    const again = await written(nap);
    const reopened = staff.changeLogEntry({
      params: ofEntry(asleep.id),
      body: { content: { kind: 'sleep' } },
      ifMatch: 2,
    });
    await expect(reopened).rejects.toMatchObject(refused('already-asleep'));
    await staff.removeLogEntry({ params: ofEntry(again.id), ifMatch: 1 });
    expect((await write(nap)).status).toBe(201);
  });

  it('that nobody ended does not keep the child awake the next day', async () => {
    await write(nap);
    house.at('2026-11-24T11:00:00Z');
    const tomorrows = await as('staff');
    expect((await write(nap, [childId], tomorrows)).status).toBe(201);
    await expect(write(nap, [childId], tomorrows)).rejects.toMatchObject(refused('already-asleep'));
  });
});

describe('an entry that is changed', () => {
  it('demands the version that was seen, and an entry that there is', async () => {
    const { id } = await written(note);
    const change = { body: { visibleTo: 'staff' as const } };
    const stale = staff.changeLogEntry({ params: ofEntry(id), ...change, ifMatch: 2 });
    await expect(stale).rejects.toMatchObject(refused('stale-version'));
    const nobody = anId('per');
    const nothing = ofEntry(anId('lge'));
    const asked = (params: typeof nothing) => [
      staff.changeLogEntry({ params, ...change, ifMatch: 1 }),
      staff.removeLogEntry({ params, ifMatch: 1 }),
      staff.confirmMedicine({ params, ifMatch: 1 }),
    ];
    for (const answer of await Promise.allSettled(asked(nothing))) {
      expect(answer).toMatchObject({ status: 'rejected', reason: refused('log-entry-not-found') });
    }
    const ofNobody = [
      ...asked(ofEntry(id, nobody)),
      logFor(staff, nobody),
      staff.getLogSummary({ params: { ...inHouse(), personId: nobody, day: today } }),
    ];
    for (const answer of await Promise.allSettled<unknown>(ofNobody)) {
      expect(answer).toMatchObject({ status: 'rejected', reason: refused('person-not-found') });
    }
  });

  it('by somebody else keeps what stood there, up to a number', async () => {
    const { id } = await written(note);
    const colleague = await as('staff');
    const change = (ifMatch: number) =>
      colleague.changeLogEntry({
        params: ofEntry(id),
        body: { content: { kind: 'note', text: `Utgave ${ifMatch}` } },
        ifMatch,
      });
    for (let version = 1; version <= 20; version++) await change(version);
    await expect(change(21)).rejects.toMatchObject(refused('too-many'));
    const [entry] = await logFor(staff);
    expect(entry).toMatchObject({ content: { text: 'Utgave 20' }, version: 21 });
    const guardian = await as('guardian', { personId: await house.guardian(childId) });
    expect(await logFor(guardian)).toMatchObject([{ content: { text: 'Utgave 20' }, isCorrected: true }]);
    const otherKind = staff.changeLogEntry({ params: ofEntry(id), body: { content: lunch }, ifMatch: 21 });
    await expect(otherKind).rejects.toMatchObject(refused('wrong-state'));
  });

  it('is gone for guardians when it is removed late, and for everybody when its author takes it back', async () => {
    const [late, soon] = [await written(note), await written(lunch)];
    await staff.removeLogEntry({ params: ofEntry(soon.id), ifMatch: 1 });
    house.at('2026-11-23T11:16:00Z');
    await staff.removeLogEntry({ params: ofEntry(late.id), ifMatch: 1 });
    expect(await logFor(staff)).toMatchObject([{ id: late.id, removed: { at: '2026-11-23T11:16:00.000Z' } }]);
    const guardian = await as('guardian', { personId: await house.guardian(childId) });
    expect(await logFor(guardian)).toEqual([]);
    const again = staff.removeLogEntry({ params: ofEntry(late.id), ifMatch: 2 });
    await expect(again).rejects.toMatchObject(refused('wrong-state'));
  });
});

describe('what is health (GDPR Art. 9, AT-12)', () => {
  const kindsOf = async (entity: typeof logEntryEntity | typeof healthEntryEntity, personId = childId) => {
    const { items } = await aCall(house.store).records.list(entity, ownerOf(house.organisationId, personId));
    return items.map(({ value }) => value.content.kind).sort();
  };
  const agree = async () => {
    const ref = specialCategoryAgreementRef(house.organisationId);
    const agreement = {
      interest: 'Barna i bedriftsbarnehagen.',
      condition: 'health-or-social-care' as const,
      agreedBy: anId('per'),
      agreedAt: '2026-11-01T08:00:00.000Z',
    };
    const change = aCall(house.store).records.change();
    await change.put(ref, agreement, 'new').activity({ event: 'test.prepared', subject: ref.owner }).commit();
  };
  const withdraw = async () => {
    const ref = specialCategoryAgreementRef(house.organisationId);
    const change = aCall(house.store).records.change().remove(ref, { version: 1 });
    await change.activity({ event: 'test.prepared', subject: ref.owner }).commit();
  };

  it('lies under a declaration of its own, and nothing else does', async () => {
    for (const content of [note, lunch, nap, { kind: 'nappy', nappy: 'wet' } as const]) await write(content);
    await write(medicine);
    await write({ kind: 'incident', text: 'Falt og fikk en kul.' });
    await write({ kind: 'health-note', text: 'Litt varm i dag.' });
    expect(await kindsOf(logEntryEntity)).toEqual(['meal', 'nappy', 'note', 'sleep']);
    expect(await kindsOf(healthEntryEntity)).toEqual(['health-note', 'incident', 'medicine']);
    expect([logEntryEntity.article9, healthEntryEntity.article9]).toEqual(['none', 'health-or-social-care']);
  });

  it('is refused where the profile holds none and the agreement does not name it', async () => {
    const [kindergarten, theirs] = [house, staff];
    await openHouse({ profile: 'workplace' });
    childId = await house.person();
    await expect(write(medicine)).rejects.toMatchObject(refused('special-categories-not-agreed'));
    expect(await kindsOf(healthEntryEntity)).toEqual([]);
    expect((await write(note)).status).toBe(201);
    await agree();
    const { id } = await written(medicine);
    await withdraw();
    const body = { content: { ...medicine, dose: '10 ml' } };
    const change = staff.changeLogEntry({ params: ofEntry(id), body, ifMatch: 1 });
    await expect(change).rejects.toMatchObject(refused('special-categories-not-agreed'));
    // What should not be there may always be taken away.
    await staff.removeLogEntry({ params: ofEntry(id), ifMatch: 1 });
    expect(await kindsOf(healthEntryEntity)).toEqual([]);
    [house, staff] = [kindergarten, theirs];
  });

  it('of two children is an entry for each, and names neither', async () => {
    const other = await aChild({ firstName: 'Emil', lastName: 'Olstad' });
    const both = (text: string) => write({ kind: 'incident', text }, [childId, other]);
    await expect(both('Emil og Åse krasjet.')).rejects.toMatchObject(refused('names-another-child'));
    expect([...(await kindsOf(healthEntryEntity)), ...(await kindsOf(healthEntryEntity, other))]).toEqual([]);
    const { items } = (await both('To barn krasjet på sykkel.')).body;
    expect(JSON.stringify(await logFor(staff))).not.toContain(other);
    expect(items.map(({ personId }) => personId)).toEqual([childId, other]);
  });

  it('of a medicine names who gave it, and a second member of staff may confirm it', async () => {
    const giver = await house.person({ kind: 'staff' });
    const stranger = await house.guardian(childId);
    const by = (givenBy: PersonId) => write({ ...medicine, givenBy });
    await expect(by(stranger)).rejects.toMatchObject(refused('person-not-found'));
    const { id, ...entry } = (await by(giver)).body.items[0]!;
    expect(entry).toMatchObject({ content: { givenBy: giver }, isHealth: true });
    const confirm = (client: typeof staff, ifMatch = 1) => client.confirmMedicine({ params: ofEntry(id), ifMatch });
    await expect(confirm(staff)).rejects.toMatchObject(refused('second-person-required'));
    const colleague = await as('staff');
    expect((await confirm(colleague)).body).toMatchObject({ confirmed: { at: '2026-11-23T11:00:00.000Z' } });
    await expect(confirm(await as('staff'), 2)).rejects.toMatchObject(refused('wrong-state'));
    const guardian = await as('guardian', { personId: stranger });
    expect(await logFor(guardian)).toMatchObject([{ isConfirmed: true }]);
  });
});

describe('a group on one page', () => {
  const page = (client = staff, query: { day?: string } = {}) =>
    client.getGroupLog({ params: { ...inHouse(), groupId }, query });

  it('tells who has slept and eaten, with no note and nothing of anybody’s health', async () => {
    const other = await aChild({ firstName: 'Emil', lastName: 'Olstad' });
    await write(nap, [other]);
    await write(lunch, [childId, other]);
    await write(medicine);
    await write(note);
    house.at('2026-11-23T11:20:00Z');
    const { items } = (await page()).body;
    expect(items).toEqual([
      {
        personId: other,
        firstName: 'Emil',
        lastName: 'Olstad',
        sleeps: 1,
        minutesAsleep: 20,
        asleepSince: '2026-11-23T11:00:00.000Z',
        meals: 1,
        lastMealAt: '2026-11-23T11:00:00.000Z',
        nappies: 0,
      },
      {
        personId: childId,
        firstName: 'Åse',
        lastName: 'Ødegård',
        sleeps: 0,
        minutesAsleep: 0,
        meals: 1,
        lastMealAt: '2026-11-23T11:00:00.000Z',
        nappies: 0,
      },
    ]);
    expect((await page(staff, { day: '2026-08-16' })).body.items).toEqual([]);
  });

  it('takes three round trips, however many children there are', async () => {
    await children(12);
    const call = house.as({ scope: { kind: 'organisation' } });
    const params = { ...inHouse(), groupId };
    const handlers = childLogHandlers(childLogStore);
    const input = { params, query: {}, body: undefined, ifMatch: undefined };
    expect((await handlers.getGroupLog(input, call)).items).toHaveLength(13);
    expect(call.records.roundTrips).toBe(3);
  });

  it('is of a group in reach, for staff alone, and leaves nobody out in silence', async () => {
    const elsewhere = await as('staff', { scope: { kind: 'group', id: await house.group() } });
    await expect(page(elsewhere)).rejects.toMatchObject(refused('group-not-found'));
    const guardian = await as('guardian', { personId: await house.guardian(childId) });
    await expect(page(guardian)).rejects.toMatchObject(refused('group-not-found'));
    await children(60);
    await expect(page()).rejects.toMatchObject(refused('too-many'));
  });
});

describe('the summary of a day', () => {
  const tick = () =>
    tickChildLog({ openCall: () => aCall(house.store), hasTimeLeft: () => true, log: (line) => lines.push(line) });
  const lines: unknown[] = [];
  beforeEach(async () => {
    lines.length = 0;
    await openHouse();
    childId = await aChild();
  });

  it('is in numbers, of what the caller may see', async () => {
    await write(lunch);
    await write(medicine, [childId], staff, 'staff');
    const params = { ...inHouse(), personId: childId, day: today };
    const guardian = await as('guardian', { personId: await house.guardian(childId) });
    expect((await guardian.getLogSummary({ params })).body).toMatchObject({ meals: 1, health: 0 });
    expect((await staff.getLogSummary({ params })).body).toMatchObject({ meals: 1, health: 1 });
  });

  it('is told each guardian once, at the time chosen, in numbers and without health', async () => {
    const [mother, father] = [await house.guardian(childId), await house.guardian(childId)];
    const picksUp = await house.guardian(childId, { rights: 'pick-up-only' });
    const blocked = await house.guardian(childId);
    await house.block(childId, blocked);
    await write(lunch);
    await write(medicine);
    await write(note);
    house.at('2026-11-23T15:29:00Z');
    expect(await tick()).toEqual({ organisations: 0, children: 0, failed: 0 });
    house.at('2026-11-23T15:30:00Z');
    expect(await tick()).toEqual({ organisations: 1, children: 1, failed: 0 });
    const parameters = {
      childId,
      sleeps: 0,
      meals: 1,
      nappies: 0,
      notes: 1,
      expiresAt: '2026-11-23T23:00:00.000Z',
    };
    for (const id of [mother, father]) {
      expect(await house.notices(id)).toEqual([{ template: 'daily-summary', parameters }]);
    }
    for (const id of [picksUp, blocked]) expect(await house.notices(id)).toEqual([]);
    await write(lunch, [childId], await as('staff'));
    expect(await tick()).toEqual({ organisations: 1, children: 0, failed: 0 });
    expect(await house.notices(mother)).toHaveLength(1);
  });

  it('is told by one of two runs at once', async () => {
    const mother = await house.guardian(childId);
    await write(lunch);
    house.at('2026-11-23T15:30:00Z');
    const ticked = await Promise.all([tick(), tick(), tick()]);
    expect(ticked.reduce((sum, { children }) => sum + children, 0)).toBe(1);
    expect(await house.notices(mother)).toHaveLength(1);
    expect(lines).toEqual([]);
  });

  it('is not told of a day that held nothing for guardians, nor of another day', async () => {
    const mother = await house.guardian(childId);
    await write(note, [childId], staff, 'staff');
    const { id } = await written(lunch);
    await staff.removeLogEntry({ params: ofEntry(id), ifMatch: 1 });
    await write({ ...lunch, at: '2026-11-22T11:00:00Z' });
    house.at('2026-11-23T15:30:00Z');
    expect(await tick()).toMatchObject({ children: 0, failed: 0 });
    expect(await house.notices(mother)).toEqual([]);
  });

  it('goes on with the other children when one cannot be told, and is tried again', async () => {
    const other = await aChild();
    const mother = await house.guardian(other);
    await write(lunch, [childId, other]);
    house.at('2026-11-23T15:30:00Z');
    const openCall = () => {
      const call = aCall(house.store);
      const { records } = call;
      const get: typeof records.get = async (ref) => {
        if (ref.owner.subject === childId && ref.entity.name === 'person') throw new Error('DynamoDB is away');
        return records.get(ref);
      };
      return { ...call, records: { ...records, get } };
    };
    const log = (line: object) => lines.push(line);
    expect(await tickChildLog({ openCall, hasTimeLeft: () => true, log })).toMatchObject({ children: 1, failed: 1 });
    expect(lines).toEqual([{ event: 'child-log-tick-failed', organisationId: house.organisationId, error: 'Error' }]);
    expect(await house.notices(mother)).toHaveLength(1);
    expect(await tick()).toMatchObject({ children: 1, failed: 0 });
  });

  it('comes when the organisation wants it, or not at all', async () => {
    const administrator = await as('administrator');
    const params = inHouse();
    expect((await administrator.getChildLogSettings({ params })).body).toEqual({ dailySummaryAt: '16:30', version: 1 });
    const put = (dailySummaryAt: string, ifMatch: number) =>
      administrator.putChildLogSettings({ params, body: { dailySummaryAt }, ifMatch });
    expect((await put('12:00', 1)).body).toEqual({ dailySummaryAt: '12:00', version: 2 });
    await expect(put('13:00', 1)).rejects.toMatchObject(refused('stale-version'));
    await write(lunch);
    house.at('2026-11-23T11:05:00Z');
    expect(await tick()).toMatchObject({ children: 1 });
    await put('off', 2);
    expect(await tick()).toMatchObject({ organisations: 0 });
    await expect(
      staff.putChildLogSettings({ params, body: { dailySummaryAt: 'off' }, ifMatch: 3 }),
    ).rejects.toMatchObject(refused('not-allowed'));
    expect(await house.activities(organisationOwner(house.organisationId).subject as never)).toContain(
      'child-log-settings.changed',
    );
  });
});
