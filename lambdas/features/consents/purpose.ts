import * as z from 'zod';
import { freeText, inBothLanguages, oneLine } from '../../http/free-text.ts';
import { ConsentPurposeId, type OrganisationId } from '../../http/ids.ts';
import { entity } from '../../platform/entity.ts';
import type { Pointer } from '../../platform/records.ts';
import { organisationOwner } from '../organisations/organisation.ts';
import { personKinds } from '../people/person.ts';

/** Norwegian law lets a child consent to information-society services from this age (personopplysningsloven § 5). */
export const AGE_OF_CONSENT_DEFAULT = 13;
const AGE_OF_CONSENT_MAX = 18;
export const PURPOSES_MAX = 50;
const TEXT_CHARACTERS_MAX = 2000;

/** What a person may be asked for beyond what is held without consent (FW-02). */
export const consentableFields = ['email', 'phone', 'address', 'postcode', 'birthDate', 'position', 'picture'] as const;
export type ConsentableField = (typeof consentableFields)[number];

export const standardPurposeCodes = [
  'account',
  'pictures-inside',
  'pictures-web',
  'trips',
  'newsletter',
  'surveys',
  'profile-extras',
] as const;
export type StandardPurposeCode = (typeof standardPurposeCodes)[number];

/** What is asked, in both languages: one text per version, never changed after it was shown. */
export const PurposeText = z
  .strictObject({
    title: inBothLanguages(oneLine({ max: 120 })),
    text: inBothLanguages(freeText({ max: TEXT_CHARACTERS_MAX }).min(1)),
    /** Which data is concerned, in words. */
    data: inBothLanguages(oneLine({ max: 300 })),
    /** Fields of a person that are held on this consent alone. */
    fields: z.array(z.enum(consentableFields)).max(consentableFields.length),
  })
  .meta({ id: 'ConsentPurposeText' });
export type PurposeText = z.output<typeof PurposeText>;

export const PurposeRules = z
  .strictObject({
    /** Whether one guardian with parental responsibility is enough, or all of them are needed. */
    guardians: z.enum(['either', 'both']),
    /** From this age on the child consents for itself. */
    age: z.int().min(AGE_OF_CONSENT_DEFAULT).max(AGE_OF_CONSENT_MAX),
    /** Who is asked. */
    kinds: z.array(z.enum(personKinds)).min(1).max(personKinds.length),
  })
  .meta({ id: 'ConsentPurposeRules' });
export type PurposeRules = z.output<typeof PurposeRules>;

export const ConsentPurpose = z
  .strictObject({
    id: ConsentPurposeId,
    /** Of the standard catalogue; absent for the organisation's own. */
    code: z.enum(standardPurposeCodes).optional(),
    /** Of the text; 1 at first. */
    textVersion: z.int().min(1),
    /** A consent to an earlier text than this one has to be asked for anew. */
    holdsSinceTextVersion: z.int().min(1),
    state: z.enum(['open', 'retired']),
    since: z.iso.datetime(),
    ...PurposeText.shape,
    ...PurposeRules.shape,
  })
  .meta({ id: 'ConsentPurpose' });
export type ConsentPurpose = z.output<typeof ConsentPurpose>;

const ofTheOrganisation = {
  table: 'core',
  schema: ConsentPurpose,
  schemaVersion: 1,
  ourRole: 'processor',
  legalBasis: 'legal-obligation',
  article9: 'none',
  source: 'controller',
  retentionClass: 'agreement',
  exported: 'copy',
  onErasure: 'delete',
} as const;

export const purposeEntity = entity({
  ...ofTheOrganisation,
  name: 'consent-purpose',
  sortKey: 'CONSENT-PURPOSE',
  purpose: 'to say what people are asked to consent to',
});
/** Every text that was ever shown, so that what somebody consented to can be proven. */
export const purposeVersionEntity = entity({
  ...ofTheOrganisation,
  name: 'consent-purpose-version',
  sortKey: 'CONSENT-PURPOSE-VERSION',
  purpose: 'to prove what people were asked to consent to',
});

export const purposeRef = (organisationId: OrganisationId, id: ConsentPurposeId) =>
  ({ entity: purposeEntity, owner: organisationOwner(organisationId), key: id }) as const;
export const purposeVersionRef = (organisationId: OrganisationId, id: ConsentPurposeId, textVersion: number) =>
  ({
    entity: purposeVersionEntity,
    owner: organisationOwner(organisationId),
    key: `${id}#${String(textVersion).padStart(4, '0')}`,
  }) as const;

/**
 * The next version of a purpose, or undefined when nothing changes. Whether consents to the text before still hold is
 * for the publisher to say, but never for what is plain from the declaration: more fields, or a stricter rule, is asked anew.
 */
export function changedPurpose(
  before: ConsentPurpose,
  after: PurposeText & PurposeRules,
  publisherSaysPurposeChanged: boolean,
  now: Date,
): ConsentPurpose | undefined {
  if (JSON.stringify(declaredIn(before)) === JSON.stringify(declaredIn(after))) return undefined;
  const textVersion = before.textVersion + 1;
  const isAskedAnew = publisherSaysPurposeChanged || isWider(before, after);
  return {
    ...before,
    ...after,
    textVersion,
    since: now.toISOString(),
    ...(isAskedAnew && { holdsSinceTextVersion: textVersion }),
  };
}

const declaredIn = ({ title, text, data, fields, guardians, age, kinds }: PurposeText & PurposeRules) => [
  [title.nb, title.en, text.nb, text.en, data.nb, data.en],
  [fields, guardians, age, kinds],
];

const isWider = (before: PurposeText & PurposeRules, after: PurposeText & PurposeRules): boolean =>
  after.fields.some((field) => !before.fields.includes(field)) ||
  after.data.nb !== before.data.nb ||
  after.data.en !== before.data.en ||
  (before.guardians === 'either' && after.guardians === 'both');

/** `<org>#CONSENTS` / `<pur>#<per>`: who has given or ended a consent, for counts and lists; the events stay the truth. */
export const consentPointers = {
  of: (organisationId: OrganisationId, purposeId: ConsentPurposeId | '', personId: string) =>
    ({ table: 'core', pk: `${organisationId}#CONSENTS`, sk: `${purposeId}#${personId}` }) as const,
  /** When the clock last walked through an organisation's consents. Attributes: `day`, and `after` while it goes on. */
  walked: (organisationId: OrganisationId) =>
    ({ table: 'core', pk: `${organisationId}#CONSENTS-WALKED`, sk: 'LAST' }) as const,
};
export const isGivenRow = (row: Pointer): boolean => row.attributes?.['state'] === 'given';
