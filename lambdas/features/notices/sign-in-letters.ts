import type { Language } from '../../http/call.ts';
import type { Letter } from './letter.ts';

/** What Cognito sends by itself, and through us only as a template: no password and no code passes our code. */
export type SignInLetter = 'temporary-password' | 'forgotten-password' | 'verify-email' | 'sign-in-code';

/** The temporary password lives as long as the pool says (7 days by default); a code for an hour. */
const CODE_LIVES = { nb: 'Koden virker i én time.', en: 'The code works for one hour.' } as const;

/** `placeholders` are Cognito's: it puts the real values in their place after we have answered. */
export function signInLetter(
  kind: SignInLetter,
  language: Language,
  placeholders: { readonly code: string; readonly userName: string },
): Letter {
  return { language, ...(language === 'nb' ? inNorwegian : inEnglish)(kind, placeholders) };
}

type Placeholders = Parameters<typeof signInLetter>[2];

function inNorwegian(kind: SignInLetter, { code, userName }: Placeholders): Omit<Letter, 'language'> {
  const footer = (reason: string) => [
    `Du får denne e-posten fra Vern fordi ${reason}.`,
    'Den gjelder sikkerheten til kontoen din og kan derfor ikke slås av.',
  ];
  switch (kind) {
    case 'temporary-password':
      return {
        subject: 'Kontoen din i Vern',
        heading: 'Velkommen til Vern',
        paragraphs: ['Logg på med brukernavnet og det midlertidige passordet. Deretter velger du ditt eget passord.'],
        values: [
          { label: 'Brukernavn:', value: userName },
          { label: 'Midlertidig passord:', value: code },
        ],
        afterwards: [
          'Har du ikke registrert deg? Da trenger du ikke gjøre noe. Kontoen blir ikke brukt uten passordet.',
        ],
        footer: footer('adressen er registrert med en invitasjon eller en kode'),
      };
    case 'forgotten-password':
      return {
        subject: 'Kode for nytt passord',
        heading: 'Velg nytt passord',
        paragraphs: ['Oppgi koden der du ba om nytt passord.'],
        values: [{ label: 'Kode:', value: code }],
        afterwards: [
          CODE_LIVES.nb,
          'Har du ikke bedt om nytt passord? Da trenger du ikke gjøre noe. Ikke gi koden til noen.',
        ],
        footer: footer('noen har bedt om nytt passord for kontoen'),
      };
    case 'verify-email':
      return {
        subject: 'Kode for e-postadressen din',
        heading: 'Bekreft e-postadressen',
        paragraphs: ['Oppgi koden der du endret e-postadressen.'],
        values: [{ label: 'Kode:', value: code }],
        afterwards: ['Var det ikke deg? Da trenger du ikke gjøre noe. Ikke gi koden til noen.'],
        footer: footer('adressen er oppgitt for en konto'),
      };
    case 'sign-in-code':
      return {
        subject: 'Kode for pålogging',
        heading: 'Kode for pålogging',
        paragraphs: ['Oppgi koden der du logger på.'],
        values: [{ label: 'Kode:', value: code }],
        afterwards: ['Var det ikke deg? Bytt passord med en gang. Ikke gi koden til noen.'],
        footer: footer('noen logger på kontoen'),
      };
  }
}

function inEnglish(kind: SignInLetter, { code, userName }: Placeholders): Omit<Letter, 'language'> {
  const footer = (reason: string) => [
    `You get this e-mail from Vern because ${reason}.`,
    'It concerns the security of your account, so it cannot be turned off.',
  ];
  switch (kind) {
    case 'temporary-password':
      return {
        subject: 'Your account in Vern',
        heading: 'Welcome to Vern',
        paragraphs: ['Sign in with the user name and the temporary password. You then choose a password of your own.'],
        values: [
          { label: 'User name:', value: userName },
          { label: 'Temporary password:', value: code },
        ],
        afterwards: [
          'Did you not register? Then there is nothing you need to do. The account is not used without the password.',
        ],
        footer: footer('the address was registered with an invitation or a code'),
      };
    case 'forgotten-password':
      return {
        subject: 'Code for a new password',
        heading: 'Choose a new password',
        paragraphs: ['Enter the code where you asked for a new password.'],
        values: [{ label: 'Code:', value: code }],
        afterwards: [
          CODE_LIVES.en,
          'Did you not ask for a new password? Then there is nothing you need to do. Give the code to nobody.',
        ],
        footer: footer('someone asked for a new password for the account'),
      };
    case 'verify-email':
      return {
        subject: 'Code for your e-mail address',
        heading: 'Confirm the e-mail address',
        paragraphs: ['Enter the code where you changed the e-mail address.'],
        values: [{ label: 'Code:', value: code }],
        afterwards: ['Was it not you? Then there is nothing you need to do. Give the code to nobody.'],
        footer: footer('the address was given for an account'),
      };
    case 'sign-in-code':
      return {
        subject: 'Code for signing in',
        heading: 'Code for signing in',
        paragraphs: ['Enter the code where you are signing in.'],
        values: [{ label: 'Code:', value: code }],
        afterwards: ['Was it not you? Change your password at once. Give the code to nobody.'],
        footer: footer('someone is signing in to the account'),
      };
  }
}
