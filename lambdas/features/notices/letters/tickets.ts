import type { ticketTemplates } from '../templates/tickets.ts';
import { english, type Letters, norwegian } from './phrases.ts';

const asked = {
  nb: 'Den gjelder noe du selv har bedt om, og er ikke noe du abonnerer på.',
  en: 'It concerns something that you asked for yourself, and is not something that you subscribe to.',
} as const;
const atWork = {
  nb: 'Den følger med oppgaven din og kan derfor ikke slås av.',
  en: 'It comes with your task, so it cannot be turned off.',
} as const;

/** To whoever asked for help, and to those who help. */
export const ticketLetters: Letters<keyof typeof ticketTemplates> = {
  'ticket-answered': {
    nb({ number, token, expiresAt }, facts) {
      const say = norwegian(facts);
      return {
        subject: `Svar i sak ${number}`,
        heading: `Du har fått svar i sak ${number}`,
        paragraphs: [
          'Svaret står ikke i e-posten. Du leser det på en side som bare denne lenken åpner, og kan svare der.',
        ],
        action: { label: 'Les svaret', url: facts.linkUrl(token) },
        afterwards: [say.until(expiresAt), ...(facts.answersTo ? ['Du kan også svare på denne e-posten.'] : [])],
        footer: [say.why('du har bedt om hjelp'), asked.nb],
      };
    },
    en({ number, token, expiresAt }, facts) {
      const say = english(facts);
      return {
        subject: `Answer in ticket ${number}`,
        heading: `You have an answer in ticket ${number}`,
        paragraphs: [
          'The answer is not in this e-mail. You read it on a page that only this link opens, and can reply there.',
        ],
        action: { label: 'Read the answer', url: facts.linkUrl(token) },
        afterwards: [say.until(expiresAt), ...(facts.answersTo ? ['You can also reply to this e-mail.'] : [])],
        footer: [say.why('you asked for help'), asked.en],
      };
    },
  },
  'ticket-waiting': {
    nb({ number, at }, facts) {
      const say = norwegian(facts);
      return {
        subject: `Sak ${number} venter`,
        heading: `Sak ${number} venter på svar`,
        paragraphs: [`Noen skrev ${say.when(at)}. Logg på for å lese og svare.`],
        footer: [say.why('du arbeider med saker'), atWork.nb],
      };
    },
    en({ number, at }, facts) {
      const say = english(facts);
      return {
        subject: `Ticket ${number} waits`,
        heading: `Ticket ${number} waits for an answer`,
        paragraphs: [`Somebody wrote on ${say.when(at)}. Sign in to read and answer.`],
        footer: [say.why('you work on tickets'), atWork.en],
      };
    },
  },
  'correction-waiting': {
    nb({ at }, facts) {
      const say = norwegian(facts);
      return {
        subject: 'En rettelse venter',
        heading: 'Noen har foreslått en rettelse',
        paragraphs: [`Den kom ${say.when(at)}. Logg på for å se den og avgjøre.`],
        footer: [say.why('du arbeider med kunder'), atWork.nb],
      };
    },
    en({ at }, facts) {
      const say = english(facts);
      return {
        subject: 'A correction waits',
        heading: 'Somebody has proposed a correction',
        paragraphs: [`It came on ${say.when(at)}. Sign in to look at it and decide.`],
        footer: [say.why('you work with customers'), atWork.en],
      };
    },
  },
  'correction-answered': {
    nb({ at }, facts) {
      const say = norwegian(facts);
      return {
        subject: 'Rettelsen din er avgjort',
        heading: 'Rettelsen du foreslo, er avgjort',
        paragraphs: [`Den ble avgjort ${say.when(at)}. Logg på for å se hva som ble bestemt, og hvorfor.`],
        footer: [say.why('du har foreslått en rettelse'), asked.nb],
      };
    },
    en({ at }, facts) {
      const say = english(facts);
      return {
        subject: 'Your correction is decided',
        heading: 'The correction that you proposed is decided',
        paragraphs: [`It was decided on ${say.when(at)}. Sign in to see what was decided, and why.`],
        footer: [say.why('you proposed a correction'), asked.en],
      };
    },
  },
};
