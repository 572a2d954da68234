import * as z from 'zod';

const WEIGHTS = [3, 2, 7, 6, 5, 4, 3, 2];

/** A Norwegian organisation number: nine digits from 8 or 9 on, the last a check digit modulo 11 (Brønnøysundregistrene). */
export function isOrganisationNumber(text: string): boolean {
  if (!/^[89]\d{8}$/.test(text)) return false;
  const sum = WEIGHTS.reduce((total, weight, i) => total + weight * Number(text[i]), 0);
  // A remainder of 1 would need the check digit 10: such numbers are never given out.
  return (11 - (sum % 11)) % 11 === Number(text[8]);
}

export const OrganisationNumber = z
  .string()
  .refine(isOrganisationNumber, 'not a Norwegian organisation number')
  .meta({ id: 'OrganisationNumber', description: 'Nine digits with a check digit.', examples: ['974760673'] });
