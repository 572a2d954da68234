import type { ScheduledEvent } from 'aws-lambda';
import { keepBackups } from '../features/backups/keep.ts';
import { backupRegister } from '../features/backups/store.ts';
import { backupFiles } from '../platform/backup-files.ts';
import { env } from '../platform/env.ts';
import { filesClient } from '../platform/files.ts';
import { containerStore, systemCall, whileOpen } from './container.ts';

const store = containerStore();
const client = filesClient();
const backup = backupFiles(client, env('BACKUP_BUCKET'));
const uploaded = backupFiles(client, env('FILES_BUCKET'));
const offline = backupFiles(client, env('OFFLINE_BUCKET'));
/** Absent unless the stage names a second region (`ciphertextCopiesIn`). */
const { COPIES_BUCKET, COPIES_REGION } = process.env;
const elsewhere = COPIES_BUCKET && COPIES_REGION ? [backupFiles(filesClient(COPIES_REGION), COPIES_BUCKET)] : [];

/** The copies that were begun must be made before Lambda ends the run. */
const LAST_MILLISECONDS = 60_000;

/** Every hour: whole days are copied offline, what is missing is said aloud, what is too old is ended (FW-11, ALL-05). */
async function work(
  _event: ScheduledEvent,
  context: { readonly awsRequestId: string; getRemainingTimeInMillis(): number },
): Promise<void> {
  const { awsRequestId: requestId } = context;
  await keepBackups({
    uploaded,
    backup,
    offline,
    elsewhere,
    register: backupRegister(() => systemCall(store, 'backup-keeper', requestId)),
    now: () => store.now(),
    hasTimeLeft: () => context.getRemainingTimeInMillis() > LAST_MILLISECONDS,
    log: (line) => console.log(JSON.stringify({ requestId, ...line })),
  });
}

export const handler = whileOpen(store, work);
