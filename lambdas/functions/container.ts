import { KMSClient } from '@aws-sdk/client-kms';
import type { DynamoDBBatchResponse } from 'aws-lambda';
import { ulid } from 'ulid';
import { entryHash } from '../features/transparency/leaf.ts';
import type { Call } from '../http/call.ts';
import type { Id, IdPrefix } from '../http/ids.ts';
import { type ActivityChains, activityChains } from '../platform/activity-chain.ts';
import type { Opening } from '../platform/class-keys.ts';
import { type Counters, counters } from '../platform/counters.ts';
import { credentialsFromEnvironment } from '../platform/credentials.ts';
import { dynamo, dynamoClient } from '../platform/dynamo.ts';
import { activeTableNames, type Gate } from '../platform/gate.ts';
import { keyRing } from '../platform/key-ring.ts';
import { openRecords, type Store, tableNamesFrom } from '../platform/open-records.ts';
import type { Records } from '../platform/records.ts';
import { containerGate } from './container-gate.ts';

export interface ContainerStore extends Store {
  readonly gate: Gate;
  readonly counters: Counters;
}

/** What one container has: clients, keys in memory, the names of its tables in the active generation. */
export function containerStore(): ContainerStore {
  const client = dynamoClient();
  const gate = containerGate(dynamo(client));
  const tableNames = activeTableNames(tableNamesFrom(process.env), gate);
  const ring = keyRing({
    dynamo: client,
    kms: new KMSClient({ credentials: credentialsFromEnvironment }),
    keysTable: tableNames.keys,
    kmsKeyId: process.env['ORGANISATIONS_KEY_ID'],
    now: () => Date.now(),
  });
  return {
    dynamo: dynamo(client),
    ring,
    chains: chainsOf(gate),
    tableNames,
    counters: counters(client, tableNames),
    gate,
    now: () => new Date(),
  };
}

/** New chains in each generation: what the last one ends with may have been lost before it was in the log. */
function chainsOf(gate: Gate): ActivityChains {
  let [generation, chains] = [gate.generation, activityChains(entryHash)];
  return {
    take(now) {
      if (gate.generation !== generation) [generation, chains] = [gate.generation, activityChains(entryHash)];
      return chains.take(now);
    },
  };
}

/**
 * A worker does nothing while a restore is under way: what its schedule or a stream woke it for, its next sweep finds,
 * in the generation that is active then. What nothing would find again is refused, so that it is tried again.
 */
export const whileOpen =
  <E extends object, C, R>({ gate }: ContainerStore, work: (event: E, context: C) => Promise<R>) =>
  async (event: E, context: C): Promise<R | DynamoDBBatchResponse | undefined> => {
    if ((await gate.current()).isOpen) return work(event, context);
    console.log(JSON.stringify({ metric: 'service-closed' }));
    if ('Records' in event && !isFromQueue(event.Records)) return { batchItemFailures: [] };
    if ('detail-type' in event && event['detail-type'] === 'Scheduled Event') return undefined;
    throw new Error('The service is being restored');
  };

/** A queue forgets what it hears no failure of, and no sweep would find it again. */
const isFromQueue = (records: unknown): boolean =>
  Array.isArray(records) && (records[0] as { eventSource?: unknown } | undefined)?.eventSource === 'aws:sqs';

/** A restore waits for 16 minutes before it reads what was let in: whoever works while it waits is through by then. */
const DRAINING_MILLISECONDS = 10 * 60 * 1000;

/**
 * The same for the one worker that a closing gate needs: it brings the last records into the log, from which the restore
 * gives them back.
 */
export const whileOpenOrDraining =
  <E extends object, C, R>(store: ContainerStore, work: (event: E, context: C) => Promise<R>) =>
  async (event: E, context: C): Promise<R | DynamoDBBatchResponse | undefined> => {
    const { closedAt } = await store.gate.current();
    const isDraining = closedAt !== undefined && store.now().getTime() - Date.parse(closedAt) < DRAINING_MILLISECONDS;
    return isDraining ? work(event, context) : whileOpen(store, work)(event, context);
  };

export const newId = <P extends IdPrefix>(prefix: P) => `${prefix}_${ulid().toLowerCase()}` as Id<P>;

/** What a worker does in its own name: fresh records for each item, so that each sees the keys as they are then. */
export function systemRecords(store: Store, worker: string, requestId: string, opening?: Opening): Records {
  const author = { requestId, actor: `system:${worker}`, newEventId: () => newId('evt') };
  return openRecords(store, author, undefined, opening);
}

/** A worker's call: nobody is signed in; the activity record says which worker it was. Records are fresh each time. */
export function systemCall(store: Store, worker: string, requestId: string, opening?: Opening): Call {
  return {
    requestId,
    now: store.now(),
    language: 'nb',
    origin: { sourceIp: '', userAgent: '' },
    newId,
    records: systemRecords(store, worker, requestId, opening),
  };
}
