import type { EventSentences } from '../sentences.ts';

/** What became of what was sent. */
export const deliverySentences = {
  'notice.confirmed': {
    nb: '{who} fikk vite at en melding til {whom} er på vei.',
    en: '{who} heard that a notice to {whom} is on its way.',
  },
  'notice.delivered': {
    nb: '{who} fikk vite at en melding til {whom} er levert.',
    en: '{who} heard that a notice to {whom} was delivered.',
  },
  'notice.delayed': {
    nb: '{who} fikk vite at en melding til {whom} ikke kom fram ennå.',
    en: '{who} heard that a notice to {whom} has not arrived yet.',
  },
  'notice.undelivered': {
    nb: '{who} fikk vite at en melding til {whom} ikke kunne leveres.',
    en: '{who} heard that a notice to {whom} could not be delivered.',
  },
  'notices.stopped': {
    nb: '{who} sluttet å sende e-post til adressen til {whom}.',
    en: '{who} stopped sending e-mail to the address of {whom}.',
  },
  'notices.resumed': {
    nb: '{who} sa at adressen til {whom} virker igjen.',
    en: '{who} said that the address of {whom} works again.',
  },
  'notices.administrators-told': {
    nb: '{who} ga administratorene beskjed om adresser som ikke nås.',
    en: '{who} told the administrators of addresses that cannot be reached.',
  },
} as const satisfies EventSentences;
