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
    nb: '{who} lot en utsending vente til det kan sendes mer.',
    en: '{who} let a notice to many wait until more can be sent.',
  },
  'distribution.resumed': { nb: '{who} lot en utsending gå videre.', en: '{who} let a notice to many go on again.' },
  'distribution.planned': {
    nb: '{who} slo opp mottakere av en utsending.',
    en: '{who} looked up recipients of a notice to many.',
  },
  'distribution.sending': {
    nb: '{who} begynte å sende en del av en utsending.',
    en: '{who} began to send a part of a notice to many.',
  },
  'distribution.sent': { nb: '{who} sendte en del av en utsending.', en: '{who} sent a part of a notice to many.' },
  'distribution.reported': {
    nb: '{who} fikk vite hvordan det gikk med e-poster i en utsending.',
    en: '{who} learnt what became of e-mails of a notice to many.',
  },
  'distribution.counted': {
    nb: '{who} talte opp en utsending.',
    en: '{who} counted a notice to many.',
  },
  'distribution.done': { nb: '{who} ble ferdig med en utsending.', en: '{who} finished a notice to many.' },
  'distribution.closed': {
    nb: '{who} venter ikke mer på svar om en utsending.',
    en: '{who} waits no longer for word of a notice to many.',
  },
  'distribution.page-linked': {
    nb: '{who} laget en lenke til siden om en utsending.',
    en: '{who} made a link to the page of a notice to many.',
  },
} as const satisfies EventSentences;
