import {
  type DocumentCopy,
  documentReceiptEntity,
  personDocumentEntity,
  sharedDocumentEntity,
} from '../documents/document.ts';
import { type EntityWords, words, wordsOfView } from './field-words-type.ts';
import { fileFields } from './shared-words.ts';

const id = { nb: 'Id', en: 'Id' } as const;
const documentFields = {
  id,
  scope: {
    nb: 'Gjelder for',
    en: 'Concerns',
    fields: {
      kind: {
        nb: 'Omfang',
        en: 'Extent',
        codes: {
          organisation: { nb: 'hele virksomheten', en: 'the whole organisation' },
          department: { nb: 'en avdeling', en: 'a department' },
          group: { nb: 'en gruppe', en: 'a group' },
          person: { nb: 'en person', en: 'one person' },
        },
      },
      id: { nb: 'Hvilken (id)', en: 'Which one (id)' },
    },
  },
  kind: {
    nb: 'Slags',
    en: 'Kind',
    codes: {
      agreement: { nb: 'avtale', en: 'agreement' },
      plan: { nb: 'plan', en: 'plan' },
      report: { nb: 'rapport', en: 'report' },
      form: { nb: 'skjema', en: 'form' },
      other: { nb: 'annet', en: 'other' },
    },
  },
  title: { nb: 'Tittel', en: 'Title' },
  visibleTo: {
    nb: 'Vises til',
    en: 'Shown to',
    codes: {
      guardians: { nb: 'foresatte og ansatte', en: 'guardians and staff' },
      person: { nb: 'den det gjelder, og ansatte', en: 'whom it is about, and staff' },
      staff: { nb: 'bare ansatte', en: 'staff alone' },
    },
  },
  receipt: {
    nb: 'Kvittering',
    en: 'Receipt',
    codes: {
      none: { nb: 'ingen', en: 'none' },
      opening: { nb: 'at det er åpnet', en: 'that it was opened' },
      confirmation: { nb: 'at det er bekreftet lest', en: 'that reading it was confirmed' },
    },
  },
  state: {
    nb: 'Tilstand',
    en: 'State',
    codes: {
      draft: { nb: 'utkast', en: 'draft' },
      published: { nb: 'publisert', en: 'published' },
      withdrawn: { nb: 'trukket tilbake', en: 'withdrawn' },
    },
  },
  editions: {
    nb: 'Utgaver',
    en: 'Editions',
    fields: {
      number: { nb: 'Nummer', en: 'Number' },
      file: { nb: 'Fil', en: 'File', fields: fileFields },
      addedAt: { nb: 'Lagt til', en: 'Added' },
      publishedAt: { nb: 'Publisert', en: 'Published' },
    },
  },
} as const;
const read = (nb: string, en: string) =>
  ({ nb, en, fields: { edition: { nb: 'Utgave', en: 'Edition' }, at: { nb: 'Når', en: 'When' } } }) as const;

export const documentWords: readonly EntityWords[] = [
  wordsOfView<typeof DocumentCopy>()(personDocumentEntity, { nb: 'Dokumenter', en: 'Documents' }, documentFields),
  wordsOfView<typeof DocumentCopy>()(
    sharedDocumentEntity,
    { nb: 'Felles dokumenter', en: 'Shared documents' },
    documentFields,
  ),
  words(
    documentReceiptEntity,
    { nb: 'Lesekvitteringer', en: 'Read receipts' },
    {
      documentId: { nb: 'Dokument (id)', en: 'Document (id)' },
      opened: read('Åpnet', 'Opened'),
      confirmed: read('Bekreftet', 'Confirmed'),
    },
  ),
];
