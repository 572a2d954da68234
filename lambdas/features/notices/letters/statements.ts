import { dayAndTime } from '../instants.ts';
import type { statementTemplates } from '../templates/statements.ts';
import { english, type Letters, norwegian } from './phrases.ts';

/** Changes of the privacy statement, and consents that are asked for or taken back. What it is about stands in Vern alone. */
export const statementLetters: Letters<keyof typeof statementTemplates> = {
  'statement-changed': {
    nb({ token }, facts) {
      const say = norwegian(facts);
      const whose = say.organisation ? ` til ${say.organisation}` : '';
      return {
        subject: 'Personvernerklæringen er endret',
        heading: 'Personvernerklæringen er endret',
        paragraphs: [
          `Personvernerklæringen${whose} har fått en endring som betyr noe for deg.`,
          'Når du logger på Vern, vises den nye teksten til du har bekreftet at du har lest den. Å bekrefte er ikke å samtykke til noe.',
        ],
        action: { label: 'Se hva som er endret', url: facts.linkUrl(token) },
        footer: [
          say.why('du er registrert der'),
          'Du har krav på å få vite om slike endringer. Den kan derfor ikke slås av.',
        ],
      };
    },
    en({ token }, facts) {
      const say = english(facts);
      const whose = say.organisation ? ` of ${say.organisation}` : '';
      return {
        subject: 'The privacy statement has changed',
        heading: 'The privacy statement has changed',
        paragraphs: [
          `The privacy statement${whose} has changed in a way that matters to you.`,
          'When you sign in to Vern, the new text is shown until you confirm that you have read it. To confirm is not to consent to anything.',
        ],
        action: { label: 'See what has changed', url: facts.linkUrl(token) },
        footer: [
          say.why('you are registered there'),
          'You have a right to know about such changes, so it cannot be turned off.',
        ],
      };
    },
  },
  'consent-asked-anew': {
    nb({ because, answerBefore }, facts) {
      const say = norwegian(facts);
      return {
        subject: 'Et samtykke må gis på nytt',
        heading: 'Et samtykke må gis på nytt',
        paragraphs: [
          because === 'age'
            ? 'Et barn er blitt gammelt nok til å bestemme selv. Det foresatte har samtykket til, må barnet nå svare på.'
            : 'Noe du har samtykket til, er endret. Da gjelder ikke det gamle samtykket for det nye.',
          `Logg på Vern for å se hva det gjelder, og svar før ${dayOf(answerBefore, 'nb')}. Uten svar faller samtykket bort, og det som hviler på det, slettes.`,
          'Du velger selv. Det får ingen følger å si nei.',
        ],
        footer: [
          say.why('et samtykke gjelder deg eller et barn du har ansvar for'),
          'Den handler om rettighetene dine og kan derfor ikke slås av.',
        ],
      };
    },
    en({ because, answerBefore }, facts) {
      const say = english(facts);
      return {
        subject: 'A consent has to be given anew',
        heading: 'A consent has to be given anew',
        paragraphs: [
          because === 'age'
            ? 'A child is now old enough to decide. What guardians have consented to is for the child to answer from now on.'
            : 'Something that you consented to has changed. The old consent does not cover what is new.',
          `Sign in to Vern to see what it is about, and answer before ${dayOf(answerBefore, 'en')}. Without an answer the consent ends, and what rests on it is erased.`,
          'The choice is yours. Saying no has no consequences.',
        ],
        footer: [
          say.why('a consent concerns you or a child that you are responsible for'),
          'It is about your rights, so it cannot be turned off.',
        ],
      };
    },
  },
  'consent-withdrawn': {
    nb({ at }, facts) {
      const say = norwegian(facts);
      return {
        subject: 'Samtykket er trukket',
        heading: 'Samtykket er trukket',
        paragraphs: [
          `Du trakk et samtykke ${dayAndTime(at, say.timeZone, 'nb')}. Det virker fra samme øyeblikk, og det som hvilte på samtykket, slettes.`,
          'I Vern finner du en kvittering for hva du hadde samtykket til.',
          'Var det ikke deg? Logg på, se over samtykkene dine og bytt passord.',
        ],
        footer: [say.why('et samtykke ble trukket'), 'Den er en kvittering og kan derfor ikke slås av.'],
      };
    },
    en({ at }, facts) {
      const say = english(facts);
      return {
        subject: 'The consent has been withdrawn',
        heading: 'The consent has been withdrawn',
        paragraphs: [
          `You withdrew a consent on ${dayAndTime(at, say.timeZone, 'en')}. It took effect at that moment, and what rested on it is erased.`,
          'In Vern you find a receipt of what you had consented to.',
          'Was it not you? Sign in, look through your consents and change your password.',
        ],
        footer: [say.why('a consent was withdrawn'), 'It is a receipt, so it cannot be turned off.'],
      };
    },
  },
};

const dayOf = (day: string, language: 'nb' | 'en') =>
  new Intl.DateTimeFormat(language === 'nb' ? 'nb-NO' : 'en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(
    new Date(`${day}T00:00:00Z`),
  );
