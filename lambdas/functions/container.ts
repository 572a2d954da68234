import { KMSClient } from '@aws-sdk/client-kms';
import { ulid } from 'ulid';
import type { Call } from '../http/call.ts';
import type { Id, IdPrefix } from '../http/ids.ts';
import type { Opening } from '../platform/class-keys.ts';
import { credentialsFromEnvironment } from '../platform/credentials.ts';
import { dynamo, dynamoClient } from '../platform/dynamo.ts';
import { keyRing } from '../platform/key-ring.ts';
import { openRecords, type Store, tableNamesFrom } from '../platform/open-records.ts';
import type { Records } from '../platform/records.ts';

/** What one container has: clients, keys in memory, the names of its tables. */
export function containerStore(): Store {
  const client = dynamoClient();
  const tableNames = tableNamesFrom(process.env);
  const ring = keyRing({
    dynamo: client,
    kms: new KMSClient({ credentials: credentialsFromEnvironment }),
    keysTable: tableNames.keys,
    kmsKeyId: process.env['ORGANISATIONS_KEY_ID'],
    now: () => Date.now(),
  });
  return { dynamo: dynamo(client), ring, tableNames, now: () => new Date() };
}

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
