import { LambdaClient } from '@aws-sdk/client-lambda';
import type { ScheduledEvent } from 'aws-lambda';
import { answerRestoreCommand, type RestoreAnswer, RestoreCommand } from '../features/restore/operator.ts';
import { recoverLogs } from '../features/restore/recover-log.ts';
import { checkIntegrity } from '../features/restore/replay/check-integrity.ts';
import { overlayRights } from '../features/restore/replay/overlay-rights.ts';
import { rebuildLookup } from '../features/restore/replay/rebuild-lookup.ts';
import { replayLedger } from '../features/restore/replay/replay-ledger.ts';
import { replayRemovals } from '../features/restore/replay/replay-removals.ts';
import { sweepRestored } from '../features/restore/replay/sweep-restored.ts';
import { goOn } from '../features/restore/run.ts';
import { backupFiles } from '../platform/backup-files.ts';
import { credentialsFromEnvironment } from '../platform/credentials.ts';
import { dynamoClient } from '../platform/dynamo.ts';
import { env } from '../platform/env.ts';
import { bucketFiles, filesClient } from '../platform/files.ts';
import { logTable } from '../platform/log-table.ts';
import { tableNamesFrom } from '../platform/open-records.ts';
import { restoredTables } from '../platform/restored-tables.ts';
import { containerStore } from './container.ts';
import { restorerOn } from './restorer-on.ts';

const client = dynamoClient();
const s3 = filesClient();
const lambda = new LambdaClient({ credentials: credentialsFromEnvironment });
/** By the deployed names: which generation is active, the restore reads for itself each time. */
const store = { ...containerStore(), tableNames: tableNamesFrom(process.env) };
const copyIn = (bucket: string) => {
  const { folders, files: current } = backupFiles(s3, bucket);
  return { bucket, files: bucketFiles(s3, bucket), current, folders };
};
const parts = {
  store,
  dynamoDb: client,
  lambda,
  encryptionKeyArn: env('TABLES_KEY_ARN'),
  copies: { backup: copyIn(env('BACKUP_BUCKET')), offline: copyIn(env('OFFLINE_BUCKET')) },
  logFiles: bucketFiles(s3, env('LOG_BUCKET')),
  uploaded: backupFiles(s3, env('FILES_BUCKET')),
  replay: {
    'overlay-rights': overlayRights(restoredTables),
    'recover-log': recoverLogs(logTable),
    'replay-ledger': replayLedger(restoredTables),
    'replay-removals': replayRemovals(restoredTables),
    'rebuild-lookup': rebuildLookup(restoredTables),
    'retention-sweep': sweepRestored(restoredTables),
    'integrity-check': checkIntegrity(restoredTables),
  },
} as const;

interface Context {
  readonly awsRequestId: string;
  getRemainingTimeInMillis(): number;
}

/** Every minute: goes on with a restore or a drill. Between them an operator's word: begin, how far, abort. */
export async function handler(
  event: ScheduledEvent | Readonly<Record<string, unknown>>,
  context: Context,
): Promise<RestoreAnswer | undefined> {
  const { awsRequestId: requestId } = context;
  const restorer = restorerOn({
    ...parts,
    requestId,
    deadline: new Date(store.now().getTime() + context.getRemainingTimeInMillis()),
    log: (line) => console.log(JSON.stringify({ requestId, ...line })),
  });
  if (!('command' in event)) {
    await goOn(restorer);
    return undefined;
  }
  const command = RestoreCommand.safeParse(event);
  if (!command.success) return { outcome: 'refused', reason: 'unknown-command' };
  if (command.data.command !== 'restore-go-on') return answerRestoreCommand(command.data, restorer);
  await goOn(restorer);
  return undefined;
}
