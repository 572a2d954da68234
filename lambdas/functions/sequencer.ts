import { KMSClient } from '@aws-sdk/client-kms';
import type { ScheduledEvent } from 'aws-lambda';
import { type Sequenced, sequenceLogs } from '../features/transparency/sequencer.ts';
import { credentialsFromEnvironment } from '../platform/credentials.ts';
import { env } from '../platform/env.ts';
import { bucketFiles, filesClient } from '../platform/files.ts';
import { logTable } from '../platform/log-table.ts';
import { putOnce } from '../platform/put-once.ts';
import { kmsSigner } from '../platform/signing.ts';
import { containerStore, newId, whileOpenOrDraining } from './container.ts';

/** A tile's width; their keys fit well into the one row that names them. */
const BATCH_LEAVES_MAX = 256;

const store = containerStore();
const s3 = filesClient();
const [logBucket, offlineBucket] = [env('LOG_BUCKET'), env('OFFLINE_BUCKET')];
const parts = {
  table: logTable(store),
  logFiles: { get: bucketFiles(s3, logBucket).get, putOnce: putOnce(s3, logBucket) },
  offlineFiles: { putOnce: putOnce(s3, offlineBucket) },
  signer: kmsSigner(new KMSClient({ credentials: credentialsFromEnvironment }), env('SIGNING_KEY_ID')),
  stage: env('STAGE'),
  batchLeavesMax: BATCH_LEAVES_MAX,
};

/** The last batch begun is finished, and the head signed, before Lambda ends the run; what is cut off the next one finishes. */
const LAST_MILLISECONDS = 15_000;

/**
 * Every minute: brings what was recorded into the log of each organisation, and signs one head over all of them. Also when
 * a restore has just closed the gate: a record that is in the log is not lost with the tables.
 */
async function work(
  _event: ScheduledEvent,
  context: { readonly awsRequestId: string; getRemainingTimeInMillis(): number },
): Promise<Sequenced> {
  const { awsRequestId: requestId } = context;
  const log = (line: object) => console.log(JSON.stringify({ requestId, ...line }));
  const sequenced = await sequenceLogs({
    ...parts,
    requestId,
    newEventId: () => newId('evt'),
    now: () => store.now(),
    hasTimeLeft: () => context.getRemainingTimeInMillis() > LAST_MILLISECONDS,
    log,
  });
  log({ metric: 'activity-sequenced', ...sequenced });
  // Tried again by Lambda, and then an alarm.
  if (sequenced.failed > 0) throw new Error('Not every log could be brought up to date');
  return sequenced;
}

export const handler = whileOpenOrDraining(store, work);
