import { createHmac, sign, timingSafeEqual, verify } from 'node:crypto';
import * as z from 'zod';
import { DIGEST_BYTES, publicKeyOf, signDigest, verifyDigest } from './ecdsa.ts';
import {
  algorithmOf,
  bytes,
  CIPHERTEXT_BYTES_MAX,
  keyReference,
  operation,
  PLAINTEXT_BYTES_MAX,
  secretOf,
  usableKey,
} from './operation.ts';
import { KmsProblem } from './problem.ts';

const Message = bytes(1, PLAINTEXT_BYTES_MAX);
const MacInput = z.object({ KeyId: keyReference, Message, MacAlgorithm: z.string() });

const SignInput = z.object({
  KeyId: keyReference,
  Message,
  MessageType: z.enum(['RAW', 'DIGEST']).default('RAW'),
  SigningAlgorithm: z.string(),
});

export const signingOperations = {
  GenerateMac: operation(MacInput, (input, kms) => {
    const key = usableKey(kms, input.KeyId, 'GENERATE_VERIFY_MAC');
    const algorithm = algorithmOf(key, input.MacAlgorithm);
    const mac = macOf(algorithm, secretOf(key)!, input.Message);
    return { Mac: mac.toString('base64'), MacAlgorithm: algorithm, KeyId: key.arn };
  }),

  VerifyMac: operation(MacInput.extend({ Mac: bytes(1, CIPHERTEXT_BYTES_MAX) }), (input, kms) => {
    const key = usableKey(kms, input.KeyId, 'GENERATE_VERIFY_MAC');
    const algorithm = algorithmOf(key, input.MacAlgorithm);
    const mac = macOf(algorithm, secretOf(key)!, input.Message);
    const isValid = mac.length === input.Mac.length && timingSafeEqual(mac, input.Mac);
    if (!isValid) throw new KmsProblem('KMSInvalidMacException');
    return { KeyId: key.arn, MacValid: true, MacAlgorithm: algorithm };
  }),

  Sign: operation(SignInput, (input, kms) => {
    const key = usableKey(kms, input.KeyId, 'SIGN_VERIFY');
    const algorithm = algorithmOf(key, input.SigningAlgorithm);
    demandDigestLength(input);
    const pkcs8 = secretOf(key)!;
    const signature =
      input.MessageType === 'DIGEST'
        ? signDigest(input.Message, pkcs8)
        : sign('sha256', input.Message, { key: pkcs8, format: 'der', type: 'pkcs8' });
    return { KeyId: key.arn, Signature: signature.toString('base64'), SigningAlgorithm: algorithm };
  }),

  Verify: operation(SignInput.extend({ Signature: bytes(1, CIPHERTEXT_BYTES_MAX) }), (input, kms) => {
    const key = usableKey(kms, input.KeyId, 'SIGN_VERIFY');
    const algorithm = algorithmOf(key, input.SigningAlgorithm);
    demandDigestLength(input);
    const publicKey = publicKeyOf(secretOf(key)!);
    const isValid =
      input.MessageType === 'DIGEST'
        ? verifyDigest(input.Message, input.Signature, publicKey)
        : verify('sha256', input.Message, publicKey, input.Signature);
    if (!isValid) throw new KmsProblem('KMSInvalidSignatureException');
    return { KeyId: key.arn, SignatureValid: true, SigningAlgorithm: algorithm };
  }),

  GetPublicKey: operation(z.object({ KeyId: keyReference }), (input, kms) => {
    const key = usableKey(kms, input.KeyId, 'SIGN_VERIFY');
    return {
      KeyId: key.arn,
      PublicKey: publicKeyOf(secretOf(key)!).export({ format: 'der', type: 'spki' }).toString('base64'),
      KeySpec: key.spec,
      CustomerMasterKeySpec: key.spec,
      KeyUsage: key.usage,
      SigningAlgorithms: ['ECDSA_SHA_256'],
    };
  }),
};

function macOf(algorithm: string, secret: Buffer, message: Buffer): Buffer {
  return createHmac(algorithm.replace('HMAC_SHA_', 'sha'), secret).update(message).digest();
}

function demandDigestLength({ MessageType, Message: digest }: z.output<typeof SignInput>): void {
  if (MessageType === 'RAW' || digest.length === DIGEST_BYTES) return;
  throw new KmsProblem('ValidationException', 'Digest is invalid length for algorithm ECDSA_SHA_256.');
}
