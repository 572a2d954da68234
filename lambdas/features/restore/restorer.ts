import type { Call } from '../../http/call.ts';
import type { BackupFiles, StoredFile } from '../../platform/backup-files.ts';
import type { Store } from '../../platform/open-records.ts';
import type { ServiceRows } from '../../platform/service-rows.ts';
import type { StreamMappings } from '../../platform/stream-mappings.ts';
import type { TableGenerations, Target } from '../../platform/table-generations.ts';
import type { TableName } from '../../platform/tables.ts';
import type { ReplayStep, Restoration } from './restoration.ts';
import type { BucketFiles, Step, StepContext, StepOutcome } from './step.ts';

/** What the worker works with. */
export interface Restorer {
  readonly requestId: string;
  readonly rows: ServiceRows;
  readonly tables: TableGenerations;
  readonly mappings: StreamMappings;
  readonly copies: Readonly<Record<'backup' | 'offline', CopyOfBackups>>;
  readonly logFiles: BucketFiles;
  /** What people have uploaded: what is missing there is copied back from a backup. */
  readonly uploaded: Pick<BackupFiles, 'files' | 'copy'>;
  /** Nobody comes in any more; nothing when that generation is not the active one. */
  closeGate(generation: number): Promise<void>;
  /** In one write: the active generation, and open. Throws when the gate was closed on another one. */
  openGate(generation: number, closedOn: number): Promise<void>;
  /** The physical name of a table, for what is asked of AWS by name. */
  tableName(table: TableName, target: Target): string;
  storeOf(target: Target): Store;
  /** In the worker's own name, on the tables of that target; records are fresh each time. */
  callOn(target: Target, throughRestriction?: boolean): Call;
  /** What is replayed into the new tables, by the steps of `replay/` and of the log. */
  readonly replay: Readonly<Record<ReplayStep, Step>>;
  now(): Date;
  /** When Lambda ends this run, whatever it is doing. */
  readonly deadline: Date;
  newRestoreId(kind: 'restore' | 'drill'): string;
  log(line: Readonly<Record<string, unknown>>): void;
}

/** A bucket in which backups lie. */
export interface CopyOfBackups {
  readonly bucket: string;
  readonly files: BucketFiles;
  /** What is current under keys that begin so, with the ETags that a copy is made by. */
  current(prefix: string): AsyncGenerator<StoredFile>;
  /** The names of the folders directly below, without slashes. */
  folders(prefix: string): Promise<readonly string[]>;
}

/** One of the machine's own steps. */
export type OwnStep = (restoration: Restoration, restorer: Restorer) => Promise<StepOutcome>;

export const targetOf = ({ kind, nextGeneration }: Restoration): Target =>
  kind === 'drill' ? 'drill' : nextGeneration;

/** A run of a step gives way after so long, so that its progress can be seen and an abort is heard. */
const SLICE_MILLISECONDS = 45_000;
/** Nothing is begun that Lambda might cut off. */
const LAST_MILLISECONDS = 90_000;

export const hasTimeLeft = ({ deadline, now }: Restorer): boolean =>
  deadline.getTime() - now().getTime() > LAST_MILLISECONDS;

/** What a step of the replay is given. */
export function contextOf(restoration: Restoration, restorer: Restorer): StepContext {
  const target = targetOf(restoration);
  const { core, activity, rights } = restoration.tables;
  const sliceEnds = restorer.now().getTime() + SLICE_MILLISECONDS;
  return {
    target: restorer.storeOf(target),
    backup: { day: restoration.day, tables: { core, activity, rights } },
    generation: restoration.nextGeneration,
    isDrill: restoration.kind === 'drill',
    requestId: restorer.requestId,
    ...(restoration.cursor !== undefined && { cursor: restoration.cursor }),
    now: () => restorer.now(),
    hasTimeLeft: () => hasTimeLeft(restorer) && restorer.now().getTime() < sliceEnds,
    log: (line) => restorer.log({ restore: restoration.id, step: restoration.step, ...line }),
    backupFiles: restorer.copies.backup.files,
    offlineFiles: restorer.copies.offline.files,
    logFiles: restorer.logFiles,
    openCall: (throughRestriction = false) => restorer.callOn(target, throughRestriction),
  };
}
