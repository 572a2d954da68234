import type { digestTemplates } from '../templates/digest.ts';
import { declining, english, type Letters, norwegian } from './phrases.ts';

/** What has been gathered: a line for each thing, with the words of its own letter. */
export const digestLetters: Letters<keyof typeof digestTemplates> = {
  digest: {
    nb(_, facts) {
      const say = norwegian(facts);
      return {
        subject: 'Dette venter på deg',
        heading: 'Dette venter på deg',
        paragraphs: ['Her er beskjedene som er samlet til deg. Logg inn i Vern for å lese mer.'],
        lines: facts.lines ?? [],
        footer: [
          say.why('du får noen beskjeder samlet'),
          'Du bestemmer selv hva du får samlet, når det kommer, og hva du ikke vil ha.',
        ],
        ...declining(facts, 'Slå av alt som du får samlet'),
      };
    },
    en(_, facts) {
      const say = english(facts);
      return {
        subject: 'This is waiting for you',
        heading: 'This is waiting for you',
        paragraphs: ['Here is what has been gathered for you. Sign in to Vern to read more.'],
        lines: facts.lines ?? [],
        footer: [
          say.why('you get some notices gathered'),
          'You decide what is gathered for you, when it comes, and what you do not want.',
        ],
        ...declining(facts, 'Turn off everything that is gathered for you'),
      };
    },
  },
};
