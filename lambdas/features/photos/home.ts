import { type OrganisationId, PhotoId } from '../../http/ids.ts';
import type { FileHome } from '../files/home.ts';
import { ownerOf } from '../people/person.ts';
import { reached } from './reach.ts';
import { readPhotos } from './read-photos.ts';

/**
 * The image of a photo opens while the photo does, for whoever reaches a child in it. That it was opened is recorded about
 * each of them.
 */
export const photoHome: FileHome = {
  kind: 'photo',
  async find({ owner, ids }, fileId, call) {
    const photoId = PhotoId.safeParse(ids['photoId']).data;
    if (!photoId || !call.role) return undefined;
    const organisationId = owner.controller as OrganisationId;
    const here = await readPhotos(call.records, organisationId, [photoId], call.now);
    const photo = here?.photos[0];
    if (!here || !photo?.stored || !photo.isShown || photo.stored.value.file.id !== fileId) return undefined;
    const [mine] = await reached('photo:read', photo.depicted, here, call);
    if (!mine) return undefined;
    return {
      file: photo.stored.value.file,
      subject: ownerOf(organisationId, mine),
      mayInline: true,
      noteOpening(change) {
        for (const id of photo.depicted.filter((other) => other !== mine)) {
          change.activity({ event: 'file.opened', subject: ownerOf(organisationId, id), about: [fileId] });
        }
      },
    };
  },
};
