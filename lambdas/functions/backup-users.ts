import type { ScheduledEvent } from 'aws-lambda';
import { snapshotDays } from '../features/backups/snapshot-users.ts';
import { backupFiles } from '../platform/backup-files.ts';
import { env } from '../platform/env.ts';
import { filesClient } from '../platform/files.ts';
import { poolListing } from '../platform/user-directory.ts';
import { containerStore, systemCall, whileOpen } from './container.ts';

const store = containerStore();
const files = backupFiles(filesClient(), env('BACKUP_BUCKET'));
const pool = poolListing(env('USER_POOL_ID'));

/** A part of the snapshot that was begun must be finished before Lambda ends the run. */
const LAST_MILLISECONDS = 2 * 60_000;

/** Every hour: the snapshot of the user pool that the day's backup still lacks (FW-11). */
async function work(
  _event: ScheduledEvent,
  context: { readonly awsRequestId: string; getRemainingTimeInMillis(): number },
): Promise<void> {
  await snapshotDays({
    files,
    pool,
    openCall: () => systemCall(store, 'backup-users', context.awsRequestId),
    hasTimeLeft: () => context.getRemainingTimeInMillis() > LAST_MILLISECONDS,
  });
}

export const handler = whileOpen(store, work);
