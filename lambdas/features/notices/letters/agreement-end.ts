import type { agreementEndTemplates } from '../templates/agreement-end.ts';
import { english, type Letters, norwegian } from './phrases.ts';

/** The end of an agreement: what the organisation has to choose, and what then becomes of its data (ALL-09). */
export const agreementEndLetters: Letters<keyof typeof agreementEndTemplates> = {
  'agreement-ends': {
    nb({ endsOn, deletedOn, agreementErasedOn }, facts) {
      const say = norwegian(facts);
      return {
        subject: 'Avtalen om Vern tar slutt: velg hva som skal skje med opplysningene',
        heading: 'Hva skal skje med opplysningene?',
        paragraphs: [
          `${say.organisation ? `Avtalen for ${say.organisation}` : 'Avtalen om Vern'} gjelder til og med ${dayOf(endsOn, 'nb')}. Etter det kan ingenting endres.`,
          'Dere velger om alle opplysningene skal leveres tilbake eller slettes. Logg på Vern som administrator for å velge, og for å hente alt som en fil.',
          `Velger dere ikke, slettes alt ${dayOf(deletedOn, 'nb')}. Det gjelder også etter at dere har hentet opplysningene. Det som slettes, kan ingen hente tilbake.`,
          `Opplysningene i selve avtalen slettes ${dayOf(agreementErasedOn, 'nb')}, bortsett fra fakturaer, som loven krever at vi beholder.`,
        ],
        footer: [say.why('du er administrator eller personvernansvarlig der'), nbNecessary],
      };
    },
    en({ endsOn, deletedOn, agreementErasedOn }, facts) {
      const say = english(facts);
      return {
        subject: 'The agreement about Vern ends: choose what becomes of the data',
        heading: 'What should become of the data?',
        paragraphs: [
          `${say.organisation ? `The agreement of ${say.organisation}` : 'The agreement about Vern'} lasts to the end of ${dayOf(endsOn, 'en')}. After that, nothing can be changed.`,
          'You choose whether all data is returned or deleted. Sign in to Vern as an administrator to choose, and to fetch everything as a file.',
          `If you do not choose, everything is deleted on ${dayOf(deletedOn, 'en')}. That holds after you have fetched the data, too. Nobody can bring back what is deleted.`,
          `The data in the agreement itself is deleted on ${dayOf(agreementErasedOn, 'en')}, except invoices, which the law says that we must keep.`,
        ],
        footer: [say.why('you are an administrator or privacy officer there'), enNecessary],
      };
    },
  },
  'agreement-choice-reminder': {
    nb({ endsOn, deletedOn }, facts) {
      const say = norwegian(facts);
      return {
        subject: `Påminnelse: alt slettes ${dayOf(deletedOn, 'nb')}`,
        heading: 'Dere har ikke valgt ennå',
        paragraphs: [
          `Avtalen tok slutt ${dayOf(endsOn, 'nb')}. Dere har ikke valgt om opplysningene skal leveres tilbake eller slettes.`,
          `Alt slettes ${dayOf(deletedOn, 'nb')}. Vil dere ha opplysningene, må en administrator logge på og hente dem før det.`,
        ],
        footer: [say.why('du er administrator eller personvernansvarlig der'), nbNecessary],
      };
    },
    en({ endsOn, deletedOn }, facts) {
      const say = english(facts);
      return {
        subject: `Reminder: everything is deleted on ${dayOf(deletedOn, 'en')}`,
        heading: 'You have not chosen yet',
        paragraphs: [
          `The agreement ended on ${dayOf(endsOn, 'en')}. You have not chosen whether the data is to be returned or deleted.`,
          `Everything is deleted on ${dayOf(deletedOn, 'en')}. If you want the data, an administrator must sign in and fetch it before that.`,
        ],
        footer: [say.why('you are an administrator or privacy officer there'), enNecessary],
      };
    },
  },
  'agreement-deletion': {
    nb({ deletedOn }, facts) {
      const say = norwegian(facts);
      return {
        subject: `Alt slettes ${dayOf(deletedOn, 'nb')}`,
        heading: 'Opplysningene slettes nå',
        paragraphs: [
          `${say.organisation ? `Alt som ${say.organisation} har i Vern` : 'Alt dere har i Vern'}, slettes ${dayOf(deletedOn, 'nb')}. Det kan ikke hentes tilbake etterpå.`,
          'Er det feil, må en administrator logge på og endre valget i dag.',
        ],
        footer: [say.why('du er administrator eller personvernansvarlig der'), nbNecessary],
      };
    },
    en({ deletedOn }, facts) {
      const say = english(facts);
      return {
        subject: `Everything is deleted on ${dayOf(deletedOn, 'en')}`,
        heading: 'The data is about to be deleted',
        paragraphs: [
          `${say.organisation ? `Everything that ${say.organisation} has in Vern` : 'Everything that you have in Vern'} is deleted on ${dayOf(deletedOn, 'en')}. It cannot be brought back afterwards.`,
          'If that is a mistake, an administrator must sign in and change the choice today.',
        ],
        footer: [say.why('you are an administrator or privacy officer there'), enNecessary],
      };
    },
  },
  'organisation-export-ready': {
    nb({ expiresAt }, facts) {
      const say = norwegian(facts);
      return {
        subject: 'Kopien dere bestilte, er klar',
        heading: 'Kopien er klar',
        paragraphs: [
          'Kopien du bestilte av alt virksomheten har i Vern, er klar. Logg på for å hente den.',
          `Den kan hentes til ${say.when(expiresAt)}. Da slettes den.`,
          'Var det ikke du som bestilte den? Si fra til de andre administratorene med en gang.',
        ],
        footer: [say.why('du bestilte en kopi'), 'Den sendes én gang og er ikke noe du abonnerer på.'],
      };
    },
    en({ expiresAt }, facts) {
      const say = english(facts);
      return {
        subject: 'The copy that you ordered is ready',
        heading: 'The copy is ready',
        paragraphs: [
          'The copy that you ordered of everything the organisation has in Vern is ready. Sign in to fetch it.',
          `It can be fetched until ${say.when(expiresAt)}. Then it is deleted.`,
          'Was it not you who ordered it? Tell the other administrators at once.',
        ],
        footer: [say.why('you ordered a copy'), 'It is sent once and is not something that you subscribe to.'],
      };
    },
  },
  'agreement-data-gone': {
    nb({ at }, facts) {
      const say = norwegian(facts);
      return {
        subject: 'Alt er slettet',
        heading: 'Alt er slettet',
        paragraphs: [
          `Alt virksomheten din hadde i Vern, er slettet. Det ble kontrollert ${say.when(at)} at ingenting er igjen, bortsett fra det loven krever at vi beholder.`,
          'Dette er den siste e-posten om dette. Adressen din slettes innen en måned.',
        ],
        footer: [
          say.why('avtalen med virksomheten din er slutt'),
          'Den sendes én gang og er ikke noe du abonnerer på.',
        ],
      };
    },
    en({ at }, facts) {
      const say = english(facts);
      return {
        subject: 'Everything is deleted',
        heading: 'Everything is deleted',
        paragraphs: [
          `Everything that your organisation had in Vern is deleted. On ${say.when(at)} we had checked that nothing is left, except what the law says that we must keep.`,
          'This is the last e-mail about it. Your address is deleted within a month.',
        ],
        footer: [
          say.why('the agreement with your organisation has ended'),
          'It is sent once and is not something that you subscribe to.',
        ],
      };
    },
  },
};

const nbNecessary = 'Den gjelder avtalen og kan derfor ikke slås av.';
const enNecessary = 'It is about the agreement, so it cannot be turned off.';

const dayOf = (day: string, language: 'nb' | 'en') =>
  new Intl.DateTimeFormat(language === 'nb' ? 'nb-NO' : 'en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(
    new Date(`${day}T00:00:00Z`),
  );
