import {
  type AttributeValue,
  type DynamoDBClient,
  GetItemCommand,
  ScanCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import { ulid } from 'ulid';
import type { Eraser } from '../../lambdas/features/erasure/eraser.ts';
import { sweepErasures } from '../../lambdas/features/erasure/run.ts';
import { recoverLogs } from '../../lambdas/features/restore/recover-log.ts';
import { checkIntegrity } from '../../lambdas/features/restore/replay/check-integrity.ts';
import { overlayRights } from '../../lambdas/features/restore/replay/overlay-rights.ts';
import { rebuildLookup } from '../../lambdas/features/restore/replay/rebuild-lookup.ts';
import { replayLedger } from '../../lambdas/features/restore/replay/replay-ledger.ts';
import { replayRemovals } from '../../lambdas/features/restore/replay/replay-removals.ts';
import { sweepRestored } from '../../lambdas/features/restore/replay/sweep-restored.ts';
import type { ImportedTable, Step, StepContext } from '../../lambdas/features/restore/step.ts';
import { copyRights } from '../../lambdas/features/rights-copy/copy.ts';
import { entryHash } from '../../lambdas/features/transparency/leaf.ts';
import { type Sequencer, sequenceLogs } from '../../lambdas/features/transparency/sequencer.ts';
import { activityChains } from '../../lambdas/platform/activity-chain.ts';
import { dynamo, type Row } from '../../lambdas/platform/dynamo.ts';
import { keyFences } from '../../lambdas/platform/key-fences.ts';
import { logTable } from '../../lambdas/platform/log-table.ts';
import { openRecords, type Store } from '../../lambdas/platform/open-records.ts';
import { partitionRows } from '../../lambdas/platform/partition-rows.ts';
import { restoredTables } from '../../lambdas/platform/restored-tables.ts';
import type { TableName } from '../../lambdas/platform/tables.ts';
import { anInProcessStore } from '../adversary/in-process.ts';
import { aBucket, aSuppressionList, nothingToRestore } from '../features/erasure/world.ts';
import type { TestDynamoDb } from '../support/dynoxide.ts';
import { aCall, anId, type TestStore } from '../support/store.ts';
import { aUserPool } from '../support/user-pool.ts';

export type Snapshot = Readonly<Record<ImportedTable, readonly Row[]>>;
/** What AWS exported: one instant by name, each table as it was within five minutes of it. */
export interface Backup extends Snapshot {
  readonly exportTime: Date;
}

const RUNS_MAX = 500;
const SEQUENCER_RUNS_MAX = 10;
const STEPS_OF_A_RESTORE: readonly (readonly [string, Step])[] = [
  ['overlay-rights', overlayRights(restoredTables)],
  ['recover-log', recoverLogs(logTable)],
  ['replay-ledger', replayLedger(restoredTables)],
  ['replay-removals', replayRemovals(restoredTables)],
  ['rebuild-lookup', rebuildLookup(restoredTables)],
  ['retention-sweep', sweepRestored(restoredTables)],
  ['integrity-check', checkIntegrity(restoredTables)],
];

export type RestoreWorld = Awaited<ReturnType<typeof aRestoreWorld>>;

/**
 * The service on tables of its own, with the worker that erases, the copying of Rights into the locked bucket, and a
 * restore into the next generation of tables. The outside world is played: KMS, Cognito, SES, S3.
 */
export async function aRestoreWorld(db: TestDynamoDb) {
  const names = await db.createTables();
  const offline = aLockedBucket();
  const tiles = aLockedBucket();
  const lines: Readonly<Record<string, unknown>>[] = [];
  let generation = 1;
  const client = withCopiesOfRights(db.client, {
    table: () => store.tableNames.rights,
    generation: () => generation,
    now: () => store.clock,
    copied: (records) => copyRights(records, offline.put),
  });
  const inProcess = await anInProcessStore(client as DynamoDBClient, names, ['operator']);
  const store: TestStore & Pick<typeof inProcess, 'unwrap'> = Object.assign(inProcess, {
    kmsCalls: { decrypt: 0, generate: 0 },
  });
  const users = aUserPool();
  const log = (line: Readonly<Record<string, unknown>>) => {
    lines.push(line);
  };

  const world = {
    store,
    offline,
    users,
    lines,
    client: db.client,
    pass(milliseconds: number) {
      store.clock = new Date(store.clock.getTime() + milliseconds);
    },
    rows: (table: string) => scanned(db.client, table),

    async snapshot(): Promise<Snapshot> {
      const { core, activity, rights } = store.tableNames;
      const [ofCore, ofActivity, ofRights] = await Promise.all([core, activity, rights].map(world.rows));
      return { core: ofCore!, activity: ofActivity!, rights: ofRights! };
    },

    /** The erasure worker, for so many looks at its watch. */
    async erase(looks: number): Promise<void> {
      let left = looks;
      await sweepErasures(eraserOn(store, client, users, () => left-- > 0, log));
    },

    /** The sequencer, until all that waits is in the log: each minute of a service that stands. */
    async sequence(): Promise<void> {
      for (let run = 0; run < SEQUENCER_RUNS_MAX; run++) {
        const { waiting, failed } = await sequenceLogs(aSequencer());
        if (failed > 0) throw new Error('The sequencer has failed');
        if (waiting === 0) return;
        world.pass(60_000);
      }
      throw new Error('The log does not come to its end');
    },

    /** New tables, all steps in order, each interrupted as often as it is told to be. */
    async restore(backup: Backup, looksPerRun: number, without: readonly string[] = []): Promise<Restored> {
      const fresh = await db.createTables();
      const { keys, mirror, gate } = store.tableNames;
      const target: TestStore = withTables(store, { ...fresh, keys, mirror, gate }, db.client);
      for (const table of ['core', 'activity', 'rights'] as const) {
        const writes = backup[table].map((item) => ({ key: { pk: item['pk']!.S!, sk: item['sk']!.S! }, item }));
        await restoredTables(target).write(table, writes);
      }
      const figures: Record<string, number> = {};
      for (const [name, step] of STEPS_OF_A_RESTORE) {
        if (!without.includes(name)) await runStep(step, contextOn(target, backup), looksPerRun, figures);
      }
      return { target, figures };
    },

    /** The restored tables are the service's from now on. */
    switchTo({ target }: Restored): void {
      generation++;
      Object.assign(store, { tableNames: target.tableNames });
    },
  };

  const aSequencer = (): Sequencer => ({
    table: logTable({ ...store, now: () => store.clock, chains: activityChains(entryHash) }),
    logFiles: { get: tiles.get, putOnce: tiles.put },
    offlineFiles: { putOnce: offline.put },
    signer: { sign: async () => ({ keyId: 'key', signature: '' }) },
    stage: 'test',
    batchLeavesMax: 256,
    requestId: ulid(),
    newEventId: () => anId('evt'),
    now: () => store.clock,
    hasTimeLeft: () => true,
    log,
  });

  const contextOn = (target: TestStore, { exportTime }: Backup): Omit<StepContext, 'hasTimeLeft' | 'cursor'> => {
    const table = { exportTime: exportTime.toISOString() };
    return {
      target,
      backup: { day: table.exportTime.slice(0, 10), tables: { core: table, activity: table, rights: table } },
      generation: generation + 1,
      isDrill: false,
      requestId: ulid(),
      now: () => store.clock,
      log,
      backupFiles: offline,
      offlineFiles: offline,
      logFiles: tiles,
      openCall: (throughRestriction = false) => ({
        ...aCall(target),
        records: openRecords(
          target,
          { requestId: ulid(), actor: 'system:restore', newEventId: () => anId('evt') },
          undefined,
          { throughRestriction },
        ),
      }),
    };
  };
  return world;
}

interface Restored {
  readonly target: TestStore;
  readonly figures: Readonly<Record<string, number>>;
}

async function runStep(
  step: Step,
  context: Omit<StepContext, 'hasTimeLeft' | 'cursor'>,
  looksPerRun: number,
  figures: Record<string, number>,
): Promise<void> {
  let cursor: string | undefined;
  for (let run = 0; run < RUNS_MAX; run++) {
    let left = looksPerRun;
    const outcome = await step({
      ...context,
      hasTimeLeft: () => left-- > 0,
      ...(cursor !== undefined && { cursor }),
    });
    for (const [name, figure] of Object.entries(outcome.figures ?? {})) figures[name] = (figures[name] ?? 0) + figure;
    if (outcome.done) return;
    cursor = outcome.cursor;
  }
  throw new Error('A step of the restore does not come to its end');
}

/** The same clock and keys over other tables. */
function withTables(store: TestStore, tableNames: TestStore['tableNames'], client: DynamoDBClient): TestStore {
  return {
    ring: store.ring,
    chains: store.chains,
    kmsCalls: store.kmsCalls,
    dynamo: dynamo(client),
    tableNames,
    now: () => store.clock,
    get clock() {
      return store.clock;
    },
    set clock(now: Date) {
      store.clock = now;
    },
  };
}

function eraserOn(
  store: Store & Pick<TestStore, 'clock' | 'kmsCalls' | 'tableNames'>,
  client: Pick<DynamoDBClient, 'send'>,
  users: ReturnType<typeof aUserPool>,
  hasTimeLeft: () => boolean,
  log: Eraser['log'],
): Eraser {
  return {
    openCall: () => ({
      ...aCall(store),
      records: openRecords(
        store,
        { requestId: ulid(), actor: 'system:erasure', newEventId: () => anId('evt') },
        undefined,
        { throughRestriction: true },
      ),
    }),
    rows: partitionRows(store),
    fences: keyFences(store, client),
    users,
    suppression: aSuppressionList(),
    endpoints: { exists: async () => false, remove: async () => {} },
    exports: aBucket(),
    downloads: aBucket(),
    files: aBucket(),
    recoveryFacts: async () => nothingToRestore('2000-01-01T00:00:00.000Z'),
    signer: { sign: async () => ({ keyId: 'signing-key', signature: '' }) },
    hasTimeLeft,
    log,
  };
}

/** S3 with Object Lock: what stands there stays. */
function aLockedBucket() {
  const files = new Map<string, Uint8Array>();
  return {
    files,
    async put(key: string, content: Uint8Array): Promise<'put' | 'present'> {
      if (files.has(key)) return 'present';
      files.set(key, content);
      return 'put';
    },
    get: async (key: string) => files.get(key),
    list: async (prefix: string, after = '') =>
      [...files.keys()]
        .filter((key) => key.startsWith(prefix) && key > after)
        .sort()
        .map((key) => ({ key, lastModified: new Date(0) })),
  };
}

interface Copying {
  table(): string;
  generation(): number;
  now(): Date;
  copied(records: readonly DynamoDBRecord[]): Promise<unknown>;
}

/** DynamoDB's stream of new images of Rights, and the function that it wakes. */
function withCopiesOfRights(client: DynamoDBClient, { table, generation, now, copied }: Copying) {
  let sequence = 0;
  async function recordOf(item: Row | undefined, keys: Row): Promise<DynamoDBRecord> {
    sequence++;
    return {
      eventID: `event-${sequence}`,
      eventName: item ? 'MODIFY' : 'REMOVE',
      eventSourceARN: `arn:aws:dynamodb:eu-west-1:000000000000:table/vern-dev-rights-g${generation()}/stream/x`,
      dynamodb: {
        SequenceNumber: String(sequence),
        ApproximateCreationDateTime: Math.floor(now().getTime() / 1000),
        Keys: asStreamed(keys),
        ...(item && { NewImage: asStreamed(item) }),
      },
    };
  }
  return {
    async send(command: Parameters<DynamoDBClient['send']>[0]) {
      const answer = await client.send(command as never);
      if (!(command instanceof TransactWriteItemsCommand)) return answer;
      const records: DynamoDBRecord[] = [];
      for (const { Put, Update, Delete } of command.input.TransactItems ?? []) {
        const written = Put ?? Update ?? Delete;
        if (written?.TableName !== table()) continue;
        const { pk, sk } = Put?.Item ?? Update?.Key ?? Delete?.Key ?? {};
        const Key = { pk: pk!, sk: sk! };
        const { Item } = await client.send(new GetItemCommand({ TableName: table(), Key, ConsistentRead: true }));
        records.push(await recordOf(Item, Key));
      }
      await copied(records);
      return answer;
    },
  } as Pick<DynamoDBClient, 'send'>;
}

type Streamed = NonNullable<NonNullable<DynamoDBRecord['dynamodb']>['NewImage']>;
/** As Lambda gets it: binary values are text. */
function asStreamed(row: Row): Streamed {
  const value = ({ B, L, M, ...alike }: AttributeValue): Streamed[string] => {
    if (B !== undefined) return { B: Buffer.from(B).toString('base64') };
    if (L !== undefined) return { L: L.map(value) };
    if (M !== undefined) return { M: asStreamed(M) };
    return alike as Streamed[string];
  };
  return Object.fromEntries(Object.entries(row).map(([name, each]) => [name, value(each)]));
}

export async function scanned(client: DynamoDBClient, TableName: string): Promise<Row[]> {
  const rows: Row[] = [];
  let ExclusiveStartKey: Row | undefined;
  do {
    const page = await client.send(
      new ScanCommand({ TableName, ConsistentRead: true, ...(ExclusiveStartKey && { ExclusiveStartKey }) }),
    );
    rows.push(...(page.Items ?? []));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return rows;
}

export const rowsOf = (client: DynamoDBClient, store: Pick<Store, 'tableNames'>, table: TableName) =>
  scanned(client, store.tableNames[table]);
