import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { accountOwner } from '../../../lambdas/features/accounts/account.ts';
import { noticeEntity } from '../../../lambdas/features/notices/notice.ts';
import { organisationPointers } from '../../../lambdas/features/organisations/organisation.ts';
import { ownerOf } from '../../../lambdas/features/people/person.ts';
import { tickRegisters } from '../../../lambdas/features/registers/tick.ts';
import type { OrganisationId } from '../../../lambdas/http/ids.ts';
import type { Owner } from '../../../lambdas/platform/entity.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { anOrganisation, aPerson, type SignedIn, someoneWith } from '../../support/service.ts';
import { aCall, anId } from '../../support/store.ts';
import { aWorld, type World } from './world.ts';

let dynamoDb: TestDynamoDb;
let world: World;
let operator: SignedIn;
beforeAll(async () => {
  dynamoDb = await startDynamoDb();
});
afterAll(() => dynamoDb.stop());
beforeEach(async () => {
  world = await aWorld(dynamoDb);
  operator = await someoneWith(world.store, 'operator', 'platform-operator');
});

/** An organisation that the clocks find, with a privacy officer who is a person there. */
async function aCustomer() {
  const { id: organisationId } = await anOrganisation(world.store);
  await aCall(world.store)
    .records.change()
    .point({ ...organisationPointers.all(organisationId), attributes: { timeZone: 'Europe/Oslo' } })
    .activity({ event: 'test.prepared', subject: { controller: organisationId, subject: organisationId } })
    .commit();
  const { id: personId } = await aPerson(world.store, organisationId, { kind: 'staff', email: 'vern@example.org' });
  const officer = await someoneWith(world.store, organisationId, 'privacy-officer', { personId });
  return { organisationId, params: { organisationId }, officer };
}
const noticesTo = async (to: Owner) =>
  (await world.records().list(noticeEntity, to)).items.map(({ value }) => value.content);
const tick = () => tickRegisters(world.clock);

const facts = { kinds: ['confidentiality'], whatHappened: 'En liste ble sendt til feil mottaker.' } as const;
const knownAt = '2026-11-23T06:00:00.000Z';
const incident = (
  affects: { organisations: 'every-organisation' } | { organisations: 'named-organisations'; ids: OrganisationId[] },
  concernsAccounts = false,
) =>
  world
    .as(operator)
    .recordIncident({ body: { knownAt, facts: { ...facts, kinds: [...facts.kinds] }, concernsAccounts, affects } });
const words = {
  nb: { whatHappened: 'Feil liste.', consequences: 'Lite.', measures: 'Slettet.', contact: 'Ring oss.' },
  en: { whatHappened: 'Wrong list.', consequences: 'Little.', measures: 'Deleted.', contact: 'Call us.' },
};

describe('a breach in an organisation', () => {
  const record = async (customer: Awaited<ReturnType<typeof aCustomer>>) =>
    (
      await world
        .as(customer.officer)
        .recordBreach({ params: customer.params, body: { knownAt, facts: { ...facts, kinds: [...facts.kinds] } } })
    ).body;

  it('is registered, grows by phases, is reported and closes its clock', async () => {
    const customer = await aCustomer();
    const api = world.as(customer.officer);
    const { id: breachId, reportDueAt } = await record(customer);
    expect(reportDueAt).toBe('2026-11-26T06:00:00.000Z');
    const params = { ...customer.params, breachId };
    await api.addBreachPhase({ params, body: { approximateSubjects: 12 } });
    expect(await world.rows('core', 'BREACH-DEADLINES')).toHaveLength(1);
    const sentAt = '2026-11-23T06:30:00.000Z';
    const reported = await api.reportBreach({ params, body: { decision: 'sent', sentAt, reference: 'AR123' } });
    expect(reported.body.reports).toMatchObject([{ at: sentAt, phase: 2, reference: 'AR123' }]);
    expect(await world.rows('core', 'BREACH-DEADLINES')).toEqual([]);
    const listed = (await api.listBreaches({ params: customer.params })).body.items;
    expect(listed).toMatchObject([{ id: breachId, version: 3, isReportOverdue: false }]);
    expect((await api.getBreach({ params })).body.phases).toHaveLength(2);
  });

  it('is overdue in the register and in the log once its 72 hours are over, and not before', async () => {
    const customer = await aCustomer();
    const { id: breachId } = await record(customer);
    world.store.clock = new Date('2026-11-26T05:59:59.999Z');
    expect(await tick()).toMatchObject({ overdueReports: 0 });
    world.store.clock = new Date('2026-11-26T06:00:00.001Z');
    expect(await tick()).toMatchObject({ overdueReports: 1 });
    expect(world.logged).toEqual([{ event: 'breach-report-overdue', about: `${customer.organisationId} ${breachId}` }]);
    const officer = await someoneWith(world.store, customer.organisationId, 'privacy-officer');
    const { body } = await world.as(officer).getBreach({ params: { ...customer.params, breachId } });
    expect(body.isReportOverdue).toBe(true);
  });

  it('is not waited for when the organisation has left and its register is gone', async () => {
    const customer = await aCustomer();
    await record(customer);
    const owner = { controller: customer.organisationId, subject: customer.organisationId };
    await world
      .records()
      .change()
      .keys({ do: 'erase', owner, retentionClass: 'organisation' })
      .activity({ event: 'test.prepared', subject: owner })
      .commit();
    world.store.clock = new Date('2026-11-26T06:00:00.001Z');
    expect(await tick()).toMatchObject({ overdueReports: 0, failed: 0 });
    expect(await world.rows('core', 'BREACH-DEADLINES')).toEqual([]);
  });

  it.each(['nb', 'en'])('has its report drafted as a page in %s', async (language) => {
    const customer = await aCustomer();
    const { id: breachId } = await record(customer);
    const page = await world.as(customer.officer).getBreachNotification({
      params: { ...customer.params, breachId },
      query: { language: language as 'nb' },
    });
    expect(page.body.content).toContain(`<html lang="${language}">`);
    expect(page.body.content).toContain('En liste ble sendt til feil mottaker.');
    expect(page.body.content).toContain('Solbakken barnehage');
  });

  it('is told to those affected, each once, in words of both languages (Art. 34)', async () => {
    const customer = await aCustomer();
    const { id: breachId } = await record(customer);
    const { id: affected } = await aPerson(world.store, customer.organisationId, { kind: 'guardian' });
    const params = { ...customer.params, breachId };
    const tell = () =>
      world.as(customer.officer).tellOfBreach({ params, body: { decision: 'tell', personIds: [affected], words } });
    expect((await tell()).body.personsTold).toBe(1);
    expect((await tell()).body.personsTold).toBe(1);
    expect(await noticesTo(ownerOf(customer.organisationId, affected))).toEqual([
      { template: 'breach-person', parameters: words },
    ]);
  });

  it('refuses what does not fit, and writes nothing then', async () => {
    const customer = await aCustomer();
    const api = world.as(customer.officer);
    const { id: breachId } = await record(customer);
    const params = { ...customer.params, breachId };
    const unknown = { ...customer.params, breachId: anId('brc') };
    const sentAt = '2026-11-23T06:30:00.000Z';
    const late = '2026-11-23T07:00:00.001Z';
    const sent = { decision: 'sent', sentAt } as const;
    const notTold = { decision: 'not-needed', reason: 'unintelligible' } as const;
    await expect(
      api.recordBreach({
        params: customer.params,
        body: { knownAt: late, facts: { ...facts, kinds: [...facts.kinds] } },
      }),
    ).rejects.toMatchObject({ slug: 'wrong-state' });
    for (const refused of [
      () => api.getBreach({ params: unknown }),
      () => api.addBreachPhase({ params: unknown, body: { approximateSubjects: 1 } }),
      () => api.getBreachNotification({ params: unknown }),
      () => api.reportBreach({ params: unknown, body: sent }),
      () => api.tellOfBreach({ params: unknown, body: notTold }),
    ])
      await expect(refused()).rejects.toMatchObject({ slug: 'breach-not-found' });
    await expect(api.reportBreach({ params, body: { ...sent, sentAt: late } })).rejects.toMatchObject({
      slug: 'wrong-state',
    });
    const nobody = { decision: 'tell', personIds: [anId('per')], words } as const;
    await expect(
      api.tellOfBreach({ params, body: { ...nobody, personIds: [...nobody.personIds] } }),
    ).rejects.toMatchObject({ slug: 'person-not-found' });
    expect((await api.getBreach({ params })).body).toMatchObject({ version: 1, reports: [], personsTold: 0 });
  });

  it('is not called needless to report once it was reported, nor needless to tell once somebody was told', async () => {
    const customer = await aCustomer();
    const api = world.as(customer.officer);
    const { id: breachId } = await record(customer);
    const params = { ...customer.params, breachId };
    const notReported = { decision: 'not-needed', reason: 'Ingen risiko.' } as const;
    const notTold = { decision: 'not-needed', reason: 'no-high-risk' } as const;
    expect((await api.reportBreach({ params, body: notReported })).body.notReported).toBeDefined();
    // Decided otherwise later: the report goes after all.
    const sent = await api.reportBreach({ params, body: { decision: 'sent', sentAt: '2026-11-23T06:30:00.000Z' } });
    expect(sent.body.notReported).toBeUndefined();
    await expect(api.reportBreach({ params, body: notReported })).rejects.toMatchObject({ slug: 'wrong-state' });
    expect((await api.tellOfBreach({ params, body: notTold })).body.personsNotTold?.reason).toBe('no-high-risk');
    const body = { decision: 'tell', personIds: [customer.officer.personId], words } as const;
    await api.tellOfBreach({ params, body: { ...body, personIds: [...body.personIds] } });
    await expect(api.tellOfBreach({ params, body: notTold })).rejects.toMatchObject({ slug: 'wrong-state' });
  });

  it('takes so many phases and no more', async () => {
    const customer = await aCustomer();
    const { id: breachId } = await record(customer);
    const params = { ...customer.params, breachId };
    for (let phase = 2; phase <= 40; phase++)
      await world.as(customer.officer).addBreachPhase({ params, body: { approximateSubjects: phase } });
    await expect(
      world.as(customer.officer).addBreachPhase({ params, body: { approximateSubjects: 41 } }),
    ).rejects.toMatchObject({ slug: 'wrong-state' });
  });
});

describe('a breach at the operator (ALL-08)', () => {
  it('stands in the register of every organisation affected, which is told with its facts and its own 72 hours', async () => {
    const [one, other, third] = [await aCustomer(), await aCustomer(), await aCustomer()];
    const { body } = await incident({
      organisations: 'named-organisations',
      ids: [one.organisationId, other.organisationId],
    });
    expect(body).toMatchObject({ tellDueAt: '2026-11-24T06:00:00.000Z', isToldToAll: false });
    world.store.clock = new Date('2026-11-23T07:10:00.000Z');
    expect(await tick()).toMatchObject({ toldOfBreaches: 2, failed: 0 });
    for (const { params, officer, organisationId } of [one, other]) {
      const [breach] = (await world.as(officer).listBreaches({ params })).body.items;
      expect(breach).toMatchObject({
        id: body.id,
        knownAt: '2026-11-23T07:10:00.000Z',
        reportDueAt: '2026-11-26T07:10:00.000Z',
        phases: [{ from: 'operator', facts }],
      });
      expect(await noticesTo(ownerOf(organisationId, officer.personId))).toMatchObject([
        { template: 'breach-told', parameters: { breachId: body.id, phase: 1, knownAt } },
      ]);
    }
    expect((await world.as(third.officer).listBreaches({ params: third.params })).body.items).toEqual([]);
    expect((await world.as(operator).listIncidents()).body.items).toMatchObject([
      { organisationsTold: 2, isToldToAll: true },
    ]);
    // Told once, however often the clock ticks.
    expect(await tick()).toMatchObject({ toldOfBreaches: 0, overdueTellings: 0 });
    expect(await noticesTo(ownerOf(one.organisationId, one.officer.personId))).toHaveLength(1);
  });

  it('goes on where a run stopped, and tells nobody twice', async () => {
    const customers = [await aCustomer(), await aCustomer(), await aCustomer()];
    const { body } = await incident({ organisations: 'every-organisation' });
    let looks = 0;
    const first = await tickRegisters({ ...world.clock, hasTimeLeft: () => ++looks < 6 });
    expect(first.toldOfBreaches).toBeGreaterThan(0);
    expect(first.toldOfBreaches).toBeLessThan(3);
    expect((await world.as(operator).listIncidents()).body.items[0]).toMatchObject({ isToldToAll: false });
    const second = await tick();
    expect(first.toldOfBreaches + second.toldOfBreaches).toBe(3);
    for (const { params, officer, organisationId } of customers) {
      expect((await world.as(officer).listBreaches({ params })).body.items).toMatchObject([{ id: body.id }]);
      expect(await noticesTo(ownerOf(organisationId, officer.personId))).toHaveLength(1);
    }
  });

  it('is told anew when more is known, and to those who turn out to be affected', async () => {
    const [one, late] = [await aCustomer(), await aCustomer()];
    const { body } = await incident({ organisations: 'named-organisations', ids: [one.organisationId] });
    await tick();
    world.store.clock = new Date('2026-11-23T07:15:00.000Z');
    await world.as(operator).addIncidentPhase({
      params: { breachId: body.id },
      body: { facts: { approximateSubjects: 900 }, alsoAffects: [late.organisationId] },
    });
    expect(await tick()).toMatchObject({ toldOfBreaches: 2 });
    for (const { params, officer } of [one, late]) {
      const [breach] = (await world.as(officer).listBreaches({ params })).body.items;
      expect(breach?.phases.map((phase) => phase.facts)).toEqual([facts, { approximateSubjects: 900 }]);
    }
    const phases = async ({ organisationId, officer }: typeof one) =>
      (await noticesTo(ownerOf(organisationId, officer.personId))).flatMap((content) =>
        content.template === 'breach-told' ? [content.parameters.phase] : [],
      );
    expect((await phases(one)).sort()).toEqual([1, 2]);
    expect(await phases(late)).toEqual([1]);
  });

  it('is flagged when an organisation has not been told within 24 hours', async () => {
    const { body } = await incident({ organisations: 'every-organisation' });
    world.store.clock = new Date('2026-11-24T06:00:00.001Z');
    // No time to tell anybody, only to look.
    let looks = 0;
    const ticked = await tickRegisters({ ...world.clock, hasTimeLeft: () => ++looks > 1 });
    expect(ticked).toMatchObject({ overdueTellings: 1 });
    expect(world.logged).toEqual([{ event: 'breach-tell-overdue', about: `operator ${body.id}` }]);
  });

  it('has a report of its own where it concerns accounts, and their holders are told', async () => {
    const { body } = await incident({ organisations: 'named-organisations', ids: [] }, true);
    const api = world.as(operator);
    const params = { breachId: body.id };
    const page = await api.getIncidentNotification({ params, query: { language: 'en' } });
    expect(page.body.content).toContain('Draft: report to Datatilsynet');
    world.store.clock = new Date('2026-11-23T07:20:00.000Z');
    const told = await api.tellAccountsOfIncident({
      params,
      body: { decision: 'tell', accountIds: [operator.accountId], words },
    });
    expect(told.body.personsTold).toBe(1);
    expect(await noticesTo(accountOwner(operator.accountId))).toMatchObject([{ template: 'breach-person' }]);
    await api.reportIncident({ params, body: { decision: 'sent', sentAt: '2026-11-23T07:15:00.000Z' } });
    expect(await world.rows('core', 'BREACH-DEADLINES')).toEqual([]);
  });

  it('refuses what does not fit', async () => {
    const api = world.as(operator);
    await expect(incident({ organisations: 'named-organisations', ids: [anId('org')] })).rejects.toMatchObject({
      slug: 'wrong-state',
    });
    await expect(incident({ organisations: 'named-organisations', ids: [] })).rejects.toMatchObject({
      slug: 'wrong-state',
    });
    const unknown = { breachId: anId('brc') };
    const sent = { decision: 'sent', sentAt: '2026-11-23T06:30:00.000Z' } as const;
    const notTold = { decision: 'not-needed', reason: 'risk-averted' } as const;
    for (const refused of [
      () => api.addIncidentPhase({ params: unknown, body: { facts: {} } }),
      () => api.getIncidentNotification({ params: unknown }),
      () => api.reportIncident({ params: unknown, body: sent }),
      () => api.tellAccountsOfIncident({ params: unknown, body: notTold }),
    ])
      await expect(refused()).rejects.toMatchObject({ slug: 'breach-not-found' });

    const params = { breachId: (await incident({ organisations: 'named-organisations', ids: [] }, true)).body.id };
    await expect(
      api.addIncidentPhase({ params, body: { facts: {}, alsoAffects: [anId('org')] } }),
    ).rejects.toMatchObject({ slug: 'wrong-state' });
    const nobody = { decision: 'tell', accountIds: [anId('acc')], words } as const;
    await expect(
      api.tellAccountsOfIncident({ params, body: { ...nobody, accountIds: [...nobody.accountIds] } }),
    ).rejects.toMatchObject({ slug: 'account-not-found' });
    expect((await api.tellAccountsOfIncident({ params, body: notTold })).body.personsNotTold?.reason).toBe(
      'risk-averted',
    );
    await api.tellAccountsOfIncident({
      params,
      body: { decision: 'tell', accountIds: [operator.accountId], words },
    });
    await expect(api.tellAccountsOfIncident({ params, body: notTold })).rejects.toMatchObject({ slug: 'wrong-state' });
    await api.reportIncident({ params, body: sent });
    await expect(
      api.reportIncident({ params, body: { decision: 'not-needed', reason: 'Ingen risiko.' } }),
    ).rejects.toMatchObject({ slug: 'wrong-state' });
  });
});

describe('a change of sub-processors', () => {
  it('is told to the deciders of every organisation, once', async () => {
    const customers = [await aCustomer(), await aCustomer()];
    await world.as(operator).announceSubProcessorChange({
      body: { kind: 'remove', subProcessorId: 'amazon-ses', effectiveOn: '2026-12-24' },
    });
    expect(await tick()).toMatchObject({ toldOfSubProcessors: 2, failed: 0 });
    expect(await tick()).toMatchObject({ toldOfSubProcessors: 0 });
    for (const { organisationId, officer } of customers) {
      expect(await noticesTo(ownerOf(organisationId, officer.personId))).toEqual([
        {
          template: 'sub-processor-change',
          parameters: { kind: 'remove', supplier: 'amazon-ses', effectiveOn: '2026-12-24', objectBefore: '2026-12-23' },
        },
      ]);
    }
    expect((await world.as(operator).listSubProcessorChanges()).body.items).toMatchObject([
      { told: 2, isToldToAll: true },
    ]);
  });
});
