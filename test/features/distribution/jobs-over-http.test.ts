import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RoleName } from '../../../lambdas/access/roles.ts';
import { distributionHandlers } from '../../../lambdas/features/distribution/handlers.ts';
import { distributionRoutes } from '../../../lambdas/features/distribution/routes.ts';
import { distributionStore } from '../../../lambdas/features/distribution/store.ts';
import { noticeEntity } from '../../../lambdas/features/notices/notice.ts';
import { blockEntity, ownerOf } from '../../../lambdas/features/people/person.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aPerson, aService, someoneWith } from '../../support/service.ts';
import { anId } from '../../support/store.ts';
import { aDistribution, type Distribution } from './world.ts';

let db: TestDynamoDb;
let world: Distribution;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());
beforeEach(async () => {
  world = await aDistribution(db);
});

const words = { subject: 'Dugnad', text: 'Vi møtes klokken ti.' };
const draft = {
  kind: 'news',
  audience: { kind: 'organisation', readers: ['members'] },
  content: { nb: words, en: words },
} as const;
const aDraft = () => ({ ...draft, audience: { kind: 'organisation' as const, readers: ['members' as const] } });

const service = () =>
  aService(world.store, distributionRoutes, distributionHandlers(distributionStore, 'https://vern.test'));
async function as(role: RoleName, email?: string) {
  const { id: personId } = await aPerson(world.store, world.organisationId, {
    kind: 'staff',
    ...(email !== undefined && { email }),
  });
  return { personId, api: service().as(await someoneWith(world.store, world.organisationId, role, { personId })) };
}
const there = () => ({ organisationId: world.organisationId });
let keys = 0;
const key = () => ({ idempotencyKey: `distribution-key-${++keys}-000000` });
const refused = (slug: string) => ({ slug });

describe('a notice to many, over HTTP', () => {
  it('is drafted, changed, started and watched, by whoever runs the place', async () => {
    const { api } = await as('administrator');
    const { body: made } = await api.createDistributionJob({ params: there(), body: aDraft(), ...key() });
    expect(made).toMatchObject({ state: 'draft', version: 1, progress: { percentage: 0 } });
    const params = { ...there(), jobId: made.id };
    const other = { ...aDraft(), content: { nb: { ...words, subject: 'Stor dugnad' }, en: words } };
    await api.changeDistributionJob({ params, body: other, ifMatch: 1 });
    await expect(api.changeDistributionJob({ params, body: other, ifMatch: 1 })).rejects.toMatchObject(
      refused('stale-version'),
    );
    await world.member(0);
    await api.setDistributionState({ params, body: { state: 'running' } });
    await world.dispatch();
    await world.drain();
    world.later(11);
    await world.dispatch();
    const { body: done } = await api.getDistributionJob({ params });
    expect(done).toMatchObject({ state: 'done', progress: { sent: 1, percentage: 100 } });
    const { body: list } = await api.listDistributionJobs({ params: there(), query: {} });
    expect(list.items.map(({ id }) => id)).toEqual([made.id]);
    await expect(api.changeDistributionJob({ params, body: other, ifMatch: done.version })).rejects.toMatchObject(
      refused('distribution-state-refused'),
    );
    await expect(api.setDistributionState({ params, body: { state: 'paused' } })).rejects.toMatchObject(
      refused('distribution-state-refused'),
    );
  });

  it('is refused for readers that are not there, or that the kind is not for', async () => {
    const { api } = await as('administrator');
    const create = (body: Parameters<typeof api.createDistributionJob>[0]['body']) =>
      api.createDistributionJob({ params: there(), body, ...key() });
    const readers: 'members'[] = ['members'];
    await expect(create({ ...aDraft(), audience: { kind: 'group', id: anId('grp'), readers } })).rejects.toMatchObject(
      refused('group-not-found'),
    );
    await expect(
      create({ ...aDraft(), audience: { kind: 'department', id: anId('dep'), readers } }),
    ).rejects.toMatchObject(refused('department-not-found'));
    await expect(create({ ...aDraft(), kind: 'newsletter' })).rejects.toMatchObject(
      refused('distribution-audience-refused'),
    );
    const survey = { ...aDraft(), kind: 'survey' as const, surveyId: anId('svy') };
    await expect(create(survey)).rejects.toMatchObject(refused('survey-not-found'));
    const { body: made } = await create(aDraft());
    const change = (body: typeof survey | ReturnType<typeof aDraft> | object) =>
      api.changeDistributionJob({
        params: { ...there(), jobId: made.id },
        body: body as ReturnType<typeof aDraft>,
        ifMatch: 1,
      });
    await expect(change({ ...aDraft(), audience: { kind: 'group', id: anId('grp'), readers } })).rejects.toMatchObject(
      refused('group-not-found'),
    );
    await expect(
      change({ ...aDraft(), audience: { kind: 'department', id: anId('dep'), readers } }),
    ).rejects.toMatchObject(refused('department-not-found'));
    await expect(change({ ...aDraft(), kind: 'newsletter' })).rejects.toMatchObject(
      refused('distribution-audience-refused'),
    );
    await expect(change(survey)).rejects.toMatchObject(refused('survey-not-found'));
  });

  it('does not start an invitation to a survey that is closed', async () => {
    const { api } = await as('administrator');
    const jobId = await world.start({ kind: 'survey', surveyId: anId('svy'), state: 'paused' });
    await expect(
      api.setDistributionState({ params: { ...there(), jobId }, body: { state: 'running' } }),
    ).rejects.toMatchObject(refused('survey-not-found'));
  });

  it('holds no identity number', async () => {
    const { api } = await as('administrator');
    const content = { nb: { ...words, text: 'Fødselsnummer 13097248022' }, en: words };
    await expect(
      api.createDistributionJob({ params: there(), body: { ...aDraft(), content }, ...key() }),
    ).rejects.toMatchObject(refused('forbidden-content'));
    const { body: made } = await api.createDistributionJob({ params: there(), body: aDraft(), ...key() });
    const params = { ...there(), jobId: made.id };
    await expect(
      api.changeDistributionJob({ params, body: { ...aDraft(), content }, ifMatch: 1 }),
    ).rejects.toMatchObject(refused('forbidden-content'));
  });

  it('comes as a test to oneself alone', async () => {
    const { api, personId } = await as('administrator', 'styrer@example.no');
    const { body: made } = await api.createDistributionJob({ params: there(), body: aDraft(), ...key() });
    await api.sendDistributionTest({ params: { ...there(), jobId: made.id } });
    const { items } = await world.call().records.list(noticeEntity, ownerOf(world.organisationId, personId));
    expect(items.map(({ value }) => value.content.template)).toEqual(['job-test']);
    const { api: nobody } = await as('administrator');
    await expect(nobody.sendDistributionTest({ params: { ...there(), jobId: made.id } })).rejects.toMatchObject(
      refused('recipient-without-address'),
    );
  });

  it('names those whom it did not reach, with why', async () => {
    const { api } = await as('privacy-officer');
    const { id: without } = await world.member(0, { email: undefined });
    const { id: returned } = await world.member(1);
    await world.member(2);
    const jobId = await world.start();
    await world.dispatch();
    await world.drain();
    await world.report(
      [{ type: 'bounce', bounce: 'permanent' }],
      world.mails.filter(({ recipientAddress }) => recipientAddress === 'm1@example.no'),
    );
    const { body } = await api.listUnreached({ params: { ...there(), jobId }, query: {} });
    expect(new Set(body.items)).toEqual(
      new Set([
        { personId: without, reason: 'no-address' },
        { personId: returned, reason: 'returned' },
      ]),
    );
  });

  it('does not name whoever a block keeps from the reader', async () => {
    const { api, personId } = await as('administrator');
    const { id: hidden } = await world.member(0, { email: undefined });
    const { id: shown } = await world.member(1, { email: undefined });
    const owner = ownerOf(world.organisationId, personId);
    const block = { personId: hidden, basis: 'court-order', since: '2026-01-01' } as const;
    const change = world.call().records.change();
    change.put({ entity: blockEntity, owner, key: hidden }, block, 'new');
    await change.activity({ event: 'test.blocked', subject: owner }).commit();
    const jobId = await world.start();
    await world.dispatch();
    await world.drain();
    const { body } = await api.listUnreached({ params: { ...there(), jobId }, query: {} });
    expect(body.items).toEqual([{ personId: shown, reason: 'no-address' }]);
  });

  it('is none of another organisation’s, nor one that never was', async () => {
    const { api } = await as('administrator');
    const params = { ...there(), jobId: anId('job') };
    const asked = [
      api.getDistributionJob({ params }),
      api.changeDistributionJob({ params, body: aDraft(), ifMatch: 1 }),
      api.setDistributionState({ params, body: { state: 'running' } }),
      api.sendDistributionTest({ params }),
      api.listUnreached({ params, query: {} }),
      api.makeDistributionLink({ params }),
    ];
    const answers = await Promise.allSettled(asked);
    for (const answer of answers) expect(answer).toMatchObject({ reason: refused('distribution-job-not-found') });
  });

  it('shows how far it has come on a page without a script, and names nobody there', async () => {
    const { api } = await as('leader');
    const jobId = await world.start();
    const { body: link } = await api.makeDistributionLink({ params: { ...there(), jobId } });
    const page = await service().send(link.url, { method: 'GET' });
    expect(page.status).toBe(200);
    const html = await page.text();
    // No page that loads itself again: it would take the place from under whoever listens to it (WCAG 2.2.1).
    expect(html).not.toContain('http-equiv="refresh"');
    expect(html).toContain('<a href="">');
    expect(html).toContain('<progress id="done" max="100" value="0">');
    expect(html).not.toMatch(/<script|Solbakken|Dugnad/);
    world.later(31 * 60);
    expect((await service().send(link.url, { method: 'GET' })).status).toBe(404);
  });
});
