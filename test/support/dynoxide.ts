import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { CreateTableCommand, DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { type TableDeclaration, type TableName, tables } from '../../lambdas/platform/tables.ts';

/** A DynamoDB for one test file: dynoxide in memory, or the one that `VERN_DYNAMODB_ENDPOINT` names. */
export interface TestDynamoDb {
  readonly client: DynamoDBClient;
  readonly endpoint: string;
  /** Fresh tables under names of their own. */
  createTables(): Promise<Record<TableName, string>>;
  stop(): Promise<void>;
}

const START_TRIES_MAX = 200;
let tableSets = 0;

export async function startDynamoDb(): Promise<TestDynamoDb> {
  const elsewhere = process.env['VERN_DYNAMODB_ENDPOINT'];
  const started = elsewhere ? undefined : await startDynoxide();
  const endpoint = elsewhere ?? started!.endpoint;
  const client = new DynamoDBClient({
    endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    ...(started && { signer: unsigned }),
  });
  // What they write down or add to a request nobody reads here, and it is a tenth of a call.
  for (const step of ['loggerMiddleware', 'getUserAgentMiddleware', 'recursionDetectionMiddleware']) {
    client.middlewareStack.remove(step);
  }
  return {
    client,
    endpoint,
    async createTables() {
      const prefix = `vern-test-${process.pid}-${++tableSets}`;
      const names = Object.keys(tables).map((name) => [name, `${prefix}-${name}`] as const);
      await Promise.all(
        names.map(([name, TableName]) => client.send(createTable(TableName, tables[name as TableName]))),
      );
      return Object.fromEntries(names) as Record<TableName, string>;
    },
    async stop() {
      client.destroy();
      started?.process.kill('SIGKILL');
    },
  };
}

/** The engine checks no signature, and working one out takes two fifths of a call's CPU. It wants to see that there is one. */
const unsigned: Signer = {
  async sign(request) {
    request.headers['authorization'] =
      'AWS4-HMAC-SHA256 Credential=test/20260101/eu-west-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0';
    request.headers['x-amz-date'] = '20260101T000000Z';
    return request;
  },
};
type Signer = Extract<NonNullable<DynamoDBClientConfig['signer']>, object>;

function createTable(TableName: string, { indexes = {} }: TableDeclaration) {
  const keysOf = (partitionKey: string, sortKey: string) => [
    { AttributeName: partitionKey, KeyType: 'HASH' as const },
    { AttributeName: sortKey, KeyType: 'RANGE' as const },
  ];
  const GlobalSecondaryIndexes = Object.entries(indexes).map(([IndexName, { partitionKey, sortKey, projection }]) => ({
    IndexName,
    KeySchema: keysOf(partitionKey, sortKey),
    Projection: { ProjectionType: projection },
  }));
  const attributes = new Set(['pk', 'sk', ...Object.values(indexes).flatMap((it) => [it.partitionKey, it.sortKey])]);
  return new CreateTableCommand({
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [...attributes].map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const })),
    KeySchema: keysOf('pk', 'sk'),
    ...(GlobalSecondaryIndexes.length > 0 && { GlobalSecondaryIndexes }),
  });
}

async function startDynoxide(): Promise<{ endpoint: string; process: ChildProcess }> {
  const binary = join(dirname(createRequire(import.meta.url).resolve('@dynoxide/linux-x64/package.json')), 'dynoxide');
  const port = await freePort();
  const child = spawn(binary, ['serve', '--host', '127.0.0.1', '--port', String(port)], { stdio: 'ignore' });
  const endpoint = `http://127.0.0.1:${port}`;
  process.once('exit', () => child.kill('SIGKILL'));
  for (let attempt = 0; attempt < START_TRIES_MAX; attempt++) {
    const answered = await fetch(endpoint).then(
      () => true,
      () => false,
    );
    if (answered) return { endpoint, process: child };
    await new Promise((done) => setTimeout(done, 20));
  }
  throw new Error('dynoxide did not start');
}

function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const server = createServer();
    server.once('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (address && typeof address === 'object' ? done(address.port) : failed(new Error('no port'))));
    });
  });
}
