import * as z from 'zod';
import { ConsentId, ConsentPurposeId, OrganisationId, PersonId } from '../../http/ids.ts';
import { account, type Routes } from '../../http/route.ts';
import type { Capability } from '../../platform/capabilities.ts';
import { changingRecords, orderingErasure, readingRecords } from '../../platform/capabilities.ts';
import { standings } from './consent.ts';
import { ConsentPurpose, consentableFields, standardPurposeCodes } from './purpose.ts';
import { JSON_LD } from './receipt.ts';

const shape = ConsentPurpose.shape;

/** A question to a person, and the answer so far, in the language of `Accept-Language`. */
export const MyConsent = z
  .strictObject({
    organisationId: OrganisationId,
    organisationName: z.string(),
    /** Whom it is about: the caller, or a child of theirs. */
    personId: PersonId,
    firstName: z.string(),
    relation: z.enum(['self', 'child']),
    purposeId: ConsentPurposeId,
    code: z.enum(standardPurposeCodes).optional(),
    textVersion: shape.textVersion,
    language: z.enum(['nb', 'en']),
    title: z.string(),
    text: z.string(),
    data: z.string(),
    fields: z.array(z.enum(consentableFields)),
    /** The statement to read before answering; sent with the consent. */
    statementVersion: z.string(),
    standing: z.enum(['not-given', ...standings]),
    isInForce: z.boolean(),
    /** How many other guardians have to consent as well; never who. */
    missing: z.int().min(0),
    consentId: ConsentId.optional(),
    givenByMe: z.boolean(),
    since: z.iso.datetime().optional(),
    mayGive: z.boolean(),
    mayWithdraw: z.boolean(),
  })
  .meta({ id: 'MyConsent' });
export type MyConsent = z.output<typeof MyConsent>;

const reading = [...readingRecords, 'lookup:read', 'rights:read'] as const satisfies readonly Capability[];
const changing = [...changingRecords, 'lookup:read', ...orderingErasure] as const satisfies readonly Capability[];
const ofConsent = z.strictObject({ consentId: ConsentId });

/** The caller's own consents and those for their children: a restriction (Art. 18) does not stop them. */
export const myConsentRoutes = {
  listMyConsents: {
    summary: 'List what I am asked to consent to, for myself and my children, and what I answered',
    tag: 'Consents',
    method: 'GET',
    path: '/v1/me/consents',
    access: account,
    success: { status: 200, body: z.strictObject({ items: z.array(MyConsent) }) },
    problems: [],
    needs: reading,
    throughRestriction: true,
  },
  giveConsent: {
    summary: 'Consent to a purpose, for myself or a child of mine',
    description:
      'Only what was just read can be consented to: the versions of the text and of the statement are sent along. ' +
      'Guardians consent for a child below the age that the purpose names; from that age on the child does.',
    tag: 'Consents',
    method: 'POST',
    path: '/v1/me/consents',
    access: account,
    body: z
      .strictObject({
        organisationId: OrganisationId,
        personId: PersonId,
        purposeId: ConsentPurposeId,
        textVersion: shape.textVersion,
        statementVersion: z.string().max(80),
      })
      .meta({ id: 'NewConsent' }),
    success: { status: 201, body: MyConsent },
    problems: [
      'person-not-found',
      'consent-purpose-not-found',
      'consent-purpose-outdated',
      'statement-outdated',
      'consent-not-yours',
      'too-many',
    ],
    needs: changing,
    creates: true,
    throughRestriction: true,
  },
  withdrawConsent: {
    summary: 'Withdraw a consent',
    description:
      'At once and without a reason. What rests on it is closed in the same moment and then erased for ever. Under the ' +
      'profile `safety` the consent to the account carries everything: you are erased with it (SM-11). Again changes nothing.',
    tag: 'Consents',
    method: 'POST',
    path: '/v1/me/consents/{consentId}/withdraw',
    access: account,
    params: ofConsent,
    success: { status: 200, body: MyConsent },
    problems: ['consent-not-found', 'consent-not-yours'],
    needs: changing,
    throughRestriction: true,
  },
  getConsentReceipt: {
    summary: 'Fetch the receipt of a consent',
    description:
      'JSON-LD in the Data Privacy Vocabulary, with the fields of ISO/IEC TS 27560 (`dpv-27560:receipt-eu-gdpr`). ' +
      'What another guardian did stands there without saying who it was.',
    tag: 'Consents',
    method: 'GET',
    path: '/v1/me/consents/{consentId}/receipt',
    access: account,
    params: ofConsent,
    success: { status: 200, content: [JSON_LD] },
    problems: ['consent-not-found'],
    needs: reading,
    throughRestriction: true,
  },
} as const satisfies Routes;
