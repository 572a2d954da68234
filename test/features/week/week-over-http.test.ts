import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { accountRef } from '../../../lambdas/features/accounts/account.ts';
import { attendanceHandlers } from '../../../lambdas/features/attendance/handlers.ts';
import { attendanceRoutes } from '../../../lambdas/features/attendance/routes.ts';
import { attendanceStore } from '../../../lambdas/features/attendance/store.ts';
import { weekHandlers } from '../../../lambdas/features/week/handlers.ts';
import { weekRoutes } from '../../../lambdas/features/week/routes.ts';
import { weekStore } from '../../../lambdas/features/week/store.ts';
import type { AccountId, PersonId } from '../../../lambdas/http/ids.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aService, type SignedIn, someoneWith } from '../../support/service.ts';
import { aCall, anId, type TestStore } from '../../support/store.ts';
import { aKindergarten, type Kindergarten } from '../attendance/kindergarten.ts';
import { aClosure, aGroupOf, aMessageWaits, anEvent, countingWaves, linked, rules, twoHomes } from './family.ts';

let db: TestDynamoDb;
let house: Kindergarten;
let mother: SignedIn;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());
beforeEach(async () => {
  house = await aKindergarten(db);
  house.at('2026-11-18T07:00:00Z');
  const personId = await house.person({ kind: 'guardian', firstName: 'Kari' });
  mother = await someoneWith(house.store, house.organisationId, 'guardian', { personId });
});

const serviceOn = (store: TestStore) => aService(store, weekRoutes, weekHandlers(weekStore, 'https://vern.test'));
const api = () => serviceOn(house.store).as({ token: mother.token });
const week = async (from = '2026-W47') => (await api().getMyWeek({ query: { from } })).body;
const childOfMine = async (
  fields: Parameters<Kindergarten['person']>[0] = {},
  link = {},
  of = house,
): Promise<PersonId> => {
  const childId = await of.person(fields);
  await of.guardian(childId, link, mother.personId);
  return childId;
};
const dayOf = async (day: string) => (await week()).entries[0]?.days.find((one) => one.day === day);

/** Three children in each of four organisations, and everything that a week can hold. */
async function threeChildrenInFourOrganisations() {
  for (let i = 0; i < 4; i++) {
    const of = i === 0 ? house : await aKindergarten(db, { name: `Hus ${i}`, profile: 'family' }, house.store);
    const me = i === 0 ? mother.personId : await of.person({ kind: 'guardian' });
    if (i > 0) await linked(of, me, mother.accountId);
    const departmentId = anId('dep');
    const groupId = await aGroupOf(of, departmentId);
    for (const firstName of ['Emil', 'Nora', 'Åse']) {
      const childId = await of.person({ firstName, placements: [{ groupId, from: '2026-01-01' }] });
      await of.guardian(childId, {}, me);
      await twoHomes(of, childId, me, anId('per'));
      await anEvent(of, {
        when: { kind: 'all-day', from: '2026-11-20', until: '2026-11-20' },
        scope: { kind: 'person', id: childId },
      });
    }
    await anEvent(of, {
      when: { kind: 'timed', from: '2026-09-01T10:00', until: '2026-09-01T11:00' },
      rule: 'FREQ=WEEKLY',
      scope: { kind: 'department', id: departmentId },
    });
    await aClosure(of, { title: 'Planleggingsdag', kind: 'closed', from: '2026-11-19', until: '2026-11-19' });
    await aMessageWaits(of, me);
  }
}

describe('the week over HTTP', () => {
  it('waits for DynamoDB three times at most when it is warm, admission included', async () => {
    await threeChildrenInFourOrganisations();
    const { store, during } = countingWaves(house.store);
    const caller = serviceOn(store).as({ token: mother.token });
    await caller.getMyWeek({ query: { from: '2026-W47' } });
    const waves = await during(async () => {
      const { entries, organisations } = (await caller.getMyWeek({ query: { from: '2026-W47' } })).body;
      expect(entries).toHaveLength(12);
      expect(organisations.map(({ messagesWaiting }) => messagesWaiting)).toEqual([1, 1, 1, 1]);
      for (const { days } of entries) {
        expect(days.map(({ events }) => events.length)).toEqual([0, 1, 0, 0, 1, 0, 0]);
        expect(days[3]).toMatchObject({ opening: 'closed', closure: 'Planleggingsdag', home: 'with-me' });
      }
    });
    expect(waves).toBeLessThanOrEqual(3);
  });

  it('stands beside the group list, which waits three times to read and once to record the read', async () => {
    const departmentId = anId('dep');
    const groupId = await aGroupOf(house, departmentId);
    for (let i = 0; i < 20; i++) await house.person({ placements: [{ groupId, from: '2026-01-01' }] });
    const { store, during } = countingWaves(house.store);
    const leader = await someoneWith(house.store, house.organisationId, 'leader');
    const caller = aService(store, attendanceRoutes, attendanceHandlers(attendanceStore)).as(leader);
    const ask = () =>
      caller.getGroupList({ params: { organisationId: house.organisationId, groupId }, query: {} }).then(({ body }) => {
        expect(body.items).toHaveLength(20);
      });
    await ask();
    expect(await during(ask)).toBe(4);
  });

  it('is nothing without signing in, or after signing out everywhere', async () => {
    const stranger = serviceOn(house.store).as();
    await expect(stranger.getMyWeek({ query: { from: '2026-W47' } })).rejects.toMatchObject({ slug: 'not-signed-in' });
    await signOutEverywhere();
    await expect(week()).rejects.toMatchObject({ slug: 'not-signed-in' });
  });
});

describe('a day of the week holds', () => {
  it('the events of the child, its group, its department and the organisation, and no others', async () => {
    const [departmentId, otherDepartmentId] = [anId('dep'), anId('dep')];
    const groupId = await aGroupOf(house, departmentId);
    const otherGroupId = await aGroupOf(house, otherDepartmentId);
    const childId = await childOfMine({ placements: [{ groupId, from: '2026-01-01' }] });
    const when = { kind: 'all-day', from: '2026-11-18', until: '2026-11-18' } as const;
    const scopes = {
      Alle: { kind: 'organisation' },
      Avdelingen: { kind: 'department', id: departmentId },
      'Andre avdelinger': { kind: 'department', id: otherDepartmentId },
      Gruppen: { kind: 'group', id: groupId },
      'Andre grupper': { kind: 'group', id: otherGroupId },
      Barnet: { kind: 'person', id: childId },
      'Andre barn': { kind: 'person', id: await house.person() },
    } as const;
    for (const [title, scope] of Object.entries(scopes)) await anEvent(house, { title, scope, when });
    const titles = (await dayOf('2026-11-18'))?.events.map(({ title }) => title);
    expect(titles?.sort()).toEqual(['Alle', 'Avdelingen', 'Barnet', 'Gruppen']);
    expect((await dayOf('2026-11-17'))?.events).toEqual([]);
  });

  it('what to bring and when, over the end of summer time, until the child changes its group', async () => {
    const groupId = await aGroupOf(house, anId('dep'));
    await childOfMine({ placements: [{ groupId, from: '2026-01-01', until: '2026-10-26' }] });
    await anEvent(house, {
      title: 'Svømming',
      when: { kind: 'timed', from: '2026-10-18T09:00', until: '2026-10-18T10:30' },
      rule: 'FREQ=DAILY',
      bring: ['håndkle'],
      scope: { kind: 'group', id: groupId },
    });
    const autumn = (await week('2026-W43')).entries[0]?.days;
    expect(autumn?.at(-1)?.events).toMatchObject([
      {
        title: 'Svømming',
        from: '2026-10-25T09:00',
        until: '2026-10-25T10:30',
        timeZone: 'Europe/Oslo',
        bring: ['håndkle'],
      },
    ]);
    const after = (await week('2026-W44')).entries[0]?.days;
    expect(after?.map(({ events }) => events.length)).toEqual([1, 0, 0, 0, 0, 0, 0]);
  });

  it('whether the organisation is open, and until when something must be said', async () => {
    await rules(house, {
      openWeekdays: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'],
      closedOnPublicHolidays: true,
      dayCutOff: { daysBefore: 1, at: '12:00' },
    });
    await aClosure(house, {
      title: 'Høstdager',
      kind: 'must-answer',
      from: '2026-11-20',
      until: '2026-11-20',
      answerBefore: { day: '2026-11-18', at: '12:00' },
    });
    const childId = await childOfMine();
    await house.expect(childId, '2026-11-19', '08:30');
    const { entries } = await week();
    expect(entries[0]?.days.slice(2).map(({ opening, answerBefore }) => [opening, answerBefore])).toEqual([
      // Too late for today, said for Thursday, asked for Friday, and closed at the weekend.
      ['open', undefined],
      ['open', undefined],
      ['must-answer', '2026-11-18T11:00:00.000Z'],
      ['closed', undefined],
      ['closed', undefined],
    ]);
    expect(entries[0]?.days[4]).toMatchObject({ closure: 'Høstdager' });
    const christmas = await week('2026-W53');
    expect(christmas.publicHolidays).toEqual([{ day: '2027-01-01', names: ['Første nyttårsdag'] }]);
    expect(christmas.entries[0]?.days.map(({ day, opening }) => [day, opening])[4]).toEqual(['2027-01-01', 'closed']);
  });

  it('with whom a child of two homes is, for those who decide for it, and nobody’s id', async () => {
    const otherId = await house.person({ kind: 'guardian' });
    const childId = await childOfMine();
    await twoHomes(house, childId, mother.personId, otherId);
    expect((await week()).entries[0]?.days.map(({ home }) => home)).toEqual(Array(7).fill('with-me'));
    const other = await week('2026-W48');
    expect(other.entries[0]?.days.map(({ home }) => home)).toEqual(Array(7).fill('not-with-me'));
    expect(JSON.stringify(other)).not.toContain(otherId);
  });

  it('no home and no deadline for a guardian who is only informed', async () => {
    await rules(house, { dayCutOff: { daysBefore: 1, at: '12:00' } });
    const childId = await childOfMine({}, { rights: 'information-only' });
    await twoHomes(house, childId, mother.personId, anId('per'));
    const friday = await dayOf('2026-11-20');
    expect(friday).toMatchObject({ opening: 'open' });
    expect(friday).not.toHaveProperty('home');
    expect(friday).not.toHaveProperty('answerBefore');
  });
});

describe('messages that wait', () => {
  it('are counted in each organisation, without those about a child that a block keeps away', async () => {
    const [childId, kept] = [await childOfMine(), await childOfMine()];
    await house.block(kept, mother.personId);
    for (const about of [childId, kept, undefined]) await aMessageWaits(house, mother.personId, about);
    expect((await week()).organisations).toEqual([
      { organisationId: house.organisationId, organisationName: 'Solbakken barnehage', messagesWaiting: 2 },
    ]);
  });

  it('are nobody’s whose roles are over', async () => {
    const club = await aKindergarten(db, { profile: 'family' }, house.store);
    const personId = await club.person({ kind: 'guardian' });
    await linked(club, personId, mother.accountId, { state: 'suspended' });
    await aMessageWaits(club, personId);
    expect((await week()).organisations.map(({ organisationId }) => organisationId)).toEqual([house.organisationId]);
  });
});

describe('the page of a week', () => {
  const link = async () => new URL((await api().makeWeekLink({ body: { week: '2026-W47' } })).body.url);
  const open = (url: URL, method = 'GET') => serviceOn(house.store).send(url, { method });

  it('is read without signing in, and shows what the account would see', async () => {
    await childOfMine({ firstName: 'Åse', lastName: '<b>Ødegård</b>' });
    await childOfMine({ firstName: 'Hemmelig' }, { rights: 'pick-up-only' });
    const response = await open(await link());
    expect(response.status).toBe(200);
    const text = await response.text();
    expect(text).toMatch(/<html lang="nb">[\s\S]*<h1>Uke 47<\/h1>[\s\S]*Åse &lt;b&gt;Ødegård&lt;\/b&gt;/);
    expect(text).not.toMatch(/Hemmelig|<script|https?:\/\/(?!www\.datatilsynet\.no)/);
    expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; /);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('referrer-policy')).toBe('no-referrer');
  });

  it('opens three times, whatever only looks does not count, and each opening is recorded', async () => {
    const url = await link();
    for (let i = 0; i < 4; i++) expect((await open(url, 'HEAD')).status).toBe(200);
    const statuses = [];
    for (let i = 0; i < 4; i++) statuses.push((await open(url)).status);
    expect(statuses).toEqual([200, 200, 200, 404]);
    const rows = await house.rows('activity', `operator#${mother.accountId}`);
    expect(rows.filter(({ event }) => event === 'week-page.opened')).toHaveLength(3);
  });

  it('opens three times for those who come at once', async () => {
    const url = await link();
    const all = await Promise.all(Array.from({ length: 6 }, () => open(url)));
    expect(all.filter(({ status }) => status === 200)).toHaveLength(3);
    expect(all.filter(({ status }) => status === 404)).toHaveLength(3);
  });

  it('is a page that says so when the link is over', async () => {
    const url = await link();
    house.at('2026-11-18T07:03:00Z');
    const response = await open(url);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ title: 'This link does not work any more' });
  });

  it('is gone with the tokens of the account, and with the account', async () => {
    const url = await link();
    await signOutEverywhere();
    expect((await open(url)).status).toBe(404);
    house.at('2026-11-18T07:00:00Z');
    const other = await someoneWith(house.store, house.organisationId, 'guardian');
    const theirs = await serviceOn(house.store)
      .as({ token: other.token })
      .makeWeekLink({ body: { week: '2026-W47' } });
    await eraseAccount(other.accountId);
    expect((await open(new URL(theirs.body.url))).status).toBe(404);
  });

  it('keeps the secret of its address nowhere, and is no link of a letter', async () => {
    const url = await link();
    const token = url.pathname.split('/').at(-1)!;
    // 192 bits.
    expect(Buffer.from(token, 'base64url')).toHaveLength(24);
    const rows = await house.rows('transient', `operator#${mother.accountId}`);
    expect(rows.some(({ sk }) => String(sk).startsWith('LINK#'))).toBe(true);
    expect(JSON.stringify(rows)).not.toContain(token);
    const { findLink } = await import('../../../lambdas/features/links/link.ts');
    expect(await findLink(aCall(house.store).records, token)).toBeUndefined();
  });
});

async function signOutEverywhere() {
  const { records, now } = aCall(house.store);
  const account = (await records.get(accountRef(mother.accountId)))!;
  const notBeforeEpochSeconds = now.getTime() / 1000 + 1;
  await records
    .change()
    .put(account.ref, { ...account.value, notBeforeEpochSeconds }, { version: account.version })
    .activity({ event: 'account.signed-out-everywhere', subject: account.ref.owner })
    .commit();
}

async function eraseAccount(accountId: AccountId) {
  const { owner } = accountRef(accountId);
  await aCall(house.store)
    .records.change()
    .keys({ do: 'erase', owner, retentionClass: 'account' })
    .activity({ event: 'test.prepared', subject: owner })
    .commit();
}
