import { randomBytes } from 'node:crypto';
import type { Files } from '../../platform/files.ts';

export interface PlainCopy {
  readonly url: string;
  readonly expiresAt: string;
  readonly filename: string;
}

/** 192 bits: a copy's address cannot be guessed. */
const COPY_KEY_BYTES = 24;

/** A plain copy under a random key and a link to it of at most a minute; the exporter removes the copy within minutes. */
export async function plainCopyOf(
  {
    content,
    contentType,
    ending,
  }: { readonly content: Uint8Array; readonly contentType: string; readonly ending: string },
  downloads: Pick<Files, 'put' | 'linkTo'>,
  now: Date,
): Promise<PlainCopy> {
  const key = randomBytes(COPY_KEY_BYTES).toString('base64url');
  await downloads.put(key, content, { contentType });
  // Nothing personal in a name that stays in a list of downloads, and in S3's log of addresses.
  const filename = `vern-${now.toISOString().slice(0, 'yyyy-mm-dd'.length)}.${ending}`;
  return { ...(await downloads.linkTo(key, { filename, contentType }, now)), filename };
}
