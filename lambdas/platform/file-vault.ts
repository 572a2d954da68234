import { DeleteObjectCommand, GetObjectCommand, NoSuchKey, type S3Client } from '@aws-sdk/client-s3';
import { newContentKey, openContent, sealContent } from './file-sealing.ts';
import { putOnce } from './put-once.ts';

/** The bucket of files that records hold: each sealed under a key of its own, which lies in the record and dies with it. */
export interface FileVault {
  /** A fresh content key, in base64. */
  newKey(): string;
  /** Seals and stores; `present` when something of that place was stored before, which then stays as it is. */
  keep(place: string, key: string, content: Uint8Array): Promise<'kept' | 'present'>;
  /** Undefined when nothing lies there. Throws `SealBroken` when it was altered, moved, or sealed under another key. */
  read(place: string, key: string): Promise<Buffer | undefined>;
  /** Removing what is not there is no error. */
  remove(place: string): Promise<void>;
}

/** Whatever it is, ciphertext is all that lies there. */
const SEALED = 'application/octet-stream';

export function fileVault(client: Pick<S3Client, 'send'>, Bucket: string): FileVault {
  const put = putOnce(client, Bucket);
  return {
    newKey: newContentKey,

    async keep(place, key, content) {
      const done = await put(place, sealContent(key, place, content), { contentType: SEALED });
      return done === 'put' ? 'kept' : done;
    },

    async read(place, key) {
      try {
        const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: place }));
        const sealed = await Body?.transformToByteArray();
        return sealed && openContent(key, place, sealed);
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined;
        throw error;
      }
    },

    async remove(place) {
      await client.send(new DeleteObjectCommand({ Bucket, Key: place }));
    },
  };
}
