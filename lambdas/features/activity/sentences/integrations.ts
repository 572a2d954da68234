import type { EventSentences } from '../sentences.ts';

/** Programs of the organisation: service clients, the feed of changes, webhooks. */
export const integrationSentences = {
  'service-client.created': {
    nb: '{who} ga et program tilgang til {whom}.',
    en: '{who} gave a program access to {whom}.',
  },
  'service-client.secret-renewed': {
    nb: '{who} laget en ny hemmelighet for et program hos {whom}.',
    en: '{who} made a new secret for a program of {whom}.',
  },
  'service-client.ended': {
    nb: '{who} avsluttet tilgangen til et program hos {whom}.',
    en: '{who} ended the access of a program of {whom}.',
  },
  'service-client.token-issued': {
    nb: '{who} logget inn et program hos {whom}.',
    en: '{who} signed in a program of {whom}.',
  },
  'changes.seen': {
    nb: '{who} hentet hva som er endret hos {whom}.',
    en: '{who} fetched what has changed at {whom}.',
  },
  'webhook.created': {
    nb: '{who} lot et system få beskjed om endringer hos {whom}.',
    en: '{who} let a system be told of changes at {whom}.',
  },
  'webhook.changed': {
    nb: '{who} endret hvordan et system får beskjed om endringer hos {whom}.',
    en: '{who} changed how a system is told of changes at {whom}.',
  },
  'webhook.secret-renewed': {
    nb: '{who} laget en ny hemmelighet for et system som får beskjed fra {whom}.',
    en: '{who} made a new secret for a system that is told by {whom}.',
  },
  'webhook.ended': {
    nb: '{who} sluttet å gi et system beskjed om endringer hos {whom}.',
    en: '{who} stopped telling a system of changes at {whom}.',
  },
  'webhook.disabled': {
    nb: '{who} sluttet å gi beskjed til et system hos {whom}, fordi det ikke svarte.',
    en: '{who} stopped telling a system of {whom}, because it did not answer.',
  },
  'webhook.messages-queued': {
    nb: '{who} gjorde klar beskjeder om endringer hos {whom}.',
    en: '{who} made ready word of changes at {whom}.',
  },
  'webhook.delivered': {
    nb: '{who} ga et system beskjed om en endring hos {whom}.',
    en: '{who} told a system of a change at {whom}.',
  },
  'webhook.not-delivered': {
    nb: '{who} fikk ikke gitt et system beskjed om en endring hos {whom}.',
    en: '{who} could not tell a system of a change at {whom}.',
  },
  'webhook.replayed': {
    nb: '{who} lot beskjeder om endringer hos {whom} bli sendt på nytt.',
    en: '{who} had word of changes at {whom} sent again.',
  },
  'webhook.message-dropped': {
    nb: '{who} la bort en beskjed om en endring hos {whom}, fordi ingen skal ha den lenger.',
    en: '{who} put aside word of a change at {whom}, because nobody is to have it any more.',
  },
} as const satisfies EventSentences;
