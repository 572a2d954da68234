import * as z from 'zod';
import type { Clock } from '../clock.ts';
import { type KeyUsage, keySpecs } from './key.ts';
import type { Key, KeyStore } from './key-store.ts';
import { KmsProblem } from './problem.ts';

export interface Kms {
  readonly store: KeyStore;
  readonly clock: Clock;
}

/** One KMS operation: what it takes, as JSON 1.1 carries it, and what it answers. */
export interface Operation {
  run(input: unknown, kms: Kms): object;
}

export function operation<Input extends z.ZodType>(
  input: Input,
  run: (input: z.output<Input>, kms: Kms) => object,
): Operation {
  return {
    run(json, kms) {
      const parsed = input.safeParse(json);
      if (!parsed.success) throw new KmsProblem('ValidationException', z.prettifyError(parsed.error));
      return run(parsed.data, kms);
    },
  };
}

export const keyReference = z.string().min(1).max(2048);

/** Bytes, base64 in JSON; the bounds are of the bytes. */
export function bytes(min: number, max: number) {
  return z
    .base64()
    .transform((text) => Buffer.from(text, 'base64'))
    .refine(({ length }) => length >= min && length <= max, `Must have ${min} to ${max} bytes`);
}

export const PLAINTEXT_BYTES_MAX = 4096;
export const CIPHERTEXT_BYTES_MAX = 6144;

/** @throws KmsProblem DisabledException, or KMSInvalidStateException for one that waits for its deletion. */
export function demandEnabled(key: Key): void {
  demandNotPendingDeletion(key);
  if (key.state === 'Disabled') throw new KmsProblem('DisabledException', `${key.arn} is disabled.`);
}

export function demandNotPendingDeletion(key: Key): void {
  if (key.state !== 'PendingDeletion') return;
  throw new KmsProblem('KMSInvalidStateException', `${key.arn} is pending deletion.`);
}

/** The key behind a reference, if it is enabled and made for this usage. */
export function usableKey({ store }: Kms, reference: string, usage: KeyUsage): Key {
  const key = store.find(reference);
  demandEnabled(key);
  demandUsage(key, usage);
  return key;
}

export function demandUsage(key: Key, usage: KeyUsage): void {
  if (key.usage === usage) return;
  throw new KmsProblem('InvalidKeyUsageException', `${key.arn} key usage is ${key.usage}, this needs ${usage}.`);
}

/** @throws KmsProblem InvalidKeyUsageException where the request names an algorithm that the key does not have. */
export function algorithmOf(key: Key, requested: string): string {
  const { algorithm } = keySpecs[key.spec];
  if (requested === algorithm) return algorithm;
  throw new KmsProblem('InvalidKeyUsageException', `Algorithm ${requested} is incompatible with key spec ${key.spec}.`);
}

export function secretOf(key: Key, version = 0): Buffer | undefined {
  const material = key.materials[version];
  return material && Buffer.from(material.secret, 'base64');
}
