import type { slotTemplates } from '../templates/slots.ts';
import { english, type Letters, norwegian } from './phrases.ts';

const answersBookingNb = 'Den svarer på en bestilling og kan derfor ikke slås av.';
const answersBookingEn = 'It answers a booking, so it cannot be turned off.';

/** Times that guardians book with staff: when, and nothing of what it is about. */
export const slotLetters: Letters<keyof typeof slotTemplates> = {
  'slot-booked': {
    nb({ at }, facts) {
      const say = norwegian(facts);
      return {
        subject: 'Timen er bestilt',
        heading: 'Timen er bestilt',
        paragraphs: [
          `Du har en time ${say.when(at)}.`,
          'Du finner den i kalenderen i Vern. Der kan du også flytte eller avbestille den, så lenge fristen ikke er ute.',
        ],
        footer: [say.why('du er registrert som foresatt, og en time er bestilt eller flyttet'), answersBookingNb],
      };
    },
    en({ at }, facts) {
      const say = english(facts);
      return {
        subject: 'Your appointment is booked',
        heading: 'Your appointment is booked',
        paragraphs: [
          `You have an appointment on ${say.when(at)}.`,
          'You find it in your calendar in Vern. There you can also move or cancel it until the deadline.',
        ],
        footer: [say.why('you are registered as a guardian, and an appointment was booked or moved'), answersBookingEn],
      };
    },
  },
  'slot-cancelled': {
    nb({ at }, facts) {
      const say = norwegian(facts);
      return {
        subject: 'Timen er avlyst',
        heading: 'Timen er avlyst',
        paragraphs: [`Timen ${say.when(at)} er avlyst.`, 'I Vern ser du om det finnes andre ledige timer.'],
        footer: [say.why('du er registrert som foresatt, og en time var bestilt'), answersBookingNb],
      };
    },
    en({ at }, facts) {
      const say = english(facts);
      return {
        subject: 'Your appointment is cancelled',
        heading: 'Your appointment is cancelled',
        paragraphs: [
          `The appointment on ${say.when(at)} is cancelled.`,
          'In Vern you see whether other times are free.',
        ],
        footer: [say.why('you are registered as a guardian, and an appointment was booked'), answersBookingEn],
      };
    },
  },
  'slot-taken': {
    nb({ at }, facts) {
      const say = norwegian(facts);
      return {
        subject: 'En time er bestilt',
        heading: 'En time hos deg er bestilt',
        paragraphs: [`Noen har bestilt timen ${say.when(at)}.`, 'Logg på Vern for å se hvem.'],
        footer: [say.why('du tilbyr timer'), answersBookingNb],
      };
    },
    en({ at }, facts) {
      const say = english(facts);
      return {
        subject: 'An appointment is booked',
        heading: 'An appointment with you is booked',
        paragraphs: [`Somebody has booked the time on ${say.when(at)}.`, 'Sign in to Vern to see who.'],
        footer: [say.why('you offer appointments'), answersBookingEn],
      };
    },
  },
  'slot-moved': {
    nb({ from, at }, facts) {
      const say = norwegian(facts);
      return {
        subject: 'En time er flyttet',
        heading: 'En time hos deg er flyttet',
        paragraphs: [
          `Timen ${say.when(from)} er flyttet til ${say.when(at)}.`,
          'Logg på Vern for å se hvem det gjelder.',
        ],
        footer: [say.why('du tilbyr timer'), answersBookingNb],
      };
    },
    en({ from, at }, facts) {
      const say = english(facts);
      return {
        subject: 'An appointment is moved',
        heading: 'An appointment with you is moved',
        paragraphs: [`The time on ${say.when(from)} is moved to ${say.when(at)}.`, 'Sign in to Vern to see for whom.'],
        footer: [say.why('you offer appointments'), answersBookingEn],
      };
    },
  },
  'slot-freed': {
    nb({ at }, facts) {
      const say = norwegian(facts);
      return {
        subject: 'En time er avbestilt',
        heading: 'En time hos deg er avbestilt',
        paragraphs: [`Timen ${say.when(at)} er avbestilt, og er ledig for andre.`],
        footer: [say.why('du tilbyr timer'), answersBookingNb],
      };
    },
    en({ at }, facts) {
      const say = english(facts);
      return {
        subject: 'An appointment is cancelled',
        heading: 'An appointment with you is cancelled',
        paragraphs: [`The time on ${say.when(at)} is cancelled, and free for others.`],
        footer: [say.why('you offer appointments'), answersBookingEn],
      };
    },
  },
};
