import * as z from 'zod';
import { oneLine } from '../../http/free-text.ts';
import { OrganisationNumber } from '../organisations/organisation-number.ts';

const WEIGHTS = [5, 4, 3, 2, 7, 6, 5, 4, 3, 2];

/** A Norwegian bank account number: eleven digits, the last a check digit modulo 11 (Bits, "Kontonummer"). */
export function isAccountNumber(text: string): boolean {
  if (!/^\d{11}$/.test(text)) return false;
  const sum = WEIGHTS.reduce((total, weight, i) => total + weight * Number(text[i]), 0);
  return (11 - (sum % 11)) % 11 === Number(text[10]);
}

/** The issuer's own account, for those who pay: a company's, never a person's card. */
export const AccountNumber = z
  .string()
  .refine(isAccountNumber, 'not a Norwegian account number')
  .meta({ id: 'AccountNumber', description: 'Eleven digits with a check digit.', examples: ['86011117947'] });

export const PostalAddress = z.strictObject({
  street: oneLine({ max: 120 }),
  postcode: z
    .string()
    .regex(/^\d{4}$/)
    .meta({ examples: ['0150'] }),
  city: oneLine({ max: 80 }),
});

/** Who sells, as an invoice must say it (bokføringsforskriften section 5-1-1). */
export const Seller = z.strictObject({
  name: oneLine({ max: 160 }),
  organisationNumber: OrganisationNumber,
  isVatRegistered: z.boolean(),
  isInRegisterOfEnterprises: z
    .boolean()
    .meta({ description: 'Foretaksregisteret: then an invoice has to say so (foretaksregisterloven section 10-2).' }),
  address: PostalAddress,
  email: z.email().max(254),
  account: AccountNumber,
});
export type Seller = z.output<typeof Seller>;
