import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aServer, type Harness, refusal } from './harness.ts';

const Bucket = 'large';
const Key = 'film/å.mp4';
const large = Buffer.alloc(5 * 1024 ** 2, 'a');
const small = Buffer.from('the end');
let s3: Harness;

beforeEach(async () => {
  s3 = await aServer({
    BucketName: Bucket,
    NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
  });
});
afterEach(() => s3.end());

async function begin(more: Partial<CreateMultipartUploadCommandInput> = {}): Promise<string> {
  const { UploadId } = await s3.client.send(new CreateMultipartUploadCommand({ Bucket, Key, ...more }));
  return UploadId ?? '';
}

async function part(UploadId: string, PartNumber: number, Body: Buffer): Promise<CompletedPart> {
  const { ETag, ChecksumCRC32, ChecksumSHA256 } = await s3.client.send(
    new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }),
  );
  return { PartNumber, ETag, ChecksumCRC32, ChecksumSHA256 };
}

const complete = (UploadId: string, Parts: CompletedPart[], more: { IfNoneMatch?: string } = {}) =>
  s3.client.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts }, ...more }));

describe('a multipart upload', () => {
  it('joins its parts in order, under the ETag of their ETags, across a restart', async () => {
    const UploadId = await begin({ ContentType: 'video/mp4', Metadata: { a: 'b' }, ChecksumAlgorithm: 'CRC32' });
    const second = await part(UploadId, 2, small);
    await s3.restart();
    const first = await part(UploadId, 1, large);
    const listed = await s3.client.send(new ListPartsCommand({ Bucket, Key, UploadId }));
    expect(listed.Parts?.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([
      [1, large.length],
      [2, small.length],
    ]);
    expect(s3.events).toEqual([]);
    const done = await complete(UploadId, [first, second]);
    const md5 = (bytes: Buffer) => createHash('md5').update(bytes).digest();
    expect(done.ETag).toBe(`"${md5(Buffer.concat([md5(large), md5(small)])).toString('hex')}-2"`);
    const got = await s3.client.send(new GetObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }));
    expect(Buffer.from((await got.Body?.transformToByteArray()) ?? []).equals(Buffer.concat([large, small]))).toBe(
      true,
    );
    expect(got).toMatchObject({ ContentType: 'video/mp4', Metadata: { a: 'b' }, ETag: done.ETag });
    expect(got.ChecksumCRC32).toMatch(/-2$/);
    expect(s3.events.map(({ detail }) => detail.reason)).toEqual(['CompleteMultipartUpload']);
    // The parts are gone: one body is left.
    expect(readdirSync(join(s3.stateDir, Bucket, 'bodies'))).toHaveLength(1);
    expect(await refusal(complete(UploadId, [first, second]))).toEqual({ code: 'NoSuchUpload', status: 404 });
  });

  it('may ask for the checksum of the whole object', async () => {
    const UploadId = await begin({ ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' });
    await complete(UploadId, [await part(UploadId, 1, large), await part(UploadId, 2, small)]);
    const got = await s3.client.send(new GetObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }));
    // The SDK itself checks the bytes against it.
    expect(await got.Body?.transformToByteArray()).toHaveLength(large.length + small.length);
    expect(got).toMatchObject({ ChecksumType: 'FULL_OBJECT', ChecksumCRC32: expect.not.stringContaining('-') });
  });

  it('refuses a part with a checksum of another algorithm than its own', async () => {
    const UploadId = await begin({ ChecksumAlgorithm: 'SHA256' });
    expect(await refusal(part(UploadId, 1, small))).toEqual({ code: 'InvalidRequest', status: 400 });
  });

  it('refuses parts that are small, unordered, unknown or changed', async () => {
    const UploadId = await begin();
    const first = await part(UploadId, 1, small);
    const second = await part(UploadId, 2, small);
    expect(await refusal(complete(UploadId, [first, second]))).toEqual({ code: 'EntityTooSmall', status: 400 });
    expect(await refusal(complete(UploadId, [second, first]))).toEqual({ code: 'InvalidPartOrder', status: 400 });
    const other = { ...first, ETag: '"0123456789abcdef0123456789abcdef"' };
    expect(await refusal(complete(UploadId, [other]))).toEqual({ code: 'InvalidPart', status: 400 });
    expect(await refusal(complete(UploadId, [{ ...first, PartNumber: 3 }]))).toMatchObject({ code: 'InvalidPart' });
    expect(await refusal(part(UploadId, 10_001, small))).toEqual({ code: 'InvalidArgument', status: 400 });
    expect(await refusal(s3.client.send(new HeadObjectCommand({ Bucket, Key })))).toMatchObject({ status: 404 });
  });

  it('keeps the condition that only a new key may be written', async () => {
    const [first, second] = [await begin(), await begin()];
    await complete(first, [await part(first, 1, small)], { IfNoneMatch: '*' });
    const late = complete(second, [await part(second, 1, small)], { IfNoneMatch: '*' });
    expect(await refusal(late)).toEqual({ code: 'PreconditionFailed', status: 412 });
  });

  it('is listed until it is aborted, and leaves nothing', async () => {
    const UploadId = await begin();
    const other = await begin({ Key: 'another' });
    await part(UploadId, 1, small);
    await part(UploadId, 1, Buffer.from('a second try'));
    const uploads = async (more: object = {}) =>
      (await s3.client.send(new ListMultipartUploadsCommand({ Bucket, ...more }))).Uploads?.map(
        (upload) => upload.UploadId,
      );
    expect(await uploads()).toEqual([other, UploadId]);
    expect(await uploads({ KeyMarker: 'another', UploadIdMarker: other })).toEqual([UploadId]);
    expect(await uploads({ Prefix: 'film/' })).toEqual([UploadId]);
    await s3.client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
    expect(await uploads()).toEqual([other]);
    expect(readdirSync(join(s3.stateDir, Bucket, 'bodies'))).toEqual([]);
    expect(await refusal(part(UploadId, 2, small))).toEqual({ code: 'NoSuchUpload', status: 404 });
  });
});
