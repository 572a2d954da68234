import type { activityTemplates } from '../templates/activity.ts';
import { english, type Letters, norwegian } from './phrases.ts';

export const activityLetters: Letters<keyof typeof activityTemplates> = {
  'activity-export-ready': {
    nb({ expiresAt }, facts) {
      const say = norwegian(facts);
      return {
        subject: 'Kopien av aktivitetsloggen er klar',
        heading: 'Kopien er klar',
        paragraphs: [
          'Kopien du bestilte av aktivitetsloggen, er klar. Logg på Vern for å hente den.',
          `Den kan hentes til ${say.when(expiresAt)}. Da slettes den.`,
          'Var det ikke du som bestilte den? Si fra til administratoren med en gang.',
        ],
        footer: [say.why('du bestilte en kopi'), 'Den sendes én gang og er ikke noe du abonnerer på.'],
      };
    },
    en({ expiresAt }, facts) {
      const say = english(facts);
      return {
        subject: 'The copy of the activity log is ready',
        heading: 'The copy is ready',
        paragraphs: [
          'The copy that you ordered of the activity log is ready. Sign in to Vern to fetch it.',
          `It can be fetched until ${say.when(expiresAt)}. Then it is deleted.`,
          'Was it not you who ordered it? Tell the administrator at once.',
        ],
        footer: [say.why('you ordered a copy'), 'It is sent once and is not something that you subscribe to.'],
      };
    },
  },
};
