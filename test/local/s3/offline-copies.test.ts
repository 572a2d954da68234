import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetBucketPolicyCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bucketFromTemplate } from '../../../local/s3/buckets.ts';
import { dueAfterDays } from '../../../local/s3/lifecycle.ts';
import { startS3 } from '../../../local/s3/server.ts';
import { ACCESS_KEY_ID, aServer, DAY_MILLISECONDS, type Harness, refusal, SECRET } from './harness.ts';

const OFFLINE_KEY = 'arn:aws:kms:eu-west-1:000000000000:key/offline';
const [Bucket, Source] = ['offline', 'backup'];
const expiry = { ExpirationInDays: 83, NoncurrentVersionExpiration: { NoncurrentDays: 1 } };
const Rules = [
  { Status: 'Enabled', ...expiry },
  { Status: 'Enabled', ExpiredObjectDeleteMarker: true },
];
const encryptedWith = (KMSMasterKeyID: string) => ({
  BucketEncryption: {
    ServerSideEncryptionConfiguration: [
      { BucketKeyEnabled: true, ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID } },
    ],
  },
});
const offline = {
  BucketName: Bucket,
  ObjectLockEnabled: true,
  ObjectLockConfiguration: {
    ObjectLockEnabled: 'Enabled',
    Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 82 } },
  },
  LifecycleConfiguration: { Rules },
  ...encryptedWith(OFFLINE_KEY),
};
const backup = {
  BucketName: Source,
  VersioningConfiguration: { Status: 'Enabled' },
  LifecycleConfiguration: { Rules },
  ...encryptedWith('arn:aws:kms:eu-west-1:000000000000:key/backup'),
};

let s3: Harness;
let midnight: number;

beforeEach(async () => {
  s3 = await aServer(backup, offline);
  midnight = dueAfterDays(s3.clock.now(), 0);
  s3.setTime(midnight + 3 * 3_600_000);
});
afterEach(() => s3.end());

const putSource = (Key: string, Body = 'sealed') =>
  s3.client.send(
    new PutObjectCommand({ Bucket: Source, Key, Body, ContentType: 'application/gzip', Metadata: { day: '1' } }),
  );
const copy = (Key: string, more: object = {}) =>
  s3.client.send(
    new CopyObjectCommand({
      Bucket,
      Key: `copies/${Key}`,
      CopySource: `${Source}/${Key}`,
      StorageClass: 'GLACIER_IR',
      ...more,
    }),
  );
const head = (Key: string) => s3.client.send(new HeadObjectCommand({ Bucket, Key: `copies/${Key}` }));
const versions = async (of: string) => {
  const { Versions = [], DeleteMarkers = [] } = await s3.client.send(new ListObjectVersionsCommand({ Bucket: of }));
  return { versions: Versions.length, markers: DeleteMarkers.length };
};

describe('a copy from the backup to the locked bucket', () => {
  it('takes the contents along, and has the class, the key and the lock of its new place', async () => {
    await putSource('daily/1/a');
    const { VersionId } = await copy('daily/1/a');
    expect(await head('daily/1/a')).toMatchObject({
      VersionId,
      ContentType: 'application/gzip',
      Metadata: { day: '1' },
      StorageClass: 'GLACIER_IR',
      ServerSideEncryption: 'aws:kms',
      SSEKMSKeyId: OFFLINE_KEY,
      ObjectLockMode: 'COMPLIANCE',
      ObjectLockRetainUntilDate: new Date(Math.floor((s3.clock.now() + 82 * DAY_MILLISECONDS) / 1000) * 1000),
    });
    const { Body } = await s3.client.send(new GetObjectCommand({ Bucket, Key: 'copies/daily/1/a' }));
    expect(await Body?.transformToString()).toBe('sealed');
  });

  it('may be locked for a time of its own, and copied again it gets a new lock', async () => {
    await putSource('daily/1/a');
    const ObjectLockRetainUntilDate = new Date(midnight + 10 * DAY_MILLISECONDS);
    await copy('daily/1/a', { ObjectLockMode: 'COMPLIANCE', ObjectLockRetainUntilDate });
    expect(await head('daily/1/a')).toMatchObject({ ObjectLockRetainUntilDate });
    s3.setTime(s3.clock.now() + DAY_MILLISECONDS);
    await copy('daily/1/a');
    const { ObjectLockRetainUntilDate: later } = await head('daily/1/a');
    expect(later?.getTime()).toBeGreaterThan(midnight + 80 * DAY_MILLISECONDS);
  });

  it('is not made of something else than what was listed', async () => {
    await putSource('daily/1/a');
    const listed = await s3.client.send(new ListObjectsV2Command({ Bucket: Source, StartAfter: 'daily/1/' }));
    const CopySourceIfMatch = listed.Contents?.[0]?.ETag;
    await putSource('daily/1/a', 'changed meanwhile');
    expect(await refusal(copy('daily/1/a', { CopySourceIfMatch }))).toEqual({
      code: 'PreconditionFailed',
      status: 412,
    });
  });
});

describe('a write that must be the first', () => {
  it('is refused where something lies, and taken again where only a marker is left', async () => {
    const first = () => s3.client.send(new PutObjectCommand({ Bucket, Key: 'log/0', Body: 'x', IfNoneMatch: '*' }));
    await first();
    expect(await refusal(first())).toEqual({ code: 'PreconditionFailed', status: 412 });
    await s3.client.send(new DeleteObjectCommand({ Bucket, Key: 'log/0' }));
    await first();
    expect(await versions(Bucket)).toEqual({ versions: 2, markers: 1 });
  });
});

describe('the ninety days', () => {
  it('leave nothing in either bucket: a marker at 84, the version at 85, the marker with it', async () => {
    await putSource('daily/1/a');
    await copy('daily/1/a');
    const at = async (day: number) => {
      s3.setTime(midnight + day * DAY_MILLISECONDS);
      await s3.sweep();
      return [await versions(Source), await versions(Bucket)];
    };
    const [alive, marked, gone] = [
      { versions: 1, markers: 0 },
      { versions: 1, markers: 1 },
      { versions: 0, markers: 0 },
    ];
    expect(await at(83)).toEqual([alive, alive]);
    expect(await at(84)).toEqual([marked, marked]);
    expect(await at(86)).toEqual([gone, gone]);
  });

  it('wait for a lock that is longer', async () => {
    await putSource('daily/1/a');
    const ObjectLockRetainUntilDate = new Date(midnight + 88.5 * DAY_MILLISECONDS);
    const { VersionId } = await copy('daily/1/a', { ObjectLockMode: 'COMPLIANCE', ObjectLockRetainUntilDate });
    const remove = () => s3.client.send(new DeleteObjectCommand({ Bucket, Key: 'copies/daily/1/a', VersionId }));
    s3.setTime(midnight + 88 * DAY_MILLISECONDS);
    await s3.sweep();
    expect(await versions(Bucket)).toEqual({ versions: 1, markers: 1 });
    expect(await refusal(remove())).toMatchObject({ code: 'AccessDenied' });
    s3.setTime(ObjectLockRetainUntilDate.getTime());
    await remove();
    expect(await versions(Bucket)).toEqual({ versions: 0, markers: 1 });
  });
});

describe("a bucket's policy", () => {
  it('is told as the template says it, or that there is none', async () => {
    const policy = { Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: 's3:*' }] };
    const server = await startS3({
      stateDir: `${s3.stateDir}/other`,
      clock: s3.clock,
      buckets: [
        { ...bucketFromTemplate({ BucketName: 'closed' }), policy },
        bucketFromTemplate({ BucketName: 'open' }),
      ],
      credentials: (id) => (id === ACCESS_KEY_ID ? SECRET : undefined),
    });
    const client = s3.connect({ endpoint: server.url });
    const { Policy = '' } = await client.send(new GetBucketPolicyCommand({ Bucket: 'closed' }));
    expect(JSON.parse(Policy)).toEqual(policy);
    expect(await refusal(client.send(new GetBucketPolicyCommand({ Bucket: 'open' })))).toEqual({
      code: 'NoSuchBucketPolicy',
      status: 404,
    });
    await server.close();
  });
});
