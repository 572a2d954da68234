import type { OrganisationId, PersonId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import { keyOf, sharedPointers } from '../../platform/entity.ts';
import type { Change, Stored } from '../../platform/records.ts';
import { claimFile, releaseFile } from '../files/claim.ts';
import type { uploadedFileEntity } from '../files/file.ts';
import type { FilePlace } from '../files/home.ts';
import { ownerOf } from '../people/person.ts';
import { type Photo, photoOwner, photoPointers, photoRef } from './photo.ts';
import type { PhotoHere } from './read-photos.ts';

const placeOf = (organisationId: OrganisationId, photoId: Photo['id']): FilePlace => ({
  owner: photoOwner(organisationId, photoId),
  kind: 'photo',
  ids: { photoId },
});

/**
 * A photo under shares of everybody's keys, with the rows that lead to it from each of them. That nobody is erased or
 * restricted behind it is a condition of the write: their keys wrap its shares.
 */
export function putPhoto(
  change: Change,
  organisationId: OrganisationId,
  facts: Omit<Photo, 'file'>,
  upload: Stored<typeof uploadedFileEntity>,
): Photo {
  const photo = { ...facts, file: claimFile(change, upload, placeOf(organisationId, facts.id)) };
  seal(change, organisationId, photo, 'new');
  for (const id of photo.depicted) {
    pointFrom(change, organisationId, id, photo);
    note(change, organisationId, id, photo.id, 'photo.added');
  }
  return photo;
}

export function changePhoto(
  change: Change,
  organisationId: OrganisationId,
  { stored, depicted: before }: PhotoHere,
  after: Photo,
): void {
  if (!stored) throw new Error('A photo that does not open cannot be sealed anew');
  seal(change, organisationId, after, { version: stored.version });
  for (const id of after.depicted) if (!before.includes(id)) pointFrom(change, organisationId, id, after);
  for (const id of before) if (!after.depicted.includes(id)) unpointFrom(change, organisationId, id, after.id);
  for (const id of new Set([...before, ...after.depicted])) note(change, organisationId, id, after.id, 'photo.changed');
}

/** Also one that does not open: its rows say whom it shows and which file it has. */
export function removePhoto(
  change: Change,
  organisationId: OrganisationId,
  { id: photoId, depicted, fileId }: PhotoHere,
  now: Date,
): void {
  const gone = () => new Problem('photo-not-found');
  change.unpoint({ table: 'core', ...keyOf(photoRef(organisationId, photoId)) }, { ifPresent: gone });
  change.unpoint(photoPointers.depicted(organisationId, photoId));
  releaseFile(change, { id: fileId }, placeOf(organisationId, photoId), now);
  for (const id of depicted) {
    unpointFrom(change, organisationId, id, photoId);
    note(change, organisationId, id, photoId, 'photo.removed');
  }
}

function seal(
  change: Change,
  organisationId: OrganisationId,
  photo: Photo,
  condition: 'new' | { readonly version: number },
): void {
  const { id, depicted, by, file } = photo;
  const holders = depicted.map((personId) => ownerOf(organisationId, personId));
  change.putShared(photoRef(organisationId, id), photo, { holders, opensWhile: 'all' }, condition);
  const attributes = { persons: depicted.join(' '), by, fileId: file.id };
  change.point({ ...photoPointers.depicted(organisationId, id), attributes });
}

function pointFrom(change: Change, organisationId: OrganisationId, personId: PersonId, photo: Photo): void {
  const owner = ownerOf(organisationId, personId);
  const { id, takenOn, groupId } = photo;
  change.point(sharedPointers.held(owner, id));
  change.point({ ...sharedPointers.about(owner, id), attributes: { takenOn, groupId } });
}

function unpointFrom(change: Change, organisationId: OrganisationId, personId: PersonId, photoId: Photo['id']): void {
  const owner = ownerOf(organisationId, personId);
  change.unpoint(sharedPointers.held(owner, photoId)).unpoint(sharedPointers.about(owner, photoId));
}

const note = (
  change: Change,
  organisationId: OrganisationId,
  personId: PersonId,
  photoId: Photo['id'],
  event: 'photo.added' | 'photo.changed' | 'photo.removed',
) => change.activity({ event, subject: ownerOf(organisationId, personId), about: [photoId] });
