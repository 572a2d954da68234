import { FileId, type OrganisationId } from '../../http/ids.ts';
import type { Owner } from '../../platform/entity.ts';
import type { RawRow } from '../../platform/partition-rows.ts';
import { filePointers, objectKey } from '../files/file.ts';
import type { Eraser } from './eraser.ts';
import { isOrganisation } from './erasure.ts';

/** The file that a sort key in somebody's partition leads to. */
export function fileIn(sk: string): FileId | undefined {
  const prefix = 'FILE#';
  return sk.startsWith(prefix) ? FileId.safeParse(sk.slice(prefix.length)).data : undefined;
}

/** The rows by which an owner's files are found. */
export const fileRowsOf = (owner: Owner, { rows }: Pick<Eraser, 'rows'>) => {
  const { table, pk, sk } = filePointers.held(owner, '');
  return rows.of(table, pk, sk);
};

/**
 * Files in a partition whose home names one of the rows that go: by an id that is a part of the row's sort key. `rows`
 * may hold any others beside the files'.
 */
export async function filesOfRows(
  rows: readonly RawRow[],
  gone: readonly Pick<RawRow, 'sk'>[],
  { controller }: Owner,
  eraser: Pick<Eraser, 'rows'>,
): Promise<FileId[]> {
  const fileIds = rows.flatMap(({ sk }) => fileIn(sk) ?? []);
  if (fileIds.length === 0 || controller === 'operator') return [];
  const parts = idsInKeys(gone);
  const homes = await eraser.rows.at(fileIds.map((fileId) => filePointers.home(controller, fileId)));
  return homes.flatMap(({ pk, attributes }) => {
    const { kind: _, subject: __, ...ids } = attributes;
    return Object.values(ids).some((id) => parts.has(String(id))) ? [FileId.parse(pk.split('#')[1])] : [];
  });
}

/** Opaque ids that are parts of sort keys; not the days and kinds beside them. */
export const idsInKeys = (rows: readonly Pick<RawRow, 'sk'>[]): ReadonlySet<string> =>
  new Set(rows.flatMap(({ sk }) => sk.split('#').filter((part) => /^[a-z]{3}_[0-9a-z]{26}$/.test(part))));

/** The sealed object. What is gone already is no error. */
export async function removeFile({ controller }: Owner, fileId: FileId, { files }: Pick<Eraser, 'files'>) {
  if (controller !== 'operator') await files.remove(objectKey(controller, fileId));
}

/** What a whole organisation still has in the bucket, whether or not a row leads to it. */
export async function filesOfOrganisation(owner: Owner, { files }: Pick<Eraser, 'files'>) {
  if (!isOrganisation(owner) || owner.controller !== owner.subject) return [];
  return files.list(objectKey(owner.controller as OrganisationId, '' as FileId));
}

/** The rows by which the hourly sweep finds what somebody uploaded and nothing holds. */
export async function uploadsDueOf(owner: Owner, { rows }: Pick<Eraser, 'rows'>): Promise<RawRow[]> {
  const found: RawRow[] = [];
  const { table, pk } = filePointers.due('', '' as OrganisationId, '' as FileId);
  for await (const row of rows.of(table, pk)) {
    const [, controller] = row.sk.split('#');
    if (controller === owner.controller && row.attributes['uploaderId'] === owner.subject) found.push(row);
  }
  return found;
}

/**
 * Nobody's any more, from here on: the sweep still comes for the object, which may be written at this moment by whoever
 * looks at it.
 */
export async function forgetUploads(owner: Owner, eraser: Pick<Eraser, 'rows' | 'openCall'>): Promise<void> {
  for (const { pk, sk } of await uploadsDueOf(owner, eraser)) {
    await eraser
      .openCall()
      .records.change()
      .point({ table: 'core', pk, sk })
      .activity({ event: 'erasure.rows-removed', subject: owner, detail: { rows: 1 } })
      .commit();
  }
}
