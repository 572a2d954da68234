import { randomBytes, randomUUID } from 'node:crypto';
import { ACCOUNT_ID } from '../account.ts';
import type { ObjectVersion } from './versions.ts';

export type CreatedReason = 'PutObject' | 'POST Object' | 'CopyObject' | 'CompleteMultipartUpload';
export type DeletedReason = 'DeleteObject' | 'Lifecycle Expiration';

interface EventDetail {
  version: '0';
  bucket: { name: string };
  object: { key: string; size?: number; etag?: string; 'version-id'?: string; sequencer: string };
  'request-id': string;
  requester: string;
}

/** An event as EventBridge hands it on (S3 User Guide, "EventBridge event message structure"). */
export interface S3Event {
  version: '0';
  id: string;
  source: 'aws.s3';
  account: string;
  /** RFC 3339, UTC. */
  time: string;
  region: string;
  resources: string[];
  'detail-type': 'Object Created' | 'Object Deleted';
  detail: EventDetail & {
    reason: CreatedReason | DeletedReason;
    'source-ip-address'?: string;
    'deletion-type'?: 'Permanently Deleted' | 'Delete Marker Created';
  };
}

interface Occasion {
  bucketName: string;
  key: string;
  region: string;
  atEpochMilliseconds: number;
}

export function objectCreated(occasion: Occasion, version: ObjectVersion, reason: CreatedReason): S3Event {
  return envelope(occasion, 'Object Created', {
    ...commonDetail(occasion, ACCOUNT_ID),
    object: {
      key: occasion.key,
      size: version.sizeBytes,
      etag: version.etag,
      ...versionId(version.versionId),
      sequencer: sequencer(),
    },
    reason,
    'source-ip-address': '127.0.0.1',
  });
}

export function objectDeleted(
  occasion: Occasion,
  deleted: { versionId: string; type: 'Permanently Deleted' | 'Delete Marker Created' },
  reason: DeletedReason,
): S3Event {
  return envelope(occasion, 'Object Deleted', {
    ...commonDetail(occasion, reason === 'DeleteObject' ? ACCOUNT_ID : 's3.amazonaws.com'),
    object: { key: occasion.key, ...versionId(deleted.versionId), sequencer: sequencer() },
    reason,
    'deletion-type': deleted.type,
    ...(reason === 'DeleteObject' && { 'source-ip-address': '127.0.0.1' }),
  });
}

function envelope(occasion: Occasion, detailType: S3Event['detail-type'], detail: S3Event['detail']): S3Event {
  return {
    version: '0',
    id: randomUUID(),
    source: 'aws.s3',
    account: ACCOUNT_ID,
    time: new Date(occasion.atEpochMilliseconds).toISOString(),
    region: occasion.region,
    resources: [`arn:aws:s3:::${occasion.bucketName}`],
    'detail-type': detailType,
    detail,
  };
}

function commonDetail(
  occasion: Occasion,
  requester: string,
): Pick<EventDetail, 'version' | 'bucket' | 'request-id' | 'requester'> {
  return {
    version: '0',
    bucket: { name: occasion.bucketName },
    'request-id': randomBytes(8).toString('hex').toUpperCase(),
    requester,
  };
}

function versionId(id: string): { 'version-id'?: string } {
  return id === 'null' ? {} : { 'version-id': id };
}

let lastSequence = 0n;

// Grows with every event of the process; comparable as hexadecimal text, as S3 promises per key.
function sequencer(): string {
  const now = process.hrtime.bigint();
  lastSequence = now > lastSequence ? now : lastSequence + 1n;
  return lastSequence.toString(16).padStart(16, '0').toUpperCase();
}
