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
  'public-forms.changed': {
    nb: '{who} åpnet eller lukket skjemaer som alle kan fylle ut.',
    en: '{who} opened or closed forms that anybody may fill in.',
  },
  'form.submitted': {
    nb: '{who} tok imot et skjema som ikke er bekreftet ennå.',
    en: '{who} took in a form that is not confirmed yet.',
  },
  'form.row-dropped': {
    nb: '{who} fjernet en påminnelse om et skjema som er borte.',
    en: '{who} removed a reminder of a form that is gone.',
  },
  'subscription.begun': {
    nb: '{who} bekreftet et abonnement på nyhetsbrevet.',
    en: '{who} confirmed a subscription to the newsletter.',
  },
  'subscription.repeated': {
    nb: '{who} bekreftet en adresse som får nyhetsbrevet fra før.',
    en: '{who} confirmed an address that gets the newsletter already.',
  },
  'subscription.ended': {
    nb: '{who} avsluttet et abonnement på nyhetsbrevet.',
    en: '{who} ended a subscription to the newsletter.',
  },
  'enquiry.received': { nb: '{who} tok imot en henvendelse.', en: '{who} took in an enquiry.' },
  'enquiry.answered': { nb: '{who} svarte på en henvendelse.', en: '{who} answered an enquiry.' },
  'enquiry.closed': { nb: '{who} avsluttet en henvendelse.', en: '{who} closed an enquiry.' },
  'enquiry.ended': { nb: '{who} fikk en henvendelse slettet.', en: '{who} had an enquiry erased.' },
  'open-event.created': { nb: '{who} laget et åpent arrangement.', en: '{who} made an open event.' },
  'open-event.changed': { nb: '{who} endret et åpent arrangement.', en: '{who} changed an open event.' },
  'open-event.cancelled': { nb: '{who} avlyste et åpent arrangement.', en: '{who} cancelled an open event.' },
  'open-event.signed-up': {
    nb: '{who} tok imot en påmelding til et åpent arrangement.',
    en: '{who} took in a sign-up for an open event.',
  },
  'open-event.all-told': {
    nb: '{who} har sagt fra til alle som er påmeldt et åpent arrangement.',
    en: '{who} has told everybody who signed up for an open event.',
  },
  'sign-up.told': {
    nb: '{who} sa fra til en påmeldt om en endring.',
    en: '{who} told somebody who had signed up of a change.',
  },
  'sign-up.moved-up': {
    nb: '{who} ga en ledig plass til en som sto på venteliste.',
    en: '{who} gave a free place to somebody who was waiting.',
  },
  'sign-up.kept': {
    nb: '{who} beholdt en påmelding til et arrangement som er utsatt.',
    en: '{who} kept a sign-up for an event that was put off.',
  },
  'sign-up.ended': { nb: '{who} fikk en påmelding slettet.', en: '{who} had a sign-up erased.' },
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
