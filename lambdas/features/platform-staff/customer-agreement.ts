import * as z from 'zod';
import { oneLine } from '../../http/free-text.ts';
import type { OrganisationId } from '../../http/ids.ts';
import { entity } from '../../platform/entity.ts';
import type { Organisation } from '../organisations/organisation.ts';
import { OrganisationNumber } from '../organisations/organisation-number.ts';
import { Email, Phone, PlainDate } from '../people/person.ts';

/** The customer agreement, for access and invoicing (KP-01). Seen by the operator's own staff alone (KP-16). */
export const CustomerAgreement = z
  .strictObject({
    companyName: oneLine({ max: 160 }),
    organisationNumber: OrganisationNumber,
    postalAddress: z.strictObject({
      street: oneLine({ max: 120 }),
      postcode: z
        .string()
        .regex(/^\d{4}$/)
        .meta({ examples: ['0150'] }),
      city: oneLine({ max: 80 }),
    }),
    manager: z.strictObject({ name: oneLine({ max: 160 }), email: Email, phone: Phone }),
    startsOn: PlainDate,
    /** The last day; absent while it is open. */
    endsOn: PlainDate.optional(),
  })
  .meta({ id: 'CustomerAgreement' });
export type CustomerAgreement = z.output<typeof CustomerAgreement>;

export const customerAgreementEntity = entity({
  name: 'customer-agreement',
  table: 'core',
  sortKey: 'CUSTOMER-AGREEMENT',
  schema: CustomerAgreement,
  schemaVersion: 1,
  ourRole: 'controller',
  purpose: 'to give the customer access and to invoice it',
  legalBasis: 'contract',
  article9: 'none',
  source: 'controller',
  retentionClass: 'agreement',
  exported: 'copy',
  onErasure: 'delete',
});

/** The operator is its controller, so it lies in the operator's partition and dies with the operator's key for it (KP-10). */
export const customerAgreementRef = (organisationId: OrganisationId) =>
  ({ entity: customerAgreementEntity, owner: { controller: 'operator', subject: organisationId } }) as const;

/** The days on which the organisation may change anything, both included. */
export const periodOf = ({ startsOn, endsOn }: CustomerAgreement): NonNullable<Organisation['servicePeriod']> => ({
  from: startsOn,
  ...(endsOn !== undefined && { until: endsOn }),
});
