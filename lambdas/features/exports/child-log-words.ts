import { healthEntryEntity, logEntryEntity } from '../child-log/entry.ts';
import { childLogSettingsEntity } from '../child-log/settings.ts';
import { type PhotoCopy, photoEntity } from '../photos/photo.ts';
import { type EntityWords, words, wordsOfView } from './field-words-type.ts';
import { fileFields } from './shared-words.ts';

const by = { nb: 'Skrevet av', en: 'Written by' } as const;
const id = { nb: 'Id', en: 'Id' } as const;
const day = { nb: 'Dag', en: 'Day' } as const;
const visibleTo = {
  nb: 'Vises til',
  en: 'Shown to',
  codes: {
    guardians: { nb: 'foresatte og ansatte', en: 'guardians and staff' },
    staff: { nb: 'bare ansatte', en: 'staff alone' },
  },
} as const;
const hand = (nb: string, en: string) =>
  ({ nb, en, fields: { by: { nb: 'Av', en: 'By' }, at: { nb: 'Når', en: 'When' } } }) as const;
const confirmed = hand('Bekreftet', 'Confirmed');
const removed = hand('Fjernet', 'Removed');
const at = { nb: 'Når', en: 'When' } as const;
const text = { nb: 'Tekst', en: 'Text', freeText: true } as const;

/** What only some kinds of entries have stands among the others. */
const plainContent = {
  nb: 'Hva',
  en: 'What',
  fields: {
    kind: {
      nb: 'Slags',
      en: 'Kind',
      codes: {
        sleep: { nb: 'søvn', en: 'sleep' },
        meal: { nb: 'måltid', en: 'meal' },
        nappy: { nb: 'bleieskift', en: 'nappy change' },
        note: { nb: 'notat', en: 'note' },
      },
    },
    at,
    until: { nb: 'Til', en: 'Until' },
    meal: {
      nb: 'Måltid',
      en: 'Meal',
      codes: {
        breakfast: { nb: 'frokost', en: 'breakfast' },
        lunch: { nb: 'lunsj', en: 'lunch' },
        dinner: { nb: 'middag', en: 'dinner' },
        snack: { nb: 'mellommåltid', en: 'snack' },
      },
    },
    eaten: {
      nb: 'Spiste',
      en: 'Ate',
      codes: {
        all: { nb: 'alt', en: 'all' },
        most: { nb: 'det meste', en: 'most' },
        some: { nb: 'litt', en: 'some' },
        nothing: { nb: 'ingenting', en: 'nothing' },
      },
    },
    nappy: {
      nb: 'Bleie',
      en: 'Nappy',
      codes: {
        wet: { nb: 'tiss', en: 'wet' },
        soiled: { nb: 'bæsj', en: 'soiled' },
        both: { nb: 'begge deler', en: 'both' },
        dry: { nb: 'tørr', en: 'dry' },
      },
    },
    text,
  },
} as const;
const healthContent = {
  nb: 'Hva',
  en: 'What',
  fields: {
    kind: {
      nb: 'Slags',
      en: 'Kind',
      codes: {
        medicine: { nb: 'medisin', en: 'medicine' },
        incident: { nb: 'hendelse', en: 'incident' },
        'health-note': { nb: 'notat om helse', en: 'note on health' },
      },
    },
    at,
    medicine: { nb: 'Medisin', en: 'Medicine' },
    dose: { nb: 'Mengde', en: 'Dose' },
    givenBy: { nb: 'Gitt av', en: 'Given by' },
    text,
  },
} as const;
const entry = { id, day, visibleTo, by, createdAt: { nb: 'Skrevet', en: 'Written' }, confirmed, removed } as const;
const corrections = { nb: 'Rettelser', en: 'Corrections' } as const;
const corrected = { at: { nb: 'Rettet', en: 'Corrected' }, by: { nb: 'Rettet av', en: 'Corrected by' } } as const;
const before = { nb: 'Før', en: 'Before' } as const;

/** A child's day, and the photos of it. */
export const childLogWords: readonly EntityWords[] = [
  words(
    logEntryEntity,
    { nb: 'Dagslogg', en: 'Child log' },
    {
      ...entry,
      content: plainContent,
      corrections: {
        ...corrections,
        fields: { ...corrected, before: { ...before, fields: { content: plainContent, visibleTo, confirmed } } },
      },
    },
  ),
  words(
    healthEntryEntity,
    { nb: 'Dagslogg: medisin, hendelser og helse', en: 'Child log: medicine, incidents and health' },
    {
      ...entry,
      content: healthContent,
      corrections: {
        ...corrections,
        fields: { ...corrected, before: { ...before, fields: { content: healthContent, visibleTo, confirmed } } },
      },
    },
  ),
  words(
    childLogSettingsEntity,
    { nb: 'Innstillinger for dagsloggen', en: 'Settings of the child log' },
    { dailySummaryAt: { nb: 'Når foresatte får dagen i tall', en: 'When guardians get the day in numbers' } },
  ),
  wordsOfView<typeof PhotoCopy>()(
    photoEntity,
    { nb: 'Bilder av dagen', en: 'Photos of the day' },
    {
      id,
      takenOn: { nb: 'Tatt', en: 'Taken' },
      groupId: { nb: 'Gruppe', en: 'Group' },
      caption: { nb: 'Tekst', en: 'Caption', freeText: true },
      depicted: { nb: 'Hvem som er med', en: 'Who is shown' },
      purposeId: { nb: 'Samtykke (formål)', en: 'Consent (purpose)' },
      by: { nb: 'Lagt inn av', en: 'Added by' },
      addedAt: { nb: 'Lagt inn', en: 'Added' },
      file: {
        nb: 'Fil',
        en: 'File',
        fields: fileFields,
      },
    },
  ),
];
