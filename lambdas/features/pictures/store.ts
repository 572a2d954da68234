import { Problem } from '../../http/problem.ts';
import { organisationEntity, organisationOwner } from '../organisations/organisation.ts';
import { ownerOf, personEntity } from '../people/person.ts';
import type { PictureStore } from './handlers.ts';
import { pictureRef } from './picture.ts';

export const pictureStore: PictureStore = {
  async find({ organisationId, personId }, { records }) {
    const [organisation, person, picture] = await records.together([
      { entity: organisationEntity, owner: organisationOwner(organisationId) },
      { entity: personEntity, owner: ownerOf(organisationId, personId) },
      pictureRef(organisationId, personId),
    ]);
    if (!organisation || !person) return undefined;
    return { organisationId, personId, profile: organisation.value.profile, kind: person.value.kind, picture };
  },

  async save({ organisationId, personId, picture }, image, { records }) {
    const owner = ownerOf(organisationId, personId);
    await records
      .change()
      // The picture has a key of its own, so that the person's key does not guard it against an erasure meanwhile.
      .requirePresent({ entity: personEntity, owner }, () => new Problem('person-not-found'))
      .put(pictureRef(organisationId, personId), image ? { image } : {}, picture ? { version: picture.version } : 'new')
      .activity({ event: image ? 'picture.set' : 'picture.removed', subject: owner })
      .commit();
  },
};
