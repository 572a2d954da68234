import type { Language } from '../../../http/call.ts';
import type { reservationTemplates } from '../templates/reservations.ts';
import { declining, english, type Letters, norwegian } from './phrases.ts';

/** Reminders before a deadline, to whoever has the child on the days in question. */
export const reservationLetters: Letters<keyof typeof reservationTemplates> = {
  'times-due': {
    nb(parameters, facts) {
      const say = norwegian(facts);
      return {
        subject: 'Husk å melde tider',
        heading: `Når kommer ${say.child}?`,
        paragraphs: [
          `Det mangler tider for ${say.child} ${daysText(parameters, 'nb')}.`,
          `Fristen er ${say.when(parameters.expiresAt)}. Meld tider eller fravær i Vern før det.`,
          'Etter fristen må du spørre de ansatte.',
        ],
        footer: [say.why('du er registrert som foresatt')],
        ...declining(facts, 'Jeg vil ikke ha slike påminnelser'),
      };
    },
    en(parameters, facts) {
      const say = english(facts);
      return {
        subject: 'Remember to enter times',
        heading: `When is ${say.child} coming?`,
        paragraphs: [
          `Times for ${say.child} are missing ${daysText(parameters, 'en')}.`,
          `The deadline is ${say.when(parameters.expiresAt)}. Enter times or an absence in Vern before then.`,
          'After the deadline you have to ask the staff.',
        ],
        footer: [say.why('you are registered as a guardian')],
        ...declining(facts, 'I do not want reminders like this'),
      };
    },
  },
  'holiday-answer-due': {
    nb(parameters, facts) {
      const say = norwegian(facts);
      return {
        subject: 'Husk å svare om feriedagene',
        heading: `Kommer ${say.child} i ferien?`,
        paragraphs: [
          `Vi vet ikke om ${say.child} kommer ${daysText(parameters, 'nb')}.`,
          `Fristen er ${say.when(parameters.expiresAt)}. Meld tider for de dagene ${say.child} kommer, og fravær for de andre.`,
        ],
        footer: [say.why('du er registrert som foresatt')],
        ...declining(facts, 'Jeg vil ikke ha slike påminnelser'),
      };
    },
    en(parameters, facts) {
      const say = english(facts);
      return {
        subject: 'Remember to answer about the holiday',
        heading: `Is ${say.child} coming in the holiday?`,
        paragraphs: [
          `We do not know whether ${say.child} is coming ${daysText(parameters, 'en')}.`,
          `The deadline is ${say.when(parameters.expiresAt)}. Enter times for the days when ${say.child} comes, and an absence for the others.`,
        ],
        footer: [say.why('you are registered as a guardian')],
        ...declining(facts, 'I do not want reminders like this'),
      };
    },
  },
};

/** `mandag 30. november`, or `mellom mandag 30. november og fredag 4. desember`. */
function daysText({ from, until }: { readonly from: string; readonly until: string }, language: Language): string {
  const [first, last] = [dayText(from, language), dayText(until, language)];
  if (from === until) return language === 'nb' ? first : `on ${first}`;
  return language === 'nb' ? `mellom ${first} og ${last}` : `between ${first} and ${last}`;
}

const dayText = (day: string, language: Language): string =>
  new Intl.DateTimeFormat(language === 'nb' ? 'nb-NO' : 'en-GB', {
    timeZone: 'UTC',
    weekday: 'long',
    day: 'numeric',
    month: 'long',
  }).format(new Date(day));
