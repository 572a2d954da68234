import {
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetBucketLifecycleConfigurationCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { afterEach, describe, expect, it } from 'vitest';
import { bucketFromTemplate } from '../../../local/s3/buckets.ts';
import { dueAfterDays } from '../../../local/s3/lifecycle.ts';
import { aServer, DAY_MILLISECONDS, type Harness, refusal } from './harness.ts';

const Bucket = 'kept';
const versioned = { VersioningConfiguration: { Status: 'Enabled' } };
let s3: Harness;

afterEach(() => s3.end());

/** A server in which it is half past ten on a day of its own. */
async function aServerAt1030(rules: readonly object[], more: object = {}): Promise<number> {
  s3 = await aServer({
    BucketName: Bucket,
    LifecycleConfiguration: { Rules: rules.map((rule) => ({ Status: 'Enabled', ...rule })) },
    NotificationConfiguration: { EventBridgeConfiguration: {} },
    ...more,
  });
  const midnight = dueAfterDays(s3.clock.now(), 0);
  s3.setTime(midnight + 10.5 * 3_600_000);
  return midnight;
}

async function put(Key: string, more: object = {}): Promise<string> {
  const { VersionId } = await s3.client.send(new PutObjectCommand({ Bucket, Key, Body: 'four', ...more }));
  return VersionId ?? 'null';
}

/** What is left: `key` for a current object, `key noncurrent`, `key marker`. */
async function left(): Promise<string[]> {
  const { Versions = [], DeleteMarkers = [] } = await s3.client.send(new ListObjectVersionsCommand({ Bucket }));
  return [
    ...Versions.map(({ Key, IsLatest }) => `${Key}${IsLatest ? '' : ' noncurrent'}`),
    ...DeleteMarkers.map(({ Key, IsLatest }) => `${Key} marker${IsLatest ? '' : ' noncurrent'}`),
  ];
}

async function leftAt(epochMilliseconds: number): Promise<string[]> {
  s3.setTime(epochMilliseconds);
  await s3.sweep();
  return left();
}

describe('expiry', () => {
  it('comes at the midnight in UTC after the days, and not a second before', async () => {
    const midnight = await aServerAt1030([{ ExpirationInDays: 3, Prefix: 'short/' }]);
    await put('short/x');
    await put('long/x');
    const due = midnight + 4 * DAY_MILLISECONDS;
    expect(await leftAt(due - 1000)).toEqual(['long/x', 'short/x']);
    expect(await leftAt(due)).toEqual(['long/x']);
    expect(s3.events.at(-1)).toMatchObject({
      'detail-type': 'Object Deleted',
      detail: { reason: 'Lifecycle Expiration', 'deletion-type': 'Permanently Deleted', object: { key: 'short/x' } },
    });
  });

  it('takes only objects with the tags and of the sizes that the rule names', async () => {
    const midnight = await aServerAt1030([
      { ExpirationInDays: 1, TagFilters: [{ Key: 'class', Value: 'short' }] },
      { ExpirationInDays: 1, Prefix: 'sized/', ObjectSizeGreaterThan: '4' },
    ]);
    await put('tagged', { Tagging: 'class=short' });
    await put('untagged');
    await put('sized/four');
    await put('sized/five', { Body: 'fives' });
    expect(await leftAt(midnight + 2 * DAY_MILLISECONDS)).toEqual(['sized/four', 'untagged']);
  });

  it('of a disabled rule never comes', async () => {
    const midnight = await aServerAt1030([{ Status: 'Disabled', ExpirationInDays: 1 }]);
    await put('x');
    expect(await leftAt(midnight + 100 * DAY_MILLISECONDS)).toEqual(['x']);
  });

  it('on a versioned bucket adds a marker, and the version goes the noncurrent days after that', async () => {
    const midnight = await aServerAt1030(
      [{ ExpirationInDays: 83, NoncurrentVersionExpiration: { NoncurrentDays: 1 } }],
      versioned,
    );
    await put('x');
    const marked = midnight + 84 * DAY_MILLISECONDS;
    expect(await leftAt(marked - 1000)).toEqual(['x']);
    expect(await leftAt(marked)).toEqual(['x noncurrent', 'x marker']);
    expect(await leftAt(marked + DAY_MILLISECONDS - 1000)).toEqual(['x noncurrent', 'x marker']);
    expect(await leftAt(marked + DAY_MILLISECONDS)).toEqual(['x marker']);
  });

  it('plays the whole story in its order when the clock jumps a year', async () => {
    const midnight = await aServerAt1030(
      [{ ExpirationInDays: 10, NoncurrentVersionExpiration: { NoncurrentDays: 5 } }],
      versioned,
    );
    await put('x');
    expect(await leftAt(midnight + 365 * DAY_MILLISECONDS)).toEqual([]);
    const deletions = s3.events.filter((event) => event['detail-type'] === 'Object Deleted');
    expect(deletions.map(({ time, detail }) => [Date.parse(time) - midnight, detail['deletion-type']])).toEqual([
      [11 * DAY_MILLISECONDS, 'Delete Marker Created'],
      [16 * DAY_MILLISECONDS, 'Permanently Deleted'],
      [21 * DAY_MILLISECONDS, 'Permanently Deleted'],
    ]);
  });

  it('of noncurrent versions counts from the day of their successor and keeps as many as told', async () => {
    const midnight = await aServerAt1030(
      [{ NoncurrentVersionExpiration: { NoncurrentDays: 2, NewerNoncurrentVersions: 1 } }],
      versioned,
    );
    for (const day of [0, 1, 2]) {
      s3.setTime(midnight + day * DAY_MILLISECONDS + 1000);
      await put('x');
    }
    const due = midnight + 4 * DAY_MILLISECONDS;
    expect(await leftAt(due - 1000)).toEqual(['x', 'x noncurrent', 'x noncurrent']);
    expect(await leftAt(due)).toEqual(['x', 'x noncurrent']);
    expect(await leftAt(due + 100 * DAY_MILLISECONDS)).toEqual(['x', 'x noncurrent']);
  });

  it('takes a delete marker that nothing stands behind', async () => {
    const midnight = await aServerAt1030([{ ExpiredObjectDeleteMarker: true }], versioned);
    const version = await put('alone');
    await put('accompanied');
    for (const Key of ['alone', 'accompanied']) await s3.client.send(new DeleteObjectCommand({ Bucket, Key }));
    await s3.client.send(new DeleteObjectCommand({ Bucket, Key: 'alone', VersionId: version }));
    expect(await leftAt(midnight + DAY_MILLISECONDS)).toEqual(['accompanied noncurrent', 'accompanied marker']);
  });

  it('waits for a lock, and for a legal hold', async () => {
    const midnight = await aServerAt1030([{ NoncurrentVersionExpiration: { NoncurrentDays: 1 } }], {
      ObjectLockEnabled: true,
    });
    const lockedUntil = midnight + 9.5 * DAY_MILLISECONDS;
    await put('locked', { ObjectLockMode: 'COMPLIANCE', ObjectLockRetainUntilDate: new Date(lockedUntil) });
    await put('held', { ObjectLockLegalHoldStatus: 'ON' });
    await put('free');
    for (const Key of ['locked', 'held', 'free']) await s3.client.send(new DeleteObjectCommand({ Bucket, Key }));
    const markers = ['free marker', 'held marker', 'locked marker'];
    expect(await leftAt(lockedUntil - 1)).toEqual(['held noncurrent', 'locked noncurrent', ...markers]);
    expect(await leftAt(lockedUntil)).toEqual(['held noncurrent', ...markers]);
  });
});

describe('the other rules', () => {
  it('abort an upload that was never completed', async () => {
    const midnight = await aServerAt1030([{ AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } }]);
    await s3.client.send(new CreateMultipartUploadCommand({ Bucket, Key: 'half' }));
    const uploads = async (at: number) => {
      s3.setTime(at);
      await s3.sweep();
      return (await s3.client.send(new ListMultipartUploadsCommand({ Bucket }))).Uploads?.length ?? 0;
    };
    expect(await uploads(midnight + 2 * DAY_MILLISECONDS - 1000)).toBe(1);
    expect(await uploads(midnight + 2 * DAY_MILLISECONDS)).toBe(0);
  });

  it('record the storage class of a transition, downwards only', async () => {
    const midnight = await aServerAt1030([
      {
        Transitions: [
          { StorageClass: 'STANDARD_IA', TransitionInDays: 30 },
          { StorageClass: 'GLACIER_IR', TransitionInDays: 60 },
        ],
      },
    ]);
    await put('x');
    const storageClassAt = async (at: number) => {
      await leftAt(at);
      const { Versions } = await s3.client.send(new ListObjectVersionsCommand({ Bucket }));
      return Versions?.[0]?.StorageClass;
    };
    expect(await storageClassAt(midnight + 31 * DAY_MILLISECONDS - 1000)).toBe('STANDARD');
    expect(await storageClassAt(midnight + 31 * DAY_MILLISECONDS)).toBe('STANDARD_IA');
    expect(await storageClassAt(midnight + 400 * DAY_MILLISECONDS)).toBe('GLACIER_IR');
    expect(await storageClassAt(midnight + 401 * DAY_MILLISECONDS)).toBe('GLACIER_IR');
  });

  it('are told as the template has them', async () => {
    await aServerAt1030([
      {
        Id: 'backup',
        Prefix: 'core/',
        ExpirationInDays: 83,
        NoncurrentVersionExpiration: { NoncurrentDays: 1 },
        Transitions: [{ StorageClass: 'GLACIER_IR', TransitionInDays: 1 }],
      },
      { TagFilters: [{ Key: 'a', Value: 'b' }], Prefix: 'x/', ExpiredObjectDeleteMarker: true },
    ]);
    const { Rules } = await s3.client.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
    expect(Rules).toEqual([
      {
        ID: 'backup',
        Status: 'Enabled',
        Filter: { Prefix: 'core/' },
        Expiration: { Days: 83 },
        NoncurrentVersionExpiration: { NoncurrentDays: 1 },
        Transitions: [{ Days: 1, StorageClass: 'GLACIER_IR' }],
      },
      {
        ID: 'rule-2',
        Status: 'Enabled',
        Filter: { And: { Prefix: 'x/', Tags: [{ Key: 'a', Value: 'b' }] } },
        Expiration: { ExpiredObjectDeleteMarker: true },
      },
    ]);
  });

  it('are absent where the template has none', async () => {
    s3 = await aServer({ BucketName: Bucket });
    const call = s3.client.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
    expect(await refusal(call)).toEqual({ code: 'NoSuchLifecycleConfiguration', status: 404 });
  });

  it('are refused at the start where the sweep could not play them', async () => {
    s3 = await aServer({ BucketName: Bucket });
    const unplayable = { Status: 'Enabled', ExpirationDate: '2030-01-01' };
    const properties = { BucketName: Bucket, LifecycleConfiguration: { Rules: [unplayable] } };
    expect(() => bucketFromTemplate(properties)).toThrow('ExpirationDate');
  });
});
