import * as z from 'zod';
import { freeText } from '../../http/free-text.ts';
import { ConsentPurposeId, GroupId, type OrganisationId, PersonId, PhotoId } from '../../http/ids.ts';
import { entity, type Owner } from '../../platform/entity.ts';
import { FileView, KeptFile } from '../files/file.ts';
import { PlainDate } from '../people/person.ts';

/** Who can be shown in one photo: four writes each, and a hundred in a transaction. */
export const DEPICTED_MAX = 18;

export const Caption = freeText({ max: 300 }).min(1);

const Photo = z.strictObject({
  id: PhotoId,
  takenOn: PlainDate,
  /** Where it was taken. */
  groupId: GroupId,
  caption: Caption.optional(),
  /** Everybody who is shown. */
  depicted: z.array(PersonId).min(1).max(DEPICTED_MAX),
  /** What each of them, or who speaks for them, has consented to. */
  purposeId: ConsentPurposeId,
  by: PersonId,
  addedAt: z.iso.datetime(),
  file: KeptFile,
});
export type Photo = z.output<typeof Photo>;
/** As it is handed to those who are shown: without the key of its content. */
export const PhotoCopy = Photo.extend({ file: FileView });

/**
 * A photo of several children, under a key that all of them hold a share of: it opens only while all do (KP-04). The
 * content key of its file stands in it, so that the file opens no longer than that. A face identifies nobody by
 * technical means here: not Art. 9 (recital 51).
 */
export const photoEntity = entity({
  name: 'photo',
  table: 'core',
  sortKey: 'PHOTO',
  schema: Photo,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to show guardians pictures of their child’s day',
  legalBasis: 'consent',
  article9: 'none',
  source: 'controller',
  retentionClass: 'photo',
  exported: 'copy',
  onErasure: 'delete',
});

export const photoOwner = (organisationId: OrganisationId, photoId: PhotoId): Owner => ({
  controller: organisationId,
  subject: photoId,
});
export const photoRef = (organisationId: OrganisationId, photoId: PhotoId) =>
  ({ entity: photoEntity, owner: photoOwner(organisationId, photoId) }) as const;

export const photoPointers = {
  /**
   * Who is shown, who added it, and its file: ids, for what has to be known of a photo that does not open. Attributes:
   * `persons` (with spaces between), `by`, `fileId`.
   */
  depicted: (organisationId: OrganisationId, photoId: PhotoId) =>
    ({ table: 'core', pk: `${organisationId}#${photoId}`, sk: 'DEPICTED' }) as const,
};
