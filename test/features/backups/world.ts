import {
  type CognitoIdentityProviderClient,
  InvalidParameterException,
  type ListUsersCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import {
  DescribeExportCommand,
  type DynamoDBClient,
  type ExportTableToPointInTimeCommand,
  InvalidExportTimeException,
} from '@aws-sdk/client-dynamodb';
import { DAY_MILLISECONDS } from '../../../lambdas/features/backups/backup.ts';
import { exportDays } from '../../../lambdas/features/backups/export-days.ts';
import { keepBackups } from '../../../lambdas/features/backups/keep.ts';
import { snapshotDays } from '../../../lambdas/features/backups/snapshot-users.ts';
import { backupRegister } from '../../../lambdas/features/backups/store.ts';
import { backupFiles } from '../../../lambdas/platform/backup-files.ts';
import { tableExports } from '../../../lambdas/platform/table-export.ts';
import { poolListing } from '../../../lambdas/platform/user-directory.ts';
import { newExportArn, writeExport } from '../../../local/dynamodb/exports.ts';
import { aServer } from '../../local/s3/harness.ts';
import type { TestDynamoDb } from '../../support/dynoxide.ts';
import { aCall, aStore } from '../../support/store.ts';

const lifecycle = {
  VersioningConfiguration: { Status: 'Enabled' },
  LifecycleConfiguration: {
    Rules: [
      { Status: 'Enabled', ExpirationInDays: 83, NoncurrentVersionExpiration: { NoncurrentDays: 1 } },
      { Status: 'Enabled', ExpiredObjectDeleteMarker: true },
    ],
  },
};
const lock = {
  ObjectLockEnabled: true,
  ObjectLockConfiguration: {
    ObjectLockEnabled: 'Enabled',
    Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 82 } },
  },
};

type Fate = 'completes' | 'fails' | 'is slow';

/** S3 and DynamoDB as the outside world that they are: buckets with versions and locks, exports in DynamoDB's own format. */
export async function aWorld(tables: TestDynamoDb, { isLifecycleOn = true } = {}) {
  const { LifecycleConfiguration: _, ...unruled } = lifecycle;
  const rules = isLifecycleOn ? lifecycle : unruled;
  const s3 = await aServer({ BucketName: 'backups', ...rules }, { BucketName: 'offline', ...rules, ...lock });
  const backup = backupFiles(s3.client, 'backups');
  const offline = backupFiles(s3.client, 'offline');
  const dynamoDb = aDynamoDb(s3, { put: (Bucket, Key, Body) => backupFiles(s3.client, Bucket).put(Key, Body) });
  const log: Readonly<Record<string, unknown>>[] = [];
  const now = () => new Date(s3.clock.now());
  const store = await aStore(tables.client, await tables.createTables(), ['operator']);
  const openCall = () => {
    store.clock = now();
    return aCall(store);
  };
  const cognito = aCognito();
  const common = { now, log: (line: Readonly<Record<string, unknown>>) => void log.push(line) };
  const exports = tableExports(
    dynamoDb.client,
    Object.fromEntries(['core', 'activity', 'rights'].map((table) => [table, `arn:aws:dynamodb:table/${table}-g1`])),
    { bucket: 'backups', keyArn: 'arn:aws:kms:key' },
  );
  const register = backupRegister(openCall);
  let partsLeft = Number.POSITIVE_INFINITY;
  const world = {
    s3,
    backup,
    offline,
    dynamoDb,
    log,
    register,
    now,
    store,
    openCall,
    cognito,
    at: (instant: string) => s3.setTime(Date.parse(instant)),
    pass: (days: number) => s3.setTime(s3.clock.now() + days * DAY_MILLISECONDS),
    exportTables: (generation = 1) => exportDays({ exports, files: backup, generation, ...common }),
    /** `parts`: as many as there is time for. */
    listUsers: (parts = Number.POSITIVE_INFINITY) => {
      partsLeft = parts;
      const pool = poolListing('pool', cognito.client);
      // Asked once for the day, and before each part.
      return snapshotDays({ pool, files: backup, openCall, hasTimeLeft: () => partsLeft-- > 0 });
    },
    keep: (options: { hasTimeLeft?: () => boolean } = {}) =>
      keepBackups({ backup, offline, register, hasTimeLeft: () => true, ...common, ...options }),
    async aDayPasses() {
      await world.exportTables();
      await world.dynamoDb.settled();
      await world.listUsers();
      await world.keep();
    },
    metrics: () => log.map(({ metric }) => metric),
    end: () => s3.end(),
  };
  return world;
}
export type World = Awaited<ReturnType<typeof aWorld>>;

function aDynamoDb(
  s3: { clock: { now(): number } },
  objects: { put: (b: string, k: string, c: Buffer) => Promise<void> },
) {
  const begun = new Map<string, { status: string; token: string; exportTime: number }>();
  const writing: Promise<unknown>[] = [];
  const dynamoDb = {
    fates: {} as Record<string, Fate>,
    /** Nothing before it can be exported. */
    earliest: 0,
    items: { core: [{ pk: { S: 'org_1#per_1' } }, { pk: { S: 'org_1#per_2' } }] } as Record<string, unknown[]>,
    asked: [] as ExportTableToPointInTimeCommand['input'][],
    settled: () => Promise.all(writing),
    client: {
      async send(command: unknown) {
        if (command instanceof DescribeExportCommand)
          return { ExportDescription: { ExportStatus: begun.get(command.input.ExportArn!)?.status } };
        const { input } = command as ExportTableToPointInTimeCommand;
        const exportTime = Number(input.ExportTime);
        if (exportTime < dynamoDb.earliest) throw new InvalidExportTimeException({ message: '', $metadata: {} });
        dynamoDb.asked.push(input);
        const table = /table\/(\w+)-/.exec(input.TableArn!)![1]!;
        if (dynamoDb.fates[table] === undefined && !dynamoDb.items[table]) dynamoDb.items[table] = [];
        const known = [...begun].find(([, { token }]) => token === input.ClientToken);
        if (known) return { ExportDescription: { ExportArn: known[0] } };
        const ExportArn = newExportArn(`${table}-g1`, s3.clock.now() + begun.size);
        const fate = dynamoDb.fates[table] ?? 'completes';
        const status = { completes: 'COMPLETED', fails: 'FAILED', 'is slow': 'IN_PROGRESS' }[fate];
        begun.set(ExportArn, { status, token: input.ClientToken!, exportTime });
        if (fate === 'completes') writing.push(write(ExportArn, table, input));
        return { ExportDescription: { ExportArn } };
      },
    } as unknown as Pick<DynamoDBClient, 'send'>,
  };
  return dynamoDb;

  function write(exportArn: string, table: string, input: ExportTableToPointInTimeCommand['input']) {
    const request = {
      tableName: `${table}-g1`,
      tableId: 'id',
      bucket: input.S3Bucket!,
      prefix: input.S3Prefix,
      encryption: { algorithm: 'KMS', kmsKeyId: input.S3SseKmsKeyId },
      clientToken: input.ClientToken,
      startedAt: s3.clock.now(),
      exportTime: Number(input.ExportTime),
    };
    const items = async function* () {
      yield* dynamoDb.items[table] ?? [];
    };
    const unused = { async *list() {}, read: async () => Buffer.alloc(0) };
    return writeExport(exportArn, request, items(), { ...objects, ...unused }, () => s3.clock.now());
  }
}

/** A user of the pool for each page; Cognito forgets where a listing left off when it is told to. */
function aCognito() {
  const cognito = {
    subs: [] as string[],
    forgetsTokens: false,
    client: {
      async send({ input }: ListUsersCommand) {
        if (cognito.forgetsTokens && input.PaginationToken !== undefined) {
          cognito.forgetsTokens = false;
          throw new InvalidParameterException({ message: 'Invalid pagination token', $metadata: {} });
        }
        const at = Number(input.PaginationToken ?? 0);
        const Attributes = [
          { Name: 'sub', Value: cognito.subs[at] },
          { Name: 'email', Value: `${cognito.subs[at]}@example.no` },
        ];
        return {
          Users: at < cognito.subs.length ? [{ Attributes, UserStatus: 'CONFIRMED', Enabled: true }] : [],
          ...(at + 1 < cognito.subs.length && { PaginationToken: String(at + 1) }),
        };
      },
    } as unknown as Pick<CognitoIdentityProviderClient, 'send'>,
  };
  return cognito;
}
