import { PutObjectCommand, type S3Client, S3ServiceException } from '@aws-sdk/client-s3';

/** Writes a file that is never written again: `present` when a file of that key stood there already, whatever it holds. */
export type PutOnce = (
  key: string,
  content: Uint8Array,
  options: { readonly contentType: string },
) => Promise<'put' | 'present'>;

/**
 * S3 PutObject with `If-None-Match: *`. In a bucket under Object Lock a repeated put would be another version of the same
 * bytes, locked as long; this way there is none.
 */
export const putOnce =
  (client: Pick<S3Client, 'send'>, Bucket: string): PutOnce =>
  async (Key, Body, { contentType }) => {
    try {
      await client.send(new PutObjectCommand({ Bucket, Key, Body, ContentType: contentType, IfNoneMatch: '*' }));
      return 'put';
    } catch (error) {
      if (error instanceof S3ServiceException && error.name === 'PreconditionFailed') return 'present';
      throw error;
    }
  };
