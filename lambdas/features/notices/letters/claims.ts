import { operator } from '../../agreements/operator.ts';
import type { claimTemplates } from '../templates/claims.ts';
import { english, type Letters, norwegian } from './phrases.ts';

const notASubscription = {
  nb: 'Den gjelder noe du selv har bedt om, og er ikke noe du abonnerer på.',
  en: 'It concerns something that you asked for yourself, and is not something that you subscribe to.',
} as const;

/** Answers to people without an account, and the channel to the data-protection officer. */
export const claimLetters: Letters<keyof typeof claimTemplates> = {
  'claim-answer': {
    nb(parameters, facts) {
      const say = norwegian(facts);
      return {
        subject: 'Svar på henvendelsen din',
        heading: 'Svaret på henvendelsen din er klart',
        paragraphs: [
          'Svaret står ikke i e-posten, så ingen andre får se det. Du åpner det med lenken og en engangskode.',
        ],
        action: { label: 'Se svaret', url: facts.linkUrl(parameters.token) },
        afterwards: [
          say.until(parameters.expiresAt),
          `Har du ikke sendt noen henvendelse? Ikke åpne lenken, og si fra til personvernombudet: ${operator.dataProtectionOfficer}.`,
        ],
        footer: [say.why('du har bedt om noe som gjelder opplysninger om deg'), notASubscription.nb],
      };
    },
    en(parameters, facts) {
      const say = english(facts);
      return {
        subject: 'The answer to your request',
        heading: 'The answer to your request is ready',
        paragraphs: [
          'The answer is not in this e-mail, so nobody else can see it. You open it with the link and a one-time code.',
        ],
        action: { label: 'See the answer', url: facts.linkUrl(parameters.token) },
        afterwards: [
          say.until(parameters.expiresAt),
          `If you made no request, do not open the link, and tell the data-protection officer: ${operator.dataProtectionOfficer}.`,
        ],
        footer: [say.why('you asked for something about the information on you'), notASubscription.en],
      };
    },
  },
  'claim-certificate': {
    nb(parameters, facts) {
      const say = norwegian(facts);
      return {
        subject: 'Bekreftelsen du ventet på',
        heading: 'Slettingen er bekreftet',
        paragraphs: [
          'Nå kan heller ingen sikkerhetskopi gjenopprettes. En signert bekreftelse ligger klar. Du åpner den med lenken og en engangskode.',
          'Dette er den siste e-posten i saken. Adressen din blir slettet når saken er avsluttet.',
        ],
        action: { label: 'Hent bekreftelsen', url: facts.linkUrl(parameters.token) },
        afterwards: [say.until(parameters.expiresAt)],
        footer: [say.why('du har bedt om å bli slettet'), notASubscription.nb],
      };
    },
    en(parameters, facts) {
      const say = english(facts);
      return {
        subject: 'The certificate that you were waiting for',
        heading: 'The erasure is certified',
        paragraphs: [
          'By now no backup can be restored either. A signed certificate is ready. You open it with the link and a one-time code.',
          'This is the last e-mail about it. Your address is deleted once the matter is closed.',
        ],
        action: { label: 'Get the certificate', url: facts.linkUrl(parameters.token) },
        afterwards: [say.until(parameters.expiresAt)],
        footer: [say.why('you asked to be erased'), notASubscription.en],
      };
    },
  },
  'claim-code': {
    nb(parameters, facts) {
      const say = norwegian(facts);
      return {
        subject: 'Engangskoden din',
        heading: 'Engangskoden din',
        paragraphs: ['Skriv koden på siden der du ba om den. Gi den aldri til andre: vi spør deg ikke om den.'],
        values: [{ label: 'Kode', value: parameters.code }],
        afterwards: [
          `Koden virker til ${say.when(parameters.expiresAt)}.`,
          `Har du ikke bedt om noen kode? Da har noen lenken du fikk. Si fra til personvernombudet: ${operator.dataProtectionOfficer}.`,
        ],
        footer: [say.why('noen ba om en kode på siden med svaret ditt'), notASubscription.nb],
      };
    },
    en(parameters, facts) {
      const say = english(facts);
      return {
        subject: 'Your one-time code',
        heading: 'Your one-time code',
        paragraphs: [
          'Type the code on the page where you asked for it. Never give it to anyone: we do not ask for it.',
        ],
        values: [{ label: 'Code', value: parameters.code }],
        afterwards: [
          `The code works until ${say.when(parameters.expiresAt)}.`,
          `If you asked for no code, somebody has the link that you got. Tell the data-protection officer: ${operator.dataProtectionOfficer}.`,
        ],
        footer: [say.why('someone asked for a code on the page with your answer'), notASubscription.en],
      };
    },
  },
  'dpo-confirm': {
    nb(parameters, facts) {
      const say = norwegian(facts);
      return {
        subject: 'Bekreft meldingen din',
        heading: 'Er det du som har skrevet til personvernombudet?',
        paragraphs: ['Personvernombudet kan lese meldingen når du har bekreftet at den er fra deg.'],
        action: { label: 'Bekreft meldingen', url: facts.linkUrl(parameters.token) },
        afterwards: [
          say.until(parameters.expiresAt),
          'Var det ikke deg? Da trenger du ikke gjøre noe. Meldingen blir slettet uten at noen har lest den.',
        ],
        footer: [say.why('adressen er oppgitt i en melding til personvernombudet'), notASubscription.nb],
      };
    },
    en(parameters, facts) {
      const say = english(facts);
      return {
        subject: 'Confirm your message',
        heading: 'Did you write to the data-protection officer?',
        paragraphs: ['The data-protection officer can read the message once you have confirmed that it is yours.'],
        action: { label: 'Confirm the message', url: facts.linkUrl(parameters.token) },
        afterwards: [
          say.until(parameters.expiresAt),
          'Was it not you? Then there is nothing you need to do. The message is deleted, and nobody will have read it.',
        ],
        footer: [say.why('the address was given in a message to the data-protection officer'), notASubscription.en],
      };
    },
  },
  'dpo-answer': {
    nb(_parameters, facts) {
      const say = norwegian(facts);
      return {
        subject: 'Du har fått svar',
        heading: 'Personvernombudet har svart deg',
        paragraphs: ['Logg på Vern for å lese svaret. Bare du og personvernombudet kan se det.'],
        footer: [say.why('du har skrevet til personvernombudet'), notASubscription.nb],
      };
    },
    en(_parameters, facts) {
      const say = english(facts);
      return {
        subject: 'You have an answer',
        heading: 'The data-protection officer has answered you',
        paragraphs: ['Sign in to Vern to read the answer. Only you and the data-protection officer can see it.'],
        footer: [say.why('you wrote to the data-protection officer'), notASubscription.en],
      };
    },
  },
  'dpo-answer-link': {
    nb(parameters, facts) {
      const say = norwegian(facts);
      return {
        subject: 'Du har fått svar',
        heading: 'Personvernombudet har svart deg',
        paragraphs: ['Svaret står ikke i e-posten. Du leser det på en side som bare denne lenken åpner.'],
        action: { label: 'Les svaret', url: facts.linkUrl(parameters.token) },
        afterwards: [say.until(parameters.expiresAt)],
        footer: [say.why('du har skrevet til personvernombudet'), notASubscription.nb],
      };
    },
    en(parameters, facts) {
      const say = english(facts);
      return {
        subject: 'You have an answer',
        heading: 'The data-protection officer has answered you',
        paragraphs: ['The answer is not in this e-mail. You read it on a page that only this link opens.'],
        action: { label: 'Read the answer', url: facts.linkUrl(parameters.token) },
        afterwards: [say.until(parameters.expiresAt)],
        footer: [say.why('you wrote to the data-protection officer'), notASubscription.en],
      };
    },
  },
  'dpo-message': {
    nb(parameters, facts) {
      const say = norwegian(facts);
      return {
        subject: 'En melding venter',
        heading: 'En melding til personvernombudet venter',
        paragraphs: [`Den kom ${say.when(parameters.at)}. Logg på Vern for å lese den.`],
        footer: [say.why('du er personvernombud'), 'Den følger med oppgaven og kan derfor ikke slås av.'],
      };
    },
    en(parameters, facts) {
      const say = english(facts);
      return {
        subject: 'A message is waiting',
        heading: 'A message to the data-protection officer is waiting',
        paragraphs: [`It came on ${say.when(parameters.at)}. Sign in to Vern to read it.`],
        footer: [say.why('you are the data-protection officer'), 'It comes with the task, so it cannot be turned off.'],
      };
    },
  },
};
