import { createHash } from 'node:crypto';
import type { Signer } from '../../platform/signing.ts';
import type { Entry } from './zip.ts';

export const MANIFEST_VERSION = 1;

export interface Listed {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}
export const listed = ({ name, content }: Entry): Listed => ({
  name,
  bytes: content.length,
  sha256: createHash('sha256').update(content).digest('hex'),
});

/**
 * What stands last in the ZIP: every file with its hash, the same as `sha256sum -c` reads it, our signature over the
 * manifest (ECDSA over P-256 with SHA-256, DER) and the key to check it with.
 */
export async function manifestEntries(
  files: readonly Listed[],
  about: { readonly exportId: string; readonly createdAt: string; readonly controller: string },
  signer: Signer,
): Promise<Entry[]> {
  const manifest = bytes(
    `${JSON.stringify({ format: 'vern-export', version: MANIFEST_VERSION, ...about, files }, null, 2)}\n`,
  );
  const [{ keyId, signature }, { spki }] = await Promise.all([signer.sign(manifest), signer.publicKey()]);
  return [
    { name: 'SHA256SUMS', content: bytes(files.map(({ name, sha256 }) => `${sha256}  ${name}\n`).join('')) },
    { name: 'manifest.json', content: manifest },
    { name: 'manifest.sig', content: Buffer.from(signature, 'base64url') },
    { name: 'public-key.pem', content: bytes(pem(spki, keyId)) },
  ];
}

/** The key alone, where something else in the ZIP is signed. */
export async function publicKeyEntry(signer: Pick<Signer, 'publicKey'>): Promise<Entry> {
  const { spki, keyId } = await signer.publicKey();
  return { name: 'public-key.pem', content: bytes(pem(spki, keyId)) };
}

const LINE_CHARACTERS = 64;
/** RFC 7468; the text before the block names the key, and tools pass over it. */
function pem(spki: string, keyId: string): string {
  const lines = spki.match(new RegExp(`.{1,${LINE_CHARACTERS}}`, 'g')) ?? [];
  return `Key: ${keyId}\n-----BEGIN PUBLIC KEY-----\n${lines.join('\n')}\n-----END PUBLIC KEY-----\n`;
}

const bytes = (text: string) => Buffer.from(text, 'utf8');
