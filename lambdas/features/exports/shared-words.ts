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
const document = (nb: string, en = nb) => ({ nb, en }) as const;
/** A file that a record holds (`FileView`). */
export const fileFields = {
  id: { nb: 'Id', en: 'Id' },
  name: { nb: 'Navn', en: 'Name' },
  contentType: {
    ...contentType,
    codes: {
      ...contentType.codes,
      'application/pdf': document('PDF'),
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document': document('Word'),
      'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': document('Excel'),
      'application/vnd.openxmlformats-officedocument.presentationml.presentation': document('PowerPoint'),
      'application/vnd.oasis.opendocument.text': document('OpenDocument'),
      'text/plain': document('tekst', 'text'),
    },
  },
  bytes: { nb: 'Størrelse i byte', en: 'Size in bytes' },
} as const;
export const organisationId = { nb: 'Virksomhet (id)', en: 'Organisation (id)' } as const;
export const from = { nb: 'Fra og med', en: 'From' } as const;
export const until = { nb: 'Til og med', en: 'Until' } as const;
export const weekdays = {
  monday: { nb: 'mandag', en: 'Monday' },
  tuesday: { nb: 'tirsdag', en: 'Tuesday' },
  wednesday: { nb: 'onsdag', en: 'Wednesday' },
  thursday: { nb: 'torsdag', en: 'Thursday' },
  friday: { nb: 'fredag', en: 'Friday' },
  saturday: { nb: 'lørdag', en: 'Saturday' },
  sunday: { nb: 'søndag', en: 'Sunday' },
} as const;
/** Within the week: `WeeklyHours`. */
export const weeklyHours = {
  nb: 'Bare til disse tidene',
  en: 'Only within these hours',
  fields: {
    days: { nb: 'Dager', en: 'Days', codes: weekdays },
    from: { nb: 'Fra', en: 'From' },
    until: { nb: 'Til', en: 'Until' },
  },
} as const;
