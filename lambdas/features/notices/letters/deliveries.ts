import type { deliveryTemplates } from '../templates/deliveries.ts';
import { english, type Letters, norwegian } from './phrases.ts';

/** To whoever runs the place, about mail that does not arrive. */
export const deliveryLetters: Letters<keyof typeof deliveryTemplates> = {
  'addresses-unreachable': {
    nb(_, facts) {
      const say = norwegian(facts);
      return {
        subject: 'E-post kommer ikke fram',
        heading: 'Noen får ikke e-post fra dere',
        paragraphs: [
          'Siste døgn har e-post kommet i retur. Vern sender ikke mer til de adressene.',
          'Logg inn i Vern for å se hvem det gjelder. Rett adressen, så går e-posten igjen.',
        ],
        footer: [
          say.why('du er administrator'),
          'Den kommer høyst én gang om dagen. Den kan ikke slås av, for noen må sørge for at beskjeder når fram.',
        ],
      };
    },
    en(_, facts) {
      const say = english(facts);
      return {
        subject: 'E-mail does not arrive',
        heading: 'Some people get no e-mail from you',
        paragraphs: [
          'During the last day, e-mail has come back. Vern sends no more to those addresses.',
          'Sign in to Vern to see whom it concerns. Correct the address, and e-mail is sent again.',
        ],
        footer: [
          say.why('you are an administrator'),
          'It comes at most once a day. It cannot be turned off, because somebody must see to it that word arrives.',
        ],
      };
    },
  },
};
