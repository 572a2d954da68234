import { timeOfDay } from '../instants.ts';
import type { attendanceTemplates } from '../templates/attendance.ts';
import { capitalised, declining, english, type Letters, norwegian } from './phrases.ts';

/** Who has come, and who has not. */ export const attendanceLetters: Letters<keyof typeof attendanceTemplates> = {
  'checked-in': {
    nb(parameters, facts) {
      const say = norwegian(facts);
      return {
        subject: 'Melding om oppmøte',
        heading: `${capitalised(say.child)} er krysset inn`,
        paragraphs: [
          `${capitalised(say.child)} ble krysset inn klokken ${timeOfDay(parameters.at, say.timeZone, 'nb')}.`,
        ],
        footer: [say.why('du er registrert som foresatt')],
        ...declining(facts, 'Jeg vil ikke ha slike meldinger'),
      };
    },
    en(parameters, facts) {
      const say = english(facts);
      return {
        subject: 'About today’s attendance',
        heading: `${capitalised(say.child)} is checked in`,
        paragraphs: [`${capitalised(say.child)} was checked in at ${timeOfDay(parameters.at, say.timeZone, 'en')}.`],
        footer: [say.why('you are registered as a guardian')],
        ...declining(facts, 'I do not want messages like this'),
      };
    },
  },
  'not-arrived': {
    nb(parameters, facts) {
      const say = norwegian(facts);
      return {
        subject: 'Viktig melding om oppmøte i dag',
        heading: `${capitalised(say.child)} er ikke krysset inn`,
        paragraphs: [
          `${capitalised(say.child)} var ventet klokken ${timeOfDay(parameters.expectedAt, say.timeZone, 'nb')}, men er ikke krysset inn ennå.`,
          'Er dere på vei, trenger du ikke gjøre noe. Blir det fravær i dag, melder du fra i Vern.',
          `Trodde du at ${say.child} var kommet fram? Ring med en gang dit ${say.child} skulle være.`,
        ],
        footer: [say.why('du er registrert som foresatt'), 'Den gjelder barnets sikkerhet og kan derfor ikke slås av.'],
      };
    },
    en(parameters, facts) {
      const say = english(facts);
      return {
        subject: 'Important: about today’s attendance',
        heading: `${capitalised(say.child)} is not checked in`,
        paragraphs: [
          `${capitalised(say.child)} was expected at ${timeOfDay(parameters.expectedAt, say.timeZone, 'en')} but is not checked in yet.`,
          'If you are on your way, there is nothing you need to do. If it is an absence, report it in Vern.',
          `Did you think that ${say.child} had arrived? Call the place where ${say.child} should be at once.`,
        ],
        footer: [
          say.why('you are registered as a guardian'),
          'It concerns the safety of the child, so it cannot be turned off.',
        ],
      };
    },
  },
};
