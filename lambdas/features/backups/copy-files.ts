import type { BackupFiles, StoredFile } from '../../platform/backup-files.ts';
import { DAY_MILLISECONDS, filesKey, LOCKED_DAYS, offlineKey } from './backup.ts';

const COPIES_AT_ONCE = 16;
/**
 * A file never changes, so one copy serves for many days; it is made anew long before its 83 days are over, so that what
 * is current always has a copy. What was removed has its last one until that ends (ALL-05).
 */
const COPIED_ANEW_AFTER_DAYS = 30;

export interface FilesCopier {
  /** The bucket of what people have uploaded. */
  readonly from: Pick<BackupFiles, 'bucket' | 'files'>;
  readonly to: Pick<BackupFiles, 'files' | 'copy'>;
  /** Into a locked bucket, or beside the exports. */
  readonly isLocked: boolean;
  now(): Date;
  hasTimeLeft(): boolean;
}

/**
 * Copies what has no copy yet, or an old one. All of it stays ciphertext whose keys stand in the tables' sealed records.
 * A run that is cut off is gone on with. Undefined when there was no time for all.
 */
export async function copyFiles(copier: FilesCopier): Promise<{ readonly copied: number } | undefined> {
  const { from, to, isLocked, now, hasTimeLeft } = copier;
  const keyOf = ({ key }: Pick<StoredFile, 'key'>) => (isLocked ? offlineKey(filesKey(key)) : filesKey(key));
  const anewBefore = now().getTime() - COPIED_ANEW_AFTER_DAYS * DAY_MILLISECONDS;
  const recent = new Set<string>();
  for await (const { key, lastModified } of to.files(keyOf({ key: '' }))) {
    if (lastModified.getTime() > anewBefore) recent.add(key);
  }
  const until = isLocked ? new Date(now().getTime() + LOCKED_DAYS * DAY_MILLISECONDS) : undefined;
  let copied = 0;
  let batch: StoredFile[] = [];
  const copyBatch = async () => {
    const done = await Promise.all(batch.map((file) => to.copy({ bucket: from.bucket, file }, keyOf(file), until)));
    copied += done.filter(Boolean).length;
    batch = [];
  };
  for await (const file of from.files('')) {
    if (!hasTimeLeft()) return undefined;
    if (recent.has(keyOf(file))) continue;
    batch.push(file);
    if (batch.length === COPIES_AT_ONCE) await copyBatch();
  }
  await copyBatch();
  return { copied };
}
