import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ACCESS_KEY_ID, aServer, SECRET, xmlRefusal } from './harness.ts';

const withEventBridge = { NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } } };

describe('the state', () => {
  it('holds every acknowledged put after a SIGKILL in the middle of others, and nothing torn', async () => {
    const stateDir = mkdtempSync(join(tmpdir(), 'vern-s3-'));
    onTestFinished(() => rmSync(stateDir, { recursive: true }));
    const first = await aChild(stateDir);
    const acknowledged: string[] = [];
    const bodyOf = (key: string) => key.repeat(2000);
    const write = async (writer: number) => {
      for (let count = 0; ; count += 1) {
        const Key = `writer-${writer}/${count}`;
        await first.client.send(new PutObjectCommand({ Bucket: 'files', Key, Body: bodyOf(Key) }));
        acknowledged.push(Key);
        if (acknowledged.length === 60) first.process.kill('SIGKILL');
      }
    };
    const outcomes = await Promise.allSettled([0, 1, 2, 3, 4, 5].map(write));
    expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true);
    expect(acknowledged.length).toBeGreaterThanOrEqual(60);

    const second = await aChild(stateDir);
    for (const Key of acknowledged) {
      const { Body } = await second.client.send(new GetObjectCommand({ Bucket: 'files', Key }));
      expect(await Body?.transformToString()).toBe(bodyOf(Key));
    }
    const count = (folder: string) => readdirSync(join(stateDir, 'files', folder)).length;
    expect(count('bodies')).toBe(count('keys'));
  });

  it('is swept of what a torn write left', async () => {
    const s3 = await aServer({ BucketName: 'files' });
    onTestFinished(() => s3.end());
    await s3.client.send(new PutObjectCommand({ Bucket: 'files', Key: 'whole', Body: 'x' }));
    const folder = (name: string) => join(s3.stateDir, 'files', name);
    writeFileSync(join(folder('bodies'), 'half-a-body'), 'ha');
    writeFileSync(join(folder('keys'), 'half.json.tmp'), '{"key":"ha');
    await s3.restart();
    expect(readdirSync(folder('bodies'))).toHaveLength(1);
    expect(readdirSync(folder('keys'))).toHaveLength(1);
    await s3.client.send(new HeadObjectCommand({ Bucket: 'files', Key: 'whole' }));
  });

  it('keeps nothing of an upload whose client goes away', async () => {
    const s3 = await aServer({ BucketName: 'files' });
    onTestFinished(() => s3.end());
    const { client } = s3;
    const aborted = new AbortController();
    async function* endless() {
      // Until then only: the stream may still be read once the test is over and its folder gone.
      while (!aborted.signal.aborted) {
        yield Buffer.alloc(1000);
        if (readdirSync(join(s3.stateDir, 'files', 'bodies')).length > 0) aborted.abort();
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
    const put = new PutObjectCommand({
      Bucket: 'files',
      Key: 'cut',
      Body: Readable.from(endless()),
      ContentLength: 1e9,
    });
    await expect(client.send(put, { abortSignal: aborted.signal })).rejects.toThrow();
    await expect.poll(() => readdirSync(join(s3.stateDir, 'files', 'bodies'))).toEqual([]);
  });
});

describe('events', () => {
  it('tell of writes and deletes in buckets that send them to EventBridge, and of no others', async () => {
    const s3 = await aServer(
      { BucketName: 'told', VersioningConfiguration: { Status: 'Enabled' }, ...withEventBridge },
      { BucketName: 'silent' },
    );
    onTestFinished(() => s3.end());
    for (const Bucket of ['told', 'silent']) {
      const { VersionId } = await s3.client.send(new PutObjectCommand({ Bucket, Key: 'æ', Body: 'four' }));
      await s3.client.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource: `${Bucket}/%C3%A6` }));
      await s3.client.send(new DeleteObjectCommand({ Bucket, Key: 'æ' }));
      await s3.client.send(new DeleteObjectCommand({ Bucket, Key: 'æ', VersionId }));
    }
    expect(
      s3.events.map((event) => [event['detail-type'], event.detail.reason, event.detail['deletion-type']]),
    ).toEqual([
      ['Object Created', 'PutObject', undefined],
      ['Object Created', 'CopyObject', undefined],
      ['Object Deleted', 'DeleteObject', 'Delete Marker Created'],
      ['Object Deleted', 'DeleteObject', 'Permanently Deleted'],
    ]);
    expect(s3.events[0]).toMatchObject({
      source: 'aws.s3',
      region: 'eu-west-1',
      resources: ['arn:aws:s3:::told'],
      time: new Date(s3.clock.now()).toISOString(),
      detail: { bucket: { name: 'told' }, object: { key: 'æ', size: 4, etag: expect.any(String) } },
    });
    const sequencers = s3.events.map(({ detail }) => detail.object.sequencer);
    expect(sequencers).toEqual(sequencers.toSorted());
  });
});

describe('CORS', () => {
  const rule = {
    AllowedOrigins: ['https://app.example.org', 'https://*.test.example.org'],
    AllowedMethods: ['POST', 'GET'],
    AllowedHeaders: ['content-type', 'x-amz-*'],
    ExposedHeaders: ['ETag'],
    MaxAge: 600,
  };
  const ask = (bucketUrl: string, origin: string, method: string, headers?: string) =>
    fetch(bucketUrl, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': method,
        ...(headers && { 'access-control-request-headers': headers }),
      },
    });

  it('is granted to the origins, methods and headers that the bucket declares, and to no others', async () => {
    const s3 = await aServer(
      { BucketName: 'open', CorsConfiguration: { CorsRules: [rule] } },
      { BucketName: 'closed' },
    );
    onTestFinished(() => s3.end());
    const granted = await ask(`${s3.url}/open`, 'https://a.test.example.org', 'POST', 'Content-Type, x-amz-date');
    expect(granted.status).toBe(200);
    expect(Object.fromEntries(granted.headers)).toMatchObject({
      'access-control-allow-origin': 'https://a.test.example.org',
      'access-control-allow-methods': 'POST, GET',
      'access-control-allow-headers': 'content-type, x-amz-date',
      'access-control-max-age': '600',
    });
    const refused = [
      await ask(`${s3.url}/open`, 'https://app.example.org.evil.example', 'POST'),
      await ask(`${s3.url}/open`, 'https://app.example.org', 'DELETE'),
      await ask(`${s3.url}/open`, 'https://app.example.org', 'POST', 'authorization'),
      await ask(`${s3.url}/closed`, 'https://app.example.org', 'GET'),
    ];
    for (const response of refused) {
      expect(response.headers.get('access-control-allow-origin')).toBeNull();
      expect(response.status).toBe(403);
    }
    const read = await fetch(`${s3.url}/open/x`, { headers: { origin: 'https://app.example.org' } });
    expect(read.headers.get('access-control-allow-origin')).toBe('https://app.example.org');
    expect(await xmlRefusal(read)).toEqual({ code: 'AccessDenied', status: 403 });
  });
});

describe('the server', () => {
  it('answers what it cannot read with an error document', async () => {
    const s3 = await aServer({ BucketName: 'files' });
    onTestFinished(() => s3.end());
    const raw = (path: string) =>
      new Promise<string>((resolve, reject) => {
        const socket = connect(Number(new URL(s3.url).port), '127.0.0.1', () => {
          socket.write(`GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n`);
        });
        let text = '';
        socket.setEncoding('utf8').on('data', (piece) => {
          text += piece;
        });
        socket.on('end', () => resolve(text)).on('error', reject);
      });
    expect(await raw('/files/%ff')).toMatch(/^HTTP\/1.1 400 [\s\S]*<Code>InvalidURI<\/Code>/);
    expect(await raw('/files/../../../etc/passwd')).toMatch(/^HTTP\/1.1 403 [\s\S]*<Code>AccessDenied<\/Code>/);
  });
});

/** A server in a process of its own, to be killed. */
async function aChild(stateDir: string): Promise<{ process: ChildProcess; client: S3Client }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'child-server.ts'), stateDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [endpoint] = await once(createInterface({ input: child.stdout }), 'line');
  const client = new S3Client({
    endpoint: String(endpoint),
    forcePathStyle: true,
    region: 'eu-west-1',
    maxAttempts: 1,
    credentials: { accessKeyId: ACCESS_KEY_ID, secretAccessKey: SECRET },
  });
  onTestFinished(() => client.destroy());
  return { process: child, client };
}
