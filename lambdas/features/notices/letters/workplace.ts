import type { workplaceTemplates } from '../templates/workplace.ts';
import { dayText } from './calendar.ts';
import { declining, english, type Letters, norwegian } from './phrases.ts';

/** What expires soon, and a stamp that may be missing. */
export const workplaceLetters: Letters<keyof typeof workplaceTemplates> = {
  'own-certificate-expires': {
    nb({ day }, facts) {
      const say = norwegian(facts);
      return {
        subject: 'Et kurs eller sertifikat går snart ut',
        heading: 'Et kurs eller sertifikat går snart ut',
        paragraphs: [
          `Noe du er registrert med, gjelder til og med ${dayText(day, 'nb')}.`,
          'Logg inn i Vern for å se hva det er. Når du har fornyet det, legger du inn den nye datoen.',
        ],
        footer: [say.why('du er registrert som ansatt')],
        ...declining(facts, 'Jeg vil ikke ha slike påminnelser'),
      };
    },
    en({ day }, facts) {
      const say = english(facts);
      return {
        subject: 'A course or certificate expires soon',
        heading: 'A course or certificate expires soon',
        paragraphs: [
          `Something that you are registered with holds until ${dayText(day, 'en')}.`,
          'Sign in to Vern to see what it is. Once you have renewed it, enter the new date.',
        ],
        footer: [say.why('you are registered as an employee')],
        ...declining(facts, 'I do not want reminders like this'),
      };
    },
  },
  'certificate-expires': {
    nb({ day }, facts) {
      const say = norwegian(facts);
      return {
        subject: 'Et kurs eller sertifikat hos en ansatt går snart ut',
        heading: 'Et kurs eller sertifikat hos en ansatt går snart ut',
        paragraphs: [`Det gjelder til og med ${dayText(day, 'nb')}.`, 'Logg inn i Vern for å se hvem og hva det er.'],
        footer: [say.why('du er registrert som leder')],
        ...declining(facts, 'Jeg vil ikke ha slike påminnelser'),
      };
    },
    en({ day }, facts) {
      const say = english(facts);
      return {
        subject: 'A course or certificate of an employee expires soon',
        heading: 'A course or certificate of an employee expires soon',
        paragraphs: [`It holds until ${dayText(day, 'en')}.`, 'Sign in to Vern to see whose and which it is.'],
        footer: [say.why('you are registered as a manager')],
        ...declining(facts, 'I do not want reminders like this'),
      };
    },
  },
  'still-clocked-in': {
    nb({ since }, facts) {
      const say = norwegian(facts);
      return {
        subject: 'Har du glemt å stemple ut?',
        heading: 'Har du glemt å stemple ut?',
        paragraphs: [
          `Du har vært stemplet inn siden ${say.when(since)}.`,
          'Er du ferdig, logger du inn i Vern og retter timene. Ingen retter dem for deg av seg selv.',
        ],
        footer: [say.why('du er registrert som ansatt')],
        ...declining(facts, 'Jeg vil ikke ha slike påminnelser'),
      };
    },
    en({ since }, facts) {
      const say = english(facts);
      return {
        subject: 'Did you forget to clock out?',
        heading: 'Did you forget to clock out?',
        paragraphs: [
          `You have been clocked in since ${say.when(since)}.`,
          'If you have finished, sign in to Vern and correct the hours. Nothing corrects them for you.',
        ],
        footer: [say.why('you are registered as an employee')],
        ...declining(facts, 'I do not want reminders like this'),
      };
    },
  },
};
