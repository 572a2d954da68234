import { filePointers, type UploadedFile, uploadRef } from '../../lambdas/features/files/file.ts';
import { ownerOf } from '../../lambdas/features/people/person.ts';
import { photoEntity, photoOwner, photoPointers } from '../../lambdas/features/photos/photo.ts';
import type { FileId, PhotoId } from '../../lambdas/http/ids.ts';
import { sharedPointers } from '../../lambdas/platform/entity.ts';
import { newContentKey } from '../../lambdas/platform/file-sealing.ts';
import { anId } from '../support/store.ts';
import { type Cast, TODAY } from './cast.ts';

const DUE = '2026-11-24T07:00:00.000Z';

/** What a worker made of a file that a member of staff uploaded. */
export async function aCheckedUpload({ organisationId, who, change }: Cast): Promise<FileId> {
  const id = anId('fil');
  const upload: UploadedFile = {
    id,
    name: 'plan.pdf',
    contentType: 'application/pdf',
    bytes: 6,
    key: newContentKey(),
    state: 'checked',
    uploadUntil: DUE,
    dueAt: DUE,
  };
  const owner = ownerOf(organisationId, who.staff.personId);
  await change()
    .put(uploadRef(organisationId, who.staff.personId, id), upload, 'new')
    .point(filePointers.held(owner, id))
    .point({ ...filePointers.due(DUE, organisationId, id), attributes: { uploaderId: who.staff.personId } })
    .commit();
  return id;
}

/** A photo that the child is shown on; whether it was consented to is another test's. */
export async function aPhoto({ organisationId, groupId, child, who, change }: Cast): Promise<PhotoId> {
  const id = anId('pho');
  const depicted = ownerOf(organisationId, child.id);
  const file = {
    id: anId('fil'),
    name: 'bilde.jpg',
    contentType: 'image/jpeg',
    bytes: 6,
    key: newContentKey(),
  } as const;
  const photo = {
    id,
    takenOn: TODAY,
    groupId,
    depicted: [child.id],
    purposeId: anId('pur'),
    by: who.staff.personId,
    addedAt: '2026-11-23T07:00:00.000Z',
    file,
  };
  await change()
    .putShared(
      { entity: photoEntity, owner: photoOwner(organisationId, id) },
      photo,
      { holders: [depicted], opensWhile: 'all' },
      'new',
    )
    .point({
      ...photoPointers.depicted(organisationId, id),
      attributes: { persons: child.id, by: who.staff.personId, fileId: file.id },
    })
    .point(sharedPointers.held(depicted, id))
    .point(sharedPointers.about(depicted, id))
    .commit();
  return id;
}
