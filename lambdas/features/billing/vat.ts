import * as z from 'zod';

interface VatDeclaration {
  readonly percent: number;
  /** UNCL 5305, as EN 16931 uses it (BT-118, BT-151). */
  readonly category: 'S' | 'Z' | 'E' | 'AE' | 'O';
  /** Why nothing is charged (BT-120), where the category demands a reason (BR-E-10, BR-AE-10, BR-O-10). */
  readonly reason?: { readonly nb: string; readonly en: string };
}

/** Norwegian VAT (merverdiavgiftsloven chapters 5 and 6; the rates of Stortingets vedtak om merverdiavgift). */
export const vatCodes = {
  'vat-25': { percent: 25, category: 'S' },
  'vat-15': { percent: 15, category: 'S' },
  'vat-12': { percent: 12, category: 'S' },
  'vat-0': { percent: 0, category: 'Z' },
  exempt: {
    percent: 0,
    category: 'E',
    reason: { nb: 'Unntatt fra merverdiavgift (merverdiavgiftsloven kapittel 3 II)', en: 'Exempt from VAT' },
  },
  'reverse-charge': {
    percent: 0,
    category: 'AE',
    reason: { nb: 'Omvendt avgiftsplikt: kjøper beregner merverdiavgiften', en: 'Reverse charge' },
  },
  outside: {
    percent: 0,
    category: 'O',
    reason: { nb: 'Selger er ikke registrert i Merverdiavgiftsregisteret', en: 'The seller is not registered for VAT' },
  },
} as const satisfies Record<string, VatDeclaration>;
export type VatCode = keyof typeof vatCodes;
export const VatCode = z
  .enum(Object.keys(vatCodes) as [VatCode, ...VatCode[]])
  .meta({ id: 'VatCode', description: '`outside`: of a seller who is not registered for VAT, for everything sold.' });

export const vatOf = (code: VatCode): VatDeclaration => vatCodes[code];
