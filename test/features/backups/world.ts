import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
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
import { type BackupFiles, backupFiles } from '../../../lambdas/platform/backup-files.ts';
import { tableExports } from '../../../lambdas/platform/table-export.ts';
import { poolListing } from '../../../lambdas/platform/user-directory.ts';
import type { TestDynamoDb } from '../../support/dynoxide.ts';
import { aCall, aStore } from '../../support/store.ts';
import { someBuckets } from './buckets.ts';

type Fate = 'completes' | 'fails' | 'is slow';

/** The three workers of the backups, with Cognito, S3 and DynamoDB's exports as the outside world that they are. */
export async function aWorld(tables: TestDynamoDb) {
  const store = await aStore(tables.client, await tables.createTables(), ['operator']);
  const now = () => store.clock;
  const s3 = someBuckets(() => now().getTime());
  const backup = backupFiles(s3.client, 'backups');
  const uploaded = backupFiles(s3.client, 'files');
  const offline = backupFiles(s3.client, 'offline');
  /** A second region, once a test has put it there. */
  const elsewhere: BackupFiles[] = [];
  const dynamoDb = aDynamoDb(now, backup);
  const log: Readonly<Record<string, unknown>>[] = [];
  const openCall = () => aCall(store);
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
    uploaded,
    backup,
    offline,
    elsewhere,
    dynamoDb,
    log,
    register,
    now,
    store,
    openCall,
    cognito,
    at: (instant: string) => {
      store.clock = new Date(instant);
    },
    pass: (days: number) => {
      store.clock = new Date(now().getTime() + days * DAY_MILLISECONDS);
    },
    exportTables: (generation = 1) => exportDays({ exports, files: backup, generation, ...common }),
    /** `parts`: as many as there is time for. */
    listUsers: (parts = Number.POSITIVE_INFINITY) => {
      partsLeft = parts;
      const pool = poolListing('pool', cognito.client);
      // Asked once for the day, and before each part.
      return snapshotDays({ pool, files: backup, openCall, hasTimeLeft: () => partsLeft-- > 0 });
    },
    keep: (options: { hasTimeLeft?: () => boolean } = {}) =>
      keepBackups({ uploaded, backup, offline, elsewhere, register, hasTimeLeft: () => true, ...common, ...options }),
    async aDayPasses() {
      await world.exportTables();
      await world.dynamoDb.settled();
      await world.listUsers();
      await world.keep();
    },
    metrics: () => log.map(({ metric }) => metric),
  };
  return world;
}
export type World = Awaited<ReturnType<typeof aWorld>>;

function aDynamoDb(now: () => Date, bucket: Pick<BackupFiles, 'put'>) {
  const begun = new Map<string, { status: string; token: string | undefined }>();
  const writing: Promise<unknown>[] = [];
  const dynamoDb = {
    fates: {} as Record<string, Fate>,
    /** Nothing before it can be exported. */
    earliest: 0,
    /** The items of each data file. */
    files: { core: [['org_1#per_1', 'org_1#per_2']] } as Record<string, string[][]>,
    asked: [] as ExportTableToPointInTimeCommand['input'][],
    settled: () => Promise.all(writing),
    client: {
      async send(command: unknown) {
        if (command instanceof DescribeExportCommand)
          return { ExportDescription: { ExportStatus: begun.get(command.input.ExportArn!)?.status } };
        const { input } = command as ExportTableToPointInTimeCommand;
        if (Number(input.ExportTime) < dynamoDb.earliest) {
          throw new InvalidExportTimeException({ message: '', $metadata: {} });
        }
        dynamoDb.asked.push(input);
        const known = [...begun].find(([, { token }]) => token === input.ClientToken);
        if (known) return { ExportDescription: { ExportArn: known[0] } };
        const table = /table\/(\w+)-/.exec(input.TableArn!)![1]!;
        const ExportArn = `${input.TableArn}/export/0${now().getTime()}-${begun.size}`;
        const fate = dynamoDb.fates[table] ?? 'completes';
        const status = { completes: 'COMPLETED', fails: 'FAILED', 'is slow': 'IN_PROGRESS' }[fate];
        begun.set(ExportArn, { status, token: input.ClientToken });
        if (fate === 'completes') writing.push(write(ExportArn, dynamoDb.files[table] ?? [], input));
        return { ExportDescription: { ExportArn } };
      },
    } as unknown as Pick<DynamoDBClient, 'send'>,
  };
  return dynamoDb;

  /** As AWS writes it (developer guide, "DynamoDB table export output format"). */
  async function write(exportArn: string, files: string[][], input: ExportTableToPointInTimeCommand['input']) {
    const folder = `${input.S3Prefix}/AWSDynamoDB/${exportArn.split('/').at(-1)}`;
    const lines: string[] = [];
    for (const [i, items] of files.entries()) {
      const data = gzipSync(items.map((pk) => `${JSON.stringify({ Item: { pk: { S: pk } } })}\n`).join(''));
      const dataFileS3Key = `${folder}/data/${i}.json.gz`;
      await bucket.put(dataFileS3Key, data);
      lines.push(`${JSON.stringify({ itemCount: items.length, etag: md5(data, 'hex'), dataFileS3Key })}\n`);
    }
    const summary = {
      exportArn,
      tableArn: input.TableArn,
      exportTime: input.ExportTime?.toISOString(),
      manifestFilesS3Key: `${folder}/manifest-files.json`,
      billedSizeBytes: 0,
      itemCount: files.flat().length,
    };
    for (const [name, text] of [
      ['manifest-files', lines.join('')],
      ['manifest-summary', JSON.stringify(summary)],
    ] as const) {
      await bucket.put(`${folder}/${name}.json`, text);
      await bucket.put(`${folder}/${name}.checksum`, md5(text, 'base64'));
    }
  }
}
const md5 = (content: string | Uint8Array, encoding: 'hex' | 'base64') =>
  createHash('md5').update(content).digest(encoding);

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
