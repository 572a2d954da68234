import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetObjectLegalHoldCommand,
  GetObjectLockConfigurationCommand,
  GetObjectRetentionCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  type ObjectLockRetentionMode,
  PutObjectCommand,
  PutObjectLegalHoldCommand,
  PutObjectRetentionCommand,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aServer, DAY_MILLISECONDS, type Harness, refusal } from './harness.ts';

const lockedForSevenDays = {
  BucketName: 'backups',
  ObjectLockEnabled: true,
  ObjectLockConfiguration: {
    ObjectLockEnabled: 'Enabled',
    Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 7 } },
  },
};
let s3: Harness;

beforeEach(async () => {
  s3 = await aServer(
    { BucketName: 'versioned', VersioningConfiguration: { Status: 'Enabled' } },
    { BucketName: 'lockable', ObjectLockEnabled: true },
    lockedForSevenDays,
    { BucketName: 'plain' },
  );
});
afterEach(() => s3.end());

async function put(Bucket: string, Key: string, Body: string, more: object = {}): Promise<string> {
  const { VersionId } = await s3.client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
  return VersionId ?? '';
}

async function read(Bucket: string, Key: string, VersionId?: string): Promise<string | undefined> {
  const { Body } = await s3.client.send(new GetObjectCommand({ Bucket, Key, VersionId }));
  return Body?.transformToString();
}

const remove = (Bucket: string, Key: string, VersionId?: string, BypassGovernanceRetention?: boolean) =>
  s3.client.send(new DeleteObjectCommand({ Bucket, Key, VersionId, BypassGovernanceRetention }));

describe('a versioned bucket', () => {
  const Bucket = 'versioned';

  it('keeps what is written over and what is deleted', async () => {
    const first = await put(Bucket, 'k', 'one');
    const second = await put(Bucket, 'k', 'two');
    const deleted = await remove(Bucket, 'k');
    expect(deleted).toMatchObject({ DeleteMarker: true, VersionId: expect.any(String) });
    expect(await refusal(read(Bucket, 'k'))).toEqual({ code: 'NoSuchKey', status: 404 });
    expect(await read(Bucket, 'k', first)).toBe('one');
    expect(await read(Bucket, 'k', second)).toBe('two');
    expect((await s3.client.send(new ListObjectsV2Command({ Bucket }))).KeyCount).toBe(0);
    expect(await refusal(read(Bucket, 'k', deleted.VersionId))).toMatchObject({ status: 405 });

    expect(await remove(Bucket, 'k', deleted.VersionId)).toMatchObject({ DeleteMarker: true });
    expect(await read(Bucket, 'k')).toBe('two');
    await remove(Bucket, 'k', second);
    expect(await read(Bucket, 'k')).toBe('one');
    await remove(Bucket, 'k', first);
    expect((await s3.client.send(new ListObjectVersionsCommand({ Bucket }))).Versions).toBeUndefined();
  });

  it('lists versions and markers newest first, in pages', async () => {
    const ids = [await put(Bucket, 'a', '1'), await put(Bucket, 'a', '2')];
    const marker = (await remove(Bucket, 'a')).VersionId;
    ids.push(await put(Bucket, 'b/1', '3'));
    const whole = await s3.client.send(new ListObjectVersionsCommand({ Bucket }));
    expect(whole.Versions?.map(({ VersionId, IsLatest }) => [VersionId, IsLatest])).toEqual([
      [ids[1], false],
      [ids[0], false],
      [ids[2], true],
    ]);
    expect(whole.DeleteMarkers).toMatchObject([{ Key: 'a', VersionId: marker, IsLatest: true }]);

    const seen: (string | undefined)[] = [];
    let next: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } = {};
    for (;;) {
      const page = await s3.client.send(new ListObjectVersionsCommand({ Bucket, MaxKeys: 1, Delimiter: '/', ...next }));
      seen.push((page.Versions ?? page.DeleteMarkers)?.[0]?.VersionId ?? page.CommonPrefixes?.[0]?.Prefix);
      if (!page.IsTruncated) break;
      next = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
    }
    expect(seen).toEqual([marker, ids[1], ids[0], 'b/']);
  });

  it('copies an older version', async () => {
    const old = await put(Bucket, 'k', 'old');
    await put(Bucket, 'k', 'new');
    const copy = new CopyObjectCommand({ Bucket, Key: 'k', CopySource: `${Bucket}/k?versionId=${old}` });
    expect((await s3.client.send(copy)).CopySourceVersionId).toBe(old);
    expect(await read(Bucket, 'k')).toBe('old');
  });

  it('refuses a version that never was', async () => {
    await put(Bucket, 'k', 'x');
    expect(await refusal(read(Bucket, 'k', 'never'))).toEqual({ code: 'NoSuchVersion', status: 404 });
  });
});

describe('a compliance lock', () => {
  const Bucket = 'backups';

  it('comes from the bucket and refuses the delete until its last second has passed', async () => {
    const VersionId = await put(Bucket, 'export', 'x');
    const lockedUntil = s3.clock.now() + 7 * DAY_MILLISECONDS;
    const head = await s3.client.send(new HeadObjectCommand({ Bucket, Key: 'export' }));
    expect(head).toMatchObject({ ObjectLockMode: 'COMPLIANCE', ObjectLockRetainUntilDate: new Date(lockedUntil) });
    s3.setTime(lockedUntil - 1);
    expect(await refusal(remove(Bucket, 'export', VersionId))).toEqual({ code: 'AccessDenied', status: 403 });
    expect(await refusal(remove(Bucket, 'export', VersionId, true))).toMatchObject({ code: 'AccessDenied' });
    const together = await s3.client.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'export', VersionId }, { Key: 'never' }] } }),
    );
    expect(together.Errors).toMatchObject([{ Key: 'export', VersionId, Code: 'AccessDenied' }]);
    expect(together.Deleted).toMatchObject([{ Key: 'never' }]);
    expect(await read(Bucket, 'export')).toBe('x');
    s3.setTime(lockedUntil);
    await remove(Bucket, 'export', VersionId);
    expect(await refusal(read(Bucket, 'export', VersionId))).toEqual({ code: 'NoSuchVersion', status: 404 });
  });

  it('survives a delete marker and a restart', async () => {
    const VersionId = await put(Bucket, 'export', 'x');
    await remove(Bucket, 'export');
    await s3.restart();
    expect(await read(Bucket, 'export', VersionId)).toBe('x');
    expect(await refusal(remove(Bucket, 'export', VersionId))).toMatchObject({ code: 'AccessDenied' });
  });

  it('can be made longer, but neither shorter nor weaker nor removed', async () => {
    const VersionId = await put(Bucket, 'export', 'x');
    const retain = (Mode: ObjectLockRetentionMode, days: number) =>
      s3.client.send(
        new PutObjectRetentionCommand({
          Bucket,
          Key: 'export',
          VersionId,
          BypassGovernanceRetention: true,
          Retention: { Mode, RetainUntilDate: new Date(s3.clock.now() + days * DAY_MILLISECONDS) },
        }),
      );
    const denied = { code: 'AccessDenied', status: 403 };
    expect(await refusal(retain('COMPLIANCE', 6))).toEqual(denied);
    expect(await refusal(retain('GOVERNANCE', 30))).toEqual(denied);
    const without = new PutObjectRetentionCommand({
      Bucket,
      Key: 'export',
      BypassGovernanceRetention: true,
      Retention: {},
    });
    expect(await refusal(s3.client.send(without))).toEqual(denied);
    expect(await refusal(retain('COMPLIANCE', -1))).toEqual({ code: 'InvalidArgument', status: 400 });
    await retain('COMPLIANCE', 8);
    const { Retention } = await s3.client.send(new GetObjectRetentionCommand({ Bucket, Key: 'export' }));
    const until = new Date(s3.clock.now() + 8 * DAY_MILLISECONDS);
    expect(Retention).toEqual({ Mode: 'COMPLIANCE', RetainUntilDate: until });
  });
});

describe('a governance lock', () => {
  it('gives way to the bypass header alone', async () => {
    const Bucket = 'lockable';
    const lock = {
      ObjectLockMode: 'GOVERNANCE',
      ObjectLockRetainUntilDate: new Date(s3.clock.now() + DAY_MILLISECONDS),
    };
    const VersionId = await put(Bucket, 'k', 'x', lock);
    expect(await refusal(remove(Bucket, 'k', VersionId))).toMatchObject({ code: 'AccessDenied' });
    const shorter = { Mode: 'GOVERNANCE', RetainUntilDate: new Date(s3.clock.now() + 1000) } as const;
    const shorten = (BypassGovernanceRetention: boolean) =>
      s3.client.send(
        new PutObjectRetentionCommand({ Bucket, Key: 'k', Retention: shorter, BypassGovernanceRetention }),
      );
    expect(await refusal(shorten(false))).toMatchObject({ code: 'AccessDenied' });
    await shorten(true);
    expect(await refusal(remove(Bucket, 'k', VersionId))).toMatchObject({ code: 'AccessDenied' });
    await remove(Bucket, 'k', VersionId, true);
    expect(await refusal(read(Bucket, 'k'))).toMatchObject({ code: 'NoSuchKey' });
  });
});

describe('a legal hold', () => {
  it('refuses the delete, with any header and after any time, until it is lifted', async () => {
    const Bucket = 'lockable';
    const VersionId = await put(Bucket, 'k', 'x', { ObjectLockLegalHoldStatus: 'ON' });
    s3.setTime(s3.clock.now() + 4000 * DAY_MILLISECONDS);
    expect(await refusal(remove(Bucket, 'k', VersionId, true))).toMatchObject({ code: 'AccessDenied' });
    const hold = await s3.client.send(new GetObjectLegalHoldCommand({ Bucket, Key: 'k' }));
    expect(hold.LegalHold?.Status).toBe('ON');
    await s3.client.send(new PutObjectLegalHoldCommand({ Bucket, Key: 'k', LegalHold: { Status: 'OFF' } }));
    await remove(Bucket, 'k', VersionId);
    expect(await refusal(read(Bucket, 'k', VersionId))).toEqual({ code: 'NoSuchVersion', status: 404 });
  });
});

describe('Object Lock', () => {
  it('switches versioning on and tells its default', async () => {
    const versioning = await s3.client.send(new GetBucketVersioningCommand({ Bucket: 'backups' }));
    expect(versioning.Status).toBe('Enabled');
    const { ObjectLockConfiguration } = await s3.client.send(
      new GetObjectLockConfigurationCommand({ Bucket: 'backups' }),
    );
    expect(ObjectLockConfiguration).toEqual({
      ObjectLockEnabled: 'Enabled',
      Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 7 } },
    });
    expect(await refusal(s3.client.send(new GetObjectLockConfigurationCommand({ Bucket: 'plain' })))).toEqual({
      code: 'ObjectLockConfigurationNotFoundError',
      status: 404,
    });
  });

  it('cannot be asked of a bucket without it', async () => {
    const lock = {
      ObjectLockMode: 'COMPLIANCE',
      ObjectLockRetainUntilDate: new Date(s3.clock.now() + DAY_MILLISECONDS),
    };
    expect(await refusal(put('plain', 'k', 'x', lock))).toEqual({ code: 'InvalidRequest', status: 400 });
    expect(await refusal(read('plain', 'k'))).toMatchObject({ code: 'NoSuchKey' });
  });
});
