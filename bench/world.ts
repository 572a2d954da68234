import { generateKeyPairSync, sign } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { entryHash } from '../lambdas/features/transparency/leaf.ts';
import { activityChains } from '../lambdas/platform/activity-chain.ts';
import { dynamo } from '../lambdas/platform/dynamo.ts';
import { keyRing } from '../lambdas/platform/key-ring.ts';
import { type TableName, tables } from '../lambdas/platform/tables.ts';
import { realClock } from '../local/clock.ts';
import { keyFromTemplate } from '../local/kms/key.ts';
import { startKms } from '../local/kms/server.ts';
import { startDynamoDb } from '../test/support/dynoxide.ts';
import { anOrganisation, aPerson, someoneWith } from '../test/support/service.ts';
import type { TestStore } from '../test/support/store.ts';

const REGION = 'eu-west-1';
const [USER_POOL_ID, CLIENT_ID] = [`${REGION}_Bench0001`, 'bench-client'];

/** Everything outside a function, on this machine: DynamoDB, KMS, a user pool's keys, and guardians who are signed in. */
export interface World {
  /** What Lambda and the stacks would put into the function's environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** A guardian’s own `GET /v1/me`, each time another’s: what one account may ask in a minute is limited. */
  anEvent(): Promise<object>;
  readonly stop: () => Promise<void>;
}

export async function aWorld(stateDir: string): Promise<World> {
  const database = await startDynamoDb();
  const tableNames = await database.createTables();
  const key = keyFromTemplate('Organisations', {}, { region: REGION, aliases: [] });
  const kms = await startKms({ stateDir, clock: realClock, region: REGION, keys: [key] });
  const pool = await aUserPool();

  const credentials = { accessKeyId: 'bench', secretAccessKey: 'bench' };
  const ring = keyRing({
    ...{ dynamo: database.client, kms: new KMSClient({ endpoint: kms.url, region: REGION, credentials }) },
    ...{ keysTable: tableNames.keys, kmsKeyId: key.keyId, now: () => Date.now() },
  });
  const [now, kmsCalls] = [new Date(), { decrypt: 0, generate: 0 }];
  const chains = activityChains(entryHash);
  const store: TestStore = {
    dynamo: dynamo(database.client),
    ring,
    chains,
    tableNames,
    now: () => now,
    clock: now,
    kmsCalls,
  };
  await ring.create('operator');
  const { id: organisationId } = await anOrganisation(store);
  const peersRow = { pk: { S: 'BENCH' }, sk: { S: 'BENCH' }, payload: { B: new Uint8Array(1024) } };
  await database.client.send(new PutItemCommand({ TableName: tableNames.core, Item: peersRow }));

  return {
    environment: {
      ...{ AWS_REGION: REGION, AWS_ACCESS_KEY_ID: 'bench', AWS_SECRET_ACCESS_KEY: 'bench' },
      ...{ AWS_ENDPOINT_URL_DYNAMODB: database.endpoint, AWS_ENDPOINT_URL_KMS: kms.url, BENCH_USER_POOL: pool.url },
      ...{
        USER_POOL_ID,
        USER_POOL_CLIENT_ID: CLIENT_ID,
        USER_POOL_INTEGRATIONS_CLIENT_ID: 'bench-machines',
        PUBLIC_URL: 'https://vern.test',
      },
      ...Object.fromEntries(Object.entries(tableNames).map(([name, it]) => [tables[name as TableName].env, it])),
    },
    async anEvent() {
      const { id: personId } = await aPerson(store, organisationId, { kind: 'guardian' });
      const { sub } = await someoneWith(store, organisationId, 'guardian', { personId });
      return getMe(pool.tokenFor(sub));
    },
    stop: async () => void (await Promise.all([database.stop(), kms.close(), pool.close()])),
  };
}

/** A user pool's key set over HTTP, and access tokens as Cognito signs them. */
async function aUserPool() {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const keys = [{ ...publicKey.export({ format: 'jwk' }), kid: 'bench', alg: 'RS256', use: 'sig' }];
  const server = createServer((_, response) => response.end(JSON.stringify({ keys })));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => server.close(),
    tokenFor(sub: string): string {
      const seconds = Math.floor(Date.now() / 1000);
      const signed = `${part({ kid: 'bench', alg: 'RS256' })}.${part({
        ...{ sub, iss: `https://cognito-idp.${REGION}.amazonaws.com/${USER_POOL_ID}`, client_id: CLIENT_ID },
        ...{ token_use: 'access', scope: 'aws.cognito.signin.user.admin', jti: 'jti', origin_jti: `origin-${sub}` },
        ...{ iat: seconds, auth_time: seconds, exp: seconds + 3600 },
      })}`;
      return `${signed}.${sign('sha256', Buffer.from(signed), privateKey).toString('base64url')}`;
    },
  };
}

/** API Gateway's event for the guardian's own `GET /v1/me`. */
const getMe = (token: string) => ({
  ...{ version: '2.0', routeKey: 'GET /v1/me', rawPath: '/v1/me', rawQueryString: '', isBase64Encoded: false },
  headers: { authorization: `Bearer ${token}`, accept: 'application/json' },
  requestContext: {
    requestId: 'bench',
    http: { method: 'GET', path: '/v1/me', sourceIp: '203.0.113.7', userAgent: 'bench' },
  },
});
