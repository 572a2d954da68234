import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { credentialsFromEnvironment } from './credentials.ts';

/** A presigned URL is a bearer link: no longer than a browser needs to begin. */
const LINK_SECONDS = 60;
const PAGES_MAX = 1_000;

/** The files of one bucket. Keys are opaque: ids and chance, never anything personal. */
export interface Files {
  put(key: string, content: Uint8Array, options: { readonly contentType: string }): Promise<void>;
  get(key: string): Promise<Uint8Array | undefined>;
  /** Removing what is not there is no error. */
  remove(key: string): Promise<void>;
  /** All keys that begin so, in S3's order; only those that come after `after`, where it is given. */
  list(prefix: string, after?: string): Promise<readonly { readonly key: string; readonly lastModified: Date }[]>;
  /** Presigned GetObject, 60 seconds, offered as a download under that name. */
  linkTo(
    key: string,
    download: { readonly filename: string; readonly contentType: string },
    now: Date,
  ): Promise<{ readonly url: string; readonly expiresAt: string }>;
}

/** In the function's own region, unless another is named. */
export const filesClient = (region?: string) =>
  new S3Client({ credentials: credentialsFromEnvironment, ...(region !== undefined && { region }) });

export const bucketFiles = (client: S3Client, Bucket: string): Files => ({
  async put(Key, Body, { contentType }) {
    await client.send(new PutObjectCommand({ Bucket, Key, Body, ContentType: contentType }));
  },

  async get(Key) {
    try {
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
      return await Body?.transformToByteArray();
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  },

  async remove(Key) {
    await client.send(new DeleteObjectCommand({ Bucket, Key }));
  },

  async list(Prefix, after) {
    const found: { key: string; lastModified: Date }[] = [];
    let ContinuationToken: string | undefined;
    for (let page = 0; page < PAGES_MAX; page++) {
      const { Contents = [], NextContinuationToken } = await client.send(
        new ListObjectsV2Command({
          Bucket,
          Prefix,
          ...(after !== undefined && { StartAfter: after }),
          ...(ContinuationToken && { ContinuationToken }),
        }),
      );
      for (const { Key, LastModified } of Contents) {
        if (Key !== undefined && LastModified) found.push({ key: Key, lastModified: LastModified });
      }
      if (NextContinuationToken === undefined) return found;
      ContinuationToken = NextContinuationToken;
    }
    throw new Error('A listing without an end');
  },

  async linkTo(Key, { filename, contentType }, now) {
    const command = new GetObjectCommand({
      Bucket,
      Key,
      // Not shown in the page's own origin: saved.
      ResponseContentDisposition: `attachment; filename="${filename}"`,
      ResponseContentType: contentType,
    });
    const url = await getSignedUrl(client, command, { expiresIn: LINK_SECONDS });
    return { url, expiresAt: new Date(now.getTime() + LINK_SECONDS * 1000).toISOString() };
  },
});
