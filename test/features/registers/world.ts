import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { breachHandlers } from '../../../lambdas/features/registers/breach-handlers.ts';
import { breachRoutes } from '../../../lambdas/features/registers/breach-routes.ts';
import { breachStore } from '../../../lambdas/features/registers/breach-store.ts';
import { disclosureHandlers } from '../../../lambdas/features/registers/disclosure-handlers.ts';
import { disclosureRoutes } from '../../../lambdas/features/registers/disclosure-routes.ts';
import { disclosureStore } from '../../../lambdas/features/registers/disclosure-store.ts';
import { overviewHandlers } from '../../../lambdas/features/registers/overview-handlers.ts';
import { overviewRoutes } from '../../../lambdas/features/registers/overview-routes.ts';
import { overviewStore } from '../../../lambdas/features/registers/overview-store.ts';
import { subProcessorHandlers } from '../../../lambdas/features/registers/sub-processor-handlers.ts';
import { subProcessors } from '../../../lambdas/features/registers/sub-processor-list.ts';
import { subProcessorRoutes } from '../../../lambdas/features/registers/sub-processor-routes.ts';
import { subProcessorStore } from '../../../lambdas/features/registers/sub-processor-store.ts';
import { openRecords } from '../../../lambdas/platform/open-records.ts';
import type { TestDynamoDb } from '../../support/dynoxide.ts';
import { aService } from '../../support/service.ts';
import { aCall, anId, aStore } from '../../support/store.ts';

const routes = { ...subProcessorRoutes, ...breachRoutes, ...disclosureRoutes, ...overviewRoutes };

/** The registers behind the real chain and gate, on tables of their own. */
export async function aWorld(dynamoDb: TestDynamoDb) {
  const store = await aStore(dynamoDb.client, await dynamoDb.createTables(), ['operator']);
  const service = aService(store, routes, {
    ...subProcessorHandlers(subProcessorStore, subProcessors),
    ...breachHandlers(breachStore),
    ...disclosureHandlers(disclosureStore),
    ...overviewHandlers(overviewStore, { first: subProcessors, changes: subProcessorStore.changes }),
  });
  const logged: { event: string; about: string; error?: string }[] = [];
  return {
    store,
    ...service,
    records: () => openRecords(store, { requestId: 'test', actor: 'test', newEventId: () => anId('evt') }),
    /** What a worker is given, with all the time that it needs. */
    clock: {
      openCall: () => aCall(store),
      hasTimeLeft: () => true,
      log: (line: (typeof logged)[number]) => logged.push(line),
    },
    logged,
    /** Raw rows of a partition. */
    rows: async (table: 'core' | 'rights' | 'transient' | 'activity', pk: string) => {
      const { Items = [] } = await dynamoDb.client.send(
        new QueryCommand({
          TableName: store.tableNames[table],
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': { S: pk } },
        }),
      );
      return Items;
    },
  };
}
export type World = Awaited<ReturnType<typeof aWorld>>;
