import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { type EncryptionContext, invalid, keyVersionOf, open, seal } from './ciphertext.ts';
import type { Key } from './key-store.ts';
import {
  bytes,
  CIPHERTEXT_BYTES_MAX,
  demandEnabled,
  demandUsage,
  type Kms,
  keyReference,
  operation,
  PLAINTEXT_BYTES_MAX,
  secretOf,
  usableKey,
} from './operation.ts';
import { KmsProblem } from './problem.ts';

const Context = z.record(z.string(), z.string()).default({});
const EncryptionAlgorithm = z.literal('SYMMETRIC_DEFAULT').default('SYMMETRIC_DEFAULT');
const Ciphertext = bytes(1, CIPHERTEXT_BYTES_MAX);
const DATA_KEY_BYTES_MAX = 1024;

const DataKeyInput = z
  .object({
    KeyId: keyReference,
    KeySpec: z.enum(['AES_128', 'AES_256']).optional(),
    NumberOfBytes: z.int().min(1).max(DATA_KEY_BYTES_MAX).optional(),
    EncryptionContext: Context,
  })
  .refine((input) => (input.KeySpec === undefined) !== (input.NumberOfBytes === undefined), {
    message: 'Please specify either number of bytes or key spec.',
  });

export const encryptionOperations = {
  Encrypt: operation(
    z.object({
      KeyId: keyReference,
      Plaintext: bytes(1, PLAINTEXT_BYTES_MAX),
      EncryptionContext: Context,
      EncryptionAlgorithm,
    }),
    (input, kms) => {
      const key = usableKey(kms, input.KeyId, 'ENCRYPT_DECRYPT');
      return {
        CiphertextBlob: sealed(kms, key, input.Plaintext, input.EncryptionContext),
        KeyId: key.arn,
        EncryptionAlgorithm: input.EncryptionAlgorithm,
      };
    },
  ),

  Decrypt: operation(
    z.object({
      CiphertextBlob: Ciphertext,
      KeyId: keyReference.optional(),
      EncryptionContext: Context,
      EncryptionAlgorithm,
    }),
    (input, kms) => {
      const { key, plaintext } = opened(kms, input.CiphertextBlob, input.KeyId, input.EncryptionContext);
      return {
        KeyId: key.arn,
        Plaintext: plaintext.toString('base64'),
        EncryptionAlgorithm: input.EncryptionAlgorithm,
      };
    },
  ),

  ReEncrypt: operation(
    z.object({
      CiphertextBlob: Ciphertext,
      SourceKeyId: keyReference.optional(),
      SourceEncryptionContext: Context,
      SourceEncryptionAlgorithm: EncryptionAlgorithm,
      DestinationKeyId: keyReference,
      DestinationEncryptionContext: Context,
      DestinationEncryptionAlgorithm: EncryptionAlgorithm,
    }),
    (input, kms) => {
      const source = opened(kms, input.CiphertextBlob, input.SourceKeyId, input.SourceEncryptionContext);
      const destination = usableKey(kms, input.DestinationKeyId, 'ENCRYPT_DECRYPT');
      return {
        CiphertextBlob: sealed(kms, destination, source.plaintext, input.DestinationEncryptionContext),
        SourceKeyId: source.key.arn,
        KeyId: destination.arn,
        SourceEncryptionAlgorithm: input.SourceEncryptionAlgorithm,
        DestinationEncryptionAlgorithm: input.DestinationEncryptionAlgorithm,
      };
    },
  ),

  GenerateDataKey: operation(DataKeyInput, (input, kms) => {
    const { dataKey, ...answer } = wrappedDataKey(kms, input);
    return { ...answer, Plaintext: dataKey.toString('base64') };
  }),

  GenerateDataKeyWithoutPlaintext: operation(DataKeyInput, (input, kms) => {
    const { dataKey: _, ...answer } = wrappedDataKey(kms, input);
    return answer;
  }),

  GenerateRandom: operation(z.object({ NumberOfBytes: z.int().min(1).max(DATA_KEY_BYTES_MAX) }), (input) => ({
    Plaintext: randomBytes(input.NumberOfBytes).toString('base64'),
  })),
};

function wrappedDataKey(kms: Kms, input: z.output<typeof DataKeyInput>) {
  const key = usableKey(kms, input.KeyId, 'ENCRYPT_DECRYPT');
  const dataKey = randomBytes(input.NumberOfBytes ?? (input.KeySpec === 'AES_128' ? 16 : 32));
  return { dataKey, CiphertextBlob: sealed(kms, key, dataKey, input.EncryptionContext), KeyId: key.arn };
}

function sealed({ store }: Kms, key: Key, plaintext: Buffer, context: EncryptionContext): string {
  const version = store.currentVersion(key);
  return seal(plaintext, secretOf(key, version)!, { keyId: key.keyId, version }, context).toString('base64');
}

function opened(kms: Kms, ciphertext: Buffer, reference: string | undefined, context: EncryptionContext) {
  // A named key is looked up first: an unknown one is NotFound even when the ciphertext is none of ours.
  const expected = reference === undefined ? undefined : kms.store.find(reference);
  if (expected) demandUsage(expected, 'ENCRYPT_DECRYPT');
  const { keyId, version } = keyVersionOf(ciphertext);
  const key = kms.store.peek(keyId);
  if (!key) throw invalid();
  if (expected && expected.keyId !== keyId) {
    throw new KmsProblem(
      'IncorrectKeyException',
      'The key ID in the request does not identify a CMK that can perform this operation.',
    );
  }
  demandEnabled(key);
  const secret = secretOf(key, version);
  if (key.usage !== 'ENCRYPT_DECRYPT' || !secret) throw invalid();
  return { key, plaintext: open(ciphertext, secret, context) };
}
