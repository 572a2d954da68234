import { describe, expect, it } from 'vitest';
import { classifyRemark } from '../../../lambdas/features/imports/remark.ts';

describe('a remark', () => {
  it.each([
    'Far har ikke samværsrett, skal ikke hente',
    'MOR SKAL IKKE HENTE',
    'Bestefar skal  ikke hente i barnehagen',
    'Besøksforbud mot stefar',
    'Kun mor henter',
    'kode 6',
    'Kontakt barnevernet ved spørsmål',
    'Far har ikke foreldreansvar',
  ])('%j may be a block', (remark) => {
    expect(classifyRemark(remark).mayBeBlock).toBe(true);
  });

  it.each([
    'Allergi: nøtter; "epipen" i hylla',
    'EpiPen i veska',
    'Får medisin kl. 12',
    'Glutenfri kost',
    'Astma',
    'Har diabetes',
    'Følges opp av PPT',
    'Hørselshemmet',
    // Decomposed, as a Mac writes it.
    'Nøtter og cøliaki'.normalize('NFD'),
  ])('%j may be health data', (remark) => {
    expect(classifyRemark(remark).mayBeHealthData).toBe(true);
  });

  it.each(['Liker trær', 'Har hund', 'Kommer med buss 20', 'Går på turn mandager', ''])('%j is neither', (remark) => {
    expect(classifyRemark(remark)).toEqual({ mayBeBlock: false, mayBeHealthData: false });
  });

  it('may be both', () => {
    expect(classifyRemark('Epipen i sekken. Far skal ikke hente.')).toEqual({
      mayBeBlock: true,
      mayBeHealthData: true,
    });
  });
});
