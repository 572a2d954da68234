import { createHash } from 'node:crypto';
import { QueryCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { roleRef } from '../../../lambdas/features/access/role.ts';
import { agreementHandlers } from '../../../lambdas/features/organisations/agreement-handlers.ts';
import { agreementRoutes, documentRoutes } from '../../../lambdas/features/organisations/agreement-routes.ts';
import { agreementStore } from '../../../lambdas/features/organisations/agreement-store.ts';
import { documentHandlers } from '../../../lambdas/features/organisations/document-handlers.ts';
import { organisationHandlers } from '../../../lambdas/features/organisations/handlers.ts';
import { organisationRoutes } from '../../../lambdas/features/organisations/routes.ts';
import { organisationStore } from '../../../lambdas/features/organisations/store.ts';
import { structureHandlers } from '../../../lambdas/features/organisations/structure-handlers.ts';
import { structureRoutes } from '../../../lambdas/features/organisations/structure-routes.ts';
import { structureStore } from '../../../lambdas/features/organisations/structure-store.ts';
import { personHandlers } from '../../../lambdas/features/people/handlers.ts';
import { personRoutes } from '../../../lambdas/features/people/routes.ts';
import { personStore } from '../../../lambdas/features/people/store.ts';
import { platformHandlers } from '../../../lambdas/features/platform-staff/handlers.ts';
import { platformRoutes } from '../../../lambdas/features/platform-staff/routes.ts';
import { platformStore } from '../../../lambdas/features/platform-staff/store.ts';
import { platformRecoveryHandlers, recoveryHandlers } from '../../../lambdas/features/recovery/handlers.ts';
import { platformRecoveryRoutes, recoveryRoutes } from '../../../lambdas/features/recovery/routes.ts';
import { recoveryStore } from '../../../lambdas/features/recovery/store.ts';
import { accessGrantStore } from '../../../lambdas/features/roles/access-grants.ts';
import { roleHandlers } from '../../../lambdas/features/roles/handlers.ts';
import { roleRoutes } from '../../../lambdas/features/roles/routes.ts';
import { roleStore } from '../../../lambdas/features/roles/store.ts';
import type { OrganisationId, PersonId, RoleId } from '../../../lambdas/http/ids.ts';
import { openRecords } from '../../../lambdas/platform/open-records.ts';
import type { TestDynamoDb } from '../../support/dynoxide.ts';
import { aService } from '../../support/service.ts';
import { anId, aStore, type TestStore } from '../../support/store.ts';

const routes = {
  ...organisationRoutes,
  ...structureRoutes,
  ...agreementRoutes,
  ...documentRoutes,
  ...roleRoutes,
  ...recoveryRoutes,
  ...platformRoutes,
  ...platformRecoveryRoutes,
  ...personRoutes,
};

/** Cognito, as the outside world that it is: a subject for each address. */
export function aDirectory() {
  const subs = new Map<string, string>();
  return {
    subs,
    async invite(email: string) {
      const sub = subs.get(email) ?? crypto.randomUUID();
      subs.set(email, sub);
      return { sub };
    },
  };
}

/** Everything about organisations behind the real chain and gate, on tables of its own. */
export async function aWorld(dynamoDb: TestDynamoDb) {
  const store = await aStore(dynamoDb.client, await dynamoDb.createTables(), ['operator']);
  const directory = aDirectory();
  const service = aService(store, routes, {
    ...organisationHandlers(organisationStore),
    ...structureHandlers(structureStore),
    ...agreementHandlers(agreementStore),
    ...documentHandlers(agreementStore),
    ...roleHandlers(roleStore, accessGrantStore),
    ...recoveryHandlers(recoveryStore),
    ...platformHandlers(platformStore, roleStore, accessGrantStore, directory),
    ...platformRecoveryHandlers(recoveryStore),
    ...personHandlers(personStore),
  });
  const records = () => openRecords(store, { requestId: 'test', actor: 'test', newEventId: () => anId('evt') });
  return {
    store,
    directory,
    records,
    as: service.as,
    send: service.send,
    roleOf: async (controller: OrganisationId | 'operator', personId: PersonId, roleId: RoleId) =>
      (await records().get(roleRef(controller, personId, roleId)))?.value,
    written: () => written(dynamoDb, store),
    events: (controller: string, subject: string) => events(dynamoDb, store, `${controller}#${subject}`),
  };
}
export type World = Awaited<ReturnType<typeof aWorld>>;

/** All that a refused request must have left as it was; the sign-in log is written before any decision. */
async function written(dynamoDb: TestDynamoDb, { tableNames }: TestStore): Promise<string[]> {
  const rows = await Promise.all(
    (['core', 'rights', 'lookup', 'transient'] as const).map(async (table) => {
      const { Items = [] } = await dynamoDb.client.send(new ScanCommand({ TableName: tableNames[table] }));
      return Items.filter(({ sk }) => !/^(LAST-)?SIGN-IN/.test(sk?.S ?? '')).map(
        (row) => `${table} ${row['pk']?.S} ${row['sk']?.S} ${digestOf(row)}`,
      );
    }),
  );
  return rows.flat().sort();
}

const digestOf = (row: Record<string, unknown>) =>
  createHash('sha256')
    .update(JSON.stringify(inOrder(row)))
    .digest('hex')
    .slice(0, 12);

/** A map's attributes come in any order. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return entries.map(([name, one]) => [name, inOrder(one)]);
}

async function events(dynamoDb: TestDynamoDb, { tableNames }: TestStore, pk: string): Promise<string[]> {
  const { Items = [] } = await dynamoDb.client.send(
    new QueryCommand({
      TableName: tableNames.activity,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: pk } },
    }),
  );
  return Items.map(({ event }) => event?.S ?? '');
}
