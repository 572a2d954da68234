import { createHash, randomUUID } from 'node:crypto';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  NoSuchKey,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';

interface Version {
  readonly key: string;
  readonly versionId: string;
  readonly body: Buffer;
  readonly at: number;
  readonly lockedUntil: number;
  readonly storageClass: string;
}

/** Small, so that what reads a page at a time has to turn it. */
const PAGE = 10;
const DEFAULT_LOCK_MILLISECONDS = 82 * 86_400_000;

/**
 * S3 as the outside world that it is, in memory: versions, Object Lock in compliance mode on the bucket `offline`, and no
 * lifecycle, whose part the proof on the running cloud plays (test/system/backups.slow.test.ts).
 */
export function someBuckets(now: () => number) {
  const versionsIn: Record<string, Version[]> = { files: [], backups: [], offline: [], elsewhere: [] };
  const of = (bucket: string | undefined) => versionsIn[bucket!]!;
  const current = (bucket: string | undefined) => {
    const newest = new Map(of(bucket).map((version) => [version.key, version]));
    return [...newest.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
  };
  const add = (bucket: string | undefined, added: Pick<Version, 'key' | 'body'> & Partial<Version>) => {
    const lockedUntil = bucket === 'offline' ? now() + DEFAULT_LOCK_MILLISECONDS : 0;
    of(bucket).push({ versionId: randomUUID(), at: now(), lockedUntil, storageClass: 'STANDARD', ...added });
    return {};
  };
  const found = (bucket: string | undefined, key: string | undefined) =>
    current(bucket).find((version) => version.key === key);

  async function send(command: unknown) {
    if (command instanceof PutObjectCommand) {
      const { Bucket, Key, Body, IfNoneMatch } = command.input;
      if (IfNoneMatch === '*' && found(Bucket, Key)) throw refusal('PreconditionFailed');
      return add(Bucket, { key: Key!, body: Buffer.from(Body as Uint8Array) });
    }
    if (command instanceof GetObjectCommand) {
      const version = found(command.input.Bucket, command.input.Key);
      if (!version) throw new NoSuchKey({ message: '', $metadata: {} });
      return { Body: { transformToByteArray: async () => version.body } };
    }
    if (command instanceof CopyObjectCommand) {
      const { Bucket, Key, CopySource, CopySourceIfMatch, StorageClass, ObjectLockRetainUntilDate } = command.input;
      const [from, ...key] = CopySource!.split('/').map(decodeURIComponent);
      const source = found(from, key.join('/'));
      if (!source) throw new NoSuchKey({ message: '', $metadata: {} });
      if (CopySourceIfMatch !== `"${etagOf(source)}"`) throw refusal('PreconditionFailed');
      const { body } = source;
      if (!ObjectLockRetainUntilDate) return add(Bucket, { key: Key!, body });
      const lockedUntil = Number(ObjectLockRetainUntilDate);
      return add(Bucket, { key: Key!, body, storageClass: StorageClass!, lockedUntil });
    }
    if (command instanceof DeleteObjectCommand) {
      const { Bucket, VersionId } = command.input;
      const at = of(Bucket).findIndex(({ versionId }) => versionId === VersionId);
      if (at >= 0 && of(Bucket)[at]!.lockedUntil > now()) throw refusal('AccessDenied');
      if (at >= 0) of(Bucket).splice(at, 1);
      return {};
    }
    if (command instanceof ListObjectsV2Command) return listed(command.input);
    if (command instanceof ListObjectVersionsCommand) {
      const { Bucket, VersionIdMarker } = command.input;
      const all = of(Bucket);
      const from = all.findIndex(({ versionId }) => versionId === VersionIdMarker) + 1;
      const page = all.slice(from, from + PAGE);
      return {
        Versions: page.map(({ key, versionId, at }) => ({
          Key: key,
          VersionId: versionId,
          LastModified: new Date(at),
        })),
        IsTruncated: from + PAGE < all.length,
        NextKeyMarker: page.at(-1)?.key,
        NextVersionIdMarker: page.at(-1)?.versionId,
      };
    }
    throw new Error('an unexpected call to S3');
  }

  function listed({ Bucket, Prefix = '', Delimiter, ContinuationToken }: ListObjectsV2Command['input']) {
    const under = current(Bucket).filter(({ key }) => key.startsWith(Prefix));
    if (Delimiter !== undefined) {
      const folders = under.map(({ key }) => key.slice(0, key.indexOf(Delimiter, Prefix.length) + 1));
      return { CommonPrefixes: [...new Set(folders)].map((folder) => ({ Prefix: folder })) };
    }
    const from = Number(ContinuationToken ?? 0);
    return {
      Contents: under.slice(from, from + PAGE).map((version) => ({
        Key: version.key,
        Size: version.body.length,
        ETag: `"${etagOf(version)}"`,
        LastModified: new Date(version.at),
      })),
      ...(from + PAGE < under.length && { NextContinuationToken: String(from + PAGE) }),
    };
  }

  return { client: { send } as unknown as Pick<S3Client, 'send'>, versionsIn };
}

const etagOf = ({ body }: Version) => createHash('md5').update(body).digest('hex');
const refusal = (name: string) => new S3ServiceException({ name, $fault: 'client', $metadata: {} });
