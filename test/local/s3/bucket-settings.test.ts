import { lookup } from 'node:dns';
import { Agent } from 'node:http';
import {
  GetBucketEncryptionCommand,
  GetBucketLocationCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aServer, type Harness, refusal } from './harness.ts';

const Bucket = 'files';
const KMS_KEY = 'arn:aws:kms:eu-west-1:000000000000:key/1234';
let s3: Harness;

beforeAll(async () => {
  s3 = await aServer(
    { BucketName: Bucket },
    {
      BucketName: 'sealed',
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          {
            BucketKeyEnabled: true,
            ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: KMS_KEY },
          },
        ],
      },
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true },
    },
    { BucketName: 'listed' },
  );
});
afterAll(() => s3.end());

describe('a bucket', () => {
  it('is listed in pages by the bytes of its keys, with common prefixes', async () => {
    const keys = ['a/1', 'a/2', 'b', 'c/d/1', '\u{ff5e}', '\u{1f600}'];
    for (const Key of keys.toReversed()) {
      await s3.client.send(new PutObjectCommand({ Bucket: 'listed', Key, Body: Key }));
    }
    const seen: (string | undefined)[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await s3.client.send(
        new ListObjectsV2Command({ Bucket: 'listed', Delimiter: '/', MaxKeys: 1, ContinuationToken }),
      );
      expect(page.KeyCount).toBe(1);
      seen.push(page.Contents?.[0]?.Key ?? page.CommonPrefixes?.[0]?.Prefix);
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken);
    // In UTF-16 the last two would change places.
    expect(seen).toEqual(['a/', 'b', 'c/', '\u{ff5e}', '\u{1f600}']);
    const under = await s3.client.send(
      new ListObjectsV2Command({ Bucket: 'listed', Prefix: 'a/', StartAfter: 'a/1', EncodingType: 'url' }),
    );
    expect(under.Contents).toMatchObject([{ Key: 'a/2', Size: 3, StorageClass: 'STANDARD' }]);
    expect(under.IsTruncated).toBe(false);
  });

  it('answers about itself', async () => {
    await s3.client.send(new HeadBucketCommand({ Bucket }));
    const { Buckets } = await s3.client.send(new ListBucketsCommand({}));
    expect(Buckets?.map(({ Name }) => Name)).toEqual(['files', 'listed', 'sealed']);
    const location = await s3.client.send(new GetBucketLocationCommand({ Bucket }));
    expect(location.LocationConstraint).toBe('eu-west-1');
    const versioning = await s3.client.send(new GetBucketVersioningCommand({ Bucket }));
    expect(versioning.Status).toBeUndefined();
    expect(await refusal(s3.client.send(new HeadBucketCommand({ Bucket: 'nowhere' })))).toMatchObject({ status: 404 });
    expect(await refusal(s3.client.send(new ListObjectsV2Command({ Bucket: 'nowhere' })))).toEqual({
      code: 'NoSuchBucket',
      status: 404,
    });
  });

  it('encrypts by default with the key that the template names', async () => {
    const put = await s3.client.send(new PutObjectCommand({ Bucket: 'sealed', Key: 'x', Body: 'x' }));
    const head = await s3.client.send(new HeadObjectCommand({ Bucket: 'sealed', Key: 'x' }));
    for (const answer of [put, head]) {
      expect(answer).toMatchObject({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: KMS_KEY, BucketKeyEnabled: true });
    }
    const { ServerSideEncryptionConfiguration: configuration } = await s3.client.send(
      new GetBucketEncryptionCommand({ Bucket: 'sealed' }),
    );
    expect(configuration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault).toEqual({
      SSEAlgorithm: 'aws:kms',
      KMSMasterKeyID: KMS_KEY,
    });
    const block = await s3.client.send(new GetPublicAccessBlockCommand({ Bucket: 'sealed' }));
    expect(block.PublicAccessBlockConfiguration).toMatchObject({ BlockPublicAcls: true, IgnorePublicAcls: false });
  });

  it('may stand before the host instead of in the path', async () => {
    const port = new URL(s3.url).port;
    // Not every machine's resolver knows that what ends in .localhost is local (RFC 6761, section 6.3).
    const httpAgent = new Agent({ lookup: (_, options, callback) => lookup('127.0.0.1', options, callback) });
    const client = s3.connect({
      endpoint: `http://localhost:${port}`,
      forcePathStyle: false,
      requestHandler: new NodeHttpHandler({ httpAgent }),
    });
    await client.send(new PutObjectCommand({ Bucket, Key: 'by/host', Body: 'virtual' }));
    const { Body } = await s3.client.send(new GetObjectCommand({ Bucket, Key: 'by/host' }));
    expect(await Body?.transformToString()).toBe('virtual');
  });
});
