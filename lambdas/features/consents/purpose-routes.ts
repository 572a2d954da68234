import * as z from 'zod';
import { page, pageQuery } from '../../http/cursor.ts';
import { ConsentId, ConsentPurposeId, PersonId } from '../../http/ids.ts';
import { inOrganisation, ofPerson } from '../../http/params.ts';
import { type Routes, rolesThatMay } from '../../http/route.ts';
import type { Capability } from '../../platform/capabilities.ts';
import { changingRecords, readingRecords } from '../../platform/capabilities.ts';
import { pictureTypes } from '../pictures/picture.ts';
import { standings } from './consent.ts';
import { ConsentedFields } from './consented-information.ts';
import { ConsentPurpose, PurposeRules, PurposeText, standardPurposeCodes } from './purpose.ts';

const Version = z.int().min(1).meta({ description: 'The version that `If-Match` takes.' });

const PurposeView = ConsentPurpose.extend({
  /** Consents that somebody gave and nobody ended; and those that were ended. */
  given: z.int().min(0),
  ended: z.int().min(0),
  version: Version,
}).meta({ id: 'ConsentPurposeWithCounts' });

const StandardPurpose = z
  .strictObject({ code: z.enum(standardPurposeCodes), ...PurposeText.shape, ...PurposeRules.shape })
  .meta({ id: 'StandardConsentPurpose' });

const standing = z.enum(['not-given', ...standings]);
/** Where a consent stands; who gave it and when is between them and the proof. */
const ConsentStanding = z
  .strictObject({
    personId: PersonId,
    purposeId: ConsentPurposeId,
    title: z.string(),
    standing,
    isInForce: z.boolean(),
    missing: z.int().min(0),
  })
  .meta({ id: 'ConsentStanding' });
export type ConsentStanding = z.output<typeof ConsentStanding>;

const Picture = z.strictObject({ contentType: z.enum(pictureTypes), content: z.base64() });

export const InformationView = z
  .strictObject({
    consentId: ConsentId,
    purposeId: ConsentPurposeId,
    ...ConsentedFields.shape,
    picture: Picture.optional(),
    version: Version,
  })
  .meta({ id: 'ConsentedInformation' });
export type InformationView = z.output<typeof InformationView>;

const reading = [...readingRecords, 'rights:read'] as const satisfies readonly Capability[];
const recorded = [...reading, 'activity:append'] as const satisfies readonly Capability[];
const changing = [...changingRecords, 'rights:read'] as const satisfies readonly Capability[];
const ofPurpose = inOrganisation.extend({ purposeId: ConsentPurposeId });
const ofPersonAndPurpose = ofPerson.extend({ purposeId: ConsentPurposeId });

/** The organisation's side: what people are asked, and where their answers stand. */
export const purposeRoutes = {
  listConsentPurposes: {
    summary: 'List the purposes that people are asked to consent to',
    description:
      'With how many consents were given and ended, and the standard purposes of the profile that can be declared.',
    tag: 'Consents',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/consent-purposes',
    access: rolesThatMay('consent-purpose:read'),
    params: inOrganisation,
    success: {
      status: 200,
      body: z.strictObject({ items: z.array(PurposeView), standard: z.array(StandardPurpose) }),
    },
    problems: [],
    needs: reading,
  },
  declareConsentPurpose: {
    summary: 'Declare a purpose, from the standard catalogue or in words of your own',
    description: 'Guardians: `either` takes one with parental responsibility, `both` all of them.',
    tag: 'Consents',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/consent-purposes',
    access: rolesThatMay('consent-purpose:manage'),
    params: inOrganisation,
    body: z
      .union([
        z.strictObject({ code: z.enum(standardPurposeCodes), ...PurposeRules.partial().shape }),
        z.strictObject({ ...PurposeText.shape, ...PurposeRules.shape }),
      ])
      .meta({ id: 'NewConsentPurpose' }),
    success: { status: 201, body: PurposeView },
    problems: ['consent-purpose-not-found', 'name-taken', 'too-many'],
    needs: changing,
    creates: true,
    versioned: true,
  },
  changeConsentPurpose: {
    summary: 'Change the text or the rules of a purpose',
    description:
      'A new version of the text. When the purpose itself changes (say so in `asksAnew`; more data or a stricter rule ' +
      'counts in any case) consents to the earlier text no longer cover it, and are asked for anew.',
    tag: 'Consents',
    method: 'PUT',
    path: '/v1/organisations/{organisationId}/consent-purposes/{purposeId}',
    access: rolesThatMay('consent-purpose:manage'),
    params: ofPurpose,
    body: z
      .strictObject({ ...PurposeText.shape, ...PurposeRules.shape, asksAnew: z.boolean() })
      .meta({ id: 'ConsentPurposeChange' }),
    success: { status: 200, body: PurposeView },
    problems: ['consent-purpose-not-found', 'wrong-state', 'stale-version', 'forbidden-content'],
    needs: changing,
    versioned: true,
  },
  retireConsentPurpose: {
    summary: 'Retire a purpose',
    description: 'Nobody is asked any more; consents given to it end, and what rests on them is erased.',
    tag: 'Consents',
    method: 'DELETE',
    path: '/v1/organisations/{organisationId}/consent-purposes/{purposeId}',
    access: rolesThatMay('consent-purpose:manage'),
    params: ofPurpose,
    success: { status: 204 },
    problems: ['consent-purpose-not-found', 'stale-version'],
    needs: changing,
    versioned: true,
  },
  listConsentsToPurpose: {
    summary: 'List where people’s consents to a purpose stand',
    tag: 'Consents',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/consent-purposes/{purposeId}/consents',
    access: rolesThatMay('consent:list'),
    params: ofPurpose,
    query: z.strictObject(pageQuery),
    success: { status: 200, body: page(ConsentStanding) },
    problems: ['consent-purpose-not-found'],
    needs: recorded,
    reads: 'consents',
  },
  listPersonConsents: {
    summary: 'List what a person is asked to consent to, and where the answers stand',
    description: 'For whoever has to know whether a picture may be taken. Not who gave it, and no proof.',
    tag: 'Consents',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/people/{personId}/consents',
    access: rolesThatMay('consent:read'),
    params: ofPerson,
    success: { status: 200, body: z.strictObject({ items: z.array(ConsentStanding) }) },
    problems: ['person-not-found'],
    needs: recorded,
    reads: 'consents',
  },
  listConsentedInformation: {
    summary: 'Read what is held about a person on consent alone',
    description: 'As much as the role sees of the person; a protected address stays with the management.',
    tag: 'Consents',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/people/{personId}/consented-information',
    access: rolesThatMay('person:read'),
    params: ofPerson,
    success: { status: 200, body: z.strictObject({ items: z.array(InformationView) }) },
    problems: ['person-not-found'],
    needs: recorded,
    reads: 'person',
  },
  putConsentedInformation: {
    summary: 'Hold about a person what a consent in force covers',
    description:
      'Replaces what was held on this purpose. Nothing beyond FW-02 is taken without the consent, and all of it goes ' +
      'when the consent is withdrawn. The first time `If-Match` is `"1"`.',
    tag: 'Consents',
    method: 'PUT',
    path: '/v1/organisations/{organisationId}/people/{personId}/consented-information/{purposeId}',
    access: rolesThatMay('person:manage'),
    params: ofPersonAndPurpose,
    body: ConsentedFields.extend({ picture: Picture.optional() }).meta({ id: 'NewConsentedInformation' }),
    success: { status: 200, body: InformationView },
    problems: [
      'person-not-found',
      'consent-purpose-not-found',
      'consent-not-in-force',
      'forbidden-content',
      'picture-too-large',
      'not-a-picture',
      'stale-version',
    ],
    needs: changing,
    versioned: true,
  },
} as const satisfies Routes;
