import type { DynamoDBBatchResponse, DynamoDBStreamEvent, EventBridgeEvent, ScheduledEvent } from 'aws-lambda';
import { applyFromStream } from '../features/imports/apply-from-stream.ts';
import { readUpload } from '../features/imports/read-upload.ts';
import { resumeImports, type Swept } from '../features/imports/resume.ts';
import { type Importer, placeOfUpload } from '../features/imports/worker.ts';
import { env } from '../platform/env.ts';
import { quarantine, quarantineClient } from '../platform/quarantine.ts';
import { containerStore, systemCall, whileOpen } from './container.ts';

const store = containerStore();
const files = quarantine(quarantineClient(), env('QUARANTINE_BUCKET'));
type ObjectCreated = EventBridgeEvent<'Object Created', { readonly object: { readonly key: string } }>;

/** None is begun that could not get anywhere before Lambda ends the run. */
const LAST_MILLISECONDS = 5 * 60_000;

/**
 * Reads what was uploaded (S3's event by EventBridge), takes in what was approved (the job row in the stream), and
 * every quarter of an hour takes up what was left behind.
 */
async function work(
  event: ObjectCreated | DynamoDBStreamEvent | ScheduledEvent,
  context: { readonly awsRequestId: string; getRemainingTimeInMillis(): number },
): Promise<DynamoDBBatchResponse | Swept | undefined> {
  const { awsRequestId } = context;
  const importer: Importer = { files, openCall: () => systemCall(store, 'importer', awsRequestId) };
  const log = (line: object) => console.log(JSON.stringify({ requestId: awsRequestId, ...line }));
  if ('Records' in event) return applyFromStream(event.Records, importer, log);
  if (!isObjectCreated(event)) {
    return resumeImports(importer, () => context.getRemainingTimeInMillis() > LAST_MILLISECONDS, log);
  }
  const place = placeOfUpload(event.detail.object.key);
  // Something else's upload: not ours to read, and none of ours to remove.
  if (place) await readUpload(place, importer);
  return undefined;
}

const isObjectCreated = (event: ObjectCreated | ScheduledEvent): event is ObjectCreated =>
  event['detail-type'] === 'Object Created';

export const handler = whileOpen(store, work);
