import * as z from 'zod';
import { ConsentPurposeId, type OrganisationId, SubscriptionId } from '../../http/ids.ts';
import { entity, type Owner } from '../../platform/entity.ts';
import { CONSENT_RECORD_SCHEMA } from '../consents/consent.ts';
import { numberOf } from '../forms/form.ts';
import { organisationOwner } from '../organisations/organisation.ts';
import { topics } from './subscribers.ts';

const Instant = z.iso.datetime();

/** That somebody outside the organisation wants its newsletter; the address lies beside it, under the same key. */
export const Subscription = z.strictObject({
  id: SubscriptionId,
  topic: z.enum(topics),
  language: z.enum(['nb', 'en']),
  since: Instant,
});
export type Subscription = z.output<typeof Subscription>;

export const subscriptionEntity = entity({
  name: 'subscription',
  table: 'core',
  sortKey: 'SUBSCRIPTION',
  schema: Subscription,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to send the newsletter to those who asked for it',
  legalBasis: 'consent',
  article9: 'none',
  source: 'data-subject',
  retentionClass: 'request',
  exported: 'copy',
  onErasure: 'delete',
});
export const subscriptionRef = (owner: Owner) => ({ entity: subscriptionEntity, owner }) as const;
export const subscriptionIdOf = (owner: Owner) => SubscriptionId.parse(`sub_${numberOf(owner)}`);

/** How a subscription ended: by the link in a letter, or by staff whom the reader told. */
export const endings = ['link', 'staff'] as const;
export type Ending = (typeof endings)[number];

/**
 * Proof that somebody said yes (ISO/IEC TS 27560, Art. 7(1)): what was shown, when it was asked for and when the address
 * was confirmed, and its end. Ids, codes, versions and instants only; the address itself goes with the subscription.
 */
export const SubscriptionConsent = z.strictObject({
  schema: z.literal(CONSENT_RECORD_SCHEMA),
  subscriptionId: SubscriptionId,
  purposeId: ConsentPurposeId,
  purposeTextVersion: z.int().min(1),
  statementVersion: z.string().max(80),
  language: z.enum(['nb', 'en']),
  lawfulBasis: z.literal('GDPR Art. 6(1)(a)'),
  /** A form of the organisation's, and a link in a mail to the address that was typed there. */
  method: z.literal('form-and-mail'),
  askedAt: Instant,
  confirmedAt: Instant,
  endedAt: Instant.optional(),
  endedBy: z.enum(endings).optional(),
});
export type SubscriptionConsent = z.output<typeof SubscriptionConsent>;

export const subscriptionConsentEntity = entity({
  name: 'subscription-consent',
  table: 'rights',
  sortKey: 'SUBSCRIPTION-CONSENT',
  schema: SubscriptionConsent,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to prove what a person was shown, acknowledged or consented to',
  legalBasis: 'legal-obligation',
  article9: 'none',
  source: 'data-subject',
  retentionClass: 'consent',
  exported: 'copy',
  onErasure: { keepUntil: '3 years after it last mattered', law: 'GDPR Art. 7(1), Art. 5(2)' },
});
/** With the organisation, which has to be able to show it: the subject itself has nothing that outlives it. */
export const subscriptionConsentRef = (organisationId: OrganisationId, id: SubscriptionId) =>
  ({ entity: subscriptionConsentEntity, owner: organisationOwner(organisationId), key: id }) as const;

/** Spelled alike however it was typed: what tells whether somebody has subscribed already. */
export const subscriptionClaim = (topic: Subscription['topic'], email: string) =>
  `${topic}:${email.normalize('NFC').trim().toLowerCase()}`;
