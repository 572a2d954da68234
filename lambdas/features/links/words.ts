import type { Language } from '../../http/call.ts';
import { formAsking } from '../forms/link-words.ts';
import { texts } from '../notice-preferences/words.ts';
import { categories } from '../notices/notice.ts';
import type { Link } from './link.ts';
import type { PageWords } from './page.ts';

/** A purpose that a press of the button fulfils: what is asked, and what is said when it is done. */
export interface Asking {
  readonly ask: PageWords;
  readonly done: PageWords;
}

export const asking: Readonly<
  Record<
    'confirm-email' | 'reset-totp' | 'decline-notices' | 'confirm-dpo-message' | keyof typeof formAsking,
    Readonly<Record<Language, Asking>>
  >
> = {
  ...formAsking,
  'confirm-email': {
    nb: {
      ask: {
        title: 'Bekreft e-postadressen',
        paragraphs: ['Når du bekrefter, blir dette e-postadressen til kontoen din i Vern.'],
        button: 'Bekreft adressen',
      },
      done: {
        title: 'Adressen er bekreftet',
        paragraphs: ['Bruk den nye adressen neste gang du logger på. Du kan lukke siden.'],
      },
    },
    en: {
      ask: {
        title: 'Confirm the e-mail address',
        paragraphs: ['Once you confirm, this becomes the e-mail address of your account in Vern.'],
        button: 'Confirm the address',
      },
      done: {
        title: 'The address is confirmed',
        paragraphs: ['Use the new address the next time you sign in. You can close this page.'],
      },
    },
  },
  'reset-totp': {
    nb: {
      ask: {
        title: 'Nullstill totrinnsbekreftelsen',
        paragraphs: [
          'Autentiseringsappen du brukte før, slutter å virke for kontoen din. Deretter logger du på med passordet og setter opp en ny.',
          'Har du ikke bedt om dette? Lukk siden, og si fra til administratoren med en gang.',
        ],
        button: 'Nullstill',
      },
      done: {
        title: 'Totrinnsbekreftelsen er nullstilt',
        paragraphs: ['Logg på med passordet, og sett opp en autentiseringsapp på nytt. Du kan lukke siden.'],
      },
    },
    en: {
      ask: {
        title: 'Reset the second factor',
        paragraphs: [
          'The authenticator app that you used stops working for your account. After that, sign in with your password and set up a new one.',
          'Did you not ask for this? Close the page, and tell the administrator at once.',
        ],
        button: 'Reset',
      },
      done: {
        title: 'The second factor is reset',
        paragraphs: ['Sign in with your password and set up an authenticator app again. You can close this page.'],
      },
    },
  },
  'decline-notices': {
    nb: {
      ask: {
        title: 'Slå av disse e-postene?',
        paragraphs: ['Du får da ikke lenger e-post av dette slaget. E-post om et barns sikkerhet får du fortsatt.'],
        button: 'Slå av',
      },
      done: {
        title: 'E-postene er slått av',
        paragraphs: ['Du får ikke lenger e-post av dette slaget. Du kan lukke siden.'],
      },
    },
    en: {
      ask: {
        title: 'Turn off these e-mails?',
        paragraphs: ['You will no longer get e-mail of this kind. E-mail about a child’s safety still reaches you.'],
        button: 'Turn off',
      },
      done: {
        title: 'The e-mails are turned off',
        paragraphs: ['You will no longer get e-mail of this kind. You can close this page.'],
      },
    },
  },
  'confirm-dpo-message': {
    nb: {
      ask: {
        title: 'Send meldingen til personvernombudet?',
        paragraphs: [
          'Når du bekrefter, kan personvernombudet lese det du har skrevet. Virksomheten du bruker Vern hos, kan ikke lese det.',
          'Svaret kommer til e-postadressen din. Har du ikke skrevet noe? Lukk siden. Da blir meldingen slettet.',
        ],
        button: 'Send meldingen',
      },
      done: {
        title: 'Meldingen er sendt',
        paragraphs: ['Du får e-post når personvernombudet har svart. Du kan lukke siden.'],
      },
    },
    en: {
      ask: {
        title: 'Send the message to the data-protection officer?',
        paragraphs: [
          'Once you confirm, the data-protection officer can read what you wrote. The organisation where you use Vern cannot.',
          'The answer comes to your e-mail address. If you wrote nothing, close the page: the message is then deleted.',
        ],
        button: 'Send the message',
      },
      done: {
        title: 'The message has been sent',
        paragraphs: ['You get an e-mail when the data-protection officer has answered. You can close this page.'],
      },
    },
  },
};

/** The words for a link, with the kind of e-mail that it turns off: one decides about what one can see. */
export function wordsFor(
  { purpose, about }: Pick<Link, 'about'> & { readonly purpose: keyof typeof asking },
  language: Language,
): Asking {
  const words = asking[purpose][language];
  if (purpose !== 'decline-notices') return words;
  const category = categories.find((known) => known === about);
  const kind = category ? texts[language].categories[category] : gathered[language];
  const named = (page: PageWords): PageWords => ({ ...page, paragraphs: [`${kind}.`, ...page.paragraphs] });
  return { ask: named(words.ask), done: named(words.done) };
}

const gathered: Readonly<Record<Language, string>> = {
  nb: 'Alt du har valgt å få samlet',
  en: 'Everything that you chose to get gathered',
};

/** An invitation is accepted with an account, so its page tells how; it does nothing itself. */
export const invitation: Readonly<Record<Language, (code: string) => PageWords>> = {
  nb: (code) => ({
    title: 'Du er invitert til Vern',
    paragraphs: ['For å takke ja trenger du en konto. Invitasjonskoden virker én gang.'],
    code: { label: 'Invitasjonskoden din:', value: code },
    steps: [
      'Åpne appen du bruker Vern i.',
      'Har du konto fra før? Logg på, velg «Takk ja til invitasjon», og oppgi koden.',
      'Er du ny? Velg «Registrer deg», og oppgi koden og e-postadressen din. Da får du et midlertidig passord på e-post.',
    ],
  }),
  en: (code) => ({
    title: 'You are invited to Vern',
    paragraphs: ['To accept, you need an account. The invitation code works once.'],
    code: { label: 'Your invitation code:', value: code },
    steps: [
      'Open the app in which you use Vern.',
      'Do you have an account? Sign in, choose “Accept an invitation”, and enter the code.',
      'Are you new? Choose “Register”, and enter the code and your e-mail address. You then get a temporary password by e-mail.',
    ],
  }),
};

export const refused: Readonly<Record<Language, PageWords>> = {
  nb: {
    title: 'Det gikk ikke',
    paragraphs: ['Noe har endret seg siden lenken ble sendt, og ingenting er gjort. Be om en ny der du fikk den.'],
  },
  en: {
    title: 'That did not work',
    paragraphs: [
      'Something has changed since the link was sent, and nothing was done. Ask for a new one where you found it.',
    ],
  },
};
