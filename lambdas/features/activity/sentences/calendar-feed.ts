import type { EventSentences } from '../sentences.ts';

/** The addresses at which calendar apps read. */
export const calendarFeedSentences = {
  'calendar.imported': {
    nb: '{who} la inn hendelser fra en kalenderfil.',
    en: '{who} took in events from a calendar file.',
  },
  'calendar-feed.created': { nb: '{who} laget en kalenderadresse.', en: '{who} made a calendar address.' },
  'calendar-feed.deleted': {
    nb: '{who} tok tilbake en kalenderadresse.',
    en: '{who} took a calendar address back.',
  },
  'calendar-feed.read': {
    nb: '{who} leste kalenderen til {whom} på en kalenderadresse.',
    en: '{who} read the calendar of {whom} at a calendar address.',
  },
} as const satisfies EventSentences;
