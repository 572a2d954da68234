import * as z from 'zod';
import { type ConsentId, ConsentPurposeId, type OrganisationId, PersonId } from '../../http/ids.ts';
import { entity } from '../../platform/entity.ts';
import { fieldsNotHeld, PersonFields, type PersonKind } from '../people/person.ts';
import { PICTURE_BYTES_MAX, pictureTypes } from '../pictures/picture.ts';
import { consentOwner } from './consent.ts';
import type { Consented } from './kinds.ts';

const { email, phone, address, postcode, birthDate, position } = PersonFields.shape;

/** What may be held beyond FW-02, while a consent lasts. */
export const ConsentedFields = z
  .strictObject({ email, phone, address, postcode, birthDate, position })
  .meta({ id: 'ConsentedFields' });
export type ConsentedFields = z.output<typeof ConsentedFields>;

const ConsentedInformation = z.strictObject({
  principalId: PersonId,
  purposeId: ConsentPurposeId,
  ...ConsentedFields.shape,
});
export type ConsentedInformation = z.output<typeof ConsentedInformation>;

const base64LengthMax = Math.ceil(PICTURE_BYTES_MAX / 3) * 4;
const ConsentedPicture = z.strictObject({
  principalId: PersonId,
  purposeId: ConsentPurposeId,
  contentType: z.enum(pictureTypes),
  content: z.base64().max(base64LengthMax),
});
export type ConsentedPicture = z.output<typeof ConsentedPicture>;

/** Under the consent's own key: withdrawn, it is closed in the same transaction and destroyed within seconds (FW-02). */
const restingOnConsent = {
  table: 'core',
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to keep what a person has agreed to share beyond what the service needs',
  legalBasis: 'consent',
  article9: 'none',
  source: 'data-subject',
  exported: 'portable',
  onErasure: 'delete',
} as const;

export const consentedInformationEntity = entity({
  ...restingOnConsent,
  name: 'consented-information',
  sortKey: 'CONSENTED',
  schema: ConsentedInformation,
  retentionClass: 'consented',
});
export const consentedPictureEntity = entity({
  ...restingOnConsent,
  name: 'consented-picture',
  sortKey: 'CONSENTED-PICTURE',
  schema: ConsentedPicture,
  retentionClass: 'photo',
});

export const consentedInformationRef = (organisationId: OrganisationId, consentId: ConsentId) =>
  ({ entity: consentedInformationEntity, owner: consentOwner(organisationId, consentId) }) as const;
export const consentedPictureRef = (organisationId: OrganisationId, consentId: ConsentId) =>
  ({ entity: consentedPictureEntity, owner: consentOwner(organisationId, consentId) }) as const;

/** The fields that this consent does not carry: not named by its purpose, or held about such a person without consent anyway. */
export const fieldsNotCarried = (kind: PersonKind, { fields }: Consented, given: object): string[] => {
  const needConsent = fieldsNotHeld(kind, given as Record<string, unknown>);
  return Object.entries(given)
    .filter(([name, value]) => value !== undefined && !isCarried(name))
    .map(([name]) => name);

  function isCarried(name: string): boolean {
    const isNamed = (fields as readonly string[]).includes(name);
    return isNamed && (name === 'picture' || needConsent.includes(name));
  }
};
