import { KMSClient } from '@aws-sdk/client-kms';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent, ScheduledEvent } from 'aws-lambda';
import { type LogMaker, makeActivityExports, sweepActivityExports } from '../features/activity/make-export.ts';
import {
  makeOrganisationExports,
  sweepOrganisationExports,
} from '../features/agreement-end/make-organisation-export.ts';
import { makeFromStream } from '../features/exports/make-from-stream.ts';
import type { Maker } from '../features/exports/maker.ts';
import { type Swept, sweepExports } from '../features/exports/sweep.ts';
import { transparencyLog } from '../features/transparency/log.ts';
import { activityLog } from '../platform/activity-log.ts';
import { credentialsFromEnvironment } from '../platform/credentials.ts';
import { env } from '../platform/env.ts';
import { fileVault } from '../platform/file-vault.ts';
import { bucketFiles, filesClient } from '../platform/files.ts';
import { logTable } from '../platform/log-table.ts';
import { kmsSigner } from '../platform/signing.ts';
import { containerStore, systemCall, whileOpen } from './container.ts';

const store = containerStore();
const client = filesClient();
const parts: Omit<Maker, 'openCall'> = {
  sealed: bucketFiles(client, env('EXPORTS_BUCKET')),
  downloads: bucketFiles(client, env('DOWNLOADS_BUCKET')),
  vault: fileVault(client, env('FILES_BUCKET')),
  activityLog: activityLog(store),
  signer: kmsSigner(new KMSClient({ credentials: credentialsFromEnvironment }), env('SIGNING_KEY_ID')),
};

const theLog = transparencyLog(logTable(store), bucketFiles(client, env('LOG_BUCKET')));

/** None is begun that could not get anywhere before Lambda ends the run. */
const LAST_MILLISECONDS = 5 * 60_000;

/** Makes the copies that people asked for, when they are ordered and every quarter of an hour, and ends those that are over. */
async function work(
  event: DynamoDBStreamEvent | ScheduledEvent,
  context: { readonly awsRequestId: string; getRemainingTimeInMillis(): number },
): Promise<DynamoDBBatchResponse | Swept> {
  const { awsRequestId: requestId } = context;
  const openCall = () => systemCall(store, 'exporter', requestId, { throughRestriction: true });
  const report = (line: object) => console.log(JSON.stringify({ requestId, ...line }));
  const ofLog: LogMaker = {
    ...parts,
    transparencyLog: theLog,
    openCall: () => systemCall(store, 'exporter', requestId),
  };
  if ('Records' in event) {
    await makeActivityExports(event.Records, ofLog, report);
    await makeOrganisationExports(event.Records, { ...parts, openCall }, report);
    return makeFromStream(event.Records, { ...parts, openCall }, report);
  }
  const hasTimeLeft = () => context.getRemainingTimeInMillis() > LAST_MILLISECONDS;
  const swept = await sweepExports({ ...parts, openCall }, hasTimeLeft, report);
  await sweepOrganisationExports({ ...parts, openCall }, hasTimeLeft, report);
  await sweepActivityExports(ofLog, hasTimeLeft, report);
  report({ metric: 'exports-swept', ...swept });
  return swept;
}

export const handler = whileOpen(store, work);
