import { BatchWriteItemCommand } from '@aws-sdk/client-dynamodb';
import type { RoleName } from '../../../lambdas/access/roles.ts';
import { customerRef } from '../../../lambdas/features/customers/customer.ts';
import { linkRoutes } from '../../../lambdas/features/links/routes.ts';
import { organisationOwner } from '../../../lambdas/features/organisations/organisation.ts';
import type { PersonRecord } from '../../../lambdas/features/people/person.ts';
import { qualificationHandlers } from '../../../lambdas/features/qualifications/handlers.ts';
import { qualificationRoutes } from '../../../lambdas/features/qualifications/routes.ts';
import { qualificationStore } from '../../../lambdas/features/qualifications/store.ts';
import { siteGateHandlers } from '../../../lambdas/features/sites/gate-handlers.ts';
import { siteHandlers } from '../../../lambdas/features/sites/handlers.ts';
import { inspectionHandlers, inspectionPage } from '../../../lambdas/features/sites/inspection.ts';
import { inspectionRoutes, siteGateRoutes, siteRoutes } from '../../../lambdas/features/sites/routes.ts';
import { inspectionStore, siteStore } from '../../../lambdas/features/sites/store.ts';
import { timeClockHandlers } from '../../../lambdas/features/time-clock/handlers.ts';
import { timeClockRoutes } from '../../../lambdas/features/time-clock/routes.ts';
import { timeClockStore } from '../../../lambdas/features/time-clock/store.ts';
import { timesheetHandlers } from '../../../lambdas/features/timesheets/handlers.ts';
import { timesheetRoutes } from '../../../lambdas/features/timesheets/routes.ts';
import { timesheetStore } from '../../../lambdas/features/timesheets/store.ts';
import { workingTimeHandlers } from '../../../lambdas/features/working-time/handlers.ts';
import { workingTimeRoutes } from '../../../lambdas/features/working-time/routes.ts';
import { workingTimeStore } from '../../../lambdas/features/working-time/store.ts';
import type { OrganisationId } from '../../../lambdas/http/ids.ts';
import type { TestDynamoDb } from '../../support/dynoxide.ts';
import { someLinkHandlers } from '../../support/links.ts';
import { anOrganisation, aPerson, aService, someoneWith } from '../../support/service.ts';
import { aCall, anId, aStore, type TestStore } from '../../support/store.ts';

const routes = {
  ...timeClockRoutes,
  ...timesheetRoutes,
  ...workingTimeRoutes,
  ...qualificationRoutes,
  ...siteRoutes,
  ...siteGateRoutes,
  ...inspectionRoutes,
  ...linkRoutes,
};

export const BUILDER = { name: 'Byggmester Berg AS', organisationNumber: '974760673' };

export type Workplace = ReturnType<typeof workplaceOf>;

/** An employer with the service of the workplace before it. */
export async function aWorkplace(db: TestDynamoDb) {
  const tables = await db.createTables();
  const store = await aStore(db.client, tables, ['operator']);
  const { id: organisationId } = await anOrganisation(store, { profile: 'workplace', name: BUILDER.name });
  return workplaceOf(db, store, organisationId, tables.core);
}

/** The same on a store that is there already. */
export function workplaceOf(db: TestDynamoDb, store: TestStore, organisationId: OrganisationId, coreTable = '') {
  const service = aService(store, routes, {
    ...timeClockHandlers(timeClockStore),
    ...timesheetHandlers(timesheetStore),
    ...workingTimeHandlers(workingTimeStore),
    ...qualificationHandlers(qualificationStore),
    ...siteHandlers(siteStore, 'https://vern.test'),
    ...siteGateHandlers(siteStore),
    ...inspectionHandlers(inspectionStore),
    ...someLinkHandlers({}, { 'inspect-site': inspectionPage(inspectionStore) }),
  });
  return {
    store,
    organisationId,
    service,
    anyone: service.as(),
    at: (instant: string) => {
      store.clock = new Date(instant);
    },
    as: async (role: RoleName, wanted: Parameters<typeof someoneWith>[3] = {}) =>
      service.as(await someoneWith(store, organisationId, role, wanted)),
    employee: (fields: Partial<PersonRecord> = {}) =>
      aPerson(store, organisationId, {
        kind: 'member',
        firstName: 'Ola',
        lastName: 'Lie',
        birthDate: '1990-05-17',
        ...fields,
      }),
    /** Rows of ids, as many as a limit needs. */
    async fill(pk: string, rows: number, sk: (i: number) => string) {
      const TableName = coreTable;
      for (let from = 0; from < rows; from += 25) {
        const Item = Array.from({ length: Math.min(25, rows - from) }, (_, i) => ({
          pk: { S: pk },
          sk: { S: sk(from + i) },
        }));
        const RequestItems = { [TableName]: Item.map((one) => ({ PutRequest: { Item: one } })) };
        await db.client.send(new BatchWriteItemCommand({ RequestItems }));
      }
    },
    async customer() {
      const id = anId('cus');
      await aCall(store)
        .records.change()
        .put(
          customerRef(organisationId, id),
          { id, name: 'Fjordbygg AS', sources: {}, since: store.now().toISOString() },
          'new',
        )
        .activity({ event: 'test.prepared', subject: organisationOwner(organisationId) })
        .commit();
      return id;
    },
  };
}
