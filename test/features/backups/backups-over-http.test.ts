import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { backupHandlers } from '../../../lambdas/features/backups/handlers.ts';
import { backupRoutes } from '../../../lambdas/features/backups/routes.ts';
import { backupRegister, backupsStore } from '../../../lambdas/features/backups/store.ts';
import { operatorItself } from '../../../lambdas/features/registers/operator-itself.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { anOrganisation, aService, someoneWith } from '../../support/service.ts';
import { aCall, aStore, type TestStore } from '../../support/store.ts';

let dynamoDb: TestDynamoDb;
let store: TestStore;
beforeAll(async () => {
  dynamoDb = await startDynamoDb();
  store = await aStore(dynamoDb.client, await dynamoDb.createTables(), ['operator']);
});
afterAll(() => dynamoDb.stop());

const backupOf = (day: string) => ({
  day,
  completedAt: `${day}T02:00:00.000Z`,
  items: 1_000,
  bytes: 50_000,
  lockedUntil: '2027-02-12T01:15:00.000Z',
});

describe('the list of backups', () => {
  it('FW-11, ALL-05: shows the newest first, with its lock, its end and the last drill', async () => {
    const { id: organisationId } = await anOrganisation(store);
    const params = { organisationId };
    const service = aService(store, backupRoutes, backupHandlers(backupsStore));
    const officer = await someoneWith(store, organisationId, 'privacy-officer');
    expect((await service.as(officer).listBackups({ params })).body).toEqual({ items: [] });

    const register = backupRegister(() => aCall(store));
    await register.note({ ...backupOf('2026-11-21'), offlineAt: '2026-11-21T03:45:00.000Z' }, 'copied');
    await register.note(backupOf('2026-11-22'), 'completed');
    for (const at of ['2026-10-02T04:00:00.000Z', '2026-11-02T04:00:00.000Z'])
      await aCall(store)
        .records.change()
        .point({
          table: 'core',
          pk: 'operator#DRILLS',
          sk: at,
          attributes: { outcome: 'passed', day: at.slice(0, 10) },
        })
        .activity({ event: 'test.prepared', subject: operatorItself })
        .commit();
    const administrator = await someoneWith(store, organisationId, 'administrator');
    const { body } = await service.as(administrator).listBackups({ params });
    // Nothing of how much there is: it is of all customers together.
    expect(body).toEqual({
      items: [
        {
          day: '2026-11-22',
          completedAt: '2026-11-22T02:00:00.000Z',
          lockedUntil: '2027-02-12T01:15:00.000Z',
          expiresOn: '2027-02-20',
        },
        {
          day: '2026-11-21',
          completedAt: '2026-11-21T02:00:00.000Z',
          offlineAt: '2026-11-21T03:45:00.000Z',
          lockedUntil: '2027-02-12T01:15:00.000Z',
          expiresOn: '2027-02-19',
        },
      ],
      lastDrill: { at: '2026-11-02T04:00:00.000Z', day: '2026-11-02', isPassed: true },
    });
  });

  it('is for those who answer for the organisation, and nobody else', async () => {
    const { id: organisationId } = await anOrganisation(store);
    const service = aService(store, backupRoutes, backupHandlers(backupsStore));
    const leader = await someoneWith(store, organisationId, 'leader');
    await expect(service.as(leader).listBackups({ params: { organisationId } })).rejects.toMatchObject({ status: 403 });
    const outsider = await someoneWith(store, (await anOrganisation(store)).id, 'administrator');
    await expect(service.as(outsider).listBackups({ params: { organisationId } })).rejects.toMatchObject({
      status: 404,
    });
  });
});
