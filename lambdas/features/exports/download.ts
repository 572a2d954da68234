import { randomBytes } from 'node:crypto';
import type { Call } from '../../http/call.ts';
import type { Files } from '../../platform/files.ts';
import type { Stored } from '../../platform/records.ts';
import { type exportEntity, fileKeyOf, filePlaceOf, isFetchable, ownerOfExport } from './export.ts';

/** The bucket of sealed files, and the one of plain copies that live minutes. */
export interface ExportFiles {
  readonly sealed: Pick<Files, 'get'>;
  readonly downloads: Pick<Files, 'put' | 'linkTo'>;
}
export interface Download {
  readonly url: string;
  readonly expiresAt: string;
  readonly filename: string;
}

const ZIP = 'application/zip';
/** 192 bits: a copy's address cannot be guessed. */
const COPY_KEY_BYTES = 24;

/**
 * A plain copy under a random key and a link to it of at most a minute; the exporter removes the copy within minutes.
 * Undefined when there is nothing to fetch: not ready, over, or its key closed. That somebody fetched it is recorded
 * before the link leaves (SM-05), about whoever the data is about.
 */
export async function downloadOf(
  stored: Stored<typeof exportEntity>,
  files: ExportFiles,
  { records, now }: Pick<Call, 'records' | 'now'>,
): Promise<Download | undefined> {
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
  const key = randomBytes(COPY_KEY_BYTES).toString('base64url');
  await files.downloads.put(key, zip, { contentType: ZIP });
  // Nothing personal in a name that stays in a list of downloads.
  const filename = `vern-${now.toISOString().slice(0, 'yyyy-mm-dd'.length)}.zip`;
  return { ...(await files.downloads.linkTo(key, { filename, contentType: ZIP }, now)), filename };
}
