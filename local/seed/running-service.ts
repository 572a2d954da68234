import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { entryHash } from '../../lambdas/features/transparency/leaf.ts';
import { newId } from '../../lambdas/functions/container.ts';
import { activityChains } from '../../lambdas/platform/activity-chain.ts';
import { dynamo } from '../../lambdas/platform/dynamo.ts';
import { type FileVault, fileVault } from '../../lambdas/platform/file-vault.ts';
import { keyRing } from '../../lambdas/platform/key-ring.ts';
import { openRecords, type Store } from '../../lambdas/platform/open-records.ts';
import type { Records } from '../../lambdas/platform/records.ts';
import { type TableName, tables } from '../../lambdas/platform/tables.ts';
import type { Endpoints } from '../endpoints.ts';
import type { SamplePerson } from '../sample-people.ts';

const STAGE = 'vern-dev';

/** What a seed writes to: the tables, keys and files of a service that is running. */
export interface RunningService {
  readonly endpoints: Endpoints;
  readonly people: readonly SamplePerson[];
  readonly vault: FileVault;
  readonly store: Store;
  records(): Records;
  close(): void;
}

/** Throws with a text for people when no service runs on that state directory. */
export async function runningServiceOf(stateDir: string): Promise<RunningService> {
  const read = (name: string) => {
    const file = join(stateDir, name);
    if (!existsSync(file)) throw new Error(`No service runs on ${stateDir}: begin with npm start`);
    return JSON.parse(readFileSync(file, 'utf8'));
  };
  const endpoints = read('endpoints.json') as Endpoints;
  const people = read('people.json') as SamplePerson[];
  const { region, accessKeyId, secretAccessKey } = endpoints;
  const common = { region, credentials: { accessKeyId, secretAccessKey } };
  const client = new DynamoDBClient({ ...common, endpoint: endpoints.dynamodb });
  const s3 = new S3Client({ ...common, endpoint: endpoints.s3, forcePathStyle: true });
  const kms = new KMSClient({ ...common, endpoint: endpoints.kms });
  const tableNames = await newestTables(client, stateDir);
  const store: Store = {
    dynamo: dynamo(client),
    ring: keyRing({ dynamo: client, kms, keysTable: tableNames.keys, kmsKeyId: undefined, now: () => Date.now() }),
    chains: activityChains(entryHash),
    tableNames,
    now: () => new Date(),
  };
  return {
    endpoints,
    people,
    vault: fileVault(s3, await bucketOfFiles(s3)),
    store,
    records: () => openRecords(store, { requestId: 'seed', actor: 'system:seed', newEventId: () => newId('evt') }),
    close() {
      for (const each of [client, s3, kms]) each.destroy();
    },
  };
}

async function bucketOfFiles(s3: S3Client): Promise<string> {
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
  const found = Buckets.find(({ Name }) => /files/i.test(Name ?? ''))?.Name;
  if (!found) throw new Error('The service has no bucket of files: synthesise it anew');
  return found;
}

/** A restore makes tables of the next generation; the service is on the newest. */
async function newestTables(client: DynamoDBClient, stateDir: string): Promise<Store['tableNames']> {
  const { TableNames = [] } = await client.send(new ListTablesCommand({})).catch(() => {
    throw new Error(`The service on ${stateDir} does not answer: begin with npm start`);
  });
  const newest = (name: string) =>
    TableNames.filter((each) => each === `${STAGE}-${name}` || each.startsWith(`${STAGE}-${name}-g`)).sort(
      (one, other) => generationOf(one) - generationOf(other),
    );
  return Object.fromEntries(
    (Object.keys(tables) as TableName[]).map((name) => [name, newest(name).at(-1) ?? `${name}-is-not-there`]),
  ) as Record<TableName, string>;
}

const generationOf = (name: string) => Number(/-g(\d+)$/.exec(name)?.[1] ?? 0);
