import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { erasurePointers, type Place, placeOf } from '../../../lambdas/features/erasure/erasure.ts';
import { collectRecords } from '../../../lambdas/features/exports/collect.ts';
import { noticeEntity } from '../../../lambdas/features/notices/notice.ts';
import {
  organisationOwner,
  organisationPointers,
  organisationRef,
} from '../../../lambdas/features/organisations/organisation.ts';
import { ownerOf } from '../../../lambdas/features/people/person.ts';
import { tickQualifications } from '../../../lambdas/features/qualifications/clock.ts';
import {
  QUALIFICATIONS_MAX,
  qualificationRef,
  reminderKey,
} from '../../../lambdas/features/qualifications/qualification.ts';
import { siteOwner, siteRef } from '../../../lambdas/features/sites/site.ts';
import { tickTimeClock } from '../../../lambdas/features/time-clock/clock.ts';
import { timesheetOwner, timesheetRef } from '../../../lambdas/features/timesheets/timesheet.ts';
import { tickWorkplaceEnds } from '../../../lambdas/features/workplace-clock/clock.ts';
import { WORKPLACE_DUE } from '../../../lambdas/features/workplace-clock/due.ts';
import { ErasureId, type PersonId } from '../../../lambdas/http/ids.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aCall, anId } from '../../support/store.ts';
import { aWorld, isAllowedToStay, type World } from '../erasure/world.ts';
import { BUILDER, type Workplace, workplaceOf } from './workplace.ts';

let db: TestDynamoDb;
let world: World;
let house: Workplace;
let ola: Awaited<ReturnType<Workplace['employee']>>;
let self: Awaited<ReturnType<Workplace['as']>>;
let leader: Awaited<ReturnType<Workplace['as']>>;
let leaderId: PersonId;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());
beforeEach(async () => {
  world = await aWorld(db);
  const { organisationId, store } = world;
  house = workplaceOf(db, store, organisationId);
  const organisation = (await records().get(organisationRef(organisationId)))!;
  await aCall(store)
    .records.change()
    .put(organisation.ref, { ...organisation.value, profile: 'workplace' }, { version: organisation.version })
    .point({ ...organisationPointers.all(organisationId), attributes: { timeZone: 'Europe/Oslo' } })
    .activity({ event: 'test.prepared', subject: organisationOwner(organisationId) })
    .commit();
  house.at('2026-11-16T06:00:00Z');
  ola = await house.employee();
  leaderId = (await house.employee({ kind: 'staff', firstName: 'Liv' })).id;
  self = await house.as('member', { personId: ola.id, scope: { kind: 'person', id: ola.id } });
  leader = await house.as('leader', { personId: leaderId });
});

const refused = (slug: string) => ({ name: 'ProblemError', slug });
const of = () => ({ organisationId: world.organisationId, personId: ola.id });
const records = () => aCall(world.store).records;
const clock = () => ({ openCall: () => aCall(world.store), hasTimeLeft: () => true, log: () => {} });
const noticesOf = async (personId: PersonId) => {
  const { items } = await records().list(noticeEntity, ownerOf(world.organisationId, personId));
  return items.map(({ value }) => value.content.template);
};
/** All that has been ordered and is not done, as the schedule finds it. */
async function runErasures(): Promise<void> {
  for await (const { sk, attributes } of world.eraser.rows.of('rights', erasurePointers.unfinished('').pk)) {
    const place = placeOf(ErasureId.parse(sk), attributes) as Place;
    await world.run(place);
  }
}

/** A day at work on a site, approved, and a certificate that expires. */
async function aWorkingLife() {
  await leader.correctHours({
    params: { ...of(), day: '2026-11-10' },
    body: { reason: 'forgotten', startedAt: '2026-11-10T07:00:00Z', endedAt: '2026-11-10T15:00:00Z' },
  });
  const params = { ...of(), period: '2026-W46' };
  const { version } = (await leader.getTimesheet({ params })).body;
  const { body: sheet } = await leader.setTimesheetState({ params, body: { state: 'approved' }, ifMatch: version });
  const works = {
    name: 'Nytt bad',
    address: 'Solbakken 3',
    client: 'Solbakken borettslag',
    employer: BUILDER,
    worksFrom: '2026-11-01',
    worksUntil: '2026-12-18',
    takesPosition: false,
  };
  const { body: site } = await leader.createSite({ params: of(), body: works });
  await self.checkInOnSite({ params: of(), body: { siteId: site.id, do: 'in' } });
  await self.addQualification({
    params: of(),
    body: { kind: 'certificate', title: 'Varme arbeider', expiresOn: '2027-01-10' },
  });
  await self.stampTimeClock({ params: of(), body: { stamp: 'in' } });
  return { site, timesheetId: sheet.timesheetId! };
}

describe('a working life', () => {
  it('stands in the copy, with what lies in the organisation’s own history', async () => {
    await aWorkingLife();
    const held = await collectRecords(records(), ownerOf(world.organisationId, ola.id), { kind: 'self' } as never);
    const names = held.map(({ entity }) => entity.name);
    for (const name of ['work-day', 'qualification', 'timesheet', 'site-entry']) expect(names).toContain(name);
  });

  it('is closed by a restriction (Art. 18), but for what the law has the organisation keep', async () => {
    const { timesheetId } = await aWorkingLife();
    const owner = ownerOf(world.organisationId, ola.id);
    const change = records().change();
    for (const retentionClass of ['person', 'attendance'] as const)
      change.keys({ do: 'restrict', owner, retentionClass });
    await change.activity({ event: 'test.restricted', subject: owner }).commit();
    const days = { params: of(), query: { from: '2026-11-10', to: '2026-11-10' } };
    await expect(leader.listWorkDays(days)).rejects.toMatchObject(refused('person-not-found'));
    await expect(leader.listQualifications({ params: of() })).rejects.toMatchObject(refused('person-not-found'));
    const { body } = await leader.listTimesheets({ params: { ...of(), period: '2026-W46' } });
    expect(body.items).toMatchObject([{ timesheetId, personId: ola.id }]);
  });

  it('CE-12: goes with the person, and leaves the organisation its time sheets and its site lists', async () => {
    const { site, timesheetId } = await aWorkingLife();
    const place = await world.order({ owner: ownerOf(world.organisationId, ola.id), cause: 'request' });
    await world.run(place);
    expect((await world.naming(ola.id)).filter((row) => !isAllowedToStay(row))).toEqual([]);

    const ofWeek = { params: { ...of(), period: '2026-W46' } };
    expect((await leader.listTimesheets(ofWeek)).body.items).toMatchObject([{ timesheetId, minutes: 480 }]);
    const { body: csv } = await leader.exportPayroll(ofWeek);
    expect(String(csv.content)).not.toContain('Lie');
    expect(String(csv.content)).toContain(`,480,0,0,,2026-11-16T06:00:00.000Z,${timesheetId},${ola.id}`);
    // The law wants the name on the list for as long as the list is kept.
    const query = { from: '2026-11-16', to: '2026-11-16' };
    const { body } = await leader.getSiteList({ params: { ...of(), siteId: site.id }, query });
    expect(body.items).toMatchObject([{ firstName: 'Ola', lastName: 'Lie' }]);
  });

  it('leaves nothing when the law’s terms are over: the site first, the time sheet years later', async () => {
    const { site, timesheetId } = await aWorkingLife();
    const { organisationId } = world;
    const due = async () => (await records().pointers('core', WORKPLACE_DUE)).items.map(({ sk }) => sk.split('#')[0]);
    expect(await due()).toEqual(['2027-06-18T22:00:00.000Z', '2030-06-30T22:00:00.000Z']);
    house.at('2027-06-18T21:59:00Z');
    expect(await tickWorkplaceEnds(clock())).toEqual({ ended: 0, failed: 0 });
    house.at('2027-06-18T22:00:00Z');
    expect(await tickWorkplaceEnds(clock())).toEqual({ ended: 1, failed: 0 });
    expect(await tickWorkplaceEnds(clock())).toEqual({ ended: 0, failed: 0 });
    await runErasures();
    expect(await records().get(siteRef(organisationId, site.id))).toBeUndefined();
    expect((await records().keyStates(siteOwner(organisationId, site.id))).get('site-list')).toBe('ERASED');
    expect(await records().get(timesheetRef(organisationId, timesheetId))).toBeDefined();
    house.at('2030-07-01T00:00:00Z');
    expect(await tickWorkplaceEnds(clock())).toEqual({ ended: 1, failed: 0 });
    await runErasures();
    expect((await records().keyStates(timesheetOwner(organisationId, timesheetId))).get('time-sheet')).toBe('ERASED');
    const left = (await world.rows('core')).filter(({ pk }) =>
      [site.id, timesheetId].some((id) => String(pk).endsWith(id)),
    );
    expect(left).toEqual([]);
    expect(await due()).toEqual([]);
  });
});

describe('papers', () => {
  it('are the employee’s to keep, and confirmed by somebody else alone', async () => {
    const paper = { kind: 'course' as const, title: 'Stillas over ni meter', expiresOn: '2027-05-01' };
    const { body: added } = await self.addQualification({ params: of(), body: paper });
    expect(added).not.toHaveProperty('confirmedBy');
    const params = { ...of(), qualificationId: added.id };
    const { body: seen } = await leader.changeQualification({ params, body: paper, ifMatch: added.version });
    expect(seen.confirmedBy).toBe(leaderId);
    const { body: changed } = await self.changeQualification({
      params,
      body: { ...paper, title: 'Stillas' },
      ifMatch: seen.version,
    });
    expect(changed).not.toHaveProperty('confirmedBy');
    await expect(self.changeQualification({ params, body: paper, ifMatch: 1 })).rejects.toMatchObject(
      refused('stale-version'),
    );
    await self.removeQualification({ params, ifMatch: changed.version });
    expect((await self.listQualifications({ params: of() })).body.items).toEqual([]);
    for (const changing of [
      () => self.changeQualification({ params, body: paper, ifMatch: 1 }),
      () => self.removeQualification({ params, ifMatch: 1 }),
    ]) {
      await expect(changing()).rejects.toMatchObject(refused('qualification-not-found'));
    }
    const { pk } = reminderKey(world.organisationId, '', ola.id, added.id);
    expect((await records().pointers('core', pk)).items).toEqual([]);
  });

  it('are refused where they hold what must not be stored, are too many, or are nobody’s', async () => {
    const paper = { kind: 'course' as const, title: 'Kurs' };
    const card = { ...paper, title: '4111 1111 1111 1111' };
    const { body: added } = await self.addQualification({ params: of(), body: paper });
    const params = { ...of(), qualificationId: added.id };
    await expect(self.addQualification({ params: of(), body: card })).rejects.toMatchObject(
      refused('forbidden-content'),
    );
    await expect(self.changeQualification({ params, body: card, ifMatch: 1 })).rejects.toMatchObject(
      refused('forbidden-content'),
    );
    const nobody = { ...of(), personId: anId('per') };
    const theirs = { ...nobody, qualificationId: added.id };
    for (const refusing of [
      () => leader.addQualification({ params: nobody, body: paper }),
      () => leader.listQualifications({ params: nobody }),
      () => leader.changeQualification({ params: theirs, body: paper, ifMatch: 1 }),
      () => leader.removeQualification({ params: theirs, ifMatch: 1 }),
    ]) {
      await expect(refusing()).rejects.toMatchObject(refused('person-not-found'));
    }
    for (let part = 0; part < 2; part++) {
      const change = records().change();
      for (let i = 0; i < QUALIFICATIONS_MAX / 2; i++) {
        const id = anId('qlf');
        change.put(qualificationRef(world.organisationId, ola.id, id), { ...paper, id }, 'new');
      }
      await change.activity({ event: 'test.prepared', subject: ownerOf(world.organisationId, ola.id) }).commit();
    }
    await expect(self.addQualification({ params: of(), body: paper })).rejects.toMatchObject(refused('too-many'));
  });

  it('are reminded of 60, 30 and 7 days before they expire, to the employee and whoever leads, once each', async () => {
    await self.addQualification({
      params: of(),
      body: { kind: 'licence', title: 'Truckførerbevis', expiresOn: '2027-02-14' },
    });
    const told: [string, number, number][] = [];
    for (const day of [
      '2026-12-15',
      '2026-12-16',
      '2026-12-16',
      '2027-01-15',
      '2027-02-07',
      '2027-02-14',
      '2027-02-15',
    ]) {
      house.at(`${day}T08:00:00Z`);
      await tickQualifications(clock());
      told.push([day, (await noticesOf(ola.id)).length, (await noticesOf(leaderId)).length]);
    }
    expect(told).toEqual([
      ['2026-12-15', 0, 0],
      ['2026-12-16', 1, 1],
      ['2026-12-16', 1, 1],
      ['2027-01-15', 2, 2],
      ['2027-02-07', 3, 3],
      ['2027-02-14', 3, 3],
      ['2027-02-15', 3, 3],
    ]);
    expect((await noticesOf(ola.id))[0]).toBe('own-certificate-expires');
    expect((await noticesOf(leaderId))[0]).toBe('certificate-expires');
  });
});

describe('a stamp that is missing', () => {
  it('is asked for once, after thirteen hours, and nothing is made up', async () => {
    await self.stampTimeClock({ params: of(), body: { stamp: 'in' } });
    house.at('2026-11-16T18:59:00Z');
    expect(await tickTimeClock(clock())).toEqual({ asked: 0, failed: 0 });
    house.at('2026-11-16T19:00:00Z');
    expect(await tickTimeClock(clock())).toEqual({ asked: 1, failed: 0 });
    expect(await tickTimeClock(clock())).toEqual({ asked: 0, failed: 0 });
    expect(await noticesOf(ola.id)).toEqual(['still-clocked-in']);
    const query = { from: '2026-11-16', to: '2026-11-16' };
    expect((await self.listWorkDays({ params: of(), query })).body.items).toMatchObject([
      { state: 'working', minutes: 0 },
    ]);
  });
});
