import type { EventSentences } from '../sentences.ts';

/** Notices to many. To whom they went stands with those people alone. */
export const distributionSentences = {
  'distribution.drafted': { nb: '{who} skrev utkast til en utsending.', en: '{who} drafted a notice to many.' },
  'distribution.changed': {
    nb: '{who} endret utkastet til en utsending.',
    en: '{who} changed the draft of a notice to many.',
  },
  'distribution.tested': {
    nb: '{who} sendte en utsending til seg selv som prøve.',
    en: '{who} sent a notice to many to themselves as a test.',
  },
  'distribution.started': {
    nb: '{who} startet en utsending, eller lot den gå videre.',
    en: '{who} started a notice to many, or let it go on.',
  },
  'distribution.paused': { nb: '{who} satte en utsending på pause.', en: '{who} paused a notice to many.' },
  'distribution.cancelled': { nb: '{who} avbrøt en utsending.', en: '{who} cancelled a notice to many.' },
  'distribution.paused-by-quota': {
    nb: 'En utsending venter til det kan sendes mer.',
    en: 'A notice to many waits until more can be sent.',
  },
  'distribution.resumed': { nb: 'En utsending går videre.', en: 'A notice to many goes on.' },
  'distribution.planned': {
    nb: 'Mottakere av en utsending ble funnet.',
    en: 'Recipients of a notice to many were looked up.',
  },
  'distribution.sending': {
    nb: 'En del av en utsending blir sendt.',
    en: 'A part of a notice to many is being sent.',
  },
  'distribution.sent': { nb: 'En del av en utsending er sendt.', en: 'A part of a notice to many has been sent.' },
  'distribution.reported': {
    nb: 'Det kom melding om hvordan det gikk med e-poster i en utsending.',
    en: 'Word came of what became of e-mails of a notice to many.',
  },
  'distribution.counted': {
    nb: 'En utsending ble talt opp.',
    en: 'A notice to many was counted.',
  },
  'distribution.done': { nb: 'En utsending er ferdig.', en: 'A notice to many is done.' },
  'distribution.closed': {
    nb: 'Det ventes ikke mer om en utsending.',
    en: 'Nothing more is expected of a notice to many.',
  },
  'distribution.page-linked': {
    nb: '{who} laget en lenke til siden om en utsending.',
    en: '{who} made a link to the page of a notice to many.',
  },
} as const satisfies EventSentences;
