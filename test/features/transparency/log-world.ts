import { generateKeyPairSync, sign } from 'node:crypto';
import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { expect } from 'vitest';
import { faultOf, type SignedCheckpoint } from '../../../lambdas/features/transparency/checkpoint.ts';
import { entryHash, entryOfRow } from '../../../lambdas/features/transparency/leaf.ts';
import { type TransparencyLog, transparencyLog } from '../../../lambdas/features/transparency/log.ts';
import { isIncluded, rootOf } from '../../../lambdas/features/transparency/merkle.ts';
import type { Sequencer } from '../../../lambdas/features/transparency/sequencer.ts';
import type { OrganisationId } from '../../../lambdas/http/ids.ts';
import { activityChains } from '../../../lambdas/platform/activity-chain.ts';
import { dynamo } from '../../../lambdas/platform/dynamo.ts';
import type { ControllerId, SubjectId } from '../../../lambdas/platform/entity.ts';
import { bucketFiles } from '../../../lambdas/platform/files.ts';
import { logTable } from '../../../lambdas/platform/log-table.ts';
import { openRecords } from '../../../lambdas/platform/open-records.ts';
import { putOnce } from '../../../lambdas/platform/put-once.ts';
import type { TestDynamoDb } from '../../support/dynoxide.ts';
import { anObjectStore, type TestObjectStore } from '../../support/object-store.ts';
import { anId, aStore, type TestStore } from '../../support/store.ts';

const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const signer: Sequencer['signer'] = {
  sign: async (bytes) => ({ keyId: 'key-1', signature: sign('sha256', bytes, keys.privateKey).toString('base64url') }),
};

/** What a sequencer sees of the outside world. */
export interface Outside {
  readonly client: Pick<DynamoDBClient, 'send'>;
  readonly s3: TestObjectStore['client'];
}

export interface LogWorld {
  readonly store: TestStore;
  readonly organisation: OrganisationId;
  readonly s3: TestObjectStore;
  readonly lines: Record<string, unknown>[];
  readonly log: TransparencyLog;
  /** Another container: chains of its own on the same tables. */
  container(): TestStore;
  sequencer(outside?: Partial<Outside>, change?: Partial<Sequencer>): Sequencer;
  files(bucket: 'log' | 'offline'): ReturnType<typeof bucketFiles>;
}

export async function aLogWorld(db: TestDynamoDb, tableNames?: TestStore['tableNames']): Promise<LogWorld> {
  const organisation = anId('org');
  const store = await aStore(db.client, tableNames ?? (await db.createTables()), [organisation]);
  const s3 = anObjectStore();
  const lines: Record<string, unknown>[] = [];
  return {
    store,
    organisation,
    s3,
    lines,
    log: transparencyLog(logTable(store), bucketFiles(s3.client, 'log')),
    container: () => ({ ...store, now: () => store.clock, chains: activityChains(entryHash) }),
    files: (bucket) => bucketFiles(s3.client, bucket),
    sequencer: (outside = {}, change = {}) => {
      const to = { client: db.client, s3: s3.client, ...outside };
      // No pause between tries: what conflicts is tried again at once.
      const own = { ...store, now: () => store.clock, dynamo: dynamo(to.client, async () => {}) };
      return {
        table: logTable({ ...own, chains: activityChains(entryHash) }),
        logFiles: { get: bucketFiles(to.s3, 'log').get, putOnce: putOnce(to.s3, 'log') },
        offlineFiles: { putOnce: putOnce(to.s3, 'offline') },
        signer,
        stage: 'test',
        batchLeavesMax: 256,
        requestId: anId('req'),
        newEventId: () => anId('evt'),
        now: () => store.clock,
        hasTimeLeft: () => true,
        log: (line) => lines.push(line),
        ...change,
      };
    },
  };
}

export const newEvent = async (store: TestStore, controller: ControllerId, subject: SubjectId = anId('per')) => {
  const id = anId('evt');
  await openRecords(store, { requestId: 'req', actor: anId('acc'), newEventId: () => id })
    .change()
    .activity({ event: 'person.seen', subject: { controller, subject } })
    .commit();
  return { pk: `${controller}#${subject}`, sk: id };
};

/** Every record of an organisation, of whatever month. */
export async function recordsOf({ store }: LogWorld, db: TestDynamoDb, controller: ControllerId) {
  const month = `${controller}#${store.clock.toISOString().slice(0, 7)}`;
  const { Items = [] } = await db.client.send(
    new QueryCommand({
      TableName: store.tableNames.activity,
      IndexName: 'byMonth',
      KeyConditionExpression: '#month = :month',
      ExpressionAttributeNames: { '#month': 'month' },
      ExpressionAttributeValues: { ':month': { S: month } },
    }),
  );
  return Items.map((item) => unmarshall(item));
}

/**
 * What must hold whenever all has come to rest: every record is in the log, once, at the leaf that it says; no leaf is
 * anything else; the checkpoint is signed, and proves each of them.
 */
export async function expectWhole(world: LogWorld, db: TestDynamoDb, controller: ControllerId = world.organisation) {
  const rows = await recordsOf(world, db, controller);
  const signed = (await world.log.checkpoint(controller)) as SignedCheckpoint;
  const { size, root } = signed.checkpoint;
  const leaves = await world.log.leaves(controller, 0, size);
  expect(rows.filter((row) => row['unsequenced'] !== undefined)).toEqual([]);
  expect(rows.map((row) => Number(row['leaf'])).sort((a, b) => a - b)).toEqual(leaves.map((_, i) => i));
  for (const row of rows) expect(entryHash(entryOfRow(row))).toEqual(leaves[Number(row['leaf'])]);
  expect(rootOf(leaves)).toEqual(root);
  expect(faultOf(signed, keys.publicKey)).toBeUndefined();
  const last = size - 1;
  const proof = await world.log.inclusionProof(controller, last, size);
  expect(isIncluded({ leaf: leaves[last]!, index: last, size, proof, root })).toBe(true);
  return { rows, size, signed };
}
