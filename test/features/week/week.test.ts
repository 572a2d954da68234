import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { grantRole } from '../../../lambdas/features/access/grant-role.ts';
import { ownPersonsOf } from '../../../lambdas/features/access/own-persons.ts';
import type { RoleRecord } from '../../../lambdas/features/access/role.ts';
import { accountPointers } from '../../../lambdas/features/accounts/account.ts';
import { organisationOwner } from '../../../lambdas/features/organisations/organisation.ts';
import { weekHandlers } from '../../../lambdas/features/week/handlers.ts';
import { weekRoutes } from '../../../lambdas/features/week/routes.ts';
import { weekStore } from '../../../lambdas/features/week/store.ts';
import { Week } from '../../../lambdas/features/week/week.ts';
import type { Call } from '../../../lambdas/http/call.ts';
import type { AccountId, PersonId } from '../../../lambdas/http/ids.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aCall, anId } from '../../support/store.ts';
import { aKindergarten, type Kindergarten } from '../attendance/kindergarten.ts';

let db: TestDynamoDb;
let house: Kindergarten;
let accountId: AccountId;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());
beforeEach(async () => {
  accountId = anId('acc');
  house = await aKindergarten(db);
  house.at('2026-11-18T07:00:00Z');
});

/** The account is the person there, and holds the role. */
async function link(of: Kindergarten, personId: PersonId, role: Partial<RoleRecord> = {}, account = accountId) {
  const record: RoleRecord = {
    id: anId('rol'),
    personId,
    role: 'guardian',
    scope: { kind: 'person', id: personId },
    validFrom: '2026-01-01',
    state: 'active',
    ...role,
  };
  const change = aCall(of.store)
    .records.change()
    .point(accountPointers.person(account, of.organisationId, personId));
  await grantRole(change, of.organisationId, record, account)
    .activity({ event: 'test.prepared', subject: organisationOwner(of.organisationId) })
    .commit();
}
const callOf = async (account: AccountId): Promise<Call> => {
  const call = aCall(house.store);
  // As the chain does, in the wave of the account itself.
  const ownPersons = await ownPersonsOf(account, call.records);
  return { ...call, account: { ...call.account!, accountId: account }, ownPersons };
};
const week = async (from = '2026-W47', calling = callOf(accountId)) => {
  const call = await calling;
  return Week.parse(
    await weekHandlers(weekStore, 'https://vern.test').getMyWeek(
      { params: undefined, query: { from }, body: undefined, ifMatch: undefined },
      call,
    ),
  );
};
const childrenOf = async (...args: Parameters<typeof week>) =>
  (await week(...args)).entries.map(({ personId }) => personId);

describe('the week (FW-03)', () => {
  it('shows day by day what is expected, what was and who is absent', async () => {
    const childId = await house.person();
    const guardianId = await house.guardian(childId);
    await link(house, guardianId);
    await house.checkIn(childId);
    house.at('2026-11-18T15:00:00Z');
    await house.checkOut(childId);
    await house.expect(childId, '2026-11-19', '08:30');
    await house.absent(childId, '2026-11-20');

    const shown = await week();
    expect(shown).toMatchObject({ week: '2026-W47', from: '2026-11-16', to: '2026-11-22' });
    const [entry] = shown.entries;
    expect(entry).toMatchObject({ organisationName: 'Solbakken barnehage', relation: 'child', personId: childId });
    expect(entry?.days.map(({ day, state, timeZone }) => [day, state, timeZone])).toEqual([
      ['2026-11-16', 'unknown', 'Europe/Oslo'],
      ['2026-11-17', 'unknown', 'Europe/Oslo'],
      ['2026-11-18', 'out', 'Europe/Oslo'],
      ['2026-11-19', 'expected', 'Europe/Oslo'],
      ['2026-11-20', 'absent', 'Europe/Oslo'],
      ['2026-11-21', 'unknown', 'Europe/Oslo'],
      ['2026-11-22', 'unknown', 'Europe/Oslo'],
    ]);
    expect(entry?.days[2]?.stays).toEqual([
      { id: '1', checkedInAt: '2026-11-18T07:00:00.000Z', checkedOutAt: '2026-11-18T15:00:00.000Z' },
    ]);
    expect(entry?.days[3]?.expected).toEqual({ from: '08:30' });
    expect(entry?.days[4]?.absence).toEqual({ reason: 'other' });
  });

  it('shows a child of two organisations once in each, and never joins the two', async () => {
    const club = await aKindergarten(db, { name: 'Turngruppa', profile: 'family' }, house.store);
    const [here, there] = [await house.person(), await club.person()];
    await link(house, await house.guardian(here));
    await link(club, await club.guardian(there));
    await club.checkIn(there);
    const { entries } = await week();
    expect(entries.map(({ organisationName, personId }) => [organisationName, personId])).toEqual([
      ['Solbakken barnehage', here],
      ['Turngruppa', there],
    ]);
    expect(entries.map(({ days }) => days[2]?.state)).toEqual(['unknown', 'in']);
  });

  it('waits for three waves of reads, in however many organisations the children are', async () => {
    for (let i = 0; i < 5; i++) {
      const club = await aKindergarten(db, { profile: 'family' }, house.store);
      const guardianId = await club.guardian(await club.person());
      await club.guardian(await club.person(), {}, guardianId);
      await link(club, guardianId);
    }
    const call = await callOf(accountId);
    expect((await week('2026-W47', Promise.resolve(call))).entries).toHaveLength(10);
    // The account's persons and roles; their children in each organisation; all that is about them.
    expect(call.records.roundTrips).toBe(3);
  });

  it('shows a member their own days', async () => {
    const club = await aKindergarten(db, { profile: 'family' }, house.store);
    const memberId = await club.person({ kind: 'member' });
    await link(club, memberId, { role: 'member' });
    await club.checkIn(memberId);
    const { entries } = await week();
    expect(entries).toMatchObject([{ personId: memberId, relation: 'me' }]);
    expect(entries[0]?.days[2]).toMatchObject({ state: 'in' });
  });
});

describe('the week hides', () => {
  const aFamily = async (rights: Parameters<Kindergarten['guardian']>[1] = {}, role: Partial<RoleRecord> = {}) => {
    const childId = await house.person();
    const guardianId = await house.guardian(childId, rights);
    await link(house, guardianId, role);
    return { childId, guardianId };
  };

  it('nothing from a guardian with responsibility, or one who is informed', async () => {
    const { childId, guardianId } = await aFamily({ rights: 'information-only' });
    const sibling = await house.person({ firstName: 'Østein' });
    await house.guardian(sibling, {}, guardianId);
    // In Norwegian, Ø comes before Å.
    expect(await childrenOf()).toEqual([sibling, childId]);
  });

  it.each([
    ['who only picks up', { rights: 'pick-up-only' }],
    ['whose link has ended', { until: '2026-11-17' }],
    ['whose link has not begun', { from: '2026-11-19' }],
  ] as const)('the child from a guardian %s', async (_, terms) => {
    await aFamily(terms);
    expect(await childrenOf()).toEqual([]);
  });

  it('the child from a guardian whom a block keeps from it, and not its sibling', async () => {
    const { childId, guardianId } = await aFamily();
    const sibling = await house.person();
    await house.guardian(sibling, {}, guardianId);
    await house.block(childId, guardianId);
    expect(await childrenOf()).toEqual([sibling]);
  });

  it('the child from a guardian whom a block keeps from it as another person there, from either side', async () => {
    const { childId, guardianId } = await aFamily();
    const [sibling, other] = [await house.person({ kind: 'member' }), await house.person()];
    for (const id of [sibling, other]) await house.guardian(id, {}, guardianId);
    const employeeId = await house.person({ kind: 'member' });
    await link(house, employeeId, { role: 'staff', scope: { kind: 'organisation' } });
    await house.block(childId, employeeId);
    await house.block(employeeId, sibling);
    expect(await childrenOf()).toEqual([other]);
  });

  it.each([
    ['suspended', { state: 'suspended' }],
    ['ended', { state: 'ended' }],
    ['over', { validUntil: '2026-11-17' }],
    ['a role of staff', { role: 'staff', scope: { kind: 'organisation' } }],
  ] as const)('everything from an account whose role is %s (FW-07)', async (_, role) => {
    await aFamily({}, role);
    expect(await childrenOf()).toEqual([]);
  });

  it('the children of others, and everything from an account without a person', async () => {
    await aFamily();
    const stranger = anId('acc');
    await link(house, await house.person({ kind: 'guardian' }), {}, stranger);
    expect(await childrenOf('2026-W47', callOf(stranger))).toEqual([]);
    expect(await childrenOf('2026-W47', callOf(anId('acc')))).toEqual([]);
  });

  it('what a closed organisation held', async () => {
    const closed = await aKindergarten(db, { state: 'closed' }, house.store);
    await link(closed, await closed.guardian(await closed.person()));
    expect(await childrenOf()).toEqual([]);
  });
});

describe('the days of a week', () => {
  const ownZone = process.env['TZ'];
  afterEach(() => {
    if (ownZone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = ownZone;
  });

  it.each([
    ['Pacific/Auckland', -780],
    ['America/Los_Angeles', 480],
    ['UTC', 0],
  ])('are the organisation’s over the end of summer time, in a process of %s', async (zone, offsetMinutes) => {
    process.env['TZ'] = zone;
    // Node has taken the zone over: otherwise this test would prove nothing.
    expect(new Date('2026-11-18T00:00:00Z').getTimezoneOffset()).toBe(offsetMinutes);
    const childId = await house.person();
    await link(house, await house.guardian(childId));
    house.at('2026-10-25T22:30:00Z');
    await house.checkIn(childId);
    house.at('2026-10-25T23:30:00Z');
    await house.checkIn(childId);
    const autumn = (await week('2026-W43')).entries[0]?.days;
    expect(autumn?.map(({ day }) => day)).toEqual([19, 20, 21, 22, 23, 24, 25].map((day) => `2026-10-${day}`));
    // The day of 25 hours ends at 23:00 UTC; the second check-in is Monday's.
    expect(autumn?.at(-1)?.stays).toMatchObject([{ checkedOutAt: '2026-10-25T23:00:00.000Z', closedBySystem: true }]);
    expect((await week('2026-W44')).entries[0]?.days[0]).toMatchObject({ day: '2026-10-26', state: 'in' });

    house.at('2027-03-28T21:30:00Z');
    await house.checkIn(childId);
    house.at('2027-03-28T22:30:00Z');
    expect((await week('2027-W12')).entries[0]?.days.at(-1)).toMatchObject({
      day: '2027-03-28',
      stays: [{ checkedInAt: '2027-03-28T21:30:00.000Z', checkedOutAt: '2027-03-28T22:00:00.000Z' }],
    });
  });

  it('are asked for by a week that the year has', () => {
    const { query } = weekRoutes.getMyWeek;
    for (const from of ['2026-W47', '2026-W53']) expect(query.safeParse({ from }).success).toBe(true);
    for (const from of ['2026-W00', '2026-W54', '2027-W53', '2026-47', '2026-W4', '']) {
      expect(query.safeParse({ from }).success).toBe(false);
    }
  });
});
