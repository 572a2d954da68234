import * as z from 'zod';
import type { Profile } from '../../access/roles.ts';
import type { OrganisationId, PersonId } from '../../http/ids.ts';
import { entity } from '../../platform/entity.ts';
import { ownerOf, type PersonKind } from '../people/person.ts';

/** Formats that every browser shows and that carry no script: never SVG. */
export const pictureTypes = ['image/jpeg', 'image/png', 'image/webp'] as const;
export type PictureType = (typeof pictureTypes)[number];

/** Decoded. In base64 it fits a body of 256 KB and, sealed, DynamoDB's item of 400 KB. */
export const PICTURE_BYTES_MAX = 150 * 1024;
/** Pixels. */
export const PICTURE_SIDE_MAX = 4096;

const base64LengthOf = (bytes: number) => Math.ceil(bytes / 3) * 4;

const Image = z.strictObject({
  contentType: z.enum(pictureTypes),
  /** Base64 of the image, without metadata. */
  content: z.base64().max(base64LengthOf(PICTURE_BYTES_MAX)),
});
export type Image = z.output<typeof Image>;

/**
 * A person's picture. Once emptied, the record stays without an image, so that no later picture gets an `ETag` that an
 * earlier one had (RFC 9110, section 8.8.1).
 */
const Picture = z.strictObject({ image: Image.optional() });

/** FW-02, KP-04, KP-06. A photograph shows a face, but nobody is identified by it technically: not Art. 9 (recital 51). */
export const pictureEntity = entity({
  name: 'picture',
  table: 'core',
  sortKey: 'PICTURE',
  schema: Picture,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to recognise who is who',
  legalBasis: 'controllers-agreement',
  article9: 'none',
  source: 'controller',
  retentionClass: 'photo',
  exported: 'portable',
  onErasure: 'delete',
});

export const pictureRef = (organisationId: OrganisationId, personId: PersonId) =>
  ({ entity: pictureEntity, owner: ownerOf(organisationId, personId) }) as const;

/** Of whom a picture is held without consent: families' (FW-02); children's (KP-04) and staff's (KP-06), not guardians' (KP-05). */
const heldOf: Readonly<Record<Profile, readonly PersonKind[]>> = {
  family: ['child', 'guardian', 'staff', 'member'],
  kindergarten: ['child', 'staff'],
  workplace: [],
  safety: [],
  itservice: [],
};
export const isPictureHeld = (profile: Profile, kind: PersonKind): boolean => heldOf[profile].includes(kind);
