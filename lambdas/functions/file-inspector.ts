import type { EventBridgeEvent, ScheduledEvent } from 'aws-lambda';
import { type Inspector, inspectUpload, placeOfFile } from '../features/files/inspect-upload.ts';
import { type Swept, sweepFiles } from '../features/files/sweep.ts';
import { env } from '../platform/env.ts';
import { fileVault } from '../platform/file-vault.ts';
import { filesClient } from '../platform/files.ts';
import { quarantine, quarantineClient } from '../platform/quarantine.ts';
import { containerStore, systemCall, whileOpen } from './container.ts';

const store = containerStore();
const uploads = quarantine(quarantineClient(), env('QUARANTINE_BUCKET'));
const vault = fileVault(filesClient(), env('FILES_BUCKET'));
type ObjectCreated = EventBridgeEvent<'Object Created', { readonly object: { readonly key: string } }>;

/** The last one begun must be finished before Lambda ends the run. */
const LAST_MILLISECONDS = 20_000;

/** Looks at what was uploaded (S3's event by EventBridge), and every hour removes what nothing holds. */
async function work(
  event: ObjectCreated | ScheduledEvent,
  context: { readonly awsRequestId: string; getRemainingTimeInMillis(): number },
): Promise<Swept | undefined> {
  const { awsRequestId } = context;
  const inspector: Inspector = { uploads, vault, openCall: () => systemCall(store, 'file-inspector', awsRequestId) };
  if (!isObjectCreated(event)) {
    const log = (line: object) => console.log(JSON.stringify({ requestId: awsRequestId, ...line }));
    return sweepFiles(inspector, () => context.getRemainingTimeInMillis() > LAST_MILLISECONDS, log);
  }
  const place = placeOfFile(event.detail.object.key);
  // Something else's upload: not ours to read, and none of ours to remove.
  if (place) await inspectUpload(place, inspector);
  return undefined;
}

const isObjectCreated = (event: ObjectCreated | ScheduledEvent): event is ObjectCreated =>
  event['detail-type'] === 'Object Created';

export const handler = whileOpen(store, work);
