import * as z from 'zod';
import { FileId, GroupId, PersonId, PhotoId } from '../../http/ids.ts';
import { inOrganisation, ofPerson } from '../../http/params.ts';
import { type Routes, rolesThatMay } from '../../http/route.ts';
import { changingRecords, readingRecords } from '../../platform/capabilities.ts';
import { DAYS_MAX } from '../attendance/attendance-day.ts';
import { PlainDate } from '../people/person.ts';
import { Caption, DEPICTED_MAX } from './photo.ts';
import { PHOTOS_MAX, PhotoList, PhotoView } from './views.ts';

const ofPhoto = inOrganisation.extend({ photoId: PhotoId });

const reading = [...readingRecords, 'rights:read', 'activity:append'] as const;
const changing = [...changingRecords, 'rights:read'] as const;

const personIds = z.array(PersonId).min(1).max(DEPICTED_MAX).meta({ description: 'Everybody who is shown.' });

export const photoRoutes = {
  addPhoto: {
    summary: 'Add a photo of one or several children',
    description:
      'The file was uploaded and checked before (`…/files`). Everybody in the photo must have a consent in force to ' +
      'pictures inside, from either or both guardians as the organisation’s purpose says; a child that is kept from ' +
      'somebody is in no photo. From then on the photo opens only while all of that holds for all of them.',
    tag: 'Child log',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/photos',
    access: rolesThatMay('photo:write'),
    params: inOrganisation,
    body: z
      .strictObject({
        fileId: FileId,
        personIds,
        groupId: GroupId,
        takenOn: PlainDate.optional().meta({ description: 'Today, unless given.' }),
        caption: Caption.optional(),
      })
      .meta({ id: 'NewPhoto' }),
    success: { status: 201, body: PhotoView },
    problems: [
      'person-not-found',
      'group-not-found',
      'file-not-found',
      'file-not-checked',
      'not-a-picture',
      'consent-purpose-not-found',
      'may-not-be-shown',
      'forbidden-content',
      'wrong-state',
    ],
    needs: changing,
    creates: true,
  },
  changePhoto: {
    summary: 'Say anew who is in a photo, or change its caption',
    description: `Its uploader, or a leader. Those in it before and after are at most ${DEPICTED_MAX} together.`,
    tag: 'Child log',
    method: 'PATCH',
    path: '/v1/organisations/{organisationId}/photos/{photoId}',
    access: rolesThatMay('photo:write'),
    params: ofPhoto,
    body: z
      .strictObject({ personIds: personIds.optional(), caption: Caption.nullable().optional() })
      .meta({ id: 'PhotoChange' }),
    success: { status: 200, body: PhotoView },
    problems: [
      'photo-not-found',
      'person-not-found',
      'may-not-be-shown',
      'forbidden-content',
      'too-many',
      'wrong-state',
    ],
    needs: changing,
    versioned: true,
  },
  removePhoto: {
    summary: 'Remove a photo',
    description: 'Its uploader, or a leader; also one that opens for nobody any more. The image goes within the hour.',
    tag: 'Child log',
    method: 'DELETE',
    path: '/v1/organisations/{organisationId}/photos/{photoId}',
    access: rolesThatMay('photo:write'),
    params: ofPhoto,
    success: { status: 204 },
    problems: ['photo-not-found'],
    needs: changing,
  },
  listPhotos: {
    summary: 'List the photos of a child over some days',
    description: `Both days included, at most ${DAYS_MAX} days and the newest ${PHOTOS_MAX} photos.`,
    tag: 'Child log',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/people/{personId}/photos',
    access: rolesThatMay('photo:read'),
    params: ofPerson,
    query: z.strictObject({ from: PlainDate, to: PlainDate }),
    success: { status: 200, body: PhotoList },
    problems: ['person-not-found'],
    needs: reading,
    reads: 'photos',
  },
  listGroupPhotos: {
    summary: 'List the photos of a group on a day',
    description: `Today unless a day is given; the newest ${PHOTOS_MAX}.`,
    tag: 'Child log',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/groups/{groupId}/photos',
    access: rolesThatMay('photo:read'),
    params: inOrganisation.extend({ groupId: GroupId }),
    query: z.strictObject({ day: PlainDate.optional() }),
    success: { status: 200, body: PhotoList },
    problems: ['group-not-found'],
    needs: reading,
    reads: 'photos',
  },
} as const satisfies Routes;
