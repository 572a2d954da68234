import { generateKeyPairSync, sign } from 'node:crypto';
import { type DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { ulid } from 'ulid';
import type { Eraser } from '../../../lambdas/features/erasure/eraser.ts';
import { type Erasure, erasureRef, isDependant, type Place } from '../../../lambdas/features/erasure/erasure.ts';
import { type ErasureOrder, orderErasure } from '../../../lambdas/features/erasure/order.ts';
import { runErasure } from '../../../lambdas/features/erasure/run.ts';
import type { OrganisationId } from '../../../lambdas/http/ids.ts';
import type { Files } from '../../../lambdas/platform/files.ts';
import { keyFences } from '../../../lambdas/platform/key-fences.ts';
import { openRecords } from '../../../lambdas/platform/open-records.ts';
import { partitionRows } from '../../../lambdas/platform/partition-rows.ts';
import type { RecoveryFacts } from '../../../lambdas/platform/recovery-window.ts';
import { type TableName, tables } from '../../../lambdas/platform/tables.ts';
import type { TestDynamoDb } from '../../support/dynoxide.ts';
import { anOrganisation } from '../../support/service.ts';
import { aCall, anId, aStore, type TestStore } from '../../support/store.ts';
import { aUserPool } from '../../support/user-pool.ts';

/** S3, as the outside world that it is: what lies in a bucket, by key. */
export function aBucket() {
  const contents = new Map<string, Date>();
  const files: Pick<Files, 'list' | 'remove'> = {
    list: async (prefix) =>
      [...contents].flatMap(([key, lastModified]) => (key.startsWith(prefix) ? [{ key, lastModified }] : [])),
    async remove(key) {
      contents.delete(key);
    },
  };
  return { contents, ...files };
}

/** SES's suppression list, case-exact as the real one. */
export function aSuppressionList() {
  const addresses = new Set<string>();
  return {
    addresses,
    holds: async (address: string) => addresses.has(address),
    async remove(address: string) {
      addresses.delete(address);
    },
  };
}

/** SNS's endpoints, by their ARNs. */
function someEndpoints() {
  const arns = new Set<string>();
  return {
    arns,
    exists: async (arn: string) => arns.has(arn),
    async remove(arn: string) {
      arns.delete(arn);
    },
  };
}

export interface World {
  readonly client: Pick<DynamoDBClient, 'send'>;
  readonly store: TestStore;
  readonly organisationId: OrganisationId;
  readonly eraser: Eraser;
  readonly users: ReturnType<typeof aUserPool>;
  readonly suppression: ReturnType<typeof aSuppressionList>;
  readonly endpoints: ReturnType<typeof someEndpoints>;
  readonly exports: ReturnType<typeof aBucket>;
  readonly downloads: ReturnType<typeof aBucket>;
  readonly files: ReturnType<typeof aBucket>;
  readonly log: Record<string, string | number>[];
  /** What AWS says of the tables of keys; a test replaces it. */
  recovery: RecoveryFacts;
  readonly spki: string;
  order(order: Omit<ErasureOrder, 'id'>): Promise<Place>;
  run(place: Place): Promise<'closed' | 'waiting'>;
  erasure(place: Place): Promise<Erasure>;
  /** Every row of a table, as it lies there. */
  rows(table: TableName): Promise<Record<string, unknown>[]>;
  /** Rows of all tables whose keys or attributes name one of the ids. */
  naming(...ids: string[]): Promise<{ table: TableName; pk: string; sk: string }[]>;
  putRaw(table: TableName, row: { pk: string; sk: string } & Record<string, unknown>): Promise<void>;
}

export const nothingToRestore = (after: string): RecoveryFacts => ({
  tables: [
    { table: 'keys', earliestRestorableAt: after },
    { table: 'mirror', earliestRestorableAt: after },
  ],
  backups: [],
  copies: [],
});

/** A kindergarten and the worker that erases, on fresh tables; the client may be one that fails. */
export async function aWorld(db: TestDynamoDb, client: Pick<DynamoDBClient, 'send'> = db.client): Promise<World> {
  const tableNames = await db.createTables();
  const store = await aStore(client, tableNames, ['operator']);
  const { id: organisationId } = await anOrganisation(store);
  const users = aUserPool();
  const suppression = aSuppressionList();
  const endpoints = someEndpoints();
  const [exports, downloads, files] = [aBucket(), aBucket(), aBucket()];
  const log: World['log'] = [];
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const rowsOf = async (table: TableName) => {
    const { Items = [] } = await db.client.send(
      new ScanCommand({ TableName: tableNames[table], ConsistentRead: true }),
    );
    return Items.map((item) => unmarshall(item));
  };
  const world: World = {
    client,
    store,
    organisationId,
    users,
    suppression,
    endpoints,
    exports,
    downloads,
    files,
    log,
    recovery: {
      tables: [{ table: 'keys', earliestRestorableAt: '2000-01-01T00:00:00.000Z' }],
      backups: [],
      copies: [],
    },
    spki: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
    eraser: {
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
      suppression,
      endpoints,
      exports,
      downloads,
      files,
      recoveryFacts: async () => world.recovery,
      signer: {
        sign: async (bytes) => ({
          keyId: 'signing-key',
          signature: sign('sha256', bytes, privateKey).toString('base64url'),
        }),
      },
      hasTimeLeft: () => true,
      log: (line) => log.push({ ...line }),
    },
    async order(order) {
      const id = anId('ers');
      const change = aCall(store).records.change();
      orderErasure(change, { ...order, id }, store.now());
      await change.activity({ event: 'erasure.ordered', subject: order.owner, about: [id] }).commit();
      return { id, owner: order.owner, holder: isDependant(order.owner) ? order.of! : order.owner };
    },
    run: (place) => runErasure(place, world.eraser),
    async erasure(place) {
      const stored = await aCall(store).records.get(erasureRef(place));
      return stored!.value;
    },
    rows: rowsOf,
    async naming(...ids) {
      const text = (row: unknown) => JSON.stringify(row, (_, value) => (value instanceof Uint8Array ? '' : value));
      const found = await Promise.all(
        (Object.keys(tables) as TableName[]).map(async (table) =>
          (await rowsOf(table))
            .filter((row) => ids.some((id) => text(row).includes(id)))
            .map(({ pk, sk }) => ({ table, pk: String(pk), sk: String(sk) })),
        ),
      );
      return found.flat();
    },
    async putRaw(table, row) {
      await db.client.send(new PutItemCommand({ TableName: tableNames[table], Item: marshall(row) }));
    },
  };
  return world;
}

/** What may be left of an erased person: the log and the ledger of ids, fences, and what the law keeps. */
export const isAllowedToStay = ({ table, pk, sk }: { table: TableName; pk: string; sk: string }): boolean =>
  table === 'activity' ||
  table === 'keys' ||
  table === 'mirror' ||
  pk.endsWith('#LEDGER') ||
  pk.endsWith('#FORMER-USERS') ||
  /^(ERASURE#|ERASURES$|EVIDENCE-DUE$|ERASURE-FENCES#|ERASURE-JOB#)/.test(pk) ||
  (table === 'rights' && /^(ERASURE|REQUEST|REGISTRATION|UNDERTAKING|LEGAL-HOLD)#/.test(sk));
