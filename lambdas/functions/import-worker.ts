import type { DynamoDBBatchResponse, DynamoDBStreamEvent, EventBridgeEvent } from 'aws-lambda';
import { applyFromStream } from '../features/imports/apply-from-stream.ts';
import { readUpload } from '../features/imports/read-upload.ts';
import { type Importer, placeOfUpload } from '../features/imports/worker.ts';
import { env } from '../platform/env.ts';
import { quarantine, quarantineClient } from '../platform/quarantine.ts';
import { containerStore, systemCall } from './container.ts';

const store = containerStore();
const files = quarantine(quarantineClient(), env('QUARANTINE_BUCKET'));
type ObjectCreated = EventBridgeEvent<'Object Created', { readonly object: { readonly key: string } }>;

/** Reads what was uploaded (S3's event by EventBridge) and takes in what was approved (the job row in the stream). */
export async function handler(
  event: ObjectCreated | DynamoDBStreamEvent,
  { awsRequestId }: { readonly awsRequestId: string },
): Promise<DynamoDBBatchResponse | undefined> {
  const importer: Importer = { files, openCall: () => systemCall(store, 'importer', awsRequestId) };
  const log = (line: object) => console.log(JSON.stringify({ requestId: awsRequestId, ...line }));
  if ('Records' in event) return applyFromStream(event.Records, importer, log);
  const place = placeOfUpload(event.detail.object.key);
  // Something else's upload: not ours to read, and none of ours to remove.
  if (place) await readUpload(place, importer);
  return undefined;
}
