import * as z from 'zod';
import { oneLine } from '../../http/free-text.ts';
import { CorrectionId, CustomerId, type OrganisationId, type PersonId } from '../../http/ids.ts';
import { entity } from '../../platform/entity.ts';
import type { PointerKey } from '../../platform/records.ts';
import { ofTheOrganisation } from '../organisations/of-the-organisation.ts';
import { organisationOwner } from '../organisations/organisation.ts';
import { OrganisationNumber } from '../organisations/organisation-number.ts';
import { ownerOf } from '../people/person.ts';

const Instant = z.iso.datetime();
/** A week: an answer that may take longer is no promise. */
const RESPONSE_HOURS_MAX = 168;

/** What is known of a customer, and may be put right by somebody concerned or by the open register. */
export const companyFacts = {
  name: oneLine({ max: 160 }),
  organisationNumber: OrganisationNumber,
  address: oneLine({ max: 160 }),
  postcode: z
    .string()
    .regex(/^\d{4}$/)
    .meta({ examples: ['0150'] }),
  city: oneLine({ max: 80 }),
} as const;
export type CompanyFact = keyof typeof companyFacts;
export const companyFactNames = Object.keys(companyFacts) as [CompanyFact, ...CompanyFact[]];

/** Where a fact comes from (AT-16): the staff who typed it, a contact who put it right, or an open register. */
const factSources = ['staff', 'contact', 'brreg'] as const;
const FactSource = z.strictObject({ from: z.enum(factSources), at: Instant, correctionId: CorrectionId.optional() });

export const CustomerFields = z.strictObject({
  name: companyFacts.name,
  organisationNumber: companyFacts.organisationNumber.optional(),
  address: companyFacts.address.optional(),
  postcode: companyFacts.postcode.optional(),
  city: companyFacts.city.optional(),
  /** Agreed: within so many hours a ticket of normal priority is answered. Absent: the house's own. */
  responseHours: z.int().min(1).max(RESPONSE_HOURS_MAX).optional(),
});
export type CustomerFields = z.output<typeof CustomerFields>;

/** Whom an organisation serves by agreement: a company, or somebody in business for themself. */
export const Customer = CustomerFields.extend({
  id: CustomerId,
  sources: z.partialRecord(z.enum(companyFactNames), FactSource),
  since: Instant,
  /** No longer a customer: kept with what was done for them, offered for nothing new. */
  endedAt: Instant.optional(),
});
export type Customer = z.output<typeof Customer>;

export const customerEntity = entity({
  ...ofTheOrganisation,
  name: 'customer',
  sortKey: 'CUSTOMER',
  schema: Customer,
  purpose: 'to know whom the organisation serves by agreement',
});
export const customerRef = (organisationId: OrganisationId, id: CustomerId) =>
  ({ entity: customerEntity, owner: organisationOwner(organisationId), key: id }) as const;

/** That a person speaks for a customer: one at a time. Lies with the person. */
const CustomerContact = z.strictObject({ customerId: CustomerId, since: Instant });
export const customerContactEntity = entity({
  name: 'customer-contact',
  table: 'core',
  sortKey: 'CUSTOMER-CONTACT',
  schema: CustomerContact,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to know who speaks for which customer',
  legalBasis: 'controllers-agreement',
  article9: 'none',
  source: 'controller',
  retentionClass: 'membership',
  exported: 'copy',
  onErasure: 'delete',
});
export const customerContactRef = (organisationId: OrganisationId, personId: PersonId) =>
  ({ entity: customerContactEntity, owner: ownerOf(organisationId, personId) }) as const;

/** `<org>#CUSTOMER-CONTACTS` / `<cus>#<per>`: a customer's contacts. Attribute: `subject`, by which an erasure finds it. */
export const contactKey = (organisationId: OrganisationId, customerId: CustomerId, personId: PersonId | '') =>
  ({
    table: 'core',
    pk: `${organisationId}#CUSTOMER-CONTACTS`,
    sk: `${customerId}#${personId}`,
  }) as const satisfies PointerKey;

/** With new values, each with where it comes from; `null` takes a value away. Pure. */
export function withFacts(
  customer: Customer,
  values: Readonly<Partial<Record<CompanyFact, string | null | undefined>>>,
  source: z.output<typeof FactSource>,
): Customer {
  const sources = { ...customer.sources };
  const after: Record<string, unknown> = { ...customer };
  for (const fact of companyFactNames) {
    const value = values[fact];
    if (value === undefined || value === (customer[fact] ?? null)) continue;
    after[fact] = value ?? undefined;
    if (value === null) delete sources[fact];
    else sources[fact] = source;
  }
  const present = Object.entries({ ...after, sources }).filter(([, value]) => value !== undefined);
  return Customer.parse(Object.fromEntries(present));
}
