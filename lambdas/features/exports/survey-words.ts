import { surveyEntity } from '../surveys/survey.ts';
import { type EntityWords, words } from './field-words-type.ts';

const inBoth = { nb: { nb: 'På bokmål', en: 'In Norwegian' }, en: { nb: 'På engelsk', en: 'In English' } } as const;

const question = {
  kind: {
    nb: 'Slag',
    en: 'Kind',
    codes: {
      choice: { nb: 'valg', en: 'choice' },
      scale: { nb: 'skala', en: 'scale' },
      text: { nb: 'fritekst', en: 'free text' },
    },
  },
  asked: { nb: 'Spørsmål', en: 'Question', fields: inBoth },
  options: { nb: 'Svar å velge mellom', en: 'Answers to choose from', fields: inBoth },
  steps: { nb: 'Trinn', en: 'Steps' },
  lowest: { nb: 'Det laveste trinnet', en: 'The lowest step', fields: inBoth },
  highest: { nb: 'Det høyeste trinnet', en: 'The highest step', fields: inBoth },
} as const;

export const surveyWords: readonly EntityWords[] = [
  words(
    surveyEntity,
    { nb: 'Undersøkelse', en: 'Survey' },
    {
      id: { nb: 'Id', en: 'Id' },
      title: { nb: 'Tittel', en: 'Title', fields: inBoth },
      questions: { nb: 'Spørsmål', en: 'Questions', fields: question },
      closesOn: { nb: 'Siste dag å svare', en: 'Last day to answer' },
      timeZone: { nb: 'Tidssone', en: 'Time zone' },
      state: {
        nb: 'Tilstand',
        en: 'State',
        codes: {
          draft: { nb: 'utkast', en: 'draft' },
          open: { nb: 'åpen', en: 'open' },
          closed: { nb: 'avsluttet', en: 'closed' },
        },
      },
      createdAt: { nb: 'Laget', en: 'Made' },
    },
  ),
];
