import type { BackupFiles, FileVersion } from '../../platform/backup-files.ts';
import { ageInDays, SWEPT_AFTER_DAYS, TOO_OLD_AFTER_DAYS } from './backup.ts';

export interface Swept {
  readonly removed: number;
  /** Could not be removed, and are older than any version may be. */
  readonly tooOld: number;
  /** False when there was no time to look at all: the next run begins anew, with what is left. */
  readonly isWhole: boolean;
}

/**
 * Removes for ever, version by version, what the lifecycle should have removed already (ALL-05): it rounds up, lags, and
 * counts from the day on which a copy was made. What a lock or a fault keeps is counted, and tried again the next day.
 */
export async function sweepVersions(
  files: Pick<BackupFiles, 'versions' | 'removeVersion'>,
  now: Date,
  hasTimeLeft: () => boolean,
): Promise<Swept> {
  let removed = 0;
  let tooOld = 0;
  for await (const version of files.versions()) {
    if (!hasTimeLeft()) return { removed, tooOld, isWhole: false };
    const age = ageInDays(version, now);
    if (age < SWEPT_AFTER_DAYS) continue;
    if (await isRemoved(version, files)) removed++;
    else if (age >= TOO_OLD_AFTER_DAYS) tooOld++;
  }
  return { removed, tooOld, isWhole: true };
}

async function isRemoved(version: FileVersion, files: Pick<BackupFiles, 'removeVersion'>): Promise<boolean> {
  try {
    await files.removeVersion(version);
    return true;
  } catch {
    // Whatever the reason is, the version is still there: that is what is told.
    return false;
  }
}
