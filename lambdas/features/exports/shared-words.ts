/** Fields that several entities have, said alike. */
export const language = {
  nb: 'Språk',
  en: 'Language',
  codes: { nb: { nb: 'norsk', en: 'Norwegian' }, en: { nb: 'engelsk', en: 'English' } },
} as const;
export const contentType = {
  nb: 'Filtype',
  en: 'Type of file',
  codes: {
    'image/jpeg': { nb: 'JPEG', en: 'JPEG' },
    'image/png': { nb: 'PNG', en: 'PNG' },
    'image/webp': { nb: 'WebP', en: 'WebP' },
  },
} as const;
export const organisationId = { nb: 'Virksomhet (id)', en: 'Organisation (id)' } as const;
export const from = { nb: 'Fra og med', en: 'From' } as const;
export const until = { nb: 'Til og med', en: 'Until' } as const;
