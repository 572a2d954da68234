import type { invoiceTemplates } from '../templates/invoices.ts';
import { english, type Letters, norwegian } from './phrases.ts';

const why = {
  nb: 'du er kontakt for det som skal betales',
  en: 'you are the contact for what has to be paid',
} as const;
const necessary = {
  nb: 'Den gjelder noe som er avtalt, og kan derfor ikke slås av.',
  en: 'It concerns something that was agreed, so it cannot be turned off.',
} as const;

/** To those who look after what an organisation or a customer pays. */
export const invoiceLetters: Letters<keyof typeof invoiceTemplates> = {
  'invoice-ready': {
    nb({ kind, token, expiresAt }, facts) {
      const say = norwegian(facts);
      const what = kind === 'invoice' ? 'En faktura' : 'En kreditnota';
      return {
        subject: `${what} er klar`,
        heading: `${what} er klar`,
        paragraphs: [
          'Beløpet står ikke i e-posten. Du ser det på en side som bare denne lenken åpner, og kan hente PDF der.',
        ],
        action: { label: kind === 'invoice' ? 'Se fakturaen' : 'Se kreditnotaen', url: facts.linkUrl(token) },
        afterwards: [say.until(expiresAt), 'Betal bare til kontonummeret på siden. Vi ber aldri om kortnummer.'],
        footer: [say.why(why.nb), necessary.nb],
      };
    },
    en({ kind, token, expiresAt }, facts) {
      const say = english(facts);
      const what = kind === 'invoice' ? 'An invoice' : 'A credit note';
      return {
        subject: `${what} is ready`,
        heading: `${what} is ready`,
        paragraphs: [
          'The amount is not in this e-mail. You see it on a page that only this link opens, and can fetch a PDF there.',
        ],
        action: { label: kind === 'invoice' ? 'See the invoice' : 'See the credit note', url: facts.linkUrl(token) },
        afterwards: [
          say.until(expiresAt),
          'Pay only to the account number on the page. We never ask for card numbers.',
        ],
        footer: [say.why(why.en), necessary.en],
      };
    },
  },
  'invoice-reminder': {
    nb({ token, expiresAt }, facts) {
      const say = norwegian(facts);
      return {
        subject: 'Påminnelse om en faktura',
        heading: 'En faktura er ikke betalt',
        paragraphs: [
          'Fristen er ute, og vi har ikke registrert betalingen. Siden viser beløpet, gebyret og den nye fristen på 14 dager. Blir den ikke betalt innen da, kan kravet gå til inkasso.',
        ],
        action: { label: 'Se fakturaen', url: facts.linkUrl(token) },
        afterwards: [say.until(expiresAt), 'Er den betalt? Da kan du se bort fra denne e-posten.'],
        footer: [say.why(why.nb), necessary.nb],
      };
    },
    en({ token, expiresAt }, facts) {
      const say = english(facts);
      return {
        subject: 'A reminder of an invoice',
        heading: 'An invoice has not been paid',
        paragraphs: [
          'The time to pay is over, and no payment has been registered. The page shows the amount, the fee and the new deadline in 14 days. If it is not paid by then, the claim may go to debt collection.',
        ],
        action: { label: 'See the invoice', url: facts.linkUrl(token) },
        afterwards: [say.until(expiresAt), 'Has it been paid? Then you need not do anything.'],
        footer: [say.why(why.en), necessary.en],
      };
    },
  },
};
