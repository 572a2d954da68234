import type { EventSentences } from '../sentences.ts';

/** Customers, tickets, chats and corrections. */
export const ticketSentences = {
  'customers.seen': { nb: '{who} så på kunder.', en: '{who} looked at customers.' },
  'customer.created': { nb: '{who} registrerte en kunde.', en: '{who} registered a customer.' },
  'customer.changed': { nb: '{who} endret en kunde.', en: '{who} changed a customer.' },
  'customer.contact-added': {
    nb: '{who} registrerte {whom} som kontakt for en kunde.',
    en: '{who} registered {whom} as a contact of a customer.',
  },
  'customer.contact-removed': {
    nb: '{who} fjernet {whom} som kontakt for en kunde.',
    en: '{who} removed {whom} as a contact of a customer.',
  },
  'tickets.seen': { nb: '{who} så en liste over saker.', en: '{who} looked at a list of tickets.' },
  'ticket.seen': { nb: '{who} leste en sak fra {whom}.', en: '{who} read a ticket from {whom}.' },
  'ticket.file-opened': {
    nb: '{who} åpnet et vedlegg i en sak fra {whom}.',
    en: '{who} opened an attachment of a ticket from {whom}.',
  },
  'ticket.opened': { nb: '{who} åpnet en sak for {whom}.', en: '{who} opened a ticket for {whom}.' },
  'ticket.answered': { nb: '{who} skrev i en sak fra {whom}.', en: '{who} wrote in a ticket from {whom}.' },
  'ticket.noted': {
    nb: '{who} skrev en merknad i en sak fra {whom}.',
    en: '{who} wrote a note in a ticket from {whom}.',
  },
  'ticket.time-entered': {
    nb: '{who} førte tid på en sak fra {whom}.',
    en: '{who} entered time on a ticket from {whom}.',
  },
  'ticket.changed': { nb: '{who} endret en sak fra {whom}.', en: '{who} changed a ticket from {whom}.' },
  'ticket.emptied': {
    nb: '{who} slettet innhold i en sak som har stått sin tid.',
    en: '{who} erased content of a ticket whose time is over.',
  },
  'ticket.ended': { nb: '{who} slettet en sak.', en: '{who} erased a ticket.' },
  'ticket.row-dropped': {
    nb: '{who} fjernet en påminnelse om en sak som er borte.',
    en: '{who} removed a reminder of a ticket that is gone.',
  },
  'ticket-settings.changed': {
    nb: '{who} endret hvordan saker og chat kommer inn.',
    en: '{who} changed how tickets and chats come in.',
  },
  'chats.seen': { nb: '{who} så en liste over chatter.', en: '{who} looked at a list of chats.' },
  'chat.seen': { nb: '{who} leste en chat.', en: '{who} read a chat.' },
  'chat.begun': { nb: '{who} begynte en chat.', en: '{who} began a chat.' },
  'chat.written': { nb: '{who} skrev i en chat.', en: '{who} wrote in a chat.' },
  'chat.ended': { nb: '{who} avsluttet en chat.', en: '{who} ended a chat.' },
  'chat.ended-by-term': {
    nb: '{who} slettet en chat som har stått sin tid.',
    en: '{who} erased a chat whose time was over.',
  },
  'chat.erased': { nb: '{who} slettet en chat.', en: '{who} erased a chat.' },
  'correction.proposed': {
    nb: '{who} foreslo en rettelse av opplysninger om en kunde.',
    en: '{who} proposed a correction of what is held about a customer.',
  },
  'correction.decided': {
    nb: '{who} avgjorde en rettelse av opplysninger om en kunde.',
    en: '{who} decided a correction of what is held about a customer.',
  },
  'correction.ended': {
    nb: '{who} slettet en rettelse som har stått sin tid.',
    en: '{who} erased a correction whose time was over.',
  },
} as const satisfies EventSentences;
