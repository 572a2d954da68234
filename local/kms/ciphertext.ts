import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from 'node:crypto';
import { KmsProblem } from './problem.ts';

/**
 * A ciphertext of the embedded KMS (the real one's layout is undocumented):
 * format (1 byte) | key id (16) | material version (4, big endian) | nonce (12) | tag (16) | AES-256-GCM ciphertext.
 * The header and the encryption context are authenticated with it.
 */
const FORMAT = 1;
const HEADER_BYTES = 21;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export type EncryptionContext = Readonly<Record<string, string>>;

export interface KeyVersion {
  readonly keyId: string;
  readonly version: number;
}

export function seal(plaintext: Uint8Array, secret: Buffer, from: KeyVersion, context: EncryptionContext): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt8(FORMAT, 0);
  header.write(from.keyId.replaceAll('-', ''), 1, 'hex');
  header.writeUInt32BE(from.version, 17);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', createSecretKey(secret), nonce);
  cipher.setAAD(authenticated(header, context));
  const sealed = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return Buffer.concat([header, nonce, cipher.getAuthTag(), sealed]);
}

/** Which key opens this ciphertext. @throws KmsProblem InvalidCiphertextException for what is none of ours. */
export function keyVersionOf(ciphertext: Buffer): KeyVersion {
  if (ciphertext.length <= HEADER_BYTES + NONCE_BYTES + TAG_BYTES || ciphertext[0] !== FORMAT) throw invalid();
  const hex = ciphertext.toString('hex', 1, 17);
  const keyId = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return { keyId, version: ciphertext.readUInt32BE(17) };
}

/** @throws KmsProblem InvalidCiphertextException for a changed ciphertext or another encryption context. */
export function open(ciphertext: Buffer, secret: Buffer, context: EncryptionContext): Buffer {
  const nonceEnd = HEADER_BYTES + NONCE_BYTES;
  const nonce = ciphertext.subarray(HEADER_BYTES, nonceEnd);
  const decipher = createDecipheriv('aes-256-gcm', createSecretKey(secret), nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(authenticated(ciphertext.subarray(0, HEADER_BYTES), context));
  decipher.setAuthTag(ciphertext.subarray(nonceEnd, nonceEnd + TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(ciphertext.subarray(nonceEnd + TAG_BYTES)), decipher.final()]);
  } catch {
    throw invalid();
  }
}

export function invalid(): KmsProblem {
  return new KmsProblem('InvalidCiphertextException');
}

/** The order of a context's entries carries no meaning, so they are sorted; JSON keeps their borders. */
function authenticated(header: Buffer, context: EncryptionContext): Buffer {
  const entries = Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.concat([header, Buffer.from(JSON.stringify(entries))]);
}
