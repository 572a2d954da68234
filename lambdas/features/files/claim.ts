import type { FileId, OrganisationId, PersonId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { Owner } from '../../platform/entity.ts';
import type { Change, Records, Stored } from '../../platform/records.ts';
import { filePointers, type KeptFile, type uploadedFileEntity, uploadRef } from './file.ts';
import type { FilePlace } from './home.ts';

const taken = () => new Problem('file-not-found');

/**
 * What the caller uploaded, checked and held by nothing yet; in the order asked for, one wave. Throws `file-not-found`
 * (somebody else's as well) and `file-not-checked`.
 */
export async function uploadsOf(
  records: Records,
  organisationId: OrganisationId,
  uploaderId: PersonId,
  fileIds: readonly FileId[],
): Promise<Stored<typeof uploadedFileEntity>[]> {
  const stored = await records.getMany(fileIds.map((fileId) => uploadRef(organisationId, uploaderId, fileId)));
  return stored.map((upload) => {
    if (!upload) throw taken();
    if (upload.value.state !== 'checked') throw new Problem('file-not-checked');
    return upload;
  });
}

/** From now on the file is the home's: what it returns goes into a sealed record there. Of two claims one throws `file-not-found`. */
export function claimFile(change: Change, upload: Stored<typeof uploadedFileEntity>, home: FilePlace): KeptFile {
  const { state: _, refusal: __, uploadUntil: ___, dueAt, ...file } = upload.value;
  const organisationId = upload.ref.owner.controller as OrganisationId;
  change
    .remove(upload.ref, { version: upload.version }, taken)
    .unpoint(filePointers.due(dueAt, organisationId, file.id), { ifPresent: taken })
    .point(filePointers.held(home.owner, file.id))
    .point({ ...filePointers.home(organisationId, file.id), attributes: homeAttributes(home) });
  if (!isSame(home.owner, upload.ref.owner)) change.unpoint(filePointers.held(upload.ref.owner, file.id));
  return file;
}

/** The home lets go of it: the object is removed within the hour. */
export function releaseFile(
  change: Change,
  file: Pick<KeptFile, 'id'>,
  { owner }: Pick<FilePlace, 'owner'>,
  now: Date,
): void {
  const organisationId = owner.controller as OrganisationId;
  change
    .unpoint(filePointers.held(owner, file.id))
    .unpoint(filePointers.home(organisationId, file.id))
    .point(filePointers.due(now.toISOString(), organisationId, file.id));
}

const isSame = (one: Owner, other: Owner) => one.controller === other.controller && one.subject === other.subject;

const homeAttributes = ({ owner, kind, ids }: FilePlace) => ({ ...ids, kind, subject: owner.subject });
