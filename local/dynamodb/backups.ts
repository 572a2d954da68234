import { randomBytes } from 'node:crypto';
import {
  type Calls,
  type Control,
  DAY_MILLISECONDS,
  pageOf,
  type TableDescription,
  tableArn,
  tableNameIn,
} from './control.ts';

interface BackupSummary {
  readonly TableName: string;
  readonly TableArn: string;
  readonly TableId: string;
  readonly BackupArn: string;
  readonly BackupName: string;
  readonly BackupType: 'SYSTEM';
  readonly BackupStatus: 'AVAILABLE';
  readonly BackupSizeBytes: number;
  /** Seconds since the epoch. */
  readonly BackupCreationDateTime: number;
  readonly BackupExpiryDateTime: number;
}

/** "Retained for 35 days at no additional cost" (developer guide, "Deleting a table with point-in-time recovery enabled"). */
const SYSTEM_BACKUP_DAYS = 35;
const BACKUPS_PER_PAGE_MAX = 100;
const PREFIX = 'backup/';

/** What AWS keeps of a table that is deleted while it has point-in-time recovery. Its contents cannot be restored here. */
export function keepSystemBackup({ state, now }: Control, table: TableDescription): void {
  const at = now();
  const id = `${String(at).padStart(17, '0')}-${randomBytes(4).toString('hex')}`;
  const backup: BackupSummary = {
    TableName: table.TableName,
    TableArn: tableArn(table.TableName),
    TableId: table.TableId,
    BackupArn: `${tableArn(table.TableName)}/backup/${id}`,
    BackupName: `${table.TableName}$DeletedTableBackup`,
    BackupType: 'SYSTEM',
    BackupStatus: 'AVAILABLE',
    BackupSizeBytes: Number(table['TableSizeBytes'] ?? 0),
    BackupCreationDateTime: at / 1000,
    BackupExpiryDateTime: (at + SYSTEM_BACKUP_DAYS * DAY_MILLISECONDS) / 1000,
  };
  state.set(`${PREFIX}${id}`, JSON.stringify(backup));
}

export function backupCalls(control: Control): Calls<'ListBackups'> {
  const { state, now } = control;

  function backups(): readonly BackupSummary[] {
    const kept = state.entries(PREFIX).map(({ name, value }) => ({ name, backup: JSON.parse(value) as BackupSummary }));
    for (const { name, backup } of kept) if (backup.BackupExpiryDateTime * 1000 <= now()) state.delete(name);
    return kept.map(({ backup }) => backup).filter(({ BackupExpiryDateTime }) => BackupExpiryDateTime * 1000 > now());
  }

  return {
    ListBackups(input) {
      const { BackupType = 'USER', TableName, TimeRangeLowerBound, TimeRangeUpperBound } = input;
      // Nobody can make one of their own here.
      const wanted = backups().filter(
        (backup) =>
          (BackupType === 'ALL' || BackupType === backup.BackupType) &&
          (TableName === undefined || backup.TableName === tableNameIn(TableName)) &&
          backup.BackupCreationDateTime >= Number(TimeRangeLowerBound ?? 0) &&
          backup.BackupCreationDateTime < Number(TimeRangeUpperBound ?? Number.POSITIVE_INFINITY),
      );
      const countMax = Number(input['Limit'] ?? BACKUPS_PER_PAGE_MAX);
      const after = input['ExclusiveStartBackupArn'];
      const { page, next } = pageOf(wanted, { after, countMax, nameOf: ({ BackupArn }) => BackupArn });
      return { BackupSummaries: page, ...(next !== undefined && { LastEvaluatedBackupArn: next }) };
    },
  };
}
