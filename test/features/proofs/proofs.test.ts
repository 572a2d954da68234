import { createHash, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { GetPublicKeyCommand, type KMSClient, type SignCommand } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { proofHandlers } from '../../../lambdas/features/proofs/handlers.ts';
import { proofRoutes } from '../../../lambdas/features/proofs/routes.ts';
import { kmsSigner } from '../../../lambdas/platform/signing.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aService } from '../../support/service.ts';
import { aStore } from '../../support/store.ts';

let dynamoDb: TestDynamoDb;
beforeAll(async () => {
  dynamoDb = await startDynamoDb();
});
afterAll(() => dynamoDb.stop());

/** KMS as the outside world that it is: a key that never leaves it, calls counted. */
function fakeKms() {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const calls = { publicKey: 0 };
  const KeyId = 'arn:aws:kms:eu-west-1:123456789012:key/the-key';
  const client = {
    async send(command: unknown) {
      if (command instanceof GetPublicKeyCommand) {
        calls.publicKey++;
        if (calls.publicKey === 1) throw new Error('throttled');
        return { KeyId, PublicKey: publicKey.export({ format: 'der', type: 'spki' }) };
      }
      throw new Error('an unexpected call to KMS');
    },
  } as unknown as Pick<KMSClient, 'send'>;
  return { client, calls };
}

describe('the keys of proofs', () => {
  it('KP-12: are public, name no AWS account, and are asked of KMS once', async () => {
    const { client, calls } = fakeKms();
    const store = await aStore(dynamoDb.client, await dynamoDb.createTables(), ['operator']);
    const service = aService(store, proofRoutes, proofHandlers(kmsSigner(client, 'the-key'))).as();
    await expect(service.listProofKeys({})).rejects.toMatchObject({ status: 500 });
    const { body } = await service.listProofKeys({});
    await service.listProofKeys({});
    expect(calls.publicKey).toBe(2);
    expect(body.keys).toMatchObject([{ keyId: 'the-key', algorithm: 'ECDSA_SHA_256' }]);
    const spki = Buffer.from(body.keys[0]!.spki, 'base64');
    expect(createPublicKey({ key: spki, format: 'der', type: 'spki' }).asymmetricKeyType).toBe('ec');
  });

  it('check what is signed, and nothing else', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const digests: Uint8Array[] = [];
    const signer = kmsSigner(
      {
        async send(command: SignCommand) {
          digests.push(command.input.Message!);
          return { Signature: sign('sha256', Buffer.from('a certificate'), privateKey) };
        },
      } as unknown as Pick<KMSClient, 'send'>,
      'the-key',
    );
    const { signature } = await signer.sign(Buffer.from('a certificate'));
    expect(Buffer.from(digests[0]!)).toEqual(createHash('sha256').update('a certificate').digest());
    const bytes = Buffer.from(signature, 'base64url');
    expect(verify('sha256', Buffer.from('a certificate'), publicKey, bytes)).toBe(true);
    expect(verify('sha256', Buffer.from('another one'), publicKey, bytes)).toBe(false);
  });
});
