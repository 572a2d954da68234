import * as z from 'zod';
import { AccountId, type OrganisationId, PersonId } from '../../http/ids.ts';
import { entity } from '../../platform/entity.ts';

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** Who accepted which text of the data-processing agreement, and when (FW-01). */
export const AgreementAcceptance = z
  .strictObject({
    version: z.string().max(80),
    at: z.iso.datetime(),
    personId: PersonId,
    accountId: AccountId,
    /** SHA-256, in hex, of the sections in each language as JSON. */
    hashes: z.strictObject({ nb: Sha256, en: Sha256 }),
  })
  .meta({ id: 'AgreementAcceptance' });
export type AgreementAcceptance = z.output<typeof AgreementAcceptance>;

/** Sealed under the operator's key, not the organisation's: the proof has to outlive what the agreement was about. */
export const agreementAcceptanceEntity = entity({
  name: 'agreement-acceptance',
  table: 'rights',
  sortKey: 'AGREEMENT-ACCEPTANCE',
  schema: AgreementAcceptance,
  schemaVersion: 1,
  ourRole: 'controller',
  purpose: 'to prove who accepted which data-processing agreement, and when',
  legalBasis: 'legal-obligation',
  article9: 'none',
  source: 'data-subject',
  retentionClass: 'consent',
  exported: 'copy',
  onErasure: { keepUntil: '3 years after it last mattered', law: 'GDPR Art. 28(3), Art. 5(2)' },
});

export const agreementAcceptanceRef = (organisationId: OrganisationId, version: string) =>
  ({
    entity: agreementAcceptanceEntity,
    owner: { controller: 'operator', subject: organisationId },
    key: version,
  }) as const;
