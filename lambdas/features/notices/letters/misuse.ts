import type { misuseTemplates } from '../templates/misuse.ts';
import { english, type Letters, norwegian } from './phrases.ts';

const novelties = {
  nb: {
    browser: 'en nettleser du ikke har brukt de siste ukene',
    network: 'et nettverk du ikke har brukt de siste ukene',
    'browser-and-network': 'en nettleser og et nettverk du ikke har brukt de siste ukene',
  },
  en: {
    browser: 'a browser that you have not used in the last weeks',
    network: 'a network that you have not used in the last weeks',
    'browser-and-network': 'a browser and a network that you have not used in the last weeks',
  },
} as const;

/** Attempts to get into an account, and reports of what people write to each other. */
export const misuseLetters: Letters<keyof typeof misuseTemplates> = {
  'sign-in-new': {
    nb({ at, novelty, browser }, facts) {
      const say = norwegian(facts);
      return {
        subject: 'Ny pålogging på kontoen din',
        heading: 'Var det du som logget på?',
        paragraphs: [
          `Noen logget på kontoen din i Vern ${say.when(at)}, fra ${novelties.nb[novelty]}${named(browser, ' Nettleseren er ')}`,
          'Var det deg, trenger du ikke gjøre noe.',
        ],
        afterwards: [
          'Var det ikke deg? Bytt passord med en gang, og logg ut overalt. Under Pålogginger ser du de siste tre ukene.',
        ],
        footer: [say.why('noen logget på kontoen din'), say.aboutTheAccount],
      };
    },
    en({ at, novelty, browser }, facts) {
      const say = english(facts);
      return {
        subject: 'New sign-in to your account',
        heading: 'Was it you who signed in?',
        paragraphs: [
          `Somebody signed in to your account in Vern on ${say.when(at)}, from ${novelties.en[novelty]}${named(browser, ' The browser is ')}`,
          'If it was you, there is nothing you need to do.',
        ],
        afterwards: [
          'Was it not you? Change your password at once, and sign out everywhere. Under Sign-ins you see the last three weeks.',
        ],
        footer: [say.why('somebody signed in to your account'), say.aboutTheAccount],
      };
    },
  },
  'sign-ins-failed': {
    nb({ at }, facts) {
      const say = norwegian(facts);
      return {
        subject: 'Noen prøver å logge på kontoen din',
        heading: 'Flere mislykkede forsøk på å logge på',
        paragraphs: [
          `Noen har prøvd å logge på kontoen din i Vern med feil passord minst fem ganger på en time, sist ${say.when(at)}.`,
          'Kontoen er ikke stengt. Nye forsøk må vente litt, fra noen sekunder til et kvarter, og det går over av seg selv.',
        ],
        afterwards: [
          'Var det deg som hadde glemt passordet? Velg «Glemt passord» når du logger på.',
          'Var det ikke deg? Bytt passord hvis du bruker det andre steder også, og slå på totrinnsbekreftelse.',
        ],
        footer: [say.why('noen prøver å logge på kontoen din'), say.aboutTheAccount],
      };
    },
    en({ at }, facts) {
      const say = english(facts);
      return {
        subject: 'Somebody is trying to sign in to your account',
        heading: 'Several failed attempts to sign in',
        paragraphs: [
          `Somebody has tried to sign in to your account in Vern with a wrong password at least five times within an hour, last on ${say.when(at)}.`,
          'The account is not locked. New attempts have to wait a little, from some seconds to a quarter of an hour, and that passes by itself.',
        ],
        afterwards: [
          'Was it you who had forgotten the password? Choose “Forgotten password” when you sign in.',
          'Was it not you? Change your password if you use it elsewhere too, and turn on the second factor.',
        ],
        footer: [say.why('somebody is trying to sign in to your account'), say.aboutTheAccount],
      };
    },
  },
  'abuse-reported': {
    nb(_, facts) {
      const say = norwegian(facts);
      return {
        subject: 'En melding er rapportert',
        heading: 'Noen har rapportert en melding',
        paragraphs: [
          'Noen i virksomheten har rapportert en melding de mener er misbruk. Saken venter på deg i Vern.',
          'Av hensyn til dem det gjelder, står verken meldingen eller navn i denne e-posten.',
        ],
        footer: [
          say.why('du er administrator eller personvernansvarlig'),
          'Det er en oppgave som følger med rollen, og den kan ikke slås av.',
        ],
      };
    },
    en(_, facts) {
      const say = english(facts);
      return {
        subject: 'A message has been reported',
        heading: 'Somebody has reported a message',
        paragraphs: [
          'Somebody in the organisation has reported a message that they hold to be misuse. The case waits for you in Vern.',
          'For the sake of those concerned, neither the message nor any name is in this e-mail.',
        ],
        footer: [
          say.why('you are an administrator or a privacy officer'),
          'It is a task that comes with the role, and it cannot be turned off.',
        ],
      };
    },
  },
  'abuse-report-handled': {
    nb(_, facts) {
      const say = norwegian(facts);
      return {
        subject: 'Rapporten din er behandlet',
        heading: 'En melding du rapporterte, er vurdert',
        paragraphs: [
          'Noen med ansvar for slike saker har sett på meldingen du rapporterte, og avsluttet saken. Du finner svaret i Vern.',
        ],
        footer: [say.why('du rapporterte en melding'), 'Den gjelder noe du har bedt om, og kan ikke slås av.'],
      };
    },
    en(_, facts) {
      const say = english(facts);
      return {
        subject: 'Your report has been handled',
        heading: 'A message that you reported has been looked at',
        paragraphs: [
          'Somebody who handles such cases has looked at the message that you reported, and has closed the case. You find the answer in Vern.',
        ],
        footer: [
          say.why('you reported a message'),
          'It concerns something that you asked for, and cannot be turned off.',
        ],
      };
    },
  },
};

/** A browser that is not known by name is not named. */
const named = (browser: string, sentence: string): string => (browser === 'other' ? '.' : `.${sentence}${browser}.`);
