import type { BackupFiles } from '../../platform/backup-files.ts';
import { dayIn } from '../../platform/calendar.ts';
import {
  type BackupManifest,
  backupManifestKey,
  daysToBackUp,
  isDue,
  lockedUntil,
  OFFLINE_DAYS,
  OPERATORS_ZONE,
  offlineKey,
  parseBackup,
} from './backup.ts';
import { completedBackup, type Lack } from './complete.ts';
import { copyFiles } from './copy-files.ts';
import { copyOffline } from './copy-offline.ts';
import { sweepVersions } from './sweep.ts';

/** What the service knows of its backups, in its own table: ids, counts and instants. */
export interface BackupRegister {
  /** The newest first. */
  list(): Promise<readonly RegisteredBackup[]>;
  note(backup: RegisteredBackup, event: 'completed' | 'copied'): Promise<void>;
  /** The day of the last sweep. */
  lastSweepOn(): Promise<string | undefined>;
  /** Backups that have come to their end by that day leave the list with it. */
  noteSweep(day: string, removed: number): Promise<void>;
}

export interface RegisteredBackup {
  readonly day: string;
  readonly completedAt: string;
  readonly items: number;
  readonly bytes: number;
  /** Absent until the copy is whole. */
  readonly offlineAt?: string;
  readonly lockedUntil: string;
}

export interface Keeper {
  /** What people have uploaded: copied beside the exports, and offline. */
  readonly uploaded: Pick<BackupFiles, 'bucket' | 'files'>;
  readonly backup: BackupFiles;
  /** Locked, under another key. */
  readonly offline: BackupFiles;
  /** The same in a second region of the EEA, where one is configured. */
  readonly elsewhere: readonly BackupFiles[];
  readonly register: BackupRegister;
  now(): Date;
  hasTimeLeft(): boolean;
  log(line: { readonly metric: string } & Readonly<Record<string, string | number>>): void;
}

/**
 * Every hour: finds out which days have become whole, copies them offline, says what is missing, and once a day ends
 * what has become too old. Each part is tried also when another fails; the first failure is thrown in the end.
 */
export async function keepBackups(keeper: Keeper): Promise<void> {
  const failures: unknown[] = [];
  const tried = async (part: () => Promise<void>) => part().catch((error: unknown) => void failures.push(error));
  const known = new Map((await keeper.register.list()).map((backup) => [backup.day, backup]));
  for (const day of daysToBackUp(keeper.now())) await tried(() => keepDay(day, known.get(day), keeper));
  await tried(() => registerWhatLiesThere(known, keeper));
  await tried(() => sweepOnceADay(keeper));
  if (failures.length > 0) throw failures[0];
}

async function keepDay(day: string, known: RegisteredBackup | undefined, keeper: Keeper): Promise<void> {
  if (known?.offlineAt !== undefined) return;
  const { backup: from, offline, elsewhere, register, hasTimeLeft } = keeper;
  const made = await backupOf(day, keeper);
  if (!isBackup(made)) return sayWhatIsMissing(day, made, keeper);
  if (!known) await register.note(registered(made), 'completed');
  for (const to of [offline, ...elsewhere]) {
    const isWhole = await copyOffline(made, { from, to, hasTimeLeft });
    if (!isWhole) return sayWhatIsMissing(day, [{ what: 'copy', why: 'under-way' }], keeper);
  }
  const files = await copyUploaded(keeper);
  if (files === undefined) return sayWhatIsMissing(day, [{ what: 'copy', why: 'under-way' }], keeper);
  await register.note({ ...registered(made), offlineAt: keeper.now().toISOString() }, 'copied');
  keeper.log({ metric: 'backup-kept', ...registered(made), files });
}

/** How many copies were made; undefined when there was no time for all. */
async function copyUploaded(keeper: Keeper): Promise<number | undefined> {
  const { uploaded: from, backup, offline, elsewhere } = keeper;
  let made = 0;
  for (const to of [backup, offline, ...elsewhere]) {
    const done = await copyFiles({ ...keeper, from, to, isLocked: to !== backup });
    if (!done) return undefined;
    made += done.copied;
  }
  return made;
}

async function backupOf(day: string, { backup, now }: Keeper): Promise<BackupManifest | readonly Lack[]> {
  const written = await backup.get(backupManifestKey(day));
  if (written) return parseBackup(written);
  const made = await completedBackup(day, backup, now());
  if (isBackup(made)) await backup.put(backupManifestKey(day), JSON.stringify(made));
  return made;
}

function sayWhatIsMissing(
  day: string,
  lacks: readonly (Lack | { readonly what: 'copy'; readonly why: 'under-way' })[],
  { now, log }: Keeper,
): void {
  for (const { what, why } of lacks) {
    if (why === 'damaged') log({ metric: 'backup-damaged', day, what });
  }
  // A day from before the tables were there had its alarm, if it deserved one, in its own time.
  const isLost = lacks.some(({ why }) => why === 'outside-recovery-window');
  if (isLost || !isDue(day, now())) return;
  log({ metric: 'backup-missing', day, lacks: lacks.map(({ what, why }) => `${what} ${why}`).join(', ') });
}

/** A restored Core has forgotten the days after its own backup; their copies have not gone. */
async function registerWhatLiesThere(known: ReadonlyMap<string, unknown>, keeper: Keeper): Promise<void> {
  const days = await keeper.offline.folders(OFFLINE_DAYS);
  const recent = new Set(daysToBackUp(keeper.now()));
  for (const day of days.filter((day) => !known.has(day) && !recent.has(day))) {
    if (!keeper.hasTimeLeft()) return;
    const manifest = await keeper.offline.get(offlineKey(backupManifestKey(day)));
    if (!manifest) continue;
    const backup = parseBackup(manifest);
    // When the copy was whole is forgotten; it was after that.
    await keeper.register.note({ ...registered(backup), offlineAt: backup.completedAt }, 'copied');
  }
}

async function sweepOnceADay({ backup, offline, elsewhere, register, now, log, hasTimeLeft }: Keeper): Promise<void> {
  const today = dayIn(OPERATORS_ZONE, now());
  if ((await register.lastSweepOn()) === today) return;
  let [removed, tooOld, isWhole] = [0, 0, true];
  for (const files of [backup, offline, ...elsewhere]) {
    const swept = await sweepVersions(files, now(), hasTimeLeft);
    removed += swept.removed;
    tooOld += swept.tooOld;
    isWhole &&= swept.isWhole;
  }
  if (tooOld > 0) log({ metric: 'backup-too-old', versions: tooOld });
  if (isWhole) await register.noteSweep(today, removed);
}

const registered = (backup: BackupManifest): RegisteredBackup => ({
  day: backup.day,
  completedAt: backup.completedAt,
  items: Object.values(backup.tables).reduce((sum, { itemCount }) => sum + itemCount, 0),
  bytes: backup.objects.reduce((sum, { bytes }) => sum + bytes, 0),
  lockedUntil: lockedUntil(backup).toISOString(),
});

const isBackup = (made: BackupManifest | readonly Lack[]): made is BackupManifest => 'format' in made;
