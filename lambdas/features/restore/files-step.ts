import { FileId, OrganisationId } from '../../http/ids.ts';
import type { StoredFile } from '../../platform/backup-files.ts';
import { filesKey, offlineKey } from '../backups/backup.ts';
import { filePointers } from '../files/file.ts';
import type { Restoration } from './restoration.ts';
import { hasTimeLeft, type Restorer, targetOf } from './restorer.ts';
import type { StepOutcome } from './step.ts';

const AT_ONCE = 16;

/**
 * Brings back what people had uploaded and the bucket lacks, where a record of the restored tables still leads to it:
 * after the replay, so that no file of whoever was erased comes back (ALL-04). Copies are ciphertext, made by S3 itself.
 */
export async function bringFilesBack(restoration: Restoration, restorer: Restorer): Promise<StepOutcome> {
  const copies = restorer.copies[restoration.from === 'offline' ? 'offline' : 'backup'];
  const prefix = restoration.from === 'offline' ? offlineKey(filesKey('')) : filesKey('');
  const there = new Set<string>();
  for await (const { key } of restorer.uploaded.files('')) there.add(key);
  let copied = 0;
  let batch: StoredFile[] = [];
  const bringBack = async () => {
    const wanted = await withHome(batch, prefix, restoration, restorer);
    for (const file of wanted) {
      const isCopied = await restorer.uploaded.copy({ bucket: copies.bucket, file }, file.key.slice(prefix.length));
      if (isCopied) copied++;
    }
    batch = [];
  };
  for await (const file of copies.current(prefix)) {
    if (!hasTimeLeft(restorer)) return { done: false, figures: { files: copied } };
    if (there.has(file.key.slice(prefix.length))) continue;
    batch.push(file);
    if (batch.length === AT_ONCE) await bringBack();
  }
  await bringBack();
  return { done: true, figures: { files: copied } };
}

/** Those that a record of the target leads to. */
async function withHome(
  files: readonly StoredFile[],
  prefix: string,
  restoration: Restoration,
  restorer: Restorer,
): Promise<StoredFile[]> {
  const named = files.flatMap((file) => {
    const [organisation, id] = file.key.slice(prefix.length).split('/');
    const [organisationId, fileId] = [OrganisationId.safeParse(organisation), FileId.safeParse(id)];
    return organisationId.success && fileId.success
      ? [{ file, home: filePointers.home(organisationId.data, fileId.data) }]
      : [];
  });
  const { records } = restorer.callOn(targetOf(restoration));
  const homes = await records.pointersAt(named.map(({ home }) => home));
  return named.flatMap(({ file }, i) => (homes[i] ? [file] : []));
}
