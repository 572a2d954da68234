import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RoleName } from '../../../lambdas/access/roles.ts';
import { roleEntity } from '../../../lambdas/features/access/role.ts';
import { sweepAlarms } from '../../../lambdas/features/alarms/clock.ts';
import { configurationRef } from '../../../lambdas/features/alarms/configuration.ts';
import { alarmHandlers } from '../../../lambdas/features/alarms/handlers.ts';
import { alarmLinkPage } from '../../../lambdas/features/alarms/link-page.ts';
import { alarmRoutes } from '../../../lambdas/features/alarms/routes.ts';
import { alarmStore } from '../../../lambdas/features/alarms/store.ts';
import { linkRoutes } from '../../../lambdas/features/links/routes.ts';
import { ownerOf } from '../../../lambdas/features/people/person.ts';
import type { AlarmId, DepartmentId, GroupId, PersonId } from '../../../lambdas/http/ids.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { someLinkHandlers } from '../../support/links.ts';
import { aService, someoneWith } from '../../support/service.ts';
import { aCall, anId } from '../../support/store.ts';
import { aWorld, isAllowedToStay, type World } from '../erasure/world.ts';
import { anAlarmClock, aSafetyHome, occasion, type SafetyHome } from './safety-home.ts';

const routes = { ...alarmRoutes, ...linkRoutes };
let db: TestDynamoDb;
let world: World;
let home: SafetyHome;
let service: ReturnType<typeof aService<typeof routes>>;
let departmentId: DepartmentId;
let groupId: GroupId;
let recipientId: PersonId;
let carer: PersonId;
beforeAll(async () => {
  db = await startDynamoDb();
  world = await aWorld(db);
  service = aService(world.store, routes, {
    ...alarmHandlers(alarmStore),
    ...someLinkHandlers({}, { 'acknowledge-alarm': alarmLinkPage }),
  });
});
afterAll(() => db.stop());
beforeEach(async () => {
  world.store.clock = new Date('2026-11-23T02:00:00Z');
  home = await aSafetyHome(world.store);
  departmentId = await home.department();
  groupId = await home.group(departmentId);
  recipientId = await home.recipient(groupId);
  carer = await home.carer();
  await home.receives(carer, recipientId);
});

const refused = (slug: string) => ({ name: 'ProblemError', slug });
const as = async (role: RoleName, wanted: Parameters<typeof someoneWith>[3] = {}) =>
  service.as(await someoneWith(world.store, home.organisationId, role, wanted));
const inHouse = () => ({ organisationId: home.organisationId });
const ofPerson = (personId: PersonId = recipientId) => ({ ...inHouse(), personId });
const ofAlarm = (alarmId: AlarmId, personId: PersonId = recipientId) => ({ ...ofPerson(personId), alarmId });
async function ringing(sourceId: string = anId('evt')): Promise<AlarmId> {
  const [alarmId] = await home.raise(recipientId, occasion(sourceId));
  await sweepAlarms(anAlarmClock(world.store));
  return alarmId!;
}
const take = { state: 'acknowledged' } as const;
const over = { state: 'resolved', outcome: 'helped' } as const;
/** The secret part of the link in the mail of an alarm that waits. */
async function linkOf(personId: PersonId): Promise<string> {
  for (const { content } of await home.notices(personId)) {
    if (content.template === 'alarm-waiting' && content.parameters.token !== undefined) return content.parameters.token;
  }
  throw new Error('No mail with a link');
}
const press = async (token: string, method: 'GET' | 'POST') => {
  const response = await service.send(`https://vern.test/l/${token}`, { method, headers: { 'accept-language': 'nb' } });
  return { status: response.status, text: await response.text() };
};

describe('the board', () => {
  it('SM-02: shows what is open in the caller’s part of the house, and nothing behind a block', async () => {
    const alarmId = await ringing();
    const here = await as('staff', { scope: { kind: 'department', id: departmentId } });
    const { items } = (await here.listOpenAlarms({ params: inHouse(), query: { limit: 25 } })).body;
    expect(items).toMatchObject([{ id: alarmId, personId: recipientId, state: 'notified', firstName: 'Åse' }]);
    const elsewhere = await as('staff', { scope: { kind: 'department', id: await home.department() } });
    expect((await elsewhere.listOpenAlarms({ params: inHouse(), query: { limit: 25 } })).body.items).toEqual([]);
    const kept = await home.carer();
    await home.block(kept, recipientId);
    const blocked = await as('staff', { personId: kept });
    expect((await blocked.listOpenAlarms({ params: inHouse(), query: { limit: 25 } })).body.items).toEqual([]);
    await expect(
      (await as('member', { personId: recipientId })).listOpenAlarms({ params: inHouse(), query: { limit: 25 } }),
    ).rejects.toMatchObject(refused('not-allowed'));
  });

  it('comes by pages', async () => {
    const staff = await as('staff');
    const ids = [await ringing(), (await home.raise(recipientId, occasion('b', { kind: 'fall' })))[0]];
    const first = (await staff.listOpenAlarms({ params: inHouse(), query: { limit: 1 } })).body;
    const second = (await staff.listOpenAlarms({ params: inHouse(), query: { limit: 1, cursor: first.next! } })).body;
    expect([...first.items, ...second.items].map(({ id }) => id).sort()).toEqual([...ids].sort());
  });
});

describe('an answer', () => {
  it('is one person’s: the others hear that it is taken, and whoever took it may say so again', async () => {
    const alarmId = await ringing();
    const [one, other] = [await as('staff', { personId: carer }), await as('staff')];
    const { body } = await one.answerAlarm({ params: ofAlarm(alarmId), body: take });
    expect(body).toMatchObject({ state: 'acknowledged', acknowledged: { by: carer } });
    expect((await one.answerAlarm({ params: ofAlarm(alarmId), body: take })).body.version).toBe(body.version);
    await expect(other.answerAlarm({ params: ofAlarm(alarmId), body: take })).rejects.toMatchObject(
      refused('alarm-taken'),
    );
    expect((await other.answerAlarm({ params: ofAlarm(alarmId), body: over })).body).toMatchObject({
      state: 'resolved',
    });
    await expect(one.answerAlarm({ params: ofAlarm(alarmId), body: take })).rejects.toMatchObject(
      refused('alarm-over'),
    );
    await expect(one.answerAlarm({ params: ofAlarm(anId('alm')), body: take })).rejects.toMatchObject(
      refused('alarm-not-found'),
    );
  });

  it('is a relative’s as a receiver alone, and nobody’s past a block', async () => {
    const alarmId = await ringing();
    const [receiver, related] = [await home.relative(recipientId), await home.relative(recipientId)];
    await home.receives(receiver, recipientId, { as: 'relative', place: 2 });
    const notOne = await as('guardian', { personId: related });
    for (const attempt of [
      () => notOne.answerAlarm({ params: ofAlarm(alarmId), body: take }),
      () => notOne.getAlarm({ params: ofAlarm(alarmId) }),
      () => notOne.listAlarms({ params: ofPerson(), query: { limit: 25 } }),
    ]) {
      await expect(attempt()).rejects.toMatchObject(refused('person-not-found'));
    }
    const relative = await as('guardian', { personId: receiver });
    expect((await relative.answerAlarm({ params: ofAlarm(alarmId), body: take })).body.state).toBe('acknowledged');
    await home.block(receiver, recipientId);
    await expect(relative.getAlarm({ params: ofAlarm(alarmId) })).rejects.toMatchObject(refused('person-not-found'));
  });

  it('SM-03: leaves a history of who did what, which names staff to staff alone', async () => {
    const alarmId = await ringing();
    await (await as('staff', { personId: carer })).answerAlarm({ params: ofAlarm(alarmId), body: take });
    const seen = (await (await as('leader')).getAlarm({ params: ofAlarm(alarmId) })).body;
    expect(seen.history.map(({ what, by, told }) => [what, by, told])).toEqual([
      ['raised', undefined, undefined],
      ['told', undefined, 1],
      ['acknowledged', carer, undefined],
    ]);
    expect(seen).toMatchObject({ configuration: { of: 'default' }, nextAt: '2026-11-23T03:00:00.000Z' });
    const own = (await (await as('member', { personId: recipientId })).getAlarm({ params: ofAlarm(alarmId) })).body;
    expect(JSON.stringify(own)).not.toContain(carer);
    await expect((await as('leader')).getAlarm({ params: ofAlarm(anId('alm')) })).rejects.toMatchObject(
      refused('alarm-not-found'),
    );
  });

  it('lists what is behind, newest first', async () => {
    const first = await ringing();
    const staff = await as('staff', { personId: carer });
    await staff.answerAlarm({ params: ofAlarm(first), body: over });
    home.at('2026-11-23T02:20:00Z');
    const second = await ringing();
    const { items, next } = (await staff.listAlarms({ params: ofPerson(), query: { limit: 1 } })).body;
    expect(items.map(({ id }) => id)).toEqual([second]);
    const behind = (await staff.listAlarms({ params: ofPerson(), query: { limit: 1, cursor: next! } })).body.items;
    expect(behind).toMatchObject([{ id: first, resolved: { outcome: 'helped' } }]);
  });
});

describe('the link of the letter', () => {
  it('takes the alarm when its button is pressed, changes nothing before, and says how it stands after', async () => {
    const other = await home.carer();
    await home.receives(other, recipientId, { place: 2 });
    const alarmId = await ringing();
    home.at('2026-11-23T02:03:00Z');
    await sweepAlarms(anAlarmClock(world.store));
    const [mine, theirs] = [await linkOf(carer), await linkOf(other)];
    expect((await press(mine, 'GET')).text).toContain('Jeg tar alarmen');
    expect(await home.alarms(recipientId)).toMatchObject([{ id: alarmId, state: 'notified' }]);
    expect((await press(mine, 'POST')).text).toContain('Du har tatt alarmen');
    expect((await press(mine, 'POST')).text).toContain('Du har tatt alarmen');
    for (const method of ['GET', 'POST'] as const) {
      const { text } = await press(theirs, method);
      expect(text).toContain('Noen andre har tatt alarmen');
      // It names nobody: neither whose alarm it is, nor who took it, nor the house.
      expect(text).not.toMatch(/Åse|Mona|Solbakken/);
    }
    expect(await home.alarms(recipientId)).toMatchObject([{ acknowledged: { by: carer, how: 'link' } }]);
  });

  it('is dead in the hands of whoever has left since', async () => {
    const alarmId = await ringing();
    const token = await linkOf(carer);
    const { items } = await aCall(world.store).records.list(roleEntity, ownerOf(home.organisationId, carer), {});
    for (const { ref, value, version } of items) {
      await home
        .change()
        .put(ref, { ...value, state: 'ended' }, { version })
        .commit();
    }
    expect((await press(token, 'POST')).status).toBe(404);
    expect(await home.alarms(recipientId)).toMatchObject([{ id: alarmId, state: 'notified' }]);
  });

  it('is dead past a block that has come since', async () => {
    const alarmId = await ringing();
    await home.block(carer, recipientId);
    expect((await press(await linkOf(carer), 'POST')).status).toBe(404);
    expect(await home.alarms(recipientId)).toMatchObject([{ id: alarmId, state: 'notified' }]);
  });
});

describe('the configuration', () => {
  const chain = (personIds: PersonId[] = []) => ({
    kinds: ['button' as const],
    steps: [
      personIds.length > 0
        ? { to: { kind: 'persons' as const, personIds }, channels: ['sms' as const], waitMinutes: 4 }
        : { to: { kind: 'all-receivers' as const }, channels: ['sms' as const], waitMinutes: 4 },
    ],
    repeatMinutes: 20,
  });

  it('tells nobody whom it names and who works there no more', async () => {
    const left = await home.person({ kind: 'staff', email: 'left@example.no' });
    const configuration = { chains: [chain([left, carer])] };
    await home
      .change()
      .put(configurationRef(home.organisationId, { of: 'organisation' }), configuration, 'new')
      .commit();
    await ringing();
    expect(await home.notices(left)).toEqual([]);
    expect(await home.notices(carer)).not.toEqual([]);
  });

  it('is set for each place by whoever runs it, over the version that was read', async () => {
    const administrator = await as('administrator');
    const params = inHouse();
    expect((await administrator.getAlarmConfiguration({ params })).body).toEqual({ chains: [], version: 1 });
    const body = { chains: [chain([carer])] };
    const put = await administrator.putAlarmConfiguration({ params, body, ifMatch: '"1"' });
    expect(put.body).toEqual({ ...body, version: 2 });
    expect((await administrator.getAlarmConfiguration({ params })).body).toEqual(put.body);
    await expect(administrator.putAlarmConfiguration({ params, body, ifMatch: '"1"' })).rejects.toMatchObject(
      refused('stale-version'),
    );
    const strangers = { chains: [chain([recipientId])] };
    await expect(
      administrator.putAlarmConfiguration({ params, body: strangers, ifMatch: '"2"' }),
    ).rejects.toMatchObject(refused('malformed-request'));
    const twice = { chains: [chain(), chain()] };
    await expect(administrator.putAlarmConfiguration({ params, body: twice, ifMatch: '"2"' })).rejects.toMatchObject(
      refused('malformed-request'),
    );
  });

  it('SM-02: of a department is its head’s; the house’s and other departments’ are not', async () => {
    const head = await as('leader', { scope: { kind: 'department', id: departmentId } });
    const params = { ...inHouse(), departmentId };
    const body = { chains: [chain()] };
    expect((await head.getDepartmentAlarmConfiguration({ params })).body.version).toBe(1);
    expect((await head.putDepartmentAlarmConfiguration({ params, body, ifMatch: '"1"' })).body.version).toBe(2);
    const other = { ...inHouse(), departmentId: await home.department() };
    await expect(head.getDepartmentAlarmConfiguration({ params: other })).rejects.toMatchObject(
      refused('department-not-found'),
    );
    await expect(head.putDepartmentAlarmConfiguration({ params: other, body, ifMatch: '"1"' })).rejects.toMatchObject(
      refused('department-not-found'),
    );
    const nowhere = { ...inHouse(), departmentId: anId('dep') };
    await expect((await as('leader')).getDepartmentAlarmConfiguration({ params: nowhere })).rejects.toMatchObject(
      refused('department-not-found'),
    );
    await expect(head.getAlarmConfiguration({ params: inHouse() })).rejects.toMatchObject(refused('not-allowed'));
  });

  it('of a person is theirs who run the place that the person is in', async () => {
    const head = await as('leader', { scope: { kind: 'department', id: departmentId } });
    const body = { chains: [chain()] };
    expect((await head.getPersonAlarmConfiguration({ params: ofPerson() })).body.version).toBe(1);
    await head.putPersonAlarmConfiguration({ params: ofPerson(), body, ifMatch: '"1"' });
    expect((await head.getPersonAlarmConfiguration({ params: ofPerson() })).body).toEqual({ ...body, version: 2 });
    const elsewhere = await home.recipient(await home.group());
    for (const attempt of [
      () => head.getPersonAlarmConfiguration({ params: ofPerson(elsewhere) }),
      () => head.putPersonAlarmConfiguration({ params: ofPerson(elsewhere), body, ifMatch: '"1"' }),
    ]) {
      await expect(attempt()).rejects.toMatchObject(refused('person-not-found'));
    }
  });
});

describe('the rights of whoever calls for help', () => {
  it('Art. 18(2): a restriction closes the history and no answer', async () => {
    const owner = ownerOf(home.organisationId, recipientId);
    await home.change().keys({ do: 'restrict', owner, retentionClass: 'person' }).commit();
    const alarmId = await ringing();
    const staff = await as('staff', { personId: carer });
    await expect(staff.listAlarms({ params: ofPerson(), query: { limit: 25 } })).rejects.toMatchObject(
      refused('person-not-found'),
    );
    expect((await staff.listOpenAlarms({ params: inHouse(), query: { limit: 25 } })).body.items).toHaveLength(1);
    expect((await home.notices(carer)).map(({ content }) => content.template)).toEqual(['alarm-waiting']);
    expect((await staff.answerAlarm({ params: ofAlarm(alarmId), body: take })).body.state).toBe('acknowledged');
  });

  it('an erasure takes the alarm, what leads to it and what was chosen for the person; the clock lets it go', async () => {
    await ringing();
    const personal = configurationRef(home.organisationId, { of: 'person', personId: recipientId });
    await home.change().put(personal, { chains: [] }, 'new').commit();
    const owner = ownerOf(home.organisationId, recipientId);
    await world.run(await world.order({ owner, cause: 'retention' }));
    expect(await home.onBoard()).toEqual([]);
    home.at('2026-11-23T02:03:00Z');
    // The other tests' alarms are due as well, and some have nobody left to tell.
    expect(await sweepAlarms(anAlarmClock(world.store, { log: () => {} }))).toMatchObject({ failed: 0 });
    expect(await home.due()).toEqual([]);
    expect((await world.naming(recipientId)).filter((row) => !isAllowedToStay(row))).toEqual([]);
    expect(await aCall(world.store).records.get(personal)).toBeUndefined();
  });
});
