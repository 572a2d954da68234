import {
  ContinuousBackupsUnavailableException,
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  DynamoDBServiceException,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ResourceInUseException,
  ResourceNotFoundException,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { ResourceConflictException } from '@aws-sdk/client-lambda';
import type { ReplayStep } from '../../../lambdas/features/restore/restoration.ts';
import type { Restorer } from '../../../lambdas/features/restore/restorer.ts';
import { goOn } from '../../../lambdas/features/restore/run.ts';
import type { Step } from '../../../lambdas/features/restore/step.ts';
import { restorerOn } from '../../../lambdas/functions/restorer-on.ts';
import type { Row } from '../../../lambdas/platform/dynamo.ts';
import { type TableDeclaration, type TableName, tables } from '../../../lambdas/platform/tables.ts';
import type { TestDynamoDb } from '../../support/dynoxide.ts';
import { aStore, type TestStore } from '../../support/store.ts';

type Command = { readonly constructor: { readonly name: string }; readonly input: Record<string, never> };

interface ControlledTable {
  readonly arn: string;
  /** How often it is still said to be in the making. */
  pending: number;
  stream?: string;
  timeToLive?: string;
  recoveryDays?: number;
  isProtected: boolean;
  readonly tags: Map<string, string>;
}

interface Mapping {
  readonly UUID: string;
  readonly FunctionArn: string;
  readonly EventSourceArn: string;
  readonly BatchSize: number;
  readonly Enabled?: boolean | undefined;
  State?: string;
}

/** What fails at a call: before AWS has done anything, or after it has done all of it. */
export type Fault = 'before' | 'after' | undefined;

let worlds = 0;

/**
 * AWS as a restore sees it: DynamoDB's data in an engine, its control plane and Lambda's mappings played here, each with
 * the lag and the refusals that AWS documents.
 */
export async function aWorld(db: TestDynamoDb, faultAt: (call: number) => Fault = () => undefined) {
  const stage = `t${process.pid}x${++worlds}`;
  const physical = (name: string, generation = 1) =>
    (tables as Record<string, TableDeclaration>)[name]!.afterRestore === 'kept'
      ? `vern-${stage}-${name}`
      : `vern-${stage}-${name}-g${generation}`;
  const names = Object.fromEntries(Object.keys(tables).map((name) => [name, physical(name)])) as Record<
    TableName,
    string
  >;
  const controlled = new Map<string, ControlledTable>();
  const imports = new Map<string, { table: string; status: string; items: number; polls: number }>();
  const backupsOfAws: string[] = [];
  const files = new Map<string, string>();
  /** What lies in the data files below a prefix. */
  const data = new Map<string, readonly Row[]>();
  let mappings: Mapping[] = [];
  let calls = 0;
  /** The test itself looks: that is no call of the service, and never fails. */
  let isLooking = false;
  const log: Record<string, unknown>[] = [];

  const arnOf = (name: string) => `arn:aws:dynamodb:eu-west-1:000000000000:table/${name}`;
  const found = (nameOrArn: string) => {
    const table = controlled.get(nameOrArn.split('/').at(-1)!);
    if (!table) throw new ResourceNotFoundException({ message: 'not found', $metadata: {} });
    return table;
  };
  const isThere = (name: string) => controlled.has(name);

  async function makeTable(input: { TableName: string }, rows: readonly Row[] = []) {
    const { SSESpecification: _, ...plain } = input as Record<string, unknown>;
    const { TableName } = input;
    if (isThere(TableName)) throw new ResourceInUseException({ message: 'exists', $metadata: {} });
    controlled.set(TableName, { arn: arnOf(TableName), pending: 1, isProtected: false, tags: new Map() });
    await db.client.send(new CreateTableCommand(plain as never));
    for (const Item of rows) await db.client.send(new PutItemCommand({ TableName, Item }));
  }

  const control: Record<string, (input: never) => Promise<unknown>> = {
    async ImportTableCommand(input: {
      ClientToken: string;
      S3BucketSource: { S3Bucket: string; S3KeyPrefix: string };
      TableCreationParameters: { TableName: string };
    }) {
      const ImportArn = `arn:import/${input.ClientToken}`;
      if (!imports.has(ImportArn)) {
        const rows = data.get(`${input.S3BucketSource.S3Bucket}/${input.S3BucketSource.S3KeyPrefix}`) ?? [];
        await makeTable(input.TableCreationParameters, rows);
        const { TableName: table } = input.TableCreationParameters;
        imports.set(ImportArn, { table, status: 'IN_PROGRESS', items: rows.length, polls: 0 });
      }
      return { ImportTableDescription: { ImportArn } };
    },
    async DescribeImportCommand({ ImportArn }: { ImportArn: string }) {
      const one = imports.get(ImportArn)!;
      if (one.status === 'IN_PROGRESS' && one.polls++ > 0) one.status = 'COMPLETED';
      return { ImportTableDescription: { ImportStatus: one.status, ImportedItemCount: one.items, ErrorCount: 0 } };
    },
    async RestoreTableToPointInTimeCommand(input: { SourceTableName: string; TargetTableName: string }) {
      found(input.SourceTableName);
      if (isThere(input.TargetTableName))
        throw new DynamoDBServiceException({ name: 'TableAlreadyExistsException', $fault: 'client', $metadata: {} });
      const { Items } = await db.client.send(new ScanCommand({ TableName: input.SourceTableName }));
      const { Table } = await db.client.send(new DescribeTableCommand({ TableName: input.SourceTableName }));
      const indexes = Table?.GlobalSecondaryIndexes?.map(({ IndexName, KeySchema, Projection }) => ({
        IndexName,
        KeySchema,
        Projection,
      }));
      await makeTable(
        {
          TableName: input.TargetTableName,
          KeySchema: Table?.KeySchema,
          AttributeDefinitions: Table?.AttributeDefinitions,
          BillingMode: 'PAY_PER_REQUEST',
          ...(indexes && indexes.length > 0 && { GlobalSecondaryIndexes: indexes }),
        } as never,
        Items,
      );
      return {};
    },
    async CreateTableCommand(input: { TableName: string }) {
      await makeTable(input);
      return {};
    },
    async DescribeTableCommand({ TableName }: { TableName: string }) {
      const table = found(TableName);
      const isReady = table.pending-- <= 0;
      return {
        Table: {
          TableArn: table.arn,
          TableStatus: isReady ? 'ACTIVE' : 'CREATING',
          DeletionProtectionEnabled: table.isProtected,
          ...(table.stream && {
            StreamSpecification: { StreamEnabled: true, StreamViewType: table.stream },
            LatestStreamArn: `${table.arn}/stream/2026`,
          }),
        },
      };
    },
    async UpdateTableCommand(input: {
      TableName: string;
      DeletionProtectionEnabled?: boolean;
      StreamSpecification?: { StreamViewType: string };
    }) {
      const table = found(input.TableName);
      table.pending = 1;
      if (input.DeletionProtectionEnabled !== undefined) table.isProtected = input.DeletionProtectionEnabled;
      if (input.StreamSpecification) table.stream = input.StreamSpecification.StreamViewType;
      return {};
    },
    async DescribeTimeToLiveCommand({ TableName }: { TableName: string }) {
      const status = found(TableName).timeToLive ? 'ENABLED' : 'DISABLED';
      return { TimeToLiveDescription: { TimeToLiveStatus: status } };
    },
    async UpdateTimeToLiveCommand(input: { TableName: string; TimeToLiveSpecification: { AttributeName: string } }) {
      const table = found(input.TableName);
      if (table.timeToLive)
        throw new DynamoDBServiceException({ name: 'ValidationException', $fault: 'client', $metadata: {} });
      table.timeToLive = input.TimeToLiveSpecification.AttributeName;
      return {};
    },
    async DescribeContinuousBackupsCommand({ TableName }: { TableName: string }) {
      const { recoveryDays } = found(TableName);
      const recovery = recoveryDays
        ? {
            PointInTimeRecoveryStatus: 'ENABLED',
            RecoveryPeriodInDays: recoveryDays,
            EarliestRestorableDateTime: new Date(store.clock.getTime() - recoveryDays * 86_400_000),
            LatestRestorableDateTime: new Date(store.clock.getTime() - 5 * 60_000),
          }
        : { PointInTimeRecoveryStatus: 'DISABLED' };
      return { ContinuousBackupsDescription: { PointInTimeRecoveryDescription: recovery } };
    },
    async UpdateContinuousBackupsCommand(input: {
      TableName: string;
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: boolean; RecoveryPeriodInDays?: number };
    }) {
      const table = found(input.TableName);
      const { PointInTimeRecoveryEnabled, RecoveryPeriodInDays } = input.PointInTimeRecoverySpecification;
      if (PointInTimeRecoveryEnabled && !('askedBefore' in table)) {
        Object.assign(table, { askedBefore: true });
        throw new ContinuousBackupsUnavailableException({ message: 'not yet', $metadata: {} });
      }
      if (PointInTimeRecoveryEnabled) table.recoveryDays = RecoveryPeriodInDays ?? 35;
      else delete table.recoveryDays;
      return {};
    },
    async ListTagsOfResourceCommand({ ResourceArn }: { ResourceArn: string }) {
      return { Tags: [...found(ResourceArn).tags].map(([Key, Value]) => ({ Key, Value })) };
    },
    async TagResourceCommand(input: { ResourceArn: string; Tags: { Key: string; Value: string }[] }) {
      const table = found(input.ResourceArn);
      if (input.Tags.some(({ Key }) => Key.startsWith('aws:'))) throw new Error('aws: is reserved');
      for (const { Key, Value } of input.Tags) table.tags.set(Key, Value);
      return {};
    },
    async DeleteTableCommand({ TableName }: { TableName: string }) {
      const table = found(TableName);
      if (table.isProtected)
        throw new DynamoDBServiceException({ name: 'ValidationException', $fault: 'client', $metadata: {} });
      if (table.recoveryDays) backupsOfAws.push(TableName);
      controlled.delete(TableName);
      await db.client.send(new DeleteTableCommand({ TableName }));
      return {};
    },
    async ListEventSourceMappingsCommand() {
      return { EventSourceMappings: mappings };
    },
    async CreateEventSourceMappingCommand(input: Omit<Mapping, 'UUID' | 'FunctionArn'> & { FunctionName: string }) {
      const { FunctionName: FunctionArn, EventSourceArn, BatchSize, Enabled } = input;
      if (mappings.some((one) => one.FunctionArn === FunctionArn && one.EventSourceArn === EventSourceArn))
        throw new ResourceConflictException({ message: 'exists', $metadata: {} });
      mappings.push({ UUID: `m${calls}`, FunctionArn, EventSourceArn, BatchSize, Enabled });
      return {};
    },
    async DeleteEventSourceMappingCommand({ UUID }: { UUID: string }) {
      mappings = mappings.filter((one) => one.UUID !== UUID);
      return {};
    },
  };

  const client = {
    async send(command: unknown) {
      const { constructor: operation, input } = command as Command;
      const fault = isLooking ? undefined : faultAt(++calls);
      if (fault === 'before') throw Object.assign(new Error('no answer'), { name: 'TimeoutError' });
      const answer = await (control[operation.name]?.(input as never) ?? db.client.send(command as never));
      if (fault === 'after') throw Object.assign(new Error('no answer'), { name: 'TimeoutError' });
      return answer;
    },
  } as unknown as Pick<DynamoDBClient, 'send'>;

  // As the deployment left them.
  const store: TestStore = await (async () => {
    for (const [name, TableName] of Object.entries(names)) {
      const { indexes = {}, stream, pointInTimeRecoveryDays } = (tables as Record<string, TableDeclaration>)[name]!;
      await makeTable({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [
          ...new Set(['pk', 'sk', ...Object.values(indexes).flatMap((it) => [it.partitionKey, it.sortKey])]),
        ].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
        KeySchema: keysOf('pk', 'sk'),
        ...(Object.keys(indexes).length > 0 && {
          GlobalSecondaryIndexes: Object.entries(indexes).map(([IndexName, { partitionKey, sortKey, projection }]) => ({
            IndexName,
            KeySchema: keysOf(partitionKey, sortKey),
            Projection: { ProjectionType: projection },
          })),
        }),
      } as never);
      const table = controlled.get(TableName)!;
      Object.assign(table, { pending: 0, isProtected: true, recoveryDays: pointInTimeRecoveryDays, stream });
      table.tags.set('vern:stage', 'dev').set('aws:cloudformation:stack-name', 'vern-dev-data');
    }
    return aStore(client as never, names, ['operator']);
  })();
  mappings = [
    { UUID: 'a', FunctionArn: 'arn:outbox', EventSourceArn: `${arnOf(names.transient)}/stream/2025`, BatchSize: 100 },
    { UUID: 'b', FunctionArn: 'arn:erasure', EventSourceArn: `${arnOf(names.transient)}/stream/2025`, BatchSize: 50 },
    { UUID: 'c', FunctionArn: 'arn:copy', EventSourceArn: `${arnOf(names.rights)}/stream/2025`, BatchSize: 100 },
    { UUID: 'd', FunctionArn: 'arn:mirror', EventSourceArn: `${arnOf(names.keys)}/stream/2025`, BatchSize: 100 },
  ];

  const passes: Step = async () => ({ done: true, figures: { looked: 1 } });
  const replay: Record<ReplayStep, Step> = {
    'overlay-rights': passes,
    'recover-log': passes,
    'replay-ledger': passes,
    'replay-removals': passes,
    'rebuild-lookup': passes,
    'retention-sweep': passes,
    'integrity-check': passes,
  };
  const copyOf = (bucket: 'backup' | 'offline') => ({
    bucket,
    files: {
      async get(key: string) {
        const written = files.get(`${bucket}/${key}`);
        return written === undefined ? undefined : Buffer.from(written);
      },
      list: async () => [],
    },
    async *current(prefix: string) {
      yield* storedUnder(`${bucket}/`, prefix);
    },
    async folders(prefix: string) {
      const below = [...files.keys()].filter((key) => key.startsWith(`${bucket}/${prefix}`));
      return [...new Set(below.map((key) => key.slice(bucket.length + 1 + prefix.length).split('/')[0]!))];
    },
  });
  function* storedUnder(bucket: string, prefix: string) {
    for (const [key, content] of files) {
      if (!key.startsWith(`${bucket}${prefix}`)) continue;
      yield { key: key.slice(bucket.length), bytes: content.length, etag: '', lastModified: store.clock };
    }
  }
  const uploaded: Restorer['uploaded'] = {
    async *files(prefix) {
      yield* storedUnder('uploaded/', prefix);
    },
    async copy({ bucket, file }, key) {
      files.set(`uploaded/${key}`, files.get(`${bucket}/${file.key}`)!);
      return true;
    },
  };
  let runs = 0;
  const restorer = (): Restorer =>
    restorerOn({
      requestId: `run-${++runs}`,
      store,
      dynamoDb: client,
      lambda: client as never,
      encryptionKeyArn: 'arn:aws:kms:eu-west-1:000000000000:key/domain',
      copies: { backup: copyOf('backup'), offline: copyOf('offline') },
      logFiles: copyOf('backup').files,
      uploaded,
      replay,
      deadline: new Date(store.clock.getTime() + 15 * 60_000),
      log: (line) => log.push(line),
    });

  return {
    store,
    names,
    physical,
    replay,
    files,
    log,
    restorer,
    backupsOfAws,
    tableNames: () => [...controlled.keys()],
    settingsOf: (name: string) => controlled.get(name),
    mappingsOf: (name: string) => mappings.filter(({ EventSourceArn }) => EventSourceArn.includes(`/${name}/`)),
    calls: () => calls,
    /** A whole backup of that day, with those rows in Core. */
    aBackup(day: string, core: readonly Row[] = [], copies: readonly ('backup' | 'offline')[] = ['backup']) {
      const table = (name: string, itemCount: number) => ({
        tableArn: arnOf(name),
        manifestKey: `daily/${day}/${name}/AWSDynamoDB/01-a/manifest-summary.json`,
        exportTime: `${day}T01:15:00.000Z`,
        itemCount,
        bytes: 1,
      });
      const manifest = {
        format: 'vern-backup-1',
        day,
        generation: 1,
        completedAt: `${day}T02:00:00.000Z`,
        tables: { core: table('core', core.length), activity: table('activity', 0), rights: table('rights', 0) },
        users: { key: `daily/${day}/users/`, count: 0, takenAt: `${day}T01:20:00.000Z` },
        objects: [],
      };
      for (const copy of copies) {
        const folder = copy === 'offline' ? 'copies/daily' : 'daily';
        files.set(`${copy}/${folder}/${day}/backup.json`, JSON.stringify(manifest));
        data.set(`${copy}/${folder}/${day}/core/AWSDynamoDB/01-a/data/`, core);
      }
    },
    put: (table: TableName, generation: number, Item: Row) =>
      db.client.send(new PutItemCommand({ TableName: physical(table, generation), Item })),
    async loseTable(table: TableName) {
      controlled.delete(physical(table));
      await db.client.send(new DeleteTableCommand({ TableName: physical(table) }));
    },
    /** The files are there, and hold nothing. */
    loseData: () => data.clear(),
    pass(minutes: number) {
      store.clock = new Date(store.clock.getTime() + minutes * 60_000);
    },
    /** A minute of the schedule; a run that dies leaves what it had saved. */
    async minute() {
      await goOn(restorer()).catch((error: unknown) => log.push({ died: String(error) }));
      this.pass(1);
    },
    async read() {
      isLooking = true;
      try {
        return await restorer().rows.read();
      } finally {
        isLooking = false;
      }
    },
    async partition(table: TableName, generation: number, pk: string): Promise<Row[]> {
      const { Items = [] } = await db.client.send(
        new QueryCommand({
          TableName: physical(table, generation),
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': { S: pk } },
        }),
      );
      return Items;
    },
    async get(table: TableName, generation: number, pk: string, sk: string) {
      const { Item } = await db.client.send(
        new GetItemCommand({ TableName: physical(table, generation), Key: { pk: { S: pk }, sk: { S: sk } } }),
      );
      return Item;
    },
  };
}

const keysOf = (partitionKey: string, sortKey: string) => [
  { AttributeName: partitionKey, KeyType: 'HASH' },
  { AttributeName: sortKey, KeyType: 'RANGE' },
];
