import { accountsInPart, offlineKey, usersPrefix } from '../../backups/backup.ts';
import type { BucketFiles, StepContext } from '../step.ts';

/** A part of the day's snapshot of the user pool. Its name sorts after every organisation's id, and parts in their order. */
interface SnapshotPart {
  readonly name: string;
  accountIds(): Promise<readonly string[]>;
}

/**
 * The accounts that the day's snapshot of the user pool names, from whichever copy has it. Empty where the day has none:
 * a point in time of today, say.
 */
export async function snapshotParts({ backup, backupFiles, offlineFiles }: StepContext): Promise<SnapshotPart[]> {
  const prefix = usersPrefix(backup.day);
  const inBackup = await partsIn(backupFiles, prefix);
  return inBackup.length > 0 ? inBackup : partsIn(offlineFiles, offlineKey(prefix));
}

async function partsIn(files: BucketFiles, prefix: string): Promise<SnapshotPart[]> {
  const listed = await files.list(prefix);
  return listed
    .map(({ key }) => ({
      name: `users/${key.slice(prefix.length)}`,
      async accountIds() {
        const content = await files.get(key);
        return content ? accountsInPart(content) : [];
      },
    }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}
