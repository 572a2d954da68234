import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { GetObjectCommand, HeadObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { createPresignedPost, type PresignedPostOptions } from '@aws-sdk/s3-presigned-post';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aServer, type Harness, SECRET, xmlRefusal } from './harness.ts';

const Bucket = 'quarantine';
const Key = 'opplasting/æ.bin';
let s3: Harness;

beforeEach(async () => {
  s3 = await aServer(
    { BucketName: Bucket, NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } } },
    { BucketName: 'elsewhere' },
  );
});
afterEach(() => s3.end());

interface Form {
  url: string;
  fields: Record<string, string>;
}

// The SDK dates the policy by the machine's clock, on which the test's clock starts.
const aForm = (options: Partial<PresignedPostOptions> = {}): Promise<Form> =>
  createPresignedPost(s3.client, { Bucket, Key, Expires: 60, ...options });

function submit({ url, fields }: Form, file: string | Buffer<ArrayBuffer>, fileName = 'bilde.bin'): Promise<Response> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append('file', new Blob([file]), fileName);
  return fetch(url, { method: 'POST', body: form });
}

async function expectNothingStored() {
  const listed = await s3.client.send(new ListObjectsV2Command({ Bucket }));
  expect(listed.KeyCount).toBe(0);
  expect(readdirSync(join(s3.stateDir, Bucket, 'bodies'))).toEqual([]);
  expect(s3.events).toEqual([]);
}

describe('a presigned POST', () => {
  it('stores exactly the bytes of the file, with what the fields say', async () => {
    const form = await aForm({
      Fields: {
        'Content-Type': 'image/png',
        'x-amz-meta-purpose': 'portrait',
        tagging: '<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>',
      },
    });
    // What looks like the boundary, split over many packets, is still the file's.
    const file = Buffer.from(`\r\n--\r\n------${'\r\n-'.repeat(60_000)}\r\n`);
    const response = await submit(form, file);
    expect(response.status).toBe(204);
    expect(response.headers.get('etag')).toBe(`"${createHash('md5').update(file).digest('hex')}"`);
    const got = await s3.client.send(new GetObjectCommand({ Bucket, Key }));
    expect(Buffer.from((await got.Body?.transformToByteArray()) ?? []).equals(file)).toBe(true);
    expect(got).toMatchObject({ ContentType: 'image/png', Metadata: { purpose: 'portrait' }, TagCount: 1 });
    expect(s3.events.map(({ detail }) => [detail.reason, detail.object.key])).toEqual([['POST Object', Key]]);
  });

  it('answers 201 with a document where the form asks for it', async () => {
    const response = await submit(await aForm({ Fields: { success_action_status: '201' } }), 'x');
    expect(response.status).toBe(201);
    expect(await response.text()).toContain(`<Bucket>${Bucket}</Bucket><Key>${Key}</Key>`);
  });

  it('takes a file of exactly the largest size, and refuses one byte more', async () => {
    const Conditions: PresignedPostOptions['Conditions'] = [['content-length-range', 10, 100]];
    const tooLarge = await submit(await aForm({ Conditions }), 'x'.repeat(101));
    expect(await xmlRefusal(tooLarge)).toEqual({ code: 'EntityTooLarge', status: 400 });
    const tooSmall = await submit(await aForm({ Conditions }), 'x'.repeat(9));
    expect(await xmlRefusal(tooSmall)).toEqual({ code: 'EntityTooSmall', status: 400 });
    await expectNothingStored();
    expect((await submit(await aForm({ Conditions }), 'x'.repeat(100))).status).toBe(204);
    expect((await submit(await aForm({ Conditions }), 'x'.repeat(10))).status).toBe(204);
  });

  it('is refused once its policy has expired', async () => {
    const form = await aForm({ Expires: 60 });
    const expiresAt = Date.parse(policyOf(form.fields).expiration);
    s3.setTime(expiresAt);
    const late = await submit(form, 'x');
    expect(late.status).toBe(403);
    expect(await late.text()).toContain('Invalid according to Policy: Policy expired.');
    await expectNothingStored();
    s3.setTime(expiresAt - 1);
    expect((await submit(form, 'x')).status).toBe(204);
  });

  it.each([
    ['another key', { key: 'opplasting/other' }],
    ['a key that climbs', { key: '../elsewhere/x' }],
    ['another content type', { 'Content-Type': 'text/html' }],
    ['a bucket field of another bucket and its key', { bucket: 'elsewhere', key: 'x' }],
    ['a field that the policy does not name', { 'x-amz-meta-extra': 'x' }],
    ['another redirect', { success_action_redirect: 'https://example.org' }],
  ])('with %s is refused', async (_, changed) => {
    const form = await aForm({ Fields: { 'Content-Type': 'image/png' } });
    const response = await submit({ url: form.url, fields: { ...form.fields, ...changed } }, 'x');
    expect(await xmlRefusal(response)).toEqual({ code: 'AccessDenied', status: 403 });
    await expectNothingStored();
  });

  it('sent to another bucket is refused', async () => {
    const form = await aForm();
    const response = await submit({ ...form, url: form.url.replace(Bucket, 'elsewhere') }, 'x');
    expect(await xmlRefusal(response)).toEqual({ code: 'AccessDenied', status: 403 });
  });

  it.each([
    ['a widened policy', (fields: Record<string, string>) => widened(fields), 'SignatureDoesNotMatch', 403],
    ['no policy', ({ Policy: _, ...fields }: Record<string, string>) => fields, 'AccessDenied', 403],
    [
      'no signature',
      ({ 'X-Amz-Signature': _, ...fields }: Record<string, string>) => fields,
      'SignatureDoesNotMatch',
      403,
    ],
    [
      'an unknown key',
      (fields: Record<string, string>) => ({
        ...fields,
        'X-Amz-Credential': fields['X-Amz-Credential']!.replace('AKIATEST', 'AKIAOTHER'),
      }),
      'InvalidAccessKeyId',
      403,
    ],
    [
      'a field sent twice under another case',
      (fields: Record<string, string>) => ({ ...fields, KEY: 'other' }),
      'MalformedPOSTRequest',
      400,
    ],
  ])('with %s is refused', async (_, change, code, status) => {
    const form = await aForm();
    const response = await submit({ url: form.url, fields: change(form.fields) }, 'x');
    expect(await xmlRefusal(response)).toEqual({ code, status });
    await expectNothingStored();
  });

  it('may leave the end of its key open, and the file name fills it', async () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the placeholder is S3's.
    const form = await aForm({ Key: 'user/1/${filename}' });
    expect((await submit(form, 'x', 'min $& fil.png')).status).toBe(204);
    await s3.client.send(new HeadObjectCommand({ Bucket, Key: 'user/1/min $& fil.png' }));
    const outside = await submit({ url: form.url, fields: { ...form.fields, key: 'user/2/x' } }, 'x');
    expect(await xmlRefusal(outside)).toEqual({ code: 'AccessDenied', status: 403 });
  });

  it('with a starts-with on the content type needs one, in every part of a list', async () => {
    const Conditions: PresignedPostOptions['Conditions'] = [['starts-with', '$Content-Type', 'image/']];
    const form = await aForm({ Conditions });
    const send = (fields: Record<string, string>) =>
      submit({ url: form.url, fields: { ...form.fields, ...fields } }, 'x');
    expect((await send({})).status).toBe(403);
    expect((await send({ 'Content-Type': 'image/png,text/html' })).status).toBe(403);
    await expectNothingStored();
    expect((await send({ 'Content-Type': 'image/jpeg' })).status).toBe(204);
  });

  it('cut off in the middle of its file leaves nothing', async () => {
    const { url, fields } = await aForm();
    const parts = Object.entries(fields).map(
      ([name, value]) => `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
    );
    const body = `${parts.join('')}--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\nhalf a fi`;
    const headers = { 'content-type': 'multipart/form-data; boundary=b' };
    expect(await xmlRefusal(await fetch(url, { method: 'POST', body, headers }))).toEqual({
      code: 'IncompleteBody',
      status: 400,
    });
    const withoutFile = await fetch(url, { method: 'POST', body: `${parts.join('')}--b--\r\n`, headers });
    expect(await xmlRefusal(withoutFile)).toEqual({ code: 'InvalidArgument', status: 400 });
    await expectNothingStored();
  });

  it('never shows the secret in its answer', async () => {
    const form = await aForm();
    const response = await submit({ url: form.url, fields: { ...form.fields, 'X-Amz-Signature': 'x' } }, 'x');
    expect(await response.text()).not.toContain(SECRET);
  });
});

function widened(fields: Record<string, string>): Record<string, string> {
  const policy = { ...policyOf(fields), expiration: '2099-01-01T00:00:00Z' };
  return { ...fields, Policy: Buffer.from(JSON.stringify(policy)).toString('base64') };
}

function policyOf(fields: Record<string, string>): { expiration: string; conditions: unknown[] } {
  return JSON.parse(Buffer.from(fields['Policy'] ?? '', 'base64').toString());
}
