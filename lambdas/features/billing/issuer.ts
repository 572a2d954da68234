import { OrganisationId } from '../../http/ids.ts';
import type { Owner } from '../../platform/entity.ts';

/** Who sends an invoice: the operator to the organisations, and each organisation to its own customers. */
export type Issuer = OrganisationId | 'operator';

/** The issuer's own records (prices, plans): in its own partition, sealed under a key of its own. */
export const issuerOwner = (issuer: Issuer): Owner => ({ controller: issuer, subject: issuer });

export const issuerIn = (text: unknown): Issuer => (text === 'operator' ? text : OrganisationId.parse(text));

/** The days of the operator are those of Oslo; an organisation has its own zone. */
export const OPERATORS_ZONE = 'Europe/Oslo';
