import type { erasureTemplates } from '../templates/erasure.ts';
import { english, type Letters, norwegian } from './phrases.ts';

/** Word of an erasure that no request asked for: the last mail there is. */
export const erasureLetters: Letters<keyof typeof erasureTemplates> = {
  'erasure-done': {
    nb({ what, at }, facts) {
      const say = norwegian(facts);
      const where = say.organisation ? `hos ${say.organisation}` : 'der du var registrert';
      return {
        subject: what === 'account' ? 'Kontoen din er slettet' : 'Opplysningene om deg er slettet',
        heading: what === 'account' ? 'Kontoen din er slettet' : 'Opplysningene om deg er slettet',
        paragraphs: [
          what === 'account'
            ? `Kontoen din i Vern ble slettet ${say.when(at)}. Du kan ikke logge på med den lenger.`
            : `Alt som var registrert om deg ${where}, ble slettet ${say.when(at)}, bortsett fra det loven krever at vi beholder.`,
          'Det er kontrollert at ingenting er igjen. Ingen kan hente det tilbake.',
          'Dette er den siste e-posten om dette. Adressen din blir slettet nå.',
        ],
        footer: [
          say.why(what === 'account' ? 'kontoen din er avsluttet' : 'opplysningene om deg er slettet'),
          'Den sendes én gang og er ikke noe du abonnerer på.',
        ],
      };
    },
    en({ what, at }, facts) {
      const say = english(facts);
      const where = say.organisation ? `at ${say.organisation}` : 'where you were registered';
      return {
        subject: what === 'account' ? 'Your account is deleted' : 'The information about you is deleted',
        heading: what === 'account' ? 'Your account is deleted' : 'The information about you is deleted',
        paragraphs: [
          what === 'account'
            ? `Your account in Vern was deleted on ${say.when(at)}. You can no longer sign in with it.`
            : `Everything that was registered about you ${where} was deleted on ${say.when(at)}, except what the law says that we must keep.`,
          'We have checked that nothing is left. Nobody can bring it back.',
          'This is the last e-mail about it. Your address is deleted now.',
        ],
        footer: [
          say.why(what === 'account' ? 'your account has ended' : 'the information about you was deleted'),
          'It is sent once and is not something that you subscribe to.',
        ],
      };
    },
  },
};
