import { DeleteObjectCommand, GetObjectCommand, NoSuchKey, S3Client } from '@aws-sdk/client-s3';
import { createPresignedPost } from '@aws-sdk/s3-presigned-post';
import { credentialsFromEnvironment } from './credentials.ts';

/**
 * The bucket into which clients upload what nobody has looked at yet (design, section 4): unversioned, one day, no
 * backup. Clients write by a form of ours alone; a worker reads once and removes.
 */
export interface Quarantine {
  /** S3 PostObject: a form that takes one file under one key, of one type and at most so large. */
  uploadForm(upload: Upload): Promise<UploadForm>;
  /** Undefined when there is none; `too-large` without reading it. */
  read(key: string, bytesMax: number): Promise<Uint8Array | 'too-large' | undefined>;
  /** Removing what is not there is no error. */
  remove(key: string): Promise<void>;
}
export interface Upload {
  readonly key: string;
  readonly contentType: string;
  readonly bytesMax: number;
  readonly validForSeconds: number;
}
export interface UploadForm {
  readonly url: string;
  /** To be sent as `multipart/form-data`, all of them, before the field `file`. */
  readonly fields: Readonly<Record<string, string>>;
}

export const quarantineClient = () => new S3Client({ credentials: credentialsFromEnvironment });

export const quarantine = (client: S3Client, bucket: string): Quarantine => ({
  async uploadForm({ key, contentType, bytesMax, validForSeconds }) {
    return createPresignedPost(client, {
      Bucket: bucket,
      Key: key,
      Conditions: [['content-length-range', 1, bytesMax]],
      Fields: { 'Content-Type': contentType },
      Expires: validForSeconds,
    });
  },

  async read(key, bytesMax) {
    try {
      const { Body, ContentLength = 0 } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      if (!Body) return undefined;
      if (ContentLength > bytesMax) {
        await Body.transformToWebStream().cancel();
        return 'too-large';
      }
      return await Body.transformToByteArray();
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  },

  async remove(key) {
    await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
  },
});
