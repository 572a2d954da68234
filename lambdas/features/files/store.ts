import type { OrganisationId } from '../../http/ids.ts';
import type { SubjectId } from '../../platform/entity.ts';
import { Closed, StaleVersion } from '../../platform/records.ts';
import { ownerOf } from '../people/person.ts';
import { filePointers, UNCLAIMED_MAX, uploadedFileEntity, uploadRef } from './file.ts';
import type { FileStore } from './handlers.ts';
import { type FilePlace, homeKinds } from './home.ts';

/** The record outlives its term by a day: the sweep is to find it, and to know whose it was. */
const SWEPT_WITHIN_SECONDS = 24 * 60 * 60;
/** What the home of a file says of one that nothing holds yet. */
const UPLOAD_HOME = 'upload';

export const fileStore: FileStore = {
  async unclaimed({ organisationId, uploaderId }, { records }) {
    const owner = ownerOf(organisationId, uploaderId);
    return (await records.list(uploadedFileEntity, owner, { limit: UNCLAIMED_MAX })).items.length;
  },

  async begin({ organisationId, uploaderId }, upload, { records }, answer) {
    const { owner } = uploadRef(organisationId, uploaderId, upload.id);
    const expiresAtEpochSeconds = Date.parse(upload.dueAt) / 1000 + SWEPT_WITHIN_SECONDS;
    const home = { kind: UPLOAD_HOME, subject: uploaderId, uploadId: upload.id };
    return records
      .change()
      .put(uploadRef(organisationId, uploaderId, upload.id), upload, 'new', {
        expiresAtEpochSeconds: Math.floor(expiresAtEpochSeconds),
      })
      .point(filePointers.held(owner, upload.id))
      .point({ ...filePointers.home(organisationId, upload.id), attributes: home })
      .point({ ...filePointers.due(upload.dueAt, organisationId, upload.id), attributes: { uploaderId } })
      .activity({ event: 'file.upload-begun', subject: owner, about: [upload.id] })
      .commit(answer);
  },

  async findUpload({ organisationId, uploaderId }, fileId, { records }) {
    return (await records.get(uploadRef(organisationId, uploaderId, fileId)))?.value;
  },

  async placeOf(organisationId, fileId, { records }) {
    const [home] = await records.pointersAt([filePointers.home(organisationId, fileId)]);
    return home?.attributes && filePlaceOf(organisationId, home.attributes);
  },

  async recordOpening(found, how, { records, headersOnly }) {
    const { subject, file, openedAs: event = 'file.opened' } = found;
    // Whoever asked for the headers alone has opened nothing that a receipt could speak of.
    const noteOpening = headersOnly ? undefined : found.noteOpening;
    const opening = () => records.change().activity({ event, subject, about: [file.id], detail: { how } });
    const change = opening();
    noteOpening?.(change);
    try {
      await change.commit();
    } catch (error) {
      // Another opening was faster, or the reader's own records are closed: that it was opened is recorded all the same.
      const isOfTheNote = noteOpening && (error instanceof StaleVersion || error instanceof Closed);
      if (!isOfTheNote) throw error;
      await opening().commit();
    }
  },
};

function filePlaceOf(
  organisationId: OrganisationId,
  { kind, subject, ...ids }: Readonly<Record<string, string | number | boolean>>,
): FilePlace | undefined {
  const known = homeKinds.find((one) => one === kind);
  if (!known) return undefined;
  const owner = { controller: organisationId, subject: String(subject) as SubjectId };
  return { owner, kind: known, ids: Object.fromEntries(Object.entries(ids).map(([name, id]) => [name, String(id)])) };
}
