import { createCipheriv, createDecipheriv, randomBytes, randomFillSync } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DecryptCommand, GenerateDataKeyCommand, type KMSClient } from '@aws-sdk/client-kms';
import { ulid } from 'ulid';
import { entryHash } from '../../lambdas/features/transparency/leaf.ts';
import type { Call, RoleCaller } from '../../lambdas/http/call.ts';
import type { Id, IdPrefix } from '../../lambdas/http/ids.ts';
import { activityChains } from '../../lambdas/platform/activity-chain.ts';
import { dynamo } from '../../lambdas/platform/dynamo.ts';
import type { ControllerId } from '../../lambdas/platform/entity.ts';
import { keyRing } from '../../lambdas/platform/key-ring.ts';
import { openRecords, type Store } from '../../lambdas/platform/open-records.ts';
import type { TableName } from '../../lambdas/platform/tables.ts';

/** Random bytes a thousand at a time: the library asks the system for each of its sixteen letters. */
const pool = { bytes: Buffer.alloc(1024), left: 0 };
function fraction(): number {
  if (pool.left === 0) pool.left = randomFillSync(pool.bytes).length;
  pool.left -= 1;
  return pool.bytes[pool.left]! / 256;
}

export const anId = <P extends IdPrefix>(prefix: P) => `${prefix}_${ulid(undefined, fraction).toLowerCase()}` as Id<P>;

/** KMS as the outside world that it is: one key, encryption context as AAD, calls counted. */
export function fakeKms() {
  const key = randomBytes(32);
  const calls = { decrypt: 0, generate: 0 };
  const aad = (context: Record<string, string> | undefined) =>
    Buffer.from(JSON.stringify(Object.entries(context ?? {}).sort()));
  const kms = {
    async send(command: unknown) {
      if (command instanceof GenerateDataKeyCommand) {
        calls.generate++;
        const Plaintext = randomBytes(32);
        const nonce = randomBytes(12);
        const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(aad(command.input.EncryptionContext));
        const body = Buffer.concat([cipher.update(Plaintext), cipher.final()]);
        return { Plaintext, CiphertextBlob: Buffer.concat([nonce, body, cipher.getAuthTag()]) };
      }
      if (command instanceof DecryptCommand) {
        calls.decrypt++;
        const blob = Buffer.from(command.input.CiphertextBlob!);
        const decipher = createDecipheriv('aes-256-gcm', key, blob.subarray(0, 12)).setAAD(
          aad(command.input.EncryptionContext),
        );
        decipher.setAuthTag(blob.subarray(-16));
        return { Plaintext: Buffer.concat([decipher.update(blob.subarray(12, -16)), decipher.final()]) };
      }
      throw new Error('an unexpected call to KMS');
    },
  } as unknown as Pick<KMSClient, 'send'>;
  return { kms, calls };
}

export interface TestStore extends Store {
  readonly tableNames: Record<TableName, string>;
  readonly kmsCalls: { decrypt: number; generate: number };
  /** The store's clock; a test moves it by assigning. */
  clock: Date;
}

/** A store on fresh tables; `controllers` get their keys. */
export async function aStore(
  client: Pick<DynamoDBClient, 'send'>,
  tableNames: Record<TableName, string>,
  controllers: readonly ControllerId[],
): Promise<TestStore> {
  const { kms, calls } = fakeKms();
  const state = { clock: new Date('2026-11-23T07:00:00Z') };
  const ring = keyRing({
    dynamo: client,
    kms,
    keysTable: tableNames.keys,
    kmsKeyId: 'key',
    now: () => state.clock.getTime(),
  });
  for (const controller of controllers) await ring.create(controller);
  return {
    dynamo: dynamo(client),
    ring,
    chains: activityChains(entryHash),
    tableNames,
    kmsCalls: calls,
    now: () => state.clock,
    get clock() {
      return state.clock;
    },
    set clock(now: Date) {
      state.clock = now;
    },
  };
}

/** A call as a handler gets it; a fresh `records` each time, as in each request. */
export function aCall(store: TestStore, role?: Partial<RoleCaller>): Call {
  const accountId = anId('acc');
  const requestId = ulid(undefined, fraction);
  return {
    requestId,
    now: store.now(),
    language: 'nb',
    account: {
      accountId,
      sub: 'sub',
      originJti: 'origin',
      authTimeEpochSeconds: store.now().getTime() / 1000,
      accessToken: 'token',
    },
    ...(role && {
      role: {
        roleId: anId('rol'),
        role: 'leader',
        scope: { kind: 'organisation' },
        organisationId: 'operator',
        personId: anId('per'),
        otherPersonIds: [],
        ...role,
      },
    }),
    origin: { sourceIp: '127.0.0.1', userAgent: 'test' },
    newId: anId,
    records: openRecords(store, { requestId, actor: accountId, newEventId: () => anId('evt') }),
  };
}
