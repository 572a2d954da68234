import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { bucketFromTemplate } from '../../../local/s3/buckets.ts';
import type { S3Event } from '../../../local/s3/events.ts';
import { type S3Server, startS3 } from '../../../local/s3/server.ts';

export const ACCESS_KEY_ID = 'AKIATEST';
export const SECRET = 'the-secret-of-the-tests';
export const DAY_MILLISECONDS = 86_400_000;

/** A server of the test's own on a clock that stands still until it is moved. */
export interface Harness extends S3Server {
  client: S3Client;
  events: S3Event[];
  stateDir: string;
  clock: { now(): number; offsetMilliseconds: number };
  /** Milliseconds since the epoch. */
  setTime(epochMilliseconds: number): void;
  connect(config?: S3ClientConfig): S3Client;
  /** Stops the server and starts another one on the same state. */
  restart(): Promise<void>;
  end(): Promise<void>;
}

export async function aServer(...bucketProperties: readonly object[]): Promise<Harness> {
  const stateDir = mkdtempSync(join(tmpdir(), 'vern-s3-'));
  const startedAt = Date.now();
  let now = startedAt;
  const clock = {
    now: () => now,
    get offsetMilliseconds() {
      return now - startedAt;
    },
  };
  const events: S3Event[] = [];
  const options = {
    stateDir,
    clock,
    buckets: bucketProperties.map(bucketFromTemplate),
    credentials: (accessKeyId: string) => (accessKeyId === ACCESS_KEY_ID ? SECRET : undefined),
    onEvent: (event: S3Event) => void events.push(event),
  };
  let server = await startS3(options);
  const clients: S3Client[] = [];
  const connect = (config: S3ClientConfig = {}) => {
    const client = new S3Client({
      endpoint: server.url,
      forcePathStyle: true,
      region: 'eu-west-1',
      credentials: { accessKeyId: ACCESS_KEY_ID, secretAccessKey: SECRET },
      systemClockOffset: now - Date.now(),
      ...config,
    });
    clients.push(client);
    return client;
  };
  const harness: Harness = {
    url: server.url,
    client: connect(),
    events,
    stateDir,
    clock,
    connect,
    setTime: (epochMilliseconds) => {
      now = epochMilliseconds;
      harness.client.config.systemClockOffset = now - Date.now();
    },
    sweep: () => server.sweep(),
    close: () => server.close(),
    restart: async () => {
      await server.close();
      server = await startS3(options);
      harness.url = server.url;
      harness.client = connect();
    },
    end: async () => {
      for (const client of clients) client.destroy();
      await server.close();
      rmSync(stateDir, { recursive: true });
    },
  };
  return harness;
}

/** The name of the error that a call fails with, and its HTTP status. */
export async function refusal(call: Promise<unknown>): Promise<{ code: string; status: number | undefined }> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const metadata = '$metadata' in error ? (error.$metadata as { httpStatusCode?: number }) : undefined;
    return { code: error.name, status: metadata?.httpStatusCode };
  }
  return { code: 'none', status: undefined };
}

/** The code of an S3 error document, with the status of its answer. */
export async function xmlRefusal(response: Response): Promise<{ code: string | undefined; status: number }> {
  return { code: /<Code>(\w+)<\/Code>/.exec(await response.text())?.[1], status: response.status };
}
