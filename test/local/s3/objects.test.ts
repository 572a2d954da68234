import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  DeleteObjectTaggingCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectAclCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aServer, type Harness, refusal } from './harness.ts';

const Bucket = 'files';
let s3: Harness;

beforeAll(async () => {
  s3 = await aServer({ BucketName: Bucket });
});
afterAll(() => s3.end());

async function textOf(Key: string, more: Partial<ConstructorParameters<typeof GetObjectCommand>[0]> = {}) {
  const { Body } = await s3.client.send(new GetObjectCommand({ Bucket, Key, ...more }));
  return Body?.transformToString();
}

describe('an object', () => {
  it('comes back with its bytes, headers, metadata, MD5 and checksum', async () => {
    const Body = 'hei på deg';
    const put = await s3.client.send(
      new PutObjectCommand({
        Bucket,
        Key: 'greeting.txt',
        Body,
        ContentType: 'text/plain; charset=utf-8',
        ContentDisposition: 'attachment; filename="hei.txt"',
        ContentEncoding: 'identity',
        CacheControl: 'no-store',
        Metadata: { purpose: 'greeting' },
      }),
    );
    const got = await s3.client.send(new GetObjectCommand({ Bucket, Key: 'greeting.txt', ChecksumMode: 'ENABLED' }));
    expect(await got.Body?.transformToString()).toBe(Body);
    expect(put.ETag).toBe(`"${createHash('md5').update(Body).digest('hex')}"`);
    expect(put.ChecksumCRC32).toBe(got.ChecksumCRC32);
    expect(got).toMatchObject({
      ETag: put.ETag,
      ContentType: 'text/plain; charset=utf-8',
      ContentDisposition: 'attachment; filename="hei.txt"',
      ContentEncoding: 'identity',
      CacheControl: 'no-store',
      ContentLength: Buffer.byteLength(Body),
      Metadata: { purpose: 'greeting' },
      ServerSideEncryption: 'AES256',
    });
    expect(got.VersionId).toBeUndefined();
  });

  it('takes a stream in aws-chunked encoding with its checksum in the trailer', async () => {
    const pieces = Array.from({ length: 40 }, (_, index) => Buffer.alloc(10_000, index));
    const put = await s3.client.send(
      new PutObjectCommand({
        Bucket,
        Key: 'stream',
        Body: Readable.from(pieces, { objectMode: false }),
        ContentLength: 400_000,
        ChecksumAlgorithm: 'SHA256',
      }),
    );
    const whole = Buffer.concat(pieces);
    expect(put.ChecksumSHA256).toBe(createHash('sha256').update(whole).digest('base64'));
    const got = await s3.client.send(new GetObjectCommand({ Bucket, Key: 'stream' }));
    expect(Buffer.from((await got.Body?.transformToByteArray()) ?? []).equals(whole)).toBe(true);
    expect(got.ContentEncoding).toBeUndefined();
  });

  it('is refused, and leaves nothing, when its checksum or MD5 does not fit', async () => {
    const bodies = () => readdirSync(join(s3.stateDir, Bucket, 'bodies')).length;
    const before = bodies();
    const put = { Bucket, Key: 'damaged', Body: 'x' };
    expect(await refusal(s3.client.send(new PutObjectCommand({ ...put, ChecksumCRC32: 'AAAAAA==' })))).toEqual({
      code: 'BadDigest',
      status: 400,
    });
    const md5OfOther = createHash('md5').update('y').digest('base64');
    expect(await refusal(s3.client.send(new PutObjectCommand({ ...put, ContentMD5: md5OfOther })))).toMatchObject({
      code: 'BadDigest',
    });
    expect(await refusal(s3.client.send(new HeadObjectCommand({ Bucket, Key: 'damaged' })))).toMatchObject({
      status: 404,
    });
    expect(bodies()).toBe(before);
  });

  it.each(['CRC32', 'CRC32C', 'SHA1', 'SHA256'] as const)(
    'carries a checksum of %s that the SDK agrees with',
    async (algorithm) => {
      const Key = `checksum-${algorithm}`;
      await s3.client.send(new PutObjectCommand({ Bucket, Key, Body: '123456789', ChecksumAlgorithm: algorithm }));
      const got = await s3.client.send(new GetObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }));
      expect(await got.Body?.transformToString()).toBe('123456789');
      // The check value of CRC-32C in the catalogue of parametrised CRC algorithms.
      if (algorithm === 'CRC32C') expect(got.ChecksumCRC32C).toBe(Buffer.from('e3069283', 'hex').toString('base64'));
      expect(got[`Checksum${algorithm}`]).toBeTruthy();
    },
  );

  it.each(['../../x', 'a//b/./c/..', 'bilde/æøå 😀.png', '/leading', "quote'(*)!+&=?#%41"])(
    'is kept under the key %s and under no path made of it',
    async (Key) => {
      await s3.client.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
      expect(await textOf(Key)).toBe(Key);
      const { Contents } = await s3.client.send(new ListObjectsV2Command({ Bucket, Prefix: Key }));
      expect(Contents?.map((object) => object.Key)).toEqual([Key]);
      expect(readdirSync(s3.stateDir).sort()).toEqual([Bucket]);
    },
  );

  it('with a key beyond 1,024 bytes is refused', async () => {
    const put = (Key: string) => s3.client.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
    await put('ø'.repeat(512));
    expect(await refusal(put('ø'.repeat(513)))).toEqual({ code: 'KeyTooLongError', status: 400 });
  });

  it('is read in ranges', async () => {
    await s3.client.send(new PutObjectCommand({ Bucket, Key: 'digits', Body: '0123456789' }));
    const middle = await s3.client.send(new GetObjectCommand({ Bucket, Key: 'digits', Range: 'bytes=2-4' }));
    expect(middle.ContentRange).toBe('bytes 2-4/10');
    expect(await middle.Body?.transformToString()).toBe('234');
    expect(await textOf('digits', { Range: 'bytes=-3' })).toBe('789');
    expect(await textOf('digits', { Range: 'bytes=8-' })).toBe('89');
    expect(await textOf('digits', { Range: 'bytes=8-99' })).toBe('89');
    expect(await refusal(textOf('digits', { Range: 'bytes=10-' }))).toEqual({ code: 'InvalidRange', status: 416 });
  });

  it('is read under conditions', async () => {
    const { ETag } = await s3.client.send(new PutObjectCommand({ Bucket, Key: 'conditional', Body: 'v1' }));
    expect(await textOf('conditional', { IfMatch: ETag ?? '' })).toBe('v1');
    expect(await refusal(textOf('conditional', { IfMatch: '"other"' }))).toMatchObject({ status: 412 });
    expect(await refusal(textOf('conditional', { IfNoneMatch: ETag ?? '' }))).toMatchObject({ status: 304 });
    expect(await textOf('conditional', { IfNoneMatch: '"other"' })).toBe('v1');
    const written = new Date(s3.clock.now());
    expect(await refusal(textOf('conditional', { IfModifiedSince: written }))).toMatchObject({ status: 304 });
    expect(await textOf('conditional', { IfModifiedSince: new Date(s3.clock.now() - 2000) })).toBe('v1');
    const earlier = new Date(s3.clock.now() - 2000);
    expect(await refusal(textOf('conditional', { IfUnmodifiedSince: earlier }))).toMatchObject({ status: 412 });
  });

  it('answers with the headers that the request overrides', async () => {
    await s3.client.send(new PutObjectCommand({ Bucket, Key: 'overridden', Body: 'x', ContentType: 'text/html' }));
    const got = await s3.client.send(
      new GetObjectCommand({
        Bucket,
        Key: 'overridden',
        ResponseContentType: 'application/octet-stream',
        ResponseContentDisposition: 'attachment',
        ResponseCacheControl: 'no-store',
      }),
    );
    expect(got).toMatchObject({
      ContentType: 'application/octet-stream',
      ContentDisposition: 'attachment',
      CacheControl: 'no-store',
    });
  });

  it('is written under conditions, decided once among racing writers', async () => {
    const create = (Body: string) =>
      s3.client.send(new PutObjectCommand({ Bucket, Key: 'created-once', Body, IfNoneMatch: '*' }));
    const outcomes = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((body) => refusal(create(body))));
    expect(outcomes.map(({ code }) => code).sort()).toEqual([
      'PreconditionFailed',
      'PreconditionFailed',
      'PreconditionFailed',
      'PreconditionFailed',
      'none',
    ]);
    const { ETag } = await s3.client.send(new HeadObjectCommand({ Bucket, Key: 'created-once' }));
    const replace = (IfMatch: string, Key = 'created-once') =>
      s3.client.send(new PutObjectCommand({ Bucket, Key, Body: 'f', IfMatch }));
    await replace(ETag ?? '');
    expect(await refusal(replace(ETag ?? ''))).toEqual({ code: 'PreconditionFailed', status: 412 });
    expect(await textOf('created-once')).toBe('f');
    expect(await refusal(replace('"x"', 'never'))).toEqual({ code: 'NoSuchKey', status: 404 });
  });

  it('is gone after its delete, which succeeds twice', async () => {
    await s3.client.send(new PutObjectCommand({ Bucket, Key: 'short', Body: 'x' }));
    await s3.client.send(new DeleteObjectCommand({ Bucket, Key: 'short' }));
    await s3.client.send(new DeleteObjectCommand({ Bucket, Key: 'short' }));
    expect(await refusal(textOf('short'))).toEqual({ code: 'NoSuchKey', status: 404 });
  });

  it('is deleted together with others, each with its own outcome', async () => {
    for (const Key of ['many/1', 'many/2 <&>']) await s3.client.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
    const Objects = [{ Key: 'many/1' }, { Key: 'many/2 <&>' }, { Key: 'many/never' }];
    const { Deleted, Errors } = await s3.client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    expect(Deleted?.map(({ Key }) => Key)).toEqual(Objects.map(({ Key }) => Key));
    expect(Errors).toBeUndefined();
    const left = await s3.client.send(new ListObjectsV2Command({ Bucket, Prefix: 'many/' }));
    expect(left.KeyCount).toBe(0);
  });

  it('is copied with its metadata, or with other metadata', async () => {
    const source = {
      Bucket,
      Key: 'kilde/æ.txt',
      Body: 'copied',
      ContentType: 'text/plain',
      Metadata: { from: 'source' },
    };
    await s3.client.send(new PutObjectCommand({ ...source, Tagging: 'a=1' }));
    const CopySource = `${Bucket}/${encodeURIComponent('kilde/æ.txt')}`;
    const copy = await s3.client.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource }));
    expect(copy.CopyObjectResult?.ETag).toBe(`"${createHash('md5').update('copied').digest('hex')}"`);
    expect(await s3.client.send(new HeadObjectCommand({ Bucket, Key: 'copy' }))).toMatchObject({
      ContentType: 'text/plain',
      Metadata: { from: 'source' },
      TagCount: 1,
    });
    await s3.client.send(
      new CopyObjectCommand({
        Bucket,
        Key: 'copy',
        CopySource,
        MetadataDirective: 'REPLACE',
        ContentType: 'text/csv',
        Metadata: { from: 'request' },
      }),
    );
    expect(await s3.client.send(new HeadObjectCommand({ Bucket, Key: 'copy' }))).toMatchObject({
      ContentType: 'text/csv',
      Metadata: { from: 'request' },
    });
    const missing = new CopyObjectCommand({ Bucket, Key: 'copy', CopySource: `${Bucket}/missing` });
    expect(await refusal(s3.client.send(missing))).toEqual({ code: 'NoSuchKey', status: 404 });
    const changed = new CopyObjectCommand({ Bucket, Key: 'copy', CopySource, CopySourceIfMatch: '"other"' });
    expect(await refusal(s3.client.send(changed))).toEqual({ code: 'PreconditionFailed', status: 412 });
  });

  it('carries tags', async () => {
    const Key = 'tagged';
    await s3.client.send(new PutObjectCommand({ Bucket, Key, Body: 'x', Tagging: 'class=a%26b' }));
    const tags = async () => (await s3.client.send(new GetObjectTaggingCommand({ Bucket, Key }))).TagSet;
    expect(await tags()).toEqual([{ Key: 'class', Value: 'a&b' }]);
    const TagSet = [{ Key: 'til', Value: '<ingen>' }];
    await s3.client.send(new PutObjectTaggingCommand({ Bucket, Key, Tagging: { TagSet } }));
    expect(await tags()).toEqual(TagSet);
    const eleven = Array.from({ length: 11 }, (_, index) => ({ Key: `k${index}`, Value: '' }));
    const tooMany = new PutObjectTaggingCommand({ Bucket, Key, Tagging: { TagSet: eleven } });
    expect(await refusal(s3.client.send(tooMany))).toEqual({ code: 'InvalidTag', status: 400 });
    await s3.client.send(new DeleteObjectTaggingCommand({ Bucket, Key }));
    expect(await tags()).toEqual([]);
  });

  it('cannot be opened by an ACL', async () => {
    const put = new PutObjectCommand({ Bucket, Key: 'public', Body: 'x', ACL: 'public-read' });
    expect(await refusal(s3.client.send(put))).toEqual({ code: 'AccessControlListNotSupported', status: 400 });
    await s3.client.send(new PutObjectCommand({ Bucket, Key: 'public', Body: 'bytes' }));
    const acl = new PutObjectAclCommand({ Bucket, Key: 'public', ACL: 'public-read' });
    expect(await refusal(s3.client.send(acl))).toEqual({ code: 'NotImplemented', status: 501 });
    expect(await textOf('public')).toBe('bytes');
  });
});
