import { KMSClient } from '@aws-sdk/client-kms';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent, ScheduledEvent } from 'aws-lambda';
import type { Eraser } from '../features/erasure/eraser.ts';
import { endEvidence } from '../features/erasure/evidence.ts';
import { resumeErasures } from '../features/erasure/fence-limit.ts';
import { eraseFromStream, type Swept, sweepErasures } from '../features/erasure/run.ts';
import { organisationOwner } from '../features/organisations/organisation.ts';
import { OrganisationId } from '../http/ids.ts';
import { credentialsFromEnvironment } from '../platform/credentials.ts';
import { dynamoClient } from '../platform/dynamo.ts';
import { env } from '../platform/env.ts';
import { bucketFiles, filesClient } from '../platform/files.ts';
import { keyFences } from '../platform/key-fences.ts';
import { partitionRows } from '../platform/partition-rows.ts';
import { pushEndpoints } from '../platform/push.ts';
import { type RecoveryFacts, readRecoveryFacts } from '../platform/recovery-window.ts';
import { kmsSigner } from '../platform/signing.ts';
import { snsClient } from '../platform/sns.ts';
import { suppressionClient, suppressionList } from '../platform/suppression.ts';
import { cognitoUserPool } from '../platform/user-pool.ts';
import { containerStore, systemCall, whileOpen } from './container.ts';

const store = containerStore();
const client = dynamoClient();
const s3 = filesClient();
const rows = partitionRows(store);
const fences = keyFences(store, client);
const users = cognitoUserPool(env('USER_POOL_ID'));
const suppression = suppressionList(suppressionClient());
const endpoints = pushEndpoints(snsClient(), {});
const exportFiles = bucketFiles(s3, env('EXPORTS_BUCKET'));
const files = bucketFiles(s3, env('FILES_BUCKET'));
const downloads = bucketFiles(s3, env('DOWNLOADS_BUCKET'));
const signer = kmsSigner(new KMSClient({ credentials: credentialsFromEnvironment }), env('SIGNING_KEY_ID'));

/** No step is begun that might not be finished before Lambda ends the run; one that is cut off is done again. */
const LAST_MILLISECONDS = 60_000;

/** An operator's word, after a stop: the worker goes on for that organisation. */
interface Resume {
  readonly resume: string;
}

/** Woken by the job rows in the stream, and every five minutes for all that are not at their end. */
async function work(
  event: DynamoDBStreamEvent | ScheduledEvent | Resume,
  context: { readonly awsRequestId: string; getRemainingTimeInMillis(): number },
): Promise<Swept | DynamoDBBatchResponse | undefined> {
  const { awsRequestId: requestId } = context;
  const log: Eraser['log'] = (line) => console.log(JSON.stringify({ requestId, ...line }));
  // Once in a run is enough: what can be restored only becomes less.
  let facts: Promise<RecoveryFacts> | undefined;
  const eraser: Eraser = {
    openCall: () => systemCall(store, 'erasure', requestId, { throughRestriction: true }),
    rows,
    fences,
    users,
    suppression,
    endpoints,
    exports: exportFiles,
    downloads,
    files,
    signer,
    recoveryFacts() {
      facts ??= readRecoveryFacts(client, [store.tableNames.keys, store.tableNames.mirror]);
      return facts;
    },
    hasTimeLeft: () => context.getRemainingTimeInMillis() > LAST_MILLISECONDS,
    log,
  };
  if ('resume' in event) {
    await resumeErasures(organisationOwner(OrganisationId.parse(event.resume)), eraser);
    return undefined;
  }
  if ('Records' in event) {
    await eraseFromStream(event.Records, eraser);
    // What failed is in its record, for the schedule.
    return { batchItemFailures: [] };
  }
  const swept = await sweepErasures(eraser);
  log({ metric: 'erasures-swept', ...swept });
  log({ metric: 'evidence-ended', ...(await endEvidence(eraser)) });
  return swept;
}

export const handler = whileOpen(store, work);
