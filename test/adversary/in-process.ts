import { type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { DecryptCommand } from '@aws-sdk/client-kms';
import { entryHash } from '../../lambdas/features/transparency/leaf.ts';
import { activityChains } from '../../lambdas/platform/activity-chain.ts';
import { dynamo } from '../../lambdas/platform/dynamo.ts';
import type { ControllerId } from '../../lambdas/platform/entity.ts';
import { keyRing } from '../../lambdas/platform/key-ring.ts';
import { openRecords, type Store } from '../../lambdas/platform/open-records.ts';
import type { TableName } from '../../lambdas/platform/tables.ts';
import { anId, fakeKms } from '../support/store.ts';
import type { Unwrap } from './cryptanalysis.ts';
import { type EvidenceBook, rowExhibit, type Sink } from './evidence.ts';

export interface InProcessStore extends Store {
  /** Moved by assigning. */
  clock: Date;
  readonly unwrap: Unwrap;
  records(): ReturnType<typeof openRecords>;
  /** Every row of every table, as it is now. */
  photograph(book: EvidenceBook): Promise<void>;
}

/** The platform on tables of its own, and a KMS that its adversary may use as well. */
export async function anInProcessStore(
  client: DynamoDBClient,
  tableNames: Record<TableName, string>,
  controllers: readonly ControllerId[],
): Promise<InProcessStore> {
  const { kms } = fakeKms();
  const store: InProcessStore = {
    clock: new Date('2026-11-23T07:00:00Z'),
    now: () => store.clock,
    dynamo: dynamo(client),
    chains: activityChains(entryHash),
    tableNames,
    ring: keyRing({
      dynamo: client,
      kms,
      keysTable: tableNames.keys,
      kmsKeyId: 'key',
      now: () => store.clock.getTime(),
    }),
    async unwrap(CiphertextBlob, EncryptionContext) {
      try {
        const { Plaintext } = await kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext }));
        return Plaintext && Buffer.from(Plaintext);
      } catch {
        return undefined;
      }
    },
    records: () => openRecords(store, { requestId: 'req', actor: 'acc_test', newEventId: () => anId('evt') }),
    async photograph(book) {
      for (const [name, TableName] of Object.entries(tableNames)) {
        // Tables of a test are read in one page.
        const { Items = [] } = await client.send(new ScanCommand({ TableName, ConsistentRead: true }));
        for (const item of Items)
          book.add(rowExhibit(`${name as TableName} table` satisfies Sink, name, item), store.clock.getTime());
      }
    },
  };
  for (const controller of controllers) await store.ring.create(controller);
  return store;
}
