import type { documentTemplates } from '../templates/documents.ts';
import { english, type Letters, norwegian } from './phrases.ts';

const askedNb = {
  none: [],
  opening: ['Virksomheten ber deg åpne det.'],
  confirmation: ['Virksomheten ber deg lese det og bekrefte at du har gjort det.'],
} as const;
const askedEn = {
  none: [],
  opening: ['You are asked to open it.'],
  confirmation: ['You are asked to read it and to confirm that you have.'],
} as const;

/** That something waits to be read. */
export const documentLetters: Letters<keyof typeof documentTemplates> = {
  'document-about-child': {
    nb({ asked }, facts) {
      const say = norwegian(facts);
      return {
        subject: 'Et dokument venter på deg',
        heading: 'Et dokument venter på deg',
        paragraphs: [
          `Et nytt dokument som angår ${say.child}, ligger klart i Vern.`,
          ...askedNb[asked],
          'Logg inn i Vern for å lese det.',
        ],
        footer: [say.why('du er registrert som foresatt'), nbOnce],
      };
    },
    en({ asked }, facts) {
      const say = english(facts);
      return {
        subject: 'A document waits for you',
        heading: 'A document waits for you',
        paragraphs: [
          `A new document that concerns ${say.child} is ready in Vern.`,
          ...askedEn[asked],
          'Sign in to Vern to read it.',
        ],
        footer: [say.why('you are registered as a guardian'), enOnce],
      };
    },
  },
  'document-for-you': {
    nb({ asked }, facts) {
      const say = norwegian(facts);
      return {
        subject: 'Et dokument venter på deg',
        heading: 'Et dokument venter på deg',
        paragraphs: ['Et nytt dokument ligger klart i Vern.', ...askedNb[asked], 'Logg inn i Vern for å lese det.'],
        footer: [say.why('du er registrert der'), nbOnce],
      };
    },
    en({ asked }, facts) {
      const say = english(facts);
      return {
        subject: 'A document waits for you',
        heading: 'A document waits for you',
        paragraphs: ['A new document is ready in Vern.', ...askedEn[asked], 'Sign in to Vern to read it.'],
        footer: [say.why('you are registered there'), enOnce],
      };
    },
  },
};

/** Nobody else would tell that there is something to be read. */
const nbOnce = 'Den sendes én gang for hvert dokument og er ikke noe du abonnerer på.';
const enOnce = 'It is sent once for each document and is not something that you subscribe to.';
