import type { exportTemplates } from '../templates/exports.ts';
import { english, type Letters, norwegian } from './phrases.ts';

/** That something is ready or waits, and nothing of what is in it. */
export const exportLetters: Letters<keyof typeof exportTemplates> = {
  'export-ready': {
    nb(parameters, facts) {
      const say = norwegian(facts);
      return {
        subject: 'Kopien er klar',
        heading: 'Kopien du ba om er klar',
        paragraphs: [
          'Logg på Vern for å laste den ned. Du må logge på på nytt, så ingen andre kan hente den.',
          `Den ligger der til ${say.when(parameters.expiresAt)}. Etter det blir den slettet, og du kan be om en ny.`,
        ],
        afterwards: ['Har du ikke bedt om noen kopi? Bytt passord, og si fra til personvernombudet.'],
        footer: [
          say.why('noen har bedt om en kopi med kontoen din'),
          'Den er svaret på noe du har bedt om, og kan derfor ikke slås av.',
        ],
      };
    },
    en(parameters, facts) {
      const say = english(facts);
      return {
        subject: 'The copy is ready',
        heading: 'The copy that you asked for is ready',
        paragraphs: [
          'Sign in to Vern to download it. You have to sign in anew, so that nobody else can fetch it.',
          `It is there until ${say.when(parameters.expiresAt)}. After that it is deleted, and you can ask for a new one.`,
        ],
        afterwards: ['If you asked for no copy, change your password, and tell the data-protection officer.'],
        footer: [
          say.why('someone asked for a copy with your account'),
          'It answers something that you asked for, so it cannot be turned off.',
        ],
      };
    },
  },
};
