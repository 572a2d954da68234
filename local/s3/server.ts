import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { REGION } from '../account.ts';
import type { Clock } from '../clock.ts';
import { listen } from '../loopback/listen.ts';
import { listBuckets } from './bucket-settings.ts';
import type { BucketDeclaration } from './buckets.ts';
import { corsHeaders, preflightHeaders } from './cors.ts';
import { S3Error } from './errors.ts';
import type { S3Event } from './events.ts';
import { sweepLifecycle } from './lifecycle-sweep.ts';
import type { Bucket, S3Host, S3Response } from './operation.ts';
import { postObject } from './presigned-post.ts';
import { readRequest, type S3Request, withHoistedHeaders } from './request.ts';
import { route } from './router.ts';
import { authenticate, type SigningFacts } from './sigv4.ts';
import { BucketStorage } from './storage.ts';
import { renderXml } from './xml.ts';

export interface S3Options {
  /** A folder of S3's own; one process at a time. */
  stateDir: string;
  clock: Clock;
  /** Any free one by default. */
  port?: number;
  /** What a signature must name; eu-west-1 by default. */
  region?: string;
  buckets: readonly BucketDeclaration[];
  /** The secret of an access key, or undefined for one that nobody holds. */
  credentials(accessKeyId: string): string | undefined;
  /** Told what buckets with EventBridge on do, once it is durable and before it is acknowledged. */
  onEvent?(event: S3Event): void;
}

export interface S3Server {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  url: string;
  close(): Promise<void>;
  /** Plays the lifecycle rules up to the clock's now. */
  sweep(): Promise<void>;
}

/**
 * A file-based S3 on 127.0.0.1, path-style or with the bucket before `.localhost`. There is no IAM in it: whoever
 * signs with a known key may do everything that locks allow; nobody else may do anything.
 */
export async function startS3(options: S3Options): Promise<S3Server> {
  const host = openHost(options);
  const signing = (): SigningFacts => ({
    credentials: options.credentials,
    region: host.region,
    now: options.clock.now(),
  });
  const server = createServer((message, response) => {
    void serve(host, signing(), message, response);
  });
  const { url, close } = await listen(server, options.port);
  return {
    url,
    close: () => close(),
    sweep: async () => sweepLifecycle(host),
  };
}

function openHost({ stateDir, clock, buckets, onEvent, region = REGION }: S3Options): S3Host {
  const opened = new Map<string, Bucket>(
    buckets.map((declaration) => [
      declaration.name,
      { declaration, storage: new BucketStorage(join(stateDir, declaration.name)) },
    ]),
  );
  return {
    clock,
    region,
    buckets: opened,
    bucketNamed: (name) => {
      const bucket = opened.get(name);
      if (!bucket) throw new S3Error('NoSuchBucket', undefined, { details: { BucketName: name } });
      return bucket;
    },
    emit: (bucket, event) => {
      if (bucket.declaration.hasEventBridge) onEvent?.(event);
    },
  };
}

async function serve(
  host: S3Host,
  signing: SigningFacts,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const requestId = randomBytes(8).toString('hex').toUpperCase();
  // The clock's time, by which a client corrects its own after RequestTimeTooSkewed.
  const headers = { date: new Date(signing.now).toUTCString(), server: 'AmazonS3', 'x-amz-request-id': requestId };
  try {
    const answer = await answerOrError(host, signing, message, requestId);
    response.writeHead(answer.status, { ...headers, ...answer.headers });
    if (answer.body === undefined || message.method === 'HEAD') response.end();
    else if (typeof answer.body === 'string') response.end(answer.body);
    else await pipeline(answer.body, response);
  } catch {
    // The client went away in the middle of the answer, or the answer cannot be completed: it must see a torn one.
    response.destroy();
  }
}

async function answerOrError(
  host: S3Host,
  signing: SigningFacts,
  message: IncomingMessage,
  requestId: string,
): Promise<S3Response> {
  let request: S3Request | undefined;
  let answer: S3Response;
  try {
    request = readRequest(message);
    answer = await answerTo(host, signing, request);
  } catch (error) {
    if (!(error instanceof S3Error) && !message.errored) console.error('S3 failed on a request:', error);
    answer = errorResponse(error, requestId, request?.path ?? '');
  }
  const rules = host.buckets.get(request?.bucketName ?? '')?.declaration.corsRules ?? [];
  if (!request || request.method === 'OPTIONS') return answer;
  return { ...answer, headers: { ...answer.headers, ...corsHeaders(rules, request.method, request.headers) } };
}

async function answerTo(host: S3Host, signing: SigningFacts, request: S3Request): Promise<S3Response> {
  const { bucketName, method } = request;
  if (method === 'OPTIONS' && bucketName !== undefined) {
    const rules = host.bucketNamed(bucketName).declaration.corsRules;
    return { status: 200, headers: preflightHeaders(rules, request.headers) };
  }
  if (isFormUpload(request) && bucketName !== undefined) {
    return postObject(host, host.bucketNamed(bucketName), request, signing);
  }
  const payload = authenticate(request, signing);
  if (bucketName === undefined) {
    if (method !== 'GET') throw new S3Error('MethodNotAllowed');
    return listBuckets(host);
  }
  return route({ host, request: withHoistedHeaders(request), payload, bucket: host.bucketNamed(bucketName) });
}

function isFormUpload({ method, key, headers }: S3Request): boolean {
  return method === 'POST' && key === undefined && /^multipart\/form-data/i.test(headers['content-type'] ?? '');
}

function errorResponse(error: unknown, requestId: string, resource: string): S3Response {
  const known = error instanceof S3Error ? error : new S3Error('InternalError');
  const document = {
    Code: known.code,
    Message: known.message,
    ...known.details,
    Resource: resource,
    RequestId: requestId,
  };
  return {
    status: known.status,
    headers: { 'content-type': 'application/xml', ...known.headers },
    body: renderXml('Error', document, null),
  };
}
