import type { EventSentences } from '../sentences.ts';

/** Prices, what was counted, and what came of invoices. */
export const invoiceSentences = {
  'price-list.published': { nb: '{who} ga ut en prisliste.', en: '{who} published a price list.' },
  'billing-plan.changed': {
    nb: '{who} endret hva en kunde betaler hver måned.',
    en: '{who} changed what a customer pays every month.',
  },
  'meter.counted': {
    nb: '{who} telte hva en virksomhet brukte en dag, uten navn.',
    en: '{who} counted what an organisation used on a day, without names.',
  },
  'meter.texts-forgotten': {
    nb: '{who} slettet sporene av SMS-er som var talt.',
    en: '{who} removed the traces of text messages that had been counted.',
  },
  'invoice-run.started': { nb: '{who} ba om fakturaene for en måned.', en: '{who} asked for the invoices of a month.' },
  'invoice-run.drafted': {
    nb: '{who} laget utkast til fakturaene for en måned.',
    en: '{who} made drafts of the invoices of a month.',
  },
  'invoice-run.approved': {
    nb: '{who} godkjente fakturaene for en måned.',
    en: '{who} approved the invoices of a month.',
  },
  'invoice-run.issued': { nb: '{who} sendte fakturaene for en måned.', en: '{who} sent the invoices of a month.' },
  'invoice.drafted': { nb: '{who} laget et utkast til en faktura.', en: '{who} made a draft of an invoice.' },
  'invoice.approved': { nb: '{who} godkjente en faktura.', en: '{who} approved an invoice.' },
  'invoice.put-aside': { nb: '{who} la bort et utkast til en faktura.', en: '{who} put a draft of an invoice aside.' },
  'invoice.issued': { nb: '{who} ga en faktura nummer og sendte den.', en: '{who} numbered and sent an invoice.' },
  'invoice.credited': { nb: '{who} krediterte en faktura.', en: '{who} credited an invoice.' },
  'invoice.credit-note-issued': {
    nb: '{who} ga en kreditnota nummer og sendte den.',
    en: '{who} numbered and sent a credit note.',
  },
  'invoice.number-kept': {
    nb: '{who} tok vare på et fakturanummer som var gitt før en gjenoppretting.',
    en: '{who} kept the number of an invoice that was given before a restore.',
  },
  'invoice.paid': { nb: '{who} registrerte en betaling.', en: '{who} recorded a payment.' },
  'invoice.reminded': { nb: '{who} minnet om en faktura.', en: '{who} sent a reminder of an invoice.' },
} as const satisfies EventSentences;
