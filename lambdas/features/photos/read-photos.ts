import { FileId, type OrganisationId, PersonId, type PhotoId } from '../../http/ids.ts';
import type { Pointer, Records, Stored } from '../../platform/records.ts';
import { type House, readHouse } from '../consents/read-principals.ts';
import { type photoEntity, photoPointers, photoRef } from './photo.ts';
import { mayBeShown, readShowings, type Showing } from './showing.ts';

export interface PhotoHere {
  readonly id: PhotoId;
  /** By the row of ids: also of a photo that does not open. */
  readonly depicted: readonly PersonId[];
  readonly by: string;
  readonly fileId: FileId;
  /** Absent when a key of anybody who is shown is closed. */
  readonly stored: Stored<typeof photoEntity> | undefined;
  /** It opens, and everybody who is shown may be shown now. */
  readonly isShown: boolean;
}

export interface PhotosHere {
  readonly house: House;
  readonly photos: readonly PhotoHere[];
  readonly showings: ReadonlyMap<PersonId, Showing>;
}

/**
 * Photos by their ids, each decided anew: its record beside the keys of all who are shown, and their consents as they
 * stand now. Three waves. Undefined where the organisation is closed; what is not there is left out.
 */
export async function readPhotos(
  records: Records,
  organisationId: OrganisationId,
  photoIds: readonly PhotoId[],
  now: Date,
): Promise<PhotosHere | undefined> {
  const [house, found] = await Promise.all([
    readHouse(organisationId, records),
    records.pointersAt(photoIds.map((id) => photoPointers.depicted(organisationId, id))),
  ]);
  if (!house) return undefined;
  const there = found.flatMap((row, i) => (row ? [{ id: photoIds[i]!, ...depictedIn(row) }] : []));
  const everybody = there.flatMap(({ depicted }) => depicted);
  const [opened, showings] = await Promise.all([
    records.getManyShared(there.map(({ id }) => photoRef(organisationId, id))),
    readShowings(house, everybody, records, now),
  ]);
  const photos = there.map((row, i): PhotoHere => {
    const stored = opened[i];
    const isShown = stored?.value.depicted.every((id) => mayBeShown(showings.get(id), stored.value.purposeId)) ?? false;
    return { ...row, stored, isShown };
  });
  return { house, photos, showings };
}

const depictedIn = ({ attributes }: Pointer) => ({
  depicted: String(attributes?.['persons'])
    .split(' ')
    .map((id) => PersonId.parse(id)),
  by: String(attributes?.['by']),
  fileId: FileId.parse(attributes?.['fileId']),
});
