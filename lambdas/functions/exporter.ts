import { KMSClient } from '@aws-sdk/client-kms';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent, ScheduledEvent } from 'aws-lambda';
import {
  makeOrganisationExports,
  sweepOrganisationExports,
} from '../features/agreement-end/make-organisation-export.ts';
import { makeFromStream } from '../features/exports/make-from-stream.ts';
import type { Maker } from '../features/exports/maker.ts';
import { type Swept, sweepExports } from '../features/exports/sweep.ts';
import { activityLog } from '../platform/activity-log.ts';
import { credentialsFromEnvironment } from '../platform/credentials.ts';
import { env } from '../platform/env.ts';
import { bucketFiles, filesClient } from '../platform/files.ts';
import { kmsSigner } from '../platform/signing.ts';
import { containerStore, systemCall, whileOpen } from './container.ts';

const store = containerStore();
const client = filesClient();
const parts: Omit<Maker, 'openCall'> = {
  sealed: bucketFiles(client, env('EXPORTS_BUCKET')),
  downloads: bucketFiles(client, env('DOWNLOADS_BUCKET')),
  activityLog: activityLog(store),
  signer: kmsSigner(new KMSClient({ credentials: credentialsFromEnvironment }), env('SIGNING_KEY_ID')),
};

/** None is begun that could not get anywhere before Lambda ends the run. */
const LAST_MILLISECONDS = 5 * 60_000;

/** Makes the copies that people asked for, when they are ordered and every quarter of an hour, and ends those that are over. */
async function work(
  event: DynamoDBStreamEvent | ScheduledEvent,
  context: { readonly awsRequestId: string; getRemainingTimeInMillis(): number },
): Promise<DynamoDBBatchResponse | Swept> {
  const { awsRequestId: requestId } = context;
  const openCall = () => systemCall(store, 'exporter', requestId, { throughRestriction: true });
  const log = (line: object) => console.log(JSON.stringify({ requestId, ...line }));
  if ('Records' in event) {
    await makeOrganisationExports(event.Records, { ...parts, openCall }, log);
    return makeFromStream(event.Records, { ...parts, openCall }, log);
  }
  const hasTimeLeft = () => context.getRemainingTimeInMillis() > LAST_MILLISECONDS;
  const swept = await sweepExports({ ...parts, openCall }, hasTimeLeft, log);
  await sweepOrganisationExports({ ...parts, openCall }, hasTimeLeft, log);
  log({ metric: 'exports-swept', ...swept });
  return swept;
}

export const handler = whileOpen(store, work);
