import {
  ContinuousBackupsUnavailableException,
  CreateTableCommand,
  type CreateTableCommandInput,
  DeleteTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeImportCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  type DynamoDBClient,
  DynamoDBServiceException,
  ImportTableCommand,
  ListTagsOfResourceCommand,
  ResourceInUseException,
  ResourceNotFoundException,
  RestoreTableToPointInTimeCommand,
  type TableCreationParameters,
  type TableDescription,
  TagResourceCommand,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { type TableNames, tableNamesOfGeneration } from './gate.ts';
import { keySchema, type TableDeclaration, type TableName, tables } from './tables.ts';

/** Where a restore writes: the next generation, or the tables of a drill. */
export type Target = number | 'drill';

/** `pending`: AWS is at it; ask again. */
export type Readiness = 'ready' | 'pending';

/** AWS will not do it, however often it is asked; in its own word. */
interface Refusal {
  readonly refused: string;
}

interface ImportProgress {
  readonly status: 'running' | 'imported' | 'failed';
  readonly items: number;
  /** Items that could not be taken in. */
  readonly errors: number;
  /** Why it failed, in AWS's word. */
  readonly failure?: string;
}

/**
 * The tables of a service in their generations. Everything here may be repeated, and asked of a table that an earlier
 * call has made although its answer never came.
 */
export interface TableGenerations {
  /** Which tables come out of a backup, and which are made anew. */
  readonly imported: readonly TableName[];
  readonly madeAnew: readonly TableName[];
  exists(table: TableName, target: Target): Promise<boolean>;
  /** DynamoDB ImportTable. The ARN is what {@link importProgress} asks about; the same token finds the same import. */
  startImport(
    table: TableName,
    target: Target,
    from: { readonly bucket: string; readonly prefix: string; readonly token: string },
  ): Promise<string>;
  importProgress(importArn: string): Promise<ImportProgress>;
  /** To which instants AWS can bring it back (DescribeContinuousBackups); undefined when it cannot at all. */
  restorable(table: TableName, target: Target): Promise<{ readonly from: Date; readonly to: Date } | undefined>;
  /** DynamoDB RestoreTableToPointInTime, from a generation that is still there; or why AWS will not. */
  restoreToInstant(
    table: TableName,
    target: Target,
    from: { generation: number; at: Date },
  ): Promise<Readiness | Refusal>;
  make(table: TableName, target: Target): Promise<Readiness>;
  /** All that is declared but the stream. A drill's tables get neither recovery nor protection: they go within the hour. */
  settle(table: TableName, target: Target): Promise<Readiness>;
  /** Turns the declared stream on; its ARN once it is there. */
  stream(table: TableName, target: Target): Promise<string | 'pending' | 'none'>;
  /** Recovery off first: AWS keeps a backup for 35 days of a table that is deleted with it. */
  remove(table: TableName, target: Target): Promise<Readiness>;
}

const declared: Readonly<Record<TableName, TableDeclaration>> = tables;
const tablesThat = (afterRestore: readonly TableDeclaration['afterRestore'][]) =>
  (Object.keys(declared) as TableName[]).filter((name) => afterRestore.includes(declared[name].afterRestore));

/** The tables of a drill: beside the generations, so that nothing takes them for one. */
function drillTableNames(names: TableNames): TableNames {
  const first = tableNamesOfGeneration(names, 1);
  return Object.fromEntries(
    Object.entries(first).map(([name, physical]) => [name, physical.replace(/-g1$/, '-drill')]),
  ) as Record<TableName, string>;
}

export const tableNamesAt = (names: TableNames, target: Target): TableNames =>
  target === 'drill' ? drillTableNames(names) : tableNamesOfGeneration(names, target);

export function tableGenerations(
  client: Pick<DynamoDBClient, 'send'>,
  { names, encryptionKeyArn }: { readonly names: TableNames; readonly encryptionKeyArn: string },
): TableGenerations {
  const physical = (table: TableName, target: Target) => tableNamesAt(names, target)[table];

  return {
    imported: tablesThat(['imported']),
    madeAnew: tablesThat(['rebuilt', 'emptied']),

    exists: async (table, target) => (await described(client, physical(table, target))) !== undefined,

    async startImport(table, target, { bucket, prefix, token }) {
      const { ImportTableDescription } = await client.send(
        new ImportTableCommand({
          ClientToken: token,
          S3BucketSource: { S3Bucket: bucket, S3KeyPrefix: prefix },
          InputFormat: 'DYNAMODB_JSON',
          InputCompressionType: 'GZIP',
          TableCreationParameters: shapeOf(table, physical(table, target), encryptionKeyArn),
        }),
      );
      return ImportTableDescription!.ImportArn!;
    },

    async importProgress(ImportArn) {
      const { ImportTableDescription: found } = await client.send(new DescribeImportCommand({ ImportArn }));
      const status = found?.ImportStatus;
      return {
        status: status === 'COMPLETED' ? 'imported' : status === 'IN_PROGRESS' ? 'running' : 'failed',
        items: found?.ImportedItemCount ?? 0,
        errors: found?.ErrorCount ?? 0,
        ...(found?.FailureCode !== undefined && { failure: found.FailureCode }),
      };
    },

    async restorable(table, target) {
      const recovery = await recoveryOf(client, physical(table, target)).catch((error: unknown) => {
        if (isNamed(error, /^TableNotFoundException$/)) return undefined;
        throw error;
      });
      const { EarliestRestorableDateTime: from, LatestRestorableDateTime: to } = recovery ?? {};
      return from && to ? { from, to } : undefined;
    },

    async restoreToInstant(table, target, { generation, at }) {
      const TargetTableName = physical(table, target);
      const found = await described(client, TargetTableName);
      if (found) return readiness(found);
      const sse = { Enabled: true, SSEType: 'KMS', KMSMasterKeyId: encryptionKeyArn } as const;
      const request = new RestoreTableToPointInTimeCommand({
        SourceTableName: physical(table, generation),
        TargetTableName,
        RestoreDateTime: at,
        BillingModeOverride: 'PAY_PER_REQUEST',
        SSESpecificationOverride: sse,
      });
      try {
        await client.send(request);
        return 'pending';
      } catch (error) {
        if (isNamed(error, /^Table(AlreadyExists|InUse)Exception$/)) return 'pending';
        if (isNamed(error, /^(InvalidRestoreTime|PointInTimeRecoveryUnavailable|TableNotFound)Exception$/))
          return { refused: error.name };
        throw error;
      }
    },

    async make(table, target) {
      const TableName = physical(table, target);
      const found = await described(client, TableName);
      if (found) return readiness(found);
      await client
        .send(new CreateTableCommand(shapeOf(table, TableName, encryptionKeyArn)))
        .catch(unless(ResourceInUseException));
      return 'pending';
    },

    async settle(table, target) {
      const TableName = physical(table, target);
      const found = await described(client, TableName);
      if (!found) throw new Error(`There is no ${TableName} to settle`);
      if (readiness(found) === 'pending') return 'pending';
      await setTimeToLive(client, TableName, declared[table].timeToLive);
      if (target === 'drill') return 'ready';
      await setTags(client, found.TableArn!, await tagsOf(client, await arnOf(client, names.gate)));
      if ((await setRecovery(client, TableName, declared[table].pointInTimeRecoveryDays)) === 'pending')
        return 'pending';
      if (found.DeletionProtectionEnabled) return 'ready';
      await client.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: true }));
      return 'pending';
    },

    async stream(table, target) {
      const { stream } = declared[table];
      if (stream === undefined) return 'none';
      const TableName = physical(table, target);
      const found = await described(client, TableName);
      if (!found || readiness(found) === 'pending') return 'pending';
      if (found.StreamSpecification?.StreamEnabled && found.LatestStreamArn) return found.LatestStreamArn;
      const StreamSpecification = { StreamEnabled: true, StreamViewType: stream };
      await client.send(new UpdateTableCommand({ TableName, StreamSpecification }));
      return 'pending';
    },

    async remove(table, target) {
      const TableName = physical(table, target);
      const found = await described(client, TableName);
      if (!found) return 'ready';
      if (readiness(found) === 'pending') return 'pending';
      if ((await setRecovery(client, TableName, undefined)) === 'pending') return 'pending';
      if (found.DeletionProtectionEnabled) {
        await client.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false }));
        return 'pending';
      }
      await client.send(new DeleteTableCommand({ TableName })).catch(unless(ResourceInUseException));
      return 'pending';
    },
  };
}

/** Keys, indexes, billing and encryption as declared: what a table must have from its first moment. */
function shapeOf(
  table: TableName,
  TableName: string,
  encryptionKeyArn: string,
): TableCreationParameters & CreateTableCommandInput & { TableName: string } {
  const indexes = Object.entries(declared[table].indexes ?? {});
  const attributes = [
    ...Object.values(keySchema),
    ...indexes.flatMap(([, { partitionKey, sortKey }]) => [partitionKey, sortKey]),
  ];
  return {
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [...new Set(attributes)].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    KeySchema: keysOf(keySchema),
    SSESpecification: { Enabled: true, SSEType: 'KMS', KMSMasterKeyId: encryptionKeyArn },
    ...(indexes.length > 0 && {
      GlobalSecondaryIndexes: indexes.map(([IndexName, index]) => ({
        IndexName,
        KeySchema: keysOf(index),
        Projection: { ProjectionType: index.projection },
      })),
    }),
  };
}

const keysOf = ({ partitionKey, sortKey }: { readonly partitionKey: string; readonly sortKey: string }) => [
  { AttributeName: partitionKey, KeyType: 'HASH' as const },
  { AttributeName: sortKey, KeyType: 'RANGE' as const },
];

async function described(client: Pick<DynamoDBClient, 'send'>, TableName: string) {
  const answer = await client.send(new DescribeTableCommand({ TableName })).catch(unless(ResourceNotFoundException));
  return answer?.Table;
}

async function arnOf(client: Pick<DynamoDBClient, 'send'>, TableName: string): Promise<string> {
  const found = await described(client, TableName);
  if (!found?.TableArn) throw new Error(`There is no ${TableName}`);
  return found.TableArn;
}

const readiness = ({ TableStatus, GlobalSecondaryIndexes = [] }: TableDescription): Readiness =>
  TableStatus === 'ACTIVE' && GlobalSecondaryIndexes.every(({ IndexStatus }) => IndexStatus === 'ACTIVE')
    ? 'ready'
    : 'pending';

/** A table that was restored to an instant starts without; one that has it refuses to be told again. */
async function setTimeToLive(client: Pick<DynamoDBClient, 'send'>, TableName: string, attribute: string | undefined) {
  if (attribute === undefined) return;
  const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName }));
  if (/^ENABL/.test(TimeToLiveDescription?.TimeToLiveStatus ?? '')) return;
  const TimeToLiveSpecification = { Enabled: true, AttributeName: attribute };
  await client.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
}

async function recoveryOf(client: Pick<DynamoDBClient, 'send'>, TableName: string) {
  const answer = await client.send(new DescribeContinuousBackupsCommand({ TableName }));
  return answer.ContinuousBackupsDescription?.PointInTimeRecoveryDescription;
}

async function setRecovery(
  client: Pick<DynamoDBClient, 'send'>,
  TableName: string,
  days: number | undefined,
): Promise<Readiness> {
  const now = await recoveryOf(client, TableName);
  const isEnabled = now?.PointInTimeRecoveryStatus === 'ENABLED';
  if (days === undefined ? !isEnabled : isEnabled && now.RecoveryPeriodInDays === days) return 'ready';
  const PointInTimeRecoverySpecification =
    days === undefined
      ? { PointInTimeRecoveryEnabled: false }
      : { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: days };
  try {
    await client.send(new UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification }));
    return 'ready';
  } catch (error) {
    // A new table's backups are made ready beside it, and later than it.
    if (error instanceof ContinuousBackupsUnavailableException) return 'pending';
    throw error;
  }
}

/** The tags of a table that every generation shares, without those that AWS keeps for itself. */
async function tagsOf(client: Pick<DynamoDBClient, 'send'>, ResourceArn: string) {
  const { Tags = [] } = await client.send(new ListTagsOfResourceCommand({ ResourceArn }));
  return Tags.filter(({ Key }) => !Key?.startsWith('aws:'));
}

async function setTags(
  client: Pick<DynamoDBClient, 'send'>,
  ResourceArn: string,
  wanted: Awaited<ReturnType<typeof tagsOf>>,
) {
  if (wanted.length > 0) await client.send(new TagResourceCommand({ ResourceArn, Tags: wanted }));
}

/** Undefined in place of the one error that says that there is nothing to do. */
const unless =
  (expected: new (...args: never[]) => Error) =>
  (error: unknown): undefined => {
    if (error instanceof expected) return undefined;
    throw error;
  };

const isNamed = (error: unknown, name: RegExp): error is DynamoDBServiceException =>
  error instanceof DynamoDBServiceException && name.test(error.name);
