import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';

/**
 * AES-256-GCM over a payload, bound to the place where it lies: the same bytes moved to another person, organisation,
 * table or sort key do not open. Keys are `KeyObject`s: a third of the time of a Buffer key, and never printed.
 * Layout of a sealed value: 12 bytes nonce, ciphertext, 16 bytes tag.
 */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;

/** The ciphertext was altered, moved, or sealed under another key. Says nothing about which. */
export class SealBroken extends Error {
  override readonly name = 'SealBroken';
}

/** What a sealed value is bound to, as the AAD: parts must not hold the separator, or two places could read alike. */
export function placeOf(...parts: readonly (string | number)[]): string {
  if (parts.some((part) => String(part).includes('|'))) throw new Error('A place holds the separator.');
  return parts.join('|');
}

export function seal(key: KeyObject, plaintext: string | Uint8Array, place: string): Uint8Array {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.from(place));
  const body = typeof plaintext === 'string' ? cipher.update(plaintext, 'utf8') : cipher.update(plaintext);
  return Buffer.concat([nonce, body, cipher.final(), cipher.getAuthTag()]);
}

/** Throws {@link SealBroken}. */
export function open(key: KeyObject, sealed: Uint8Array, place: string): Buffer {
  if (sealed.byteLength < NONCE_BYTES + TAG_BYTES) throw new SealBroken('too short');
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(place));
  decipher.setAuthTag(sealed.subarray(sealed.byteLength - TAG_BYTES));
  try {
    const body = decipher.update(sealed.subarray(NONCE_BYTES, sealed.byteLength - TAG_BYTES));
    return Buffer.concat([body, decipher.final()]);
  } catch (cause) {
    throw new SealBroken('not openable', { cause });
  }
}

/** A fresh data key and the same wrapped under another key. */
export function newWrappedKey(under: KeyObject, place: string): { key: KeyObject; wrapped: Uint8Array } {
  const material = randomBytes(KEY_BYTES);
  const key = createSecretKey(material);
  const wrapped = seal(under, material, place);
  material.fill(0);
  return { key, wrapped };
}

/** Throws {@link SealBroken}. */
export function unwrapKey(under: KeyObject, wrapped: Uint8Array, place: string): KeyObject {
  const material = open(under, wrapped, place);
  const key = createSecretKey(material);
  material.fill(0);
  return key;
}

/** An item key that several holders can open: any one of them, or only all of them together (split key). */
export function splitKey(holders: number): { key: KeyObject; shares: Buffer[] } {
  const shares = Array.from({ length: holders }, () => randomBytes(KEY_BYTES));
  return { key: joinShares(shares), shares };
}

export function joinShares(shares: readonly Uint8Array[]): KeyObject {
  const material = Buffer.alloc(KEY_BYTES);
  for (const share of shares) for (let i = 0; i < KEY_BYTES; i++) material[i]! ^= share[i]!;
  const key = createSecretKey(material);
  material.fill(0);
  return key;
}
