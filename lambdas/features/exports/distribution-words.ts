import { distributionJobEntity } from '../distribution/job.ts';
import { type EntityWords, words } from './field-words-type.ts';

const content = {
  subject: { nb: 'Emne', en: 'Subject' },
  text: { nb: 'Tekst', en: 'Text', freeText: true },
} as const;

/** What only some audiences have stands here too: the type asks for what all of them share. */
const audience = {
  kind: {
    nb: 'Slag',
    en: 'Kind',
    codes: {
      organisation: { nb: 'hele virksomheten', en: 'the whole organisation' },
      department: { nb: 'en avdeling', en: 'a department' },
      group: { nb: 'en gruppe', en: 'a group' },
      'newsletter-subscribers': { nb: 'de som abonnerer på nyhetsbrevet', en: 'those who subscribe to the newsletter' },
      'survey-subscribers': { nb: 'de som vil svare på undersøkelser', en: 'those who want to answer surveys' },
    },
  },
  id: { nb: 'Hvilken', en: 'Which one' },
  readers: {
    nb: 'Hvem der',
    en: 'Who there',
    codes: {
      guardians: { nb: 'foresatte', en: 'guardians' },
      members: { nb: 'medlemmer', en: 'members' },
      staff: { nb: 'ansatte', en: 'staff' },
    },
  },
} as const;

export const distributionWords: readonly EntityWords[] = [
  words(
    distributionJobEntity,
    { nb: 'Utsending til mange', en: 'Notice to many' },
    {
      id: { nb: 'Id', en: 'Id' },
      kind: {
        nb: 'Slag',
        en: 'Kind',
        codes: {
          news: { nb: 'nytt fra virksomheten', en: 'news of the organisation' },
          newsletter: { nb: 'nyhetsbrev', en: 'newsletter' },
          survey: { nb: 'undersøkelse', en: 'survey' },
        },
      },
      audience: { nb: 'Til hvem', en: 'For whom', fields: audience },
      content: {
        nb: 'Innhold',
        en: 'Content',
        fields: {
          nb: { nb: 'På bokmål', en: 'In Norwegian', fields: content },
          en: { nb: 'På engelsk', en: 'In English', fields: content },
        },
      },
      surveyId: { nb: 'Undersøkelsen', en: 'The survey' },
      state: {
        nb: 'Tilstand',
        en: 'State',
        codes: {
          draft: { nb: 'utkast', en: 'draft' },
          running: { nb: 'blir sendt', en: 'being sent' },
          paused: { nb: 'satt på pause', en: 'paused' },
          'paused-by-quota': { nb: 'venter til det kan sendes mer', en: 'waits until more can be sent' },
          done: { nb: 'ferdig', en: 'done' },
          cancelled: { nb: 'avbrutt', en: 'cancelled' },
        },
      },
      createdBy: { nb: 'Laget av', en: 'Made by' },
      createdAt: { nb: 'Laget', en: 'Made' },
      startedBy: { nb: 'Startet av', en: 'Started by' },
      startedAt: { nb: 'Startet', en: 'Started' },
      endedAt: { nb: 'Avsluttet', en: 'Ended' },
    },
  ),
];
