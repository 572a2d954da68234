import type { EventSentences } from '../sentences.ts';

/** What was sent, and to whom; what came in through forms that anybody may fill in. */
export const mailingSentences = {
  'notices.seen': {
    nb: '{who} så hvilke meldinger som er sendt til {whom}.',
    en: '{who} looked at which notices were sent to {whom}.',
  },
  'notice-preferences.changed': {
    nb: '{who} endret hvilke meldinger {whom} får, og når.',
    en: '{who} changed which notices {whom} gets, and when.',
  },
  'enquiries.seen': { nb: '{who} så henvendelser.', en: '{who} looked at enquiries.' },
  'sign-ups.seen': { nb: '{who} så en liste over påmeldte.', en: '{who} looked at a list of sign-ups.' },
  'subscribers.seen': {
    nb: '{who} så hvem som abonnerer på nyhetsbrevet.',
    en: '{who} looked at who subscribes to the newsletter.',
  },
  'notice.waiting': {
    nb: '{who} lar en melding til {whom} vente.',
    en: '{who} lets a notice to {whom} wait.',
  },
  'notice.digested': {
    nb: '{who} la en melding til {whom} i en samlet e-post.',
    en: '{who} gathered a notice to {whom} into one e-mail.',
  },
  'notice.technical-failure': {
    nb: '{who} fikk ikke sendt en melding til {whom} på grunn av en feil hos oss.',
    en: '{who} could not send a notice to {whom} because of a failure of ours.',
  },
  'notice.redriven': {
    nb: '{who} begynte å sende en melding til {whom} på nytt.',
    en: '{who} began to send a notice to {whom} anew.',
  },
} as const satisfies EventSentences;
