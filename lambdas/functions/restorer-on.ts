import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import { ulid } from 'ulid';
import type { CopyOfBackups, Restorer } from '../features/restore/restorer.ts';
import { entryHash } from '../features/transparency/leaf.ts';
import { activityChains } from '../platform/activity-chain.ts';
import { closeGate, generationOf, openGate } from '../platform/gate.ts';
import type { Store } from '../platform/open-records.ts';
import { serviceRows } from '../platform/service-rows.ts';
import { streamMappings } from '../platform/stream-mappings.ts';
import { type Target, tableGenerations, tableNamesAt } from '../platform/table-generations.ts';
import { systemCall } from './container.ts';

interface Composition {
  readonly requestId: string;
  /** With the names that the function was deployed with. */
  readonly store: Store;
  readonly dynamoDb: Pick<DynamoDBClient, 'send'>;
  readonly lambda: Pick<LambdaClient, 'send'>;
  /** Of the tables' encryption. */
  readonly encryptionKeyArn: string;
  readonly copies: Readonly<Record<'backup' | 'offline', CopyOfBackups>>;
  readonly logFiles: Restorer['logFiles'];
  readonly uploaded: Restorer['uploaded'];
  readonly replay: Restorer['replay'];
  readonly deadline: Date;
  readonly log: Restorer['log'];
}

/** The worker of restores on given clients, as one run of it has them. */
export function restorerOn(composition: Composition): Restorer {
  const { requestId, store, dynamoDb, lambda, encryptionKeyArn, ...rest } = composition;
  const names = store.tableNames;
  const gate = { client: dynamoDb, table: names.gate };
  const stores = new Map<Target, Store>();

  function storeOf(target: Target): Store {
    const known = stores.get(target);
    if (known) return known;
    const { dynamo, ring } = store;
    // Chains of its own: what hangs in one generation's log hangs in no other's.
    const chains = activityChains(entryHash);
    const made = { dynamo, ring, chains, tableNames: tableNamesAt(names, target), now: () => store.now() };
    stores.set(target, made);
    return made;
  }

  return {
    ...rest,
    requestId,
    rows: serviceRows({
      dynamo: store.dynamo,
      client: dynamoDb,
      table: names.gate,
      deployedGeneration: generationOf(names),
    }),
    tables: tableGenerations(dynamoDb, { names, encryptionKeyArn }),
    mappings: streamMappings(lambda),
    async closeGate(generation) {
      if (!(await closeGate(gate, generation, store.now()))) throw new Error('The gate is on another generation');
    },
    async openGate(generation, closedOn) {
      const opened = await openGate(gate, generation, closedOn, store.now());
      if (!opened) throw new Error('The gate was closed on another generation');
    },
    tableName: (table, target) => tableNamesAt(names, target)[table],
    storeOf,
    callOn: (target, throughRestriction = false) =>
      systemCall(storeOf(target), 'restore', requestId, { throughRestriction }),
    now: () => store.now(),
    newRestoreId: (kind) => `${kind === 'restore' ? 'rst' : 'drl'}_${ulid().toLowerCase()}`,
  };
}
