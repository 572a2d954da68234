import type { BackupFiles } from '../../platform/backup-files.ts';
import { errorName } from '../../platform/error-name.ts';
import type { TableExports } from '../../platform/table-export.ts';
import {
  type BackedUpTable,
  backedUpTables,
  backupManifestKey,
  daysToBackUp,
  exportPrefix,
  momentOf,
} from './backup.ts';
import { type Attempt, attemptKey, type Begun, begunDayKey, type DayBegun, readBegun } from './begun.ts';

/** One an hour at most, so a day's export is tried from morning to evening. */
const ATTEMPTS_MAX = 20;

export interface Exporter {
  readonly exports: TableExports;
  readonly files: Pick<BackupFiles, 'get' | 'put' | 'putNew' | 'files'>;
  /** Of the tables that are active now. */
  readonly generation: number;
  now(): Date;
  log(line: { readonly metric: string } & Readonly<Record<string, string | number>>): void;
}

/** One or more of a day's exports did not start; those that could did. Names tables and errors, nothing else. */
export class ExportsNotStarted extends Error {
  override readonly name = 'ExportsNotStarted';
}

/**
 * Begins what the day, and the days before it that can still be made up for, lack: an export of each table. Begins
 * nothing twice, and begins again what failed. Throws {@link ExportsNotStarted} when all has been tried, so that the run
 * is repeated and the alarm rings.
 */
export async function exportDays(exporter: Exporter): Promise<void> {
  const failures: string[] = [];
  for (const day of daysToBackUp(exporter.now())) {
    if (await exporter.files.get(backupManifestKey(day))) continue;
    failures.push(...(await exportDay(day, exporter)));
  }
  if (failures.length > 0) throw new ExportsNotStarted(failures.join(', '));
}

async function exportDay(day: string, exporter: Exporter): Promise<string[]> {
  const before = await begunOn(day, exporter);
  const begun = before.day ?? (await beginDay(day, exporter));
  // All of them even when one is refused: a backup of two tables is better than none.
  const outcomes = await Promise.allSettled(
    backedUpTables.map((table) => exportTable(table, day, begun, before.attempts[table], exporter)),
  );
  return outcomes.flatMap((outcome, i) =>
    outcome.status === 'rejected' ? [`${backedUpTables[i]}: ${errorName(outcome.reason)}`] : [],
  );
}

/** What was begun of tables that a restore has replaced since is begun anew, of those that are active now. */
async function begunOn(day: string, { files, generation }: Exporter): Promise<Begun> {
  const before = await readBegun(day, files);
  if (before.day && before.day.generation >= generation) return before;
  return { day: undefined, attempts: { core: [], activity: [], rights: [] }, userParts: [] };
}

/** The moment is chosen once for all tables, also for those that are exported later: they must fit together. */
async function beginDay(day: string, { files, generation, now }: Exporter): Promise<DayBegun> {
  const wanted: DayBegun = { generation, exportTime: momentOf(day, now()) };
  if (await files.putNew(begunDayKey(day, generation), JSON.stringify(wanted))) return wanted;
  // Another run was a moment ahead.
  const begun = await readBegun(day, files);
  if (!begun.day) throw new Error('A day that has been begun says nothing of it');
  return begun.day;
}

async function exportTable(
  table: BackedUpTable,
  day: string,
  { generation, exportTime }: DayBegun,
  attempts: readonly Attempt[],
  { exports, files, log }: Exporter,
): Promise<void> {
  const last = attempts.at(-1);
  if (last && 'refused' in last) return;
  if (last && (await exports.state(last.exportArn)) !== 'failed') return;
  if (last) log({ metric: 'backup-export-failed', day, table, attempts: attempts.length });
  if (attempts.length >= ATTEMPTS_MAX) return;
  const attempt = attempts.length + 1;
  const exportArn = await exports.begin({
    table,
    generation,
    exportTime,
    prefix: exportPrefix(day, table),
    token: `${day}-${table}-g${generation}-${attempt}`,
  });
  const outcome: Attempt = exportArn === undefined ? { refused: 'outside-recovery-window' } : { exportArn };
  await files.put(attemptKey(day, generation, table, attempt), JSON.stringify(outcome));
}
