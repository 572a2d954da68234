import * as z from 'zod';
import { ofPerson } from '../../http/params.ts';
import { type Routes, rolesThatMay } from '../../http/route.ts';
import { changingRecords, readingRecords } from '../../platform/capabilities.ts';
import { PICTURE_BYTES_MAX, PICTURE_SIDE_MAX, pictureTypes } from './picture.ts';

const reading = [...readingRecords, 'activity:append'] as const;

/** One transparent pixel. */
const EXAMPLE = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAAC0lEQVR42mNgAAIAAAUAAen63NgAAAAASUVORK5CYII=';

const NewPicture = z
  .strictObject({
    contentType: z.enum(pictureTypes),
    content: z.base64().meta({ description: `The image in base64; at most ${PICTURE_BYTES_MAX} octets once decoded.` }),
  })
  .meta({ id: 'NewPicture', examples: [{ contentType: 'image/png', content: EXAMPLE }] });

const PictureFacts = z
  .strictObject({
    contentType: z.enum(pictureTypes),
    bytes: z.int().min(1).max(PICTURE_BYTES_MAX).meta({ description: 'Of the image as it is kept.' }),
    version: z.int().min(1).meta({ description: 'The version that `If-Match` takes.' }),
  })
  .meta({ id: 'PictureFacts' });
export type PictureFacts = z.output<typeof PictureFacts>;

export const pictureRoutes = {
  getPicture: {
    summary: 'See the picture of a person',
    description: 'The image itself. Where there is none, the problem names the `version` under which one can be put.',
    tag: 'People',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/people/{personId}/picture',
    access: rolesThatMay('person:read'),
    params: ofPerson,
    success: { status: 200, content: pictureTypes },
    problems: ['person-not-found', 'picture-not-found'],
    needs: reading,
    reads: 'person',
    versioned: true,
  },
  putPicture: {
    summary: 'Put or replace the picture of a person',
    description:
      `At most ${PICTURE_BYTES_MAX / 1024} KB and ${PICTURE_SIDE_MAX} pixels a side. Whatever tells of place, time or ` +
      'camera is taken out before it is kept, and with it how the camera was held: turn the picture upright first. ' +
      'Only of those about whom a picture is held without consent (FW-02, KP-04, KP-06).',
    tag: 'People',
    method: 'PUT',
    path: '/v1/organisations/{organisationId}/people/{personId}/picture',
    access: rolesThatMay('picture:manage'),
    params: ofPerson,
    body: NewPicture,
    success: { status: 200, body: PictureFacts },
    problems: ['person-not-found', 'picture-not-held', 'picture-too-large', 'not-a-picture', 'stale-version'],
    needs: changingRecords,
    versioned: true,
  },
  removePicture: {
    summary: 'Remove the picture of a person',
    description: 'At any time (FW-02).',
    tag: 'People',
    method: 'DELETE',
    path: '/v1/organisations/{organisationId}/people/{personId}/picture',
    access: rolesThatMay('picture:manage'),
    params: ofPerson,
    success: { status: 204 },
    problems: ['person-not-found', 'picture-not-found', 'stale-version'],
    needs: changingRecords,
    versioned: true,
  },
} as const satisfies Routes;
