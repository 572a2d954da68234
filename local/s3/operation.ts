import type { Readable } from 'node:stream';
import type { Clock } from '../clock.ts';
import type { BucketDeclaration } from './buckets.ts';
import type { S3Event } from './events.ts';
import type { S3Request } from './request.ts';
import type { PayloadClaim } from './sigv4.ts';
import type { BucketStorage } from './storage.ts';

export interface Bucket {
  declaration: BucketDeclaration;
  storage: BucketStorage;
}

/** What every operation shares: the buckets, the time, and where events go. */
export interface S3Host {
  clock: Clock;
  region: string;
  buckets: ReadonlyMap<string, Bucket>;
  /** Throws NoSuchBucket. */
  bucketNamed(name: string): Bucket;
  /** Called when the change is durable; passes on only what the bucket sends to EventBridge. */
  emit(bucket: Bucket, event: S3Event): void;
}

/** An authenticated request about a bucket. */
export interface BucketCall {
  host: S3Host;
  request: S3Request;
  payload: PayloadClaim;
  bucket: Bucket;
}

/** An authenticated request about an object. */
export interface ObjectCall extends BucketCall {
  key: string;
}

export interface S3Response {
  status: number;
  headers?: Readonly<Record<string, string>>;
  body?: string | Readable;
}

export function xmlResponse(body: string, headers: Readonly<Record<string, string>> = {}): S3Response {
  return { status: 200, headers: { 'content-type': 'application/xml', ...headers }, body };
}
