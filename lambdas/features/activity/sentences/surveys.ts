import type { EventSentences } from '../sentences.ts';

/** Surveys. Of an answer nobody knows whose it is. */
export const surveySentences = {
  'survey.drafted': { nb: '{who} skrev utkast til en undersøkelse.', en: '{who} drafted a survey.' },
  'survey.changed': { nb: '{who} endret utkastet til en undersøkelse.', en: '{who} changed the draft of a survey.' },
  'survey.opened': { nb: '{who} åpnet en undersøkelse.', en: '{who} opened a survey.' },
  'survey.closed': { nb: '{who} avsluttet en undersøkelse.', en: '{who} closed a survey.' },
  'survey.answered': { nb: '{who} svarte på en undersøkelse.', en: '{who} answered a survey.' },
  'survey.page-made': {
    nb: '{who} laget en lenke til resultatene av en undersøkelse.',
    en: '{who} made a link to the results of a survey.',
  },
} as const satisfies EventSentences;
