import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  NoSuchKey,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { putOnce } from './put-once.ts';

/** Pages of a thousand: two million versions. */
const PAGES_MAX = 2_000;

export interface StoredFile {
  readonly key: string;
  readonly bytes: number;
  /** As S3 writes it, without quotes; no checksum where KMS encrypts, but it changes with the content. */
  readonly etag: string;
  readonly lastModified: Date;
}

export interface FileVersion {
  readonly key: string;
  readonly versionId: string;
  readonly lastModified: Date;
}

/** A versioned bucket of backups, as those who make, copy and end them see it. */
export interface BackupFiles {
  readonly bucket: string;
  get(key: string): Promise<Uint8Array | undefined>;
  put(key: string, content: Uint8Array | string): Promise<void>;
  /** False when something lies there already, which is left alone (PutObject, If-None-Match). */
  putNew(key: string, content: Uint8Array | string): Promise<boolean>;
  /** What is current under keys that begin so, in S3's order. */
  files(prefix: string): AsyncGenerator<StoredFile>;
  /** The names of the folders directly below, without slashes. */
  folders(prefix: string): Promise<string[]>;
  /** All versions, delete markers too. */
  versions(): AsyncGenerator<FileVersion>;
  /** For ever; refused by S3 while the version is locked. */
  removeVersion(version: Pick<FileVersion, 'key' | 'versionId'>): Promise<void>;
  /**
   * CopyObject from another bucket to `key` here; with `until` in Glacier Instant Retrieval, locked in compliance mode
   * until then. Fails when the source is no longer what its ETag says; false when it is gone. Up to 5 GB, which no file
   * reaches.
   */
  copy(
    from: { readonly bucket: string; readonly file: Pick<StoredFile, 'key' | 'etag'> },
    key: string,
    until?: Date,
  ): Promise<boolean>;
}

export const backupFiles = (client: Pick<S3Client, 'send'>, Bucket: string): BackupFiles => ({
  bucket: Bucket,

  async get(Key) {
    try {
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
      return await Body?.transformToByteArray();
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  },

  async put(Key, Body) {
    const ContentLength = Buffer.byteLength(Body);
    await client.send(new PutObjectCommand({ Bucket, Key, Body, ContentLength, ContentType: 'application/json' }));
  },

  async putNew(key, content) {
    const put = putOnce(client, Bucket);
    return (await put(key, Buffer.from(content), { contentType: 'application/json' })) === 'put';
  },

  async *files(Prefix) {
    let ContinuationToken: string | undefined;
    for (let page = 0; page < PAGES_MAX; page++) {
      const { Contents = [], NextContinuationToken } = await client.send(
        new ListObjectsV2Command({ Bucket, Prefix, ...(ContinuationToken && { ContinuationToken }) }),
      );
      for (const { Key = '', Size = 0, ETag = '', LastModified = new Date(0) } of Contents)
        yield { key: Key, bytes: Size, etag: ETag.replaceAll('"', ''), lastModified: LastModified };
      if (NextContinuationToken === undefined) return;
      ContinuationToken = NextContinuationToken;
    }
    throw new Error('A listing without an end');
  },

  async folders(Prefix) {
    // A folder is a day, and none is older than a season: one page.
    const { CommonPrefixes = [] } = await client.send(new ListObjectsV2Command({ Bucket, Prefix, Delimiter: '/' }));
    return CommonPrefixes.map((folder) => (folder.Prefix ?? '').slice(Prefix.length, -1));
  },

  async *versions() {
    let KeyMarker: string | undefined;
    let VersionIdMarker: string | undefined;
    for (let page = 0; page < PAGES_MAX; page++) {
      const {
        Versions = [],
        DeleteMarkers = [],
        NextKeyMarker,
        NextVersionIdMarker,
        IsTruncated,
      } = await client.send(
        new ListObjectVersionsCommand({
          Bucket,
          ...(KeyMarker !== undefined && { KeyMarker }),
          ...(VersionIdMarker !== undefined && { VersionIdMarker }),
        }),
      );
      for (const { Key, VersionId, LastModified } of [...Versions, ...DeleteMarkers]) {
        if (Key !== undefined && VersionId !== undefined && LastModified)
          yield { key: Key, versionId: VersionId, lastModified: LastModified };
      }
      if (!IsTruncated) return;
      [KeyMarker, VersionIdMarker] = [NextKeyMarker, NextVersionIdMarker];
    }
    throw new Error('A listing of versions without an end');
  },

  async removeVersion({ key: Key, versionId: VersionId }) {
    await client.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));
  },

  async copy({ bucket, file }, Key, until) {
    const copy = new CopyObjectCommand({
      Bucket,
      Key,
      CopySource: `${bucket}/${file.key.split('/').map(encodeURIComponent).join('/')}`,
      CopySourceIfMatch: `"${file.etag}"`,
      ...(until && {
        StorageClass: 'GLACIER_IR',
        ObjectLockMode: 'COMPLIANCE',
        ObjectLockRetainUntilDate: until,
      }),
    });
    try {
      await client.send(copy);
      return true;
    } catch (error) {
      if (error instanceof NoSuchKey) return false;
      throw error;
    }
  },
});
