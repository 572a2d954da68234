import { createSign, generateKeyPairSync } from 'node:crypto';
import { DeleteItemCommand, type DynamoDBClient, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { ulid } from 'ulid';
import { loggedEntry } from '../../lambdas/features/activity/entry.ts';
import { logBundle } from '../../lambdas/features/activity/log-bundle.ts';
import { entryHash } from '../../lambdas/features/transparency/leaf.ts';
import { transparencyLog } from '../../lambdas/features/transparency/log.ts';
import { type Sequencer, sequenceLogs } from '../../lambdas/features/transparency/sequencer.ts';
import type { OrganisationId } from '../../lambdas/http/ids.ts';
import { activityChains, monthPartition } from '../../lambdas/platform/activity-chain.ts';
import { dynamo } from '../../lambdas/platform/dynamo.ts';
import { logTable } from '../../lambdas/platform/log-table.ts';
import { openRecords, type Store } from '../../lambdas/platform/open-records.ts';
import type { TestDynamoDb } from '../support/dynoxide.ts';
import { anId, aStore } from '../support/store.ts';

export type Row = Readonly<Record<string, unknown>> & { readonly pk: string; readonly sk: string };

const BEGUN_AT = Date.parse('2026-03-02T07:00:00Z');
export const MONTH = '2026-03';
const RUN_MILLISECONDS = 10 * 60_000;
/** Leaves of one append, as in the service (functions/sequencer.ts). */
const BATCH_LEAVES = 256;

/** A bucket in which nothing is written twice or taken away. */
export function lockedFiles() {
  const files = new Map<string, Uint8Array>();
  return {
    files,
    get: async (key: string) => files.get(key),
    async putOnce(key: string, content: Uint8Array) {
      if (files.has(key)) return 'present' as const;
      files.set(key, content);
      return 'put' as const;
    },
  };
}

/** The real writer, in several containers, and the real sequencer, over one store: what a log is made of. */
export async function aTrustWorld(db: TestDynamoDb, organisations: number, containers: number) {
  const store = await aStore(db.client, await db.createTables(), ['operator']);
  store.clock = new Date(BEGUN_AT);
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const logFiles = lockedFiles();
  const offlineFiles = lockedFiles();
  const organisationIds = Array.from({ length: organisations }, () => anId('org'));
  for (const id of organisationIds) await store.ring.create(id);
  const writers: Store[] = Array.from({ length: containers }, () => ({ ...store, chains: activityChains(entryHash) }));
  const TableName = store.tableNames.activity;

  const world = {
    store,
    keys,
    logFiles,
    offlineFiles,
    organisationIds,

    /** One change in one container, a second later than the one before. */
    async happened(container: number, controller: OrganisationId, leaves = 1): Promise<void> {
      store.clock = new Date(store.clock.getTime() + 1000);
      const newEventId = () => `evt_${ulid(store.clock.getTime()).toLowerCase()}`;
      const author = { requestId: `req-${container}`, actor: anId('acc'), role: anId('rol'), person: anId('per') };
      const change = openRecords(writers[container]!, { ...author, newEventId }).change();
      for (let leaf = 0; leaf < leaves; leaf++) {
        change.activity({
          event: 'attendance.checked-in',
          subject: { controller, subject: anId('per') },
          about: [anId('per')],
          detail: { late: leaf % 2 === 0, minutes: leaf },
        });
      }
      await change.commit();
    },

    /** One run of the sequencer, ten minutes after whatever went before. */
    sequence(differing: Partial<Sequencer> = {}) {
      store.clock = new Date(store.clock.getTime() + RUN_MILLISECONDS);
      return sequenceLogs({
        table: logTable(store),
        logFiles,
        offlineFiles,
        signer: {
          sign: async (bytes) => ({
            keyId: 'key-1',
            signature: createSign('sha256').update(bytes).sign(keys.privateKey).toString('base64url'),
          }),
        },
        stage: 'test',
        batchLeavesMax: BATCH_LEAVES,
        requestId: ulid(),
        newEventId: () => `evt_${ulid(store.clock.getTime()).toLowerCase()}`,
        now: () => store.clock,
        hasTimeLeft: () => true,
        log: () => {},
        ...differing,
      });
    },

    /** The log as readers have it. */
    log: () => transparencyLog(logTable(store), logFiles),
    signed: async (controller: OrganisationId) => (await world.log().checkpoint(controller))!,

    /** The organisation's activity rows as the table has them, in the order of their ids. */
    rows: (controller: OrganisationId) =>
      queried(db.client, {
        TableName,
        IndexName: 'byMonth',
        KeyConditionExpression: '#month = :month',
        ExpressionAttributeNames: { '#month': 'month' },
        ExpressionAttributeValues: { ':month': { S: monthPartition(controller, MONTH) } },
      }),
    /** What the log itself keeps in the table: states, chains, head, lease. */
    logRows: async () => {
      const partitions = ['LOG', ...organisationIds.map((id) => `${id}#LOG`), 'operator#LOG'];
      const rows = partitions.map((pk) =>
        queried(db.client, {
          TableName,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': { S: pk } },
        }),
      );
      return (await Promise.all(rows)).flat();
    },
    put: (row: Row) => db.client.send(new PutItemCommand({ TableName, Item: marshall(row) })),
    remove: ({ pk, sk }: Row) => db.client.send(new DeleteItemCommand({ TableName, Key: marshall({ pk, sk }) })),

    /** The whole log of an organisation as it is exported. */
    async bundle(controller: OrganisationId): Promise<readonly string[]> {
      const log = world.log();
      const signed = await world.signed(controller);
      const found = (await world.rows(controller)).map(loggedEntry);
      const range = { from: 0, to: signed.checkpoint.size, found };
      const lines: string[] = [];
      for await (const line of logBundle(signed, range, log)) lines.push(line);
      return lines;
    },

    /** The same tables through a client that a test makes fail. */
    throughClient: (send: (command: never) => Promise<unknown>): Store => ({
      ...store,
      dynamo: dynamo({ send } as unknown as DynamoDBClient),
    }),
    client: db.client,
  };
  return world;
}
export type TrustWorld = Awaited<ReturnType<typeof aTrustWorld>>;

async function queried(client: DynamoDBClient, input: ConstructorParameters<typeof QueryCommand>[0]): Promise<Row[]> {
  const found: Row[] = [];
  let start: Record<string, never> | undefined;
  do {
    const page = await client.send(new QueryCommand({ ...input, ...(start && { ExclusiveStartKey: start }) }));
    found.push(...(page.Items ?? []).map((item) => unmarshall(item) as Row));
    start = page.LastEvaluatedKey as typeof start;
  } while (start);
  return found;
}
