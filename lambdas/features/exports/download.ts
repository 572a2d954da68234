import type { Call } from '../../http/call.ts';
import type { Files } from '../../platform/files.ts';
import type { Stored } from '../../platform/records.ts';
import { type PlainCopy, plainCopyOf } from '../files/plain-copy.ts';
import { type exportEntity, fileKeyOf, filePlaceOf, isFetchable, ownerOfExport } from './export.ts';

/** The bucket of sealed files, and the one of plain copies that live minutes. */
export interface ExportFiles {
  readonly sealed: Pick<Files, 'get'>;
  readonly downloads: Pick<Files, 'put' | 'linkTo'>;
}

const ZIP = 'application/zip';

/**
 * A plain copy of the file, and a link to it. Undefined when there is nothing to fetch: not ready, over, or its key
 * closed. That somebody fetched it is recorded before the link leaves (SM-05), about whoever the data is about.
 */
export async function downloadOf(
  stored: Stored<typeof exportEntity>,
  files: ExportFiles,
  { records, now }: Pick<Call, 'records' | 'now'>,
): Promise<PlainCopy | undefined> {
  const { ref, value } = stored;
  if (!isFetchable(value, now)) return undefined;
  const sealed = await files.sealed.get(fileKeyOf(value.id));
  const zip = sealed && (await records.openFile(ref.owner, 'export', filePlaceOf(value.id), sealed));
  if (!zip) return undefined;
  const subject = ownerOfExport(ref.owner.controller, value);
  await records
    .change()
    .activity({ event: 'export.fetched', subject, about: [value.id] })
    .commit();
  return plainCopyOf({ content: zip, contentType: ZIP, ending: 'zip' }, files.downloads, now);
}
