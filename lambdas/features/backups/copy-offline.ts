import type { BackupFiles } from '../../platform/backup-files.ts';
import { type BackupManifest, backupManifestKey, lockedUntil, offlineKey } from './backup.ts';

const COPIES_AT_ONCE = 16;

export interface Copier {
  readonly from: Pick<BackupFiles, 'bucket' | 'files'>;
  readonly to: Pick<BackupFiles, 'files' | 'copy'>;
  hasTimeLeft(): boolean;
}

/**
 * Copies what the offline bucket lacks of a whole backup, its manifest last: a day that has it there is whole there. A
 * run that is cut off is gone on with. Copies are made by S3 itself, of the very contents that were checked, and stay
 * ciphertext. True when all is there, in the right size.
 */
export async function copyOffline(backup: BackupManifest, { from, to, hasTimeLeft }: Copier): Promise<boolean> {
  const folder = `daily/${backup.day}/`;
  const until = lockedUntil(backup);
  const there = await sizesUnder(offlineKey(folder), to);
  const missing = backup.objects.filter(({ key, bytes }) => there.get(offlineKey(key)) !== bytes);
  for (let i = 0; i < missing.length; i += COPIES_AT_ONCE) {
    if (!hasTimeLeft()) return false;
    await Promise.all(
      missing
        .slice(i, i + COPIES_AT_ONCE)
        .map((file) => to.copy({ bucket: from.bucket, file }, offlineKey(file.key), until)),
    );
  }
  const manifestKey = backupManifestKey(backup.day);
  const copied = await sizesUnder(offlineKey(folder), to);
  if (backup.objects.some(({ key, bytes }) => copied.get(offlineKey(key)) !== bytes)) return false;
  if (copied.has(offlineKey(manifestKey))) return true;
  for await (const file of from.files(manifestKey))
    await to.copy({ bucket: from.bucket, file }, offlineKey(manifestKey), until);
  return true;
}

async function sizesUnder(prefix: string, to: Copier['to']): Promise<Map<string, number>> {
  const sizes = new Map<string, number>();
  for await (const { key, bytes } of to.files(prefix)) sizes.set(key, bytes);
  return sizes;
}
