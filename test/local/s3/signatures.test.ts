import { createHash, createHmac } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ACCESS_KEY_ID, aServer, type Harness, refusal, SECRET, xmlRefusal } from './harness.ts';

const Bucket = 'files';
const Key = 'hemmelig/æ 1.txt';
let s3: Harness;

beforeEach(async () => {
  s3 = await aServer({ BucketName: Bucket });
  await s3.client.send(new PutObjectCommand({ Bucket, Key, Body: 'secret' }));
});
afterEach(() => s3.end());

const readUrl = (expiresIn = 60) =>
  getSignedUrl(s3.client, new GetObjectCommand({ Bucket, Key }), { expiresIn, signingDate: new Date(s3.clock.now()) });

describe('a presigned GET', () => {
  it('reads the one object that it names', async () => {
    const response = await fetch(await readUrl());
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('secret');
  });

  it('is refused from the second on in which it expires', async () => {
    const url = await readUrl(60);
    const signedAt = Math.floor(s3.clock.now() / 1000) * 1000;
    s3.setTime(signedAt + 60_000 - 1);
    expect((await fetch(url)).status).toBe(200);
    s3.setTime(signedAt + 60_000);
    const response = await fetch(url);
    expect(response.status).toBe(403);
    expect(await response.text()).toMatch(/<Code>AccessDenied<\/Code><Message>Request has expired<\/Message>/);
  });

  it.each<[string, (url: string) => string]>([
    ['another key', (url) => url.replace('.txt', '.txtx')],
    ['another bucket', (url) => url.replace('/files/', '/filer/')],
    ['a longer life', (url) => url.replace('X-Amz-Expires=60', 'X-Amz-Expires=600')],
    ['a later date', (url) => url.replace(/(X-Amz-Date=\w+?)\d\d\d\dZ/, '$15959Z')],
    ['an added parameter', (url) => `${url}&response-content-type=text%2Fhtml`],
    ['a parameter left out', (url) => url.replace('&x-id=GetObject', '')],
    ['a version of its own choice', (url) => `${url}&versionId=null`],
    ['another signature', (url) => url.replace(/X-Amz-Signature=\w{64}/, `X-Amz-Signature=${'0'.repeat(64)}`)],
    ['half a signature', (url) => url.replace(/X-Amz-Signature=\w{32}/, 'X-Amz-Signature=')],
  ])('with %s is refused', async (_, tamper) => {
    const url = await readUrl();
    expect(tamper(url)).not.toBe(url);
    expect(await xmlRefusal(await fetch(tamper(url)))).toEqual({ code: 'SignatureDoesNotMatch', status: 403 });
  });

  it('is refused with another method, with an unsigned x-amz header, and with two signatures', async () => {
    const url = await readUrl();
    expect(await xmlRefusal(await fetch(url, { method: 'PUT', body: 'x' }))).toEqual({
      code: 'SignatureDoesNotMatch',
      status: 403,
    });
    expect(await xmlRefusal(await fetch(url, { headers: { 'x-amz-checksum-mode': 'ENABLED' } }))).toEqual({
      code: 'AccessDenied',
      status: 403,
    });
    expect(await xmlRefusal(await fetch(url, { headers: { authorization: 'AWS4-HMAC-SHA256 x' } }))).toEqual({
      code: 'InvalidArgument',
      status: 400,
    });
  });

  it('cannot live longer than a week', async () => {
    const url = new URL(await readUrl(604_800));
    expect((await fetch(url)).status).toBe(200);
    url.searchParams.set('X-Amz-Expires', '604801');
    expect(await xmlRefusal(await fetch(url))).toEqual({ code: 'AuthorizationQueryParametersError', status: 400 });
  });

  it('signed under an unknown key, another region or far ahead of time is refused', async () => {
    const sign = (config: Parameters<Harness['connect']>[0], ahead = 0) =>
      getSignedUrl(s3.connect(config), new GetObjectCommand({ Bucket, Key }), {
        signingDate: new Date(s3.clock.now() + ahead),
      });
    const unknown = { credentials: { accessKeyId: 'AKIAUNKNOWN', secretAccessKey: SECRET } };
    expect(await xmlRefusal(await fetch(await sign(unknown)))).toEqual({ code: 'InvalidAccessKeyId', status: 403 });
    expect(await xmlRefusal(await fetch(await sign({ region: 'us-east-1' })))).toEqual({
      code: 'AuthorizationQueryParametersError',
      status: 400,
    });
    expect(await xmlRefusal(await fetch(await sign({}, 3_600_000)))).toEqual({ code: 'AccessDenied', status: 403 });
  });
});

describe('a presigned PUT', () => {
  const writeUrl = (command: Partial<ConstructorParameters<typeof PutObjectCommand>[0]> = {}) => {
    const client = s3.connect({ requestChecksumCalculation: 'WHEN_REQUIRED' });
    return getSignedUrl(client, new PutObjectCommand({ Bucket, Key: 'new', ...command }), {
      expiresIn: 60,
      signingDate: new Date(s3.clock.now()),
      signableHeaders: new Set(['content-type']),
    });
  };

  it('writes the object with what was signed into the link', async () => {
    const url = await writeUrl({ ContentType: 'image/png', Metadata: { purpose: 'portrait' } });
    const response = await fetch(url, { method: 'PUT', body: 'bytes', headers: { 'content-type': 'image/png' } });
    expect(response.status).toBe(200);
    expect(await s3.client.send(new HeadObjectCommand({ Bucket, Key: 'new' }))).toMatchObject({
      ContentType: 'image/png',
      Metadata: { purpose: 'portrait' },
      ContentLength: 5,
    });
  });

  it('with another content type, or after its end, writes nothing', async () => {
    const url = await writeUrl({ ContentType: 'image/png' });
    const put = () => fetch(url, { method: 'PUT', body: 'bytes', headers: { 'content-type': 'text/html' } });
    expect(await xmlRefusal(await put())).toEqual({ code: 'SignatureDoesNotMatch', status: 403 });
    s3.setTime(s3.clock.now() + 61_000);
    const late = await fetch(url, { method: 'PUT', body: 'bytes', headers: { 'content-type': 'image/png' } });
    expect(await xmlRefusal(late)).toEqual({ code: 'AccessDenied', status: 403 });
    expect(await refusal(s3.client.send(new HeadObjectCommand({ Bucket, Key: 'new' })))).toMatchObject({ status: 404 });
  });
});

describe('a header-signed request', () => {
  const read = (config: Parameters<Harness['connect']>[0]) =>
    refusal(s3.connect({ maxAttempts: 1, ...config }).send(new GetObjectCommand({ Bucket, Key })));

  it('is refused under a wrong secret, an unknown key, another region', async () => {
    expect(await read({ credentials: { accessKeyId: ACCESS_KEY_ID, secretAccessKey: 'wrong' } })).toEqual({
      code: 'SignatureDoesNotMatch',
      status: 403,
    });
    expect(await read({ credentials: { accessKeyId: 'AKIAUNKNOWN', secretAccessKey: SECRET } })).toEqual({
      code: 'InvalidAccessKeyId',
      status: 403,
    });
    expect(await read({ region: 'us-east-1' })).toEqual({ code: 'AuthorizationHeaderMalformed', status: 400 });
  });

  it('is refused without any signature', async () => {
    for (const path of ['', 'files', 'files/x', 'nowhere/x']) {
      expect(await xmlRefusal(await fetch(`${s3.url}/${path}`))).toEqual({ code: 'AccessDenied', status: 403 });
    }
  });

  it('is refused when its clock is a quarter of an hour off, and the SDK then corrects itself by ours', async () => {
    const ahead = s3.clock.now() + 15 * 60_000 + 2000;
    expect(await read({ systemClockOffset: ahead - Date.now() })).toMatchObject({ code: 'RequestTimeTooSkewed' });
    s3.setTime(s3.clock.now() + 400 * 86_400_000);
    const anyAnswer = await fetch(s3.url);
    expect(anyAnswer.headers.get('date')).toBe(new Date(s3.clock.now()).toUTCString());
    const client = s3.connect({ systemClockOffset: 0 });
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
    expect(await Body?.transformToString()).toBe('secret');
  });

  it('is refused when its body is not the one that was signed', async () => {
    const { status, text } = await signedPut({ body: 'tampered', payloadHash: sha256Hex('original') });
    expect(status).toBe(400);
    expect(text).toContain('<Code>XAmzContentSHA256Mismatch</Code>');
  });

  it('may sign its body chunk by chunk, with the checksum in a signed trailer', async () => {
    const answer = await signedChunks(['first chunk ', 'and the second'], { checksumOf: 'first chunk and the second' });
    expect(answer).toMatchObject({ status: 200 });
    const { Body } = await s3.client.send(new GetObjectCommand({ Bucket, Key: 'raw' }));
    expect(await Body?.transformToString()).toBe('first chunk and the second');
  });

  it('with a chunk or a trailer that was not signed is refused', async () => {
    const chunks = ['first chunk ', 'and the second'];
    const checksumOf = chunks.join('');
    const swapped = await signedChunks(chunks, { checksumOf, tamper: (body) => body.replace('first', 'worst') });
    expect(swapped.text).toContain('<Code>SignatureDoesNotMatch</Code>');
    const trailer = await signedChunks(chunks, { checksumOf, tamper: (body) => body.replace('sha256:', 'sha256:A') });
    expect(trailer.text).toContain('<Code>SignatureDoesNotMatch</Code>');
    const unsigned = await signedChunks(chunks, {
      checksumOf,
      tamper: (body) => body.replace(/;chunk-signature=\w+/, ''),
    });
    expect(unsigned.text).toContain('<Code>SignatureDoesNotMatch</Code>');
    const checksum = await signedChunks(chunks, { checksumOf: 'other bytes' });
    expect(checksum.text).toContain('<Code>BadDigest</Code>');
    expect(await refusal(s3.client.send(new HeadObjectCommand({ Bucket, Key: 'raw' })))).toMatchObject({ status: 404 });
  });
});

// What the SDK does not send, signed by hand after the "Signature Version 4" pages of the S3 API Reference.
const sha256Hex = (text: string) => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

interface Signing {
  timestamp: string;
  scope: string;
  key: Buffer;
}

function signingNow(): Signing {
  const timestamp = new Date(s3.clock.now()).toISOString().replace(/[:-]|\.\d{3}/g, '');
  const day = timestamp.slice(0, 8);
  const key = [day, 'eu-west-1', 's3', 'aws4_request'].reduce<Buffer>(hmac, Buffer.from(`AWS4${SECRET}`));
  return { timestamp, scope: `${day}/eu-west-1/s3/aws4_request`, key };
}

async function signedPut(put: {
  body: string | ((seedSignature: string, signing: Signing) => string);
  payloadHash: string;
  headers?: Record<string, string>;
}): Promise<{ status: number | undefined; text: string }> {
  const signing = signingNow();
  const { host, port } = new URL(s3.url);
  const headers: Record<string, string> = {
    host,
    'x-amz-content-sha256': put.payloadHash,
    'x-amz-date': signing.timestamp,
    ...put.headers,
  };
  const names = Object.keys(headers).sort();
  const canonical = [
    'PUT',
    '/files/raw',
    '',
    ...names.map((name) => `${name}:${headers[name]}`),
    '',
    names.join(';'),
    put.payloadHash,
  ];
  const toSign = ['AWS4-HMAC-SHA256', signing.timestamp, signing.scope, sha256Hex(canonical.join('\n'))].join('\n');
  const signature = hmac(signing.key, toSign).toString('hex');
  const body = typeof put.body === 'string' ? put.body : put.body(signature, signing);
  const authorization = `AWS4-HMAC-SHA256 Credential=${ACCESS_KEY_ID}/${signing.scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest({
      host: '127.0.0.1',
      port,
      method: 'PUT',
      path: '/files/raw',
      headers: { ...headers, authorization, 'content-length': Buffer.byteLength(body) },
    });
    outgoing.on('error', reject);
    outgoing.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (piece: string) => {
        text += piece;
      });
      response.on('end', () => resolve({ status: response.statusCode, text }));
    });
    outgoing.end(body);
  });
}

function signedChunks(
  chunks: readonly string[],
  { checksumOf, tamper = (body) => body }: { checksumOf: string; tamper?: (body: string) => string },
) {
  const checksum = createHash('sha256').update(checksumOf).digest('base64');
  return signedPut({
    payloadHash: 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
    headers: {
      'x-amz-decoded-content-length': String(chunks.join('').length),
      'x-amz-trailer': 'x-amz-checksum-sha256',
    },
    body: (seedSignature, { key, timestamp, scope }) => {
      let previous = seedSignature;
      const sign = (kind: string, ...hashes: string[]) => {
        previous = hmac(key, [`AWS4-HMAC-SHA256-${kind}`, timestamp, scope, previous, ...hashes].join('\n')).toString(
          'hex',
        );
        return previous;
      };
      const encoded = [...chunks, ''].map((chunk) => {
        const signature = sign('PAYLOAD', sha256Hex(''), sha256Hex(chunk));
        return `${chunk.length.toString(16)};chunk-signature=${signature}\r\n${chunk}${chunk === '' ? '' : '\r\n'}`;
      });
      const trailer = `x-amz-checksum-sha256:${checksum}`;
      const signature = sign('TRAILER', sha256Hex(`${trailer}\n`));
      return tamper(`${encoded.join('')}${trailer}\r\nx-amz-trailer-signature:${signature}\r\n\r\n`);
    },
  });
}
