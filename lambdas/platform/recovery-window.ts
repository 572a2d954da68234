import {
  DescribeContinuousBackupsCommand,
  type DynamoDBClient,
  ListBackupsCommand,
  ListTablesCommand,
} from '@aws-sdk/client-dynamodb';

const PAGES_MAX = 100;

/** What AWS itself says of how far back the keys could be brought. */
export interface RecoveryFacts {
  /** Of every table that holds keys: the oldest moment to which it can be restored; absent when it cannot be at all. */
  readonly tables: readonly { readonly table: string; readonly earliestRestorableAt?: string }[];
  /** Backups of any kind (USER, SYSTEM, AWS_BACKUP) of such tables, by ARN; there must be none. */
  readonly backups: readonly string[];
  /** Tables that bear such a table's name and are none of ours: a copy that somebody restored. */
  readonly copies: readonly string[];
}

/**
 * Asks DynamoDB: DescribeContinuousBackups (EarliestRestorableDateTime), ListBackups (BackupType ALL: without it only
 * USER backups are listed) and ListTables, of Keys and its mirror.
 */
export async function readRecoveryFacts(
  client: Pick<DynamoDBClient, 'send'>,
  keyTables: readonly string[],
): Promise<RecoveryFacts> {
  const [tables, backups, allTables] = await Promise.all([
    Promise.all(keyTables.map((table) => earliestOf(client, table))),
    Promise.all(keyTables.map((table) => backupsOf(client, table))),
    tableNames(client),
  ]);
  const stems = keyTables.map(withoutGeneration);
  const copies = allTables.filter((name) => !keyTables.includes(name) && stems.some((stem) => name.startsWith(stem)));
  return { tables, backups: backups.flat(), copies };
}

async function earliestOf(client: Pick<DynamoDBClient, 'send'>, table: string) {
  const { ContinuousBackupsDescription } = await client.send(
    new DescribeContinuousBackupsCommand({ TableName: table }),
  );
  const recovery = ContinuousBackupsDescription?.PointInTimeRecoveryDescription;
  if (recovery?.PointInTimeRecoveryStatus !== 'ENABLED') return { table };
  // Enabled, and nothing said of how far: nothing is proven then.
  const earliest = recovery.EarliestRestorableDateTime ?? new Date(0);
  return { table, earliestRestorableAt: earliest.toISOString() };
}

async function backupsOf(client: Pick<DynamoDBClient, 'send'>, TableName: string): Promise<string[]> {
  const found: string[] = [];
  let ExclusiveStartBackupArn: string | undefined;
  for (let page = 0; page < PAGES_MAX; page++) {
    const answer = await client.send(
      new ListBackupsCommand({
        TableName,
        BackupType: 'ALL',
        ...(ExclusiveStartBackupArn && { ExclusiveStartBackupArn }),
      }),
    );
    found.push(...(answer.BackupSummaries ?? []).map(({ BackupArn = 'unnamed' }) => BackupArn));
    ExclusiveStartBackupArn = answer.LastEvaluatedBackupArn;
    if (ExclusiveStartBackupArn === undefined) return found;
  }
  throw new Error('A list of backups without an end');
}

async function tableNames(client: Pick<DynamoDBClient, 'send'>): Promise<string[]> {
  const found: string[] = [];
  let ExclusiveStartTableName: string | undefined;
  for (let page = 0; page < PAGES_MAX; page++) {
    const answer = await client.send(
      new ListTablesCommand({ ...(ExclusiveStartTableName && { ExclusiveStartTableName }) }),
    );
    found.push(...(answer.TableNames ?? []));
    ExclusiveStartTableName = answer.LastEvaluatedTableName;
    if (ExclusiveStartTableName === undefined) return found;
  }
  throw new Error('A list of tables without an end');
}

/** `vern-dev-keys-g1` and `vern-dev-keys-g2` are the same table in two generations. */
const withoutGeneration = (table: string) => table.replace(/g\d+$/, '');
